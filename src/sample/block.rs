//! A block: some customers with everything that hangs together with them.

use super::customers::{self, Person};
use super::dice::Dice;
use super::orders::Seasons;
use super::{Community, events, follow_ups, groups, outreach};
use crate::model::{AnyRecord, Record};

/// All records of block `number`, those of groups after those of customers.
pub(super) fn records(whole: &Community, number: usize) -> Vec<AnyRecord> {
    let calendar = &whole.calendar;
    let seasons = Seasons::of(calendar);
    let mut people: Vec<Person> =
        whole.block(number).map(|index| customers::draw(whole, &seasons, index)).collect();
    customers::refer(&mut people);
    let mut group_records = Vec::new();
    for index in whole.groups(number) {
        group_records.extend(groups::draw(whole, index, &mut people));
    }
    let follow_ups = follow_ups::draw(whole, number, &mut people);
    let sent = outreach::sent(whole);
    let mut records = Vec::with_capacity(people.len() * 12);
    let mut details = Vec::with_capacity(people.len() * 8);
    for person in &mut people {
        events::milestones(person);
        events::conversation(calendar, person, &mut Dice::new(whole.seed, "talk", person.index));
        let tags =
            customers::tag(calendar, &seasons, person, &mut Dice::new(whole.seed, "tags", person.index));
        outreach::reach(&sent, person, &tags, &mut Dice::new(whole.seed, "reach", person.index));
        let timeline = events::records(calendar, person);
        records.push(customers::record(calendar, person, &tags, &timeline).any());
        details.extend(std::mem::take(&mut person.orders).into_iter().map(Record::any));
        details.extend(timeline.into_iter().map(Record::any));
    }
    records.extend(follow_ups.into_iter().map(Record::any));
    records.extend(group_records);
    records.extend(details);
    records
}
