//! Typing: what the open line does with text and editing keys.

use crate::command::{Command, Verb};
use crate::i18n::words::notices;

use super::App;
use super::effect::Effect;
use super::event::Notice;
use super::line_input::LineInput;
use super::overlay::{FirstRun, FirstStep, Overlay};
use super::panes::Pane;
use super::picker::PickerKind;

impl App {
    fn input(&mut self) -> Option<&mut LineInput> {
        match &mut self.overlay {
            Some(Overlay::Search(search)) => Some(&mut search.input),
            Some(Overlay::Line(line)) => Some(&mut line.input),
            Some(Overlay::Picker(picker)) => Some(&mut picker.input),
            Some(Overlay::Help(help)) => Some(&mut help.input),
            Some(Overlay::FirstRun(run)) => run.input(),
            Some(Overlay::Form(form)) => {
                let focus = form.focus;
                let field = form.fields.get_mut(focus).filter(|field| field.fixed.is_none());
                field.map(|field| &mut field.input)
            }
            Some(Overlay::Confirm(confirm)) => Some(&mut confirm.input),
            None => None,
        }
    }

    pub(super) fn type_text(&mut self, text: &str) -> Vec<Effect> {
        if let Some(Overlay::FirstRun(FirstRun { step: FirstStep::Choose, .. })) = &self.overlay {
            return match text {
                "j" => self.pick_step(1),
                "k" => self.pick_step(-1),
                _ => Vec::new(),
            };
        }
        if let Some(Overlay::FirstRun(run)) = &mut self.overlay
            && run.step == FirstStep::Url
            && std::mem::take(&mut run.url_offered)
        {
            run.url = LineInput::default();
        }
        match self.input() {
            Some(input) => {
                input.insert(text);
                self.typed()
            }
            None => Vec::new(),
        }
    }

    /// A paste is text, never keys. With no line open it opens the search line with it.
    pub(super) fn paste(&mut self, text: &str) -> Vec<Effect> {
        self.forget_keys();
        // Terminals send the line breaks of a paste as carriage returns.
        let text = &text.replace("\r\n", "\n").replace('\r', "\n");
        if self.input().is_some() {
            return self.type_text(text);
        }
        let said = self.say(notices::PASTED_INTO_THE_SEARCH_LINE_NO);
        if !self.details.is_empty() || self.overlay.is_some() {
            let said = self.say(notices::NOTHING_TAKES_TEXT_HERE_THE_PASTE);
            self.notice = Some(Notice::plain(said));
            return Vec::new();
        }
        let mut effects = self.open_search();
        self.notice = Some(Notice::plain(said));
        effects.extend(self.type_text(text));
        effects
    }

    pub(super) fn edit(&mut self, verb: Verb) -> Vec<Effect> {
        if let Some(Overlay::FirstRun(run)) = &mut self.overlay {
            run.url_offered = false;
        }
        let Some(input) = self.input() else { return Vec::new() };
        let before = input.text().len();
        match verb {
            Verb::InputLeft => input.left(),
            Verb::InputRight => input.right(),
            Verb::InputWordLeft => input.word_left(),
            Verb::InputWordRight => input.word_right(),
            Verb::InputHome => input.home(),
            Verb::InputEnd => input.end(),
            Verb::InputBackspace => {
                let done = input.backspace();
                // Nothing left to delete: out of the line, as one expects of a pager.
                let stays = matches!(
                    self.overlay,
                    Some(Overlay::FirstRun(_) | Overlay::Form(_) | Overlay::Confirm(_))
                );
                let leaves = !done && before == 0 && !stays;
                if leaves {
                    // The filter that was deleted does not come back.
                    let search = matches!(self.overlay, Some(Overlay::Search(_)));
                    return if search { self.accept() } else { self.cancel() };
                }
            }
            Verb::InputDelete => {
                input.delete();
            }
            Verb::InputDeleteWord => {
                input.delete_word();
            }
            Verb::InputClear => {
                input.clear();
            }
            _ => {}
        }
        self.typed()
    }

    /// What is typed has changed, or the caret moved.
    pub(super) fn typed(&mut self) -> Vec<Effect> {
        match &mut self.overlay {
            Some(Overlay::Search(search)) => {
                if search.pane == Pane::Tags {
                    let typed = search.input.text().to_owned();
                    self.tags.narrow(&typed);
                    return Vec::new();
                }
                let pane = search.pane;
                match search.read(&self.vocabulary) {
                    Some(query) if !self.shows(pane, &query.text) => self.show(pane, query),
                    _ => Vec::new(),
                }
            }
            Some(Overlay::Line(line)) => {
                line.read();
                Vec::new()
            }
            Some(Overlay::Picker(picker)) => {
                picker.narrow();
                Vec::new()
            }
            Some(Overlay::Help(help)) => {
                help.scroll = super::Scroll::default();
                Vec::new()
            }
            Some(Overlay::FirstRun(run)) => {
                run.edited();
                Vec::new()
            }
            Some(Overlay::Form(_)) => self.form_typed(),
            Some(Overlay::Confirm(confirm)) => {
                confirm.wrong = false;
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    fn shows(&self, pane: Pane, text: &str) -> bool {
        let shown = match pane {
            Pane::Customers => &self.customers.query.text,
            Pane::Groups => &self.groups.query.text,
            Pane::FollowUps => &self.follow_ups.query.text,
            Pane::Tags => &self.tags.narrowed,
        };
        shown == text
    }

    pub(super) fn complete(&mut self) -> Vec<Effect> {
        match &mut self.overlay {
            Some(Overlay::Search(search)) => {
                let pane = search.pane;
                if search.sure() {
                    return self.typed();
                }
                match search.tab() {
                    Some(query) => self.show(pane, query),
                    None => Vec::new(),
                }
            }
            Some(Overlay::Line(line)) => {
                line.tab();
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    pub(super) fn history(&mut self, by: i64) -> Vec<Effect> {
        if let Some(Overlay::Search(search)) = &mut self.overlay {
            search.history(by, &self.history);
            return self.typed();
        }
        Vec::new()
    }

    pub(super) fn accept(&mut self) -> Vec<Effect> {
        match &mut self.overlay {
            Some(Overlay::Search(search)) => {
                // A filter with a mistake in it stays open, with the mistake marked.
                if search.pane != Pane::Tags && search.error.is_some() {
                    return Vec::new();
                }
                let text = search.input.text().trim().to_owned();
                self.overlay = None;
                if !text.is_empty() {
                    self.keep(&Command::with(Verb::FilterSet, text.as_str()));
                }
                if text.is_empty() || self.history.last() == Some(&text) {
                    return Vec::new();
                }
                self.history.retain(|line| *line != text);
                self.history.push(text.clone());
                vec![Effect::Remember(text)]
            }
            Some(Overlay::Line(line)) => {
                let text = line.input.text().trim().to_owned();
                if text.is_empty() {
                    self.overlay = None;
                    return Vec::new();
                }
                let kept = line.clone();
                match self.run_line(&text) {
                    Ok(effects) => effects,
                    Err(error) => {
                        self.overlay = Some(Overlay::Line(super::CommandLine { error: Some(error), ..kept }));
                        Vec::new()
                    }
                }
            }
            Some(Overlay::Picker(_)) => self.picked(),
            Some(Overlay::Help(help)) => {
                help.searching = false;
                Vec::new()
            }
            Some(Overlay::FirstRun(_)) => self.first_run(),
            Some(Overlay::Form(_)) => self.form_enter(),
            Some(Overlay::Confirm(_)) => self.confirm(),
            None => Vec::new(),
        }
    }

    /// Closes what lies over the screen; a search goes back to the filter before it.
    pub(super) fn cancel(&mut self) -> Vec<Effect> {
        match self.overlay.take() {
            Some(Overlay::Search(search)) => {
                if search.pane == Pane::Tags {
                    self.tags.narrow(search.before.trim_end());
                    return Vec::new();
                }
                let before = search.before.trim_end().to_owned();
                if self.shows(search.pane, &before) || self.shows(search.pane, &search.before) {
                    return Vec::new();
                }
                match crate::query::parse(search.pane.scope(), &before) {
                    Ok(query) => self.show_again(search.pane, query, search.at.as_deref()),
                    Err(_) => Vec::new(),
                }
            }
            Some(Overlay::Confirm(confirm)) => self.decline(*confirm),
            Some(Overlay::Form(form)) => {
                self.close_form(&form);
                Vec::new()
            }
            Some(Overlay::Help(mut help)) if help.searching => {
                help.searching = false;
                help.input = LineInput::default();
                self.overlay = Some(Overlay::Help(help));
                Vec::new()
            }
            Some(Overlay::FirstRun(mut run)) => {
                run.trying = None;
                run.step = match run.step {
                    FirstStep::Choose => return vec![Effect::Quit],
                    FirstStep::Url => FirstStep::Choose,
                    FirstStep::Token => FirstStep::Url,
                };
                self.overlay = Some(Overlay::FirstRun(run));
                Vec::new()
            }
            Some(Overlay::Picker(picker)) if picker.kind == PickerKind::Columns => {
                self.tell_columns();
                Vec::new()
            }
            _ => Vec::new(),
        }
    }
}
