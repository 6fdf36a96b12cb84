//! A list of the console on its way to a file: on a thread of its own, with word of how far it is,
//! and nothing left of it where it does not come to its end.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::app::{Event, Export, ExportFormat, RequestId};
use crate::cache::Error;
use crate::i18n::words::export as words;
use crate::i18n::{Lang, Line};
use crate::model::AuditLine;
use crate::ui::text::WidthMode;

use super::export::ExportFile;
use super::table::{Columns, Format, Manner, Printer};
use super::write_path::{WritePath, actor};

/// Between two words of how far it is.
const EVERY: Duration = Duration::from_millis(100);

/// Ends an export that is under way. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Exports(Arc<AtomicBool>);

impl Exports {
    /// What is being written is given up.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn begin(&self) {
        self.0.store(false, Ordering::Relaxed);
    }

    fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

impl WritePath {
    /// Writes a list to its file, and tells the console how far it is and how it ended.
    pub(super) fn export(&self, id: RequestId, export: Box<Export>, lang: Lang) {
        let path = self.clone();
        let writing = Arc::clone(&self.under_way).try_read_owned();
        self.exports.begin();
        self.tasks.spawn_blocking(move || {
            let _writing = writing;
            let written = path.write_out(id, &export, lang);
            if written.is_ok() {
                path.note_export(export.command);
            }
            path.send(Event::Exported(id, written.map_err(|line| line.in_lang(lang))));
        });
    }

    fn write_out(&self, id: RequestId, export: &Export, lang: Lang) -> Result<u64, Line> {
        let path = at_home(&export.path);
        let wrong = |error: Error| match error {
            Error::Output(error) => told(&export.path, &error),
            error => words::FAILED.with("path", export.path.as_str()).with("error", error.to_string()),
        };
        let format = match export.format {
            ExportFormat::Csv => Format::Csv,
            ExportFormat::Jsonl => Format::Jsonl,
            ExportFormat::Markdown => Format::Markdown,
        };
        let columns = Columns::choose(export.query.scope, &[], format)
            .map_err(|column| words::FAILED.with("path", column.name).with("error", ""))?;
        let (derived, moment) = (columns.derived.clone(), self.moment());
        let reader = self.cache.reader().map_err(wrong)?;
        let only: Option<HashSet<&str>> =
            export.only.as_ref().map(|ids| ids.iter().map(String::as_str).collect());
        let mut file =
            ExportFile::begin(&path, export.replace).map_err(|error| told(&export.path, &error))?;
        let of = match &only {
            Some(ids) => ids.len() as u64,
            None => reader.count(&export.query, &moment).map_err(wrong)?,
        };
        self.send(Event::Exporting(id, 0, of));
        let manner = Manner { zone: moment.zone.clone(), mode: WidthMode::Narrow, lang, mask_phones: false };
        let mut printer = Printer::new(&mut file, format, columns, manner).raw(export.raw);
        let (mut rows, mut said) = (0, Instant::now());
        let written =
            reader.table(&export.query, &export.sort, None, &moment, &derived, |key, body, values| {
                if self.exports.is_stopped() {
                    return Err(Error::Output(io::ErrorKind::Interrupted.into()));
                }
                if only.as_ref().is_some_and(|ids| !ids.contains(key.id.as_str())) {
                    return Ok(());
                }
                printer.row(body, values).map_err(Error::Output)?;
                rows += 1;
                if said.elapsed() >= EVERY {
                    said = Instant::now();
                    self.send(Event::Exporting(id, rows, of));
                }
                Ok(())
            });
        written.and_then(|()| printer.finish().map_err(Error::Output)).map_err(wrong)?;
        file.finish().map_err(|error| told(&export.path, &error))?;
        Ok(rows)
    }

    /// What has left the console is on record.
    fn note_export(&self, command: String) {
        let line = AuditLine { actor: actor(&self.me), command, what: "export".to_owned(), record: None };
        let writer = self.writer.clone();
        if let Err(error) = self.tasks.block_on(writer.run(move |writer| writer.note(&line))) {
            tracing::warn!(%error, "the audit has no line of what was exported");
        }
    }
}

/// The file of a path as it was typed.
fn at_home(path: &str) -> PathBuf {
    match (path.strip_prefix("~/"), std::env::var_os("HOME")) {
        (Some(rest), Some(home)) => Path::new(&home).join(rest),
        _ => PathBuf::from(path),
    }
}

/// Why there is no file, and what to do about it.
fn told(path: &str, error: &io::Error) -> Line {
    let word = match error.kind() {
        io::ErrorKind::AlreadyExists => words::THERE_ALREADY,
        io::ErrorKind::NotFound => words::NO_FOLDER,
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => words::FORBIDDEN,
        io::ErrorKind::IsADirectory => words::A_FOLDER,
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => words::NO_ROOM,
        io::ErrorKind::Interrupted => return words::STOPPED.into(),
        _ => return words::FAILED.with("path", path).with("error", error.to_string()),
    };
    word.with("path", path)
}
