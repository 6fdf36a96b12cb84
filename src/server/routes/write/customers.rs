//! `PATCH /v1/customers/{id}`: what operators know of a customer.
//!
//! What is sent is laid over the record; a list replaces the list. `custom` is merged by its
//! members, and `null` takes one out. Tags have a route of their own, and figures (orders, last
//! contacts) follow from what happens.

use axum::http::{Method, StatusCode};
use serde_json::{Map, Value};

use super::super::super::problem::{Mistake, Problem};
use super::super::super::store::Decision;
use super::fields::{Field, Kind};
use super::{Call, Write, changed, overlay};
use crate::model::{Customer, Resource, Stage, Time};

/// The words of the lifecycle.
fn stages() -> Vec<&'static str> {
    Stage::ALL.map(Stage::word).to_vec()
}

/// What a customer is, where it is known.
fn genders() -> Vec<&'static str> {
    vec!["female", "male"]
}

pub(super) static CHANGE: Write = Write {
    method: Method::PATCH,
    path: "/v1/customers/{id}",
    operation: "change_customer",
    summary: "Changes what is known of a customer; `custom` is merged, other lists are replaced",
    answers: Resource::Customers,
    status: StatusCode::OK,
    fields: Some(&[
        Field::optional("name", Kind::Name(usize::MAX)),
        Field::nullable("alias", Kind::Text),
        Field::nullable("kind", Kind::Line),
        Field::nullable("gender", Kind::Word(genders)),
        Field::nullable("birthday", Kind::Birthday),
        Field::optional("phones", Kind::Lines),
        Field::optional("channels", Kind::Rows(&["kind", "id"])),
        Field::nullable("company", Kind::Text),
        Field::nullable("city", Kind::Text),
        Field::nullable("source", Kind::Text),
        Field::nullable("referrer_id", Kind::Id(Resource::Customers)),
        Field::nullable("level", Kind::Line),
        Field::nullable("points", Kind::Whole(0)),
        Field::nullable("stage", Kind::Word(stages)),
        Field::optional("owners", Kind::Ids(Resource::Operators)),
        Field::nullable("remark", Kind::Text),
        Field::optional("custom", Kind::Map),
    ]),
    matches: true,
    errors: &[404],
    decide: change,
};

fn change(call: &Call<'_>, mut members: Map<String, Value>) -> Result<Decision, Problem> {
    let before: Customer = call.target()?;
    if let Some(Value::Object(sent)) = members.get_mut("custom") {
        let mut custom = before.custom.clone();
        for (name, value) in std::mem::take(sent) {
            match value {
                Value::Null => drop(custom.shift_remove(&name)),
                value => drop(custom.insert(name, value)),
            }
        }
        *sent = custom;
    }
    let mut customer = overlay(&before, members)?;
    // Whoever is furthest ahead has tomorrow already.
    let tomorrow = Time::from_millis(call.now.millis.saturating_add(24 * 60 * 60 * 1000));
    let tomorrow = tomorrow.zoned(&jiff::tz::TimeZone::UTC).date();
    let born = customer.birthday.as_deref().and_then(|day| day.parse::<jiff::civil::Date>().ok());
    if customer.birthday != before.birthday && born.is_some_and(|born| born > tomorrow) {
        let message = "a birthday is not in the future";
        return Err(Problem::invalid(vec![Mistake::new("birthday", message)]));
    }
    if customer != before {
        customer.updated_at = Some(call.now);
    }
    Ok(changed(&before, customer))
}
