//! Lists of the console, whatever their rows are: what commands move, filter and sort.

use crate::config::ScrollJump;
use crate::model::view::RowKey;
use crate::query::{Query, Sort};

use super::effect::RequestId;
use super::list::{List, Request};

/// A list whatever its rows are.
pub trait Windowed {
    /// See [`List::resize`].
    fn resize(&mut self, height: usize) -> Option<Request>;
    /// See [`List::step`].
    fn step(&mut self, by: i64, jump: ScrollJump) -> Option<Request>;
    /// See [`List::jump`].
    fn jump(&mut self, index: u64) -> Option<Request>;
    /// See [`List::first`].
    fn first(&mut self) -> Option<Request>;
    /// See [`List::last`].
    fn last(&mut self) -> Option<Request>;
    /// See [`List::show`].
    fn show(&mut self, query: Query, sort: Sort, keep: bool) -> Request;
    /// See [`List::refresh`].
    fn refresh(&mut self) -> Option<Request>;
    /// See [`List::hold`].
    fn hold(&mut self);
    /// See [`List::seek`].
    fn seek(&mut self, id: &str) -> Request;
    /// See [`List::sent`].
    fn sent(&mut self, id: RequestId);
    /// See [`List::is_pending`].
    fn is_pending(&self) -> bool;
    /// See [`List::is_going`].
    fn is_going(&self) -> bool;
    /// Rows that the screen has room for.
    fn height(&self) -> usize;
    /// Index of the row at the top of the screen.
    fn top(&self) -> u64;
    /// Index of the row under the cursor.
    fn cursor(&self) -> u64;
    /// Which rows.
    fn query(&self) -> &Query;
    /// In which order.
    fn sort(&self) -> &Sort;
    /// Where the row under the cursor stands.
    fn key(&self) -> Option<&RowKey>;
    /// Where the row at an index stands, if it is here.
    fn key_at(&self, index: u64) -> Option<&RowKey>;
}

impl<R> Windowed for List<R> {
    fn resize(&mut self, height: usize) -> Option<Request> {
        Self::resize(self, height)
    }

    fn step(&mut self, by: i64, jump: ScrollJump) -> Option<Request> {
        Self::step(self, by, jump)
    }

    fn jump(&mut self, index: u64) -> Option<Request> {
        Self::jump(self, index)
    }

    fn first(&mut self) -> Option<Request> {
        Self::first(self)
    }

    fn last(&mut self) -> Option<Request> {
        Self::last(self)
    }

    fn show(&mut self, query: Query, sort: Sort, keep: bool) -> Request {
        Self::show(self, query, sort, keep)
    }

    fn refresh(&mut self) -> Option<Request> {
        Self::refresh(self)
    }

    fn hold(&mut self) {
        Self::hold(self);
    }

    fn seek(&mut self, id: &str) -> Request {
        Self::seek(self, id)
    }

    fn sent(&mut self, id: RequestId) {
        Self::sent(self, id);
    }

    fn is_pending(&self) -> bool {
        Self::is_pending(self)
    }

    fn is_going(&self) -> bool {
        Self::is_going(self)
    }

    fn height(&self) -> usize {
        self.height
    }

    fn top(&self) -> u64 {
        self.top
    }

    fn cursor(&self) -> u64 {
        self.cursor
    }

    fn query(&self) -> &Query {
        &self.query
    }

    fn sort(&self) -> &Sort {
        &self.sort
    }

    fn key(&self) -> Option<&RowKey> {
        self.current().map(|placed| &placed.key)
    }

    fn key_at(&self, index: u64) -> Option<&RowKey> {
        self.at(index).map(|placed| &placed.key)
    }
}
