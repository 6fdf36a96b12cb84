//! `siyu sync`: one round of pulling, with a progress bar on a terminal and one line per kind of
//! record on standard output.
//!
//! It is handed a connector and the cache's writer by whoever read the configuration. Pressing
//! Ctrl-C ends it between two pages; the next round goes on there.

use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr;

use super::say::shown;
use super::sending::{self, Fate};
use super::status::{CONFLICT, DONE, FAILED, INTERRUPTED, PARTLY};
use super::told::Told;
use crate::cache::Writer;
use crate::i18n::words::{commands, doing as words, kinds};
use crate::i18n::{Lang, named, say};
use crate::model::{Complaint, Pulled, Pushed, Resource, SyncEvent};
use crate::sync::{Engine, Outcome, SyncError, Wish, WriteError, once};
use crate::ui::text::{WidthMode, safe};

/// Arguments of `siyu sync`.
#[derive(Args, Clone, Debug, Default)]
pub struct SyncArgs {
    /// Pull everything again, not only what changed
    #[arg(long)]
    pub full: bool,
    /// How to print what was pulled
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: SyncFormat,
}

/// Formats of the summary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SyncFormat {
    /// One line per kind, for the eye
    #[default]
    Table,
    /// One document
    Json,
    /// One object per kind and line
    Jsonl,
}

/// Complaints that are printed one by one.
const MOST_COMPLAINTS: usize = 20;

/// Where the words of a round go.
pub struct Streams<'a> {
    /// Data.
    pub out: &'a mut dyn Write,
    /// Messages and the progress bar.
    pub messages: &'a mut (dyn Write + Send),
    /// Whether `messages` is a terminal, and a bar can be drawn.
    pub terminal: bool,
    /// Of the words in a table and of messages.
    pub lang: Lang,
}

/// Is told everything that the sync says.
pub type Hears<'a> = &'a (dyn Fn(&SyncEvent) + Sync);

/// Does one round inside a runtime of its own, until Ctrl-C, and gives the exit status.
///
/// # Errors
/// Where the runtime cannot be made, or a stream does not take what is written; a broken pipe of
/// `out` is one of these.
pub fn run(args: &SyncArgs, engine: &Engine, hears: Hears<'_>, streams: Streams<'_>) -> std::io::Result<u8> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(run_until(args, engine, hears, streams, tokio::signal::ctrl_c()))
}

async fn run_until<T>(
    args: &SyncArgs,
    engine: &Engine,
    hears: Hears<'_>,
    streams: Streams<'_>,
    interrupt: impl Future<Output = T>,
) -> std::io::Result<u8> {
    let Streams { out, messages, terminal, lang } = streams;
    let wish = if args.full { Wish::Everything } else { Wish::Changes };
    let outcome = {
        let drawn = Drawn { messages: &mut *messages, lang, at: None, complaints: 0 };
        let bar = Bar { terminal, drawn: Mutex::new(drawn) };
        let tell = |event: SyncEvent| {
            hears(&event);
            bar.take(&event);
        };
        let rounds = async {
            match once(engine, wish, &tell).await {
                // The writer's thread has set the file aside, if it can be, and begun another.
                Err(SyncError::Cache(WriteError::Cache(error))) if error.is_damage() => {
                    once(engine, wish, &tell).await
                }
                outcome => outcome,
            }
        };
        let outcome = tokio::select! {
            outcome = rounds => Some(outcome),
            _ = interrupt => None,
        };
        bar.end();
        outcome
    };
    match outcome {
        None => {
            writeln!(messages, "siyu: {}", say(lang, commands::SYNC_INTERRUPTED))?;
            Ok(INTERRUPTED)
        }
        Some(Err(error)) => {
            writeln!(messages, "siyu: {}", told(&error, lang))?;
            let waiting = standing(engine).await.map_or(0, |fate| fate.waiting);
            if waiting > 0 {
                let line = words::STILL_QUEUED.with("n", waiting.to_string());
                writeln!(messages, "siyu: {}", line.in_lang(lang))?;
            }
            Ok(FAILED)
        }
        Some(Ok(mut outcome)) => {
            let fate = standing(engine).await;
            if let Ok(fate) = &fate {
                outcome.pushed = fate.numbers(outcome.pushed.sent);
            }
            print(args.format, &outcome, lang, out)?;
            for (resource, error) in &outcome.failed {
                writeln!(messages, "siyu: {}: {}", name(*resource, lang), told(error, lang))?;
            }
            let lines = fate.map(|fate| fate.told(std::iter::empty())).unwrap_or_default();
            for line in lines {
                writeln!(messages, "siyu: {}", shown(line.in_lang(lang)))?;
            }
            Ok(status(&outcome))
        }
    }
}

/// What of the outbox is not settled, after a round: also what waited or was refused before it.
async fn standing(engine: &Engine) -> Result<Fate, WriteError> {
    let look = |writer: &mut Writer| {
        let mut fate = Fate::default();
        writer.outbox(None, |row| {
            fate.take(row);
            Ok(())
        })?;
        Ok(fate)
    };
    let mut fate = engine.writer.run(look).await?;
    fate.waits = fate.stays();
    Ok(fate)
}

/// The exit status: 5 where nothing but conflicts stands in the way.
fn status(outcome: &Outcome) -> u8 {
    let Pushed { sent, failed, conflicts, unknown, .. } = outcome.pushed;
    match (outcome.failed.is_empty(), failed + unknown, conflicts) {
        (true, 0, 0) => DONE,
        (true, 0, _) => CONFLICT,
        (false, ..) if outcome.pulled.is_empty() && sent == 0 => FAILED,
        _ => PARTLY,
    }
}

/// The failure and its remedy, safe to be printed.
fn told(error: &SyncError, lang: Lang) -> String {
    safe(&error.told().in_lang(lang), WidthMode::Narrow).into_owned()
}

/// What a kind of record is called: in English by its name in the API.
fn name(resource: Resource, lang: Lang) -> &'static str {
    match named(kinds::RESOURCES, resource.name()) {
        Some(word) if lang.is_zh() => word.zh,
        _ => resource.name(),
    }
}

/// The text with blanks up to so many columns.
fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(text.width())))
}

/// Prints the summary.
fn print(format: SyncFormat, outcome: &Outcome, lang: Lang, out: &mut dyn Write) -> std::io::Result<()> {
    match format {
        SyncFormat::Table => {
            if outcome.pushed != Pushed::default() {
                let name = padded(say(lang, commands::OUTBOX), 16);
                writeln!(out, "{name} {}", said(&outcome.pushed, lang))?;
            }
            for pulled in &outcome.pulled {
                let line = commands::SYNC_ROW
                    .with("rows", format!("{:>9}", pulled.rows))
                    .with("changed", format!("{:>9}", pulled.changed))
                    .with("deleted", format!("{:>7}", pulled.deleted))
                    .with("calls", format!("{:>6}", pulled.calls))
                    .with("seconds", format!("{:>8.1}", pulled.took.as_secs_f64()));
                writeln!(out, "{} {}", padded(name(pulled.resource, lang), 16), line.in_lang(lang))?;
            }
        }
        SyncFormat::Json => {
            let pulled: Vec<Value> = outcome.pulled.iter().map(object).collect();
            let failed = outcome.failed.iter();
            let failed: Vec<Value> = failed
                .map(|(resource, error)| json!({"resource": resource.name(), "error": error.to_string()}))
                .collect();
            writeln!(
                out,
                "{}",
                json!({"outbox": tally(&outcome.pushed), "pulled": pulled, "failed": failed, "seq": outcome.seq})
            )?;
        }
        SyncFormat::Jsonl => {
            if outcome.pushed != Pushed::default() {
                writeln!(out, "{}", json!({"outbox": tally(&outcome.pushed)}))?;
            }
            for pulled in &outcome.pulled {
                writeln!(out, "{}", object(pulled))?;
            }
        }
    }
    out.flush()
}

/// What became of writes, for the eye: `3 sent, 1 failed`.
fn said(pushed: &Pushed, lang: Lang) -> String {
    let numbers = [
        (pushed.sent, commands::SENT),
        (pushed.failed, commands::SENT_FAILED),
        (pushed.conflicts, commands::SENT_CONFLICT),
        (pushed.unknown, commands::SENT_UNKNOWN),
        (pushed.later, commands::SENT_LATER),
    ];
    let said = numbers.into_iter().filter(|(number, _)| *number > 0);
    said.map(|(number, word)| word.with("n", number.to_string()).in_lang(lang)).collect::<Vec<_>>().join(", ")
}

fn tally(pushed: &Pushed) -> Value {
    json!({
        "sent": pushed.sent,
        "failed": pushed.failed,
        "conflicts": pushed.conflicts,
        "unknown": pushed.unknown,
        "later": pushed.later,
    })
}

fn object(pulled: &Pulled) -> Value {
    json!({
        "resource": pulled.resource.name(),
        "rows": pulled.rows,
        "changed": pulled.changed,
        "deleted": pulled.deleted,
        "calls": pulled.calls,
        "milliseconds": pulled.took.as_millis() as u64,
    })
}

/// A line that says what is being pulled, drawn again and again on a terminal, and complaints.
struct Bar<'a> {
    terminal: bool,
    drawn: Mutex<Drawn<'a>>,
}

struct Drawn<'a> {
    messages: &'a mut (dyn Write + Send),
    lang: Lang,
    /// When the line was drawn; `None` while it is not there.
    at: Option<Instant>,
    complaints: usize,
}

/// Shortest time between two drawings.
const REDRAW: Duration = Duration::from_millis(33);

impl<'a> Bar<'a> {
    fn lock(&self) -> MutexGuard<'_, Drawn<'a>> {
        self.drawn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self, event: &SyncEvent) {
        let mut drawn = self.lock();
        match event {
            SyncEvent::Progress { resource, done, rate, .. } if self.terminal => {
                drawn.line(*resource, *done, *rate)
            }
            SyncEvent::PushWaits(wait) => {
                drawn.erase();
                let line = sending::rests(*wait).in_lang(drawn.lang);
                drawn.say(format_args!("siyu: {line}\n"));
            }
            SyncEvent::Complaints(complaints) => {
                drawn.erase();
                complaints.iter().for_each(|(resource, complaint)| drawn.complain(*resource, complaint));
            }
            _ => {}
        }
    }

    /// Removes the line, and says how many complaints were not printed.
    fn end(&self) {
        let mut drawn = self.lock();
        drawn.erase();
        let more = drawn.complaints.saturating_sub(MOST_COMPLAINTS);
        if more > 0 {
            let line = commands::MORE_COMPLAINTS.with("n", more.to_string()).in_lang(drawn.lang);
            drawn.say(format_args!("siyu: {line}\n"));
        }
    }
}

impl Drawn<'_> {
    fn line(&mut self, resource: Resource, done: u64, rate: f64) {
        if self.at.is_none_or(|at| at.elapsed() >= REDRAW) {
            self.at = Some(Instant::now());
            let line = commands::SYNC_PROGRESS
                .with("what", padded(name(resource, self.lang), 16))
                .with("rows", done.to_string())
                .with("rate", format!("{rate:.0}"));
            let line = line.in_lang(self.lang);
            self.say(format_args!("\r\x1b[K{line}"));
        }
    }

    fn erase(&mut self) {
        if self.at.take().is_some() {
            self.say(format_args!("\r\x1b[K"));
        }
    }

    fn complain(&mut self, resource: Resource, complaint: &Complaint) {
        self.complaints += 1;
        if self.complaints <= MOST_COMPLAINTS {
            let text = complaint.to_string();
            let resource = name(resource, self.lang);
            self.say(format_args!("siyu: {resource} {}\n", safe(&text, WidthMode::Narrow)));
        }
    }

    fn say(&mut self, words: std::fmt::Arguments<'_>) {
        let _ = self.messages.write_fmt(words); // progress that nobody can see is no failure
        let _ = self.messages.flush();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sync::tests::rig::*;

    struct Said {
        status: u8,
        out: String,
        messages: String,
    }

    async fn sync(kept: &Kept, url: &str, args: &SyncArgs, terminal: bool) -> Said {
        sync_until(kept, url, args, terminal, std::future::pending::<()>()).await
    }

    async fn sync_until(
        kept: &Kept,
        url: &str,
        args: &SyncArgs,
        terminal: bool,
        interrupt: impl Future<Output = ()>,
    ) -> Said {
        let (mut out, mut messages) = (Vec::new(), Vec::new());
        let lang = Lang::En;
        let streams = Streams { out: &mut out, messages: &mut messages, terminal, lang };
        let status = run_until(args, &kept.engine(url), &|_| {}, streams, interrupt).await.unwrap();
        Said { status, out: String::from_utf8(out).unwrap(), messages: String::from_utf8(messages).unwrap() }
    }

    fn args(full: bool, format: SyncFormat) -> SyncArgs {
        SyncArgs { full, format }
    }

    #[tokio::test]
    async fn a_line_per_kind_and_then_only_what_changed() {
        let (store, kept) = (store(), Kept::new());
        let server = serve(&store).await;
        let first = sync(&kept, &url(&server), &SyncArgs::default(), false).await;
        assert_eq!((first.status, first.messages.as_str()), (DONE, ""));
        assert_eq!(first.out.lines().count(), Resource::ALL.len());
        let customers = first.out.lines().find(|line| line.starts_with("customers ")).unwrap();
        let words: Vec<&str> = customers.split_whitespace().collect();
        assert_eq!(&words[..9], ["customers", "10", "rows", "10", "changed", "0", "deleted", "4", "calls"]);
        let unchanged = sync(&kept, &url(&server), &SyncArgs::default(), false).await.out;
        assert_eq!(unchanged.lines().count(), Resource::ALL.len());
        assert!(unchanged.lines().all(|line| line.contains(" 0 rows         0 changed")), "{unchanged}");

        let json = sync(&kept, &url(&server), &args(true, SyncFormat::Json), true).await;
        let document: Value = serde_json::from_str(&json.out).unwrap();
        assert_eq!(document["pulled"][3]["resource"], "customers");
        assert_eq!(document["pulled"][3]["changed"], 0);
        assert_eq!(document["seq"], store.seq());
        assert!(
            json.messages.contains("rows") && json.messages.ends_with("\r\u{1b}[K"),
            "{:?}",
            json.messages
        );

        assert_eq!(document["outbox"]["sent"], 0);

        let jsonl = sync(&kept, &url(&server), &args(true, SyncFormat::Jsonl), false).await;
        assert!(
            jsonl
                .out
                .lines()
                .all(|line| serde_json::from_str::<Value>(line).is_ok_and(|value| value.is_object()))
        );
    }

    #[test]
    fn what_became_of_writes_is_one_line() {
        assert_eq!(said(&Pushed { sent: 3, failed: 1, ..Pushed::default() }, Lang::En), "3 sent, 1 failed");
        let trouble = Pushed { conflicts: 1, unknown: 2, later: 4, ..Pushed::default() };
        assert_eq!(said(&trouble, Lang::En), "1 in conflict, 2 unknown, 4 later");
        assert_eq!(said(&trouble, Lang::Zh), "1 条冲突, 2 条结果不明, 4 条稍后再发");
    }

    #[tokio::test]
    async fn failures_have_their_status_and_say_what_to_do() {
        let kept = Kept::new();
        let away = sync(&kept, "http://127.0.0.1:1", &SyncArgs::default(), false).await;
        assert_eq!((away.status, away.out.as_str()), (FAILED, ""));
        assert!(
            away.messages.contains("127.0.0.1:1") && away.messages.contains("check that"),
            "{}",
            away.messages
        );

        let partly = answers(|path| match path {
            "/v1/meta" => json_answer(br#"{"name":"x","api":1,"resources":["orders","tags"],"seq":5}"#),
            path if path.starts_with("/v1/tags") => {
                json_answer(b"{\"items\":[{\"id\":\"\xe2\x80\xaet\",\"order\":\"x\"}]}")
            }
            path if path.starts_with("/v1/orders") => Some(answer("403 Forbidden", "text/plain", b"no")),
            _ => json_answer(br#"{"changes":[],"next":5,"more":false}"#),
        });
        let partly = sync(&kept, &partly.await, &SyncArgs::default(), false).await;
        assert_eq!((partly.status, partly.out.lines().count()), (PARTLY, 1));
        assert!(partly.messages.contains("orders: GET /v1/orders"), "{}", partly.messages);
        assert!(
            partly.messages.contains("order: ") && !partly.messages.contains('\u{202e}'),
            "{}",
            partly.messages
        );

        let silent = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let silent = (format!("http://{}", silent.local_addr().unwrap()), silent);
        let asked = async { drop(silent.1.accept().await) };
        let interrupted = sync_until(&kept, &silent.0, &SyncArgs::default(), false, asked).await;
        assert_eq!(interrupted.status, INTERRUPTED);
    }
}
