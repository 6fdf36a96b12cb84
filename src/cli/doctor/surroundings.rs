//! The terminal and what surrounds it.

use std::io::IsTerminal;

use super::{Finding, Patient};
use crate::config::{Background, ColorChoice, ColorDepth, WidthChoice};
use crate::i18n::Line;
use crate::i18n::words::doctor as words;

/// Looks around. `env` gives variables that are set and not empty.
pub(super) fn look(patient: &Patient<'_>, env: &impl Fn(&str) -> Option<String>) -> Vec<Finding> {
    let ui = patient
        .config
        .as_ref()
        .ok()
        .and_then(Option::as_ref)
        .map(|config| config.ui.clone())
        .unwrap_or_default();
    let mut findings = vec![
        terminal(),
        term(env("TERM").as_deref()),
        locale(env),
        color(ui.color, ui.background, patient.no_color, env),
        width(ui.width),
    ];
    findings.push(clipboard(env));
    findings.push(match env("SSH_CONNECTION").or_else(|| env("SSH_TTY")) {
        Some(_) => Finding::ok("ssh", words::SSH_YES),
        None => Finding::ok("ssh", words::NO),
    });
    findings
}

fn terminal() -> Finding {
    let remedy = words::OPEN_IN_TERMINAL;
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Finding::warning("terminal", words::NO_TERMINAL, remedy);
    }
    match rustix::termios::tcgetwinsize(std::io::stdout()) {
        Ok(size) => size_of(size.ws_col, size.ws_row),
        Err(error) => Finding::warning("terminal", words::NO_SIZE.with("error", error.to_string()), remedy),
    }
}

fn size_of(columns: u16, rows: u16) -> Finding {
    let found = format!("{columns}x{rows}");
    match (columns, rows) {
        (0..40, _) | (_, 0..10) => Finding::warning("terminal", found, words::WANTS_SIZE),
        _ => Finding::ok("terminal", found),
    }
}

fn term(term: Option<&str>) -> Finding {
    match term {
        None | Some("dumb" | "unknown") => Finding::warning(
            "TERM",
            term.map_or(words::TERM_UNSET.into(), |term| words::TERM_IS.with("term", term)),
            words::EXPORT_TERM,
        ),
        Some(term) => Finding::ok("TERM", term),
    }
}

fn locale(env: &impl Fn(&str) -> Option<String>) -> Finding {
    let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(env);
    let utf8 = |locale: &str| locale.to_lowercase().replace('-', "").contains("utf8");
    match locale {
        Some(locale) if utf8(&locale) => Finding::ok("locale", locale),
        other => Finding::warning(
            "locale",
            words::NOT_UTF8.with("locale", other.map_or(Line::from(words::UNSET_LOCALE), Line::from)),
            words::EXPORT_LANG,
        ),
    }
}

fn color(
    setting: ColorChoice,
    background: Background,
    no_color: bool,
    env: &impl Fn(&str) -> Option<String>,
) -> Finding {
    let depth = ColorDepth::detect(setting, no_color, env);
    Finding::ok(
        "colour",
        words::COLOUR_IS
            .with("depth", depth.word())
            .with("setting", format!("{:?}", setting.word()))
            .with("background", background.word()),
    )
}

fn width(setting: WidthChoice) -> Finding {
    let found: Line = match setting {
        WidthChoice::Auto => words::WIDTH_AUTO.into(),
        other => other.word().into(),
    };
    Finding::ok("width", found)
}

fn clipboard(env: &impl Fn(&str) -> Option<String>) -> Finding {
    if env("TMUX").is_some() {
        return Finding::warning("clipboard", words::TMUX_CLIP, words::TMUX_SET);
    }
    if env("STY").is_some() {
        return Finding::warning("clipboard", words::SCREEN_CLIP, words::USE_TMUX);
    }
    if env("TERM_PROGRAM").as_deref() == Some("Apple_Terminal") {
        return Finding::warning("clipboard", words::APPLE_CLIP, words::OTHER_TERMINAL);
    }
    Finding::ok("clipboard", words::CLIP_OK)
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn what_is_odd_is_a_warning_with_a_remedy() {
        let env = |pairs: &'static [(&str, &str)]| {
            move |name: &str| pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
        };
        let odd = [
            size_of(39, 24),
            size_of(80, 9),
            term(None),
            term(Some("dumb")),
            locale(&env(&[])),
            locale(&env(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")])),
            clipboard(&env(&[("TMUX", "x")])),
        ];
        for finding in odd {
            assert_eq!(finding.state, State::Warning, "{finding:?}");
            assert!(finding.remedy.is_some());
        }
        let well =
            [size_of(40, 10), term(Some("xterm")), locale(&env(&[("LANG", "C.utf8")])), clipboard(&env(&[]))];
        assert!(well.iter().all(|finding| finding.state == State::Ok));
    }
}
