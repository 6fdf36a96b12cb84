//! What each role on the screen looks like.
//!
//! A role never speaks by colour alone: an overdue date has a `!`, the cursor a `>`, a stage its
//! word. Without colours the roles differ by bold, dim, underline and reverse.

use ratatui::style::{Color, Modifier, Style};

/// The styles of all roles.
#[derive(Clone, Debug, PartialEq)]
pub struct Styles {
    /// What is read.
    pub text: Style,
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
    /// Soon due, shrinking.
    pub warn: Style,
    /// Overdue, failed.
    pub bad: Style,
    /// Names and links.
    pub accent: Style,
    /// Tags.
    pub tag: Style,
    /// Keys in footer, help and which-key.
    pub key: Style,
    /// The first line.
    pub header: Style,
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
    /// Colours of the terminal's own sixteen, which its owner has chosen: right on light and dark
    /// grounds alike.
    pub fn ansi() -> Self {
        let fg = |color: Color| Style::new().fg(color);
        let bold = |style: Style| style.add_modifier(Modifier::BOLD);
        let mono = Self::mono();
        Self {
            dim: fg(Color::DarkGray),
            border: fg(Color::DarkGray),
            border_focused: fg(Color::Cyan),
            title_focused: bold(fg(Color::Cyan)).add_modifier(Modifier::REVERSED),
            note: fg(Color::Yellow),
            figures: fg(Color::DarkGray),
            heading: bold(fg(Color::DarkGray)),
            mark: bold(fg(Color::Magenta)),
            good: fg(Color::Green),
            warn: fg(Color::Yellow),
            bad: bold(fg(Color::Red)),
            accent: bold(Style::new()),
            tag: fg(Color::Cyan),
            key: bold(fg(Color::Cyan)),
            error: fg(Color::Red).add_modifier(Modifier::UNDERLINED),
            stages: [
                fg(Color::Blue),
                fg(Color::Cyan),
                fg(Color::Green),
                fg(Color::Yellow),
                fg(Color::DarkGray),
            ],
            heat: [
                fg(Color::Reset),
                fg(Color::Green),
                bold(fg(Color::Green)),
                bold(fg(Color::Green)).add_modifier(Modifier::REVERSED),
            ],
            spark: fg(Color::Green),
            ..mono
        }
    }

    /// Without any colour.
    pub fn mono() -> Self {
        let plain = Style::new();
        let bold = plain.add_modifier(Modifier::BOLD);
        let dim = plain.add_modifier(Modifier::DIM);
        let reversed = plain.add_modifier(Modifier::REVERSED);
        let underlined = plain.add_modifier(Modifier::UNDERLINED);
        Self {
            text: plain,
            dim,
            border: dim,
            border_focused: plain,
            title: plain,
            title_focused: bold.add_modifier(Modifier::REVERSED),
            note: plain,
            figures: plain,
            heading: bold,
            cursor: reversed,
            cursor_idle: bold,
            mark: bold,
            good: plain,
            warn: bold,
            bad: bold,
            accent: bold,
            tag: plain,
            key: bold,
            header: plain,
            error: underlined.add_modifier(Modifier::BOLD),
            stages: [plain, plain, plain, dim, dim],
            heat: [plain, plain, bold, reversed],
            spark: plain,
            over: plain,
        }
    }
}
