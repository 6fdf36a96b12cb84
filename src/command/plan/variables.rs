//! Variables of a message: `{{customer.name}}` and its like, filled for whoever gets it.
//!
//! What looks like a variable and is none is refused before anything is sent: a customer is not to read
//! `{name}`. Who means the brace itself writes `\{`.

use serde_json::{Value, json};

use super::PlanError;
use crate::model::{Customer, Operator};

/// Variables that are told where one is unknown.
const TOLD: [&str; 7] = [
    "customer.name",
    "customer.called",
    "customer.city",
    "customer.level",
    "customer.points",
    "customer.birthday",
    "operator.name",
];

/// Characters between single braces that a variable's name has at most.
const NAME: usize = 40;

/// A text in its parts.
enum Piece<'t> {
    /// As it is.
    Text(&'t str),
    /// What looks like a variable, as it is written, and the name in it; `doubled` has two braces.
    Name { name: &'t str, written: &'t str, doubled: bool },
}

/// The parts of a text, in their order.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let (mut begun, mut at) = (0, 0);
    while let Some(found) = text[at..].find('{').map(|found| at + found) {
        let escaped = text[begun..found].ends_with('\\');
        let end = if escaped { begun..found - 1 } else { begun..found };
        let name = if escaped { None } else { variable(&text[found..]) };
        pieces.push(Piece::Text(&text[end]));
        begun = found;
        // What is escaped are all the braces that open there.
        let run = text[found..].bytes().take_while(|byte| *byte == b'{').count();
        at = if escaped { found + run } else { found + 1 };
        if let Some(piece) = name {
            if let Piece::Name { written, .. } = &piece {
                (begun, at) = (found + written.len(), found + written.len());
            }
            pieces.push(piece);
        }
    }
    pieces.push(Piece::Text(&text[begun..]));
    pieces
}

/// What looks like a variable and begins here, with its braces.
fn variable(text: &str) -> Option<Piece<'_>> {
    if let Some((name, _)) = text.strip_prefix("{{").and_then(|rest| rest.split_once("}}")) {
        return Some(Piece::Name { name: name.trim(), written: &text[..name.len() + 4], doubled: true });
    }
    let (between, _) = text.strip_prefix('{')?.split_once('}')?;
    let name = between.trim();
    let begins = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let is_name = begins && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '-'));
    (is_name && name.chars().count() <= NAME).then_some(Piece::Name {
        name,
        written: &text[..between.len() + 2],
        doubled: false,
    })
}

/// Looks whether all variables of a text are known, whoever gets it.
///
/// # Errors
/// [`PlanError::Bad`] with the first that is not, and with those that there are.
pub fn check_variables(text: &str) -> Result<(), PlanError> {
    let wrong = pieces(text).into_iter().find_map(|piece| match piece {
        Piece::Name { name, written, doubled } if !(doubled && is_known(name)) => Some(written),
        _ => None,
    });
    let Some(written) = wrong else { return Ok(()) };
    let known = TOLD.map(|name| format!("{{{{{name}}}}}"));
    let zh = format!("变量：可以写 {}；要原样写出花括号，写 \\{{", known.join(" "));
    let en = format!("a variable: there are {}; write \\{{ for the brace itself", known.join(" "));
    Err(PlanError::Bad { field: "text".to_owned(), value: written.to_owned(), wanted: (zh, en) })
}

/// Whether there is such a variable, be it empty for some.
fn is_known(name: &str) -> bool {
    let Some((whose, field)) = name.split_once('.') else { return matches!(name, "brace" | "backslash") };
    let record = match whose {
        "customer" if field == "called" => return true,
        "customer" => json!(Customer::default()),
        "operator" => json!(Operator::default()),
        _ => return false,
    };
    record.get(field.split('.').next().unwrap_or_default()).is_some()
}

/// Fills `{{customer.name}}` and its like, each exactly once: what a customer wrote into a field is
/// never read as a variable. `\{` is a brace that opens nothing.
///
/// # Errors
/// The variable that this customer, or the operator, has nothing for.
pub fn fill(customer: &Customer, operator: Option<&Operator>, text: &str) -> Result<String, String> {
    let mut item = json!({"customer": customer, "operator": operator});
    // What one calls a customer: the company's own note for them comes before what they show.
    if let Some(remark) = customer.remark.as_deref().filter(|remark| !remark.trim().is_empty()) {
        item["customer"]["called"] = remark.into();
    } else {
        item["customer"]["called"] = customer.name.as_str().into();
    }
    // What is filled into a message before may have braces in it: they are written so, and stand for themselves.
    item["brace"] = "{".into();
    item["backslash"] = "\\".into();
    let mut filled = String::new();
    for piece in pieces(text) {
        let (name, written) = match piece {
            Piece::Text(text) => {
                filled.push_str(text);
                continue;
            }
            Piece::Name { name, written, doubled } => (name, Some(written).filter(|_| !doubled)),
        };
        if let Some(written) = written {
            filled.push_str(written);
            continue;
        }
        match item.pointer(&format!("/{}", name.replace('.', "/"))) {
            Some(Value::String(text)) if !text.trim().is_empty() => filled.push_str(text),
            Some(Value::Number(number)) => filled.push_str(&number.to_string()),
            _ => return Err(name.to_owned()),
        }
    }
    Ok(filled)
}
