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
use crate::ui::text::{Align, fit, width};

/// A line of figures: its name, the figure of a day, what they come to, its style.
type Row = (&'static str, fn(&GroupDay) -> Option<i64>, Comes, Style);

/// What the figures of some days come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Comes {
    /// Messages add up.
    Sum,
    /// Who is active on two days is one member: days do not add up, and their mean is told.
    Mean,
}

/// Draws the part, its border included.
pub fn draw(canvas: &mut Canvas, look: &Look, view: &GroupView, area: Rect, focused: bool) {
    let styles = look.styles;
    // today is not over: among whole days it would always look like a fall
    let today = look.now.date().to_string();
    let days = match view.days.split_last() {
        Some((last, over)) if last.day == today => over,
        _ => &view.days,
    };
    let rows: [Row; 4] = [
        (look.say(detail::MESSAGES), |day| day.messages, Comes::Sum, styles.spark),
        (look.say(detail::ACTIVE_MEMBERS), |day| day.active_members, Comes::Mean, styles.spark),
        (look.say(detail::JOINED), |day| day.joined, Comes::Sum, styles.good),
        (look.say(detail::LEFT), |day| day.left, Comes::Sum, styles.warn),
    ];
    let label = rows.iter().map(|(name, ..)| width(name, look.mode)).max().unwrap_or(0);
    let (days, summaries) = shown(look, days, &rows, usize::from(area.width).saturating_sub(label + 6));
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
    for ((name, figure, _, style), told) in rows.into_iter().zip(&summaries) {
        let figures: Vec<Option<i64>> = days.iter().map(figure).collect();
        let name = fit(name, label + 1, Align::Left, look.mode);
        let name =
            if look.plain { format!("{}: {} ", name.trim_end(), look.say(panes::IN_7_DAYS)) } else { name };
        line(
            canvas,
            &[
                (&name, styles.dim),
                (&look.spark(&figures, figures.len().min(if look.plain { 7 } else { usize::MAX })), style),
                (" ", styles.text),
                (told, styles.text),
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

/// The days whose sparklines stand in so many cells beside what they come to, and that. Where there
/// is no room for all, the day of the peak goes first, and then the oldest days, out of the
/// sparklines and out of what is told; a week stays.
fn shown<'d>(look: &Look, days: &'d [GroupDay], rows: &[Row], cells: usize) -> (&'d [GroupDay], Vec<String>) {
    let widest = |texts: &[String]| texts.iter().map(|text| width(text, look.mode)).max().unwrap_or(0);
    let told = |shown: &[GroupDay], dated: bool| -> (Vec<String>, usize) {
        let comes: Vec<String> =
            rows.iter().map(|(_, figure, comes, _)| come_to(look, shown, *figure, *comes)).collect();
        let column = widest(&comes).max(6);
        let told = rows.iter().zip(&comes).map(|((_, figure, ..), comes)| {
            let comes = fit(comes, column, Align::Right, look.mode);
            format!("{comes}{}", peak(look, shown, *figure, dated)).trim_end().to_owned()
        });
        let told: Vec<String> = told.collect();
        let room = cells.saturating_sub(widest(&told)).max(7);
        (told, room)
    };
    let (dated, room) = told(days, true);
    if look.plain || days.len() <= room {
        return (days, dated);
    }
    let mut last = days.len();
    loop {
        let shown = &days[days.len() - last..];
        let (told, room) = told(shown, false);
        if last <= room {
            return (shown, told);
        }
        last = room;
    }
}

/// What the figures of some days come to: `1,204`, or `日均 32`.
fn come_to(look: &Look, days: &[GroupDay], figure: fn(&GroupDay) -> Option<i64>, comes: Comes) -> String {
    let known = days.iter().filter_map(figure);
    let sum = known.clone().fold(0_i64, i64::saturating_add);
    match (comes, i64::try_from(known.count()).unwrap_or(i64::MAX)) {
        (Comes::Mean, days @ 1..) => {
            let mean = (sum as f64 / days as f64).round() as i64;
            look.fill(detail::A_DAY, &[("n", &i18n::figure(look.lang, mean))])
        }
        _ => i18n::figure(look.lang, sum),
    }
}

/// `  峰值 3-15 (96)`: the highest day, or `  峰值 96`.
fn peak(look: &Look, days: &[GroupDay], figure: fn(&GroupDay) -> Option<i64>, dated: bool) -> String {
    let highest = days.iter().filter_map(|day| Some((figure(day)?, &day.day))).max();
    match highest {
        Some((most @ 1.., day)) if dated => {
            format!("  {} ({most})", look.fill(detail::PEAK, &[("day", &short_day(day))]))
        }
        Some((most @ 1.., _)) => format!("  {}", look.fill(detail::PEAK, &[("day", &most)])),
        _ => String::new(),
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
