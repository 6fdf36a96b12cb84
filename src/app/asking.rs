//! Questions: which list asks what, and under which number.

use crate::model::Resource;
use crate::query::ask::{Ask, ListAsk};

use super::detail::{Detail, GROUP_DAYS, GroupPart};
use super::effect::{Effect, RequestId};
use super::list::Request;
use super::panes::Pane;
use super::windowed::Windowed;
use super::{App, SPARK_DAYS, layout};

/// A windowed list of the console.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Which {
    Customers,
    Groups,
    FollowUps,
    /// Timeline of the innermost detail.
    Timeline,
    /// Members of the innermost detail.
    Members,
    /// Leavers of the innermost detail.
    Leavers,
}

impl Which {
    pub(super) fn of(pane: Pane) -> Option<Self> {
        match pane {
            Pane::Customers => Some(Self::Customers),
            Pane::Groups => Some(Self::Groups),
            Pane::FollowUps => Some(Self::FollowUps),
            Pane::Tags => None,
        }
    }

    fn ask(self, ask: ListAsk) -> Ask {
        match self {
            Self::Customers => Ask::Customers(ask),
            Self::Groups => Ask::Groups(ask, SPARK_DAYS + 1),
            Self::FollowUps => Ask::FollowUps(ask),
            Self::Timeline => Ask::Events(ask),
            Self::Members | Self::Leavers => Ask::Members(ask),
        }
    }
}

impl App {
    pub(super) fn list(&self, which: Which) -> Option<&dyn Windowed> {
        Some(match (which, self.details.last()) {
            (Which::Customers, _) => &self.customers,
            (Which::Groups, _) => &self.groups,
            (Which::FollowUps, _) => &self.follow_ups,
            (Which::Timeline, Some(Detail::Customer(detail))) => &detail.timeline,
            (Which::Members, Some(Detail::Group(detail))) => &detail.members,
            (Which::Leavers, Some(Detail::Group(detail))) => &detail.leavers,
            _ => return None,
        })
    }

    pub(super) fn list_mut(&mut self, which: Which) -> Option<&mut dyn Windowed> {
        Some(match (which, self.details.last_mut()) {
            (Which::Customers, _) => &mut self.customers,
            (Which::Groups, _) => &mut self.groups,
            (Which::FollowUps, _) => &mut self.follow_ups,
            (Which::Timeline, Some(Detail::Customer(detail))) => &mut detail.timeline,
            (Which::Members, Some(Detail::Group(detail))) => &mut detail.members,
            (Which::Leavers, Some(Detail::Group(detail))) => &mut detail.leavers,
            _ => return None,
        })
    }

    /// The list that takes the keys, if one does.
    pub(super) fn active_list(&self) -> Option<Which> {
        match self.details.last() {
            None => Which::of(self.focus),
            Some(Detail::Customer(detail)) => (!detail.in_profile).then_some(Which::Timeline),
            Some(Detail::Group(detail)) => match detail.part {
                GroupPart::Members => Some(Which::Members),
                GroupPart::Leavers => Some(Which::Leavers),
                _ => None,
            },
            Some(Detail::FollowUp(_) | Detail::Outbox(_) | Detail::Triage(_) | Detail::Steps(_)) => None,
        }
    }

    pub(super) fn new_request(&mut self) -> RequestId {
        self.next_request += 1;
        RequestId(self.next_request)
    }

    /// Sends the question that a list has made, if it made one.
    pub(super) fn send(&mut self, which: Which, request: impl Into<Option<Request>>) -> Vec<Effect> {
        let Some(Request(ask)) = request.into() else { return Vec::new() };
        let id = self.new_request();
        if let Some(list) = self.list_mut(which) {
            list.sent(id);
        }
        vec![Effect::Ask(id, which.ask(ask))]
    }

    /// Does something with a list and sends what it asks.
    pub(super) fn with_list(
        &mut self,
        which: Which,
        act: impl FnOnce(&mut dyn Windowed) -> Option<Request>,
    ) -> Vec<Effect> {
        let request = self.list_mut(which).and_then(act);
        self.send(which, request)
    }

    /// Asks for everything that the screen shows: at the start.
    pub(super) fn ask_all(&mut self) -> Vec<Effect> {
        self.relay();
        let mut effects = Vec::new();
        for which in [Which::Customers, Which::FollowUps, Which::Groups] {
            effects.extend(self.with_list(which, |list| list.refresh()));
        }
        effects.extend(self.ask_tags());
        effects.extend(self.ask_overview());
        effects.extend(self.ask_vocabulary());
        effects
    }

    pub(super) fn ask_tags(&mut self) -> Vec<Effect> {
        if self.tags.pending.is_some() {
            self.tags.stale = true;
            return Vec::new();
        }
        let id = self.new_request();
        self.tags.pending = Some(id);
        vec![Effect::Ask(id, Ask::Tags)]
    }

    pub(super) fn ask_overview(&mut self) -> Vec<Effect> {
        if self.overview_pending.is_some() {
            self.overview_stale = true;
            return Vec::new();
        }
        let id = self.new_request();
        self.overview_pending = Some(id);
        vec![Effect::Ask(id, Ask::Overview)]
    }

    pub(super) fn ask_vocabulary(&mut self) -> Vec<Effect> {
        if self.vocabulary_pending.is_some() {
            self.vocabulary_stale = true;
            return Vec::new();
        }
        let id = self.new_request();
        self.vocabulary_stale = false;
        self.vocabulary_pending = Some(id);
        vec![Effect::Ask(id, Ask::Vocabulary)]
    }

    /// Asks for the record of the innermost detail, and for its lists.
    pub(super) fn ask_detail(&mut self) -> Vec<Effect> {
        let mut effects = match self.triage() {
            Some(open) if !open.loaded && open.loading.is_none() => self.ask_queue(),
            Some(_) => self.renew_queue(),
            None => Vec::new(),
        };
        effects.extend(self.ask_record());
        self.relay_detail();
        let lists: &[Which] = match self.details.last() {
            Some(Detail::Customer(_)) => &[Which::Timeline],
            Some(Detail::Group(_)) => &[Which::Members, Which::Leavers],
            _ => &[],
        };
        let wanted = match self.details.last_mut() {
            Some(Detail::Customer(detail)) => detail.wanted.take(),
            _ => None,
        };
        for which in lists {
            effects.extend(self.with_list(*which, |list| match &wanted {
                Some(at) => Some(list.seek(at)),
                None => list.refresh(),
            }));
        }
        effects
    }

    pub(super) fn ask_record(&mut self) -> Vec<Effect> {
        let id = self.new_request();
        let (pending, stale, ask) = match self.details.last_mut() {
            Some(Detail::Customer(d)) => {
                (&mut d.record.pending, &mut d.record.stale, Ask::Customer(d.id.clone()))
            }
            Some(Detail::Group(d)) => {
                (&mut d.record.pending, &mut d.record.stale, Ask::Group(d.id.clone(), GROUP_DAYS + 1))
            }
            Some(Detail::FollowUp(d)) => {
                (&mut d.record.pending, &mut d.record.stale, Ask::FollowUp(d.id.clone()))
            }
            Some(Detail::Outbox(d)) => (&mut d.record.pending, &mut d.record.stale, Ask::Outbox),
            Some(Detail::Triage(d)) => {
                let Some(key) = d.key().cloned() else { return Vec::new() };
                (&mut d.record.pending, &mut d.record.stale, Ask::Contact(key))
            }
            Some(Detail::Steps(_)) | None => return Vec::new(),
        };
        if pending.is_some() {
            *stale = true;
            return Vec::new();
        }
        *stale = false;
        *pending = Some(id);
        vec![Effect::Ask(id, ask)]
    }

    /// The cache holds something new: asks again for what is shown.
    pub(super) fn refresh(&mut self, resources: &[Resource]) -> Vec<Effect> {
        use Resource as R;
        let any = |wanted: &[Resource]| resources.iter().any(|resource| wanted.contains(resource));
        let mut effects = Vec::new();
        let names = any(&[R::Tags, R::TagGroups, R::Operators]);
        if names || any(&[R::Customers, R::FollowUps, R::Orders]) {
            effects.extend(self.with_list(Which::Customers, |list| list.refresh()));
        }
        if any(&[R::FollowUps, R::Customers, R::Operators]) {
            effects.extend(self.with_list(Which::FollowUps, |list| list.refresh()));
        }
        if any(&[R::Groups, R::GroupDays, R::Operators]) {
            effects.extend(self.with_list(Which::Groups, |list| list.refresh()));
        }
        if any(&[R::Tags, R::TagGroups, R::Customers]) {
            effects.extend(self.ask_tags());
        }
        if names || any(&[R::Snippets]) {
            effects.extend(self.ask_vocabulary());
        } else if any(&[R::Groups]) {
            self.vocabulary_stale = true; // groups change all the time; a line to search in asks
        }
        effects.extend(self.ask_overview());
        let (record, lists): (bool, &[Which]) = match self.details.last() {
            Some(Detail::Customer(_)) => (
                any(&[R::Customers, R::FollowUps, R::Orders, R::GroupMembers]) || names,
                if any(&[R::Events]) { &[Which::Timeline] } else { &[] },
            ),
            Some(Detail::Group(_)) => (
                any(&[R::Groups, R::GroupDays, R::GroupActivities, R::GroupMembers]) || names,
                if any(&[R::GroupMembers]) { &[Which::Members, Which::Leavers] } else { &[] },
            ),
            Some(Detail::FollowUp(_)) => (any(&[R::FollowUps, R::Customers, R::Events]) || names, &[]),
            Some(Detail::Outbox(_)) => (true, &[]),
            Some(Detail::Triage(_)) => {
                let touched = any(&[R::FollowUps, R::Customers, R::Events, R::Orders]) || names;
                if touched {
                    effects.extend(self.renew_queue());
                }
                (touched, &[])
            }
            Some(Detail::Steps(_)) | None => (false, &[]),
        };
        if record {
            effects.extend(self.ask_record());
        }
        for which in lists {
            effects.extend(self.with_list(*which, |list| list.refresh()));
        }
        effects
    }

    /// The size changed, or what is shown: tells the lists their room.
    pub(super) fn relay(&mut self) -> Vec<Effect> {
        let layout = self.layout();
        let plain = self.settings.plain;
        let mut effects = Vec::new();
        for pane in Pane::ALL {
            let area = layout.pane(pane);
            if area.h == 0 {
                continue;
            }
            match Which::of(pane) {
                Some(which) => {
                    let height = layout::records(area, plain);
                    effects.extend(self.with_list(which, |list| list.resize(height)));
                }
                // Tags have no line of headings.
                None => self.tags.resize(layout::list_rows(area, plain) + usize::from(!plain)),
            }
        }
        effects.extend(self.relay_detail());
        effects
    }

    pub(super) fn relay_detail(&mut self) -> Vec<Effect> {
        let body = self.layout().body;
        let parts = layout::DetailLayout::of(body, self.settings.plain);
        let mut effects = Vec::new();
        match self.details.last() {
            Some(Detail::Customer(_)) => {
                let borders = if self.settings.plain { 1 } else { 2 };
                let height = usize::from(parts.timeline.h.saturating_sub(borders));
                effects.extend(self.with_list(Which::Timeline, |list| list.resize(height)));
            }
            Some(Detail::Group(_)) => {
                let height = layout::list_rows(parts.members, self.settings.plain);
                effects.extend(self.with_list(Which::Members, |list| list.resize(height)));
                effects.extend(self.with_list(Which::Leavers, |list| list.resize(height)));
            }
            _ => {}
        }
        effects
    }
}
