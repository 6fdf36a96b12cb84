//! What comes to be done while the community goes on, each time for a reason that the records of
//! the customer give.

use jiff::Zoned;
use jiff::civil::Date;

use super::{Live, Sight, touch};
use crate::model::{
    AnyRecord, Customer, EventKind, FollowUp, FollowUpKind, FollowUpStatus, Order, Priority, Record, Time,
};
use crate::sample::calendar::{DAY, HOUR, MINUTE};
use crate::sample::{customers, occasions};

/// Customers that are looked at for one whom the reason fits.
const LOOKS: usize = 60;

/// What there is to do; `key` tells it from the customer's others.
struct Task {
    key: String,
    title: &'static str,
    kind: FollowUpKind,
    source: &'static str,
    priority: Priority,
    body: Option<String>,
    /// Milliseconds since 1970.
    due: i64,
}

impl Live {
    /// Somebody has something to do.
    pub(super) fn follow_up<E>(&mut self, now: Time, sight: &mut Sight<'_, E>) -> Result<Vec<AnyRecord>, E> {
        let first = self.dice.below(6);
        for turn in 0..6 {
            let records = match (first + turn) % 6 {
                0 => self.unanswered(now, sight)?,
                1 => self.refill(now, sight)?,
                2 => self.complaint(now, sight)?,
                3 => self.by_record(now, sight, after_first_order)?,
                4 => self.by_record(now, sight, birthday)?,
                _ => self.by_record(now, sight, asleep)?,
            };
            if !records.is_empty() {
                return Ok(records);
            }
        }
        Ok(Vec::new())
    }

    /// A customer whose own record gives something to do.
    fn by_record<E>(
        &mut self,
        now: Time,
        sight: &mut Sight<'_, E>,
        reason: fn(&Customer, &Zoned) -> Option<Task>,
    ) -> Result<Vec<AnyRecord>, E> {
        let clock = now.zoned(self.whole.calendar.zone());
        for _ in 0..LOOKS {
            let Some(customer) = self.anybody(sight)? else { continue };
            if let Some(task) = reason(&customer, &clock) {
                let made = self.made(&customer, now, task, sight)?;
                if !made.is_empty() {
                    return Ok(made);
                }
            }
        }
        Ok(Vec::new())
    }

    /// Somebody asked in a group and was not answered.
    fn unanswered<E>(&mut self, now: Time, sight: &mut Sight<'_, E>) -> Result<Vec<AnyRecord>, E> {
        let Some(scene) = self.scene(now, sight)? else { return Ok(Vec::new()) };
        for _ in 0..LOOKS / 4 {
            let Some((customer, Some(member))) = self.somebody(&scene, true, sight)? else { continue };
            let silent = member.last_message_at.map(|wrote| now.millis - wrote.millis);
            if !silent.is_some_and(|silent| (30 * MINUTE..DAY).contains(&silent)) || super::is_gone(&customer)
            {
                continue;
            }
            let task = Task {
                key: format!("asked-{}", now.millis / DAY),
                title: "群里问价未回复",
                kind: FollowUpKind::Message,
                source: "rule:群消息未回",
                priority: Priority::Normal,
                body: Some(scene.group.name.clone()),
                due: now.millis + self.dice.between(1, 24) * HOUR,
            };
            let made = self.made(&customer, now, task, sight)?;
            if !made.is_empty() {
                return Ok(made);
            }
        }
        Ok(Vec::new())
    }

    /// The milk powder of the last order is nearly used up.
    fn refill<E>(&mut self, now: Time, sight: &mut Sight<'_, E>) -> Result<Vec<AnyRecord>, E> {
        for _ in 0..LOOKS {
            let Some(customer) = self.anybody(sight)? else { continue };
            let Some(order) = last_order(&customer, sight)? else { continue };
            let item = order.items.iter().find(|item| occasions::is_milk(&item.name));
            let (Some(item), Some(at)) = (item, order.at) else { continue };
            if !(15 * DAY..45 * DAY).contains(&(now.millis - at.millis)) {
                continue;
            }
            let date = at.zoned(self.whole.calendar.zone()).date();
            let qty = item.qty.unwrap_or(1);
            let task = Task {
                key: format!("refill-{}", order.id),
                title: "奶粉快喝完了，提醒复购",
                kind: FollowUpKind::Renewal,
                source: "rule:复购周期",
                priority: Priority::High,
                body: Some(format!("{}月{}日买了 {} ×{qty}", date.month(), date.day(), item.name)),
                due: now.millis + self.dice.between(4, 48) * HOUR,
            };
            let made = self.made(&customer, now, task, sight)?;
            if !made.is_empty() {
                return Ok(made);
            }
        }
        Ok(Vec::new())
    }

    /// Somebody who bought lately complains, and is to be called back.
    fn complaint<E>(&mut self, now: Time, sight: &mut Sight<'_, E>) -> Result<Vec<AnyRecord>, E> {
        for _ in 0..LOOKS {
            let Some(mut customer) = self.anybody(sight)? else { continue };
            let waited = customer.last_order_at.map(|at| now.millis - at.millis);
            if !waited.is_some_and(|waited| (4 * DAY..14 * DAY).contains(&waited)) {
                continue;
            }
            let task = Task {
                key: format!("slow-{}", customer.last_order_at.map_or(0, |at| at.millis)),
                title: "投诉回访：物流太慢",
                kind: FollowUpKind::AfterSale,
                source: "rule:投诉",
                priority: Priority::Urgent,
                body: None,
                due: now.millis + self.dice.between(1, 12) * HOUR,
            };
            let mut records = self.made(&customer, now, task, sight)?;
            if records.is_empty() {
                continue;
            }
            let mut event = self.event(&customer.id, now, EventKind::Feedback, "物流太慢了，等了好几天");
            event.data.insert("stars".to_owned(), self.dice.between(1, 2).into());
            touch(&mut customer, now);
            records.extend([event.any(), customer.any()]);
            return Ok(records);
        }
        Ok(Vec::new())
    }

    /// The record; nothing where it was made before.
    fn made<E>(
        &mut self,
        customer: &Customer,
        now: Time,
        task: Task,
        sight: &mut Sight<'_, E>,
    ) -> Result<Vec<AnyRecord>, E> {
        let id = format!("f-live-{}-{}", customer.id, task.key);
        if sight.known(&id)?.is_some() {
            return Ok(Vec::new());
        }
        let due = Time { millis: task.due, ..now }.in_zone(self.whole.calendar.zone());
        let follow_up = FollowUp {
            id: id.into(),
            customer_id: customer.id.clone(),
            title: task.title.to_owned(),
            body: task.body,
            kind: task.kind,
            due_at: Some(due),
            priority: task.priority,
            status: FollowUpStatus::Open,
            assignee_id: customer.owners.first().cloned(),
            source: Some(task.source.to_owned()),
            created_at: Some(now),
            rev: Some("1".to_owned()),
            ..FollowUp::default()
        };
        Ok(vec![follow_up.any()])
    }
}

/// The last order, where it is one of those that the sample began with.
fn last_order<E>(customer: &Customer, sight: &mut Sight<'_, E>) -> Result<Option<Order>, E> {
    let code = customer.id.as_str().trim_start_matches('c');
    // Some were not paid, and are not counted.
    let (mut number, mut last) = (customer.orders.unwrap_or(0).max(1), None);
    while let Some(order) = sight.order(&format!("so{code}-{number:02}"))? {
        (number, last) = (number + 1, Some(order));
    }
    Ok(last.filter(|order| order.at == customer.last_order_at))
}

fn millis(clock: &Zoned) -> i64 {
    clock.timestamp().as_millisecond()
}

/// The third day after the first order.
fn after_first_order(customer: &Customer, clock: &Zoned) -> Option<Task> {
    let bought = customer.last_order_at.filter(|_| customer.orders == Some(1))?.millis;
    (HOUR..2 * DAY).contains(&(millis(clock) - bought)).then(|| Task {
        key: "first-order".to_owned(),
        title: "首单后回访，问使用感受",
        kind: FollowUpKind::Call,
        source: "sop:新客D3",
        priority: Priority::Normal,
        body: None,
        due: bought + 3 * DAY,
    })
}

/// A birthday within the week.
fn birthday(customer: &Customer, clock: &Zoned) -> Option<Task> {
    let (month, day) = customers::month_and_day(customer.birthday.as_deref()?)?;
    let years = [clock.year(), clock.year() + 1];
    let dates = years.into_iter().filter_map(|year| Date::new(year, month, day).ok());
    let starts = dates.filter_map(|date| date.to_zoned(clock.time_zone().clone()).ok());
    let mut starts = starts.map(|start| start.timestamp().as_millisecond());
    let start = starts.find(|start| (0..7 * DAY).contains(&(start - millis(clock))))?;
    Some(Task {
        key: format!("birthday-{}", start / DAY),
        title: "生日关怀，送生日券",
        kind: FollowUpKind::Care,
        source: "rule:生日",
        priority: Priority::Normal,
        body: Some(format!("{month}月{day}日生日")),
        due: start + 10 * HOUR,
    })
}

/// The ninety days since the last order are just over.
fn asleep(customer: &Customer, clock: &Zoned) -> Option<Task> {
    let bought = customer.last_order_at?.millis;
    (90 * DAY + 1..104 * DAY).contains(&(millis(clock) - bought)).then(|| Task {
        key: format!("asleep-{bought}"),
        title: "90 天未下单，唤醒",
        kind: FollowUpKind::Call,
        source: "rule:沉睡唤醒",
        priority: Priority::Normal,
        body: None,
        due: millis(clock) + 2 * DAY,
    })
}
