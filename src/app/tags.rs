//! The tags pane: all tags under their groups, narrowed by a part of a name.

use crate::config::ScrollJump;
use crate::model::TagId;
use crate::model::view::TagRow;
use crate::query::{fold, pinyin_matches};

use super::effect::RequestId;

/// A line of the pane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TagLine {
    /// Head of a group; the index is that of its first shown tag.
    Group(usize),
    /// A tag.
    Tag(usize),
}

/// The state of the pane. There are at most a few thousand tags: all of them are here.
#[derive(Clone, Debug, Default)]
pub struct TagsPane {
    /// All tags, by group, then order.
    pub tags: Vec<TagRow>,
    /// What the pane is narrowed by; empty for all.
    pub narrowed: String,
    /// What is shown, heads included.
    pub lines: Vec<TagLine>,
    /// Index in `lines`; on a tag wherever there is one.
    pub cursor: usize,
    /// Index in `lines` of the line at the top.
    pub top: usize,
    /// Lines that the screen has room for.
    pub height: usize,
    /// Whether an answer has come.
    pub loaded: bool,
    /// The question under way.
    pub pending: Option<RequestId>,
    /// Changed while a question was under way.
    pub stale: bool,
    /// The tag to go to once the tags are here.
    wanted: Option<TagId>,
}

impl TagsPane {
    /// The tag under the cursor.
    pub fn current(&self) -> Option<&TagRow> {
        match self.lines.get(self.cursor)? {
            TagLine::Tag(index) => self.tags.get(*index),
            TagLine::Group(_) => None,
        }
    }

    /// The tags came.
    pub fn absorb(&mut self, tags: Vec<TagRow>) {
        let at = self.wanted.take().or_else(|| self.current().map(|tag| tag.id.clone()));
        self.tags = tags;
        self.loaded = true;
        self.lay(at.as_ref());
    }

    /// Narrows to the tags whose name, or whose group's name, has this in it, or has it in
    /// pinyin.
    pub fn narrow(&mut self, typed: &str) {
        let at = self.current().map(|tag| tag.id.clone());
        typed.clone_into(&mut self.narrowed);
        self.lay(at.as_ref());
    }

    /// Goes to a tag, at once or when the tags come.
    pub(super) fn seek(&mut self, id: TagId) {
        if self.loaded {
            self.lay(Some(&id));
        } else {
            self.wanted = Some(id);
        }
    }

    /// How many tags stand above the one under the cursor.
    pub(super) fn above(&self) -> u64 {
        let above = self.lines.iter().take(self.cursor);
        above.filter(|line| matches!(line, TagLine::Tag(_))).count() as u64
    }

    fn lay(&mut self, at: Option<&TagId>) {
        let typed = fold(self.narrowed.trim());
        let fits = |name: &str| fold(name).contains(&typed) || pinyin_matches(name, &typed);
        self.lines.clear();
        let mut group: Option<&str> = None;
        for (index, tag) in self.tags.iter().enumerate() {
            if !(typed.is_empty() || fits(&tag.name) || fits(&tag.group)) {
                continue;
            }
            if group != Some(tag.group.as_str()) {
                group = Some(&tag.group);
                if !tag.group.is_empty() {
                    self.lines.push(TagLine::Group(index));
                }
            }
            self.lines.push(TagLine::Tag(index));
        }
        let found = at.and_then(|id| {
            self.lines.iter().position(|line| matches!(line, TagLine::Tag(i) if self.tags[*i].id == *id))
        });
        self.cursor = found.unwrap_or(self.cursor.min(self.lines.len().saturating_sub(1)));
        self.land(1);
    }

    /// Moves by so many lines, over heads. Where the cursor leaves the lines in view by less than
    /// a screen, they move by the jump at least.
    pub fn step(&mut self, by: i64, jump: ScrollJump) {
        let top = self.top;
        let last = self.lines.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(isize::try_from(by).unwrap_or(isize::MAX)).min(last);
        self.land(if by < 0 { -1 } else { 1 });
        if by.unsigned_abs() < self.height as u64 {
            let end = self.lines.len().saturating_sub(self.height);
            let last = (self.cursor - self.head()).min(end);
            let room = (self.cursor + 1).saturating_sub(self.height) as u64..=last as u64;
            let top = jump.top(self.height, top as u64, self.top as u64, room);
            self.top = usize::try_from(top).unwrap_or(end);
        }
    }

    /// Goes to a line.
    pub fn jump(&mut self, line: usize) {
        self.cursor = line.min(self.lines.len().saturating_sub(1));
        self.land(1);
    }

    /// The room on the screen changed.
    pub fn resize(&mut self, height: usize) {
        self.height = height.max(1);
        self.follow();
    }

    /// Leaves a head for the tag beside it.
    fn land(&mut self, towards: isize) {
        for towards in [towards, -towards] {
            let mut line = self.cursor;
            while matches!(self.lines.get(line), Some(TagLine::Group(_))) {
                match line.checked_add_signed(towards) {
                    Some(next) if next < self.lines.len() => line = next,
                    _ => break,
                }
            }
            if matches!(self.lines.get(line), Some(TagLine::Tag(_))) {
                self.cursor = line;
                break;
            }
        }
        self.follow();
    }

    /// Lines above the cursor that stay in view with it: the head of a group above its first tag.
    fn head(&self) -> usize {
        let above = self.cursor.checked_sub(1).and_then(|line| self.lines.get(line));
        usize::from(matches!(above, Some(TagLine::Group(_))))
    }

    fn follow(&mut self) {
        let head = self.head();
        if self.cursor < self.top + head {
            self.top = self.cursor - head;
        } else if self.cursor >= self.top + self.height {
            self.top = self.cursor + 1 - self.height;
        }
        self.top = self.top.min(self.lines.len().saturating_sub(self.height));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pane() -> TagsPane {
        let tag = |id: &str, name: &str, group: &str| TagRow {
            id: id.into(),
            name: name.into(),
            group: group.into(),
            ..TagRow::default()
        };
        let mut pane = TagsPane { height: 3, ..TagsPane::default() };
        pane.absorb(vec![tag("1", "母婴", "行业"), tag("2", "美妆", "行业"), tag("3", "VIP", "等级")]);
        pane
    }

    #[test]
    fn the_cursor_steps_over_heads() {
        let mut pane = pane();
        assert_eq!(pane.current().unwrap().name, "母婴");
        pane.step(2, ScrollJump::default());
        assert_eq!(pane.current().unwrap().name, "VIP");
        pane.step(-1, ScrollJump::default());
        assert_eq!(pane.current().unwrap().name, "美妆");
        pane.step(-9, ScrollJump::default());
        assert_eq!((pane.current().unwrap().name.as_str(), pane.top), ("母婴", 0));
    }

    #[test]
    fn it_narrows_by_pinyin_and_keeps_its_place() {
        let mut pane = pane();
        pane.step(1, ScrollJump::default());
        pane.narrow("mz");
        assert_eq!(pane.current().unwrap().name, "美妆");
        assert_eq!(pane.lines.len(), 2);
        pane.narrow("no such tag");
        assert!(pane.current().is_none());
        pane.narrow("");
        assert_eq!(pane.lines.len(), 5);
    }
}
