//! Reading JSON that somebody else wrote.
//!
//! `serde_json` is strict where real backends are not: it refuses a byte order mark, half of a
//! surrogate pair and bytes that are no UTF-8. None of these may cost a page, so they are mended
//! first, and the caller is told that something was, so that it can name the records concerned.
//! Depth stays limited (128), and numbers keep every digit.

use std::borrow::Cow;

use serde_json::Value;

/// So many values are taken at most: a thousand records of five hundred each. A value takes some 70
/// bytes of memory, whatever it takes on the line (`{},{},…`).
const MOST_VALUES: usize = 500_000;

/// The document, and whether `\u{fffd}` was put where the text could not be kept.
///
/// # Errors
/// What is wrong and where, where the text is no JSON even so.
pub(super) fn parse(bytes: &[u8]) -> Result<(Value, bool), String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes);
    let mut mended = matches!(text, Cow::Owned(_));
    let text = match without_halves(&text) {
        Some(whole) => {
            mended = true;
            Cow::Owned(whole)
        }
        None => text,
    };
    let values = values(text.as_bytes());
    if values > MOST_VALUES {
        return Err(format!("it has {values} values, and {MOST_VALUES} are taken at most"));
    }
    serde_json::from_str(&text).map(|value| (value, mended)).map_err(|wrong| wrong.to_string())
}

/// About how many values a document has: what commas and brackets outside of texts begin.
fn values(bytes: &[u8]) -> usize {
    let (mut count, mut quoted, mut at) = (0, false, 0);
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => quoted = !quoted,
            b'\\' if quoted => at += 1,
            b',' | b'{' | b'[' if !quoted => count += 1,
            _ => {}
        }
        at += 1;
    }
    count
}

/// The text with escapes of lone surrogates replaced by `\ufffd`; `None` where there are none.
fn without_halves(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut halves = Vec::new();
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|&byte| byte == b'\\') {
        at += found;
        match surrogate(bytes, at) {
            Some(0xd800..=0xdbff) if matches!(surrogate(bytes, at + 6), Some(0xdc00..=0xdfff)) => at += 12,
            Some(_) => {
                halves.push(at);
                at += 6;
            }
            None => at = (at + 2).min(bytes.len()),
        }
    }
    if halves.is_empty() {
        return None;
    }
    let mut whole = String::with_capacity(text.len());
    let mut from = 0;
    for half in halves {
        whole.push_str(&text[from..half]);
        whole.push_str("\\ufffd");
        from = half + 6;
    }
    whole.push_str(&text[from..]);
    Some(whole)
}

/// The surrogate whose escape begins at `at`.
fn surrogate(bytes: &[u8], at: usize) -> Option<u16> {
    let escape = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    if !escape.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    let code = u16::from_str_radix(std::str::from_utf8(escape).ok()?, 16).ok()?;
    (0xd800..=0xdfff).contains(&code).then_some(code)
}

/// Paths of the texts of `item` that hold `\u{fffd}`.
pub(super) fn replaced(item: &Value) -> Vec<String> {
    fn walk(value: &Value, path: &str, found: &mut Vec<String>) {
        match value {
            Value::String(text) if text.contains('\u{fffd}') => found.push(path.to_owned()),
            Value::Array(list) => {
                for (index, value) in list.iter().enumerate() {
                    walk(value, &format!("{path}[{index}]"), found);
                }
            }
            Value::Object(map) => {
                for (key, value) in map {
                    let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                    walk(value, &path, found);
                }
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    walk(item, "", &mut found);
    found
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn half_a_pair_is_replaced_and_a_whole_one_kept() {
        let (value, mended) =
            parse(br#"["\ud83d\ude00","a\ud800b","\uDC00\uD83D","\\ud800","\ud800\n"]"#).unwrap();
        assert!(mended);
        assert_eq!(value, json!(["😀", "a\u{fffd}b", "\u{fffd}\u{fffd}", "\\ud800", "\u{fffd}\n"]));
        assert_eq!(replaced(&value), ["[1]", "[2]", "[4]"]);
    }

    #[test]
    fn a_mark_and_stray_bytes_do_not_cost_the_page() {
        assert_eq!(parse(b"\xef\xbb\xbf[1]").unwrap(), (json!([1]), false));
        assert_eq!(parse(b"{\"n\":\"a\xe5b\"}").unwrap(), (json!({"n": "a\u{fffd}b"}), true));
    }

    #[test]
    fn depth_and_rubbish_are_errors() {
        assert!(parse("[".repeat(100_000).as_bytes()).unwrap_err().contains("recursion"));
        for text in ["", "<html>", "[1,]", "\\", "\"\\", "\"\\ud8"] {
            assert!(parse(text.as_bytes()).is_err(), "{text}");
        }
    }

    #[test]
    fn many_small_values_are_refused_and_long_texts_are_not() {
        let many = format!("[{}0]", "{},".repeat(MOST_VALUES));
        assert!(parse(many.as_bytes()).unwrap_err().contains("values"));
        let text = "\",[{\\".repeat(MOST_VALUES / 2);
        let json = serde_json::to_string(&text).unwrap();
        assert_eq!(parse(json.as_bytes()).unwrap().0, Value::String(text));
    }

    #[test]
    fn long_numbers_keep_every_digit() {
        let (value, _) = parse(b"[123456789012345678901234567890,0.1000000000000000000001]").unwrap();
        assert_eq!(value.to_string(), "[123456789012345678901234567890,0.1000000000000000000001]");
    }

    proptest! {
        #[test]
        fn good_text_is_left_alone(text in any::<String>()) {
            let json = serde_json::to_string(&text).unwrap();
            prop_assert_eq!(parse(json.as_bytes()).unwrap(), (Value::String(text), false));
        }

        #[test]
        fn any_run_of_escapes_can_be_read(units in proptest::collection::vec(any::<u16>(), 0..20)) {
            let json: String = units.iter().map(|unit| format!("\\u{unit:04x}")).collect();
            let (value, _) = parse(format!("\"{json}\"").as_bytes()).unwrap();
            prop_assert_eq!(value.as_str().unwrap(), String::from_utf16_lossy(&units));
        }

        #[test]
        fn nothing_makes_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = parse(&bytes);
        }
    }
}
