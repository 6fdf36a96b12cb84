//! The lifecycle stage of a customer whose backend gives none.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::DAY;
use crate::model::{Stage, Time};

/// How long a customer is new, and when silence becomes sleep or loss. In days.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageThresholds {
    /// Added, or ordered for the first time, at most so long ago: new.
    pub new_days: i64,
    /// No order for longer than this: dormant.
    pub dormant_days: i64,
    /// No order, no activity and no contact for longer than this: lost.
    pub lost_days: i64,
}

impl Default for StageThresholds {
    fn default() -> Self {
        Self { new_days: 30, dormant_days: 90, lost_days: 365 }
    }
}

impl StageThresholds {
    /// The stage at `now`, by the first rule that fits:
    ///
    /// 1. nothing of any kind for more than `lost_days`: lost;
    /// 2. ordered, but not for more than `dormant_days`: dormant;
    /// 3. ordered once, at most `new_days` ago: new; ordered otherwise: active;
    /// 4. never ordered: new when added at most `new_days` ago, else a lead.
    pub fn stage(
        &self,
        now: Time,
        added: Option<Time>,
        contacted: Option<Time>,
        active: Option<Time>,
        ordered: Option<Time>,
        orders: Option<i64>,
    ) -> Stage {
        let within =
            |time: Time, days: i64| now.millis.saturating_sub(time.millis) <= days.saturating_mul(DAY);
        let seen = [added, contacted, active, ordered].into_iter().flatten().max();
        if seen.is_some_and(|seen| !within(seen, self.lost_days)) {
            return Stage::Lost;
        }
        match ordered {
            Some(ordered) if !within(ordered, self.dormant_days) => Stage::Dormant,
            Some(ordered) if orders == Some(1) && within(ordered, self.new_days) => Stage::New,
            Some(_) => Stage::Active,
            // Orders without a date are orders all the same.
            None if orders.is_some_and(|orders| orders > 0) => Stage::Active,
            None if added.is_some_and(|added| within(added, self.new_days)) => Stage::New,
            None => Stage::Lead,
        }
    }
}

/// Which stage a customer is in: by the backend's word where that says it, by thresholds where not.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StageRule {
    /// What is concluded where the backend says nothing that is known.
    pub thresholds: StageThresholds,
    /// The backend's own words, and which stage each is.
    pub map: BTreeMap<String, Stage>,
}

impl StageRule {
    /// The stage of a backend's word: by the map, or one of the console's own words.
    pub fn own(&self, word: &str) -> Option<Stage> {
        self.map.get(word).copied().or_else(|| Stage::parse(word))
    }
}

/// The stage by the default [`StageThresholds`].
pub fn derive_stage(
    now: Time,
    added: Option<Time>,
    contacted: Option<Time>,
    active: Option<Time>,
    ordered: Option<Time>,
    orders: Option<i64>,
) -> Stage {
    StageThresholds::default().stage(now, added, contacted, active, ordered, orders)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Time = Time { millis: 1_800_000_000_000, offset_minutes: 0 };

    fn stage(added: i64, active: i64, ordered: Option<i64>, orders: i64) -> Stage {
        let ago = |days: i64| Some(Time::from_millis(NOW.millis - days * DAY));
        derive_stage(NOW, ago(added), None, ago(active), ordered.and_then(ago), Some(orders))
    }

    #[test]
    fn each_rule_in_turn() {
        assert_eq!(stage(10, 1, None, 0), Stage::New);
        assert_eq!(stage(31, 1, None, 0), Stage::Lead);
        assert_eq!(stage(200, 1, Some(20), 1), Stage::New);
        assert_eq!(stage(200, 1, Some(31), 1), Stage::Active);
        assert_eq!(stage(200, 1, Some(20), 2), Stage::Active);
        assert_eq!(stage(400, 1, Some(91), 7), Stage::Dormant);
        assert_eq!(stage(800, 366, Some(400), 7), Stage::Lost);
        assert_eq!(stage(800, 364, Some(400), 7), Stage::Dormant);
        assert_eq!(stage(800, 366, None, 0), Stage::Lost);
    }

    #[test]
    fn the_map_goes_before_the_words() {
        let map = [("意向".to_owned(), Stage::Lead), ("active".to_owned(), Stage::New)];
        let rule = StageRule { map: map.into(), ..StageRule::default() };
        assert_eq!(rule.own("意向"), Some(Stage::Lead));
        assert_eq!(rule.own("active"), Some(Stage::New));
        assert_eq!(rule.own("lost"), Some(Stage::Lost));
        assert_eq!(rule.own("other"), None);
    }

    #[test]
    fn one_of_whom_nothing_is_known_is_a_lead() {
        assert_eq!(derive_stage(NOW, None, None, None, None, None), Stage::Lead);
    }
}
