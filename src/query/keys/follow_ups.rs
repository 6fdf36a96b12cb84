//! Keys of follow-ups: their own, then those of their customer.

use super::{
    FOLDED, KeySpec, Link, NOCASE, NOWHERE, State, Word, at_least, before_now, by_today, customers, is, mine,
    not, state, word,
};
use crate::model::FollowUpStatus;
use crate::query::bind::Test;
use crate::query::moment::Moment;
use crate::query::scope::{Column, KeyKind};

const ID: Column = Column::new("id", "f.id");
const TITLE: Column = Column::new("title", "f.title");
const KIND: Column = Column::new("kind", "f.kind");
const STATUS: Column = Column::new("status", "f.status");
const PRIORITY: Column = Column::new("priority", "f.priority");
const DUE: Column = Column::new("due", "f.due");
const SLA: Column = Column::new("sla", "f.sla");
const SNOOZED: Column = Column::new("snoozed", "f.snoozed");
const SOURCE: Column = Column::new("source", "f.source");
const OUTCOME: Column = Column::new("outcome", "f.outcome");
const CREATED: Column = Column::new("created", "f.created");
const DONE: Column = Column::new("done", "f.done");

static ASSIGNEE: Link = Link {
    field: "assignee",
    before: "f.assignee_id IN ",
    after: "",
    table: "operators",
    name: FOLDED,
    any: "f.assignee_id <> ''",
};
static CUSTOMER: Link = Link {
    field: "customer",
    before: "f.customer_id IN ",
    after: "",
    table: "customers",
    name: NOCASE,
    any: "f.customer_id <> ''",
};

static KINDS: [Word; 7] = [
    word("call", &["电话"]),
    word("message", &["消息"]),
    word("visit", &["拜访"]),
    word("care", &["关怀"]),
    word("after_sale", &["售后"]),
    word("renewal", &["续费"]),
    word("other", &["其他"]),
];
static STATUSES: [Word; 4] = [
    word("open", &["待办", "未开始"]),
    word("doing", &["进行中"]),
    word("done", &["完成", "已完成"]),
    word("cancelled", &["取消", "已取消", "canceled"]),
];
/// In the order of their numbers in the cache.
static PRIORITIES: [Word; 4] =
    [word("low", &["低"]), word("normal", &["普通", "中"]), word("high", &["高"]), word("urgent", &["紧急"])];

fn pending(_: &Moment) -> Test {
    let words = FollowUpStatus::ALL.iter().filter(|status| status.is_pending());
    Test::Exact { column: STATUS, texts: words.map(|status| status.word().to_owned()).collect() }
}

fn pending_and(test: Test, at: &Moment) -> Test {
    Test::All(vec![pending(at), test])
}

static IS: [State; 13] = [
    state("pending", &["待办", "待跟进"], pending, "还没完成", "not finished"),
    state("mine", &["我的"], |at| mine(&ASSIGNEE, at), "指派给我", "assigned to me"),
    state("overdue", &["逾期"], |at| pending_and(before_now(DUE, at), at), "已逾期", "pending and past due"),
    state(
        "due",
        &["到期"],
        |at| pending_and(by_today(DUE, at), at),
        "今天到期，含逾期",
        "pending, due today or overdue",
    ),
    state(
        "late",
        &["超时"],
        |at| pending_and(before_now(SLA, at), at),
        "已超过承诺时间",
        "pending and past what was promised",
    ),
    state(
        "snoozed",
        &["延后"],
        |at| Test::Int { column: SNOOZED, low: Some(at.now.millis.saturating_add(1)), high: None },
        "延后中",
        "hidden until later",
    ),
    state("unassigned", &["未指派"], |_| not(Test::AnyLink(&ASSIGNEE)), "没有指派", "assigned to nobody"),
    state("urgent", &["紧急"], |_| at_least(PRIORITY, 3), "紧急", "of the highest priority"),
    state("open", &["未开始"], |_| is(STATUS, "open"), "未开始", "not begun"),
    state("doing", &["进行中"], |_| is(STATUS, "doing"), "进行中", "begun"),
    state("done", &["完成"], |_| is(STATUS, "done"), "已完成", "done"),
    state("cancelled", &["取消"], |_| is(STATUS, "cancelled"), "已取消", "not needed any more"),
    state("closed", &["结束"], |at| not(pending(at)), "已完成或取消", "done or cancelled"),
];

static HAS: [State; 5] = [
    state("due", &["到期"], |_| Test::Present(DUE), "有到期时间", "a due time"),
    state("sla", &["承诺"], |_| Test::Present(SLA), "有承诺时间", "a promised time"),
    state("assignee", &["指派"], |_| Test::AnyLink(&ASSIGNEE), "已指派", "somebody to do it"),
    state("outcome", &["结果"], |_| Test::Present(OUTCOME), "有结果", "an outcome"),
    state("source", &["来源"], |_| Test::Present(SOURCE), "有来源", "a source"),
];

const OWN: [KeySpec; 16] = super::keys! { "" "" false;
    "id" ["编号"] KeyKind::Id, ID, "跟进编号", "the follow-up's id";
    "due" ["到期"] KeyKind::Time { ahead: true }, DUE, "到期时间", "by when";
    "status" ["状态"] KeyKind::Choice(&STATUSES), STATUS, "状态：open doing done cancelled", "open doing done cancelled";
    "kind" ["方式"] KeyKind::Choice(&KINDS), KIND, "方式：电话 消息 拜访 关怀 售后 续费", "call message visit care after_sale renewal";
    "priority" ["优先级"] KeyKind::Rank(&PRIORITIES), PRIORITY, "优先级，如 >=high", "priority, such as >=high";
    "assignee" ["指派"] KeyKind::Operator(&ASSIGNEE), NOWHERE, "指派给谁，me 是自己", "who does it; me";
    "source" ["来源"] KeyKind::Text, SOURCE, "来源，如 sop:*", "which rule or person made it, such as sop:*";
    "title" ["事项"] KeyKind::Text, TITLE, "事项，* 代表任意文字", "title; * is any text";
    "customer" ["客户"] KeyKind::Customer(&CUSTOMER), NOWHERE, "客户，按名称或编号", "whom it is about, by name or id";
    "sla" ["承诺"] KeyKind::Time { ahead: true }, SLA, "承诺时间", "what was promised";
    "snoozed" ["延后"] KeyKind::Time { ahead: true }, SNOOZED, "延后到", "hidden until then";
    "outcome" ["结果"] KeyKind::Text, OUTCOME, "联系结果", "result of the contact";
    "created" ["创建"] KeyKind::Time { ahead: false }, CREATED, "创建时间", "when it was made";
    "done" ["完成"] KeyKind::Time { ahead: false }, DONE, "完成时间", "when it was done";
    "is" ["是"] KeyKind::State(&IS), NOWHERE, "处于某种状态", "something that is the case";
    "has" ["有"] KeyKind::State(&HAS), NOWHERE, "有某项资料", "something that is there";
};

/// Own keys, then the customer's.
pub(super) static KEYS: std::sync::LazyLock<Vec<KeySpec>> =
    std::sync::LazyLock::new(|| OWN.into_iter().chain(customers::OF_CUSTOMER).collect());
