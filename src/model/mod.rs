//! The operator's records, as everybody outside the code knows them.
//!
//! Every record of the data model is one struct here, with the field names that the JSON of
//! the HTTP API, `siyu list --format json` and the exports use. The room knows no clock, no
//! disk and no network; all other rooms may use it.
//!
//! Three habits hold for all records:
//! - ids are strings, always: some backends use 64-bit numbers that a float would spoil;
//! - a missing figure is `None`, never 0, and a missing or `null` list is empty;
//! - bytes are kept exactly as they came; making them safe to show is the screen's work.

mod broadcast;
mod customer;
mod event;
mod follow_up;
mod group;
mod ids;
mod joined;
mod lenient;
mod operator;
mod order;
mod progress;
mod record;
mod resource;
mod snippet;
mod stage;
mod tag;
mod time;
pub mod view;
mod workdays;
pub mod write;

pub use broadcast::{Broadcast, Variant};
pub use customer::{Channel, Customer, Relation, RelationStatus};
pub use event::{Event, EventKind};
pub use follow_up::{FollowUp, FollowUpKind, FollowUpStatus, Priority};
pub use group::{ActivityKind, Group, GroupActivity, GroupDay, GroupMember};
pub use ids::{
    BroadcastId, CustomerId, EventId, FollowUpId, GroupActivityId, GroupId, OperatorId, OrderId, SnippetId,
    TagGroupId, TagId,
};
pub use lenient::{Complaint, read_record};
pub use operator::Operator;
pub use order::{Order, OrderItem};
pub use progress::{Pulled, Pushed, SyncCommand, SyncEvent, Trouble, TroubleKind, technical};
pub use record::{AnyRecord, Change, ChangeOp, Record};
pub use resource::Resource;
pub use snippet::Snippet;
pub use stage::Stage;
pub use tag::{TAG_NAME_MOST, Tag, TagGroup, fold_tag_name, same_tag_name};
pub use time::{Time, TimeError};
pub use workdays::Workdays;
pub use write::{Actor, AuditLine, ChangeSet, Deed, Left, Outcome, Planned, Write, WriteState};
