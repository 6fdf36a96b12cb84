//! What the keys choose, staged until it is committed.

use crate::app::App;
use crate::app::effect::Effect;
use crate::app::event::Notice;
use crate::app::overlay::Overlay;
use crate::app::picker::{Choice, Picked, Picker, PickerKind};
use crate::app::writing::{Addressee, Form, FormField, Targets};
use crate::command::plan::{channels, check_variables};
use crate::command::{Command, PlanError, Verb};
use crate::i18n::words::{fill, kinds, named, triage as words, writing};
use crate::model::Resource;
use crate::model::view::QueueKey;

use super::{Closed, Message, NumberedTags, Staged, TAGS, draft_key};

impl App {
    /// A key that chooses something for the one that is dealt with.
    pub(super) fn choose_for_contact(&mut self, command: &Command) -> Vec<Effect> {
        let Some(item) = self.triage().and_then(|open| open.queue.current()) else { return Vec::new() };
        if !item.is_left() {
            let word = if item.gone { words::GONE } else { words::DEALT_WITH };
            self.notice = Some(Notice::plain(self.say(word)));
            return Vec::new();
        }
        let key = item.row.key.clone();
        let arg = command.arg();
        match (command.verb, arg) {
            (Verb::TriageResult, Some(word)) => self.choose_result(&key, word),
            (Verb::TriageSnooze, Some(word)) => self.choose_snooze(&key, word),
            (Verb::TriageSnooze, None) => {
                let label = self.say(writing::WHEN);
                self.triage_form(command, vec![FormField::new("when", label, "")], None)
            }
            (Verb::TriageTags, _) => self.pick_staged_tags(),
            (Verb::TriageAssign, Some(who)) => {
                let who = who.to_owned();
                self.stage(&key, |staged| staged.who = Some(who))
            }
            (Verb::TriageAssign, None) => self.pick_who(command),
            (Verb::TriageNote, Some(text)) => {
                let text = text.trim_end().to_owned();
                self.stage(&key, |staged| staged.note = Some(text).filter(|text| !text.is_empty()))
            }
            (Verb::TriageNote, None) => {
                let before = self.staged().and_then(|staged| staged.note.clone()).unwrap_or_default();
                let label = self.say(writing::TEXT);
                self.triage_form(command, vec![FormField::new("text", label, &before).of_lines()], None)
            }
            (Verb::TriageSnippet, Some(title)) => self.open_snippet(command, title),
            (Verb::TriageSnippet, None) => self.pick_snippet(command),
            (Verb::TriageDone, _) => self.stage(&key, |staged| staged.close(Closed::Done)),
            (Verb::TriageCancel, _) => self.stage(&key, |staged| staged.close(Closed::Cancelled)),
            (Verb::TriageClear, _) => self.stage(&key, |staged| *staged = Staged::default()),
            _ => Vec::new(),
        }
    }

    /// Changes what is staged for a member, and keeps it.
    pub(super) fn stage(&mut self, key: &QueueKey, change: impl FnOnce(&mut Staged)) -> Vec<Effect> {
        let staged = self.desk.staged.entry(key.clone()).or_default();
        change(staged);
        let (empty, text) = (staged.is_empty(), staged.draft());
        let name = draft_key(key);
        if empty {
            self.desk.staged.remove(key);
            return self.drop_draft(name);
        }
        self.writing.drafts.insert(name.clone(), text.clone());
        vec![Effect::KeepDraft { key: name, text: Some(text) }]
    }

    fn choose_result(&mut self, key: &QueueKey, word: &str) -> Vec<Effect> {
        let results = &self.settings.triage.results;
        let chosen = match word.parse::<usize>() {
            Ok(n) => results.get(n.wrapping_sub(1)).cloned(),
            Err(_) => Some(word.to_owned()),
        };
        let Some(chosen) = chosen else {
            let text = fill(&self.say(words::NO_SUCH_RESULT), &[("n", &word)]);
            self.notice = Some(Notice::plain(text));
            return Vec::new();
        };
        self.stage(key, |staged| {
            // The same key again takes it back.
            staged.result = if staged.result.as_ref() == Some(&chosen) { None } else { Some(chosen) };
        })
    }

    fn choose_snooze(&mut self, key: &QueueKey, word: &str) -> Vec<Effect> {
        let (moment, settings) = (self.as_of_now(), std::sync::Arc::clone(&self.settings));
        let mut staged = self.desk.staged.get(key).cloned().unwrap_or_default();
        let why = match staged.put_off(word, &moment, &settings.workdays) {
            Err(error) => Some(PlanError::Due(error)),
            Ok(()) => {
                let past = staged.snooze.as_ref().is_some_and(|snooze| snooze.until <= moment.now);
                past.then(|| PlanError::Past(word.to_owned()))
            }
        };
        match why {
            Some(why) => {
                self.notice = Some(Notice::bad(why.says(settings.lang.is_zh())));
                Vec::new()
            }
            None => self.stage(key, |known| *known = staged),
        }
    }

    /// What a result is called.
    pub fn result_name(&self, word: &str) -> String {
        named(kinds::OUTCOMES, word).map_or_else(|| word.to_owned(), |name| self.say(name))
    }

    fn pick_who(&mut self, command: &Command) -> Vec<Effect> {
        let me = (self.say(writing::ME), "me".to_owned());
        let names = self.vocabulary.operators.iter().map(|name| (name.clone(), name.clone()));
        let names = std::iter::once(me).chain(names).collect();
        self.pick_one(command, names)
    }

    fn pick_snippet(&mut self, command: &Command) -> Vec<Effect> {
        let titles = self.vocabulary.snippets.iter();
        let titles = titles.map(|(title, _)| (title.clone(), title.clone())).collect();
        self.pick_one(command, titles)
    }

    /// Gives the free numbers to the tags that most customers have.
    pub(super) fn number_tags(&mut self) {
        let mut known: Vec<_> = self.tags.tags.iter().collect();
        known.sort_by_key(|tag| std::cmp::Reverse(tag.customers));
        if !known.is_empty() {
            self.desk.tags.fill(known.iter().map(|tag| tag.id.as_str()));
        }
    }

    /// All tags: the nine with a number first, those that the customer has or gets turned on.
    fn pick_staged_tags(&mut self) -> Vec<Effect> {
        self.number_tags();
        let had = self.triage().and_then(|open| open.contact()).and_then(|contact| contact.customer.as_ref());
        let had = had.map(|view| view.customer.tags.clone()).unwrap_or_default();
        let staged = self.staged().map(|staged| staged.tags.clone()).unwrap_or_default();
        let numbered = &self.desk.tags.ids;
        let number = |id: &str| numbered.iter().position(|known| known == id);
        let mut tags: Vec<_> = self.tags.tags.iter().collect();
        tags.sort_by_key(|tag| number(tag.id.as_str()).unwrap_or(usize::MAX));
        let choices = tags.into_iter().map(|tag| {
            let had = had.contains(&tag.id);
            let chosen = staged.iter().find(|(id, ..)| id == tag.id.as_str()).map(|(.., on)| *on);
            Choice {
                label: tag.name.clone(),
                note: number(tag.id.as_str()).map_or_else(|| tag.group.clone(), |at| (at + 1).to_string()),
                on: Some(chosen.unwrap_or(had)),
                refused: None,
                does: Picked::Tag { id: tag.id.to_string(), had },
                risk: None,
                also: tag.group.clone(),
            }
        });
        let choices = choices.collect();
        self.overlay = Some(Overlay::Picker(Picker::new(PickerKind::StagedTags, choices)));
        Vec::new()
    }

    /// A digit where nothing was typed yet chooses the tag of that number; `None` where it is text.
    pub(in crate::app) fn tag_of_number(&mut self, typed: char) -> Option<Vec<Effect>> {
        let Some(Overlay::Picker(picker)) = &mut self.overlay else { return None };
        let nth = typed.to_digit(10)?.checked_sub(1)? as usize;
        if picker.kind != PickerKind::StagedTags || !picker.input.text().is_empty() {
            return None;
        }
        let choice = picker.choices.get_mut(nth).filter(|_| nth < self.desk.tags.ids.len())?;
        choice.on = Some(choice.on != Some(true));
        Some(self.staged_tags_picked(false))
    }

    /// The tags as they are turned on and off are staged; the one under the cursor where none was
    /// turned and `current` says so.
    pub(in crate::app) fn staged_tags_picked(&mut self, current: bool) -> Vec<Effect> {
        let before = self.staged().map(|staged| staged.tags.clone()).unwrap_or_default();
        let Some(Overlay::Picker(picker)) = self.overlay.take() else { return Vec::new() };
        let under = picker.current().cloned();
        let turned = |choices: &[Choice]| -> Vec<(String, String, bool)> {
            let of = |choice: &Choice| match &choice.does {
                Picked::Tag { id, had } if choice.on != Some(*had) => {
                    Some((id.clone(), choice.label.clone(), !*had))
                }
                _ => None,
            };
            choices.iter().filter_map(of).collect()
        };
        let mut choices = picker.choices;
        let same = |now: &[(String, String, bool)]| {
            now.len() == before.len() && now.iter().all(|tag| before.iter().any(|known| known.0 == tag.0))
        };
        if current
            && same(&turned(&choices))
            && let Some(under) = under
            && let Some(choice) = choices.iter_mut().find(|choice| choice.does == under.does)
        {
            choice.on = Some(choice.on != Some(true));
        }
        let tags = turned(&choices);
        let Some(key) = self.triage().and_then(|open| open.key()).cloned() else { return Vec::new() };
        let used: Vec<_> = tags.iter().filter(|tag| !before.iter().any(|known| known.0 == tag.0)).collect();
        used.iter().for_each(|(id, ..)| self.desk.tags.touch(id));
        let text = NumberedTags::draft(&self.desk.tags);
        let mut effects = vec![Effect::KeepDraft { key: TAGS.to_owned(), text: Some(text) }];
        effects.extend(self.stage(&key, |staged| staged.tags = tags));
        effects
    }

    /// A snippet, filled for this customer, to be read, changed, and staged or copied.
    fn open_snippet(&mut self, command: &Command, title: &str) -> Vec<Effect> {
        let found = self.vocabulary.snippets.iter().find(|(known, _)| known == title).cloned();
        let Some(contact) = self.triage().and_then(|open| open.contact()) else {
            self.notice = Some(Notice::plain(self.say(words::NOT_LOADED)));
            return Vec::new();
        };
        let (Some((_, template)), Some(view)) = (found, contact.customer.as_ref()) else {
            self.notice = Some(Notice::plain(self.say(writing::NO_TARGET)));
            return Vec::new();
        };
        let to = Addressee { customer: view.customer.clone(), operator: view.me.clone(), many: false };
        let kinds: Vec<String> = channels(&to.customer).into_iter().map(str::to_owned).collect();
        // What is lacking is said below the text; what a customer wrote into a field is no variable.
        let filled = to.filled(&template).ok().filter(|filled| {
            !filled.contains("{{") && !filled.contains("\\{") && check_variables(filled).is_ok()
        });
        let channel = kinds.first().cloned().unwrap_or_default();
        let all = kinds.into_iter().map(|kind| (kind.clone(), kind)).collect();
        let fields = vec![
            FormField::new("channel", self.say(writing::CHANNEL), &channel).of(all),
            FormField::new("text", self.say(writing::TEXT), filled.as_deref().unwrap_or(&template))
                .of_lines(),
        ];
        self.triage_form(command, fields, Some(to))
    }

    fn triage_form(
        &mut self,
        command: &Command,
        fields: Vec<FormField>,
        to: Option<Addressee>,
    ) -> Vec<Effect> {
        let Some(item) = self.triage().and_then(|open| open.queue.current()) else { return Vec::new() };
        let (key, who) = (item.row.key.clone(), item.row.customer.clone());
        let what = command.spec().says(self.settings.lang.is_zh());
        let snippet = command.arg().map(|title| format!(" · {title}")).unwrap_or_default();
        let focus = fields.len() - 1;
        let form = Form {
            title: format!("{what}{snippet} · {who}"),
            command: command.clone(),
            targets: Targets::Records(key.resource, vec![key.id.clone()]),
            key: format!("{} {}/{}{snippet}", command.spec().id, key.resource, key.id),
            fields,
            focus,
            error: None,
            restored: false,
            edits: false,
            to: to.map(Box::new),
            amends: None,
        };
        self.open_form(form)
    }

    /// Whether what is typed into a form is staged rather than written.
    pub(in crate::app) fn stages(command: &Command) -> bool {
        matches!(command.verb, Verb::TriageNote | Verb::TriageSnooze | Verb::TriageSnippet)
    }

    /// What was typed into a form is staged.
    pub(in crate::app) fn stage_form(&mut self) -> Vec<Effect> {
        let Some(Overlay::Form(form)) = self.overlay.take() else { return Vec::new() };
        let mut effects = self.drop_draft(form.key.clone());
        let text = |name: &str| {
            let field = form.fields.iter().find(|field| field.name == name);
            field.map(|field| field.input.text().to_owned()).unwrap_or_default()
        };
        let Targets::Records(resource, ids) = &form.targets else { return effects };
        let Some(id) = ids.first() else { return effects };
        let key = QueueKey { resource: *resource, id: id.clone() };
        match (form.command.verb, form.command.arg()) {
            (Verb::TriageSnooze, _) => effects.extend(self.choose_snooze(&key, &text("when"))),
            (Verb::TriageSnippet, Some(snippet)) => {
                let changed = form.fields.iter().any(|field| field.name == "text" && field.changed());
                let known = self.vocabulary.snippets.iter().find(|(title, _)| title == snippet);
                let message = Message {
                    snippet: snippet.to_owned(),
                    template: known.map(|(_, text)| text.clone()).filter(|_| !changed),
                    channel: text("channel").trim().to_owned(),
                    text: text("text"),
                };
                let says = !message.text.trim().is_empty();
                effects.extend(self.stage(&key, |staged| staged.message = says.then_some(message)));
            }
            _ => {
                let note = text("text").trim_end().to_owned();
                effects
                    .extend(self.stage(&key, |staged| staged.note = Some(note).filter(|it| !it.is_empty())));
            }
        }
        effects
    }

    /// What a command of triage with this argument means now, for which-key.
    pub fn means(&self, command: &Command) -> Option<String> {
        let arg = command.arg()?;
        match command.verb {
            Verb::TriageResult => {
                let nth = arg.parse::<usize>().ok()?.checked_sub(1)?;
                Some(
                    self.settings
                        .triage
                        .results
                        .get(nth)
                        .map(|word| self.result_name(word))
                        .unwrap_or_default(),
                )
            }
            Verb::TriageSnooze => {
                let mut staged = Staged::default();
                staged.put_off(arg, &self.as_of_now(), &self.settings.workdays).ok()?;
                let snooze = staged.snooze?;
                let at = snooze.until.zoned(&self.settings.zone);
                let lang = self.settings.lang;
                let day = crate::i18n::day(lang, at.date());
                Some(format!("{day} {}", crate::i18n::clock(&at)))
            }
            Verb::MacroRun | Verb::MacroPlan => self.macro_means(arg),
            _ => None,
        }
    }

    /// What a customer's new follow-up is called: that of the queue that they were in.
    pub(super) fn title_of(&self, key: &QueueKey) -> String {
        match key.resource {
            Resource::Customers => self.triage().map(|open| open.label.clone()).unwrap_or_default(),
            _ => String::new(),
        }
    }
}
