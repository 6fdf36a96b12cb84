//! `siyu config check|init|path|show|schema`.

use std::io::{self, Write};

use clap::{Args, Subcommand};

use super::init::{self, InitArgs};
use super::say::{say_as_it_is, shown};
use crate::config::{Config, Paths, ProfileError, Selected, schema};
use crate::i18n::words::doctor;
use crate::i18n::{Lang, Word};

/// Arguments of `siyu config`.
#[derive(Args, Clone, Debug)]
pub struct ConfigArgs {
    /// What to do; `check` where nothing is said
    #[command(subcommand)]
    pub what: Option<ConfigWhat>,
}

/// Subcommands of `siyu config`.
#[derive(Subcommand, Clone, Debug)]
pub enum ConfigWhat {
    /// Print every mistake as path:line:col, with the line and a hint
    Check,
    /// Write a commented configuration
    Init(InitArgs),
    /// Print where the configuration lies
    Path,
    /// Print the effective configuration, with secrets masked
    Show,
    /// Print a JSON Schema of the file
    Schema,
}

/// The configuration or an argument makes no sense.
const USAGE: u8 = 2;

/// Does what is asked for and gives the exit status. The file is read here, since `check` and
/// `init` must work where it is broken. `show` shows it as `said` makes it, what was said to the program
/// over what the file says, with the profile that `select` chooses as the open one.
///
/// # Errors
/// Where `out` takes no more, or a file cannot be written.
pub fn run(
    args: &ConfigArgs,
    paths: &Paths,
    said: impl Fn(Config) -> Config,
    select: impl Fn(&Config) -> Result<Selected, ProfileError>,
    lang: Lang,
    out: &mut impl Write,
) -> io::Result<u8> {
    let at = |word: Word| shown(word.with("path", paths.config.display().to_string()).in_lang(lang));
    match args.what.as_ref().unwrap_or(&ConfigWhat::Check) {
        ConfigWhat::Path => writeln!(out, "{}", paths.config.display())?,
        ConfigWhat::Schema => writeln!(out, "{}", schema())?,
        ConfigWhat::Init(args) => return init::run(args, &paths.config, lang, out),
        ConfigWhat::Check => match Config::open(paths) {
            Ok(Some(config)) => {
                for odd in &config.warnings {
                    writeln!(out, "{}", shown(odd.in_lang(lang)))?;
                }
                for mistake in &config.unusable {
                    writeln!(out, "{}", shown(mistake.in_lang(lang)))?;
                }
                let chosen = unknown(select(&config), lang, out)?;
                if !config.unusable.is_empty() || chosen {
                    return Ok(USAGE);
                }
                if !paths.config.exists() {
                    writeln!(out, "{}", at(doctor::NO_FILE))?;
                }
                for file in config.files.iter().filter(|file| file.exists()) {
                    let line = doctor::NO_MISTAKES.with("path", file.display().to_string());
                    writeln!(out, "{}", shown(line.in_lang(lang)))?;
                }
            }
            Ok(None) => {
                writeln!(out, "{}", at(doctor::NO_FILE))?;
                if unknown(select(&Config::default()), lang, out)? {
                    return Ok(USAGE);
                }
            }
            Err(wrong) => {
                for mistake in wrong {
                    writeln!(out, "{}", shown(mistake.in_lang(lang)))?;
                }
                return Ok(USAGE);
            }
        },
        ConfigWhat::Show => match Config::open(paths) {
            Ok(config) => {
                let config = said(config.unwrap_or_default());
                write!(out, "{}", config.show(select(&config).ok().as_ref()))?;
            }
            Err(wrong) => {
                for mistake in wrong {
                    say_as_it_is(mistake.in_lang(lang));
                }
                return Ok(USAGE);
            }
        },
    }
    Ok(0)
}

/// Whether the profile that was asked for cannot be opened, and says why. That none was asked for and
/// there is none is no mistake.
fn unknown(selected: Result<Selected, ProfileError>, lang: Lang, out: &mut impl Write) -> io::Result<bool> {
    match selected {
        Ok(_) | Err(ProfileError::None) => Ok(false),
        Err(error) => writeln!(out, "{}", shown(error.told().in_lang(lang))).map(|()| true),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::config::Moved;

    fn at(folder: &Path) -> Paths {
        let moved =
            Moved { config: Some(folder.join("deep/config.toml")), cache_dir: Some(folder.to_owned()) };
        Paths::find(&moved).unwrap()
    }

    fn does(paths: &Paths, what: ConfigWhat) -> (u8, String) {
        let mut out = Vec::new();
        let select = |config: &Config| config.select(None, |_| None);
        let status =
            run(&ConfigArgs { what: Some(what) }, paths, |config| config, select, Lang::En, &mut out)
                .unwrap();
        (status, String::from_utf8(out).unwrap())
    }

    #[test]
    fn check_prints_every_mistake_and_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let paths = at(folder.path());
        assert_eq!(does(&paths, ConfigWhat::Check).0, USAGE, "a named file must be there");
        fs::create_dir_all(paths.config.parent().unwrap()).unwrap();
        fs::write(&paths.config, "lnag = \"zh\"\n[ui]\nwidth = \"wdie\"\n").unwrap();
        let (status, told) = does(&paths, ConfigWhat::Check);
        assert_eq!(status, USAGE);
        assert!(told.contains("config.toml:1:1: ") && told.contains("config.toml:3:9: "), "{told}");
    }

    #[test]
    fn check_knows_a_profile_that_is_not_there_with_a_file_and_without() {
        let folder = tempfile::tempdir().unwrap();
        let mut paths = at(folder.path());
        paths.config_named = false;
        let check = |paths: &Paths, asked: Option<&str>| {
            let mut out = Vec::new();
            let select = |config: &Config| config.select(asked, |_| None);
            let args = ConfigArgs { what: Some(ConfigWhat::Check) };
            let status = run(&args, paths, |config| config, select, Lang::En, &mut out).unwrap();
            (status, String::from_utf8(out).unwrap())
        };
        assert_eq!(check(&paths, None).0, 0);
        let (status, told) = check(&paths, Some("nosuch"));
        assert!(status == USAGE && told.contains("nosuch"), "{status} {told}");
        fs::create_dir_all(paths.config.parent().unwrap()).unwrap();
        fs::write(
            &paths.config,
            "lang = \"en\"\n[profiles.main]\nbackend = \"siyu\"\nurl = \"http://127.0.0.1:1\"\n",
        )
        .unwrap();
        let (status, told) = check(&paths, Some("mian"));
        assert!(status == USAGE && told.contains("main"), "{status} {told}");
        assert_eq!(check(&paths, Some("main")).0, 0, "{}", check(&paths, Some("main")).1);
    }

    #[test]
    fn check_names_the_files_that_it_read() {
        let folder = tempfile::tempdir().unwrap();
        let mut paths = at(folder.path());
        paths.config_named = false;
        fs::create_dir_all(paths.macros()).unwrap();
        fs::write(paths.macros().join("mine.toml"), "[macros.m]\nsteps = [\"tag.add VIP\"]\n").unwrap();
        let (status, told) = does(&paths, ConfigWhat::Check);
        let lines: Vec<&str> = told.lines().collect();
        assert_eq!((status, lines.len()), (0, 2), "{told}");
        assert!(lines[0].contains("config.toml: there is none"), "{told}");
        assert!(lines[1].contains("mine.toml: no mistakes"), "{told}");
        fs::write(&paths.config, "lang = \"en\"\n").unwrap();
        let told = does(&paths, ConfigWhat::Check).1;
        assert!(
            told.contains("config.toml: no mistakes") && told.contains("mine.toml: no mistakes"),
            "{told}"
        );
    }

    #[test]
    fn show_tells_what_the_flags_say() {
        let folder = tempfile::tempdir().unwrap();
        let mut paths = at(folder.path());
        paths.config_named = false;
        let flags = super::super::Global {
            lang: Some(super::super::global::LangFlag::Zh),
            no_color: true,
            ..Default::default()
        };
        let mut out = Vec::new();
        let args = ConfigArgs { what: Some(ConfigWhat::Show) };
        let select = |config: &Config| config.select(None, |_| None);
        run(&args, &paths, |config| flags.over(config), select, Lang::En, &mut out).unwrap();
        let shown = String::from_utf8(out).unwrap();
        assert!(shown.contains("lang = \"zh\"") && shown.contains("color = \"never\""), "{shown}");
    }

    #[test]
    fn path_show_and_schema() {
        let folder = tempfile::tempdir().unwrap();
        let mut paths = at(folder.path());
        paths.config_named = false;
        assert_eq!(does(&paths, ConfigWhat::Path).1.trim(), paths.config.display().to_string());
        let shown = does(&paths, ConfigWhat::Show).1;
        assert!(Config::read("shown.toml".as_ref(), &shown).is_ok(), "{shown}");
        let schema: serde_json::Value = serde_json::from_str(&does(&paths, ConfigWhat::Schema).1).unwrap();
        assert_eq!(schema["additionalProperties"], false);
    }
}
