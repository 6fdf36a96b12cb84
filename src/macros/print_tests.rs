//! The law of printing: whatever a macro is made of, it is read again as it was printed.

use std::path::Path;

use proptest::prelude::*;

use super::template::Piece;
use super::*;
use crate::command::{Command, Verb};

/// A text that means something to TOML, to the command language, to templates or to filters.
fn text() -> impl Strategy<Value = String> {
    let words = [
        "\"",
        "'",
        "\\",
        "\"\"\"",
        "'''",
        "#",
        "=",
        "[",
        "]",
        ",",
        ";",
        "--",
        "{",
        "}",
        "{{",
        "}}",
        "{brace}",
        "{customer.name}",
        "{{customer.name}}",
        "{tag",
        "{\"a\":\"b\"}",
        "\\n",
        "\\u0041",
        "\t",
        "%",
        "$HOME",
        "`id`",
        "张三",
        "，",
        "＂",
        "\u{202e}",
        "🌻",
        " ",
        "  ",
        "OR",
        "tag:VIP",
        "macro.run x",
        "when",
        "x",
    ];
    let word =
        prop_oneof![4 => prop::sample::select(words.to_vec()).prop_map(str::to_owned), 1 => "\\PC{1,4}"];
    prop::collection::vec(word, 0..5).prop_map(|words| format!("字{}", words.concat()))
}

/// A template as it is written, and its pieces.
fn template() -> impl Strategy<Value = (String, Vec<Piece>)> {
    let places = ["customer.name", "customer.called", "p", "n", "c", "today"];
    let place = prop::sample::select(places.to_vec()).prop_map(|name| Piece::Place(name.to_owned()));
    let piece = prop_oneof![text().prop_map(Piece::Text), place];
    prop::collection::vec(piece, 1..4).prop_map(|pieces| {
        let mut merged: Vec<Piece> = Vec::new();
        for piece in pieces {
            match (merged.last_mut(), piece) {
                (Some(Piece::Text(last)), Piece::Text(more)) => last.push_str(&more),
                (_, piece) => merged.push(piece),
            }
        }
        let written = merged.iter().map(|piece| match piece {
            Piece::Text(text) => text.replace('{', "{brace}"),
            Piece::Place(name) => format!("{{{name}}}"),
        });
        (written.collect(), merged)
    })
}

fn toml(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// A step as TOML, and the pieces of its template.
fn step() -> impl Strategy<Value = (String, Vec<Piece>)> {
    let whens = ["", "stage:active", "ltv:>={n} -tag:VIP", "\"a b\" OR points:1..9"];
    (template(), 0..7_u8, prop::sample::select(whens.to_vec())).prop_map(|((text, pieces), which, when)| {
        let line = |verb, args: &[&str]| {
            let args = args.iter().map(|arg| (*arg).to_owned()).collect();
            format!("run = {}", toml(&Command { verb, args, count: None }.to_string()))
        };
        let form = serde_json::json!({"company": text, "city": "x"}).to_string();
        let does = match which {
            0 => line(Verb::NoteAdd, &[&text]),
            1 => line(Verb::CustomerSet, &["remark", &text]),
            2 => line(Verb::CallLog, &["won", &text]),
            3 => line(Verb::MessageSend, &["auto", &text]),
            4 => line(Verb::CustomerEdit, &[&form]),
            5 => line(Verb::CouponGrant, &[&text]),
            _ => format!("program = [\"./score\", {}], risk = \"write\", seconds = 7", toml(&text)),
        };
        let when = if when.is_empty() { String::new() } else { format!(", when = {}", toml(when)) };
        (format!("{{ {does}{when} }}"), pieces)
    })
}

fn plain(makes: &Macro) -> Macro {
    let mut makes = makes.clone();
    (makes.origin.span, makes.origin.key) = (0..0, None);
    makes.steps.iter_mut().for_each(|step| step.span = 0..0);
    makes.params.sort_by(|one, other| one.name.cmp(&other.name)); // tables of TOML have no order
    makes
}

fn read(text: &str) -> Macro {
    let read = read_file(Path::new("m.toml"), text, Source::Config);
    let mut all = read.unwrap_or_else(|wrong| panic!("{}\n{text}", wrong[0]));
    all.pop().expect("one macro")
}

#[test]
fn a_tab_in_a_text_of_one_line_is_read_as_it_was_typed() {
    let typed = "customer.set remark 字\t\"";
    let makes = read(&format!("[macros.m]\nsteps = [{}]\n", toml(typed)));
    let again = read(&print(&makes));
    assert_eq!(plain(&again), plain(&makes));
    let Does::Command(pattern) = &again.steps[0].does else { panic!("{again:?}") };
    let texts: Vec<&[Piece]> = pattern.templates().map(|(template, _)| template.pieces()).collect();
    assert!(texts.contains(&[Piece::Text("字\t\"".to_owned())].as_slice()), "{texts:?}");
}

proptest! {
    #[test]
    fn what_is_printed_is_read_as_it_was(
        steps in prop::collection::vec(step(), 1..6),
        (zh, en, default, choice) in (text(), text(), text(), text()),
        target in prop::sample::select(vec!["target = \"view\"", "target = \"current\"", "select = \"city:杭州 ltv:>={n}\"", ""]),
        on_error in prop::sample::select(vec!["stop", "skip", "rollback"]),
        limit in prop::option::of(1..5_000_usize),
        confirm in any::<bool>(),
    ) {
        let (lines, pieces): (Vec<String>, Vec<Vec<Piece>>) = steps.into_iter().unzip();
        let (zh, en, default, choice) = (toml(&zh), toml(&en), toml(&default), toml(&choice));
        let limit = limit.map(|limit| format!("limit = {limit}")).unwrap_or_default();
        let text = format!(
            "[macros.m]\nzh = {zh}\nen = {en}\n{target}\n{limit}\non_error = \"{on_error}\"\nconfirm = {confirm}\n\
             contexts = [\"customers\"]\nkey = \"g 9\"\nrisk = \"irreversible\"\n\
             steps = [\n{},\n\"note.add {{p}}{{n}}{{c}}\", \"tag.add {{tag}}\"]\n\
             params.p = {{ default = {default}, zh = {zh}, en = {en} }}\n\
             params.n = {{ kind = \"number\", default = \"3\", ask = \"never\" }}\n\
             params.c = {{ kind = \"choice\", choices = [{choice}, \"other\"], ask = \"each\" }}\n\
             params.tag = {{ kind = \"tag\" }}\n",
            lines.join(",\n")
        );
        let makes = read(&text);
        // Each text is cut into the pieces that it was put together from: a brace that was written out is none.
        for (step, pieces) in makes.steps.iter().zip(&pieces) {
            let cut: Vec<&[Piece]> = match &step.does {
                Does::Command(pattern) => pattern.templates().map(|(template, _)| template.pieces()).collect(),
                Does::Program(program) => program.argv.iter().map(Template::pieces).collect(),
                Does::Call(_) => Vec::new(),
            };
            prop_assert!(cut.contains(&pieces.as_slice()), "{cut:?} has not {pieces:?}");
        }
        let printed = print(&makes);
        let again = read(&printed);
        prop_assert_eq!(plain(&again), plain(&makes), "{}", &printed);
        prop_assert_eq!(print(&again), printed);
    }
}
