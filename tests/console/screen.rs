//! What a terminal would show, as text.

use std::fmt;

use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Position;
use ratatui::style::Style;

/// A screen: its rows without blanks at their ends, a wide character once.
#[derive(Clone, PartialEq)]
pub struct Screen {
    pub rows: Vec<String>,
    /// Where each row's characters begin, the characters, and how they look.
    cells: Vec<Vec<(u16, String, Style)>>,
    pub caret: Option<Position>,
}

impl Screen {
    pub fn of(buffer: &Buffer, caret: Option<Position>) -> Self {
        let area = buffer.area;
        let cells: Vec<Vec<_>> = (area.top()..area.bottom())
            .map(|y| {
                let (mut row, mut x) = (Vec::new(), area.left());
                while x < area.right() {
                    let cell = &buffer[(x, y)];
                    row.push((x, cell.symbol().to_owned(), cell.style()));
                    x += cell.cell_width().max(1);
                }
                row
            })
            .collect();
        let text = |row: &Vec<(u16, String, Style)>| {
            let text: String = row.iter().map(|(_, symbol, _)| symbol.as_str()).collect();
            text.trim_end().to_owned()
        };
        Self { rows: cells.iter().map(text).collect(), cells, caret }
    }

    pub fn has(&self, text: &str) -> bool {
        self.rows.iter().any(|row| row.contains(text))
    }

    /// The first row with this in it.
    pub fn row(&self, text: &str) -> &str {
        self.rows.iter().find(|row| row.contains(text)).unwrap_or_else(|| panic!("no {text:?} in\n{self}"))
    }

    /// What stands at a place; nothing where a wide character covers it.
    pub fn at(&self, x: u16, y: u16) -> &str {
        let row = &self.cells[usize::from(y)];
        row.iter().find(|(at, ..)| *at == x).map_or("", |(_, symbol, _)| symbol)
    }
}

impl Screen {
    /// The characters of each row, with the columns where they begin.
    pub fn cells(&self) -> impl Iterator<Item = Vec<(u16, &str)>> {
        self.cells.iter().map(|row| row.iter().map(|(x, symbol, _)| (*x, symbol.as_str())).collect())
    }
}

impl fmt::Display for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.rows.iter().try_for_each(|row| writeln!(f, "{row}"))
    }
}

impl fmt::Debug for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}
