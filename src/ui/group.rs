//! A group's detail: the days, the hours, the activities, who is in and who left.

mod activities;
mod members;
mod trend;

use ratatui::layout::Rect;

use super::border::{Frame, frame};
use super::canvas::Canvas;
use super::customer::waiting;
use super::look::Look;
use super::text::Align;
use super::{heat, rect};
use crate::app::layout::DetailLayout;
use crate::app::{Area, GroupDetail, GroupPart};
use crate::i18n::words::detail;
use crate::query::ask::GroupView;

/// Draws the detail over the whole body. Parts that find no room of their own stand, while they
/// take the keys, where another part would.
pub fn draw(canvas: &mut Canvas, look: &Look, open: &GroupDetail, body: Area) {
    let parts = DetailLayout::of(body, look.plain);
    let (upper, heat, side, lower) =
        (rect(parts.trend), rect(parts.heat), rect(parts.side), rect(parts.members));
    let Some(view) = open.record.view.as_deref() else {
        let inner = frame(canvas, look, rect(body), Frame { focused: true, ..Frame::default() });
        waiting(canvas, look, inner, &open.record);
        return;
    };
    let part = |canvas: &mut Canvas, part: GroupPart, area: Rect| {
        if area.height == 0 {
            return;
        }
        match part {
            GroupPart::Trend => trend::draw(canvas, look, view, area, open.part == part),
            GroupPart::Heat => heat_part(canvas, look, view, area, open.part == part),
            GroupPart::Activities => activities::draw(canvas, look, view, open, area),
            GroupPart::Members | GroupPart::Leavers => members::draw(canvas, look, open, area, part),
        }
    };
    let apart = heat != upper;
    let in_lower = match open.part {
        GroupPart::Leavers => GroupPart::Leavers,
        GroupPart::Activities if side.height == 0 => GroupPart::Activities,
        GroupPart::Trend | GroupPart::Heat if upper.height == 0 => open.part,
        _ => GroupPart::Members,
    };
    if apart {
        part(canvas, GroupPart::Trend, upper);
        part(canvas, GroupPart::Heat, heat);
        part(canvas, GroupPart::Activities, side);
    } else {
        part(canvas, if open.part == GroupPart::Heat { GroupPart::Heat } else { GroupPart::Trend }, upper);
    }
    part(canvas, in_lower, lower);
}

fn heat_part(canvas: &mut Canvas, look: &Look, view: &GroupView, area: Rect, focused: bool) {
    let (title, figures) = (look.say(detail::HEAT), look.say(detail::HEAT_RANGE));
    let inner = frame(canvas, look, area, Frame { title, figures, focused, ..Frame::default() });
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    match &view.heat {
        Some(hours) => heat::draw(canvas, look, inner, hours),
        None if inner.height > 0 => {
            canvas.field(
                inner.x,
                inner.y,
                inner.width,
                look.say(detail::NO_HEAT),
                Align::Left,
                look.styles.dim,
            );
        }
        None => {}
    }
}
