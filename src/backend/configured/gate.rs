//! How many requests are under way, and how fast they follow each other.

use std::time::Duration;

use tokio::sync::{Mutex, Semaphore, SemaphorePermit};
use tokio::time::{Instant, sleep_until};

use crate::backend::file::Pace;

/// Where requests wait for their turn.
#[derive(Debug)]
pub struct Gate {
    at_once: Semaphore,
    between: Duration,
    next: Mutex<Option<Instant>>,
}

impl Gate {
    pub fn new(pace: Pace) -> Self {
        let between =
            pace.per_minute.map_or(Duration::ZERO, |number| Duration::from_secs(60) / number.max(1));
        Self { at_once: Semaphore::new(pace.at_once), between, next: Mutex::new(None) }
    }

    /// Waits for a turn; it lasts until what is given is dropped.
    pub async fn turn(&self) -> Option<SemaphorePermit<'_>> {
        let permit = self.at_once.acquire().await.ok(); // it is never closed
        if !self.between.is_zero() {
            let mut next = self.next.lock().await;
            let now = Instant::now();
            let mine = next.unwrap_or(now).max(now);
            *next = Some(mine + self.between);
            drop(next);
            sleep_until(mine).await;
        }
        permit
    }
}
