//! What the console colours: the names of a theme.

macro_rules! roles {
    ($($(#[$doc:meta])* $variant:ident $name:literal: $dark:literal, $light:literal, $mono:literal;)+) => {
        /// A piece of the console that has a style of its own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Role {
            $($(#[$doc])* $variant),+
        }

        impl Role {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Its name in a theme.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name),+
                }
            }

            /// The role of a name.
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|role| role.name() == name)
            }

            /// Its styles in the built-in themes: dark, light, mono.
            pub(super) fn built_in(self) -> [&'static str; 3] {
                match self {
                    $(Self::$variant => [$dark, $light, $mono]),+
                }
            }
        }
    };
}

roles! {
    /// Plain text.
    Text "text": "", "", "";
    /// Text that matters less: ids, ages, hints.
    Dim "dim": "#8a8f98", "#6b7078", "dim";
    /// Border of a pane.
    Border "border": "#4b5263", "#b4b8bf", "dim";
    /// Border of the pane that has the keys.
    BorderActive "border_active": "#61afef", "#1d6fb8", "bold";
    /// Title of a pane.
    Title "title": "#abb2bf", "#4b5263", "";
    /// Title of the pane that has the keys.
    TitleActive "title_active": "#61afef bold", "#1d6fb8 bold", "bold";
    /// Headings of columns.
    Heading "heading": "#8a8f98", "#6b7078", "underline";
    /// The header line.
    Header "header": "#d7dae0 on #2c313a", "#24292f on #e6e8eb", "reverse";
    /// The footer line.
    Footer "footer": "#abb2bf", "#4b5263", "";
    /// A key, in footer and help.
    Key "key": "#e5c07b bold", "#8f5d00 bold", "bold";
    /// The row under the cursor, in the pane that has the keys.
    Cursor "cursor": "reverse", "reverse", "reverse";
    /// The row under the cursor of another pane.
    CursorIdle "cursor_idle": "on #2c313a", "on #e6e8eb", "underline";
    /// A marked row.
    Marked "marked": "#c678dd", "#8a3ba8", "bold";
    /// What a search found.
    Match "match": "#e5c07b underline", "#8f5d00 underline", "underline";
    /// The filter in a pane's title.
    Filter "filter": "#56b6c2", "#0b7a85", "";
    /// Overdue.
    Overdue "overdue": "#e06c75 bold", "#b3261e bold", "bold";
    /// Due today.
    Due "due": "#e5c07b", "#8f5d00", "";
    /// Went well.
    Good "good": "#98c379", "#2f7d32", "";
    /// Wants attention.
    Warning "warning": "#e5c07b", "#8f5d00", "bold";
    /// Failed.
    Error "error": "#e06c75 bold", "#b3261e bold", "bold";
    /// A tag.
    Tag "tag": "#56b6c2", "#0b7a85", "";
    /// Stage: lead.
    StageLead "stage_lead": "#8a8f98", "#6b7078", "";
    /// Stage: new.
    StageNew "stage_new": "#61afef", "#1d6fb8", "";
    /// Stage: active.
    StageActive "stage_active": "#98c379", "#2f7d32", "";
    /// Stage: dormant.
    StageDormant "stage_dormant": "#e5c07b", "#8f5d00", "";
    /// Stage: lost.
    StageLost "stage_lost": "#e06c75", "#b3261e", "dim";
    /// Sparklines and bars.
    Spark "spark": "#61afef", "#1d6fb8", "";
    /// Heat table: least.
    Heat1 "heat_1": "#abb2bf on #1f2b33", "#24292f on #e3f0e6", "";
    /// Heat table: little.
    Heat2 "heat_2": "#d7dae0 on #23453b", "#24292f on #bfe0c6", "";
    /// Heat table: much.
    Heat3 "heat_3": "#ffffff on #2d6a4f", "#24292f on #86c79a", "bold";
    /// Heat table: most.
    Heat4 "heat_4": "#ffffff on #a8541c bold", "#ffffff on #b5520a bold", "reverse";
    /// A line one types into.
    Input "input": "", "", "";
    /// What stands in it before anything is typed, and completions.
    Hint "hint": "#5c6370 italic", "#8a8f98 italic", "dim";
    /// A day in the timeline.
    Day "day": "#8a8f98 bold", "#6b7078 bold", "bold";
    /// A kind of event in the timeline.
    Kind "kind": "#c678dd", "#8a3ba8", "";
    /// A box over the panes: help, pickers, palette.
    Popup "popup": "on #21252b", "on #f6f8fa", "";
}
