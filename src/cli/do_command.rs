//! `siyu do`: one command of the console, with no screen.
//!
//! ```text
//! words ──parse──▶ Command ──plan_from──▶ Plan ──said yes──▶ commit ──▶ outbox ──sending──▶ backend
//!                                           └──▶ --dry-run prints it
//! ```
//!
//! The plan that is printed is the one that is written. What is written is safe in the cache before
//! anything is sent; where it cannot be sent now, the next sync does it.

use std::io::{self, BufRead, IsTerminal, Write};

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::list::{filter, pulled};
use super::number::whole;
use super::say::say;
use super::sending::{self, Fate};
use super::site::Site;
use super::told::Told;
use super::{begin_log, dry_run, printed, status};
use crate::app::Targets;
use crate::cache::{Committed, Reader, Undone};
use crate::command::plan::{Confirmation, PlanError, Skipped};
use crate::command::{Command, Plan, Risk, Verb, label_in, parse};
use crate::i18n::words::{commands, doing as words, faults, help};
use crate::i18n::{Lang, Line, age, named};
use crate::model::{Operator, Resource, Time};
use crate::query::{Moment, Scope};
use crate::runtime::planning::{Aim, plan_from};
use crate::runtime::{self, Me};

/// Arguments of `siyu do`.
#[derive(Args, Clone, Debug)]
pub struct DoArgs {
    /// The command with its arguments, as on the `:` line, such as `tag.add VIP`
    #[arg(value_name = "COMMAND ARGS")]
    pub command: String,
    /// On all records that match this filter
    #[arg(long, value_name = "FILTER", conflicts_with = "ids", allow_hyphen_values = true)]
    pub on: Option<String>,
    /// On the records of these ids; `-` reads them from standard input, one a line
    #[arg(long, value_name = "-|A,B")]
    pub ids: Option<String>,
    /// Print what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Do not ask; with a number, only where so many records are changed
    #[arg(long, value_name = "N", require_equals = true, value_parser = whole::<usize>())]
    #[allow(clippy::option_option, reason = "the flag may stand without a number")]
    pub yes: Option<Option<usize>>,
    /// How to print what was done
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: DoFormat,
}

/// Formats of what was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DoFormat {
    /// Lines, for the eye
    #[default]
    Table,
    /// One document
    Json,
    /// One object per line
    Jsonl,
}

/// What came of it.
#[derive(Clone, Debug)]
pub(super) struct Done<'a> {
    pub plan: &'a Plan,
    pub committed: &'a Committed,
    pub fate: &'a Fate,
    /// When that is.
    pub moment: &'a Moment,
}

/// Runs the command, and gives the exit status.
///
/// # Errors
/// [`Failure`]: the command or its scope makes no sense, it wants a confirmation, or the cache does
/// not take it.
pub fn run(args: &DoArgs, site: &Site, out: &mut dyn Write) -> Result<u8, Failure> {
    let lang = site.lang();
    let command = parse(&args.command).map_err(|wrong| pointed(&args.command, wrong.span(), wrong.told()))?;
    if matches!(command.verb, Verb::MacroRun | Verb::MacroPlan) {
        return super::run::of_command(args, &command, site, out);
    }
    if command.spec().risk == Risk::Read {
        return Err(Failure::Usage(words::NO_CHANGE.with("command", command.spec().id)));
    }
    if matches!(command.verb, Verb::Undo | Verb::Redo) {
        return turn(args, &command, site, out);
    }
    let aim = aim(args, &command)?;
    let selected = site.selected().map_err(|error| Failure::Usage(error.told()))?;
    begin_log(site);
    let session = runtime::Session::new(&site.paths.state_of(&selected.name));
    let moment = site.clock().moment(session.me());
    let plan = {
        let reader = site.reader(&selected.name, &moment)?;
        pulled(&reader)?;
        let aim = aim.clone().unwrap_or(Aim::At(Targets::None));
        plan_from(&reader, &command, &aim, &moment, lang.is_zh())
            .map_err(|error| unplanned(&args.command, error))?
    };
    if aim.is_none() && plan.writes.is_empty() && plan.skipped.is_empty() {
        return Err(Failure::Usage(words::WHICH.with("command", command.spec().id)));
    }
    if args.dry_run {
        let status = match args.yes {
            Some(Some(given)) if given != plan.records() => status::REFUSED,
            _ => status::DONE,
        };
        let done = printed(dry_run::print(&plan, args.format, lang, out).map(|()| status));
        if status == status::REFUSED {
            let line = words::OTHER_COUNT.with("n", plan.records().to_string());
            let given = args.yes.flatten().unwrap_or_default().to_string();
            say(line.with("given", given).in_lang(lang));
        }
        return done;
    }
    let read_only = site.global.read_only || selected.profile.read_only;
    let opened = site.open_cache(&selected.name)?;
    super::mending::tell(site, &opened);
    let writer = site.writer(&opened.cache, session.me())?;
    let mut writer = if read_only { writer.read_only() } else { writer };
    if !writer.is_read_only() {
        confirm(&plan, args.yes, lang)?; // what will be refused anyway is not asked about
    }
    if plan.writes.is_empty() && !writer.is_read_only() {
        let done =
            Done { plan: &plan, committed: &Committed::default(), fate: &Fate::default(), moment: &moment };
        let status = printed(dry_run::summary(&done, args.format, lang, out).map(|()| idle(&plan)));
        match hindered(&plan).next() {
            Some(_) => tell(&done, lang),
            None => say(Line::from(words::NOTHING_TO_DO).in_lang(lang)),
        }
        return status;
    }
    let me = Me::new(std::sync::Mutex::new(session.me()));
    let committed = writer.commit(&plan.change_set(runtime::actor(&me)))?;
    note_made(&session, &committed.batch);
    let fate = match committed.queued {
        0 => Fate::default(),
        _ => sending::send(site, &selected, writer, &session, &|row| row.batch == committed.batch)?,
    };
    let done = Done { plan: &plan, committed: &committed, fate: &fate, moment: &moment };
    let status = printed(dry_run::summary(&done, args.format, lang, out).map(|()| outcome(&done)));
    tell(&done, lang);
    status
}

/// Takes the last command back, or does it again.
fn turn(args: &DoArgs, command: &Command, site: &Site, out: &mut dyn Write) -> Result<u8, Failure> {
    let lang = site.lang();
    let word = |word: crate::i18n::Word| word.with("command", command.spec().id);
    if args.on.is_some() || args.ids.is_some() {
        return Err(Failure::Usage(word(words::NO_RECORDS_WANTED)));
    }
    if args.dry_run {
        return Err(Failure::Usage(word(words::NO_DRY_RUN)));
    }
    let selected = site.selected().map_err(|error| Failure::Usage(error.told()))?;
    begin_log(site);
    let session = runtime::Session::new(&site.paths.state_of(&selected.name));
    let opened = site.open_cache(&selected.name)?;
    super::mending::tell(site, &opened);
    let writer = site.writer(&opened.cache, session.me())?;
    let read_only = site.global.read_only || selected.profile.read_only;
    let mut writer = if read_only { writer.read_only() } else { writer };
    let actor = runtime::actor(&Me::new(std::sync::Mutex::new(session.me())));
    let again = command.verb == Verb::Redo;
    let made = session.made();
    let sure = |batch: &str| args.yes.is_some() || made.iter().any(|made| made == batch);
    let mut undone = writer.undo_if(again, &actor, sure)?;
    if undone.asks {
        let asked = whose(&undone, &opened.cache.reader()?, site.clock().now());
        agreed(again, asked, lang)?;
        let batch = std::mem::take(&mut undone.batch);
        undone = writer.undo_if(again, &actor, |newest| newest == batch)?;
        if undone.asks {
            return Err(Failure::Refused(words::NOT_DONE.into())); // another one came meanwhile
        }
    }
    let ours = |row: &crate::model::view::OutboxRow| row.batch == undone.batch;
    let fate = sending::send(site, &selected, writer, &session, &ours)?;
    let line = words::TURNED
        .with("command", command.spec().id)
        .with("what", label_in(&undone.label, lang.is_zh()))
        .with("withdrawn", undone.withdrawn.to_string())
        .with("inverted", undone.inverted.to_string())
        .with("left", undone.left.len().to_string());
    let status = match fate.status(undone.withdrawn + undone.inverted) {
        status::DONE if !undone.left.is_empty() => status::PARTLY,
        status => status,
    };
    let done = printed(writeln!(out, "{}", super::say::shown(line.in_lang(lang))).map(|()| status));
    let left = undone.left.iter();
    let left = left.map(|(_, id, name, _)| words::LEFT.with("name", name.as_str()).with("id", id.as_str()));
    fate.told(left).iter().for_each(|line| say(line.in_lang(lang)));
    done
}

/// Remembers that a batch was written here. Where that fails, its undo is asked about.
pub(super) fn note_made(session: &runtime::Session, batch: &str) {
    if let Err(error) = session.remember_made(batch) {
        tracing::warn!(%error, "it is not remembered that the command line wrote this");
    }
}

/// What is to be taken back that was not written here, by whom and when.
fn whose(undone: &Undone, reader: &Reader, now: Time) -> impl Fn(crate::i18n::Word) -> Line + use<> {
    let operator = undone.operator.as_ref();
    let record = operator.and_then(|id| reader.record(Resource::Operators, id.as_str()).ok().flatten());
    let known = record.and_then(|record| serde_json::from_str::<Operator>(&record).ok());
    let who = known.map_or_else(|| undone.account.clone(), |operator| operator.name);
    let seconds = undone.at.map_or(0, |at| (now.millis - at.millis) / 1_000);
    let label = undone.label.clone();
    move |word| {
        let what = Line::both(label_in(&label, true), label_in(&label, false));
        let age = Line::both(age(Lang::Zh, seconds), age(Lang::En, seconds));
        word.with("what", what).with("who", who.as_str()).with("age", age)
    }
}

/// Asks at a terminal; elsewhere it is refused, with what there is to be said.
fn agreed(again: bool, line: impl Fn(crate::i18n::Word) -> Line, lang: Lang) -> Result<(), Failure> {
    let (refused, question) = match again {
        false => (words::UNDO_WHOSE, words::ASK_UNDO),
        true => (words::REDO_WHOSE, words::ASK_REDO),
    };
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::Refused(line(refused)));
    }
    if is_yes(&answer(line(question), lang)?) {
        Ok(())
    } else {
        Err(Failure::Refused(words::NOT_DONE.into()))
    }
}

/// What is typed at a question.
fn answer(question: Line, lang: Lang) -> Result<String, Failure> {
    let failed = |error: io::Error| Failure::Failed(faults::OUTPUT.with("error", error.told()));
    let mut messages = io::stderr();
    write!(messages, "{}", super::say::shown_line(question.in_lang(lang))).map_err(failed)?;
    messages.flush().map_err(failed)?;
    let mut answer = String::new();
    io::stdin().read_line(&mut answer).map_err(failed)?;
    Ok(answer.trim().to_owned())
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.to_lowercase().as_str(), "y" | "yes" | "是")
}

/// Its exit status.
fn outcome(done: &Done<'_>) -> u8 {
    match done.fate.status(done.committed.queued) {
        status::DONE | status::FAILED if !done.committed.moved.is_empty() => status::PARTLY,
        status::DONE if hindered(done.plan).next().is_some() => status::PARTLY,
        status => status,
    }
}

/// The exit status where there is nothing to write.
fn idle(plan: &Plan) -> u8 {
    match hindered(plan).count() {
        0 => status::DONE,
        all if all == plan.skipped.len() => status::FAILED,
        _ => status::PARTLY,
    }
}

/// Records that are left as they are, though they are not yet as they were to be.
fn hindered(plan: &Plan) -> impl Iterator<Item = &Skipped> {
    plan.skipped.iter().filter(|skipped| skipped.why.hinders())
}

/// Says what did not go as it should have.
fn tell(done: &Done<'_>, lang: Lang) {
    let moved = done.committed.moved.iter();
    let moved = moved.map(|(_, id, name)| words::MOVED.with("name", name.as_str()).with("id", id.as_str()));
    let hindered = hindered(done.plan).map(|Skipped { id, name, why }| {
        let why = Line::both(why.says(true), why.says(false));
        words::SKIPPED_ONE.with("name", name.as_str()).with("id", id.as_str()).with("why", why)
    });
    done.fate.told(hindered.chain(moved)).iter().for_each(|line| say(line.in_lang(lang)));
}

/// A mistake at its place in the command.
fn pointed(text: &str, span: std::ops::Range<usize>, told: Line) -> Failure {
    let before = |at: usize| text.get(..at).unwrap_or(text);
    let column = before(span.start).chars().count() + 1;
    let wide = |text: &str| crate::ui::text::width(text, crate::ui::text::WidthMode::Narrow);
    let marked = wide(text.get(span.clone()).unwrap_or_default()).max(1);
    let mark = format!("  {text}\n  {}{}", " ".repeat(wide(before(span.start))), "^".repeat(marked));
    let line = commands::COLUMN.with("n", column.to_string()).with("line", told);
    Failure::Usage(line.and(format!("\n{mark}")))
}

fn unplanned(text: &str, error: crate::runtime::planning::PlanningError) -> Failure {
    use crate::runtime::planning::PlanningError as E;
    match error {
        E::Cache(error) => error.into(),
        E::Plan(ref wrong) => {
            let nothing = matches!(wrong, PlanError::Missing { .. }).then_some("\"\"");
            let written = wrong.written().or(nothing).filter(|written| !written.is_empty());
            match written.and_then(|written| Some((text.rfind(written)?, written.len()))) {
                Some((at, length)) => pointed(text, at..at + length, error.told()),
                None => Failure::Usage(error.told()),
            }
        }
        E::Macro(_) | E::Untrusted(..) => Failure::Usage(error.told()),
        E::Missing { .. } => Failure::failed(&error),
    }
}

/// Which records it is meant for; `None` where nobody said and it may do without.
fn aim(args: &DoArgs, command: &Command) -> Result<Option<Aim>, Failure> {
    let spec = command.spec();
    let which = |word: crate::i18n::Word| Failure::Usage(word.with("command", spec.id));
    let (resource, scope) = match spec.on {
        Some(Resource::Customers) => (Resource::Customers, Scope::Customers),
        Some(Resource::FollowUps) => (Resource::FollowUps, Scope::FollowUps),
        Some(Resource::Tags) => (Resource::Tags, Scope::Tags),
        _ if args.on.is_some() || args.ids.is_some() => return Err(which(words::NO_RECORDS_WANTED)),
        _ if command.verb == Verb::TagCreate => return Ok(Some(Aim::At(Targets::None))),
        _ => return Err(which(words::NO_CHANGE)),
    };
    let named = resource == Resource::Tags && command.args.len() >= spec.args.len();
    if named && (args.on.is_some() || args.ids.is_some()) {
        return Err(which(words::TAG_IS_NAMED));
    }
    if args.on.as_ref().is_some_and(|text| text.trim().is_empty()) {
        return Err(Failure::Usage(words::EMPTY_FILTER.into()));
    }
    if let Some(text) = &args.on {
        return filter(scope, std::slice::from_ref(text)).map(|query| Some(Aim::Matching(query)));
    }
    if let Some(ids) = &args.ids {
        return Ok(Some(Aim::At(Targets::Records(resource, read_ids(ids)?))));
    }
    // A tag can be named among the arguments.
    if resource == Resource::Tags { Ok(None) } else { Err(which(words::WHICH)) }
}

pub(super) fn read_ids(given: &str) -> Result<Vec<String>, Failure> {
    let mut ids: Vec<String> = Vec::new();
    if given == "-" {
        for line in io::stdin().lock().lines() {
            let line =
                line.map_err(|error| Failure::Failed(words::IDS_UNREAD.with("error", error.told())))?;
            ids.push(line);
        }
    } else {
        ids.extend(given.split(',').map(str::to_owned));
    }
    let mut seen = std::collections::HashSet::new();
    ids.iter_mut().for_each(|id| *id = id.trim().to_owned());
    ids.retain(|id| !id.is_empty() && seen.insert(id.clone()));
    Ok(ids)
}

/// The risk of a plan, in a word.
pub(super) fn risk(plan: &Plan) -> Line {
    let word = plan.risk.word();
    named(help::RISKS, word).map_or_else(|| word.into(), |zh| Line::both(zh, word))
}

/// Whether the operator says yes: by the flag, or at a terminal.
#[allow(clippy::option_option, reason = "as the flag is")]
fn confirm(plan: &Plan, yes: Option<Option<usize>>, lang: Lang) -> Result<(), Failure> {
    let records = plan.records();
    let label_of = |label: &str| Line::both(label_in(label, true), label_in(label, false));
    let fill = |word: crate::i18n::Word| {
        word.with("n", records.to_string()).with("risk", risk(plan)).with("label", label_of(&plan.label))
    };
    let asked = match (yes, plan.confirmation()) {
        (Some(Some(given)), _) if given != records => {
            return Err(Failure::Refused(fill(words::OTHER_NUMBER).with("given", given.to_string())));
        }
        (Some(_), _) | (None, Confirmation::Nothing) => return Ok(()),
        (None, asked) => asked,
    };
    if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Failure::Refused(fill(words::WANTS_YES)));
    }
    let (question, wanted) = match asked {
        Confirmation::Number(number) => (words::ASK_NUMBER, Some(number)),
        _ => (words::ASK_YES, None),
    };
    let answer = answer(fill(question), lang)?;
    let said = match wanted {
        Some(number) => answer.parse() == Ok(number),
        None => is_yes(&answer),
    };
    if said { Ok(()) } else { Err(Failure::Refused(words::NOT_DONE.into())) }
}
