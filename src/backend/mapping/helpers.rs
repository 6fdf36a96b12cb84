//! What jq lacks and connectors need: times with zones, percent-encoding, ids.
//!
//! Each helper is a function of plain values. A missing value stays missing: `null` in, `null` out.

use serde_json::Value;

use super::{digest, times};

/// A helper: its name, how many arguments it takes, and what it does with its input and them.
pub(super) struct Helper {
    pub name: &'static str,
    pub arity: usize,
    pub call: fn(&Value, &[Value]) -> Result<Value, String>,
}

/// All helpers: how each is written, and what it gives.
pub const HELPERS: &[(&str, &str)] = &[
    ("epoch_s", "a moment from seconds since 1970; 0 and \"\" are nothing"),
    ("epoch_ms", "the same from milliseconds"),
    (
        "time($format; $zone)",
        "a moment from a text such as \"2026-03-01 09:30:00\", by a format of strptime; the zone is \"+08:00\" or \"Asia/Shanghai\"",
    ),
    ("rfc3339", "a moment from a text that has its zone, such as \"2026-03-01T01:30:00Z\""),
    ("from_parts($zone)", "a moment from an object with year, month, day, hour, minute, second"),
    ("in_zone($zone)", "the same moment, told in a zone"),
    ("day($zone)", "the day of a moment, as \"2026-03-01\""),
    ("to_epoch", "seconds since 1970 of a moment"),
    ("to_epoch_ms", "milliseconds of it"),
    ("write_time($format; $zone)", "a moment as a text, by a format of strftime"),
    ("to_parts($zone)", "a moment as an object with year, month, day, hour, minute, second"),
    ("now_time", "this moment"),
    ("text", "a number or anything else as a text; null stays null"),
    ("integer", "a whole number from one or from its digits; \"\" is nothing"),
    ("truth", "true or false from 0 and 1, \"yes\" and \"no\", \"true\" and \"false\""),
    ("absent($values)", "null where the input is the value, or one of the list; else the input"),
    ("percent", "percent-encoded, as an address wants it"),
    ("uuid", "a fresh random UUID"),
    ("hmac_sha256($key)", "the keyed digest of a text, in hexadecimal digits"),
    ("hmac_sha1($key)", "the same by SHA-1"),
    ("sha256", "the digest of a text, in hexadecimal digits"),
    ("sha1", "the same by SHA-1"),
    ("md5", "the same by MD5"),
    ("hex_base64", "from hexadecimal digits to base64 of the same bytes"),
    (
        "lookup($kind)",
        "from a name to the id of the record of that kind, which is pulled for it; null where there is none",
    ),
    ("name_of($kind)", "from an id to its name"),
];

/// How the helpers are written.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    HELPERS.iter().map(|(name, _)| *name)
}

pub(super) const ALL: &[Helper] = &[
    Helper { name: "epoch_s", arity: 0, call: |value, _| time(times::epoch(value, 1)?) },
    Helper { name: "epoch_ms", arity: 0, call: |value, _| time(times::epoch(value, 1000)?) },
    Helper {
        name: "time",
        arity: 2,
        call: |value, given| time(times::read(value, word(given, 0)?, word(given, 1)?)?),
    },
    Helper {
        name: "write_time",
        arity: 2,
        call: |value, given| match times::moment(value)? {
            Some(moment) => times::write(moment, word(given, 0)?, word(given, 1)?).map(Value::String),
            None => Ok(Value::Null),
        },
    },
    Helper {
        name: "in_zone",
        arity: 1,
        call: |value, given| {
            let zone = times::zone(word(given, 0)?)?;
            time(times::moment(value)?.map(|moment| moment.in_zone(&zone)))
        },
    },
    Helper {
        name: "day",
        arity: 1,
        call: |value, given| match times::moment(value)? {
            Some(moment) => times::write(moment, "%Y-%m-%d", word(given, 0)?).map(Value::String),
            None => Ok(Value::Null),
        },
    },
    Helper {
        name: "to_epoch",
        arity: 0,
        call: |value, _| {
            Ok(times::moment(value)?.map_or(Value::Null, |moment| moment.millis.div_euclid(1000).into()))
        },
    },
    Helper {
        name: "to_epoch_ms",
        arity: 0,
        call: |value, _| Ok(times::moment(value)?.map_or(Value::Null, |moment| moment.millis.into())),
    },
    Helper { name: "rfc3339", arity: 0, call: |value, _| time(times::moment(value)?) },
    Helper {
        name: "percent",
        arity: 0,
        call: |value, _| Ok(flat(value).map_or(Value::Null, |text| percent(&text).into())),
    },
    Helper { name: "text", arity: 0, call: |value, _| Ok(flat(value).map_or(Value::Null, Value::String)) },
    Helper { name: "integer", arity: 0, call: |value, _| integer(value) },
    Helper { name: "truth", arity: 0, call: |value, _| truth(value) },
    Helper {
        name: "absent",
        arity: 1,
        call: |value, given| {
            let absent = match given.first() {
                Some(Value::Array(list)) => list.contains(value),
                Some(one) => one == value,
                None => false,
            };
            Ok(if absent { Value::Null } else { value.clone() })
        },
    },
    Helper { name: "uuid", arity: 0, call: |_, _| Ok(uuid().into()) },
    Helper {
        name: "from_parts",
        arity: 1,
        call: |value, given| time(times::from_parts(value, word(given, 0)?)?),
    },
    Helper {
        name: "to_parts",
        arity: 1,
        call: |value, given| match times::moment(value)? {
            Some(moment) => times::to_parts(moment, word(given, 0)?),
            None => Ok(Value::Null),
        },
    },
    Helper { name: "now_time", arity: 0, call: |_, _| time(Some(times::now())) },
    Helper { name: "hmac_sha256", arity: 1, call: |value, given| keyed(value, given, digest::hmac_sha256) },
    Helper { name: "hmac_sha1", arity: 1, call: |value, given| keyed(value, given, digest::hmac_sha1) },
    Helper { name: "sha256", arity: 0, call: |value, _| Ok(told(value, digest::sha256)) },
    Helper { name: "sha1", arity: 0, call: |value, _| Ok(told(value, digest::sha1)) },
    Helper { name: "md5", arity: 0, call: |value, _| Ok(told(value, digest::md5)) },
    Helper {
        name: "hex_base64",
        arity: 0,
        call: |value, _| match flat(value) {
            None => Ok(Value::Null),
            Some(text) => {
                let found = digest::hex_to_base64(&text).map(Value::String);
                found.ok_or_else(|| format!("{} is no hexadecimal number", times::shown(value)))
            }
        },
    },
];

/// The digest of a text; nothing of nothing.
fn told(value: &Value, digest: fn(&str) -> String) -> Value {
    flat(value).map_or(Value::Null, |text| digest(&text).into())
}

fn keyed(value: &Value, given: &[Value], digest: fn(&str, &str) -> String) -> Result<Value, String> {
    let key = word(given, 0)?;
    Ok(flat(value).map_or(Value::Null, |text| digest(&text, key).into()))
}

/// The helper of a name and a number of arguments.
pub(super) fn helper(name: &str, arity: usize) -> Option<&'static Helper> {
    ALL.iter().find(|helper| helper.name == name && helper.arity == arity)
}

fn time(moment: Option<crate::model::Time>) -> Result<Value, String> {
    Ok(moment.map_or(Value::Null, |moment| moment.to_string().into()))
}

fn word(given: &[Value], at: usize) -> Result<&str, String> {
    given.get(at).and_then(Value::as_str).ok_or_else(|| "its arguments are texts".to_owned())
}

/// A text of what is one value: digits stay as they are, and null stays away.
pub(super) fn flat(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

/// RFC 3986: everything but the unreserved characters.
pub(super) fn percent(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A whole number from one, or from its digits in a text; nothing from an empty text.
fn integer(value: &Value) -> Result<Value, String> {
    let wrong = || format!("{} is no whole number", times::shown(value));
    match value {
        Value::Null => Ok(Value::Null),
        Value::Number(number) if number.is_i64() || number.is_u64() => Ok(value.clone()),
        Value::String(text) if text.trim().is_empty() => Ok(Value::Null),
        Value::String(text) => text.trim().parse::<i64>().map(Value::from).map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

/// Yes or no from the words that backends have for it.
fn truth(value: &Value) -> Result<Value, String> {
    let text = match value {
        Value::Null | Value::Bool(_) => return Ok(value.clone()),
        Value::String(text) => text.trim().to_ascii_lowercase(),
        other => other.to_string(),
    };
    match text.as_str() {
        "" => Ok(Value::Null),
        "1" | "true" | "yes" | "y" | "on" | "是" => Ok(true.into()),
        "0" | "false" | "no" | "n" | "off" | "否" => Ok(false.into()),
        _ => Err(format!("{} is neither yes nor no", times::shown(value))),
    }
}

/// A random UUID, version 4.
fn uuid() -> String {
    let mut bytes: [u8; 16] = rand::random();
    bytes[6] = bytes[6] & 0x0f | 0x40;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    [&hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..]].join("-")
}
