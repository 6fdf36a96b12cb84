//! A key, and its name: `j`, `G`, `C-p`, `S-tab`, `space`, `f1`.

use std::fmt;
use std::ops::Range;

/// What is on the key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A character, with Shift already in it: `G`, not Shift and `g`.
    Char(char),
    /// Return.
    Enter,
    /// Escape.
    Esc,
    /// Tabulator; back-tab is the same with Shift.
    Tab,
    /// Delete backwards.
    Backspace,
    /// Delete forwards.
    Delete,
    /// Insert.
    Insert,
    /// Home.
    Home,
    /// End.
    End,
    /// Page up.
    PageUp,
    /// Page down.
    PageDown,
    /// Arrow up.
    Up,
    /// Arrow down.
    Down,
    /// Arrow left.
    Left,
    /// Arrow right.
    Right,
    /// A function key, 1 to 24.
    F(u8),
}

/// Names of the keys that are no character, and of the one character that needs a name.
const NAMES: &[(&str, Code)] = &[
    ("space", Code::Char(' ')),
    ("enter", Code::Enter),
    ("esc", Code::Esc),
    ("tab", Code::Tab),
    ("backspace", Code::Backspace),
    ("delete", Code::Delete),
    ("insert", Code::Insert),
    ("home", Code::Home),
    ("end", Code::End),
    ("pgup", Code::PageUp),
    ("pgdn", Code::PageDown),
    ("up", Code::Up),
    ("down", Code::Down),
    ("left", Code::Left),
    ("right", Code::Right),
    // other programs' names for the same
    ("return", Code::Enter),
    ("ret", Code::Enter),
    ("escape", Code::Esc),
    ("del", Code::Delete),
    ("ins", Code::Insert),
    ("pageup", Code::PageUp),
    ("pagedown", Code::PageDown),
];

/// One stroke: a key with its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// What is on the key.
    pub code: Code,
    /// With Ctrl.
    pub ctrl: bool,
    /// With Alt.
    pub alt: bool,
    /// With Shift; never set on a character, where Shift is in the character.
    pub shift: bool,
}

impl Key {
    /// A key in its one normal form: Shift goes into a character, and Ctrl knows no case.
    pub fn new(code: Code, ctrl: bool, alt: bool, shift: bool) -> Self {
        match code {
            Code::Char(c) if ctrl => {
                Self { code: Code::Char(c.to_ascii_lowercase()), ctrl, alt, shift: false }
            }
            Code::Char(c) if shift => {
                Self { code: Code::Char(c.to_ascii_uppercase()), ctrl, alt, shift: false }
            }
            code => Self { code, ctrl, alt, shift },
        }
    }

    /// A character without modifiers.
    pub fn char(c: char) -> Self {
        Self::new(Code::Char(c), false, false, false)
    }

    /// A key without modifiers.
    pub fn plain(code: Code) -> Self {
        Self::new(code, false, false, false)
    }

    /// The character that the key types, where it types one.
    pub fn typed(self) -> Option<char> {
        match self.code {
            Code::Char(c) if !self.ctrl && !self.alt && !c.is_control() => Some(c),
            _ => None,
        }
    }

    /// The digit that the key types.
    pub fn digit(self) -> Option<u32> {
        self.typed().and_then(|c| c.to_digit(10))
    }

    /// The key that an operator means who left the input method on: full-width ASCII and the
    /// Chinese punctuation that an input method puts on the keys of ASCII punctuation.
    pub fn to_ascii(self) -> Self {
        let Code::Char(c) = self.code else { return self };
        let ascii = match c {
            '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
            '\u{3000}' => ' ',
            '、' => '/',
            '。' => '.',
            '【' => '[',
            '】' => ']',
            '《' => '<',
            '》' => '>',
            c => c,
        };
        Self { code: Code::Char(ascii), ..self }
    }

    /// Whether only an input method can have typed it, so that it is on where keys are commands.
    pub fn is_input_method(self) -> bool {
        matches!(
            self.typed(),
            Some('\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
        )
    }

    /// Reads one name.
    ///
    /// # Errors
    /// [`KeyError`], with the span of the whole name.
    pub fn parse(name: &str) -> Result<Self, KeyError> {
        let wrong = |problem: &'static str| KeyError { name: name.to_owned(), problem, span: 0..name.len() };
        let (mut ctrl, mut alt, mut shift) = (false, false, false);
        let mut rest = name;
        while let Some((modifier, after)) =
            rest.split_once('-').filter(|(m, after)| m.len() == 1 && !after.is_empty())
        {
            match modifier {
                "C" | "c" => ctrl = true,
                "A" | "a" | "M" | "m" => alt = true,
                "S" | "s" => shift = true,
                _ => return Err(wrong("only C-, A- and S- go before a key")),
            }
            rest = after;
        }
        let mut chars = rest.chars();
        let code = match (chars.next(), chars.next()) {
            (None, _) => return Err(wrong("a key has a name")),
            (Some(c), None) if c.is_control() || c.is_whitespace() => {
                return Err(wrong("write the key by its name, such as space or enter"));
            }
            (Some(c), None) => Code::Char(c),
            _ => named(rest).ok_or_else(|| wrong("there is no such key"))?,
        };
        if shift && matches!(code, Code::Char(c) if !c.is_ascii_alphabetic()) {
            return Err(wrong("write the character that Shift gives instead of S-"));
        }
        Ok(Self::new(code, ctrl, alt, shift))
    }
}

fn named(name: &str) -> Option<Code> {
    let lower = name.to_ascii_lowercase();
    if let Some((_, code)) = NAMES.iter().find(|(known, _)| *known == lower) {
        return Some(*code);
    }
    let number = lower.strip_prefix('f')?.parse().ok()?;
    (1..=24).contains(&number).then_some(Code::F(number))
}

/// The name, as [`Key::parse`] takes it.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (on, prefix) in [(self.ctrl, "C-"), (self.alt, "A-"), (self.shift, "S-")] {
            if on {
                f.write_str(prefix)?;
            }
        }
        match (self.code, NAMES.iter().find(|(_, code)| *code == self.code)) {
            (_, Some((name, _))) => f.write_str(name),
            (Code::Char(c), None) => write!(f, "{c}"),
            (Code::F(number), None) => write!(f, "f{number}"),
            // every other code stands in NAMES
            (_, None) => Ok(()),
        }
    }
}

/// Why a name is no key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name:?} is no key: {problem}")]
pub struct KeyError {
    /// What was written.
    pub name: String,
    /// What is wrong with it.
    pub problem: &'static str,
    /// Where in the text that was read, in bytes.
    pub span: Range<usize>,
}

/// Reads a sequence: names with spaces between, such as `g g`.
///
/// # Errors
/// [`KeyError`] for the first name that is no key, or where there is none.
pub fn parse_keys(text: &str) -> Result<Vec<Key>, KeyError> {
    let mut keys = Vec::new();
    let mut at = 0;
    for name in text.split(' ') {
        if !name.is_empty() {
            let key = Key::parse(name).map_err(|mut error| {
                error.span = at..at + name.len();
                error
            })?;
            keys.push(key);
        }
        at += name.len() + 1;
    }
    if keys.is_empty() {
        return Err(KeyError {
            name: text.to_owned(),
            problem: "a sequence has at least one key",
            span: 0..text.len(),
        });
    }
    Ok(keys)
}

/// The sequence as [`parse_keys`] takes it.
pub fn print_keys(keys: &[Key]) -> String {
    keys.iter().map(Key::to_string).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_come_back_as_they_were_written() {
        for name in [
            "j",
            "G",
            "C-p",
            "S-tab",
            "A-x",
            "space",
            "enter",
            "esc",
            "pgdn",
            "f1",
            "f24",
            "<",
            "-",
            "C--",
            "C-A-delete",
            "/",
            "中",
        ] {
            assert_eq!(Key::parse(name).unwrap().to_string(), name);
        }
        assert_eq!(parse_keys(" g  C-x ").unwrap().len(), 2);
        assert_eq!(print_keys(&parse_keys("g space").unwrap()), "g space");
    }

    #[test]
    fn one_stroke_has_one_form() {
        assert_eq!(Key::parse("S-g"), Key::parse("G"));
        assert_eq!(Key::parse("C-P"), Key::parse("C-p"));
        assert_eq!(Key::parse("Return"), Key::parse("enter"));
        assert_eq!(Key::new(Code::Char('g'), false, false, true), Key::char('G'));
    }

    #[test]
    fn what_is_no_key_is_refused_where_it_stands() {
        for name in ["", "f0", "f25", "shift", "X-a", "\t", "S-1", "C-"] {
            assert!(Key::parse(name).is_err(), "{name:?}");
        }
        let error = parse_keys("g gg").unwrap_err();
        assert_eq!((error.span, error.name.as_str()), (2..4, "gg"));
        assert!(parse_keys("  ").is_err());
    }

    #[test]
    fn full_width_keys_mean_their_ascii_ones() {
        for (wide, ascii) in "：／？；，ａＧ　、【】".chars().zip(":/?;,aG /[]".chars()) {
            assert_eq!(Key::char(wide).to_ascii(), Key::char(ascii));
        }
        assert!(Key::char('中').is_input_method());
        assert!(!Key::char('j').is_input_method());
        assert!(!Key::parse("C-中").unwrap().is_input_method());
    }

    proptest! {
        #[test]
        fn any_printed_key_parses_to_itself(c in proptest::char::any(), ctrl: bool, alt: bool, shift: bool) {
            prop_assume!(!c.is_control() && (c == ' ' || !c.is_whitespace()));
            let key = Key::new(Code::Char(c), ctrl, alt, shift);
            prop_assert_eq!(Key::parse(&key.to_string()), Ok(key));
        }
    }
}
