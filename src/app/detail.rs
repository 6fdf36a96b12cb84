//! Details: one record, whole, with what belongs to it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::model::view::{EventRow, MemberRow};
use crate::model::{CustomerId, EventKind, FollowUpId, GroupId};
use crate::query::ask::{CustomerView, FollowUpView, GroupView};
use crate::query::{Query, Scope, parse, parse_sort, quote};

use super::effect::RequestId;
use super::list::List;
use super::macros::StepsPage;
use super::outbox::OutboxDetail;
use super::panes::Pane;
use super::scroll::Scroll;
use super::triage::TriageDetail;

/// Whole days of activity that a group's detail shows, today left out.
pub const GROUP_DAYS: usize = 28;

/// A record that is being looked at, or its question under way.
#[derive(Clone, Debug)]
pub struct Loaded<V> {
    /// The record; `None` until it came.
    pub view: Option<Box<V>>,
    /// It came, and there is no such record.
    pub missing: bool,
    /// Why it could not be had.
    pub error: Option<String>,
    /// The question under way.
    pub pending: Option<RequestId>,
    /// Changed while a question was under way.
    pub stale: bool,
}

impl<V> Default for Loaded<V> {
    fn default() -> Self {
        Self { view: None, missing: false, error: None, pending: None, stale: false }
    }
}

impl<V> Loaded<V> {
    /// Takes the answer in.
    pub fn absorb(&mut self, answer: Result<Option<Box<V>>, String>) {
        self.pending = None;
        match answer {
            Ok(view) => {
                self.missing = view.is_none();
                self.view = view;
                self.error = None;
            }
            Err(error) => self.error = Some(error),
        }
    }
}

/// What of a timeline is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimelineKind {
    /// Everything.
    #[default]
    All,
    /// Messages both ways, and broadcasts.
    Messages,
    /// Calls and notes.
    Calls,
    /// Orders, coupons, points.
    Orders,
    /// Joined, left, checked in, referred.
    Groups,
    /// Tags, stages, feedback.
    System,
}

impl TimelineKind {
    /// All of them, in the order of the key.
    pub const ALL: [Self; 6] =
        [Self::All, Self::Messages, Self::Calls, Self::Orders, Self::Groups, Self::System];

    /// The next one, round the end.
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % Self::ALL.len()]
    }

    /// The kinds of event that it shows; empty for all.
    pub fn kinds(self) -> &'static [EventKind] {
        use EventKind as K;
        match self {
            Self::All => &[],
            Self::Messages => &[K::MessageIn, K::MessageOut, K::Broadcast],
            Self::Calls => &[K::Call, K::Note],
            Self::Orders => &[K::Order, K::Coupon, K::Points],
            Self::Groups => &[K::Joined, K::Left, K::CheckIn, K::Referral],
            Self::System => &[K::Tag, K::Stage, K::Feedback],
        }
    }
}

/// A customer's detail.
#[derive(Clone, Debug)]
pub struct CustomerDetail {
    /// Whose.
    pub id: CustomerId,
    /// The record.
    pub record: Loaded<CustomerView>,
    /// What of the timeline is shown.
    pub kind: TimelineKind,
    /// The timeline, newest first.
    pub timeline: List<EventRow>,
    /// Events shown at length, by id, and how far each is scrolled: it may be taller than its pane.
    pub expanded: BTreeMap<String, Scroll>,
    /// Whether the profile, and not the timeline, takes the keys.
    pub in_profile: bool,
    /// How far the profile is scrolled.
    pub profile: Scroll,
    /// The list one came from.
    pub from: Pane,
    /// Id of the entry to go to once the timeline is asked for.
    pub(super) wanted: Option<String>,
}

impl CustomerDetail {
    /// The detail of a customer, with nothing in it yet.
    pub fn new(id: CustomerId, from: Pane) -> Self {
        let query = timeline(&id, TimelineKind::All);
        Self {
            id,
            record: Loaded::default(),
            kind: TimelineKind::All,
            timeline: List::new(query, newest_first()),
            expanded: BTreeMap::new(),
            in_profile: false,
            profile: Scroll::default(),
            from,
            wanted: None,
        }
    }

    /// The detail as it was left: what its timeline showed, and the entry that one was at.
    pub(super) fn left(id: CustomerId, from: Pane, kind: TimelineKind, at: &str) -> Self {
        let timeline = List::new(timeline(&id, kind), newest_first());
        let wanted = Some(at.to_owned()).filter(|at| !at.is_empty());
        Self { kind, timeline, wanted, ..Self::new(id, from) }
    }
}

impl CustomerDetail {
    /// Scrolls the entry under the cursor where it is shown at length; says whether it moved.
    pub(super) fn scroll_entry(&mut self, by: i64) -> bool {
        let Some(at) = self.timeline.current() else { return false };
        self.expanded.get_mut(&at.row.id).is_some_and(|scroll| scroll.step(by))
    }
}

/// The events of a customer, of these kinds.
pub fn timeline(id: &CustomerId, kind: TimelineKind) -> Query {
    let kinds: Vec<_> = kind.kinds().iter().map(|kind| kind.word()).collect();
    let mut filter = format!("customer:{}", quote(id.as_str()));
    if !kinds.is_empty() {
        filter = format!("{filter} kind:{}", kinds.join(","));
    }
    parse(Scope::Events, &filter).unwrap_or_else(|_| Query::all(Scope::Events))
}

fn newest_first() -> crate::query::Sort {
    parse_sort(Scope::Events, "-at").unwrap_or_else(|_| Scope::Events.default_sort())
}

/// The part of a group's detail that takes the keys.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GroupPart {
    /// Members.
    #[default]
    Members,
    /// Who left.
    Leavers,
    /// Activities.
    Activities,
    /// Daily trend.
    Trend,
    /// Hours by weekday.
    Heat,
}

impl GroupPart {
    /// All parts, in the order of `Tab`.
    pub const ALL: [Self; 5] = [Self::Members, Self::Leavers, Self::Activities, Self::Trend, Self::Heat];

    /// The next one, round the end.
    pub fn next(self) -> Self {
        Self::ALL[(self as usize + 1) % 5]
    }

    /// The one before, round the end.
    pub fn previous(self) -> Self {
        Self::ALL[(self as usize + 4) % 5]
    }
}

/// A group's detail.
#[derive(Clone, Debug)]
pub struct GroupDetail {
    /// Which.
    pub id: GroupId,
    /// The record.
    pub record: Loaded<GroupView>,
    /// Members who are in.
    pub members: List<MemberRow>,
    /// Members who left, latest first.
    pub leavers: List<MemberRow>,
    /// The part that takes the keys.
    pub part: GroupPart,
    /// Index of the activity under the cursor.
    pub activity: usize,
    /// The list one came from.
    pub from: Pane,
}

impl GroupDetail {
    /// The detail of a group, with nothing in it yet.
    pub fn new(id: GroupId, from: Pane) -> Self {
        let list = |state: &str, sort: &str| {
            let filter = format!("group:{} {state}", quote(id.as_str()));
            let query = parse(Scope::Members, &filter).unwrap_or_else(|_| Query::all(Scope::Members));
            let sort = parse_sort(Scope::Members, sort).unwrap_or_else(|_| Scope::Members.default_sort());
            List::new(query, sort)
        };
        Self {
            members: list("-is:left", "-last"),
            leavers: list("is:left", "-left"),
            id,
            record: Loaded::default(),
            part: GroupPart::default(),
            activity: 0,
            from,
        }
    }

    /// The member under the cursor.
    pub fn member(&self) -> Option<&MemberRow> {
        let list = match self.part {
            GroupPart::Members => &self.members,
            GroupPart::Leavers => &self.leavers,
            _ => return None,
        };
        list.current().map(|placed| &placed.row)
    }
}

/// A follow-up's detail.
#[derive(Clone, Debug)]
pub struct FollowUpDetail {
    /// Which.
    pub id: FollowUpId,
    /// The record.
    pub record: Loaded<FollowUpView>,
    /// How far it is scrolled.
    pub scroll: Scroll,
    /// The list one came from.
    pub from: Pane,
}

impl FollowUpDetail {
    /// The detail of a follow-up, with nothing in it yet.
    pub fn new(id: FollowUpId, from: Pane) -> Self {
        Self { id, record: Loaded::default(), scroll: Scroll::default(), from }
    }
}

/// A detail that is open.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant, reason = "there are at most a handful of them")]
pub enum Detail {
    /// A customer.
    Customer(CustomerDetail),
    /// A group.
    Group(GroupDetail),
    /// A follow-up.
    FollowUp(FollowUpDetail),
    /// The outbox.
    Outbox(OutboxDetail),
    /// A queue that is worked through.
    Triage(Box<TriageDetail>),
    /// The steps of what was recorded.
    Steps(Box<StepsPage>),
}

impl Detail {
    /// The list one came from.
    pub fn from(&self) -> Pane {
        match self {
            Self::Customer(detail) => detail.from,
            Self::Group(detail) => detail.from,
            Self::FollowUp(detail) => detail.from,
            Self::Outbox(detail) => detail.from,
            Self::Triage(detail) => detail.from,
            Self::Steps(page) => page.from,
        }
    }

    /// Waits for no answer any more: while the detail was covered, nobody took them in.
    pub fn forget_questions(&mut self) {
        match self {
            Self::Customer(detail) => {
                detail.record.pending = None;
                detail.timeline.forget_question();
            }
            Self::Group(detail) => {
                detail.record.pending = None;
                detail.members.forget_question();
                detail.leavers.forget_question();
            }
            Self::FollowUp(detail) => detail.record.pending = None,
            Self::Outbox(detail) => detail.record.pending = None,
            Self::Triage(detail) => detail.forget_questions(),
            Self::Steps(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_any_characters_narrows_to_that_customer() {
        for id in ["c1", "a b", "x:y", r#"q"uote"#, r"back\slash", "@c1:localhost", "-1", "OR"] {
            let query = timeline(&id.into(), TimelineKind::Orders);
            assert!(!query.is_all(), "{id}");
        }
        for kind in TimelineKind::ALL {
            assert!(!timeline(&"c".into(), kind).is_all());
        }
        assert!(!GroupDetail::new("g 1".into(), Pane::Groups).leavers.query.is_all());
    }
}
