//! What a filter may use up before it is stopped: steps of loops, time, and the size of what grows.
//!
//! Loops of jq are recursive definitions of its library, `range`, `reduce` and `foreach`. Each round
//! of them passes by here ([`Budget::step`]); a filter cannot define a loop of its own, since a
//! definition that calls itself is refused when it is read.

use std::cell::Cell;
use std::time::{Duration, Instant};

use jaq_json::Val;

/// Rounds of all loops of one run, at most.
const MOST_STEPS: u64 = if cfg!(test) { 50_000 } else { 2_000_000 };
/// How long one run may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// After how many rounds the clock is asked.
const LOOK: u64 = 4096;
/// Bytes of one text, and values of one list, while a filter makes them.
pub(super) const LONGEST_TEXT: usize = 16 << 20;
const LONGEST_LIST: usize = 1_000_000;
/// Values that one run may give, those within values included.
pub(super) const MOST_VALUES: usize = 1_000_000;

/// What is left for one run.
#[derive(Debug)]
pub(super) struct Budget {
    steps: Cell<u64>,
    since: Instant,
}

impl Budget {
    pub fn new() -> Self {
        Self { steps: Cell::new(0), since: Instant::now() }
    }

    /// One round of a loop, with what it has made so far.
    pub fn step(&self, value: &Val) -> Result<(), String> {
        let steps = self.steps.get() + 1;
        self.steps.set(steps);
        if steps > MOST_STEPS {
            return Err(format!("stopped after {MOST_STEPS} rounds of its loops: it may not end"));
        }
        if steps.is_multiple_of(LOOK) && self.since.elapsed() > PATIENCE {
            return Err(format!("stopped after {} s: it may not end", PATIENCE.as_secs()));
        }
        let (size, most) = match value {
            Val::TStr(text) | Val::BStr(text) => (text.len(), LONGEST_TEXT),
            Val::Arr(list) => (list.len(), LONGEST_LIST),
            _ => return Ok(()),
        };
        if size > most { Err(format!("stopped: a value grew beyond {most}")) } else { Ok(()) }
    }
}
