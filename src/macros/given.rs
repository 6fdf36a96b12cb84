//! What is given for the parameters of a macro: `tag=VIP note="two words"`.

use std::fmt;

/// Values by the names of parameters, in the order in which they were given. `name@id` gives one for a
/// single record.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    values: Vec<(String, String)>,
}

/// Why a text gives nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GivenError {
    /// A word without `=`.
    #[error("{word:?} is no name=value")]
    NoValue {
        /// The word.
        word: String,
    },
    /// A quote that is not closed.
    #[error("the quote is not closed")]
    OpenQuote,
    /// A name stands twice.
    #[error("{name} is given twice")]
    Twice {
        /// The name.
        name: String,
    },
}

impl Given {
    /// Reads the words behind `macro.run NAME`.
    ///
    /// # Errors
    /// [`GivenError`].
    pub fn read(text: &str) -> Result<Self, GivenError> {
        let mut given = Self::default();
        let mut rest = text.trim();
        while !rest.is_empty() {
            let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
            let (name, after) = rest.split_at(end);
            let no_value = || GivenError::NoValue { word: name.to_owned() };
            let after = after.strip_prefix('=').filter(|_| !name.is_empty()).ok_or_else(no_value)?;
            let (value, after) = word(after)?;
            given.add(name, value)?;
            rest = after.trim_start();
        }
        Ok(given)
    }

    /// Adds one value.
    ///
    /// # Errors
    /// [`GivenError::Twice`].
    pub fn add(&mut self, name: &str, value: impl Into<String>) -> Result<(), GivenError> {
        if self.get(name).is_some() {
            return Err(GivenError::Twice { name: name.to_owned() });
        }
        self.values.push((name.to_owned(), value.into()));
        Ok(())
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.values.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// All names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.values.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// Whether nothing is given.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

/// One value, in quotes or up to the next blank, and what stands behind it.
fn word(text: &str) -> Result<(String, &str), GivenError> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(char::is_whitespace).unwrap_or(text.len());
        return Ok((text[..end].to_owned(), &text[end..]));
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((value, &quoted[at + 1..])),
            '\\' => value.extend(chars.next().map(|(_, escaped)| escaped)),
            c => value.push(c),
        }
    }
    Err(GivenError::OpenQuote)
}

impl fmt::Display for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.iter().enumerate() {
            let plain =
                !value.is_empty() && !value.contains(|c: char| c.is_whitespace() || c == '"' || c == '\\');
            f.write_str(if index > 0 { " " } else { "" })?;
            if plain {
                write!(f, "{name}={value}")?;
            } else {
                write!(f, "{name}=\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn values_are_words_or_quoted() {
        let given = Given::read(r#" tag=VIP note="a \"b\" c"  when= "#).unwrap();
        assert_eq!(given.get("note"), Some("a \"b\" c"));
        assert_eq!(given.get("when"), Some(""));
        assert!(matches!(Given::read("tag"), Err(GivenError::NoValue { .. })));
        assert!(matches!(Given::read("a=1 a=2"), Err(GivenError::Twice { .. })));
        assert_eq!(Given::read("a=\"1"), Err(GivenError::OpenQuote));
    }

    proptest! {
        #[test]
        fn what_is_given_comes_back(values in prop::collection::btree_map("[a-z_]{1,5}", ".{0,12}", 0..4)) {
            let mut given = Given::default();
            for (name, value) in values {
                given.add(&name, value).unwrap();
            }
            prop_assert_eq!(Given::read(&given.to_string()), Ok(given));
        }
    }
}
