//! Where things stand on the screen: pure arithmetic on the terminal's size.
//!
//! Both the drawing and the mouse go by this, and the lists learn their height from it. Only how far
//! a text can be scrolled is known from what was drawn last (`Scroll`): its lines come of wrapping.

use super::panes::Pane;

/// A rectangle of cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Area {
    /// Column of its left edge.
    pub x: u16,
    /// Row of its top edge.
    pub y: u16,
    /// Columns.
    pub w: u16,
    /// Rows.
    pub h: u16,
}

impl Area {
    /// Whether the cell lies in it.
    pub fn contains(self, x: u16, y: u16) -> bool {
        x >= self.x && x - self.x < self.w && y >= self.y && y - self.y < self.h
    }

    /// Cuts so many rows off the top: the cut and the rest.
    pub fn top(self, rows: u16) -> (Self, Self) {
        let rows = rows.min(self.h);
        (Self { h: rows, ..self }, Self { y: self.y + rows, h: self.h - rows, ..self })
    }

    /// Cuts so many rows off the bottom: the rest and the cut.
    pub fn bottom(self, rows: u16) -> (Self, Self) {
        self.top(self.h - rows.min(self.h))
    }

    /// Cuts so many columns off the left: the cut and the rest.
    pub fn left(self, columns: u16) -> (Self, Self) {
        let columns = columns.min(self.w);
        (Self { w: columns, ..self }, Self { x: self.x + columns, w: self.w - columns, ..self })
    }

    /// Inside of a border one cell wide.
    pub fn inner(self) -> Self {
        Self {
            x: self.x + self.w.min(1),
            y: self.y + self.h.min(1),
            w: self.w.saturating_sub(2),
            h: self.h.saturating_sub(2),
        }
    }
}

/// How much room there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// All four panes at once: 110 columns and 20 rows, or more.
    Wide,
    /// One pane, a preview below it, tabs above: 80 columns or more.
    Narrow,
    /// One pane.
    Small,
    /// Nothing but a notice: less than 40x10.
    None,
}

impl Room {
    /// The room that a terminal of this size has.
    pub fn of(width: u16, height: u16) -> Self {
        match (width, height) {
            (..40, _) | (_, ..10) => Self::None,
            (110.., 20..) => Self::Wide,
            (80.., 18..) => Self::Narrow,
            _ => Self::Small,
        }
    }
}

/// How the operator has drawn the borders, in percent of the room there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Splits {
    /// Width of the customers pane, 30 to 80.
    pub left: u16,
    /// Height of the upper panes, 30 to 85.
    pub upper: u16,
    /// Height of tags within the upper right, 20 to 80.
    pub tags: u16,
}

impl Default for Splits {
    fn default() -> Self {
        Self { left: 60, upper: 68, tags: 42 }
    }
}

/// The parts of the main screen. A part that is not shown has no cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// One line.
    pub header: Area,
    /// One line of tabs where only one pane is shown.
    pub tabs: Area,
    /// The panes, in the order of [`Pane::ALL`], borders included.
    pub panes: [Area; 4],
    /// What the row under the cursor holds, borders included.
    pub preview: Area,
    /// One line: message, search, command line, progress.
    pub message: Area,
    /// One line of keys.
    pub footer: Area,
    /// All between header and message: where a detail or help stands.
    pub body: Area,
}

impl Layout {
    /// The layout of a terminal of this size, with `focus` the pane one works in.
    pub fn of(width: u16, height: u16, focus: Pane, zoomed: bool, plain: bool, splits: Splits) -> Self {
        let whole = Area { x: 0, y: 0, w: width, h: height };
        let room = Room::of(width, height);
        if room == Room::None {
            return Self { body: whole, ..Self::default() };
        }
        let (header, rest) = whole.top(1);
        let (rest, footer) = rest.bottom(1);
        let (body, message) = rest.bottom(1);
        let mut layout = Self { header, message, footer, body, ..Self::default() };
        let pane = |pane: Pane| pane as usize;
        if zoomed {
            layout.panes[pane(focus)] = body;
        } else if room == Room::Wide && !plain {
            let (upper, lower) = body.top(part(body.h, splits.upper.clamp(30, 85)));
            let (left, right) = upper.left(part(upper.w, splits.left.clamp(30, 80)));
            let (tags, groups) = right.top(part(right.h, splits.tags.clamp(20, 80)));
            layout.panes = [left, tags, groups, lower];
        } else if room == Room::Small || plain {
            let (tabs, rest) = body.top(1);
            layout.tabs = tabs;
            layout.panes[pane(focus)] = rest;
        } else {
            let (tabs, rest) = body.top(1);
            let (list, preview) = rest.top(part(rest.h, 64));
            layout.tabs = tabs;
            layout.panes[pane(focus)] = list;
            layout.preview = preview;
        }
        layout
    }

    /// The area of a pane.
    pub fn pane(&self, pane: Pane) -> Area {
        self.panes[pane as usize]
    }
}

fn part(of: u16, percent: u16) -> u16 {
    u16::try_from(u32::from(of) * u32::from(percent) / 100).unwrap_or(of)
}

/// The parts of a detail. A part that is not shown has no cells.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DetailLayout {
    /// A customer's profile: a column at the left where there is room, else a few lines on top;
    /// in the plain mode the upper half.
    pub profile: Area,
    /// A customer's timeline, borders included.
    pub timeline: Area,
    /// A group's days: figures and sparklines.
    pub trend: Area,
    /// A group's hours by weekday.
    pub heat: Area,
    /// A group's activities; shares its place with the members where there is no room.
    pub side: Area,
    /// A group's members or leavers, headings and borders included.
    pub members: Area,
}

impl DetailLayout {
    /// The parts within the body of the screen.
    pub fn of(body: Area, plain: bool) -> Self {
        let wide = body.w >= 110 && !plain;
        let (profile, timeline) = if wide {
            body.left((body.w / 3).min(48))
        } else {
            body.top(if plain { body.h / 2 } else { 4.min(body.h / 3) })
        };
        let tall = body.h >= 30 && wide;
        let (upper, members) = if tall {
            body.top(body.h * 3 / 5)
        } else if body.h >= 20 {
            body.top(body.h / 2)
        } else {
            body.top(0)
        };
        // Trend beside the activities with the heat table below where there is room for both,
        // else one of them at a time in the upper part.
        let (trend, heat, side) = if tall {
            let (first, second) = upper.bottom(10);
            let (trend, side) = first.left(first.w / 2);
            (trend, second, side)
        } else {
            (upper, upper, Area::default())
        };
        Self { profile, timeline, trend, heat, side, members }
    }
}

/// Lines that a record of a pane takes: in the plain mode, where nothing stands in columns, its labels and
/// values are wrapped.
pub fn record_lines(area: Area, plain: bool) -> u16 {
    match (plain, area.w) {
        (false, _) => 1,
        (true, 80..) => 2,
        (true, _) => 3,
    }
}

/// Records that a pane has room for.
pub fn records(area: Area, plain: bool) -> usize {
    list_rows(area, plain) / usize::from(record_lines(area, plain))
}

/// Rows for records in a bordered list with a line of headings; the plain mode has a title alone.
pub fn list_rows(area: Area, plain: bool) -> usize {
    usize::from(area.h.saturating_sub(if plain { 1 } else { 3 }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_size_breaks_it_and_no_parts_overlap() {
        for (w, h) in [(1, 1), (0, 0), (20, 5), (60, 20), (80, 24), (120, 40), (200, 60), (110, 20), (40, 10)]
        {
            for focus in Pane::ALL {
                for zoomed in [false, true] {
                    let layout = Layout::of(w, h, focus, zoomed, false, Splits::default());
                    let parts = [layout.header, layout.tabs, layout.preview, layout.message, layout.footer];
                    for y in 0..h {
                        for x in 0..w {
                            let here = parts.iter().chain(&layout.panes).filter(|a| a.contains(x, y)).count();
                            assert!(here <= 1, "{w}x{h}: {here} parts at {x},{y}");
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn wide_shows_all_four_and_narrow_one() {
        let shown = |w, h| {
            let layout = Layout::of(w, h, Pane::Tags, false, false, Splits::default());
            layout.panes.iter().filter(|area| area.h > 0).count()
        };
        assert_eq!((shown(120, 40), shown(80, 24), shown(60, 20), shown(20, 5)), (4, 1, 1, 0));
    }
}
