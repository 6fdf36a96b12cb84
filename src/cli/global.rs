//! The flags that every command takes.

use std::path::PathBuf;

use clap::{ArgAction, Args, ValueEnum};

use crate::config::{ColorChoice, Config, LangChoice};
use crate::i18n::Line;
use crate::i18n::words::usage;

/// Flags of all commands. A flag goes before its environment variable, that before the file.
#[derive(Args, Clone, Debug, Default)]
pub struct Global {
    /// The configuration file; it moves cache and state with it
    #[arg(long, global = true, value_name = "FILE", env = "SIYU_CONFIG")]
    pub config: Option<PathBuf>,
    /// The profile to work with
    #[arg(long, global = true, value_name = "NAME", env = "SIYU_PROFILE")]
    pub profile: Option<String>,
    /// Where cache, state and log are kept
    #[arg(long, global = true, value_name = "DIR", env = "SIYU_CACHE_DIR")]
    pub cache_dir: Option<PathBuf>,
    /// Language of the interface
    #[arg(long, global = true, value_enum, value_name = "zh|en", env = "SIYU_LANG")]
    pub lang: Option<LangFlag>,
    /// Talk to nobody: work from the cache alone
    #[arg(long, global = true, env = "SIYU_OFFLINE", value_parser = truth)]
    pub offline: bool,
    /// Change nothing at the backend
    #[arg(long, global = true, env = "SIYU_READ_ONLY", value_parser = truth)]
    pub read_only: bool,
    /// No colours
    #[arg(long, global = true, env = "SIYU_NO_COLOR", value_parser = truth)]
    pub no_color: bool,
    /// For screen readers: no borders, labelled lines
    #[arg(long, global = true, env = "SIYU_PLAIN", value_parser = truth)]
    pub plain: bool,
    /// Log more; twice for everything
    #[arg(short, long, global = true, action = ArgAction::Count, env = "SIYU_VERBOSE")]
    pub verbose: u8,
}

impl Global {
    /// A configuration with what these flags and their variables say over it.
    pub(super) fn over(&self, mut config: Config) -> Config {
        match self.lang {
            Some(LangFlag::Zh) => config.lang = LangChoice::Zh,
            Some(LangFlag::En) => config.lang = LangChoice::En,
            None => {}
        }
        if self.no_color || super::site::env("NO_COLOR").is_some() {
            config.ui.color = ColorChoice::Never;
        }
        config
    }
}

/// Whether a variable such as `SIYU_OFFLINE` says yes.
fn truth(text: &str) -> Result<bool, Line> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "true" | "yes" | "on" | "y" | "t" => Ok(true),
        "" | "0" | "false" | "no" | "off" | "n" | "f" => Ok(false),
        _ => Err(usage::YES_OR_NO.into()),
    }
}

/// What `--lang` takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LangFlag {
    /// Chinese
    Zh,
    /// English
    En,
}
