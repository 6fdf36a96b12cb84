//! From a macro, what is given for it and the records it is meant for to a plan.
//!
//! ```text
//! Macro ──flatten (calls)──▶ steps ──for each: when, fill──▶ Commands ──command::plan──▶ writes ──▶ Plan
//! ```
//!
//! `when` is asked of the records as they are before the run; a step sees what the steps before it have
//! done to the record. Records for which a step comes to one and the same command are planned together.

use std::collections::{HashMap, HashSet};

use serde_json::Value as Json;

use super::definition::{Macro, Target};
use super::error::MacroError;
use super::fill::Filler;
use super::flat::{Flat, flatten};
use super::given::Given;
use super::reply::Reply;
use super::settle::settle;
use super::step::Does;
use super::{Book, Condition};
use crate::command::plan::{
    Course, Material, OnError, Plan, PlanError, Said, Skip, Skipped, Subject, called, plan,
};
use crate::command::{Command, Risk, Verb};
use crate::model::{AnyRecord, Customer, Deed, Planned, Resource, Write};
use crate::query::Query;

/// What a macro has to know of the world to become a plan.
pub struct World<'a> {
    /// What commands have to know.
    pub material: &'a Material<'a>,
    /// The customers of the follow-ups that it is run on, by their ids.
    pub customers: HashMap<String, Customer>,
    /// Those of some records, by their ids, that match a filter.
    pub matching: &'a Matching<'a>,
    /// What an external program says: of its words, the seconds it may take, and what it is told.
    pub program: &'a Ask<'a>,
}

/// Tells which of some records, by their ids, match a filter.
pub type Matching<'a> = dyn Fn(&Query, &[&str]) -> Result<HashSet<String>, String> + 'a;

/// Asks an external program: by its words, within so many seconds, telling it this.
pub type Ask<'a> = dyn Fn(&[String], u32, &Json) -> Result<Reply, String> + 'a;

/// A record on its way through the steps.
struct Track {
    /// As it was.
    subject: Subject,
    /// As it is after the steps so far.
    record: AnyRecord,
    /// The customer that it is about, where it is a follow-up.
    customer: Option<String>,
    /// What is written, with what each write does in words.
    writes: Vec<(Planned, String)>,
    /// Whether any step was meant for it.
    meant: bool,
    /// Why it is left.
    fails: Option<Skip>,
}

/// Which records a macro chooses by itself; `None` where its records are those that somebody names.
///
/// # Errors
/// [`MacroError`] where what is given makes no sense.
pub fn selection(makes: &Macro, given: &Given, material: &Material<'_>) -> Result<Option<Query>, MacroError> {
    let Target::Select(condition) = &makes.target else { return Ok(None) };
    let settled = settle(makes, given, material)?;
    let filler = Filler::new(makes, settled, material);
    filler.query(0, condition).map(Some)
}

/// Works out what a macro does to `targets`.
///
/// # Errors
/// [`MacroError`] where it makes no sense, whatever the records; or where one of them cannot take a step,
/// and the macro says that nothing is to be done then.
pub fn expand(
    book: &Book,
    command: &Command,
    targets: Vec<AnyRecord>,
    world: &World<'_>,
) -> Result<Plan, MacroError> {
    let name = command.arg().unwrap_or_default();
    let unknown =
        || MacroError::Unknown { name: name.to_owned(), nearest: book.nearest(name).map(str::to_owned) };
    let makes = book.get(name).ok_or_else(unknown)?;
    let given = Given::read(command.args.get(1).map_or("", String::as_str)).map_err(MacroError::Given)?;
    let settled = settle(makes, &given, world.material)?;
    let mut filler = Filler::new(makes, settled, world.material);
    let steps = flatten(book, makes, &mut filler);
    let mut run = Run {
        makes,
        world,
        filler,
        tracks: Vec::new(),
        customers: world.customers.clone(),
        skipped: Vec::new(),
        said: Vec::new(),
        risk: Risk::Read,
    };
    run.begin(targets);
    for step in &steps {
        run.step(step)?;
    }
    run.finish(command)
}

struct Run<'a> {
    makes: &'a Macro,
    world: &'a World<'a>,
    filler: Filler<'a>,
    tracks: Vec<Track>,
    /// Customers of follow-ups, as they are after the steps so far.
    customers: HashMap<String, Customer>,
    skipped: Vec<Skipped>,
    /// What programs said.
    said: Vec<Said>,
    /// The worst of the steps that came to anything.
    risk: Risk,
}

impl Run<'_> {
    fn begin(&mut self, targets: Vec<AnyRecord>) {
        let limit = self.makes.limit.unwrap_or(usize::MAX);
        for record in targets {
            let (id, name) = (record.key(), called(&record));
            let why = match record.resource() == self.makes.on {
                false => Skip::OtherKind,
                true if self.tracks.len() >= limit => Skip::BeyondLimit,
                true => {
                    let (rev, customer) = match &record {
                        AnyRecord::Customer(customer) => (customer.rev.clone(), None),
                        AnyRecord::FollowUp(follow_up) => {
                            (follow_up.rev.clone(), Some(follow_up.customer_id.to_string()))
                        }
                        _ => (None, None),
                    };
                    let subject = Subject { resource: record.resource(), id, name, rev };
                    let writes = Vec::new();
                    self.tracks.push(Track { subject, record, customer, writes, meant: false, fails: None });
                    continue;
                }
            };
            self.skipped.push(Skipped { id, name, why });
        }
    }

    /// One step for all records that it is meant for.
    fn step(&mut self, step: &Flat<'_>) -> Result<(), MacroError> {
        let mut chosen: Vec<usize> =
            (0..self.tracks.len()).filter(|at| self.tracks[*at].fails.is_none()).collect();
        for (env, condition) in &step.when {
            self.narrow(&mut chosen, *env, condition)?;
        }
        match step.does {
            Does::Command(pattern) => {
                let mut groups: Vec<(Command, Vec<usize>)> = Vec::new();
                let mut places: HashMap<Vec<String>, usize> = HashMap::new();
                for at in chosen {
                    self.tracks[at].meant = true;
                    let filled = {
                        let track = &self.tracks[at];
                        let customer = track.customer.as_ref().and_then(|id| self.world.customers.get(id));
                        self.filler.command(step.env, pattern, &track.subject.id, &track.record, customer)
                    };
                    match filled {
                        Err(why) => self.tracks[at].fails = Some(why),
                        // A tag or a coupon that was left empty is none.
                        Ok(command)
                            if !command.args.is_empty() && command.args.iter().all(String::is_empty) => {}
                        Ok(command) => match places.get(&command.args) {
                            Some(group) => groups[*group].1.push(at),
                            None => {
                                places.insert(command.args.clone(), groups.len());
                                groups.push((command, vec![at]));
                            }
                        },
                    }
                }
                for (command, tracks) in groups {
                    self.apply(&command, &tracks, pattern.is_fixed())?;
                }
            }
            Does::Program(program) => {
                for at in chosen {
                    self.tracks[at].meant = true;
                    if let Err(why) = self.program(step.env, program, at) {
                        self.tracks[at].fails = Some(why);
                    }
                }
            }
            Does::Call(_) => {} // its steps stand in its place
        }
        Ok(())
    }

    /// Keeps the records for which a condition holds.
    fn narrow(&self, chosen: &mut Vec<usize>, env: usize, condition: &Condition) -> Result<(), MacroError> {
        let query = self.filler.query(env, condition)?;
        let id = |at: &usize| {
            let track = &self.tracks[*at];
            match condition.scope {
                crate::query::Scope::Customers => {
                    track.customer.as_ref().unwrap_or(&track.subject.id).as_str()
                }
                _ => track.subject.id.as_str(),
            }
        };
        let ids: Vec<&str> = chosen.iter().map(id).collect();
        let found = (self.world.matching)(&query, &ids).map_err(MacroError::Unread)?;
        chosen.retain(|at| found.contains(id(at)));
        Ok(())
    }

    /// One command for several records. What makes no sense for any record is a mistake of the macro;
    /// what comes of a record's own fields is that record's.
    fn apply(&mut self, command: &Command, tracks: &[usize], fixed: bool) -> Result<(), MacroError> {
        let on_customers = command.spec().on == Some(Resource::Customers);
        let mut targets: Vec<AnyRecord> = Vec::with_capacity(tracks.len());
        // Whose a write is, by the id of the record that it goes to.
        let mut whose: HashMap<(Resource, String), usize> = HashMap::with_capacity(tracks.len());
        let mut companions: Vec<AnyRecord> = Vec::new();
        for at in tracks {
            let track = &mut self.tracks[*at];
            match (&track.customer, on_customers) {
                (Some(id), true) => match self.customers.get(id) {
                    // Two follow-ups of one customer: what is done to the customer is done once.
                    Some(_) if whose.contains_key(&(Resource::Customers, id.clone())) => {}
                    Some(customer) => {
                        whose.insert((Resource::Customers, id.clone()), *at);
                        targets.push(AnyRecord::Customer(customer.clone()));
                    }
                    None => track.fails = Some(Skip::Gone),
                },
                (customer, _) => {
                    whose.insert((track.subject.resource, track.subject.id.clone()), *at);
                    targets.push(track.record.clone());
                    if let Some(id) = customer
                        && command.verb == Verb::FollowUpDispose
                        && let Some(customer) = self.customers.get(id)
                        && let std::collections::hash_map::Entry::Vacant(free) =
                            whose.entry((Resource::Customers, id.clone()))
                    {
                        free.insert(*at);
                        companions.push(AnyRecord::Customer(customer.clone()));
                    }
                }
            }
        }
        targets.extend(companions);
        if targets.is_empty() {
            return Ok(());
        }
        let planned = match plan(command, &targets, self.world.material) {
            Ok(planned) => planned,
            Err(why) if fixed && !matches!(why, PlanError::Channels { .. }) => {
                return Err(MacroError::Step { step: command.to_string(), why: Box::new(why) });
            }
            Err(why) => {
                for at in tracks {
                    self.tracks[*at].fails = Some(Skip::Senseless(why.says(true), why.says(false)));
                }
                return Ok(());
            }
        };
        if !planned.writes.is_empty() {
            // That it is done to many is said of the whole.
            self.risk = self.risk.max(if planned.risk == Risk::Bulk { Risk::Write } else { planned.risk });
        }
        for (planned, told) in planned.writes.into_iter().zip(planned.told) {
            let Some(at) = owner(&planned.write).and_then(|key| whose.get(&key)).copied() else { continue };
            self.take(at, planned, told);
        }
        for skipped in planned.skipped.into_iter().filter(|skipped| skipped.why.hinders()) {
            let kind = if on_customers { Resource::Customers } else { self.makes.on };
            if let Some(at) = whose.get(&(kind, skipped.id)) {
                self.tracks[*at].fails = Some(skipped.why);
            }
        }
        Ok(())
    }

    /// A write of a record: later steps see what it does.
    fn take(&mut self, at: usize, planned: Planned, told: String) {
        let (now, me) = (self.world.material.moment.now, self.world.material.moment.me.as_ref());
        let (write, track) = (&planned.write, &mut self.tracks[at]);
        if matches!(write.deed, Deed::Set { .. } | Deed::Tag { .. }) {
            if write.id == track.subject.id && write.resource == track.subject.resource {
                if let Some(after) = write.apply(Some(&track.record), now, me) {
                    track.record = after;
                }
            } else if let Some(customer) = self.customers.get_mut(&write.id)
                && let Some(AnyRecord::Customer(after)) =
                    write.apply(Some(&AnyRecord::Customer(customer.clone())), now, me)
            {
                *customer = after;
            }
        }
        track.writes.push((planned, told));
    }

    /// Asks a program what is to be done, and does it: fields of the record, or commands.
    fn program(&mut self, env: usize, program: &super::Program, at: usize) -> Result<(), Skip> {
        let failed = |why: String| Skip::Senseless(why.clone(), why);
        let (argv, told) = {
            let track = &self.tracks[at];
            let customer = track.customer.as_ref().and_then(|id| self.customers.get(id));
            let argv = self.filler.words(env, program, &track.subject.id, &track.record, customer)?;
            let told = serde_json::json!({
                "macro": self.makes.name,
                "resource": track.subject.resource.name(),
                "record": track.record.to_value(),
                "customer": customer,
                "params": self.filler.values(env, &track.subject.id),
                "now": self.world.material.moment.now.to_string(),
            });
            (argv, told)
        };
        let reply = (self.world.program)(&argv, program.seconds, &told).map_err(failed)?;
        let text = reply.told();
        if !text.is_empty() {
            let Subject { id, name, .. } = &self.tracks[at].subject;
            self.said.push(Said { id: id.clone(), name: name.clone(), text });
        }
        for command in super::reply::commands(&reply.answer, self.makes.on, program.risk).map_err(failed)? {
            match self.apply(&command, &[at], false) {
                Ok(()) => {}
                Err(why) => return Err(Skip::Senseless(why.says(true), why.says(false))),
            }
            if let Some(why) = self.tracks[at].fails.take() {
                return Err(why);
            }
        }
        Ok(())
    }

    /// The plan of what is left once every record that cannot take a step has been dealt with.
    fn finish(mut self, command: &Command) -> Result<Plan, MacroError> {
        let failing = self.tracks.iter().position(|track| track.fails.is_some());
        if let (OnError::Rollback, Some(at)) = (self.makes.on_error, failing) {
            let track = &self.tracks[at];
            let why = track.fails.as_ref().map(|why| (why.says(true), why.says(false))).unwrap_or_default();
            return Err(MacroError::Rollback { name: track.subject.name.clone(), why });
        }
        let stops = failing.filter(|_| self.makes.on_error == OnError::Stop);
        let mut course =
            Course { on_error: self.makes.on_error, confirm: self.makes.confirm, ..Course::default() };
        let zh = self.world.material.zh;
        let (mut writes, mut told) = (Vec::new(), Vec::new());
        for (at, track) in self.tracks.into_iter().enumerate() {
            let why = match track.fails {
                Some(why) if stops.is_none_or(|stop| at <= stop) => Some(why),
                _ if stops.is_some_and(|stop| at > stop) => Some(Skip::NotReached),
                _ if !track.meant => Some(Skip::NotMeant),
                _ if track.writes.is_empty() => Some(Skip::AlreadySo),
                _ => None,
            };
            if let Some(why) = why {
                let Subject { id, name, .. } = track.subject;
                self.skipped.push(Skipped { id, name, why });
                continue;
            }
            let index = course.subjects.len();
            course.subjects.push(track.subject);
            // What reaches a customer goes last.
            let (last, first): (Vec<_>, Vec<_>) =
                track.writes.into_iter().partition(|(planned, _)| planned.write.is_outbound());
            for (planned, words) in first.into_iter().chain(last) {
                course.of.push(index);
                writes.push(planned);
                told.push(words);
            }
        }
        debug_assert!(writes.len() == told.len() && course.of.is_sorted());
        let mut risk = self.risk.max(Risk::Write).max(self.makes.raised.unwrap_or(Risk::Read));
        if course.subjects.len() > 1 {
            risk = risk.max(Risk::Bulk);
        }
        Ok(Plan {
            command: command.clone(),
            label: self.makes.says(zh).to_owned(),
            risk,
            writes,
            told,
            skipped: self.skipped,
            said: self.said,
            course: Some(course),
        })
    }
}

/// The record that a write is about: what happens with a customer, and what is made for one, are that
/// customer's.
fn owner(write: &Write) -> Option<(Resource, String)> {
    match &write.deed {
        Deed::Send { customer_id, .. } => Some((Resource::Customers, customer_id.to_string())),
        Deed::Make { fields } => {
            let customer = fields.get("customer_id").and_then(Json::as_str)?;
            Some((Resource::Customers, customer.to_owned()))
        }
        _ => Some((write.resource, write.id.clone())),
    }
}
