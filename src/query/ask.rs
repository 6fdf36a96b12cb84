//! Questions that the console puts to the cache, and the answers.
//!
//! Plain data on both sides: the console never sees the cache, and the cache never sees the
//! console. A list is asked for by window, never whole.

use crate::model::view::{
    CustomerRow, EventRow, FollowUpRow, GroupRow, MemberRow, OpenRun, OutboxView, QueueKey, QueueRow, RowKey,
    TagRow, Window,
};
use crate::model::{
    Customer, CustomerId, FollowUp, FollowUpId, Group, GroupActivity, GroupDay, GroupId, OperatorId,
    Resource, Time,
};

use super::{Query, Sort};

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// A window of customers.
    Customers(ListAsk),
    /// A window of follow-ups.
    FollowUps(ListAsk),
    /// A window of groups; each row carries so many days of activity.
    Groups(ListAsk, usize),
    /// A window of events: a timeline.
    Events(ListAsk),
    /// A window of members.
    Members(ListAsk),
    /// All tags, by group, then order.
    Tags,
    /// One customer, whole.
    Customer(CustomerId),
    /// One follow-up, whole.
    FollowUp(FollowUpId),
    /// One group, whole, with so many days.
    Group(GroupId, usize),
    /// Figures of header and footer.
    Overview,
    /// The words that completion offers.
    Vocabulary,
    /// What is not settled yet.
    Outbox,
    /// Those follow-ups or customers, as members of a queue, in this order; at most
    /// [`LONGEST_QUEUE`].
    Queue(Query, Sort),
    /// Members of a queue as they are now, in the order of their keys.
    QueueRows(Vec<QueueKey>),
    /// All that one has to know to deal with a member of a queue.
    Contact(QueueKey),
    /// The ids of all rows that match, in no order: what `mark.all` marks.
    Ids(Query),
    /// The ids of the rows of a list from one id to another, both included, whichever comes
    /// first; none where either is not in the list: what a range marks.
    Between(Query, Sort, String, String),
}

/// A queue has at most so many members.
pub const LONGEST_QUEUE: usize = 5_000;

/// A window of a list.
#[derive(Clone, Debug, PartialEq)]
pub struct ListAsk {
    /// Which rows.
    pub query: Query,
    /// In which order.
    pub sort: Sort,
    /// Around which row.
    pub anchor: Anchor,
    /// At most so many rows before the anchor.
    pub before: usize,
    /// At most so many rows from the anchor on, itself included.
    pub after: usize,
}

/// A place in a list.
#[derive(Clone, Debug, PartialEq)]
pub enum Anchor {
    /// The first row.
    Start,
    /// Behind the last row: `before` rows up to the end are given.
    End,
    /// The row that stands here, or the next one after it where it is gone.
    At(RowKey),
    /// The row with this id; the start where it is not in the list.
    Id(String),
}

/// The answer to an [`Ask`] of the same name.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "the names are those of the questions")]
pub enum Answer {
    Customers(Window<CustomerRow>),
    FollowUps(Window<FollowUpRow>),
    Groups(Window<GroupRow>),
    Events(Window<EventRow>),
    Members(Window<MemberRow>),
    Tags(Vec<TagRow>),
    Customer(Option<Box<CustomerView>>),
    FollowUp(Option<Box<FollowUpView>>),
    Group(Option<Box<GroupView>>),
    Overview(Overview),
    Vocabulary(Vocabulary),
    Outbox(OutboxView),
    /// The members, and how many there are with those beyond the longest queue.
    Queue(Vec<QueueRow>, u64),
    /// `None` where the record is gone.
    QueueRows(Vec<(QueueKey, Option<QueueRow>)>),
    Contact(Option<Box<ContactView>>),
    Ids(Vec<String>),
}

/// One customer with what belongs to them.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct CustomerView {
    /// The record.
    pub customer: Customer,
    /// The same as a row: names and derived figures.
    pub row: CustomerRow,
    /// Who works here.
    pub me: Option<crate::model::Operator>,
    /// Name of who referred them.
    pub referrer: Option<String>,
    /// Customers whom they referred.
    pub referred: u64,
    /// Names of operators by id, for the relations.
    pub operators: Vec<(OperatorId, String)>,
    /// Groups they are in now: id, name, and their messages of the last 30 days.
    pub groups: Vec<(GroupId, String, Option<i64>)>,
    /// Their pending follow-ups, earliest first, at most 20.
    pub follow_ups: Vec<FollowUpRow>,
    /// Events they have.
    pub events: u64,
    /// Mean days between orders, where there are two or more.
    pub cycle_days: Option<f64>,
    /// Orders of the last 180 days.
    pub orders180: u64,
}

/// One follow-up with what belongs to it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct FollowUpView {
    /// The record.
    pub follow_up: FollowUp,
    /// The same as a row.
    pub row: FollowUpRow,
    /// Whom it is about, where known.
    pub customer: Option<CustomerRow>,
    /// Their latest events, newest first, at most 20.
    pub recent: Vec<EventRow>,
}

/// A member of a queue with all that one has to know to deal with it.
#[derive(Clone, Debug, PartialEq)]
pub struct ContactView {
    /// Which.
    pub key: QueueKey,
    /// The follow-up, where it is about one.
    pub follow_up: Option<(FollowUp, FollowUpRow)>,
    /// Whom it is about, where known.
    pub customer: Option<CustomerView>,
    /// Their latest events, newest first, at most 20.
    pub recent: Vec<EventRow>,
}

/// One group with what belongs to it.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct GroupView {
    /// The record.
    pub group: Group,
    /// The same as a row.
    pub row: GroupRow,
    /// Its tags by name.
    pub tags: Vec<String>,
    /// Its days, oldest first, without gaps; a day that nobody knows has no figures.
    pub days: Vec<GroupDay>,
    /// Messages by weekday (0 Monday) and hour over the last 28 days; `None` where the backend
    /// gives no hours.
    pub heat: Option<Box<[[i64; 24]; 7]>>,
    /// Its activities, latest first.
    pub activities: Vec<GroupActivity>,
    /// Members who are in and wrote nothing for 30 days.
    pub lurkers: u64,
    /// Members who are in, as far as the list is known.
    pub members: u64,
    /// Who left, latest first, at most 50.
    pub leavers: Vec<MemberRow>,
}

/// What header and footer tell.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Overview {
    /// Whether `due` and `overdue` are those of the operator who is logged in, and not everybody's.
    pub mine: bool,
    /// Kinds of record that were pulled whole at least once: of others nothing is known, and what
    /// is missing here may be there.
    pub pulled: Vec<Resource>,
    /// Pending follow-ups due today, overdue ones included; `None` before they were ever pulled.
    pub due: Option<u64>,
    /// Pending follow-ups past due, likewise.
    pub overdue: Option<u64>,
    /// Pending follow-ups past due, whoever has them, likewise.
    pub overdue_all: Option<u64>,
    /// Writes that the backend does not have yet, as far as is known.
    pub unsent: u64,
    /// Writes that wait for the operator: refused, or in conflict.
    pub failed: u64,
    /// When the cache last agreed with the backend.
    pub synced_at: Option<Time>,
    /// Runs of macros that are not at their end, latest first.
    pub runs: Vec<OpenRun>,
    /// Messages in all groups today.
    pub messages_today: Option<i64>,
    /// Joins in all groups today.
    pub joined_today: Option<i64>,
    /// Leaves in all groups today.
    pub left_today: Option<i64>,
}

/// The words that completion offers.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Vocabulary {
    /// Names of tags.
    pub tags: Vec<String>,
    /// Names of operators.
    pub operators: Vec<String>,
    /// Names of groups.
    pub groups: Vec<String>,
    /// Those of them that more than one group has.
    pub groups_alike: Vec<String>,
    /// Cities, most frequent first, at most 200.
    pub cities: Vec<String>,
    /// Sources, likewise.
    pub sources: Vec<String>,
    /// Levels, likewise.
    pub levels: Vec<String>,
    /// Snippets: title and text.
    pub snippets: Vec<(String, String)>,
}
