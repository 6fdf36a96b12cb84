//! What lists and details show: rows with the names already looked up.
//!
//! A row is a record as an operator reads it: tags and owners by name, derived figures beside
//! stored ones. The cache makes them, the console and `siyu list` print them.

use super::{
    CustomerId, EventKind, FollowUpId, FollowUpKind, FollowUpStatus, GroupId, OperatorId, Priority, Resource,
    TagId, Time, Write, WriteState,
};
use crate::model::write::Clash;

/// Where a row stands in its list: the values it is sorted by, and its id.
///
/// Opaque outside of the cache; it stays meaningful when the row itself is gone.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct RowKey {
    /// One value per sort key.
    pub values: Vec<KeyPart>,
    /// The record's key.
    pub id: String,
}

/// A value that a list is sorted by.
#[derive(Clone, Debug, PartialEq)]
pub enum KeyPart {
    /// Missing.
    Null,
    /// A whole number, a time in milliseconds, or a truth.
    Int(i64),
    /// A ratio.
    Real(f64),
    /// A text, by its sort key.
    Text(String),
}

/// A row and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed<R> {
    /// Where it stands.
    pub key: RowKey,
    /// What it shows.
    pub row: R,
}

/// A run of rows out of a list that may be far longer.
#[derive(Clone, Debug, PartialEq)]
pub struct Window<R> {
    /// The rows, in the order of the list.
    pub rows: Vec<Placed<R>>,
    /// Index in the whole list of `rows[0]`, from 0.
    pub first: u64,
    /// Rows in the whole list.
    pub total: u64,
}

impl<R> Default for Window<R> {
    fn default() -> Self {
        Self { rows: Vec::new(), first: 0, total: 0 }
    }
}

/// Recency, frequency and monetary scores, 1 to 5 each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RfmScores {
    /// Recency.
    pub r: u8,
    /// Frequency.
    pub f: u8,
    /// Monetary value.
    pub m: u8,
}

/// A customer in a list.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct CustomerRow {
    /// Names the record.
    pub id: CustomerId,
    /// As the customer shows it.
    pub name: String,
    /// The company's own note.
    pub remark: Option<String>,
    /// Another name.
    pub alias: Option<String>,
    /// A word of [`super::Stage`], or the backend's own.
    pub stage: Option<String>,
    /// Names of the tags, by the order of groups and tags.
    pub tags: Vec<String>,
    /// Names of the owners.
    pub owners: Vec<String>,
    /// First phone, whole; masking is the screen's work.
    pub phone: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Where the customer came from.
    pub source: Option<String>,
    /// Membership level.
    pub level: Option<String>,
    /// Membership points.
    pub points: Option<i64>,
    /// When the customer was added.
    pub added: Option<Time>,
    /// Last contact by an operator.
    pub contacted: Option<Time>,
    /// Last sign of life.
    pub active: Option<Time>,
    /// Last order.
    pub ordered: Option<Time>,
    /// Paid orders.
    pub orders: Option<i64>,
    /// Minor units of `currency`.
    pub ltv: Option<i64>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// `MM-DD`.
    pub birthday: Option<String>,
    /// Scores, where there are orders.
    pub rfm: Option<RfmScores>,
    /// Risk of churn, 0 to 1.
    pub churn: Option<f64>,
    /// When the next pending follow-up is due.
    pub next_due: Option<Time>,
    /// How the worst of its open writes stands; `None` where it has none.
    pub write: Option<Unsettled>,
}

/// How the open writes of a record stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsettled {
    /// Where the worst of them is.
    pub state: WriteState,
    /// What the backend says about that one; `None` where it has said nothing.
    pub words: Option<String>,
}

/// A tag in the pane: a line of its own, or the head of its group.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct TagRow {
    /// Names the record.
    pub id: TagId,
    /// As shown.
    pub name: String,
    /// Name of the group; empty where there is none.
    pub group: String,
    /// Whether a customer has at most one of the group.
    pub exclusive: bool,
    /// `#rrggbb` or a colour's name.
    pub color: Option<String>,
    /// Customers who have it now.
    pub customers: u64,
    /// Change of that count since the end of the day 7 days ago; `None` where the cache is younger
    /// and no events tell of tagging.
    pub change7: Option<i64>,
    /// How the worst of its open writes stands; `None` where it has none.
    pub write: Option<Unsettled>,
}

/// A group in the pane.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct GroupRow {
    /// Names the record.
    pub id: GroupId,
    /// As shown.
    pub name: String,
    /// Name of the owner.
    pub owner: Option<String>,
    /// The backend's word.
    pub status: Option<String>,
    /// Members, staff and strangers included.
    pub members: Option<i64>,
    /// Messages per day, oldest first, today last; `None` where a day is unknown.
    pub messages: Vec<Option<i64>>,
    /// Members who wrote, per day, likewise.
    pub active: Vec<Option<i64>>,
    /// Mean of the members who wrote per day over the last 7 days.
    pub active7: Option<i64>,
    /// Joined less left over the last 7 days.
    pub net7: Option<i64>,
    /// Whether the group is dying; see `insight`.
    pub dying: bool,
    /// Whether nobody wrote for 7 days.
    pub quiet: bool,
}

/// A follow-up in a list.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct FollowUpRow {
    /// Names the record.
    pub id: FollowUpId,
    /// Whom it is about.
    pub customer_id: CustomerId,
    /// The customer's name; empty where the customer is not known yet.
    pub customer: String,
    /// What is to be done.
    pub title: String,
    /// By which means.
    pub kind: FollowUpKind,
    /// By when.
    pub due: Option<Time>,
    /// What was promised.
    pub sla: Option<Time>,
    /// How much it matters.
    pub priority: Priority,
    /// Where it stands.
    pub status: FollowUpStatus,
    /// Hidden until then.
    pub snoozed: Option<Time>,
    /// Who does it.
    pub assignee_id: Option<OperatorId>,
    /// Their name.
    pub assignee: Option<String>,
    /// Which rule or person made it.
    pub source: Option<String>,
    /// The result of the contact.
    pub outcome: Option<String>,
    /// How the worst of its open writes stands; `None` where it has none.
    pub write: Option<Unsettled>,
}

/// Names a member of a queue: a follow-up, or a customer alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct QueueKey {
    /// [`Resource::FollowUps`] or [`Resource::Customers`].
    pub resource: Resource,
    /// The record.
    pub id: String,
}

/// A member of a queue that is worked through.
#[derive(Clone, Debug, PartialEq)]
pub struct QueueRow {
    /// Which.
    pub key: QueueKey,
    /// Whom it is about.
    pub customer_id: CustomerId,
    /// Their name; empty where the customer is not known yet.
    pub customer: String,
    /// What is to be done; of a customer alone what they are noted for, such as a birthday.
    pub about: String,
    /// By when.
    pub due: Option<Time>,
    /// What was promised.
    pub sla: Option<Time>,
    /// How much it matters.
    pub priority: Priority,
    /// Whether there is still something to do: not closed, and not put off.
    pub open: bool,
    /// Hidden until then.
    pub snoozed: Option<Time>,
    /// Who does it, by name.
    pub assignee: Option<String>,
    /// How the worst of its open writes stands; `None` where it has none.
    pub write: Option<Unsettled>,
}

impl QueueRow {
    /// What it waits for now: put off, the moment at which it is there again; else what comes first of
    /// what was promised and when it is due.
    pub fn waits_for(&self, now: Time) -> Option<Time> {
        let put_off = self.snoozed.filter(|until| *until > now);
        put_off.or_else(|| self.sla.into_iter().chain(self.due).min_by_key(|at| at.millis))
    }
}

/// An event of a timeline.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct EventRow {
    /// The record's id.
    pub id: String,
    /// Whom it is about.
    pub customer_id: Option<CustomerId>,
    /// The customer's name.
    pub customer: Option<String>,
    /// In which group, by name.
    pub group: Option<String>,
    /// By which operator, by name.
    pub operator: Option<String>,
    /// When.
    pub at: Option<Time>,
    /// What kind.
    pub kind: EventKind,
    /// In a line.
    pub title: String,
    /// At length.
    pub body: Option<String>,
    /// How the worst of its open writes stands; `None` where it has none.
    pub write: Option<Unsettled>,
}

/// A member of a group, past or present.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct MemberRow {
    /// The group.
    pub group_id: GroupId,
    /// The member within it.
    pub member_id: String,
    /// The customer, where the member is one.
    pub customer_id: Option<CustomerId>,
    /// As shown in the group.
    pub name: String,
    /// `customer`, `staff` or `stranger`.
    pub kind: Option<String>,
    /// When they joined.
    pub joined: Option<Time>,
    /// How.
    pub join_scene: Option<String>,
    /// Who invited them, by name where known.
    pub invited_by: Option<String>,
    /// When they left.
    pub left: Option<Time>,
    /// Messages in the last 30 days.
    pub messages: Option<i64>,
    /// Latest message.
    pub last_message: Option<Time>,
}

/// A write that is not settled yet, in the pane of the outbox.
#[derive(Clone, Debug, PartialEq)]
pub struct OutboxRow {
    /// Its number: its place in the order, and its name for the operator.
    pub n: i64,
    /// The command that it came of; the same for all writes of a bulk.
    pub batch: String,
    /// What that command does, in the operator's language; empty where nobody knows it any more.
    pub label: String,
    /// Whether undo has made it, to take back what the command did.
    pub takes_back: bool,
    /// The write.
    pub write: Write,
    /// What its record is called.
    pub name: String,
    /// Where it stands.
    pub state: WriteState,
    /// How often it was sent, and the backend failed or refused it, since the operator last had it
    /// sent again.
    pub attempts: u32,
    /// Not before, where it waits.
    pub next_at: Option<Time>,
    /// What the backend or the network said last. Show it as hostile text.
    pub words: Option<String>,
    /// The HTTP status of a refusal.
    pub status: Option<u16>,
    /// Of a conflict: the fields to choose from.
    pub clashes: Vec<Clash>,
    /// Local ids of records that the backend has to make first.
    pub needs: Vec<String>,
    /// When it was written.
    pub made_at: Time,
    /// When it was first on its way.
    pub sent_at: Option<Time>,
}

impl OutboxRow {
    /// Whether nobody can tell any more if it has arrived: to send it again is to decide so.
    pub fn is_forgotten(&self, now: Time) -> bool {
        self.state == WriteState::Unknown && self.write.is_forgotten(self.sent_at, now)
    }
}

/// A run of a macro that is not at its end: it was stopped, or what ran it is gone, or it is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenRun {
    /// Its batch: what goes on with it names this.
    pub batch: String,
    /// What it does, in the operator's language.
    pub label: String,
    /// When it was begun.
    pub at: Time,
    /// Records that it has come by.
    pub done: usize,
    /// Records that it is about.
    pub total: usize,
}

impl OpenRun {
    /// Records that are still to come.
    pub fn left(&self) -> usize {
        self.total.saturating_sub(self.done)
    }
}

/// What the outbox holds.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct OutboxView {
    /// The writes: conflicts, then refused, unknown, sending and queued ones, newest first within
    /// each; at most 1000.
    pub rows: Vec<OutboxRow>,
    /// Writes in the whole outbox.
    pub total: u64,
}

/// A line of the audit.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditRow {
    /// Its number, rising.
    pub n: i64,
    /// When.
    pub at: Time,
    /// The operator's name, or their id where it is not known.
    pub operator: Option<String>,
    /// The account on the machine.
    pub account: String,
    /// Address of the SSH client, where there was one.
    pub peer: Option<String>,
    /// The command as it could have been typed; empty where there was none.
    pub command: String,
    /// What names the writes of one command together.
    pub batch: Option<String>,
    /// The kind of record.
    pub resource: Option<Resource>,
    /// The record, by the id that it had then.
    pub record: Option<String>,
    /// What it was called then.
    pub name: Option<String>,
    /// A word: `write`, `undo`, `redo`, `discard`, `amend`, `resolve`, `salvage`, or what was
    /// noted.
    pub what: String,
    /// Values before, by field.
    pub before: Option<serde_json::Value>,
    /// Values after, by field.
    pub after: Option<serde_json::Value>,
}

/// A text that was begun and is kept until it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// What it is for.
    pub key: String,
    /// As it was typed.
    pub text: String,
    /// When it was kept.
    pub at: Time,
}
