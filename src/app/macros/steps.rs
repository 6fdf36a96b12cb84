//! The page of what was recorded: its steps, to be deleted, moved, written anew and asked for, and what is
//! saved as a macro of the configuration.
//!
//! ```text
//! Q ──▶ StepsPage ──e o d J K p──▶ the macro it makes, kept as a draft ──C-s──▶ Effect::SaveMacro
//!                                                      Event::MacroSaved ◀── written, read again
//! ```
//!
//! The register stays as it was recorded; what is made of it here is a draft until it is saved.

use std::path::Path;

use crate::app::effect::Effect;
use crate::app::event::Notice;
use crate::app::overlay::Overlay;
use crate::app::writing::{Form, FormField, Targets};
use crate::app::{App, Detail, Pane};
use crate::command::{Command, Verb};
use crate::i18n::Word;
use crate::i18n::words::{fill, macros as words};
use crate::keymap::parse_keys;
use crate::macros::{
    Asking, LeftOut, Macro, Param, ParamKind, Source, Step, Target, is_name, print, read_file,
};
use crate::model::Resource;

/// How many changes of a page can be taken back.
const MOST: usize = 200;

/// The name of the macro in a draft: what it is called is said as it is saved.
const DRAFT: &str = "draft";

/// The page of a register's steps.
#[derive(Clone, Debug)]
pub struct StepsPage {
    /// The register.
    pub register: char,
    /// The macro that is being made.
    pub makes: Macro,
    /// What of the recording is no step.
    pub left: LeftOut,
    /// Index of the step under the cursor.
    pub cursor: usize,
    /// The list one came from.
    pub from: Pane,
    /// Whether it is a draft of before.
    pub restored: bool,
    /// What it was before each change, and where the cursor stood.
    past: Vec<(Macro, usize)>,
}

impl StepsPage {
    /// Moves by so many steps, not beyond the ends.
    pub(in crate::app) fn step(&mut self, by: i64) {
        let last = i64::try_from(self.makes.steps.len().saturating_sub(1)).unwrap_or(i64::MAX);
        let at = i64::try_from(self.cursor).unwrap_or(0).saturating_add(by).clamp(0, last);
        self.cursor = usize::try_from(at).unwrap_or(0);
    }

    /// The line of the step under the cursor.
    pub fn line(&self) -> Option<String> {
        self.makes.steps.get(self.cursor).map(|step| step.does.to_string())
    }

    /// Names its draft.
    fn key(&self) -> String {
        format!("macro.edit {}", self.register)
    }
}

/// Whether a form belongs to the page.
pub(in crate::app) fn is_of_steps(verb: Verb) -> bool {
    matches!(verb, Verb::StepEdit | Verb::StepAdd | Verb::StepAsk | Verb::MacroSave)
}

impl App {
    /// Opens the steps of a register: those that were just recorded, or what was made of them before.
    pub(super) fn open_steps(&mut self, register: char, fresh: bool) -> Vec<Effect> {
        let key = format!("macro.edit {register}");
        let recorded = self.recorder.registers.get(&register);
        let recorded = recorded.map(|recording| recording.macro_of(DRAFT, &self.settings.macros));
        let mut effects = if fresh { self.drop_draft(key.clone()) } else { Vec::new() };
        let draft = self.writing.drafts.get(&key).and_then(|text| {
            read_file(Path::new(""), text, Source::Config).ok().and_then(|macros| macros.into_iter().next())
        });
        let restored = draft.is_some();
        let (left, made) = match (recorded, draft) {
            (Some((_, left)), Some(draft)) => (left, draft),
            (Some((made, left)), None) => (left, made),
            (None, Some(draft)) => (LeftOut::default(), draft),
            (None, None) => return self.nothing_in(register),
        };
        if made.steps.is_empty() {
            return self.nothing_in(register);
        }
        let from = self.focus;
        let n = made.steps.len().to_string();
        let page = StepsPage { register, makes: made, left, cursor: 0, from, restored, past: Vec::new() };
        effects.extend(self.enter(Detail::Steps(Box::new(page))));
        let word = if restored { words::STEPS_OF_DRAFT } else { words::STEPS_OF };
        self.notice = Some(Notice::good(fill(&self.say(word), &[("register", &register), ("n", &n)])));
        effects
    }

    fn steps_mut(&mut self) -> Option<&mut StepsPage> {
        match self.details.last_mut() {
            Some(Detail::Steps(page)) => Some(page),
            _ => None,
        }
    }

    /// A key of the page.
    pub(in crate::app) fn steps_key(&mut self, verb: Verb, times: i64) -> Vec<Effect> {
        let Some(page) = self.steps_mut() else { return Vec::new() };
        let (at, count) = (page.cursor, page.makes.steps.len());
        match verb {
            Verb::StepDelete if at < count => {
                let to = at.saturating_add(usize::try_from(times).unwrap_or(1)).min(count);
                self.change_steps(|makes| drop(makes.steps.drain(at..to)), at.min(count - (to - at)))
            }
            Verb::StepDown if at + 1 < count => {
                self.change_steps(|makes| makes.steps.swap(at, at + 1), at + 1)
            }
            Verb::StepUp if at > 0 && at < count => {
                self.change_steps(|makes| makes.steps.swap(at, at - 1), at - 1)
            }
            Verb::StepDown | Verb::StepUp => self.say_of_steps(words::AT_THE_END),
            Verb::StepEdit | Verb::StepAsk | Verb::StepDelete if at >= count => {
                self.say_of_steps(words::NO_STEP_HERE)
            }
            Verb::StepEdit => {
                let line = page.line().unwrap_or_default();
                let field = FormField::new("step", self.say(words::A_LINE), &line);
                self.open_steps_form(verb, &line, vec![field])
            }
            Verb::StepAdd => {
                let field = FormField::new("step", self.say(words::A_LINE), "");
                self.open_steps_form(verb, "", vec![field])
            }
            Verb::StepAsk => self.ask_of_step(),
            _ => self.name_macro(),
        }
    }

    fn say_of_steps(&mut self, word: Word) -> Vec<Effect> {
        self.notice = Some(Notice::plain(self.say(word)));
        Vec::new()
    }

    /// Changes the macro that is made, and keeps it as a draft.
    fn change_steps(&mut self, change: impl FnOnce(&mut Macro), cursor: usize) -> Vec<Effect> {
        let Some(page) = self.steps_mut() else { return Vec::new() };
        page.past.push((page.makes.clone(), page.cursor));
        if page.past.len() > MOST {
            page.past.remove(0);
        }
        change(&mut page.makes);
        page.makes = page.makes.clone().tidied();
        page.cursor = cursor;
        page.step(0);
        self.keep_steps()
    }

    /// `u` on the page: what was changed last is as it was.
    pub(in crate::app) fn undo_step(&mut self) -> Vec<Effect> {
        let Some((makes, cursor)) = self.steps_mut().and_then(|page| page.past.pop()) else {
            return self.say_of_steps(crate::i18n::words::writing::NOTHING_TO_UNDO);
        };
        if let Some(page) = self.steps_mut() {
            (page.makes, page.cursor) = (makes, cursor);
        }
        self.keep_steps()
    }

    fn keep_steps(&mut self) -> Vec<Effect> {
        let Some(page) = self.steps_mut() else { return Vec::new() };
        let (key, text) = (page.key(), print(&Macro { name: DRAFT.to_owned(), ..page.makes.clone() }));
        self.writing.drafts.insert(key.clone(), text.clone());
        vec![Effect::KeepDraft { key, text: Some(text) }]
    }

    /// One leaves the page: what was made stays as a draft.
    pub(in crate::app) fn steps_left(&mut self, page: &StepsPage) {
        if self.writing.drafts.contains_key(&page.key()) {
            let text = fill(&self.say(words::STEPS_KEPT), &[("register", &page.register)]);
            self.notice = Some(Notice::plain(text));
        }
    }

    fn open_steps_form(&mut self, verb: Verb, of: &str, fields: Vec<FormField>) -> Vec<Effect> {
        let mut form = self.form(&Command::new(verb), Targets::None, fields, true);
        form.key = format!("{} {of}", verb.spec().id);
        self.open_form(form)
    }

    /// Asks what becomes a parameter, and what it is called.
    fn ask_of_step(&mut self) -> Vec<Effect> {
        let Some(page) = self.steps_mut() else { return Vec::new() };
        let (line, texts) = (page.line().unwrap_or_default(), page.makes.literals(page.cursor));
        let Some(first) = texts.first().cloned() else {
            return self.say_of_steps(words::NOTHING_TO_ASK);
        };
        let word = |word: &str, table: &[(&str, Word)]| {
            crate::i18n::named(table, word).map_or_else(|| word.to_owned(), |found| self.say(found))
        };
        let kinds = ParamKind::WORDS.map(|kind| (kind.to_owned(), word(kind, words::KINDS)));
        let asks = Asking::WORDS.map(|(ask, _)| (ask.to_owned(), word(ask, words::ASKINGS)));
        let (kind, ask) = (kinds[0].1.clone(), asks[0].1.clone());
        let texts = texts.into_iter().map(|text| (text.clone(), text)).collect();
        let fields = vec![
            FormField::new("text", self.say(words::ASK_TEXT), &first).of(texts),
            FormField::new("name", self.say(words::ASK_NAME), ""),
            FormField::new("kind", self.say(words::ASK_KIND), &kind).of(kinds.to_vec()),
            FormField::new("choices", self.say(words::ASK_CHOICES), ""),
            FormField::new("ask", self.say(words::ASK_WHEN), &ask).of(asks.to_vec()),
            FormField::new("zh", self.say(words::SAYS_ZH), ""),
            FormField::new("en", self.say(words::SAYS_EN), ""),
        ];
        self.open_steps_form(Verb::StepAsk, &line, fields)
    }

    /// Asks what the macro is called.
    fn name_macro(&mut self) -> Vec<Effect> {
        let Some(page) = self.steps_mut() else { return Vec::new() };
        if page.makes.steps.is_empty() {
            return self.say_of_steps(words::NO_STEP_HERE);
        }
        let register = page.register.to_string();
        let targets = ["marked", "current", "view"].map(|target| {
            let found = crate::i18n::named(words::TARGETS, target);
            (target.to_owned(), found.map_or_else(|| target.to_owned(), |found| self.say(found)))
        });
        let first = targets[0].1.clone();
        let fields = vec![
            FormField::new("name", self.say(words::MACRO_NAME), ""),
            FormField::new("key", self.say(words::MACRO_KEY), ""),
            FormField::new("zh", self.say(words::SAYS_ZH), ""),
            FormField::new("en", self.say(words::SAYS_EN), ""),
            FormField::new("target", self.say(words::MACRO_TARGET), &first).of(targets.to_vec()),
        ];
        self.open_steps_form(Verb::MacroSave, &register, fields)
    }

    /// Says of each field of a form of the page what is wrong with it, as it is typed.
    pub(in crate::app) fn read_steps_form(&mut self) {
        let lang = self.settings.lang;
        let Some(makes) = self.steps_page().map(|page| page.makes.clone()) else { return };
        let told = [words::NAMED, words::PARAM_NAMED, words::KEY_LIKE, words::ONE_OF_THESE];
        let [named, param_named, key_like, one_of] = told.map(|word| self.say(word));
        let Some(Overlay::Form(form)) = &mut self.overlay else { return };
        let (verb, mut wrong) = (form.command.verb, Vec::new());
        for field in &form.fields {
            let text = field.text();
            let known = field.choices.is_empty() || field.choices.iter().any(|(word, _)| *word == text);
            let empty = text.trim().is_empty();
            wrong.push(match (field.name.as_str(), verb) {
                (_, _) if !known => Some((0..text.len(), one_of.clone())),
                ("step", _) if !empty => {
                    makes.taking(&text).err().map(|(span, why)| (span, why.in_lang(lang)))
                }
                ("name", Verb::MacroSave) if !empty && !is_name(text.trim()) => {
                    Some((0..text.len(), named.clone()))
                }
                ("name", Verb::StepAsk) if !empty && !is_name(text.trim()) => {
                    Some((0..text.len(), param_named.clone()))
                }
                ("key", _) if !empty => {
                    parse_keys(&text).err().map(|error| (error.span.clone(), key_like.clone()))
                }
                _ => None,
            });
        }
        for (field, wrong) in form.fields.iter_mut().zip(wrong) {
            field.wrong = wrong.as_ref().map(|(span, _)| span.clone());
            field.means = wrong.map_or_else(|| Ok(String::new()), |(_, why)| Err(why));
        }
    }

    /// Does what a form of the page says.
    pub(in crate::app) fn steps_form(&mut self) -> Vec<Effect> {
        let Some(Overlay::Form(form)) = &self.overlay else { return Vec::new() };
        let form = (**form).clone();
        let text = |name: &str| {
            let field = form.fields.iter().find(|field| field.name == name);
            field.map(FormField::text).unwrap_or_default().trim().to_owned()
        };
        let (lang, Some(page)) = (self.settings.lang, self.steps_mut()) else { return Vec::new() };
        let (makes, at) = (page.makes.clone(), page.cursor);
        let done = match form.command.verb {
            Verb::StepEdit | Verb::StepAdd => {
                let adds = form.command.verb == Verb::StepAdd;
                match makes.taking(&text("step")) {
                    Ok((step, on)) => self.put_step(step, on, at, adds),
                    Err((_, why)) => return self.not_of_steps(why.in_lang(lang)),
                }
            }
            Verb::StepAsk => match makes.asking(at, &text("text"), param_of(&text)) {
                Ok(asking) => self.change_steps(|makes| *makes = asking, at),
                Err(why) => return self.not_of_steps(why.in_lang(lang)),
            },
            _ => return self.save_macro(makes, &text),
        };
        self.close_steps_form(&form, done)
    }

    fn put_step(&mut self, step: Step, on: Resource, at: usize, adds: bool) -> Vec<Effect> {
        let empty = self.steps_page().is_none_or(|page| page.makes.steps.is_empty());
        let to = if adds && !empty { at + 1 } else { at };
        self.change_steps(
            |makes| {
                makes.on = on;
                match adds {
                    true => makes.steps.insert(to, step),
                    false => makes.steps[to].does = step.does,
                }
            },
            to,
        )
    }

    fn close_steps_form(&mut self, form: &Form, mut effects: Vec<Effect>) -> Vec<Effect> {
        self.overlay = None;
        effects.extend(self.drop_draft(form.key.clone()));
        effects
    }

    fn not_of_steps(&mut self, why: String) -> Vec<Effect> {
        if let Some(Overlay::Form(form)) = &mut self.overlay {
            form.error = Some(why);
        }
        Vec::new()
    }

    /// Has the macro written, under the name and with the rest that was typed.
    fn save_macro(&mut self, mut makes: Macro, text: &dyn Fn(&str) -> String) -> Vec<Effect> {
        if text("name").is_empty() {
            return self.not_of_steps(self.say(words::NAME_IT));
        }
        if self.recorder.saving.is_some() {
            return Vec::new();
        }
        (makes.name, makes.zh, makes.en) = (text("name"), text("zh"), text("en"));
        makes.keys = parse_keys(&text("key")).ok().filter(|keys| !keys.is_empty());
        makes.target = match text("target").as_str() {
            "current" => Target::Current,
            "view" => Target::View,
            _ => Target::Marked,
        };
        self.recorder.saving = Some(makes.name.clone());
        vec![Effect::SaveMacro(Box::new(makes))]
    }

    /// It was written into this file, or not.
    pub(in crate::app) fn macro_saved(&mut self, saved: Result<String, String>) -> Vec<Effect> {
        let Some(name) = self.recorder.saving.take() else { return Vec::new() };
        let file = match saved {
            Ok(file) => file,
            Err(why) => return self.not_of_steps(why),
        };
        let mut effects = Vec::new();
        if let Some(Overlay::Form(form)) = &self.overlay
            && form.command.verb == Verb::MacroSave
        {
            let form = (**form).clone();
            effects = self.close_steps_form(&form, effects);
        }
        if let Some(key) = self.steps_page().map(StepsPage::key) {
            effects.extend(self.drop_draft(key));
            self.details.pop();
            effects.extend(self.ask_detail());
        }
        let said: [(&str, &dyn std::fmt::Display); 2] = [("name", &name), ("file", &file)];
        self.notice = Some(Notice::good(fill(&self.say(words::SAVED), &said)));
        effects
    }
}

/// The parameter that a form describes.
fn param_of(text: &dyn Fn(&str) -> String) -> Param {
    let kind = match text("kind").as_str() {
        "choice" => ParamKind::Choice(text("choices").split_whitespace().map(str::to_owned).collect()),
        word => ParamKind::plain(word),
    };
    let ask = Asking::WORDS.iter().find(|(word, _)| *word == text("ask")).map(|(_, ask)| *ask);
    Param {
        name: text("name"),
        kind,
        ask: ask.unwrap_or_default(),
        default: None,
        zh: text("zh"),
        en: text("en"),
    }
}
