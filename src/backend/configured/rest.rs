//! When a backend wants no request for a while, as one of its answers said.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// So long is waited for; what takes longer is told, and asked again later.
const SHORT: Duration = Duration::from_secs(5);

/// Until when nothing is asked: of all, and of single endpoints by their paths.
#[derive(Debug, Default)]
pub struct Rest(Mutex<Option<Instant>>, Mutex<HashMap<String, Instant>>);

impl Rest {
    /// Waits where it is short.
    ///
    /// # Errors
    /// How long it still takes, where that is long.
    pub async fn over(&self) -> Result<(), Duration> {
        let until = *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let left = until.map_or(Duration::ZERO, |until| until.saturating_duration_since(Instant::now()));
        if left > SHORT {
            return Err(left);
        }
        if !left.is_zero() {
            sleep(left).await;
        }
        Ok(())
    }

    /// Shuts one endpoint for so long, and leaves the others open.
    pub fn shut(&self, path: &str, length: Duration) {
        let mut shut = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        shut.insert(path.to_owned(), Instant::now() + length);
    }

    /// How long an endpoint is shut still.
    pub fn shut_for(&self, path: &str) -> Option<Duration> {
        let mut shut = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        let left = shut.get(path)?.saturating_duration_since(Instant::now());
        if left.is_zero() {
            shut.remove(path);
        }
        Some(left).filter(|left| !left.is_zero())
    }

    /// Begins a rest, unless a longer one has begun.
    pub fn begin(&self, length: Duration) {
        let mut until = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = Instant::now() + length;
        *until = Some(until.map_or(new, |until| until.max(new)));
    }
}
