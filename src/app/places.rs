//! Places: opening, going back, going on to the next record, and the place kept over a restart.

use crate::command::Verb;
use crate::i18n::words::{fill, notices};
use crate::keymap::print_keys;
use crate::model::CustomerId;

use super::asking::Which;
use super::detail::{CustomerDetail, Detail, FollowUpDetail, GroupDetail, GroupPart, timeline};
use super::effect::Effect;
use super::event::Notice;
use super::overlay::Overlay;
use super::panes::Pane;
use super::place::{ListPlace, OpenKind, OpenPlace, Place};
use super::{App, finding};

impl App {
    /// Opens what is under the cursor.
    pub(super) fn open(&mut self) -> Vec<Effect> {
        let from = self.focus;
        let detail = match self.details.last() {
            None => match self.focus {
                Pane::Customers => self
                    .customers
                    .current()
                    .map(|at| Detail::Customer(CustomerDetail::new(at.row.id.clone(), from))),
                Pane::Tags => return self.tag_customers(finding::ByTag::Only),
                Pane::Groups => {
                    self.groups.current().map(|at| Detail::Group(GroupDetail::new(at.row.id.clone(), from)))
                }
                Pane::FollowUps => self
                    .follow_ups
                    .current()
                    .map(|at| Detail::FollowUp(FollowUpDetail::new(at.row.id.clone(), from))),
            },
            Some(Detail::Customer(_)) => return self.expand(),
            Some(Detail::Group(_) | Detail::FollowUp(_)) => return self.go_customer(),
            Some(Detail::Outbox(_)) => return self.open_outbox_row(),
            Some(Detail::Triage(_)) => return self.go_customer(),
            Some(Detail::Steps(_)) => return Vec::new(),
        };
        match detail {
            Some(detail) => self.enter(detail),
            None => Vec::new(),
        }
    }

    pub(super) fn enter(&mut self, detail: Detail) -> Vec<Effect> {
        self.details.push(detail);
        self.resolver.clear();
        self.ask_detail()
    }

    /// Opens the customer whom the record under the cursor is about.
    pub(super) fn go_customer(&mut self) -> Vec<Effect> {
        let from = self.focus;
        let id: Option<CustomerId> = match self.details.last() {
            None => self.follow_ups.current().map(|at| at.row.customer_id.clone()),
            Some(Detail::FollowUp(detail)) => {
                detail.record.view.as_ref().map(|view| view.follow_up.customer_id.clone())
            }
            Some(Detail::Group(detail)) => detail.member().and_then(|member| member.customer_id.clone()),
            Some(Detail::Triage(open)) => open.queue.current().map(|item| item.row.customer_id.clone()),
            Some(Detail::Customer(_) | Detail::Outbox(_) | Detail::Steps(_)) => None,
        };
        match id.filter(|id| !id.as_str().is_empty()) {
            Some(id) => self.enter(Detail::Customer(CustomerDetail::new(id, from))),
            None => {
                if matches!(self.details.last(), Some(Detail::Group(detail)) if detail.member().is_some()) {
                    let text = self.say(notices::THIS_MEMBER_IS_NO_CUSTOMER);
                    self.notice = Some(Notice::plain(text));
                }
                Vec::new()
            }
        }
    }

    /// Goes back where one was: out of an overlay, a detail, a range, a filter; at the very
    /// start it leaves the console where `quits` says so.
    pub(super) fn back(&mut self, quits: bool) -> Vec<Effect> {
        if self.overlay.is_some() {
            return self.cancel();
        }
        if let Some(left) = self.details.pop() {
            self.writing.revealed.clear();
            if let Detail::Triage(left) = &left {
                self.triage_left(left);
            }
            if let Detail::Steps(page) = &left {
                self.steps_left(page);
            }
            let Some(below) = self.details.last_mut() else { return self.relay() };
            // It may have changed while it was covered, and answers were not for it.
            below.forget_questions();
            return self.ask_detail();
        }
        if let Some(marks) = self.marks_mut(self.focus)
            && marks.range_from.take().is_some()
        {
            return Vec::new();
        }
        if self.zoomed {
            return self.zoom();
        }
        if let Some(effects) = self.go_where_one_came_from() {
            return effects;
        }
        if quits {
            return self.leave();
        }
        if self.is_filtered(self.focus) {
            return self.clear_filter();
        }
        Vec::new()
    }

    /// Whether [`Self::back`] leads anywhere.
    pub fn goes_back(&self) -> bool {
        self.overlay.is_some()
            || !self.details.is_empty()
            || (self.came.is_some() && self.focus == Pane::Customers)
            || self.zoomed
            || self.is_filtered(self.focus)
            || self.marks(self.focus).is_some_and(|marks| marks.range_from.is_some())
    }

    pub(super) fn next_timeline_kind(&mut self) -> Vec<Effect> {
        let Some(Detail::Customer(detail)) = self.details.last_mut() else { return Vec::new() };
        detail.kind = detail.kind.next();
        let query = timeline(&detail.id, detail.kind);
        let sort = detail.timeline.sort.clone();
        self.with_list(Which::Timeline, |list| Some(list.show(query, sort, false)))
    }

    /// Shows the entry under the cursor at length, or short again.
    pub(super) fn expand(&mut self) -> Vec<Effect> {
        if let Some(Detail::Customer(detail)) = self.details.last_mut()
            && let Some(at) = detail.timeline.current()
        {
            let id = at.row.id.clone();
            if detail.expanded.remove(&id).is_none() {
                detail.expanded.insert(id, super::Scroll::default());
            }
        }
        Vec::new()
    }

    pub(super) fn group_part(&mut self, part: GroupPart) -> Vec<Effect> {
        if let Some(Detail::Group(detail)) = self.details.last_mut() {
            detail.part = part;
        }
        Vec::new()
    }

    /// Where one is, to be kept.
    pub fn place(&self) -> Place {
        let list = |pane: Pane| match pane {
            Pane::Tags => ListPlace {
                filter: self.tags.narrowed.clone(),
                sort: String::new(),
                at: self.tags.current().map(|tag| tag.id.0.clone()).unwrap_or_default(),
                row: self.tags.above(),
            },
            pane => {
                let list = Which::of(pane).and_then(|which| self.list(which));
                list.map_or_else(ListPlace::default, |list| ListPlace {
                    filter: self.filter_text(pane).to_owned(),
                    sort: match list.sort() {
                        sort if *sort == pane.scope().default_sort() => String::new(),
                        sort => sort.to_string(),
                    },
                    at: list.key().map(|key| key.id.clone()).unwrap_or_default(),
                    row: list.cursor(),
                })
            }
        };
        let open = self.details.iter().filter_map(|detail| {
            let (kind, id) = match detail {
                Detail::Customer(detail) => (OpenKind::Customer, detail.id.0.clone()),
                Detail::Group(detail) => (OpenKind::Group, detail.id.0.clone()),
                Detail::FollowUp(detail) => (OpenKind::FollowUp, detail.id.0.clone()),
                Detail::Outbox(_) => (OpenKind::Outbox, String::new()),
                Detail::Triage(detail) => (OpenKind::Triage, detail.name.clone()),
                Detail::Steps(_) => return None, // its draft is kept, and opened by its own key
            };
            let (timeline, at) = match detail {
                Detail::Customer(detail) => {
                    let at = detail.timeline.current().filter(|_| detail.timeline.cursor > 0);
                    (detail.kind, at.map(|at| at.key.id.clone()).or_else(|| detail.wanted.clone()))
                }
                _ => Default::default(),
            };
            Some(OpenPlace { kind, id, from: detail.from(), timeline, at: at.unwrap_or_default() })
        });
        Place {
            pane: self.focus,
            zoomed: self.zoomed,
            lists: Pane::ALL.map(list),
            open: open.collect(),
            splits: self.splits,
            typing: match &self.overlay {
                Some(Overlay::Search(search)) => Some((search.pane, search.input.text().to_owned())),
                _ => None,
            },
            cut_off: false,
        }
    }

    /// The last session ended here: offers to go on from there.
    pub fn offer(&mut self, place: Place) {
        self.splits = place.splits;
        if place.is_worth_offering() {
            let keys = self.settings.keymap.keys_of(Verb::PlaceResume, self.layers_under_overlay());
            let named = || format!(":{}", Verb::PlaceResume.spec().id);
            let key = keys.first().map_or_else(named, |keys| print_keys(keys));
            let word = if place.cut_off { notices::CUT_OFF } else { notices::LEFT_HERE };
            self.notice = Some(Notice::plain(fill(&self.say(word), &[("key", &key)])));
            self.offered = Some(place);
        }
    }

    /// Goes back to where the last session ended.
    pub(super) fn resume(&mut self) -> Vec<Effect> {
        let Some(place) = self.offered.take() else {
            let text = self.say(notices::THERE_IS_NO_PLACE_TO_GO);
            self.notice = Some(Notice::plain(text));
            return Vec::new();
        };
        self.focus = place.pane;
        self.zoomed = place.zoomed;
        let mut effects = Vec::new();
        for (pane, kept) in Pane::ALL.into_iter().zip(&place.lists) {
            effects.extend(self.restore_list(pane, kept));
        }
        self.details = place
            .open
            .iter()
            .filter_map(|open| {
                Some(match open.kind {
                    OpenKind::Customer => {
                        let id = open.id.as_str().into();
                        Detail::Customer(CustomerDetail::left(id, open.from, open.timeline, &open.at))
                    }
                    OpenKind::Group => Detail::Group(GroupDetail::new(open.id.as_str().into(), open.from)),
                    OpenKind::FollowUp => {
                        Detail::FollowUp(FollowUpDetail::new(open.id.as_str().into(), open.from))
                    }
                    OpenKind::Outbox => Detail::Outbox(super::OutboxDetail::new(open.from)),
                    // A queue that the configuration no longer has is not gone back to.
                    OpenKind::Triage => self.triage_detail(&open.id, open.from)?,
                })
            })
            .collect();
        effects.extend(self.relay());
        effects.extend(self.ask_detail());
        if let Some((pane, typed)) = &place.typing {
            self.focus = *pane;
            self.overlay = Some(Overlay::Search(super::Search::new(*pane, typed)));
            effects.extend(self.typed());
        }
        effects
    }
}
