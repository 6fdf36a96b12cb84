//! What a write does to a record, and what takes it back.

use serde_json::{Map, Value};

use super::{Deed, Write};
use crate::model::{AnyRecord, Customer, FollowUpStatus, OperatorId, Record, Resource, TagId, Time};

impl Write {
    /// The record as it is once this has happened; `None` where there is nothing to change, or
    /// where what would come is no record.
    ///
    /// `record` is the record as it is, `None` where it is not there; `at` and `me` are when and
    /// by whom, for the record that is made.
    pub fn apply(&self, record: Option<&AnyRecord>, at: Time, me: Option<&OperatorId>) -> Option<AnyRecord> {
        match (&self.deed, record) {
            (Deed::Set { fields }, Some(record)) => {
                let mut item = record.to_value();
                lay(item.as_object_mut()?, fields);
                if self.resource == Resource::FollowUps {
                    settle_done(item.as_object_mut()?, fields, at);
                }
                read(self.resource, item)
            }
            (Deed::Tag { add, remove }, Some(AnyRecord::Customer(customer))) => {
                Some(tagged(customer.clone(), add, remove).any())
            }
            (Deed::Delete, Some(AnyRecord::Tag(tag))) => {
                let mut tag = tag.clone();
                tag.deleted = true;
                Some(tag.any())
            }
            (Deed::Make { fields }, _) => {
                let mut item = Map::from_iter([("id".to_owned(), Value::from(self.id.as_str()))]);
                match self.resource {
                    Resource::FollowUps => {
                        item.insert("source".to_owned(), "manual".into());
                        item.insert("created_at".to_owned(), at.to_string().into());
                    }
                    Resource::Events => {
                        item.insert("at".to_owned(), at.to_string().into());
                        if let Some(me) = me {
                            item.insert("operator_id".to_owned(), me.as_str().into());
                        }
                    }
                    _ => {}
                }
                item.extend(fields.clone());
                read(self.resource, Value::Object(item))
            }
            (Deed::Send { customer_id, channel, body }, _) => {
                let title = body.trim().lines().next().unwrap_or_default();
                read(
                    Resource::Events,
                    serde_json::json!({
                        "id": self.id, "customer_id": customer_id, "operator_id": me, "at": at,
                        "kind": "message_out", "title": title, "body": (title != body).then_some(body),
                        "data": {"channel": channel},
                    }),
                )
            }
            _ => None,
        }
    }

    /// The values that it overwrites, as they are in `record`: what takes it back, and what tells
    /// whether somebody else has changed the same since.
    pub fn image(&self, record: &AnyRecord) -> Map<String, Value> {
        if let (Deed::Tag { .. }, AnyRecord::Customer(customer)) = (&self.deed, record) {
            let tags = customer.tags.iter().map(|tag| Value::from(tag.as_str())).collect();
            return Map::from_iter([("tags".to_owned(), Value::Array(tags))]); // the many of a bulk
        }
        let item = record.to_value();
        let value = |field: &str| item.get(field).cloned().unwrap_or(Value::Null);
        match &self.deed {
            Deed::Set { fields } => {
                let mut image: Map<_, _> = fields.keys().map(|field| (field.clone(), value(field))).collect();
                if let (Some(Value::Object(sent)), Some(Value::Object(had))) =
                    (fields.get("custom"), item.get("custom"))
                {
                    let had = |name: &String| (name.clone(), had.get(name).cloned().unwrap_or(Value::Null));
                    image.insert("custom".to_owned(), Value::Object(sent.keys().map(had).collect()));
                }
                image
            }
            Deed::Tag { .. } | Deed::Delete => {
                self.fields().into_iter().map(|field| (field.to_owned(), value(field))).collect()
            }
            Deed::Make { .. } | Deed::Send { .. } => Map::new(),
        }
    }

    /// What takes it back once the backend has it, given the [`Write::image`] of before; `None`
    /// where nothing does. `id` is the record's name at the backend.
    ///
    /// A follow-up that was made is cancelled, a tag that was made is deleted, points come back by
    /// an event of their own; what was said cannot be unsaid.
    pub fn inverse(
        &self,
        id: &str,
        image: &Map<String, Value>,
        local: impl FnOnce() -> String,
    ) -> Option<Self> {
        match &self.deed {
            Deed::Set { .. } if image.is_empty() => None,
            // No backend takes `deleted` for a field to lay over a tag.
            Deed::Set { .. } if self.restores() && image.get("deleted") == Some(&Value::Bool(true)) => {
                Some(Self { resource: self.resource, id: id.to_owned(), deed: Deed::Delete })
            }
            Deed::Set { .. } => Some(Self::set(self.resource, id, image.clone())),
            Deed::Tag { add, remove } => {
                let had = |tag: &TagId| {
                    let tags = image.get("tags").and_then(Value::as_array);
                    tags.is_some_and(|tags| tags.iter().any(|had| had.as_str() == Some(tag.as_str())))
                };
                let back: Vec<_> = remove.iter().filter(|tag| had(tag)).cloned().collect();
                let off: Vec<_> = add.iter().filter(|tag| !had(tag)).cloned().collect();
                let deed = Deed::Tag { add: back, remove: off };
                Some(Self { resource: self.resource, id: id.to_owned(), deed })
            }
            Deed::Delete => Some(Self::set_one(self.resource, id, "deleted", false)),
            Deed::Make { fields } => match self.resource {
                Resource::FollowUps => {
                    Some(Self::set_one(self.resource, id, "status", FollowUpStatus::Cancelled.word()))
                }
                Resource::Tags => {
                    Some(Self { resource: self.resource, id: id.to_owned(), deed: Deed::Delete })
                }
                Resource::Events => {
                    let change = fields.get("data")?.get("change")?.as_i64()?.checked_neg()?;
                    let mut fields = fields.clone();
                    fields["data"]["change"] = change.into();
                    Some(Self { resource: self.resource, id: local(), deed: Deed::Make { fields } })
                }
                _ => None,
            },
            Deed::Send { .. } => None,
        }
    }
}

/// Lays fields over a record; the members of `custom` one by one.
fn lay(item: &mut Map<String, Value>, fields: &Map<String, Value>) {
    for (name, value) in fields {
        match (item.get_mut(name), value) {
            (Some(Value::Object(had)), Value::Object(sent)) if name == "custom" => {
                for (name, value) in sent {
                    match value {
                        Value::Null => drop(had.shift_remove(name)),
                        value => drop(had.insert(name.clone(), value.clone())),
                    }
                }
            }
            _ => drop(item.insert(name.clone(), value.clone())),
        }
    }
}

/// `done_at` as the status asks for, where the write does not say.
fn settle_done(item: &mut Map<String, Value>, sent: &Map<String, Value>, at: Time) {
    let word = item.get("status").and_then(Value::as_str).unwrap_or_default();
    let pending = FollowUpStatus::parse(word).is_none_or(FollowUpStatus::is_pending);
    if pending {
        item.insert("done_at".to_owned(), Value::Null);
    } else if sent.contains_key("status") && !sent.contains_key("done_at") {
        item.insert("done_at".to_owned(), at.to_string().into());
    }
}

fn tagged(mut customer: Customer, add: &[TagId], remove: &[TagId]) -> Customer {
    let gone = |tag: &TagId| remove.contains(tag) && !add.contains(tag);
    for relation in &mut customer.relations {
        relation.tags.retain(|tag| !gone(tag));
    }
    customer.tags.retain(|tag| !gone(tag));
    for tag in add {
        if !customer.tags.contains(tag) {
            customer.tags.push(tag.clone());
        }
    }
    customer
}

fn read(resource: Resource, item: Value) -> Option<AnyRecord> {
    AnyRecord::read(resource, item).ok().map(|(record, _)| record)
}
