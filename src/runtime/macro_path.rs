//! The way of a macro from the console to the cache: planned on a thread of its own, then run record by
//! record, so that it can be stopped between two of them and says how far it is.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::macros::{Allowed, plan_macro};
use super::planning::Aim;
use super::running::{Came, Frozen, Halt, Run};
use super::write_path::{WritePath, actor, said};
use crate::app::{Event, RequestId, Settings, Targets, Written};
use crate::cache::{self, Writer};
use crate::command::plan::{Skip, reasons};
use crate::command::{Command, Plan};
use crate::sync::WriteError;

use super::inbox::Message;

impl WritePath {
    pub(super) fn plan_macro(&self, id: RequestId, command: Command, targets: Targets, settings: &Settings) {
        let (cache, moment, to) = (self.cache.clone(), self.moment(), self.to.clone());
        let (book, zh) = (Arc::clone(&settings.macros), settings.lang.is_zh());
        // What is not trusted has been refused before; programs are allowed by the configuration alone.
        let hindered = command.arg().and_then(|name| settings.hindered.get(name)).cloned();
        let allowed =
            Allowed { programs: settings.run.programs, trust: None, stops: Arc::clone(&self.stops) };
        self.stops.store(false, Ordering::Relaxed);
        self.tasks.spawn_blocking(move || {
            let aim = (targets != Targets::None).then_some(Aim::Marked(targets));
            let plan = match (hindered, cache.reader()) {
                (Some((chinese, english)), _) => Err(if zh { chinese } else { english }),
                (None, Ok(reader)) => {
                    plan_macro(&reader, &book, &command, aim.as_ref(), &allowed, &moment, zh)
                        .map(Box::new)
                        .map_err(|error| error.says(zh))
                }
                (None, Err(error)) => Err(error.to_string()),
            };
            to.send(Message::Fact(Event::Planned(id, plan)));
        });
    }

    pub(super) fn run_macro(&self, id: RequestId, plan: &Plan, hold_seconds: u32, zh: bool) {
        let Some(frozen) = Frozen::of(plan, hold_seconds) else { return };
        let who = actor(&self.me);
        self.execute(id, reasons(&plan.skipped), zh, move |writer| Run::begin(writer, frozen, who));
    }

    /// Goes on with a run that is not at its end.
    pub(super) fn resume_run(&self, id: RequestId, batch: String, zh: bool) {
        let cache = self.cache.clone();
        self.execute(id, Vec::new(), zh, move |_| {
            let row = cache.reader()?.run(&batch)?.filter(|row| !row.undone && row.done < row.total);
            row.as_ref().and_then(Run::resume).ok_or(cache::Error::Nothing { doing: "go on with" })
        });
    }

    /// Does what is left of a run. `skipped` counts why records were left out of its plan.
    fn execute(
        &self,
        id: RequestId,
        skipped: Vec<(Skip, usize)>,
        zh: bool,
        begins: impl FnOnce(&mut Writer) -> cache::Result<Run> + Send + 'static,
    ) {
        let path = self.clone();
        path.stops.store(false, Ordering::Relaxed);
        let writing = Arc::clone(&self.under_way).try_read_owned();
        self.tasks.spawn(async move {
            let _writing = writing;
            let written = path.steps(id, begins).await.map(|run| Written {
                label: run.plan.label.clone(),
                records: match run.halted {
                    Some(Halt::TakenBack) => 0,
                    _ => run.done - run.moved.len(),
                },
                reversible: run.plan.writes.iter().all(|planned| planned.write.is_reversible()),
                skipped,
                moved: run.moved.iter().map(|subject| subject.name.clone()).collect(),
                left: run.left(),
                batch: run.batch,
            });
            path.send(Event::Committed(id, written.map_err(|error| said(&error, zh))));
        });
    }

    async fn steps(
        &self,
        id: RequestId,
        begins: impl FnOnce(&mut Writer) -> cache::Result<Run> + Send + 'static,
    ) -> Result<Run, WriteError> {
        let mut run = self.now(begins).await?;
        if let Ok(mut own) = self.own.lock() {
            own.insert(run.batch.clone());
        }
        while !self.stops.load(Ordering::Relaxed) {
            let (who, at) = (actor(&self.me), self.moment().now);
            let next = move |writer: &mut Writer| -> cache::Result<(Run, Option<Came>)> {
                let came = run.next(writer, &who, at)?;
                Ok((run, came))
            };
            let (next, came) = self.now(next).await?;
            run = next;
            let Some(came) = came else { break };
            self.tell(came.applied.resources.iter().copied().collect());
            self.send(Event::Running(id, run.done, run.plan.total()));
        }
        Ok(run)
    }
}
