//! Keys of customer groups.

use super::{FOLDED, KeySpec, Link, NOWHERE, State, at_least, mine, state};
use crate::query::bind::Test;
use crate::query::scope::{Column, KeyKind};

const ID: Column = Column::new("id", "g.id");
const NAME: Column = Column::new("name", "g.name");
const MEMBERS: Column = Column::new("members", "g.member_count");
const CUSTOMERS: Column = Column::new("customers", "g.customer_count");
const ACTIVE7: Column = Column::new("active7", "g.active7");
const NET7: Column = Column::new("net7", "g.net7");
const MESSAGES7: Column = Column::new("messages7", "g.messages7");
const STATUS: Column = Column::new("status", "g.status");
const CREATED: Column = Column::new("created", "g.created");
/// 1 where [`crate::insight::group_health`] says so, by the same thresholds and days.
const DYING: Column = Column::new(
    "dying",
    "(SELECT ifnull(total(CASE WHEN d.day > {week} THEN ifnull(d.joined, 0) - ifnull(d.left, 0) END) <= -10, 0) \
     OR ifnull(count(CASE WHEN d.day <= {week} THEN d.active_members END) >= 7 \
     AND avg(CASE WHEN d.day > {week} THEN d.active_members END) \
     < avg(CASE WHEN d.day <= {week} THEN d.active_members END) * 0.5, 0) \
     FROM group_days d WHERE d.group_id = g.id AND d.day > {health} AND d.day <= {today})",
);
/// 1 where nobody wrote in the last 7 days, as far as they are known.
const QUIET: Column = Column::new(
    "quiet",
    "(SELECT sum(d.messages) = 0 FROM group_days d \
     WHERE d.group_id = g.id AND d.day > {week} AND d.day <= {today})",
);

static OWNER: Link = Link {
    field: "owner",
    before: "g.owner_id IN ",
    after: "",
    table: "operators",
    name: FOLDED,
    any: "g.owner_id <> ''",
};
static TAG: Link = Link {
    field: "tag",
    before: "g.id IN (SELECT x.group_id FROM group_tags x WHERE x.tag_id IN ",
    after: ")",
    table: "tags",
    name: FOLDED,
    any: "EXISTS (SELECT 1 FROM group_tags x WHERE x.group_id = g.id)",
};

static IS: [State; 5] = [
    state("mine", &["我的"], |at| mine(&OWNER, at), "我是群主", "mine to run"),
    state(
        "dying",
        &["衰退"],
        |_| at_least(DYING, 1),
        "活跃骤降或大量退群",
        "fewer and fewer write, or many leave",
    ),
    state("quiet", &["沉默"], |_| at_least(QUIET, 1), "7 天无人发言", "nobody wrote for 7 days"),
    state("growing", &["增长"], |_| at_least(NET7, 1), "7 天净增为正", "more joined than left in 7 days"),
    state(
        "shrinking",
        &["减少"],
        |_| Test::Int { column: NET7, low: None, high: Some(-1) },
        "7 天净增为负",
        "more left than joined in 7 days",
    ),
];

static HAS: [State; 2] = [
    state("owner", &["群主"], |_| Test::AnyLink(&OWNER), "有群主", "an owner"),
    state("tag", &["标签"], |_| Test::AnyLink(&TAG), "有标签", "a tag"),
];

pub(super) const KEYS: &[KeySpec] = &super::keys! { "" "" false;
    "name" ["群名"] KeyKind::Text, NAME, "群名，* 代表任意文字", "name; * is any text";
    "owner" ["群主"] KeyKind::Operator(&OWNER), NOWHERE, "群主，me 是自己", "who runs it; me";
    "members" ["人数"] KeyKind::Int, MEMBERS, "人数", "members";
    "active7" ["活跃"] KeyKind::Int, ACTIVE7, "近 7 天日均活跃人数", "members who write per day, last 7 days";
    "net7" ["净增"] KeyKind::Int, NET7, "近 7 天净增", "joined less left, last 7 days";
    "status" ["状态"] KeyKind::Text, STATUS, "状态", "status";
    "tag" ["标签"] KeyKind::Tag(&TAG), NOWHERE, "群标签", "a tag of the group";
    "id" ["编号"] KeyKind::Id, ID, "群编号", "the group's id";
    "customers" ["客户数"] KeyKind::Int, CUSTOMERS, "群里的客户数", "members who are customers";
    "messages7" ["发言"] KeyKind::Int, MESSAGES7, "近 7 天发言数", "messages, last 7 days";
    "created" ["创建"] KeyKind::Time { ahead: false }, CREATED, "创建时间", "when it was opened";
    "is" ["是"] KeyKind::State(&IS), NOWHERE, "处于某种状态", "something that is the case";
    "has" ["有"] KeyKind::State(&HAS), NOWHERE, "有某项资料", "something that is there";
};
