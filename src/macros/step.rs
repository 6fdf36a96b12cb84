//! A step of a macro: a command with places among its arguments, a call of another macro, or an
//! external program.
//!
//! A line is parsed as a command first, and only its arguments become [`Template`]s: whatever is
//! filled in later is an argument's text, and can be nothing else. Where an argument is a language of
//! its own (names of tags, a form in JSON, the variables of a message), a place in it is filled with
//! what stands for itself there.

use std::fmt;
use std::ops::Range;

use serde_json::{Map, Value};

use super::definition::Condition;
use super::given::Given;
use super::template::Template;
use crate::command::{Command, CommandError, Risk, Verb, parse};
use crate::model::Resource;

/// One step.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// What it does.
    pub does: Does,
    /// For which records; for all where it does not say.
    pub when: Option<Condition>,
    /// Where it was written, in bytes of the file.
    pub span: Range<usize>,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum Does {
    /// A command that changes records.
    Command(Pattern),
    /// The steps of another macro.
    Call(Call),
    /// What an external program says.
    Program(Program),
}

/// A command with places among its arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Pattern {
    /// The command. No place can decide it.
    pub verb: Verb,
    /// Its arguments. No place can decide how many.
    pub args: Vec<Slot>,
}

/// An argument with places in it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Slot {
    /// A text.
    Text(Template),
    /// A form: fields and what stands in them.
    Form(Vec<(String, Entry)>),
}

/// What stands in a field of a form.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Entry {
    /// A text.
    Text(Template),
    /// Several texts.
    List(Vec<Template>),
    /// Something without places, as JSON.
    Fixed(String),
}

/// A call of another macro.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// Its name.
    pub name: String,
    /// What is given for its parameters.
    pub given: Vec<(String, Template)>,
}

/// An external program. It is started without a shell, gets the record as JSON on standard input, and
/// says what is to be done as JSON on standard output.
#[derive(Clone, Debug, PartialEq)]
pub struct Program {
    /// Its path or name, and its arguments.
    pub argv: Vec<Template>,
    /// The worst that a command may be that it gives back.
    pub risk: Risk,
    /// It is ended after so many seconds.
    pub seconds: u32,
}

/// What a place in an argument has to stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum As {
    /// A text of one line: breaks in it become blanks.
    Line,
    /// A text that nobody reads.
    Text,
    /// One tag, by its id.
    Tag,
    /// One operator, by their id.
    Operator,
    /// A text in which variables of messages are looked for.
    Message,
}

/// Why a line is no step.
#[derive(Clone, Debug, PartialEq)]
pub enum StepError {
    /// It is no command.
    Command(CommandError),
    /// The command changes no record that a macro can be run on.
    NoWrite(&'static str),
    /// A place decides which field is changed.
    Field(&'static str),
    /// The parameters of a call are not written as `name=value`.
    Given(super::given::GivenError),
}

impl Does {
    /// Reads a line.
    ///
    /// # Errors
    /// [`StepError`].
    pub fn read(line: &str) -> Result<Self, StepError> {
        let command = parse(line).map_err(StepError::Command)?;
        if command.verb == Verb::MacroRun {
            let name = command.arg().unwrap_or_default().to_owned();
            let given =
                Given::read(command.args.get(1).map_or("", String::as_str)).map_err(StepError::Given)?;
            let given = given.iter().map(|(name, value)| (name.to_owned(), Template::read(value)));
            return Ok(Self::Call(Call { name, given: given.collect() }));
        }
        Pattern::of(&command).map(Self::Command)
    }

    /// The worst that it can do by itself; of a call nothing, since that is said by what it calls.
    pub fn risk(&self) -> Risk {
        match self {
            Self::Command(pattern) => pattern.risk(),
            Self::Call(_) => Risk::Read,
            Self::Program(program) => program.risk,
        }
    }
}

impl Pattern {
    /// A command whose arguments may have places.
    ///
    /// # Errors
    /// [`StepError`]: it changes no customer and no follow-up, or a place would decide which field.
    pub fn of(command: &Command) -> Result<Self, StepError> {
        let spec = command.spec();
        let writes = matches!(spec.on, Some(Resource::Customers | Resource::FollowUps));
        if !writes || spec.risk < Risk::Write {
            return Err(StepError::NoWrite(spec.id));
        }
        let form = |arg: &String| {
            let takes = matches!(
                command.verb,
                Verb::CustomerEdit
                    | Verb::FollowUpEdit
                    | Verb::FollowUpCreate
                    | Verb::FollowUpDispose
                    | Verb::CustomerDispose
            );
            let fields = serde_json::from_str::<Map<String, Value>>(arg).ok().filter(|_| takes)?;
            Some(Slot::Form(fields.into_iter().map(|(name, value)| (name, Entry::of(value))).collect()))
        };
        let slots =
            command.args.iter().map(|arg| form(arg).unwrap_or_else(|| Slot::Text(Template::read(arg))));
        let mut pattern = Self { verb: command.verb, args: slots.collect() };
        let decides = matches!(pattern.verb, Verb::CustomerSet | Verb::FollowUpSet);
        if decides && pattern.literal(0).is_none() {
            return Err(StepError::Field(spec.id));
        }
        pattern.settle();
        Ok(pattern)
    }

    /// The same, so that what is filled in cannot be taken for another argument: a message whose text
    /// has places names its channel, and a follow-up whose title has some is made by a form.
    fn settle(&mut self) {
        let places = |slot: &Slot| matches!(slot, Slot::Text(text) if text.as_literal().is_none());
        match (self.verb, self.args.as_slice()) {
            (Verb::MessageSend, [text]) if places(text) => {
                self.args.insert(0, Slot::Text(Template::literal("auto")));
            }
            (Verb::FollowUpCreate, [Slot::Text(_), ..]) if self.args.iter().any(places) => {
                let named = ["title", "due", "kind"].into_iter().zip(std::mem::take(&mut self.args));
                let fields = named.filter_map(|(name, slot)| match slot {
                    Slot::Text(text) => Some((name.to_owned(), Entry::Text(text))),
                    Slot::Form(_) => None,
                });
                self.args = vec![Slot::Form(fields.collect())];
            }
            _ => {}
        }
    }

    /// The worst that it can do to one record. A disposition with a message in it reaches a customer.
    pub fn risk(&self) -> Risk {
        let texts = self.args.iter().any(|slot| match slot {
            Slot::Form(fields) => fields.iter().any(|(name, _)| name == "text"),
            Slot::Text(_) => false,
        });
        let disposes = matches!(self.verb, Verb::FollowUpDispose | Verb::CustomerDispose);
        if disposes && texts { Risk::Outbound } else { self.verb.spec().risk }
    }

    /// Whether it has any places.
    pub fn is_fixed(&self) -> bool {
        self.templates().next().is_none_or(|_| self.templates().all(|(text, _)| text.as_literal().is_some()))
    }

    /// All its texts, each with what a place in it has to stand for.
    pub fn templates(&self) -> impl Iterator<Item = (&Template, As)> {
        self.args.iter().enumerate().flat_map(|(index, slot)| -> Vec<(&Template, As)> {
            match slot {
                Slot::Text(text) => vec![(text, self.stands(index))],
                Slot::Form(fields) => fields
                    .iter()
                    .flat_map(|(name, entry)| match entry {
                        Entry::Text(text) => vec![(text, of_field(name))],
                        Entry::List(texts) => texts.iter().map(|text| (text, of_field(name))).collect(),
                        Entry::Fixed(_) => Vec::new(),
                    })
                    .collect(),
            }
        })
    }

    /// The command, with all its places filled.
    ///
    /// # Errors
    /// As `fill` says of the first place that cannot be filled.
    pub fn fill<E>(&self, mut fill: impl FnMut(&str, As) -> Result<String, E>) -> Result<Command, E> {
        let mut args = Vec::with_capacity(self.args.len());
        for (index, slot) in self.args.iter().enumerate() {
            args.push(match slot {
                Slot::Text(text) => text.fill(|name| fill(name, self.stands(index)))?,
                Slot::Form(fields) => {
                    let mut form = Map::new();
                    for (name, entry) in fields {
                        let mut filled = |text: &Template| text.fill(|place| fill(place, of_field(name)));
                        let value = match entry {
                            Entry::Text(text) => Value::from(filled(text)?),
                            Entry::List(texts) => texts
                                .iter()
                                .map(|text| filled(text).map(Value::from))
                                .collect::<Result<_, E>>()?,
                            Entry::Fixed(json) => serde_json::from_str(json).unwrap_or_default(), // it was JSON
                        };
                        form.insert(name.clone(), value);
                    }
                    Value::from(form).to_string()
                }
            });
        }
        Ok(Command { verb: self.verb, args, count: None })
    }

    /// What a place in an argument has to stand for.
    fn stands(&self, index: usize) -> As {
        let name = self.verb.spec().args.get(index).map_or("", |arg| arg.name);
        match (self.verb, name) {
            (Verb::TagAdd | Verb::TagRemove | Verb::TagEdit, _) => As::Tag,
            (Verb::OwnerSet | Verb::FollowUpAssign, _) => As::Operator,
            (Verb::CustomerSet | Verb::FollowUpSet, "value") => of_field(self.literal(0).unwrap_or_default()),
            (Verb::MessageSend, "text") => As::Message,
            (Verb::NoteAdd, _) | (Verb::CallLog, "note") => As::Text,
            _ => As::Line,
        }
    }

    fn literal(&self, index: usize) -> Option<&str> {
        match self.args.get(index) {
            Some(Slot::Text(text)) => text.as_literal(),
            _ => None,
        }
    }
}

/// What a place in a field of a form has to stand for.
fn of_field(name: &str) -> As {
    match name {
        "add" | "remove" | "tags" => As::Tag,
        "who" | "owner" | "owners" | "assignee" | "assignee_id" => As::Operator,
        "text" => As::Message,
        "note" | "body" => As::Text,
        _ => As::Line,
    }
}

impl Entry {
    fn of(value: Value) -> Self {
        match value {
            Value::String(text) => Self::Text(Template::read(&text)),
            Value::Array(list) if list.iter().all(Value::is_string) => {
                Self::List(list.iter().filter_map(Value::as_str).map(Template::read).collect())
            }
            other => Self::Fixed(other.to_string()),
        }
    }

    fn json(&self) -> Value {
        match self {
            Self::Text(text) => text.to_string().into(),
            Self::List(texts) => texts.iter().map(|text| Value::from(text.to_string())).collect(),
            Self::Fixed(json) => serde_json::from_str(json).unwrap_or_default(), // it was JSON
        }
    }
}

impl fmt::Display for Pattern {
    /// As the `:` line takes it, with its places.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let arg = |slot: &Slot| match slot {
            Slot::Text(text) => text.to_string(),
            Slot::Form(fields) => {
                let form = fields.iter().map(|(name, entry)| (name.clone(), entry.json()));
                Value::from(form.collect::<Map<_, _>>()).to_string()
            }
        };
        Command { verb: self.verb, args: self.args.iter().map(arg).collect(), count: None }.fmt(f)
    }
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut given = Given::default();
        for (name, value) in &self.given {
            let _ = given.add(name, value.to_string()); // each name stands once
        }
        let args = [self.name.clone()].into_iter().chain((!given.is_empty()).then(|| given.to_string()));
        Command { verb: Verb::MacroRun, args: args.collect(), count: None }.fmt(f)
    }
}

impl fmt::Display for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.argv.iter().enumerate() {
            write!(f, "{}{word}", if index > 0 { " " } else { "" })?;
        }
        Ok(())
    }
}

impl fmt::Display for Does {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Command(pattern) => pattern.fmt(f),
            Self::Call(call) => call.fmt(f),
            Self::Program(program) => program.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pattern(line: &str) -> Pattern {
        match Does::read(line) {
            Ok(Does::Command(pattern)) => pattern,
            other => panic!("{line}: {other:?}"),
        }
    }

    fn filled(line: &str, with: &str) -> Command {
        pattern(line).fill(|_, _| Ok::<_, ()>(with.to_owned())).unwrap()
    }

    #[test]
    fn a_step_is_printed_as_it_is_read() {
        for line in [
            "tag.add {tag}",
            "note.add 老客 {customer.name} 来访",
            r#"call.log {result} "{note} ""#,
            r#"follow_up.dispose {"result":"{result}","add":["{tag}"]}"#,
            "message.send auto {{customer.name}} 您好 {brace}x}",
        ] {
            let step = pattern(line);
            assert_eq!(pattern(&step.to_string()), step, "{line}");
        }
        let Ok(Does::Call(call)) = Does::read(r#"macro.run wake tag={tag} note="a {b}""#) else { panic!() };
        assert_eq!(call.to_string(), r#"macro.run wake tag={tag} note="a {b}""#);
    }

    #[test]
    fn what_is_filled_in_is_one_argument_and_nothing_else() {
        let hostile = r#"x" "y", "result":"won"} tag.add VIP {tag}"#;
        let command = filled("note.add {name}", hostile);
        assert_eq!((command.verb, command.args.as_slice()), (Verb::NoteAdd, [hostile.to_owned()].as_slice()));
        let command = filled(r#"customer.edit {"city":"{name}"}"#, hostile);
        let form: Map<String, Value> = serde_json::from_str(&command.args[0]).unwrap();
        assert_eq!((form.len(), form["city"].as_str()), (1, Some(hostile)));
        // A title that looks like a form is a title.
        let command = filled("follow_up.create {name} 明天", r#"{"assignee":"boss","title":"x"}"#);
        let form: Map<String, Value> = serde_json::from_str(&command.args[0]).unwrap();
        assert_eq!(form["title"].as_str(), Some(r#"{"assignee":"boss","title":"x"}"#));
        assert_eq!((form.len(), &form["due"]), (2, &Value::from("明天")));
        // A text that is called like a channel is a text.
        assert_eq!(filled("message.send {name}", "wecom").args, ["auto", "wecom"]);
    }

    #[test]
    fn what_cannot_be_a_step_says_why() {
        assert_eq!(Does::read("pane.tags"), Err(StepError::NoWrite("pane.tags")));
        assert_eq!(Does::read("tag.delete VIP"), Err(StepError::NoWrite("tag.delete")));
        assert_eq!(Does::read("customer.set {x} 1"), Err(StepError::Field("customer.set")));
        assert!(matches!(Does::read("tag.ad VIP"), Err(StepError::Command(_))));
        assert!(matches!(Does::read("macro.run x y"), Err(StepError::Given(_))));
    }

    #[test]
    fn a_disposition_with_a_message_reaches_a_customer() {
        assert_eq!(pattern(r#"follow_up.dispose {"result":"won"}"#).risk(), Risk::Write);
        assert_eq!(pattern(r#"follow_up.dispose {"result":"won","text":"{t}"}"#).risk(), Risk::Outbound);
    }
}
