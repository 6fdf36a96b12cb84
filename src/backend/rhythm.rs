//! How often a backend is asked that tells no changes by itself.

use std::time::Duration;

/// How often to pull.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// Between pulls of what has changed, of kinds where the backend can tell.
    pub changed: Duration,
    /// Between pulls of everything: only these learn of what is gone.
    pub whole: Duration,
}

impl Default for Rhythm {
    fn default() -> Self {
        Self { changed: Duration::from_secs(60), whole: Duration::from_secs(900) }
    }
}
