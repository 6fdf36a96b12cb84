//! Finding: filters, orders, views, marks, and what is copied.

use crate::i18n::words::{fill, notices};
use crate::query::{Direction, Expr, Query, Scope, Sort, fold, parse, parse_sort, quote};

use super::App;
use super::asking::Which;
use super::detail::Detail;
use super::effect::{Effect, RequestId};
use super::event::Notice;
use super::marks::Marks;
use super::overlay::Overlay;
use super::panes::Pane;
use super::place::ListPlace;
use super::search::Search;
use crate::query::ask::Ask;

/// The filter of the follow-ups pane unless the operator says otherwise.
pub const PENDING: &str = "is:pending";

/// [`PENDING`], read.
pub fn pending() -> Query {
    parse(Scope::FollowUps, PENDING).unwrap_or_else(|_| Query::all(Scope::FollowUps))
}

/// How a tag changes the customers' filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ByTag {
    /// Customers with the tag, and no other condition.
    Only,
    /// The present filter, and the tag.
    Narrow,
    /// The present filter, without the tag.
    Exclude,
}

/// Where one was when the customers of a tag or a group were asked for.
#[derive(Clone, Debug)]
pub(super) struct Came {
    pane: Pane,
    details: Vec<Detail>,
    /// The filter of the customers then.
    filter: String,
}

impl App {
    /// The filter of a pane, as typed; empty where it shows all that it shows by itself.
    pub fn filter_text(&self, pane: Pane) -> &str {
        let text = match pane {
            Pane::Customers => &self.customers.query.text,
            Pane::Tags => &self.tags.narrowed,
            Pane::Groups => &self.groups.query.text,
            Pane::FollowUps => &self.follow_ups.query.text,
        };
        if pane == Pane::FollowUps && text == PENDING { "" } else { text }
    }

    pub(super) fn is_filtered(&self, pane: Pane) -> bool {
        !self.filter_text(pane).is_empty()
    }

    /// The whole filter of a pane, as the search line is opened with.
    fn whole_filter(&self, pane: Pane) -> String {
        match pane {
            Pane::FollowUps => format!("{} ", self.follow_ups.query.text.trim_end()),
            pane => {
                let text = self.filter_text(pane).trim_end();
                if text.is_empty() { String::new() } else { format!("{text} ") }
            }
        }
    }

    pub(super) fn open_search(&mut self) -> Vec<Effect> {
        if let Some(Overlay::Help(help)) = &mut self.overlay {
            help.searching = true;
            return Vec::new();
        }
        let text = self.whole_filter(self.focus);
        let mut search = Search::new(self.focus, &text);
        search.at = self.key_under_cursor();
        if self.focus != Pane::Tags {
            search.read(&self.vocabulary);
        }
        self.overlay = Some(Overlay::Search(search));
        Vec::new()
    }

    /// Sets the filter of the focused pane.
    pub(super) fn filter_by(&mut self, text: &str) -> Vec<Effect> {
        let pane = self.focus;
        if pane == Pane::Tags {
            self.tags.narrow(text);
            return Vec::new();
        }
        match parse(pane.scope(), text) {
            Ok(query) => self.show(pane, query),
            Err(error) => {
                self.notice = Some(Notice::bad(error.to_string()));
                Vec::new()
            }
        }
    }

    /// Shows other rows in a pane.
    pub(super) fn show(&mut self, pane: Pane, query: Query) -> Vec<Effect> {
        let Some(which) = Which::of(pane) else { return Vec::new() };
        self.drop_range(pane);
        if pane == Pane::Customers {
            self.came = None; // other rows: there is no way back from these
        }
        self.with_list(which, |list| {
            let sort = list.sort().clone();
            Some(list.show(query, sort, false))
        })
    }

    /// Goes back to the rows that a pane showed before, and to the record that one was at.
    pub(super) fn show_again(&mut self, pane: Pane, query: Query, at: Option<&str>) -> Vec<Effect> {
        let Some(which) = Which::of(pane) else { return Vec::new() };
        self.with_list(which, |list| {
            let sort = list.sort().clone();
            let request = list.show(query, sort, false);
            Some(at.map_or(request, |at| list.seek(at)))
        })
    }

    pub(super) fn clear_filter(&mut self) -> Vec<Effect> {
        let pane = self.focus;
        if pane == Pane::Tags {
            self.tags.narrow("");
            return Vec::new();
        }
        let query = if pane == Pane::FollowUps { pending() } else { Query::all(pane.scope()) };
        let Some(which) = Which::of(pane) else { return Vec::new() };
        self.drop_range(pane);
        // One stays on the record one found, among all the others.
        self.with_list(which, |list| {
            let sort = list.sort().clone();
            Some(list.show(query, sort, true))
        })
    }

    pub(super) fn open_view(&mut self, name: &str) -> Vec<Effect> {
        let Some(view) = self.settings.views.iter().find(|view| view.name == name).cloned() else {
            let text = format!("{}: {name}", self.say(notices::NO_SUCH_VIEW));
            self.notice = Some(Notice::bad(text));
            return Vec::new();
        };
        self.details.clear();
        self.focus = view.pane;
        self.drop_range(view.pane);
        if let Some(columns) = view.columns {
            self.columns[view.pane as usize] = columns;
            self.chosen[view.pane as usize].clear();
        }
        let mut effects = self.relay();
        match Which::of(view.pane) {
            Some(which) => effects.extend(self.with_list(which, |list| {
                let sort = view.sort.unwrap_or_else(|| view.query.scope.default_sort());
                Some(list.show(view.query, sort, false))
            })),
            None => self.tags.narrow(view.query.single_text().unwrap_or(&view.query.text)),
        }
        effects
    }

    pub(super) fn tag_customers(&mut self, how: ByTag) -> Vec<Effect> {
        let Some(tag) = self.tags.current() else { return Vec::new() };
        // Two tags of one name are told apart by their ids.
        let unique = self.tags.tags.iter().filter(|other| other.name == tag.name).count() == 1;
        let name = quote(if unique { &tag.name } else { tag.id.as_str() });
        let before = self.filter_text(Pane::Customers).trim().to_owned();
        let text = match how {
            ByTag::Only => format!("tag:{name}"),
            ByTag::Narrow => join(&before, &format!("tag:{name}")),
            ByTag::Exclude => join(&before, &format!("-tag:{name}")),
        };
        let from = Came { pane: self.focus, details: Vec::new(), filter: before };
        self.focus = Pane::Customers;
        let mut effects = self.relay();
        effects.extend(self.filter_by(&text));
        self.came = Some(from);
        effects
    }

    /// Goes back to where the customers of a tag or a group were asked for.
    pub(super) fn go_where_one_came_from(&mut self) -> Option<Vec<Effect>> {
        let came = self.came.take_if(|_| self.focus == Pane::Customers && self.details.is_empty())?;
        let mut effects = self.filter_by(&came.filter);
        self.focus = came.pane;
        self.details = came.details;
        if let Some(below) = self.details.last_mut() {
            below.forget_questions();
            effects.extend(self.ask_detail());
        }
        effects.extend(self.relay());
        Some(effects)
    }

    pub(super) fn group_customers(&mut self) -> Vec<Effect> {
        let named = match self.details.last() {
            Some(Detail::Group(detail)) => {
                detail.record.view.as_ref().map(|view| (view.group.name.clone(), view.group.id.clone()))
            }
            _ => self.groups.current().map(|at| (at.row.name.clone(), at.row.id.clone())),
        };
        let Some((name, id)) = named else { return Vec::new() };
        // By name where that is sure to mean this group alone.
        let words = &self.vocabulary;
        let like = words.groups.iter().filter(|other| fold(other) == fold(&name)).count();
        let alone = like == 1 && !words.groups_alike.contains(&name);
        let name = if alone { name } else { id.0 };
        let filter = self.filter_text(Pane::Customers).trim().to_owned();
        let from = Came { pane: self.focus, details: std::mem::take(&mut self.details), filter };
        self.focus = Pane::Customers;
        let mut effects = self.relay();
        effects.extend(self.filter_by(&format!("in:{}", quote(&name))));
        self.came = Some(from);
        effects
    }

    /// The list that can be sorted here; says so where there is none.
    pub(super) fn sorted(&mut self) -> Option<Which> {
        let which = self.active_list().filter(|which| *which != Which::Timeline);
        if which.is_none() {
            self.notice = Some(Notice::plain(self.say(notices::NOT_AVAILABLE_HERE)));
        }
        which
    }

    pub(super) fn sort_by(&mut self, keys: &str) -> Vec<Effect> {
        let Some(which) = self.sorted() else { return Vec::new() };
        let Some(scope) = self.list(which).map(|list| list.query().scope) else { return Vec::new() };
        match parse_sort(scope, keys) {
            Ok(sort) => self.resort(which, sort),
            Err(error) => {
                self.notice = Some(Notice::bad(error.to_string()));
                Vec::new()
            }
        }
    }

    fn resort(&mut self, which: Which, sort: Sort) -> Vec<Effect> {
        self.drop_range(self.focus);
        self.with_list(which, |list| {
            let query = list.query().clone();
            Some(list.show(query, sort, false))
        })
    }

    pub(super) fn reverse_sort(&mut self) -> Vec<Effect> {
        let Some(which) = self.sorted() else { return Vec::new() };
        let Some(mut sort) = self.list(which).map(|list| list.sort().clone()) else { return Vec::new() };
        for (_, direction) in &mut sort.keys {
            *direction = match direction {
                Direction::Ascending => Direction::Descending,
                Direction::Descending => Direction::Ascending,
            };
        }
        self.resort(which, sort)
    }

    /// The marks of a pane; tags have none.
    pub fn marks(&self, pane: Pane) -> Option<&Marks> {
        match pane {
            Pane::Customers => Some(&self.customer_marks),
            Pane::Groups => Some(&self.group_marks),
            Pane::FollowUps => Some(&self.follow_up_marks),
            Pane::Tags => None,
        }
    }

    pub(super) fn marks_mut(&mut self, pane: Pane) -> Option<&mut Marks> {
        match pane {
            Pane::Customers => Some(&mut self.customer_marks),
            Pane::Groups => Some(&mut self.group_marks),
            Pane::FollowUps => Some(&mut self.follow_up_marks),
            Pane::Tags => None,
        }
    }

    fn key_under_cursor(&self) -> Option<String> {
        let list = self.list(Which::of(self.focus)?)?;
        list.key().map(|key| key.id.clone())
    }

    /// Marks so many rows from the cursor on, and goes on behind them.
    pub(super) fn mark(&mut self, times: i64) -> Vec<Effect> {
        if let Some(effects) = self.end_range() {
            return effects;
        }
        let mut effects = Vec::new();
        let (mut last, mut marked) = (None, 0);
        for _ in 0..times.min(10_000) {
            // Behind the last row one stays on it: it is toggled once.
            let Some(id) = self.key_under_cursor().filter(|id| Some(id) != last.as_ref()) else { break };
            if let Some(marks) = self.marks_mut(self.focus) {
                marks.toggle(&id);
            }
            effects.extend(self.step(1));
            last = Some(id);
            marked += 1;
        }
        if times > 1 {
            // Fewer than asked for where the list ends, or its rows are not here yet.
            self.notice = Some(Notice::plain(fill(&self.say(notices::MARKED), &[("n", &marked)])));
        }
        effects
    }

    /// Begins a range at the cursor, or ends it there.
    pub(super) fn mark_range(&mut self) -> Vec<Effect> {
        let Some(at) = Which::of(self.focus).and_then(|which| self.list(which)).map(|list| list.cursor())
        else {
            return Vec::new();
        };
        if let Some(effects) = self.end_range() {
            return effects;
        }
        let Some(id) = self.key_under_cursor() else { return Vec::new() };
        let text = self.say(notices::MOVE_TO_DRAW_THE_RANGE_V);
        if let Some(marks) = self.marks_mut(self.focus) {
            marks.range_from = Some((id.clone(), at));
            marks.extend([id]);
            self.notice = Some(Notice::plain(text));
        }
        Vec::new()
    }

    /// Ends the range that is being drawn, if one is: asks which rows lie in it, since not all of
    /// them need be here.
    fn end_range(&mut self) -> Option<Vec<Effect>> {
        let pane = self.focus;
        let (from, _) = self.marks_mut(pane)?.range_from.take()?;
        let list = self.list(Which::of(pane)?)?;
        let to = list.key()?.id.clone();
        let ask = Ask::Between(list.query().clone(), list.sort().clone(), from, to);
        let id = self.new_request();
        self.marking = Some((pane, id));
        Some(vec![Effect::Ask(id, ask)])
    }

    /// Other rows, or another order: a range that was being drawn has lost its meaning.
    fn drop_range(&mut self, pane: Pane) {
        if let Some(marks) = self.marks_mut(pane) {
            marks.range_from = None;
        }
    }

    /// Marks all that match the filter, not only those in view.
    pub(super) fn mark_all(&mut self) -> Vec<Effect> {
        let pane = self.focus;
        let Some(query) = Which::of(pane).and_then(|which| self.list(which)).map(|list| list.query().clone())
        else {
            return Vec::new();
        };
        let id = self.new_request();
        self.marking = Some((pane, id));
        vec![Effect::Ask(id, Ask::Ids(query))]
    }

    pub(super) fn marked(&mut self, id: RequestId, ids: Vec<String>) -> Vec<Effect> {
        if let Some((pane, asked)) = self.marking
            && asked == id
        {
            self.marking = None;
            let count = ids.len();
            if let Some(marks) = self.marks_mut(pane) {
                marks.extend(ids);
            }
            let text = fill(&self.say(notices::MARKED), &[("n", &count)]);
            self.notice = Some(Notice::good(text));
        }
        Vec::new()
    }

    pub(super) fn clear_marks(&mut self) -> Vec<Effect> {
        if let Some(marks) = self.marks_mut(self.focus) {
            marks.clear();
        }
        Vec::new()
    }

    pub(super) fn restore_list(&mut self, pane: Pane, kept: &ListPlace) -> Vec<Effect> {
        let Some(which) = Which::of(pane) else {
            self.tags.narrow(&kept.filter);
            if !kept.at.is_empty() {
                self.tags.seek(kept.at.as_str().into());
            }
            return Vec::new();
        };
        let query = match (pane, kept.filter.as_str()) {
            (Pane::FollowUps, "") => pending(),
            (pane, filter) => parse(pane.scope(), filter).unwrap_or_else(|_| Query::all(pane.scope())),
        };
        let sort = parse_sort(pane.scope(), &kept.sort).unwrap_or_else(|_| pane.scope().default_sort());
        self.with_list(which, |list| {
            let request = list.show(query, sort, false);
            Some(if kept.at.is_empty() { request } else { list.seek(&kept.at) })
        })
    }
}

fn join(before: &str, more: &str) -> String {
    let is_or = parse(Scope::Customers, before).is_ok_and(|query| matches!(query.expr, Some(Expr::Or(_))));
    let before = if is_or { format!("({before})") } else { before.to_owned() };
    format!("{before} {more}").trim_start().to_owned()
}
