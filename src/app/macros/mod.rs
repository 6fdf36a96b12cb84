//! Macros in the console: chosen from a list, asked for what they need in a form, planned, shown, run.
//!
//! ```text
//! m, a key, the palette ──▶ macro.run NAME ──form──▶ macro.run NAME tag=VIP ──Effect::Plan──▶ the plan
//!                                                        D: shown ─▶ Enter ─┐            │ confirmed
//!                                                   Event::Running ◀── Effect::Run ◀─────┘
//! ```

mod asking;
mod recorder;
mod running;
mod steps;

use crate::command::{Command, Verb};
use crate::i18n::words::{fill, macros as words};
use crate::keymap::print_keys;
use crate::macros::{Given, Macro, Source, Target};
use crate::model::Resource;

pub(super) use asking::{filled, is_macro};
pub use recorder::Recorder;
pub use running::Running;
pub use steps::StepsPage;
pub(super) use steps::is_of_steps;

use super::effect::Effect;
use super::event::Notice;
use super::overlay::Overlay;
use super::picker::{Choice, Picked, Picker, PickerKind};
use super::writing::Targets;
use super::{App, Detail, Pane};

impl App {
    /// `macro.run` and `macro.plan`, with as much as was said.
    pub(super) fn macro_command(&mut self, command: &Command) -> Vec<Effect> {
        if self.settings.read_only && command.verb == Verb::MacroRun {
            return self.say_plain(words::READ_ONLY);
        }
        let Some(name) = command.arg().filter(|name| !name.trim().is_empty()) else {
            return self.pick_macro(command.verb);
        };
        let book = std::sync::Arc::clone(&self.settings.macros);
        let Some(makes) = book.get(name.trim()) else {
            let error = crate::macros::MacroError::Unknown {
                name: name.to_owned(),
                nearest: book.nearest(name).map(str::to_owned),
            };
            self.notice = Some(Notice::bad(error.says(self.settings.lang.is_zh())));
            return Vec::new();
        };
        if let Some(why) = self.macro_refusal(makes) {
            self.notice = Some(Notice::plain(format!("{}: {why}", self.macro_title(makes))));
            return Vec::new();
        }
        let given = match Given::read(command.args.get(1).map_or("", String::as_str)) {
            Ok(given) => given,
            Err(error) => {
                self.notice = Some(Notice::bad(error.to_string()));
                return Vec::new();
            }
        };
        let Some(targets) = self.macro_targets(makes) else { return self.say_plain(words::NO_RECORD) };
        let fields = self.macro_fields(makes, &given, &targets);
        let mut command = command.clone();
        command.args[0] = makes.name.clone();
        match fields {
            Err(word) => self.say_plain(word),
            Ok(fields) if fields.is_empty() => self.plan_macro(command, targets),
            Ok(fields) => {
                let mut form = self.form(&command, targets, fields, false);
                let counted = form.title.split_once(" · ").map(|(_, of)| format!(" · {of}"));
                form.title = format!("{}{}", self.macro_title(makes), counted.unwrap_or_default());
                form.key = format!("macro {} {}", makes.name, form.key);
                self.open_form(form)
            }
        }
    }

    /// Has a macro planned; what was only to be shown is shown, whatever its risk.
    pub(super) fn plan_macro(&mut self, command: Command, targets: Targets) -> Vec<Effect> {
        let shows = command.verb == Verb::MacroPlan;
        let effects = self.plan(command, targets);
        if !effects.is_empty() {
            self.running.shows = shows;
            self.running.plans = true;
        }
        effects
    }

    /// What a macro is called.
    pub fn macro_title(&self, makes: &Macro) -> String {
        makes.says(self.settings.lang.is_zh()).to_owned()
    }

    /// What a macro is called and the worst that it can do, for which-key.
    pub(super) fn macro_means(&self, name: &str) -> Option<String> {
        let makes = self.settings.macros.get(name)?;
        Some(format!("{} ({})", self.macro_title(makes), self.settings.macros.risk(name).word()))
    }

    /// All macros, those that can be run here first.
    fn pick_macro(&mut self, verb: Verb) -> Vec<Effect> {
        let mut choices = if verb == Verb::MacroRun { self.run_choices() } else { Vec::new() };
        choices.extend(self.macro_choices(verb));
        self.overlay = Some(Overlay::Picker(Picker::new(PickerKind::Macros, choices)));
        Vec::new()
    }

    /// Macros as things to pick.
    pub(super) fn macro_choices(&self, verb: Verb) -> Vec<Choice> {
        let zh = self.settings.lang.is_zh();
        let book = &self.settings.macros;
        let layers = self.layers_under_overlay();
        let mut choices: Vec<Choice> = book
            .iter()
            .map(|makes| {
                let run = Command::with(Verb::MacroRun, makes.name.as_str());
                let keys = self.settings.keymap.keys_for(&run, layers);
                let keys = keys.first().map(|keys| print_keys(keys)).unwrap_or_default();
                Choice {
                    label: makes.says(zh).to_owned(),
                    note: keys,
                    on: None,
                    refused: self.macro_refusal(makes),
                    does: Picked::Run(Command::with(verb, makes.name.as_str())),
                    risk: Some(book.risk(&makes.name)),
                    also: format!("{} {}", makes.name, makes.says(!zh)),
                }
            })
            .collect();
        choices.sort_by_key(|choice| choice.refused.is_some());
        choices
    }

    /// Why a macro cannot be run now; `None` where it can.
    pub fn macro_refusal(&self, makes: &Macro) -> Option<String> {
        if self.settings.read_only {
            return Some(self.say(words::READ_ONLY));
        }
        if let Some((chinese, english)) = self.settings.hindered.get(&makes.name) {
            return Some(if self.settings.lang.is_zh() { chinese } else { english }.clone());
        }
        let here = self.layers_under_overlay();
        if !makes.contexts.is_empty() && !makes.contexts.iter().any(|layer| here.contains(layer)) {
            let places = self.places(&makes.contexts);
            return Some(fill(&self.say(words::ONLY_IN), &[("places", &places)]));
        }
        self.macro_targets(makes).is_none().then(|| {
            let word = if makes.on == Resource::FollowUps {
                words::NO_FOLLOW_UP_HERE
            } else {
                words::NO_CUSTOMER_HERE
            };
            self.say(word)
        })
    }

    /// The records that a macro would be run on; `None` where there are none here.
    fn macro_targets(&self, makes: &Macro) -> Option<Targets> {
        match makes.target {
            Target::Select(_) => Some(Targets::None),
            // Of customers, the follow-up that is due first.
            Target::Marked | Target::Current if makes.on == Resource::FollowUps && self.is_at_customer() => {
                let customers = match makes.target {
                    Target::Marked => self.targets(Some(Resource::Customers))?,
                    _ => Targets::Records(Resource::Customers, vec![self.current_customer()?]),
                };
                let Targets::Records(Resource::Customers, ids) = customers else { return None };
                Some(Targets::NextOf(ids))
            }
            Target::Marked => self.targets(Some(makes.on)),
            Target::Current => match (makes.on, self.details.is_empty(), self.focus) {
                (Resource::Customers, ..) => Some(Targets::Records(makes.on, vec![self.current_customer()?])),
                (_, true, Pane::FollowUps) => {
                    let row = &self.follow_ups.current()?.row;
                    Some(Targets::Records(makes.on, vec![row.id.to_string()]))
                }
                _ => self.targets(Some(makes.on)),
            },
            Target::View => {
                let shown = match (makes.on, self.focus) {
                    _ if !self.details.is_empty() => return self.targets(Some(makes.on)),
                    (Resource::Customers, Pane::Customers) => &self.customers.query,
                    (Resource::FollowUps, Pane::FollowUps) => &self.follow_ups.query,
                    _ => return None,
                };
                Some(Targets::Shown(makes.on, shown.text.clone()))
            }
        }
    }

    /// Whether it is a customer that one stands on, and nothing else about them.
    fn is_at_customer(&self) -> bool {
        match self.details.last() {
            Some(Detail::Customer(_)) => true,
            Some(_) => false,
            None => self.focus == Pane::Customers,
        }
    }

    /// What a record is called, as far as it is in sight.
    pub(super) fn name_of(&self, id: &str) -> String {
        if let Some(Detail::Customer(detail)) = self.details.last()
            && let Some(view) = &detail.record.view
            && view.customer.id.as_str() == id
        {
            return view.customer.name.clone();
        }
        let customer = self.customers.window.rows.iter().find(|placed| placed.row.id.as_str() == id);
        if let Some(placed) = customer {
            return placed.row.name.clone();
        }
        let follow_up = self.follow_ups.window.rows.iter().find(|placed| placed.row.id.as_str() == id);
        follow_up.map_or_else(|| id.to_owned(), |placed| placed.row.title.clone())
    }

    /// Whether a macro lies in the folder beside the configuration.
    pub fn is_foreign(makes: &Macro) -> bool {
        makes.origin.source == Source::Folder
    }

    fn say_plain(&mut self, word: crate::i18n::Word) -> Vec<Effect> {
        self.notice = Some(Notice::plain(self.say(word)));
        Vec::new()
    }
}
