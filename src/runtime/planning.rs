//! From a command to its [`Plan`], with all that it needs to know read from the cache: the same
//! for the console and for `siyu do`.

use std::cell::RefCell;

use serde_json::Value;

use crate::app::Targets;
use crate::cache::{self, Reader};
use crate::command::plan::{Material, Plan, Skip, Skipped};
use crate::command::{Command, Verb, plan};
use crate::i18n::named;
use crate::i18n::words::kinds;
use crate::model::{
    AnyRecord, Customer, Operator, Record, Resource, Snippet, Tag, TagGroup, TagId, read_record,
};
use crate::query::{Moment, Query, Scope, parse, parse_sort, quote};

/// Which records a command is meant for.
#[derive(Clone, Debug)]
pub enum Aim {
    /// These, each of which has to be there.
    At(Targets),
    /// These, as far as they are still there: marks outlive their records.
    Marked(Targets),
    /// All that match a filter, in the order of the list.
    Matching(Query),
}

/// Why there is no plan.
#[derive(Debug, thiserror::Error)]
pub enum PlanningError {
    /// The cache cannot be read.
    #[error(transparent)]
    Cache(#[from] cache::Error),
    /// The command makes no sense.
    #[error(transparent)]
    Plan(#[from] plan::PlanError),
    /// The macro makes no sense.
    #[error(transparent)]
    Macro(#[from] crate::macros::MacroError),
    /// The macro may not be run: why, in Chinese and in English.
    #[error("{1}")]
    Untrusted(String, String),
    /// Records that were named are not in the cache.
    #[error("{resource} has no {}", some(ids, "and", "more"))]
    Missing {
        /// The collection.
        resource: Resource,
        /// What was named.
        ids: Vec<String>,
    },
}

impl PlanningError {
    /// The same in the operator's language.
    pub fn says(&self, zh: bool) -> String {
        match self {
            Self::Plan(error) => error.says(zh),
            Self::Macro(error) => error.says(zh),
            Self::Untrusted(chinese, english) => if zh { chinese } else { english }.clone(),
            Self::Missing { resource, ids } if zh => {
                let kind = named(kinds::RESOURCES, resource.name()).map_or(resource.name(), |word| word.zh);
                format!("没有编号为 {} 的{kind}", some(ids, "及另外", "个"))
            }
            other => other.to_string(),
        }
    }
}

/// Works out what a command would write, from the cache as it is now.
///
/// # Errors
/// [`PlanningError`].
pub fn plan_from(
    reader: &Reader,
    command: &Command,
    aim: &Aim,
    moment: &Moment,
    zh: bool,
) -> Result<Plan, PlanningError> {
    let words = Words::read(reader)?;
    let (mut targets, gone) = records(reader, aim, moment)?;
    if command.verb == Verb::FollowUpDispose {
        targets.extend(customers_of(reader, &targets)?);
    }
    let unread = RefCell::new(None);
    let holders = |tag: &TagId| {
        let found = match parse(Scope::Customers, &format!("tag:{}", quote(tag.as_str()))) {
            Ok(query) => matching(reader, &query, moment),
            Err(_) => Ok(Vec::new()), // an id that no filter can name is no customer's
        };
        let found = found.unwrap_or_else(|error| {
            unread.replace(Some(error)); // a plan without those who hold the tag would be another plan
            Vec::new()
        });
        found
            .into_iter()
            .filter_map(|record| match record {
                AnyRecord::Customer(customer) if customer.tags.contains(tag) => Some(customer),
                _ => None,
            })
            .collect::<Vec<Customer>>()
    };
    let material = words.material(moment, zh, &holders);
    let mut plan = plan::plan(command, &targets, &material)?;
    if let Some(error) = unread.take() {
        return Err(error.into());
    }
    let gone = gone.into_iter().map(|id| Skipped { name: id.clone(), id, why: Skip::Gone });
    plan.skipped.extend(gone);
    Ok(plan)
}

/// Ids that an error names, at most.
const NAMED: usize = 10;

/// Ids as an error names them, and how many more there are.
fn some(ids: &[String], and: &str, more: &str) -> String {
    let named: Vec<_> = ids.iter().take(NAMED).map(|id| format!("{id:?}")).collect();
    match ids.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        rest => format!("{} {and} {rest} {more}", named.join(", ")),
    }
}

/// What commands name: all tags, operators and snippets.
pub(super) struct Words {
    tags: Vec<Tag>,
    tag_groups: Vec<TagGroup>,
    operators: Vec<Operator>,
    snippets: Vec<Snippet>,
}

impl Words {
    /// Reads them from the cache.
    pub(super) fn read(reader: &Reader) -> cache::Result<Self> {
        Ok(Self {
            tags: all(reader, Resource::Tags)?,
            tag_groups: all(reader, Resource::TagGroups)?,
            operators: all(reader, Resource::Operators)?,
            snippets: all(reader, Resource::Snippets)?,
        })
    }

    /// What commands have to know.
    pub(super) fn material<'a>(
        &'a self,
        moment: &'a Moment,
        zh: bool,
        holders: &'a dyn Fn(&TagId) -> Vec<Customer>,
    ) -> Material<'a> {
        Material {
            tags: &self.tags,
            tag_groups: &self.tag_groups,
            operators: &self.operators,
            snippets: &self.snippets,
            moment,
            zh,
            local: &local_id,
            holders,
        }
    }
}

/// An id that no other record has, until the backend gives one.
pub fn local_id() -> String {
    format!("{}{:032x}", crate::model::write::LOCAL, rand::random::<u128>())
}

/// The records that are meant, and the ids of those that are not there any more.
pub(super) fn records(
    reader: &Reader,
    aim: &Aim,
    moment: &Moment,
) -> Result<(Vec<AnyRecord>, Vec<String>), PlanningError> {
    let one = |resource: Resource, id: &str| -> Result<Option<AnyRecord>, PlanningError> {
        Ok(reader.record(resource, id)?.and_then(|body| read(resource, &body)))
    };
    let (targets, marked) = match aim {
        Aim::At(targets) => (targets, false),
        Aim::Marked(targets) => (targets, true),
        Aim::Matching(query) => return Ok((matching(reader, query, moment)?, Vec::new())),
    };
    let (mut found, mut gone) = (Vec::new(), Vec::new());
    let mut missing = None;
    let mut take = |resource: Resource, id: &str| -> Result<Option<AnyRecord>, PlanningError> {
        let record = one(resource, id)?;
        if record.is_none() {
            gone.push(id.to_owned());
            missing = missing.or(Some(resource));
        }
        Ok(record)
    };
    match targets {
        Targets::None => {}
        Targets::Shown(resource, filter) => {
            let scope = if *resource == Resource::FollowUps { Scope::FollowUps } else { Scope::Customers };
            // What a list shows has parsed before.
            let query = parse(scope, filter).unwrap_or_else(|_| Query::all(scope));
            found = matching(reader, &query, moment)?;
        }
        Targets::Records(resource, ids) => {
            for id in ids {
                found.extend(take(*resource, id)?);
            }
        }
        Targets::NextOf(ids) => {
            let sort =
                parse_sort(Scope::FollowUps, "due").unwrap_or_else(|_| Scope::FollowUps.default_sort());
            for id in ids {
                let pending = format!("{} customer.id:{}", crate::app::PENDING, quote(id));
                let Ok(query) = parse(Scope::FollowUps, &pending) else { continue };
                reader.records(&query, &sort, Some(1), moment, |_, body| {
                    found.extend(read(Resource::FollowUps, body));
                    Ok(())
                })?;
            }
        }
        Targets::CustomersOf(ids) => {
            let mut customers: Vec<String> = Vec::new();
            for id in ids {
                if let Some(AnyRecord::FollowUp(follow_up)) = take(Resource::FollowUps, id)?
                    && !customers.iter().any(|known| known == follow_up.customer_id.as_str())
                {
                    customers.push(follow_up.customer_id.to_string());
                }
            }
            for id in customers {
                found.extend(take(Resource::Customers, &id)?);
            }
        }
    }
    match missing.filter(|_| !marked) {
        Some(resource) => Err(PlanningError::Missing { resource, ids: gone }),
        None => Ok((found, gone)),
    }
}

/// The customers of follow-ups, each once; one that is not here is left out.
pub(super) fn customers_of(reader: &Reader, targets: &[AnyRecord]) -> cache::Result<Vec<AnyRecord>> {
    let mut ids: Vec<&str> = Vec::new();
    for record in targets {
        if let AnyRecord::FollowUp(follow_up) = record
            && !ids.contains(&follow_up.customer_id.as_str())
        {
            ids.push(follow_up.customer_id.as_str());
        }
    }
    let mut customers = Vec::with_capacity(ids.len());
    for id in ids {
        let body = reader.record(Resource::Customers, id)?;
        customers.extend(body.as_deref().and_then(|body| read(Resource::Customers, body)));
    }
    Ok(customers)
}

pub(super) fn matching(reader: &Reader, query: &Query, moment: &Moment) -> cache::Result<Vec<AnyRecord>> {
    let resource = match query.scope {
        Scope::FollowUps => Resource::FollowUps,
        Scope::Groups => Resource::Groups,
        Scope::Tags => Resource::Tags,
        _ => Resource::Customers,
    };
    let mut found = Vec::new();
    reader.records(query, &query.scope.default_sort(), None, moment, |_, body| {
        found.extend(read(resource, body));
        Ok(())
    })?;
    Ok(found)
}

fn all<T: Record>(reader: &Reader, resource: Resource) -> cache::Result<Vec<T>> {
    let mut found = Vec::new();
    reader.every(resource, |body| {
        if let Ok(item) = serde_json::from_str::<Value>(body)
            && let Ok((record, _)) = read_record::<T>(item)
        {
            found.push(record);
        }
    })?;
    Ok(found)
}

fn read(resource: Resource, body: &str) -> Option<AnyRecord> {
    AnyRecord::read(resource, serde_json::from_str(body).ok()?).ok().map(|(record, _)| record)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cache::{Batch, Cache};
    use crate::model::Time;

    #[test]
    fn marks_outlive_their_records_and_what_is_named_has_to_be_there() {
        let folder = tempfile::tempdir().unwrap();
        let moment = Moment {
            now: Time::parse("2026-03-17T10:00:00+08:00").unwrap(),
            zone: jiff::tz::TimeZone::UTC,
            me: None,
        };
        let cache = Cache::open(folder.path(), moment.now).unwrap().cache;
        let customer = Customer { id: "c1".into(), name: "张三".to_owned(), ..Customer::default() };
        let mut batch = Batch::new(Resource::Customers);
        batch.upserts.push(customer.any());
        cache.writer(moment.clone()).unwrap().apply(&batch).unwrap();
        let command = crate::command::parse("stage.set dormant").unwrap();
        let both = Targets::Records(Resource::Customers, vec!["c1".to_owned(), "c2".to_owned()]);
        let planned = |aim| plan_from(&cache.reader().unwrap(), &command, &aim, &moment, false);
        let plan = planned(Aim::Marked(both.clone())).unwrap();
        assert_eq!((plan.records(), plan.skipped.len()), (1, 1));
        assert_eq!((plan.skipped[0].id.as_str(), plan.skipped[0].why.clone()), ("c2", Skip::Gone));
        assert!(matches!(planned(Aim::At(both)), Err(PlanningError::Missing { ids, .. }) if ids == ["c2"]));
    }
}
