//! Signed requests: by filters over the request as it is sent, or by a program that is told the same.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::backend::file::Sign;
use crate::backend::http::Call;
use crate::backend::mapping::{Bindings, Filter};
use crate::backend::program;

/// How long a program may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Bytes that a program may print.
const LONGEST: u64 = 64 << 10;

/// Signs a request to `path`, which is whole.
///
/// # Errors
/// What went wrong on the way; no secret is in it but by the filter's own words.
pub async fn sign(sign: &Sign, call: &mut Call, path: &str, bindings: &Bindings) -> Result<(), String> {
    let seen = seen(call, path);
    let mut signed = vec![
        (false, given("headers", sign.headers.as_ref(), &seen, bindings)?),
        (true, given("query", sign.query.as_ref(), &seen, bindings)?),
    ];
    if let Some(argv) = sign.program.clone() {
        let told = seen.to_string();
        let printed = tokio::task::spawn_blocking(move || run(&argv, &told, PATIENCE));
        let printed = printed.await.map_err(|error| error.to_string())??;
        let mut printed: Map<String, Value> = serde_json::from_str(&printed)
            .map_err(|error| format!("the signing program printed no JSON object: {error}"))?;
        for (is_query, key) in [(false, "headers"), (true, "query")] {
            if let Some(Value::Object(given)) = printed.remove(key) {
                signed.push((is_query, given));
            }
        }
    }
    for (is_query, pairs) in signed {
        let into = if is_query { &mut call.query } else { &mut call.headers };
        for (name, value) in pairs {
            let text = match value {
                Value::Null => continue,
                Value::String(text) => text,
                other => other.to_string(),
            };
            into.push((name, text));
        }
    }
    Ok(())
}

/// The request as it is signed.
fn seen(call: &Call, path: &str) -> Value {
    let now = jiff::Timestamp::now();
    let body = call.body.as_ref().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned());
    let mut query = Map::new();
    for (name, text) in &call.query {
        let text = Value::from(text.as_str());
        match query.get_mut(name) {
            None => drop(query.insert(name.clone(), text)),
            Some(Value::Array(list)) => list.push(text),
            Some(one) => *one = json!([one.take(), text]),
        }
    }
    json!({
        "method": call.method, "path": path, "query": query, "body": body.unwrap_or_default(),
        "time": now.as_second(), "time_ms": now.as_millisecond(), "nonce": format!("{:032x}", rand::random::<u128>()),
    })
}

fn given(
    name: &str,
    filter: Option<&Filter>,
    seen: &Value,
    bindings: &Bindings,
) -> Result<Map<String, Value>, String> {
    let Some(filter) = filter else { return Ok(Map::new()) };
    match filter.one(seen, bindings).map_err(|what| format!("sign.{name}: {what}"))? {
        Value::Object(given) => Ok(given),
        Value::Null => Ok(Map::new()),
        _ => Err(format!("sign.{name} gives no object")),
    }
}

/// Runs the program without a shell; gives what it prints.
fn run(argv: &[String], told: &str, patience: Duration) -> Result<String, String> {
    let Some((program, arguments)) = argv.split_first() else { return Err("sign.program is empty".into()) };
    program::run(program, arguments, Some(told.to_owned()), (LONGEST, patience))
        .map_err(|what| format!("the signing program {program}: {what}"))
}
