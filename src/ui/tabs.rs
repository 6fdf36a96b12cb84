//! The line of tabs, where only one pane is shown.

use ratatui::layout::Rect;

use super::canvas::Canvas;
use super::look::Look;
use super::text::width;
use crate::app::{App, Pane};
use crate::i18n::words::panes;

/// Draws the tabs; each has a quarter of the line, as the mouse counts it.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, area: Rect) {
    let quarter = (area.width / 4).max(1);
    for (index, pane) in Pane::ALL.into_iter().enumerate() {
        let nth = u16::try_from(index).unwrap_or(0);
        let room = quarter.min(area.right().saturating_sub(quarter * nth)).saturating_sub(1);
        let named = |word| format!("{} {}", nth + 1, look.say(word));
        let count = match pane {
            Pane::FollowUps if app.follow_ups.loaded => format!(" ({})", look.figure(app.follow_ups.total())),
            _ => String::new(),
        };
        // how many it has says more than the whole of its name
        let (whole, short) = (named(title(pane)), named(short(pane)));
        let forms = [(&whole, count.as_str()), (&short, &count), (&whole, ""), (&short, "")];
        let fits = |name: &str, count: &str| {
            width(name, look.mode) + width(count, look.mode) + 2 <= usize::from(room)
        };
        let found = forms.into_iter().find(|(name, count)| fits(name, count));
        let (name, count) = found.unwrap_or((&short, ""));
        let x = area.x + quarter * nth;
        if pane == app.focus {
            let style = look.styles.title_focused;
            canvas.line(x, area.y, room, &[("[", style), (name, style), (count, style), ("]", style)]);
        } else {
            let style = look.styles.title;
            canvas.line(x, area.y, room, &[(" ", style), (name, style), (count, look.styles.dim)]);
        }
    }
}

/// Its name where there is little room.
fn short(pane: Pane) -> crate::i18n::Word {
    match pane {
        Pane::Customers | Pane::Tags => title(pane),
        Pane::Groups => panes::GROUPS_SHORT,
        Pane::FollowUps => panes::FOLLOW_UPS_SHORT,
    }
}

/// The name of a pane.
pub fn title(pane: Pane) -> crate::i18n::Word {
    match pane {
        Pane::Customers => panes::CUSTOMERS,
        Pane::Tags => panes::TAGS,
        Pane::Groups => panes::GROUPS,
        Pane::FollowUps => panes::FOLLOW_UPS,
    }
}
