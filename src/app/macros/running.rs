//! A macro that is being run: how far it is, and how it is stopped.

use crate::app::App;
use crate::app::effect::{Effect, RequestId};
use crate::app::event::Notice;
use crate::command::Plan;
use crate::i18n::words::{fill, macros as words};

/// The macro that is being run, and what is to become of the next plan.
#[derive(Clone, Debug, Default)]
pub struct Running {
    /// Whether the plan that is waited for is to be shown, whatever its risk.
    pub(in crate::app) shows: bool,
    /// The run under way.
    pub now: Option<Progress>,
}

/// How far a run is.
#[derive(Clone, Debug)]
pub struct Progress {
    id: RequestId,
    /// What it does.
    pub label: String,
    /// Records that it has come by.
    pub done: usize,
    /// Of so many.
    pub of: usize,
    /// Whether it was told to stop.
    pub stops: bool,
}

impl App {
    /// Begins a run of what was planned.
    pub(in crate::app) fn begin_run(&mut self, id: RequestId, plan: Box<Plan>) -> Vec<Effect> {
        let of = plan.records();
        self.running.now = Some(Progress { id, label: plan.label.clone(), done: 0, of, stops: false });
        vec![Effect::Run { id, plan, hold_seconds: self.settings.run.hold_seconds }]
    }

    /// So many records of the run are done.
    pub(in crate::app) fn ran(&mut self, id: RequestId, done: usize, of: usize) -> Vec<Effect> {
        let Some(progress) = self.running.now.as_mut().filter(|progress| progress.id == id) else {
            return Vec::new();
        };
        (progress.done, progress.of) = (done, of);
        let Progress { label, stops, .. } = progress.clone();
        let word = if stops { words::STOPPING } else { words::RUNNING };
        let text = fill(&self.say(word), &[("label", &label), ("done", &done), ("of", &of)]);
        self.notice = Some(Notice::plain(text));
        Vec::new()
    }

    /// The run is to end before its next record; `None` where there is none under way.
    pub(in crate::app) fn stop_run(&mut self) -> Option<Vec<Effect>> {
        let progress = self.running.now.as_mut()?;
        // Who asks twice leaves.
        if std::mem::replace(&mut progress.stops, true) {
            return None;
        }
        Some(vec![Effect::StopRun])
    }
}
