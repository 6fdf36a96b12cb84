//! `[run]`, `[macros.NAME]`, and the folder `macros/` beside the configuration.

use std::ops::Range;
use std::path::{Path, PathBuf};

use super::paths::hash;
use crate::command::{Command, Layer, Verb};
use crate::i18n::words::config as words;
use crate::keymap::Override;
use crate::macros::{Book, Macro, MacroFile, Origin, Source, read_all};
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
    // The defaults lie nowhere, and nothing lies beside them.
    let nowhere = text.is_empty() && folder.as_os_str().is_empty();
    for file in if nowhere { Vec::new() } else { beside(folder) } {
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

/// Where a macro's key works.
pub(super) fn layers_of(makes: &Macro) -> &[Layer] {
    match makes.on {
        _ if !makes.contexts.is_empty() => &makes.contexts,
        Resource::FollowUps => &[Layer::FollowUps, Layer::FollowUp],
        _ => &[Layer::Customers, Layer::Customer],
    }
}

/// The key of a macro works where the macro does.
fn bind(makes: &Macro, overrides: &mut Vec<Override>) {
    let Some(keys) = &makes.keys else { return };
    let Origin { source, key, span, .. } = &makes.origin;
    let span = if *source == Source::Config { key.as_ref().unwrap_or(span).clone() } else { 0..0 };
    for layer in layers_of(makes) {
        overrides.push(Override {
            layer: *layer,
            keys: keys.clone(),
            command: Some(Command::with(Verb::MacroRun, makes.name.as_str())),
            span: span.clone(),
        });
    }
}

/// The files of macros beside a configuration in this folder, in the order of their names.
pub(super) fn beside(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder.join("macros")).into_iter().flatten().flatten();
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|end| end == "toml"))
        .collect();
    files.sort();
    files
}

/// The place of a binding that a file of the folder makes: the file, its text, and where in it.
pub(super) fn foreign<'b>(book: &'b Book, command: &Command) -> Option<(&'b Path, &'b str, Range<usize>)> {
    let name = command.arg().filter(|_| command.verb == Verb::MacroRun)?;
    let Origin { source: Source::Folder, file, span, key } = &book.get(name)?.origin else { return None };
    let (path, text) = book.files().find(|(path, _)| path == file)?;
    Some((path, text, key.as_ref().unwrap_or(span).clone()))
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

#[cfg(test)]
mod tests {
    use crate::config::{Config, Moved, Paths};
    use crate::i18n::Lang;

    /// A configuration folder with a file of macros in it, and no configuration.
    fn beside(macros: &str) -> (tempfile::TempDir, Paths) {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("config").join("config.toml");
        let moved = Moved { config: Some(file), cache_dir: Some(home.path().join("cache")) };
        let paths = Paths { config_named: false, ..Paths::find(&moved).unwrap() };
        let folder = paths.config.parent().unwrap().join("macros");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("mine.toml"), macros).unwrap();
        (home, paths)
    }

    #[test]
    fn macros_of_the_folder_are_there_without_a_configuration() {
        let (_home, paths) = beside("[macros.mark]\nsteps = [\"tag.add VIP\"]\n");
        let config = Config::open(&paths).unwrap().unwrap();
        assert!(config.macros.get("mark").is_some() && config.macros.get("wake-dormant").is_some());
        std::fs::remove_dir_all(paths.config.parent().unwrap()).unwrap();
        assert!(Config::open(&paths).unwrap().is_none());
    }

    #[test]
    fn what_a_key_of_the_folder_clashes_with_is_told_at_its_place() {
        let mark = "[macros.mark]\nen = \"mark\"\nkey = \"g\"\nsteps = [\"tag.add VIP\"]\n";
        let (_home, paths) = beside(mark);
        let wrong = Config::open(&paths).unwrap_err();
        let told: Vec<String> = wrong.iter().map(|one| one.one_line(Lang::En)).collect();
        assert!(told.iter().all(|one| one.starts_with("mine.toml:3:7: \"g\" would hide")), "{told:?}");
        // Two of them: the one that comes second is told.
        let twice =
            mark.replace("\"g\"", "\"f8\"") + "[macros.other]\nkey = \"f8\"\nsteps = [\"tag.add VIP\"]\n";
        let (_home, paths) = beside(&twice);
        let wrong = Config::open(&paths).unwrap_err();
        assert!(
            wrong[0].one_line(Lang::En).starts_with("mine.toml:6:7: \"f8\" is bound twice"),
            "{}",
            wrong[0]
        );
        // One of the configuration and one of the folder.
        let one = mark.replace("\"g\"", "\"f8\"");
        std::fs::write(paths.config.parent().unwrap().join("macros/mine.toml"), one).unwrap();
        std::fs::write(&paths.config, "[macros.own]\nkey = \"f8\"\nsteps = [\"tag.add VIP\"]\n").unwrap();
        let wrong = Config::open(&paths).unwrap_err();
        assert!(wrong[0].one_line(Lang::En).starts_with("config.toml:2:7: \"f8\""), "{}", wrong[0]);
    }
}
