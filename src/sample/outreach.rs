//! Snippets, and broadcasts with two variants each: what they say, and whom they reached.

use super::calendar::{DAY, HOUR, PAST};
use super::customers::Person;
use super::dice::Dice;
use super::events::Moment;
use super::{Community, staff, tags};
use crate::model::{AnyRecord, Broadcast, EventKind, Record, Snippet, TagId, Variant};

/// Shelf, title, text.
const SNIPPETS: [(&str, &str, &str); 14] = [
    (
        "问候",
        "新客欢迎",
        "{{customer.name}}您好，我是{{operator.name}}，您的专属顾问。新客礼包已放进卡包，有问题随时找我～",
    ),
    ("问候", "第7天关怀", "{{customer.name}}，试用装感觉怎么样？有任何不适都可以告诉我。"),
    ("问候", "生日祝福", "{{customer.name}}生日快乐🎂 生日券已到账，30天内有效。"),
    ("产品", "奶粉段位说明", "0-6个月1段，6-12个月2段，1岁以上3段。转段请用7天慢慢混合。"),
    ("产品", "敏感肌推荐", "敏感肌建议先在耳后试24小时。{{customer.name}}需要的话我给您寄小样。"),
    ("产品", "保质期说明", "到店商品保质期都在12个月以上，临期会单独标注。"),
    ("促单", "第二件半价", "{{customer.name}}，您常买的这款本周第二件半价，要帮您留吗？"),
    ("促单", "积分提醒", "您有 {{customer.points}} 积分，月底到期，可以换湿巾或小样哦。"),
    ("促单", "复购提醒", "{{customer.name}}，按上次下单时间估计快用完了，老价格给您留一份？"),
    ("售后", "退换货流程", "拍照发我，确认后快递上门取件，3个工作日内退款。"),
    ("售后", "投诉安抚", "非常抱歉给您带来不便，{{customer.name}}。我马上核实，今天内给您答复。"),
    ("售后", "物流延迟", "仓库发货高峰，您的包裹预计晚1-2天，给您补10元券，抱歉久等。"),
    (
        "Service",
        "Welcome (en)",
        "Hi {{customer.name}}, this is {{operator.name}} from the Hangzhou store. How can I help?",
    ),
    ("Service", "Store hours (en)", "We are open 9:00-21:00 every day, pick-up until 20:30."),
];

const BROADCASTS: [(&str, &str); 9] = [
    ("会员日双倍积分", "tag:会员"),
    ("沉睡客户唤醒：20元券", "stage:dormant"),
    ("618 预售清单", "tag:618"),
    ("新品：DHA藻油软糖", "tag:母婴"),
    ("敏感肌护理课报名", "tag:敏感肌"),
    ("城西自提点搬迁通知", "city:杭州"),
    ("双11 返场", "tag:双11"),
    ("明前龙井尝鲜", "tag:食品"),
    ("周末门店亲子活动", "tag:1-3岁"),
];

/// All snippets.
pub(super) fn snippets() -> Vec<AnyRecord> {
    SNIPPETS
        .iter()
        .enumerate()
        .map(|(number, (group, title, body))| {
            Snippet {
                id: format!("s-{:02}", number + 1).into(),
                title: (*title).to_owned(),
                body: (*body).to_owned(),
                group: Some((*group).to_owned()),
            }
            .any()
        })
        .collect()
}

/// All broadcasts; the last is a draft. Fewer read than got it, fewer answer than read.
pub(super) fn broadcasts(whole: &Community) -> Vec<AnyRecord> {
    let calendar = &whole.calendar;
    let dice = &mut Dice::new(whole.seed, "broadcasts", 0);
    BROADCASTS
        .iter()
        .enumerate()
        .map(|(number, (title, audience))| {
            let sent = (number + 1 < BROADCASTS.len())
                .then(|| whole.customers as i64 * dice.between(4, 22) / 100 / 2);
            let variants = ["A", "B"].map(|name| variant(name, sent, dice)).to_vec();
            let at = written(whole, number);
            Broadcast {
                id: format!("b-{:02}", number + 1).into(),
                title: (*title).to_owned(),
                created_at: Some(calendar.time(at)),
                created_by: Some(staff::host(dice).0.into()),
                audience: Some((*audience).to_owned()),
                variants,
                status: Some(if sent.is_some() { "sent" } else { "draft" }.to_owned()),
            }
            .any()
        })
        .collect()
}

/// When broadcast `number` was written, and sent at once where it is no draft.
fn written(whole: &Community, number: usize) -> i64 {
    let ago = 4 + 9 * (BROADCASTS.len() - 1 - number);
    whole.calendar.start(PAST - ago) + Dice::new(whole.seed, "written", number).between(10, 20) * HOUR
}

/// When each of the broadcasts was sent, in their order.
pub(super) fn sent(whole: &Community) -> Vec<i64> {
    (0..BROADCASTS.len() - 1).map(|number| written(whole, number)).collect()
}

/// Tells a customer of `tags` which broadcasts came: some of those whose audience they belong to.
pub(super) fn reach(sent: &[i64], person: &mut Person, tags: &[TagId], dice: &mut Dice) {
    for (number, &at) in sent.iter().enumerate() {
        let (title, audience) = BROADCASTS[number];
        let is_there = person.added < at && (at < person.until || !person.is_gone());
        if !is_there || !is_meant(audience, person, tags, at) || !dice.percent(15) {
            continue;
        }
        // So many are not sent all at once.
        let arrived = at + dice.between(5, 3000) * 1000;
        let moment = Moment::new(arrived, EventKind::Broadcast, format!("群发：{title}"))
            .by(person.bonds[0].operator)
            .with("broadcast_id", format!("b-{:02}", number + 1))
            .with("variant", ["A", "B"][dice.below(2)]);
        person.moments.push(moment);
    }
}

/// Whether the customer was in the audience at that moment.
fn is_meant(audience: &str, person: &Person, tags: &[TagId], at: i64) -> bool {
    match audience.split_once(':') {
        Some(("tag", name)) => tags::named(name).is_some_and(|tag| tags.contains(&tag)),
        Some(("city", name)) => person.city == Some(name),
        _ => {
            let before = person.orders.iter().filter_map(|order| order.at).map(|order| order.millis);
            before.filter(|order| *order <= at).max().is_some_and(|last| at - last > 90 * DAY)
        }
    }
}

fn variant(name: &str, sent: Option<i64>, dice: &mut Dice) -> Variant {
    let mut of =
        |from: Option<i64>, low: i64, high: i64| from.map(|from| from * dice.between(low, high) / 1000);
    let delivered = of(sent, 940, 995);
    let read = of(delivered, 320, 660);
    let replied = of(read, 40, 160);
    let converted = of(replied, 120, 420);
    Variant { name: name.to_owned(), sent, delivered, read, replied, converted }
}
