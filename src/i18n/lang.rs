//! Which of the two languages.

/// A language of the console.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Chinese, as written in the mainland.
    #[default]
    Zh,
    /// English.
    En,
}

impl Lang {
    /// The language asked for, or else the one of the locale: the first of `LC_ALL`,
    /// `LC_MESSAGES` and `LANG` that is set and not empty. Chinese where the locale says
    /// nothing (unset, `C`, `POSIX`): that is a bare server, and our users read Chinese first.
    pub fn detect(asked: Option<Self>, env: impl Fn(&str) -> Option<String>) -> Self {
        asked.unwrap_or_else(|| {
            let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
                .into_iter()
                .filter_map(env)
                .find(|value| !value.is_empty())
                .unwrap_or_default();
            let bare = locale.split(['.', '@']).next().unwrap_or_default();
            if bare.is_empty() || bare == "C" || bare == "POSIX" || bare.starts_with("zh") {
                Self::Zh
            } else {
                Self::En
            }
        })
    }

    /// Whether it is Chinese, for the tables that ask so.
    pub fn is_zh(self) -> bool {
        self == Self::Zh
    }

    /// The other one.
    pub fn other(self) -> Self {
        match self {
            Self::Zh => Self::En,
            Self::En => Self::Zh,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_setting_goes_before_the_locale_and_lc_all_before_lang() {
        let env = |pairs: &'static [(&str, &str)]| {
            move |name: &str| pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
        };
        assert_eq!(Lang::detect(Some(Lang::En), env(&[("LANG", "zh_CN.UTF-8")])), Lang::En);
        assert_eq!(Lang::detect(None, env(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "en_US.UTF-8")])), Lang::En);
        assert_eq!(Lang::detect(None, env(&[("LANG", "zh_TW.Big5"), ("LC_ALL", "")])), Lang::Zh);
        assert_eq!(Lang::detect(None, env(&[("LANG", "de_DE.UTF-8")])), Lang::En);
        assert_eq!(Lang::detect(None, env(&[("LANG", "C.UTF-8")])), Lang::Zh);
        assert_eq!(Lang::detect(None, env(&[])), Lang::Zh);
    }
}
