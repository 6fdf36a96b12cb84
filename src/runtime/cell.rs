//! One value of a record as the text of a cell: bare, masked, or as a field of CSV.

use serde_json::Value;

use crate::i18n::masked_phone;

/// Hides the middle of the phones in a field, where it is one of those that have any.
pub fn mask_phones(name: &str, value: &mut Value) {
    match (name, value) {
        ("phone" | "phones", Value::String(phone)) => *phone = masked_phone(phone),
        ("phones", Value::Array(phones)) => phones.iter_mut().for_each(|phone| mask_phones(name, phone)),
        ("channels", Value::Array(channels)) => {
            for channel in channels.iter_mut().filter(|channel| channel["kind"] == "phone") {
                if let Some(id) = channel.get_mut("id") {
                    mask_phones("phone", id);
                }
            }
        }
        _ => {}
    }
}

/// A value as bare text.
pub fn plain(value: &Value) -> String {
    let bare = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    };
    match value {
        Value::Null => String::new(),
        Value::Array(items) => {
            let texts: Option<Vec<String>> = items.iter().map(bare).collect();
            texts.map_or_else(|| value.to_string(), |texts| texts.join(";"))
        }
        Value::Object(fields) if fields.is_empty() => String::new(),
        _ => bare(value).unwrap_or_else(|| value.to_string()),
    }
}

/// Values that begin with one of these are formulas to a spreadsheet.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// A field of RFC 4180. A missing value is nothing at all, an empty text is a pair of quotes. A text
/// that a spreadsheet would run gets an apostrophe before it, unless it is wanted `raw`; numbers
/// stay numbers.
pub fn csv(value: &Value, raw: bool) -> String {
    let mut text = plain(value);
    if !raw && !value.is_number() && text.starts_with(FORMULA) {
        text.insert(0, '\'');
    }
    let quote = text.contains([',', '"', '\r', '\n'])
        || text.starts_with([' ', '\t'])
        || text.ends_with([' ', '\t'])
        || value.as_str() == Some("");
    if quote { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}
