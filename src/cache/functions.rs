//! Figures of `insight` as functions of SQL, so that lists are filtered and sorted by what they show; and how
//! names sound, for caches that were spelled otherwise.

use rusqlite::Connection;
use rusqlite::functions::{Context, FunctionFlags};

use super::error::{Doing, Result};
use crate::insight;
use crate::model::Time;
use crate::query::readings;

/// Registers `rfm_r(now, ordered)`, `rfm_f(orders)`, `rfm_m(ltv)` and
/// `churn(now, added, contacted, active, ordered, orders)`; times are milliseconds. And `readings(text)`, how it sounds.
pub(super) fn register(connection: &Connection) -> Result<()> {
    let doing = "register the figures with SQLite";
    let flags =
        FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC | FunctionFlags::SQLITE_INNOCUOUS;
    connection
        .create_scalar_function("readings", 1, flags, |context| {
            Ok(readings(&context.get::<Option<String>>(0)?.unwrap_or_default()))
        })
        .doing(doing)?;
    let time = |context: &Context<'_>, at: usize| -> rusqlite::Result<Option<Time>> {
        Ok(context.get::<Option<i64>>(at)?.map(Time::from_millis))
    };
    let now = |context: &Context<'_>| context.get::<i64>(0).map(Time::from_millis);
    connection
        .create_scalar_function("rfm_r", 2, flags, move |context| {
            let (now, ordered) = (now(context)?, time(context, 1)?);
            Ok(insight::rfm_r(now, ordered))
        })
        .doing(doing)?;
    connection
        .create_scalar_function("rfm_f", 1, flags, |context| Ok(insight::rfm_f(context.get(0)?)))
        .doing(doing)?;
    connection
        .create_scalar_function("rfm_m", 1, flags, |context| Ok(insight::rfm_m(context.get(0)?)))
        .doing(doing)?;
    connection
        .create_scalar_function("churn", 6, flags, move |context| {
            let times = (time(context, 1)?, time(context, 2)?, time(context, 3)?, time(context, 4)?);
            let (added, contacted, active, ordered) = times;
            Ok(insight::churn(now(context)?, added, contacted, active, ordered, context.get(5)?))
        })
        .doing(doing)
}
