//! What the simulator is told to do (`/simulator/…`, no token): expire tokens, throttle, fail, put its clock
//! forward; and what it has counted.
//!
//! | request | does |
//! | --- | --- |
//! | `GET /simulator/calls` | calls by endpoint, tokens given, the most of one endpoint within a minute |
//! | `POST /simulator/expire` | no token is good any more |
//! | `POST /simulator/token_life {"seconds"}` | new tokens are good for so long |
//! | `POST /simulator/limit {"per_minute"}` | calls of one endpoint within a minute; 45009 beyond |
//! | `POST /simulator/block {"api","seconds"}` | 45009 for one endpoint |
//! | `POST /simulator/fail {"api","errcode"\|"status"\|"silent","times","after"}` | it fails so often, after so many calls |
//! | `POST /simulator/address {"allowed"}` | 60020 for everybody, until allowed |
//! | `POST /simulator/forward {"seconds"}` | the clock goes forward |
//! | `POST /simulator/confirm {"msgid","userid"}` | somebody sends a message in their client |
//! | `POST /simulator/leave {"userid"}` · `decline {"external_userid"}` | of transfers |
//! | `POST /simulator/unfriend {"userid","external_userid"}` · `quit` and `join {"chat_id","userid"}` | what customers do |

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::corp::{Corp, Member, unionid};
use super::refusal::{Answer, Asked, Refusal, done, refuse};
use super::{messages, transfers};

/// How long an endpoint is shut when it was called too often within a minute.
const SHUT: i64 = 60;

/// What is done at will, and what was counted.
#[derive(Debug)]
pub struct Control {
    /// Seconds that the clock is ahead.
    pub ahead: i64,
    /// Calls of one endpoint within a minute, at most.
    per_minute: u64,
    calls: BTreeMap<String, u64>,
    /// The minute's begin, and calls since, by endpoint.
    minutes: BTreeMap<String, (i64, u64)>,
    busiest: u64,
    /// Until when an endpoint is shut.
    shut: BTreeMap<String, i64>,
    faults: Vec<Fault>,
    barred: bool,
}

#[derive(Debug)]
struct Fault {
    api: String,
    after: u64,
    times: u64,
    with: With,
}

/// How a request fails at will.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum With {
    /// By a code inside a success.
    Code(i64),
    /// By a status and a page of HTML.
    Status(u16),
    /// By no answer at all.
    Silence,
}

impl Default for Control {
    fn default() -> Self {
        Self {
            ahead: 0,
            per_minute: 10_000,
            calls: BTreeMap::new(),
            minutes: BTreeMap::new(),
            busiest: 0,
            shut: BTreeMap::new(),
            faults: Vec::new(),
            barred: false,
        }
    }
}

impl Control {
    /// Counts a call; says how it fails, where it does.
    pub fn pass(&mut self, api: &str, now: i64) -> Result<(), With> {
        *self.calls.entry(api.to_owned()).or_default() += 1;
        let (begin, count) = self.minutes.entry(api.to_owned()).or_insert((now, 0));
        if now - *begin >= 60 {
            (*begin, *count) = (now, 0);
        }
        *count += 1;
        self.busiest = self.busiest.max(*count);
        if *count > self.per_minute {
            self.shut.entry(api.to_owned()).or_insert(now + SHUT);
        }
        match self.shut.get(api) {
            Some(until) if now < *until => return Err(With::Code(45009)),
            Some(_) => drop(self.shut.remove(api)),
            None => {}
        }
        if self.barred {
            return Err(With::Code(60020));
        }
        let Some(fault) = self.faults.iter_mut().find(|fault| fault.api == api && fault.times > 0) else {
            return Ok(());
        };
        if fault.after > 0 {
            fault.after -= 1;
            return Ok(());
        }
        fault.times -= 1;
        Err(fault.with)
    }

    /// Does what it is told.
    pub fn told(&mut self, what: &str, corp: &mut Corp, asked: &Asked<'_>) -> Option<Answer> {
        Some(match what {
            "calls" => Ok(self.counted(corp)),
            "expire" => {
                corp.tokens.expire();
                done()
            }
            "token_life" => {
                corp.tokens.life = asked.number("seconds").unwrap_or(7200);
                done()
            }
            "limit" => {
                self.per_minute = asked.number("per_minute").map_or(10_000, i64::unsigned_abs);
                done()
            }
            "block" => {
                let until = asked.now + asked.number("seconds").unwrap_or(SHUT);
                self.shut.insert(asked.text("api").unwrap_or_default().to_owned(), until);
                done()
            }
            "fail" => self.fail(asked),
            "address" => {
                self.barred = asked.body.get("allowed") == Some(&Value::Bool(false));
                done()
            }
            "forward" => {
                self.ahead += asked.number("seconds").unwrap_or(0).max(0);
                done()
            }
            "confirm" => messages::confirm(corp, asked),
            "leave" => transfers::leave(corp, asked),
            "decline" => transfers::decline(corp, asked),
            "unfriend" => unfriend(corp, asked),
            "quit" => quit(corp, asked),
            "join" => join(corp, asked),
            _ => return None,
        })
    }

    fn counted(&self, corp: &Corp) -> Map<String, Value> {
        let total: u64 = self.calls.values().sum();
        let made = json!({
            "calls": self.calls, "total": total, "tokens": corp.tokens.count(), "busiest_minute": self.busiest,
        });
        made.as_object().cloned().unwrap_or_default()
    }

    fn fail(&mut self, asked: &Asked<'_>) -> Answer {
        let with = match (
            asked.number("errcode"),
            asked.number("status").and_then(|status| u16::try_from(status).ok()),
        ) {
            (Some(code), _) => With::Code(code),
            (None, Some(status @ 400..=599)) => With::Status(status),
            _ if asked.body.get("silent") == Some(&Value::Bool(true)) => With::Silence,
            _ => return refuse(40058, "neither errcode nor status"),
        };
        let number = |name| asked.number(name).map(i64::unsigned_abs);
        let api = asked.text("api").unwrap_or_default().to_owned();
        let (after, times) = (number("after").unwrap_or(0), number("times").unwrap_or(1));
        self.faults.push(Fault { api, after, times, with });
        done()
    }
}

fn unfriend(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let (userid, external) = (asked.wants("userid", 60111)?, asked.wants("external_userid", 41035)?);
    match corp.follows.get_mut(userid).and_then(|follows| follows.remove(external)) {
        Some(_) => done(),
        None => refuse(84061, "not external contact"),
    }
}

fn chat<'c>(corp: &'c mut Corp, asked: &Asked<'_>) -> Result<&'c mut Vec<Member>, Refusal> {
    let id = asked.wants("chat_id", 40058)?;
    let chat = corp.chats.get_mut(id);
    chat.map_or_else(|| refuse(40050, "invalid group id"), |chat| Ok(&mut chat.members))
}

fn quit(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let who = asked.wants("userid", 60111)?;
    let members = chat(corp, asked)?;
    let before = members.len();
    members.retain(|member| member.id != who);
    if members.len() < before { done() } else { refuse(60111, "not in the group") }
}

fn join(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let who = asked.wants("userid", 60111)?.to_owned();
    let name = corp.contacts.get(&who).map(|contact| contact.name.clone()).unwrap_or_default();
    let union = corp.contacts.contains_key(&who).then(|| unionid(&who));
    let made = Member {
        id: who,
        name,
        is_staff: false,
        unionid: union,
        joined: asked.now,
        scene: 3,
        invited_by: None,
    };
    chat(corp, asked)?.push(made);
    done()
}
