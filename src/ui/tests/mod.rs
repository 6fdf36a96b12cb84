//! Every view, drawn from states that the console's own events made.

mod community;
mod laws;
mod neighbours;
mod telling;
mod troubles;
mod views;
mod writing;

use std::sync::Arc;

use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::{Position, Rect};

use super::{Cx, draw};
use crate::app::{App, Effect, Event, Settings};
use crate::config::{Background, ColorDepth, Theme};
use crate::i18n::Lang;
use crate::keymap::parse_keys;
use crate::model::view::Unsettled;
use crate::model::{Time, WriteState};
use crate::query::ask::Answer;
use jiff::tz::TimeZone;

pub(super) use community::answer;

/// A console with a community in it, and a buffer to look at.
pub(super) struct Console {
    pub app: App,
    pub now: Time,
    /// What was to be done, but for questions.
    pub effects: Vec<Effect>,
    /// Where writes to the first records of each answer stand.
    pub writes: Vec<WriteState>,
}

impl Console {
    pub fn new(lang: Lang, width: u16, height: u16) -> Self {
        Self::with(settings(lang), width, height)
    }

    pub fn with(settings: Settings, width: u16, height: u16) -> Self {
        let now = Time::parse("2026-03-17T10:42:00+08:00").unwrap();
        let mut console =
            Self { app: App::new(Arc::new(settings), now), now, effects: Vec::new(), writes: Vec::new() };
        console.event(Event::Resize { width, height });
        let effects = console.app.start();
        console.run(effects);
        console.app.header.link =
            crate::app::Link::Online { latency: std::time::Duration::from_millis(38), live: Some(true) };
        console
    }

    /// Runs effects until none is left, as the runtime would: questions are answered.
    fn run(&mut self, effects: Vec<Effect>) {
        let mut waiting = effects;
        while let Some(effect) = waiting.pop() {
            match effect {
                Effect::Ask(id, ask) => {
                    let mut answer = answer(&ask);
                    marked(&mut answer, &self.writes);
                    waiting.extend(self.app.absorb(Event::Answer(id, Ok(answer)), self.now));
                }
                other => self.effects.push(other),
            }
        }
    }

    pub fn event(&mut self, event: Event) -> &mut Self {
        let effects = self.app.absorb(event, self.now);
        self.run(effects);
        self
    }

    /// Presses keys, named as the configuration names them.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace().flat_map(|name| parse_keys(name).unwrap()) {
            self.event(Event::Key(key));
        }
        self
    }

    pub fn types(&mut self, text: &str) -> &mut Self {
        self.event(Event::Paste(text.to_owned()))
    }

    pub fn buffer(&self) -> (Buffer, Option<Position>) {
        let (width, height) = self.app.size;
        let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
        let theme = Theme::default().at(ColorDepth::True, Background::Dark);
        let caret = draw(&self.app, &Cx::new(&theme), &mut buffer);
        (buffer, caret)
    }

    /// What a terminal would show, the caret as a last line.
    pub fn screen(&self) -> String {
        let (buffer, caret) = self.buffer();
        let mut text = lines(&buffer).join("\n");
        if let Some(caret) = caret {
            text.push_str(&format!("\ncaret {},{}", caret.x, caret.y));
        }
        text
    }
}

/// Says of the first records of an answer that writes to them stand so.
fn marked(answer: &mut Answer, states: &[WriteState]) {
    let standing = |state: WriteState| {
        let words = (state == WriteState::Failed).then(|| "the remark is too long".to_owned());
        Unsettled { state, words }
    };
    let mut states = states.iter().map(|state| Some(standing(*state)));
    match answer {
        Answer::Customers(window) => {
            window.rows.iter_mut().zip(states).for_each(|(at, state)| at.row.write = state)
        }
        Answer::FollowUps(window) => {
            window.rows.iter_mut().zip(states).for_each(|(at, state)| at.row.write = state)
        }
        Answer::Events(window) => {
            window.rows.iter_mut().zip(states).for_each(|(at, state)| at.row.write = state)
        }
        Answer::Tags(tags) => tags.iter_mut().zip(states).for_each(|(tag, state)| tag.write = state),
        Answer::Customer(Some(view)) => view.row.write = states.next_back().flatten(),
        Answer::FollowUp(Some(view)) => view.row.write = states.next_back().flatten(),
        Answer::Overview(overview) => {
            overview.unsent = states.len() as u64;
            overview.failed =
                states.flatten().filter(|standing| standing.state == WriteState::Failed).count() as u64;
        }
        _ => {}
    }
}

/// The rows of a buffer as text, without blanks at their ends.
pub(super) fn lines(buffer: &Buffer) -> Vec<String> {
    let area = buffer.area;
    (area.top()..area.bottom())
        .map(|y| {
            let (mut line, mut x) = (String::new(), area.left());
            while x < area.right() {
                let cell = &buffer[(x, y)];
                line.push_str(cell.symbol());
                x += cell.cell_width().max(1);
            }
            line.trim_end().to_owned()
        })
        .collect()
}

pub(super) fn settings(lang: Lang) -> Settings {
    let zone = TimeZone::get("Asia/Shanghai").unwrap();
    Settings { profile: "杭州旗舰店".to_owned(), lang, zone, ..Settings::default() }
}
