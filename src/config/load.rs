//! From a file to a [`Config`].

use std::io::ErrorKind;
use std::path::Path;

use toml::de::DeTable;

use crate::backend::file::is_path;
use crate::command::Verb;
use crate::i18n::Line;
use crate::i18n::words::{config as words, faults};

use super::paths::{folder_of, hash};
use super::{
    Calendar, Columns, Config, Diagnostic, LangChoice, LogSettings, Paths, Profile, RunSettings,
    StageSettings, SyncSettings, Theme, TriageSettings, Ui, View, keys, nearest,
};
use crate::reading::{Reader, Section};
use crate::reading::{meant, quoted};

/// The example configuration: every key, with its default.
pub const EXAMPLE: &str = include_str!("../../config.example.toml");

const KEYS: &[&str] = &[
    "profile", "lang", "profiles", "ui", "theme", "keys", "views", "columns", "stages", "sync", "log",
    "triage", "calendar", "run", "macros", "macro",
];
const UI: &[&str] = &[
    "theme",
    "color",
    "background",
    "width",
    "mouse",
    "phones",
    "scroll_jump",
    "which_key_ms",
    "time_zone",
    "restore",
];

/// What the system said about a file.
pub(super) fn refused(error: &std::io::Error) -> Line {
    match error.kind() {
        ErrorKind::NotFound => Line::both(faults::NOT_FOUND, error),
        ErrorKind::PermissionDenied => Line::both(faults::NO_PERMISSION, error),
        ErrorKind::IsADirectory => Line::both(faults::IS_FOLDER, error),
        ErrorKind::NotADirectory => Line::both(faults::NO_FOLDER, error),
        ErrorKind::InvalidData => Line::both(faults::NOT_TEXT, error),
        _ => error.to_string().into(),
    }
}

/// The language that a text asks for, even where the rest of it is broken.
pub fn lang_of(text: &str) -> Option<LangChoice> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let table = Reader::new(Path::new(""), text).parse();
    let word = table.iter().find(|(key, _)| key.get_ref().as_ref() == "lang")?.1.get_ref().as_str()?;
    LangChoice::WORDS.iter().find(|(known, _)| *known == word).map(|(_, choice)| *choice)
}

/// The names in a table, whether what they name is right or not.
fn names(table: &DeTable<'_>) -> Vec<String> {
    table.keys().map(|name| name.get_ref().to_string()).collect()
}

/// What to do about a name that no table of a section has.
fn missing(name: &str, named: &[String], section: &str) -> Line {
    match nearest(name, named.iter().map(String::as_str)) {
        Some(near) => meant(words::MEANT, near),
        None if named.is_empty() => words::ADD_SECTION.with("name", format!("{section}.{name}")),
        None => words::KNOWN_ARE.with("names", named.join(", ")),
    }
}

impl Default for Config {
    fn default() -> Self {
        // the empty file has no mistakes: a test reads it
        Self::read(Path::new("config.toml"), "")
            .unwrap_or_else(|_| unreachable!("an empty file is a configuration"))
    }
}

impl Config {
    /// Reads the configuration of `paths`: `None` where there is no file and none was named, and no macros
    /// lie where they would lie beside it.
    ///
    /// # Errors
    /// Every mistake in it, in the order of the file.
    pub fn open(paths: &Paths) -> Result<Option<Self>, Vec<Diagnostic>> {
        if !paths.config_named && !paths.config.exists() {
            let folder = folder_of(&paths.config);
            let lies = !folder.as_os_str().is_empty() && !super::run::beside(&folder).is_empty();
            return if lies { Self::read(&paths.config, "").map(Some) } else { Ok(None) };
        }
        Self::load(&paths.config).map(Some)
    }

    /// Reads a file, and the theme file that it names.
    ///
    /// # Errors
    /// Every mistake in it, in the order of the file; or that it cannot be read.
    pub fn load(path: &Path) -> Result<Self, Vec<Diagnostic>> {
        let text = std::fs::read(path).map(String::from_utf8);
        match text {
            Ok(Ok(text)) => Self::read(path, &text),
            Ok(Err(error)) => {
                // As far as it is text, and the mistake right behind it.
                let end = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(error.as_bytes());
                let message = words::NOT_UTF8;
                let at = Diagnostic::at(
                    path,
                    &text,
                    end..end + 1,
                    message.into(),
                    Some(words::SAVE_AS_UTF8.into()),
                );
                Err(vec![at])
            }
            Err(error) => {
                let hint = (error.kind() == ErrorKind::NotFound).then(|| words::INIT_WRITES_ONE.into());
                let message = words::CANNOT_READ.with("error", refused(&error));
                Err(vec![Diagnostic::whole(path, message, hint)])
            }
        }
    }

    /// Reads a text as if it stood in the file of that name.
    ///
    /// # Errors
    /// Every mistake in it, in the order of the file.
    pub fn read(path: &Path, text: &str) -> Result<Self, Vec<Diagnostic>> {
        let folder = folder_of(path);
        // Windows editors put one there, and TOML does not allow it anywhere else
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut reader = Reader::new(path, text);
        let root = reader.parse();
        if !reader.wrong.is_empty() {
            // what a broken text seems to say is not worth more words
            return Err(reader.finish());
        }
        let reader = &mut reader;
        let top = Section::new(reader, &root, "", KEYS);
        let empty = Default::default();
        let table = |reader: &mut Reader<'_>, key: &str, known: &[&str]| {
            let table = top.table(reader, key).unwrap_or(&empty);
            Section::new(reader, table, key, known)
        };
        let ui = table(reader, "ui", UI);
        let columns = table(reader, "columns", &["customers", "follow_ups", "groups"]);
        let stages = table(reader, "stages", &["new_days", "dormant_days", "lost_days", "map"]);
        let sync = table(reader, "sync", &["stream", "poll_seconds", "page_size", "timeout_seconds"]);
        let log = table(reader, "log", &["level", "file_mib", "files"]);
        let triage = table(reader, "triage", TriageSettings::KEYS);
        let calendar = table(reader, "calendar", Calendar::KEYS);
        let run = table(reader, "run", RunSettings::KEYS);

        let mut overrides = Vec::new();
        if let Some(table) = top.table(reader, "keys") {
            keys::read(reader, table, &mut overrides);
        }
        let own = overrides.len();
        let table_of_views = top.table(reader, "views");
        let views = table_of_views.map(|table| View::read_all(reader, table, &mut overrides));
        let mut bound = overrides.clone();
        let mut macros = super::run::read(reader, &top, &folder, path, text, &mut bound);
        let keymap = keys::compile(reader, &bound, &mut macros);
        let (own, of_views) = overrides.split_at(own);
        keys::look_at_views(reader, own, of_views);
        keys::look_at_digits(reader, &overrides);
        if macros.wrong.is_empty() && reader.wrong.is_empty() {
            super::run::check_names(reader, &macros.book, &overrides);
        }
        // Where a view itself is wrong, that is said, and not that it is missing.
        let named = table_of_views.map(names).unwrap_or_default();
        for bound in &overrides {
            let Some(command) = bound.command.as_ref().filter(|command| command.verb == Verb::ViewOpen)
            else {
                continue;
            };
            let view = command.arg().unwrap_or_default();
            if !named.iter().any(|name| name == view) {
                let hint = missing(view, &named, "views");
                let message = words::NO_SECTION.with("name", format!("views.{view}"));
                let span = keys::value_of(reader, &top, bound, view);
                reader.refuse(span, message, Some(hint));
            }
        }
        let profiles = top.table(reader, "profiles");
        let named = profiles.map(names).unwrap_or_default();
        let profiles = profiles.map(|table| Profile::read_all(reader, table, &folder)).unwrap_or_default();
        let profile = top.text(reader, "profile");
        if let Some(profile) = &profile
            && !named.contains(&profile.value)
            && (!named.is_empty() || profile.value != "main")
        {
            let hint = missing(&profile.value, &named, "profiles");
            let message = words::NO_SECTION.with("name", format!("profiles.{}", profile.value));
            reader.refuse(profile.span.clone(), message, Some(hint));
        }

        let mut files = vec![path.to_owned()];
        let mut stamp = hash(&(hash(text), macros.stamp));
        files.extend(macros.files);
        let own = profiles.values().filter_map(|profile| profile.connector.as_ref());
        for connector in own.filter(|connector| is_path(&connector.path.to_string_lossy())) {
            stamp = hash(&(stamp, &connector.text));
            files.push(connector.path.clone());
        }
        let settings = Ui::read(reader, &ui);
        let (theme, mistakes) = match Theme::named(&settings.theme) {
            Some(theme) => (theme, Vec::new()),
            None => {
                let file = folder.join(&settings.theme);
                let span = ui.place("theme").unwrap_or(0..0);
                match std::fs::read_to_string(&file) {
                    Ok(text) => {
                        stamp = hash(&(stamp, &text));
                        let mut reader = Reader::new(&file, &text);
                        let table = reader.parse();
                        let theme = Theme::default().over(&mut reader, &table);
                        files.push(file.clone());
                        (theme, reader.finish())
                    }
                    Err(error) => {
                        let near =
                            nearest(&settings.theme, Theme::NAMES).map(|near| meant(words::MEANT, near));
                        let hint = near
                            .unwrap_or_else(|| words::BUILT_IN_ARE.with("names", Theme::NAMES.join(", ")));
                        let message = words::NO_THEME
                            .with("name", quoted(&settings.theme))
                            .with("error", refused(&error));
                        reader.refuse(span, message, Some(hint));
                        (Theme::default(), Vec::new())
                    }
                }
            }
        };
        let theme = match top.table(reader, "theme") {
            Some(table) => theme.over(reader, table),
            None => theme,
        };
        let config = Self {
            profile: profile.map_or_else(|| "main".to_owned(), |profile| profile.value),
            lang: top.choice(reader, "lang", LangChoice::WORDS).unwrap_or(LangChoice::Auto),
            profiles,
            ui: settings,
            columns: Columns::read(reader, &columns),
            stages: StageSettings::read(reader, &stages),
            sync: SyncSettings::read(reader, &sync),
            log: LogSettings::read(reader, &log),
            triage: TriageSettings::read(reader, &triage),
            calendar: Calendar::read(reader, &calendar),
            run: RunSettings::read(reader, &run),
            macros: std::sync::Arc::new(macros.book),
            views: views.unwrap_or_default(),
            overrides,
            keymap,
            theme,
            stamp,
            files,
            warnings: reader.warnings(),
            unusable: reader.faults(),
        };
        let mut wrong = std::mem::replace(reader, Reader::new(path, "")).finish();
        wrong.extend(mistakes);
        wrong.extend(macros.wrong);
        if wrong.is_empty() { Ok(config) } else { Err(wrong) }
    }
}
