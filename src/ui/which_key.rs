//! Which-key: the ways on from a prefix, above the message line.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::border::{Frame, frame};
use super::canvas::Canvas;
use super::look::Look;
use super::text::{Align, width};
use crate::app::App;
use crate::i18n::words::help;
use crate::keymap::{Continuation, Next, print_keys};

/// Draws the ways on in as many columns as there is room for, at the bottom of `body`.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, ways: &[Continuation], body: Rect) {
    let lines: Vec<(String, String)> = ways
        .iter()
        .map(|way| {
            let does = match &way.next {
                Next::Command(command) => {
                    let args = app.means(command).unwrap_or_else(|| command.args.join(" "));
                    format!("{} {args}", command.spec().says(look.lang.is_zh())).trim_end().to_owned()
                }
                Next::More(count) => look.fill(help::MORE, &[("n", count)]),
            };
            (way.key.to_string(), does)
        })
        .collect();
    let most = |texts: &mut dyn Iterator<Item = &String>| {
        texts.map(|text| width(text, look.mode)).max().unwrap_or(0)
    };
    let key = most(&mut lines.iter().map(|(key, _)| key));
    let does = most(&mut lines.iter().map(|(_, does)| does));
    let column = u16::try_from(key + does + 4).unwrap_or(u16::MAX).max(8);
    let inside = body.width.saturating_sub(4);
    let columns = (inside / column).max(1);
    let count = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    let high = (count.div_ceil(columns) + 2).min(body.height);
    let area = if look.plain { body } else { Rect { y: body.bottom() - high, height: high, ..body } };
    canvas.ground(look.styles.over);
    canvas.clear(area, Style::new());
    let (keys, _) = app.pressed();
    let title = format!("{} {}", print_keys(keys), look.say(help::WHICH_KEY));
    let inner = frame(canvas, look, area, Frame { title: title.trim(), focused: true, ..Frame::default() });
    let rows = usize::from(inner.height.max(1));
    for (index, (keys, does)) in lines.iter().enumerate() {
        let (nth, row) = (index / rows, index % rows);
        let x = inner.x + 1 + u16::try_from(nth).unwrap_or(u16::MAX).saturating_mul(column);
        let y = inner.y + u16::try_from(row).unwrap_or(0);
        let Some(room) = inner.right().checked_sub(x).filter(|_| y < inner.bottom()) else { continue };
        let key = u16::try_from(key).unwrap_or(0);
        canvas.field(x, y, key.min(room), keys, Align::Right, look.styles.key);
        canvas.field(
            x + key + 1,
            y,
            room.saturating_sub(key + 1).min(column),
            does,
            Align::Left,
            look.styles.text,
        );
    }
}
