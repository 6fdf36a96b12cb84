//! A customer's detail: the profile beside, or above, the timeline.

mod profile;
mod timeline;

use ratatui::layout::Rect;

use super::border::{BoxSet, Frame, frame};
use super::canvas::Canvas;
use super::facts;
use super::look::Look;
use super::rect;
use super::text::Align;
use crate::app::detail::Loaded;
use crate::app::layout::DetailLayout;
use crate::app::{App, Area, CustomerDetail};
use crate::i18n::words::{detail, panes};

/// Draws the detail over the whole body.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, open: &CustomerDetail, body: Area) {
    let parts = DetailLayout::of(body, look.plain);
    let (profile, timeline) = (rect(parts.profile), rect(parts.timeline));
    // beside the timeline the profile has a box of its own, above it only lines
    let beside = profile.y == timeline.y;
    let area = if beside {
        let title = look.say(detail::PROFILE);
        inset(frame(canvas, look, profile, Frame { title, focused: open.in_profile, ..Frame::default() }))
    } else {
        if open.in_profile {
            has_the_keys(canvas, look, profile);
        }
        inset(profile)
    };
    if let Some(view) = &open.record.view {
        if beside || open.in_profile || look.plain {
            facts::draw(canvas, look, area, &profile::facts(look, view), &open.profile);
        } else {
            profile::lines(canvas, look, area, view);
        }
    } else {
        waiting(canvas, look, area, &open.record);
    }
    timeline::draw(canvas, look, app, open, timeline);
}

/// Marks lines without a box as the part that takes the keys.
fn has_the_keys(canvas: &mut Canvas, look: &Look, area: Rect) {
    let side = BoxSet::of(look.mode).side();
    for y in area.y..area.bottom() {
        let mark = if y == area.y { ">" } else { side };
        canvas.put(area.x, y, area.width.min(1), mark, look.styles.border_focused);
    }
}

/// One cell in from both sides.
fn inset(area: Rect) -> Rect {
    Rect { x: area.x + area.width.min(1), width: area.width.saturating_sub(2), ..area }
}

/// Says why there is no record: it is on its way, it is gone, or it could not be had.
pub fn waiting<V>(canvas: &mut Canvas, look: &Look, area: Rect, record: &Loaded<V>) {
    let (text, style) = match (&record.error, record.missing) {
        (Some(error), _) => (error.as_str(), look.styles.bad),
        (None, true) => (look.say(detail::NOT_FOUND), look.styles.warn),
        (None, false) => (look.say(panes::LOADING), look.styles.dim),
    };
    if area.height > 0 {
        canvas.field(area.x, area.y, area.width, text, Align::Left, style);
    }
}
