//! The terminal and what surrounds it.

use std::io::IsTerminal;

use super::{Finding, Patient};
use crate::config::{Background, ColorChoice, ColorDepth, WidthChoice};

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
        Some(_) => {
            Finding::ok("ssh", "yes; the mouse is off unless ui.mouse = \"on\", so that selecting text works")
        }
        None => Finding::ok("ssh", "no"),
    });
    findings
}

fn terminal() -> Finding {
    let remedy = "open the console in a terminal; list, show, count and sync work without one";
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Finding::warning("terminal", "standard input or output is no terminal", remedy);
    }
    match rustix::termios::tcgetwinsize(std::io::stdout()) {
        Ok(size) => size_of(size.ws_col, size.ws_row),
        Err(error) => Finding::warning("terminal", format!("it does not tell its size: {error}"), remedy),
    }
}

fn size_of(columns: u16, rows: u16) -> Finding {
    let found = format!("{columns}x{rows}");
    match (columns, rows) {
        (0..40, _) | (_, 0..10) => Finding::warning(
            "terminal",
            found,
            "the console wants 40x10, and shows all panes from 110 columns on",
        ),
        _ => Finding::ok("terminal", found),
    }
}

fn term(term: Option<&str>) -> Finding {
    match term {
        None | Some("dumb" | "unknown") => Finding::warning(
            "TERM",
            format!("TERM is {}", term.unwrap_or("not set")),
            "export TERM=xterm-256color, or what your terminal is",
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
            format!("{} is not UTF-8", other.as_deref().unwrap_or("an unset locale")),
            "export LANG=zh_CN.UTF-8 or C.UTF-8; tmux and the shell need it to show Chinese",
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
        format!("{} (ui.color = {:?}, background {})", depth.word(), setting.word(), background.word()),
    )
}

fn width(setting: WidthChoice) -> Finding {
    let found = match setting {
        WidthChoice::Auto => {
            "auto: the console asks the terminal; if borders stand askew, set ui.width = \"ascii\""
        }
        other => other.word(),
    };
    Finding::ok("width", found)
}

fn clipboard(env: &impl Fn(&str) -> Option<String>) -> Finding {
    if env("TMUX").is_some() {
        let remedy = "in ~/.tmux.conf: set -g set-clipboard on";
        return Finding::warning(
            "clipboard",
            "OSC 52 through tmux, which passes it on only when told to",
            remedy,
        );
    }
    if env("STY").is_some() {
        return Finding::warning(
            "clipboard",
            "GNU screen keeps OSC 52 to itself",
            "use tmux, or select with the mouse",
        );
    }
    if env("TERM_PROGRAM").as_deref() == Some("Apple_Terminal") {
        return Finding::warning(
            "clipboard",
            "Terminal.app knows no OSC 52",
            "use another terminal, or select with the mouse",
        );
    }
    Finding::ok("clipboard", "OSC 52; no terminal confirms it, so try `y` once and paste")
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
