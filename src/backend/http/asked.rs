//! One request and what became of it, told by its verb and endpoint.

use std::time::Instant;

use reqwest::{Response, header};
use serde_json::Value;

use super::answer::{Answer, content_type, detail, is_json, retry_after};
use super::broken::{NO_TLS, has_tls_error, innermost, met_no_tls, was_cut_off};
use super::{Http, MOST_REDIRECTS};
use crate::backend::error::{BackendError, kind_of_status, quote};
use crate::backend::json;
use crate::model::TroubleKind;

/// Bytes of a failure's body that are worth reading.
const ERROR_BODY: usize = 64 << 10;

/// A request as errors name it.
pub struct Asked<'a> {
    pub http: &'a Http,
    pub method: &'static str,
    pub endpoint: String,
}

impl Asked<'_> {
    /// The error of a request, with the token masked in all of its texts.
    pub fn wrong(&self, status: Option<u16>, kind: TroubleKind, what: &str) -> BackendError {
        let mut error = self.http.wrong(kind, self.method, &self.endpoint, what);
        error.status = status;
        error
    }

    /// The error of an exchange that gave no whole answer.
    pub fn broken(&self, error: &reqwest::Error) -> BackendError {
        let said = quote(&innermost(error));
        let at = self.http.origin();
        let (kind, what) = if error.is_timeout() {
            let (within, what) = if error.is_connect() {
                (self.http.limits.connect, "no connection")
            } else {
                (self.http.limits.request, "no whole answer")
            };
            (TroubleKind::Timeout, format!("{what} from {at} within {} s", within.as_secs_f32()))
        } else if error.is_dns() {
            (TroubleKind::Dns, format!("the host of {at} is not known: {said}"))
        } else if met_no_tls(error) {
            (TroubleKind::Tls, format!("{at} {NO_TLS}: `url` begins with http:// there"))
        } else if has_tls_error(error) {
            (TroubleKind::Tls, format!("no trust in {at}: {said}"))
        } else if error.is_connect() {
            (TroubleKind::Connect, format!("nobody answers at {at}: {said}"))
        } else if error.is_redirect() {
            (TroubleKind::Malformed, format!("more than {MOST_REDIRECTS} redirects"))
        } else if error.is_decode() && !was_cut_off(error) {
            (TroubleKind::Malformed, format!("the body cannot be decompressed: {said}"))
        } else {
            (TroubleKind::Reset, format!("the connection to {at} broke: {said}"))
        };
        let surely_not = error.is_connect() || error.is_builder();
        BackendError { sent: !surely_not, ..self.wrong(None, kind, &what) }
    }

    /// The JSON document of a response that is a success; `started` is when it was asked for.
    pub async fn document(&self, response: Response, started: Instant) -> Result<Answer, BackendError> {
        let response = self.good(response, "JSON", is_json).await?;
        let status = response.status().as_u16();
        let bytes = self.body(response, self.http.limits.body).await?;
        let took = started.elapsed();
        let (value, mended) = json::parse(&bytes).map_err(|wrong| {
            let what = format!("the body is no JSON: {wrong}");
            self.wrong(Some(status), TroubleKind::Malformed, &what)
        })?;
        Ok(Answer { value, mended, took })
    }

    /// The record that a 412 tells; `None` where it tells none.
    pub async fn current(&self, response: Response) -> Option<Value> {
        let (content, _) = content_type(response.headers());
        let bytes = self.body(response, self.http.limits.body).await.ok()?;
        let (mut problem, _) = json::parse(&bytes).ok().filter(|_| is_json(&content))?;
        problem.get_mut("current").map(Value::take)
    }

    /// The response, where it is a success of the wanted content type.
    pub async fn good(
        &self,
        response: Response,
        wanted: &str,
        is_wanted: impl Fn(&str) -> bool,
    ) -> Result<Response, BackendError> {
        let status = response.status().as_u16();
        if let Some(kind) = kind_of_status(status) {
            return Err(self.refused(response, kind).await);
        }
        let (kind, charset) = content_type(response.headers());
        let malformed = |what: String| Err(self.wrong(Some(status), TroubleKind::Malformed, &what));
        if status == 204 {
            return malformed(format!("an empty answer (204) instead of {wanted}"));
        }
        if !is_wanted(&kind) {
            let got = match kind.as_str() {
                "" => "an answer without a content type".to_owned(),
                "text/html" => "an HTML page".to_owned(),
                other => format!("`{}`", quote(other)),
            };
            return malformed(format!("{got} instead of {wanted}"));
        }
        match charset.as_deref() {
            None | Some("utf-8" | "utf8" | "us-ascii") => Ok(response),
            Some(other) => malformed(format!("text in `{}` instead of UTF-8", quote(other))),
        }
    }

    /// The error of an answer whose status is no success.
    async fn refused(&self, response: Response, kind: TroubleKind) -> BackendError {
        let status = response.status();
        let retry_after = retry_after(response.headers());
        let location = response
            .headers()
            .get(header::LOCATION)
            .map(|to| String::from_utf8_lossy(to.as_bytes()).into_owned());
        let (content, _) = content_type(response.headers());
        let what = if status.is_redirection() {
            let to = quote(&location.unwrap_or_else(|| "nowhere".into()));
            match self.method {
                "GET" => format!("redirects to {to}, another origin: not followed"),
                _ => format!("redirects to {to}: a write goes nowhere else"),
            }
        } else {
            let detail = match self.body(response, ERROR_BODY).await {
                Ok(bytes) => detail(&content, &bytes),
                Err(_) => None,
            };
            detail.unwrap_or_else(|| status.canonical_reason().unwrap_or("no reason given").to_owned())
        };
        let mut error = self.wrong(Some(status.as_u16()), kind, &what);
        error.retry_after = retry_after;
        error
    }

    /// The body, where it is not larger than `cap` bytes.
    pub async fn body(&self, mut response: Response, cap: usize) -> Result<Vec<u8>, BackendError> {
        let status = Some(response.status().as_u16());
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.broken(&error))? {
            if bytes.len() + chunk.len() > cap {
                let what = format!("the body is larger than {cap} bytes");
                return Err(self.wrong(status, TroubleKind::Malformed, &what));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}
