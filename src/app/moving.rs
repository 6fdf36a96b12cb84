//! Moving: rows, pages, ends.

use crate::config::ScrollJump;

use super::App;
use super::asking::Which;
use super::detail::{Detail, GroupPart};
use super::effect::Effect;
use super::overlay::Overlay;
use super::panes::Pane;

impl App {
    pub(super) fn step(&mut self, by: i64) -> Vec<Effect> {
        self.step_with(by, self.settings.scroll_jump)
    }

    /// Moves by so many rows; a list whose cursor leaves the rows in sight moves by `jump`.
    pub(super) fn step_with(&mut self, by: i64, jump: ScrollJump) -> Vec<Effect> {
        if let Some(Overlay::Help(help)) = &mut self.overlay {
            help.scroll.step(by);
            return Vec::new();
        }
        // An entry that is taller than its pane is read to its end before the next one comes.
        if let Some(Detail::Customer(detail)) = self.details.last_mut()
            && !detail.in_profile
            && detail.scroll_entry(by)
        {
            return Vec::new();
        }
        if let Some(which) = self.active_list() {
            let from = self.list(which).map(super::windowed::Windowed::cursor);
            let effects = self.with_list(which, |list| list.step(by, jump));
            if let (Some(from), true) = (from, self.details.is_empty()) {
                self.drag_range(from);
            }
            return effects;
        }
        match self.details.last_mut() {
            None => self.tags.step(by, jump),
            Some(Detail::Customer(detail)) => _ = detail.profile.step(by),
            Some(Detail::Group(detail)) if detail.part == GroupPart::Activities => {
                let last =
                    detail.record.view.as_ref().map_or(0, |view| view.activities.len().saturating_sub(1));
                detail.activity = shifted(detail.activity, by).min(last);
            }
            Some(Detail::Group(_)) => {}
            Some(Detail::FollowUp(detail)) => _ = detail.scroll.step(by),
            Some(Detail::Outbox(detail)) => detail.step(by),
            Some(Detail::Triage(_)) => return self.triage_step(by),
            Some(Detail::Steps(page)) => page.step(by),
        }
        Vec::new()
    }

    /// Moves by pages, or by `1 / divisor` of one.
    pub(super) fn page(&mut self, pages: i64, divisor: i64) -> Vec<Effect> {
        let height = if matches!(self.overlay, Some(Overlay::Help(_))) {
            usize::from(self.layout().body.h)
        } else {
            match self.active_list() {
                Some(which) => self.list(which).map_or(20, super::windowed::Windowed::height),
                None if self.details.is_empty() => self.tags.height,
                None => usize::from(self.layout().body.h),
            }
        };
        let rows = (i64::try_from(height).unwrap_or(20) / divisor).max(1);
        self.step(rows.saturating_mul(pages))
    }

    pub(super) fn go_first(&mut self, count: Option<u32>) -> Vec<Effect> {
        if count.is_some() {
            return self.go_last(count);
        }
        if self.overlay.is_none()
            && let Some(which) = self.active_list()
        {
            let effects = self.with_list(which, |list| list.first());
            self.range_to_end();
            return effects;
        }
        self.step(i64::MIN / 2)
    }

    /// Goes to the last row, or to the row of a count, 1 the first.
    pub(super) fn go_last(&mut self, count: Option<u32>) -> Vec<Effect> {
        let Some(which) = self.active_list().filter(|_| self.overlay.is_none()) else {
            return match count {
                Some(count) if self.details.is_empty() => {
                    self.tags.jump(count as usize - 1);
                    Vec::new()
                }
                _ => self.step(i64::MAX / 2),
            };
        };
        let effects = match count {
            Some(count) => {
                let to = i64::from(count.max(1)) - 1;
                let from = self.list(which).map_or(0, |list| i64::try_from(list.cursor()).unwrap_or(0));
                let jump = self.settings.scroll_jump;
                self.with_list(which, |list| list.step(to - from, jump))
            }
            None => self.with_list(which, |list| list.last()),
        };
        self.range_to_end();
        effects
    }

    fn range_to_end(&mut self) {
        if self.details.is_empty()
            && let Some((_, from)) = self.marks_mut(self.focus).and_then(|marks| marks.range_from.clone())
        {
            self.drag_range(from);
        }
    }

    /// The cursor went from `from` to where it is: what lies between is marked at once while a
    /// range is being drawn, as far as it is here. The rest is marked when the range ends.
    fn drag_range(&mut self, from: u64) {
        let Some(which) = Which::of(self.focus) else { return };
        let Some(list) = self.list(which) else { return };
        let to = list.cursor();
        let ids: Vec<String> = (from.min(to)..=from.max(to))
            .filter_map(|at| list.key_at(at))
            .map(|key| key.id.clone())
            .collect();
        if let Some(marks) = self.marks_mut(self.focus)
            && marks.range_from.is_some()
        {
            marks.extend(ids);
        }
    }

    pub(super) fn go_pane(&mut self, pane: Pane) -> Vec<Effect> {
        self.focus = pane;
        self.relay()
    }

    pub(super) fn next_pane(&mut self, forward: bool) -> Vec<Effect> {
        match self.details.last_mut() {
            None => {
                let pane = if forward { self.focus.next() } else { self.focus.previous() };
                self.go_pane(pane)
            }
            Some(Detail::Customer(detail)) => {
                detail.in_profile = !detail.in_profile;
                Vec::new()
            }
            Some(Detail::Group(detail)) => {
                detail.part = if forward { detail.part.next() } else { detail.part.previous() };
                Vec::new()
            }
            Some(Detail::FollowUp(_) | Detail::Outbox(_) | Detail::Triage(_) | Detail::Steps(_)) => {
                Vec::new()
            }
        }
    }

    pub(super) fn zoom(&mut self) -> Vec<Effect> {
        self.zoomed = !self.zoomed;
        self.relay()
    }
}

fn shifted(at: usize, by: i64) -> usize {
    at.saturating_add_signed(isize::try_from(by).unwrap_or(if by < 0 { isize::MIN } else { isize::MAX }))
}
