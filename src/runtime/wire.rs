//! The way to the terminal: as few bytes as can be, a whole frame in one write.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, CrosstermBackend, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

/// Begin of a frame that the terminal shows at once (synchronised update).
const BEGIN: &[u8] = b"\x1b[?2026h";
/// End of such a frame.
const END: &[u8] = b"\x1b[?2026l";

/// A backend that gathers a frame, leaves out what changes nothing, and writes it in one go.
///
/// It never asks the terminal anything: what the cursor does is remembered here, since a question
/// would race with the reader of keys (ratatui #2640).
#[derive(Debug)]
pub struct Wire<W: Write> {
    frame: CrosstermBackend<Vec<u8>>,
    out: W,
    size: fn() -> io::Result<Size>,
    cursor: Option<Position>,
    known: bool,
}

impl<W: Write> Wire<W> {
    /// A wire to `out`, whose size in cells `size` tells.
    pub fn new(out: W, size: fn() -> io::Result<Size>) -> Self {
        Self {
            frame: CrosstermBackend::new(Vec::with_capacity(16 * 1024)),
            out,
            size,
            cursor: None,
            known: false,
        }
    }

    /// Sends bytes as they are, between two frames.
    pub fn raw(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.out.write_all(bytes)?;
        self.out.flush()
    }

    /// The terminal may be in any state: nothing is known of its cursor.
    pub fn forget(&mut self) {
        self.known = false;
    }
}

impl<W: Write> Backend for Wire<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut content = content.peekable();
        if content.peek().is_none() {
            return Ok(());
        }
        self.frame.draw(content)?;
        // Drawing leaves the cursor behind the last cell.
        if self.cursor.is_some() {
            self.known = false;
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.known && self.cursor.is_none() {
            return Ok(());
        }
        self.cursor = None;
        self.known = true;
        self.frame.hide_cursor()
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        // Shown together with its place, in `set_cursor_position`.
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.cursor.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if self.known && self.cursor == Some(position) {
            return Ok(());
        }
        self.frame.set_cursor_position(position)?;
        if self.cursor.is_none() || !self.known {
            self.frame.show_cursor()?;
        }
        self.cursor = Some(position);
        self.known = true;
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.frame.clear()
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        self.frame.clear_region(region)
    }

    fn size(&self) -> io::Result<Size> {
        (self.size)()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: (self.size)()?, pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        let bytes = self.frame.writer_mut();
        if bytes.is_empty() {
            return Ok(());
        }
        let mut whole = Vec::with_capacity(bytes.len() + BEGIN.len() + END.len());
        whole.extend_from_slice(BEGIN);
        whole.append(bytes);
        whole.extend_from_slice(END);
        self.out.write_all(&whole)?;
        self.out.flush()
    }
}
