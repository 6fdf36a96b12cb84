//! Pulls that ask once for each of another kind's items: members of each group, customers of each
//! follower.
//!
//! The other kind is walked page by page beside it. Where the answers have no pages of their own, several
//! are asked for at once. Where one of them fails, it costs itself alone: it is complained about, and the
//! rows that it would have given stay as they are.
//!
//! What several pulls need (the list of followers: to be shown, and to ask for their customers) is asked
//! for once ([`Kept`]).

use std::time::Duration;

use futures_util::future::join_all;
use serde_json::{Map, Value};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::place::Place;
use super::{Configured, List};
use crate::backend::file::{Each, Of, PagingKind, Pull};
use crate::backend::mapping::Bindings;
use crate::backend::page::Gathering;
use crate::backend::{BackendError, Page};
use crate::model::{Resource, TroubleKind};

/// Requests that one page may take before it is handed over empty.
const MOST_CALLS: u64 = 50;

/// Requests whose answers make one page, where they can be had at once.
const AT_ONCE: usize = 32;

/// Answers that are kept at once.
const MOST_KEPT: usize = 16;

/// How long an answer is good for another pull than the one that asked for it.
const FRESH: Duration = Duration::from_secs(60);

/// Answers that are kept for others.
#[derive(Debug, Default)]
pub struct Kept {
    /// Held while one is asked for, so that whoever needs it too waits for it.
    lists: Mutex<Vec<Known<List>>>,
    withs: Mutex<Vec<Known<Value>>>,
}

#[derive(Debug)]
struct Known<T> {
    /// The kind, whether it is a list of the fan's own, and the place or name.
    what: (Resource, bool, String),
    /// Which pull asked for it, and when.
    mark: i64,
    at: Instant,
    answer: T,
}

impl<T: Clone> Known<T> {
    /// The answer that this pull has had already, or that another one has had just now.
    fn find(all: &mut Vec<Self>, what: &(Resource, bool, String), mark: i64) -> Option<T> {
        let good = |known: &&Self| known.what == *what && (known.mark == mark || known.at.elapsed() < FRESH);
        let (found, at) = all.iter().find(good).map(|known| (known.answer.clone(), known.at))?;
        if !all.iter().any(|known| known.what == *what && known.mark == mark) {
            // It is this pull's own from now on, and no fresher for others.
            all.push(Self { what: what.clone(), mark, at, answer: found.clone() });
        }
        Some(found)
    }

    fn keep(all: &mut Vec<Self>, what: (Resource, bool, String), mark: i64, answer: &T) {
        // Of a list nothing but the page at work is needed.
        all.retain(|known| (known.what.0, known.what.1) != (what.0, what.1) || known.mark != mark);
        all.push(Self { what, mark, at: Instant::now(), answer: answer.clone() });
        if all.len() > MOST_KEPT {
            all.remove(0);
        }
    }
}

impl Configured {
    /// One page, or the first that has anything in it, of a pull for each of another kind's items.
    pub(super) async fn fan(&self, pull: &Pull, each: &Each, mut place: Place) -> Result<Page, BackendError> {
        let mut all = Page::default();
        let mut calls = 0;
        loop {
            let outer = self.outer(pull, each, &place, &mut calls).await?;
            let ids = self.ids(pull, each, &outer)?;
            let batches: Vec<Value> = ids
                .chunks(each.batch)
                .map(|ids| if each.batch == 1 { ids[0].clone() } else { Value::Array(ids.to_vec()) })
                .collect();
            let nth = usize::try_from(place.nth.unwrap_or(0)).unwrap_or(usize::MAX);
            let several = if pull.paging.kind == PagingKind::None { AT_ONCE } else { 1 };
            let turn: Vec<&Value> = batches.iter().skip(nth).take(several).collect();
            let inner = place.inner();
            let asked = join_all(turn.iter().map(|one| self.one(pull, &inner, Some(one)))).await;
            let mut done = nth;
            let mut next = None;
            for (one, asked) in turn.into_iter().zip(asked) {
                let (page, inner) = match asked {
                    Ok(found) => found,
                    Err(error) if concerns_one(&error) => {
                        let mut gathering = Gathering::new(pull.resource, false);
                        gathering.refuse(one.to_string(), error.to_string());
                        (gathering.page, None)
                    }
                    // What came before it is handed over; the next page begins with it.
                    Err(_) if done > nth => break,
                    Err(error) => return Err(error),
                };
                calls += page.calls.unwrap_or(1);
                all.append(page);
                if let Some(inner) = inner {
                    next = Some(Place { outer: place.outer.clone(), nth: Some(done as u64), ..inner });
                    break;
                }
                done += 1;
            }
            let next = match (next, done < batches.len(), &outer.next) {
                (Some(next), _, _) => Some(next),
                (None, true, _) => Some(Place { nth: Some(done as u64), ..place.fresh() }),
                (None, false, Some(outer)) => {
                    Some(Place { outer: Some(Box::new(outer.clone())), nth: None, ..place.fresh() })
                }
                (None, false, None) => None,
            };
            match next {
                Some(next) if all.is_empty() && calls < MOST_CALLS => place = next,
                next => {
                    all.next = next.map(|next| next.to_string());
                    all.calls = Some(calls);
                    all.seq = Some(place.mark);
                    all.total = None;
                    return Ok(all);
                }
            }
        }
    }

    /// The first of the other kind, as the request for it sees it.
    pub(super) async fn first_of(
        &self,
        pull: &Pull,
        each: &Each,
        place: &Place,
    ) -> Result<Option<Value>, BackendError> {
        let outer = self.outer(pull, each, place, &mut 0).await?;
        let ids = self.ids(pull, each, &outer)?;
        let first = ids.chunks(each.batch).next();
        Ok(first.map(|ids| if each.batch == 1 { ids[0].clone() } else { Value::Array(ids.to_vec()) }))
    }

    /// What the requests are made for.
    fn ids(&self, pull: &Pull, each: &Each, outer: &List) -> Result<Vec<Value>, BackendError> {
        let id = |item: &Value| each.id.one(item, &self.bindings);
        let ids = outer.items.iter().map(id).collect::<Result<Vec<_>, _>>();
        let ids = ids.map_err(|what| self.suspicious(pull.resource, &format!("each.id: {what}")))?;
        Ok(ids.into_iter().filter(|id| !id.is_null()).collect())
    }

    /// The page of the other kind that a place is in.
    async fn outer(
        &self,
        pull: &Pull,
        each: &Each,
        place: &Place,
        calls: &mut u64,
    ) -> Result<List, BackendError> {
        let at = match &place.outer {
            Some(at) => (**at).clone(),
            None => Place::start(place.mark),
        };
        match &each.of {
            Of::Kind(kind) => self.list(self.pull(*kind)?, &at, calls).await,
            Of::List(list) => self.listed(list, &at, (pull.resource, true), calls).await,
        }
    }

    /// Whether others ask for something of each item of a kind.
    pub(super) fn is_needed_by_others(&self, resource: Resource) -> bool {
        let of =
            |pull: &Pull| matches!(&pull.each, Some(Each { of: Of::Kind(kind), .. }) if *kind == resource);
        self.file.pulls.iter().any(of)
    }

    /// The items of a page of a kind that others need too.
    pub(super) async fn list(
        &self,
        pull: &Pull,
        place: &Place,
        calls: &mut u64,
    ) -> Result<List, BackendError> {
        self.listed(pull, place, (pull.resource, false), calls).await
    }

    async fn listed(
        &self,
        pull: &Pull,
        place: &Place,
        (kind, own): (Resource, bool),
        calls: &mut u64,
    ) -> Result<List, BackendError> {
        let what = (kind, own, Place { mark: 0, ..place.clone() }.to_string());
        let mut lists = self.kept.lists.lock().await;
        if let Some(known) = Known::find(&mut lists, &what, place.mark) {
            return Ok(known);
        }
        *calls += 1;
        let list = self.ask_list(pull, place, &self.at(pull, place, pull.paging.size)).await?;
        Known::keep(&mut lists, what, place.mark, &list);
        Ok(list)
    }

    /// `$with`: what a pull needs beside its own request, asked for once in a pull.
    pub(super) async fn with(
        &self,
        pull: &Pull,
        place: &Place,
        bindings: &Bindings,
        calls: &mut u64,
    ) -> Result<Value, BackendError> {
        let mut all = Map::new();
        for with in &pull.with {
            let what = (pull.resource, false, with.name.clone());
            let mut withs = self.kept.withs.lock().await;
            let known = Known::find(&mut withs, &what, place.mark);
            let value = match known {
                Some(known) => known,
                None => {
                    *calls += 1;
                    let value = match self.ask(&with.request, bindings, &[], None).await {
                        Ok(told) => with.item.one(&told.body, bindings).map_err(|what| {
                            let what = format!("with.{}: {what}", with.name);
                            told.wrong(&self.http, TroubleKind::Malformed, &what)
                        })?,
                        Err(error) if with.optional && concerns_one(&error) => Value::Null,
                        Err(error) => return Err(error),
                    };
                    withs.retain(|known| known.what != what);
                    withs.push(Known { what, mark: place.mark, at: Instant::now(), answer: value.clone() });
                    value
                }
            };
            all.insert(with.name.clone(), value);
        }
        Ok(Value::Object(all))
    }
}

/// Whether a failure says nothing about the others.
pub(super) fn concerns_one(error: &BackendError) -> bool {
    let kinds =
        [TroubleKind::NotFound, TroubleKind::Forbidden, TroubleKind::Validation, TroubleKind::Malformed];
    kinds.contains(&error.kind) && error.sent
}
