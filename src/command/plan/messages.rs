//! Messages: which channel they take, and what stands in them once their variables are filled.

use serde_json::{Value, json};

use super::customers::filled;
use super::{Draft, PlanError, Skip};
use crate::command::Verb;
use crate::model::{AnyRecord, Customer, Deed, Operator, Planned, Resource, Write};

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
        return Ok((String::new(), filled(draft, 0, "text")?));
    }
    Ok((draft.arg(0).to_owned(), filled(draft, 1, "text")?))
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

/// Fills `{{customer.name}}` and its like, each exactly once: what a customer wrote into a field is
/// never read as a variable.
///
/// # Errors
/// The variable that this customer, or the operator, has nothing for.
pub fn fill(customer: &Customer, operator: Option<&Operator>, text: &str) -> Result<String, String> {
    let mut item = json!({"customer": customer, "operator": operator});
    // What one calls a customer: the company's own note for them comes before what they show.
    if let Some(remark) = customer.remark.as_deref().filter(|remark| !remark.trim().is_empty()) {
        item["customer"]["called"] = remark.into();
    } else {
        item["customer"]["called"] = customer.name.as_str().into();
    }
    // What is filled into a message before may have braces in it: they are written so, and stand for themselves.
    item["brace"] = "{".into();
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        let Some((name, after)) = after.split_once("}}") else { break };
        let name = name.trim();
        let path = format!("/{}", name.replace('.', "/"));
        let value = match item.pointer(&path) {
            Some(Value::String(text)) if !text.trim().is_empty() => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => return Err(name.to_owned()),
        };
        filled.push_str(before);
        filled.push_str(&value);
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}
