//! A line that one types into: text, a caret, and what editors do with them.

use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

/// A line of text with a caret that stands between two characters as the reader sees them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LineInput {
    text: String,
    caret: usize,
    /// Whether line breaks stay.
    many: bool,
}

impl LineInput {
    /// A line that holds `text`, the caret behind it.
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { caret: text.len(), text, many: false }
    }

    /// The same for text of many lines: line breaks stay as they are.
    pub fn many(text: impl Into<String>) -> Self {
        Self { many: true, ..Self::new(text) }
    }

    /// What was typed, exactly.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the caret stands, in bytes; always between two graphemes.
    pub fn caret(&self) -> usize {
        self.caret
    }

    /// Puts `text` at the caret. Line breaks become spaces, where the line is to stay a line.
    pub fn insert(&mut self, text: &str) {
        let flat = |c| if matches!(c, '\n' | '\r') { ' ' } else { c };
        let line = match self.many {
            true => std::borrow::Cow::Borrowed(text),
            false => std::borrow::Cow::Owned(text.chars().map(flat).collect()),
        };
        self.text.insert_str(self.caret, &line);
        self.caret += line.len();
        // What was put in may have joined with what stands behind the caret.
        let edge = GraphemeCursor::new(self.caret, self.text.len(), true).is_boundary(&self.text, 0);
        if edge == Ok(false) {
            self.caret = self.after();
        }
    }

    /// Replaces all of it, the caret behind it.
    pub fn set(&mut self, text: impl Into<String>) {
        self.text = text.into();
        self.caret = self.text.len();
    }

    /// Replaces a part, the caret behind what replaced it.
    pub fn replace(&mut self, span: std::ops::Range<usize>, with: &str) {
        if self.text.get(span.clone()).is_some() {
            self.text.replace_range(span.clone(), with);
            self.caret = span.start + with.len();
        }
    }

    /// A character to the left.
    pub fn left(&mut self) {
        self.caret = self.before();
    }

    /// A character to the right.
    pub fn right(&mut self) {
        self.caret = self.after();
    }

    /// To the start of the line.
    pub fn home(&mut self) {
        self.caret = self.line_start(self.caret);
    }

    /// To the end of the line.
    pub fn end(&mut self) {
        self.caret = self.line_end(self.caret);
    }

    /// To the line above, as many characters in; says whether there is one.
    pub fn line_up(&mut self) -> bool {
        let start = self.line_start(self.caret);
        if start == 0 {
            return false;
        }
        self.enter_line(self.line_start(start - 1), start);
        true
    }

    /// To the line below, as many characters in; says whether there is one.
    pub fn line_down(&mut self) -> bool {
        let (start, end) = (self.line_start(self.caret), self.line_end(self.caret));
        if end == self.text.len() {
            return false;
        }
        self.enter_line(end + 1, start);
        true
    }

    /// Puts the caret into the line that begins at `to`, as far in as it is now from `from`.
    fn enter_line(&mut self, to: usize, from: usize) {
        let along = self.text[from..self.caret].graphemes(true).count();
        let line = &self.text[to..self.line_end(to)];
        self.caret = to + line.grapheme_indices(true).nth(along).map_or(line.len(), |(at, _)| at);
    }

    /// Where the line of a byte begins; the start, where the text is one line.
    fn line_start(&self, at: usize) -> usize {
        if self.many { self.text[..at].rfind('\n').map_or(0, |at| at + 1) } else { 0 }
    }

    fn line_end(&self, at: usize) -> usize {
        let end = if self.many { self.text[at..].find('\n') } else { None };
        end.map_or(self.text.len(), |end| at + end)
    }

    /// To the start of this word, or of the one before.
    pub fn word_left(&mut self) {
        self.caret = self.word_before();
    }

    /// To the end of this word, or of the next one.
    pub fn word_right(&mut self) {
        let rest = &self.text[self.caret..];
        self.caret = rest
            .unicode_word_indices()
            .next()
            .map_or(self.text.len(), |(at, word)| self.caret + at + word.len());
    }

    /// Takes out the character before the caret; says whether there was one.
    pub fn backspace(&mut self) -> bool {
        let from = self.before();
        self.cut(from, self.caret)
    }

    /// Takes out the character behind the caret; says whether there was one.
    pub fn delete(&mut self) -> bool {
        let to = self.after();
        self.cut(self.caret, to)
    }

    /// Takes out the word before the caret; says whether there was one.
    pub fn delete_word(&mut self) -> bool {
        let from = self.word_before();
        self.cut(from, self.caret)
    }

    /// Takes out everything before the caret on its line; says whether there was anything.
    pub fn clear(&mut self) -> bool {
        self.cut(self.line_start(self.caret), self.caret)
    }

    fn cut(&mut self, from: usize, to: usize) -> bool {
        self.text.replace_range(from..to, "");
        self.caret = from;
        from != to
    }

    /// The edge of a character before the caret. The text is looked at from the caret, not from its
    /// start: it may be a million characters long.
    fn before(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.caret, self.text.len(), true);
        cursor.prev_boundary(&self.text, 0).ok().flatten().unwrap_or(0)
    }

    fn after(&self) -> usize {
        let mut cursor = GraphemeCursor::new(self.caret, self.text.len(), true);
        cursor.next_boundary(&self.text, 0).ok().flatten().unwrap_or(self.text.len())
    }

    fn word_before(&self) -> usize {
        self.text[..self.caret].unicode_word_indices().next_back().map_or(0, |(at, _)| at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emoji_family_is_one_character() {
        let mut line = LineInput::new("a👨‍👩‍👧b");
        line.left();
        assert!(line.backspace());
        assert_eq!(line.text(), "ab");
        assert_eq!(line.caret(), 1);
    }

    #[test]
    fn words_and_ends() {
        let mut line = LineInput::new("tag:VIP  张三");
        line.word_left();
        line.word_left();
        line.word_left();
        assert!(line.caret() <= 4);
        line.end();
        assert!(line.delete_word());
        assert!(line.text().starts_with("tag:VIP"));
        assert!(line.clear());
        assert!(!line.backspace() && !line.delete());
    }

    #[test]
    fn up_and_down_keep_the_place_in_the_line() {
        let mut line = LineInput::many("一二三四\nab\n\nxyz");
        assert!(!line.line_down());
        for caret in ["一二三四\nab\n".len(), "一二三四\n".len(), 0] {
            assert!(line.line_up());
            assert_eq!(line.caret(), caret);
            line.home();
        }
        assert!(!line.line_up());
        line.end();
        assert_eq!(line.caret(), "一二三四".len());
        line.left();
        assert!(line.line_down());
        assert_eq!(line.caret(), "一二三四\nab".len());
    }

    #[test]
    fn a_combining_mark_joins_what_stands_before() {
        let mut line = LineInput::new("e");
        line.insert("\u{301}");
        assert_eq!(line.caret(), 3);
        line.home();
        line.right();
        assert_eq!(line.caret(), 3);
        line.replace(0..3, "x y");
        assert_eq!((line.text(), line.caret()), ("x y", 3));
    }
}
