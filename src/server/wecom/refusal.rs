//! How WeCom says no.

use serde_json::{Map, Value, json};

/// Why a request is refused: WeCom's code, and what stands before its hint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    pub code: i64,
    pub text: String,
}

/// A handler's answer, without `errcode`.
pub type Answer = Result<Map<String, Value>, Refusal>;

/// A refusal.
pub fn refuse<T>(code: i64, text: &str) -> Result<T, Refusal> {
    Err(Refusal { code, text: text.to_owned() })
}

impl Refusal {
    /// As it is answered: with the list that was asked for, empty, where the endpoint has one.
    pub fn body(&self, hint: u64, from: &str, list: &str) -> Value {
        let Self { code, text } = self;
        let more = format!("more info at https://open.work.weixin.qq.com/devtool/query?e={code}");
        let mut body = Map::from_iter([
            ("errcode".to_owned(), json!(code)),
            ("errmsg".to_owned(), json!(format!("{text}, hint: [{hint}], from ip: {from}, {more}"))),
        ]);
        if !list.is_empty() {
            body.insert(list.to_owned(), json!([]));
        }
        Value::Object(body)
    }
}

/// An answer of one member.
pub fn only(name: &str, value: impl Into<Value>) -> Answer {
    Ok(Map::from_iter([(name.to_owned(), value.into())]))
}

/// An answer with nothing in it.
pub fn done() -> Answer {
    Ok(Map::new())
}

/// What a request says, read strictly: WeCom takes a wrong type for a missing parameter.
pub struct Asked<'a> {
    pub query: &'a [(String, String)],
    pub body: &'a Value,
    /// Seconds since the epoch, by the simulator's clock.
    pub now: i64,
}

impl Asked<'_> {
    /// A text of the body.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.body.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// A text of the body that has to be there.
    pub fn wants(&self, name: &str, code: i64) -> Result<&str, Refusal> {
        self.text(name).map_or_else(|| refuse(code, &format!("missing {name}")), Ok)
    }

    /// A parameter of the query.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// A list of texts, of at most so many; empty where it is missing.
    pub fn texts(&self, name: &str, most: usize) -> Result<Vec<&str>, Refusal> {
        texts(self.body.get(name), name, most)
    }

    /// A number.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.body.get(name)?.as_i64()
    }

    /// The size of a page: the usual one where none is said, and beyond the maximum.
    pub fn limit(&self, usual: usize, most: usize) -> usize {
        let said = self.number("limit").and_then(|limit| usize::try_from(limit).ok());
        said.filter(|limit| (1..=most).contains(limit)).unwrap_or(usual)
    }
}

/// A list of texts, of at most so many.
pub fn texts<'a>(value: Option<&'a Value>, name: &str, most: usize) -> Result<Vec<&'a str>, Refusal> {
    let list = match value {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(list)) => list,
        Some(_) => return refuse(40058, &format!("{name} is no list")),
    };
    if list.len() > most {
        return refuse(40058, &format!("more than {most} of {name}"));
    }
    list.iter()
        .map(|one| one.as_str().map_or_else(|| refuse(40058, &format!("{name} is no list of texts")), Ok))
        .collect()
}

/// The items from a cursor on, and the cursor behind them. A cursor says what it was given for.
pub fn page<T: Clone>(
    all: &[T],
    cursor: Option<&str>,
    of: &str,
    size: usize,
) -> Result<(Vec<T>, String), Refusal> {
    let from = match cursor.filter(|cursor| !cursor.is_empty()) {
        None => 0,
        Some(cursor) => {
            let at = cursor.strip_prefix("cur-").and_then(|rest| rest.rsplit_once('-'));
            let at = at
                .filter(|(kind, _)| *kind == mark(of))
                .and_then(|(_, at)| usize::from_str_radix(at, 16).ok());
            let Some(at) = at else { return refuse(40058, "invalid cursor") };
            at
        }
    };
    let part: Vec<T> = all.iter().skip(from).take(size).cloned().collect();
    let after = from + part.len();
    let next = if after < all.len() { format!("cur-{}-{after:x}", mark(of)) } else { String::new() };
    Ok((part, next))
}

/// A short word for what a cursor belongs to.
fn mark(of: &str) -> String {
    let sum = of
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, byte| (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    format!("{sum:016x}")
}
