//! Messages: which channel they take, and what stands in them once their variables are filled.

use super::customers::filled;
use super::variables::{check_variables, fill};
use super::{Draft, PlanError, Skip};
use crate::command::Verb;
use crate::model::{AnyRecord, Customer, Deed, Planned, Resource, Write};

/// Words that leave the channel to the customer.
const ANY: [&str; 3] = ["", "auto", "-"];

/// Kinds of channels that are known to be some; any other is known by a customer who has it.
const KNOWN: [&str; 9] =
    ["wecom", "wechat", "phone", "sms", "email", "douyin", "xiaohongshu", "whatsapp", "telegram"];

/// The channels that a message to this customer can take, each kind once and in their order. Texts
/// do not go to a telephone by themselves: it counts only where it is named.
pub fn channels(customer: &Customer) -> Vec<&str> {
    let mut kinds: Vec<&str> = Vec::new();
    for kind in customer.channels.iter().map(|one| one.kind.as_str()) {
        if kind != "phone" && !kinds.contains(&kind) {
            kinds.push(kind);
        }
    }
    kinds
}

/// Whether a word names a channel: one that is known, or that one of these customers has.
pub fn is_channel<'a>(word: &str, customers: impl IntoIterator<Item = &'a Customer>) -> bool {
    ANY.contains(&word)
        || KNOWN.contains(&word)
        || customers.into_iter().any(|customer| customer.channels.iter().any(|one| one.kind == word))
}

/// Channel and text of `message.send`. A single argument that names no channel is the text.
pub(super) fn channel_and_text(
    draft: &Draft<'_>,
    targets: &[AnyRecord],
) -> Result<(String, String), PlanError> {
    let customers = targets.iter().filter_map(|record| match record {
        AnyRecord::Customer(customer) => Some(customer),
        _ => None,
    });
    if draft.command.args.len() == 1 && !is_channel(draft.arg(0), customers) {
        return Ok((String::new(), checked(filled(draft, 0, "text")?)?));
    }
    Ok((draft.arg(0).to_owned(), checked(filled(draft, 1, "text")?)?))
}

fn checked(text: String) -> Result<String, PlanError> {
    check_variables(&text).map(|()| text)
}

/// A message, its variables filled with what this customer has.
pub(super) fn send(
    draft: &mut Draft<'_>,
    record: &AnyRecord,
    customer: &Customer,
    channel: &str,
    text: &str,
) {
    let kinds = channels(customer);
    let kind = match kinds.as_slice() {
        _ if !ANY.contains(&channel) => {
            let has = customer.channels.iter().any(|one| one.kind == channel);
            has.then_some(channel).ok_or(Skip::NoChannel)
        }
        [] => Err(Skip::NoChannel),
        [only] => Ok(*only),
        several => Err(Skip::SeveralChannels(several.join(", "))),
    };
    let kind = match kind {
        Ok(kind) => kind.to_owned(),
        Err(why) => return draft.skip(record, why),
    };
    let me = draft.material.moment.me.as_ref();
    let operator = draft.material.operators.iter().find(|operator| Some(&operator.id) == me);
    match fill(customer, operator, text) {
        Err(lacks) => draft.skip(record, Skip::Lacks(lacks)),
        Ok(body) => {
            let deed = Deed::Send { customer_id: customer.id.clone(), channel: kind, body };
            let write = Write { resource: Resource::Events, id: (draft.material.local)(), deed };
            draft.writes.push(Planned { write, name: customer.name.clone(), image: serde_json::Map::new() });
        }
    }
}

/// Why no message goes to anybody, where that is for want of a channel's name.
pub(super) fn speechless(draft: &Draft<'_>) -> Option<PlanError> {
    let sends = matches!(draft.command.verb, Verb::MessageSend | Verb::MessageSnippet);
    let first = draft.skipped.first().filter(|_| sends && draft.writes.is_empty())?;
    match &first.why {
        Skip::SeveralChannels(channels) => {
            Some(PlanError::Channels { name: first.name.clone(), channels: channels.clone() })
        }
        _ => None,
    }
}
