//! Messages to many: made here, and sent only when each of the staff confirms in their own client.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::corp::Corp;
use super::refusal::{Answer, Asked, done, only, page, refuse};

const DAY: i64 = 86_400;
/// Reminders of a message within a day.
const MOST_REMINDERS: usize = 3;

/// A message to many.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// `single` or `group`.
    pub kind: String,
    pub creator: String,
    pub created: i64,
    pub text: String,
    /// By who sends it: to whom, and when that was confirmed.
    pub tasks: BTreeMap<String, Task>,
    pub reminded: Vec<i64>,
    pub cancelled: bool,
}

/// What one of the staff has to send.
#[derive(Clone, Debug, Default)]
pub struct Task {
    pub to: Vec<String>,
    pub sent: Option<i64>,
}

/// `add_msg_template`
pub fn add(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let kind = asked.text("chat_type").unwrap_or("single");
    let text = asked.body.pointer("/text/content").and_then(Value::as_str).unwrap_or_default();
    if text.is_empty() && asked.body.get("attachments").is_none() {
        return refuse(40058, "neither text nor attachments");
    }
    if text.len() > 4000 {
        return refuse(40058, "text longer than 4000 bytes");
    }
    let sender = asked.text("sender");
    if sender.is_some_and(|sender| !corp.is_follower(sender)) {
        return refuse(60111, "sender not found");
    }
    let mut tasks: BTreeMap<String, Task> = BTreeMap::new();
    let mut failed = Vec::new();
    match kind {
        "single" => {
            for external in asked.texts("external_userid", 10_000)? {
                let by = match sender {
                    Some(sender) => Some(sender.to_owned()),
                    None => corp.followers().find(|id| corp.follow(id, external).is_some()).cloned(),
                };
                match by.filter(|by| corp.follow(by, external).is_some()) {
                    Some(by) => tasks.entry(by).or_default().to.push(external.to_owned()),
                    None => failed.push(external.to_owned()),
                }
            }
        }
        "group" => {
            let Some(sender) = sender else { return refuse(40058, "sender missing") };
            for chat in asked.texts("chat_id_list", 2000)? {
                match corp.chats.get(chat).filter(|chat| chat.owner == sender) {
                    Some(_) => tasks.entry(sender.to_owned()).or_default().to.push(chat.to_owned()),
                    None => failed.push(chat.to_owned()),
                }
            }
        }
        _ => return refuse(40058, "chat_type is neither single nor group"),
    }
    if tasks.is_empty() {
        return refuse(41048, "no recipients");
    }
    let creator = sender.unwrap_or_default().to_owned();
    let (kind, text) = (kind.to_owned(), text.to_owned());
    let id = corp.id("msg");
    let made =
        Message { kind, creator, created: asked.now, text, tasks, reminded: Vec::new(), cancelled: false };
    corp.messages.insert(id.clone(), made);
    let made = json!({"fail_list": failed, "msgid": id});
    Ok(made.as_object().cloned().unwrap_or_default())
}

/// `get_groupmsg_list_v2`
pub fn list(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let kind = asked.text("chat_type").unwrap_or("single");
    let (Some(from), Some(to)) = (asked.number("start_time"), asked.number("end_time")) else {
        return refuse(40058, "start_time or end_time missing");
    };
    if to < from || to - from > 31 * DAY {
        return refuse(40058, "a month at most");
    }
    let within = |message: &Message| message.kind == kind && (from..=to).contains(&message.created);
    let all: Vec<Value> = corp
        .messages
        .iter()
        .filter(|(_, message)| within(message))
        .map(|(id, message)| {
            json!({
                "msgid": id, "creator": message.creator, "create_time": message.created.to_string(),
                "create_type": 1, "text": {"content": message.text}, "attachments": [],
            })
        })
        .collect();
    let of = format!("messages {kind} {from} {to}");
    let (part, next) = page(&all, asked.text("cursor"), &of, asked.limit(50, 100))?;
    let mut made = json!({"group_msg_list": part});
    if !next.is_empty() {
        made["next_cursor"] = next.into();
    }
    Ok(made.as_object().cloned().unwrap_or_default())
}

/// `get_groupmsg_task`: who has confirmed.
pub fn tasks(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let id = asked.wants("msgid", 40058)?;
    let Some(message) = corp.messages.get(id) else { return refuse(40058, "invalid msgid") };
    let one = |(userid, task): (&String, &Task)| match task.sent {
        Some(at) => json!({"userid": userid, "status": 2, "send_time": at}),
        None => json!({"userid": userid, "status": 0}),
    };
    let all: Vec<Value> = message.tasks.iter().map(one).collect();
    let (part, next) = page(&all, asked.text("cursor"), id, asked.limit(500, 1000))?;
    let mut made = json!({"task_list": part});
    if !next.is_empty() {
        made["next_cursor"] = next.into();
    }
    Ok(made.as_object().cloned().unwrap_or_default())
}

/// `get_groupmsg_send_result`: of one of the staff.
pub fn results(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let (id, userid) = (asked.wants("msgid", 40058)?, asked.wants("userid", 40058)?);
    let Some(message) = corp.messages.get(id) else { return refuse(40058, "invalid msgid") };
    let Some(task) = message.tasks.get(userid) else { return refuse(60111, "userid not found") };
    let group = message.kind == "group";
    let one = |to: &String| {
        let status = match task.sent {
            None => 0,
            Some(_) if !group && corp.follow(userid, to).is_none() => 2,
            Some(_) => 1,
        };
        let mut made = json!({"userid": userid, "status": status});
        made[if group { "chat_id" } else { "external_userid" }] = to.as_str().into();
        if let (1, Some(at)) = (status, task.sent) {
            made["send_time"] = at.into();
        }
        made
    };
    let all: Vec<Value> = task.to.iter().map(one).collect();
    let (part, next) = page(&all, asked.text("cursor"), &format!("{id} {userid}"), asked.limit(500, 1000))?;
    let mut made = json!({"send_list": part});
    if !next.is_empty() {
        made["next_cursor"] = next.into();
    }
    Ok(made.as_object().cloned().unwrap_or_default())
}

/// `remind_groupmsg_send`: three times a day.
pub fn remind(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let id = asked.wants("msgid", 40058)?;
    let Some(message) = corp.messages.get_mut(id) else { return refuse(40058, "invalid msgid") };
    if message.cancelled {
        return refuse(41093, "the message was cancelled");
    }
    message.reminded.retain(|at| *at > asked.now - DAY);
    if message.reminded.len() >= MOST_REMINDERS {
        return refuse(45033, "reminded three times within 24 hours");
    }
    message.reminded.push(asked.now);
    done()
}

/// `cancel_groupmsg_send`
pub fn cancel(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let id = asked.wants("msgid", 40058)?;
    let Some(message) = corp.messages.get_mut(id) else { return refuse(40058, "invalid msgid") };
    message.cancelled = true;
    done()
}

/// Somebody confirms in their own client; the simulator's own doing.
pub fn confirm(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let (id, userid) = (asked.wants("msgid", 40058)?, asked.wants("userid", 40058)?);
    let task = corp.messages.get_mut(id).and_then(|message| message.tasks.get_mut(userid));
    let Some(task) = task else { return refuse(40058, "no such message or sender") };
    task.sent = Some(asked.now);
    only("sent", task.to.len())
}
