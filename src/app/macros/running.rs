//! A macro that is being run: how far it is, and how it is stopped.

use crate::app::App;
use crate::app::effect::{Effect, RequestId};
use crate::app::event::Notice;
use crate::app::overlay::Overlay;
use crate::app::picker::{Choice, Picked, Picker, PickerKind};
use crate::command::{Command, Plan, Verb, label_in};
use crate::i18n::words::{fill, macros as words};
use crate::keymap::print_keys;
use crate::model::view::OpenRun;

/// The macro that is being run, and what is to become of the next plan.
#[derive(Clone, Debug, Default)]
pub struct Running {
    /// Whether the plan that is waited for is to be shown, whatever its risk.
    pub(in crate::app) shows: bool,
    /// Whether the plan that is waited for is a macro's: its programs may take their time.
    pub(in crate::app) plans: bool,
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

    /// `macro.resume`: goes on with a run that is not at its end, or lists those.
    pub(in crate::app) fn resume_run(&mut self, batch: Option<&str>) -> Vec<Effect> {
        if self.settings.read_only {
            return self.say_plain(words::READ_ONLY);
        }
        if self.is_writing() || self.running.now.is_some() {
            return self.say_plain(crate::i18n::words::writing::BEING_WRITTEN);
        }
        let Some(batch) = batch.map(str::trim).filter(|batch| !batch.is_empty()) else {
            return self.pick_run();
        };
        let Some(run) = self.header.overview.runs.iter().find(|run| run.batch == batch).cloned() else {
            self.notice = Some(Notice::plain(fill(&self.say(words::NO_RUN), &[("batch", &batch)])));
            return Vec::new();
        };
        let id = self.begin_writing();
        self.running.now =
            Some(Progress { id, label: run.label, done: run.done, of: run.total, stops: false });
        vec![Effect::Resume { id, batch: run.batch }]
    }

    fn pick_run(&mut self) -> Vec<Effect> {
        let choices = self.run_choices();
        if choices.is_empty() {
            return self.say_plain(words::NO_OPEN_RUNS);
        }
        self.overlay = Some(Overlay::Picker(Picker::new(PickerKind::Runs, choices)));
        Vec::new()
    }

    /// Runs that are not at their end, as things to pick.
    pub(in crate::app) fn run_choices(&self) -> Vec<Choice> {
        let under_way = self.running.now.is_some();
        let choice = |run: &OpenRun| Choice {
            label: fill(
                &self.say(words::GO_ON),
                &[("label", &label_in(&run.label, self.settings.lang.is_zh()))],
            ),
            note: fill(&self.say(words::DONE_LEFT), &[("done", &run.done), ("left", &run.left())]),
            on: None,
            refused: self.settings.read_only.then(|| self.say(words::READ_ONLY)),
            does: Picked::Run(Command::with(Verb::MacroResume, run.batch.as_str())),
            risk: None,
            also: run.batch.clone(),
        };
        self.header.overview.runs.iter().filter(|_| !under_way).map(choice).collect()
    }

    /// Says once, when one begins, that there are runs that are not at their end.
    pub(in crate::app) fn offer_runs(&mut self) {
        let Some(run) = self.header.overview.runs.first() else { return };
        let label = label_in(&run.label, self.settings.lang.is_zh());
        let more = self.header.overview.runs.len() - 1;
        let key = self.resume_key();
        let mut text = fill(
            &self.say(words::UNFINISHED),
            &[("label", &label), ("done", &run.done), ("left", &run.left()), ("key", &key)],
        );
        if more > 0 {
            text.push_str(&fill(&self.say(words::AND_MORE), &[("n", &more)]));
        }
        // What else is to be said at the beginning stands beside it.
        if let Some(Notice { text: said, .. }) = self.notice.take() {
            text = format!("{said} · {text}");
        }
        self.notice = Some(Notice::plain(text));
    }

    /// What a run came to that ended before its end: `84 done, 42 left`, and what goes on with it.
    pub(in crate::app) fn stopped_run(&self, label: &str, done: usize, left: usize) -> String {
        let key = self.resume_key();
        fill(&self.say(words::LEFT), &[("label", &label), ("done", &done), ("left", &left), ("key", &key)])
    }

    fn resume_key(&self) -> String {
        let keys = self.settings.keymap.keys_of(Verb::MacroResume, self.layers_under_overlay());
        keys.first().map_or_else(|| format!(":{}", Verb::MacroResume.spec().id), |keys| print_keys(keys))
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
        if std::mem::take(&mut self.running.plans) && self.give_up_plan() {
            self.notice = Some(Notice::plain(self.say(words::STOPPED_EARLY)));
            return Some(vec![Effect::StopRun]);
        }
        let progress = self.running.now.as_mut()?;
        // Who asks twice leaves.
        if std::mem::replace(&mut progress.stops, true) {
            return None;
        }
        Some(vec![Effect::StopRun])
    }
}
