//! From a request of the file to an exchange, and to an answer that is no failure.

use serde_json::Value;

use super::Configured;
use super::answer::{self, Failed, Told};
use super::session::{BASE, SHORTEST_SECRET};
use super::signing;
use crate::backend::file::RequestShape;
use crate::backend::http::{Call, To};
use crate::backend::mapping::{Bindings, Filled, Template};
use crate::backend::{BackendError, Secret};
use crate::model::TroubleKind;

/// More of the query, and the header of an idempotency key.
pub(super) type More<'a> = (&'a [(String, String)], Option<(&'a str, &'a str)>);

impl Configured {
    /// Sends a request, with more in its query, or to the address that an answer named; gives an answer
    /// that no rule calls a failure. An expired login is renewed, and the request sent once more.
    pub(super) async fn ask(
        &self,
        shape: &RequestShape,
        bindings: &Bindings,
        more: &[(String, String)],
        link: Option<&str>,
    ) -> Result<Told, BackendError> {
        self.logged(shape, bindings, more, link, None, true).await
    }

    /// Sends a write; its answer may be anything that no rule calls a failure. A filter that cannot
    /// make the request of it refuses it.
    pub(super) async fn tell(
        &self,
        shape: &RequestShape,
        bindings: &Bindings,
        key: Option<(&str, &str)>,
    ) -> Result<Told, BackendError> {
        self.logged(shape, bindings, &[], None, key, false).await.map_err(|error| match error.kind {
            TroubleKind::Configuration => BackendError { kind: TroubleKind::Validation, ..error },
            _ => error,
        })
    }

    async fn logged(
        &self,
        shape: &RequestShape,
        bindings: &Bindings,
        more: &[(String, String)],
        link: Option<&str>,
        key: Option<(&str, &str)>,
        wants_json: bool,
    ) -> Result<Told, BackendError> {
        let more = (more, key);
        let mut captured = self.logged_in().await?;
        let mut again = true;
        loop {
            let bindings = bindings.clone().with("$login", Value::Object(captured.values.clone()));
            match self.once(shape, &bindings, &more, link, wants_json).await {
                Ok(told) => return Ok(told),
                Err(Failed { expired: Some(how), .. }) if again && self.file.login.is_some() => {
                    again = false;
                    captured = self.log_in_again(captured.number, how).await?;
                }
                Err(failed) => return Err(failed.error),
            }
        }
    }

    /// One exchange, judged.
    pub(super) async fn once(
        &self,
        shape: &RequestShape,
        bindings: &Bindings,
        (more, key): &More<'_>,
        link: Option<&str>,
        wants_json: bool,
    ) -> Result<Told, Failed> {
        let mut call = self.call(shape, bindings, more, link).map_err(|what| {
            let error = self.http.wrong(TroubleKind::Configuration, shape.method, &self.origin(), &what);
            BackendError { sent: false, ..error }
        })?;
        call.headers.extend(key.map(|(name, key)| (name.to_owned(), key.to_owned())));
        let (origin, path) = self.http.way_of(&call);
        let jar = self.file.login.as_ref().filter(|login| login.cookies).map(|_| &self.session.jar);
        if let Some(cookies) = jar.and_then(|jar| jar.header(&origin)) {
            call.headers.push(("cookie".to_owned(), cookies));
        }
        if let Some(sign) = self.file.sign.as_ref().filter(|_| !shape.alone) {
            signing::sign(sign, &mut call, &path, bindings).await.map_err(|what| {
                let error = self.http.wrong(TroubleKind::Configuration, shape.method, &path, &what);
                BackendError { sent: false, ..error }
            })?;
        }
        if let Some(left) = self.rest.shut_for(&path) {
            let what = "the backend wants no other request there yet";
            let error = self.http.wrong(TroubleKind::Rate, shape.method, &path, what);
            return Err(
                BackendError { retry_after: Some(left), status: Some(429), alone: true, ..error }.into()
            );
        }
        self.rest.over().await.map_err(|left| {
            let what = "the backend wants no other request yet";
            let error = self.http.wrong(TroubleKind::Rate, shape.method, &path, what);
            BackendError { sent: false, retry_after: Some(left), ..error }
        })?;
        let turn = self.gate.turn().await;
        let exchange = self.http.exchange(call).await?;
        drop(turn);
        if let Some(jar) = jar {
            let values = jar.take(&origin, &exchange.headers).into_iter();
            values.filter(|value| value.len() >= SHORTEST_SECRET).for_each(|value| {
                self.http.hide(Secret::new(value));
            });
        }
        let judged = answer::judge(&self.file, &self.http, exchange, &shape.errors, bindings, wants_json);
        if let Err(Failed { error: BackendError { alone: true, retry_after: Some(length), .. }, .. }) =
            &judged
        {
            self.rest.shut(&path, *length);
        }
        let told = judged?;
        if let Some(length) = told.rest {
            self.rest.begin(length);
        }
        Ok(told)
    }

    fn call(
        &self,
        shape: &RequestShape,
        bindings: &Bindings,
        more: &[(String, String)],
        link: Option<&str>,
    ) -> Result<Call, String> {
        let mut headers = Vec::new();
        let all = (!shape.alone).then_some(&self.file.request);
        for (name, template) in all.iter().flat_map(|all| &all.headers).chain(&shape.dress.headers) {
            let text = match template
                .fill(&Value::Null, bindings)
                .map_err(|what| format!("the header {name}: {what}"))?
            {
                Filled::Absent => continue,
                Filled::Text(text) => text,
                Filled::Many(list) => list.join(", "),
            };
            headers.push((name.clone(), text));
        }
        let (to, query) = match link {
            Some(link) => (To::Link(link.to_owned()), Vec::new()),
            None => {
                let path =
                    shape.path.path(&Value::Null, bindings).map_err(|what| format!("the path: {what}"))?;
                let mut pairs = match all {
                    Some(all) => query(&all.query, bindings)?,
                    None => Vec::new(),
                };
                pairs.extend(query(&shape.dress.query, bindings)?);
                (To::Path(path), pairs)
            }
        };
        let query = query.into_iter().chain(more.iter().cloned()).collect();
        let body = match (&shape.json, &shape.form) {
            (Some(filter), _) => {
                let value = filter.one(&Value::Null, bindings).map_err(|what| format!("the body: {what}"))?;
                Some(("application/json", value.to_string().into_bytes()))
            }
            (None, Some(fields)) => {
                let mut text = reqwest::Url::parse("form:").map_err(|error| error.to_string())?;
                text.query_pairs_mut().extend_pairs(self::query(fields, bindings)?);
                let form = text.query().unwrap_or_default().as_bytes().to_vec();
                Some(("application/x-www-form-urlencoded", form))
            }
            (None, None) => None,
        };
        // The login itself goes to the profile's address, all others where it says.
        let base = match bindings.get("$login").and_then(|login| login.get(BASE)).and_then(Value::as_str) {
            Some(base) if !shape.alone => Some(self.http.elsewhere(base)?),
            _ => None,
        };
        Ok(Call { method: shape.method, to, base, query, headers, body })
    }
}

/// Pairs of a query: what is null is left out, and a list is its name repeated.
pub(super) fn query(
    templates: &[(String, Template)],
    bindings: &Bindings,
) -> Result<Vec<(String, String)>, String> {
    let mut pairs = Vec::new();
    for (name, template) in templates {
        match template.fill(&Value::Null, bindings).map_err(|what| format!("query.{name}: {what}"))? {
            Filled::Absent => {}
            Filled::Text(text) => pairs.push((name.clone(), text)),
            Filled::Many(list) => pairs.extend(list.into_iter().map(|text| (name.clone(), text))),
        }
    }
    Ok(pairs)
}
