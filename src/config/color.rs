//! Colours and styles, as themes write them: `"yellow on #202020 bold"`.

use std::fmt;

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// One of the sixteen that every terminal has, 0 to 15.
    Ansi(u8),
    /// One of 256.
    Indexed(u8),
    /// Any.
    Rgb(u8, u8, u8),
}

/// Names of the sixteen, in their order.
const NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

/// The sixteen as most terminals show them (xterm's defaults).
const ANSI: [(u8, u8, u8); 16] = [
    (0, 0, 0),
    (205, 0, 0),
    (0, 205, 0),
    (205, 205, 0),
    (0, 0, 238),
    (205, 0, 205),
    (0, 205, 205),
    (229, 229, 229),
    (127, 127, 127),
    (255, 0, 0),
    (0, 255, 0),
    (255, 255, 0),
    (92, 92, 255),
    (255, 0, 255),
    (0, 255, 255),
    (255, 255, 255),
];

/// Levels of the colour cube of the 256.
const LEVELS: [u8; 6] = [0, 95, 135, 175, 215, 255];

impl Color {
    /// Reads `red`, `bright-red`, `gray`, `208` or `#rrggbb`.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(hex) = text.strip_prefix('#') {
            let number =
                u32::from_str_radix(hex, 16).ok().filter(|_| hex.len() == 6 && !hex.starts_with('+'))?;
            let [_, r, g, b] = number.to_be_bytes();
            return Some(Self::Rgb(r, g, b));
        }
        let name = if matches!(text, "gray" | "grey") { "bright-black" } else { text };
        if let Some(index) = NAMES.iter().position(|known| *known == name) {
            return u8::try_from(index).ok().map(Self::Ansi);
        }
        text.parse().ok().map(Self::Indexed)
    }

    /// As red, green and blue.
    pub fn rgb(self) -> (u8, u8, u8) {
        match self {
            Self::Rgb(r, g, b) => (r, g, b),
            Self::Ansi(index) | Self::Indexed(index @ 0..16) => ANSI[usize::from(index & 15)],
            Self::Indexed(index @ 16..232) => {
                let level = |n: u8| LEVELS[usize::from(n % 6)];
                let cube = index - 16;
                (level(cube / 36), level(cube / 6), level(cube))
            }
            Self::Indexed(gray) => {
                let level = 8 + 10 * (gray - 232);
                (level, level, level)
            }
        }
    }

    /// The nearest of the 256.
    pub fn to_indexed(self) -> Self {
        match self {
            Self::Rgb(..) => {
                let near = (16..=255).min_by_key(|index| distance(self.rgb(), Self::Indexed(*index).rgb()));
                Self::Indexed(near.unwrap_or(15))
            }
            other => other,
        }
    }

    /// The nearest of the sixteen.
    pub fn to_ansi(self) -> Self {
        match self {
            Self::Ansi(_) => self,
            Self::Indexed(index @ 0..16) => Self::Ansi(index),
            other => {
                let near = (0..16_u8).min_by_key(|index| distance(other.rgb(), ANSI[usize::from(*index)]));
                Self::Ansi(near.unwrap_or(7))
            }
        }
    }
}

/// How unlike two colours are, weighted as the eye does.
fn distance(a: (u8, u8, u8), b: (u8, u8, u8)) -> u32 {
    let part = |x: u8, y: u8, weight: u32| u32::from(x.abs_diff(y)).pow(2) * weight;
    part(a.0, b.0, 3) + part(a.1, b.1, 6) + part(a.2, b.2, 1)
}

/// As [`Color::parse`] takes it.
impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ansi(index) => f.write_str(NAMES[usize::from(index & 15)]),
            Self::Indexed(index) => write!(f, "{index}"),
            Self::Rgb(r, g, b) => write!(f, "#{r:02x}{g:02x}{b:02x}"),
        }
    }
}

/// How a piece of text looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Style {
    /// Colour of the text; `None` leaves what is there.
    pub fg: Option<Color>,
    /// Colour behind it, likewise.
    pub bg: Option<Color>,
    /// Bold.
    pub bold: bool,
    /// Dim.
    pub dim: bool,
    /// Italic.
    pub italic: bool,
    /// Underlined.
    pub underline: bool,
    /// Text and background exchanged.
    pub reverse: bool,
}

/// Why a text is no style.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{word:?} is neither a colour nor bold, dim, italic, underline or reverse")]
pub struct StyleError {
    /// The word.
    pub word: String,
}

impl Style {
    /// Reads `yellow on #202020 bold`; an empty text changes nothing.
    ///
    /// # Errors
    /// [`StyleError`] with the first word that means nothing.
    pub fn parse(text: &str) -> Result<Self, StyleError> {
        let mut style = Self::default();
        let mut words = text.split_whitespace();
        while let Some(word) = words.next() {
            let wrong = |word: &str| StyleError { word: word.to_owned() };
            match word {
                "bold" => style.bold = true,
                "dim" => style.dim = true,
                "italic" => style.italic = true,
                "underline" => style.underline = true,
                "reverse" => style.reverse = true,
                "on" => {
                    let word = words.next().unwrap_or("on");
                    style.bg = Some(Color::parse(word).ok_or_else(|| wrong(word))?);
                }
                word => style.fg = Some(Color::parse(word).ok_or_else(|| wrong(word))?),
            }
        }
        Ok(style)
    }

    /// The same with its colours changed, or without where `by` gives none.
    pub(super) fn recolor(self, by: impl Fn(Color) -> Option<Color>) -> Self {
        Self { fg: self.fg.and_then(&by), bg: self.bg.and_then(&by), ..self }
    }
}

/// As [`Style::parse`] takes it.
impl fmt::Display for Style {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words = Vec::new();
        words.extend(self.fg.map(|color| color.to_string()));
        words.extend(self.bg.map(|color| format!("on {color}")));
        let marks = [
            (self.bold, "bold"),
            (self.dim, "dim"),
            (self.italic, "italic"),
            (self.underline, "underline"),
            (self.reverse, "reverse"),
        ];
        words.extend(marks.into_iter().filter(|(on, _)| *on).map(|(_, word)| word.to_owned()));
        f.write_str(&words.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_come_back_as_they_were_written() {
        for text in ["", "red", "bright-black on #0a0b0c bold reverse", "208 on 17 dim italic underline"] {
            assert_eq!(Style::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Style::parse("gray").unwrap(), Style::parse("bright-black").unwrap());
        for text in ["redd", "#12345", "#+12345", "256", "on", "red on", "blink"] {
            assert!(Style::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn colours_go_to_the_nearest_that_there_are() {
        assert_eq!(Color::Rgb(255, 0, 0).to_indexed(), Color::Indexed(196));
        assert_eq!(Color::Rgb(128, 128, 128).to_indexed(), Color::Indexed(244));
        assert_eq!(Color::Rgb(250, 5, 5).to_ansi(), Color::Ansi(9));
        assert_eq!(Color::Indexed(196).to_ansi(), Color::Ansi(9));
        assert_eq!(Color::Indexed(3).to_ansi(), Color::Ansi(3));
        assert_eq!(Color::Indexed(231).rgb(), (255, 255, 255));
        assert_eq!(Color::Indexed(255).rgb(), (238, 238, 238));
    }
}
