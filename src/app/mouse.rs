//! The mouse: what lies under it, rows, wheels, borders.

use crate::config::ScrollJump;

use super::App;
use super::asking::Which;
use super::effect::Effect;
use super::event::{Mouse, MouseKind};
use super::layout::{Area, Room, record_lines};
use super::panes::Pane;

/// Under a wheel the rows move as it turns, and no further.
const SMOOTH: ScrollJump = ScrollJump::Lines(1);

/// A border that is being dragged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Border {
    /// Between customers and what stands at their right.
    Left,
    /// Between the upper panes and follow-ups.
    Upper,
    /// Between tags and groups.
    Tags,
}

impl App {
    pub(super) fn pointed(&mut self, mouse: Mouse) -> Vec<Effect> {
        self.forget_keys();
        match mouse.kind {
            MouseKind::WheelUp => self.wheel(mouse, -3),
            MouseKind::WheelDown => self.wheel(mouse, 3),
            MouseKind::Press => self.press(mouse),
            MouseKind::Drag => self.drag(mouse),
            MouseKind::Release => {
                self.dragging = None;
                Vec::new()
            }
        }
    }

    fn wheel(&mut self, mouse: Mouse, by: i64) -> Vec<Effect> {
        if self.overlay.is_some() {
            return match &self.overlay {
                Some(super::Overlay::Picker(_)) => self.pick_step(by.signum()),
                _ => self.step_with(by, SMOOTH),
            };
        }
        if self.details.is_empty()
            && let Some(pane) = self.pane_at(mouse)
            && pane != self.focus
        {
            self.focus = pane;
        }
        self.step_with(by, SMOOTH)
    }

    fn pane_at(&self, mouse: Mouse) -> Option<Pane> {
        let layout = self.layout();
        Pane::ALL.into_iter().find(|pane| layout.pane(*pane).contains(mouse.x, mouse.y))
    }

    fn press(&mut self, mouse: Mouse) -> Vec<Effect> {
        if self.overlay.is_none() && self.triage().is_some() {
            return self.triage_press(mouse.x, mouse.y);
        }
        if self.overlay.is_some() || !self.details.is_empty() {
            return Vec::new();
        }
        let layout = self.layout();
        if layout.tabs.contains(mouse.x, mouse.y) {
            let quarter = (layout.tabs.w / 4).max(1);
            let pane = Pane::ALL[usize::from((mouse.x / quarter).min(3))];
            return self.go_pane(pane);
        }
        if let Some(border) = self.border_at(mouse) {
            self.dragging = Some(border);
            return Vec::new();
        }
        let Some(pane) = self.pane_at(mouse) else { return Vec::new() };
        let mut effects = if pane == self.focus { Vec::new() } else { self.go_pane(pane) };
        let area = self.layout().pane(pane);
        let head = if self.settings.plain || pane == Pane::Tags { 1 } else { 2 };
        let Some(line) = (mouse.y - area.y).checked_sub(head) else { return effects };
        match Which::of(pane) {
            Some(which) => {
                let line = line / record_lines(area, self.settings.plain);
                let height = self.list(which).map_or(0, super::windowed::Windowed::height);
                if usize::from(line) >= height {
                    return effects; // the border below
                }
                let index = self.list(which).map_or(0, |list| list.top() + u64::from(line));
                let again = self.list(which).is_some_and(|list| list.cursor() == index);
                if again {
                    effects.extend(self.open());
                } else {
                    effects.extend(self.with_list(which, |list| list.jump(index)));
                }
            }
            None => {
                let to = self.tags.top + usize::from(line);
                if usize::from(line) >= self.tags.height {
                    return effects; // the border below
                }
                if to == self.tags.cursor { effects.extend(self.open()) } else { self.tags.jump(to) }
            }
        }
        effects
    }

    fn border_at(&self, mouse: Mouse) -> Option<Border> {
        if Room::of(self.size.0, self.size.1) != Room::Wide || self.zoomed || self.settings.plain {
            return None;
        }
        let [left, tags, groups, lower] = self.layout().panes;
        let bottom = |area: Area| area.y + area.h - 1;
        if mouse.y < lower.y && (mouse.x + 1 == left.x + left.w || mouse.x == tags.x) {
            Some(Border::Left)
        } else if mouse.y == lower.y || mouse.y == bottom(left) {
            Some(Border::Upper)
        } else if mouse.x > tags.x && (mouse.y == groups.y || mouse.y == bottom(tags)) {
            Some(Border::Tags)
        } else {
            None
        }
    }

    fn drag(&mut self, mouse: Mouse) -> Vec<Effect> {
        let Some(border) = self.dragging else { return Vec::new() };
        let body = self.layout().body;
        let upper = self.layout().pane(Pane::Customers).h;
        let percent = |at: u16, from: u16, of: u16| {
            let share = u32::from(at.saturating_sub(from)) * 100 / u32::from(of.max(1));
            u16::try_from(share).unwrap_or(50)
        };
        match border {
            Border::Left => self.splits.left = percent(mouse.x, body.x, body.w).clamp(30, 80),
            Border::Upper => self.splits.upper = percent(mouse.y, body.y, body.h).clamp(30, 85),
            Border::Tags => self.splits.tags = percent(mouse.y, body.y, upper).clamp(20, 80),
        }
        self.relay()
    }
}
