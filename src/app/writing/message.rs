//! The form of a message: whom it goes to, by which channel, and how it reads there.
//!
//! A snippet opens it with its variables filled. Where that cannot be (it goes to many, or something
//! is lacking), the text stands with its variables, and what they come to is shown below it.

use crate::app::App;
use crate::app::effect::Effect;
use crate::app::event::Notice;
use crate::app::overlay::Overlay;
use crate::command::plan::{PlanError, Skip, channels, check_variables, fill, is_channel};
use crate::command::{Command, Verb};
use crate::i18n::words::{notices, writing as words};
use crate::model::{Customer, Operator, Resource};
use crate::query::ask::{Ask, CustomerView};
use crate::query::fold;

use super::{Fetching, FormField, Targets};

/// Whom a message is written to, and by whom.
#[derive(Clone, Debug)]
pub struct Addressee {
    /// Who gets it; of many, the first.
    pub customer: Customer,
    /// Who writes it.
    pub operator: Option<Operator>,
    /// Whether there are others who get it.
    pub many: bool,
}

impl Addressee {
    /// The text with its variables filled.
    ///
    /// # Errors
    /// The variable that there is nothing for.
    pub fn filled(&self, text: &str) -> Result<String, String> {
        fill(&self.customer, self.operator.as_ref(), text)
    }

    /// What a field of the form comes to, or why to nothing.
    pub(super) fn reads(&self, field: &str, text: &str, zh: bool) -> Result<String, String> {
        match field {
            "channel" if !self.many => self.channel(text.trim(), zh),
            "text" => match self.filled(text) {
                _ if check_variables(text).is_err() => {
                    check_variables(text).map(|()| String::new()).map_err(|wrong| wrong.says(zh))
                }
                Ok(filled) if filled != text => Ok(filled),
                Err(lacks) if !self.many => Err(Skip::Lacks(lacks).says(zh)),
                _ => Ok(String::new()),
            },
            _ => Ok(String::new()),
        }
    }

    fn channel(&self, typed: &str, zh: bool) -> Result<String, String> {
        let has = self.customer.channels.iter().any(|one| one.kind == typed);
        match (channels(&self.customer).as_slice(), typed) {
            (_, typed) if has && !typed.is_empty() => Ok(String::new()),
            ([only], "" | "auto" | "-") => Ok((*only).to_owned()),
            ([_, _, ..], "" | "auto" | "-") => {
                let (name, channels) = (self.customer.name.clone(), channels(&self.customer).join(", "));
                Err(PlanError::Channels { name, channels }.says(zh))
            }
            _ => Err(Skip::NoChannel.says(zh)),
        }
    }
}

impl App {
    /// Whether a command opens the form of a message instead of being planned as it is: a snippet is
    /// read before it is sent, and what says too little is asked for.
    pub(super) fn opens_message(command: &Command) -> bool {
        match command.verb {
            Verb::MessageSnippet => !command.args.is_empty(),
            Verb::MessageSend => command.args.len() < 2,
            _ => false,
        }
    }

    /// Opens the form of a message, once it is known to whom it goes.
    pub(super) fn write_message(&mut self, command: &Command, targets: Targets) -> Vec<Effect> {
        let first = match &targets {
            Targets::Records(Resource::Customers, ids) => ids.first().cloned(),
            _ => None,
        };
        let Some(first) = first else { return self.message_form(command, targets, None) };
        let id = self.request();
        self.writing.fetching = Some(Fetching { id, command: command.clone(), targets, amends: None });
        vec![Effect::Ask(id, Ask::Customer(first.as_str().into()))]
    }

    /// The customer of a form came, as whoever wants it needs them.
    pub(in crate::app) fn fetched_customer(&mut self, view: Option<Box<CustomerView>>) -> Vec<Effect> {
        let messages = |fetching: &mut Fetching| Self::opens_message(&fetching.command);
        let Some(Fetching { command, targets, .. }) = self.writing.fetching.take_if(messages) else {
            let record = view.map(|view| (crate::model::Record::any(view.customer), view.row.owners));
            return self.fetched(record);
        };
        let Some(view) = view else { return self.refuse(words::NO_TARGET) };
        let many = targets.len() > 1;
        let to = Addressee { customer: view.customer, operator: view.me, many };
        self.message_form(&command, targets, Some(to))
    }

    fn message_form(&mut self, command: &Command, targets: Targets, to: Option<Addressee>) -> Vec<Effect> {
        let given = command.arg().unwrap_or_default();
        let (mut channel, mut text) = (String::new(), String::new());
        if command.verb == Verb::MessageSnippet {
            let mut found = self.vocabulary.snippets.iter().filter(|(title, _)| fold(title) == fold(given));
            // None of that name, or several: the plan says so.
            let (Some((_, body)), None) = (found.next(), found.next()) else {
                return self.plan(command.clone(), targets);
            };
            let filled = to.as_ref().filter(|to| !to.many).and_then(|to| to.filled(body).ok());
            // What a customer wrote into a field is never read as a variable.
            text = filled
                .filter(|filled| {
                    !filled.contains("{{") && !filled.contains("\\{") && check_variables(filled).is_ok()
                })
                .unwrap_or_else(|| body.clone());
            channel = command.args.get(1).cloned().unwrap_or_default();
        } else if is_channel(given, to.iter().map(|to| &to.customer)) {
            given.clone_into(&mut channel);
        } else {
            given.clone_into(&mut text);
        }
        let mut choices: Vec<(String, String)> = Vec::new();
        match &to {
            Some(to) if !to.many => {
                let usual = channels(&to.customer);
                if let ([only], "" | "auto" | "-") = (usual.as_slice(), channel.as_str()) {
                    (*only).clone_into(&mut channel);
                }
                let phone = to.customer.channels.iter().any(|one| one.kind == "phone").then_some("phone");
                choices.extend(usual.into_iter().chain(phone).map(|kind| (kind.to_owned(), kind.to_owned())));
            }
            _ => {
                let own = self.say(words::OWN_CHANNEL);
                if channel.is_empty() {
                    channel.clone_from(&own);
                }
                choices.push(("auto".to_owned(), own));
            }
        }
        let fields = vec![
            FormField::new("channel", self.say(words::CHANNEL), &channel).of(choices),
            FormField::new("text", self.say(words::TEXT), &text).of_lines(),
        ];
        let mut form = self.form(&Command::new(Verb::MessageSend), targets, fields, false);
        if !text.is_empty() {
            // Each text that is given has a draft of its own, and is not covered by another one.
            form.key = format!("{} {given} {}", command.spec().id, form.targets.key());
        }
        form.focus = usize::from(!channel.is_empty());
        form.to = to.map(Box::new);
        self.open_form(form)
    }

    /// Sends what stands in the form to the clipboard: of a message, the text as it would be sent.
    pub(in crate::app) fn copy_form(&mut self) -> Vec<Effect> {
        let Some(Overlay::Form(form)) = &self.overlay else { return Vec::new() };
        let field = match &form.to {
            Some(_) => form.fields.iter().find(|field| field.name == "text"),
            None => form.current(),
        };
        let typed = field.map_or("", |field| field.input.text());
        let text = match &form.to {
            Some(to) if !to.many => {
                to.filled(typed).map_err(|lacks| Skip::Lacks(lacks).says(self.settings.lang.is_zh()))
            }
            _ => Ok(typed.to_owned()),
        };
        match text {
            Err(why) => self.notice = Some(Notice::bad(why)),
            Ok(text) if text.trim().is_empty() => {
                self.notice = Some(Notice::plain(self.say(notices::THERE_IS_NOTHING_TO_COPY_HERE)));
            }
            Ok(text) => {
                let shown: String = text.chars().take(40).collect();
                let said = self.say(notices::SENT_TO_THE_CLIPBOARD_NO_TERMINAL);
                self.notice = Some(Notice::good(format!("{said}: {shown}")));
                return vec![Effect::Copy(text)];
            }
        }
        Vec::new()
    }
}
