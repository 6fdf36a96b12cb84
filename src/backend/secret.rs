//! A text that must not be seen.

use std::fmt;

/// A secret such as a token. Neither `Debug` nor `Display` gives it away.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Keeps `text` secret from here on.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the one place that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// `text` with every occurrence of the secret replaced by `***`, also as a query or a path has it.
    pub fn mask(&self, text: &str) -> String {
        if self.0.is_empty() {
            return text.to_owned();
        }
        let mut masked = text.replace(&self.0, "***");
        for space in ["%20", "+"] {
            let encoded = |plain: &'static [u8]| -> String {
                let one = |byte: u8| match byte {
                    b' ' => space.to_owned(),
                    byte if byte.is_ascii_alphanumeric() || plain.contains(&byte) => {
                        (byte as char).to_string()
                    }
                    byte => format!("%{byte:02X}"),
                };
                self.0.bytes().map(one).collect()
            };
            for plain in [&b"-._~"[..], b"*-._"] {
                masked = masked.replace(&encoded(plain), "***");
            }
        }
        masked
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_prints_it() {
        let secret = Secret::new("hunter2");
        assert_eq!(format!("{secret} {secret:?} {:?}", Some(&secret)), "*** *** Some(***)");
        assert_eq!(secret.mask("token hunter2 is bad"), "token *** is bad");
        assert_eq!(Secret::new("").mask("as it is"), "as it is");
        assert_eq!(Secret::new("a b/+").mask("?t=a+b%2F%2B&p=a%20b%2F%2B"), "?t=***&p=***");
    }
}
