//! Ctrl-C and SIGTERM as a wish to stop between two records, rather than at once.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::SigId;
use signal_hook::consts::{SIGINT, SIGTERM};

/// As long as it lives, Ctrl-C and SIGTERM end nothing: whoever holds it looks whether one came.
pub(super) struct Stop {
    /// Set by either.
    pub flag: Arc<AtomicBool>,
    ids: Vec<SigId>,
    /// From then on SIGTERM does as ever; Ctrl-C is looked after by whoever sends.
    over: Arc<AtomicBool>,
}

impl Stop {
    /// From now on. Where the system does not take it, they end the program as ever.
    pub(super) fn new() -> Self {
        let flag = Arc::new(AtomicBool::new(false));
        let register = |signal| signal_hook::flag::register(signal, Arc::clone(&flag)).ok();
        let ids = [SIGINT, SIGTERM].into_iter().filter_map(register).collect();
        let over = Arc::new(AtomicBool::new(false));
        // Err: then it is as it was.
        let _ = signal_hook::flag::register_conditional_default(SIGTERM, Arc::clone(&over));
        Self { flag, ids, over }
    }

    /// Whether one came.
    pub(super) fn came(&self) -> bool {
        self.flag.load(Ordering::Relaxed)
    }
}

impl Drop for Stop {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        for id in self.ids.drain(..) {
            signal_hook::low_level::unregister(id);
        }
    }
}
