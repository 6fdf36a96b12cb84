//! What the pickers offer, and what picking does.

use std::sync::Arc;

use crate::command::{Chapter, Command, Risk, Spec, Verb, specs};
use crate::config::{TokenSaid, url_problem};
use crate::i18n::words;
use crate::i18n::words::named;
use crate::keymap::{print_keys, stack};
use crate::query::{Direction, Scope};

use super::App;
use super::columns::columns;
use super::effect::{Beginning, Effect};
use super::overlay::{CommandLine, FirstChoice, FirstRun, FirstStep, Overlay};
use super::picker::{Choice, Picked, Picker, PickerKind};
use super::settings::Width;

impl App {
    pub(super) fn open_palette(&mut self) -> Vec<Effect> {
        let zh = self.settings.lang.is_zh();
        let layers = self.layers_under_overlay();
        let keymap = Arc::clone(&self.settings.keymap);
        let offered: Vec<&Spec> = specs().iter().filter(|spec| spec.chapter != Chapter::Typing).collect();
        // Two commands may be called the same in two places: their chapters tell them apart.
        let label = |spec: &Spec| {
            let says = spec.says(zh);
            match offered.iter().filter(|other| other.says(zh) == says).count() {
                0 | 1 => says.to_owned(),
                _ if zh => format!("{says}（{}）", spec.chapter.title(zh)),
                _ => format!("{says} ({})", spec.chapter.title(zh)),
            }
        };
        let mut choices: Vec<Choice> = offered
            .iter()
            .map(|spec| {
                let command = Command::new(spec.verb);
                let refused = self.refusal(&command);
                // The key here, else the one where it can be used.
                let places = std::iter::once(layers).chain(spec.layers.iter().map(|layer| stack(*layer)));
                let keys = places.flat_map(|layers| keymap.keys_of(spec.verb, layers)).next();
                let needs = spec.args.iter().any(|arg| arg.required);
                Choice {
                    label: label(spec),
                    note: keys.map(|keys| print_keys(&keys)).unwrap_or_default(),
                    on: None,
                    refused,
                    does: if needs { Picked::Line(format!("{} ", spec.id)) } else { Picked::Run(command) },
                    risk: Some(spec.risk).filter(|risk| *risk > Risk::Read),
                    also: format!("{} {}", spec.id, spec.says(!zh)),
                }
            })
            .chain(self.macro_choices(Verb::MacroRun))
            .collect();
        // What can be used here comes first, and what every hand knows comes last.
        choices.sort_by_key(|choice| {
            let moving =
                matches!(&choice.does, Picked::Run(command) if command.spec().chapter == Chapter::Moving);
            (choice.refused.is_some(), moving)
        });
        self.overlay = Some(Overlay::Picker(Picker::new(PickerKind::Palette, choices)));
        Vec::new()
    }

    pub(super) fn pick_sort(&mut self) -> Vec<Effect> {
        let Some(list) = self.sorted().and_then(|which| self.list(which)) else { return Vec::new() };
        let now = list.sort().keys.first().map(|(key, direction)| (key.name, *direction));
        let scope = list.query().scope;
        let (up, down) = if self.settings.width == Width::Narrow { ("↑", "↓") } else { ("^", "v") };
        let choices = scope.sort_keys().iter().map(|key| {
            let current = now.filter(|(name, _)| *name == key.name).map(|(_, direction)| direction);
            let set = if current == Some(Direction::Ascending) {
                format!("-{}", key.name)
            } else {
                key.name.to_owned()
            };
            Choice {
                label: self.column_name(scope, key.name),
                note: match current {
                    Some(Direction::Ascending) => up.to_owned(),
                    Some(Direction::Descending) => down.to_owned(),
                    None => String::new(),
                },
                on: Some(current.is_some()),
                refused: None,
                does: Picked::Run(Command::with(Verb::SortSet, set)),
                risk: None,
                also: key.name.to_owned(),
            }
        });
        let choices = choices.collect();
        self.overlay = Some(Overlay::Picker(Picker::new(PickerKind::Sort, choices)));
        Vec::new()
    }

    pub(super) fn pick_columns(&mut self) -> Vec<Effect> {
        let choices = columns(self.focus)
            .iter()
            .map(|column| Choice {
                label: self.column_name(self.focus.scope(), column.id),
                note: String::new(),
                on: Some(false),
                refused: None,
                does: Picked::Column(column.id),
                risk: None,
                also: column.id.to_owned(),
            })
            .collect();
        self.overlay = Some(Overlay::Picker(Picker::new(PickerKind::Columns, choices)));
        self.note_columns();
        Vec::new()
    }

    pub(super) fn pick_view(&mut self) -> Vec<Effect> {
        let keymap = Arc::clone(&self.settings.keymap);
        let layers = self.layers_under_overlay();
        let choices = self
            .settings
            .views
            .iter()
            .map(|view| {
                let command = Command::with(Verb::ViewOpen, view.name.clone());
                let keys = keymap.keys_for(&command, layers).first().map(|keys| print_keys(keys));
                Choice {
                    label: view.name.clone(),
                    // The key first: where there is no room for both, it is the filter that is cut.
                    note: format!("{}  {}", keys.unwrap_or_default(), view.query.text).trim().to_owned(),
                    on: None,
                    refused: None,
                    does: Picked::Run(command),
                    risk: None,
                    also: view.query.text.clone(),
                }
            })
            .collect();
        self.overlay = Some(Overlay::Picker(Picker::new(PickerKind::Views, choices)));
        Vec::new()
    }

    pub(super) fn pick_step(&mut self, by: i64) -> Vec<Effect> {
        match &mut self.overlay {
            Some(Overlay::Picker(picker)) => picker.step(by),
            Some(Overlay::FirstRun(run)) => {
                let count = FirstRun::CHOICES.len() as i64;
                run.cursor = usize::try_from((run.cursor as i64 + by).rem_euclid(count)).unwrap_or(0);
            }
            _ => {}
        }
        Vec::new()
    }

    /// Turns the switch under the cursor; where choices are no switches, goes on to the next one.
    pub(super) fn pick_toggle(&mut self) -> Vec<Effect> {
        let Some(Overlay::Picker(picker)) = &mut self.overlay else { return self.pick_step(1) };
        let Some(&index) = picker.shown.get(picker.cursor) else { return Vec::new() };
        let choice = &mut picker.choices[index];
        let on = choice.on != Some(true);
        let id = match choice.does {
            Picked::Column(id) => id,
            Picked::Tag { .. } | Picked::Side(_) => {
                choice.on = Some(on);
                return Vec::new();
            }
            _ => return self.pick_step(1),
        };
        self.turn_column(id, on);
        Vec::new()
    }

    /// Picks what is under the cursor.
    pub(super) fn picked(&mut self) -> Vec<Effect> {
        let Some(Overlay::Picker(picker)) = &self.overlay else { return Vec::new() };
        let Some(choice) = picker.current() else { return Vec::new() };
        if let Some(refused) = &choice.refused {
            self.notice = Some(super::Notice::plain(format!("{}: {refused}", choice.label)));
            return Vec::new();
        }
        match choice.does.clone() {
            Picked::Run(command) => {
                self.overlay = None;
                self.apply(&command)
            }
            Picked::Line(text) => {
                self.overlay = Some(Overlay::Line(CommandLine::new(&text)));
                Vec::new()
            }
            Picked::Tag { .. } if picker.kind == PickerKind::StagedTags => self.staged_tags_picked(true),
            Picked::Tag { .. } if matches!(picker.kind, PickerKind::AmendTags(_)) => self.amended_tags(),
            Picked::Tag { .. } => {
                let command = self.tags_picked();
                self.overlay = None;
                command.map_or_else(Vec::new, |command| self.apply(&command))
            }
            Picked::Side(_) => self.sides_picked(),
            Picked::Column(_) => {
                self.overlay = None;
                self.tell_columns();
                Vec::new()
            }
        }
    }

    /// What a column or an order is called.
    pub fn column_name(&self, scope: Scope, id: &str) -> String {
        let table = match scope {
            Scope::FollowUps => words::columns::FOLLOW_UPS,
            Scope::Groups => words::columns::GROUPS,
            Scope::Members => words::columns::MEMBERS,
            _ => words::columns::CUSTOMERS,
        };
        let id = match (scope, id) {
            (Scope::Customers, "due") => "next",
            (Scope::Members, "group") => return self.say(words::columns::GROUPS[1].1),
            (Scope::Members, "id") => return "ID".to_owned(),
            (Scope::Members, "last") => "last_message",
            // One can sort by it, and there is no column of it.
            (Scope::Customers, "company") => return self.say(words::notices::COMPANY),
            (Scope::Groups, "customers") => return self.say(words::panes::CUSTOMERS),
            (Scope::Groups, "messages7") => return self.say(words::notices::MESSAGES7),
            (Scope::FollowUps, "done") => return self.say(words::notices::DONE),
            (_, "created") => return self.say(words::detail::CREATED),
            (_, id) => id,
        };
        named(table, id).map_or_else(|| id.to_owned(), |word| self.say(word))
    }

    /// Accepts what the first-run screen shows.
    pub(super) fn first_run(&mut self) -> Vec<Effect> {
        let lang = self.settings.lang;
        let Some(Overlay::FirstRun(run)) = &mut self.overlay else { return Vec::new() };
        if run.trying.is_some() {
            return Vec::new();
        }
        match run.step {
            FirstStep::Choose => match FirstRun::CHOICES[run.cursor] {
                FirstChoice::Demo => vec![Effect::Begin(Beginning::Demo(lang))],
                FirstChoice::Backend => {
                    run.step = FirstStep::Url;
                    Vec::new()
                }
                FirstChoice::Lang => self.toggle_lang(),
                FirstChoice::Quit => vec![Effect::Quit],
            },
            FirstStep::Url => {
                run.tried = url_problem(&run.candidate().url).map(Err);
                if run.tried.is_none() {
                    run.step = FirstStep::Token;
                }
                Vec::new()
            }
            FirstStep::Token => {
                if let Err(wrong) = TokenSaid::read(run.token.text()) {
                    run.tried = Some(Err(wrong));
                    return Vec::new();
                }
                run.tries += 1;
                run.trying = Some((run.tries, run.candidate()));
                run.tried = None;
                vec![Effect::Begin(Beginning::Try(run.tries, run.candidate()))]
            }
        }
    }

    /// Shows the first-run screen.
    pub fn open_first_run(&mut self) {
        self.overlay = Some(Overlay::FirstRun(FirstRun::new()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Candidate, Event, Settings};
    use crate::i18n::Lang;

    fn first_run() -> App {
        let settings = Settings { columns: Default::default(), ..Settings::default() };
        let mut app = App::new(Arc::new(settings), crate::model::Time::from_millis(0));
        app.open_first_run();
        let _ = app.toggle_lang();
        app
    }

    #[test]
    fn every_order_that_is_offered_has_a_name() {
        let app = first_run();
        for scope in [Scope::Customers, Scope::FollowUps, Scope::Groups, Scope::Members] {
            for key in scope.sort_keys() {
                let name = app.column_name(scope, key.name);
                assert_ne!(name, key.name, "{scope:?}");
            }
        }
    }

    #[test]
    fn an_address_that_cannot_be_one_is_refused_where_it_is_typed() {
        let mut app = first_run();
        let _ = app.type_text("j");
        let _ = does(&mut app, Verb::InputAccept);
        let _ = app.type_text("shop.example");
        assert_eq!(does(&mut app, Verb::InputAccept), []);
        let run = |app: &App| match &app.overlay {
            Some(Overlay::FirstRun(run)) => (run.step, run.tried.clone()),
            other => panic!("{other:?}"),
        };
        let (step, tried) = run(&app);
        assert_eq!(step, FirstStep::Url);
        assert!(tried.is_some_and(|tried| tried.is_err_and(|why| why.to_string().contains("http://"))));
        let _ = app.type_text("s");
        assert_eq!(run(&app).1, None, "what is wrong is told until the line changes");
    }

    #[test]
    fn what_leaves_leaves_from_a_line_too() {
        let mut app = first_run();
        let press = |app: &mut App, key: &str| {
            let key = crate::keymap::parse_keys(key).unwrap()[0];
            let now = app.now;
            app.absorb(Event::Key(key), now)
        };
        for _ in 0..2 {
            assert_eq!(press(&mut app, "C-q"), [Effect::Quit]);
            assert_eq!(press(&mut app, "C-z"), [Effect::Suspend]);
            let _ = (does(&mut app, Verb::PickDown), does(&mut app, Verb::InputAccept));
        }
        app.overlay = None;
        for open in [Verb::Palette, Verb::SearchOpen, Verb::CommandLine, Verb::Help] {
            let _ = does(&mut app, open);
            assert_eq!(press(&mut app, "C-q"), [Effect::Quit], "{open:?}");
            app.overlay = None;
        }
    }

    #[test]
    fn a_token_that_is_pasted_itself_is_hidden_and_nothing_is_tried_with_it() {
        let mut app = first_run();
        let _ = (does(&mut app, Verb::PickDown), does(&mut app, Verb::InputAccept));
        let _ = does(&mut app, Verb::InputAccept);
        for (typed, hidden, tries) in
            [("sk-live-7", true, false), ("file", false, false), ("file /run/token", false, true)]
        {
            let _ = (does(&mut app, Verb::InputClear), app.type_text(typed));
            let effects = does(&mut app, Verb::InputAccept);
            assert_eq!(matches!(&effects[..], [Effect::Begin(Beginning::Try(..))]), tries, "{typed}");
            let Some(Overlay::FirstRun(run)) = &app.overlay else { panic!("{typed}") };
            assert_eq!((run.hides_token(), run.tried.is_some()), (hidden, !tries), "{typed}");
        }
    }

    fn does(app: &mut App, verb: Verb) -> Vec<Effect> {
        app.apply(&Command::new(verb))
    }

    fn begins_try(app: &mut App) -> u64 {
        match does(app, Verb::InputAccept).as_slice() {
            [Effect::Begin(Beginning::Try(number, _))] => *number,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_try_that_was_given_up_begins_nothing() {
        let mut app = first_run();
        let _ = (does(&mut app, Verb::PickDown), does(&mut app, Verb::InputAccept));
        let _ = does(&mut app, Verb::InputAccept);
        let first = begins_try(&mut app);
        let _ = does(&mut app, Verb::InputCancel);
        let now = app.now;
        assert_eq!(app.absorb(Event::Tried(first, Ok(())), now), []);
        let _ = does(&mut app, Verb::InputAccept);
        let second = begins_try(&mut app);
        assert_eq!(app.absorb(Event::Tried(first, Ok(())), now), [], "the first is over");
        let _ = app.type_text("TOKEN");
        assert_eq!(app.absorb(Event::Tried(second, Ok(())), now), [], "the line changed");
        let third = begins_try(&mut app);
        let begun = app.absorb(Event::Tried(third, Ok(())), now);
        let backend = Candidate { url: "http://127.0.0.1:7420".to_owned(), token: "TOKEN".to_owned() };
        assert_eq!(begun, [Effect::Begin(Beginning::Backend(backend, Lang::En))]);
    }
}
