//! From a macro to its plan, with all that it needs to know read from the cache: the same for the
//! console, for `siyu run` and for the tests of macros.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use serde_json::Value;

use super::planning::{Aim, PlanningError, Words, customers_of, matching, records};
use super::trust::Trust;
use crate::app::Targets;
use crate::cache::Reader;
use crate::command::plan::{Plan, Skip, Skipped};
use crate::command::{Command, Verb};
use crate::macros::{Book, Given, MacroError, World, expand, selection};
use crate::model::{AnyRecord, Customer, Resource};
use crate::query::{Moment, Query};

/// What macros may do here.
#[derive(Clone, Debug)]
pub struct Allowed {
    /// Whether external programs are started.
    pub programs: bool,
    /// Which files are trusted; `None` where all are, as in a test that its author runs.
    pub trust: Option<Trust>,
    /// Set, it ends the programs that are asked, and asks no more.
    pub stops: Arc<AtomicBool>,
}

/// Works out what a macro would write, from the cache as it is now. Where the macro chooses its records,
/// those that `aim` names are all that it chooses from; `None` names none.
///
/// # Errors
/// [`PlanningError`].
pub fn plan_macro(
    reader: &Reader,
    book: &Book,
    command: &Command,
    aim: Option<&Aim>,
    allowed: &Allowed,
    moment: &Moment,
    zh: bool,
) -> Result<Plan, PlanningError> {
    let name = command.arg().unwrap_or_default();
    let unknown =
        || MacroError::Unknown { name: name.to_owned(), nearest: book.nearest(name).map(str::to_owned) };
    let makes = book.get(name).ok_or_else(unknown)?;
    trusted(book, name, allowed)?;
    let command = Command { verb: Verb::MacroRun, ..command.clone() };
    let words = Words::read(reader)?;
    let material = words.material(moment, zh, &|_| Vec::new());
    let given = Given::read(command.args.get(1).map_or("", String::as_str)).map_err(MacroError::Given)?;
    let (mut targets, gone) = match (selection(makes, &given, &material)?, aim) {
        (Some(query), None) => (matching(reader, &query, moment)?, Vec::new()),
        (Some(query), Some(aim)) => {
            let (mut targets, gone) = records(reader, aim, moment)?;
            let chosen = ids(&matching(reader, &query, moment)?);
            targets.retain(|record| chosen.contains(&record.key()));
            (targets, gone)
        }
        (None, Some(aim)) => records(reader, aim, moment)?,
        (None, None) => records(reader, &Aim::At(Targets::None), moment)?,
    };
    // A macro on customers that is run on follow-ups means their customers.
    if makes.on == Resource::Customers && targets.iter().any(|one| one.resource() == Resource::FollowUps) {
        targets = customers_of(reader, &targets)?;
    }
    let customers: HashMap<String, Customer> = customers_of(reader, &targets)?
        .into_iter()
        .filter_map(|record| match record {
            AnyRecord::Customer(customer) => Some((customer.id.to_string(), customer)),
            _ => None,
        })
        .collect();
    let matches = |query: &Query, asked: &[&str]| -> Result<HashSet<String>, String> {
        if asked.is_empty() {
            return Ok(HashSet::new());
        }
        let found = matching(reader, query, moment).map_err(|error| error.to_string())?;
        Ok(ids(&found))
    };
    let program = |argv: &[String], seconds: u32, told: &Value| {
        if !allowed.programs {
            return Err("external programs are off; [run] programs = true allows them".to_owned());
        }
        super::program::ask(argv, seconds, told, &allowed.stops)
    };
    let world = World { material: &material, customers, matching: &matches, program: &program };
    let mut plan = expand(book, &command, targets, &world)?;
    plan.skipped.extend(gone.into_iter().map(|id| Skipped { name: id.clone(), id, why: Skip::Gone }));
    Ok(plan)
}

/// Whether the files are trusted that a macro stands in, and may start what it starts.
fn trusted(book: &Book, name: &str, allowed: &Allowed) -> Result<(), PlanningError> {
    if let Some(trust) = &allowed.trust
        && let Some((file, _)) = book.foreign(name).into_iter().find(|(_, text)| !trust.knows(text))
    {
        let file = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        return Err(PlanningError::Untrusted(
            format!("{file} 还没有被信任: 看过后用 `siyu macros trust {name}`"),
            format!("{file} is not trusted yet: look at it, then `siyu macros trust {name}`"),
        ));
    }
    if !allowed.programs && book.has_programs(name) {
        return Err(PlanningError::Untrusted(
            format!("{name} 会启动外部程序,而配置没有允许: [run] programs = true"),
            format!(
                "{name} starts external programs, which the configuration does not allow: [run] programs = true"
            ),
        ));
    }
    Ok(())
}

/// Why a macro cannot be run here, in Chinese and in English; `None` where it can.
pub fn hindrance(book: &Book, name: &str, allowed: &Allowed) -> Option<(String, String)> {
    match trusted(book, name, allowed) {
        Err(PlanningError::Untrusted(chinese, english)) => Some((chinese, english)),
        _ => None,
    }
}

fn ids(records: &[AnyRecord]) -> HashSet<String> {
    records.iter().map(AnyRecord::key).collect()
}
