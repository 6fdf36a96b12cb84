//! Where borders must stand, said by the layout alone, and whether they do.

use siyu::app::layout::DetailLayout;
use siyu::app::{App, Area, Detail};
use unicode_width::UnicodeWidthStr;

use crate::screen::Screen;

/// The boxes of what is on the screen; none on one that is too small, or with something over it.
pub fn boxes(app: &App) -> Vec<Area> {
    let layout = app.layout();
    if app.size.0 < 40 || app.size.1 < 10 || app.overlay.is_some() {
        return Vec::new();
    }
    let parts = DetailLayout::of(layout.body, app.settings.plain);
    let boxes = match app.details.last() {
        None => layout.panes.into_iter().chain([layout.preview]).collect(),
        Some(Detail::Customer(_)) if parts.profile.y == parts.timeline.y => {
            vec![parts.profile, parts.timeline]
        }
        Some(Detail::Customer(_)) => vec![parts.timeline],
        Some(Detail::Group(detail)) if detail.record.view.is_none() => vec![layout.body],
        Some(Detail::Group(_)) => vec![parts.trend, parts.heat, parts.side, parts.members],
        Some(Detail::FollowUp(_)) => vec![layout.body],
        Some(Detail::Outbox(_)) => siyu::ui::outbox_boxes(layout.body).to_vec(),
        Some(Detail::Steps(_)) => siyu::ui::steps_boxes(layout.body).to_vec(),
        Some(Detail::Triage(_)) => siyu::ui::triage_boxes(layout.body),
    };
    boxes.into_iter().filter(|area| area.w >= 2 && area.h >= 2).collect()
}

/// Fails where a border does not stand in its column, a row is longer or shorter than the screen,
/// or something on it could act on a terminal.
pub fn whole(screen: &Screen, app: &App) {
    let wrong = wrong(screen, app);
    assert!(wrong.is_empty(), "{} at {:?}\n{screen}", wrong.join("; "), app.size);
}

fn wrong(screen: &Screen, app: &App) -> Vec<String> {
    let mut wrong = Vec::new();
    let boxes = boxes(app);
    if boxes.is_empty() && app.size.0 >= 40 && app.size.1 >= 10 && app.overlay.is_none() {
        wrong.push("there is no box at all".to_owned());
    }
    for Area { x, y, w, h } in boxes {
        let (right, bottom) = (x + w - 1, y + h - 1);
        let corners = [(x, y, "╭"), (right, y, "╮"), (x, bottom, "╰"), (right, bottom, "╯")];
        let sides = (y + 1..bottom).flat_map(|row| [(x, row, "│"), (right, row, "│")]);
        for (column, row, expected) in corners.into_iter().chain(sides) {
            let found = screen.at(column, row);
            if found != expected {
                wrong.push(format!("{found:?} stands at {column},{row} and not {expected}"));
            }
        }
    }
    for (row, cells) in screen.cells().enumerate() {
        let taken: u16 = cells.iter().map(|(_, symbol)| symbol.width().max(1) as u16).sum();
        if taken != app.size.0 {
            wrong.push(format!("row {row} is {taken} cells long"));
        }
        let acts = |c: char| c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        wrong.extend(
            cells
                .iter()
                .filter(|(_, symbol)| symbol.contains(acts))
                .map(|(x, symbol)| format!("{symbol:?} stands raw at {x},{row}")),
        );
    }
    wrong
}

/// Fails where the box that lies over the others, told by what its title begins with, does not
/// stand in its columns down to its lower corners.
pub fn over(screen: &Screen, title: &str) {
    let rows: Vec<Vec<(u16, &str)>> = screen.cells().collect();
    let text = |row: &Vec<(u16, &str)>| row.iter().map(|(_, symbol)| *symbol).collect::<String>();
    let top = rows.iter().position(|row| text(row).contains(&format!("─ {title}")));
    let top = top.unwrap_or_else(|| panic!("no box is called {title:?}\n{screen}"));
    let head: String = text(&rows[top]);
    let before = head.split(&format!("─ {title}")).next().unwrap_or_default().chars().count();
    let corners = rows[top].iter().enumerate().filter(|(_, (_, symbol))| *symbol == "╭");
    let left = corners.filter(|(at, _)| *at <= before).map(|(_, (x, _))| *x).next_back().expect("a corner");
    let right = rows[top].iter().find(|(x, symbol)| *x > left && *symbol == "╮").expect("a corner").0;
    for row in top + 1..rows.len() {
        let y = u16::try_from(row).expect("a screen has few rows");
        match (screen.at(left, y), screen.at(right, y)) {
            ("│", "│") => {}
            ("╰", "╯") => return,
            found => panic!("{found:?} at {left} and {right} of row {row}\n{screen}"),
        }
    }
    panic!("the box {title:?} has no lower border\n{screen}");
}
