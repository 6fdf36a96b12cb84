//! A question before much is written, or what cannot be undone: the plan itself, to be read.

use crate::app::effect::Effect;
use crate::app::line_input::LineInput;
use crate::app::overlay::Overlay;
use crate::app::scroll::Scroll;
use crate::app::{App, Notice};
use crate::command::Plan;
use crate::command::plan::Confirmation;
use crate::i18n::words::{fill, writing as words};

/// The question, with the plan that it is about.
#[derive(Clone, Debug)]
pub struct Confirm {
    /// What would be written: the very object that is.
    pub plan: Box<Plan>,
    /// How many records that is.
    pub records: usize,
    /// What was open before: a form goes back to its text.
    under: Option<Box<Overlay>>,
    /// The number that has to be typed; `None` where `Enter` is enough.
    pub wanted: Option<usize>,
    /// What was typed.
    pub input: LineInput,
    /// Whether another number was typed.
    pub wrong: bool,
    /// How far the list of writes is scrolled.
    pub scroll: Scroll,
}

impl Confirm {
    pub(super) fn new(plan: Box<Plan>, under: Option<Overlay>) -> Self {
        Self {
            wanted: match plan.confirmation() {
                Confirmation::Number(records) => Some(records),
                Confirmation::Nothing | Confirmation::Yes => None,
            },
            records: plan.records(),
            under: under.map(Box::new),
            plan,
            input: LineInput::default(),
            wrong: false,
            scroll: Scroll::default(),
        }
    }
}

impl App {
    /// The operator said yes.
    pub(in crate::app) fn confirm(&mut self) -> Vec<Effect> {
        let Some(Overlay::Confirm(confirm)) = &mut self.overlay else { return Vec::new() };
        if let Some(wanted) = confirm.wanted
            && confirm.input.text().trim().parse() != Ok(wanted)
        {
            confirm.wrong = true;
            let wrong = fill(&self.say(words::WRONG_NUMBER), &[("n", &wanted)]);
            self.notice = Some(Notice::bad(wrong));
            return Vec::new();
        }
        let Some(Overlay::Confirm(confirm)) = self.overlay.take() else { return Vec::new() };
        self.overlay = confirm.under.map(|under| *under);
        self.commit(confirm.plan)
    }

    /// Scrolls the list of what would be written, by rows or by pages.
    pub(in crate::app) fn read_on(&mut self, by: i64, pages: bool) -> Vec<Effect> {
        // What is not list takes about this many lines: a page less than whole loses no row.
        let page = i64::from(self.layout().body.h).saturating_sub(8).max(1);
        if let Some(Overlay::Confirm(confirm)) = &mut self.overlay {
            confirm.scroll.step(if pages { by.saturating_mul(page) } else { by });
        }
        Vec::new()
    }

    /// The operator said no: back to what was open before.
    pub(in crate::app) fn decline(&mut self, confirm: Confirm) -> Vec<Effect> {
        self.overlay = confirm.under.map(|under| *under);
        self.notice = Some(Notice::plain(self.say(words::NOT_DONE)));
        if self.desk.started { self.triage_failed(None) } else { Vec::new() }
    }
}
