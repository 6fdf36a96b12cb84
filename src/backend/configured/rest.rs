//! When a backend wants no request for a while, as one of its answers said.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep};

/// So long is waited for; what takes longer is told, and asked again later.
const SHORT: Duration = Duration::from_secs(5);

/// Until when nothing is asked.
#[derive(Debug, Default)]
pub struct Rest(Mutex<Option<Instant>>);

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

    /// Begins a rest, unless a longer one has begun.
    pub fn begin(&self, length: Duration) {
        let mut until = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let new = Instant::now() + length;
        *until = Some(until.map_or(new, |until| until.max(new)));
    }
}
