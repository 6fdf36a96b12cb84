//! Being logged in: one login at a time, renewed before it expires, and once when the backend says so.
//!
//! What login gave ([`Captured`]) is what requests see as `$login`. Whoever finds it expired names the
//! login that it used: where another has renewed it meanwhile, that one is taken. A login that was
//! refused is not tried again for a while, so that a wrong secret is never sent in a loop.

use std::time::Duration;

use serde_json::{Map, Value};
use tokio::sync::Mutex;
use tokio::time::Instant;

use super::Configured;
use super::answer::Failed;
use super::cookies::Jar;
use crate::backend::file::{Login, LoginStep};
use crate::backend::mapping::Bindings;
use crate::backend::{BackendError, Secret};
use crate::model::TroubleKind;

/// How long a login that was refused is not tried again.
const AFTER_REFUSAL: Duration = Duration::from_secs(30);

/// What a capture is called that names the address below which all other requests go.
pub const BASE: &str = "base";

/// Texts shorter than this are no secrets: masking them would make errors unreadable.
pub const SHORTEST_SECRET: usize = 8;

/// What a login gave.
#[derive(Clone, Debug, Default)]
pub struct Captured {
    /// Which login it is, counted from 1; 0 is none.
    pub number: u64,
    /// `$login`.
    pub values: Map<String, Value>,
    /// When it is to be renewed.
    until: Option<Instant>,
}

/// Why a login is not to be used any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expired {
    /// It can be refreshed.
    Refresh,
    /// Only a new login helps.
    Anew,
}

/// The state of being logged in, shared by all requests.
#[derive(Debug, Default)]
pub struct Session {
    state: Mutex<State>,
    /// Cookies, where the file wants them kept.
    pub jar: Jar,
}

#[derive(Debug, Default)]
struct State {
    captured: Captured,
    refused: Option<(Instant, BackendError)>,
}

impl Configured {
    /// What login gave, after logging in where that is needed.
    pub(super) async fn logged_in(&self) -> Result<Captured, BackendError> {
        let Some(login) = &self.file.login else { return Ok(Captured::default()) };
        let mut state = self.session.state.lock().await;
        let due = state.captured.until.is_some_and(|until| Instant::now() >= until);
        if state.captured.number > 0 && !due {
            return Ok(state.captured.clone());
        }
        let how = if state.captured.number > 0 { Expired::Refresh } else { Expired::Anew };
        self.renew(login, &mut state, how).await
    }

    /// Renews the login that `number` is, unless somebody has done so.
    pub(super) async fn log_in_again(&self, number: u64, how: Expired) -> Result<Captured, BackendError> {
        let Some(login) = &self.file.login else { return Ok(Captured::default()) };
        let mut state = self.session.state.lock().await;
        if state.captured.number != number {
            return Ok(state.captured.clone());
        }
        self.renew(login, &mut state, how).await
    }

    async fn renew(&self, login: &Login, state: &mut State, how: Expired) -> Result<Captured, BackendError> {
        if let Some((at, error)) = &state.refused
            && at.elapsed() < AFTER_REFUSAL
        {
            return Err(error.clone());
        }
        if how == Expired::Refresh && !login.refresh.is_empty() {
            match self.steps(&login.refresh, state.captured.values.clone()).await {
                Ok(found) => return Ok(self.keep(state, found)),
                // Whatever the refresh was refused for, a new login tells.
                Err(error) if error.status.is_some() && error.kind != TroubleKind::Rate => {}
                Err(error) => return Err(error),
            }
        }
        self.session.jar.clear();
        match self.steps(&login.steps, Map::new()).await {
            Ok(found) => Ok(self.keep(state, found)),
            Err(error) => {
                if error.kind == TroubleKind::Auth {
                    state.refused = Some((Instant::now(), error.clone()));
                }
                Err(error)
            }
        }
    }

    fn keep(&self, state: &mut State, values: Map<String, Value>) -> Captured {
        let seconds =
            values.get("lifetime").and_then(|value| value.as_f64().or_else(|| value.as_str()?.parse().ok()));
        let lifetime = seconds.filter(|seconds| seconds.is_finite() && *seconds > 0.0 && *seconds < 1e9);
        let until = lifetime.map(|seconds| {
            let lifetime = Duration::from_secs_f64(seconds);
            Instant::now() + lifetime - (lifetime / 10).min(Duration::from_secs(60))
        });
        state.refused = None;
        state.captured = Captured { number: state.captured.number + 1, values, until };
        state.captured.clone()
    }

    /// Runs a chain of requests, each of which sees what those before it captured.
    async fn steps(
        &self,
        steps: &[LoginStep],
        mut values: Map<String, Value>,
    ) -> Result<Map<String, Value>, BackendError> {
        for step in steps {
            let bindings: Bindings = (*self.bindings).clone().with("$login", Value::Object(values.clone()));
            let told =
                self.once(&step.request, &bindings, &(&[], None), None, true).await.map_err(refusal)?;
            let bindings = bindings.with("$answer", told.around());
            for (name, filter) in &step.capture {
                let value = filter.one(&told.body, &bindings);
                let value = value.map_err(|what| {
                    told.wrong(&self.http, TroubleKind::Malformed, &format!("capture.{name}: {what}"))
                })?;
                if value.is_null() && !matches!(name.as_str(), "lifetime" | "refresh_token") {
                    let what = format!("the login's answer has nothing for `{name}`: {}", filter.text());
                    return Err(told.wrong(&self.http, TroubleKind::Malformed, &what));
                }
                if let Value::String(text) = &value
                    && text.len() >= SHORTEST_SECRET
                    && name != BASE
                {
                    self.http.hide(Secret::new(text.as_str()));
                }
                if name == BASE {
                    let link = value.as_str().unwrap_or_default();
                    self.http.elsewhere(link).map_err(|what| {
                        told.wrong(&self.http, TroubleKind::Malformed, &format!("capture.{BASE}: {what}"))
                    })?;
                }
                values.insert(name.clone(), value);
            }
        }
        Ok(values)
    }
}

/// A login that the backend does not accept: nothing but another secret helps.
fn refusal(failed: Failed) -> BackendError {
    let mut error = failed.error;
    let refused =
        matches!(error.kind, TroubleKind::Forbidden | TroubleKind::Validation | TroubleKind::NotFound);
    if failed.expired.is_some() || refused && error.status.is_some_and(|status| status >= 400) {
        error.kind = TroubleKind::Auth;
    }
    error
}
