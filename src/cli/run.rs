//! `siyu run`: a macro, with no screen and no question.
//!
//! ```text
//! macro + records ──plan_macro──▶ Plan ──--yes──▶ Frozen ──Run::next, record by record──▶ outbox ──sending──▶ backend
//!                                   └──▶ --dry-run prints it                     └──▶ killed: --resume BATCH goes on
//! ```
//!
//! The plan that `--dry-run` prints is the one that is run. It is kept with its batch before its first write,
//! so that a run that ended anywhere is gone on with behind the last record that it had done.

use std::io::{self, IsTerminal, Write};
use std::sync::Arc;

use clap::Args;
use serde_json::{Value, json};

use super::bar::Bar;
use super::do_command::{DoArgs, DoFormat, read_ids};
use super::failure::{Failure, macro_failure, unplanned};
use super::list::{filter, pulled};
use super::say::{say, shown};
use super::sending::{self, Fate};
use super::site::Site;
use super::stop::Stop;
use super::{begin_log, dry_run, printed, status};
use crate::app::Targets;
use crate::cache::Writer;
use crate::command::plan::{Confirmation, Plan, Skipped};
use crate::command::{Command, Verb};
use crate::config::Selected;
use crate::i18n::words::{doing, macros as words};
use crate::i18n::{Lang, Line};
use crate::macros::{Given, Macro, Target, lacking};
use crate::model::{Resource, Time};
use crate::runtime::macros::{Allowed, plan_macro};
use crate::runtime::planning::Aim;
use crate::runtime::running::{Came, Frozen, Halt, Run};
use crate::runtime::{self, Me, Session};

/// So many words of programs are told where they are not shown as a plan.
const SAID: usize = 20;

/// Arguments of `siyu run`.
#[derive(Args, Clone, Debug)]
pub struct RunArgs {
    /// The macro
    #[arg(value_name = "MACRO", required_unless_present = "resume")]
    pub name: Option<String>,
    /// On all records that match this filter
    #[arg(long, value_name = "FILTER", conflicts_with = "ids", allow_hyphen_values = true)]
    pub on: Option<String>,
    /// On the records of these ids; `-` reads them from standard input, one a line
    #[arg(long, value_name = "-|A,B")]
    pub ids: Option<String>,
    /// Give a parameter a value
    #[arg(long, value_name = "NAME=VALUE")]
    pub set: Vec<String>,
    /// Print what would be written, and write nothing
    #[arg(long)]
    pub dry_run: bool,
    /// Confirm; with a number, only where so many records are changed. Nothing ever asks
    #[arg(long, value_name = "N", require_equals = true)]
    #[allow(clippy::option_option, reason = "the flag may stand without a number")]
    pub yes: Option<Option<usize>>,
    /// Go on with the run of this batch
    #[arg(long, value_name = "BATCH", conflicts_with_all = ["name", "on", "ids", "set", "dry_run"])]
    pub resume: Option<String>,
    /// Hold back what reaches a customer for so many seconds, so that it can be taken back (as the configuration says)
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(0..=3600))]
    pub hold: Option<u32>,
    /// How to print what was done
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: DoFormat,
}

/// `siyu do "macro.run NAME …"` is the same.
pub(super) fn of_command(
    args: &DoArgs,
    command: &Command,
    site: &Site,
    out: &mut dyn Write,
) -> Result<u8, Failure> {
    let given = Given::read(command.args.get(1).map_or("", String::as_str));
    let given = given.map_err(|error| Failure::Usage(error.to_string().into()))?;
    let set = given.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let run = RunArgs {
        name: command.arg().map(str::to_owned),
        on: args.on.clone(),
        ids: args.ids.clone(),
        set,
        dry_run: args.dry_run || command.verb == Verb::MacroPlan,
        yes: args.yes,
        resume: None,
        hold: None,
        format: args.format,
    };
    self::run(&run, site, out)
}

/// Runs a macro, and gives the exit status.
///
/// # Errors
/// [`Failure`]: the macro or its scope makes no sense, it wants a confirmation, or the cache does not take it.
pub fn run(args: &RunArgs, site: &Site, out: &mut dyn Write) -> Result<u8, Failure> {
    let selected = site.selected().map_err(|error| Failure::Usage(error.told()))?;
    begin_log(site);
    let session = Session::new(&site.paths.state_of(&selected.name));
    let desk = Desk { args, site, selected, session };
    match &args.resume {
        Some(batch) => desk.resume(batch, out),
        None => desk.fresh(out),
    }
}

/// Where one run of the program works.
struct Desk<'a> {
    args: &'a RunArgs,
    site: &'a Site,
    selected: Selected,
    session: Session,
}

impl Desk<'_> {
    fn lang(&self) -> Lang {
        self.site.lang()
    }

    fn fresh(&self, out: &mut dyn Write) -> Result<u8, Failure> {
        let (args, site, lang) = (self.args, self.site, self.lang());
        let name = args.name.as_deref().unwrap_or_default();
        let book = &site.config.macros;
        let makes = book.get(name).ok_or_else(|| {
            let nearest = book.nearest(name).map(str::to_owned);
            macro_failure(&crate::macros::MacroError::Unknown { name: name.to_owned(), nearest })
        })?;
        let given = self.given()?;
        let missing = lacking(makes, &given);
        if !missing.is_empty() {
            let line = words::GIVE_SET.with("name", name).with("params", missing.join(", "));
            return Err(Failure::Usage(line));
        }
        let aim = self.aim(makes)?;
        let words = [name.to_owned()].into_iter().chain((!given.is_empty()).then(|| given.to_string()));
        let command = Command { verb: Verb::MacroRun, args: words.collect(), count: None };
        let moment = site.clock().moment(self.session.me());
        // Programs that are asked for the plan end with it, where it is stopped.
        let stop = Stop::new();
        let allowed = Allowed { stops: Arc::clone(&stop.flag), ..site.allowed() };
        let plan = {
            let reader = site.reader(&self.selected.name, &moment)?;
            pulled(&reader)?;
            plan_macro(&reader, book, &command, aim.as_ref(), &allowed, &moment, lang.is_zh())
                .map_err(unplanned)
        };
        if stop.came() {
            say(Line::from(words::STOPPED_EARLY).in_lang(lang));
            return Ok(status::INTERRUPTED);
        }
        let plan = plan?;
        let hold = args.hold.unwrap_or(site.config.run.hold_seconds);
        if args.dry_run {
            return self.dry(&plan, hold, out);
        }
        for one in plan.said.iter().take(SAID) {
            let line = doing::SAID_ONE.with("name", one.name.as_str()).with("id", one.id.as_str());
            say(line.with("text", one.text.as_str()).in_lang(lang));
        }
        let mut writer = self.writer()?;
        if !writer.is_read_only() {
            confirmed(&plan, args.yes)?; // what will be refused anyway is not asked about
        }
        let Some(frozen) = Frozen::of(&plan, hold).filter(|frozen| frozen.total() > 0) else {
            say(Line::from(doing::NOTHING_TO_DO).in_lang(lang));
            let skipped = plan.skipped.as_slice();
            let status = match hindered(skipped).count() {
                0 => status::DONE,
                n if n == skipped.len() => status::FAILED,
                _ => status::PARTLY,
            };
            let outcome = Ended { skipped, batch: "", queued: 0, done: 0, left: 0, ..Ended::default() };
            let printed = printed(self.report(&plan.label, &outcome, out).map(|()| status));
            self.tell(skipped, &[], &Fate::default());
            return printed;
        };
        let actor = self.actor();
        let run = Run::begin(&mut writer, frozen, actor)?;
        self.execute(run, writer, &plan.skipped, stop, out)
    }

    fn resume(&self, batch: &str, out: &mut dyn Write) -> Result<u8, Failure> {
        let reader = self.site.open_cache(&self.selected.name)?.cache.reader()?;
        let with = |word: crate::i18n::Word| word.with("batch", batch);
        let row = reader.run(batch)?.ok_or_else(|| Failure::Usage(with(words::NO_RUN)))?;
        if row.undone {
            return Err(Failure::Failed(with(words::RUN_UNDONE)));
        }
        if row.done >= row.total {
            // Nothing is left to be done, but what was queued may still have to be sent.
            say(with(words::RUN_OVER).in_lang(self.lang()));
            let fate = self.send(self.writer()?, batch)?;
            fate.tell(self.lang());
            return Ok(fate.status(fate.sent));
        }
        let run = Run::resume(&row).ok_or_else(|| Failure::Failed(with(words::UNREADABLE)))?;
        let wanted = run.left();
        match self.args.yes {
            Some(Some(given)) if given != wanted => {
                let line = doing::OTHER_NUMBER.with("n", wanted.to_string());
                return Err(Failure::Refused(line.with("given", given.to_string())));
            }
            _ => {}
        }
        self.execute(run, self.writer()?, &[], Stop::new(), out)
    }

    /// Runs what is left of a run, then sends what it queued.
    fn execute(
        &self,
        mut run: Run,
        mut writer: Writer,
        skipped: &[Skipped],
        stop: Stop,
        out: &mut dyn Write,
    ) -> Result<u8, Failure> {
        let (lang, actor) = (self.lang(), self.actor());
        let mut results = Vec::new();
        // Where the records are told one by one on the same terminal, they say how far it is.
        let told = self.args.format == DoFormat::Jsonl && io::stdout().is_terminal();
        let total = u64::try_from(run.plan.total()).unwrap_or(u64::MAX);
        let mut bar = if told { Bar::none() } else { Bar::of(total, words::RAN, lang) };
        let now = || Time::from_millis(self.site.clock().now().millis);
        let mut broken = Ok(());
        while !stop.came() {
            let Some(came) = run.next(&mut writer, &actor, now())? else { break };
            bar.reach(u64::try_from(run.done).unwrap_or(u64::MAX));
            let rows = rows(&run, &came);
            match self.args.format {
                DoFormat::Jsonl if broken.is_ok() => {
                    broken =
                        rows.iter().try_for_each(|row| writeln!(out, "{row}")).and_then(|()| out.flush());
                }
                DoFormat::Json => results.extend(rows),
                _ => {}
            }
        }
        if run.queued > 0 {
            super::do_command::note_made(&self.session, &run.batch);
        }
        drop((bar, stop));
        let stopped = run.left() > 0 && run.halted.is_none();
        let fate = match run.halted {
            Some(Halt::TakenBack) => Fate::default(),
            _ if run.queued == 0 || stopped => Fate::default(),
            _ => self.send(writer, &run.batch)?,
        };
        let ended = Ended {
            batch: &run.batch,
            done: run.done - run.moved.len(),
            left: run.left(),
            queued: run.queued,
            skipped,
            results,
            moved: run.moved.len(),
            fate: fate.clone(),
        };
        let code = self.code(&run, &ended, stopped);
        if broken.is_ok() {
            broken = self.report(&run.plan.label, &ended, out);
        }
        let done = printed(broken.map(|()| code));
        let numbers = |line: Line| {
            line.with("done", ended.done.to_string())
                .with("left", ended.left.to_string())
                .with("batch", run.batch.as_str())
        };
        let last = || run.moved.last().map(|subject| subject.name.clone()).unwrap_or_default();
        match run.halted {
            Some(Halt::Stopped) => say(numbers(words::HALTED.with("name", last())).in_lang(lang)),
            Some(Halt::TakenBack) => say(words::ROLLED_BACK.with("name", last()).in_lang(lang)),
            None if stopped => say(numbers(words::STOPPED.into()).in_lang(lang)),
            None => {}
        }
        let moved: Vec<(String, String)> =
            run.moved.iter().map(|subject| (subject.name.clone(), subject.id.clone())).collect();
        self.tell(skipped, &moved, &fate);
        done
    }

    fn code(&self, run: &Run, ended: &Ended<'_>, stopped: bool) -> u8 {
        if stopped {
            return status::INTERRUPTED;
        }
        match run.halted {
            Some(Halt::TakenBack) => return status::FAILED,
            Some(Halt::Stopped) => return status::PARTLY,
            None => {}
        }
        match ended.fate.status(ended.queued) {
            status::DONE if ended.moved > 0 || hindered(ended.skipped).next().is_some() => status::PARTLY,
            status => status,
        }
    }

    fn dry(&self, plan: &Plan, hold: u32, out: &mut dyn Write) -> Result<u8, Failure> {
        let lang = self.lang();
        let status = match self.args.yes {
            Some(Some(given)) if given != plan.records() => status::REFUSED,
            _ => status::DONE,
        };
        if self.args.format == DoFormat::Table {
            let outbound = plan.writes.iter().filter(|planned| planned.write.is_outbound()).count();
            let finally = plan.writes.iter().filter(|planned| !planned.write.is_reversible()).count();
            let head = words::PLAN_HEAD
                .with("label", plan.label.as_str())
                .with("n", plan.records().to_string())
                .with("writes", plan.writes.len().to_string())
                .with("risk", super::do_command::risk(plan));
            let mut lines = vec![head];
            if finally > 0 {
                lines.push(words::FOR_GOOD.with("n", finally.to_string()));
            }
            if outbound > 0 && hold > 0 {
                lines
                    .push(words::PLAN_HELD.with("n", outbound.to_string()).with("seconds", hold.to_string()));
            }
            let said = lines.iter().try_for_each(|line| writeln!(out, "{}", shown(line.in_lang(lang))));
            printed(said.map(|()| status))?;
        }
        let done = printed(dry_run::print(plan, self.args.format, lang, out).map(|()| status));
        if status == status::REFUSED {
            let given = self.args.yes.flatten().unwrap_or_default().to_string();
            say(doing::OTHER_COUNT.with("n", plan.records().to_string()).with("given", given).in_lang(lang));
        }
        done
    }

    /// One line, or an object, about the whole.
    fn report(&self, label: &str, ended: &Ended<'_>, out: &mut dyn Write) -> io::Result<()> {
        let lang = self.lang();
        if self.args.format == DoFormat::Table {
            let mut line = words::SUMMARY
                .with("label", label)
                .with("done", ended.done.to_string())
                .with("queued", ended.queued.to_string())
                .with("batch", ended.batch)
                .in_lang(lang);
            for (n, word) in [
                (ended.skipped.len(), words::SOME_SKIPPED),
                (ended.moved, words::SOME_MOVED),
                (ended.fate.sent, doing::SENT_N),
                (ended.fate.failed.len(), doing::FAILED_N),
                (ended.fate.conflicts.len(), doing::CONFLICTS_N),
                (ended.fate.unknown.len(), doing::UNKNOWN_N),
            ] {
                if n > 0 {
                    line.push_str(&Line::from(doing::BETWEEN).in_lang(lang));
                    line.push_str(&word.with("n", n.to_string()).in_lang(lang));
                }
            }
            writeln!(out, "{}", shown(line))?;
            return out.flush();
        }
        let reasons = ended.skipped.iter().map(|skipped| {
            json!({"id": skipped.id, "name": skipped.name, "result": "skipped", "why": skipped.why.says(lang.is_zh())})
        });
        let mut object = json!({
            "label": label, "batch": ended.batch, "done": ended.done, "left": ended.left,
            "queued": ended.queued, "moved": ended.moved, "skipped": ended.skipped.len(),
            "sent": ended.fate.sent, "failed": ended.fate.failed.len(),
            "conflicts": ended.fate.conflicts.len(), "unknown": ended.fate.unknown.len(),
            "waiting": ended.fate.waiting,
        });
        if self.args.format == DoFormat::Json {
            object["records"] = ended.results.iter().cloned().chain(reasons).collect();
            writeln!(out, "{object}")?;
        } else {
            for reason in reasons {
                writeln!(out, "{reason}")?;
            }
            writeln!(out, "{}", json!({"summary": object}))?;
        }
        out.flush()
    }

    /// Says what did not go as it should have.
    fn tell(&self, skipped: &[Skipped], moved: &[(String, String)], fate: &Fate) {
        let lang = self.lang();
        let hindered = hindered(skipped).map(|Skipped { id, name, why }| {
            let why = Line::both(why.says(true), why.says(false));
            doing::SKIPPED_ONE.with("name", name.as_str()).with("id", id.as_str()).with("why", why)
        });
        let moved =
            moved.iter().map(|(name, id)| doing::MOVED.with("name", name.as_str()).with("id", id.as_str()));
        fate.told(hindered.chain(moved)).iter().for_each(|line| say(line.in_lang(lang)));
        if let Some(stays) = fate.stays() {
            say(stays.in_lang(lang));
        }
    }

    fn send(&self, writer: Writer, batch: &str) -> Result<Fate, Failure> {
        sending::send(self.site, &self.selected, writer, &self.session, &|row| row.batch == batch)
    }

    fn writer(&self) -> Result<Writer, Failure> {
        let read_only = self.site.global.read_only || self.selected.profile.read_only;
        let opened = self.site.open_cache(&self.selected.name)?;
        super::mending::tell(self.site, &opened);
        let writer = self.site.writer(&opened.cache, self.session.me())?;
        Ok(if read_only { writer.read_only() } else { writer })
    }

    fn actor(&self) -> crate::model::Actor {
        runtime::actor(&Me::new(std::sync::Mutex::new(self.session.me())))
    }

    /// What is given by `--set`.
    fn given(&self) -> Result<Given, Failure> {
        let mut given = Given::default();
        for word in &self.args.set {
            let pair = word.split_once('=').filter(|(name, _)| !name.trim().is_empty());
            let (name, value) =
                pair.ok_or_else(|| Failure::Usage(words::SET_LIKE.with("word", format!("{word:?}"))))?;
            given.add(name.trim(), value).map_err(|error| Failure::Usage(error.to_string().into()))?;
        }
        Ok(given)
    }

    /// Which records it is meant for; `None` where the macro chooses them itself.
    fn aim(&self, makes: &Macro) -> Result<Option<Aim>, Failure> {
        if self.args.on.as_ref().is_some_and(|text| text.trim().is_empty()) {
            return Err(Failure::Usage(doing::EMPTY_FILTER.into()));
        }
        if let Some(text) = &self.args.on {
            return filter(makes.scope(), std::slice::from_ref(text)).map(|query| Some(Aim::Matching(query)));
        }
        if let Some(ids) = &self.args.ids {
            let resource: Resource = makes.on;
            return Ok(Some(Aim::At(Targets::Records(resource, read_ids(ids)?))));
        }
        match makes.target {
            Target::Select(_) => Ok(None),
            _ => Err(Failure::Usage(words::WHICH.with("name", makes.name.as_str()))),
        }
    }
}

/// What came of a run.
#[derive(Default)]
struct Ended<'a> {
    batch: &'a str,
    done: usize,
    left: usize,
    queued: usize,
    skipped: &'a [Skipped],
    results: Vec<Value>,
    moved: usize,
    fate: Fate,
}

/// What became of some records, each as an object.
fn rows(run: &Run, came: &Came) -> Vec<Value> {
    let row = |at: usize| {
        let subject = &run.plan.course.subjects[at];
        let told = &run.plan.told[run.plan.course.writes_of(at)];
        let result = if came.moved.contains(&at) { "moved" } else { "done" };
        json!({
            "resource": subject.resource.name(), "id": subject.id, "name": subject.name,
            "result": result, "batch": run.batch, "what": told,
        })
    };
    came.subjects.clone().map(row).collect()
}

/// Records that are left as they are, though they are not yet as they were to be.
fn hindered(skipped: &[Skipped]) -> impl Iterator<Item = &Skipped> {
    skipped.iter().filter(|skipped| skipped.why.hinders())
}

/// Whether the operator has said yes; nobody is asked.
#[allow(clippy::option_option, reason = "as the flag is")]
fn confirmed(plan: &Plan, yes: Option<Option<usize>>) -> Result<(), Failure> {
    let records = plan.records();
    let fill = |word: crate::i18n::Word| {
        word.with("n", records.to_string())
            .with("risk", super::do_command::risk(plan))
            .with("label", plan.label.as_str())
    };
    match (yes, plan.confirmation()) {
        (Some(Some(given)), _) if given != records => {
            Err(Failure::Refused(fill(doing::OTHER_NUMBER).with("given", given.to_string())))
        }
        (Some(_), _) | (None, Confirmation::Nothing) => Ok(()),
        (None, _) => Err(Failure::Refused(fill(doing::WANTS_YES))),
    }
}
