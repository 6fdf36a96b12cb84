//! What a command says to whoever sits there: the one way to standard error.
//!
//! Messages quote what others wrote: answers of a backend, lines of a file, names of paths. They
//! pass [`safe_lines`] before they reach a terminal. Data on standard output is not touched here.

use std::fmt::Display;
use std::io::{self, Write};

use crate::ui::text::{WidthMode, safe_lines};

/// Says `siyu: message` on standard error.
pub(super) fn say(message: impl Display) {
    say_as_it_is(format_args!("siyu: {message}"));
}

/// Says lines that need no name before them.
pub(super) fn say_as_it_is(lines: impl Display) {
    let _ = writeln!(io::stderr(), "{}", shown(lines)); // nobody is left to tell
}

/// A message as a terminal may get it, its lines kept.
pub(super) fn shown(message: impl Display) -> String {
    safe_lines(message.to_string().trim_end(), WidthMode::Narrow)
}

/// A question as a terminal may get it, with the blank that it ends in.
pub(super) fn shown_line(question: impl Display) -> String {
    safe_lines(&question.to_string(), WidthMode::Narrow)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_stay_and_nothing_else_acts_on_the_terminal() {
        let told = shown("c.toml:1:1: \u{1b}]0;x\u{7}\r\n  hint: \u{202e}gnp\u{9b}2J\rx\n");
        assert_eq!(told, "c.toml:1:1: ^[]0;x^G\n  hint: gnp?2J x");
    }
}
