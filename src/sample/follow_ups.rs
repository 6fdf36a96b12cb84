//! Follow-ups: what is still to be done for whom, and what was done.
//!
//! Every one comes of an occasion in the customer's own records, see `occasions`.

use super::Community;
use super::calendar::{Calendar, DAY, HOUR, MINUTE, PAST};
use super::customers::Person;
use super::dice::Dice;
use super::events::{self, Moment};
use super::occasions::{Cause, Occasion, TASKS, Task};
use super::texts;
use crate::model::{EventKind, FollowUp, FollowUpKind, FollowUpStatus, Priority};

/// How often each of [`TASKS`] is tried where it is still to be done.
const PENDING: [u16; 17] = [14, 12, 10, 12, 14, 24, 12, 14, 12, 10, 12, 12, 12, 6, 18, 8, 9];
/// How often where it was done: many more had an occasion at some time than have one now.
const DONE: [u16; 17] = [20, 14, 5, 12, 4, 4, 12, 10, 8, 9, 8, 14, 12, 3, 14, 7, 20];
/// Tasks that are tried before somebody just comes by.
const TRIES: usize = 12;
/// Where [`Cause::Visit`] stands among [`TASKS`]: anybody may come by at any time.
const VISIT: usize = 13;

/// Pending follow-ups among the first `customers`: 400 of 5,000.
fn quota(customers: usize) -> usize {
    (customers * 2).div_ceil(25)
}

/// The pending and the done follow-ups of a block.
pub(super) fn draw(whole: &Community, number: usize, people: &mut [Person]) -> Vec<FollowUp> {
    let calendar = &whole.calendar;
    let mut dice = Dice::new(whole.seed, "follow-ups", number);
    let mut all = Vec::new();
    for person in people.iter_mut() {
        if person.dice.percent(14) && person.until - person.added > DAY {
            all.extend(done(calendar, person));
        }
    }
    let block = whole.block(number);
    let wanted = quota(block.end) - quota(block.start);
    let mut waiting = Waiting::new(calendar, people);
    for nth in 0..wanted {
        let serial = quota(block.start) + nth;
        all.push(pending(calendar, people, &mut waiting, serial, &mut dice));
    }
    all
}

/// Who could have which follow-up now.
struct Waiting {
    /// By task: the place of a customer, and the occasion.
    by_task: Vec<Vec<(usize, Occasion)>>,
    /// Who has one already.
    has_one: Vec<bool>,
}

impl Waiting {
    fn new(calendar: &Calendar, people: &[Person]) -> Self {
        let is_settled = |person: &Person| !person.is_gone() && calendar.now - person.added > 10 * DAY;
        let anybody = !people.iter().any(is_settled);
        let window = (calendar.now - 7 * DAY, calendar.now + 15 * DAY);
        let by_task = TASKS.iter().map(|task| {
            let people = people.iter().enumerate().filter(|(_, person)| match task.cause {
                // Those who just came are asked how they like it.
                Cause::Week | Cause::FirstMilk | Cause::FirstOrder => !person.is_gone(),
                _ => anybody || is_settled(person),
            });
            let occasions = people.flat_map(|(place, person)| {
                let occasions = task.cause.occasions(calendar, person, window, calendar.now);
                occasions.into_iter().map(move |occasion| (place, occasion))
            });
            occasions.collect()
        });
        Self { by_task: by_task.collect(), has_one: vec![false; people.len()] }
    }

    /// Somebody for whom the task is due at `due`: the place, the occasion, when it was made.
    fn somebody(&mut self, task: usize, due: i64, dice: &mut Dice) -> Option<(usize, Occasion, (i64, i64))> {
        let cause = TASKS[task].cause;
        let fitting = self.by_task[task].iter().filter(|(place, _)| !self.has_one[*place]);
        let fitting =
            fitting.filter_map(|(place, occasion)| Some((*place, *occasion, cause.made(occasion, due)?)));
        let fitting: Vec<_> = fitting.collect();
        let chosen = *fitting.get(dice.below(fitting.len()))?;
        self.has_one[chosen.0] = true;
        Some(chosen)
    }
}

fn pending(
    calendar: &Calendar,
    people: &mut [Person],
    waiting: &mut Waiting,
    serial: usize,
    dice: &mut Dice,
) -> FollowUp {
    let now = calendar.now;
    let midnight = calendar.start(PAST + 1);
    let due = match serial % 10 {
        3 => now - dice.between(40, 6 * 24 * 60) * MINUTE,
        0 | 1 | 6 => now + dice.between(1, ((midnight - now) / MINUTE - 1).max(1)) * MINUTE,
        _ => calendar.start(PAST) + dice.between(1, 13) * DAY + dice.between(18, 41) * HOUR / 2,
    };
    let mut chosen = None;
    for attempt in 0..=TRIES {
        let task = if attempt < TRIES { dice.weighted(&PENDING) } else { VISIT };
        chosen = waiting.somebody(task, due, dice).map(|chosen| (&TASKS[task], chosen));
        if chosen.is_some() {
            break;
        }
    }
    let (task, place, made, body) = match chosen {
        Some((task, (place, occasion, made))) => {
            let made = made.0 + dice.between(0, (made.1 - made.0) / 1000) * 1000;
            let body = task.cause.body(calendar, &people[place], &occasion, due);
            (task, place, made, body)
        }
        // Where all have one, some come by once more.
        None => {
            let place = dice.below(people.len());
            let made = (due.min(now) - 2 * HOUR).max(people[place].added).min(now);
            (&TASKS[VISIT], place, made, String::new())
        }
    };
    let owner = people[place].owner();
    let stars = dice.between(1, 2);
    people[place].moments.extend(task.cause.trace(made, owner, stars));
    let person = &people[place];
    let promised =
        matches!(task.kind, FollowUpKind::AfterSale) || task.priority == Priority::Urgent || dice.percent(12);
    let sla = if promised { Some(due + dice.between(2, 24) * HOUR) } else { None };
    let doing = dice.percent(14);
    let snoozed = due > now + DAY && dice.percent(4);
    let assigned = doing || dice.percent(94);
    FollowUp {
        id: format!("f{:07}", serial + 1).into(),
        customer_id: person.id.clone(),
        title: task.title.to_owned(),
        body: (!body.is_empty()).then_some(body),
        kind: task.kind,
        due_at: Some(calendar.time(due)),
        sla_at: sla.map(|at| calendar.time(at)),
        priority: task.priority,
        status: if doing { FollowUpStatus::Doing } else { FollowUpStatus::Open },
        snoozed_until: snoozed.then(|| calendar.time(due - 12 * HOUR)),
        assignee_id: assigned.then(|| owner.into()),
        source: Some(task.source.to_owned()),
        outcome: doing.then(|| ["no_answer", "call_later"][dice.below(2)].to_owned()),
        note: None,
        created_at: Some(calendar.time(made)),
        done_at: None,
        rev: Some("1".to_owned()),
    }
}

/// A follow-up that was done or dropped, with the contact that it left in the timeline; `None`
/// where there was no time for any.
fn done(calendar: &Calendar, person: &mut Person) -> Option<FollowUp> {
    let (task, occasion, due, made) = past(calendar, person)?;
    let dice = &mut person.dice;
    let made = made.0 + dice.between(0, (made.1 - made.0) / 1000) * 1000;
    let at = (due + dice.between(-24 * 60, 36 * 60) * MINUTE).max(made + 10 * MINUTE);
    // What would be done later was done in the hours before nothing more was heard.
    let late = (person.until - made).min(3 * HOUR) / 1000;
    let at = if at > person.until { person.until - dice.between(0, late) * 1000 } else { at };
    let owner = person.bonds[0].operator;
    let (cancelled, stars) = (dice.percent(12), dice.between(1, 2));
    let body = task.cause.body(calendar, person, &occasion, due);
    let trace = task.cause.trace(made, owner, stars).into_iter().filter(|moment| moment.at <= at);
    person.moments.extend(trace);
    let mut outcome = None;
    if !cancelled {
        let moment = if task.kind == FollowUpKind::Call {
            events::call(person, at, owner)
        } else {
            let (word, _) = texts::OUTCOMES[person.dice.below(3)];
            Moment::new(at, EventKind::MessageOut, task.says).by(owner).with("outcome", word)
        };
        outcome = moment.data.get("outcome").and_then(|word| word.as_str()).map(str::to_owned);
        person.moments.push(moment);
    }
    let dice = &mut person.dice;
    Some(FollowUp {
        id: format!("f{:07}-d", person.index + 1).into(),
        customer_id: person.id.clone(),
        title: task.title.to_owned(),
        body: (!body.is_empty()).then_some(body),
        kind: task.kind,
        due_at: Some(calendar.time(due)),
        sla_at: None,
        priority: task.priority,
        status: if cancelled { FollowUpStatus::Cancelled } else { FollowUpStatus::Done },
        snoozed_until: None,
        assignee_id: Some(owner.into()),
        source: Some(task.source.to_owned()),
        outcome,
        note: dice.percent(30).then(|| texts::note(dice).to_owned()),
        created_at: Some(calendar.time(made)),
        done_at: Some(calendar.time(at)),
        rev: Some("2".to_owned()),
    })
}

/// Something that there was to do for the customer before nothing more was heard: its task, its
/// occasion, when it was due, when it was made at the earliest and at the latest.
fn past(calendar: &Calendar, person: &mut Person) -> Option<(&'static Task, Occasion, i64, (i64, i64))> {
    let window = (person.added, person.until);
    for attempt in 0..=TRIES {
        let task = &TASKS[if attempt < TRIES { person.dice.weighted(&DONE) } else { VISIT }];
        let occasions = task.cause.occasions(calendar, person, window, person.until - 20 * MINUTE);
        let dice = &mut person.dice;
        let Some(occasion) = occasions.get(dice.below(occasions.len())) else { continue };
        let due = occasion.due.0 + dice.between(0, (occasion.due.1 - occasion.due.0) / MINUTE) * MINUTE;
        if let Some(made) = task.cause.made(occasion, due) {
            return Some((task, *occasion, due, made));
        }
    }
    None
}
