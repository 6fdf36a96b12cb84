//! How one page leads to the next, and what makes that suspicious. Pure.

use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Value, json};

use super::answer::Told;
use super::place::Place;
use crate::backend::file::{Paging, PagingKind, Pull};
use crate::backend::mapping::Bindings;

/// What follows a page.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Next {
    /// Where the next one begins; `None` on the last.
    pub place: Option<Place>,
    /// How many items there are in all, where the backend says so.
    pub total: Option<u64>,
}

/// The means that a place goes by: `then` behind the switch.
pub fn means<'a>(pull: &'a Pull, place: &Place) -> &'a Paging {
    match &pull.paging.then {
        Some(then) if place.switched => &then.1,
        _ => &pull.paging,
    }
}

/// `$page`, as requests see it.
pub fn page(pull: &Pull, place: &Place, size: u64) -> Value {
    let paging = means(pull, place);
    let (number, offset) = match paging.kind {
        PagingKind::Offset => (place.number.unwrap_or(0), place.number.unwrap_or(0)),
        _ => {
            let number = place.number.unwrap_or(paging.first);
            (number, number.saturating_sub(paging.first) * size)
        }
    };
    json!({"number": number, "offset": offset, "cursor": place.cursor, "size": size})
}

/// What the query has for the page.
pub fn query(pull: &Pull, place: &Place, bindings: &Bindings) -> Result<Vec<(String, String)>, String> {
    let paging = means(pull, place);
    if place.url.is_some() {
        return Ok(Vec::new()); // the address has it all
    }
    let mut query = Vec::new();
    let page = bindings.get("$page").cloned().unwrap_or_default();
    if let Some(name) = &paging.size_param {
        query.push((name.clone(), page["size"].to_string()));
    }
    if let Some(name) = &paging.param {
        let value = match paging.kind {
            PagingKind::Cursor | PagingKind::Keyset => match &place.cursor {
                None => None,
                Some(Value::String(text)) => Some(text.clone()),
                Some(other) => Some(other.to_string()),
            },
            _ => Some(page["number"].to_string()),
        };
        query.extend(value.map(|value| (name.clone(), value)));
    }
    Ok(query)
}

/// The address that the answer before named.
pub fn link(place: &Place) -> Option<&str> {
    place.url.as_deref()
}

/// What follows a page, given its answer and items.
///
/// # Errors
/// What is suspicious about it.
pub fn next(
    pull: &Pull,
    place: &Place,
    told: &Told,
    items: &[Value],
    bindings: &Bindings,
) -> Result<Next, String> {
    let mut paging = means(pull, place);
    let had = place.had.unwrap_or(0) + items.len() as u64;
    let total = total(paging, told, bindings)?;
    let before = items.first().map(hash);
    let end = Next { place: None, total };
    let on = |place: Place| Next { place: Some(place), total };
    if told.is_empty || paging.kind == PagingKind::None {
        return Ok(end);
    }
    let more = match &paging.more {
        None => None,
        Some(filter) => {
            Some(filter.holds(&told.body, bindings).map_err(|what| format!("paging.more: {what}"))?)
        }
    };
    if more == Some(false) {
        return Ok(end);
    }
    let size = match &paging.used {
        None => paging.size,
        Some(filter) => {
            let used = filter.one(&told.body, bindings).map_err(|what| format!("paging.used: {what}"))?;
            used.as_u64().or_else(|| used.as_str()?.trim().parse().ok()).unwrap_or(paging.size)
        }
    };
    let is_short = (items.len() as u64) < size;
    let mut start =
        Place { since: place.since, switched: place.switched, had: Some(had), ..Place::start(place.mark) };
    if let Some(then) = pull.paging.then.as_deref().filter(|(after, _)| !place.switched && had >= *after) {
        let is_last = items.is_empty() || more.is_none() && total.is_some_and(|total| had >= total);
        if is_last || paging.short_ends && more.is_none() && is_short {
            return Ok(end);
        }
        // Other means: their first page begins behind this one.
        start.switched = true;
        paging = &then.1;
    }
    if !paging.counts() && pull.paging.then.is_none() {
        start.had = None;
    }
    match paging.kind {
        PagingKind::None => Ok(end),
        PagingKind::Page | PagingKind::Offset => {
            if items.is_empty() || more.is_none() && total.is_some_and(|total| had >= total) {
                return Ok(end);
            }
            if paging.short_ends && more.is_none() && is_short {
                return Ok(end);
            }
            if place.before.is_some() && place.before == before {
                return Err("the page begins with the same item as the one before: the server does not heed the page's parameter".to_owned());
            }
            let step = if paging.kind == PagingKind::Offset { items.len() as u64 } else { 1 };
            let first = if paging.kind == PagingKind::Offset { 0 } else { paging.first };
            let number = Some(place.number.unwrap_or(first) + step);
            Ok(on(Place { number, before, ..start }))
        }
        PagingKind::Cursor => {
            let Some(cursor) = value_of(paging, &told.body, bindings)? else { return Ok(end) };
            if place.cursor.as_ref() == Some(&cursor) {
                return Err("the cursor for the next page is the one of this page".to_owned());
            }
            Ok(on(Place { cursor: Some(cursor), ..start }))
        }
        PagingKind::Keyset => {
            let Some(last) = items.last() else { return Ok(end) };
            if paging.short_ends && is_short {
                return Ok(end);
            }
            let key = value_of(paging, last, bindings)?;
            let Some(key) = key else { return Err("the last item has no key to go on from".to_owned()) };
            if place.cursor.as_ref() == Some(&key) {
                return Err("the key of the last item is the one that this page began behind".to_owned());
            }
            Ok(on(Place { cursor: Some(key), ..start }))
        }
        PagingKind::NextUrl => match value_of(paging, &told.body, bindings)? {
            None => Ok(end),
            Some(Value::String(url)) => follow(place, url, start).map(on),
            Some(other) => Err(format!("paging.next gives {other}, which is no address")),
        },
        PagingKind::Link => match linked(told.header("link").unwrap_or_default()) {
            None => Ok(end),
            Some(url) => follow(place, url, start).map(on),
        },
    }
}

fn follow(place: &Place, url: String, start: Place) -> Result<Place, String> {
    if place.url.as_deref() == Some(&url) {
        return Err("the address of the next page is the one of this page".to_owned());
    }
    Ok(Place { url: Some(url), ..start })
}

fn value_of(paging: &Paging, input: &Value, bindings: &Bindings) -> Result<Option<Value>, String> {
    let Some(filter) = &paging.next else { return Ok(None) };
    let value = filter.one(input, bindings).map_err(|what| format!("paging.next: {what}"))?;
    Ok(match value {
        Value::Null | Value::Bool(false) => None,
        Value::String(text) if text.is_empty() => None,
        value => Some(value),
    })
}

fn total(paging: &Paging, told: &Told, bindings: &Bindings) -> Result<Option<u64>, String> {
    if let Some(name) = &paging.total_header {
        return Ok(told.header(name).and_then(|text| text.trim().parse().ok()));
    }
    let Some(filter) = &paging.total else { return Ok(None) };
    if told.is_empty {
        return Ok(None);
    }
    let value = filter.one(&told.body, bindings).map_err(|what| format!("paging.total: {what}"))?;
    Ok(value.as_u64().or_else(|| value.as_str()?.trim().parse().ok()))
}

/// The address of `rel="next"` in a `Link` header.
fn linked(header: &str) -> Option<String> {
    let mut rest = header;
    while let Some((_, after)) = rest.split_once('<') {
        let (url, after) = after.split_once('>')?;
        let (parameters, others) = match after.find(",<").or_else(|| after.find(", <")) {
            Some(at) => after.split_at(at),
            None => (after, ""),
        };
        let is_next = parameters.split(';').filter_map(|one| one.trim().strip_prefix("rel=")).any(|rel| {
            rel.trim_matches('"').split_ascii_whitespace().any(|word| word.eq_ignore_ascii_case("next"))
        });
        if is_next {
            return Some(url.to_owned());
        }
        rest = others;
    }
    None
}

fn hash(item: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    item.to_string().hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn link_headers_of_several_makes() {
        assert_eq!(linked(""), None);
        let json_server = "<http://h/c?_page=1>; rel=\"first\", <http://h/c?_page=3>; rel=\"next\", <http://h/c?_page=9>; rel=\"last\"";
        assert_eq!(linked(json_server).as_deref(), Some("http://h/c?_page=3"));
        assert_eq!(linked("</c?p=2,3>; title=\"x\"; rel=\"prev next\"").as_deref(), Some("/c?p=2,3"));
        assert_eq!(linked("<http://h/c>; rel=\"last\""), None);
    }
}
