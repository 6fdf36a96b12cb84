//! Macros as they are written: `[macros.NAME]` of a configuration, or a file of its own.
//!
//! All that can be seen to be wrong in one macro is told here, with its place; what several have to do
//! with each other is looked at by [`super::Book`].

use std::ops::Range;
use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::definition::{Asking, Condition, Macro, Origin, Param, ParamKind, Source, Target};
use super::known;
use super::step::{Does, Program, Step, StepError};
use super::template::{Template, WORDS, is_name};
use super::told;
use crate::command::plan::OnError;
use crate::command::{Layer, Risk, plan};
use crate::i18n::Line;
use crate::i18n::words::{config, macros as words};
use crate::keymap::parse_keys;
use crate::model::{Resource, Time};
use crate::query::{self, Moment, Scope};
use crate::reading::{At, Diagnostic, Reader, Section, entries, kind, meant, nearest, quoted, table_of};

const KEYS: &[&str] = &[
    "zh", "en", "on", "target", "select", "limit", "on_error", "confirm", "risk", "contexts", "key", "steps",
    "params", "test",
];
const PARAM: &[&str] = &["kind", "choices", "ask", "default", "zh", "en"];
const STEP: &[&str] = &["run", "when", "program", "risk", "seconds"];

/// Risks that a macro may declare.
const RISKS: [(&str, Risk); 4] = [
    ("write", Risk::Write),
    ("bulk", Risk::Bulk),
    ("outbound", Risk::Outbound),
    ("irreversible", Risk::Irreversible),
];

/// More records than this are no run of a macro.
const MOST: i64 = 1_000_000;

/// An external program may take so many seconds.
const LONGEST: i64 = 600;
const USUAL: i64 = 10;

/// Reads a file of macros: tables `[macros.NAME]`, or `[macro.NAME]`.
///
/// # Errors
/// Every mistake in it.
pub fn read_file(path: &Path, text: &str, source: Source) -> Result<Vec<Macro>, Vec<Diagnostic>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader::of(path, text, words::THE_MACROS);
    let root = reader.parse();
    if !reader.wrong.is_empty() {
        return Err(reader.finish());
    }
    let top = Section::new(&mut reader, &root, "", &["macros", "macro"]);
    let mut found = Vec::new();
    for key in ["macros", "macro"] {
        if let Some(table) = top.table(&mut reader, key) {
            found.extend(read_all(&mut reader, table, source));
        }
    }
    let wrong = reader.finish();
    if wrong.is_empty() { Ok(found) } else { Err(wrong) }
}

/// Reads the macros of a table, in the order of the file.
pub fn read_all(reader: &mut Reader<'_>, table: &DeTable<'_>, source: Source) -> Vec<Macro> {
    let mut macros = Vec::new();
    for (name, value) in entries(table) {
        if !is_name(name.value) {
            reader.refuse(name.span, words::NAMED, None);
            continue;
        }
        if let Some(table) = table_of(reader, value, format!("macros.{}", name.value)) {
            macros.extend(read(reader, table, name, source));
        }
    }
    macros
}

fn read(reader: &mut Reader<'_>, table: &DeTable<'_>, name: At<&str>, source: Source) -> Option<Macro> {
    let section = Section::new(reader, table, &format!("macros.{}", name.value), KEYS);
    let text = |reader: &mut Reader<'_>, key: &str| section.text(reader, key).map(|text| text.value);
    let on = [("customers", Resource::Customers), ("follow_ups", Resource::FollowUps)];
    let on = section.choice(reader, "on", &on).unwrap_or(Resource::Customers);
    let params = section.table(reader, "params").map(|table| params(reader, table)).unwrap_or_default();
    let mut makes = Macro {
        name: name.value.to_owned(),
        zh: text(reader, "zh").unwrap_or_default(),
        en: text(reader, "en").unwrap_or_default(),
        on,
        target: Target::Marked,
        limit: section.number(reader, "limit", 1..=MOST).and_then(|limit| usize::try_from(limit).ok()),
        on_error: section.choice(reader, "on_error", &OnError::WORDS).unwrap_or_default(),
        confirm: section.truth(reader, "confirm").unwrap_or(false),
        raised: section.choice(reader, "risk", &RISKS),
        contexts: contexts(reader, &section),
        keys: None,
        params,
        steps: Vec::new(),
        tests: Vec::new(),
        origin: Origin {
            source,
            file: reader.path.to_owned(),
            span: name.span.clone(),
            key: section.place("key"),
        },
    };
    makes.target = target(reader, &section, &makes, &name);
    makes.steps = steps(reader, &section, &makes, &name);
    makes.keys = section.text(reader, "key").and_then(|text| {
        let keys = parse_keys(&text.value).map_err(|error| {
            let span = reader.inside(&text.span, &text.value, error.span.clone());
            let message = Line::both(config::NO_SUCH_KEY.with("name", quoted(&error.name)), &error);
            reader.refuse(span, message, Some(config::KEYS_ARE_WRITTEN.into()));
        });
        keys.ok()
    });
    makes.tests = super::test::read(reader, section.get("test"));
    unused(reader, table, &makes);
    Some(makes)
}

/// A parameter that nothing asks for is a name that was written differently elsewhere.
fn unused(reader: &mut Reader<'_>, table: &DeTable<'_>, makes: &Macro) {
    let used = super::used(makes);
    let Some(params) = table.iter().find(|(key, _)| key.get_ref().as_ref() == "params") else { return };
    let Some(table) = params.1.get_ref().as_table() else { return };
    for (name, _) in entries(table).iter().filter(|(name, _)| !used.contains(name.value)) {
        reader.warn(name.span.clone(), words::UNUSED_PARAM.with("name", name.value), None);
    }
}

fn contexts(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Vec<Layer> {
    let mut found = Vec::new();
    for word in section.words(reader, "contexts").map(|list| list.value).unwrap_or_default() {
        match Layer::parse(&word.value).filter(|layer| !layer.takes_text()) {
            Some(layer) => found.push(layer),
            None => {
                let names = Layer::ALL.map(Layer::name);
                let hint = nearest(&word.value, names).map(|near| meant(config::MEANT, near));
                reader.refuse(word.span, words::NO_CONTEXT.with("name", quoted(&word.value)), hint);
            }
        }
    }
    found
}

fn params(reader: &mut Reader<'_>, table: &DeTable<'_>) -> Vec<Param> {
    let mut found = Vec::new();
    for (name, value) in entries(table) {
        if !is_name(name.value) {
            reader.refuse(name.span, words::PARAM_NAMED, None);
            continue;
        }
        if WORDS.iter().any(|(word, ..)| *word == name.value) {
            reader.refuse(name.span, words::WORD_TAKEN.with("name", quoted(name.value)), None);
            continue;
        }
        let Some(table) = table_of(reader, value, format!("params.{}", name.value)) else { continue };
        let section = Section::new(reader, table, &format!("params.{}", name.value), PARAM);
        let choices = section.words(reader, "choices");
        let kinds = ParamKind::WORDS.map(|word| (word, word));
        let word = section.choice(reader, "kind", &kinds).unwrap_or(if choices.is_some() {
            "choice"
        } else {
            "text"
        });
        let kind = match word {
            "choice" => {
                let list = choices.map(|list| list.value.into_iter().map(|word| word.value).collect());
                let list: Vec<String> = list.unwrap_or_default();
                if list.is_empty() {
                    reader.refuse(name.span.clone(), words::NO_CHOICES, None);
                }
                ParamKind::Choice(list)
            }
            other => {
                if let Some(list) = choices {
                    reader.refuse(list.span, words::CHOICES_ONLY, None);
                }
                ParamKind::plain(other)
            }
        };
        let ask = section.choice(reader, "ask", &Asking::WORDS).unwrap_or_default();
        let default = section.text(reader, "default");
        if default.is_none() && ask == Asking::Never && section.place("default").is_none() {
            reader.refuse(name.span.clone(), words::NO_DEFAULT.with("name", name.value), None);
        }
        if let Some(default) = &default
            && let Err(why) = check(&kind, &default.value)
        {
            reader.refuse(default.span.clone(), words::BAD_DEFAULT.with("why", why), None);
        }
        let text = |reader: &mut Reader<'_>, key: &str| section.text(reader, key).map(|text| text.value);
        found.push(Param {
            name: name.value.to_owned(),
            kind,
            ask,
            default: default.map(|default| default.value),
            zh: text(reader, "zh").unwrap_or_default(),
            en: text(reader, "en").unwrap_or_default(),
        });
    }
    found
}

/// What of a value can be seen to be wrong with no tag and no operator at hand.
pub(super) fn check(kind: &ParamKind, value: &str) -> Result<(), Line> {
    if value.is_empty() {
        return Ok(());
    }
    match kind {
        ParamKind::Choice(choices) if !choices.iter().any(|choice| choice == value) => {
            let message = config::ONE_OF.with("key", "default").with("words", choices.join(", "));
            Err(message.with("value", quoted(value)))
        }
        ParamKind::Number => value.trim().parse::<i64>().map(drop).map_err(|error| error.to_string().into()),
        ParamKind::Date => {
            let moment = Moment { now: Time::from_millis(0), zone: jiff::tz::TimeZone::UTC, me: None };
            query::due(value, &moment).map(drop).map_err(|error| error.to_string().into())
        }
        ParamKind::Filter => {
            query::parse(Scope::Customers, value).map(drop).map_err(|error| told::filter(&error.problem))
        }
        _ => Ok(()),
    }
}

fn target(reader: &mut Reader<'_>, section: &Section<'_, '_>, makes: &Macro, name: &At<&str>) -> Target {
    let kinds = ["current", "marked", "view", "select"].map(|word| (word, word));
    let select = section.text(reader, "select");
    let usual = if select.is_some() { "select" } else { "marked" };
    let word = section.choice(reader, "target", &kinds).unwrap_or(usual);
    match (word, select) {
        ("select", Some(text)) => {
            let condition = condition(reader, makes, makes.scope(), &text);
            condition.map_or(Target::Marked, Target::Select)
        }
        ("select", None) => {
            if section.place("select").is_none() {
                reader.refuse(name.span.clone(), words::SELECT_HAS_FILTER, None);
            }
            Target::Marked
        }
        (word, select) => {
            if let Some(text) = select {
                reader.refuse(text.span, words::SELECT_ONLY, None);
            }
            match word {
                "current" => Target::Current,
                "view" => Target::View,
                _ => Target::Marked,
            }
        }
    }
}

/// A filter that parses with something in each of its places. Fields of records are its own keys, and
/// are filled into none.
fn condition(reader: &mut Reader<'_>, makes: &Macro, scope: Scope, text: &At<String>) -> Option<Condition> {
    let template = Template::read(&text.value);
    if !places(reader, makes, &template, text, false) {
        return None;
    }
    let filled = known::sample(makes, &template);
    if let Err(error) = query::parse(scope, &filled) {
        let span = match template.as_literal() {
            Some(_) => reader.inside(&text.span, &text.value, error.span.clone()),
            None => text.span.clone(),
        };
        let hint = error.nearest.as_ref().map(|near| config::MEANT.with("name", near.clone()));
        reader.refuse(span, told::filter(&error.problem), hint);
        return None;
    }
    Some(Condition { scope, text: template })
}

/// Whether all places of a text stand for something.
fn places(
    reader: &mut Reader<'_>,
    makes: &Macro,
    template: &Template,
    text: &At<String>,
    fields: bool,
) -> bool {
    let mut well = true;
    for name in template.places() {
        if makes.param(name).is_some() || known::is_word(name) || fields && known::is_field(name, makes.on) {
            continue;
        }
        well = false;
        let names = known::names(makes, fields);
        let hint = nearest(name, names.iter().map(String::as_str)).map_or_else(
            || words::PLACES_ARE.with("names", names.iter().take(12).cloned().collect::<Vec<_>>().join(", ")),
            |near| meant(config::MEANT, near),
        );
        let written = format!("{{{name}}}");
        let at = text.value.find(&written).map_or(0..text.value.len(), |at| at..at + written.len());
        let span = reader.inside(&text.span, &text.value, at);
        reader.refuse(span, words::NO_PLACE.with("name", quoted(name)), Some(hint));
    }
    well
}

fn steps(reader: &mut Reader<'_>, section: &Section<'_, '_>, makes: &Macro, name: &At<&str>) -> Vec<Step> {
    let Some(value) = section.get("steps") else {
        let message = words::NO_STEPS.with("name", quoted(name.value));
        reader.refuse(name.span.clone(), message, Some(words::STEPS_ARE.into()));
        return Vec::new();
    };
    let Some(list) = value.get_ref().as_array().filter(|list| !list.is_empty()) else {
        let message = words::NO_STEPS.with("name", quoted(name.value));
        reader.refuse(value.span(), message, Some(words::STEPS_ARE.into()));
        return Vec::new();
    };
    list.iter().filter_map(|item| step(reader, makes, item)).collect()
}

fn step(reader: &mut Reader<'_>, makes: &Macro, item: &Spanned<DeValue<'_>>) -> Option<Step> {
    if let Some(text) = item.get_ref().as_str() {
        let text = At { value: text.to_owned(), span: item.span() };
        return Some(Step { does: line(reader, makes, &text)?, when: None, span: item.span() });
    }
    let Some(table) = item.get_ref().as_table() else {
        let message = config::NOT_A.with("name", "steps").with("wanted", words::A_STEP);
        reader.refuse(item.span(), message.with("kind", kind(item.get_ref())), Some(words::STEPS_ARE.into()));
        return None;
    };
    let section = Section::new(reader, table, "steps", STEP).at(item.span());
    let (run, program) = (section.text(reader, "run"), section.words(reader, "program"));
    let when = section.text(reader, "when");
    let when = match when {
        Some(text) => Some(condition(reader, makes, makes.scope(), &text)?),
        None => None,
    };
    let does = match (run, program) {
        (Some(text), None) => line(reader, makes, &text)?,
        (None, Some(words)) => Does::Program(self::program(reader, makes, &section, words)?),
        _ => {
            reader.refuse(item.span(), words::RUN_OR_PROGRAM, Some(words::STEPS_ARE.into()));
            return None;
        }
    };
    Some(Step { does, when, span: item.span() })
}

fn program(
    reader: &mut Reader<'_>,
    makes: &Macro,
    section: &Section<'_, '_>,
    argv: At<Vec<At<String>>>,
) -> Option<Program> {
    if argv.value.is_empty() {
        reader.refuse(argv.span, words::NO_ARGV, None);
        return None;
    }
    let mut templates = Vec::new();
    for word in &argv.value {
        let template = Template::read(&word.value);
        // Which program is started is never what somebody wrote into a field.
        if !places(reader, makes, &template, word, !templates.is_empty()) {
            return None;
        }
        templates.push(template);
    }
    let seconds = section.number(reader, "seconds", 1..=LONGEST).unwrap_or(USUAL);
    Some(Program {
        argv: templates,
        risk: section.choice(reader, "risk", &RISKS).unwrap_or(Risk::Write),
        seconds: u32::try_from(seconds).unwrap_or(1),
    })
}

/// A step that is written as a line.
pub(super) fn line(reader: &mut Reader<'_>, makes: &Macro, text: &At<String>) -> Option<Does> {
    let whole = text.span.clone();
    let does = match Does::read(&text.value) {
        Ok(does) => does,
        Err(error) => {
            let (span, message, hint): (Range<usize>, Line, Option<Line>) = match error {
                StepError::Command(error) => {
                    let span = reader.inside(&whole, &text.value, error.span());
                    (span, told::command(&error), Some(config::DOCS_COMMANDS.into()))
                }
                StepError::NoWrite(command) => {
                    (whole, words::NO_WRITE.with("command", command), Some(config::DOCS_COMMANDS.into()))
                }
                StepError::Field(command) => (whole, words::FIELD_IS_FIXED.with("command", command), None),
                StepError::Given(error) => (whole, words::BAD_GIVEN.with("error", error.to_string()), None),
            };
            reader.refuse(span, message, hint);
            return None;
        }
    };
    let templates: Vec<&Template> = match &does {
        Does::Command(pattern) => pattern.templates().map(|(template, _)| template).collect(),
        Does::Call(call) => call.given.iter().map(|(_, template)| template).collect(),
        Does::Program(_) => Vec::new(),
    };
    let mut well = true;
    for template in templates {
        well &= places(reader, makes, template, text, true); // each is told
    }
    if let Does::Command(pattern) = &does {
        let spec = pattern.verb.spec();
        if spec.on == Some(Resource::FollowUps) && makes.on == Resource::Customers {
            let message = words::OTHER_KIND.with("command", spec.id);
            reader.refuse(whole, message, Some(words::ON_FOLLOW_UPS.into()));
            return None;
        }
        if pattern.is_fixed()
            && let Ok(command) = pattern.fill(|_, _| Err(()))
            && let Err(wrong) = plan::check(&command)
        {
            let written = wrong.written().filter(|written| !written.is_empty());
            let at = written.and_then(|written| Some((text.value.rfind(written)?, written.len())));
            let inner = at.map_or(0..text.value.len(), |(at, length)| at..at + length);
            let span = reader.inside(&whole, &text.value, inner);
            let message = Line::both(wrong.says(true), wrong.says(false));
            reader.refuse(span, message, Some(config::DOCS_COMMANDS.into()));
            return None;
        }
        let lacks = spec.args.iter().skip(pattern.args.len()).find(|arg| arg.needed);
        if let Some(arg) = lacks {
            let missing = plan::PlanError::Missing { command: spec.id, arg: arg.name };
            reader.refuse(whole, Line::both(missing.says(true), missing.says(false)), None);
            return None;
        }
    }
    well.then_some(does)
}
