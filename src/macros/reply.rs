//! What an external program says is to be done.
//!
//! `{"fields": {"city": "杭州"}}` sets fields of the record; `{"commands": ["tag.add VIP"]}` is run as if
//! it stood in the macro, but has no places: it is parsed, and its risk looked at, as any other line. A `note`,
//! and what it says on standard error, is shown with the plan.

use serde_json::Value;

use crate::command::{Command, Risk, Verb, parse};
use crate::model::Resource;

use super::step::Pattern;

/// A program says at most so many commands for one record.
const MOST: usize = 100;

/// What a program gave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// Its answer, a JSON object.
    pub answer: Value,
    /// What it said besides, for people: hostile text.
    pub said: String,
}

impl Reply {
    /// What people are told: what it said, and the `note` of its answer.
    pub(super) fn told(&self) -> String {
        let note = self.answer.get("note").and_then(Value::as_str).unwrap_or_default();
        let parts = [self.said.trim(), note.trim()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    }
}

/// The commands of an answer.
///
/// # Errors
/// Why it is none: another form, a line that is no command, or one that may do more than it is allowed to.
pub(super) fn commands(reply: &Value, on: Resource, most: Risk) -> Result<Vec<Command>, String> {
    let Value::Object(reply) = reply else {
        return Err(format!("the program's answer is no object but {reply}"));
    };
    let mut commands = Vec::new();
    for (key, value) in reply {
        match (key.as_str(), value) {
            ("fields", Value::Object(fields)) if fields.is_empty() => {}
            ("fields", fields @ Value::Object(_)) => {
                let verb = if on == Resource::FollowUps { Verb::FollowUpEdit } else { Verb::CustomerEdit };
                commands.push(Command::with(verb, fields.to_string()));
            }
            ("commands", Value::Array(lines)) => {
                for line in lines {
                    let line = line.as_str().ok_or_else(|| format!("{line} is no command"))?;
                    commands.push(parse(line).map_err(|error| format!("{line}: {error}"))?);
                }
            }
            ("error", Value::String(why)) => return Err(why.clone()),
            ("note", Value::String(_)) => {}
            _ => {
                return Err(format!(
                    "the program's answer has {key:?} in it: known are fields, commands, error, note"
                ));
            }
        }
    }
    if commands.len() > MOST {
        return Err(format!("the program gave {} commands, more than {MOST}", commands.len()));
    }
    for command in &commands {
        let pattern = Pattern::of(command).map_err(|_| format!("{command} is no step of a macro"))?;
        if on == Resource::Customers && command.spec().on == Some(Resource::FollowUps) {
            return Err(format!("{command} is meant for follow-ups"));
        }
        if pattern.risk() > most {
            let (risk, most) = (pattern.risk().word(), most.word());
            return Err(format!("{command} is {risk}; the step allows {most} at most"));
        }
    }
    Ok(commands)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_program_does_what_its_step_allows_and_nothing_else() {
        let told = |reply: Value| {
            commands(&reply, Resource::Customers, Risk::Write)
                .map(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>())
        };
        assert_eq!(
            told(json!({"fields": {"city": "杭州"}, "commands": ["tag.add VIP"]})).unwrap(),
            [r#"customer.edit "{\"city\":\"杭州\"}""#, "tag.add VIP"]
                .map(|line| parse(line).unwrap().to_string())
        );
        for wrong in [
            json!("tag.add VIP"),
            json!({"commands": ["message.send auto hi"]}),
            json!({"commands": ["follow_up.done"]}),
            json!({"commands": ["quit"]}),
            json!({"commands": ["tag.delete VIP"]}),
            json!({"commands": ["macro.run wake"]}),
            json!({"comands": []}),
        ] {
            assert!(told(wrong.clone()).is_err(), "{wrong}");
        }
    }
}
