//! `siyu doctor`: looks at everything that the console depends on, and says what to do about
//! what is not well. It changes nothing and asks nothing of the terminal.

mod backend;
mod store;
mod surroundings;

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use serde::Serialize;
use unicode_width::UnicodeWidthStr;

use crate::config::{Config, Diagnostic, Paths, ProfileError, Selected};
use crate::i18n::words::doctor;
use crate::i18n::{Lang, Line, named, say};
use crate::ui::text::{WidthMode, safe};

/// Arguments of `siyu doctor`.
#[derive(Args, Clone, Debug, Default)]
pub struct DoctorArgs {
    /// How to print the findings
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: DoctorFormat,
}

/// Formats of the findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum DoctorFormat {
    /// Lines, for the eye
    #[default]
    Table,
    /// One document
    Json,
    /// One object per line
    Jsonl,
}

/// How something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Well.
    Ok,
    /// It works, and could be better.
    Warning,
    /// It does not work.
    Failed,
}

/// What was found.
/// In JSON the words are English, whatever the language: programs read them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub check: &'static str,
    /// How it is.
    pub state: State,
    /// What it is, in words.
    #[serde(serialize_with = "english")]
    pub found: Line,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "english_too")]
    pub remedy: Option<Line>,
}

fn english<S: serde::Serializer>(line: &Line, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(line)
}

fn english_too<S: serde::Serializer>(line: &Option<Line>, to: S) -> Result<S::Ok, S::Error> {
    match line {
        Some(line) => to.collect_str(line),
        None => to.serialize_none(),
    }
}

impl Finding {
    fn ok(check: &'static str, found: impl Into<Line>) -> Self {
        Self { check, state: State::Ok, found: found.into(), remedy: None }
    }

    fn warning(check: &'static str, found: impl Into<Line>, remedy: impl Into<Line>) -> Self {
        Self { check, state: State::Warning, found: found.into(), remedy: Some(remedy.into()) }
    }

    fn failed(check: &'static str, found: impl Into<Line>, remedy: impl Into<Line>) -> Self {
        Self { check, state: State::Failed, found: found.into(), remedy: Some(remedy.into()) }
    }
}

/// What is looked at.
pub struct Patient<'a> {
    /// Where files lie.
    pub paths: &'a Paths,
    /// The configuration, as [`Config::open`] gave it.
    pub config: &'a Result<Option<Config>, Vec<Diagnostic>>,
    /// The profile to open.
    pub selected: &'a Result<Selected, ProfileError>,
    /// `--offline`
    pub offline: bool,
    /// `--no-color`
    pub no_color: bool,
    /// Of the words in a table.
    pub lang: Lang,
}

/// Looks at everything and prints what was found. Gives the exit status: 1 where something failed.
///
/// # Errors
/// Where `out` takes no more.
pub fn run(args: &DoctorArgs, patient: &Patient<'_>, out: &mut impl Write) -> io::Result<u8> {
    let env = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let mut findings = surroundings::look(patient, &env);
    findings.push(configuration(patient));
    findings.extend(store::look(patient));
    findings.extend(backend::look(patient));
    print(args.format, &findings, patient.lang, out)?;
    Ok(u8::from(findings.iter().any(|finding| finding.state == State::Failed)))
}

fn configuration(patient: &Patient<'_>) -> Finding {
    let path = || patient.paths.config.display().to_string();
    let first = |all: &[Diagnostic]| {
        all.first().map_or_else(
            || Line::from(""),
            |first| Line::both(first.one_line(Lang::Zh), first.one_line(Lang::En)),
        )
    };
    match patient.config {
        Ok(Some(config)) if !config.warnings.is_empty() => {
            let odd = &config.warnings;
            let found = doctor::DOUBTS.with("n", odd.len().to_string()).with("first", first(odd));
            Finding::warning("configuration", found, doctor::CHECK_SHOWS)
        }
        Ok(Some(config)) => {
            let read = config.files.iter().filter(|file| file.exists());
            let names = read.map(|file| file.display().to_string()).collect::<Vec<_>>().join(", ");
            let found = doctor::NO_MISTAKES.with("path", names);
            let none = doctor::NO_FILE.with("path", path());
            let there = patient.paths.config.exists();
            Finding::ok("configuration", if there { found } else { none.and("; ").and(found) })
        }
        Ok(None) => Finding::ok("configuration", doctor::NO_FILE.with("path", path())),
        Err(wrong) => {
            let found = doctor::MISTAKES.with("n", wrong.len().to_string()).with("first", first(wrong));
            Finding::failed("configuration", found, doctor::CHECK_SHOWS)
        }
    }
}

fn print(format: DoctorFormat, findings: &[Finding], lang: Lang, out: &mut impl Write) -> io::Result<()> {
    match format {
        DoctorFormat::Json => writeln!(out, "{:#}", serde_json::json!(findings)),
        DoctorFormat::Jsonl => {
            findings.iter().try_for_each(|finding| writeln!(out, "{}", serde_json::json!(finding)))
        }
        DoctorFormat::Table => {
            let name = |check: &'static str| {
                named(doctor::CHECKS, &check.replace(' ', "_")).map_or(check, |word| say(lang, word))
            };
            let states = [doctor::OK, doctor::WARNING, doctor::FAILED].map(|word| say(lang, word));
            let widest = states.iter().map(|word| word.width()).max().unwrap_or(0);
            let width = findings.iter().map(|finding| name(finding.check).width()).max().unwrap_or(0);
            let padded = |text: &str, width: usize| {
                format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
            };
            for Finding { check, state, found, remedy } in findings {
                let word = padded(states[*state as usize], widest);
                let found = found.in_lang(lang);
                writeln!(out, "{word}  {}  {}", padded(name(check), width), safe(&found, WidthMode::Narrow))?;
                if let Some(remedy) = remedy {
                    let remedy = remedy.in_lang(lang);
                    writeln!(
                        out,
                        "{}    -> {}",
                        padded("", widest + width),
                        safe(&remedy, WidthMode::Narrow)
                    )?;
                }
            }
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Moved;

    fn looks(text: &str, url: Option<&str>) -> (u8, Vec<serde_json::Value>) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, text).unwrap();
        let moved = Moved { config: Some(file), cache_dir: Some(folder.path().join("cache")) };
        let paths = Paths::find(&moved).unwrap();
        let config = Config::open(&paths);
        let env = |name: &str| url.filter(|_| name == "SIYU_URL").map(str::to_owned);
        let usual = Config::default();
        let selected = config.as_ref().ok().and_then(Option::as_ref).unwrap_or(&usual).select(None, env);
        let patient = Patient {
            paths: &paths,
            config: &config,
            selected: &selected,
            offline: false,
            no_color: false,
            lang: Lang::Zh,
        };
        let mut out = Vec::new();
        let status = run(&DoctorArgs { format: DoctorFormat::Json }, &patient, &mut out).unwrap();
        (status, serde_json::from_slice(&out).unwrap())
    }

    fn state(findings: &[serde_json::Value], check: &str) -> String {
        let found =
            findings.iter().find(|finding| finding["check"] == check).unwrap_or_else(|| panic!("{check}"));
        found["state"].as_str().unwrap().to_owned()
    }

    #[test]
    fn a_broken_configuration_and_a_silent_backend_fail() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        drop(listener);
        let (status, findings) = looks("lnag = 1\n", Some(&url));
        assert_eq!(status, 1);
        assert_eq!(state(&findings, "configuration"), "failed");
        assert_eq!(state(&findings, "backend"), "failed");
    }

    #[test]
    fn without_a_backend_nothing_fails_for_it() {
        let (_, findings) = looks("", None);
        assert_eq!(state(&findings, "configuration"), "ok");
        assert_eq!(state(&findings, "backend"), "warning");
        assert_eq!(state(&findings, "cache"), "ok");
        for finding in &findings {
            assert_eq!(finding["state"] == "ok", finding.get("remedy").is_none(), "{finding}");
        }
    }

    #[test]
    fn macros_without_a_configuration_are_named_as_what_was_read() {
        let folder = tempfile::tempdir().unwrap();
        let moved = Moved { config: Some(folder.path().join("config.toml")), cache_dir: None };
        let paths = Paths { config_named: false, ..Paths::find(&moved).unwrap() };
        std::fs::create_dir(paths.macros()).unwrap();
        std::fs::write(paths.macros().join("mine.toml"), "[macros.m]\nsteps = [\"tag.add VIP\"]\n").unwrap();
        let config = Config::open(&paths);
        let selected = Config::default().select(None, |_| None);
        let (paths, config, selected) = (&paths, &config, &selected);
        let patient = Patient { paths, config, selected, offline: false, no_color: false, lang: Lang::En };
        let found = configuration(&patient);
        assert_eq!(found.state, State::Ok);
        let found = found.found.to_string();
        assert!(found.contains("config.toml: there is none"), "{found}");
        assert!(found.ends_with("mine.toml: no mistakes"), "{found}");
    }

    #[test]
    fn what_is_printed_cannot_act_on_the_terminal() {
        let mut out = Vec::new();
        let finding = Finding::failed("backend", "a\u{1b}[2J\u{202e}", "b\nc");
        print(DoctorFormat::Table, &[finding], Lang::En, &mut out).unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "failed   backend  a^[[2J\n                  -> b c\n");
    }
}
