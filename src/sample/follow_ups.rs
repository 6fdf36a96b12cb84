//! Follow-ups: what is still to be done for whom, and what was done.

use super::Community;
use super::calendar::{Calendar, DAY, HOUR, MINUTE, PAST};
use super::customers::Person;
use super::dice::Dice;
use super::events::{self, Moment};
use super::{orders, texts};
use crate::model::{EventKind, FollowUp, FollowUpKind, FollowUpStatus, Priority};

/// Title, body, means, source, how urgent.
type Task = (&'static str, &'static str, FollowUpKind, &'static str, Priority);

const TASKS: [Task; 16] = [
    ("首单后回访，确认奶粉段位", "确认宝宝月龄和喝奶量", FollowUpKind::Call, "sop:新客D3", Priority::Normal),
    ("新客第7天关怀", "问试用装感受，发新客券", FollowUpKind::Message, "sop:新客D7", Priority::Normal),
    ("新客第30天：引导入群", "", FollowUpKind::Message, "sop:新客D30", Priority::Low),
    ("说好发试用装链接", "", FollowUpKind::Message, "manual", Priority::High),
    ("报价后 3 天跟进", "团购 20 份，等对方确认发票抬头", FollowUpKind::Call, "sop:报价", Priority::High),
    ("积分月底到期提醒", "到期前可兑换湿巾或小样", FollowUpKind::Message, "rule:积分到期", Priority::Normal),
    ("生日关怀，送生日券", "", FollowUpKind::Care, "rule:生日", Priority::Normal),
    ("90 天未下单，唤醒", "上次买的是2段，可能已换段", FollowUpKind::Call, "rule:沉睡唤醒", Priority::Normal),
    ("退换货进度告知", "快递已签收，等仓库质检", FollowUpKind::AfterSale, "manual", Priority::Urgent),
    ("投诉回访：包装破损", "已补发，确认是否满意", FollowUpKind::AfterSale, "rule:投诉", Priority::Urgent),
    (
        "奶粉快喝完了，提醒复购",
        "按复购周期预计还剩 5 天",
        FollowUpKind::Renewal,
        "rule:复购周期",
        Priority::High,
    ),
    ("会员卡到期续费", "金卡权益说明", FollowUpKind::Renewal, "rule:会员到期", Priority::High),
    ("约了到店体验", "带宝宝来，准备小礼物", FollowUpKind::Visit, "manual", Priority::High),
    ("群里问价未回复", "", FollowUpKind::Message, "rule:群消息未回", Priority::Normal),
    ("开发票并寄出", "", FollowUpKind::Other, "manual", Priority::Low),
    ("转介绍答谢", "送老客 50 积分", FollowUpKind::Care, "rule:转介绍", Priority::Low),
];

/// Pending follow-ups among the first `customers`: 400 of 5,000.
fn quota(customers: usize) -> usize {
    (customers * 2).div_ceil(25)
}

/// The pending and the done follow-ups of a block.
pub(super) fn draw(whole: &Community, number: usize, people: &mut [Person]) -> Vec<FollowUp> {
    let calendar = &whole.calendar;
    let mut dice = Dice::new(whole.seed, "follow-ups", number);
    let mut all = Vec::new();
    for person in people.iter_mut() {
        if person.dice.percent(14) && person.until - person.added > DAY {
            all.push(done(calendar, person));
        }
    }
    let block = whole.block(number);
    let wanted = quota(block.end) - quota(block.start);
    let is_settled = |person: &&Person| !person.is_gone() && calendar.now - person.added > 10 * DAY;
    let mut places: Vec<usize> =
        people.iter().filter(is_settled).map(|person| person.index - block.start).collect();
    if places.is_empty() {
        places = (0..people.len()).collect();
    }
    for nth in 0..wanted {
        // The first are drawn without repeating; where all have one, some get a second.
        let from = nth % places.len();
        let chosen = from + dice.below(places.len() - from);
        places.swap(from, chosen);
        let serial = quota(block.start) + nth;
        all.push(pending(calendar, &people[places[from]], serial, &mut dice));
    }
    all
}

fn pending(calendar: &Calendar, person: &Person, serial: usize, dice: &mut Dice) -> FollowUp {
    let now = calendar.now;
    let midnight = calendar.start(PAST + 1);
    let due = match serial % 10 {
        3 => now - dice.between(40, 6 * 24 * 60) * MINUTE,
        0 | 1 | 6 => now + dice.between(1, ((midnight - now) / MINUTE - 1).max(1)) * MINUTE,
        _ => calendar.start(PAST) + dice.between(1, 13) * DAY + dice.between(18, 41) * HOUR / 2,
    };
    // Made in the days before it is due, and after the customer came.
    let created = (due.min(now) - dice.between(60, 5 * 24 * 60) * MINUTE).max(person.added).min(now);
    let (title, body, kind, source, priority) = TASKS[dice.below(TASKS.len())];
    let promised =
        matches!(kind, FollowUpKind::AfterSale) || priority == Priority::Urgent || dice.percent(12);
    let sla = if promised { Some(due + dice.between(2, 24) * HOUR) } else { None };
    let doing = dice.percent(14);
    let snoozed = due > now + DAY && dice.percent(4);
    let assigned = doing || dice.percent(94);
    FollowUp {
        id: format!("f{:07}", serial + 1).into(),
        customer_id: person.id.clone(),
        title: title.to_owned(),
        body: (!body.is_empty()).then(|| body.to_owned()),
        kind,
        due_at: Some(calendar.time(due)),
        sla_at: sla.map(|at| calendar.time(at)),
        priority,
        status: if doing { FollowUpStatus::Doing } else { FollowUpStatus::Open },
        snoozed_until: snoozed.then(|| calendar.time(due - 12 * HOUR)),
        assignee_id: assigned.then(|| person.owner().into()),
        source: Some(source.to_owned()),
        outcome: doing.then(|| ["no_answer", "call_later"][dice.below(2)].to_owned()),
        note: None,
        created_at: Some(calendar.time(created)),
        done_at: None,
        rev: Some("1".to_owned()),
    }
}

/// A follow-up that was done or dropped, with the contact that it left in the timeline.
fn done(calendar: &Calendar, person: &mut Person) -> FollowUp {
    let (first, last) = (calendar.day(person.added), calendar.day(person.until));
    let day = last - person.dice.below(last - first + 1);
    let at = orders::moment(calendar, day, &mut person.dice);
    let at = at.clamp((person.added + HOUR).min(person.until), person.until);
    let (title, body, kind, source, priority) = TASKS[person.dice.below(TASKS.len())];
    let owner = person.bonds[0].operator;
    let cancelled = person.dice.percent(12);
    let mut outcome = None;
    if !cancelled {
        let moment = if kind == FollowUpKind::Call {
            events::call(person, at, owner)
        } else {
            let (word, _) = texts::OUTCOMES[person.dice.below(4)];
            Moment::new(at, EventKind::MessageOut, texts::answer(&mut person.dice))
                .by(owner)
                .with("outcome", word)
        };
        outcome = moment.data.get("outcome").and_then(|word| word.as_str()).map(str::to_owned);
        person.moments.push(moment);
    }
    let dice = &mut person.dice;
    let due = at + dice.between(-36, 30) * HOUR;
    let created = (at.min(due) - dice.between(4, 72) * HOUR).max(person.added).min(at);
    FollowUp {
        id: format!("f{:07}-d", person.index + 1).into(),
        customer_id: person.id.clone(),
        title: title.to_owned(),
        body: (!body.is_empty()).then(|| body.to_owned()),
        kind,
        due_at: Some(calendar.time(due.max(created))),
        sla_at: None,
        priority,
        status: if cancelled { FollowUpStatus::Cancelled } else { FollowUpStatus::Done },
        snoozed_until: None,
        assignee_id: Some(owner.into()),
        source: Some(source.to_owned()),
        outcome,
        note: dice.percent(30).then(|| texts::note(dice).to_owned()),
        created_at: Some(calendar.time(created)),
        done_at: Some(calendar.time(at)),
        rev: Some("2".to_owned()),
    }
}
