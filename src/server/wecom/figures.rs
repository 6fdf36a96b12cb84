//! Figures: groups by owner and by day, and what the staff did. Up to yesterday, and of that only after six.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::corp::{ChatDay, Corp, StaffDay, midnight};
use super::refusal::{Answer, Asked, Refusal, only, refuse, texts};

const DAY: i64 = 86_400;
/// When the figures of the day before are worked out.
const WORKED_OUT: i64 = 6 * 3600;

/// The days that are asked for, by their first seconds.
fn days(asked: &Asked<'_>, from: &str, to: &str) -> Result<Vec<i64>, Refusal> {
    let Some(begin) = asked.number(from) else { return refuse(40058, &format!("{from} missing")) };
    let begin = midnight(begin);
    let end = midnight(asked.number(to).unwrap_or(begin));
    let today = midnight(asked.now);
    if end >= today || begin > end {
        return refuse(600018, "invalid time: up to yesterday");
    }
    if end - begin > 30 * DAY || begin < today - 180 * DAY {
        return refuse(600018, "invalid time: 30 days at most, of the last 180");
    }
    Ok((0..=(end - begin) / DAY).map(|n| begin + n * DAY).collect())
}

/// Whether the figures of a day are worked out by now.
fn is_worked_out(day: i64, now: i64) -> bool {
    day + DAY < midnight(now) || now >= midnight(now) + WORKED_OUT
}

/// Who was asked for, all of them owners.
fn owners<'a>(corp: &Corp, asked: &'a Asked<'_>) -> Result<Vec<&'a str>, Refusal> {
    let owners = texts(asked.body.pointer("/owner_filter/userid_list"), "owner_filter", 100)?;
    if owners.is_empty() {
        return refuse(40058, "owner_filter missing");
    }
    match owners.iter().find(|owner| !corp.staff.contains_key(**owner)) {
        Some(unknown) => refuse(60111, &format!("userid not found: {unknown}")),
        None => Ok(owners),
    }
}

/// The figures of the chats of an owner over days.
fn of_owner(corp: &Corp, owner: &str, days: &[i64], now: i64) -> Map<String, Value> {
    let mut sum = BTreeMap::from([
        ("new_chat_cnt", 0),
        ("chat_total", 0),
        ("chat_has_msg", 0),
        ("new_member_cnt", 0),
        ("member_total", 0),
        ("member_has_msg", 0),
        ("msg_total", 0),
        ("migrate_trainee_chat_cnt", 0),
    ]);
    let mut add = |name: &'static str, number: i64| *sum.entry(name).or_default() += number;
    let last = days.last().copied().unwrap_or_default();
    for (id, chat) in corp.chats.iter().filter(|(_, chat)| chat.owner == owner && chat.created < last + DAY) {
        add("chat_total", 1);
        add("new_chat_cnt", i64::from(days.contains(&midnight(chat.created))));
        let known: Vec<ChatDay> = days
            .iter()
            .filter(|day| is_worked_out(**day, now))
            .filter_map(|day| corp.chat_days.get(&(id.clone(), *day)).copied())
            .collect();
        add("chat_has_msg", i64::from(known.iter().any(|day| day.messages > 0)));
        add("new_member_cnt", known.iter().map(|day| day.joined).sum());
        add("member_total", known.last().map_or(0, |day| day.members));
        add("member_has_msg", known.iter().map(|day| day.active).sum());
        add("msg_total", known.iter().map(|day| day.messages).sum());
    }
    sum.into_iter().map(|(name, number)| (name.to_owned(), number.into())).collect()
}

fn total(parts: impl Iterator<Item = Map<String, Value>>) -> Map<String, Value> {
    parts.fold(Map::new(), |mut sum, part| {
        for (name, number) in part {
            let before = sum.get(&name).and_then(Value::as_i64).unwrap_or_default();
            sum.insert(name, (before + number.as_i64().unwrap_or_default()).into());
        }
        sum
    })
}

/// `groupchat/statistic`: by owner.
pub fn by_owner(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let owners = owners(corp, asked)?;
    let days = days(asked, "day_begin_time", "day_end_time")?;
    let mut all: Vec<Value> = owners
        .iter()
        .map(|owner| json!({"owner": owner, "data": of_owner(corp, owner, &days, asked.now)}))
        .collect();
    let by = match asked.number("order_by").unwrap_or(1) {
        1 => "new_chat_cnt",
        2 => "chat_total",
        3 => "new_member_cnt",
        4 => "member_total",
        _ => return refuse(40058, "order_by is not from 1 to 4"),
    };
    let ascending = asked.number("order_asc") == Some(1);
    all.sort_by_key(|row| {
        let number = row["data"][by].as_i64().unwrap_or_default();
        if ascending { number } else { -number }
    });
    let from = asked.number("offset").and_then(|from| usize::try_from(from).ok()).unwrap_or(0);
    let part: Vec<Value> = all.iter().skip(from).take(asked.limit(500, 1000)).cloned().collect();
    let made = json!({"total": all.len(), "next_offset": from + part.len(), "items": part});
    Ok(made.as_object().cloned().unwrap_or_default())
}

/// `groupchat/statistic_group_by_day`: all owners together, by day.
pub fn by_day(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let owners = owners(corp, asked)?;
    let days = days(asked, "day_begin_time", "day_end_time")?;
    let one = |day: &i64| {
        let parts = owners.iter().map(|owner| of_owner(corp, owner, &[*day], asked.now));
        json!({"stat_time": day, "data": total(parts)})
    };
    only("items", days.iter().map(one).collect::<Vec<_>>())
}

/// `get_user_behavior_data`: several people are summed, so that figures by person want a call for each.
pub fn behavior(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let users = asked.texts("userid", 100)?;
    if users.is_empty() {
        return refuse(40058, "neither userid nor partyid");
    }
    if let Some(unknown) = users.iter().find(|userid| !corp.staff.contains_key(**userid)) {
        return refuse(60111, &format!("userid not found: {unknown}"));
    }
    let days = days(asked, "start_time", "end_time")?;
    let one = |day: &i64| {
        let known = users.iter().filter(|_| is_worked_out(*day, asked.now));
        let sum = known.filter_map(|userid| corp.staff_days.get(&((*userid).to_owned(), *day))).fold(
            StaffDay::default(),
            |sum, one| StaffDay {
                chats: sum.chats + one.chats,
                messages: sum.messages + one.messages,
                replied: sum.replied + one.replied,
                added: sum.added + one.added,
            },
        );
        let mut made = json!({
            "stat_time": day, "chat_cnt": sum.chats, "message_cnt": sum.messages, "negative_feedback_cnt": 0,
            "new_apply_cnt": sum.added, "new_contact_cnt": sum.added,
        });
        // Whoever talked to nobody has no share of answers.
        if sum.chats > 0 {
            made["reply_percentage"] =
                json!((10_000 * sum.replied.min(sum.chats) / sum.chats) as f64 / 100.0);
            made["avg_reply_time"] = json!(1 + sum.chats % 7);
        }
        made
    };
    only("behavior_data", days.iter().map(one).collect::<Vec<_>>())
}
