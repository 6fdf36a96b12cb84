//! Where a command works: what flags, environment and file come to.

use std::sync::Arc;
use std::time::Duration;

use crate::app::Settings;
use crate::app::{self, Width};
use crate::backend::Limits;
use crate::cache::{self, Cache, Opened, Reader, Writer};
use crate::config::{
    Background, ColorDepth, Config, Diagnostic, LangChoice, MouseChoice, Moved, Pane, Paths, PhoneChoice,
    ProfileError, Selected, StageSettings, WidthChoice,
};
use crate::i18n::words::commands;
use crate::i18n::{Lang, Line};
use crate::insight::{StageRule, StageThresholds};
use crate::model::OperatorId;
use crate::query::Moment;
use crate::runtime::Clock;
use crate::runtime::macros::{Allowed, hindrance};
use crate::runtime::trust::Trust;
use crate::sync::Pace;
use crate::ui::Cx;
use crate::ui::text::WidthMode;

use super::failure::Failure;
use super::global::{Global, LangFlag};

/// What flags, environment and file come to.
#[derive(Clone, Debug)]
pub struct Site {
    /// The flags.
    pub global: Global,
    /// Where files lie.
    pub paths: Paths,
    /// The configuration; the defaults where there is no file.
    pub config: Config,
    /// Whether there is a file.
    pub has_file: bool,
}

impl Site {
    /// Reads the configuration.
    ///
    /// # Errors
    /// [`Failure`] with exit status 2, which names every mistake with its place.
    pub fn find(global: &Global) -> Result<Self, Failure> {
        let paths = Self::paths(global)?;
        let file = Config::open(&paths).map_err(|wrong| Failure::Usage(listed(&wrong)))?;
        let has_file = paths.config.exists();
        Ok(Self { global: global.clone(), paths, has_file, config: file.unwrap_or_default() })
    }

    /// Where files lie.
    ///
    /// # Errors
    /// [`Failure`] where there is no home directory, and the flags do not say either.
    pub fn paths(global: &Global) -> Result<Paths, Failure> {
        let moved = Moved { config: global.config.clone(), cache_dir: global.cache_dir.clone() };
        Paths::find(&moved).ok_or_else(|| Failure::Usage(commands::NO_HOME.into()))
    }

    /// The profile to work with.
    ///
    /// # Errors
    /// [`ProfileError`]; `None` in it means the first run.
    pub fn selected(&self) -> Result<Selected, ProfileError> {
        self.config.select(self.global.profile.as_deref(), env)
    }

    /// The language: flag, file, locale.
    pub fn lang(&self) -> Lang {
        let asked = match (self.global.lang, self.config.lang) {
            (Some(LangFlag::Zh), _) | (None, LangChoice::Zh) => Some(Lang::Zh),
            (Some(LangFlag::En), _) | (None, LangChoice::En) => Some(Lang::En),
            (None, LangChoice::Auto) => None,
        };
        Lang::detect(asked, env)
    }

    /// The system's clock, in the zone of the configuration.
    pub fn clock(&self) -> Clock {
        Clock::System(self.config.ui.zone())
    }

    /// Opens the cache of a profile.
    ///
    /// # Errors
    /// [`Failure`]: the cache is of a newer version, or cannot be opened.
    pub fn open_cache(&self, profile: &str) -> Result<Opened, Failure> {
        let folder = self.paths.cache_of(profile);
        Cache::open(&folder, self.clock().now()).map_err(|error| Failure::failed(&error))
    }

    /// What reads the cache of a profile, where there is one. What depends on the day and on the
    /// configuration is brought up to date before, where the cache can be written.
    ///
    /// # Errors
    /// [`Failure`]: there is none yet, or it cannot be opened.
    pub fn reader(&self, profile: &str, moment: &Moment) -> Result<Reader, Failure> {
        let failed = |error: cache::Error| Failure::failed(&error);
        let folder = self.paths.cache_of(profile);
        let reader = Cache::open_existing(&folder).and_then(|cache| cache.reader()).map_err(failed)?;
        if !reader.is_current(moment, &self.stages()).map_err(failed)? {
            let renewed = Cache::open(&folder, moment.now)
                .and_then(|opened| opened.cache.writer(moment.clone()))
                .and_then(|writer| writer.staging(self.stages()).at(moment.clone()));
            if let Err(error) = renewed {
                tracing::warn!(%error, "the stages are those of an earlier day or configuration");
            }
        }
        Ok(reader)
    }

    /// How the backend is talked to.
    pub fn limits(&self) -> Limits {
        Limits { request: Duration::from_secs(self.config.sync.timeout_seconds), ..Limits::default() }
    }

    /// How fast the sync goes.
    pub fn pace(&self) -> Pace {
        let sync = &self.config.sync;
        Pace {
            page: sync.page_size,
            stream: sync.stream,
            poll: Duration::from_secs(sync.poll_seconds),
            ..Pace::default()
        }
    }

    /// Which stage a customer is in.
    pub fn stages(&self) -> StageRule {
        let StageSettings { new_days, dormant_days, lost_days, map } = self.config.stages.clone();
        StageRule { thresholds: StageThresholds { new_days, dormant_days, lost_days }, map }
    }

    /// The writer of a cache, which goes by the configuration.
    ///
    /// # Errors
    /// [`Failure`], as the cache says.
    pub fn writer(&self, cache: &Cache, me: Option<OperatorId>) -> Result<Writer, Failure> {
        let writer = cache.writer(self.clock().moment(me));
        Ok(writer.map_err(|error| Failure::failed(&error))?.staging(self.stages()))
    }

    /// How wide ambiguous characters are in tables.
    pub fn width_mode(&self) -> WidthMode {
        match self.config.ui.width {
            WidthChoice::Wide => WidthMode::Wide,
            _ => WidthMode::Narrow,
        }
    }

    /// Whether the middle of phones is hidden on screens and in tables.
    pub fn masks_phones(&self) -> bool {
        self.config.ui.phones == PhoneChoice::Masked
    }

    /// Settings of the console for a profile.
    pub fn settings(&self, profile: &str, read_only: bool) -> Settings {
        let config = &self.config;
        let ssh = env("SSH_CONNECTION").is_some() || env("SSH_TTY").is_some();
        let columns = |pane: app::Pane| match pane {
            app::Pane::Customers => config.columns.customers.clone(),
            app::Pane::FollowUps => config.columns.follow_ups.clone(),
            app::Pane::Groups => config.columns.groups.clone(),
            app::Pane::Tags => Vec::new(),
        };
        Settings {
            profile: profile.to_owned(),
            profiles: config.profiles.iter().map(|(name, one)| (name.clone(), one.backend.clone())).collect(),
            lang: self.lang(),
            keymap: Arc::new(config.keymap.clone()),
            width: match config.ui.width {
                WidthChoice::Auto | WidthChoice::Narrow => Width::Narrow,
                WidthChoice::Wide => Width::Wide,
                WidthChoice::Ascii => Width::Ascii,
            },
            asks_width: self.asks_width(),
            plain: self.global.plain,
            read_only: read_only || self.global.read_only,
            offline: self.global.offline,
            mouse: match config.ui.mouse {
                MouseChoice::On => true,
                MouseChoice::Off => false,
                MouseChoice::Auto => !ssh,
            },
            scroll_jump: config.ui.scroll_jump,
            which_key_ms: config.ui.which_key_ms,
            mask_phones: self.masks_phones(),
            zone: config.ui.zone(),
            views: config.views.iter().map(view).collect(),
            columns: app::Pane::ALL.map(columns),
            triage: config.triage.clone(),
            workdays: config.calendar.workdays().clone(),
            macros: Arc::clone(&config.macros),
            hindered: self.hindered(),
            run: config.run.clone(),
        }
    }

    /// What macros may do here.
    pub fn allowed(&self) -> Allowed {
        let trust = Trust::read(&self.paths.state);
        Allowed { programs: self.config.run.programs, trust: Some(trust), stops: std::sync::Arc::default() }
    }

    /// Macros that may not be run here, and why.
    fn hindered(&self) -> std::collections::BTreeMap<String, (String, String)> {
        let (book, allowed) = (&self.config.macros, self.allowed());
        let why = |name: &str| Some((name.to_owned(), hindrance(book, name, &allowed)?));
        book.iter().filter_map(|makes| why(&makes.name)).collect()
    }

    /// How things are drawn: the theme, in the colours that the terminal has.
    pub fn cx(&self) -> Cx {
        let depth = ColorDepth::detect(self.config.ui.color, self.global.no_color, env);
        Cx::new(&self.config.theme.at(depth, background(self.config.ui.background)))
    }

    /// Whether the terminal should be asked how wide it draws ambiguous characters.
    pub fn asks_width(&self) -> bool {
        self.config.ui.width == WidthChoice::Auto
    }
}

/// An environment variable that is set to something.
pub fn env(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// All mistakes of a configuration, one after the other.
pub fn listed(wrong: &[Diagnostic]) -> Line {
    let all = |lang| wrong.iter().map(|wrong| wrong.in_lang(lang)).collect::<Vec<_>>().join("\n");
    Line::both(all(Lang::Zh), all(Lang::En))
}

/// What lies behind the text, by `COLORFGBG` where the configuration leaves it open.
fn background(setting: Background) -> Background {
    if setting != Background::Auto {
        return setting;
    }
    let light = env("COLORFGBG").and_then(|pair| pair.rsplit(';').next()?.parse::<u8>().ok());
    match light {
        Some(7 | 9..=15) => Background::Light,
        _ => Background::Dark,
    }
}

fn view(view: &crate::config::View) -> app::View {
    app::View {
        name: view.name.clone(),
        pane: match view.pane {
            Pane::Customers => app::Pane::Customers,
            Pane::Tags => app::Pane::Tags,
            Pane::Groups => app::Pane::Groups,
            Pane::FollowUps => app::Pane::FollowUps,
        },
        query: view.filter.clone(),
        sort: view.sort.clone(),
        columns: view.columns.clone(),
    }
}
