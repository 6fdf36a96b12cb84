//! Help: every command with its keys and its risk, what works here first, searchable.

use std::collections::BTreeMap;

use ratatui::layout::{Position, Rect};
use ratatui::style::Style;

use super::border::{Frame, frame};
use super::canvas::Canvas;
use super::line_input;
use super::look::Look;
use super::text::{Align, WidthMode};
use crate::app::{App, Help};
use crate::command::{Chapter, Command, Layer, Risk, Spec, Verb, specs};
use crate::i18n::words::{help, pickers};
use crate::keymap::print_keys;
use crate::query::{fold, pinyin_matches};

/// A line of help.
enum Line {
    Heading(&'static str),
    Command { keys: String, spec: &'static Spec, args: String },
    Macro { keys: String, name: String, says: String, risk: Risk, refused: Option<String> },
    Filter { example: &'static str, told: &'static str },
    Blank,
}

/// Draws help over the whole body; gives the caret while one looks for something.
pub fn draw(canvas: &mut Canvas, look: &Look, app: &App, open: &Help, body: Rect) -> Option<Position> {
    canvas.ground(look.styles.over);
    canvas.clear(body, Style::new());
    let lines = lines(look, app, open);
    let title = look.say(help::TITLE);
    let frame_of = Frame { title, focused: true, ..Frame::default() };
    let inner = frame(canvas, look, body, frame_of);
    let (top, area) = (Rect { height: inner.height.min(1), ..inner }, below(inner));
    let line = Rect { x: top.x + 1, width: top.width.saturating_sub(2), ..top };
    let caret = if open.searching || !open.input.text().is_empty() {
        let caret = line_input::draw(canvas, look, line, "/ ", &open.input, None);
        caret.filter(|_| open.searching)
    } else {
        let keys = app.settings.keymap.keys_of(Verb::SearchOpen, app.layers());
        let key = keys.first().map(|keys| print_keys(keys)).unwrap_or_default();
        canvas.line(
            line.x,
            line.y,
            line.width,
            &[(&key, look.styles.key), (" ", look.styles.dim), (look.say(pickers::SEARCH), look.styles.dim)],
        );
        None
    };
    let height = usize::from(area.height);
    let top = open.scroll.show(lines.len(), height);
    for (y, line) in (area.y..area.bottom()).zip(lines.iter().skip(top)) {
        draw_line(canvas, look, Rect { y, height: 1, ..area }, line);
    }
    if lines.is_empty() && area.height > 0 {
        let none = look.say(help::NO_MATCH);
        canvas.field(area.x + 2, area.y, area.width.saturating_sub(2), none, Align::Left, look.styles.dim);
    }
    caret
}

fn below(area: Rect) -> Rect {
    let top = area.height.min(1);
    Rect { y: area.y + top, height: area.height - top, ..area }
}

fn draw_line(canvas: &mut Canvas, look: &Look, area: Rect, line: &Line) {
    match line {
        Line::Blank => {}
        Line::Heading(text) => {
            canvas.field(
                area.x + 1,
                area.y,
                area.width.saturating_sub(1),
                text,
                Align::Left,
                look.styles.heading,
            );
        }
        Line::Command { keys, spec, args } => {
            let says = spec.says(look.lang.is_zh());
            let key_cells = if area.width >= 70 { 18 } else { 12 };
            let (keys, style) = if keys.is_empty() {
                (look.say(help::NO_KEY), look.styles.dim)
            } else {
                (keys.as_str(), look.styles.key)
            };
            canvas.field(
                area.x + 3,
                area.y,
                key_cells.min(area.width.saturating_sub(3)),
                keys,
                Align::Left,
                style,
            );
            let x = area.x + 4 + key_cells;
            let room = area.right().saturating_sub(x);
            let harmless = spec.risk == Risk::Read;
            let risk = if harmless { "" } else { look.named(help::RISKS, spec.risk.word()) };
            let name = format!("{}{args}", spec.id);
            if room >= 50 {
                let names = (room * 2 / 5).min(27);
                let does = room - names - 11;
                canvas.field(x, area.y, does, says, Align::Left, look.styles.text);
                canvas.field(x + does, area.y, names, &name, Align::Left, look.styles.dim);
                canvas.field(x + does + names + 1, area.y, 10, risk, Align::Left, look.styles.dim);
            } else {
                canvas.field(x, area.y, room, says, Align::Left, look.styles.text);
            }
        }
        Line::Macro { keys, name, says, risk, refused } => {
            let key_cells = if area.width >= 70 { 18 } else { 12 };
            let (keys, style) = match keys.as_str() {
                "" => (look.say(help::NO_KEY), look.styles.dim),
                keys => (keys, look.styles.key),
            };
            let first = key_cells.min(area.width.saturating_sub(3));
            canvas.field(area.x + 3, area.y, first, keys, Align::Left, style);
            let x = area.x + 4 + key_cells;
            let room = area.right().saturating_sub(x);
            let style = if refused.is_some() { look.styles.dim } else { look.styles.text };
            let says = match refused {
                Some(why) => format!("{says} ({why})"),
                None => says.clone(),
            };
            if room >= 50 {
                let names = (room * 2 / 5).min(27);
                let does = room - names - 11;
                canvas.field(x, area.y, does, &says, Align::Left, style);
                canvas.field(x + does, area.y, names, name, Align::Left, look.styles.dim);
                let risk = look.named(help::RISKS, risk.word());
                canvas.field(x + does + names + 1, area.y, 10, risk, Align::Left, look.styles.dim);
            } else {
                canvas.field(x, area.y, room, &says, Align::Left, style);
            }
        }
        Line::Filter { example, told } => {
            let cells = 38.min(area.width.saturating_sub(3) / 2);
            canvas.field(area.x + 3, area.y, cells, example, Align::Left, look.styles.key);
            let x = area.x + 4 + cells;
            canvas.field(x, area.y, area.right().saturating_sub(x), told, Align::Left, look.styles.text);
        }
    }
}

/// All lines, or those that have what is looked for.
fn lines(look: &Look, app: &App, open: &Help) -> Vec<Line> {
    let typed = fold(open.input.text().trim());
    let zh = look.lang.is_zh();
    let fits = |keys: &str, spec: &Spec| {
        typed.is_empty()
            || fold(spec.says(zh)).contains(&typed)
            || fold(spec.says(!zh)).contains(&typed)
            || spec.id.contains(&typed)
            || fold(keys).contains(&typed)
            || pinyin_matches(spec.zh, &typed)
    };
    let mut lines = Vec::new();
    section(&mut lines, look.say(help::HERE), here(app, open.place).into_iter(), &fits);
    let all = everywhere(app);
    for chapter in Chapter::ALL {
        let commands = specs().iter().filter(|spec| spec.chapter == chapter).map(|spec| {
            let keys = all.get(&spec.verb).cloned().unwrap_or_default();
            (keys, Command::new(spec.verb))
        });
        section(&mut lines, chapter.title(zh), commands, &fits);
        if chapter == Chapter::Macros {
            let blank = lines.pop_if(|line| matches!(line, Line::Blank));
            let found = macros(app, &typed);
            if blank.is_none() && !found.is_empty() {
                lines.push(Line::Heading(chapter.title(zh)));
            }
            let any = blank.is_some() || !found.is_empty();
            lines.extend(found);
            lines.extend(any.then_some(Line::Blank));
        }
    }
    if typed.is_empty() || [help::COUNTS.zh, help::COUNTS.en].iter().any(|word| fold(word).contains(&typed)) {
        lines.push(Line::Heading(look.say(help::COUNTS)));
        lines.push(Line::Filter { example: "5 j   8 G   0 1 0 j", told: look.say(help::COUNTS_TOLD) });
        lines.push(Line::Blank);
    }
    if typed.is_empty() {
        lines.push(Line::Heading(look.say(help::FILTER_LANGUAGE)));
        let figures = ("⣀⣤⣶⣿", help::SPARKS);
        let figures = if look.mode == WidthMode::Ascii { ("_.:|#", figures.1) } else { figures };
        for (example, told) in [
            ("张三  zs  zhangsan", help::FILTER_TEXT),
            ("stage:dormant  tag:VIP,母婴", help::FILTER_KEY),
            ("ltv:>=1000  added:<-30d  due:today", help::FILTER_RANGE),
            ("has:phone  is:overdue  -is:mine", help::FILTER_HAS),
            ("(city:杭州 OR city:上海)", help::FILTER_OR),
            figures,
        ] {
            lines.push(Line::Filter { example, told: look.say(told) });
        }
    }
    lines
}

/// Macros with their keys and risk, and why one cannot be run now.
fn macros(app: &App, typed: &str) -> Vec<Line> {
    let book = &app.settings.macros;
    let mut all: Vec<(String, Command)> = Vec::new();
    for layer in Layer::ALL {
        for binding in app.settings.keymap.layer(layer) {
            if binding.command.verb == Verb::MacroRun && !binding.command.args.is_empty() {
                push_keys(&mut all, &print_keys(&binding.keys), binding.command);
            }
        }
    }
    let line = |makes: &crate::macros::Macro| {
        let bound = all.iter().filter(|(_, command)| command.arg() == Some(&makes.name));
        Line::Macro {
            keys: bound.map(|(keys, _)| keys.as_str()).collect::<Vec<_>>().join("  "),
            name: makes.name.clone(),
            says: app.macro_title(makes),
            risk: book.risk(&makes.name),
            refused: app.macro_refusal(makes),
        }
    };
    let fits = |makes: &&crate::macros::Macro| {
        typed.is_empty()
            || fold(&makes.zh).contains(typed)
            || fold(&makes.en).contains(typed)
            || makes.name.contains(typed)
            || pinyin_matches(&makes.zh, typed)
    };
    book.iter().filter(fits).map(line).collect()
}

fn section(
    lines: &mut Vec<Line>,
    heading: &'static str,
    commands: impl Iterator<Item = (String, Command)>,
    fits: &dyn Fn(&str, &Spec) -> bool,
) {
    let mut found = commands.filter(|(keys, command)| fits(keys, command.spec())).peekable();
    if found.peek().is_none() {
        return;
    }
    lines.push(Line::Heading(heading));
    lines.extend(found.map(|(keys, command)| {
        let args = command.args.iter().map(|arg| format!(" {arg}")).collect();
        Line::Command { keys, spec: command.spec(), args }
    }));
    lines.push(Line::Blank);
}

/// What the layers of the place bind: each command once, with all its keys.
fn here(app: &App, place: &[Layer]) -> Vec<(String, Command)> {
    let mut commands: Vec<(String, Command)> = Vec::new();
    // what belongs to the place itself, not to every place
    for layer in place.iter().filter(|layer| **layer != Layer::Global && **layer != Layer::List) {
        for binding in app.settings.keymap.layer(*layer) {
            // a key of a wider layer that works here too is told with its chapter
            if binding.command.spec().layers.iter().any(|layer| matches!(layer, Layer::List | Layer::Global))
            {
                continue;
            }
            push_keys(&mut commands, &print_keys(&binding.keys), binding.command);
        }
    }
    commands
}

fn push_keys(commands: &mut Vec<(String, Command)>, keys: &str, command: Command) {
    match commands.iter_mut().find(|(_, known)| *known == command) {
        Some((known, _)) => {
            if !known.split("  ").any(|one| one == keys) {
                known.push_str("  ");
                known.push_str(keys);
            }
        }
        None => commands.push((keys.to_owned(), command)),
    }
}

/// Keys in the order of the table, the operator's own before them.
fn in_order(keys: &str, spec: &Spec) -> String {
    let mut keys: Vec<&str> = keys.split("  ").collect();
    keys.sort_by_key(|key| spec.keys.iter().position(|known| known == key).map_or(0, |at| at + 1));
    keys.join("  ")
}

/// The keys of every command in any layer.
fn everywhere(app: &App) -> BTreeMap<Verb, String> {
    let mut all: Vec<(String, Command)> = Vec::new();
    for layer in Layer::ALL {
        for binding in app.settings.keymap.layer(layer) {
            if binding.command.args.is_empty() {
                push_keys(&mut all, &print_keys(&binding.keys), binding.command);
            }
        }
    }
    all.into_iter().map(|(keys, command)| (command.verb, in_order(&keys, command.spec()))).collect()
}
