//! What all records have in common.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{
    Broadcast, Complaint, Customer, Event, FollowUp, Group, GroupActivity, GroupDay, GroupMember, Operator,
    Order, Resource, Snippet, Tag, TagGroup, read_record,
};

/// A record of the data model.
pub trait Record: Serialize + DeserializeOwned + JsonSchema + Send + 'static {
    /// The collection it belongs to.
    const RESOURCE: Resource;

    /// What names it within its collection: its id, or `group:member` and `group:day` for the
    /// records that have two.
    fn key(&self) -> String;

    /// The record as one of many kinds.
    fn any(self) -> AnyRecord;
}

macro_rules! records {
    ($($kind:ident in $resource:ident, |$record:ident| $key:expr;)+) => {
        /// A record of any kind.
        #[derive(Clone, Debug, PartialEq)]
        #[allow(clippy::large_enum_variant, reason = "customers are the many; boxing them costs more")]
        pub enum AnyRecord {
            $(#[doc = concat!("A record of `", stringify!($resource), "`.")] $kind($kind)),+
        }

        $(impl Record for $kind {
            const RESOURCE: Resource = Resource::$resource;

            fn key(&self) -> String {
                let $record = self;
                $key
            }

            fn any(self) -> AnyRecord {
                AnyRecord::$kind(self)
            }
        })+

        impl AnyRecord {
            /// The collection it belongs to.
            pub fn resource(&self) -> Resource {
                match self {
                    $(Self::$kind(_) => Resource::$resource),+
                }
            }

            /// See [`Record::key`].
            pub fn key(&self) -> String {
                match self {
                    $(Self::$kind(record) => record.key()),+
                }
            }

            /// The record as the API writes it.
            pub fn to_value(&self) -> Value {
                let value = match self {
                    $(Self::$kind(record) => serde_json::to_value(record)),+
                };
                value.unwrap_or(Value::Null) // no map key of a record is anything but a string
            }

            /// The record as the API writes it, as text.
            pub fn to_json(&self) -> String {
                let text = match self {
                    $(Self::$kind(record) => serde_json::to_string(record)),+
                };
                text.unwrap_or_default() // no map key of a record is anything but a string
            }

            /// Reads an item of `resource`, keeping its good fields where some are bad.
            ///
            /// # Errors
            /// A [`Complaint`] where the item has no usable id, or is no object at all.
            pub fn read(resource: Resource, item: Value) -> Result<(Self, Vec<Complaint>), Complaint> {
                match resource {
                    $(Resource::$resource => {
                        let (record, complaints) = read_record::<$kind>(item)?;
                        Ok((Self::$kind(record), complaints))
                    }),+
                }
            }
        }
    };
}

records! {
    Operator in Operators, |r| r.id.0.clone();
    TagGroup in TagGroups, |r| r.id.0.clone();
    Tag in Tags, |r| r.id.0.clone();
    Customer in Customers, |r| r.id.0.clone();
    FollowUp in FollowUps, |r| r.id.0.clone();
    Group in Groups, |r| r.id.0.clone();
    GroupDay in GroupDays, |r| two(&r.group_id.0, &r.day);
    GroupMember in GroupMembers, |r| two(&r.group_id.0, &r.member_id);
    GroupActivity in GroupActivities, |r| r.id.0.clone();
    Snippet in Snippets, |r| r.id.0.clone();
    Broadcast in Broadcasts, |r| r.id.0.clone();
    Order in Orders, |r| r.id.0.clone();
    Event in Events, |r| r.id.0.clone();
}

/// A key of two parts, empty where either is.
fn two(group: &str, part: &str) -> String {
    if group.is_empty() || part.is_empty() { String::new() } else { format!("{group}:{part}") }
}

/// One line of the change feed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// Number of the change, rising.
    pub seq: i64,
    /// The collection.
    pub resource: Resource,
    /// The record's key within it.
    pub id: String,
    /// What happened.
    pub op: ChangeOp,
    /// The record as it is now; absent for a deletion.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<Value>,
}

/// What happened to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ChangeOp {
    /// It is new or changed.
    Upsert,
    /// It is gone.
    Delete,
}
