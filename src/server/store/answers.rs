//! Writes that are answered once: the answer is kept with what was written.
//!
//! A client that does not know whether its write arrived sends it again under the same key. The
//! records, their lines in the feed and the answer are one transaction, so either all of it
//! happened, and the answer is told again, or none, and it happens now. Only what was done is
//! kept: a refusal changed nothing, and is judged anew when it comes again.

use std::time::Duration;

use rusqlite::{Connection, OptionalExtension, Transaction};
use serde_json::Value;

use super::write::{View, upsert};
use super::{Attempt, Store, StoreError};
use crate::model::{AnyRecord, Resource, Time};

/// How long answers are kept: the contract asks for 24 hours, and clocks differ.
pub const ANSWERS_KEPT: Duration = Duration::from_secs(48 * 3600);

/// A write as it was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// Who asks; keys of others are other keys.
    pub caller: &'a str,
    /// What names this write among all of the caller's; `None` where it is not to be kept.
    pub key: Option<&'a str>,
    /// All that makes it this write: method, path and body, spelled in one way.
    pub content: &'a str,
    /// When it came.
    pub at: Time,
}

/// What a write comes to.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The records as they shall be.
    pub records: Vec<AnyRecord>,
    /// Collection and key of the record that is the answer; it may be one that does not change.
    pub answer: (Resource, String),
}

/// What became of a write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was done now; the answer as JSON text.
    Done(String),
    /// It had been done before; the answer of then.
    Again(String),
    /// The key stands for another write.
    Other,
}

impl Store {
    /// Does a write and keeps its answer, or tells the answer of a write that was done before.
    ///
    /// The answer is the record with its `rev` and the latest change number as `seq`.
    ///
    /// # Errors
    /// What `decide` gives, or where the store cannot be written. Nothing is written then.
    pub fn answer<E: From<StoreError>>(
        &self,
        request: &Request<'_>,
        decide: impl FnOnce(&View<'_>) -> Result<Decision, E>,
    ) -> Result<Outcome, E> {
        let mut outcome = Outcome::Other;
        self.writing(|transaction, seq| {
            if let Some(key) = request.key
                && let Some((content, answer)) = kept(transaction, request.caller, key)?
            {
                if content == request.content {
                    outcome = Outcome::Again(answer);
                }
                return Ok(());
            }
            let decision = decide(&View::new(transaction, *seq))?;
            for record in decision.records {
                *seq += 1;
                upsert(transaction, *seq, record)?;
            }
            let (resource, id) = decision.answer;
            let answer = told(transaction, resource, &id, *seq)?;
            if let Some(key) = request.key {
                keep(transaction, request, key, &answer)?;
            }
            outcome = Outcome::Done(answer);
            Ok::<(), E>(())
        })?;
        Ok(outcome)
    }
}

fn kept(connection: &Connection, caller: &str, key: &str) -> Result<Option<(String, String)>, StoreError> {
    connection
        .prepare_cached("SELECT content, answer FROM answers WHERE caller = ?1 AND key = ?2")
        .and_then(|mut statement| {
            statement.query_row((caller, key), |row| Ok((row.get(0)?, row.get(1)?))).optional()
        })
        .attempting("look for the answer of a write")
}

fn keep(
    transaction: &Transaction<'_>,
    request: &Request<'_>,
    key: &str,
    answer: &str,
) -> Result<(), StoreError> {
    let kept = i64::try_from(ANSWERS_KEPT.as_millis()).unwrap_or(i64::MAX);
    let old = request.at.millis.saturating_sub(kept);
    transaction
        .prepare_cached("DELETE FROM answers WHERE at < ?1")
        .and_then(|mut statement| statement.execute([old]))
        .attempting("forget old answers")?;
    transaction
        .prepare_cached("INSERT INTO answers (caller, key, at, content, answer) VALUES (?1, ?2, ?3, ?4, ?5)")
        .and_then(|mut statement| {
            statement.execute((request.caller, key, request.at.millis, request.content, answer))
        })
        .attempting("keep the answer of a write")?;
    Ok(())
}

/// The record as it is now, with `rev` and `seq`. A kind of record without a revision of its own
/// has the number of its last change for one.
fn told(connection: &Connection, resource: Resource, id: &str, seq: i64) -> Result<String, StoreError> {
    let (body, changed): (String, i64) = connection
        .prepare_cached("SELECT body, seq FROM records WHERE resource = ?1 AND id = ?2")
        .and_then(|mut statement| {
            statement.query_row((resource.name(), id), |row| Ok((row.get(0)?, row.get(1)?)))
        })
        .attempting("read what was written")?;
    let mut item: Value = serde_json::from_str(&body).unwrap_or_default(); // written as JSON by `upsert`
    if let Some(members) = item.as_object_mut() {
        if members.get("rev").is_none_or(Value::is_null) {
            members.insert("rev".to_owned(), changed.to_string().into());
        }
        members.insert("seq".to_owned(), seq.into());
    }
    Ok(item.to_string())
}

#[cfg(test)]
mod tests {
    use super::super::Limits;
    use super::*;
    use crate::model::{Customer, Record};

    const HOUR: i64 = 3_600_000;

    /// Names the customer, under a key, at an hour.
    fn ask(store: &Store, caller: &str, name: &str, hour: i64) -> Outcome {
        let at = Time::from_millis(hour * HOUR);
        let request = Request { caller, key: Some("k"), content: name, at };
        let decide = |_: &View<'_>| {
            let customer = Customer { id: "a".into(), name: name.to_owned(), ..Customer::default() };
            let answer = (Resource::Customers, "a".to_owned());
            Ok::<_, StoreError>(Decision { records: vec![customer.any()], answer })
        };
        store.answer(&request, decide).unwrap()
    }

    #[test]
    fn an_answer_is_kept_for_longer_than_a_day_and_not_forever() {
        let store = Store::in_memory(Limits::default()).unwrap();
        let Outcome::Done(answer) = ask(&store, "me", "one", 0) else { panic!("it is new") };
        let item: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!((&item["rev"], item["seq"].as_i64()), (&"1".into(), Some(store.seq())));
        // Others write, and forget what is old while they do.
        for hour in [1, 24, 47] {
            assert!(matches!(ask(&store, &format!("other-{hour}"), "one", hour), Outcome::Done(_)));
            assert_eq!(ask(&store, "me", "one", hour), Outcome::Again(answer.clone()));
            assert_eq!(ask(&store, "me", "two", hour), Outcome::Other);
        }
        ask(&store, "late", "one", 49);
        assert!(matches!(ask(&store, "me", "two", 49), Outcome::Done(_)));
    }

    #[test]
    fn what_fails_leaves_neither_record_nor_answer() {
        let store = Store::in_memory(Limits::default()).unwrap();
        let seq = store.seq();
        let request = Request { caller: "me", key: Some("k"), content: "", at: Time::from_millis(0) };
        let nobody = |_: &View<'_>| {
            let customer = Customer { id: "a".into(), ..Customer::default() };
            let answer = (Resource::Customers, "nobody".to_owned());
            Ok::<_, StoreError>(Decision { records: vec![customer.any()], answer })
        };
        assert!(store.answer(&request, nobody).is_err());
        assert_eq!((store.seq(), store.count(Resource::Customers).unwrap()), (seq, 0));
        assert!(matches!(ask(&store, "me", "one", 0), Outcome::Done(_)));
    }
}
