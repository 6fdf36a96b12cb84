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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked at.
    pub check: &'static str,
    /// How it is.
    pub state: State,
    /// What it is, in words.
    pub found: String,
    /// What to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remedy: Option<String>,
}

impl Finding {
    fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self { check, state: State::Ok, found: found.into(), remedy: None }
    }

    fn warning(check: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { check, state: State::Warning, found: found.into(), remedy: Some(remedy.into()) }
    }

    fn failed(check: &'static str, found: impl Into<String>, remedy: impl Into<String>) -> Self {
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
    print(args.format, &findings, out)?;
    Ok(u8::from(findings.iter().any(|finding| finding.state == State::Failed)))
}

fn configuration(patient: &Patient<'_>) -> Finding {
    let path = patient.paths.config.display();
    match patient.config {
        Ok(Some(_)) => Finding::ok("configuration", format!("{path}: no mistakes")),
        Ok(None) => Finding::ok("configuration", format!("{path}: there is none; the defaults apply")),
        Err(wrong) => {
            let first = wrong.first().map(Diagnostic::one_line).unwrap_or_default();
            let found = format!("{} mistakes; the first: {first}", wrong.len());
            Finding::failed("configuration", found, "`siyu config check` shows them all")
        }
    }
}

fn print(format: DoctorFormat, findings: &[Finding], out: &mut impl Write) -> io::Result<()> {
    match format {
        DoctorFormat::Json => writeln!(out, "{:#}", serde_json::json!(findings)),
        DoctorFormat::Jsonl => {
            findings.iter().try_for_each(|finding| writeln!(out, "{}", serde_json::json!(finding)))
        }
        DoctorFormat::Table => {
            let width = findings.iter().map(|finding| finding.check.width()).max().unwrap_or(0);
            for Finding { check, state, found, remedy } in findings {
                let word = match state {
                    State::Ok => "ok     ",
                    State::Warning => "warning",
                    State::Failed => "failed ",
                };
                writeln!(out, "{word}  {check:width$}  {}", safe(found, WidthMode::Narrow))?;
                if let Some(remedy) = remedy {
                    writeln!(out, "{:width$}           -> {}", "", safe(remedy, WidthMode::Narrow))?;
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

    fn doctor(text: &str, url: Option<&str>) -> (u8, Vec<serde_json::Value>) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("config.toml");
        std::fs::write(&file, text).unwrap();
        let moved = Moved { config: Some(file), cache_dir: Some(folder.path().join("cache")) };
        let paths = Paths::find(&moved).unwrap();
        let config = Config::open(&paths);
        let env = |name: &str| url.filter(|_| name == "SIYU_URL").map(str::to_owned);
        let usual = Config::default();
        let selected = config.as_ref().ok().and_then(Option::as_ref).unwrap_or(&usual).select(None, env);
        let patient =
            Patient { paths: &paths, config: &config, selected: &selected, offline: false, no_color: false };
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
        let (status, findings) = doctor("lnag = 1\n", Some(&url));
        assert_eq!(status, 1);
        assert_eq!(state(&findings, "configuration"), "failed");
        assert_eq!(state(&findings, "backend"), "failed");
    }

    #[test]
    fn without_a_backend_nothing_fails_for_it() {
        let (_, findings) = doctor("", None);
        assert_eq!(state(&findings, "configuration"), "ok");
        assert_eq!(state(&findings, "backend"), "warning");
        assert_eq!(state(&findings, "cache"), "ok");
        for finding in &findings {
            assert_eq!(finding["state"] == "ok", finding.get("remedy").is_none(), "{finding}");
        }
    }

    #[test]
    fn what_is_printed_cannot_act_on_the_terminal() {
        let mut out = Vec::new();
        print(DoctorFormat::Table, &[Finding::failed("backend", "a\u{1b}[2J\u{202e}", "b\nc")], &mut out)
            .unwrap();
        assert_eq!(String::from_utf8(out).unwrap(), "failed   backend  a^[[2J\n                  -> b c\n");
    }
}
