//! The command language: `name arg "an arg" …`, as on the `:` line, in keys and in macros.

use std::ops::Range;

use super::{Arg, ArgKind, Command, Risk, Verb, specs};

/// Why a line is no command.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// Nothing stands there.
    #[error("no command")]
    Empty,
    /// There is no command of that name.
    #[error("no command is called {name:?}{}", nearest.map(|n| format!("; did you mean {n:?}?")).unwrap_or_default())]
    Unknown {
        /// What was written.
        name: String,
        /// Where, in bytes of the line.
        span: Range<usize>,
        /// The nearest name there is.
        nearest: Option<&'static str>,
    },
    /// An argument is missing.
    #[error("{command} needs {arg}")]
    Missing {
        /// The command.
        command: &'static str,
        /// The argument's name.
        arg: &'static str,
        /// Where it should stand, in bytes of the line.
        span: Range<usize>,
    },
    /// An argument is not what it should be.
    #[error("{command}: {value:?} is not {wanted}")]
    Wrong {
        /// The command.
        command: &'static str,
        /// What was written.
        value: String,
        /// What it takes.
        wanted: String,
        /// Where, in bytes of the line.
        span: Range<usize>,
    },
    /// There is more than the command takes.
    #[error("{command} takes nothing more")]
    TooMany {
        /// The command.
        command: &'static str,
        /// Where the rest begins and ends, in bytes of the line.
        span: Range<usize>,
    },
    /// A quote is not closed.
    #[error("the quote is not closed")]
    OpenQuote {
        /// Where it opens, in bytes of the line.
        span: Range<usize>,
    },
}

impl CommandError {
    /// The part of the line that is wrong, in bytes.
    pub fn span(&self) -> Range<usize> {
        match self {
            Self::Empty => 0..0,
            Self::Unknown { span, .. }
            | Self::Missing { span, .. }
            | Self::Wrong { span, .. }
            | Self::TooMany { span, .. }
            | Self::OpenQuote { span } => span.clone(),
        }
    }
}

/// Reads a line.
///
/// # Errors
/// [`CommandError`], with the place in the line.
pub fn parse(line: &str) -> Result<Command, CommandError> {
    let mut words = Words { line, at: 0 };
    let (name, span) = words.next()?.ok_or(CommandError::Empty)?;
    let Some(verb) = Verb::parse(&name) else {
        let nearest = nearest(&name);
        return Err(CommandError::Unknown { name, span, nearest });
    };
    let spec = verb.spec();
    let mut args = Vec::with_capacity(spec.args.len());
    for arg in spec.args {
        let found = match arg.kind {
            ArgKind::Rest if spec.risk != Risk::Read => words.text(),
            ArgKind::Rest => words.rest(), // a filter reads its quotes itself
            _ => words.next()?,
        };
        match found {
            Some((value, span)) => args.push(check(spec.id, arg, value, span)?),
            None if arg.required => {
                return Err(CommandError::Missing {
                    command: spec.id,
                    arg: arg.name,
                    span: line.len()..line.len(),
                });
            }
            None => break,
        }
    }
    match words.rest() {
        Some((_, span)) => Err(CommandError::TooMany { command: spec.id, span }),
        None => Ok(Command { verb, args, count: None }),
    }
}

fn check(
    command: &'static str,
    arg: &Arg,
    value: String,
    span: Range<usize>,
) -> Result<String, CommandError> {
    let wanted = match arg.kind {
        ArgKind::Number if value.parse::<i64>().is_err() => "a whole number".to_owned(),
        ArgKind::Choice(words) if !words.contains(&value.as_str()) => format!("one of {}", words.join(", ")),
        _ => return Ok(value),
    };
    Err(CommandError::Wrong { command, value, wanted, span })
}

fn nearest(name: &str) -> Option<&'static str> {
    specs()
        .iter()
        .map(|spec| (strsim::jaro_winkler(name, spec.id), spec.id))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, id)| id)
}

pub(super) fn print(command: &Command, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    let spec = command.spec();
    f.write_str(spec.id)?;
    for (value, arg) in command.args.iter().zip(spec.args) {
        let rest = arg.kind == ArgKind::Rest;
        // What is said with blanks at its ends keeps them in quotes.
        let whole = !value.is_empty() && !value.starts_with('"') && value.trim() == value;
        let bare = spec.risk == Risk::Read || whole;
        let plain = rest && bare
            || !rest
                && (!value.is_empty()
                    && !value.contains(|c: char| c.is_whitespace() || c == '"' || c == '\\'));
        if plain {
            write!(f, " {value}")?;
        } else {
            write!(f, " \"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))?;
        }
    }
    Ok(())
}

struct Words<'a> {
    line: &'a str,
    at: usize,
}

type Word = Option<(String, Range<usize>)>;

impl Words<'_> {
    fn skip_space(&mut self) {
        let rest = &self.line[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn next(&mut self) -> Result<Word, CommandError> {
        self.skip_space();
        let start = self.at;
        let mut chars = self.line[start..].char_indices();
        match chars.next() {
            None => Ok(None),
            Some((_, '"')) => {
                let mut value = String::new();
                while let Some((at, c)) = chars.next() {
                    match c {
                        '"' => {
                            self.at = start + at + 1;
                            return Ok(Some((value, start..self.at)));
                        }
                        // Before any other character it stands for itself, as in a shell.
                        '\\' => match chars.clone().next() {
                            Some((_, escaped @ ('"' | '\\'))) => {
                                value.push(escaped);
                                chars.next();
                            }
                            _ => value.push('\\'),
                        },
                        c => value.push(c),
                    }
                }
                Err(CommandError::OpenQuote { span: start..self.line.len() })
            }
            Some(_) => {
                let rest = &self.line[start..];
                let end = start + rest.find(char::is_whitespace).unwrap_or(rest.len());
                self.at = end;
                Ok(Some((self.line[start..end].to_owned(), start..end)))
            }
        }
    }

    /// The rest; without its quotes where it is one quoted text.
    fn text(&mut self) -> Word {
        self.skip_space();
        let start = self.at;
        if let Ok(Some((value, span))) = self.next()
            && self.line[start..].starts_with('"')
            && self.line[self.at..].trim().is_empty()
        {
            return Some((value, span));
        }
        self.at = start;
        self.rest()
    }

    fn rest(&mut self) -> Word {
        self.skip_space();
        let span = self.at..self.at + self.line[self.at..].trim_end().len();
        self.at = self.line.len();
        if span.is_empty() { None } else { Some((self.line[span.clone()].to_owned(), span)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_back_as_it_was_printed() {
        for line in [
            "cursor.down",
            r#"filter.set tag:VIP -city:"New York""#,
            r#"view.open "my \"own\" view""#,
            "copy phone",
        ] {
            assert_eq!(parse(line).unwrap().to_string(), line);
        }
    }

    #[test]
    fn a_text_that_is_quoted_whole_is_what_stands_in_the_quotes() {
        for (line, text) in [
            (r#"customer.set name """#, ""),
            (r#"customer.set name "A \"B\" C""#, r#"A "B" C"#),
            (r#"customer.set name "A" B"#, r#""A" B"#),
            (r#"customer.set name 5" rim"#, r#"5" rim"#),
            (r#"customer.set name "A"#, r#""A"#),
            (r#"customer.set name " A ""#, " A "),
        ] {
            let command = parse(line).unwrap();
            assert_eq!(command.args, ["name", text], "{line}");
            assert_eq!(parse(&command.to_string()).unwrap(), command, "{command}");
        }
        assert_eq!(parse(r#"note.add "   ""#).unwrap().args, ["   "]);
        assert_eq!(parse(r#"filter.set "New York""#).unwrap().args, [r#""New York""#]);
    }

    #[test]
    fn mistakes_say_where_and_what_was_meant() {
        assert_eq!(
            parse("  cursor.dwn").unwrap_err(),
            CommandError::Unknown { name: "cursor.dwn".into(), span: 2..12, nearest: Some("cursor.down") }
        );
        assert!(matches!(parse("filter.set  ").unwrap_err(), CommandError::Missing { arg: "filter", .. }));
        assert_eq!(parse("copy shoe").unwrap_err().span(), 5..9);
        assert_eq!(parse("help me please").unwrap_err().span(), 5..14);
        assert_eq!(parse("view.open \"x").unwrap_err(), CommandError::OpenQuote { span: 10..12 });
        assert_eq!(parse(" ").unwrap_err(), CommandError::Empty);
    }
}
