//! The risk that a buyer will not come back.

use super::DAY;
use crate::model::Time;

/// Parameters of the model.
///
/// The probability that a customer is still alive, by the MBG/NBD model of E. P. Batislam,
/// M. Denizel and A. Filiztekin, "Empirical validation and comparison of models for customer
/// base analysis", *International Journal of Research in Marketing* 24 (2007):
///
/// ```text
/// P(alive) = 1 / (1 + a/(b+x) · ((α+T)/(α+t))^(r+x))
/// ```
///
/// x repeat orders, t the age at the last sign of life, T the age now, both in weeks since the
/// first known day. It is the BG/NBD model of P. S. Fader, B. G. S. Hardie and K. L. Lee,
/// "Counting Your Customers the Easy Way", *Marketing Science* 24 (2005), but that somebody who
/// bought only once may be gone as well. The risk of churn is 1 − P(alive).
///
/// One liberty is taken: t is the later of the last order and the last activity, since
/// somebody who wrote yesterday is plainly not gone.
#[derive(Clone, Debug, PartialEq)]
pub struct ChurnModel {
    /// Shape of the rates at which customers buy.
    pub r: f64,
    /// Scale of the rates at which customers buy, in weeks.
    pub alpha: f64,
    /// Shape of the chance to leave after an order.
    pub a: f64,
    /// Shape of the chance to stay after an order.
    pub b: f64,
}

impl Default for ChurnModel {
    /// What Fader, Hardie and Lee found for BG/NBD on the CDNOW customers (2005, table 2).
    fn default() -> Self {
        Self { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }
    }
}

impl ChurnModel {
    /// Risk between 0 and 1 of a buyer with so many orders, the first of them (as far as known) at
    /// `first`, last seen at `seen`.
    pub fn risk(&self, now: Time, first: Time, seen: Time, orders: i64) -> f64 {
        // Weeks as a float: exact enough for any two dates that a calendar knows.
        let weeks = |time: Time| (time.millis.saturating_sub(first.millis).max(0)) as f64 / (7 * DAY) as f64;
        let repeats = (orders - 1).max(0) as f64;
        let (age, seen) = (weeks(now), weeks(seen).min(weeks(now)));
        let silence = ((self.alpha + age) / (self.alpha + seen)).powf(self.r + repeats);
        let gone = self.a / (self.b + repeats) * silence;
        // An overflow to infinity is somebody surely gone.
        if gone.is_finite() { gone / (1.0 + gone) } else { 1.0 }
    }
}

/// Risk of churn between 0 and 1, by the default [`ChurnModel`].
///
/// `None` for somebody who never ordered: one who never was a buyer cannot cease to be one.
/// `contacted` is taken for the sake of one signature with [`super::derive_stage`] and does not
/// count: that an operator wrote says nothing about the customer.
pub fn churn(
    now: Time,
    added: Option<Time>,
    contacted: Option<Time>,
    active: Option<Time>,
    ordered: Option<Time>,
    orders: Option<i64>,
) -> Option<f64> {
    let _ = contacted;
    let orders = orders.filter(|orders| *orders > 0)?;
    let ordered = ordered?;
    let first = added.map_or(ordered, |added| added.min(ordered));
    let seen = active.map_or(ordered, |active| active.max(ordered));
    Some(ChurnModel::default().risk(now, first, seen, orders))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time { millis: 1_800_000_000_000, offset_minutes: 0 };

    fn ago(days: i64) -> Option<Time> {
        Some(Time::from_millis(NOW.millis - days * DAY))
    }

    fn risk(added: i64, active: i64, ordered: i64, orders: i64) -> f64 {
        churn(NOW, ago(added), None, ago(active), ago(ordered), Some(orders)).unwrap()
    }

    #[test]
    fn somebody_who_never_bought_has_no_risk() {
        assert_eq!(churn(NOW, ago(90), ago(1), ago(1), None, Some(0)), None);
        assert_eq!(churn(NOW, ago(90), ago(1), ago(1), ago(3), None), None);
        assert_eq!(churn(NOW, ago(90), ago(1), ago(1), None, Some(2)), None);
    }

    #[test]
    fn silence_raises_it_and_more_so_for_a_regular() {
        assert!(risk(365, 10, 10, 5) < risk(365, 60, 60, 5));
        assert!(risk(365, 60, 60, 5) < risk(365, 200, 200, 5));
        assert!(risk(365, 200, 200, 12) > risk(365, 200, 200, 2));
        assert!(risk(365, 0, 0, 12) < risk(365, 0, 0, 1));
        assert!(risk(365, 2, 90, 4) < risk(365, 90, 90, 4), "writing is a sign of life");
    }

    #[test]
    fn it_is_always_a_share() {
        for (added, active, ordered, orders) in [
            (0, 0, 0, 1),
            (-5, -9, -7, 3),
            (4000, 3999, 3999, 100_000),
            (10, 20, 30, i64::MAX),
            (1, 900, 900, 2),
        ] {
            let risk = risk(added, active, ordered, orders);
            assert!((0.0..=1.0).contains(&risk), "{risk}");
        }
    }

    #[test]
    fn agrees_with_the_formula_by_hand() {
        // x = 1, t = 10 weeks, T = 20 weeks: a/(b+1) · (24.414/14.414)^1.243 = 0.44561
        let risk = risk(140, 70, 70, 2);
        assert!((risk - 0.308_25).abs() < 1e-5, "{risk}");
    }
}
