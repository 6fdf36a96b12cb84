//! The backend: whether it answers, as whom, and what time it has.

use std::time::Duration;

use jiff::Timestamp;

use super::super::told::{Told, remedy};
use super::{Finding, Patient};
use crate::backend::Limits;
use crate::config::Profile;
use crate::i18n::Line;
use crate::i18n::words::doctor as words;

/// Clocks may differ by so many seconds before days and due times look wrong.
const SKEW: i64 = 60;

/// Asks the backend, for ten seconds at most.
pub(super) fn look(patient: &Patient<'_>) -> Vec<Finding> {
    let profile = match patient.selected {
        Ok(selected) => &selected.profile,
        Err(error) => {
            return vec![Finding::warning("backend", error.told(), words::INIT_REMEDY)];
        }
    };
    if patient.offline {
        return vec![Finding::warning("backend", words::NOT_ASKED, words::DROP_OFFLINE)];
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime {
        Ok(runtime) => runtime.block_on(ask(profile)),
        Err(error) => vec![Finding::failed("backend", error.told(), words::SEE_ULIMIT)],
    }
}

async fn ask(profile: &Profile) -> Vec<Finding> {
    let token = match crate::cli::source(&profile.token).read() {
        Ok(token) => token,
        Err(error) => {
            return vec![Finding::failed("backend", error.told(), words::CORRECT_TOKEN)];
        }
    };
    let limits = Limits { request: Duration::from_secs(10), ..Limits::default() };
    let connector = match crate::cli::connecting(profile, token, limits) {
        Ok(connector) => connector,
        Err(error) => return vec![Finding::failed("backend", error.told(), remedy(&error))],
    };
    let mut findings = vec![match connector.meta().await {
        Ok(meta) => {
            let who = meta.operator.or(meta.operator_id);
            let who = who.map_or_else(|| Line::from(""), |who| words::AS_WHO.with("who", who));
            let found = words::ANSWERS
                .with("name", meta.name)
                .with("origin", connector.origin().to_string())
                .with("who", who)
                .with("ms", meta.latency.as_millis().to_string());
            Finding::ok("backend", found)
        }
        Err(error) => Finding::failed("backend", error.told(), remedy(&error)),
    }];
    findings.extend(date(&profile.url).await.map(|theirs| clock(Timestamp::now(), theirs)));
    findings
}

/// What time the backend has, by the `Date` of any answer. The token is not needed for that.
async fn date(url: &str) -> Option<Timestamp> {
    let client = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(5))
        .build()
        .ok()?;
    let answer = client.head(format!("{}/v1/meta", url.trim_end_matches('/'))).send().await.ok()?;
    let date = answer.headers().get(reqwest::header::DATE)?.to_str().ok()?;
    Some(jiff::fmt::rfc2822::parse(date).ok()?.timestamp())
}

fn clock(ours: Timestamp, theirs: Timestamp) -> Finding {
    let skew = ours.as_second() - theirs.as_second();
    if skew.abs() <= SKEW {
        return Finding::ok("clock", words::CLOCK_AGREES.with("n", SKEW.to_string()));
    }
    let which = if skew > 0 { words::CLOCK_AHEAD } else { words::CLOCK_BEHIND };
    Finding::warning("clock", which.with("n", skew.abs().to_string()), words::SET_CLOCK)
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn a_clock_may_be_a_minute_off() {
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(clock(at(1_000), at(1_060)).state, State::Ok);
        let off = clock(at(1_000), at(1_100));
        assert_eq!(
            (off.state, off.found.to_string().as_str()),
            (State::Warning, "100 s behind the backend's")
        );
    }
}
