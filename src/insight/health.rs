//! Whether a group is dying or quiet.

/// Days of figures that [`group_health`] looks at: the last week and the four before it.
pub const HEALTH_DAYS: usize = RECENT + BEFORE;
/// The week that is judged, today included.
const RECENT: usize = 7;
/// The days that it is compared with.
const BEFORE: usize = 28;

/// When a group counts as dying. The figures are this project's own rule of thumb.
#[derive(Clone, Debug, PartialEq)]
pub struct HealthThresholds {
    /// The mean of members who write per day fell below this share of what it was.
    pub active_share: f64,
    /// At least so many more left than joined within a week: 2% of a full group of 500.
    pub net_loss: i64,
    /// At least so many of the days before must be known for a comparison.
    pub known_days: usize,
}

impl Default for HealthThresholds {
    fn default() -> Self {
        Self { active_share: 0.5, net_loss: 10, known_days: 7 }
    }
}

/// How a group fares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct GroupHealth {
    /// Far fewer write than in the four weeks before, or far more left than joined.
    pub dying: bool,
    /// Nobody wrote for 7 days, as far as the days are known.
    pub quiet: bool,
}

impl HealthThresholds {
    /// Judges by figures per day, oldest first, today last; `None` where a day is not known.
    /// Days before the last [`HEALTH_DAYS`] do not count.
    pub fn judge(
        &self,
        messages: &[Option<i64>],
        active: &[Option<i64>],
        net: &[Option<i64>],
    ) -> GroupHealth {
        let (before, now) = weeks(active);
        let faded = known(before) >= self.known_days
            && matches!((mean(now), mean(before)), (Some(now), Some(before)) if now < before * self.active_share);
        let shrank = sum(weeks(net).1).is_some_and(|net| net <= -self.net_loss);
        GroupHealth { dying: faded || shrank, quiet: sum(weeks(messages).1) == Some(0) }
    }
}

/// Judges by the default [`HealthThresholds`].
pub fn group_health(messages: &[Option<i64>], active: &[Option<i64>], net: &[Option<i64>]) -> GroupHealth {
    HealthThresholds::default().judge(messages, active, net)
}

/// The four weeks before the last, and the last week.
fn weeks(days: &[Option<i64>]) -> (&[Option<i64>], &[Option<i64>]) {
    let (before, now) = days.split_at(days.len().saturating_sub(RECENT));
    (&before[before.len().saturating_sub(BEFORE)..], now)
}

fn known(days: &[Option<i64>]) -> usize {
    days.iter().flatten().count()
}

fn sum(days: &[Option<i64>]) -> Option<i64> {
    days.iter().flatten().copied().reduce(i64::saturating_add)
}

fn mean(days: &[Option<i64>]) -> Option<f64> {
    Some(sum(days)? as f64 / known(days) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(before: i64, now: i64) -> Vec<Option<i64>> {
        [vec![Some(before); BEFORE], vec![Some(now); RECENT]].concat()
    }

    #[test]
    fn a_group_that_falls_silent_is_dying() {
        let (wrote, stays) = (days(100, 100), days(0, 0));
        assert!(group_health(&wrote, &days(20, 9), &stays).dying);
        assert!(!group_health(&wrote, &days(20, 10), &stays).dying);
        assert!(!group_health(&wrote, &days(0, 0), &stays).dying);
    }

    #[test]
    fn a_group_that_loses_members_is_dying() {
        let mut net = days(-5, 0);
        assert!(!group_health(&[], &[], &net).dying, "losses of last month are past");
        net[34] = Some(-10);
        assert!(group_health(&[], &[], &net).dying);
        net[33] = Some(1);
        assert!(!group_health(&[], &[], &net).dying);
    }

    #[test]
    fn days_that_nobody_knows_prove_nothing() {
        let mut active = vec![None; HEALTH_DAYS];
        active[34] = Some(0);
        assert_eq!(group_health(&vec![None; HEALTH_DAYS], &active, &[]), GroupHealth::default());
        active[10..17].fill(Some(8));
        assert!(group_health(&[], &active, &[]).dying);
        active[10] = None;
        assert!(!group_health(&[], &active, &[]).dying);
    }

    #[test]
    fn a_week_without_a_message_is_quiet() {
        assert!(group_health(&days(9, 0), &[], &[]).quiet);
        assert!(!group_health(&days(0, 1), &[], &[]).quiet);
        assert!(!group_health(&[], &[], &[]).quiet);
    }
}
