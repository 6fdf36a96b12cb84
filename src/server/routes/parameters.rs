//! The parameters of routes: how they are documented, and how they are read.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Query, Request};
use axum::http::Uri;
use axum::http::request::Parts;
use axum::middleware::{self, Next};
use axum::response::IntoResponse;
use axum::routing::MethodRouter;
use serde_json::{Value, json};

use super::super::problem::Problem;
use super::Shared;

/// A parameter of a route.
pub(super) struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// `query`, `path` or `header`.
    pub place: &'static str,
    /// Whether it must be there.
    pub required: bool,
    /// What it does.
    pub description: &'static str,
    /// JSON Schema of its value.
    pub schema: fn() -> Value,
}

/// Most records of a page, and most changes of an answer.
pub(super) const MOST: usize = 1000;
/// Where nothing is said.
const USUAL: usize = 100;

/// How many records or changes to give.
pub(super) const LIMIT: Parameter = Parameter {
    name: "limit",
    place: "query",
    required: false,
    description: "How many at most. A page may have fewer: go on while there is a next one.",
    schema: || json!({"type": "integer", "minimum": 1, "maximum": MOST, "default": USUAL}),
};

/// Which page.
pub(super) const CURSOR: Parameter = Parameter {
    name: "cursor",
    place: "query",
    required: false,
    description: "`next_cursor` of the page before; absent for the first page.",
    schema: || json!({"type": "string", "minLength": 1}),
};

/// From which change on.
pub(super) const SINCE: Parameter = Parameter {
    name: "since",
    place: "query",
    required: true,
    description: "Number of the last change that is known; `seq` of a pull, `next` of the last answer.",
    schema: || json!({"type": "integer", "minimum": 0}),
};

/// The query of a request, as pairs.
pub(super) struct Asked(Vec<(String, String)>);

impl Asked {
    /// The value of a parameter, which nobody gives twice.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The number of changes or records asked for.
    pub fn limit(&self) -> Result<usize, Problem> {
        let Some(text) = self.text("limit") else { return Ok(USUAL) };
        match text.parse() {
            Ok(limit) if (1..=MOST).contains(&limit) => Ok(limit),
            _ => Err(Problem::parameter("limit", format!("limit is a whole number from 1 to {MOST}"))),
        }
    }

    /// The change number asked for, where there is one.
    pub fn since(&self) -> Result<Option<i64>, Problem> {
        self.text("since").map(change_number).transpose()
    }
}

/// Reads the number of a change.
pub(super) fn change_number(text: &str) -> Result<i64, Problem> {
    match text.trim().parse::<i64>() {
        Ok(number) if number >= 0 => Ok(number),
        _ => Err(Problem::parameter("since", "since is the number of a change, 0 or more")),
    }
}

/// What is said where `since` is missing.
pub(super) fn since_is_missing() -> Problem {
    Problem::parameter("since", "since is required: the `seq` of a pull, or the `next` of the last answer")
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        pairs(&parts.uri).map(Self)
    }
}

fn pairs(uri: &Uri) -> Result<Vec<(String, String)>, Problem> {
    Query::try_from_uri(uri)
        .map(|Query(pairs)| pairs)
        .map_err(|_| Problem::parameter("query", "the query of the address cannot be read"))
}

/// The handler, behind a look at the query: nothing but `parameters`, and each at most once. What
/// is misspelt would otherwise do nothing, and nobody would notice.
pub(super) fn only(parameters: &[Parameter], handler: MethodRouter<Shared>) -> MethodRouter<Shared> {
    let known = parameters.iter().filter(|parameter| parameter.place == "query");
    let known: Arc<[&'static str]> = known.map(|parameter| parameter.name).collect();
    handler.route_layer(middleware::from_fn(move |request: Request, next: Next| {
        let refused = check(&known, request.uri()).err();
        async move {
            match refused {
                Some(problem) => problem.into_response(),
                None => next.run(request).await,
            }
        }
    }))
}

fn check(known: &[&str], uri: &Uri) -> Result<(), Problem> {
    if uri.query().is_none_or(str::is_empty) {
        return Ok(());
    }
    let pairs = pairs(uri)?;
    for (place, (name, _)) in pairs.iter().enumerate() {
        if !known.contains(&name.as_str()) {
            let near =
                known.iter().map(|known| (strsim::damerau_levenshtein(&name.to_lowercase(), known), known));
            let near = near.filter(|(distance, known)| *distance <= 1 + known.len() / 4).min();
            let hint = match near {
                Some((_, near)) => format!("did you mean {near:?}?"),
                None if known.is_empty() => "there are none".to_owned(),
                None => format!("there are: {}", known.join(", ")),
            };
            return Err(Problem::parameter("query", format!("there is no parameter {name:?} here; {hint}")));
        }
        if pairs[..place].iter().any(|(before, _)| before == name) {
            return Err(Problem::parameter(name, format!("{name} is given twice")));
        }
    }
    Ok(())
}
