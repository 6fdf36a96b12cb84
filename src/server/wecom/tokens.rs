//! Tokens: one for each secret, good for two hours, or until they are taken away.

use std::collections::HashMap;

use serde_json::json;

use super::refusal::{Answer, Asked, Refusal, refuse};

/// The simulator's corp.
pub const CORP_ID: &str = "ww-sample";
/// Opens `externalcontact/…` (客户联系).
pub const CONTACT_SECRET: &str = "sample-contact-secret";
/// Opens `user/…`, and `externalcontact/…` as an app that was let in (可调用接口的应用).
pub const APP_SECRET: &str = "sample-app-secret";

/// What a token opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Customers, groups, tags.
    Contacts,
    /// Staff too.
    App,
}

/// All tokens that were given.
#[derive(Debug)]
pub struct Tokens {
    /// Token, what it opens, and until when.
    given: HashMap<String, (Scope, i64)>,
    count: u64,
    /// Seconds that a token is good for.
    pub life: i64,
    /// Wrong secrets in a row; beyond [`MOST_WRONG`] the address is shut out.
    wrong: u32,
}

/// So many wrong secrets, and nobody is let in from that address for an hour.
const MOST_WRONG: u32 = 5;

impl Default for Tokens {
    fn default() -> Self {
        Self { given: HashMap::new(), count: 0, life: 7200, wrong: 0 }
    }
}

impl Tokens {
    /// `gettoken`. While a token is good, the same one is given again.
    pub fn get(&mut self, asked: &Asked<'_>) -> Answer {
        if self.wrong >= MOST_WRONG {
            return refuse(45009, "api freq out of limit: too many wrong secrets");
        }
        if asked.parameter("corpid") != Some(CORP_ID) {
            self.wrong += 1;
            return refuse(40013, "invalid corpid");
        }
        let scope = match asked.parameter("corpsecret") {
            Some(CONTACT_SECRET) => Scope::Contacts,
            Some(APP_SECRET) => Scope::App,
            _ => {
                self.wrong += 1;
                return refuse(40001, "invalid credential");
            }
        };
        self.wrong = 0;
        let live = |(known, until): &(Scope, i64)| *known == scope && *until > asked.now;
        let known = self
            .given
            .iter()
            .find(|(_, given)| live(given))
            .map(|(token, (_, until))| (token.clone(), *until));
        let (token, until) = known.unwrap_or_else(|| {
            self.count += 1;
            let token = format!("access-token-{:06}", self.count);
            self.given.insert(token.clone(), (scope, asked.now + self.life));
            (token, asked.now + self.life)
        });
        let json = json!({"access_token": token, "expires_in": until - asked.now});
        Ok(json.as_object().cloned().unwrap_or_default())
    }

    /// What the token of a request opens.
    pub fn check(&self, asked: &Asked<'_>) -> Result<Scope, Refusal> {
        let Some(token) = asked.parameter("access_token") else {
            return refuse(41001, "access_token missing");
        };
        match self.given.get(token) {
            None => refuse(40014, "invalid access_token"),
            Some((_, until)) if *until <= asked.now => refuse(42001, "access_token expired"),
            Some((scope, _)) => Ok(*scope),
        }
    }

    /// No token is good any more.
    pub fn expire(&mut self) {
        self.given.values_mut().for_each(|(_, until)| *until = 0);
    }

    /// How many different ones were given.
    pub fn count(&self) -> u64 {
        self.count
    }
}
