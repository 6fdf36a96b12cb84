//! The state of the console, and what changes it.
//!
//! ```text
//! key ──Keymap──▶ Command ──apply──▶ Effects        (work for the runtime)
//!                              App
//! Event ───────────────────absorb──▶ Effects        (facts that came back)
//! ```
//!
//! The state knows no clock, no disk, no network and no screen. The time is told to it, what it
//! wants to know it asks by [`Effect`], and what it is answered comes as an [`Event`] that
//! carries the question's number; answers that nobody waits for any more are dropped.

mod absorb;
mod amending;
mod apply;
mod asking;
pub mod columns;
mod copying;
pub mod detail;
mod effect;
mod event;
mod export;
mod finding;
pub mod header;
mod holding;
pub mod layout;
mod line_input;
mod list;
mod macros;
mod marks;
mod mouse;
mod moving;
mod neighbours;
pub mod outbox;
mod overlay;
mod panes;
mod picker;
mod picking;
mod place;
mod places;
mod profiles;
mod scroll;
mod search;
mod settings;
mod tags;
mod telling;
pub mod triage;
mod typing;
mod windowed;
mod writing;

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::command::{Command, Layer, Risk, Verb};
use crate::i18n::Lang;
use crate::i18n::words::{Word, fill, help, named, notices, writing as written};
use crate::keymap::{Continuation, Key, Outcome, Resolver, stack};
use crate::model::view::{CustomerRow, FollowUpRow, GroupRow};
use crate::model::{Resource, Time};
use crate::query::ask::Vocabulary;
use crate::query::{Query, Scope};

pub use detail::{CustomerDetail, Detail, FollowUpDetail, GroupDetail, GroupPart, TimelineKind};
pub use effect::{Beginning, Candidate, Effect, RequestId};
pub use event::{Event, Mouse, MouseKind, Notice, TakenBack, Tone, Written};
pub use export::{Export, ExportFormat, Exporting};
pub use finding::PENDING;
pub use header::{Header, Link, Progress};
pub use layout::{Area, Layout, Room, Splits};
pub use line_input::LineInput;
pub use list::List;
pub use macros::{Recorder, Running, StepsPage};
pub use marks::Marks;
pub use outbox::{OutboxDeed, OutboxDetail};
pub use overlay::{CommandLine, FirstChoice, FirstRun, FirstStep, Help, Overlay};
pub use panes::Pane;
pub use picker::{Choice, Picked, Picker, PickerKind};
pub use place::{ListPlace, OpenKind, OpenPlace, Place};
pub use scroll::Scroll;
pub use search::Search;
pub use settings::{Settings, View, Width};
pub use tags::{TagLine, TagsPane};
pub use triage::{TriageDesk, TriageDetail};
pub use writing::{Addressee, Confirm, Form, FormField, Past, Targets, Writing};

/// Whole days of activity that a row of the groups pane shows: today, which is not over, is left out.
pub const SPARK_DAYS: usize = 7;

/// The state of the console.
#[derive(Clone, Debug)]
pub struct App {
    /// What the configuration says.
    pub settings: Arc<Settings>,
    /// The profile that is opened next, where the console is left for one.
    pub next_profile: Option<String>,
    /// The time, as of the last event.
    pub now: Time,
    /// The terminal's size in cells.
    pub size: (u16, u16),
    /// The pane one works in.
    pub focus: Pane,
    /// Whether it has the whole screen.
    pub zoomed: bool,
    /// How the borders are drawn.
    pub splits: Splits,
    /// Customers.
    pub customers: List<CustomerRow>,
    /// Marked customers.
    pub customer_marks: Marks,
    /// Tags.
    pub tags: TagsPane,
    /// Groups.
    pub groups: List<GroupRow>,
    /// Marked groups.
    pub group_marks: Marks,
    /// Follow-ups.
    pub follow_ups: List<FollowUpRow>,
    /// Marked follow-ups.
    pub follow_up_marks: Marks,
    /// Columns of each pane, by their ids.
    pub columns: [Vec<String>; 4],
    /// Those that the operator chose in this session, in the order in which they did.
    pub chosen: [Vec<&'static str>; 4],
    /// Open details, the innermost last.
    pub details: Vec<Detail>,
    /// What lies over the screen.
    pub overlay: Option<Overlay>,
    /// What the header tells.
    pub header: Header,
    /// The last line to the operator.
    pub notice: Option<Notice>,
    /// What is being written.
    pub writing: Writing,
    /// What of triage belongs to the session: choices, pace, what is on its way.
    pub desk: TriageDesk,
    /// The macro that is being run.
    pub running: Running,
    /// Registers, and what is recorded into one.
    pub recorder: Recorder,
    /// The list that is being written to a file.
    pub exporting: Option<Exporting>,
    /// Whether the mouse is on.
    pub mouse: bool,
    /// Words for completion.
    pub vocabulary: Vocabulary,
    /// Searches made before, oldest first.
    pub history: Vec<String>,
    /// Where the last session ended, while it can still be gone back to.
    pub offered: Option<Place>,
    /// How wide the terminal draws ambiguous characters, as it answered.
    measured: Option<Width>,
    /// The language that the operator chose in this session.
    lang: Option<Lang>,
    /// Ways on from the keys pressed so far, once which-key is due.
    pub which_key: Option<Vec<Continuation>>,
    resolver: Resolver,
    awaited: Vec<Continuation>,
    next_request: u64,
    token: u64,
    overview_pending: Option<RequestId>,
    overview_stale: bool,
    vocabulary_pending: Option<RequestId>,
    vocabulary_stale: bool,
    /// Kinds that changed since the operator asked for a look, until it is over.
    looking: Option<BTreeSet<Resource>>,
    /// What was told of the cache when it did not answer: it goes when it does.
    misread: Option<Notice>,
    marking: Option<(Pane, RequestId)>,
    /// Where to go back to from the customers of a tag or a group.
    came: Option<finding::Came>,
    /// What the operator did ahead.
    held: holding::Held,
    dragging: Option<mouse::Border>,
}

impl App {
    /// The console as it begins, before anything is known.
    pub fn new(settings: Arc<Settings>, now: Time) -> Self {
        let list = |scope: Scope| (Query::all(scope), scope.default_sort());
        let (customers, groups) = (list(Scope::Customers), list(Scope::Groups));
        let mut app = Self {
            next_profile: None,
            now,
            size: (80, 24),
            focus: Pane::Customers,
            zoomed: false,
            splits: Splits::default(),
            customers: List::new(customers.0, customers.1),
            customer_marks: Marks::default(),
            tags: TagsPane::default(),
            groups: List::new(groups.0, groups.1),
            group_marks: Marks::default(),
            follow_ups: List::new(finding::pending(), Scope::FollowUps.default_sort()),
            follow_up_marks: Marks::default(),
            columns: settings.columns.clone(),
            chosen: Default::default(),
            details: Vec::new(),
            overlay: None,
            header: Header::default(),
            notice: None,
            writing: Writing::default(),
            desk: TriageDesk::default(),
            running: Running::default(),
            recorder: Recorder::default(),
            exporting: None,
            mouse: settings.mouse,
            vocabulary: Vocabulary::default(),
            history: Vec::new(),
            offered: None,
            measured: None,
            lang: None,
            which_key: None,
            resolver: Resolver::default(),
            awaited: Vec::new(),
            next_request: 1,
            token: 0,
            overview_pending: None,
            overview_stale: false,
            vocabulary_pending: None,
            vocabulary_stale: false,
            looking: None,
            misread: None,
            marking: None,
            came: None,
            held: holding::Held::default(),
            dragging: None,
            settings,
        };
        app.relay();
        app
    }

    /// The terminal has answered how wide it draws ambiguous characters.
    pub fn measured(&mut self, width: Width) {
        self.measured = Some(width);
        let mut settings = (*self.settings).clone();
        if settings.asks_width {
            settings.width = width;
            self.settings = Arc::new(settings);
        }
    }

    /// The layers of keys that are active, innermost first.
    pub fn layers(&self) -> &'static [Layer] {
        let place = match (&self.overlay, self.details.last()) {
            (Some(overlay), _) => overlay.layer(),
            (None, Some(Detail::Customer(_))) => Layer::Customer,
            (None, Some(Detail::Group(_))) => Layer::Group,
            (None, Some(Detail::FollowUp(_))) => Layer::FollowUp,
            (None, Some(Detail::Outbox(_))) => Layer::Outbox,
            (None, Some(Detail::Triage(_))) => Layer::Triage,
            (None, Some(Detail::Steps(_))) => Layer::Steps,
            (None, None) => self.focus.layer(),
        };
        stack(place)
    }

    /// The keys pressed so far that are no command yet, with their count.
    pub fn pressed(&self) -> (&[Key], Option<u32>) {
        (self.resolver.pending(), self.resolver.count())
    }

    /// Where things stand on the screen.
    pub fn layout(&self) -> Layout {
        let (width, height) = self.size;
        Layout::of(width, height, self.focus, self.zoomed, self.settings.plain, self.splits)
    }

    /// A key was pressed.
    fn key(&mut self, key: Key) -> Vec<Effect> {
        let layers = self.layers();
        self.which_key = None;
        self.awaited.clear();
        self.token += 1;
        let settings = Arc::clone(&self.settings);
        if let Some(effects) = self.register_key(key) {
            return effects;
        }
        match self.resolver.press(&settings.keymap, layers, key) {
            Outcome::Command(command) => {
                if !self.shorten() {
                    self.notice = None;
                }
                self.apply(&command)
            }
            Outcome::Pending { continuations } => {
                self.awaited = continuations;
                if self.awaited.is_empty() {
                    Vec::new()
                } else {
                    vec![Effect::After { millis: settings.which_key_ms, token: self.token }]
                }
            }
            Outcome::Cleared => Vec::new(),
            Outcome::Text(c) => match self.tag_of_number(c) {
                Some(effects) => effects,
                None => self.type_text(c.encode_utf8(&mut [0; 4])),
            },
            Outcome::Unbound(keys) => match settings.keymap.command(&[Layer::Global], &keys) {
                // What leaves or repaints the screen does so from a line, too.
                Some(command) if matches!(command.verb, Verb::Quit | Verb::Suspend | Verb::Redraw) => {
                    self.apply(command)
                }
                _ => {
                    self.unbound(&keys);
                    Vec::new()
                }
            },
        }
    }

    /// Forgets keys that are no command yet: the place changed under them.
    fn forget_keys(&mut self) {
        self.resolver.clear();
        self.awaited.clear();
        self.which_key = None;
    }

    /// Says what to do about keys that mean nothing here.
    fn unbound(&mut self, keys: &[Key]) {
        let names: Vec<_> = keys.iter().map(ToString::to_string).collect();
        let keys = names.join(" ");
        let han = keys.chars().any(|c| matches!(c, '\u{3400}'..='\u{9fff}'));
        self.notice = Some(Notice::plain(if han {
            self.say(notices::THE_INPUT_METHOD_IS_ON_SWITCH)
        } else {
            fill(&self.say(notices::UNBOUND), &[("keys", &keys)])
        }));
    }

    /// A word in the operator's language.
    fn say(&self, word: Word) -> String {
        crate::i18n::say(self.settings.lang, word).to_owned()
    }

    /// Whether a command can be used here, and if not, why.
    pub fn refusal(&self, command: &Command) -> Option<String> {
        let spec = command.spec();
        if !self.layers_under_overlay().iter().any(|layer| spec.layers.contains(layer)) {
            let places = self.places(spec.layers);
            return Some(fill(&self.say(notices::ONLY_AVAILABLE_IN), &[("places", &places)]));
        }
        if self.settings.read_only && spec.risk > Risk::Read {
            return Some(self.say(written::READ_ONLY));
        }
        None
    }

    /// What the places of some layers are called.
    pub(crate) fn places(&self, layers: &[Layer]) -> String {
        let name = |layer: &Layer| {
            let found = named(help::PLACES, layer.name());
            found.map_or_else(|| layer.name().to_owned(), |word| self.say(word))
        };
        let between = if self.settings.lang.is_zh() { "、" } else { ", " };
        layers.iter().map(name).collect::<Vec<_>>().join(between)
    }

    /// The layers that would be active with no overlay open.
    pub fn layers_under_overlay(&self) -> &'static [Layer] {
        match self.details.last() {
            Some(Detail::Customer(_)) => stack(Layer::Customer),
            Some(Detail::Group(_)) => stack(Layer::Group),
            Some(Detail::FollowUp(_)) => stack(Layer::FollowUp),
            Some(Detail::Outbox(_)) => stack(Layer::Outbox),
            Some(Detail::Triage(_)) => stack(Layer::Triage),
            Some(Detail::Steps(_)) => stack(Layer::Steps),
            None => stack(self.focus.layer()),
        }
    }
}
