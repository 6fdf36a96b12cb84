//! A macro as it stands in a file: what is recorded is saved so, and `siyu macros show` prints it.

use std::fmt::Write as _;

use super::definition::{Asking, Macro, ParamKind, Target};
use super::step::{Does, Step};
use crate::command::plan::OnError;
use crate::keymap::print_keys;
use crate::model::Resource;

/// The macro as a table `[macros.NAME]`, without its tests. Reading it gives the same macro again.
pub fn print(makes: &Macro) -> String {
    let mut out = format!("[macros.{}]\n", key(&makes.name));
    let mut line = |key: &str, value: String| {
        let _ = writeln!(out, "{key} = {value}"); // a String takes everything
    };
    for (key, text) in [("zh", &makes.zh), ("en", &makes.en)] {
        if !text.is_empty() {
            line(key, quote(text));
        }
    }
    if makes.on == Resource::FollowUps {
        line("on", quote("follow_ups"));
    }
    match &makes.target {
        Target::Marked => {}
        Target::Select(condition) => line("select", quote(&condition.text.to_string())),
        target => line("target", quote(target.word())),
    }
    if let Some(limit) = makes.limit {
        line("limit", limit.to_string());
    }
    if makes.on_error != OnError::default() {
        line("on_error", quote(makes.on_error.word()));
    }
    if makes.confirm {
        line("confirm", "true".to_owned());
    }
    if let Some(risk) = makes.raised {
        line("risk", quote(risk.word()));
    }
    if !makes.contexts.is_empty() {
        line("contexts", list(makes.contexts.iter().map(|layer| quote(layer.name()))));
    }
    if let Some(keys) = &makes.keys {
        line("key", quote(&print_keys(keys)));
    }
    out.push_str("steps = [\n");
    for step in &makes.steps {
        let _ = writeln!(out, "  {},", self::step(step));
    }
    out.push_str("]\n");
    for param in &makes.params {
        let mut fields = vec![format!("kind = {}", quote(param.kind.word()))];
        if let ParamKind::Choice(choices) = &param.kind {
            fields.push(format!("choices = {}", list(choices.iter().map(|choice| quote(choice)))));
        }
        if param.ask != Asking::default() {
            fields.push(format!("ask = {}", quote(param.ask.word())));
        }
        fields.extend(param.default.as_ref().map(|default| format!("default = {}", quote(default))));
        for (key, text) in [("zh", &param.zh), ("en", &param.en)] {
            if !text.is_empty() {
                fields.push(format!("{key} = {}", quote(text)));
            }
        }
        let _ = writeln!(out, "params.{} = {{ {} }}", key(&param.name), fields.join(", "));
    }
    out
}

fn step(step: &Step) -> String {
    let when = step.when.as_ref().map(|condition| format!("when = {}", quote(&condition.text.to_string())));
    match (&step.does, when) {
        (Does::Program(program), when) => {
            let mut fields =
                vec![format!("program = {}", list(program.argv.iter().map(|word| quote(&word.to_string()))))];
            fields.push(format!("risk = {}", quote(program.risk.word())));
            fields.push(format!("seconds = {}", program.seconds));
            fields.extend(when);
            format!("{{ {} }}", fields.join(", "))
        }
        (does, Some(when)) => format!("{{ run = {}, {when} }}", quote(&does.to_string())),
        (does, None) => quote(&does.to_string()),
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

/// A key as TOML takes it: bare where it can be.
fn key(name: &str) -> String {
    let bare = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
    if bare { name.to_owned() } else { quote(name) }
}

/// A text in quotation marks, as TOML takes it.
pub(super) fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c)); // a String takes everything
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
