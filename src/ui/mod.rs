//! The screen: draws the state of the console, and decides nothing.
//!
//! Reads [`crate::app::App`] and writes cells of a ratatui buffer through [`canvas::Canvas`],
//! never past it. It knows no clock, no disk and no network: what time it is, the state knows.
//! Where things stand is [`crate::app::Layout`]'s to say, so that mouse and lists agree with
//! what is drawn. One file for each pane, detail or widget.

pub mod bar;
pub mod border;
pub mod canvas;
mod confirm;
mod customer;
mod facts;
mod first_run;
mod follow_up;
mod footer;
mod form;
mod group;
mod header;
mod heat;
mod help;
mod line_input;
mod lines_input;
pub mod look;
mod message;
mod mistakes;
mod outbox;
mod panes;
mod picker;
mod preview;
mod search;
pub mod spark;
mod steps;
pub mod styles;
pub mod table;
mod tabs;
pub mod text;
mod triage;
mod unsent;
mod which_key;

#[cfg(test)]
mod tests;

pub use outbox::areas as outbox_boxes;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
pub use steps::areas as steps_boxes;
pub use triage::areas as triage_boxes;

use crate::app::{App, Area, Detail, Overlay, Pane, Room};
use crate::config::Theme;
use crate::i18n::words::panes::TOO_SMALL;

use canvas::Canvas;
use look::Look;
use styles::Styles;

/// What drawing needs to know besides the state.
#[derive(Clone, Debug)]
pub struct Cx {
    styles: Styles,
}

impl Cx {
    /// Draws in the colours of a theme that is fitted to the terminal, see [`Theme::at`].
    pub fn new(theme: &Theme) -> Self {
        Self { styles: Styles::of(theme) }
    }
}

/// Draws a frame, and puts the hardware cursor at the caret where there is one.
pub fn render(app: &App, cx: &Cx, frame: &mut Frame) {
    let caret = draw(app, cx, frame.buffer_mut());
    if let Some(caret) = caret.filter(|caret| frame.area().contains(*caret)) {
        frame.set_cursor_position(caret);
    }
}

/// Draws into a buffer and says where the caret stands, if a line is open to type into.
pub fn draw(app: &App, cx: &Cx, buffer: &mut Buffer) -> Option<Position> {
    let look = Look::new(app, &cx.styles);
    let whole = buffer.area;
    let mut canvas = Canvas::new(buffer, look.mode);
    canvas.clear(whole, look.styles.text);
    if Room::of(app.size.0, app.size.1) == Room::None {
        too_small(&mut canvas, &look, whole);
        return None;
    }
    let layout = app.layout();
    if let Some(Overlay::FirstRun(run)) = &app.overlay {
        footer::draw(&mut canvas, &look, app, rect(layout.footer));
        let body = rect(layout.body);
        return first_run::draw(&mut canvas, &look, run, Rect { y: 0, height: body.bottom(), ..body });
    }
    canvas.ground(look.styles.header);
    header::draw(&mut canvas, &look, app, rect(layout.header));
    canvas.ground(look.styles.text);
    match app.details.last() {
        Some(Detail::Customer(detail)) => customer::draw(&mut canvas, &look, app, detail, layout.body),
        Some(Detail::Group(detail)) => group::draw(&mut canvas, &look, detail, layout.body),
        Some(Detail::FollowUp(detail)) => follow_up::draw(&mut canvas, &look, detail, layout.body),
        Some(Detail::Outbox(detail)) => outbox::draw(&mut canvas, &look, detail, rect(layout.body)),
        Some(Detail::Triage(detail)) => triage::draw(&mut canvas, &look, app, detail, layout.body),
        Some(Detail::Steps(page)) => steps::draw(&mut canvas, &look, app, page, rect(layout.body)),
        None => {
            if layout.tabs.h > 0 {
                tabs::draw(&mut canvas, &look, app, rect(layout.tabs));
            }
            for pane in Pane::ALL {
                panes::draw(&mut canvas, &look, app, pane, rect(layout.pane(pane)));
            }
            preview::draw(&mut canvas, &look, app, rect(layout.preview));
        }
    }
    let (message, foot) = (rect(layout.message), rect(layout.footer));
    message::draw(&mut canvas, &look, app, message);
    footer::draw(&mut canvas, &look, app, foot);
    let caret = match &app.overlay {
        Some(Overlay::Search(search)) => search::draw(&mut canvas, &look, search, message, foot),
        Some(Overlay::Line(line)) => search::draw_command(&mut canvas, &look, line, message, foot),
        Some(Overlay::Picker(open)) => picker::draw(&mut canvas, &look, open, rect(layout.body)),
        Some(Overlay::Help(open)) => help::draw(&mut canvas, &look, app, open, rect(layout.body)),
        Some(Overlay::Form(open)) => form::draw(&mut canvas, &look, open, rect(layout.body)),
        Some(Overlay::Confirm(open)) => confirm::draw(&mut canvas, &look, open, rect(layout.body)),
        Some(Overlay::FirstRun(_)) | None => None,
    };
    message::draw_long(&mut canvas, &look, app, message, rect(layout.body));
    if let Some(ways) = &app.which_key {
        which_key::draw(&mut canvas, &look, app, ways, rect(layout.body));
    }
    caret
}

fn area(rect: Rect) -> Area {
    Area { x: rect.x, y: rect.y, w: rect.width, h: rect.height }
}

fn rect(area: Area) -> Rect {
    Rect { x: area.x, y: area.y, width: area.w, height: area.h }
}

/// What stands on a screen that has no room for anything else.
fn too_small(canvas: &mut Canvas, look: &Look, area: Rect) {
    let line = look.fill(TOO_SMALL, &[("width", &40), ("height", &10)]);
    let lines = text::wrap(&line, usize::from(area.width), look.mode);
    let skip = area.height.saturating_sub(u16::try_from(lines.len()).unwrap_or(u16::MAX)) / 2;
    for (y, line) in (area.y + skip..area.bottom()).zip(&lines) {
        canvas.put(area.x, y, area.width, line, look.styles.text);
    }
}
