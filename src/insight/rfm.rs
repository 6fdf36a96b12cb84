//! RFM: recency, frequency and monetary value, each scored 1 to 5.
//!
//! The scheme is that of A. M. Hughes, *Strategic Database Marketing* (1994). Hughes cuts the
//! customers into fifths; fixed thresholds are used here instead, so that a customer's score
//! does not move because others bought, and one row can be scored alone.

use super::DAY;
use crate::model::Time;
use crate::model::view::RfmScores;

/// Where one score ends and the next begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RfmThresholds {
    /// Days since the last order for R 5, 4, 3 and 2: at most so many. Older is 1.
    pub recency_days: [i64; 4],
    /// Paid orders for F 5, 4, 3 and 2: at least so many. Fewer is 1.
    pub orders: [i64; 4],
    /// Value of all paid orders for M 5, 4, 3 and 2, in minor units: at least so much. Less is 1.
    pub value: [i64; 4],
}

impl Default for RfmThresholds {
    /// 30, 60, 90 and 180 days; 10, 5, 3 and 2 orders; 10,000, 2,000, 500 and 100 in major units.
    fn default() -> Self {
        Self {
            recency_days: [30, 60, 90, 180],
            orders: [10, 5, 3, 2],
            value: [1_000_000, 200_000, 50_000, 10_000],
        }
    }
}

impl RfmThresholds {
    /// Recency at `now`; `None` where there was no order. An order in the future counts as today.
    pub fn r(&self, now: Time, last_order: Option<Time>) -> Option<u8> {
        let age = now.millis.saturating_sub(last_order?.millis);
        Some(score(|index| age <= self.recency_days[index].saturating_mul(DAY)))
    }

    /// Frequency; `None` where the number of orders is not known or not at least 1.
    pub fn f(&self, orders: Option<i64>) -> Option<u8> {
        let orders = orders.filter(|orders| *orders > 0)?;
        Some(score(|index| orders >= self.orders[index]))
    }

    /// Monetary value; `None` where it is not known.
    pub fn m(&self, ltv: Option<i64>) -> Option<u8> {
        let ltv = ltv?;
        Some(score(|index| ltv >= self.value[index]))
    }
}

/// 5 where the first threshold is met, 4 where the second is, and so on down to 1.
fn score(meets: impl Fn(usize) -> bool) -> u8 {
    [5, 4, 3, 2].into_iter().zip(0..).find(|(_, index)| meets(*index)).map_or(1, |(score, _)| score)
}

/// Recency by the default thresholds.
pub fn rfm_r(now: Time, last_order: Option<Time>) -> Option<u8> {
    RfmThresholds::default().r(now, last_order)
}

/// Frequency by the default thresholds.
pub fn rfm_f(orders: Option<i64>) -> Option<u8> {
    RfmThresholds::default().f(orders)
}

/// Monetary value by the default thresholds; `ltv` in minor units.
pub fn rfm_m(ltv: Option<i64>) -> Option<u8> {
    RfmThresholds::default().m(ltv)
}

/// All three scores; `None` unless each of them is known.
pub fn rfm(now: Time, last_order: Option<Time>, orders: Option<i64>, ltv: Option<i64>) -> Option<RfmScores> {
    Some(RfmScores { r: rfm_r(now, last_order)?, f: rfm_f(orders)?, m: rfm_m(ltv)? })
}

/// The eight classes that Chinese operators know: each score high (4 or 5) or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Segment {
    /// Bought lately.
    pub recent: bool,
    /// Buys often.
    pub frequent: bool,
    /// Spends much.
    pub valuable: bool,
}

impl Segment {
    /// The least score that counts as high.
    pub const HIGH: u8 = 4;

    /// All eight, the best first.
    pub const ALL: [Self; 8] = {
        const fn of(recent: bool, frequent: bool, valuable: bool) -> Segment {
            Segment { recent, frequent, valuable }
        }
        [
            of(true, true, true),
            of(true, false, true),
            of(false, true, true),
            of(false, false, true),
            of(true, true, false),
            of(true, false, false),
            of(false, true, false),
            of(false, false, false),
        ]
    };

    /// The class of these scores.
    pub fn of(scores: RfmScores) -> Self {
        Self {
            recent: scores.r >= Self::HIGH,
            frequent: scores.f >= Self::HIGH,
            valuable: scores.m >= Self::HIGH,
        }
    }

    /// Its Chinese name: 重要 or 一般 by value; 价值, 发展, 保持, 挽留 by recency and frequency.
    pub fn zh(self) -> &'static str {
        match (self.valuable, self.recent, self.frequent) {
            (true, true, true) => "重要价值",
            (true, true, false) => "重要发展",
            (true, false, true) => "重要保持",
            (true, false, false) => "重要挽留",
            (false, true, true) => "一般价值",
            (false, true, false) => "一般发展",
            (false, false, true) => "一般保持",
            (false, false, false) => "一般挽留",
        }
    }

    /// Its English name, one word for the filter language.
    pub fn word(self) -> &'static str {
        match (self.valuable, self.recent, self.frequent) {
            (true, true, true) => "champion",
            (true, true, false) => "promising",
            (true, false, true) => "at-risk",
            (true, false, false) => "win-back",
            (false, true, true) => "loyal",
            (false, true, false) => "recent",
            (false, false, true) => "fading",
            (false, false, false) => "hibernating",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time { millis: 1_800_000_000_000, offset_minutes: 0 };

    fn ago(days: i64) -> Option<Time> {
        Some(Time::from_millis(NOW.millis - days * DAY))
    }

    #[test]
    fn scores_change_at_their_thresholds() {
        for (days, r) in
            [(-3, 5), (0, 5), (30, 5), (31, 4), (60, 4), (61, 3), (90, 3), (91, 2), (180, 2), (181, 1)]
        {
            assert_eq!(rfm_r(NOW, ago(days)), Some(r), "{days} days");
        }
        for (orders, f) in [(1, 1), (2, 2), (3, 3), (4, 3), (5, 4), (9, 4), (10, 5), (500, 5)] {
            assert_eq!(rfm_f(Some(orders)), Some(f), "{orders} orders");
        }
        for (ltv, m) in
            [(0, 1), (9_999, 1), (10_000, 2), (50_000, 3), (200_000, 4), (321_600, 4), (1_000_000, 5)]
        {
            assert_eq!(rfm_m(Some(ltv)), Some(m), "{ltv}");
        }
    }

    #[test]
    fn what_is_not_known_has_no_score() {
        assert_eq!(rfm(NOW, None, Some(3), Some(1)), None);
        assert_eq!(rfm(NOW, ago(1), None, Some(1)), None);
        assert_eq!(rfm(NOW, ago(1), Some(0), Some(1)), None);
        assert_eq!(rfm(NOW, ago(1), Some(3), None), None);
    }

    #[test]
    fn each_class_has_names_of_its_own() {
        let scores = rfm(NOW, ago(6), Some(4), Some(321_600)).unwrap();
        assert_eq!((scores.r, scores.f, scores.m), (5, 3, 4));
        assert_eq!(Segment::of(scores).zh(), "重要发展");
        let names: std::collections::HashSet<_> =
            Segment::ALL.iter().flat_map(|segment| [segment.zh(), segment.word()]).collect();
        assert_eq!(names.len(), 16);
    }
}
