//! Pulls that ask once for each of another kind's items: members of each group, customers of each
//! follower.
//!
//! The other kind is walked page by page beside it, and kept only while it is at work: a pull that goes
//! on in the middle asks for that one page again. Where one of them fails, it costs itself alone: it is
//! complained about, and the rows that it would have given stay as they are.

use std::sync::Arc;

use serde_json::Value;

use super::Configured;
use super::place::Place;
use crate::backend::file::{Each, Pull};
use crate::backend::page::Gathering;
use crate::backend::{BackendError, Page};
use crate::model::{Resource, TroubleKind};

/// Requests that one page may take before it is handed over empty.
const MOST_CALLS: u64 = 50;

/// A page of the other kind.
#[derive(Clone, Debug)]
pub struct Outer {
    of: Resource,
    at: String,
    /// The ids.
    ids: Arc<[Value]>,
    next: Option<Place>,
}

impl Configured {
    /// One page, or the first that has anything in it, of a pull for each of another kind's items.
    pub(super) async fn fan(&self, pull: &Pull, each: &Each, mut place: Place) -> Result<Page, BackendError> {
        let mut calls = 0;
        loop {
            let outer = self.outer(each, &place, &mut calls).await?;
            let nth = usize::try_from(place.nth.unwrap_or(0)).unwrap_or(usize::MAX);
            let Some(ids) = outer.ids.chunks(each.batch).nth(nth) else {
                match &outer.next {
                    None => return Ok(Page { seq: Some(place.mark), calls, ..Page::default() }),
                    Some(next) => {
                        place = Place { outer: Some(Box::new(next.clone())), nth: None, ..place.fresh() }
                    }
                }
                continue;
            };
            let one = if each.batch == 1 { ids[0].clone() } else { Value::Array(ids.to_vec()) };
            let inner = place.inner();
            let (mut page, next) = match self.one(pull, &inner, Some(&one)).await {
                Ok(found) => found,
                Err(error) if concerns_one(&error) => {
                    let mut gathering = Gathering::new(pull.resource, false);
                    gathering.refuse(one.to_string(), error.to_string());
                    (gathering.page, None)
                }
                Err(error) => return Err(error),
            };
            calls += 1;
            let last = nth + 1 >= outer.ids.len().div_ceil(each.batch);
            let next = match (next, last, &outer.next) {
                (Some(inner), _, _) => Some(Place { outer: place.outer.clone(), nth: place.nth, ..inner }),
                (None, false, _) => Some(Place { nth: Some(nth as u64 + 1), ..place.fresh() }),
                (None, true, Some(outer)) => {
                    Some(Place { outer: Some(Box::new(outer.clone())), nth: None, ..place.fresh() })
                }
                (None, true, None) => None,
            };
            let empty = page.items.is_empty() && page.unread == 0;
            match next {
                Some(next) if empty && calls < MOST_CALLS => place = next,
                next => {
                    page.next = next.map(|next| next.to_string());
                    page.calls = calls;
                    page.seq = Some(place.mark);
                    page.total = None;
                    return Ok(page);
                }
            }
        }
    }

    /// The first of the other kind, as the request for it sees it.
    pub(super) async fn first_of(&self, each: &Each, place: &Place) -> Result<Option<Value>, BackendError> {
        let outer = self.outer(each, place, &mut 0).await?;
        let first = outer.ids.chunks(each.batch).next();
        Ok(first.map(|ids| if each.batch == 1 { ids[0].clone() } else { Value::Array(ids.to_vec()) }))
    }

    /// The page of the other kind that a place is in.
    async fn outer(&self, each: &Each, place: &Place, calls: &mut u64) -> Result<Outer, BackendError> {
        let at = match &place.outer {
            Some(at) => (**at).clone(),
            None => Place::start(place.mark),
        };
        let text = at.to_string();
        if let Ok(kept) = self.outer.lock()
            && let Some(kept) = kept.as_ref().filter(|kept| kept.of == each.of && kept.at == text)
        {
            return Ok(kept.clone());
        }
        let of = self.pull(each.of)?;
        *calls += 1;
        let (items, next) = self.items_at(of, &at).await?;
        let id = |item: &Value| each.id.one(item, &self.bindings);
        let ids = items.iter().map(id).collect::<Result<Vec<_>, _>>();
        let ids = ids.map_err(|what| self.suspicious(each.of, &format!("each.id: {what}")))?;
        let outer =
            Outer { of: each.of, at: text, ids: ids.into_iter().filter(|id| !id.is_null()).collect(), next };
        if let Ok(mut kept) = self.outer.lock() {
            *kept = Some(outer.clone());
        }
        Ok(outer)
    }
}

/// Whether a failure says nothing about the others.
pub(super) fn concerns_one(error: &BackendError) -> bool {
    let kinds =
        [TroubleKind::NotFound, TroubleKind::Forbidden, TroubleKind::Validation, TroubleKind::Malformed];
    kinds.contains(&error.kind) && error.sent
}
