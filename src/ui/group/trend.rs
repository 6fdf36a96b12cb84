//! The days of a group: sparklines of who joined, left and wrote, with their sums and peaks.

use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::i18n;
use crate::i18n::words::{detail, panes};
use crate::model::GroupDay;
use crate::query::ask::GroupView;
use crate::ui::border::{Frame, frame};
use crate::ui::canvas::Canvas;
use crate::ui::look::Look;
use crate::ui::text::{Align, width};

/// Cells of a summary: ` 1,204  peak 12-31 (999)`.
const SUMMARY: usize = 25;

/// A line of figures: its name, the figure of a day, its style.
type Row = (&'static str, fn(&GroupDay) -> Option<i64>, Style);

/// Draws the part, its border included.
pub fn draw(canvas: &mut Canvas, look: &Look, view: &GroupView, area: Rect, focused: bool) {
    // today is not over: among whole days it would always look like a fall
    let today = look.now.date().to_string();
    let days = match view.days.split_last() {
        Some((last, over)) if last.day == today => over,
        _ => &view.days,
    };
    let title = look.fill(detail::OVERVIEW, &[("n", &days.len())]);
    let owner = match &view.row.owner {
        Some(owner) => format!("{} {owner}", look.say(detail::OWNER_OF_GROUP)),
        None => String::new(),
    };
    let inner = frame(canvas, look, area, Frame { title: &title, note: &owner, focused, ..Frame::default() });
    let inner = Rect { x: inner.x + 1, width: inner.width.saturating_sub(2), ..inner };
    let mut y = inner.y;
    let mut line = |canvas: &mut Canvas, texts: &[(&str, Style)]| {
        if y < inner.bottom() {
            canvas.line(inner.x, y, inner.width, texts);
        }
        y += 1;
    };
    let styles = look.styles;
    let members = view.row.members.unwrap_or_else(|| i64::try_from(view.members).unwrap_or(i64::MAX));
    let members = look.fill(detail::MEMBERS_OF, &[("n", &i18n::exact(members))]);
    let (net7, net30) = (net(&view.days, 7), net(&view.days, 30));
    let told = |word, net: Option<i64>| {
        net.map_or_else(String::new, |net| look.fill(word, &[("n", &i18n::signed(look.lang, net))]))
    };
    let grown = |net: Option<i64>| match net {
        Some(1..) => styles.good,
        Some(..=-1) => styles.warn,
        _ => styles.text,
    };
    let seven = told(detail::NET7, net7);
    let thirty = if view.days.len() >= 28 { told(detail::NET30, net30) } else { String::new() };
    let health = if view.row.dying {
        format!("! {}", look.say(panes::DYING_WORD))
    } else if view.row.quiet {
        look.say(panes::QUIET_WORD).to_owned()
    } else {
        String::new()
    };
    line(
        canvas,
        &[
            (&members, styles.text),
            ("   ", styles.text),
            (&seven, grown(net7)),
            ("   ", styles.text),
            (&thirty, grown(net30)),
            ("   ", styles.text),
            (&health, styles.bad),
        ],
    );
    let rows: [Row; 4] = [
        (look.say(detail::MESSAGES), |day| day.messages, styles.spark),
        (look.say(detail::ACTIVE_MEMBERS), |day| day.active_members, styles.spark),
        (look.say(detail::JOINED), |day| day.joined, styles.good),
        (look.say(detail::LEFT), |day| day.left, styles.warn),
    ];
    let label = rows.iter().map(|(name, ..)| width(name, look.mode)).max().unwrap_or(0);
    // what stands behind a sparkline goes before its oldest days
    let cells = usize::from(inner.width).saturating_sub(label + 1 + SUMMARY).clamp(7, 60);
    for (name, figure, style) in rows {
        let figures: Vec<Option<i64>> = days.iter().map(figure).collect();
        let name = crate::ui::text::fit(name, label + 1, Align::Left, look.mode);
        let name =
            if look.plain { format!("{}: {} ", name.trim_end(), look.say(panes::IN_7_DAYS)) } else { name };
        let told = summary(look, days, &figures);
        line(
            canvas,
            &[
                (&name, styles.dim),
                (&look.spark(&figures, figures.len().min(if look.plain { 7 } else { cells })), style),
                (" ", styles.text),
                (&told, styles.text),
            ],
        );
    }
    if view.members > 0 {
        let share = view.lurkers as f64 / view.members as f64;
        let lurkers = look
            .fill(detail::LURKERS, &[("n", &look.figure(view.lurkers)), ("percent", &i18n::percent(share))]);
        line(canvas, &[(&lurkers, if share > 0.6 { styles.warn } else { styles.text })]);
    }
    if !view.tags.is_empty() {
        line(
            canvas,
            &[(look.say(detail::TAGS), styles.dim), (" ", styles.dim), (&view.tags.join("  "), styles.tag)],
        );
    }
    if view.group.created_at.is_some() {
        line(
            canvas,
            &[
                (look.say(detail::OPENED), styles.dim),
                (" ", styles.dim),
                (&look.date(view.group.created_at), styles.text),
            ],
        );
    }
    if let Some(notice) = view.group.notice.as_deref().filter(|notice| !notice.is_empty()) {
        line(canvas, &[(look.say(detail::NOTICE), styles.dim), (" ", styles.dim), (notice, styles.text)]);
    }
}

/// `共 1,204  峰值 3-15 (96)`: the sum and the highest day.
fn summary(look: &Look, days: &[GroupDay], figures: &[Option<i64>]) -> String {
    let sum = figures.iter().flatten().fold(0_i64, |sum, figure| sum.saturating_add(*figure));
    let highest = figures.iter().enumerate().filter_map(|(at, figure)| Some((figure.as_ref()?, at))).max();
    let sum = i18n::figure(look.lang, sum);
    match highest {
        Some((&most @ 1.., at)) => {
            let day = short_day(&days[at].day);
            format!("{sum:>6}  {} ({most})", look.fill(detail::PEAK, &[("day", &day)]))
        }
        _ => format!("{sum:>6}"),
    }
}

/// `3-15` of `2026-03-15`; the text itself where it is no date.
fn short_day(day: &str) -> String {
    match day.parse::<jiff::civil::Date>() {
        Ok(day) => format!("{}-{:02}", day.month(), day.day()),
        Err(_) => day.to_owned(),
    }
}

/// Joined less left over the last days; `None` where no day of them is known.
fn net(days: &[GroupDay], last: usize) -> Option<i64> {
    let known = days.iter().rev().take(last).filter_map(|day| Some(day.joined? - day.left?));
    known.fold(None, |sum: Option<i64>, net| Some(sum.unwrap_or(0).saturating_add(net)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_net_is_of_days_that_are_known() {
        let day = |joined, left| GroupDay { joined, left, ..GroupDay::default() };
        let days = [day(Some(9), Some(0)), day(None, Some(3)), day(Some(2), Some(5))];
        assert_eq!(net(&days, 2), Some(-3));
        assert_eq!(net(&days, 3), Some(6));
        assert_eq!(net(&days[1..2], 7), None);
        assert_eq!(short_day("2026-03-05"), "3-05");
        assert_eq!(short_day("soon"), "soon");
    }
}
