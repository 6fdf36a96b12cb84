//! All macros that there are: those that ship, the configuration's own, and those of the folder beside
//! it; and what they have to do with each other.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::definition::{Macro, Source};
use super::read::read_file;
use super::step::{Call, Does};
use crate::command::Risk;
use crate::i18n::words::{config, macros as words};
use crate::i18n::{Line, Word};
use crate::model::Resource;
use crate::reading::{Diagnostic, meant, nearest, quoted};

/// The macros that ship with the program.
pub const SHIPPED: &str = include_str!("shipped.toml");

/// All macros, by their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Book {
    macros: BTreeMap<String, Macro>,
    /// Hashes of the files of the folder, for whoever asks whether they are trusted.
    files: BTreeMap<PathBuf, String>,
}

/// A file in which macros stand.
#[derive(Clone, Debug)]
pub struct MacroFile {
    /// Its path; for the shipped ones a name.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
    /// Its macros, in their order.
    pub macros: Vec<Macro>,
}

impl MacroFile {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// Every mistake in it.
    pub fn read(path: &Path, text: &str, source: Source) -> Result<Self, Vec<Diagnostic>> {
        let macros = read_file(path, text, source)?;
        Ok(Self { path: path.to_owned(), text: text.to_owned(), macros })
    }
}

impl Book {
    /// The shipped macros, and those of these files over them.
    ///
    /// # Errors
    /// A name that stands in two of the files, a call of a macro that is not there or of itself by
    /// others, parameters that a call gives wrongly, a risk that is declared too low: each with its place.
    pub fn build(files: &[MacroFile]) -> Result<Self, Vec<Diagnostic>> {
        let shipped = MacroFile::read(Path::new("shipped.toml"), SHIPPED, Source::Shipped)?;
        let mut book = Self::default();
        let mut wrong = Vec::new();
        for file in std::iter::once(&shipped).chain(files) {
            for makes in &file.macros {
                if let Some(other) = book.macros.get(&makes.name)
                    && other.origin.source != Source::Shipped
                {
                    let message = words::TWICE
                        .with("name", quoted(&makes.name))
                        .with("file", other.origin.file.display().to_string());
                    wrong.push(at(file, makes.origin.span.clone(), message, None));
                    continue;
                }
                book.macros.insert(makes.name.clone(), makes.clone());
            }
            if file.macros.iter().any(|makes| makes.origin.source == Source::Folder) {
                book.files.insert(file.path.clone(), file.text.clone());
            }
        }
        for file in std::iter::once(&shipped).chain(files) {
            for makes in &file.macros {
                // One that another takes the place of calls nobody.
                if book.macros.get(&makes.name).is_some_and(|known| known.origin == makes.origin) {
                    book.look_at(file, makes, &mut wrong);
                }
            }
        }
        if wrong.is_empty() { Ok(book) } else { Err(wrong) }
    }

    /// The shipped macros alone.
    pub fn shipped() -> Self {
        Self::build(&[]).unwrap_or_default() // a test reads them
    }

    /// The same without those of some names, and with some more.
    #[must_use]
    pub fn with(&self, gone: &[String], more: Vec<Macro>) -> Self {
        let mut book = self.clone();
        book.macros.retain(|name, _| !gone.contains(name));
        book.macros.extend(more.into_iter().map(|makes| (makes.name.clone(), makes)));
        book
    }

    /// The macro of a name.
    pub fn get(&self, name: &str) -> Option<&Macro> {
        self.macros.get(name)
    }

    /// All macros, by their names.
    pub fn iter(&self) -> impl Iterator<Item = &Macro> {
        self.macros.values()
    }

    /// The name that was probably meant.
    pub fn nearest(&self, name: &str) -> Option<&str> {
        nearest(name, self.macros.keys().map(String::as_str))
    }

    /// The files of the folder that a macro stands in, itself or by what it calls, each with its text:
    /// all of them must be trusted before it is run.
    pub fn foreign(&self, name: &str) -> Vec<(&Path, &str)> {
        let mut found: BTreeMap<&Path, &str> = BTreeMap::new();
        for name in self.reached(name) {
            let file = self.get(name).map(|makes| makes.origin.file.as_path());
            if let Some((path, text)) = file.and_then(|file| self.files.get_key_value(file)) {
                found.insert(path, text);
            }
        }
        found.into_iter().collect()
    }

    /// All files of the folder, each with its text.
    pub fn files(&self) -> impl Iterator<Item = (&Path, &str)> {
        self.files.iter().map(|(path, text)| (path.as_path(), text.as_str()))
    }

    /// Whether a macro starts external programs, itself or by what it calls.
    pub fn has_programs(&self, name: &str) -> bool {
        self.reached(name).into_iter().any(|name| self.get(name).is_some_and(Macro::has_programs))
    }

    /// The worst that a macro can do to one record: that of its steps, or what it declares where that is
    /// more.
    pub fn risk(&self, name: &str) -> Risk {
        let raised = self.get(name).and_then(|makes| makes.raised);
        self.risk_of_steps(name).max(raised.unwrap_or(Risk::Read))
    }

    fn risk_of_steps(&self, name: &str) -> Risk {
        let steps = self.reached(name).into_iter().filter_map(|name| self.get(name));
        steps.flat_map(|makes| &makes.steps).map(|step| step.does.risk()).max().unwrap_or(Risk::Read)
    }

    /// A macro and all that it calls.
    fn reached<'a>(&'a self, name: &'a str) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let mut open = vec![name];
        while let Some(name) = open.pop() {
            if found.insert(name) {
                open.extend(self.calls(name).map(|(call, _)| call.name.as_str()));
            }
        }
        found
    }

    fn calls<'a>(&'a self, name: &str) -> impl Iterator<Item = (&'a Call, Range<usize>)> + use<'a> {
        let steps = self.get(name).map(|makes| makes.steps.iter()).unwrap_or_default();
        steps.filter_map(|step| match &step.does {
            Does::Call(call) => Some((call, step.span.clone())),
            _ => None,
        })
    }

    /// What is wrong with a macro among the others.
    fn look_at(&self, file: &MacroFile, makes: &Macro, wrong: &mut Vec<Diagnostic>) {
        let mut say = |span, message, hint| wrong.push(at(file, span, message, hint));
        let named = |word: Word, name: &str| word.with("name", quoted(name));
        for (call, span) in self.calls(&makes.name) {
            let Some(called) = self.get(&call.name) else {
                let near = self.nearest(&call.name).map(|near| meant(config::MEANT, near));
                let hint = near.unwrap_or_else(|| words::MACROS_LISTS.into());
                say(span, named(words::NO_MACRO, &call.name), Some(hint));
                continue;
            };
            if let Some(path) = self.way_back(&makes.name, &call.name) {
                say(span, words::CYCLE.with("path", path.join(" → ")), None);
                continue;
            }
            if called.on == Resource::FollowUps && makes.on == Resource::Customers {
                say(span.clone(), named(words::CALLED_OTHER, &call.name), None);
            }
            for (name, _) in &call.given {
                if called.param(name).is_none() {
                    let known = called.params.iter().map(|param| param.name.as_str());
                    let hint = nearest(name, known).map(|near| meant(config::MEANT, near));
                    say(span.clone(), named(words::NO_PARAM, &call.name).with("param", name.as_str()), hint);
                }
            }
            for param in &called.params {
                let given = call.given.iter().any(|(name, _)| *name == param.name);
                if !given && param.default.is_none() {
                    say(
                        span.clone(),
                        named(words::PARAM_MISSING, &call.name).with("param", param.name.as_str()),
                        None,
                    );
                }
            }
        }
        // Round a circle there is no end of steps to look at.
        if makes.raised.is_some_and(|raised| raised < self.risk_of_steps(&makes.name)) {
            let risk = self.risk_of_steps(&makes.name).word();
            say(makes.origin.span.clone(), words::RISK_LOWERED.with("risk", risk), None);
        }
    }

    /// How a macro is reached again from one that it calls.
    fn way_back(&self, to: &str, from: &str) -> Option<Vec<String>> {
        let mut ways = vec![vec![to.to_owned(), from.to_owned()]];
        let mut seen = BTreeSet::new();
        while let Some(way) = ways.pop() {
            let last = way.last()?.clone();
            if last == to {
                return Some(way);
            }
            if seen.insert(last.clone()) {
                ways.extend(self.calls(&last).map(|(call, _)| {
                    let mut way = way.clone();
                    way.push(call.name.clone());
                    way
                }));
            }
        }
        None
    }
}

fn at(file: &MacroFile, span: Range<usize>, message: impl Into<Line>, hint: Option<Line>) -> Diagnostic {
    Diagnostic::at(&file.path, &file.text, span, message.into(), hint)
}
