//! Orders: when somebody buys, how often again, and what the seasons do to it.

use jiff::civil::{Date, date};

use super::calendar::{Calendar, HOUR, MINUTE, PAST};
use super::dice::Dice;
use super::products;
use crate::model::{CustomerId, Order, OrderItem};

/// When people shop, by the hour from midnight.
const HOURS: [u16; 24] =
    [10, 4, 2, 1, 1, 2, 6, 16, 28, 42, 54, 50, 44, 40, 38, 36, 34, 36, 42, 60, 92, 98, 66, 28];

/// New Year's days of the lunar calendar.
const SPRING: [Date; 9] = [
    date(2024, 2, 10),
    date(2025, 1, 29),
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2028, 1, 26),
    date(2029, 2, 13),
    date(2030, 2, 3),
    date(2031, 1, 23),
    date(2032, 2, 11),
];

/// The days on which everybody buys: 双11, 618, and the fortnight before the spring festival.
pub(super) struct Seasons(Vec<(usize, usize)>);

impl Seasons {
    pub fn of(calendar: &Calendar) -> Self {
        let mut days = Vec::new();
        for day in 0..=PAST {
            let date = calendar.date(day);
            match (date.month(), date.day()) {
                (11, 11) => days.push((day, 0)),
                (6, 18) => days.push((day, 1)),
                // Gifts are bought some ten days ahead.
                _ if SPRING.iter().any(|spring| calendar.date(day + 10) == *spring) => days.push((day, 2)),
                _ => {}
            }
        }
        Self(days)
    }

    /// The next season within `reach` days of `day`: its day.
    fn ahead(&self, day: usize, reach: usize) -> Option<usize> {
        self.0.iter().map(|season| season.0).find(|season| (day..=day + reach).contains(season))
    }

    /// Which seasons a day belongs to: 双11, 618, 年货节.
    pub fn at(&self, day: usize) -> [bool; 3] {
        let mut seasons = [false; 3];
        for (season, which) in &self.0 {
            seasons[*which] |= season.abs_diff(day) <= 3;
        }
        seasons
    }
}

/// A moment of a day when people are awake and shopping.
pub(super) fn moment(calendar: &Calendar, day: usize, dice: &mut Dice) -> i64 {
    let hour = dice.weighted(&HOURS) as i64;
    calendar.start(day) + hour * HOUR + dice.between(0, 59) * MINUTE + dice.between(0, 59) * 1000
}

/// Some such moment of a day between `from` and `to`: where the day's hours do not allow it, within
/// the three hours beside whichever of the two is nearer.
pub(super) fn moment_within(calendar: &Calendar, day: usize, (from, to): (i64, i64), dice: &mut Dice) -> i64 {
    let at = moment(calendar, day, dice);
    let span = ((to - from).min(3 * HOUR) / 1000).max(0);
    match at {
        _ if at < from => from + dice.between(0, span) * 1000,
        _ if at > to => to - dice.between(0, span) * 1000,
        at => at,
    }
}

/// All orders of a customer who was added at `added`, in order of time; paid the last.
pub(super) fn draw(
    calendar: &Calendar,
    seasons: &Seasons,
    customer: &CustomerId,
    added: i64,
    interest: usize,
    dice: &mut Dice,
) -> Vec<Order> {
    let most = match dice.weighted(&[38, 26, 20, 12, 4]) {
        0 => return Vec::new(),
        1 => 1,
        2 => dice.between(2, 4),
        3 => dice.between(5, 12),
        _ => dice.between(13, 45),
    };
    let period = dice.between(12, 60);
    let mut day = calendar.day(added) + dice.small(45);
    let mut moments = Vec::new();
    for _ in 0..most {
        if dice.percent(45)
            && let Some(season) = seasons.ahead(day, 25)
        {
            // Most buy on the day, the others soon after.
            day = season + dice.small(4);
        }
        let at = moment(calendar, day, dice);
        if day > PAST || at > calendar.now {
            break;
        }
        if at > added && moments.last().is_none_or(|last| *last < at) {
            moments.push(at);
        }
        let pause = period * dice.between(50, 150) / 100;
        day += usize::try_from(pause).unwrap_or(1).max(1);
    }
    let last = moments.len().saturating_sub(1);
    let code = customer.as_str().trim_start_matches('c');
    moments
        .into_iter()
        .enumerate()
        .map(|(number, at)| {
            let items = items(interest, dice);
            let status = match dice.below(1000) {
                0..40 if number < last => "refunded",
                40..55 if number < last => "cancelled",
                _ => "paid",
            };
            Order {
                id: format!("so{code}-{:02}", number + 1).into(),
                customer_id: customer.clone(),
                at: Some(calendar.time(at)),
                amount: Some(items.iter().filter_map(|item| item.amount).sum()),
                currency: Some("CNY".to_owned()),
                status: Some(status.to_owned()),
                items,
            }
        })
        .collect()
}

/// The lines of one order.
pub(super) fn items(interest: usize, dice: &mut Dice) -> Vec<OrderItem> {
    let lines = 1 + dice.small(4);
    let mut items: Vec<OrderItem> = Vec::with_capacity(lines);
    for _ in 0..lines {
        let product = products::draw(interest, dice);
        if items.iter().any(|item| item.sku.as_deref() == Some(product.sku)) {
            continue;
        }
        let qty = 1 + dice.small(4) as i64;
        items.push(OrderItem {
            sku: Some(product.sku.to_owned()),
            name: product.name.to_owned(),
            qty: Some(qty),
            amount: Some(product.price * qty),
        });
    }
    items
}
