//! What gives rise to a follow-up: every one has its occasion in what is recorded of the customer.

use jiff::civil::Date;

use super::calendar::{Calendar, DAY, HOUR, MINUTE};
use super::customers::{self, Person};
use super::events::Moment;
use crate::model::{EventKind, FollowUpKind, Order, Priority};

/// A moment that does not come.
const FAR: i64 = i64::MAX / 4;

/// Why somebody has something to do for a customer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    FirstMilk,
    FirstOrder,
    Week,
    Month,
    Trial,
    Quote,
    Points,
    Birthday,
    Asleep,
    Return,
    Complaint,
    Refill,
    Card,
    Visit,
    Unanswered,
    Invoice,
    Referral,
}

/// A kind of follow-up.
pub(super) struct Task {
    pub cause: Cause,
    pub title: &'static str,
    pub kind: FollowUpKind,
    pub source: &'static str,
    pub priority: Priority,
    /// What the operator writes when it is done.
    pub says: &'static str,
}

/// When there is something to do. Moments are milliseconds since 1970.
#[derive(Clone, Copy)]
pub(super) struct Occasion {
    /// It is made neither before nor after these.
    pub made: (i64, i64),
    /// It is due neither before nor after these.
    pub due: (i64, i64),
    /// What it is about: the place of an order or of a referral.
    about: usize,
}

const fn task(
    cause: Cause,
    (title, kind): (&'static str, FollowUpKind),
    source: &'static str,
    priority: Priority,
    says: &'static str,
) -> Task {
    Task { cause, title, kind, source, priority, says }
}

use FollowUpKind::{AfterSale, Call, Care, Message, Other, Renewal, Visit};
use Priority::{High, Low, Normal, Urgent};

/// All kinds of follow-up.
#[rustfmt::skip]
pub(super) static TASKS: [Task; 17] = [
    task(Cause::FirstMilk, ("首单后回访，确认奶粉段位", Call), "sop:新客D3", Normal, ""),
    task(Cause::FirstOrder, ("首单后回访，问使用感受", Call), "sop:新客D3", Normal, ""),
    task(Cause::Week, ("新客第7天关怀", Message), "sop:新客D7", Normal, "试用装感觉怎么样？有任何不适都可以告诉我"),
    task(Cause::Month, ("新客第30天：引导入群", Message), "sop:新客D30", Low, "给您发个福利群的邀请，每晚8点有秒杀"),
    task(Cause::Trial, ("说好发试用装链接", Message), "manual", High, "试用装的链接发您了，点开就能领"),
    task(Cause::Quote, ("报价后 3 天跟进", Call), "sop:报价", High, ""),
    task(Cause::Points, ("积分月底到期提醒", Message), "rule:积分到期", Normal, "您的积分月底到期，可以换湿巾或小样哦"),
    task(Cause::Birthday, ("生日关怀，送生日券", Care), "rule:生日", Normal, "生日快乐🎂 生日券已到账，30天内有效"),
    task(Cause::Asleep, ("90 天未下单，唤醒", Call), "rule:沉睡唤醒", Normal, ""),
    task(Cause::Return, ("退换货进度告知", AfterSale), "manual", Urgent, "换货已到仓，今天寄出，给您发单号"),
    task(Cause::Complaint, ("投诉回访：包装破损", AfterSale), "rule:投诉", Urgent, "补发的收到了吗？再次抱歉"),
    task(Cause::Refill, ("奶粉快喝完了，提醒复购", Renewal), "rule:复购周期", High, "奶粉快喝完了吧？老价格给您留一份"),
    task(Cause::Card, ("会员卡到期续费", Renewal), "rule:会员到期", High, "会员卡快到期了，续费送双倍积分"),
    task(Cause::Visit, ("约了到店体验", Visit), "manual", High, "店里给您留好位置了，到了打我电话"),
    task(Cause::Unanswered, ("群里问价未回复", Message), "rule:群消息未回", Normal, "抱歉刚看到群里的消息，这款今天有活动价"),
    task(Cause::Invoice, ("开发票并寄出", Other), "manual", Low, "发票开好了，电子版发您邮箱"),
    task(Cause::Referral, ("转介绍答谢", Care), "rule:转介绍", Low, "谢谢您介绍朋友来，送您 50 积分"),
];

impl Cause {
    /// How long before it is due it is made: at least, at most.
    fn ahead(self) -> (i64, i64) {
        match self {
            Self::Trial => (2 * HOUR, 3 * DAY),
            Self::Quote => (3 * DAY, 3 * DAY),
            Self::Return | Self::Complaint | Self::Invoice => (2 * HOUR, 6 * DAY),
            _ => (HOUR / 2, 14 * DAY),
        }
    }

    /// The occasions of this cause that are due within `window` and made until `last`.
    pub fn occasions(
        self,
        calendar: &Calendar,
        person: &Person,
        window: (i64, i64),
        last: i64,
    ) -> Vec<Occasion> {
        let mut found = Vec::new();
        let mut add = |made: (i64, i64), due: (i64, i64), about: usize| {
            let made = (made.0.max(person.added), made.1.min(last));
            let due = (due.0.max(window.0).max(made.0 + self.ahead().0), due.1.min(window.1));
            if made.0 <= made.1 && due.0 <= due.1 {
                found.push(Occasion { made, due, about });
            }
        };
        let added = person.added;
        let always = (added, FAR);
        match self {
            Self::FirstMilk | Self::FirstOrder => {
                let second = person.orders.get(1).map_or(FAR, at);
                let first = person.orders.first().filter(|order| is_paid(order));
                if let Some(first) = first.filter(|order| has_milk(order) == (self == Self::FirstMilk)) {
                    let bought = at(first);
                    add((bought, second.min(bought + 4 * DAY)), (bought + 2 * DAY, bought + 7 * DAY), 0);
                }
            }
            Self::Week => add((added, added + 7 * DAY), (added + 6 * DAY, added + 9 * DAY), 0),
            Self::Month if person.in_groups || person.left_group => {}
            Self::Month => {
                add((added + 23 * DAY, added + 30 * DAY), (added + 28 * DAY, added + 34 * DAY), 0);
            }
            Self::Trial | Self::Quote | Self::Visit => add(always, always, 0),
            Self::Points => {
                for end in ends_of_months(calendar, window) {
                    if person.orders.first().is_some_and(|order| is_paid(order) && at(order) < end - 20 * DAY)
                    {
                        add((end - 20 * DAY, end), (end - 10 * DAY, end - HOUR), 0);
                    }
                }
            }
            Self::Birthday => {
                for day in birthdays(calendar, person, window) {
                    add((day - 14 * DAY, day), (day - 7 * DAY, day + 20 * HOUR), 0);
                }
            }
            Self::Asleep => {
                for (place, order) in person.orders.iter().enumerate() {
                    let next = person.orders.get(place + 1).map_or(FAR, at);
                    let (from, to) = (at(order) + 90 * DAY + HOUR, at(order) + 365 * DAY);
                    add((from, next.min(to)), (from, next.min(to + 14 * DAY)), place);
                }
            }
            Self::Return | Self::Complaint | Self::Invoice => {
                for (place, order) in person.orders.iter().enumerate().filter(|order| is_paid(order.1)) {
                    let bought = at(order);
                    add((bought + DAY, bought + 14 * DAY), (bought + DAY, bought + 20 * DAY), place);
                }
            }
            Self::Refill => {
                let milk = |order: &&(usize, &Order)| is_paid(order.1) && has_milk(order.1);
                let bought: Vec<_> = person.orders.iter().enumerate().filter(|order| milk(&order)).collect();
                for (number, (place, order)) in bought.iter().enumerate() {
                    let next = bought.get(number + 1).map_or(FAR, |next| at(next.1));
                    let at = at(order);
                    add((at + 15 * DAY, next.min(at + 45 * DAY)), (at + 17 * DAY, at + 50 * DAY), *place);
                }
            }
            Self::Card => {
                let first = person.orders.iter().find(|order| is_paid(order)).map_or(FAR, at);
                for year in 1..=3 {
                    let end = added + year * 365 * DAY;
                    add((first.max(end - 30 * DAY), end), (end - 14 * DAY, end), 0);
                }
            }
            Self::Unanswered => {
                if let Some(wrote) = person.last_message.filter(|_| person.in_groups) {
                    add((wrote + HOUR / 2, wrote + 20 * HOUR), (wrote + HOUR, wrote + 3 * DAY), 0);
                }
            }
            Self::Referral => {
                for (place, (at, _, _)) in person.referred.iter().enumerate() {
                    add((*at, at + 3 * DAY), (at + HOUR, at + 10 * DAY), place);
                }
            }
        }
        found
    }

    /// When one that is due at `due` is made, at the earliest and at the latest; `None` where the
    /// occasion does not fit.
    pub fn made(self, occasion: &Occasion, due: i64) -> Option<(i64, i64)> {
        let ahead = self.ahead();
        let made = (occasion.made.0.max(due - ahead.1), occasion.made.1.min(due - ahead.0));
        ((occasion.due.0..=occasion.due.1).contains(&due) && made.0 <= made.1).then_some(made)
    }

    /// What it is about, at length.
    pub fn body(self, calendar: &Calendar, person: &Person, occasion: &Occasion, due: i64) -> String {
        let day = |at: i64| {
            let date = calendar.time(at).zoned(calendar.zone()).date();
            format!("{}月{}日", date.month(), date.day())
        };
        let order = person.orders.get(occasion.about);
        let bought = order.map_or_else(String::new, |order| {
            let item = order.items.iter().find(|item| self != Self::Refill || is_milk(&item.name));
            let (name, qty) = item.map_or(("", 1), |item| (item.name.as_str(), item.qty.unwrap_or(1)));
            format!("{}买了 {name} ×{qty}", day(at(order)))
        });
        match self {
            Self::FirstMilk => format!("{bought}，确认宝宝月龄和喝奶量"),
            Self::FirstOrder | Self::Refill | Self::Return => bought,
            Self::Week => format!("{}添加，问试用装感受，发新客券", day(person.added)),
            Self::Month => format!("{}添加，还没有进群", day(person.added)),
            Self::Quote => "团购 20 份，等对方确认发票抬头".to_owned(),
            Self::Points => "到期前可兑换湿巾或小样".to_owned(),
            Self::Birthday => {
                let next = birthdays(calendar, person, (due - DAY, due + 8 * DAY)).into_iter().next();
                next.map_or_else(String::new, |birthday| format!("{}生日", day(birthday)))
            }
            Self::Asleep => format!("上次下单：{bought}"),
            Self::Complaint => format!("{bought}；已补发，确认是否满意"),
            Self::Card => format!("{}到期，说明续费权益", day(occasion.made.1)),
            Self::Referral => person
                .referred
                .get(occasion.about)
                .map_or_else(String::new, |(at, name, _)| format!("{}介绍了 {name}，送 50 积分", day(*at))),
            Self::Visit if person.interest == 0 => "带宝宝来，准备小礼物".to_owned(),
            Self::Trial | Self::Visit | Self::Unanswered | Self::Invoice => String::new(),
        }
    }

    /// What is in the timeline where somebody made it by hand: the customer asked for it.
    pub fn trace(self, made: i64, operator: &'static str, stars: i64) -> Vec<Moment> {
        let asked = |question: &str, answer: &str| {
            let said =
                |at, kind, text: &str| Moment::new(at, kind, text).by(operator).with("channel", "wechat");
            vec![
                said(made, EventKind::MessageIn, question),
                said(made + 2 * MINUTE, EventKind::MessageOut, answer),
            ]
        };
        match self {
            Self::Trial => asked("试用装还有吗？", "有的，下午给您发链接"),
            Self::Quote => asked("公司想团购 20 份，能报个价吗", "报价单发您了，三天内有效"),
            Self::Return => asked("换货怎么弄呀，尺码小了", "换货单已建，快递明早上门取件"),
            Self::Visit => asked("想去店里看看，可以预约吗", "可以的，给您留好时间"),
            Self::Invoice => asked("可以开发票吗，抬头发你", "可以的，开好给您寄过去"),
            Self::Complaint => {
                let told = Moment::new(made, EventKind::Feedback, "包装破了一角，希望改进");
                vec![told.with("stars", stars)]
            }
            _ => Vec::new(),
        }
    }
}

fn at(order: &Order) -> i64 {
    order.at.map_or(FAR, |at| at.millis)
}

fn is_paid(order: &Order) -> bool {
    order.status.as_deref() == Some("paid")
}

/// Whether it is milk powder, of which a tin is empty some day.
pub(super) fn is_milk(name: &str) -> bool {
    name.contains("奶粉")
}

fn has_milk(order: &Order) -> bool {
    order.items.iter().any(|item| is_milk(&item.name))
}

/// The beginnings of the customer's birthdays within `window`.
fn birthdays(calendar: &Calendar, person: &Person, window: (i64, i64)) -> Vec<i64> {
    let Some((month, day)) = person.birthday.as_deref().and_then(customers::month_and_day) else {
        return Vec::new();
    };
    // Those before and after a year's end count as well.
    let window = (window.0 - 15 * DAY, window.1 + 15 * DAY);
    let year = |at: i64| calendar.time(at).zoned(calendar.zone()).year();
    let starts = (year(window.0)..=year(window.1)).filter_map(|year| start(calendar, year, month, day));
    starts.filter(|start| (window.0..=window.1).contains(start)).collect()
}

/// The beginnings of the first days of months within `window` and the three weeks behind it.
fn ends_of_months(calendar: &Calendar, window: (i64, i64)) -> Vec<i64> {
    let year = |at: i64| calendar.time(at).zoned(calendar.zone()).year();
    let months = (year(window.0)..=year(window.1 + 21 * DAY))
        .flat_map(|year| (1..=12).map(move |month| (year, month)));
    let starts = months.filter_map(|(year, month)| start(calendar, year, month, 1));
    starts.filter(|start| (window.0..=window.1 + 21 * DAY).contains(start)).collect()
}

fn start(calendar: &Calendar, year: i16, month: i8, day: i8) -> Option<i64> {
    let midnight = Date::new(year, month, day).ok()?.to_zoned(calendar.zone().clone()).ok()?;
    Some(midnight.timestamp().as_millisecond())
}
