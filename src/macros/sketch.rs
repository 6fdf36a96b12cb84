//! A macro that is being made: out of commands that were recorded, and changed step by step.
//!
//! ```text
//! commands ──recorded──▶ Macro ──read_step, ask_for──▶ Macro ──print──▶ a table of the configuration
//! ```
//!
//! What was typed while it was recorded is text, whatever it looks like: braces in a note open no place.

use std::ops::Range;
use std::path::Path;

use super::book::Book;
use super::definition::{Asking, Macro, Origin, Param, ParamKind, Source, Target};
use super::read::{check, line};
use super::step::{Does, Pattern, Step};
use super::template::{Template, WORDS, is_name};
use super::used;
use crate::command::plan::OnError;
use crate::command::{Command, Risk};
use crate::i18n::Line;
use crate::i18n::words::macros as words;
use crate::model::Resource;
use crate::reading::{At, Reader};

/// What of a recording is no step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeftOut {
    /// Commands that look, and change nothing.
    pub views: usize,
    /// Commands that change what is no customer and no follow-up.
    pub others: Vec<String>,
}

/// The macro of what was recorded, with what of it is no step.
pub fn recorded<'c>(
    name: &str,
    commands: impl IntoIterator<Item = &'c Command>,
    book: &Book,
) -> (Macro, LeftOut) {
    let mut makes = Macro {
        name: name.to_owned(),
        zh: String::new(),
        en: String::new(),
        on: Resource::Customers,
        target: Target::Marked,
        limit: None,
        on_error: OnError::default(),
        confirm: false,
        raised: None,
        contexts: Vec::new(),
        keys: None,
        params: Vec::new(),
        steps: Vec::new(),
        tests: Vec::new(),
        origin: Origin { source: Source::Config, file: "".into(), span: 0..0, key: None },
    };
    let mut left = LeftOut::default();
    for command in commands {
        match step_of(command) {
            Some(does) => {
                let on = match &does {
                    Does::Command(pattern) => pattern.verb.spec().on,
                    Does::Call(call) => book.get(&call.name).map(|called| called.on),
                    Does::Program(_) => None,
                };
                if on == Some(Resource::FollowUps) {
                    // What is done to customers is then done to those of the follow-ups.
                    makes.on = Resource::FollowUps;
                }
                makes.steps.push(Step { does, when: None, span: 0..0 });
            }
            None if command.spec().risk == Risk::Read => left.views += 1,
            None => left.others.push(command.to_string()),
        }
    }
    (makes, left)
}

/// The step that a command is, with nothing in it to be filled; `None` where it is none.
pub fn step_of(command: &Command) -> Option<Does> {
    let args = command.args.iter().map(|arg| Template::literal(arg).to_string()).collect();
    let written = Command { verb: command.verb, args, count: None };
    Does::read(&written.to_string()).ok()
}

/// The step that a line is in a macro.
///
/// # Errors
/// Where in the line it is wrong, in bytes, and why.
pub fn read_step(makes: &Macro, text: &str) -> Result<Step, (Range<usize>, Line)> {
    let mut reader = Reader::of(Path::new(""), text, words::THE_MACROS);
    let whole = At { value: text.to_owned(), span: 0..text.len() };
    let does = line(&mut reader, makes, &whole);
    match (does, reader.wrong.into_iter().next()) {
        (Some(does), None) => Ok(Step { does, when: None, span: 0..text.len() }),
        (_, Some((at, wrong))) => Err((at.min(text.len())..text.len(), wrong.message)),
        (None, None) => Err((0..text.len(), words::STEPS_ARE.into())),
    }
}

impl Macro {
    /// Texts of a step that could be asked for instead.
    pub fn literals(&self, step: usize) -> Vec<String> {
        let templates: Vec<&Template> = match self.steps.get(step).map(|step| &step.does) {
            Some(Does::Command(pattern)) => pattern.templates().map(|(template, _)| template).collect(),
            Some(Does::Call(call)) => call.given.iter().map(|(_, template)| template).collect(),
            _ => Vec::new(),
        };
        let mut found: Vec<String> = Vec::new();
        for text in templates.into_iter().filter_map(Template::as_literal) {
            if !text.is_empty() && !found.iter().any(|known| known == text) {
                found.push(text.to_owned());
            }
        }
        found
    }

    /// The same, with a parameter in place of a text of a step; the text is what it is by default.
    ///
    /// # Errors
    /// Why it cannot be: the name is none or taken, the text is not there or no value of that kind, or no
    /// such step can be with a place there.
    pub fn asking(&self, step: usize, text: &str, mut param: Param) -> Result<Self, Line> {
        if !is_name(&param.name) {
            return Err(words::PARAM_NAMED.into());
        }
        if WORDS.iter().any(|(word, ..)| *word == param.name) || self.param(&param.name).is_some() {
            return Err(words::PARAM_TAKEN.with("name", crate::reading::quoted(&param.name)));
        }
        if let ParamKind::Choice(choices) = &mut param.kind
            && !choices.iter().any(|choice| choice == text)
        {
            choices.insert(0, text.to_owned());
        }
        check(&param.kind, text).map_err(|why| words::BAD_DEFAULT.with("why", why))?;
        let mut makes = self.clone();
        let Some(at) = makes.steps.get_mut(step) else { return Err(words::NO_SUCH_TEXT.into()) };
        let place = Template::of(&param.name);
        let put = match &mut at.does {
            Does::Command(pattern) => pattern.replace(text, &place),
            Does::Call(call) => {
                let found = call.given.iter_mut().find(|(_, value)| value.as_literal() == Some(text));
                found.map(|(_, value)| *value = place).is_some()
            }
            Does::Program(_) => false,
        };
        if !put {
            return Err(words::NO_SUCH_TEXT.into());
        }
        param.default = Some(text.to_owned());
        if param.ask != Asking::Never && param.default.as_deref() == Some("") {
            param.default = None;
        }
        let line = at.does.to_string();
        makes.params.push(param);
        let read = read_step(&makes, &line).map_err(|(_, why)| why)?;
        makes.steps[step].does = read.does;
        Ok(makes)
    }

    /// The step that a line is in it, and the kind of record that it is for with that step.
    ///
    /// # Errors
    /// As [`read_step`].
    pub fn taking(&self, text: &str) -> Result<(Step, Resource), (Range<usize>, Line)> {
        let wrong = match read_step(self, text) {
            Ok(step) => return Ok((step, self.on)),
            Err(wrong) => wrong,
        };
        let on = Resource::FollowUps;
        let other = Self { on, ..self.clone() };
        read_step(&other, text).map(|step| (step, on)).map_err(|_| wrong)
    }

    /// The same without parameters that nothing asks for any more, and for customers where nothing in it
    /// is about follow-ups.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        let used = used(&self);
        self.params.retain(|param| used.contains(&param.name));
        let own = self.steps.iter().any(|step| match &step.does {
            Does::Command(pattern) => pattern.verb.spec().on == Some(Resource::FollowUps),
            Does::Call(_) | Does::Program(_) => true,
        });
        if !own && !used.iter().any(|name| name.starts_with("follow_up.")) {
            self.on = Resource::Customers;
        }
        self
    }
}

impl Pattern {
    /// Puts a template in the place of the first text that is this one; says whether there was one.
    fn replace(&mut self, text: &str, with: &Template) -> bool {
        use super::step::{Entry, Slot};
        for slot in &mut self.args {
            let mut templates: Vec<&mut Template> = match slot {
                Slot::Text(template) => vec![template],
                Slot::Form(fields) => fields
                    .iter_mut()
                    .flat_map(|(_, entry)| match entry {
                        Entry::Text(template) => vec![template],
                        Entry::List(list) => list.iter_mut().collect(),
                        Entry::Fixed(_) => Vec::new(),
                    })
                    .collect(),
            };
            if let Some(found) = templates.iter_mut().find(|template| template.as_literal() == Some(text)) {
                **found = with.clone();
                return true;
            }
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command::parse;
    use crate::macros::{print, read_file};

    fn made(lines: &[&str]) -> (Macro, LeftOut) {
        let commands: Vec<Command> = lines.iter().map(|line| parse(line).unwrap()).collect();
        recorded("mine", &commands, &Book::shipped())
    }

    fn lines(makes: &Macro) -> Vec<String> {
        makes.steps.iter().map(|step| step.does.to_string()).collect()
    }

    fn param(name: &str, kind: ParamKind) -> Param {
        let (zh, en) = (String::new(), String::new());
        Param { name: name.to_owned(), kind, ask: Asking::Once, default: None, zh, en }
    }

    #[test]
    fn what_only_looks_is_left_out_and_counted() {
        let (makes, left) =
            made(&["tag.add VIP", "pane.follow_ups", "cursor.down", "tag.create 新", "note.add 来过"]);
        assert_eq!(lines(&makes), ["tag.add VIP", "note.add 来过"]);
        assert_eq!((left.views, left.others), (2, vec!["tag.create 新".to_owned()]));
        assert_eq!(makes.on, Resource::Customers);
        assert_eq!(made(&["tag.add VIP", "follow_up.done"]).0.on, Resource::FollowUps);
    }

    #[test]
    fn what_was_typed_is_text_and_opens_no_place() {
        let (makes, _) = made(&["note.add 见 {tag} 与 {x", r#"customer.edit {"city":"{name}"}"#]);
        assert!(used(&makes).is_empty(), "{:?}", lines(&makes));
        let again = read_file(Path::new("x.toml"), &print(&makes), Source::Config).unwrap();
        assert_eq!(lines(&again[0]), lines(&makes));
        let Does::Command(pattern) = &makes.steps[0].does else { panic!() };
        assert_eq!(pattern.fill(|_, _| Err(())).unwrap().args, ["见 {tag} 与 {x"]);
        let Does::Command(pattern) = &makes.steps[1].does else { panic!() };
        assert_eq!(pattern.fill(|_, _| Err(())).unwrap().args, [r#"{"city":"{name}"}"#]);
    }

    #[test]
    fn a_step_that_makes_no_sense_is_told_at_its_place() {
        let (makes, _) = made(&["tag.add VIP"]);
        assert!(read_step(&makes, "note.add 好 {customer.name}").is_ok());
        for (line, column) in
            [("tag.ad VIP", 0), ("stage.set nowhere", 10), ("note.add x {who}", 11), ("pane.tags", 0)]
        {
            let (span, _) = read_step(&makes, line).unwrap_err();
            assert_eq!(span.start, column, "{line}");
        }
    }

    #[test]
    fn a_text_becomes_a_parameter_and_is_its_default() {
        let (makes, _) = made(&["tag.add VIP", r#"follow_up.create {"title":"回访","due":"明天"}"#]);
        assert_eq!(makes.literals(1), ["回访", "明天"]);
        let asked = makes.asking(0, "VIP", param("tag", ParamKind::Tag)).unwrap();
        let asked = asked.asking(1, "明天", param("when", ParamKind::Date)).unwrap();
        assert_eq!(lines(&asked)[0], "tag.add {tag}");
        let again = read_file(Path::new("x.toml"), &print(&asked), Source::Config).unwrap();
        assert_eq!((lines(&again[0]), &again[0].params), (lines(&asked), &asked.params));
        assert_eq!(again[0].param("when").unwrap().default.as_deref(), Some("明天"));
        // Taken, no name, no such text, no value of that kind.
        assert!(asked.asking(0, "VIP", param("tag2", ParamKind::Tag)).is_err());
        for (text, name, kind) in [
            ("明天", "tag", ParamKind::Text),
            ("明天", "to day", ParamKind::Text),
            ("明天", "today", ParamKind::Text),
            ("回访", "n", ParamKind::Number),
        ] {
            let other = makes.asking(0, "VIP", param("tag", ParamKind::Tag)).unwrap();
            assert!(other.asking(1, text, param(name, kind)).is_err(), "{text} {name}");
        }
        // A step about follow-ups makes it one for follow-ups, and without it it is for customers again.
        let (step, on) = makes.taking("follow_up.done").unwrap();
        assert_eq!(on, Resource::FollowUps);
        let mut other = Macro { on, ..makes.clone() };
        other.steps.push(step);
        assert_eq!(other.clone().tidied().on, Resource::FollowUps);
        other.steps.pop();
        assert_eq!(other.tidied().on, Resource::Customers);
        let mut gone = asked;
        gone.steps.remove(0);
        assert_eq!(gone.tidied().params.len(), 1);
    }
}
