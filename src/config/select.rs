//! Which profile is opened: flag, then environment, then file.

use std::collections::BTreeMap;
use std::path::Path;

use super::paths::hash;
use super::profile::{NATIVE, check_url, find, in_a_line, plain_http};
use super::{Config, Profile, TokenFrom, nearest};
use crate::i18n::Line;
use crate::i18n::words::{config as words, connector};
use crate::reading::{meant, quoted};

/// The profile to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Selected {
    /// Its name; for one made of the environment a name that no other address has.
    pub name: String,
    /// Whether `SIYU_URL` made it.
    pub from_env: bool,
    /// The profile.
    pub profile: Profile,
}

impl Selected {
    /// What the operator knows it by: its name, or the address that the environment gave.
    pub fn label(&self) -> String {
        if self.from_env {
            let address =
                self.profile.url.split_once("://").map_or(self.profile.url.as_str(), |(_, rest)| rest);
            address.trim_end_matches('/').to_owned()
        } else {
            self.name.clone()
        }
    }
}

/// Why no profile can be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProfileError {
    /// There is none, in the file or the environment: the first run.
    #[error(
        "no backend is configured: `siyu config init --url URL` writes a configuration, `siyu demo` needs none"
    )]
    None,
    /// There is none of that name.
    #[error("there is no profile {name:?}{}", nearest.as_ref().map(|n| format!("; did you mean {n:?}?")).unwrap_or_default())]
    Unknown {
        /// The name.
        name: String,
        /// The nearest there is.
        nearest: Option<String>,
    },
    /// `SIYU_BACKEND` is set, and `SIYU_URL` is not.
    #[error("SIYU_BACKEND is set, but SIYU_URL is not")]
    NoUrl,
    /// A variable has a value that cannot be.
    #[error("{name}: {problem}")]
    Environment {
        /// The variable.
        name: &'static str,
        /// What is wrong.
        problem: Line,
    },
}

impl ProfileError {
    /// What is wrong, as a line.
    pub fn told(&self) -> Line {
        match self {
            Self::None => words::NO_PROFILES.into(),
            Self::Unknown { name, nearest } => {
                let near =
                    nearest.as_ref().map_or_else(|| Line::from(""), |near| meant(words::BEHIND_MEANT, near));
                words::NO_PROFILE.with("name", quoted(name)).with("nearest", near)
            }
            Self::NoUrl => words::BACKEND_WITHOUT_URL.into(),
            Self::Environment { name, problem } => Line::from(format!("{name}: ")).and(problem.clone()),
        }
    }
}

impl Config {
    /// The profile to open. `asked` is what `--profile` says; `SIYU_PROFILE` may be merged into
    /// it. `SIYU_URL`, with `SIYU_BACKEND` and `SIYU_TOKEN`, stands for a whole profile and goes
    /// before everything but the flag. `SIYU_TOKEN` alone means nothing: it is never sent to an
    /// address that it was not given with.
    ///
    /// # Errors
    /// [`ProfileError`]
    pub fn select(
        &self,
        asked: Option<&str>,
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<Selected, ProfileError> {
        let set = |name: &str| env(name).filter(|value| !value.is_empty());
        let by_env = set("SIYU_PROFILE");
        let by_flag = asked.filter(|name| by_env.as_deref() != Some(name));
        if by_flag.is_none()
            && let Some(found) = whole(&set)?
        {
            return Ok(found);
        }
        let name = by_flag.map(str::to_owned).or(by_env).unwrap_or_else(|| self.profile.clone());
        match self.profiles.get(&name) {
            Some(profile) => Ok(Selected { name, from_env: false, profile: profile.clone() }),
            None if self.profiles.is_empty() && asked.is_none() => Err(ProfileError::None),
            None => {
                let nearest = nearest(&name, self.profiles.keys().map(String::as_str)).map(str::to_owned);
                Err(ProfileError::Unknown { name, nearest })
            }
        }
    }
}

fn whole(set: &impl Fn(&str) -> Option<String>) -> Result<Option<Selected>, ProfileError> {
    let (backend, url) = (set("SIYU_BACKEND"), set("SIYU_URL"));
    let url = match (&backend, url) {
        (None, None) => return Ok(None),
        (Some(_), None) => return Err(ProfileError::NoUrl),
        (_, Some(url)) => url,
    };
    let backend = backend.unwrap_or_else(|| NATIVE.to_owned());
    let refused = |problem| ProfileError::Environment { name: "SIYU_BACKEND", problem };
    let connector = find(&backend, Path::new("")).map_err(|error| refused(in_a_line(&error, &backend)))?;
    let asked = connector.iter().flat_map(|connector| &connector.vars);
    if let Some(asked) = asked.clone().find(|asked| asked.default.is_none()) {
        let message =
            connector::VARS_WANTED.with("backend", quoted(&backend)).with("name", quoted(&asked.name));
        return Err(refused(message.and("; ").and(connector::VARS_IN_FILE)));
    }
    check_url(&url).map_err(|problem| ProfileError::Environment { name: "SIYU_URL", problem })?;
    let name = format!("env-{:016x}", hash(&(&backend, &url)));
    let token = set("SIYU_TOKEN").map_or(TokenFrom::Nowhere, TokenFrom::Given);
    if let Some((problem, hint)) = plain_http(&url) {
        return Err(ProfileError::Environment { name: "SIYU_URL", problem: problem.and("; ").and(hint) });
    }
    let profile = Profile {
        backend,
        connector,
        vars: BTreeMap::new(),
        url,
        token,
        secrets: BTreeMap::new(),
        ca_file: None,
        read_only: false,
    };
    Ok(Some(Selected { name, from_env: true, profile }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn select(text: &str, asked: Option<&str>, pairs: &[(&str, &str)]) -> Result<String, ProfileError> {
        let config = Config::read("c.toml".as_ref(), text).unwrap();
        let env = |name: &str| pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned());
        config.select(asked, env).map(|selected| selected.profile.url)
    }

    const TWO: &str =
        "profile = \"a\"\n[profiles.a]\nurl = \"https://a\"\n[profiles.b]\nurl = \"https://b\"\n";

    #[test]
    fn flag_then_environment_then_file() {
        assert_eq!(select(TWO, None, &[]).unwrap(), "https://a");
        assert_eq!(select(TWO, None, &[("SIYU_PROFILE", "b")]).unwrap(), "https://b");
        let both = [("SIYU_PROFILE", "b"), ("SIYU_URL", "https://e")];
        assert_eq!(select(TWO, None, &both).unwrap(), "https://e");
        assert_eq!(select(TWO, Some("b"), &both).unwrap(), "https://e");
        assert_eq!(select(TWO, Some("a"), &both).unwrap(), "https://a");
    }

    #[test]
    fn what_is_missing_is_named() {
        assert_eq!(select("", None, &[]), Err(ProfileError::None));
        assert_eq!(
            select(TWO, Some("c"), &[]),
            Err(ProfileError::Unknown { name: "c".into(), nearest: Some("a".into()) })
        );
        assert_eq!(select(TWO, None, &[("SIYU_BACKEND", "siyu")]), Err(ProfileError::NoUrl));
        assert!(select(TWO, None, &[("SIYU_URL", "x")]).unwrap_err().to_string().starts_with("SIYU_URL: "));
        assert_eq!(select(TWO, None, &[("SIYU_TOKEN", "t")]).unwrap(), "https://a");
    }
}
