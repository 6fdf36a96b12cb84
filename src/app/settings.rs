//! What the configuration says about the console, ready to use.

use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::config::{Config, RunSettings, ScrollJump, TriageSettings};
use crate::i18n::Lang;
use crate::keymap::Keymap;
use crate::macros::Book;
use crate::model::Workdays;
use crate::query::{Query, Sort};

use super::panes::Pane;

/// Settings of the console. Replaced as a whole when the configuration changes.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Name of the profile, as the header shows it.
    pub profile: String,
    /// Names and backends of all profiles.
    pub profiles: Vec<(String, String)>,
    /// Language of the interface.
    pub lang: Lang,
    /// All bindings.
    pub keymap: Arc<Keymap>,
    /// How wide the terminal draws ambiguous characters.
    pub width: Width,
    /// Whether that is left to what the terminal answers.
    pub asks_width: bool,
    /// No borders, no spinner, labelled lines.
    pub plain: bool,
    /// No writes.
    pub read_only: bool,
    /// Nobody is talked to.
    pub offline: bool,
    /// Whether the mouse is on at the start.
    pub mouse: bool,
    /// How far a list moves when the cursor leaves the rows in sight.
    pub scroll_jump: ScrollJump,
    /// Milliseconds on a prefix before which-key shows what comes next.
    pub which_key_ms: u64,
    /// Whether phones are shown with their middle hidden. Copies and exports have them whole.
    pub mask_phones: bool,
    /// The zone that days are counted in.
    pub zone: TimeZone,
    /// Saved views, in the order of the file.
    pub views: Vec<View>,
    /// Columns of each pane, in the order of [`Pane::ALL`].
    pub columns: [Vec<String>; 4],
    /// How a queue is worked through.
    pub triage: TriageSettings,
    /// Which days are worked on.
    pub workdays: Workdays,
    /// All macros.
    pub macros: Arc<Book>,
    /// Macros that may not be run here, and why: in Chinese and in English.
    pub hindered: std::collections::BTreeMap<String, (String, String)>,
    /// What macros may do here, for whoever runs them.
    pub run: RunSettings,
}

/// The shipped keys and columns, in Chinese, days in UTC, nothing asked of the terminal.
impl Default for Settings {
    fn default() -> Self {
        let config = Config::default();
        Self {
            profile: String::new(),
            profiles: Vec::new(),
            lang: Lang::Zh,
            keymap: Arc::new(config.keymap),
            width: Width::Narrow,
            asks_width: false,
            plain: false,
            read_only: false,
            offline: false,
            mouse: false,
            scroll_jump: ScrollJump::default(),
            which_key_ms: 300,
            mask_phones: false,
            zone: TimeZone::UTC,
            views: Vec::new(),
            columns: Pane::ALL.map(|pane| match pane {
                Pane::Customers => config.columns.customers.clone(),
                Pane::FollowUps => config.columns.follow_ups.clone(),
                Pane::Groups => config.columns.groups.clone(),
                Pane::Tags => Vec::new(),
            }),
            workdays: config.calendar.workdays().clone(),
            triage: config.triage,
            macros: config.macros,
            hindered: Default::default(),
            run: config.run,
        }
    }
}

/// A saved view.
#[derive(Clone, Debug, PartialEq)]
pub struct View {
    /// Its name.
    pub name: String,
    /// The pane it belongs to.
    pub pane: Pane,
    /// Which rows.
    pub query: Query,
    /// In which order; the pane's own where it does not say.
    pub sort: Option<Sort>,
    /// Columns; the pane's own where it does not say.
    pub columns: Option<Vec<String>>,
}

/// How wide the terminal draws characters of ambiguous width.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Width {
    /// One cell.
    #[default]
    Narrow,
    /// Two cells: borders and marks are drawn in ASCII.
    Wide,
    /// Not known: nothing ambiguous is drawn.
    Ascii,
}
