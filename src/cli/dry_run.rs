//! A plan and what came of it, in print: the same for `siyu do` before and after.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::do_command::{DoFormat, Done};
use crate::command::plan::told_moment;
use crate::command::{Plan, label_in};
use crate::i18n::words::doing as words;
use crate::i18n::{Lang, Line};
use crate::model::Time;
use crate::ui::text::{WidthMode, safe, width};

/// Prints what would be written, and what would be left and why.
pub(super) fn print(plan: &Plan, format: DoFormat, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let writes = plan.writes.iter().zip(&plan.told).map(|(planned, told)| {
        let mut object = serde_json::to_value(&planned.write).unwrap_or_default(); // no key but strings
        object["name"] = Value::from(planned.name.as_str());
        object["what"] = Value::from(told.as_str());
        object
    });
    let skipped = reasons(plan, lang);
    match format {
        DoFormat::Table => {
            let written = plan
                .writes
                .iter()
                .zip(&plan.told)
                .map(|(planned, told)| [&planned.name, &planned.write.id, told]);
            let count = |word: crate::i18n::Word, n: usize| word.with("n", n.to_string()).in_lang(lang);
            writeln!(out, "{}", count(words::WOULD_WRITE, plan.writes.len()))?;
            rows(written.map(|row| row.map(String::as_str)).collect(), out)?;
            if !plan.skipped.is_empty() {
                writeln!(out, "{}", count(words::WOULD_SKIP, plan.skipped.len()))?;
                let whys: Vec<_> = plan.skipped.iter().map(|one| one.why.says(lang.is_zh())).collect();
                let left = plan.skipped.iter().zip(&whys);
                rows(
                    left.map(|(one, why)| [one.name.as_str(), one.id.as_str(), why.as_str()]).collect(),
                    out,
                )?;
            }
            if !plan.said.is_empty() {
                writeln!(out, "{}", Line::from(words::PROGRAMS_SAID).in_lang(lang))?;
                let said = plan.said.iter();
                rows(said.map(|one| [one.name.as_str(), one.id.as_str(), one.text.as_str()]).collect(), out)?;
            }
        }
        DoFormat::Json => {
            let said = plan.said.iter().map(|one| json!({"id": one.id, "name": one.name, "text": one.text}));
            let document = json!({
                "command": plan.command.to_string(),
                "label": label_in(&plan.label, lang.is_zh()),
                "risk": plan.risk.word(),
                "records": plan.records(),
                "writes": writes.collect::<Vec<_>>(),
                "skipped": skipped.collect::<Vec<_>>(),
                "said": said.collect::<Vec<_>>(),
            });
            writeln!(out, "{document}")?;
        }
        DoFormat::Jsonl => {
            for object in writes {
                writeln!(out, "{object}")?;
            }
            for object in skipped {
                writeln!(out, "{}", json!({"skipped": object}))?;
            }
            for one in &plan.said {
                let object = json!({"id": one.id, "name": one.name, "text": one.text});
                writeln!(out, "{}", json!({"said": object}))?;
            }
        }
    }
    out.flush()
}

/// The records that are left as they are, and why.
pub(super) fn reasons(plan: &Plan, lang: Lang) -> impl Iterator<Item = Value> {
    plan.skipped.iter().map(move |skipped| {
        let why = skipped.why.says(lang.is_zh());
        json!({"id": skipped.id, "name": skipped.name, "why": why})
    })
}

/// Lines of three cells, aligned.
fn rows(rows: Vec<[&str; 3]>, out: &mut dyn Write) -> io::Result<()> {
    let mode = WidthMode::Narrow;
    let rows: Vec<[String; 3]> =
        rows.into_iter().map(|row| row.map(|cell| safe(cell, mode).into_owned())).collect();
    let widest = |at: usize| rows.iter().map(|row| width(&row[at], mode)).max().unwrap_or(0);
    let (first, second) = (widest(0), widest(1));
    for [name, id, what] in &rows {
        let blank = |cell: &str, cells: usize| " ".repeat(cells.saturating_sub(width(cell, mode)));
        writeln!(out, "  {name}{}  {id}{}  {what}", blank(name, first), blank(id, second))?;
    }
    Ok(())
}

/// Prints what was done: one line, or an object.
pub(super) fn summary(done: &Done<'_>, format: DoFormat, lang: Lang, out: &mut dyn Write) -> io::Result<()> {
    let Done { plan, committed, fate, moment } = done;
    let command = plan.command.to_string();
    if format != DoFormat::Table {
        let moved: Vec<Value> = committed
            .moved
            .iter()
            .map(|(resource, id, name)| json!({"resource": resource.name(), "id": id, "name": name}))
            .collect();
        let object = json!({
            "command": command,
            "label": label_in(&plan.label, lang.is_zh()),
            "batch": committed.batch,
            "queued": committed.queued,
            "skipped": plan.skipped.len(),
            "reasons": reasons(plan, lang).collect::<Vec<_>>(),
            "left": moved,
            "sent": fate.sent,
            "failed": fate.failed.len(),
            "conflicts": fate.conflicts.len(),
            "unknown": fate.unknown.len(),
            "waiting": fate.waiting,
            "moments": plan.moments().into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        });
        writeln!(out, "{object}")?;
        return out.flush();
    }
    let always = [(committed.queued, words::QUEUED_N), (plan.skipped.len(), words::SKIPPED_N)];
    let where_any = [
        (committed.moved.len(), words::MOVED_N),
        (fate.sent, words::SENT_N),
        (fate.failed.len(), words::FAILED_N),
        (fate.conflicts.len(), words::CONFLICTS_N),
        (fate.unknown.len(), words::UNKNOWN_N),
    ];
    let parts = always.into_iter().chain(where_any.into_iter().filter(|(number, _)| *number > 0));
    let parts: Vec<String> =
        parts.map(|(number, word)| word.with("n", number.to_string()).in_lang(lang)).collect();
    let between = Line::from(words::BETWEEN).in_lang(lang);
    let mut moments: Vec<String> = Vec::new();
    for (key, at) in plan.moments() {
        let mut told = told_moment(at, &moment.zone, lang.is_zh());
        if key == "due_at" && Time::parse(at).is_ok_and(|due| due < moment.now) {
            told.push_str(&Line::from(words::OVERDUE_AT_ONCE).in_lang(lang));
        }
        if !moments.contains(&told) {
            moments.push(told);
        }
    }
    let moments = if moments.is_empty() { String::new() } else { format!(" ({})", moments.join(&between)) };
    writeln!(out, "{}{moments}: {}", safe(&command, WidthMode::Narrow), parts.join(&between))?;
    out.flush()
}
