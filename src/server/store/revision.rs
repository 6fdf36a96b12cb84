//! Revisions: what a record is at, for `If-Match`.
//!
//! Customers, follow-ups and groups carry a `rev`, a count of their changes. Whoever changes a
//! record through the store need not think of it: it rises with each change.

use serde::Deserialize;

use crate::model::AnyRecord;

/// Gives the record its next revision, where its kind has one: one more than what is stored, or
/// `1` where nothing is. A revision that is no number is followed by `seq`, the number of the
/// change.
pub(super) fn revise(record: &mut AnyRecord, stored: Option<&str>, seq: i64) {
    #[derive(Deserialize)]
    struct Revised {
        rev: Option<String>,
    }
    let rev = match record {
        AnyRecord::Customer(customer) => &mut customer.rev,
        AnyRecord::FollowUp(follow_up) => &mut follow_up.rev,
        AnyRecord::Group(group) => &mut group.rev,
        _ => return,
    };
    let Some(stored) = stored else {
        rev.get_or_insert_with(|| "1".to_owned());
        return;
    };
    let before = serde_json::from_str::<Revised>(stored).ok().and_then(|revised| revised.rev);
    let next = match before.as_deref() {
        None => Some(1),
        Some(text) => text.parse::<u64>().ok().and_then(|count| count.checked_add(1)),
    };
    *rev = Some(next.map_or_else(|| seq.to_string(), |next| next.to_string()));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Customer, Record, Tag};

    fn after(stored: Option<&str>) -> Option<String> {
        let mut record = Customer { id: "a".into(), ..Customer::default() }.any();
        revise(&mut record, stored, 77);
        let AnyRecord::Customer(customer) = record else { panic!("still a customer") };
        customer.rev
    }

    #[test]
    fn it_rises_whatever_it_was() {
        assert_eq!(after(None).as_deref(), Some("1"));
        assert_eq!(after(Some(r#"{"rev":null}"#)).as_deref(), Some("1"));
        assert_eq!(after(Some(r#"{"rev":"9"}"#)).as_deref(), Some("10"));
        assert_eq!(after(Some(r#"{"rev":"v9"}"#)).as_deref(), Some("77"));
        assert_eq!(after(Some(r#"{"rev":"18446744073709551615"}"#)).as_deref(), Some("77"));
    }

    #[test]
    fn kinds_without_one_are_left_as_they_are() {
        let mut record = Tag { id: "t".into(), ..Tag::default() }.any();
        let before = record.clone();
        revise(&mut record, Some("{}"), 1);
        assert_eq!(record, before);
    }
}
