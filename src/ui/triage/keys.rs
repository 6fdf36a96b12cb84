//! The keys of triage with what they mean now: results by name, dates by the calendar, tags by
//! number. Out of the keymap, like every other list of keys.

use ratatui::layout::Rect;

use super::super::border::{Frame, frame};
use super::super::canvas::Canvas;
use super::super::look::Look;
use super::super::text::{Align, width};
use super::key_of;
use crate::app::App;
use crate::command::{Command, Verb};
use crate::i18n::words::triage as words;

/// A key and what it does; a heading where there is no key.
type Entry = (String, String);

/// Draws the keys in a box of their own.
pub fn panel(canvas: &mut Canvas, look: &Look, app: &App, area: Rect) {
    let title = look.say(words::KEYS);
    let inner = frame(canvas, look, area, Frame { title, ..Frame::default() });
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let more = more(look, app);
    let mut entries = results(look, app);
    entries.push(Entry::default());
    entries.extend(snoozes(look, app));
    entries.push(Entry::default());
    let tags = tags(look, app);
    // Tags give way where there is no room for all.
    let room = usize::from(inner.height).saturating_sub(entries.len() + more.len() + 1);
    entries.extend(tags.into_iter().take(room));
    entries.push(Entry::default());
    entries.extend(more);
    const KEY: u16 = 7;
    for (y, (key, does)) in (inner.y..inner.bottom()).zip(&entries) {
        if key.is_empty() {
            canvas.field(inner.x, y, inner.width, does, Align::Left, look.styles.heading);
            continue;
        }
        canvas.field(inner.x, y, KEY.min(inner.width), key, Align::Left, look.styles.key);
        let x = inner.x + KEY + 1;
        canvas.field(x, y, inner.right().saturating_sub(x), does, Align::Left, look.styles.text);
    }
}

/// Draws the keys in a few lines, as many as there is room for.
pub fn lines(canvas: &mut Canvas, look: &Look, app: &App, area: Rect) {
    let named =
        |entries: Vec<Entry>| entries.into_iter().filter(|(key, _)| !key.is_empty()).collect::<Vec<_>>();
    let put_off = snoozes(look, app).into_iter().map(|(key, does)| {
        // There is room for what they are, not for each date.
        (key, does.split("  ").next().unwrap_or_default().to_owned())
    });
    let tags = (key_of(app, &Command::new(Verb::TriageTags)), look.say(words::TAGS).to_owned());
    let mut last = named(more(look, app));
    last.insert(2.min(last.len()), tags);
    let rows = [named(results(look, app)), named(put_off.collect()), last];
    for (y, row) in (area.y..area.bottom()).zip(rows) {
        let mut x = area.x + 1;
        for (key, does) in row {
            let cells =
                u16::try_from(width(&key, look.mode) + 1 + width(&does, look.mode)).unwrap_or(u16::MAX);
            if x.saturating_add(cells) >= area.right() {
                break;
            }
            x += canvas.put(x, y, cells, &key, look.styles.key);
            x += 1 + canvas.put(x + 1, y, cells, &does, look.styles.footer) + 2;
        }
    }
}

fn results(look: &Look, app: &App) -> Vec<Entry> {
    let mut entries = vec![(String::new(), look.say(words::KEYS_RESULT).to_owned())];
    let results = app.settings.triage.results.iter().enumerate();
    entries.extend(results.map(|(nth, word)| {
        let command = Command::with(Verb::TriageResult, (nth + 1).to_string());
        (key_of(app, &command), app.result_name(word))
    }));
    entries
}

fn snoozes(look: &Look, app: &App) -> Vec<Entry> {
    let of = |word: &str| Command::with(Verb::TriageSnooze, word);
    let mut entries = vec![(String::new(), look.say(words::KEYS_SNOOZE).to_owned())];
    let days =
        [("h", words::AN_HOUR), ("n", words::TONIGHT), ("m", words::TOMORROW), ("d", words::DAY_AFTER)];
    entries.extend(days.into_iter().map(|(word, name)| {
        let means = app.means(&of(word)).unwrap_or_default();
        // Within a day it is the clock that matters, else the day.
        let (day, clock) = means.rsplit_once(' ').unwrap_or_default();
        let means = if matches!(word, "h" | "n") { clock } else { day };
        (key_of(app, &of(word)), format!("{}  {means}", look.say(name)))
    }));
    for (prefix, name) in [("", words::NEAREST), ("w", words::NEXT_WEEK)] {
        let (first, last) =
            (key_of(app, &of(&format!("{prefix}1"))), key_of(app, &of(&format!("{prefix}7"))));
        let last = last.rsplit(' ').next().unwrap_or_default().to_owned();
        entries.push((format!("{first}-{last}"), look.say(name).to_owned()));
    }
    entries.push((key_of(app, &Command::new(Verb::TriageSnooze)), look.say(words::TYPED).to_owned()));
    entries
}

/// The tags that have a number.
fn tags(look: &Look, app: &App) -> Vec<Entry> {
    let key = key_of(app, &Command::new(Verb::TriageTags));
    let mut entries = vec![(String::new(), format!("{} {key}", look.say(words::TAGS)))];
    let named = |id: &String| app.tags.tags.iter().find(|tag| tag.id.as_str() == id).map(|tag| &tag.name);
    entries.extend(
        app.desk
            .tags
            .ids
            .iter()
            .enumerate()
            .filter_map(|(nth, id)| Some((format!("{key} {}", nth + 1), named(id)?.clone()))),
    );
    entries
}

fn more(look: &Look, app: &App) -> Vec<Entry> {
    let verbs = [
        Verb::TriageCommit,
        Verb::TriageRepeat,
        Verb::TriageAssign,
        Verb::TriageNote,
        Verb::TriageSnippet,
        Verb::TriageDone,
        Verb::TriageCancel,
        Verb::MarkToggle,
        Verb::TriageAll,
        Verb::Undo,
    ];
    let mut entries = vec![(String::new(), look.say(words::KEYS_MORE).to_owned())];
    entries.extend(
        verbs
            .into_iter()
            .map(|verb| (key_of(app, &Command::new(verb)), verb.spec().says(look.lang.is_zh()).to_owned())),
    );
    entries.retain(|(key, does)| !(key.is_empty() && does.is_empty()));
    entries
}
