//! What a macro still needs, asked for in a form.

use crate::app::App;
use crate::app::writing::{FormField, Targets};
use crate::command::{Command, Verb};
use crate::i18n::Word;
use crate::i18n::words::macros as words;
use crate::macros::{Asking, Given, Macro, Param, ParamKind};

/// A form asks for at most so many records.
const MOST: usize = 12;

impl App {
    /// The fields of a macro's form: of what is asked for, and was not given.
    pub(super) fn macro_fields(
        &self,
        makes: &Macro,
        given: &Given,
        targets: &Targets,
    ) -> Result<Vec<FormField>, Word> {
        let mut fields = Vec::new();
        for param in makes.params.iter().filter(|param| given.get(&param.name).is_none()) {
            match param.ask {
                Asking::Never => {}
                Asking::Once => fields.push(self.param_field(param, &param.name, None)),
                Asking::Each => {
                    let (Targets::Records(_, ids) | Targets::CustomersOf(ids) | Targets::NextOf(ids)) =
                        targets
                    else {
                        return Err(words::EACH_WANTS_MARKS);
                    };
                    if ids.len() > MOST {
                        return Err(words::TOO_MANY_TO_ASK);
                    }
                    let each = |id: &String| {
                        self.param_field(param, &format!("{}@{id}", param.name), Some(&self.name_of(id)))
                    };
                    fields.extend(ids.iter().map(each));
                }
            }
        }
        Ok(fields)
    }

    fn param_field(&self, param: &Param, name: &str, of: Option<&str>) -> FormField {
        let zh = self.settings.lang.is_zh();
        let label = match of {
            Some(of) => format!("{} · {of}", param.says(zh)),
            None => param.says(zh).to_owned(),
        };
        let named = |names: &mut dyn Iterator<Item = String>| -> Vec<(String, String)> {
            names.map(|name| (name.clone(), name)).collect()
        };
        let choices = match &param.kind {
            ParamKind::Choice(choices) => {
                let outcome = |word: &String| {
                    let found = crate::i18n::named(crate::i18n::words::kinds::OUTCOMES, word);
                    (word.clone(), found.map_or_else(|| word.clone(), |word| self.say(word)))
                };
                choices.iter().map(outcome).collect()
            }
            ParamKind::Tag => named(&mut self.tags.tags.iter().map(|tag| tag.name.clone())),
            ParamKind::Operator => named(&mut self.vocabulary.operators.iter().cloned()),
            _ => Vec::new(),
        };
        let default = param.default.clone().unwrap_or_default();
        let shown =
            choices.iter().find(|(word, _)| *word == default).map_or(default, |(_, label)| label.clone());
        let mut field = FormField::new(name, label, &shown).of(choices);
        field.is_moment = param.kind == ParamKind::Date;
        field
    }
}

/// The command of a macro's form: what was given, and what was typed.
pub(in crate::app) fn filled(command: &Command, typed: impl Iterator<Item = (String, String)>) -> Command {
    let mut given = Given::read(command.args.get(1).map_or("", String::as_str)).unwrap_or_default();
    for (name, text) in typed {
        let _ = given.add(&name, text); // what was given already is not asked for
    }
    let name = command.arg().unwrap_or_default().to_owned();
    let args = [name].into_iter().chain((!given.is_empty()).then(|| given.to_string()));
    Command { verb: command.verb, args: args.collect(), count: None }
}

/// Whether a command's form is a macro's.
pub(in crate::app) fn is_macro(verb: Verb) -> bool {
    matches!(verb, Verb::MacroRun | Verb::MacroPlan)
}
