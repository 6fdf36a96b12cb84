//! The plain settings: `[ui]`, `[columns]`, `[stages]`, `[sync]`, `[log]`.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::ScrollJump;
use crate::i18n::words::config as words;
use crate::model::Stage;
use crate::query::Scope;
use crate::reading::{At, Reader, Section, entries, nearest};
use crate::reading::{meant, quoted};

macro_rules! choice {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            /// The words of the file.
            pub(super) const WORDS: &[(&str, Self)] = &[$(($word, Self::$variant)),+];

            /// The word of the file.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$variant => $word),+
                }
            }

            /// The choice of a word, as the file and the flags take it.
            pub fn parse(word: &str) -> Option<Self> {
                Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, choice)| *choice)
            }
        }
    };
}

choice! {
    /// Which language.
    LangChoice {
        /// By the locale.
        Auto = "auto",
        /// Chinese.
        Zh = "zh",
        /// English.
        En = "en",
    }
}

choice! {
    /// Whether and how the console is coloured.
    ColorChoice {
        /// By the terminal and `NO_COLOR`.
        Auto = "auto",
        /// As much as the terminal can, `NO_COLOR` or not.
        Always = "always",
        /// Not at all.
        Never = "never",
        /// Sixteen colours.
        Ansi16 = "16",
        /// 256 colours.
        Indexed = "256",
        /// True colour.
        True = "true",
    }
}

choice! {
    /// What lies behind the text, for `theme = "auto"`.
    Background {
        /// By what the terminal says, dark where it says nothing.
        Auto = "auto",
        /// Light text on dark.
        Dark = "dark",
        /// Dark text on light.
        Light = "light",
    }
}

choice! {
    /// How wide ambiguous characters are.
    WidthChoice {
        /// By asking the terminal.
        Auto = "auto",
        /// One cell: most terminals.
        Narrow = "narrow",
        /// Two cells: terminals set up so for Chinese.
        Wide = "wide",
        /// None is drawn: ASCII borders and marks.
        Ascii = "ascii",
    }
}

choice! {
    /// Whether the mouse works in the console.
    MouseChoice {
        /// On, but off over SSH, so that selecting text still works there.
        Auto = "auto",
        /// On.
        On = "on",
        /// Off.
        Off = "off",
    }
}

choice! {
    /// How phone numbers are shown.
    PhoneChoice {
        /// Whole.
        Whole = "whole",
        /// `138****5678`.
        Masked = "masked",
    }
}

choice! {
    /// How much is logged.
    LogLevel {
        /// Nothing.
        Off = "off",
        /// What failed.
        Error = "error",
        /// What is odd as well.
        Warn = "warn",
        /// What happens as well.
        Info = "info",
        /// How it happens as well.
        Debug = "debug",
        /// Everything.
        Trace = "trace",
    }
}

/// `[ui]`: how the console looks and behaves.
#[derive(Clone, Debug, PartialEq)]
pub struct Ui {
    /// `auto`, `dark`, `light`, `mono`, or the path of a theme file.
    pub theme: String,
    /// Colours.
    pub color: ColorChoice,
    /// What lies behind the text.
    pub background: Background,
    /// How wide ambiguous characters are.
    pub width: WidthChoice,
    /// The mouse.
    pub mouse: MouseChoice,
    /// Phone numbers.
    pub phones: PhoneChoice,
    /// How far a list moves when the cursor leaves the rows in sight.
    pub scroll_jump: ScrollJump,
    /// Milliseconds on a prefix before its continuations are shown, 0 to 5,000.
    pub which_key_ms: u64,
    /// Where days begin and end: `auto` or a name such as `Asia/Shanghai`.
    pub time_zone: String,
    /// Whether the next start offers the place where one was.
    pub restore: bool,
}

impl Default for Ui {
    fn default() -> Self {
        Self {
            theme: "auto".to_owned(),
            color: ColorChoice::Auto,
            background: Background::Auto,
            width: WidthChoice::Auto,
            mouse: MouseChoice::Auto,
            phones: PhoneChoice::Masked,
            scroll_jump: ScrollJump::default(),
            which_key_ms: 300,
            time_zone: "auto".to_owned(),
            restore: true,
        }
    }
}

impl Ui {
    /// The time zone asked for, or the machine's.
    pub fn zone(&self) -> TimeZone {
        // the name was checked when the file was read
        if self.time_zone == "auto" {
            TimeZone::system()
        } else {
            TimeZone::get(&self.time_zone).unwrap_or(TimeZone::UTC)
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Self {
        let usual = Self::default();
        let zone = section.text(reader, "time_zone").filter(|zone| {
            let known = zone.value == "auto" || TimeZone::get(&zone.value).is_ok();
            if !known {
                let message = words::NO_ZONE.with("name", quoted(&zone.value));
                reader.refuse(zone.span.clone(), message, Some(words::ZONE_LIKE.into()));
            }
            known
        });
        Self {
            theme: section.text(reader, "theme").map_or(usual.theme, |theme| theme.value),
            color: section.choice(reader, "color", ColorChoice::WORDS).unwrap_or(usual.color),
            background: section.choice(reader, "background", Background::WORDS).unwrap_or(usual.background),
            width: section.choice(reader, "width", WidthChoice::WORDS).unwrap_or(usual.width),
            mouse: section.choice(reader, "mouse", MouseChoice::WORDS).unwrap_or(usual.mouse),
            phones: section.choice(reader, "phones", PhoneChoice::WORDS).unwrap_or(usual.phones),
            scroll_jump: scroll_jump(reader, section, "scroll_jump").unwrap_or(usual.scroll_jump),
            which_key_ms: section
                .number(reader, "which_key_ms", 0..=5_000)
                .map_or(usual.which_key_ms, |n| n as u64),
            time_zone: zone.map_or(usual.time_zone, |zone| zone.value),
            restore: section.truth(reader, "restore").unwrap_or(usual.restore),
        }
    }
}

/// `[columns]`: which columns each pane shows, in order, by their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    /// Of customers.
    pub customers: Vec<String>,
    /// Of follow-ups.
    pub follow_ups: Vec<String>,
    /// Of groups.
    pub groups: Vec<String>,
}

impl Default for Columns {
    fn default() -> Self {
        let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            customers: list(&["name", "stage", "tags", "contacted", "rfm", "next"]),
            follow_ups: list(&["due", "customer", "title", "source", "assignee", "outcome"]),
            groups: list(&["name", "members", "trend", "active7", "net7"]),
        }
    }
}

impl Columns {
    /// All columns that a pane has.
    pub fn known(scope: Scope) -> &'static [&'static str] {
        match scope {
            Scope::Customers => &[
                "name",
                "remark",
                "stage",
                "tags",
                "contacted",
                "rfm",
                "next",
                "owner",
                "phone",
                "city",
                "source",
                "level",
                "points",
                "added",
                "active",
                "ordered",
                "orders",
                "ltv",
                "birthday",
                "churn",
                "alias",
                "id",
            ],
            Scope::FollowUps => &[
                "due", "customer", "title", "kind", "priority", "status", "source", "assignee", "outcome",
                "sla", "snoozed", "id",
            ],
            Scope::Groups => {
                &["name", "members", "trend", "active7", "net7", "messages", "owner", "status", "id"]
            }
            _ => &[],
        }
    }

    pub(super) fn read(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Self {
        let usual = Self::default();
        let mut list = |key: &str, scope: Scope| {
            let words = section.words(reader, key)?;
            check_columns(reader, words, scope)
        };
        Self {
            customers: list("customers", Scope::Customers).unwrap_or(usual.customers),
            follow_ups: list("follow_ups", Scope::FollowUps).unwrap_or(usual.follow_ups),
            groups: list("groups", Scope::Groups).unwrap_or(usual.groups),
        }
    }
}

/// The names, where all of them are columns of the scope, each once.
pub(super) fn check_columns(
    reader: &mut Reader<'_>,
    words: At<Vec<At<String>>>,
    scope: Scope,
) -> Option<Vec<String>> {
    let known = Columns::known(scope);
    let mut names: Vec<String> = Vec::new();
    if words.value.is_empty() {
        reader.refuse(
            words.span,
            words::ONE_COLUMN,
            Some(words::COLUMNS_ARE.with("names", known.join(", "))),
        );
        return None;
    }
    for At { value, span } in words.value {
        if names.contains(&value) {
            let message = words::COLUMN_TWICE.with("name", quoted(&value));
            reader.refuse(span, message, Some(words::KEEP_ONE.into()));
        } else if known.contains(&value.as_str()) {
            names.push(value);
        } else {
            let hint = nearest(&value, known.iter().copied()).map_or_else(
                || words::COLUMNS_ARE.with("names", known.join(", ")),
                |near| meant(words::MEANT, near),
            );
            reader.refuse(span, words::NO_COLUMN.with("name", quoted(&value)), Some(hint));
        }
    }
    Some(names)
}

/// `[stages]`: which stage a customer is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StageSettings {
    /// Added, or ordered for the first time, at most so many days ago: new.
    pub new_days: i64,
    /// No order for more days than this: dormant.
    pub dormant_days: i64,
    /// No sign of life for more days than this: lost.
    pub lost_days: i64,
    /// The backend's own words for stages, and which stage each is.
    pub map: BTreeMap<String, Stage>,
}

impl Default for StageSettings {
    fn default() -> Self {
        Self { new_days: 30, dormant_days: 90, lost_days: 365, map: BTreeMap::new() }
    }
}

impl StageSettings {
    pub(super) fn read(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Self {
        let usual = Self::default();
        let days = 1..=36_500;
        let read = Self {
            new_days: section.number(reader, "new_days", days.clone()).unwrap_or(usual.new_days),
            dormant_days: section.number(reader, "dormant_days", days.clone()).unwrap_or(usual.dormant_days),
            lost_days: section.number(reader, "lost_days", days).unwrap_or(usual.lost_days),
            map: section.table(reader, "map").map(|table| Self::read_map(reader, table)).unwrap_or_default(),
        };
        if read.lost_days <= read.dormant_days {
            let span = section.place("lost_days").or_else(|| section.place("dormant_days")).unwrap_or(0..0);
            let message = words::STAGE_DAYS
                .with("lost", read.lost_days.to_string())
                .with("dormant", read.dormant_days.to_string());
            let hint = format!("lost_days = {}", read.dormant_days.saturating_mul(2));
            reader.refuse(span, message, Some(words::WRITE_LIKE.with("example", hint)));
        }
        if read.new_days >= read.dormant_days {
            let span = section.place("new_days").or_else(|| section.place("dormant_days")).unwrap_or(0..0);
            let message = words::NEW_DAYS
                .with("new", read.new_days.to_string())
                .with("dormant", read.dormant_days.to_string());
            let hint = format!("new_days = {}", read.dormant_days / 3);
            reader.refuse(span, message, Some(words::WRITE_LIKE.with("example", hint)));
        }
        read
    }

    fn read_map(reader: &mut Reader<'_>, table: &toml::de::DeTable<'_>) -> BTreeMap<String, Stage> {
        let names: Vec<_> = entries(table).into_iter().map(|(key, _)| key.value).collect();
        let section = Section::new(reader, table, "stages.map", &names);
        let known = Stage::ALL.map(Stage::word);
        let mut map = BTreeMap::new();
        for name in names {
            let Some(At { value, span }) = section.text(reader, name) else { continue };
            match Stage::ALL.into_iter().find(|stage| stage.word() == value) {
                Some(stage) => drop(map.insert(name.to_owned(), stage)),
                None => {
                    let near = nearest(&value, known).map(|near| meant(words::MEANT, near));
                    let like =
                        || words::WRITE_LIKE.with("example", format!("{} = \"{}\"", quoted(name), known[0]));
                    let hint = Some(near.unwrap_or_else(like));
                    let message = words::STAGE_OF
                        .with("name", quoted(name))
                        .with("words", known.join(", "))
                        .with("value", quoted(&value));
                    reader.refuse(span, message, hint);
                }
            }
        }
        map
    }
}

/// `[sync]`: how the cache is kept up with the backend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncSettings {
    /// Whether changes are pushed by the backend where it can.
    pub stream: bool,
    /// Seconds between two polls where they are not, 2 to 86,400.
    pub poll_seconds: u64,
    /// Records asked for at once, 1 to 1,000.
    pub page_size: u32,
    /// Seconds that one request may take, 1 to 600.
    pub timeout_seconds: u64,
}

impl Default for SyncSettings {
    fn default() -> Self {
        Self { stream: true, poll_seconds: 15, page_size: 500, timeout_seconds: 30 }
    }
}

impl SyncSettings {
    pub(super) fn read(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Self {
        let usual = Self::default();
        Self {
            stream: section.truth(reader, "stream").unwrap_or(usual.stream),
            poll_seconds: section
                .number(reader, "poll_seconds", 2..=86_400)
                .map_or(usual.poll_seconds, |n| n as u64),
            page_size: section.number(reader, "page_size", 1..=1_000).map_or(usual.page_size, |n| n as u32),
            timeout_seconds: section
                .number(reader, "timeout_seconds", 1..=600)
                .map_or(usual.timeout_seconds, |n| n as u64),
        }
    }
}

/// `[log]`: the log file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogSettings {
    /// How much is logged.
    pub level: LogLevel,
    /// MiB after which a new file is begun, 1 to 1,024.
    pub file_mib: u64,
    /// Files kept, the current one included, 1 to 100.
    pub files: usize,
}

impl Default for LogSettings {
    fn default() -> Self {
        Self { level: LogLevel::Info, file_mib: 5, files: 3 }
    }
}

impl LogSettings {
    pub(super) fn read(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Self {
        let usual = Self::default();
        Self {
            level: section.choice(reader, "level", LogLevel::WORDS).unwrap_or(usual.level),
            file_mib: section.number(reader, "file_mib", 1..=1_024).map_or(usual.file_mib, |n| n as u64),
            files: section.number(reader, "files", 1..=100).map_or(usual.files, |n| n as usize),
        }
    }
}
/// A share of the rows in sight such as `50%`, or a number of lines.
fn scroll_jump(reader: &mut Reader<'_>, section: &Section<'_, '_>, key: &str) -> Option<ScrollJump> {
    let value = section.get(key)?;
    if value.get_ref().as_integer().is_some() {
        return section.number(reader, key, 1..=500).and_then(ScrollJump::lines);
    }
    let jump = value.get_ref().as_str().and_then(ScrollJump::share);
    if jump.is_none() {
        let hint = words::WRITE_LIKE.with("example", format!("{key} = \"50%\""));
        reader.refuse(value.span(), words::SCROLL_JUMP.with("key", key), Some(hint));
    }
    jump
}
