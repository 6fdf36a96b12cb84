//! The configuration: found, read, checked, and said back.
//!
//! A file becomes a [`Config`] or a list of [`Diagnostic`]s, each with its place; there is no
//! half-read configuration. Keys are compiled and saved views are parsed here, so that nothing
//! in a `Config` can fail later. Whoever watches the file compares [`Config::stamp`]s and keeps
//! the old one when a new one does not load.
//!
//! ```text
//! config.toml ──reader──▶ Config ──▶ profile (over it: flags, SIYU_URL …), keymap, theme, views
//!     │                     └──▶ shape ──▶ `config show`, JSON Schema
//!     └──▶ Diagnostic: path:line:col, the line, a caret, a hint
//! ```
//!
//! The room reads files and nothing else: no terminal, no network, no clock. Tokens are never
//! read here; a profile only says where one is to be had.

mod color;
mod depth;
mod keys;
mod load;
mod paths;
mod profile;
mod roles;
mod run;
mod saving;
mod scroll_jump;
mod select;
mod settings;
mod shape;
mod theme;
mod token;
mod told;
mod triage;
mod views;

pub use color::{Color, Style, StyleError};
pub use depth::ColorDepth;
pub use load::{EXAMPLE, lang_of};
pub use paths::{Moved, Paths};
pub use profile::{NATIVE, Profile, TokenFrom, backend_problem, url_problem};
pub use roles::Role;
pub use run::RunSettings;
pub use saving::with_macro;
pub use scroll_jump::ScrollJump;
pub use select::{ProfileError, Selected};
pub use settings::{
    Background, ColorChoice, Columns, LangChoice, LogLevel, LogSettings, MouseChoice, PhoneChoice,
    StageSettings, SyncSettings, Ui, WidthChoice,
};
pub use shape::{File, schema};
pub use theme::Theme;
pub use token::TokenSaid;
pub use told::command as command_problem;
pub use told::filter as filter_problem;
pub use triage::{Calendar, TriageSettings};
pub use views::{Pane, View};

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::keymap::{Keymap, Override};
pub use crate::reading::{Diagnostic, nearest};

/// A configuration that holds together.
#[derive(Clone, Debug, PartialEq)]
pub struct Config {
    /// The profile opened by default.
    pub profile: String,
    /// Chinese, English, or by the locale.
    pub lang: LangChoice,
    /// Backends by name.
    pub profiles: BTreeMap<String, Profile>,
    /// How the console looks and behaves.
    pub ui: Ui,
    /// Columns of each pane.
    pub columns: Columns,
    /// Lifecycle stages.
    pub stages: StageSettings,
    /// How the cache is kept up with the backend.
    pub sync: SyncSettings,
    /// The log file.
    pub log: LogSettings,
    /// How a queue is worked through.
    pub triage: TriageSettings,
    /// Which days are worked on.
    pub calendar: Calendar,
    /// How macros are run.
    pub run: RunSettings,
    /// All macros: the shipped ones, those of the file and of the folder beside it.
    pub macros: std::sync::Arc<crate::macros::Book>,
    /// Saved views, in the order of the file.
    pub views: Vec<View>,
    /// The lines of `[keys.LAYER]` and the keys of views, as written.
    pub overrides: Vec<Override>,
    /// The table's keys with the overrides over them.
    pub keymap: Keymap,
    /// Colours and marks; not yet fitted to a terminal, see [`Theme::at`].
    pub theme: Theme,
    /// Stands for the bytes of all files that were read; differs when one of them changed.
    pub stamp: u64,
    /// The files that were read: what to watch for changes.
    pub files: Vec<PathBuf>,
    /// What works, and may not be meant.
    pub warnings: Vec<Diagnostic>,
    /// Files that profiles name and that will not do: opening such a profile fails, nothing else does.
    pub unusable: Vec<Diagnostic>,
}

impl Config {
    /// The saved view of a name.
    pub fn view(&self, name: &str) -> Option<&View> {
        self.views.iter().find(|view| view.name == name)
    }
}
