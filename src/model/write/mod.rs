//! A [`Write`]: one change to one record, and the rules of it that need no I/O.
//!
//! ```text
//! command ──Plan──▶ ChangeSet ──one transaction──▶ cache rows + outbox + undo image + audit
//! outbox ──Write, key──▶ backend ──Outcome──▶ outbox
//! ```
//!
//! A write is the unit of optimistic update, undo, outbox, audit, dry run and conflict. What it
//! does to a record ([`Write::apply`]), what takes it back ([`Write::inverse`]), whether it has
//! happened already ([`Write::is_in`]) and where it disagrees with somebody else's change
//! ([`Write::clashes`]) is decided here, and nowhere else.

mod apply;
mod keeps;
mod made;
mod merge;
mod set;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{CustomerId, Resource, TagId, Time};

pub use keeps::Keeps;
pub use merge::Clash;
pub use set::{Actor, AuditLine, ChangeSet, Left, Outcome, Planned, WriteState};

/// Ids of records that the backend has not named yet begin with this.
pub const LOCAL: char = '~';

/// Whether an id is one that this console gave, until the backend names the record.
pub fn is_local(id: &str) -> bool {
    id.starts_with(LOCAL)
}

/// One change to one record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Write {
    /// The kind of record that it changes or makes.
    pub resource: Resource,
    /// The record; a local id ([`LOCAL`]) where it makes one.
    pub id: String,
    /// What it does.
    #[serde(flatten)]
    pub deed: Deed,
}

/// What a write does.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "deed", rename_all = "snake_case")]
pub enum Deed {
    /// Lays fields over a customer, a follow-up or a tag. `custom` is merged by its members, and
    /// `null` takes one out; other lists are replaced.
    Set {
        /// New values by the names of the data model.
        fields: Map<String, Value>,
    },
    /// Changes the tags of a customer: the company's own; what is removed leaves every relation.
    Tag {
        /// Tags to have.
        #[serde(default)]
        add: Vec<TagId>,
        /// Tags to have no more; also those whose exclusive group an added one takes.
        #[serde(default)]
        remove: Vec<TagId>,
    },
    /// Makes a follow-up, a tag, or an event on a customer's timeline.
    Make {
        /// Its fields. An event has its `customer_id` among them.
        fields: Map<String, Value>,
    },
    /// Sends a message to a customer. What comes of it is an event.
    Send {
        /// To whom.
        customer_id: CustomerId,
        /// One of the customer's channels.
        channel: String,
        /// The text, as it is sent.
        body: String,
    },
    /// Deletes a tag.
    Delete,
}

impl Write {
    /// Changes fields of a record.
    pub fn set(resource: Resource, id: impl Into<String>, fields: Map<String, Value>) -> Self {
        Self { resource, id: id.into(), deed: Deed::Set { fields } }
    }

    /// Changes one field of a record.
    pub fn set_one(resource: Resource, id: impl Into<String>, field: &str, value: impl Into<Value>) -> Self {
        Self::set(resource, id, Map::from_iter([(field.to_owned(), value.into())]))
    }

    /// The lane of the outbox it goes in: writes of one lane reach the backend one after another,
    /// in the order in which they were made. What happens on a customer's timeline goes in the
    /// customer's lane.
    pub fn lane(&self) -> String {
        match &self.deed {
            Deed::Send { customer_id, .. } => format!("{}/{customer_id}", Resource::Customers),
            Deed::Make { fields } if self.resource == Resource::Events => {
                let customer = fields.get("customer_id").and_then(Value::as_str).unwrap_or_default();
                format!("{}/{customer}", Resource::Customers)
            }
            _ => format!("{}/{}", self.resource, self.id),
        }
    }

    /// Names of the fields whose values it decides; empty where it makes a record.
    pub fn fields(&self) -> Vec<&str> {
        match &self.deed {
            Deed::Set { fields } => fields.keys().map(String::as_str).collect(),
            Deed::Tag { .. } => vec!["tags"],
            Deed::Delete => vec!["deleted"],
            Deed::Make { .. } | Deed::Send { .. } => Vec::new(),
        }
    }

    /// Whether it reaches a customer: it is never sent a second time unless the backend says that
    /// it has not come the first time.
    pub fn is_outbound(&self) -> bool {
        matches!(self.deed, Deed::Send { .. })
    }

    /// How long a backend has to know the key of a write, in milliseconds: sent again within that,
    /// nothing happens twice.
    pub const KEY_KEPT: i64 = 24 * 3_600_000;

    /// Whether nobody can tell any more if it has arrived, where it was on its way at `sent_at` and no
    /// answer came: it makes a record, was looked for in vain, and the backend may have forgotten
    /// its key.
    pub fn is_forgotten(&self, sent_at: Option<Time>, now: Time) -> bool {
        self.makes() && sent_at.is_some_and(|sent| now.millis - sent.millis >= Self::KEY_KEPT)
    }

    /// The id of the record that it is about: of what it makes, the customer's whose that is to be.
    pub fn about(&self) -> &str {
        match &self.deed {
            Deed::Send { customer_id, .. } => customer_id.as_str(),
            Deed::Make { fields } => fields.get("customer_id").and_then(Value::as_str).unwrap_or_default(),
            _ => &self.id,
        }
    }

    /// Whether it makes a record that was not there.
    pub fn makes(&self) -> bool {
        matches!(self.deed, Deed::Make { .. } | Deed::Send { .. })
    }

    /// Whether it brings a deleted tag back: until that is done, the backend lets nobody have it.
    pub fn restores(&self) -> bool {
        match &self.deed {
            Deed::Set { fields } if self.resource == Resource::Tags => {
                fields.len() == 1 && fields.get("deleted") == Some(&Value::Bool(false))
            }
            _ => false,
        }
    }

    /// Whether something takes it back once the backend has it.
    pub fn is_reversible(&self) -> bool {
        let image = Map::from_iter(self.fields().into_iter().map(|field| (field.to_owned(), Value::Null)));
        self.inverse(&self.id, &image, String::new).is_some()
    }

    /// Whether the record's revision guards it. Tags are added and removed one by one, and what is
    /// new has no revision: both go well with whatever others did meanwhile.
    pub fn is_guarded(&self) -> bool {
        matches!(self.deed, Deed::Set { .. })
    }

    /// Local ids that must have become real ones before it can be sent; its own is none of them
    /// where it makes the record.
    pub fn waits_for(&self) -> Vec<String> {
        let mut found = Vec::new();
        if is_local(&self.id) && !self.makes() {
            found.push(self.id.clone());
        }
        let deed = serde_json::to_value(&self.deed).unwrap_or_default(); // no key but strings
        collect_local(&deed, &mut found);
        found.sort();
        found.dedup();
        found
    }

    /// The same, where the backend has named what was `local`.
    #[must_use]
    pub fn renamed(&self, local: &str, id: &str) -> Self {
        let mut value = serde_json::to_value(self).unwrap_or_default(); // no key but strings
        rename(&mut value, local, id);
        serde_json::from_value(value).unwrap_or_else(|_| self.clone()) // a text stayed a text
    }
}

/// Members that hold ids: only those can mean a local one. Free text may begin with `~` too.
fn holds_ids(key: &str) -> bool {
    key == "id" || key.ends_with("_id") || matches!(key, "add" | "remove" | "tags" | "owners")
}

fn collect_local(value: &Value, found: &mut Vec<String>) {
    let Value::Object(map) = value else { return };
    for (key, value) in map {
        match value {
            Value::Object(_) => collect_local(value, found),
            Value::String(id) if holds_ids(key) && is_local(id) => found.push(id.clone()),
            Value::Array(ids) if holds_ids(key) => {
                let local = ids.iter().filter_map(Value::as_str).filter(|id| is_local(id));
                found.extend(local.map(str::to_owned));
            }
            _ => {}
        }
    }
}

fn rename(value: &mut Value, local: &str, real: &str) {
    let Value::Object(map) = value else { return };
    for (key, value) in map.iter_mut() {
        match value {
            Value::Object(_) => rename(value, local, real),
            Value::String(id) if holds_ids(key) && id == local => real.clone_into(id),
            Value::Array(ids) if holds_ids(key) => {
                for id in ids.iter_mut().filter(|id| id.as_str() == Some(local)) {
                    *id = Value::from(real);
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
