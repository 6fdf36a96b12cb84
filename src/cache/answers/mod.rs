//! Answers to the questions of the console: see [`crate::query::ask`].

use rusqlite::{Connection, Row};

use super::error::{Error, Result};
use super::outbox::views as outbox;
use super::records::{customer, event, follow_up, group, group_member};
use super::window::List;
use crate::model::Record;
use crate::model::view::Window;
use crate::query::Moment;
use crate::query::ask::{Answer, Ask, ListAsk};

mod overview;
mod queue;
mod tags;
mod views;

/// Answers from the state that `connection` sees.
pub(super) fn answer(connection: &Connection, ask: &Ask, moment: &Moment) -> Result<Answer> {
    Ok(match ask {
        Ask::Customers(list) => {
            let read = |row: &Row<'_>, at| customer::row(connection, moment, row, at);
            Answer::Customers(window(connection, list, moment, customer::COLUMNS, read)?)
        }
        Ask::FollowUps(list) => {
            Answer::FollowUps(window(connection, list, moment, follow_up::COLUMNS, follow_up::row)?)
        }
        Ask::Groups(list, days) => {
            let read = |row: &Row<'_>, at| group::row(connection, moment, row, at, *days);
            Answer::Groups(window(connection, list, moment, group::COLUMNS, read)?)
        }
        Ask::Events(list) => Answer::Events(window(connection, list, moment, event::COLUMNS, event::row)?),
        Ask::Members(list) => {
            Answer::Members(window(connection, list, moment, group_member::COLUMNS, group_member::row)?)
        }
        Ask::Tags => Answer::Tags(tags::all(connection, moment)?),
        Ask::Customer(id) => Answer::Customer(views::customer(connection, &id.0, moment)?.map(Box::new)),
        Ask::FollowUp(id) => Answer::FollowUp(views::follow_up(connection, &id.0, moment)?.map(Box::new)),
        Ask::Group(id, days) => Answer::Group(views::group(connection, &id.0, *days, moment)?.map(Box::new)),
        Ask::Overview => Answer::Overview(overview::overview(connection, moment)?),
        Ask::Vocabulary => Answer::Vocabulary(overview::vocabulary(connection)?),
        Ask::Outbox => Answer::Outbox(outbox::view(connection, moment)?),
        Ask::Queue(query, sort) => {
            let (rows, total) = queue::members(connection, query, sort, moment)?;
            Answer::Queue(rows, total)
        }
        Ask::QueueRows(keys) => Answer::QueueRows(queue::rows(connection, keys, moment)?),
        Ask::Contact(key) => Answer::Contact(queue::contact(connection, key, moment)?.map(Box::new)),
        Ask::Ids(query) => {
            Answer::Ids(List::new(query, &query.scope.default_sort(), moment).ids(connection)?)
        }
        Ask::Between(query, sort, from, to) => {
            Answer::Ids(List::new(query, sort, moment).between(connection, from, to)?)
        }
    })
}

fn window<R>(
    connection: &Connection,
    ask: &ListAsk,
    moment: &Moment,
    columns: &str,
    read: impl FnMut(&Row<'_>, usize) -> rusqlite::Result<R>,
) -> Result<Window<R>> {
    let list = List::new(&ask.query, &ask.sort, moment);
    list.window(connection, &ask.anchor, (ask.before, ask.after), columns, read)
}

/// A stored record as the model's own.
fn parsed<R: Record>(body: &str) -> Result<R> {
    serde_json::from_str(body).map_err(|source| {
        let id = serde_json::from_str::<serde_json::Value>(body)
            .ok()
            .and_then(|value| value.get("id").and_then(|id| id.as_str().map(str::to_owned)));
        Error::Record { what: R::RESOURCE.name(), id: id.unwrap_or_else(|| "?".to_owned()), source }
    })
}
