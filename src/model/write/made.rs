//! Whether a record is what a write that makes one has made: looked for where its answer is lost.

use serde_json::Value;

use super::merge::same;
use super::{Deed, Write};
use crate::model::{AnyRecord, EventKind, OperatorId, Record, Resource, Time};

/// How far the backend's clock may be behind, in milliseconds. A record that is older is taken for
/// another one: better sent again under its key than lost.
const BEHIND: i64 = 5_000;

impl Write {
    /// Whether `record` says what this would have made, by the same operator, and not before
    /// `since`, when this was first on its way. `false` where this makes nothing.
    ///
    /// Two notes of the same words are one to it: what other writes are known to have made has to
    /// be left out by whoever asks.
    pub fn has_made(&self, record: &AnyRecord, me: &OperatorId, since: Time) -> bool {
        // The moment it was made, where the backend keeps it; one that does not gives its own.
        let kept = |at: Option<Time>, fields: &serde_json::Map<String, Value>| {
            let made = fields.get("at").and_then(Value::as_str).and_then(|at| Time::parse(at).ok());
            made.is_some() && made == at
        };
        let recent = |at: Option<Time>| at.is_some_and(|at| at.millis >= since.millis.saturating_sub(BEHIND));
        match (&self.deed, record) {
            (Deed::Make { fields }, record) if record.resource() == self.resource => {
                let item = record.to_value();
                let says = |(name, wanted): (&String, &Value)| same(Some(wanted), item.get(name));
                let by_me = |by: Option<&OperatorId>| fields.contains_key("operator_id") || by == Some(me);
                let timed = self.resource == Resource::Events;
                fields.iter().filter(|(name, _)| !timed || *name != "at").all(says)
                    && match record {
                        AnyRecord::Event(event) => {
                            by_me(event.operator_id.as_ref()) && (kept(event.at, fields) || recent(event.at))
                        }
                        AnyRecord::FollowUp(follow_up) => recent(follow_up.created_at),
                        AnyRecord::Tag(tag) => !tag.deleted,
                        _ => false,
                    }
            }
            (Deed::Send { customer_id, channel, body }, AnyRecord::Event(event)) => {
                event.kind == EventKind::MessageOut
                    && event.customer_id.as_ref() == Some(customer_id)
                    && event.operator_id.as_ref() == Some(me)
                    && event.data.get("channel").and_then(Value::as_str) == Some(channel)
                    && event.body.as_deref().unwrap_or(&event.title) == body
                    && recent(event.at)
            }
            _ => false,
        }
    }

    /// The kind of record that comes of it.
    pub fn comes_to(&self) -> Resource {
        if self.is_outbound() { crate::model::Event::RESOURCE } else { self.resource }
    }
}
