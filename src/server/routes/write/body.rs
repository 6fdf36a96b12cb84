//! The body of a write: JSON in which no object has a member twice.
//!
//! RFC 8259 leaves open what a name given twice means, and readers differ: one takes the first,
//! another the last. A write must mean the same to everybody who sees it, so it is refused.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::Value;

/// The value that a body is.
///
/// # Errors
/// Where it is no JSON, or an object of it has a member twice; with line and column.
pub(super) fn read(bytes: &[u8]) -> Result<Value, serde_json::Error> {
    serde_json::from_slice::<Once>(bytes)?;
    serde_json::from_slice(bytes)
}

/// Any JSON whose objects have each member once; the value itself is not kept.
struct Once;

impl<'de> Deserialize<'de> for Once {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Once {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    // A number may come as a map of one member, which is as good as any.
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut seen = HashSet::new();
        while let Some(name) = members.next_key::<String>()? {
            if seen.contains(&name) {
                return Err(A::Error::custom(format_args!("the member {name:?} is there twice")));
            }
            members.next_value::<Self>()?;
            seen.insert(name);
        }
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_str<E: Error>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E: Error>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E: Error>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E: Error>(self) -> Result<Self, E> {
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_is_what_stands_there() {
        for text in [
            r#"{"a": [1, -2.5e300, 123456789012345678901234567890, "x", true, null], "b": {"a": {}}}"#,
            r#"[{"a": 1}, {"a": 1}]"#,
            "null",
        ] {
            let plain: Value = serde_json::from_str(text).unwrap();
            assert_eq!(read(text.as_bytes()).unwrap(), plain, "{text}");
        }
    }

    #[test]
    fn a_member_that_is_there_twice_is_refused_at_any_depth() {
        for (text, place) in [
            (r#"{"a": 1, "b": 2, "a": 1}"#, "line 1 column"),
            ("{\"a\": [0, {\"x\": 1,\n\"\\u0078\": 2}]}", "line 2 column"),
        ] {
            let told = read(text.as_bytes()).unwrap_err().to_string();
            assert!(told.contains("is there twice") && told.contains(place), "{told}");
        }
        assert!(read(br#"{"a": }"#).is_err());
    }
}
