//! What lies over the screen and takes the keys: lines, pickers, help, the first run.

use crate::command::{Chapter, Layer};
use crate::config::TokenSaid;
use crate::i18n::Line;

use super::effect::Candidate;
use super::line_input::LineInput;
use super::picker::Picker;
use super::scroll::Scroll;
use super::search::Search;
use super::writing::{Confirm, Form};

/// What lies over the screen.
#[derive(Clone, Debug)]
pub enum Overlay {
    /// The search line.
    Search(Search),
    /// The command line.
    Line(CommandLine),
    /// Something to pick from.
    Picker(Picker),
    /// A form.
    Form(Box<Form>),
    /// A question before something is written.
    Confirm(Box<Confirm>),
    /// Help.
    Help(Help),
    /// The first run.
    FirstRun(FirstRun),
}

impl Overlay {
    /// The layer of keys that is innermost while it is open.
    pub fn layer(&self) -> Layer {
        match self {
            Self::Search(_) | Self::Line(_) => Layer::Input,
            Self::Picker(_) => Layer::Picker,
            Self::Form(_) => Layer::Form,
            Self::Confirm(_) => Layer::Confirm,
            Self::Help(help) => {
                if help.searching {
                    Layer::Input
                } else {
                    Layer::Help
                }
            }
            Self::FirstRun(run) => {
                if run.asks() {
                    Layer::Input
                } else {
                    Layer::Picker
                }
            }
        }
    }
}

/// The `:` line.
#[derive(Clone, Debug, Default)]
pub struct CommandLine {
    /// What is typed.
    pub input: LineInput,
    /// What was wrong with the last try: where, and why.
    pub error: Option<(std::ops::Range<usize>, String)>,
    /// Commands that what is typed could become.
    pub offers: Vec<&'static str>,
    /// The one that `Tab` put in last.
    pub chosen: Option<usize>,
}

impl CommandLine {
    /// A line that begins with `text`.
    pub fn new(text: &str) -> Self {
        let mut line = Self { input: LineInput::new(text), ..Self::default() };
        line.read();
        line
    }

    /// What is typed has changed.
    pub fn read(&mut self) {
        self.error = None;
        self.chosen = None;
        let typed = self.input.text().trim_start();
        self.offers = if typed.contains(' ') {
            Vec::new()
        } else {
            let ids = crate::command::specs().iter().filter(|spec| spec.chapter != Chapter::Typing);
            ids.map(|spec| spec.id).filter(|id| id.starts_with(typed)).take(12).collect()
        };
    }

    /// Puts the next offer in, round the end.
    pub fn tab(&mut self) {
        if self.offers.is_empty() {
            return;
        }
        let next = self.chosen.map_or(0, |index| (index + 1) % self.offers.len());
        self.chosen = Some(next);
        self.input.set(self.offers[next]);
    }
}

/// Help, searchable.
#[derive(Clone, Debug)]
pub struct Help {
    /// The layers that were active when it was opened: their keys come first.
    pub place: &'static [Layer],
    /// What is looked for.
    pub input: LineInput,
    /// Whether one is typing what is looked for.
    pub searching: bool,
    /// How far it is scrolled.
    pub scroll: Scroll,
}

/// The first-run screen.
#[derive(Clone, Debug)]
pub struct FirstRun {
    /// Which question is open.
    pub step: FirstStep,
    /// Index of the choice under the cursor.
    pub cursor: usize,
    /// Address of the backend.
    pub url: LineInput,
    /// Whether the address is still the one that is offered: typing replaces it.
    pub url_offered: bool,
    /// Where the token is: see [`crate::config::TokenSaid`].
    pub token: LineInput,
    /// What came of trying the backend.
    pub tried: Option<Result<(), Line>>,
    /// The try under way: its number, and what is tried. Esc and a changed line give it up.
    pub trying: Option<(u64, Candidate)>,
    /// Tries begun so far.
    pub tries: u64,
}

/// Questions of the first run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstStep {
    /// Language, demo or backend, with the width picture beside it.
    Choose,
    /// The backend's address.
    Url,
    /// Where its token is.
    Token,
}

/// Choices of [`FirstStep::Choose`], in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstChoice {
    /// Open the demo.
    Demo,
    /// Connect a backend.
    Backend,
    /// The other language.
    Lang,
    /// Leave.
    Quit,
}

impl FirstRun {
    /// All choices.
    pub const CHOICES: [FirstChoice; 4] =
        [FirstChoice::Demo, FirstChoice::Backend, FirstChoice::Lang, FirstChoice::Quit];

    /// The screen as it begins.
    pub fn new() -> Self {
        Self {
            step: FirstStep::Choose,
            cursor: 0,
            url: LineInput::new("http://127.0.0.1:7420"),
            url_offered: true,
            token: LineInput::default(),
            tried: None,
            trying: None,
            tries: 0,
        }
    }

    /// Whether a line is open to type into.
    pub fn asks(&self) -> bool {
        self.step != FirstStep::Choose
    }

    /// The backend as it stands in the lines.
    pub fn candidate(&self) -> Candidate {
        let line = |input: &LineInput| input.text().trim().to_owned();
        Candidate { url: line(&self.url), token: line(&self.token) }
    }

    /// Whether what was typed where the token is asked for is not to be shown: it may be the token.
    pub fn hides_token(&self) -> bool {
        TokenSaid::hides(self.token.text())
    }

    /// A line may have changed: the try of another backend is given up.
    pub(super) fn edited(&mut self) {
        self.tried = None;
        if self.trying.as_ref().is_some_and(|(_, tried)| *tried != self.candidate()) {
            self.trying = None;
        }
    }

    /// The line that is open.
    pub fn input(&mut self) -> Option<&mut LineInput> {
        match self.step {
            FirstStep::Choose => None,
            FirstStep::Url => Some(&mut self.url),
            FirstStep::Token => Some(&mut self.token),
        }
    }
}

impl Default for FirstRun {
    fn default() -> Self {
        Self::new()
    }
}
