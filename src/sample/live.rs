//! The community goes on: one step is one thing that happens.
//!
//! It keeps nothing in memory but its dice. Each step asks for the records as they are now and
//! gives back those that changed, figures and their parts together, so that all that holds of
//! the sample holds afterwards, and a server that was restarted just goes on.

mod follow_ups;

use std::time::Duration;

use super::dice::Dice;
use super::stages::{Facts, stage_of};
use super::{BLOCK, Community, customers, groups, orders, tagging, tags, texts};
use crate::model::{
    AnyRecord, Customer, CustomerId, Event, EventKind, FollowUp, Group, GroupDay, GroupId, GroupMember,
    Order, Record, Resource, TagId, Time,
};

/// Places that are looked at for a member before a step gives up.
const TRIES: usize = 40;
/// Days without a record that are made up for at most.
const GAP: usize = 90;

/// What goes on in a community.
pub struct Live {
    whole: Community,
    dice: Dice,
    groups: usize,
}

/// Gives the record of a key as it is now.
type Get<'a, E> = dyn FnMut(Resource, &str) -> Result<Option<AnyRecord>, E> + 'a;

/// The records as a step sees them.
struct Sight<'a, E> {
    get: &'a mut Get<'a, E>,
}

macro_rules! sights {
    ($($name:ident: $kind:ident in $resource:ident;)+) => {
        impl<E> Sight<'_, E> {
            $(fn $name(&mut self, key: &str) -> Result<Option<$kind>, E> {
                Ok(match (self.get)(Resource::$resource, key)? {
                    Some(AnyRecord::$kind(record)) => Some(record),
                    _ => None,
                })
            })+
        }
    };
}

sights! {
    customer: Customer in Customers;
    group: Group in Groups;
    day: GroupDay in GroupDays;
    member: GroupMember in GroupMembers;
    order: Order in Orders;
    known: FollowUp in FollowUps;
}

impl Live {
    /// What goes on in `whole`; another `luck` gives another course.
    pub fn new(whole: &Community, luck: u64) -> Self {
        let blocks = whole.customers.div_ceil(BLOCK);
        let groups = blocks.checked_sub(1).map_or(0, |last| whole.groups(last).end);
        Self { whole: whole.clone(), dice: Dice::new(whole.seed ^ luck, "live", 0), groups }
    }

    /// How long to wait for the next step: some seconds, now longer, now shorter.
    pub fn pause(&mut self) -> Duration {
        Duration::from_millis(700 + self.dice.small(3300) as u64)
    }

    /// One thing happens at `now`: the records that change by it, which may be none.
    ///
    /// # Errors
    /// What `get` gives.
    pub fn step<E>(
        &mut self,
        now: Time,
        mut get: impl FnMut(Resource, &str) -> Result<Option<AnyRecord>, E>,
    ) -> Result<Vec<AnyRecord>, E> {
        if self.whole.customers == 0 {
            return Ok(Vec::new());
        }
        let now = now.in_zone(self.whole.calendar.zone());
        let sight = &mut Sight { get: &mut get };
        match self.dice.weighted(&[63, 9, 4, 8, 5, 7, 4]) {
            0 => self.group_message(now, sight),
            1 => self.join(now, sight),
            2 => self.leave(now, sight),
            3 => self.direct_message(now, sight),
            4 => self.follow_up(now, sight),
            5 => self.order(now, sight),
            _ => self.tagging(now, sight),
        }
    }

    /// A group, its block's customers, and its record of today with those of days that were missed.
    fn scene<E>(&mut self, now: Time, sight: &mut Sight<'_, E>) -> Result<Option<Scene>, E> {
        let index = self.dice.below(self.groups);
        let id = groups::id(index);
        let Some(group) = sight.group(id.as_str())? else { return Ok(None) };
        let block = self.whole.block(index / (BLOCK / super::CUSTOMERS_PER_GROUP));
        let zoned = now.zoned(self.whole.calendar.zone());
        let mut missed = Vec::new();
        let mut today = None;
        let mut date = zoned.date();
        for _ in 0..GAP {
            let found = sight.day(&format!("{id}:{date}"))?;
            let was_there = found.is_some();
            let day = found.unwrap_or_else(|| quiet(&id, date.to_string(), group.member_count));
            match today {
                None => today = Some(day),
                Some(_) if !was_there => missed.push(day.any()),
                Some(_) => {}
            }
            let Ok(before) = date.yesterday() else { break };
            if was_there {
                break;
            }
            date = before;
        }
        let hour = usize::try_from(zoned.hour()).unwrap_or(0);
        Ok(today.map(|today| Scene { group, today, missed, block, hour }))
    }

    /// A customer of the scene who sits in the group (`inside`) or never did.
    fn somebody<E>(
        &mut self,
        scene: &Scene,
        inside: bool,
        sight: &mut Sight<'_, E>,
    ) -> Result<Option<(Customer, Option<GroupMember>)>, E> {
        for attempt in 0..TRIES {
            let id = customers::id(scene.block.start + self.dice.below(scene.block.len()));
            let member = sight.member(&format!("{}:{id}", scene.group.id))?;
            let fits = match &member {
                // Those who write are likelier to write again.
                Some(member) => {
                    inside && member.left_at.is_none() && (member.messages > Some(0) || attempt > TRIES / 2)
                }
                None => !inside,
            };
            if fits && let Some(customer) = sight.customer(id.as_str())? {
                return Ok(Some((customer, member)));
            }
        }
        Ok(None)
    }

    fn group_message<E>(&mut self, now: Time, sight: &mut Sight<'_, E>) -> Result<Vec<AnyRecord>, E> {
        let Some(mut scene) = self.scene(now, sight)? else { return Ok(Vec::new()) };
        let Some((mut customer, Some(mut member))) = self.somebody(&scene, true, sight)? else {
            return Ok(Vec::new());
        };
        let zone = self.whole.calendar.zone();
        let wrote_today =
            member.last_message_at.is_some_and(|at| at.zoned(zone).date().to_string() == scene.today.day);
        if !wrote_today {
            bump(&mut scene.today.active_members, 1);
        }
        bump(&mut scene.today.messages, 1);
        scene.today.hours.resize(24, 0);
        scene.today.hours[scene.hour] += 1;
        bump(&mut member.messages, 1);
        member.last_message_at = Some(now);
        touch(&mut customer, now);
        let text = texts::question(&mut self.dice);
        let mut event = self.event(&customer.id, now, EventKind::MessageIn, text);
        event.group_id = Some(scene.group.id.clone());
        let mut records = scene.missed;
        records.extend([scene.today.any(), member.any(), customer.any(), event.any()]);
        Ok(records)
    }

    fn join<E>(&mut self, now: Time, sight: &mut Sight<'_, E>) -> Result<Vec<AnyRecord>, E> {
        let Some(mut scene) = self.scene(now, sight)? else { return Ok(Vec::new()) };
        if scene.group.member_count.unwrap_or(0) >= groups::MOST_MEMBERS as i64 {
            return Ok(Vec::new());
        }
        let Some((mut customer, _)) = self.somebody(&scene, false, sight)? else { return Ok(Vec::new()) };
        let member = GroupMember {
            group_id: scene.group.id.clone(),
            member_id: customer.id.0.clone(),
            customer_id: Some(customer.id.clone()),
            name: customer.name.clone(),
            kind: Some("customer".to_owned()),
            joined_at: Some(now),
            join_scene: Some("qr_code".to_owned()),
            invited_by: scene.group.owner_id.as_ref().map(|owner| owner.0.clone()),
            left_at: None,
            messages: Some(0),
            last_message_at: None,
        };
        bump(&mut scene.group.member_count, 1);
        bump(&mut scene.group.customer_count, 1);
        bump(&mut scene.today.joined, 1);
        bump(&mut scene.today.members, 1);
        touch(&mut customer, now);
        let mut event = self.event(&customer.id, now, EventKind::Joined, "入群");
        event.group_id = Some(scene.group.id.clone());
        let mut records = scene.missed;
        records.extend([scene.today.any(), scene.group.any(), member.any(), customer.any(), event.any()]);
        Ok(records)
    }

    fn leave<E>(&mut self, now: Time, sight: &mut Sight<'_, E>) -> Result<Vec<AnyRecord>, E> {
        let Some(mut scene) = self.scene(now, sight)? else { return Ok(Vec::new()) };
        let Some((customer, Some(mut member))) = self.somebody(&scene, true, sight)? else {
            return Ok(Vec::new());
        };
        member.left_at = Some(now);
        bump(&mut scene.group.member_count, -1);
        bump(&mut scene.group.customer_count, -1);
        bump(&mut scene.today.left, 1);
        bump(&mut scene.today.members, -1);
        let mut event = self.event(&customer.id, now, EventKind::Left, "退群");
        event.group_id = Some(scene.group.id.clone());
        let mut records = scene.missed;
        records.extend([scene.today.any(), scene.group.any(), member.any(), event.any()]);
        Ok(records)
    }

    /// A customer whom an operator still has.
    fn anybody<E>(&mut self, sight: &mut Sight<'_, E>) -> Result<Option<Customer>, E> {
        for _ in 0..TRIES {
            let id = customers::id(self.dice.below(self.whole.customers));
            if let Some(customer) = sight.customer(id.as_str())?
                && !is_gone(&customer)
            {
                return Ok(Some(customer));
            }
        }
        Ok(None)
    }

    fn direct_message<E>(&mut self, now: Time, sight: &mut Sight<'_, E>) -> Result<Vec<AnyRecord>, E> {
        let Some(mut customer) = self.anybody(sight)? else { return Ok(Vec::new()) };
        let mut event = if self.dice.percent(60) {
            touch(&mut customer, now);
            let text = texts::question(&mut self.dice);
            self.event(&customer.id, now, EventKind::MessageIn, text)
        } else {
            customer.last_contact_at = Some(now);
            restage(&mut customer, now);
            let text = texts::answer(&mut self.dice);
            self.event(&customer.id, now, EventKind::MessageOut, text)
        };
        event.operator_id = customer.owners.first().cloned();
        Ok(vec![customer.any(), event.any()])
    }

    fn order<E>(&mut self, now: Time, sight: &mut Sight<'_, E>) -> Result<Vec<AnyRecord>, E> {
        let Some(mut customer) = self.anybody(sight)? else { return Ok(Vec::new()) };
        let interest = self.dice.below(6);
        let items = orders::items(interest, &mut self.dice);
        let amount = items.iter().filter_map(|item| item.amount).sum();
        let order = Order {
            id: format!("so-live-{}", self.stamp(now)).into(),
            customer_id: customer.id.clone(),
            at: Some(now),
            amount: Some(amount),
            currency: Some("CNY".to_owned()),
            status: Some("paid".to_owned()),
            items,
        };
        bump(&mut customer.orders, 1);
        bump(&mut customer.ltv, amount);
        bump(&mut customer.points, amount / 100);
        customer.last_order_at = Some(now);
        customer.level =
            customers::level(customer.orders.unwrap_or(0), customer.ltv.unwrap_or(0)).map(str::to_owned);
        let level = customer.level.as_deref().and_then(tags::named);
        let tagged = level.and_then(|level| self.tag(&mut customer, &level, now));
        touch(&mut customer, now);
        let title = format!("#{} ￥{}.{:02} {}", order.id, amount / 100, amount % 100, order.items[0].name);
        let mut event = self.event(&customer.id, now, EventKind::Order, &title);
        event.data.insert("order_id".to_owned(), order.id.as_str().into());
        event.data.insert("amount".to_owned(), amount.into());
        event.data.insert("status".to_owned(), "paid".into());
        let mut records = vec![order.any(), customer.any(), event.any()];
        records.extend(tagged.map(Record::any));
        Ok(records)
    }

    /// An operator gives a tag.
    fn tagging<E>(&mut self, now: Time, sight: &mut Sight<'_, E>) -> Result<Vec<AnyRecord>, E> {
        let Some(mut customer) = self.anybody(sight)? else { return Ok(Vec::new()) };
        let tag = tags::named(self.dice.pick(tagging::GIVEN)).unwrap_or_default();
        let event = self.tag(&mut customer, &tag, now);
        customer.updated_at = Some(now);
        Ok(event.map_or_else(Vec::new, |event| vec![customer.any(), event.any()]))
    }

    /// Gives the customer a tag, which takes the place of its rivals; `None` where they have it.
    fn tag(&mut self, customer: &mut Customer, tag: &TagId, now: Time) -> Option<Event> {
        if customer.tags.contains(tag) {
            return None;
        }
        let replaced: Vec<TagId> =
            customer.tags.iter().filter(|other| tags::are_rivals(other, tag)).cloned().collect();
        for relation in &mut customer.relations {
            relation.tags.retain(|tag| !replaced.contains(tag));
        }
        let relation = customer.relations.iter_mut().find(|relation| relation.lost_at.is_none())?;
        relation.tags.push(tag.clone());
        let operator = relation.operator_id.clone();
        customer.tags.retain(|tag| !replaced.contains(tag));
        customer.tags.push(tag.clone());
        let moment = tagging::moment(now.millis, std::slice::from_ref(tag), &replaced);
        let mut event = self.event(&customer.id, now, moment.kind, &moment.title);
        (event.data, event.operator_id) = (moment.data, Some(operator));
        Some(event)
    }

    fn event(&mut self, customer: &CustomerId, now: Time, kind: EventKind, title: &str) -> Event {
        Event {
            id: format!("e-live-{}", self.stamp(now)).into(),
            customer_id: Some(customer.clone()),
            at: Some(now),
            kind,
            title: title.to_owned(),
            ..Event::default()
        }
    }

    /// What makes an id unique: the moment, and four letters for two within a millisecond.
    fn stamp(&mut self, now: Time) -> String {
        format!("{:013}-{}", now.millis, self.dice.code(4))
    }
}

/// A group in the middle of a step.
struct Scene {
    group: Group,
    today: GroupDay,
    /// Days since the last record, on which nothing was seen.
    missed: Vec<AnyRecord>,
    block: std::ops::Range<usize>,
    hour: usize,
}

/// A day on which nothing was seen.
fn quiet(group: &GroupId, day: String, members: Option<i64>) -> GroupDay {
    GroupDay {
        group_id: group.clone(),
        day,
        messages: Some(0),
        active_members: Some(0),
        joined: Some(0),
        left: Some(0),
        members,
        hours: vec![0; 24],
    }
}

fn bump(figure: &mut Option<i64>, by: i64) {
    *figure = Some(figure.unwrap_or(0) + by);
}

fn is_gone(customer: &Customer) -> bool {
    customer.relations.iter().all(|relation| relation.lost_at.is_some())
}

/// The customer did something.
fn touch(customer: &mut Customer, now: Time) {
    customer.last_active_at = Some(now);
    restage(customer, now);
}

/// The stage that follows from what just changed.
fn restage(customer: &mut Customer, now: Time) {
    customer.updated_at = Some(now);
    let facts = Facts {
        added: customer.added_at.map_or(now.millis, |at| at.millis),
        orders: customer.orders.unwrap_or(0),
        last_order: customer.last_order_at.map(|at| at.millis),
        last_contact: customer.last_contact_at.map(|at| at.millis),
        last_active: customer.last_active_at.map(|at| at.millis),
        gone: is_gone(customer),
    };
    customer.stage = Some(stage_of(&facts, now.millis).word().to_owned());
}
