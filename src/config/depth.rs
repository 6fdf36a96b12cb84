//! How many colours there are.

use super::ColorChoice;

/// How many colours a terminal shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ColorDepth {
    /// None, or none wanted.
    None,
    /// Sixteen.
    Ansi16,
    /// 256.
    Indexed,
    /// All.
    True,
}

impl ColorDepth {
    /// By the setting, and by what the environment says where the setting leaves it open.
    ///
    /// `no_color` is the flag; it goes before everything. `NO_COLOR` (not empty,
    /// <https://no-color.org>) goes before the file, but for `color = "always"`.
    pub fn detect(setting: ColorChoice, no_color: bool, env: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| env(name).filter(|value| !value.is_empty());
        if no_color || (set("NO_COLOR").is_some() && setting != ColorChoice::Always) {
            return Self::None;
        }
        match setting {
            ColorChoice::Never => Self::None,
            ColorChoice::Ansi16 => Self::Ansi16,
            ColorChoice::Indexed => Self::Indexed,
            ColorChoice::True => Self::True,
            ColorChoice::Auto => Self::of_terminal(set),
            ColorChoice::Always => Self::of_terminal(set).max(Self::Ansi16),
        }
    }

    fn of_terminal(set: impl Fn(&str) -> Option<String>) -> Self {
        let term = set("TERM").unwrap_or_default();
        let color = set("COLORTERM").unwrap_or_default();
        if term == "dumb" {
            Self::None
        } else if matches!(color.as_str(), "truecolor" | "24bit") || term.ends_with("-direct") {
            Self::True
        } else if term.contains("256") {
            Self::Indexed
        } else {
            Self::Ansi16
        }
    }

    /// The word for it, as `siyu doctor` shows it.
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Ansi16 => "16",
            Self::Indexed => "256",
            Self::True => "true",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(setting: ColorChoice, pairs: &[(&str, &str)]) -> ColorDepth {
        let env = |name: &str| pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        ColorDepth::detect(setting, false, env)
    }

    #[test]
    fn the_terminal_the_file_and_no_color() {
        assert_eq!(depth(ColorChoice::Auto, &[("TERM", "xterm-256color")]), ColorDepth::Indexed);
        assert_eq!(
            depth(ColorChoice::Auto, &[("TERM", "xterm"), ("COLORTERM", "truecolor")]),
            ColorDepth::True
        );
        assert_eq!(depth(ColorChoice::Auto, &[("TERM", "vt220")]), ColorDepth::Ansi16);
        assert_eq!(depth(ColorChoice::Auto, &[("TERM", "dumb")]), ColorDepth::None);
        assert_eq!(depth(ColorChoice::True, &[("NO_COLOR", "1")]), ColorDepth::None);
        assert_eq!(depth(ColorChoice::True, &[("NO_COLOR", "")]), ColorDepth::True);
        assert_eq!(depth(ColorChoice::Always, &[("NO_COLOR", "1"), ("TERM", "dumb")]), ColorDepth::Ansi16);
        assert_eq!(ColorDepth::detect(ColorChoice::Always, true, |_| None), ColorDepth::None);
    }
}
