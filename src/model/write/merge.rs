//! Where a write meets what others did to the same record.

use serde_json::{Map, Value};

use super::{Deed, Write};
use crate::model::{AnyRecord, TagId};

/// A field that both the operator and somebody else have changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Clash {
    /// Its name; a member of `custom` as `custom.NAME`.
    pub field: String,
    /// What it was when the operator wrote.
    pub base: Value,
    /// What the operator wrote.
    pub mine: Value,
    /// What it is at the backend.
    pub theirs: Value,
}

impl Write {
    /// Fields that somebody else has changed to something else since `image` was taken
    /// ([`Write::image`]); empty where both changes go together.
    pub fn clashes(&self, image: &Map<String, Value>, current: &AnyRecord) -> Vec<Clash> {
        let Deed::Set { fields } = &self.deed else { return Vec::new() };
        let item = current.to_value();
        let mut found = Vec::new();
        for (name, mine) in fields {
            let (base, theirs) = (image.get(name), item.get(name));
            match (mine, base) {
                (Value::Object(mine), Some(Value::Object(base))) if name == "custom" => {
                    for (member, mine) in mine {
                        let theirs = theirs.and_then(|theirs| theirs.get(member));
                        clash(&mut found, format!("custom.{member}"), base.get(member), mine, theirs);
                    }
                }
                _ => clash(&mut found, name.clone(), base, mine, theirs),
            }
        }
        found
    }

    /// Whether `record` is as it would be after this: nothing needs to be sent any more. Of a write
    /// that makes a record no other record can tell.
    pub fn is_in(&self, record: &AnyRecord) -> bool {
        match (&self.deed, record) {
            (Deed::Set { fields }, record) => {
                let item = record.to_value();
                fields.iter().all(|(name, wanted)| match (wanted, item.get(name)) {
                    (Value::Object(wanted), Some(Value::Object(there))) if name == "custom" => {
                        wanted.iter().all(|(name, wanted)| same(Some(wanted), there.get(name)))
                    }
                    (wanted, there) => same(Some(wanted), there),
                })
            }
            (Deed::Tag { add, remove }, AnyRecord::Customer(customer)) => {
                let has = |tag: &TagId| customer.tags.contains(tag);
                add.iter().all(has) && !remove.iter().any(|tag| !add.contains(tag) && has(tag))
            }
            (Deed::Delete, AnyRecord::Tag(tag)) => tag.deleted,
            _ => false,
        }
    }
}

fn clash(found: &mut Vec<Clash>, field: String, base: Option<&Value>, mine: &Value, theirs: Option<&Value>) {
    if same(base, theirs) || same(Some(mine), theirs) {
        return;
    }
    let owned = |value: Option<&Value>| value.cloned().unwrap_or(Value::Null);
    found.push(Clash { field, base: owned(base), mine: mine.clone(), theirs: owned(theirs) });
}

/// Whether two values say the same: times by their moment, and nothing is as good as `null`.
pub(super) fn same(one: Option<&Value>, other: Option<&Value>) -> bool {
    use crate::model::Time;
    match (one.unwrap_or(&Value::Null), other.unwrap_or(&Value::Null)) {
        (Value::String(one), Value::String(other)) if one != other => {
            matches!((Time::parse(one), Time::parse(other)), (Ok(one), Ok(other)) if one == other)
        }
        (one, other) => one == other,
    }
}
