//! A buffer of cells as an SVG picture.
//!
//! Every character is placed by its column, so that Chinese stays aligned whatever the font; lines,
//! bars and dots are drawn, not written, so that they meet.

use std::fmt::Write;

use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use unicode_width::UnicodeWidthStr;

/// Pixels that a column is wide: half of the font size, as Chinese monospaced fonts have it.
const COLUMN: usize = 8;
/// Pixels that a row is high.
const ROW: usize = 20;
const FONT_SIZE: usize = 16;
/// From the top of a row to the line that letters stand on.
const BASE: usize = 15;
/// Around the cells.
const MARGIN: usize = 10;
const FONTS: &str = "'Noto Sans Mono CJK SC','Sarasa Mono SC','Source Han Mono SC',monospace";

const TEXT: &str = "#d8dee9";
const GROUND: &str = "#181b22";
/// The sixteen colours of the pictures.
const SIXTEEN: [&str; 16] = [
    "#3b4252", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#c8ccd4", "#6b7385",
    "#f08089", "#b1d693", "#f0d197", "#82c4f8", "#d794ea", "#74cdd8", "#ffffff",
];

/// Draws a screen.
pub fn draw(buffer: &Buffer) -> String {
    let (columns, rows) = (usize::from(buffer.area.width), usize::from(buffer.area.height));
    let (width, height) = (columns * COLUMN + 2 * MARGIN, rows * ROW + 2 * MARGIN);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\">\n<rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"{GROUND}\"/>\n\
         <g transform=\"translate({MARGIN} {MARGIN})\" font-family=\"{FONTS}\" font-size=\"{FONT_SIZE}\" \
         xml:space=\"preserve\">\n"
    );
    for y in 0..rows {
        grounds(&mut svg, buffer, y);
        glyphs(&mut svg, buffer, y);
    }
    svg.push_str("</g>\n</svg>\n");
    svg
}

fn cell(buffer: &Buffer, x: usize, y: usize) -> &Cell {
    &buffer.content()[y * usize::from(buffer.area.width) + x]
}

/// Foreground and background of a cell; `None` where nothing is behind it.
fn colors(cell: &Cell) -> (String, Option<String>) {
    let front = hex(cell.fg).unwrap_or_else(|| TEXT.to_owned());
    let back = hex(cell.bg);
    if cell.modifier.contains(Modifier::REVERSED) {
        (back.unwrap_or_else(|| GROUND.to_owned()), Some(front))
    } else {
        (front, back)
    }
}

fn hex(color: Color) -> Option<String> {
    let named = |at: usize| Some(SIXTEEN[at].to_owned());
    match color {
        Color::Reset => None,
        Color::Rgb(r, g, b) => Some(format!("#{r:02x}{g:02x}{b:02x}")),
        Color::Indexed(at @ 0..16) => named(usize::from(at)),
        Color::Indexed(at @ 16..232) => {
            let level = |at: u8| if at == 0 { 0 } else { 55 + 40 * at };
            let at = at - 16;
            Some(format!("#{:02x}{:02x}{:02x}", level(at / 36), level(at / 6 % 6), level(at % 6)))
        }
        Color::Indexed(at) => {
            let level = 8 + 10 * (at - 232);
            Some(format!("#{level:02x}{level:02x}{level:02x}"))
        }
        Color::Black => named(0),
        Color::Red => named(1),
        Color::Green => named(2),
        Color::Yellow => named(3),
        Color::Blue => named(4),
        Color::Magenta => named(5),
        Color::Cyan => named(6),
        Color::Gray => named(7),
        Color::DarkGray => named(8),
        Color::LightRed => named(9),
        Color::LightGreen => named(10),
        Color::LightYellow => named(11),
        Color::LightBlue => named(12),
        Color::LightMagenta => named(13),
        Color::LightCyan => named(14),
        Color::White => named(15),
    }
}

/// What lies behind a row: a rectangle for each run of cells of one colour.
fn grounds(svg: &mut String, buffer: &Buffer, y: usize) {
    let columns = usize::from(buffer.area.width);
    let mut x = 0;
    while x < columns {
        let back = colors(cell(buffer, x, y)).1;
        let run = (x..columns).take_while(|x| colors(cell(buffer, *x, y)).1 == back).count();
        if let Some(back) = back {
            let (left, top, wide) = (x * COLUMN, y * ROW, run * COLUMN);
            let _ = writeln!(
                svg,
                "<rect x=\"{left}\" y=\"{top}\" width=\"{wide}\" height=\"{ROW}\" fill=\"{back}\"/>"
            );
        }
        x += run;
    }
}

fn glyphs(svg: &mut String, buffer: &Buffer, y: usize) {
    let columns = usize::from(buffer.area.width);
    let mut x = 0;
    while x < columns {
        let at = cell(buffer, x, y);
        let symbol = at.symbol();
        if !symbol.trim().is_empty() {
            let (front, _) = colors(at);
            if !picture(svg, symbol, x * COLUMN, y * ROW, &front) {
                letter(svg, at, x * COLUMN, y * ROW, &front);
            }
        }
        x += symbol.width().max(1);
    }
}

fn letter(svg: &mut String, cell: &Cell, x: usize, y: usize, front: &str) {
    let mut look = String::new();
    if cell.symbol().contains(|c: char| c >= '\u{1f000}') {
        look.push_str(" font-size=\"13\""); // emoji are drawn wider than they are said to be
    }
    for (modifier, attribute) in [
        (Modifier::BOLD, " font-weight=\"bold\""),
        (Modifier::ITALIC, " font-style=\"italic\""),
        (Modifier::UNDERLINED, " text-decoration=\"underline\""),
        (Modifier::DIM, " opacity=\"0.65\""),
    ] {
        if cell.modifier.contains(modifier) {
            look.push_str(attribute);
        }
    }
    let text = cell.symbol().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let base = y + BASE;
    // Chinese fonts draw these as wide as a Han character; a terminal that is set to narrow, as
    // the pictures are, gives them one column.
    let squeezed = cell.symbol().width() == 1 && cell.symbol().width_cjk() == 2;
    let place = if squeezed {
        format!("transform=\"translate({x} {base}) scale(0.5 0.9)\"")
    } else {
        format!("x=\"{x}\" y=\"{base}\"")
    };
    let _ = writeln!(svg, "<text {place} fill=\"{front}\"{look}>{text}</text>");
}

/// Draws lines, bars and dots; says whether it was one.
fn picture(svg: &mut String, symbol: &str, x: usize, y: usize, front: &str) -> bool {
    let mut chars = symbol.chars();
    let (Some(c), None) = (chars.next(), chars.next()) else { return false };
    match c {
        '●' => {
            let (cx, cy) = (x + COLUMN / 2, y + ROW / 2);
            let _ = writeln!(svg, "<circle cx=\"{cx}\" cy=\"{cy}\" r=\"3.5\" fill=\"{front}\"/>");
            true
        }
        '╭' | '╮' | '╰' | '╯' => {
            corner(svg, c, x, y, front);
            true
        }
        '\u{2500}'..='\u{253c}' => lines(svg, c, x, y, front),
        '\u{2581}'..='\u{2588}' => {
            let high = ROW * (c as usize - 0x2580) / 8;
            let top = y + ROW - high;
            let _ = writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{top}\" width=\"{COLUMN}\" height=\"{high}\" fill=\"{front}\"/>"
            );
            true
        }
        '\u{2589}'..='\u{258f}' => {
            let wide = COLUMN * (0x2590 - c as usize) / 8;
            let _ = writeln!(
                svg,
                "<rect x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{ROW}\" fill=\"{front}\"/>"
            );
            true
        }
        '\u{2800}'..='\u{28ff}' => {
            dots(svg, c as usize - 0x2800, x, y, front);
            true
        }
        _ => false,
    }
}

/// A box-drawing character: which of up, right, down and left its arms go.
fn lines(svg: &mut String, c: char, x: usize, y: usize, front: &str) -> bool {
    let [up, right, down, left] = match c {
        '─' => [false, true, false, true],
        '│' => [true, false, true, false],
        '┌' => [false, true, true, false],
        '┐' => [false, false, true, true],
        '└' => [true, true, false, false],
        '┘' => [true, false, false, true],
        '├' => [true, true, true, false],
        '┤' => [true, false, true, true],
        '┬' => [false, true, true, true],
        '┴' => [true, true, false, true],
        '┼' => [true, true, true, true],
        _ => return false,
    };
    let (middle, centre) = (x + COLUMN / 2, y + ROW / 2);
    let mut path = String::new();
    for (goes, arm) in [
        (up, format!("V{y}")),
        (right, format!("H{}", x + COLUMN)),
        (down, format!("V{}", y + ROW)),
        (left, format!("H{x}")),
    ] {
        if goes {
            let _ = write!(path, "M{middle} {centre}{arm}");
        }
    }
    let _ = writeln!(svg, "<path d=\"{path}\" stroke=\"{front}\" stroke-linecap=\"square\" fill=\"none\"/>");
    true
}

/// A round corner.
fn corner(svg: &mut String, c: char, x: usize, y: usize, front: &str) {
    let (middle, centre) = (x + COLUMN / 2, y + ROW / 2);
    let side = if matches!(c, '╭' | '╰') { x + COLUMN } else { x };
    let end = if matches!(c, '╭' | '╮') { y + ROW } else { y };
    let _ = writeln!(
        svg,
        "<path d=\"M{middle} {end}Q{middle} {centre} {side} {centre}\" stroke=\"{front}\" fill=\"none\"/>"
    );
}

/// Braille: two columns of four dots, numbered as Unicode has it.
fn dots(svg: &mut String, bits: usize, x: usize, y: usize, front: &str) {
    const PLACES: [(usize, usize); 8] = [(0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2), (0, 3), (1, 3)];
    for (bit, (column, row)) in PLACES.into_iter().enumerate() {
        if bits >> bit & 1 == 1 {
            let (cx, cy) = (x + 2 + column * COLUMN / 2, y + 3 + row * 14 / 3);
            let _ = writeln!(svg, "<circle cx=\"{cx}\" cy=\"{cy}\" r=\"1.5\" fill=\"{front}\"/>");
        }
    }
}
