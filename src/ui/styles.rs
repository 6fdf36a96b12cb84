//! What each role on the screen looks like.
//!
//! A role never speaks by colour alone: an overdue date has a `!`, the cursor a `>`, a stage its
//! word. Without colours the roles differ by bold, dim, underline and reverse.

use ratatui::style::{Color, Modifier, Style};

use crate::config::{self, Role, Theme};

/// The styles of all roles.
#[derive(Clone, Debug, PartialEq)]
pub struct Styles {
    /// What is read.
    pub text: Style,
    /// The name of what one looks at.
    pub strong: Style,
    /// What is there if one looks for it.
    pub dim: Style,
    /// Borders.
    pub border: Style,
    /// Border of the part that takes the keys.
    pub border_focused: Style,
    /// Title of a part.
    pub title: Style,
    /// Title of the part that takes the keys.
    pub title_focused: Style,
    /// Filter and order behind a title.
    pub note: Style,
    /// Counts at the right of a title.
    pub figures: Style,
    /// Headings of columns.
    pub heading: Style,
    /// The row under the cursor, in the part that takes the keys.
    pub cursor: Style,
    /// The row under the cursor elsewhere.
    pub cursor_idle: Style,
    /// Marked rows.
    pub mark: Style,
    /// Done, growing.
    pub good: Style,
    /// Shrinking, worth a look.
    pub warn: Style,
    /// Due today.
    pub due: Style,
    /// Overdue.
    pub bad: Style,
    /// Failed.
    pub failed: Style,
    /// Tags.
    pub tag: Style,
    /// Keys in footer, help and which-key.
    pub key: Style,
    /// The first line.
    pub header: Style,
    /// The last line.
    pub footer: Style,
    /// What one types.
    pub input: Style,
    /// What could be typed.
    pub hint: Style,
    /// A day of the timeline.
    pub day: Style,
    /// A kind of event.
    pub kind: Style,
    /// A mistake in what is typed.
    pub error: Style,
    /// Stages, in the order of the lifecycle.
    pub stages: [Style; 5],
    /// Strengths of the heat table, weakest first.
    pub heat: [Style; 4],
    /// Lines of figures.
    pub spark: Style,
    /// The ground of what lies over the screen.
    pub over: Style,
}

impl Styles {
    /// The styles of a theme that is fitted to the terminal already.
    pub fn of(theme: &Theme) -> Self {
        let role = |role: Role| ratatui_style(theme.style(role));
        let text = role(Role::Text);
        Self {
            text,
            strong: text.add_modifier(Modifier::BOLD),
            dim: role(Role::Dim),
            border: role(Role::Border),
            border_focused: role(Role::BorderActive),
            title: role(Role::Title),
            title_focused: role(Role::TitleActive),
            note: role(Role::Filter),
            figures: role(Role::Dim),
            heading: role(Role::Heading),
            cursor: role(Role::Cursor),
            cursor_idle: role(Role::CursorIdle),
            mark: role(Role::Marked),
            good: role(Role::Good),
            warn: role(Role::Warning),
            due: role(Role::Due),
            bad: role(Role::Overdue),
            tag: role(Role::Tag),
            key: role(Role::Key),
            header: role(Role::Header),
            footer: role(Role::Footer),
            input: role(Role::Input),
            hint: role(Role::Hint),
            error: role(Role::Error).add_modifier(Modifier::UNDERLINED),
            failed: role(Role::Error),
            day: role(Role::Day),
            kind: role(Role::Kind),
            stages: [Role::StageLead, Role::StageNew, Role::StageActive, Role::StageDormant, Role::StageLost]
                .map(role),
            heat: [Role::Heat1, Role::Heat2, Role::Heat3, Role::Heat4].map(role),
            spark: role(Role::Spark),
            over: role(Role::Popup),
        }
    }
}

fn ratatui_style(style: config::Style) -> Style {
    let mut modifier = Modifier::empty();
    for (on, bit) in [
        (style.bold, Modifier::BOLD),
        (style.dim, Modifier::DIM),
        (style.italic, Modifier::ITALIC),
        (style.underline, Modifier::UNDERLINED),
        (style.reverse, Modifier::REVERSED),
    ] {
        modifier.set(bit, on);
    }
    let mut made = Style::new().add_modifier(modifier);
    made.fg = style.fg.map(color);
    made.bg = style.bg.map(color);
    made
}

/// The sixteen by their names, so that the terminal draws them in its owner's colours.
fn color(color: config::Color) -> Color {
    const ANSI: [Color; 16] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    match color {
        config::Color::Ansi(index) => ANSI[usize::from(index & 15)],
        config::Color::Indexed(index) => Color::Indexed(index),
        config::Color::Rgb(r, g, b) => Color::Rgb(r, g, b),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Background, ColorDepth};

    #[test]
    fn without_colours_no_style_has_one() {
        let styles = Styles::of(&Theme::default().at(ColorDepth::None, Background::Dark));
        for style in [styles.text, styles.bad, styles.cursor, styles.over, styles.heat[3], styles.stages[4]] {
            assert_eq!((style.fg, style.bg), (None, None));
        }
        assert!(styles.cursor.add_modifier.contains(Modifier::REVERSED));
        assert!(styles.bad.add_modifier.contains(Modifier::BOLD));
    }

    #[test]
    fn sixteen_colours_are_the_terminals_own() {
        let styles = Styles::of(&Theme::default().at(ColorDepth::Ansi16, Background::Dark));
        assert!(!matches!(styles.bad.fg, Some(Color::Indexed(_) | Color::Rgb(..)) | None));
    }
}
