//! A list that shows a window of rows out of however many there are.
//!
//! The list holds a few screens of rows around the cursor and asks for more before the edge
//! is reached. It remembers its place by the row's own key, so that rows that come and go
//! around it never move the operator to another record.

use crate::config::ScrollJump;
use crate::model::view::{Placed, Window};
use crate::query::ask::{Anchor, ListAsk};
use crate::query::{Query, Sort};

use super::effect::RequestId;

/// Screens of rows that a window holds on either side of the one in view.
const MARGIN: usize = 2;

/// So many rows are asked for at most in one direction, however far a count jumps.
const REACH: usize = 5_000;

/// What the answer under way is wanted for.
#[derive(Clone, Debug, PartialEq)]
enum Goal {
    /// Put the cursor on the first row, then move so: the operator did not wait.
    First(Vec<i64>),
    /// Put the cursor on the last row, then move so.
    Last(Vec<i64>),
    /// Put the cursor on the row with this id, so many rows below the top, then move so.
    Seek { id: String, below_top: u64, then: Vec<i64> },
    /// Keep the cursor on the row where it is when the answer comes.
    Keep,
    /// Begin with the first row, unless the operator has taken hold of one by then.
    Top,
}

impl Goal {
    /// Where the operator has gone since the question was put.
    fn then(&mut self) -> Option<&mut Vec<i64>> {
        match self {
            Self::First(then) | Self::Last(then) | Self::Seek { then, .. } => Some(then),
            Self::Keep | Self::Top => None,
        }
    }
}

/// A windowed list.
#[derive(Clone, Debug)]
pub struct List<R> {
    /// Which rows.
    pub query: Query,
    /// In which order.
    pub sort: Sort,
    /// The rows that are here.
    pub window: Window<R>,
    /// Index in the whole list of the row under the cursor.
    pub cursor: u64,
    /// Index in the whole list of the row at the top of the screen.
    pub top: u64,
    /// Rows that the screen has room for.
    pub height: usize,
    /// Whether any answer has come yet.
    pub loaded: bool,
    /// The filter whose rows are here: another one than [`Self::query`]'s until that is answered.
    filter: String,
    /// Why the last question had no answer.
    pub error: Option<String>,
    pending: Option<(RequestId, Goal)>,
    stale: bool,
    /// The row that the question under way is put around.
    asked_at: Option<String>,
    /// Whether the operator has pressed a key since the list was shown: until then it begins with
    /// its first row, whatever comes in above.
    moved: bool,
}

impl<R> List<R> {
    /// An empty list that has asked nothing yet.
    pub fn new(query: Query, sort: Sort) -> Self {
        Self {
            filter: query.text.clone(),
            query,
            sort,
            window: Window::default(),
            cursor: 0,
            top: 0,
            height: 20,
            loaded: false,
            error: None,
            pending: None,
            stale: false,
            asked_at: None,
            moved: false,
        }
    }

    /// Rows in the whole list.
    pub fn total(&self) -> u64 {
        self.window.total
    }

    /// The row at an index of the whole list, if it is here.
    pub fn at(&self, index: u64) -> Option<&Placed<R>> {
        let offset = index.checked_sub(self.window.first)?;
        self.window.rows.get(usize::try_from(offset).ok()?)
    }

    /// The row under the cursor.
    pub fn current(&self) -> Option<&Placed<R>> {
        self.at(self.cursor)
    }

    /// The rows in view, top first: `None` for one that is still on its way.
    pub fn visible(&self) -> impl Iterator<Item = (u64, Option<&Placed<R>>)> {
        let end = self.total().min(self.top + self.height as u64);
        (self.top..end).map(|index| (index, self.at(index)))
    }

    /// The filter of the rows that are here, as typed; of those that are awaited where none are.
    pub fn filter(&self) -> &str {
        if self.loaded { &self.filter } else { &self.query.text }
    }

    /// Whether an answer is under way.
    pub fn is_pending(&self) -> bool {
        self.pending.is_some()
    }

    /// Whether the rows that are here will be others, or the cursor elsewhere, once the answer is
    /// here.
    pub fn is_going(&self) -> bool {
        self.loaded && self.goes()
    }

    /// The room on the screen changed. Asks for more rows where they do not fill it.
    pub fn resize(&mut self, height: usize) -> Option<Request> {
        self.height = height.max(1);
        self.follow();
        if self.loaded { self.reach() } else { None }
    }

    /// Moves by so many rows, down where positive. Where the cursor leaves the rows in view by
    /// less than a screen, they move by the jump at least.
    pub fn step(&mut self, by: i64, jump: ScrollJump) -> Option<Request> {
        self.moved = true;
        if let Some(then) = self.pending.as_mut().and_then(|(_, goal)| goal.then()) {
            then.push(by);
        }
        self.shift(by);
        let top = self.top;
        self.follow();
        if by.unsigned_abs() < self.height as u64 {
            let height = self.height as u64;
            let last = self.cursor.min(self.total().saturating_sub(height));
            let room = (self.cursor + 1).saturating_sub(height)..=last;
            self.top = jump.top(self.height, top, self.top, room);
        }
        self.reach()
    }

    /// Goes to a row in view or elsewhere by its index.
    pub fn jump(&mut self, index: u64) -> Option<Request> {
        let by = i64::try_from(index).unwrap_or(i64::MAX) - i64::try_from(self.cursor).unwrap_or(i64::MAX);
        self.step(by, ScrollJump::Lines(1))
    }

    /// Waits for no answer any more: whoever gave it was not heard.
    pub fn forget_question(&mut self) {
        self.pending = None;
    }

    fn shift(&mut self, by: i64) {
        let last = self.total().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }

    /// Goes to the first row.
    pub fn first(&mut self) -> Option<Request> {
        self.moved = true;
        self.cursor = 0;
        self.follow();
        if self.goes() || self.current().is_none() {
            return Some(self.request(Goal::First(Vec::new()), Anchor::Start, 0));
        }
        self.reach()
    }

    /// Goes to the last row.
    pub fn last(&mut self) -> Option<Request> {
        self.moved = true;
        self.cursor = self.total().saturating_sub(1);
        self.follow();
        if self.goes() || self.current().is_none() {
            return Some(self.request(Goal::Last(Vec::new()), Anchor::End, 0));
        }
        self.reach()
    }

    /// Whether the answer under way puts the cursor elsewhere.
    fn goes(&self) -> bool {
        self.pending.as_ref().is_some_and(|(_, goal)| !matches!(goal, Goal::Keep | Goal::Top))
    }

    /// Other rows or another order: starts anew, keeping the row under the cursor where the new
    /// list has it and `keep` is asked for.
    pub fn show(&mut self, query: Query, sort: Sort, keep: bool) -> Request {
        self.query = query;
        self.sort = sort;
        match self.current().filter(|_| keep).map(|placed| placed.key.id.clone()) {
            Some(id) => {
                let below_top = self.cursor - self.top;
                self.request(Goal::Seek { id: id.clone(), below_top, then: Vec::new() }, Anchor::Id(id), 0)
            }
            None => {
                self.moved = false;
                (self.cursor, self.top) = (0, 0);
                self.request(Goal::First(Vec::new()), Anchor::Start, 0)
            }
        }
    }

    /// Asks for the row with this id and puts the cursor there.
    pub fn seek(&mut self, id: &str) -> Request {
        self.moved = true;
        let goal = Goal::Seek { id: id.to_owned(), below_top: (self.height / 3) as u64, then: Vec::new() };
        self.request(goal, Anchor::Id(id.to_owned()), 0)
    }

    /// What the cache holds has changed: asks again for what is in view. One question is under
    /// way at a time; what changes meanwhile is asked for after it.
    pub fn refresh(&mut self) -> Option<Request> {
        if self.pending.is_some() {
            self.stale = true;
            return None;
        }
        self.stale = false;
        Some(if self.moved {
            let (anchor, distance) = self.around();
            self.request(Goal::Keep, anchor, distance)
        } else {
            // Who only looks on sees what comes in above.
            let goal = if self.current().is_some() { Goal::Top } else { Goal::First(Vec::new()) };
            self.request(goal, Anchor::Start, 0)
        })
    }

    /// A key was pressed: from now on the cursor stays with the record under it, for this is the
    /// one that the operator means.
    pub fn hold(&mut self) {
        self.moved |= self.loaded && self.current().is_some();
    }

    /// Takes an answer in; gives it back where it is not for this list. May ask again.
    pub fn absorb(
        &mut self,
        id: RequestId,
        answer: Result<Window<R>, String>,
    ) -> Result<Option<Request>, Result<Window<R>, String>> {
        let goal = match self.pending.take() {
            Some((asked, goal)) if asked == id => goal,
            other => {
                self.pending = other;
                return Err(answer);
            }
        };
        match answer {
            Ok(window) => {
                self.error = None;
                self.loaded = true;
                self.filter.clone_from(&self.query.text);
                if let Some(again) = self.settle(goal, window) {
                    self.stale = false;
                    return Ok(Some(again));
                }
            }
            Err(error) => self.error = Some(error),
        }
        let again = if self.stale { self.refresh() } else { None };
        Ok(again.or_else(|| if self.loaded && self.error.is_none() { self.reach() } else { None }))
    }

    /// Whether this list waits for that answer.
    pub fn awaits(&self, id: RequestId) -> bool {
        self.pending.as_ref().is_some_and(|(asked, _)| *asked == id)
    }

    /// The number under which the question just made is sent.
    pub fn sent(&mut self, id: RequestId) {
        if let Some((asked, _)) = &mut self.pending {
            *asked = id;
        }
    }

    /// Takes a window in and puts the cursor where it belongs. Asks again where the operator has
    /// gone so far meanwhile that the window does not hold the row under the cursor.
    fn settle(&mut self, goal: Goal, window: Window<R>) -> Option<Request> {
        let place = |id: &str, window: &Window<R>| {
            let offset = window.rows.iter().position(|placed| placed.key.id == id);
            offset.map(|offset| window.first + offset as u64)
        };
        let goal = match goal {
            Goal::Top if self.moved => Goal::Keep,
            goal => goal,
        };
        let then = match goal {
            Goal::Top => {
                self.window = window;
                (self.cursor, self.top) = (0, 0);
                Vec::new()
            }
            Goal::First(then) => {
                self.window = window;
                (self.cursor, self.top) = (0, 0);
                then
            }
            Goal::Last(then) => {
                self.window = window;
                self.cursor = self.total().saturating_sub(1);
                then
            }
            Goal::Seek { id, below_top, then } => {
                self.cursor = place(&id, &window).unwrap_or(0);
                self.top = self.cursor.saturating_sub(below_top);
                self.window = window;
                then
            }
            Goal::Keep => {
                let below_top = self.cursor - self.top;
                // The row itself; where it is gone, the one that took its place, or the last before it.
                let here = self.current().map(|placed| placed.key.clone());
                let offset =
                    self.cursor.checked_sub(self.window.first).and_then(|at| usize::try_from(at).ok());
                let (before, from) =
                    self.window.rows.split_at(offset.map_or(0, |at| at.min(self.window.rows.len())));
                let found = from
                    .iter()
                    .chain(before.iter().rev())
                    .find_map(|old| place(&old.key.id, &window).map(|at| (at, old.key.id.clone())));
                match (here, found) {
                    // The row is not in what came because one has gone too far, and not because it is gone.
                    (Some(key), found)
                        if found.as_ref().is_none_or(|(_, id)| *id != key.id)
                            && self.asked_at.as_ref() != Some(&key.id) =>
                    {
                        return Some(self.request(Goal::Keep, Anchor::At(key), 0));
                    }
                    (Some(_), Some((at, _))) => {
                        self.cursor = at;
                        // At the top of the list one sees what comes in above.
                        if self.top > 0 {
                            self.top = at.saturating_sub(below_top);
                        }
                    }
                    // Where no row was known yet, the place in the list is all there is to keep.
                    _ => {}
                }
                self.window = window;
                self.cursor = self.cursor.min(self.total().saturating_sub(1));
                Vec::new()
            }
        };
        then.into_iter().for_each(|by| self.shift(by));
        self.follow();
        None
    }

    /// Keeps the cursor in view.
    fn follow(&mut self) {
        let height = self.height as u64;
        if self.cursor < self.top {
            self.top = self.cursor;
        } else if self.cursor >= self.top + height {
            self.top = self.cursor + 1 - height;
        }
        self.top = self.top.min(self.total().saturating_sub(height));
    }

    /// Asks for rows where those in view are not here, or nearly not.
    fn reach(&mut self) -> Option<Request> {
        let first = self.window.first;
        let end = first + self.window.rows.len() as u64;
        let height = self.height as u64;
        let bottom = (self.top + height).min(self.total());
        // The rows that are here are those of another list, or of another place in it.
        if self.goes() {
            return None;
        }
        let missing = self.top < first || bottom > end;
        let above = first > 0 && self.top < first + height;
        let below = end < self.total() && bottom + height > end;
        if !(missing || above || below) || (self.pending.is_some() && !missing) {
            return None;
        }
        let (anchor, distance) = self.around();
        Some(self.request(Goal::Keep, anchor, distance))
    }

    /// The known row that is nearest to the cursor, and how far from the cursor it is.
    fn around(&self) -> (Anchor, usize) {
        let first = self.window.first;
        let end = first + self.window.rows.len() as u64;
        let (anchor, distance) = match (self.current(), self.window.rows.first(), self.window.rows.last()) {
            (Some(current), ..) => (Anchor::At(current.key.clone()), 0),
            (None, _, Some(edge)) if self.cursor >= end => {
                (Anchor::At(edge.key.clone()), self.cursor - (end - 1))
            }
            (None, Some(edge), _) => (Anchor::At(edge.key.clone()), first - self.cursor),
            (None, ..) => (Anchor::Start, self.cursor),
        };
        (anchor, usize::try_from(distance).unwrap_or(REACH).min(REACH))
    }

    fn request(&mut self, goal: Goal, anchor: Anchor, distance: usize) -> Request {
        let reach = self.height * (MARGIN + 1) + distance;
        self.pending = Some((RequestId::default(), goal));
        self.asked_at = match &anchor {
            Anchor::At(key) => Some(key.id.clone()),
            _ => None,
        };
        Request(ListAsk {
            query: self.query.clone(),
            sort: self.sort.clone(),
            anchor,
            before: reach,
            after: reach,
        })
    }
}

/// A question that a list has made and that has to be sent.
#[must_use]
#[derive(Clone, Debug, PartialEq)]
pub struct Request(pub ListAsk);

#[cfg(test)]
#[path = "list_tests.rs"]
mod tests;
