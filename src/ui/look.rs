//! How this frame looks and speaks: styles, language, time, width mode, in one place.

use std::borrow::Cow;
use std::fmt::Display;

use jiff::Zoned;
use jiff::tz::TimeZone;
use ratatui::layout::Rect;

use super::spark::spark;
use super::styles::Styles;
use super::text::WidthMode;
use crate::app::{App, Width};
use crate::i18n::{self, Lang, Word};
use crate::model::Time;

/// What drawing needs besides the state: made anew for each frame, of what is there already.
#[derive(Debug)]
pub struct Look<'a> {
    /// Styles of the roles.
    pub styles: &'a Styles,
    /// Language of the interface.
    pub lang: Lang,
    /// Width of ambiguous characters.
    pub mode: WidthMode,
    /// No borders, labelled lines.
    pub plain: bool,
    /// The time, as the state knows it, in the operator's zone.
    pub now: Zoned,
    zone: &'a TimeZone,
    app: &'a App,
}

impl<'a> Look<'a> {
    /// The look that the state asks for.
    pub fn new(app: &'a App, styles: &'a Styles) -> Self {
        let settings = &app.settings;
        Self {
            styles,
            lang: settings.lang,
            mode: match settings.width {
                Width::Narrow => WidthMode::Narrow,
                Width::Wide => WidthMode::Wide,
                Width::Ascii => WidthMode::Ascii,
            },
            plain: settings.plain,
            now: app.now.zoned(&settings.zone),
            zone: &settings.zone,
            app,
        }
    }

    /// A phone of a customer, as much of it as may be seen.
    pub fn phone<'p>(&self, customer: &str, phone: &'p str) -> Cow<'p, str> {
        if self.app.shows_phone_of(customer) {
            Cow::Borrowed(phone)
        } else {
            Cow::Owned(i18n::masked_phone(phone))
        }
    }

    /// A word in the operator's language.
    pub fn say(&self, word: Word) -> &'static str {
        i18n::say(self.lang, word)
    }

    /// A line in the operator's language, its places filled.
    pub fn fill(&self, word: Word, values: &[(&str, &dyn Display)]) -> String {
        i18n::fill(self.say(word), values)
    }

    /// What the operator calls a word of the data model; the word itself where no table has it,
    /// since backends have their own.
    pub fn named<'w>(&self, table: &[(&str, Word)], name: &'w str) -> &'w str {
        i18n::named(table, name).map_or(name, |word| i18n::say(self.lang, word))
    }

    /// A count in few characters.
    pub fn figure(&self, count: u64) -> String {
        i18n::figure(self.lang, i64::try_from(count).unwrap_or(i64::MAX))
    }

    /// The moment in the operator's zone.
    pub fn zoned(&self, at: Time) -> Zoned {
        at.zoned(self.zone)
    }

    /// `今天`, `3天前`; a dash where it never was.
    pub fn ago(&self, at: Option<Time>) -> String {
        at.map_or_else(|| self.none().to_owned(), |at| i18n::ago(self.lang, &self.zoned(at), &self.now))
    }

    /// `今天 15:00`, `!逾期2天`; a dash where nothing is due.
    pub fn due(&self, at: Option<Time>) -> String {
        at.map_or_else(|| self.none().to_owned(), |at| i18n::due(self.lang, &self.zoned(at), &self.now))
    }

    /// `3-17 09:12`; a dash where there is none.
    pub fn stamp(&self, at: Option<Time>) -> String {
        at.map_or_else(|| self.none().to_owned(), |at| i18n::stamp(&self.zoned(at), &self.now))
    }

    /// `3-17`, or `2025-11-02` in another year; a dash where there is none.
    pub fn date(&self, at: Option<Time>) -> String {
        at.map_or_else(|| self.none().to_owned(), |at| i18n::date(self.zoned(at).date(), self.now.date()))
    }

    /// Stands where there is nothing.
    pub fn none(&self) -> &'static str {
        i18n::nothing(self.mode != WidthMode::Narrow)
    }

    /// Between facts on a line, one cell wide.
    pub fn dot(&self) -> &'static str {
        if self.mode == WidthMode::Narrow { "·" } else { "/" }
    }

    /// Behind the heading of the column that rows are sorted by.
    pub fn sort_mark(&self, ascending: bool) -> &'static str {
        match (self.mode, ascending) {
            (WidthMode::Narrow, true) => "↑",
            (WidthMode::Narrow, false) => "↓",
            (_, true) => "^",
            (_, false) => "v",
        }
    }

    /// The last `cells` figures as a sparkline; in the plain mode the figures themselves.
    pub fn spark(&self, figures: &[Option<i64>], cells: usize) -> String {
        if !self.plain {
            return spark(figures, cells, self.mode);
        }
        let shown = figures[figures.len().saturating_sub(cells)..].iter();
        let figures: Vec<_> = shown.map(|figure| figure.map_or_else(|| "?".into(), i18n::exact)).collect();
        figures.join(" ")
    }

    /// Where something stands that is drawn over the panes: a box of this size in the middle, with
    /// one in so many parts of what is free above it. In the plain mode it has the body to itself.
    pub fn over(&self, body: Rect, (width, height): (u16, u16), parts: u16) -> Rect {
        if self.plain {
            return body;
        }
        let (width, height) = (width.min(body.width), height.min(body.height));
        let (x, y) = ((body.width - width) / 2, (body.height - height) / parts.max(1));
        Rect { x: body.x + x, y: body.y + y, width, height }
    }

    /// Between the places of a path.
    pub fn path_mark(&self) -> &'static str {
        if self.mode == WidthMode::Narrow { "›" } else { ">" }
    }
}
