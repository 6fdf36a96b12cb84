//! What is said about a command.

use super::Verb;
use crate::model::Resource;

/// A line of the command table.
#[derive(Debug)]
pub struct Spec {
    /// The command.
    pub verb: Verb,
    /// Its name on the `:` line, in macros and in the configuration.
    pub id: &'static str,
    /// Where help lists it.
    pub chapter: Chapter,
    /// Where its keys work and the palette offers it.
    pub layers: &'static [Layer],
    /// What it can do to the community.
    pub risk: Risk,
    /// The kind of record it changes: the marked ones, or else the current one. `None` where it
    /// changes none, or is meant for none in particular.
    pub on: Option<Resource>,
    /// Whether a macro recording keeps it.
    pub recorded: bool,
    /// Its arguments, in order.
    pub args: &'static [Arg],
    /// Default keys, each a sequence such as `g g`.
    pub keys: &'static [&'static str],
    /// Further default keys, each with the argument that it gives.
    pub bound: &'static [(&'static str, &'static str)],
    /// What it does, in Chinese: a few characters, as the footer shows it.
    pub zh: &'static str,
    /// What it does, in English: a few words, as the footer shows it.
    pub en: &'static str,
}

impl Spec {
    /// What it does, in the language asked for.
    pub fn says(&self, zh: bool) -> &'static str {
        if zh { self.zh } else { self.en }
    }
}

/// An argument.
#[derive(Debug)]
pub struct Arg {
    /// Its name in help.
    pub name: &'static str,
    /// What it takes.
    pub kind: ArgKind,
    /// Whether it must be given.
    pub required: bool,
    /// Whether the command makes no sense without it: where it is not required, the console asks.
    pub needed: bool,
}

/// What an argument takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ArgKind {
    /// A word, or a text in quotes.
    Word,
    /// All that is left of the line, as it stands: a filter.
    Rest,
    /// A whole number.
    Number,
    /// One of these words.
    Choice(&'static [&'static str]),
}

/// A layer of the keymap: the keys of a place in the console. The innermost layer wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Layer {
    /// Everywhere but in inputs.
    Global,
    /// Every list.
    List,
    /// The customers pane.
    Customers,
    /// The tags pane.
    Tags,
    /// The groups pane.
    Groups,
    /// The follow-ups pane.
    FollowUps,
    /// A customer's detail.
    Customer,
    /// A group's detail.
    Group,
    /// A follow-up's detail.
    FollowUp,
    /// The outbox.
    Outbox,
    /// Triage: a queue that is worked through.
    Triage,
    /// The steps of what was recorded.
    Steps,
    /// A form.
    Form,
    /// A question to be answered with yes or no.
    Confirm,
    /// Help.
    Help,
    /// Any line one types into.
    Input,
    /// Any list one picks from: palette, sort, columns, views.
    Picker,
}

impl Layer {
    /// All layers.
    pub const ALL: [Self; 17] = [
        Self::Global,
        Self::List,
        Self::Customers,
        Self::Tags,
        Self::Groups,
        Self::FollowUps,
        Self::Customer,
        Self::Group,
        Self::FollowUp,
        Self::Outbox,
        Self::Triage,
        Self::Steps,
        Self::Form,
        Self::Confirm,
        Self::Help,
        Self::Input,
        Self::Picker,
    ];

    /// Its name in `[keys.NAME]`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::List => "list",
            Self::Customers => "customers",
            Self::Tags => "tags",
            Self::Groups => "groups",
            Self::FollowUps => "follow_ups",
            Self::Customer => "customer",
            Self::Group => "group",
            Self::FollowUp => "follow_up",
            Self::Outbox => "outbox",
            Self::Triage => "triage",
            Self::Steps => "steps",
            Self::Form => "form",
            Self::Confirm => "confirm",
            Self::Help => "help",
            Self::Input => "input",
            Self::Picker => "picker",
        }
    }

    /// The layer of a name in `[keys.NAME]`.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|layer| layer.name() == name)
    }

    /// Whether keys that no binding takes are typed as text here.
    pub fn takes_text(self) -> bool {
        matches!(self, Self::Input | Self::Picker | Self::Form | Self::Confirm)
    }
}

/// What a command can do to the community.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Risk {
    /// Nothing: it shows something.
    Read,
    /// It changes a record; can be undone.
    Write,
    /// It changes many records; can be undone.
    Bulk,
    /// It reaches a customer.
    Outbound,
    /// It cannot be undone.
    Irreversible,
}

impl Risk {
    /// The word that help and `siyu keys` show.
    pub fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Bulk => "bulk",
            Self::Outbound => "outbound",
            Self::Irreversible => "irreversible",
        }
    }
}

/// A chapter of help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chapter {
    /// Moving about in lists and texts.
    Moving,
    /// Panes and details.
    Places,
    /// Searching, sorting, saved views.
    Finding,
    /// Marking and copying.
    Marking,
    /// Customers and tags: what changes them.
    Customers,
    /// Follow-ups: what changes them.
    FollowUps,
    /// Triage: a queue worked through with bare keys.
    Triage,
    /// Sequences of commands with a name.
    Macros,
    /// Undo, and what has not been sent yet.
    Sending,
    /// Help, palette, refresh, leaving.
    Console,
    /// Keys while typing.
    Typing,
}

impl Chapter {
    /// All chapters, in the order of help.
    pub const ALL: [Self; 11] = [
        Self::Moving,
        Self::Places,
        Self::Finding,
        Self::Marking,
        Self::Customers,
        Self::FollowUps,
        Self::Triage,
        Self::Macros,
        Self::Sending,
        Self::Console,
        Self::Typing,
    ];

    /// Its heading.
    pub fn title(self, zh: bool) -> &'static str {
        let (chinese, english) = match self {
            Self::Moving => ("移动", "Moving"),
            Self::Places => ("面板与详情", "Panes and details"),
            Self::Finding => ("查找、排序、视图", "Finding, sorting, views"),
            Self::Marking => ("选择与复制", "Marking and copying"),
            Self::Customers => ("客户与标签", "Customers and tags"),
            Self::FollowUps => ("跟进", "Follow-ups"),
            Self::Triage => ("分拣", "Triage"),
            Self::Macros => ("宏", "Macros"),
            Self::Sending => ("撤销与发送", "Undo and outbox"),
            Self::Console => ("控制台", "Console"),
            Self::Typing => ("输入", "Typing"),
        };
        if zh { chinese } else { english }
    }
}
