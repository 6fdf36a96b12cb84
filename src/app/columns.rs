//! The columns that a list can show, the room that each of them wants, and which of them find it.
//!
//! Which of them are on is the configuration's to say, and the operator's after it: what is chosen in a
//! session comes before what was on anyway. The drawing goes by this, and so does what is said of a column
//! that finds no room.

use super::App;
use super::event::Notice;
use super::layout::Layout;
use super::overlay::Overlay;
use super::panes::Pane;
use super::picker::Picked;
use crate::command::Verb;
use crate::i18n::words::{fill, notices, pickers};
use crate::keymap::print_keys;

/// Cells left of the first column: cursor, mark, blank.
pub const GUTTER: u16 = 3;
/// Blank cells right of the last column.
pub const MARGIN: u16 = 1;
/// Blank cells between columns.
pub const GAP: u16 = 1;

/// How much room a column wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// Cells; it is left out where it would have less.
    pub min: u16,
    /// It never has more than this, but for the one that takes what is left over.
    pub max: u16,
    /// It is left out before columns of a lower rank.
    pub rank: u8,
}

impl Room {
    /// Always the same width.
    pub const fn fixed(cells: u16, rank: u8) -> Self {
        Self { min: cells, max: cells, rank }
    }

    /// Between two widths.
    pub const fn between(min: u16, max: u16, rank: u8) -> Self {
        Self { min, max, rank }
    }
}

/// Which columns find room in a table of so many cells, by their places in `rooms`.
pub fn fitting(cells: u16, rooms: &[Room]) -> Vec<usize> {
    let room = cells.saturating_sub(MARGIN).saturating_sub(GUTTER);
    let mut kept: Vec<usize> = (0..rooms.len()).collect();
    while kept.len() > 1 && least(&kept, rooms) > room {
        // of equal ranks the last one goes
        let Some(at) = (0..kept.len()).max_by_key(|&at| (rooms[kept[at]].rank, at)) else { break };
        kept.remove(at);
    }
    kept
}

/// Cells that these columns take at least, with the gaps between them.
pub fn least(kept: &[usize], rooms: &[Room]) -> u16 {
    let gaps = GAP.saturating_mul(u16::try_from(kept.len().saturating_sub(1)).unwrap_or(u16::MAX));
    kept.iter().fold(gaps, |sum, &column| sum.saturating_add(rooms[column].min))
}

/// A column: its name in the configuration, and what it is sorted by.
#[derive(Debug, PartialEq, Eq)]
pub struct Column {
    /// Name in the configuration and on the command line.
    pub id: &'static str,
    /// The sort key of the filter language; `None` where one cannot sort by it.
    pub sort: Option<&'static str>,
    /// What room it wants, whatever the rows hold.
    pub room: Room,
}

const fn column(id: &'static str, sort: Option<&'static str>, room: Room) -> Column {
    Column { id, sort, room }
}

static CUSTOMERS: [Column; 22] = [
    column("name", Some("name"), Room::between(12, 26, 0)),
    column("remark", Some("remark"), Room::between(7, 20, 7)),
    column("stage", Some("stage"), Room::fixed(7, 2)),
    column("tags", None, Room::between(8, 200, 4)),
    column("contacted", Some("contacted"), Room::between(9, 10, 3)),
    column("rfm", Some("rfm"), Room::fixed(5, 5)),
    column("next", Some("due"), Room::between(12, 14, 1)),
    column("owner", None, Room::between(6, 10, 6)),
    column("phone", None, Room::between(11, 20, 6)),
    column("city", Some("city"), Room::between(5, 8, 7)),
    column("source", Some("source"), Room::between(7, 14, 7)),
    column("level", Some("level"), Room::between(6, 8, 7)),
    column("points", Some("points"), Room::fixed(7, 7)),
    column("added", Some("added"), Room::between(8, 10, 8)),
    column("active", Some("active"), Room::between(8, 10, 8)),
    column("ordered", Some("ordered"), Room::between(8, 10, 8)),
    column("orders", Some("orders"), Room::fixed(7, 8)),
    column("ltv", Some("ltv"), Room::between(9, 14, 6)),
    column("birthday", Some("birthday"), Room::fixed(10, 9)),
    column("churn", Some("churn"), Room::between(9, 10, 6)),
    column("alias", None, Room::between(6, 16, 7)),
    column("id", Some("id"), Room::between(8, 20, 9)),
];

static FOLLOW_UPS: [Column; 12] = [
    column("due", Some("due"), Room::between(12, 14, 0)),
    column("customer", Some("customer"), Room::between(9, 16, 1)),
    column("title", Some("title"), Room::between(10, 200, 2)),
    column("kind", Some("kind"), Room::between(6, 10, 6)),
    column("priority", Some("priority"), Room::fixed(9, 4)),
    column("status", Some("status"), Room::fixed(9, 6)),
    column("source", None, Room::between(8, 16, 5)),
    column("assignee", None, Room::between(8, 10, 3)),
    column("outcome", None, Room::between(8, 14, 7)),
    column("sla", Some("sla"), Room::between(12, 14, 4)),
    column("snoozed", None, Room::between(12, 14, 6)),
    column("id", Some("id"), Room::between(8, 20, 8)),
];

static GROUPS: [Column; 9] = [
    column("name", Some("name"), Room::between(11, 40, 0)),
    column("members", Some("members"), Room::between(5, 7, 4)),
    column("trend", None, Room::between(7, 7, 2)),
    column("active7", Some("active7"), Room::between(7, 7, 3)),
    column("net7", Some("net7"), Room::between(5, 6, 1)),
    column("messages", None, Room::between(8, 10, 5)),
    column("owner", None, Room::between(6, 10, 5)),
    column("status", Some("status"), Room::between(7, 8, 6)),
    column("id", Some("id"), Room::between(8, 20, 7)),
];

/// All columns of a pane; none where they cannot be chosen.
pub fn columns(pane: Pane) -> &'static [Column] {
    match pane {
        Pane::Customers => &CUSTOMERS,
        Pane::FollowUps => &FOLLOW_UPS,
        Pane::Groups => &GROUPS,
        Pane::Tags => &[],
    }
}

impl App {
    /// The columns of a pane that are on, in their order, each with the room it wants. Those that the
    /// operator chose in this session come before the others where there is not room for all, in the order in
    /// which they were chosen; before them all comes what a row is known by.
    pub fn columns_on(&self, pane: Pane) -> Vec<(&'static Column, Room)> {
        let chosen = &self.chosen[pane as usize];
        let after = u8::try_from(chosen.len()).unwrap_or(u8::MAX);
        let known = |id: &String| columns(pane).iter().find(|column| column.id == id);
        let on = self.columns[pane as usize].iter().filter_map(known);
        on.map(|column| {
            let place = chosen.iter().position(|id| *id == column.id);
            let rank = match (column.room.rank, place.map(u8::try_from)) {
                (0, _) => 0,
                (_, Some(Ok(place))) => place.saturating_add(1),
                (rank, _) => rank.saturating_add(after),
            };
            (column, Room { rank, ..column.room })
        })
        .collect()
    }

    /// The columns of a pane that are on and find no room.
    pub fn left_out(&self, pane: Pane) -> Vec<&'static str> {
        self.without_room(pane, &self.layout())
    }

    /// The columns of a pane that are on and would find no room, if the screen were laid out like this.
    fn without_room(&self, pane: Pane, layout: &Layout) -> Vec<&'static str> {
        if self.settings.plain {
            return Vec::new(); // every row says all of them
        }
        let on = self.columns_on(pane);
        let rooms: Vec<Room> = on.iter().map(|(_, room)| *room).collect();
        let kept = fitting(layout.pane(pane).inner().w, &rooms);
        let left_out = on.iter().enumerate().filter(|(at, _)| !kept.contains(at));
        left_out.map(|(_, (column, _))| column.id).collect()
    }

    /// Turns a column of the pane one works in on or off; at least one stays.
    pub(super) fn turn_column(&mut self, id: &'static str, on: bool) {
        let focus = self.focus;
        let shown = &mut self.columns[focus as usize];
        let chosen = &mut self.chosen[focus as usize];
        if on {
            // Columns stand in the order of the list of all columns.
            let rank = |id: &str| columns(focus).iter().position(|column| column.id == id);
            let at = shown.iter().position(|other| rank(other) > rank(id)).unwrap_or(shown.len());
            shown.insert(at, id.to_owned());
            chosen.push(id);
        } else if shown.len() > 1 {
            shown.retain(|other| other != id);
            chosen.retain(|other| *other != id);
        } else {
            self.notice = Some(Notice::plain(self.say(notices::AT_LEAST_ONE_COLUMN_STAYS)));
        }
        self.note_columns();
    }

    /// Says in the open picker which columns are on, and which of these find no room.
    pub(super) fn note_columns(&mut self) {
        let focus = self.focus;
        let (no_room, without) = (self.say(pickers::NO_ROOM), self.left_out(focus));
        let shown = &self.columns[focus as usize];
        let Some(Overlay::Picker(picker)) = &mut self.overlay else { return };
        for choice in &mut picker.choices {
            let Picked::Column(id) = choice.does else { continue };
            choice.on = Some(shown.iter().any(|on| on == id));
            choice.note = if without.contains(&id) { no_room.clone() } else { String::new() };
        }
    }

    /// The picker of columns is left: says which of the chosen ones are not to be seen, and what shows more.
    pub(super) fn tell_columns(&mut self) {
        let pane = self.focus;
        let chosen = &self.chosen[pane as usize];
        let unseen = |layout: &Layout| -> Vec<&'static str> {
            let without = self.without_room(pane, layout);
            chosen.iter().filter(|id| without.contains(id)).copied().collect()
        };
        let now = unseen(&self.layout());
        if now.is_empty() {
            return;
        }
        let (width, height) = self.size;
        let zoomed = Layout::of(width, height, pane, true, self.settings.plain, self.splits);
        let names: Vec<String> = now.iter().map(|id| self.column_name(pane.scope(), id)).collect();
        let names = names.join(if self.settings.lang.is_zh() { "、" } else { ", " });
        let keys = self.settings.keymap.keys_of(Verb::PaneZoom, self.layers_under_overlay());
        let text = match keys.first().filter(|_| unseen(&zoomed).len() < now.len()) {
            Some(keys) => {
                let key = print_keys(keys);
                fill(&self.say(notices::NO_ROOM_ZOOM), &[("names", &names), ("key", &key)])
            }
            None => fill(&self.say(notices::NO_ROOM), &[("names", &names)]),
        };
        self.notice = Some(Notice::plain(text));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::app::{Event, Settings};
    use crate::config;
    use crate::i18n::Lang;
    use crate::model::Time;

    #[test]
    fn the_configuration_knows_these_columns_and_no_others() {
        for pane in Pane::ALL {
            let ids: Vec<_> = columns(pane).iter().map(|column| column.id).collect();
            assert_eq!(ids, config::Columns::known(pane.scope()), "{pane:?}");
            for Column { id, sort, .. } in columns(pane) {
                let known = |key: &str| pane.scope().sort_keys().iter().any(|known| known.name == key);
                assert!(sort.is_none_or(known), "{pane:?} cannot be sorted by {id}");
            }
        }
    }

    fn console(width: u16, height: u16) -> App {
        let settings = Settings { lang: Lang::En, ..Settings::default() };
        let mut app = App::new(Arc::new(settings), Time::from_millis(0));
        app.size = (width, height);
        app
    }

    fn presses(app: &mut App, keys: &str) {
        for key in keys.split_whitespace().flat_map(|name| crate::keymap::parse_keys(name).unwrap()) {
            let _ = app.absorb(Event::Key(key), app.now);
        }
    }

    fn turns(app: &mut App, ids: &[&str], leave: &str) {
        for id in ids {
            presses(app, "C");
            let _ = app.type_text(id);
            presses(app, &format!("tab {leave}"));
        }
    }

    fn told(app: &App) -> &str {
        app.notice.as_ref().map_or("", |notice| notice.text.as_str())
    }

    /// The columns of the pane one works in that find room.
    fn seen(app: &App) -> Vec<&'static str> {
        let without = app.left_out(app.focus);
        let on = app.columns_on(app.focus).into_iter().map(|(column, _)| column.id);
        on.filter(|id| !without.contains(id)).collect()
    }

    #[test]
    fn what_was_chosen_comes_before_what_was_on_anyway() {
        let mut app = console(120, 40);
        assert_eq!(seen(&app), ["name", "stage", "tags", "contacted", "rfm", "next"]);
        turns(&mut app, &["phone"], "enter");
        assert_eq!(seen(&app), ["name", "stage", "tags", "contacted", "next", "phone"]);
        assert_eq!(told(&app), "");
        turns(&mut app, &["birthday", "churn"], "enter");
        assert!(
            ["name", "phone", "birthday", "churn"].iter().all(|id| seen(&app).contains(id)),
            "{:?}",
            seen(&app)
        );
        // off, it leaves its place in the contest, too
        turns(&mut app, &["birthday", "churn", "phone"], "enter");
        assert_eq!(seen(&app), ["name", "stage", "tags", "contacted", "rfm", "next"]);
    }

    #[test]
    fn what_was_chosen_and_finds_no_room_is_said_with_what_shows_more() {
        for leave in ["enter", "esc"] {
            let mut app = console(120, 40);
            turns(&mut app, &["phone", "birthday", "churn", "active", "ordered"], leave);
            assert_eq!(told(&app), "", "{:?}", seen(&app));
            turns(&mut app, &["source"], leave);
            assert_eq!(told(&app), "no room for: Source · z shows more", "{:?}", seen(&app));
            presses(&mut app, "z");
            assert!(seen(&app).contains(&"source"));
            presses(&mut app, "z C");
            let Some(Overlay::Picker(picker)) = &app.overlay else { panic!("{:?}", app.overlay) };
            let noted = |id: &str| {
                let choice = picker.choices.iter().find(|choice| choice.also == id).expect(id);
                (choice.on, choice.note.as_str())
            };
            assert_eq!(noted("source"), (Some(true), "no room"));
            assert_eq!(noted("phone"), (Some(true), ""));
            assert_eq!(noted("city"), (Some(false), ""));
        }
        // with the pane as wide as the screen, no key shows more
        let mut app = console(60, 20);
        turns(&mut app, &["phone", "birthday", "churn", "active", "ordered", "source"], "enter");
        assert_eq!(told(&app), "no room for: Ordered, Source", "{:?}", seen(&app));
    }
}
