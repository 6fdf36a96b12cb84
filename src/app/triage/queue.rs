//! A frozen queue: who is in it and in which order stays, whatever happens to the records meanwhile.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::app::layout::Area;
use crate::model::Time;
use crate::model::view::{QueueKey, QueueRow};

/// Columns of the queue on the screen, borders included.
const WIDE: u16 = 40;

/// Where the queue stands, borders included, in what is left below the line of progress; `None` where there
/// is no room for it.
pub fn queue_area(body: Area, plain: bool) -> Option<Area> {
    (body.w >= 110 && body.h >= 18 && !plain).then_some(Area { w: WIDE, ..body })
}

/// A queue that is worked through.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Queue {
    /// Its members, in their order.
    pub items: Vec<Item>,
    /// Index of the one that is dealt with.
    pub cursor: usize,
    /// Those that are marked.
    pub marks: BTreeSet<QueueKey>,
}

/// A member of a queue.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// The record, as it is now.
    pub row: QueueRow,
    /// How far it is dealt with.
    pub state: ItemState,
    /// Whether the record is gone, or closed by somebody else.
    pub gone: bool,
}

/// How far a member is dealt with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemState {
    /// Not yet.
    Left,
    /// What was chosen is being written.
    Sending,
    /// It is.
    Done,
}

/// Sorts by urgency: what is overdue first, then by what was promised soonest, by priority, and by
/// when it is due. What nothing is said of comes last; the id decides where all is the same.
pub fn by_urgency(rows: &mut [QueueRow], now: Time) {
    let late = |at: Option<Time>| at.is_some_and(|at| at < now);
    let soonest = |at: Option<Time>| (at.is_none(), at.map(|at| at.millis));
    rows.sort_by_key(|row| {
        let overdue = late(row.due) || late(row.sla);
        (!overdue, soonest(row.sla), Reverse(row.priority), soonest(row.due), row.key.clone())
    });
}

impl Queue {
    /// A queue of these members; only what is open is work.
    pub fn freeze(rows: Vec<QueueRow>) -> Self {
        let open = rows.into_iter().filter(|row| row.open);
        let items = open.map(|row| Item { row, state: ItemState::Left, gone: false });
        Self { items: items.collect(), ..Self::default() }
    }

    /// The one that is dealt with.
    pub fn current(&self) -> Option<&Item> {
        self.items.get(self.cursor)
    }

    /// Index of the first row that is shown, where so many are: a few of those who come next stay in sight.
    pub fn top(&self, height: usize) -> usize {
        let ahead = (height / 3).min(self.items.len().saturating_sub(self.cursor + 1));
        (self.cursor + ahead + 1).saturating_sub(height)
    }

    /// The member of a key.
    pub fn find(&mut self, key: &QueueKey) -> Option<&mut Item> {
        self.items.iter_mut().find(|item| item.row.key == *key)
    }

    /// Goes to the member of a key, where there is one.
    pub fn go_to(&mut self, key: &QueueKey) {
        if let Some(at) = self.items.iter().position(|item| item.row.key == *key) {
            self.cursor = at;
        }
    }

    /// Moves by so many rows, not beyond the ends.
    pub fn step(&mut self, by: i64) {
        let last = i64::try_from(self.items.len().saturating_sub(1)).unwrap_or(i64::MAX);
        let at = i64::try_from(self.cursor).unwrap_or(0).saturating_add(by).clamp(0, last);
        self.cursor = usize::try_from(at).unwrap_or(0);
    }

    /// Goes on to the next one that is left, round the end; stays where none is.
    pub fn next_left(&mut self) {
        let count = self.items.len();
        let onward = (1..=count).map(|by| (self.cursor + by) % count.max(1));
        let next = onward.into_iter().find(|at| self.items[*at].is_left());
        self.cursor = next.unwrap_or(self.cursor);
    }

    /// Sets how far some of them are dealt with.
    pub fn set(&mut self, keys: &[QueueKey], state: ItemState) {
        for item in self.items.iter_mut().filter(|item| keys.contains(&item.row.key)) {
            item.state = state;
        }
    }

    /// How many are left.
    pub fn left(&self) -> usize {
        self.items.iter().filter(|item| item.is_left()).count()
    }

    /// How many are dealt with, or on their way.
    pub fn done(&self) -> usize {
        self.items.iter().filter(|item| item.state != ItemState::Left).count()
    }

    /// Marks the one that is dealt with, or takes its mark away.
    pub fn mark(&mut self) {
        if let Some(key) = self.current().map(|item| item.row.key.clone())
            && !self.marks.remove(&key)
        {
            self.marks.insert(key);
        }
    }

    /// Marks all that are left.
    pub fn mark_all(&mut self) -> usize {
        self.marks =
            self.items.iter().filter(|item| item.is_left()).map(|item| item.row.key.clone()).collect();
        self.marks.len()
    }

    /// The marked ones that are left, in the order of the queue.
    pub fn marked(&self) -> Vec<QueueKey> {
        let left = self.items.iter().filter(|item| item.is_left());
        left.map(|item| &item.row.key).filter(|key| self.marks.contains(*key)).cloned().collect()
    }

    /// The records as they are now: rows are renewed where they stand, none comes and none goes.
    pub fn renew(&mut self, rows: Vec<(QueueKey, Option<QueueRow>)>) {
        for (key, row) in rows {
            let Some(item) = self.find(&key) else { continue };
            item.gone = row.as_ref().is_none_or(|row| !row.open);
            if let Some(row) = row {
                item.row = row;
            }
        }
    }

    /// Keys of the members from so many rows before the one that is dealt with to so many after it.
    pub fn around(&self, rows: usize) -> Vec<QueueKey> {
        let from = self.cursor.saturating_sub(rows);
        self.items.iter().skip(from).take(2 * rows + 1).map(|item| item.row.key.clone()).collect()
    }
}

impl Item {
    /// Whether it is still to be dealt with.
    pub fn is_left(&self) -> bool {
        self.state == ItemState::Left && !self.gone
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::{Priority, Resource};

    pub fn row(id: &str) -> QueueRow {
        QueueRow {
            key: QueueKey { resource: Resource::FollowUps, id: id.to_owned() },
            customer_id: format!("c-{id}").as_str().into(),
            customer: format!("客户{id}"),
            about: "回访".to_owned(),
            due: None,
            sla: None,
            priority: Priority::Normal,
            open: true,
            snoozed: None,
            assignee: None,
            write: None,
        }
    }

    const NOW: Time = Time { millis: 1_000_000, offset_minutes: 0 };

    fn at(millis: i64) -> Option<Time> {
        Some(Time::from_millis(millis))
    }

    #[test]
    fn what_is_overdue_comes_first_then_promises_then_priority() {
        let mut rows = vec![
            QueueRow { due: at(2_000_000), priority: Priority::Urgent, ..row("due later, urgent") },
            QueueRow { due: at(900_000), ..row("overdue") },
            QueueRow { sla: at(3_000_000), ..row("promised") },
            QueueRow { due: at(950_000), priority: Priority::High, ..row("overdue, high") },
            row("nothing said"),
            QueueRow { sla: at(500_000), priority: Priority::Low, ..row("promise broken") },
            QueueRow { due: at(900_000), sla: at(2_500_000), ..row("overdue, promised") },
        ];
        by_urgency(&mut rows, NOW);
        let order: Vec<_> = rows.iter().map(|row| row.key.id.as_str()).collect();
        assert_eq!(
            order,
            [
                "promise broken",
                "overdue, promised",
                "overdue, high",
                "overdue",
                "promised",
                "due later, urgent",
                "nothing said"
            ]
        );
    }

    #[test]
    fn what_was_put_off_waits_for_that_moment_and_is_as_urgent_as_ever_behind_it() {
        let promised = QueueRow { due: at(2_000_000), sla: at(1_500_000), ..row("a") };
        assert_eq!(promised.waits_for(NOW), at(1_500_000));
        let put_off = QueueRow { snoozed: at(9_000_000), ..promised.clone() };
        assert_eq!(put_off.waits_for(NOW), at(9_000_000));
        let back = QueueRow { snoozed: at(999_999), ..promised };
        assert_eq!(back.waits_for(NOW), at(1_500_000));
        assert_eq!(row("nothing said").waits_for(NOW), None);
    }

    #[test]
    fn members_and_order_stay_while_the_records_live() {
        let mut queue =
            Queue::freeze(vec![row("a"), QueueRow { open: false, ..row("x") }, row("b"), row("c")]);
        let keys: Vec<_> = queue.items.iter().map(|item| item.row.key.clone()).collect();
        assert_eq!(keys.len(), 3, "what is closed is no work");
        queue.step(1);
        let urgent = QueueRow { priority: Priority::Urgent, ..row("c") };
        queue.renew(vec![
            (keys[2].clone(), Some(urgent)),
            (keys[0].clone(), None),
            (row("z").key, Some(row("z"))),
        ]);
        assert_eq!(queue.items.iter().map(|item| item.row.key.clone()).collect::<Vec<_>>(), keys);
        assert_eq!((queue.items[2].row.priority, queue.cursor), (Priority::Urgent, 1));
        assert!(queue.items[0].gone && !queue.items[0].is_left());
    }

    #[test]
    fn the_next_one_is_the_next_that_is_left_round_the_end() {
        let mut queue = Queue::freeze(vec![row("a"), row("b"), row("c")]);
        let key = |id: &str| row(id).key;
        queue.set(&[key("b")], ItemState::Done);
        queue.next_left();
        assert_eq!(queue.cursor, 2);
        queue.set(&[key("c")], ItemState::Sending);
        queue.next_left();
        assert_eq!((queue.cursor, queue.left(), queue.done()), (0, 1, 2));
        queue.set(&[key("a")], ItemState::Done);
        queue.next_left();
        assert_eq!(queue.cursor, 0, "nothing is left: one stays");
        Queue::default().next_left();
    }

    #[test]
    fn marks_are_given_in_the_order_of_the_queue_and_only_what_is_left() {
        let mut queue = Queue::freeze(vec![row("b"), row("a"), row("c")]);
        assert_eq!(queue.mark_all(), 3);
        queue.mark();
        queue.set(&[row("c").key], ItemState::Done);
        assert_eq!(queue.marked(), [row("a").key]);
    }
}
