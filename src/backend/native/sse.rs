//! Server-sent events, from bytes to events.
//!
//! Follows the HTML standard's "event stream interpretation": chunks may end anywhere, lines end
//! in LF, CR or CRLF, `data` lines add up, comments are ignored. Knows no network; the bytes
//! come from `feed`. A line or an event over its cap ends the stream.

use std::time::Duration;

/// One event of a stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SseEvent {
    /// The last `id` that the stream gave.
    pub id: Option<String>,
    /// Its `event` name; `message` by default.
    pub name: String,
    /// Its `data` lines, joined by line feeds.
    pub data: String,
}

/// A line or an event is larger than the cap, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event of the stream is larger than {0} bytes")]
pub struct TooLarge(pub usize);

/// Takes bytes, gives events.
#[derive(Debug)]
pub struct SseParser {
    cap: usize,
    line: Vec<u8>,
    after_cr: bool,
    first_line: bool,
    id: Option<String>,
    name: String,
    data: String,
    has_data: bool,
    retry: Option<Duration>,
}

impl SseParser {
    /// A parser for one connection; no line and no event may be larger than `cap` bytes.
    pub fn new(cap: usize) -> Self {
        Self {
            cap,
            line: Vec::new(),
            after_cr: false,
            first_line: true,
            id: None,
            name: String::new(),
            data: String::new(),
            has_data: false,
            retry: None,
        }
    }

    /// How long the server asked to wait before connecting again.
    pub fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// Takes the next bytes and appends the events that they complete.
    ///
    /// # Errors
    /// [`TooLarge`]; the parser is of no use afterwards.
    pub fn feed(&mut self, mut bytes: &[u8], events: &mut Vec<SseEvent>) -> Result<(), TooLarge> {
        while let Some(&first) = bytes.first() {
            if self.after_cr {
                self.after_cr = false;
                if first == b'\n' {
                    bytes = &bytes[1..];
                    continue;
                }
            }
            let end = bytes.iter().position(|&byte| byte == b'\n' || byte == b'\r');
            let part = &bytes[..end.unwrap_or(bytes.len())];
            if self.line.len() + part.len() > self.cap {
                return Err(TooLarge(self.cap));
            }
            self.line.extend_from_slice(part);
            let Some(end) = end else { return Ok(()) };
            self.after_cr = bytes[end] == b'\r';
            bytes = &bytes[end + 1..];
            let line = std::mem::take(&mut self.line);
            self.take_line(&line, events)?;
        }
        Ok(())
    }

    fn take_line(&mut self, line: &[u8], events: &mut Vec<SseEvent>) -> Result<(), TooLarge> {
        let marked = std::mem::take(&mut self.first_line);
        let line = if marked { line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line) } else { line };
        if line.is_empty() {
            self.dispatch(events);
            return Ok(());
        }
        let line = String::from_utf8_lossy(line);
        let (field, value) = line.split_once(':').unwrap_or((&line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if self.data.len() + value.len() >= self.cap {
                    return Err(TooLarge(self.cap));
                }
                if self.has_data {
                    self.data.push('\n');
                }
                self.data.push_str(value);
                self.has_data = true;
            }
            "event" => value.clone_into(&mut self.name),
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            "retry" if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) => {
                self.retry = value.parse().ok().map(Duration::from_millis);
            }
            _ => {} // comments have an empty field name; unknown fields are ignored
        }
        Ok(())
    }

    fn dispatch(&mut self, events: &mut Vec<SseEvent>) {
        let name = std::mem::take(&mut self.name);
        let data = std::mem::take(&mut self.data);
        if std::mem::take(&mut self.has_data) {
            let name = if name.is_empty() { "message".to_owned() } else { name };
            events.push(SseEvent { id: self.id.clone(), name, data });
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(chunks: &[&[u8]]) -> Vec<SseEvent> {
        let mut parser = SseParser::new(10_000);
        let mut events = Vec::new();
        for chunk in chunks {
            parser.feed(chunk, &mut events).unwrap();
        }
        events
    }

    fn event(id: Option<&str>, name: &str, data: &str) -> SseEvent {
        SseEvent { id: id.map(str::to_owned), name: name.to_owned(), data: data.to_owned() }
    }

    #[test]
    fn fields_comments_and_line_ends() {
        let text = "\u{feff}: hello\r\nid: 7\r\nevent: change\r\ndata: 张\r\ndata:三\r\n\r\nretry: 1500\rdata\r\rdata: cut off";
        assert_eq!(
            read(&[text.as_bytes()]),
            [event(Some("7"), "change", "张\n三"), event(Some("7"), "message", "")]
        );
    }

    #[test]
    fn an_event_without_data_is_none_and_keeps_its_id() {
        assert_eq!(read(&[b"id: 3\nevent: x\n\ndata: y\n\n"]), [event(Some("3"), "message", "y")]);
    }

    #[test]
    fn retry_is_taken_when_it_is_a_number() {
        let mut parser = SseParser::new(100);
        parser.feed(b"retry: 12\nretry: soon\n", &mut Vec::new()).unwrap();
        assert_eq!(parser.retry(), Some(Duration::from_millis(12)));
    }

    #[test]
    fn caps_hold_for_a_line_and_for_an_event() {
        let mut parser = SseParser::new(10);
        assert_eq!(parser.feed(&[b'x'; 11], &mut Vec::new()), Err(TooLarge(10)));
        let mut parser = SseParser::new(10);
        let lines = b"data: ab\n".repeat(5);
        assert_eq!(parser.feed(&lines, &mut Vec::new()), Err(TooLarge(10)));
    }

    proptest! {
        #[test]
        fn chunk_ends_make_no_difference(
            lines in proptest::collection::vec("(data: [a张😀]{0,4}|id: [0-9]|: c|event: e|)", 0..12),
            ends in proptest::collection::vec(0_u8..3, 12),
            cuts in proptest::collection::vec(1_usize..7, 0..60),
        ) {
            let mut text = String::new();
            for (line, end) in lines.iter().zip(ends) {
                text.push_str(line);
                text.push_str(["\n", "\r", "\r\n"][usize::from(end)]);
            }
            let mut rest = text.as_bytes();
            let mut chunks = Vec::new();
            for cut in cuts {
                let (chunk, after) = rest.split_at(cut.min(rest.len()));
                chunks.push(chunk);
                rest = after;
            }
            chunks.push(rest);
            prop_assert_eq!(read(&chunks), read(&[text.as_bytes()]));
        }

        #[test]
        fn nothing_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            let _ = SseParser::new(50).feed(&bytes, &mut Vec::new());
        }
    }
}
