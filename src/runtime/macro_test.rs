//! A test of a macro, played: its fixture in a cache of its own, its clock, its plan, and what was expected.

use std::path::Path;
use std::sync::Arc;

use jiff::tz::TimeZone;
use serde_json::{Value, json};

use super::macros::{Allowed, plan_macro};
use super::planning::Aim;
use crate::app::Targets;
use crate::cache::{Batch, Cache};
use crate::command::{Command, Verb};
use crate::macros::{Book, Given, Macro, Target, Test};
use crate::model::{AnyRecord, Resource, Time};
use crate::query::Moment;

/// Plays a test in a folder that is empty: gives what came otherwise than expected.
///
/// # Errors
/// Where the test itself cannot be played.
pub fn play(book: &Book, makes: &Macro, test: &Test, folder: &Path) -> Result<Vec<String>, String> {
    let told = |error: &dyn std::error::Error| error.to_string();
    let now = Time::parse(&test.clock).map_err(|error| told(&error))?;
    let moment = Moment { now, zone: offset(&test.clock), me: test.me.clone().map(Into::into) };
    let cache = Cache::open(folder, now).map_err(|error| told(&error))?.cache;
    let mut writer = cache.writer(moment.clone()).map_err(|error| told(&error))?;
    let mut own = Vec::new();
    for (name, items) in test.fixture.as_object().into_iter().flatten() {
        let resource = Resource::parse(name).ok_or_else(|| format!("there are no {name}"))?;
        let mut batch = Batch::new(resource);
        for item in items.as_array().into_iter().flatten() {
            let (record, complaints) =
                AnyRecord::read(resource, item.clone()).map_err(|error| format!("{item}: {error}"))?;
            if let Some(complaint) = complaints.first() {
                return Err(format!("{item}: {complaint}"));
            }
            if resource == makes.on {
                own.push(record.key());
            }
            batch.upserts.push(record);
        }
        writer.apply(&batch).map_err(|error| told(&error))?;
    }
    drop(writer);
    let mut given = Given::default();
    for (name, value) in &test.given {
        given.add(name, value).map_err(|error| told(&error))?;
    }
    let args = [makes.name.clone()].into_iter().chain((!given.is_empty()).then(|| given.to_string()));
    let command = Command { verb: Verb::MacroRun, args: args.collect(), count: None };
    let aim = match (&makes.target, test.ids.is_empty()) {
        (Target::Select(_), true) => None,
        (_, false) => Some(Aim::At(Targets::Records(makes.on, test.ids.clone()))),
        (_, true) => Some(Aim::At(Targets::Records(makes.on, own))),
    };
    let allowed = Allowed { programs: false, trust: None, stops: Arc::default() };
    let reader = cache.reader().map_err(|error| told(&error))?;
    let plan = plan_macro(&reader, book, &command, aim.as_ref(), &allowed, &moment, false)
        .map_err(|error| error.says(false))?;
    let mut wrong = Vec::new();
    let writes: Vec<Value> = plan.writes.iter().map(|planned| json!(planned.write)).collect();
    for (index, wanted) in test.expect.iter().enumerate() {
        match writes.get(index) {
            Some(write) if Test::fits(wanted, write) => {}
            Some(write) => wrong.push(format!("write {}: expected {wanted}, got {write}", index + 1)),
            None => wrong.push(format!("write {}: expected {wanted}, got none", index + 1)),
        }
    }
    for write in writes.iter().skip(test.expect.len()) {
        wrong.push(format!("nobody expected {write}"));
    }
    let skipped: std::collections::BTreeSet<String> =
        plan.skipped.iter().map(|skipped| skipped.id.clone()).collect();
    for id in test.skipped.symmetric_difference(&skipped) {
        let why = plan.skipped.iter().find(|skipped| skipped.id == *id);
        wrong.push(match why {
            Some(skipped) => format!("{id} is left: {}", skipped.why.says(false)),
            None => format!("{id} should have been left"),
        });
    }
    Ok(wrong)
}

/// The zone of a clock with an offset, such as `+08:00`.
fn offset(clock: &str) -> TimeZone {
    let seconds = || {
        let at = clock.rfind(['+', '-']).filter(|at| *at > 9)?;
        let (hours, minutes) = clock[at + 1..].split_once(':')?;
        let seconds = hours.parse::<i32>().ok()? * 3_600 + minutes.parse::<i32>().ok()? * 60;
        Some(if clock[at..].starts_with('-') { -seconds } else { seconds })
    };
    let offset = seconds().and_then(|seconds| jiff::tz::Offset::from_seconds(seconds).ok());
    offset.map_or(TimeZone::UTC, TimeZone::fixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_macros_do_what_their_tests_say() {
        let book = Book::shipped();
        let (mut played, mut failed) = (0, Vec::new());
        for makes in book.iter() {
            for (index, test) in makes.tests.iter().enumerate() {
                let folder = tempfile::tempdir().unwrap();
                let wrong = play(&book, makes, test, folder.path()).unwrap();
                failed.extend(
                    wrong.into_iter().map(|wrong| format!("{} {}: {wrong}", makes.name, test.called(index))),
                );
                played += 1;
            }
        }
        assert!(failed.is_empty(), "{failed:#?}");
        assert!(played >= 9, "{played}");
    }

    /// Ten thousand records are planned in under a second (in a release build; `-- --nocapture` prints it),
    /// and in any build not much slower than they can be read and printed.
    #[test]
    fn ten_thousand_records_are_planned_at_once() {
        let text = "[macros.many]\nsteps = [\"tag.add {tag}\", { run = \"note.add {customer.name} {today}\", \
                    when = \"orders:>=1\" }, \"follow_up.create {customer.name}回访 +3d call\"]\n\
                    params.tag = { kind = \"tag\" }\n";
        let file = crate::macros::MacroFile::read(Path::new("m.toml"), text, crate::macros::Source::Config);
        let book = Book::build(&[file.unwrap()]).unwrap();
        let moment = Moment { now: Time::from_millis(1_800_000_000_000), zone: TimeZone::UTC, me: None };
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::open(folder.path(), moment.now).unwrap().cache;
        let mut writer = cache.writer(moment.clone()).unwrap();
        let read = |resource, item: Value| AnyRecord::read(resource, item).unwrap().0;
        let mut batch = Batch::new(Resource::Tags);
        batch.upserts = (0..100)
            .map(|n| read(Resource::Tags, json!({"id": format!("t{n}"), "name": format!("标签{n}")})))
            .collect();
        writer.apply(&batch).unwrap();
        let mut batch = Batch::new(Resource::Customers);
        batch.upserts = (0..10_000)
            .map(|n| {
                let item =
                    json!({"id": format!("c{n}"), "name": format!("客户{n}"), "orders": n % 2, "rev": "1"});
                read(Resource::Customers, item)
            })
            .collect();
        let records = batch.upserts.clone();
        writer.apply(&batch).unwrap();
        let reader = cache.reader().unwrap();
        let query = crate::query::Query::all(crate::query::Scope::Customers);
        let command =
            Command { verb: Verb::MacroRun, args: vec!["many".into(), "tag=标签7".into()], count: None };
        let allowed = Allowed { programs: false, trust: None, stops: Arc::default() };
        let began = std::time::Instant::now();
        let printed: usize = records.iter().map(|record| record.to_value().to_string().len()).sum();
        let print = began.elapsed();
        let began = std::time::Instant::now();
        let plan =
            plan_macro(&reader, &book, &command, Some(&Aim::Matching(query)), &allowed, &moment, false)
                .unwrap();
        let planned = began.elapsed();
        assert_eq!((plan.records(), plan.writes.len()), (10_000, 25_000));
        eprintln!("10,000 records planned in {planned:?}; printed ({printed} bytes) in {print:?}");
        assert!(planned < print * 40, "{planned:?} for planning, {print:?} for printing");
    }
}
