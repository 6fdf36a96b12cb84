//! A line that says how far something long is, on a terminal.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::i18n::{Lang, Word};

/// Between two drawings.
const EVERY: Duration = Duration::from_millis(100);

/// How far one is. It is gone from the terminal when it is dropped.
pub(super) struct Bar {
    /// What it says, of `{done}` and `{of}`.
    word: Option<Word>,
    of: u64,
    done: u64,
    lang: Lang,
    shown: bool,
    drawn: Option<Instant>,
}

impl Bar {
    /// A bar of so many, where standard error is a terminal.
    pub(super) fn of(of: u64, word: Word, lang: Lang) -> Self {
        Self { word: Some(word), of, done: 0, lang, shown: io::stderr().is_terminal(), drawn: None }
    }

    /// No bar.
    pub(super) fn none() -> Self {
        Self { word: None, of: 0, done: 0, lang: Lang::En, shown: false, drawn: None }
    }

    /// One more.
    pub(super) fn step(&mut self) {
        self.reach(self.done + 1);
    }

    /// So many are done.
    pub(super) fn reach(&mut self, done: u64) {
        self.done = done;
        let Some(word) = self.word.filter(|_| self.shown) else { return };
        if self.drawn.is_none_or(|drawn| drawn.elapsed() >= EVERY) {
            self.drawn = Some(Instant::now());
            let line = word.with("done", self.done.to_string()).with("of", self.of.to_string());
            let _ = write!(io::stderr(), "\r\x1b[K{}", line.in_lang(self.lang)); // a bar that is not seen harms nobody
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if self.drawn.is_some() {
            let _ = write!(io::stderr(), "\r\x1b[K"); // as above
        }
    }
}
