//! The shape of the file: what `config show` writes and the JSON Schema describes.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Background, ColorChoice, Config, LangChoice, LogLevel, MouseChoice, Pane, PhoneChoice, Profile,
    ScrollJump, Selected, TokenFrom, View, WidthChoice,
};
use crate::command::{Command, Verb};
use crate::keymap::{Override, print_keys};
use crate::model::Stage;

/// `config.toml`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "siyu configuration", deny_unknown_fields)]
pub struct File {
    /// The profile opened by default.
    #[schemars(default)]
    profile: String,
    /// Language of the console.
    #[schemars(default = "shape_lang")]
    lang: LangChoice,
    #[serde(skip_serializing_if = "Option::is_none")]
    ui: Option<UiShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<ColumnsShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stages: Option<StagesShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sync: Option<SyncShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<LogShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    triage: Option<TriageShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    calendar: Option<CalendarShape>,
    #[serde(skip_serializing_if = "Option::is_none")]
    run: Option<RunShape>,
    /// Backends by name.
    #[schemars(default)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    profiles: BTreeMap<String, ProfileShape>,
    /// Keys by place: a sequence and the command it gives, or false.
    #[schemars(default)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    keys: BTreeMap<String, BTreeMap<String, Bound>>,
    /// Saved views by name.
    #[schemars(default)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    views: BTreeMap<String, ViewShape>,
    /// Macros by name; `siyu macros show NAME` prints one as it is written.
    #[schemars(default)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    macros: BTreeMap<String, serde_json::Value>,
    /// Styles over the theme, such as `overdue = "red bold"`.
    #[schemars(default)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    theme: BTreeMap<String, String>,
}

fn shape_lang() -> LangChoice {
    LangChoice::Auto
}

/// How the console looks and behaves.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Ui", deny_unknown_fields)]
struct UiShape {
    /// auto, dark, light, mono, or the path of a theme file.
    #[serde(skip_serializing_if = "Option::is_none")]
    theme: Option<String>,
    /// Colours.
    #[serde(skip_serializing_if = "Option::is_none")]
    color: Option<ColorChoice>,
    /// What lies behind the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    background: Option<Background>,
    /// Width of ambiguous characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<WidthChoice>,
    /// The mouse.
    #[serde(skip_serializing_if = "Option::is_none")]
    mouse: Option<MouseChoice>,
    /// Phone numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    phones: Option<PhoneChoice>,
    /// How far a list moves when the cursor leaves the rows in sight.
    #[serde(skip_serializing_if = "Option::is_none")]
    scroll_jump: Option<Jump>,
    /// Milliseconds on a prefix before its continuations are shown.
    #[schemars(range(max = 5000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    which_key_ms: Option<u64>,
    /// auto, or a name such as Asia/Shanghai.
    #[serde(skip_serializing_if = "Option::is_none")]
    time_zone: Option<String>,
    /// Whether the next start offers the place where one was.
    #[serde(skip_serializing_if = "Option::is_none")]
    restore: Option<bool>,
}

/// A share of the rows in sight such as "50%", or a number of lines.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "ScrollJump")]
#[serde(untagged)]
enum Jump {
    /// A share of the rows in sight, 1% to 100%.
    Share(#[schemars(regex(pattern = r"^([1-9][0-9]?|100)%$"))] String),
    /// So many lines.
    Lines(#[schemars(range(min = 1, max = 500))] u16),
}

impl From<ScrollJump> for Jump {
    fn from(jump: ScrollJump) -> Self {
        match jump {
            ScrollJump::Share(percent) => Self::Share(format!("{percent}%")),
            ScrollJump::Lines(lines) => Self::Lines(lines),
        }
    }
}

/// Columns of each pane, in order.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Columns", deny_unknown_fields)]
struct ColumnsShape {
    /// Of customers.
    #[serde(skip_serializing_if = "Option::is_none")]
    customers: Option<Vec<String>>,
    /// Of follow-ups.
    #[serde(skip_serializing_if = "Option::is_none")]
    follow_ups: Option<Vec<String>>,
    /// Of groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    groups: Option<Vec<String>>,
}

/// Lifecycle stages.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Stages", deny_unknown_fields)]
struct StagesShape {
    /// New for so many days.
    #[serde(skip_serializing_if = "Option::is_none")]
    new_days: Option<i64>,
    /// Dormant after so many days without an order.
    #[serde(skip_serializing_if = "Option::is_none")]
    dormant_days: Option<i64>,
    /// Lost after so many days without a sign of life.
    #[serde(skip_serializing_if = "Option::is_none")]
    lost_days: Option<i64>,
    /// The backend's own words for stages.
    #[schemars(default)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    map: BTreeMap<String, Stage>,
}

/// How the cache is kept up with the backend.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Sync", deny_unknown_fields)]
struct SyncShape {
    /// Whether the backend pushes changes where it can.
    #[serde(skip_serializing_if = "Option::is_none")]
    stream: Option<bool>,
    /// Seconds between polls where it does not.
    #[schemars(range(min = 2, max = 86400))]
    #[serde(skip_serializing_if = "Option::is_none")]
    poll_seconds: Option<u64>,
    /// Records asked for at once.
    #[schemars(range(min = 1, max = 1000))]
    #[serde(skip_serializing_if = "Option::is_none")]
    page_size: Option<u32>,
    /// Seconds that one request may take.
    #[schemars(range(min = 1, max = 600))]
    #[serde(skip_serializing_if = "Option::is_none")]
    timeout_seconds: Option<u64>,
}

/// The log file.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Log", deny_unknown_fields)]
struct LogShape {
    /// How much is logged.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<LogLevel>,
    /// MiB after which a new file is begun.
    #[schemars(range(min = 1, max = 1024))]
    #[serde(skip_serializing_if = "Option::is_none")]
    file_mib: Option<u64>,
    /// Files kept.
    #[schemars(range(min = 1, max = 100))]
    #[serde(skip_serializing_if = "Option::is_none")]
    files: Option<usize>,
}

/// How macros are run.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Run", deny_unknown_fields)]
struct RunShape {
    /// Seconds that what reaches a customer is held back after a macro, 0 to 3600.
    #[serde(skip_serializing_if = "Option::is_none")]
    hold_seconds: Option<u32>,
    /// Whether steps of macros may start external programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    programs: Option<bool>,
}

/// How a queue is worked through.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Triage", deny_unknown_fields)]
struct TriageShape {
    /// The queue that T opens: mine, unassigned, birthday, dormant-vip, or a saved view.
    #[serde(skip_serializing_if = "Option::is_none")]
    queue: Option<String>,
    /// Results of a contact, in the order of the keys 1 to 5.
    #[schemars(length(min = 1, max = 5))]
    #[serde(skip_serializing_if = "Option::is_none")]
    results: Option<Vec<String>>,
    /// Results after which the follow-up stays open.
    #[serde(skip_serializing_if = "Option::is_none")]
    stays_open: Option<Vec<String>>,
    /// Minutes before a promise breaks from which on it is warned of.
    #[schemars(range(min = 1, max = 10080))]
    #[serde(skip_serializing_if = "Option::is_none")]
    sla_warn_minutes: Option<i64>,
}

/// Which days are worked on.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Calendar", deny_unknown_fields)]
struct CalendarShape {
    /// Days off every week: mon tue wed thu fri sat sun.
    #[serde(skip_serializing_if = "Option::is_none")]
    days_off: Option<Vec<String>>,
    /// Further days off: dates, or ranges such as 2026-10-01..2026-10-07.
    #[serde(skip_serializing_if = "Option::is_none")]
    holidays: Option<Vec<String>>,
    /// Days off that are worked on.
    #[serde(skip_serializing_if = "Option::is_none")]
    workdays: Option<Vec<String>>,
}

/// A backend, and where its token is to be had: at most one of the token keys.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Profile", deny_unknown_fields)]
struct ProfileShape {
    /// The kind of backend: `siyu`, a shipped connector, or the path of a connector file.
    #[serde(skip_serializing_if = "Option::is_none")]
    backend: Option<String>,
    /// Its address.
    url: String,
    /// What the connector asks for, by name.
    #[schemars(default)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    vars: BTreeMap<String, String>,
    /// A program and its arguments; it prints the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_command: Option<Vec<String>>,
    /// The environment variable that holds the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_env: Option<String>,
    /// The file that holds the token.
    #[serde(skip_serializing_if = "Option::is_none")]
    token_file: Option<String>,
    /// The entry of the system's keyring that holds the token: service, a slash, account.
    #[serde(skip_serializing_if = "Option::is_none")]
    keyring: Option<String>,
    /// Where the secrets are that the connector wants beside the token, by name.
    #[schemars(default)]
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    secrets: BTreeMap<String, SecretShape>,
    /// A PEM file of certificates to trust beside those of the system.
    #[serde(skip_serializing_if = "Option::is_none")]
    ca_file: Option<String>,
    /// Whether nothing is ever written to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    read_only: Option<bool>,
}

/// A command, or false.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Binding")]
#[serde(untagged)]
enum Bound {
    /// A command with its arguments; an empty text is as good as false.
    Command(String),
    /// false: the keys do nothing there.
    Nothing(bool),
}

/// A saved filter.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "View", deny_unknown_fields)]
struct ViewShape {
    /// Where it opens.
    #[serde(skip_serializing_if = "Option::is_none")]
    pane: Option<Pane>,
    /// Which rows, in the filter language.
    filter: String,
    /// In which order, such as -ltv,name.
    #[serde(skip_serializing_if = "Option::is_none")]
    sort: Option<String>,
    /// Which columns.
    #[serde(skip_serializing_if = "Option::is_none")]
    columns: Option<Vec<String>>,
    /// Its key, which works in every list.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

/// The JSON Schema of the file, as pretty JSON.
pub fn schema() -> String {
    let schema = schemars::schema_for!(File);
    // a schema is a JSON value, which can always be printed
    serde_json::to_string_pretty(schema.as_value()).unwrap_or_default()
}

impl Config {
    /// The macros of the file, as they would be written.
    fn own_macros(&self) -> BTreeMap<String, serde_json::Value> {
        let own = self.macros.iter().filter(|makes| makes.origin.source == crate::macros::Source::Config);
        let shape = |makes: &crate::macros::Macro| {
            let file: serde_json::Value = toml::from_str(&crate::macros::print(makes)).ok()?;
            Some((makes.name.clone(), file.get("macros")?.get(&makes.name)?.clone()))
        };
        own.filter_map(shape).collect()
    }

    /// The effective configuration as a file would say it, with every secret as `***`.
    /// `selected` is the profile that is open, which the environment may have made.
    pub fn show(&self, selected: Option<&Selected>) -> String {
        let mut file = self.file();
        if let Some(selected) = selected {
            file.profile.clone_from(&selected.name);
            file.profiles.insert(selected.name.clone(), ProfileShape::from(&selected.profile));
        }
        // texts, numbers, lists and tables: TOML has all of them
        toml::to_string(&file).unwrap_or_default()
    }

    fn file(&self) -> File {
        let mut keys: BTreeMap<String, BTreeMap<String, Bound>> = BTreeMap::new();
        let of_a_view = |over: &Override| {
            let opens = |view: &View| over.command == Some(Command::with(Verb::ViewOpen, view.name.as_str()));
            self.views.iter().any(|view| view.key.as_ref() == Some(&over.keys) && opens(view))
        };
        for over in self.overrides.iter().filter(|over| !of_a_view(over)) {
            let bound = over
                .command
                .as_ref()
                .map_or(Bound::Nothing(false), |command| Bound::Command(command.to_string()));
            keys.entry(over.layer.name().to_owned()).or_default().insert(print_keys(&over.keys), bound);
        }
        File {
            profile: self.profile.clone(),
            lang: self.lang,
            profiles: self.profiles.iter().map(|(name, profile)| (name.clone(), profile.into())).collect(),
            keys,
            macros: self.own_macros(),
            views: self.views.iter().map(|view| (view.name.clone(), view.into())).collect(),
            ui: Some(UiShape {
                theme: Some(self.ui.theme.clone()),
                color: Some(self.ui.color),
                background: Some(self.ui.background),
                width: Some(self.ui.width),
                mouse: Some(self.ui.mouse),
                phones: Some(self.ui.phones),
                scroll_jump: Some(self.ui.scroll_jump.into()),
                which_key_ms: Some(self.ui.which_key_ms),
                time_zone: Some(self.ui.time_zone.clone()),
                restore: Some(self.ui.restore),
            }),
            columns: Some(ColumnsShape {
                customers: Some(self.columns.customers.clone()),
                follow_ups: Some(self.columns.follow_ups.clone()),
                groups: Some(self.columns.groups.clone()),
            }),
            stages: Some(StagesShape {
                new_days: Some(self.stages.new_days),
                dormant_days: Some(self.stages.dormant_days),
                lost_days: Some(self.stages.lost_days),
                map: self.stages.map.clone(),
            }),
            sync: Some(SyncShape {
                stream: Some(self.sync.stream),
                poll_seconds: Some(self.sync.poll_seconds),
                page_size: Some(self.sync.page_size),
                timeout_seconds: Some(self.sync.timeout_seconds),
            }),
            log: Some(LogShape {
                level: Some(self.log.level),
                file_mib: Some(self.log.file_mib),
                files: Some(self.log.files),
            }),
            run: Some(RunShape {
                hold_seconds: Some(self.run.hold_seconds),
                programs: Some(self.run.programs),
            }),
            triage: Some(TriageShape {
                queue: Some(self.triage.queue.clone()),
                results: Some(self.triage.results.clone()),
                stays_open: Some(self.triage.stays_open.clone()),
                sla_warn_minutes: Some(self.triage.sla_warn_minutes),
            }),
            calendar: Some(CalendarShape {
                days_off: Some(self.calendar.day_words()),
                holidays: Some(self.calendar.holidays.clone()),
                workdays: Some(self.calendar.workdays.clone()),
            }),
            theme: self.theme.overrides(),
        }
    }
}

impl From<&Profile> for ProfileShape {
    fn from(profile: &Profile) -> Self {
        let mut shape = Self {
            backend: Some(profile.backend.clone()),
            url: profile.url.clone(),
            vars: profile.vars.clone(),
            token_command: None,
            token_env: None,
            token_file: None,
            keyring: None,
            secrets: profile.secrets.iter().map(|(name, from)| (name.clone(), from.into())).collect(),
            ca_file: profile.ca_file.as_ref().map(|file| file.display().to_string()),
            read_only: Some(profile.read_only),
        };
        match &profile.token {
            TokenFrom::Nowhere => {}
            TokenFrom::Given(_) => shape.token_env = Some("SIYU_TOKEN".to_owned()),
            TokenFrom::Env(name) => shape.token_env = Some(name.clone()),
            TokenFrom::File(path) => shape.token_file = Some(path.display().to_string()),
            TokenFrom::Keyring { service, account } => shape.keyring = Some(format!("{service}/{account}")),
            TokenFrom::Command(words) => shape.token_command = Some(masked(words)),
        }
        shape
    }
}

/// Where a secret is: one of these.
#[derive(Default, Serialize, JsonSchema)]
#[schemars(rename = "Secret", deny_unknown_fields)]
struct SecretShape {
    /// A program and its arguments; it prints the secret.
    #[serde(skip_serializing_if = "Option::is_none")]
    command: Option<Vec<String>>,
    /// The environment variable that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    env: Option<String>,
    /// The file that holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    /// The entry of the system's keyring: service, a slash, account.
    #[serde(skip_serializing_if = "Option::is_none")]
    keyring: Option<String>,
}

impl From<&TokenFrom> for SecretShape {
    fn from(from: &TokenFrom) -> Self {
        let mut shape = Self::default();
        match from {
            TokenFrom::Nowhere | TokenFrom::Given(_) => {}
            TokenFrom::Env(name) => shape.env = Some(name.clone()),
            TokenFrom::File(path) => shape.file = Some(path.display().to_string()),
            TokenFrom::Keyring { service, account } => shape.keyring = Some(format!("{service}/{account}")),
            TokenFrom::Command(words) => shape.command = Some(masked(words)),
        }
        shape
    }
}

/// A program, without its arguments: they may hold a secret.
fn masked(words: &[String]) -> Vec<String> {
    let words = words.iter().enumerate();
    words.map(|(i, word)| if i == 0 { word.clone() } else { "***".to_owned() }).collect()
}

impl From<&View> for ViewShape {
    fn from(view: &View) -> Self {
        Self {
            pane: Some(view.pane),
            filter: view.filter.text.clone(),
            sort: view.sort_text.clone(),
            columns: view.columns.clone(),
            key: view.key.as_deref().map(print_keys),
        }
    }
}
