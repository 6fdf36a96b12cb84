//! Keys of customers. Follow-ups know the same keys with `customer.` before them.

use super::{
    FOLDED, KeySpec, Link, NOCASE, NOWHERE, State, Word, at_least, before_now, by_today, is, mine, not,
    state, within, word,
};
use crate::query::bind::Test;
use crate::query::scope::{Column, KeyKind};

const ID: Column = Column::new("id", "c.id");
const NAME: Column = Column::new("name", "c.name");
/// The customer's own, and what each operator calls them.
const REMARK: Column = Column {
    field: "remark",
    sql: "j.value",
    many: Some(
        "(SELECT c.remark AS value UNION ALL SELECT r.value ->> 'remark' FROM json_each(c.body, '$.relations') r) j",
    ),
};
const ALIAS: Column = Column::new("alias", "c.alias");
const PHONE: Column =
    Column { field: "phone", sql: "j.value", many: Some("json_each(c.body, '$.phones') j") };
/// The first phone: enough to say whether there is one.
const A_PHONE: Column = Column::new("phone", "c.phone");
const CHANNEL: Column = Column {
    field: "channel",
    sql: "k.value",
    many: Some("json_each(c.body, '$.channels') j, json_each(j.value) k"),
};
const STAGE: Column = Column::new("stage", "c.stage");
const SOURCE: Column = Column::new("source", "c.source");
const CITY: Column = Column::new("city", "c.city");
const COMPANY: Column = Column::new("company", "c.company");
const BIRTHDAY: Column = Column::new("birthday", "c.birthday");
const LEVEL: Column = Column::new("level", "c.level");
const POINTS: Column = Column::new("points", "c.points");
const ADDED: Column = Column::new("added", "c.added");
const CONTACTED: Column = Column::new("contacted", "c.contacted");
const ACTIVE: Column = Column::new("active", "c.active");
const ORDERED: Column = Column::new("ordered", "c.ordered");
const ORDERS: Column = Column::new("orders", "c.orders");
const LTV: Column = Column::new("ltv", "c.ltv");
const CHURN: Column =
    Column::new("churn", "churn({now}, c.added, c.contacted, c.active, c.ordered, c.orders)");
const DUE: Column = Column::new("due", "c.next_due");

static TAG: Link = Link {
    field: "tag",
    before: "c.id IN (SELECT x.customer_id FROM customer_tags x WHERE x.tag_id IN ",
    after: ")",
    table: "tags",
    name: FOLDED,
    any: "EXISTS (SELECT 1 FROM customer_tags x WHERE x.customer_id = c.id)",
};
static OWNER: Link = Link {
    field: "owner",
    before: "c.id IN (SELECT x.customer_id FROM customer_owners x WHERE x.operator_id IN ",
    after: ")",
    table: "operators",
    name: FOLDED,
    any: "EXISTS (SELECT 1 FROM customer_owners x WHERE x.customer_id = c.id)",
};
static GROUP: Link = Link {
    field: "in",
    before: "c.id IN (SELECT x.customer_id FROM group_members x WHERE x.left IS NULL AND x.group_id IN ",
    after: ")",
    table: "groups",
    name: FOLDED,
    any: "EXISTS (SELECT 1 FROM group_members x WHERE x.customer_id = c.id AND x.left IS NULL)",
};
static REFERRER: Link = Link {
    field: "referrer",
    before: "c.referrer IN ",
    after: "",
    table: "customers",
    name: NOCASE,
    any: "c.referrer <> ''",
};

static STAGES: [Word; 5] = [
    word("lead", &["潜客"]),
    word("new", &["新客"]),
    word("active", &["老客"]),
    word("dormant", &["沉睡"]),
    word("lost", &["流失"]),
];

static HAS: [State; 16] = [
    state("phone", &["电话", "手机"], |_| Test::Present(A_PHONE), "有电话", "a phone number"),
    state("tag", &["标签"], |_| Test::AnyLink(&TAG), "有标签", "a tag"),
    state("owner", &["归属"], |_| Test::AnyLink(&OWNER), "有归属", "an owner"),
    state("remark", &["备注"], |_| Test::Present(REMARK), "有备注", "a remark"),
    state("alias", &["别名"], |_| Test::Present(ALIAS), "有别名", "an alias"),
    state("order", &["订单"], |_| at_least(ORDERS, 1), "下过单", "a paid order"),
    state("birthday", &["生日"], |_| Test::Present(BIRTHDAY), "有生日", "a birthday"),
    state("referrer", &["转介绍"], |_| Test::AnyLink(&REFERRER), "由人转介绍", "somebody who referred them"),
    state("group", &["群"], |_| Test::AnyLink(&GROUP), "在某个群里", "a group that they are in"),
    state("due", &["跟进"], |_| Test::Present(DUE), "有待跟进", "a pending follow-up"),
    state(
        "email",
        &["邮箱"],
        |_| Test::Same { column: CHANNEL, text: "email".to_owned() },
        "有邮箱",
        "an e-mail address",
    ),
    state("city", &["城市"], |_| Test::Present(CITY), "有城市", "a city"),
    state("company", &["公司"], |_| Test::Present(COMPANY), "有公司", "a company"),
    state("source", &["来源"], |_| Test::Present(SOURCE), "有来源", "a source"),
    state("level", &["等级", "会员"], |_| Test::Present(LEVEL), "有会员等级", "a membership level"),
    state("points", &["积分"], |_| at_least(POINTS, 1), "有积分", "points"),
];

/// Days without contact after which a customer is quiet.
const QUIET_DAYS: i64 = 30;

static IS: [State; 14] = [
    state("mine", &["我的"], |at| mine(&OWNER, at), "归属是我", "mine to keep"),
    state(
        "unassigned",
        &["未分配", "无归属"],
        |_| not(Test::AnyLink(&OWNER)),
        "没有归属",
        "without an owner",
    ),
    state("overdue", &["逾期"], |at| before_now(DUE, at), "跟进已逾期", "a follow-up is past due"),
    state(
        "due",
        &["待跟进"],
        |at| by_today(DUE, at),
        "今天该跟进，含逾期",
        "a follow-up is due today or overdue",
    ),
    state("lead", &["潜客"], |_| is(STAGE, "lead"), "阶段是潜客", "stage lead"),
    state("new", &["新客"], |_| is(STAGE, "new"), "阶段是新客", "stage new"),
    state("active", &["老客"], |_| is(STAGE, "active"), "阶段是老客", "stage active"),
    state("dormant", &["沉睡"], |_| is(STAGE, "dormant"), "阶段是沉睡", "stage dormant"),
    state("lost", &["流失"], |_| is(STAGE, "lost"), "阶段是流失", "stage lost"),
    state(
        "quiet",
        &["久未联系"],
        |at| not(within(CONTACTED, at, QUIET_DAYS)),
        "30 天没有联系",
        "not contacted for 30 days",
    ),
    state("buyer", &["已购"], |_| at_least(ORDERS, 1), "下过单", "ordered at least once"),
    state("repeat", &["复购"], |_| at_least(ORDERS, 2), "复购过", "ordered at least twice"),
    state("referred", &["转介绍"], |_| Test::AnyLink(&REFERRER), "由人转介绍来", "came by a referral"),
    state(
        "vip",
        &[],
        |_| {
            let named = |parts: &[&str]| parts.iter().map(|part| (*part).to_owned()).collect();
            let tag = Test::Linked {
                link: &TAG,
                ids: Vec::new(),
                names: Vec::new(),
                patterns: vec![named(&["vip", ""])],
            };
            Test::Any(vec![tag, Test::Like { column: LEVEL, parts: named(&["", "vip", ""]) }])
        },
        "有 VIP 标签或等级",
        "tagged VIP or of a VIP level",
    ),
];

/// The keys, with a prefix before each name.
macro_rules! customer_keys {
    ($prefix:literal $zh:literal $of:literal) => {
        super::keys! { $prefix $zh $of;
            "id" ["编号"] KeyKind::Id, ID, "客户编号", "the customer's id";
            "name" ["姓名" "昵称"] KeyKind::Text, NAME, "昵称，* 代表任意文字", "name; * is any text";
            "remark" ["备注"] KeyKind::Text, REMARK, "备注，含同事的备注，* 代表任意文字", "remark, also a colleague's; * is any text";
            "alias" ["别名"] KeyKind::Text, ALIAS, "别名", "another name";
            "phone" ["电话" "手机"] KeyKind::Text, PHONE, "电话，如 138*", "a phone, such as 138*";
            "tag" ["标签"] KeyKind::Tag(&TAG), NOWHERE, "标签，按名称或编号", "a tag, by name or id";
            "stage" ["阶段"] KeyKind::Choice(&STAGES), STAGE, "阶段：潜客 新客 老客 沉睡 流失", "stage: lead new active dormant lost";
            "owner" ["归属" "负责人"] KeyKind::Operator(&OWNER), NOWHERE, "归属员工，me 是自己", "an operator who keeps them; me";
            "source" ["来源"] KeyKind::Text, SOURCE, "渠道来源", "where they came from";
            "channel" ["渠道"] KeyKind::Text, CHANNEL, "联系渠道，如 wechat", "how they are reached, such as wechat";
            "city" ["城市"] KeyKind::Text, CITY, "城市", "city";
            "company" ["公司"] KeyKind::Text, COMPANY, "公司", "employer or shop";
            "birthday" ["生日"] KeyKind::Birthday, BIRTHDAY, "生日，如 today..+7d", "birthday, such as today..+7d";
            "level" ["等级"] KeyKind::Text, LEVEL, "会员等级", "membership level";
            "points" ["积分"] KeyKind::Int, POINTS, "积分", "membership points";
            "added" ["添加"] KeyKind::Time { ahead: false }, ADDED, "添加时间", "when they were added";
            "contacted" ["联系"] KeyKind::Time { ahead: false }, CONTACTED, "最近联系", "last contact by an operator";
            "active" ["活跃"] KeyKind::Time { ahead: false }, ACTIVE, "最近活跃", "last sign of life";
            "ordered" ["下单"] KeyKind::Time { ahead: false }, ORDERED, "最近下单", "last order";
            "orders" ["订单"] KeyKind::Int, ORDERS, "订单数", "paid orders";
            "ltv" ["累计" "消费"] KeyKind::Money, LTV, "累计消费，整数是分，或 1000元", "lifetime value in minor units, or ¥1000";
            "rfm" [] KeyKind::Score, NOWHERE, "RFM，如 5-3-4、5**、r>=4、重要保持", "RFM, such as 5-3-4, 5**, r>=4, at-risk";
            "churn" ["流失风险"] KeyKind::Ratio, CHURN, "流失风险，如 >50%", "risk of churn, such as >50%";
            "referrer" ["介绍人"] KeyKind::Customer(&REFERRER), NOWHERE, "介绍人，按名称或编号", "who referred them, by name or id";
            "due" ["下次跟进"] KeyKind::Time { ahead: true }, DUE, "下次跟进", "when the next follow-up is due";
            "in" ["群"] KeyKind::Group(&GROUP), NOWHERE, "所在的群，按名称或编号", "a group that they are in, by name or id";
            "has" ["有"] KeyKind::State(&HAS), NOWHERE, "有某项资料", "something that is there";
            "is" ["是"] KeyKind::State(&IS), NOWHERE, "处于某种状态", "something that is the case";
        }
    };
}

pub(super) const KEYS: &[KeySpec] = &customer_keys!("" "" false);

/// The same keys for rows that have a customer.
pub(super) const OF_CUSTOMER: [KeySpec; KEYS.len()] = customer_keys!("customer." "客户." true);
