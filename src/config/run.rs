//! `[run]`, `[macros.NAME]`, and the folder `macros/` beside the configuration.

use std::path::{Path, PathBuf};

use super::paths::hash;
use crate::command::{Command, Layer, Verb};
use crate::i18n::words::config as words;
use crate::keymap::Override;
use crate::macros::{Book, Macro, MacroFile, Source, read_all};
use crate::model::Resource;
use crate::reading::{Diagnostic, Reader, Section};

/// `[run]`: how macros are run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunSettings {
    /// Seconds that what reaches a customer is held back, so that it can be taken back, 0 to 3,600.
    pub hold_seconds: u32,
    /// Whether steps may start external programs.
    pub programs: bool,
}

impl Default for RunSettings {
    fn default() -> Self {
        Self { hold_seconds: 30, programs: false }
    }
}

impl RunSettings {
    pub(super) const KEYS: &[&str] = &["hold_seconds", "programs"];

    pub(super) fn read(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Self {
        let usual = Self::default();
        let hold = section.number(reader, "hold_seconds", 0..=3_600);
        Self {
            hold_seconds: hold.and_then(|hold| u32::try_from(hold).ok()).unwrap_or(usual.hold_seconds),
            programs: section.truth(reader, "programs").unwrap_or(usual.programs),
        }
    }
}

/// All macros of a configuration, and what was read for them.
pub(super) struct Macros {
    pub book: Book,
    /// Files of the folder.
    pub files: Vec<PathBuf>,
    pub stamp: u64,
    pub wrong: Vec<Diagnostic>,
}

/// Reads the macros of a configuration, and those in the folder beside it. Nothing of them is looked at
/// together where one of the files is broken.
pub(super) fn read(
    reader: &mut Reader<'_>,
    top: &Section<'_, '_>,
    folder: &Path,
    path: &Path,
    text: &str,
    overrides: &mut Vec<Override>,
) -> Macros {
    let mut own = Vec::new();
    for key in ["macros", "macro"] {
        if let Some(table) = top.table(reader, key) {
            own.extend(read_all(reader, table, Source::Config));
        }
    }
    let mut found = Macros { book: Book::default(), files: Vec::new(), stamp: 0, wrong: Vec::new() };
    let mut files = vec![MacroFile { path: path.to_owned(), text: text.to_owned(), macros: own }];
    // With nothing written there is no file, and nothing lies beside it.
    let beside = if text.is_empty() { Vec::new() } else { listed(&folder.join("macros")) };
    for file in beside {
        match std::fs::read_to_string(&file) {
            Ok(text) => {
                found.stamp = hash(&(found.stamp, &text));
                match MacroFile::read(&file, &text, Source::Folder) {
                    Ok(file) => files.push(file),
                    Err(wrong) => found.wrong.extend(wrong),
                }
            }
            Err(error) => {
                let message = words::CANNOT_READ.with("error", super::load::refused(&error));
                found.wrong.push(Diagnostic::whole(&file, message, None));
            }
        }
        found.files.push(file);
    }
    if found.wrong.is_empty() && reader.wrong.is_empty() {
        match Book::build(&files) {
            Ok(book) => found.book = book,
            Err(wrong) => found.wrong = wrong,
        }
    }
    for makes in found.book.iter() {
        bind(makes, overrides);
    }
    found
}

/// The key of a macro works where the macro does.
fn bind(makes: &Macro, overrides: &mut Vec<Override>) {
    let Some(keys) = &makes.keys else { return };
    let usual: &[Layer] = match makes.on {
        Resource::FollowUps => &[Layer::FollowUps, Layer::FollowUp],
        _ => &[Layer::Customers, Layer::Customer],
    };
    let layers = if makes.contexts.is_empty() { usual } else { &makes.contexts };
    let ours = makes.origin.source == Source::Config;
    for layer in layers {
        overrides.push(Override {
            layer: *layer,
            keys: keys.clone(),
            command: Some(Command::with(Verb::MacroRun, makes.name.as_str())),
            span: if ours { makes.origin.span.clone() } else { 0..0 },
        });
    }
}

/// Files of a folder whose name ends in `.toml`, in the order of their names.
fn listed(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    files.sort();
    files
}

/// Whether a name that a key runs is a macro's.
pub(super) fn check_names(reader: &mut Reader<'_>, book: &Book, overrides: &[Override]) {
    for bound in overrides {
        let Some(command) = bound.command.as_ref() else { continue };
        if !matches!(command.verb, Verb::MacroRun | Verb::MacroPlan) {
            continue;
        }
        let Some(name) = command.arg().filter(|name| book.get(name).is_none()) else { continue };
        let hint = book.nearest(name).map(|near| crate::reading::meant(words::MEANT, near));
        let message = crate::i18n::words::macros::NO_MACRO.with("name", crate::reading::quoted(name));
        reader.refuse(bound.span.clone(), message, hint);
    }
}
