//! Breaking text into lines, by the rules of Chinese and of English at once.

use super::{WidthMode, safe, units};

/// `text` in lines of at most `cells` cells; its own line breaks are kept.
///
/// Breaks stand at spaces and between Han characters; no line begins with closing punctuation or
/// ends with an opening bracket, unless there is no other way. Words longer than a line are cut.
pub fn wrap(text: &str, cells: usize, mode: WidthMode) -> Vec<String> {
    if cells == 0 {
        return Vec::new();
    }
    text.split('\n').flat_map(|line| paragraph(line.trim_end_matches('\r'), cells, mode)).collect()
}

fn paragraph(text: &str, cells: usize, mode: WidthMode) -> Vec<String> {
    let shown = safe(text, mode);
    let units: Vec<(&str, usize)> = units(&shown, mode)
        .map(|(unit, wide)| if usize::from(wide) > cells { ("?", 1) } else { (unit, wide.into()) })
        .collect();
    let mut lines = Vec::new();
    let mut start = 0;
    while start < units.len() {
        let mut used = 0;
        let overflow = (start..units.len()).find(|&i| {
            used += units[i].1;
            used > cells
        });
        let Some(overflow) = overflow else {
            lines.push(joined(&units[start..]));
            break;
        };
        let end = (start + 1..=overflow)
            .rev()
            .find(|&at| may_break(units[at - 1], units[at]))
            .unwrap_or(overflow.max(start + 1));
        lines.push(joined(&units[start..end]));
        start = end;
        while start < units.len() && units[start].0 == " " {
            start += 1;
        }
    }
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines
}

fn joined(units: &[(&str, usize)]) -> String {
    let mut line: String = units.iter().map(|(unit, _)| *unit).collect();
    line.truncate(line.trim_end_matches(' ').len());
    line
}

pub(in crate::ui) fn may_break(before: (&str, usize), after: (&str, usize)) -> bool {
    if before.0 == " " || after.0 == " " {
        return true;
    }
    let wide = before.1 == 2 || after.1 == 2;
    wide && !closes(after.0) && !opens(before.0)
}

/// Punctuation that must not begin a line.
fn closes(unit: &str) -> bool {
    "，。、；：！？）】》」』〉”’…—～·,.!?;:)]}>%％℃°".contains(unit)
}

/// Punctuation that must not end a line.
fn opens(unit: &str) -> bool {
    "（【《「『〈“‘([{<￥$#".contains(unit)
}
