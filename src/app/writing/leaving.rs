//! Leaving the console: not before it is known what became of what is being written, so that a key
//! that changes a record and a key that leaves do what they say, however fast one follows the other.

use crate::app::App;
use crate::app::effect::Effect;
use crate::app::event::{Notice, Tone};
use crate::app::overlay::Overlay;
use crate::i18n::words::{fill, writing as words};

use super::Writing;

impl Writing {
    /// Whether a change is planned, saved, taken back or decided upon just now.
    pub(in crate::app) fn is_under_way(&self) -> bool {
        self.planning.is_some()
            || self.committing.is_some()
            || self.taking_back.is_some()
            || self.deciding.is_some()
    }

    /// Whether something is taken back just now.
    pub(in crate::app) fn is_taking_back(&self) -> bool {
        self.taking_back.is_some()
    }
}

impl App {
    /// Whether a change is planned, saved, taken back or decided upon just now, or waits in the line
    /// of triage to be.
    fn is_under_way(&self) -> bool {
        self.writing.is_under_way() || !self.desk.sent.is_empty()
    }

    /// Leaves, at once or as soon as nothing is under way; who asks twice does not wait.
    pub(in crate::app) fn leave(&mut self) -> Vec<Effect> {
        if let Some(effects) = self.stop_run() {
            return effects;
        }
        let typed = !self.writing.drafts.is_empty();
        if let Some(why) = self.writing.not_kept.clone().filter(|_| typed && !self.writing.warned) {
            self.writing.warned = true;
            self.notice = Some(Notice::bad(fill(&self.say(words::LEAVING_LOSES), &[("why", &why)])));
            return Vec::new();
        }
        if self.writing.leaving || !self.is_under_way() {
            return vec![Effect::Quit];
        }
        self.writing.leaving = true;
        self.notice = Some(Notice::plain(self.say(words::LEAVING)));
        Vec::new()
    }

    /// Leaves where that was only put off; stays where something now wants the operator's eyes.
    pub(in crate::app) fn leave_if_done(&mut self) -> Vec<Effect> {
        if !self.writing.leaving || self.is_under_way() {
            return Vec::new();
        }
        self.writing.leaving = false;
        let asks = matches!(self.overlay, Some(Overlay::Confirm(_)));
        let failed = match &self.overlay {
            Some(Overlay::Form(form)) => form.error.is_some(),
            _ => self.notice.as_ref().is_some_and(|notice| notice.tone == Tone::Bad),
        };
        if asks || failed { Vec::new() } else { vec![Effect::Quit] }
    }
}
