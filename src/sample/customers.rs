//! Customers: who they are, who keeps them, who brought them, and the record of it all.

use serde_json::{Map, Value};

use super::calendar::{Calendar, DAY, MINUTE, PAST};
use super::dice::Dice;
use super::events::{self, Moment};
use super::names::{self, Name};
use super::orders::{self, Seasons};
use super::stages::{Facts, stage_of};
use super::tags::{self, Traits};
use super::{Community, staff, tagging};
use crate::model::{Channel, Customer, CustomerId, Event, EventKind, Order, Relation, RelationStatus, TagId};

const SOURCES: &[&str] = &["门店扫码", "小程序", "公众号", "抖音", "小红书", "微信群", "地推", "名片"];
const CITIES: &[&str] =
    &["杭州", "宁波", "上海", "绍兴", "嘉兴", "湖州", "南京", "苏州", "金华", "温州", "重庆", "深圳"];

/// A customer in the making.
pub(super) struct Person {
    pub index: usize,
    pub id: CustomerId,
    pub dice: Dice,
    pub name: Name,
    pub added: i64,
    /// Until when anything was heard; the moment of the sample for most.
    pub until: i64,
    pub source: &'static str,
    pub interest: usize,
    /// `YYYY-MM-DD` or `MM-DD`.
    pub birthday: Option<String>,
    pub city: Option<&'static str>,
    pub referrer: Option<CustomerId>,
    /// Whom this customer brought: when, name, id.
    pub referred: Vec<(i64, String, CustomerId)>,
    pub orders: Vec<Order>,
    pub bonds: Vec<Bond>,
    pub moments: Vec<Moment>,
    pub in_groups: bool,
    pub left_group: bool,
    pub last_message: Option<i64>,
}

/// What an operator has with the customer.
pub(super) struct Bond {
    pub operator: &'static str,
    pub added: i64,
    pub way: &'static str,
    pub lost: Option<(RelationStatus, i64)>,
}

/// The id of a customer by number.
pub(super) fn id(index: usize) -> CustomerId {
    format!("c{:07}", index + 1).into()
}

impl Person {
    /// Whether no operator has the customer any more.
    pub fn is_gone(&self) -> bool {
        self.bonds.iter().all(|bond| bond.lost.is_some())
    }

    /// The operator who keeps the customer first of all.
    pub fn owner(&self) -> &'static str {
        self.bonds.iter().find(|bond| bond.lost.is_none()).unwrap_or(&self.bonds[0]).operator
    }
}

/// The customer number `index` alone, without those around.
pub(super) fn draw(whole: &Community, seasons: &Seasons, index: usize) -> Person {
    let calendar = &whole.calendar;
    let mut dice = Dice::new(whole.seed, "customer", index);
    let name = names::draw(&mut dice);
    // More came lately than long ago.
    let ago = if dice.percent(50) { dice.small(PAST) } else { dice.below(PAST) };
    let time = (calendar.start(0), calendar.now - 10 * MINUTE);
    let added = orders::moment_within(calendar, PAST - ago, time, &mut dice);
    let interest = dice.weighted(&[46, 20, 14, 9, 7, 4]);
    let id = id(index);
    let orders = orders::draw(calendar, seasons, &id, added, interest, &mut dice);
    let last_order = orders.last().and_then(|order| order.at).map(|at| at.millis);
    let heard = last_order.unwrap_or(added);
    let until = if dice.percent(55) {
        calendar.now
    } else {
        let days = ((calendar.now - heard) / DAY).max(0) as usize;
        (heard + dice.small(days + 1) as i64 * DAY + dice.between(10, 600) * MINUTE).min(calendar.now)
    };
    let source = SOURCES[dice.weighted(&[28, 20, 10, 13, 12, 10, 5, 2])];
    let bonds = bonds(calendar, added, until, source, &mut dice);
    let birthday = dice.percent(52).then(|| birthday(&mut dice));
    let city = dice.percent(84).then(|| CITIES[dice.weighted(&[62, 5, 8, 5, 4, 3, 3, 3, 3, 2, 1, 1])]);
    Person {
        index,
        id,
        dice,
        name,
        added,
        until,
        source,
        interest,
        birthday,
        city,
        referrer: None,
        referred: Vec::new(),
        orders,
        bonds,
        moments: Vec::new(),
        in_groups: false,
        left_group: false,
        last_message: None,
    }
}

fn bonds(calendar: &Calendar, added: i64, until: i64, source: &str, dice: &mut Dice) -> Vec<Bond> {
    let way = match source {
        "门店扫码" | "地推" | "公众号" | "小程序" => "qr_code",
        "微信群" => "group",
        "名片" => "card",
        _ => "search",
    };
    let mut bonds = vec![Bond { operator: staff::draw(dice), added, way, lost: None }];
    for _ in 0..dice.weighted(&[78, 18, 4]) {
        let operator = staff::draw(dice);
        let later = added + dice.small(((until - added) / MINUTE).max(1) as usize) as i64 * MINUTE;
        if bonds.iter().all(|bond| bond.operator != operator) {
            let way = if dice.percent(40) { "inherited" } else { "card" };
            bonds.push(Bond { operator, added: later, way, lost: None });
        }
    }
    // Who is heard of no more may have gone; one who left takes all bonds along, most times.
    if until < calendar.now && dice.percent(22) {
        let days = ((calendar.now - until) / MINUTE).max(1) as usize;
        let at = until + dice.small(days) as i64 * MINUTE;
        let status = match dice.weighted(&[80, 12, 8]) {
            0 => RelationStatus::RemovedByCustomer,
            1 => RelationStatus::Blocked,
            _ => RelationStatus::RemovedByOperator,
        };
        let stays = dice.percent(20);
        for (place, bond) in bonds.iter_mut().enumerate() {
            if place == 0 || !stays {
                bond.lost = Some((status, at.max(bond.added)));
            }
        }
    }
    bonds
}

/// Says who brought whom. Whoever brought somebody was there first, so that the referrals of a
/// block are trees.
pub(super) fn refer(people: &mut [Person]) {
    let mut by_age: Vec<usize> = (0..people.len()).collect();
    by_age.sort_by_key(|place| (people[*place].added, *place));
    for (rank, &place) in by_age.iter().enumerate() {
        if rank == 0 || !people[place].dice.percent(16) {
            continue;
        }
        // The square makes a few bring many.
        let by = by_age[people[place].dice.small(rank)];
        let (at, name, id) = (people[place].added, people[place].name.name.clone(), people[place].id.clone());
        // One cannot bring anybody after one was last heard of.
        if people[by].added < at && at <= people[by].until {
            people[place].referrer = Some(people[by].id.clone());
            people[place].source = "转介绍";
            people[by].referred.push((at, name, id));
        }
    }
}

/// Membership level by what was spent, in fen; none without an order.
pub(super) fn level(orders: i64, ltv: i64) -> Option<&'static str> {
    match ltv {
        _ if orders == 0 => None,
        2_000_000.. => Some("黑金"),
        800_000.. => Some("钻石"),
        300_000.. => Some("金卡"),
        100_000.. => Some("银卡"),
        _ => Some("会员"),
    }
}

/// The tags of a customer, when all else that happened is known; tells how they came to them.
pub(super) fn tag(
    calendar: &Calendar,
    seasons: &Seasons,
    person: &mut Person,
    dice: &mut Dice,
) -> Vec<TagId> {
    let paid = || person.orders.iter().filter(|order| order.status.as_deref() == Some("paid"));
    let (orders, ltv) = (paid().count() as i64, paid().filter_map(|order| order.amount).sum());
    let level = level(orders, ltv);
    let mut bought = [false; 3];
    for order in &person.orders {
        let in_season = order.at.map(|at| seasons.at(calendar.day(at.millis))).unwrap_or_default();
        bought = std::array::from_fn(|season| bought[season] || in_season[season]);
    }
    let traits = Traits {
        source: person.source,
        level,
        orders: orders as usize,
        ltv,
        interest: person.interest,
        in_groups: person.in_groups,
        left_group: person.left_group,
        seasons: bought,
    };
    let mut tags = tags::draw(&traits, &mut person.dice);
    if level.is_none() && dice.permille(12) {
        tags.extend(tags::named("内测会员"));
    }
    tagging::tell(calendar, seasons, person, &tags, dice);
    tags
}

/// The record, when everything that its figures are made of is known.
pub(super) fn record(
    calendar: &Calendar,
    person: &mut Person,
    drawn: &[TagId],
    timeline: &[Event],
) -> Customer {
    let paid = || person.orders.iter().filter(|order| order.status.as_deref() == Some("paid"));
    let orders = paid().count() as i64;
    let ltv: i64 = paid().filter_map(|order| order.amount).sum();
    let last_order = paid().filter_map(|order| order.at).map(|at| at.millis).max();
    let latest = |counts: fn(crate::model::EventKind) -> bool| {
        timeline
            .iter()
            .filter(|event| counts(event.kind))
            .filter_map(|event| event.at)
            .map(|at| at.millis)
            .max()
    };
    let last_contact = latest(events::is_contact);
    let last_active = latest(events::is_activity).max(person.last_message);
    let gone = person.is_gone();
    let facts = Facts { added: person.added, orders, last_order, last_contact, last_active, gone };
    let level = level(orders, ltv);
    let dice = &mut person.dice;
    let stage = stage_of(&facts, calendar.now).word().to_owned();
    let relations: Vec<Relation> =
        person.bonds.iter().enumerate().map(|bond| relation(calendar, bond, drawn, &stage, dice)).collect();
    let mut tags: Vec<TagId> = Vec::new();
    for tag in relations.iter().flat_map(|relation| &relation.tags) {
        if !tags.contains(tag) {
            tags.push(tag.clone());
        }
    }
    let mut owners: Vec<_> =
        person.bonds.iter().filter(|bond| bond.lost.is_none()).map(|bond| bond.operator.into()).collect();
    if owners.is_empty() {
        owners.push(person.bonds[0].operator.into());
    }
    let foreign = person.name.foreign;
    let phones: Vec<String> = (0..dice.weighted(&[36, 60, 4])).map(|_| names::phone(foreign, dice)).collect();
    let lost = person.bonds.iter().filter_map(|bond| bond.lost).map(|lost| lost.1).max();
    let tagged = latest(|kind| kind == EventKind::Tag);
    let updated = [Some(person.added), last_contact, last_active, lost, tagged].into_iter().flatten().max();
    Customer {
        id: person.id.clone(),
        name: person.name.name.clone(),
        alias: person.name.alias.clone(),
        kind: Some(if dice.permille(12) { "company" } else { "person" }.to_owned()),
        gender: dice.percent(88).then(|| if person.name.woman { "female" } else { "male" }.to_owned()),
        birthday: person.birthday.clone(),
        channels: channels(&phones, dice),
        phones,
        company: dice
            .permille(35)
            .then(|| format!("{}母婴生活馆", dice.pick(&["小鹿", "贝贝", "湖滨", "拱宸桥"]))),
        city: person.city.map(str::to_owned),
        source: Some(person.source.to_owned()),
        referrer_id: person.referrer.clone(),
        level: level.map(str::to_owned),
        points: level.map(|_| (ltv / 100 - dice.small(ltv as usize / 160 + 1) as i64).max(0)),
        stage: Some(stage),
        tags,
        owners,
        relations,
        added_at: Some(calendar.time(person.added)),
        last_contact_at: last_contact.map(|at| calendar.time(at)),
        last_active_at: last_active.map(|at| calendar.time(at)),
        last_order_at: last_order.map(|at| calendar.time(at)),
        orders: Some(orders),
        ltv: Some(ltv),
        currency: Some("CNY".to_owned()),
        remark: dice.percent(30).then(|| names::remark(dice)),
        custom: custom(person.interest, dice),
        rev: Some((timeline.len() + 1).to_string()),
        updated_at: updated.map(|at| calendar.time(at)),
    }
}

fn relation(
    calendar: &Calendar,
    (place, bond): (usize, &Bond),
    drawn: &[TagId],
    stage: &str,
    dice: &mut Dice,
) -> Relation {
    // The first relation has all tags but some that only a later one set, and later ones some.
    let tags = drawn.iter().filter(|_| place == 0 || dice.percent(35)).cloned().collect();
    let (status, lost_at) = match bond.lost {
        Some((status, at)) => (status, Some(calendar.time(at))),
        None => (RelationStatus::Active, None),
    };
    Relation {
        operator_id: bond.operator.into(),
        remark: dice.percent(40).then(|| names::remark(dice)),
        description: dice.percent(10).then(|| super::texts::note(dice).to_owned()),
        added_at: Some(calendar.time(bond.added)),
        add_way: Some(bond.way.to_owned()),
        stage: Some(stage.to_owned()),
        tags,
        status,
        lost_at,
    }
}

fn birthday(dice: &mut Dice) -> String {
    let (month, day) = (dice.between(1, 12), dice.between(1, 28));
    if dice.percent(70) {
        format!("{}-{month:02}-{day:02}", dice.between(1968, 2004))
    } else {
        format!("{month:02}-{day:02}")
    }
}

/// Month and day of a birthday.
pub(super) fn month_and_day(birthday: &str) -> Option<(i8, i8)> {
    let (rest, day) = birthday.rsplit_once('-')?;
    let month = rest.rsplit('-').next()?;
    Some((month.parse().ok()?, day.parse().ok()?))
}

fn channels(phones: &[String], dice: &mut Dice) -> Vec<Channel> {
    let channel = |kind: &str, id: String| Channel { kind: kind.to_owned(), id };
    let mut channels = vec![channel("wecom", format!("wm{}", dice.code(20)))];
    channels.extend(phones.iter().map(|phone| channel("phone", phone.clone())));
    if dice.percent(14) {
        channels.push(channel("douyin", format!("dy{}", dice.code(9))));
    }
    if dice.percent(9) {
        channels.push(channel("xiaohongshu", dice.code(11)));
    }
    channels
}

fn custom(interest: usize, dice: &mut Dice) -> Map<String, Value> {
    let mut custom = Map::new();
    if interest == 0 && dice.percent(35) {
        custom.insert("宝宝月龄".to_owned(), dice.between(0, 48).into());
    }
    if dice.percent(6) {
        custom.insert("自提点".to_owned(), dice.pick(&["城西银泰", "滨江龙湖", "武林广场"]).into());
    }
    custom
}
