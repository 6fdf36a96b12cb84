//! Money in rows for the eye, as the console writes it; exports keep the minor units of the record.

use serde_json::{Map, Value};

use super::cell::plain;
use crate::i18n::money_exact;

/// Fields that are money, in minor units of the record's `currency`.
pub(super) const MONEY: [&str; 2] = ["ltv", "amount"];

/// Writes money as the console does, exact: `￥1,234`, `￥1,234.50`; of what was ordered, each with its
/// name and how many.
pub fn show_money(name: &str, value: &mut Value, record: &Map<String, Value>) {
    let currency = record.get("currency").and_then(Value::as_str).unwrap_or("CNY");
    let exact = |minor: &Value| minor.as_i64().map(|minor| money_exact(minor, currency));
    let shown = match &*value {
        Value::Array(items) if name == "items" => {
            let of = |item: &Value| {
                let word = |name: &str| item.get(name).filter(|value| !value.is_null()).map(plain);
                let qty = word("qty").filter(|qty| qty != "1").map(|qty| format!("x{qty}"));
                let name = word("name").or_else(|| word("sku"));
                let parts = [name, qty, item.get("amount").and_then(exact)];
                parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
            };
            Some(items.iter().map(of).collect::<Vec<_>>().join("; "))
        }
        _ if MONEY.contains(&name) => exact(value),
        _ => None,
    };
    if let Some(text) = shown {
        *value = Value::String(text);
    }
}
