//! Keys of the smaller scopes: tags, events, orders, operators, snippets, broadcasts, members.

use super::{FOLDED, KeySpec, Link, NOCASE, NOWHERE, State, Word, at_least, not, state, word};
use crate::query::bind::Test;
use crate::query::scope::{Column, KeyKind};

const fn link(field: &'static str, before: &'static str, table: &'static str, any: &'static str) -> Link {
    // Customers are the only ones without a folded name.
    let folded = !matches!(table.as_bytes(), b"customers");
    Link { field, before, after: "", table, name: if folded { FOLDED } else { NOCASE }, any }
}

static TAG_GROUP: Link = link("group", "t.group_id IN ", "tag_groups", "t.group_id <> ''");
static EVENT_CUSTOMER: Link = link("customer", "e.customer_id IN ", "customers", "e.customer_id <> ''");
static EVENT_GROUP: Link = link("group", "e.group_id IN ", "groups", "e.group_id <> ''");
static EVENT_OPERATOR: Link = link("operator", "e.operator_id IN ", "operators", "e.operator_id <> ''");
static ORDER_CUSTOMER: Link = link("customer", "o.customer_id IN ", "customers", "o.customer_id <> ''");
static BROADCAST_BY: Link = link("by", "b.created_by IN ", "operators", "b.created_by <> ''");
static MEMBER_GROUP: Link = link("group", "m.group_id IN ", "groups", "m.group_id <> ''");
static MEMBER_CUSTOMER: Link = link("customer", "m.customer_id IN ", "customers", "m.customer_id <> ''");

static EVENT_KINDS: [Word; 15] = [
    word("message_in", &["来信"]),
    word("message_out", &["发信"]),
    word("call", &["电话", "通话"]),
    word("note", &["备注", "记录"]),
    word("tag", &["标签"]),
    word("stage", &["阶段"]),
    word("order", &["订单"]),
    word("joined", &["入群"]),
    word("left", &["退群"]),
    word("check_in", &["打卡"]),
    word("coupon", &["优惠券"]),
    word("points", &["积分"]),
    word("feedback", &["反馈"]),
    word("referral", &["转介绍"]),
    word("broadcast", &["群发"]),
];

const DELETED: Column = Column::new("deleted", "t.deleted");
const TAG_CUSTOMERS: Column = Column::new("customers", "t.customers");
static TAG_IS: [State; 2] = [
    state("deleted", &["已删除"], |_| at_least(DELETED, 1), "已删除", "deleted"),
    state(
        "unused",
        &["未使用"],
        |_| Test::Int { column: TAG_CUSTOMERS, low: Some(0), high: Some(0) },
        "没有客户",
        "without customers",
    ),
];

pub(super) const TAGS: &[KeySpec] = &super::keys! { "" "" false;
    "name" ["标签"] KeyKind::Text, Column::new("name", "t.name"), "标签名，* 代表任意文字", "name; * is any text";
    "group" ["标签组"] KeyKind::TagGroup(&TAG_GROUP), NOWHERE, "标签组，按名称或编号", "its tag group, by name or id";
    "customers" ["客户数"] KeyKind::Int, TAG_CUSTOMERS, "客户数", "customers who have it";
    "color" ["颜色"] KeyKind::Text, Column::new("color", "t.color"), "颜色", "colour";
    "id" ["编号"] KeyKind::Id, Column::new("id", "t.id"), "标签编号", "the tag's id";
    "is" ["是"] KeyKind::State(&TAG_IS), NOWHERE, "处于某种状态", "something that is the case";
};

pub(super) const EVENTS: &[KeySpec] = &super::keys! { "" "" false;
    "kind" ["类型"] KeyKind::Choice(&EVENT_KINDS), Column::new("kind", "e.kind"), "类型，如 call order", "kind, such as call or order";
    "at" ["时间"] KeyKind::Time { ahead: false }, Column::new("at", "e.at"), "时间", "when";
    "customer" ["客户"] KeyKind::Customer(&EVENT_CUSTOMER), NOWHERE, "客户，按名称或编号", "with whom, by name or id";
    "group" ["群"] KeyKind::Group(&EVENT_GROUP), NOWHERE, "群，按名称或编号", "in which group, by name or id";
    "operator" ["员工"] KeyKind::Operator(&EVENT_OPERATOR), NOWHERE, "员工，me 是自己", "by which operator; me";
    "title" ["标题"] KeyKind::Text, Column::new("title", "e.title"), "标题，* 代表任意文字", "title; * is any text";
    "id" ["编号"] KeyKind::Id, Column::new("id", "e.id"), "事件编号", "the event's id";
};

pub(super) const ORDERS: &[KeySpec] = &super::keys! { "" "" false;
    "at" ["时间"] KeyKind::Time { ahead: false }, Column::new("at", "o.at"), "下单时间", "when";
    "amount" ["金额"] KeyKind::Money, Column::new("amount", "o.amount"), "金额，整数是分，或 100元", "amount in minor units, or ¥100";
    "status" ["状态"] KeyKind::Text, Column::new("status", "o.status"), "状态，如 paid", "status, such as paid";
    "customer" ["客户"] KeyKind::Customer(&ORDER_CUSTOMER), NOWHERE, "客户，按名称或编号", "who bought, by name or id";
    "currency" ["币种"] KeyKind::Text, Column::new("currency", "o.currency"), "币种", "currency";
    "id" ["编号"] KeyKind::Id, Column::new("id", "o.id"), "订单编号", "the order's id";
};

const WORKING: Column = Column::new("active", "p.active");
static OPERATOR_IS: [State; 2] = [
    state("active", &["在职"], |_| at_least(WORKING, 1), "在职", "still here"),
    state("gone", &["离职"], |_| not(at_least(WORKING, 1)), "已离职", "no longer here"),
];
static YES_NO: [Word; 2] = [word("no", &["否", "false", "0"]), word("yes", &["是", "true", "1"])];

pub(super) const OPERATORS: &[KeySpec] = &super::keys! { "" "" false;
    "name" ["姓名"] KeyKind::Text, Column::new("name", "p.name"), "姓名，* 代表任意文字", "name; * is any text";
    "department" ["部门"] KeyKind::Text, Column::new("department", "p.department"), "部门", "department";
    "active" ["在职"] KeyKind::Rank(&YES_NO), WORKING, "是否在职：yes no", "whether they still work here: yes no";
    "id" ["编号"] KeyKind::Id, Column::new("id", "p.id"), "员工编号", "the operator's id";
    "is" ["是"] KeyKind::State(&OPERATOR_IS), NOWHERE, "处于某种状态", "something that is the case";
};

pub(super) const SNIPPETS: &[KeySpec] = &super::keys! { "" "" false;
    "title" ["标题"] KeyKind::Text, Column::new("title", "s.title"), "标题，* 代表任意文字", "title; * is any text";
    "group" ["分组"] KeyKind::Text, Column::new("group", "s.grp"), "分组", "its shelf";
    "body" ["正文"] KeyKind::Text, Column::new("body", "s.body_text"), "正文，如 *优惠*", "the text, such as *offer*";
    "id" ["编号"] KeyKind::Id, Column::new("id", "s.id"), "话术编号", "the snippet's id";
};

pub(super) const BROADCASTS: &[KeySpec] = &super::keys! { "" "" false;
    "title" ["标题"] KeyKind::Text, Column::new("title", "b.title"), "标题，* 代表任意文字", "title; * is any text";
    "status" ["状态"] KeyKind::Text, Column::new("status", "b.status"), "状态，如 sent", "status, such as sent";
    "created" ["创建"] KeyKind::Time { ahead: false }, Column::new("created", "b.created"), "创建时间", "when it was made";
    "by" ["创建人"] KeyKind::Operator(&BROADCAST_BY), NOWHERE, "创建人，me 是自己", "who made it; me";
    "id" ["编号"] KeyKind::Id, Column::new("id", "b.id"), "群发编号", "the broadcast's id";
};

const MEMBER_KIND: Column = Column::new("kind", "m.kind");
const LEFT: Column = Column::new("left", "m.left");
const LAST: Column = Column::new("last", "m.last_message");
static MEMBER_IS: [State; 3] = [
    state("in", &["在群"], |_| not(Test::Present(LEFT)), "还在群里", "still in"),
    state("left", &["已退群"], |_| Test::Present(LEFT), "已退群", "no longer in"),
    state(
        "lurking",
        &["潜水"],
        |at| Test::All(vec![not(Test::Present(LEFT)), not(super::within(LAST, at, 30))]),
        "30 天未发言",
        "in, and silent for 30 days",
    ),
];

pub(super) const MEMBERS: &[KeySpec] = &super::keys! { "" "" false;
    "name" ["姓名"] KeyKind::Text, Column::new("name", "m.name"), "群昵称，* 代表任意文字", "name in the group; * is any text";
    "kind" ["身份"] KeyKind::Text, MEMBER_KIND, "身份：customer staff stranger", "customer, staff or stranger";
    "joined" ["入群"] KeyKind::Time { ahead: false }, Column::new("joined", "m.joined"), "入群时间", "when they joined";
    "left" ["退群"] KeyKind::Time { ahead: false }, LEFT, "退群时间", "when they left";
    "messages" ["发言"] KeyKind::Int, Column::new("messages", "m.messages"), "近 30 天发言", "messages, last 30 days";
    "last" ["最近"] KeyKind::Time { ahead: false }, LAST, "最近发言", "their latest message";
    "scene" ["方式"] KeyKind::Text, Column::new("scene", "m.join_scene"), "入群方式", "how they joined";
    "group" ["群" "in"] KeyKind::Group(&MEMBER_GROUP), NOWHERE, "群，按名称或编号", "the group, by name or id";
    "customer" ["客户"] KeyKind::Customer(&MEMBER_CUSTOMER), NOWHERE, "客户，按名称或编号", "the customer, by name or id";
    "id" ["编号"] KeyKind::Id, Column::new("id", "m.id"), "成员编号，如 g1:m2", "the membership's id, such as g1:m2";
    "member" ["成员"] KeyKind::Id, Column::new("member", "m.member_id"), "群内的成员编号", "the member's id within the group";
    "is" ["是"] KeyKind::State(&MEMBER_IS), NOWHERE, "处于某种状态", "something that is the case";
};
