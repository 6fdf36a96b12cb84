//! A text with places to be filled: `{tag}`, `{customer.city}`, `{today}`.
//!
//! A text is cut into its pieces when the macro is read, and filled when it is planned: what comes
//! into a place is never looked at again, so that no name, note or city can become a place, an
//! argument or a command. `{{customer.name}}`, the variables of messages, pass through as they are.

use std::fmt;

/// A text with places to be filled.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Template {
    pieces: Vec<Piece>,
}

/// A part of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Piece {
    /// As it stands.
    Text(String),
    /// What the name between the braces stands for: a parameter, a field such as `customer.city`,
    /// or one of [`WORDS`].
    Place(String),
}

/// Names that stand for something in every macro, with what each is in Chinese and in English.
pub const WORDS: &[(&str, &str, &str)] = &[
    ("today", "今天的日期", "the date of today"),
    ("now", "日期和时间", "date and time"),
    ("time", "时间", "the time of day"),
    ("month", "年和月", "year and month"),
    ("brace", "左花括号", "an opening brace"),
];

/// What stands for an opening brace that opens nothing.
const BRACE: &str = "{brace}";

impl Template {
    /// Reads a text.
    pub fn read(text: &str) -> Self {
        let mut template = Self::default();
        let mut rest = text;
        while let Some(at) = rest.find('{') {
            template.push_text(&rest[..at]);
            rest = &rest[at..];
            if let Some(whole) = variable(rest) {
                template.push_text(whole);
                rest = &rest[whole.len()..];
            } else if let Some(name) = place(rest) {
                match name {
                    "brace" => template.push_text("{"),
                    name => template.pieces.push(Piece::Place(name.to_owned())),
                }
                rest = &rest[name.len() + 2..];
            } else {
                template.push_text("{");
                rest = &rest[1..];
            }
        }
        template.push_text(rest);
        template
    }

    /// A text that has no places, whatever it looks like.
    pub fn literal(text: &str) -> Self {
        let mut template = Self::default();
        template.push_text(text);
        template
    }

    /// A single place.
    pub fn of(name: &str) -> Self {
        Self { pieces: vec![Piece::Place(name.to_owned())] }
    }

    /// Its pieces, in their order; no two texts stand side by side.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// Names of its places.
    pub fn places(&self) -> impl Iterator<Item = &str> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Place(name) => Some(name.as_str()),
            Piece::Text(_) => None,
        })
    }

    /// The text, where it has no places.
    pub fn as_literal(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [] => Some(""),
            [Piece::Text(text)] => Some(text),
            _ => None,
        }
    }

    /// The name, where it is one place and nothing else.
    pub fn as_place(&self) -> Option<&str> {
        match self.pieces.as_slice() {
            [Piece::Place(name)] => Some(name),
            _ => None,
        }
    }

    /// The text with every place filled, each exactly once.
    ///
    /// # Errors
    /// As `fill` says of the first place that cannot be filled.
    pub fn fill<E>(&self, mut fill: impl FnMut(&str) -> Result<String, E>) -> Result<String, E> {
        let mut filled = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => filled.push_str(text),
                Piece::Place(name) => filled.push_str(&fill(name)?),
            }
        }
        Ok(filled)
    }

    fn push_text(&mut self, text: &str) {
        match self.pieces.last_mut() {
            _ if text.is_empty() => {}
            Some(Piece::Text(last)) => last.push_str(text),
            _ => self.pieces.push(Piece::Text(text.to_owned())),
        }
    }
}

/// A variable of messages that begins here, with its braces.
fn variable(text: &str) -> Option<&str> {
    let end = text.strip_prefix("{{")?.find("}}")?;
    Some(&text[..end + 4])
}

/// The name of a place that begins here.
fn place(text: &str) -> Option<&str> {
    let name = text.strip_prefix('{')?.split_once('}')?.0;
    let begins = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    (begins && name.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c))).then_some(name)
}

/// Whether a name can stand between braces.
pub fn is_name(name: &str) -> bool {
    place(&format!("{{{name}}}")) == Some(name) && !name.contains('.')
}

impl fmt::Display for Template {
    /// As it is written: reading that gives the same again.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for piece in &self.pieces {
            match piece {
                Piece::Place(name) => write!(f, "{{{name}}}")?,
                Piece::Text(text) => {
                    let mut rest = text.as_str();
                    while let Some(at) = rest.find('{') {
                        f.write_str(&rest[..at])?;
                        rest = &rest[at..];
                        let opens = rest[1..].starts_with(|c: char| c.is_alphabetic() || "_{".contains(c));
                        let taken = match variable(rest) {
                            Some(whole) => whole,
                            None if opens || rest.len() == 1 => BRACE,
                            None => "{",
                        };
                        f.write_str(taken)?;
                        rest = &rest[if taken == BRACE { 1 } else { taken.len() }..];
                    }
                    f.write_str(rest)?;
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn told(text: &str) -> Vec<String> {
        let piece = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Place(name) => format!("<{name}>"),
        };
        Template::read(text).pieces().iter().map(piece).collect()
    }

    #[test]
    fn places_are_names_in_braces_and_nothing_else_is() {
        assert_eq!(told("a {tag} b"), ["a ", "<tag>", " b"]);
        assert_eq!(told("{customer.city}{today}"), ["<customer.city>", "<today>"]);
        assert_eq!(told("{标签}"), ["<标签>"]);
        assert_eq!(told("{{customer.name}} 您好 {x}"), ["{{customer.name}} 您好 ", "<x>"]);
        for plain in [r#"{"city": 1}"#, "{ x }", "{}", "{", "{x", "{{x}", "{1}"] {
            let told = told(plain);
            assert!(
                told.len() <= 2 && told.concat().replace(['<', '>'], "").len() + 2 >= plain.len(),
                "{plain}"
            );
        }
        assert_eq!(told("{brace}x}"), ["{x}"]);
        assert_eq!(Template::literal("{x}").to_string(), "{brace}x}");
    }

    #[test]
    fn what_is_filled_in_is_not_read_again() {
        let template = Template::read("{a}{a}-{b}");
        let filled = template.fill(|name| Ok::<_, ()>(if name == "a" { "{b}".into() } else { "{a}".into() }));
        assert_eq!(filled, Ok("{b}{b}-{a}".to_owned()));
    }

    proptest! {
        #[test]
        fn a_template_comes_back_as_it_was_printed(
            parts in prop::collection::vec(("[a{}. \"]{0,6}", prop::option::of("[a-z_][a-z0-9_.-]{0,5}")), 0..5),
        ) {
            let mut template = Template::default();
            for (text, name) in parts {
                template.push_text(&text);
                template.pieces.extend(name.filter(|name| name != "brace").map(Piece::Place));
            }
            prop_assert_eq!(Template::read(&template.to_string()), template);
        }

        #[test]
        fn any_text_can_be_written_so_that_it_is_itself(text in "[a-z{}]{0,12}|.{0,20}") {
            let template = Template::literal(&text);
            let again = Template::read(&template.to_string());
            prop_assert_eq!(again.as_literal(), Some(text.as_str()));
        }
    }
}
