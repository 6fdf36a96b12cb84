//! Going on from one detail to the next, in the list one came from.

use crate::i18n::words::{notices, panes};
use crate::model::CustomerId;

use super::App;
use super::asking::Which;
use super::detail::{CustomerDetail, Detail, FollowUpDetail, GroupDetail, timeline};
use super::effect::Effect;
use super::event::Notice;
use super::panes::Pane;
use super::windowed::Windowed;

/// A customer's detail that shows what another one did.
fn alike(old: &CustomerDetail, id: CustomerId, from: Pane) -> CustomerDetail {
    let mut new = CustomerDetail::new(id, from);
    new.kind = old.kind;
    new.timeline.query = timeline(&new.id, new.kind);
    new.in_profile = old.in_profile;
    new
}

impl App {
    /// Goes on to the record so many rows further in the list one came from: that of a pane, the
    /// members of a group, or the follow-ups whose customers are looked at.
    pub(super) fn neighbour(&mut self, by: i64) -> Vec<Effect> {
        match self.details.as_slice() {
            [] => Vec::new(),
            [_] => self.next_in_pane(by),
            [.., Detail::Group(_), Detail::Customer(_)] => self.next_member(by),
            [Detail::FollowUp(_), Detail::Customer(_)] => self.next_followed(by),
            _ => {
                self.notice = Some(Notice::plain(self.say(notices::NO_LIST_TO_GO_ON_IN)));
                Vec::new()
            }
        }
    }

    /// Says that there is no record further on.
    fn at_the_end(&mut self, by: i64) {
        let word = if by < 0 { notices::THIS_IS_THE_FIRST } else { notices::THIS_IS_THE_LAST };
        self.notice = Some(Notice::plain(self.say(word)));
    }

    /// Goes on to the customer of the next follow-up, over the detail of that one.
    fn next_followed(&mut self, by: i64) -> Vec<Effect> {
        let Some(covering) = self.details.pop() else { return Vec::new() };
        let before = self.follow_ups.cursor;
        let mut effects = self.next_in_pane(by);
        if self.follow_ups.cursor == before {
            self.details.push(covering);
            return effects;
        }
        let id = self.follow_ups.current().map(|at| at.row.customer_id.clone());
        if let (Some(id), Detail::Customer(old)) = (id.filter(|id| !id.as_str().is_empty()), &covering) {
            let new = alike(old, id, old.from);
            effects.extend(self.enter(Detail::Customer(new)));
        }
        effects
    }

    /// Goes on to the next member of the group below who is a customer.
    fn next_member(&mut self, by: i64) -> Vec<Effect> {
        let Some(covering) = self.details.pop() else { return Vec::new() };
        let jump = self.settings.scroll_jump;
        let which = self.active_list();
        let cursor = |app: &Self| which.and_then(|which| app.list(which)).map(Windowed::cursor);
        let start = cursor(self);
        let (mut step, mut effects) = (by, Vec::new());
        let next = loop {
            let before = cursor(self);
            if let Some(which) = which {
                effects.extend(self.with_list(which, |list| list.step(step, jump)));
            }
            if cursor(self) == before {
                self.at_the_end(by);
                break None;
            }
            let Some(Detail::Group(group)) = self.details.last() else { break None };
            let Some(member) = group.member() else {
                self.notice = Some(Notice::plain(self.say(panes::LOADING)));
                break None;
            };
            if let Some(id) = member.customer_id.clone() {
                break Some(id);
            }
            // members who are no customers are passed over
            step = by.signum();
        };
        match (next, &covering) {
            (Some(id), Detail::Customer(old)) => {
                let new = alike(old, id, old.from);
                effects.extend(self.enter(Detail::Customer(new)));
            }
            _ => {
                if let (Some(which), Some(start)) = (which, start) {
                    effects.extend(self.with_list(which, |list| list.jump(start)));
                }
                self.details.push(covering);
            }
        }
        effects
    }

    /// Goes on to the record so many rows further in the pane one came from.
    fn next_in_pane(&mut self, by: i64) -> Vec<Effect> {
        let Some(detail) = self.details.last() else { return Vec::new() };
        let from = detail.from();
        let Some(which) = Which::of(from) else { return Vec::new() };
        let before = self.list(which).map(Windowed::cursor);
        let jump = self.settings.scroll_jump;
        let mut effects = self.with_list(which, |list| list.step(by, jump));
        if self.list(which).map(Windowed::cursor) == before {
            self.at_the_end(by);
            return effects;
        }
        let next = match (self.details.last(), from) {
            (Some(Detail::Customer(old)), Pane::Customers | Pane::FollowUps) => {
                let id = if from == Pane::Customers {
                    self.customers.current().map(|at| at.row.id.clone())
                } else {
                    self.follow_ups.current().map(|at| at.row.customer_id.clone())
                };
                id.map(|id| Detail::Customer(alike(old, id, from)))
            }
            (Some(Detail::Group(old)), _) => self.groups.current().map(|at| {
                let mut new = GroupDetail::new(at.row.id.clone(), from);
                new.part = old.part;
                Detail::Group(new)
            }),
            (Some(Detail::FollowUp(_)), _) => self
                .follow_ups
                .current()
                .map(|at| Detail::FollowUp(FollowUpDetail::new(at.row.id.clone(), from))),
            _ => None,
        };
        if let Some(next) = next {
            self.details.pop();
            effects.extend(self.enter(next));
        }
        effects
    }
}
