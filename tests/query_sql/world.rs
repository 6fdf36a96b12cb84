//! A small community with gaps everywhere and figures on the borders, in the cache's tables and as
//! rows in memory.

use std::collections::HashMap;

use jiff::tz::{Offset, TimeZone};
use rand::{RngExt, SeedableRng};
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value as Sqlite;
use rusqlite::{Connection, params, params_from_iter};
use siyu::insight;
use siyu::model::{OperatorId, Time};
use siyu::query::{Field, Link, Moment, Query, Row, Scope, SqlValue, fold, readings, sort_key};

const DAY: i64 = 86_400_000;

/// 2026-03-17 10:42 in Shanghai, a Tuesday.
pub fn moment() -> Moment {
    let now = Time::parse("2026-03-17T10:42:00+08:00").unwrap();
    Moment { now, zone: TimeZone::fixed(Offset::constant(8)), me: Some(OperatorId::from("o1")) }
}

pub struct Fields(HashMap<String, Field>);

impl Row for Fields {
    fn field(&self, name: &str) -> Field {
        self.0.get(name).cloned().unwrap_or_default()
    }
}

pub struct World {
    pub db: Connection,
    pub rows: HashMap<Scope, Vec<(String, Fields)>>,
}

type Dice = rand_chacha::ChaCha8Rng;

fn pick<T: Clone>(dice: &mut Dice, from: &[T]) -> T {
    from[dice.random_range(0..from.len())].clone()
}

/// One of these, or nothing.
fn maybe<T: Clone>(dice: &mut Dice, from: &[T]) -> Option<T> {
    dice.random_bool(0.75).then(|| pick(dice, from))
}

/// A moment, often one where a day, a month or a number of days begins.
fn time(dice: &mut Dice) -> Option<i64> {
    let now = moment().now.millis;
    let midnight = Time::parse("2026-03-17T00:00:00+08:00").unwrap().millis;
    let around = [
        now,
        now - 30 * DAY,
        now - 7 * DAY,
        now + DAY,
        midnight,
        midnight + DAY,
        midnight - DAY,
        midnight - 16 * DAY,
    ];
    match dice.random_range(0..6) {
        0 => None,
        1 | 2 => Some(pick(dice, &around) + dice.random_range(-1..=1)),
        _ => Some(now + dice.random_range(-400 * DAY..40 * DAY)),
    }
}

fn text(value: &Option<&str>) -> Field {
    value.map_or(Field::Missing, |value| Field::Text(value.to_owned()))
}

fn int(value: Option<i64>) -> Field {
    value.map_or(Field::Missing, Field::Int)
}

fn links(ids: &[&str], names: &[(&str, &str)]) -> Field {
    let link = |id: &&str| {
        let name = names.iter().find(|(known, _)| known == id).map_or("", |(_, name)| name);
        Link { id: (*id).to_owned(), name: name.to_owned() }
    };
    Field::Links(ids.iter().map(link).collect())
}

const TAGS: &[(&str, &str)] = &[("t1", "母婴"), ("t2", "VIP"), ("t3", "vip 金卡"), ("t4", "价格_敏感")];
const OPERATORS: &[(&str, &str)] = &[("o1", "小李"), ("o2", "Wang Fang")];
const GROUPS: &[(&str, &str)] = &[("g1", "VIP 1群"), ("g2", "宝妈福利①群"), ("g3", "Ｖip群")];
const NAMES: &[&str] = &[
    "张三",
    "张三丰",
    "单晓琳",
    "李",
    "欧阳明月",
    "Lucy Chen",
    "100%_棉",
    "🌸陈佳怡 Jia",
    "ＡＢＣ",
    "重庆曾先生",
];

fn functions(db: &Connection) {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    let time = |at: Option<i64>| at.map(Time::from_millis);
    db.create_scalar_function("rfm_r", 2, flags, move |c| {
        Ok(insight::rfm_r(Time::from_millis(c.get(0)?), time(c.get(1)?)))
    })
    .unwrap();
    db.create_scalar_function("rfm_f", 1, flags, |c| Ok(insight::rfm_f(c.get(0)?))).unwrap();
    db.create_scalar_function("rfm_m", 1, flags, |c| Ok(insight::rfm_m(c.get(0)?))).unwrap();
    db.create_scalar_function("churn", 6, flags, move |c| {
        let now = Time::from_millis(c.get(0)?);
        let times = (time(c.get(1)?), time(c.get(2)?), time(c.get(3)?), time(c.get(4)?));
        Ok(insight::churn(now, times.0, times.1, times.2, times.3, c.get(5)?))
    })
    .unwrap();
}

pub fn database() -> Connection {
    let db = Connection::open_in_memory().unwrap();
    db.execute_batch(include_str!("../../src/cache/schema.sql")).unwrap();
    functions(&db);
    db
}

impl World {
    pub fn new() -> Self {
        let mut world = Self { db: database(), rows: HashMap::new() };
        let dice = &mut Dice::seed_from_u64(7);
        for (id, name) in TAGS {
            let sql = "INSERT INTO tags (id, name, name_fold, name_key, deleted, pull, body) VALUES (?, ?, ?, '', 0, 0, '{}')";
            world.db.execute(sql, params![id, name, fold(name)]).unwrap();
        }
        for (id, name) in OPERATORS {
            let sql = "INSERT INTO operators (id, name, name_fold, name_key, search, pinyin, active, pull, body) \
                       VALUES (?, ?, ?, '', '', '', 1, 0, '{}')";
            world.db.execute(sql, params![id, name, fold(name)]).unwrap();
        }
        world.groups(dice);
        let customers = world.customers(dice);
        world.follow_ups(dice, &customers);
        let rows = customers.into_iter().map(|(id, fields)| (id, Fields(fields))).collect();
        world.rows.insert(Scope::Customers, rows);
        world
    }

    fn groups(&mut self, dice: &mut Dice) {
        let today = moment().zoned().date();
        let mut rows = Vec::new();
        for number in 1..=40 {
            let id = format!("g{number}");
            let name =
                GROUPS.iter().find(|(known, _)| *known == id).map_or(pick(dice, NAMES), |(_, name)| name);
            let owner = maybe(dice, &["o1", "o2", "o9"]);
            let status = maybe(dice, &["active", "dissolved", "Active"]);
            let figures: [Option<i64>; 5] = std::array::from_fn(|_| maybe(dice, &[-7, -1, 0, 1, 12, 500]));
            let created = time(dice);
            let sql = "INSERT INTO groups (id, name, name_key, name_fold, search, pinyin, owner_id, status, created, \
                       member_count, customer_count, active7, net7, messages7, pull, body) \
                       VALUES (?, ?, '', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '{}')";
            let [members, customers, active7, net7, messages7] = figures;
            let values = params![
                id,
                name,
                fold(name),
                fold(name),
                readings(name),
                owner,
                status,
                created,
                members,
                customers,
                active7,
                net7,
                messages7
            ];
            self.db.execute(sql, values).unwrap();
            let tags: Vec<&str> = ["t1", "t2"].into_iter().filter(|_| dice.random_bool(0.4)).collect();
            for tag in &tags {
                self.db.execute("INSERT INTO group_tags VALUES (?, ?)", params![id, tag]).unwrap();
            }
            let scale: i64 = pick(dice, &[0, 1, 4]);
            let mut days = [const { Vec::new() }; 3];
            for back in (0..40).rev() {
                let known = dice.random_bool(if number % 4 == 0 { 0.2 } else { 0.9 });
                let wrote = if back < 7 { scale } else { 4 } * dice.random_range(0..4);
                let (joined, left): (i64, i64) = (dice.random_range(0..3), dice.random_range(0..5));
                let day = today.checked_sub(jiff::Span::new().days(back)).unwrap();
                if known {
                    let sql = "INSERT INTO group_days (id, group_id, day, messages, active_members, joined, left, pull, body) \
                               VALUES (?, ?, ?, ?, ?, ?, ?, 0, '{}')";
                    let values =
                        params![format!("{id}:{day}"), id, day.to_string(), wrote * 3, wrote, joined, left];
                    self.db.execute(sql, values).unwrap();
                }
                let figures = [wrote * 3, wrote, joined - left];
                days.iter_mut().zip(figures).for_each(|(days, figure)| days.push(known.then_some(figure)));
            }
            let health = insight::group_health(&days[0], &days[1], &days[2]);
            let fields = HashMap::from([
                ("id".to_owned(), Field::Text(id.clone())),
                ("name".to_owned(), Field::Text(name.to_owned())),
                ("search".to_owned(), Field::Text(fold(name))),
                ("pinyin".to_owned(), Field::Text(readings(name))),
                ("owner".to_owned(), links(owner.as_slice(), OPERATORS)),
                ("status".to_owned(), text(&status)),
                ("created".to_owned(), int(created)),
                ("members".to_owned(), int(members)),
                ("customers".to_owned(), int(customers)),
                ("active7".to_owned(), int(active7)),
                ("net7".to_owned(), int(net7)),
                ("messages7".to_owned(), int(messages7)),
                ("tag".to_owned(), links(&tags, TAGS)),
                ("dying".to_owned(), Field::Int(health.dying.into())),
                ("quiet".to_owned(), Field::Int(health.quiet.into())),
            ]);
            rows.push((id, Fields(fields)));
        }
        self.rows.insert(Scope::Groups, rows);
    }

    fn customers(&mut self, dice: &mut Dice) -> Vec<(String, HashMap<String, Field>)> {
        let mut rows = Vec::new();
        for number in 1..=150 {
            let id = format!("c{number}");
            let name = NAMES.get(number - 1).copied().unwrap_or_else(|| pick(dice, NAMES));
            let remark = maybe(dice, &["宝宝 8 个月", "Ask again", ""]);
            let alias = maybe(dice, &["wx_zhang", "Jia"]);
            let phones: Vec<&str> =
                ["13800138000", "+86 139 0000 1111"].into_iter().filter(|_| dice.random_bool(0.4)).collect();
            let channels: Vec<&str> =
                ["wechat", "email", "Douyin"].into_iter().filter(|_| dice.random_bool(0.4)).collect();
            let stage = maybe(dice, &["lead", "new", "active", "dormant", "lost"]);
            let [source, city, company] =
                std::array::from_fn(|_| maybe(dice, &["活码A", "转介绍", "Shanghai", "上海"]));
            let level = maybe(dice, &["L2", "VIP1", "vip"]);
            let birthday = maybe(dice, &["03-17", "03-18", "03-24", "12-31", "01-01", "02-29"]);
            let points = maybe(dice, &[0, 1, 999, 1000, 15_000]);
            let times: [Option<i64>; 5] = std::array::from_fn(|_| time(dice));
            let [added, contacted, active, ordered, due] = times;
            let orders = maybe(dice, &[0, 1, 2, 3, 7, 12]);
            let ltv = maybe(dice, &[0, 9_999, 10_000, 100_000, 321_600, 2_000_000]);
            let referrer = maybe(dice, &["c1", "c2", "c999"]).filter(|_| dice.random_bool(0.5));
            let theirs: Vec<Option<&str>> = (0..dice.random_range(0..3))
                .map(|_| maybe(dice, &["Ask again", "老客户 王姐", ""]))
                .collect();
            let said: Vec<&str> = theirs.iter().flatten().copied().collect();
            let texts = [
                name,
                remark.unwrap_or(""),
                alias.unwrap_or(""),
                &phones.join("\u{1f}"),
                &said.join("\u{1f}"),
            ];
            let search = fold(&texts.join("\u{1f}"));
            let pinyin = readings(&search);
            let known = |kind: &&str| serde_json::json!({"kind": kind, "id": format!("id-{kind}")});
            let relation = |remark: &Option<&str>| serde_json::json!({"operator_id": "o1", "remark": remark});
            let body = serde_json::json!({
                "phones": phones,
                "channels": channels.iter().map(known).collect::<Vec<_>>(),
                "relations": theirs.iter().map(relation).collect::<Vec<_>>(),
            });
            let sql = "INSERT INTO customers (id, name, name_key, remark, alias, search, pinyin, stage, derived, source, city, \
                       company, birthday, level, points, added, contacted, active, ordered, orders, ltv, referrer, phone, \
                       next_due, pull, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)";
            let values = params![
                id,
                name,
                sort_key(name),
                remark,
                alias,
                search,
                pinyin,
                stage,
                source,
                city,
                company,
                birthday,
                level,
                points,
                added,
                contacted,
                active,
                ordered,
                orders,
                ltv,
                referrer,
                phones.first(),
                due,
                body.to_string()
            ];
            self.db.execute(sql, values).unwrap();
            let mut some = |from: &[&'static str]| -> Vec<&'static str> {
                from.iter().copied().filter(|_| dice.random_bool(0.3)).collect()
            };
            let (tags, owners) = (some(&["t1", "t2", "t3", "t4", "t9"]), some(&["o1", "o2", "o9"]));
            let (groups, left) = (some(&["g1", "g2", "g3"]), some(&["g1", "g2"]));
            for tag in &tags {
                self.db.execute("INSERT INTO customer_tags VALUES (?, ?)", params![id, tag]).unwrap();
            }
            for owner in &owners {
                self.db.execute("INSERT INTO customer_owners VALUES (?, ?)", params![id, owner]).unwrap();
            }
            for (groups, member, left) in [(&groups, "m", None), (&left, "was", Some(1))] {
                for group in groups {
                    let sql = "INSERT INTO group_members (id, group_id, member_id, customer_id, name, name_key, search, pinyin, \
                               left, pull, body) VALUES (?, ?, ?, ?, '', '', '', '', ?, 0, '{}')";
                    let member = format!("{member}{id}");
                    self.db
                        .execute(sql, params![format!("{group}:{member}"), group, member, id, left])
                        .unwrap();
                }
            }
            let names: Vec<(String, &str)> = (1..=2).map(|n| (format!("c{n}"), NAMES[n - 1])).collect();
            let names: Vec<(&str, &str)> = names.iter().map(|(id, name)| (id.as_str(), *name)).collect();
            let reached =
                channels.iter().flat_map(|kind| [(*kind).to_owned(), format!("id-{kind}")]).collect();
            let fields = [
                ("id", Field::Text(id.clone())),
                ("name", Field::Text(name.to_owned())),
                ("remark", Field::Texts(said.iter().copied().chain(remark).map(str::to_owned).collect())),
                ("alias", text(&alias)),
                ("phone", Field::Texts(phones.iter().map(|phone| (*phone).to_owned()).collect())),
                ("channel", Field::Texts(reached)),
                ("stage", text(&stage)),
                ("source", text(&source)),
                ("city", text(&city)),
                ("company", text(&company)),
                ("level", text(&level)),
                ("birthday", text(&birthday)),
                ("points", int(points)),
                ("added", int(added)),
                ("contacted", int(contacted)),
                ("active", int(active)),
                ("ordered", int(ordered)),
                ("due", int(due)),
                ("orders", int(orders)),
                ("ltv", int(ltv)),
                ("referrer", links(referrer.as_slice(), &names)),
                ("tag", links(&tags, TAGS)),
                ("owner", links(&owners, OPERATORS)),
                ("in", links(&groups, GROUPS)),
                ("search", Field::Text(search)),
                ("pinyin", Field::Text(pinyin)),
            ];
            rows.push((id, fields.into_iter().map(|(name, field)| (name.to_owned(), field)).collect()));
        }
        rows
    }

    fn follow_ups(&mut self, dice: &mut Dice, customers: &[(String, HashMap<String, Field>)]) {
        let mut rows = Vec::new();
        for number in 1..=150 {
            let id = format!("f{number}");
            let customer = format!("c{}", dice.random_range(1..=170));
            let title = pick(dice, &["首单后回访", "Call back", "积分到期提醒"]);
            let status = pick(dice, &["open", "doing", "done", "cancelled"]);
            let kind = pick(dice, &["call", "after_sale", "other"]);
            let priority = dice.random_range(0..4_i64);
            let [due, sla, snoozed, created, done]: [Option<i64>; 5] = std::array::from_fn(|_| time(dice));
            let assignee = maybe(dice, &["o1", "o2"]);
            let source = maybe(dice, &["manual", "sop:D3", "rule:points"]);
            let outcome = maybe(dice, &["interested", "no_answer"]);
            let sql = "INSERT INTO follow_ups (id, customer_id, title, search, pinyin, kind, due, sla, priority, status, snoozed, \
                       assignee_id, source, outcome, created, done, pull, body) \
                       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, '{}')";
            let values = params![
                id,
                customer,
                title,
                fold(title),
                readings(title),
                kind,
                due,
                sla,
                priority,
                status,
                snoozed,
                assignee,
                source,
                outcome,
                created,
                done
            ];
            self.db.execute(sql, values).unwrap();
            let whose = customers.iter().find(|(id, _)| *id == customer);
            let name = match whose.map(|(_, fields)| &fields["name"]) {
                Some(Field::Text(name)) => name.clone(),
                _ => String::new(),
            };
            let mut fields: HashMap<String, Field> = whose
                .map(|(_, fields)| {
                    fields.iter().map(|(name, field)| (format!("customer.{name}"), field.clone())).collect()
                })
                .unwrap_or_default();
            let own = [
                ("id", Field::Text(id.clone())),
                ("title", Field::Text(title.to_owned())),
                ("search", Field::Text(fold(title))),
                ("pinyin", Field::Text(readings(title))),
                ("kind", Field::Text(kind.to_owned())),
                ("status", Field::Text(status.to_owned())),
                ("priority", Field::Int(priority)),
                ("due", int(due)),
                ("sla", int(sla)),
                ("snoozed", int(snoozed)),
                ("created", int(created)),
                ("done", int(done)),
                ("source", text(&source)),
                ("outcome", text(&outcome)),
                ("assignee", links(assignee.as_slice(), OPERATORS)),
                ("customer", Field::Links(vec![Link { id: customer, name }])),
            ];
            fields.extend(own.into_iter().map(|(name, field)| (name.to_owned(), field)));
            rows.push((id, Fields(fields)));
        }
        self.rows.insert(Scope::FollowUps, rows);
    }

    /// Ids by SQL, and ids by asking each row.
    pub fn both(&self, query: &Query, at: &Moment) -> (Vec<String>, Vec<String>) {
        let sql = query.sql(at);
        let text = format!(
            "SELECT {}.id FROM {} WHERE {} ORDER BY 1",
            query.scope.table(),
            tables(query.scope),
            sql.clause
        );
        let mut statement =
            self.db.prepare(&text).unwrap_or_else(|error| panic!("{}: {error}\n{text}", query.text));
        let found = statement.query_map(params_from_iter(sql.params.iter().map(sqlite)), |row| row.get(0));
        let found = found.unwrap_or_else(|error| panic!("{}: {error}\n{text}", query.text));
        let rows = self.rows[&query.scope].iter().filter(|(_, row)| query.matches(row, at));
        let mut asked: Vec<String> = rows.map(|(id, _)| id.clone()).collect();
        asked.sort();
        (found.collect::<Result<_, _>>().unwrap(), asked)
    }
}

fn sqlite(value: &SqlValue) -> Sqlite {
    match value {
        SqlValue::Null => Sqlite::Null,
        SqlValue::Int(value) => Sqlite::Integer(*value),
        SqlValue::Real(value) => Sqlite::Real(*value),
        SqlValue::Text(value) => Sqlite::Text(value.clone()),
    }
}

pub fn tables(scope: Scope) -> &'static str {
    match scope {
        Scope::Customers => "customers c",
        Scope::FollowUps => "follow_ups f LEFT JOIN customers c ON c.id = f.customer_id",
        Scope::Groups => "groups g",
        Scope::Tags => "tags t",
        Scope::Events => "events e",
        Scope::Orders => "orders o",
        Scope::Operators => "operators p",
        Scope::Snippets => "snippets s",
        Scope::Broadcasts => "broadcasts b",
        Scope::Members => "group_members m",
    }
}
