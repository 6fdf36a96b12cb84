//! Figures that are concluded from records: stage, RFM, churn, the health of groups.
//!
//! Pure functions, each with its formula and its source. The room knows no clock: *now* is
//! handed in. A figure that cannot be told is `None`, never 0. The cache calls these for its
//! rows, and lends them to SQL as functions, so that a filter and a column always agree.

mod churn;
mod health;
mod rfm;
mod stage;

pub use churn::{ChurnModel, churn};
pub use health::{GroupHealth, HEALTH_DAYS, HealthThresholds, group_health};
pub use rfm::{RfmThresholds, Segment, rfm, rfm_f, rfm_m, rfm_r};
pub use stage::{StageRule, StageThresholds, derive_stage};

/// Milliseconds of a day.
const DAY: i64 = 86_400_000;
