//! Where files lie.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

/// What `--config` and `--cache-dir` say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// `--config FILE`.
    pub config: Option<PathBuf>,
    /// `--cache-dir DIR`.
    pub cache_dir: Option<PathBuf>,
}

/// Where files lie. Nothing is made by asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The configuration.
    pub config: PathBuf,
    /// Whether the configuration was named by the operator, so that it must exist.
    pub config_named: bool,
    /// One folder below it for every profile.
    pub cache: PathBuf,
    /// The place kept over a restart, drafts, history.
    pub state: PathBuf,
    /// The log files.
    pub log: PathBuf,
}

impl Paths {
    /// Where `directories` puts them; `None` where there is no home and the flags do not say.
    ///
    /// `--cache-dir` moves cache, state and log there. `--config` alone moves them to a folder
    /// of that configuration's own, so that two configurations never share by accident.
    pub fn find(moved: &Moved) -> Option<Self> {
        let usual = directories::ProjectDirs::from("", "", "siyu");
        let config = match (&moved.config, &usual) {
            (Some(file), _) => file.clone(),
            (None, Some(usual)) => usual.config_dir().join("config.toml"),
            (None, None) => moved.cache_dir.as_ref()?.join("config.toml"),
        };
        let (cache, state) = match (&moved.cache_dir, &usual) {
            (Some(folder), _) => (folder.clone(), folder.join("state")),
            (None, Some(usual)) => {
                let cache = usual.cache_dir().to_owned();
                let state = usual.state_dir().unwrap_or(usual.data_local_dir()).to_owned();
                match &moved.config {
                    Some(file) => {
                        let own = format!(
                            "config-{:016x}",
                            hash(&std::path::absolute(file).unwrap_or(file.clone()))
                        );
                        (cache.join(&own), state.join(&own))
                    }
                    None => (cache, state),
                }
            }
            (None, None) => return None,
        };
        Some(Self { config, config_named: moved.config.is_some(), log: state.join("log"), cache, state })
    }

    /// The folder beside the configuration whose files are read for macros.
    pub fn macros(&self) -> PathBuf {
        folder_of(&self.config).join("macros")
    }

    /// The cache folder of a profile, or of whatever else has a name of its own, such as `demo`.
    pub fn cache_of(&self, name: &str) -> PathBuf {
        self.cache.join(folder(name))
    }

    /// The state folder of a profile.
    pub fn state_of(&self, name: &str) -> PathBuf {
        self.state.join(folder(name))
    }
}

/// A folder's name for any name: letters, digits, `-` and `_` as they are, others as their code.
fn folder(name: &str) -> String {
    name.chars()
        .map(|c| {
            if c.is_alphanumeric() || matches!(c, '-' | '_') {
                c.to_string()
            } else {
                format!("%{:x}", u32::from(c))
            }
        })
        .collect()
}

/// A number that stays the same over runs of one build.
pub(super) fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// The folder that a file lies in.
pub(super) fn folder_of(file: &Path) -> PathBuf {
    file.parent().map(Path::to_owned).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_move_everything() {
        let moved = Moved { config: Some("a/c.toml".into()), cache_dir: Some("b".into()) };
        let paths = Paths::find(&moved).unwrap();
        assert_eq!(paths.config, Path::new("a/c.toml"));
        for path in [&paths.cache, &paths.state, &paths.log] {
            assert!(path.starts_with("b"));
        }
        assert!(paths.config_named);
    }

    #[test]
    fn two_configurations_share_nothing() {
        let of = |file: &str| Paths::find(&Moved { config: Some(file.into()), cache_dir: None });
        let (Some(a), Some(b)) = (of("a.toml"), of("b.toml")) else { return };
        assert_ne!(a.cache, b.cache);
        assert_ne!(a.state, b.state);
        assert_eq!(Some(a), of("a.toml"));
    }

    #[test]
    fn names_stay_inside_the_folder() {
        let paths = Paths::find(&Moved { config: None, cache_dir: Some("b".into()) }).unwrap();
        assert_eq!(paths.cache_of("../x"), Path::new("b/%2e%2e%2fx"));
        assert_eq!(paths.cache_of("main"), Path::new("b/main"));
    }
}
