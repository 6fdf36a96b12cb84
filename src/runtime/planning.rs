//! From a command to its [`Plan`], with all that it needs to know read from the cache: the same
//! for the console and for `siyu do`.

use serde_json::Value;

use crate::app::Targets;
use crate::cache::{self, Reader};
use crate::command::plan::{Material, Plan};
use crate::command::{Command, plan};
use crate::model::{
    AnyRecord, Customer, Operator, Record, Resource, Snippet, Tag, TagGroup, TagId, read_record,
};
use crate::query::{Moment, Query, Scope, parse};

/// Which records a command is meant for.
#[derive(Clone, Debug)]
pub enum Aim {
    /// These.
    At(Targets),
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
    /// A record that was named is not in the cache.
    #[error("{resource} has no {id:?}")]
    Missing {
        /// The collection.
        resource: Resource,
        /// What was named.
        id: String,
    },
}

impl PlanningError {
    /// The same in the operator's language.
    pub fn says(&self, zh: bool) -> String {
        match self {
            Self::Plan(error) => error.says(zh),
            Self::Missing { resource, id } if zh => format!("{resource} 里没有 {id}"),
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
    let tags: Vec<Tag> = all(reader, Resource::Tags)?;
    let tag_groups: Vec<TagGroup> = all(reader, Resource::TagGroups)?;
    let operators: Vec<Operator> = all(reader, Resource::Operators)?;
    let snippets: Vec<Snippet> = all(reader, Resource::Snippets)?;
    let targets = records(reader, aim, moment)?;
    let holders = |tag: &TagId| {
        let filter = format!("tag:{:?}", tag.as_str());
        let read = parse(Scope::Customers, &filter).ok().map(|query| matching(reader, &query, moment));
        let found = read.and_then(Result::ok).unwrap_or_default();
        found
            .into_iter()
            .filter_map(|record| match record {
                AnyRecord::Customer(customer) if customer.tags.contains(tag) => Some(customer),
                _ => None,
            })
            .collect::<Vec<Customer>>()
    };
    let material = Material {
        tags: &tags,
        tag_groups: &tag_groups,
        operators: &operators,
        snippets: &snippets,
        moment,
        zh,
        local: &local_id,
        holders: &holders,
    };
    Ok(plan::plan(command, &targets, &material)?)
}

/// An id that no other record has, until the backend gives one.
pub fn local_id() -> String {
    format!("{}{:032x}", crate::model::write::LOCAL, rand::random::<u128>())
}

fn records(reader: &Reader, aim: &Aim, moment: &Moment) -> Result<Vec<AnyRecord>, PlanningError> {
    let one = |resource: Resource, id: &str| -> Result<AnyRecord, PlanningError> {
        let body = reader.record(resource, id)?;
        let record = body.as_deref().and_then(|body| read(resource, body));
        record.ok_or_else(|| PlanningError::Missing { resource, id: id.to_owned() })
    };
    match aim {
        Aim::At(Targets::None) => Ok(Vec::new()),
        Aim::At(Targets::Records(resource, ids)) => ids.iter().map(|id| one(*resource, id)).collect(),
        Aim::At(Targets::CustomersOf(ids)) => {
            let mut customers: Vec<String> = Vec::new();
            for id in ids {
                if let AnyRecord::FollowUp(follow_up) = one(Resource::FollowUps, id)?
                    && !customers.iter().any(|known| known == follow_up.customer_id.as_str())
                {
                    customers.push(follow_up.customer_id.to_string());
                }
            }
            customers.iter().map(|id| one(Resource::Customers, id)).collect()
        }
        Aim::Matching(query) => Ok(matching(reader, query, moment)?),
    }
}

fn matching(reader: &Reader, query: &Query, moment: &Moment) -> cache::Result<Vec<AnyRecord>> {
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
