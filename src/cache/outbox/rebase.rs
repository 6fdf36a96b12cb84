//! What later writes of a record stand on, when an earlier one goes or comes out otherwise.
//!
//! The image of a write holds the values that it found, and those may be an earlier write's. Where
//! that one is taken away, its own image comes in their place; where the backend made something
//! else of it, what the backend made.

use rusqlite::Connection;
use serde_json::{Map, Value};

use super::entry::{self, Entry};
use crate::cache::error::Result;
use crate::cache::ledger::Ledger;
use crate::model::write::Clash;
use crate::model::{AnyRecord, Deed, TagId, Write};

/// A field, or a member of `custom`.
pub(super) type Leaf = (String, Option<String>);

/// The fields that a write decides.
pub(super) fn leaves(write: &Write) -> Vec<Leaf> {
    let Deed::Set { fields } = &write.deed else {
        return write.fields().into_iter().map(|field| (field.to_owned(), None)).collect();
    };
    let mut found = Vec::new();
    for (field, value) in fields {
        match value {
            Value::Object(members) if field == "custom" => {
                found.extend(members.keys().map(|member| (field.clone(), Some(member.clone()))));
            }
            _ => found.push((field.clone(), None)),
        }
    }
    found
}

/// The value of a field in an image.
pub(super) fn value<'m>(image: &'m Map<String, Value>, (field, member): &Leaf) -> &'m Value {
    let value = image.get(field).unwrap_or(&Value::Null);
    match member {
        Some(member) => value.get(member).unwrap_or(&Value::Null),
        None => value,
    }
}

/// The value that a write sends for a field.
pub(super) fn sent<'w>(write: &'w Write, leaf: &Leaf) -> &'w Value {
    match &write.deed {
        Deed::Set { fields } => value(fields, leaf),
        _ => &Value::Null,
    }
}

/// A field as operators read it: a member of `custom` as `custom.NAME`.
pub(super) fn spelled((field, member): &Leaf) -> String {
    member.as_ref().map_or_else(|| field.clone(), |member| format!("{field}.{member}"))
}

/// Puts the value of a field into an image.
pub(super) fn put(image: &mut Map<String, Value>, (field, member): &Leaf, value: Value) {
    match (image.get_mut(field), member) {
        (Some(Value::Object(members)), Some(member)) => drop(members.insert(member.clone(), value)),
        (_, Some(member)) => {
            let members = Map::from_iter([(member.clone(), value)]);
            image.insert(field.clone(), Value::Object(members));
        }
        (_, None) => drop(image.insert(field.clone(), value)),
    }
}

/// Takes a field out of an image.
pub(super) fn remove(image: &mut Map<String, Value>, (field, member): &Leaf) {
    if let (Some(member), Some(Value::Object(members))) = (member, image.get_mut(field)) {
        members.shift_remove(member);
        if !members.is_empty() {
            return;
        }
    }
    image.shift_remove(field);
}

/// The field that is spelled so, of those that a write decides.
pub(super) fn leaf(write: &Write, field: &str) -> Option<Leaf> {
    leaves(write).into_iter().find(|leaf| spelled(leaf) == field)
}

/// Where one write comes in the place of another, what both decide keeps the value that was found.
pub(super) fn carry(old: &Write, found: &Map<String, Value>, new: &Write, image: &mut Map<String, Value>) {
    if let (Deed::Set { .. }, Deed::Set { .. }) = (&old.deed, &new.deed) {
        let old = leaves(old);
        for leaf in leaves(new).iter().filter(|leaf| old.contains(leaf)) {
            put(image, leaf, value(found, leaf).clone());
        }
    }
}

/// Tells the writes behind a row that it writes this now: that is what they find.
pub(super) fn take_up(ledger: &mut Ledger<'_>, n: i64, write: &Write) -> Result<()> {
    let Some(mut entry) = entry::one(ledger.connection(), n)? else { return Ok(()) };
    match &write.deed {
        Deed::Set { fields } => hand_down(ledger, &entry, fields),
        Deed::Tag { add, remove } => {
            // As if what takes it back were taken away.
            let Some(inverse) = write.inverse(&entry.record, &entry.image, String::new) else {
                return Ok(());
            };
            let gone = |tag: &Value| tag.as_str().is_some_and(|tag| remove.iter().any(|gone| gone.0 == tag));
            let mut after = entry.image.clone();
            if let Some(Value::Array(tags)) = after.get_mut("tags") {
                tags.retain(|tag| !gone(tag));
                tags.extend(add.iter().map(|tag| Value::from(tag.as_str())));
            }
            entry.write = inverse;
            hand_down(ledger, &entry, &after)
        }
        _ => Ok(()),
    }
}

/// Gives the writes behind `gone` the values that it found, or that the backend made of it.
pub(super) fn hand_down(ledger: &mut Ledger<'_>, gone: &Entry, image: &Map<String, Value>) -> Result<()> {
    let later: Vec<Entry> = entry::open_of(ledger.connection(), gone.resource, &gone.record)?
        .into_iter()
        .filter(|entry| entry.n > gone.n)
        .collect();
    if later.is_empty() {
        return Ok(());
    }
    let mut left = leaves(&gone.write);
    let mut tags = Retagged::of(&gone.write, image);
    for mut entry in later {
        let before = entry.image.clone();
        if let (Deed::Tag { add, remove }, Some(tags)) = (&entry.write.deed, &mut tags) {
            tags.leave(&mut entry.image);
            tags.forget(add, remove);
        } else {
            let its = leaves(&entry.write);
            for leaf in its.iter().filter(|leaf| left.contains(leaf)) {
                put(&mut entry.image, leaf, value(image, leaf).clone());
            }
            left.retain(|leaf| !its.contains(leaf));
        }
        if entry.image != before {
            entry::set_image(ledger, entry.n, &entry.image)?;
        }
    }
    Ok(())
}

/// The image that the backend knows of: writes before this one that it does not have are not what
/// others found.
pub(super) fn base(connection: &Connection, entry: &Entry) -> Result<Map<String, Value>> {
    let mut image = entry.image.clone();
    let mut open = leaves(&entry.write);
    for earlier in entry::open_of(connection, entry.resource, &entry.record)? {
        if earlier.n >= entry.n {
            break;
        }
        let its = leaves(&earlier.write);
        for leaf in its.iter().filter(|leaf| open.contains(leaf)) {
            put(&mut image, leaf, value(&earlier.image, leaf).clone());
        }
        open.retain(|leaf| !its.contains(leaf));
    }
    Ok(image)
}

/// Where a write disagrees with what the backend has.
pub(super) fn clashes(connection: &Connection, entry: &Entry, truth: &AnyRecord) -> Result<Vec<Clash>> {
    Ok(entry.write.clashes(&base(connection, entry)?, truth))
}

/// The tags that a write gave and took, which are not given and taken any more.
struct Retagged {
    given: Vec<Value>,
    taken: Vec<Value>,
}

impl Retagged {
    fn of(write: &Write, image: &Map<String, Value>) -> Option<Self> {
        let Deed::Tag { add, remove } = &write.deed else { return None };
        let had =
            |tag: &Value| image.get("tags").and_then(Value::as_array).is_some_and(|tags| tags.contains(tag));
        let values = |tags: &[TagId]| tags.iter().map(|tag| Value::from(tag.as_str())).collect::<Vec<_>>();
        let added = values(add);
        let given = added.iter().filter(|tag| !had(tag)).cloned().collect();
        let taken = values(remove).into_iter().filter(|tag| had(tag) && !added.contains(tag)).collect();
        Some(Self { given, taken })
    }

    /// Takes them out of an image.
    fn leave(&self, image: &mut Map<String, Value>) {
        if let Some(Value::Array(tags)) = image.get_mut("tags") {
            tags.retain(|tag| !self.given.contains(tag));
            for tag in &self.taken {
                if !tags.contains(tag) {
                    tags.push(tag.clone());
                }
            }
        }
    }

    /// A later write decides these.
    fn forget(&mut self, add: &[TagId], remove: &[TagId]) {
        let decided = |tag: &Value| {
            tag.as_str().is_some_and(|tag| add.iter().chain(remove).any(|other| other.as_str() == tag))
        };
        self.given.retain(|tag| !decided(tag));
        self.taken.retain(|tag| !decided(tag));
    }
}
