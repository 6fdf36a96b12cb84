//! How wide the terminal draws a character of ambiguous width.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};

use crate::app::{Event, Width};
use crate::keymap::{Code, Key};

/// So long an answer is waited for. A terminal that is farther away is taken to be narrow.
const PATIENCE: Duration = Duration::from_millis(80);

/// Draws a box-drawing character in the corner, asks where the cursor is, and takes the character
/// away again. To be called before the first frame, which waits for nothing.
///
/// # Errors
/// Where the terminal cannot be written to.
pub fn ask_width(out: &mut impl Write) -> io::Result<()> {
    out.write_all("\x1b[1;1H─\x1b[6n\x1b[2K".as_bytes())?;
    out.flush()
}

/// Waits for the answer to [`ask_width`]: the width, `None` where no answer came in time, and what
/// was typed meanwhile. To be called after the first frame and before the thread that reads keys
/// is started.
///
/// # Errors
/// Where the terminal cannot be read from.
pub fn answered_width() -> io::Result<(Option<Width>, Vec<Event>)> {
    let mut read = Vec::new();
    let deadline = Instant::now() + PATIENCE;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok((None, typed(&read)));
        }
        let stdin = rustix::stdio::stdin();
        let mut watched = [PollFd::new(&stdin, PollFlags::IN)];
        let wait = Timespec { tv_sec: 0, tv_nsec: i64::from(left.subsec_nanos()) };
        match poll(&mut watched, Some(&wait)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => continue,
            Ok(_) => {}
            Err(error) => return Err(error.into()),
        }
        let mut bytes = [0; 256];
        match rustix::io::read(stdin, &mut bytes)? {
            0 => return Ok((None, typed(&read))),
            n => read.extend_from_slice(&bytes[..n]),
        }
        if let Some((column, rest)) = answer(&read) {
            let width = match column {
                2 => Width::Narrow,
                3 => Width::Wide,
                _ => Width::Ascii,
            };
            return Ok((Some(width), typed(&rest)));
        }
    }
}

/// The column of a cursor report (`ESC [ row ; column R`) in what was read, and the rest.
fn answer(read: &[u8]) -> Option<(u16, Vec<u8>)> {
    let start = read.windows(2).position(|pair| pair == b"\x1b[")?;
    let end = start + read[start..].iter().position(|byte| *byte == b'R')?;
    let report = std::str::from_utf8(&read[start + 2..end]).ok()?;
    let (_, column) = report.split_once(';')?;
    let rest = [&read[..start], &read[end + 1..]].concat();
    Some((column.parse().ok()?, rest))
}

/// What was typed before the answer came: characters and the keys that are one byte. Nobody has
/// seen a screen yet, so more than that is not expected.
fn typed(read: &[u8]) -> Vec<Event> {
    let mut events = Vec::new();
    for c in String::from_utf8_lossy(read).chars() {
        let key = match c {
            '\r' => Key::plain(Code::Enter),
            '\t' => Key::plain(Code::Tab),
            '\u{7f}' => Key::plain(Code::Backspace),
            '\u{1b}' => break,
            c if c.is_ascii_control() => Key::new(Code::Char(char::from(c as u8 | 0x60)), true, false, false),
            c => Key::char(c),
        };
        events.push(Event::Key(key));
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_is_found_among_what_was_typed() {
        let (column, rest) = answer(b"jj\x1b[1;3Rk").unwrap();
        assert_eq!((column, rest.as_slice()), (3, b"jjk".as_slice()));
        assert_eq!(answer(b"\x1b[1;"), None);
        assert_eq!(answer(b"jk"), None);
        assert_eq!(typed("j张\x10".as_bytes()).len(), 3);
    }
}
