//! How much is taken from a backend, and how long it may last.

use std::time::Duration;

/// How much and how long, at most.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// To connect, TLS included.
    pub connect: Duration,
    /// For one request, from the first byte sent to the last one read.
    pub request: Duration,
    /// Silence on a stream of events before it is taken for dead.
    pub idle: Duration,
    /// Bytes of one body, after decompression.
    pub body: usize,
    /// Bytes of one event of a stream.
    pub event: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            request: Duration::from_secs(60),
            idle: Duration::from_secs(120),
            body: 32 << 20,
            event: 4 << 20,
        }
    }
}
