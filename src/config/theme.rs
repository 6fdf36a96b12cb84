//! Themes: `dark`, `light`, `mono`, a file, and `[theme]` over any of them.

use std::collections::BTreeMap;

use toml::de::{DeTable, DeValue};

use super::{Background, Color, ColorDepth, Role, Style};
use crate::i18n::words::config as words;
use crate::reading::quoted;
use crate::reading::{Reader, entries, kind, nearest};

/// A style for every [`Role`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Theme {
    base: Base,
    /// What the theme file and `[theme]` say.
    over: BTreeMap<Role, Style>,
    styles: Vec<Style>,
}

/// A built-in theme, or the choice between two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    Auto,
    Dark,
    Light,
    Mono,
}

impl Default for Theme {
    fn default() -> Self {
        Self::new(Base::Auto, BTreeMap::new(), ColorDepth::True)
    }
}

impl Theme {
    /// Names of the built-in themes.
    pub const NAMES: [&str; 4] = ["auto", "dark", "light", "mono"];

    fn new(base: Base, over: BTreeMap<Role, Style>, depth: ColorDepth) -> Self {
        let column = match (base, depth) {
            (Base::Mono, _) => 2,
            (Base::Auto | Base::Dark, ColorDepth::Ansi16) => 3,
            (Base::Light, ColorDepth::Ansi16) => 4,
            (Base::Auto | Base::Dark, _) => 0,
            (Base::Light, _) => 1,
        };
        let styles = Role::ALL
            .iter()
            // every built-in style parses: a test reads them all
            .map(|role| {
                over.get(role)
                    .copied()
                    .unwrap_or_else(|| Style::parse(role.built_in()[column]).unwrap_or_default())
            })
            .collect();
        Self { base, over, styles }
    }

    /// A built-in theme.
    pub fn named(name: &str) -> Option<Self> {
        let base = match name {
            "auto" => Base::Auto,
            "dark" => Base::Dark,
            "light" => Base::Light,
            "mono" => Base::Mono,
            _ => return None,
        };
        Some(Self::new(base, BTreeMap::new(), ColorDepth::True))
    }

    /// How a piece of the console looks.
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// Fitted to a terminal: `auto` becomes dark or light by what lies behind the text (dark
    /// where that is [`Background::Auto`] still), and colours become those that there are.
    /// Without colours the marks of `mono` stand in where a style has nothing else to show.
    pub fn at(&self, depth: ColorDepth, background: Background) -> Self {
        let base = match (self.base, background) {
            (Base::Auto, Background::Light) => Base::Light,
            (Base::Auto, _) => Base::Dark,
            (base, _) => base,
        };
        let base = if depth == ColorDepth::None { Base::Mono } else { base };
        let mut theme = Self::new(base, self.over.clone(), depth);
        for style in &mut theme.styles {
            *style = style.recolor(|color: Color| match depth {
                ColorDepth::None => None,
                ColorDepth::Ansi16 => Some(color.to_ansi()),
                ColorDepth::Indexed => Some(color.to_indexed()),
                ColorDepth::True => Some(color),
            });
        }
        theme
    }

    /// The same with the styles of a table over it: a theme file, or `[theme]`.
    pub(super) fn over(self, reader: &mut Reader<'_>, table: &DeTable<'_>) -> Self {
        let mut over = self.over;
        for (name, value) in entries(table) {
            let Some(role) = Role::parse(name.value) else {
                let hint = nearest(name.value, Role::ALL.iter().map(|role| role.name()))
                    .map(|near| words::MEANT.with("name", near));
                let hint = hint.unwrap_or_else(|| {
                    let names: Vec<_> = Role::ALL.iter().map(|role| role.name()).collect();
                    words::KNOWN_ARE.with("names", names.join(", "))
                });
                reader.refuse(name.span, words::NO_ROLE.with("name", quoted(name.value)), Some(hint));
                continue;
            };
            match value.get_ref() {
                DeValue::String(text) => match Style::parse(text) {
                    Ok(style) => {
                        over.insert(role, style);
                    }
                    Err(error) => {
                        let start = text.find(&error.word).unwrap_or(0);
                        let span = reader.inside(&value.span(), text, start..start + error.word.len());
                        let message = words::NO_STYLE.with("word", quoted(&error.word));
                        reader.refuse(span, message, Some(words::COLOURS_ARE.into()));
                    }
                },
                other => {
                    let message = words::NOT_A
                        .with("name", name.value)
                        .with("wanted", words::A_STYLE)
                        .with("kind", kind(other));
                    reader.refuse(value.span(), message, Some(words::COLOURS_ARE.into()));
                }
            }
        }
        Self::new(self.base, over, ColorDepth::True)
    }

    /// What the theme file and `[theme]` say, by name.
    pub(super) fn overrides(&self) -> BTreeMap<String, String> {
        self.over.iter().map(|(role, style)| (role.name().to_owned(), style.to_string())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_built_in_style_parses_and_roles_have_their_own_names() {
        for role in Role::ALL {
            for style in role.built_in() {
                assert!(Style::parse(style).is_ok(), "{}: {style}", role.name());
            }
            assert_eq!(Role::parse(role.name()), Some(*role));
        }
    }

    #[test]
    fn without_colours_what_matters_is_still_marked() {
        let theme = Theme::default().at(ColorDepth::None, Background::Dark);
        for role in Role::ALL {
            let style = theme.style(*role);
            assert_eq!((style.fg, style.bg), (None, None), "{}", role.name());
        }
        assert!(theme.style(Role::Cursor).reverse);
        assert!(theme.style(Role::Overdue).bold);
    }

    #[test]
    fn roles_that_must_differ_do_at_every_depth_and_ground() {
        use Role as R;
        let stages = [R::StageLead, R::StageNew, R::StageActive, R::StageDormant, R::StageLost];
        let heat = [R::Heat1, R::Heat2, R::Heat3, R::Heat4];
        let sets: [&[Role]; 11] = [
            &[R::Text, R::Dim, R::Overdue, R::Due, R::Good, R::Marked],
            &[R::Dim, R::Error, R::Warning, R::Good],
            &[R::Border, R::BorderActive],
            &[R::Title, R::TitleActive],
            &[R::Text, R::Cursor, R::CursorIdle],
            &[R::Footer, R::Key],
            &[R::Input, R::Hint, R::Error],
            &[R::Title, R::Filter, R::Dim],
            &[R::Text, R::Match],
            &stages,
            &heat,
        ];
        for depth in [ColorDepth::Ansi16, ColorDepth::Indexed, ColorDepth::True] {
            for background in [Background::Dark, Background::Light] {
                let theme = Theme::default().at(depth, background);
                for set in sets {
                    for (at, one) in set.iter().enumerate() {
                        for other in &set[at + 1..] {
                            let (a, b) = (theme.style(*one), theme.style(*other));
                            assert_ne!(a, b, "{depth:?} {background:?}: {} {}", one.name(), other.name());
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn of_sixteen_colours_overdue_is_red_and_good_is_green() {
        for (background, red, green) in [(Background::Dark, 9, 10), (Background::Light, 1, 2)] {
            let theme = Theme::default().at(ColorDepth::Ansi16, background);
            assert_eq!(theme.style(Role::Overdue).fg, Some(Color::Ansi(red)));
            assert_eq!(theme.style(Role::Good).fg, Some(Color::Ansi(green)));
        }
    }

    #[test]
    fn auto_follows_the_background_and_the_depth() {
        let light = Theme::default().at(ColorDepth::True, Background::Light);
        assert_eq!(light.style(Role::Tag), Theme::named("light").unwrap().style(Role::Tag));
        let dark = Theme::named("dark").unwrap().at(ColorDepth::Ansi16, Background::Light);
        assert!(matches!(dark.style(Role::Tag).fg, Some(Color::Ansi(_))));
    }
}
