//! Reading records that other people's systems wrote.
//!
//! A record with a bad field keeps its good ones, and what was wrong is reported with its path.

use serde::de::IntoDeserializer;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::Record;

/// At most so many bad fields are taken out of one record before it is given up.
const MOST_COMPLAINTS: usize = 64;

/// What was wrong with a record, or with one field of it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{id}: {path}: {message}")]
pub struct Complaint {
    /// The record's key, as far as it is known; `?` otherwise.
    pub id: String,
    /// Path of the field, such as `relations[0].added_at`; `.` for the whole record.
    pub path: String,
    /// What was expected and what was there.
    pub message: String,
}

/// Reads one record; fields that cannot be read are left at their default and complained about.
///
/// Ids that came as numbers are taken by their digits, exactly.
///
/// # Errors
/// A [`Complaint`] where the item is no object, has no usable id, or has more than 64 bad fields.
pub fn read_record<T: Record>(mut item: Value) -> Result<(T, Vec<Complaint>), Complaint> {
    ids_as_text(&mut item);
    let name = item.get("id").and_then(Value::as_str).filter(|id| !id.is_empty()).unwrap_or("?").to_owned();
    let mut complaints = Vec::new();
    loop {
        // By reference, so that the item can be mended and read again.
        match serde_path_to_error::deserialize::<_, T>((&item).into_deserializer()) {
            Ok(record) => {
                let key = record.key();
                if key.is_empty() {
                    let message = "the record has no id".to_owned();
                    return Err(Complaint { id: name, path: ".".to_owned(), message });
                }
                for complaint in &mut complaints {
                    let complaint: &mut Complaint = complaint;
                    complaint.id.clone_from(&key);
                }
                return Ok((record, complaints));
            }
            Err(wrong) => {
                let path = wrong.path().to_string();
                let complaint =
                    Complaint { id: name.clone(), path: path.clone(), message: wrong.inner().to_string() };
                if complaints.len() >= MOST_COMPLAINTS || !remove(&mut item, wrong.path()) {
                    return Err(complaint);
                }
                complaints.push(complaint);
            }
        }
    }
}

/// Takes out the innermost member on the path that can be taken out; says whether one was.
fn remove(item: &mut Value, path: &serde_path_to_error::Path) -> bool {
    use serde_path_to_error::Segment;
    let segments: Vec<&Segment> = path.iter().collect();
    for depth in (1..=segments.len()).rev() {
        let parent = segments[..depth - 1].iter().try_fold(&mut *item, |value, segment| match segment {
            Segment::Seq { index } => value.get_mut(*index),
            Segment::Map { key } => value.get_mut(key),
            _ => None,
        });
        match (parent, segments[depth - 1]) {
            (Some(Value::Object(map)), Segment::Map { key }) => {
                let removed = map.shift_remove(key).is_some();
                if removed {
                    return true;
                }
            }
            (Some(Value::Array(list)), Segment::Seq { index }) if *index < list.len() => {
                list.remove(*index);
                return true;
            }
            _ => {}
        }
    }
    false
}

/// Turns numbers under `id` and `…_id` into their digits.
fn ids_as_text(item: &mut Value) {
    match item {
        Value::Object(map) => {
            for (key, value) in map.iter_mut() {
                if let Value::Number(number) = value
                    && (key == "id" || key.ends_with("_id"))
                {
                    *value = Value::String(number.to_string());
                } else {
                    ids_as_text(value);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(ids_as_text),
        _ => {}
    }
}

/// A field that is empty where the backend says `null`.
pub(super) fn list<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// The largest figure of one day that is believed: sums of such figures stay far within 64 bits.
const MOST_FIGURE: u64 = 1_000_000_000_000;

/// A figure of one day, beyond which there is only a mistake: some systems say "unknown" by their
/// largest number.
pub(super) fn figure<'de, D>(deserializer: D) -> Result<Option<i64>, D::Error>
where
    D: Deserializer<'de>,
{
    let figure = Option::<i64>::deserialize(deserializer)?;
    match figure {
        Some(figure) if figure.unsigned_abs() > MOST_FIGURE => {
            Err(serde::de::Error::custom(format!("{figure} is no figure of one day")))
        }
        figure => Ok(figure),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::{Customer, GroupDay};

    #[test]
    fn good_fields_outlive_bad_ones() {
        let item = json!({
            "id": "c1", "name": "张三", "points": "many", "phones": null, "added_at": "yesterday",
            "relations": [{"operator_id": "o1", "status": "confused"}, {"operator_id": "o2"}],
        });
        let (customer, complaints) = read_record::<Customer>(item).unwrap();
        assert_eq!(customer.name, "张三");
        assert_eq!(customer.points, None);
        assert_eq!(customer.relations.len(), 2);
        let paths: Vec<_> = complaints.iter().map(|c| c.path.as_str()).collect();
        assert_eq!(paths, ["points", "added_at", "relations[0].status"]);
        assert!(complaints.iter().all(|c| c.id == "c1"));
    }

    #[test]
    fn an_id_of_thirty_digits_keeps_every_one() {
        let item: Value =
            serde_json::from_str(r#"{"id":123456789012345678901234567890,"name":"n"}"#).unwrap();
        let (customer, complaints) = read_record::<Customer>(item).unwrap();
        assert_eq!(customer.id.as_str(), "123456789012345678901234567890");
        assert!(complaints.is_empty());
    }

    #[test]
    fn figures_that_cannot_be_are_not_known() {
        let item = json!({"group_id": "g", "day": "2026-03-01", "messages": i64::MAX, "joined": 3, "left": i64::MIN});
        let (day, complaints) = read_record::<GroupDay>(item).unwrap();
        assert_eq!((day.messages, day.joined, day.left), (None, Some(3), None));
        let paths: Vec<_> = complaints.iter().map(|c| c.path.as_str()).collect();
        assert_eq!(paths, ["messages", "left"]);
    }

    #[test]
    fn without_an_id_there_is_no_record() {
        assert!(read_record::<Customer>(json!({"name": "x"})).is_err());
        assert!(read_record::<Customer>(json!([1, 2])).is_err());
        assert!(read_record::<GroupDay>(json!({"group_id": "g"})).is_err());
    }
}
