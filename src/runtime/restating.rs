//! A write of the outbox that says what a command makes of its record.

use serde_json::Value;

use super::planning::{Aim, PlanningError, plan_from};
use crate::app::Targets;
use crate::cache::{Error, Reader};
use crate::command::Command;
use crate::model::{Deed, Resource, Write};
use crate::query::Moment;

/// The write of that number, with what the command makes of it. Fields that the command says
/// nothing of stay as they were asked for.
///
/// # Errors
/// Why nothing comes of it, in the operator's language.
pub(super) fn restated(
    reader: &Reader,
    n: i64,
    command: &Command,
    moment: &Moment,
    zh: bool,
) -> Result<Write, String> {
    let said = |error: PlanningError| error.says(zh);
    let mut found = None;
    let walked = reader.outbox(None, moment, |row| {
        if row.n != n {
            return Ok(());
        }
        found = Some(row.write);
        Err(Error::Interrupted) // one is enough
    });
    let Some(write) = found else {
        walked.map_err(|error| error.to_string())?;
        let gone = if zh { "这条已不在待发中" } else { "it is not in the outbox any more" };
        return Err(gone.to_owned());
    };
    let plan = plan_from(reader, command, &Aim::Marked(about(&write)), moment, zh).map_err(said)?;
    let Some(planned) = plan.writes.into_iter().next() else {
        let why = plan.skipped.first().map(|skipped| skipped.why.says(zh));
        return Err(why.unwrap_or_default());
    };
    let deed = match (planned.write.deed, &write.deed) {
        (Deed::Set { fields: new }, Deed::Set { fields }) => {
            let mut fields = fields.clone();
            for (key, value) in new {
                match (fields.get_mut(&key), value) {
                    (Some(Value::Object(all)), Value::Object(some)) => all.extend(some),
                    (_, value) => drop(fields.insert(key, value)),
                }
            }
            Deed::Set { fields }
        }
        // However often it is said otherwise, it was made when it was made.
        (Deed::Make { fields: mut new }, Deed::Make { fields }) if write.resource == Resource::Events => {
            match fields.get("at") {
                Some(at) => drop(new.insert("at".to_owned(), at.clone())),
                None => drop(new.remove("at")),
            }
            Deed::Make { fields: new }
        }
        (deed, _) => deed,
    };
    Ok(Write { deed, ..write })
}

/// The record that the command is given: that of the write, or the customer for whom it makes one.
fn about(write: &Write) -> Targets {
    match &write.deed {
        Deed::Make { fields } => {
            let customer = fields.get("customer_id").and_then(Value::as_str).unwrap_or_default();
            Targets::Records(Resource::Customers, vec![customer.to_owned()])
        }
        _ => Targets::Records(write.resource, vec![write.id.clone()]),
    }
}
