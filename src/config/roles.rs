//! What the console colours: the names of a theme.

macro_rules! roles {
    ($($(#[$doc:meta])* $variant:ident $name:literal: $dark:literal, $light:literal, $mono:literal, $dark16:literal, $light16:literal;)+) => {
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

            /// Its styles in the built-in themes: dark, light, mono, then dark and light of sixteen
            /// colours. Those are chosen, not computed: the nearest of the sixteen is grey for
            /// almost everything. On a light ground there is no yellow, which nobody can read there.
            pub(super) fn built_in(self) -> [&'static str; 5] {
                match self {
                    $(Self::$variant => [$dark, $light, $mono, $dark16, $light16]),+
                }
            }
        }
    };
}

roles! {
    /// Plain text.
    Text "text": "", "", "", "", "";
    /// Text that matters less: ids, ages, hints.
    Dim "dim": "#8a8f98", "#6b7078", "dim", "bright-black", "bright-black";
    /// Border of a pane.
    Border "border": "#4b5263", "#b4b8bf", "dim", "bright-black", "bright-black";
    /// Border of the pane that has the keys.
    BorderActive "border_active": "#61afef", "#1d6fb8", "bold", "bright-blue", "blue";
    /// Title of a pane.
    Title "title": "#abb2bf", "#4b5263", "", "", "";
    /// Title of the pane that has the keys.
    TitleActive "title_active": "#61afef bold", "#1d6fb8 bold", "bold reverse", "bright-blue bold", "blue bold";
    /// Headings of columns.
    Heading "heading": "#8a8f98", "#6b7078", "underline", "bright-black", "bright-black";
    /// The header line.
    Header "header": "#d7dae0 on #2c313a", "#24292f on #e6e8eb", "reverse", "bright-white on black", "black on white";
    /// The footer line.
    Footer "footer": "#abb2bf", "#4b5263", "", "", "";
    /// A key, in footer and help.
    Key "key": "#e5c07b bold", "#8f5d00 bold", "bold", "bright-yellow bold", "blue bold";
    /// The row under the cursor, in the pane that has the keys.
    Cursor "cursor": "reverse", "reverse", "reverse", "reverse", "reverse";
    /// The row under the cursor of another pane.
    CursorIdle "cursor_idle": "on #2c313a", "on #e6e8eb", "underline", "underline", "underline";
    /// A marked row.
    Marked "marked": "#c678dd", "#8a3ba8", "bold", "bright-magenta", "magenta bold";
    /// What a search found.
    Match "match": "#e5c07b underline", "#8f5d00 underline", "underline", "bright-yellow underline", "magenta underline";
    /// The filter in a pane's title.
    Filter "filter": "#56b6c2", "#0b7a85", "", "bright-cyan", "blue";
    /// Overdue.
    Overdue "overdue": "#e06c75 bold", "#b3261e bold", "bold", "bright-red bold", "red bold";
    /// Due today.
    Due "due": "#e5c07b", "#8f5d00", "", "bright-yellow", "magenta";
    /// Went well.
    Good "good": "#98c379", "#2f7d32", "", "bright-green", "green";
    /// Wants attention.
    Warning "warning": "#e5c07b", "#8f5d00", "bold", "bright-yellow", "magenta bold";
    /// Failed.
    Error "error": "#e06c75 bold", "#b3261e bold", "bold", "bright-red bold", "red bold";
    /// A tag.
    Tag "tag": "#56b6c2", "#0b7a85", "", "bright-cyan", "cyan";
    /// Stage: lead.
    StageLead "stage_lead": "#8a8f98", "#6b7078", "", "white", "bright-black";
    /// Stage: new.
    StageNew "stage_new": "#61afef", "#1d6fb8", "", "bright-blue", "blue";
    /// Stage: active.
    StageActive "stage_active": "#98c379", "#2f7d32", "", "bright-green", "green";
    /// Stage: dormant.
    StageDormant "stage_dormant": "#e5c07b", "#8f5d00", "", "bright-yellow", "magenta";
    /// Stage: lost.
    StageLost "stage_lost": "#e06c75", "#b3261e", "dim", "bright-red", "red";
    /// Sparklines and bars.
    Spark "spark": "#61afef", "#1d6fb8", "", "bright-blue", "blue";
    /// Heat table: least.
    Heat1 "heat_1": "#abb2bf on #1f2b33", "#24292f on #e3f0e6", "", "cyan", "bright-black";
    /// Heat table: little.
    Heat2 "heat_2": "#d7dae0 on #23453b", "#24292f on #bfe0c6", "", "bright-cyan", "blue";
    /// Heat table: much.
    Heat3 "heat_3": "#ffffff on #2d6a4f", "#24292f on #86c79a", "bold", "black on cyan", "black on cyan";
    /// Heat table: most.
    Heat4 "heat_4": "#ffffff on #a8541c bold", "#ffffff on #b5520a bold", "reverse", "black on bright-cyan bold", "bright-white on blue bold";
    /// A line one types into.
    Input "input": "", "", "", "", "";
    /// What stands in it before anything is typed, and completions.
    Hint "hint": "#5c6370 italic", "#8a8f98 italic", "dim", "bright-black", "bright-black";
    /// A day in the timeline.
    Day "day": "#8a8f98 bold", "#6b7078 bold", "bold", "bold", "bold";
    /// A kind of event in the timeline.
    Kind "kind": "#c678dd", "#8a3ba8", "", "bright-magenta", "magenta";
    /// A box over the panes: help, pickers, palette.
    Popup "popup": "on #21252b", "on #f6f8fa", "", "on black", "on white";
}
