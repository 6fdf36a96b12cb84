//! Groups: who sits in which, who writes how much, and what that comes to by day and hour.
//!
//! The days are sums over the members, never drawn by themselves.

use super::calendar::{Calendar, HOUR, MINUTE, PAST};
use super::customers::Person;
use super::dice::Dice;
use super::events::Moment;
use super::{Community, activities, names, orders, staff, tags};
use crate::model::{AnyRecord, EventKind, Group, GroupDay, GroupId, GroupMember, Record};

/// Days of history that a group has.
pub(super) const DAYS: usize = 90;
/// What the platform allows.
pub(super) const MOST_MEMBERS: usize = 500;

/// Name, notice, tag.
const KINDS: [(&str, &str, &str); 10] = [
    ("宝妈福利", "每晚8点福利秒杀，广告勿发", "母婴"),
    ("会员专享", "会员日每月8号双倍积分", "会员"),
    ("新客体验", "进群领试用装，3天内打卡", "试用装"),
    ("城西自提", "17:00前下单，当日19:00后自提", "食品"),
    ("辅食打卡", "每天晒辅食，连续21天送餐具", "6-12月"),
    ("护肤闺蜜", "周三护肤课，问题打 #问 开头", "美妆"),
    ("直播福利", "开播前10分钟抽奖", "直播常客"),
    ("拼团秒杀", "成团不退，改地址找群主", "拼团"),
    ("孕期互助", "医生每周四答疑", "孕期"),
    ("老客VIP", "专属客服 9:00-22:00", "VIP"),
];

/// When people write, by the hour from midnight: working days, then weekends.
const HOURS: [[u16; 24]; 2] = [
    [7, 3, 1, 1, 1, 3, 10, 24, 34, 36, 40, 38, 46, 36, 26, 26, 28, 32, 38, 52, 88, 96, 62, 26],
    [12, 6, 3, 1, 1, 2, 6, 14, 28, 46, 58, 54, 48, 44, 46, 50, 48, 44, 46, 54, 72, 80, 58, 32],
];

/// How a group fares: growing, steady, dying, dead.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Course {
    Growing,
    Steady,
    Dying,
    Dead,
}

/// A member in the making.
struct Seat {
    id: String,
    customer: Option<usize>,
    name: String,
    kind: &'static str,
    joined: i64,
    left: Option<i64>,
    scene: &'static str,
    invited_by: Option<String>,
    messages: i64,
    last_message: Option<i64>,
}

/// A group's days, summed up.
#[derive(Clone, Default)]
struct Day {
    active: i64,
    hours: [i64; 24],
    joined: i64,
    left: i64,
}

/// The id of a group by number.
pub(super) fn id(index: usize) -> GroupId {
    format!("g{:05}", index + 1).into()
}

/// A group with all that belongs to it; tells the customers what they did there.
pub(super) fn draw(whole: &Community, index: usize, people: &mut [Person]) -> Vec<AnyRecord> {
    let calendar = &whole.calendar;
    let dice = &mut Dice::new(whole.seed, "group", index);
    let course =
        [Course::Growing, Course::Steady, Course::Dying, Course::Dead][dice.weighted(&[30, 42, 20, 8])];
    let created = orders::moment(calendar, PAST - DAYS - 5 - dice.below(600), dice);
    let owner = staff::host(dice);
    let group = id(index);
    let mut seats = staff_seats(owner, created, dice);
    customers_seats(calendar, course, created, owner.0, people, &mut seats, dice);
    strangers_seats(calendar, index, created, &mut seats, dice);
    let days = talk(calendar, course, index, &mut seats, dice);
    tell(&group, &seats, people);

    let present = || seats.iter().filter(|seat| seat.left.is_none());
    let (members, customers) = (present().count(), present().filter(|seat| seat.customer.is_some()).count());
    let (name, notice, tag) = KINDS[index % KINDS.len()];
    let mut records = vec![
        Group {
            id: group.clone(),
            name: format!("{name}{}群", serial(index / KINDS.len() + 1)),
            owner_id: Some(owner.0.into()),
            notice: Some(notice.to_owned()),
            created_at: Some(calendar.time(created)),
            status: Some("active".to_owned()),
            member_count: Some(members as i64),
            customer_count: Some(customers as i64),
            tags: tags::named(tag).into_iter().collect(),
            rev: Some("1".to_owned()),
        }
        .any(),
    ];
    records.extend(day_records(calendar, &group, members as i64, days));
    records.extend(activities::draw(calendar, index, members as i64, dice));
    records.extend(seats.into_iter().map(|seat| member_record(calendar, &group, seat, people)));
    records
}

/// ①, ②, … and plain numbers after ⑳.
fn serial(number: usize) -> String {
    match u32::try_from(number) {
        Ok(n @ 1..=20) => char::from_u32(0x2460 + n - 1).map(String::from).unwrap_or_default(),
        _ => number.to_string(),
    }
}

fn staff_seats(owner: (&'static str, &'static str), created: i64, dice: &mut Dice) -> Vec<Seat> {
    let second = staff::host(dice);
    let mut staff = vec![owner];
    if second.0 != owner.0 {
        staff.push(second);
    }
    staff
        .into_iter()
        .map(|(id, name)| Seat {
            id: id.to_owned(),
            customer: None,
            name: name.to_owned(),
            kind: "staff",
            joined: created,
            left: None,
            scene: "invite",
            // The owner made the group, and asks the second.
            invited_by: (id != owner.0).then(|| owner.0.to_owned()),
            messages: 0,
            last_message: None,
        })
        .collect()
}

fn customers_seats(
    calendar: &Calendar,
    course: Course,
    created: i64,
    owner: &str,
    people: &[Person],
    seats: &mut Vec<Seat>,
    dice: &mut Dice,
) {
    // Where there are few customers, they sit close together.
    let share = if people.len() < 300 { 45 } else { 80 + dice.below(190) };
    let share = if people.len() < 300 { share * 10 } else { share };
    for (place, person) in people.iter().enumerate() {
        if !dice.permille(share) || seats.len() + 20 >= MOST_MEMBERS {
            continue;
        }
        let fading = matches!(course, Course::Dying | Course::Dead);
        // Nobody is asked into a group that fades.
        if fading && calendar.day(person.added) + DAYS > PAST && !dice.percent(10) {
            continue;
        }
        let earliest = calendar.day(person.added.max(created));
        let span = PAST + 1 - earliest;
        let day = match course {
            Course::Growing if dice.percent(40) => PAST - dice.small(span),
            Course::Growing => PAST - dice.below(span),
            Course::Steady => earliest + dice.below(span),
            Course::Dying | Course::Dead => earliest + dice.small(span),
        };
        let joined = orders::moment(calendar, day, dice).max(person.added + 3 * MINUTE).max(created + MINUTE);
        if joined > calendar.now {
            continue;
        }
        let leaves = match course {
            Course::Growing => 7,
            Course::Steady => 15,
            Course::Dying => 55,
            Course::Dead => 64,
        };
        let mut left = None;
        if dice.percent(leaves) {
            let span = PAST - calendar.day(joined) + 1;
            let day = PAST - if fading { dice.small(span.min(DAYS)) } else { dice.below(span) };
            left = Some(orders::moment(calendar, day, dice)).filter(|at| *at > joined && *at <= calendar.now);
        }
        let (scene, invited_by) = match dice.weighted(&[55, 30, 15]) {
            0 => ("qr_code", Some(owner.to_owned())),
            1 => ("invite", Some(inviter(seats, joined, dice))),
            _ => ("link", None),
        };
        seats.push(Seat {
            id: person.id.0.clone(),
            customer: Some(place),
            name: person.name.name.clone(),
            kind: "customer",
            joined,
            left,
            scene,
            invited_by,
            messages: 0,
            last_message: None,
        });
    }
}

/// Somebody who sat there at that moment; the owner, who has the first seat, where luck finds nobody.
fn inviter(seats: &[Seat], joined: i64, dice: &mut Dice) -> String {
    let by = &seats[dice.below(seats.len())];
    let fits = by.joined < joined && by.left.is_none_or(|left| left > joined);
    if fits { by.id.clone() } else { seats[0].id.clone() }
}

fn strangers_seats(calendar: &Calendar, index: usize, created: i64, seats: &mut Vec<Seat>, dice: &mut Dice) {
    for number in 0..(seats.len() / 35).min(12) {
        let span = ((calendar.now - created) / HOUR).max(2) as usize;
        let joined = created + dice.below(span - 1) as i64 * HOUR + dice.between(60, 3540) * 1000;
        let by = inviter(seats, joined, dice);
        seats.push(Seat {
            id: format!("x{:05}{number:02}", index + 1),
            customer: None,
            name: names::draw(dice).name,
            kind: "stranger",
            joined,
            left: None,
            scene: "invite",
            invited_by: Some(by),
            messages: 0,
            last_message: None,
        });
    }
}

/// Lets everybody write through the days, and sums up.
fn talk(calendar: &Calendar, course: Course, index: usize, seats: &mut [Seat], dice: &mut Dice) -> Vec<Day> {
    let first = PAST + 1 - DAYS;
    let hour_now = calendar.hour(calendar.now);
    let tables = [table(&HOURS[0]), table(&HOURS[1])];
    // Groups differ: some live on weekends, some on working days.
    let weekend_factor = [70, 90, 130][index % 3];
    let level = 60 + dice.below(90);
    let factors: Vec<usize> = (0..DAYS)
        .map(|day| {
            let trend = match course {
                Course::Growing => 55 + day,
                Course::Steady => 100,
                Course::Dying => 130 - day * 13 / 10,
                Course::Dead => (70usize).saturating_sub(day),
            };
            let weekend = if calendar.is_weekend(first + day) { weekend_factor } else { 100 };
            // Now and then there is something to talk about.
            let stir = if dice.percent(6) { 170 } else { 75 + dice.below(50) };
            trend * weekend / 100 * stir / 100 * level / 100
        })
        .collect();
    let mut days = vec![Day::default(); DAYS];
    for seat in seats {
        let (joined, left) = (calendar.day(seat.joined), seat.left.map(|left| calendar.day(left)));
        if joined >= first {
            days[joined - first].joined += 1;
        }
        if let Some(left) = left.filter(|left| *left >= first) {
            days[left - first].left += 1;
        }
        let (often, much) = match seat.kind {
            "staff" => (640, 12),
            _ => [(0, 1), (40, 3), (230, 6), (620, 16)][dice.weighted(&[56, 28, 12, 4])],
        };
        if often == 0 {
            continue;
        }
        // Neither on the day of joining nor on that of leaving: the hours there may not fit.
        let (from, to) = ((joined + 1).max(first), left.unwrap_or(PAST + 1));
        for day in from..to {
            if !dice.permille((often * factors[day - first] / 100).min(950)) {
                continue;
            }
            let table = &tables[usize::from(calendar.is_weekend(day))];
            let (mut count, mut latest) = (0, 0);
            for _ in 0..1 + dice.small(much) {
                let hour = usize::from(table[dice.below(table.len())]);
                if day < PAST || hour < hour_now {
                    days[day - first].hours[hour] += 1;
                    count += 1;
                    latest = latest.max(hour);
                }
            }
            if count > 0 {
                days[day - first].active += 1;
                seat.last_message =
                    Some(calendar.start(day) + latest as i64 * HOUR + dice.between(0, 59) * MINUTE);
                if day + 30 > PAST {
                    seat.messages += count;
                }
            }
        }
    }
    days
}

/// A table in which each hour stands as often as it is likely.
fn table(weights: &[u16; 24]) -> Vec<u8> {
    let mut table = Vec::with_capacity(1024);
    for (hour, weight) in (0u8..).zip(weights) {
        table.extend(std::iter::repeat_n(hour, usize::from(*weight)));
    }
    table
}

/// Tells the customers what they did in the group.
fn tell(group: &GroupId, seats: &[Seat], people: &mut [Person]) {
    for seat in seats {
        let Some(person) = seat.customer.map(|place| &mut people[place]) else { continue };
        let joined = Moment::new(seat.joined, EventKind::Joined, "入群").with("scene", seat.scene);
        person.moments.push(Moment { group: Some(group.clone()), ..joined });
        if let Some(at) = seat.left {
            let left = Moment::new(at, EventKind::Left, "退群");
            person.moments.push(Moment { group: Some(group.clone()), ..left });
        }
        person.in_groups |= seat.left.is_none();
        person.left_group |= seat.left.is_some();
        person.last_message = person.last_message.max(seat.last_message);
    }
}

/// The days as records; `members` is how many there are at the end.
fn day_records(calendar: &Calendar, group: &GroupId, members: i64, days: Vec<Day>) -> Vec<AnyRecord> {
    let mut members = members;
    let mut records = Vec::with_capacity(days.len());
    for (number, day) in days.into_iter().enumerate().rev() {
        records.push(
            GroupDay {
                group_id: group.clone(),
                day: calendar.date(PAST + 1 - DAYS + number).to_string(),
                messages: Some(day.hours.iter().sum()),
                active_members: Some(day.active),
                joined: Some(day.joined),
                left: Some(day.left),
                members: Some(members),
                hours: day.hours.to_vec(),
            }
            .any(),
        );
        members += day.left - day.joined;
    }
    records.reverse();
    records
}

fn member_record(calendar: &Calendar, group: &GroupId, seat: Seat, people: &[Person]) -> AnyRecord {
    GroupMember {
        group_id: group.clone(),
        member_id: seat.id,
        customer_id: seat.customer.map(|place| people[place].id.clone()),
        name: seat.name,
        kind: Some(seat.kind.to_owned()),
        joined_at: Some(calendar.time(seat.joined)),
        join_scene: Some(seat.scene.to_owned()),
        invited_by: seat.invited_by,
        left_at: seat.left.map(|at| calendar.time(at)),
        messages: Some(seat.messages),
        last_message_at: seat.last_message.map(|at| calendar.time(at)),
    }
    .any()
}
