//! Customers who are handed on: of somebody who has left (`resigned/…`), or who is still here. It takes a
//! day; then it is done by itself, unless the customer refuses.

use serde_json::{Value, json};

use super::corp::Corp;
use super::refusal::{Answer, Asked, Refusal, done, only, page, refuse};

const DAY: i64 = 86_400;
/// How often a customer can be handed on within [`WHILE`].
const MOST: usize = 2;
const WHILE: i64 = 90 * DAY;

/// A customer on the way from one to another.
#[derive(Clone, Debug)]
pub struct Transfer {
    pub external: String,
    pub from: String,
    pub to: String,
    pub at: i64,
    pub resigned: bool,
    pub state: State,
}

/// How it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Done(i64),
    Waiting,
    Refused,
}

impl Corp {
    /// Ends what has waited for a day.
    pub fn settle(&mut self, now: i64) {
        for transfer in &mut self.transfers {
            let at = transfer.at + DAY;
            if transfer.state != State::Waiting || now < at {
                continue;
            }
            transfer.state = State::Done(at);
            let follow =
                self.follows.get_mut(&transfer.from).and_then(|from| from.remove(&transfer.external));
            if let Some(mut follow) = follow {
                (follow.added, follow.way) = (at, 202);
                self.follows
                    .entry(transfer.to.clone())
                    .or_default()
                    .insert(transfer.external.clone(), follow);
            }
        }
    }
}

/// `transfer_customer`: of somebody who is still here.
pub fn here(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    transfer(corp, asked, false)
}

/// `resigned/transfer_customer`
pub fn resigned(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    transfer(corp, asked, true)
}

fn transfer(corp: &mut Corp, asked: &Asked<'_>, resigned: bool) -> Answer {
    let (from, to) = (asked.wants("handover_userid", 40058)?, asked.wants("takeover_userid", 40058)?);
    let externals = asked.texts("external_userid", 100)?;
    if externals.is_empty() {
        return refuse(41035, "missing external userid");
    }
    let known = corp.staff.get(from);
    if known.is_none_or(|staff| staff.left.is_some() != resigned) || !corp.is_follower(to) {
        return refuse(40031, "invalid handover_userid or takeover_userid");
    }
    let one = |corp: &mut Corp, external: &str| -> Result<(), i64> {
        let has = corp.follows.get(from).is_some_and(|follows| follows.contains_key(external));
        if !has {
            return Err(40096);
        }
        let of = |transfer: &&Transfer| transfer.external == external && transfer.at > asked.now - WHILE;
        let past: Vec<&Transfer> = corp.transfers.iter().filter(of).collect();
        if past.iter().any(|transfer| transfer.state == State::Waiting) {
            return Err(90500);
        }
        if past.len() >= MOST {
            return Err(90501);
        }
        let (external, from, to) = (external.to_owned(), from.to_owned(), to.to_owned());
        corp.transfers.push(Transfer { external, from, to, at: asked.now, resigned, state: State::Waiting });
        Ok(())
    };
    let rows: Vec<Value> = externals
        .into_iter()
        .map(|external| json!({"external_userid": external, "errcode": one(corp, external).err().unwrap_or(0)}))
        .collect();
    only("customer", rows)
}

/// `transfer_result`
pub fn result_here(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    result(corp, asked, false)
}

/// `resigned/transfer_result`
pub fn result_resigned(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    result(corp, asked, true)
}

fn result(corp: &mut Corp, asked: &Asked<'_>, resigned: bool) -> Answer {
    let (from, to) = (asked.wants("handover_userid", 40058)?, asked.wants("takeover_userid", 40058)?);
    let one = |transfer: &Transfer| {
        let (status, at) = match transfer.state {
            State::Done(at) => (1, at),
            State::Waiting => (2, 0),
            State::Refused => (3, 0),
        };
        json!({"external_userid": transfer.external, "status": status, "takeover_time": at})
    };
    let between =
        |transfer: &&Transfer| transfer.from == from && transfer.to == to && transfer.resigned == resigned;
    let all: Vec<Value> = corp.transfers.iter().filter(between).map(one).collect();
    let (part, next) = page(&all, asked.text("cursor"), &format!("{from} {to} {resigned}"), 1000)?;
    let mut made = json!({"customer": part});
    if !next.is_empty() {
        made["next_cursor"] = next.into();
    }
    Ok(made.as_object().cloned().unwrap_or_default())
}

/// `get_unassigned_list`: customers of those who have left.
pub fn unassigned(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let size = asked.number("page_size").and_then(|size| usize::try_from(size).ok());
    let size = size.filter(|size| (1..=1000).contains(size)).unwrap_or(1000);
    let mut all = Vec::new();
    for (userid, follows) in &corp.follows {
        let Some(left) = corp.staff.get(userid).and_then(|staff| staff.left) else { continue };
        for external in follows.keys() {
            let waits = |transfer: &Transfer| {
                transfer.external == *external && transfer.from == *userid && transfer.state == State::Waiting
            };
            if !corp.transfers.iter().any(waits) {
                all.push(
                    json!({"handover_userid": userid, "external_userid": external, "dimission_time": left}),
                );
            }
        }
    }
    let (part, next) = page(&all, asked.text("cursor"), "unassigned", size)?;
    let mut made = json!({"info": part, "is_last": next.is_empty()});
    if !next.is_empty() {
        made["next_cursor"] = next.into();
    }
    Ok(made.as_object().cloned().unwrap_or_default())
}

/// Somebody leaves the company; the simulator's own doing.
pub fn leave(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let userid = asked.wants("userid", 60111)?;
    let Some(staff) = corp.staff.get_mut(userid) else { return refuse(60111, "userid not found") };
    staff.left = Some(asked.now);
    done()
}

/// A customer does not want to be handed on; the simulator's own doing.
pub fn decline(corp: &mut Corp, asked: &Asked<'_>) -> Result<serde_json::Map<String, Value>, Refusal> {
    let external = asked.wants("external_userid", 41035)?;
    let waiting =
        |transfer: &&mut Transfer| transfer.external == external && transfer.state == State::Waiting;
    let Some(transfer) = corp.transfers.iter_mut().find(waiting) else {
        return refuse(40096, "no transfer waits for this customer");
    };
    transfer.state = State::Refused;
    done()
}
