//! The way to the terminal: as few bytes as can be, a whole frame in one write.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};

use super::pen::Pen;

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
    frame: Vec<u8>,
    out: W,
    size: fn() -> io::Result<Size>,
    cursor: Option<Position>,
    known: bool,
}

impl<W: Write> Wire<W> {
    /// A wire to `out`, whose size in cells `size` tells.
    pub fn new(out: W, size: fn() -> io::Result<Size>) -> Self {
        Self { frame: Vec::with_capacity(16 * 1024), out, size, cursor: None, known: false }
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
        let mut pen = Pen::default();
        for (x, y, cell) in content {
            pen.cell(&mut self.frame, x, y, cell);
        }
        pen.lift(&mut self.frame);
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
        self.frame.extend_from_slice(b"\x1b[?25l");
        Ok(())
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
        write!(self.frame, "\x1b[{};{}H", u32::from(position.y) + 1, u32::from(position.x) + 1)?;
        if self.cursor.is_none() || !self.known {
            self.frame.extend_from_slice(b"\x1b[?25h");
        }
        self.cursor = Some(position);
        self.known = true;
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        let code = match region {
            ClearType::All => "2J",
            ClearType::AfterCursor => "J",
            ClearType::BeforeCursor => "1J",
            ClearType::CurrentLine => "2K",
            ClearType::UntilNewLine => "K",
        };
        write!(self.frame, "\x1b[{code}")?;
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        (self.size)()
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize { columns_rows: (self.size)()?, pixels: Size::default() })
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.frame.is_empty() {
            return Ok(());
        }
        let mut whole = Vec::with_capacity(self.frame.len() + BEGIN.len() + END.len());
        whole.extend_from_slice(BEGIN);
        whole.append(&mut self.frame);
        whole.extend_from_slice(END);
        self.out.write_all(&whole)?;
        self.out.flush()
    }
}
