//! A line that says how far a file is written, on a terminal.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::i18n::Lang;
use crate::i18n::words::commands;

/// Between two drawings.
const EVERY: Duration = Duration::from_millis(100);

/// How far one is. It is gone from the terminal when it is dropped.
pub(super) struct Bar {
    of: u64,
    done: u64,
    lang: Lang,
    shown: bool,
    drawn: Option<Instant>,
}

impl Bar {
    /// A bar of so many rows, where standard error is a terminal.
    pub(super) fn of(of: u64, lang: Lang) -> Self {
        Self { of, done: 0, lang, shown: io::stderr().is_terminal(), drawn: None }
    }

    /// No bar.
    pub(super) fn none() -> Self {
        Self { of: 0, done: 0, lang: Lang::En, shown: false, drawn: None }
    }

    /// One row more.
    pub(super) fn step(&mut self) {
        self.done += 1;
        if self.shown && self.drawn.is_none_or(|drawn| drawn.elapsed() >= EVERY) {
            self.drawn = Some(Instant::now());
            let line = commands::EXPORTED.with("done", self.done.to_string()).with("of", self.of.to_string());
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
