//! Macros as they are written: what is read, what is refused and where, and that a macro comes back as it
//! was printed.

use std::path::Path;

use super::*;
use crate::command::Risk;
use crate::i18n::Lang;

fn book(text: &str) -> Result<Book, Vec<String>> {
    let told = |all: Vec<crate::reading::Diagnostic>| all.iter().map(|one| one.one_line(Lang::En)).collect();
    let file = MacroFile::read(Path::new("m.toml"), text, Source::Config).map_err(told)?;
    Book::build(&[file]).map_err(told)
}

fn wrong(text: &str) -> Vec<String> {
    book(text).err().unwrap_or_default()
}

#[test]
fn the_shipped_macros_hold_together_and_are_printed_as_they_are_read() {
    let shipped = Book::build(&[]).unwrap_or_else(|wrong| panic!("{}", wrong[0]));
    assert!(shipped.iter().count() >= 8);
    for makes in shipped.iter() {
        assert!(!makes.tests.is_empty(), "{} has no test", makes.name);
        let printed = print(makes);
        let again = read_file(Path::new("shipped.toml"), &printed, Source::Shipped)
            .unwrap_or_else(|wrong| panic!("{}", wrong[0]));
        let plain = |makes: &Macro| {
            let mut makes = makes.clone();
            makes.tests.clear();
            makes.origin.span = 0..0;
            makes.steps.iter_mut().for_each(|step| step.span = 0..0);
            // Tables of TOML have no order.
            makes.params.sort_by(|one, other| one.name.cmp(&other.name));
            makes
        };
        assert_eq!(plain(&again[0]), plain(makes), "{printed}");
    }
}

#[test]
fn mistakes_say_where_and_what_was_meant() {
    for (text, told) in [
        ("[macros.a]\nsteps = [\"tag.ad VIP\"]\n", "m.toml:2:11: no command is called \"tag.ad\""),
        (
            "[macros.a]\nsteps = [\"tag.add {tga}\"]\nparams.tag = { kind = \"tag\" }\n",
            "m.toml:2:19: there is nothing called \"tga\"",
        ),
        ("[macros.a]\nsteps = [\"pane.tags\"]\n", "m.toml:2:10: pane.tags changes no customer"),
        ("[macros.a]\nsteps = [\"follow_up.done\"]\n", "m.toml:2:10: follow_up.done is meant for follow-ups"),
        ("[macros.a]\nsteps = [\"stage.set bogus\"]\n", "m.toml:2:21: stage"),
        (
            "[macros.a]\nsteps = [{ run = \"tag.add x\", when = \"tga:VIP\" }]\n",
            "m.toml:2:39: no key \"tga\"",
        ),
        (
            "[macros.a]\nselect = \"ltv:>={n}\"\nsteps = [\"tag.add x\"]\n",
            "m.toml:2:17: there is nothing called \"n\"",
        ),
        ("[macros.a]\nsteps = [\"tag.add x\"]\nstep = []\n", "m.toml:3:1: [macros.a] has no key \"step\""),
        (
            "[macros.a]\nsteps = [\"tag.add x\"]\nparams.n = { kind = \"numbr\" }\n",
            "m.toml:3:21: kind is one of",
        ),
        (
            "[macros.a]\nsteps = [\"tag.add x\"]\nparams.n = { kind = \"number\", default = \"x\" }\n",
            "m.toml:3:41: the default will not do",
        ),
        (
            "[macros.a]\nsteps = [\"tag.add x\"]\nparams.n = { ask = \"never\" }\n",
            "m.toml:3:8: the parameter n is never asked for",
        ),
        (
            "[macros.a]\nrisk = \"write\"\nsteps = [\"message.send auto hi\"]\n",
            "m.toml:1:9: the risk of its steps is outbound",
        ),
        ("[macros.a]\nsteps = [\"macro.run b\"]\n", "m.toml:2:10: there is no macro \"b\""),
        (
            "[macros.a]\nsteps = [\"macro.run thank-referrer\"]\n",
            "m.toml:2:10: the macro \"thank-referrer\" needs friend",
        ),
        ("[macros.\"a b\"]\nsteps = [\"tag.add x\"]\n", "m.toml:1:9: a macro's name"),
        ("[macros.a]\nsteps = [\"tag.add x\"]\nparams.today = {}\n", "m.toml:3:8: \"today\" means something"),
    ] {
        let all = wrong(text);
        assert!(all.first().is_some_and(|first| first.starts_with(told)), "{text}: {all:?}");
    }
}

#[test]
fn circles_are_refused_where_they_close() {
    let text = "[macros.a]\nsteps = [\"macro.run b\"]\n[macros.b]\nsteps = [\"macro.run c\"]\n\
                [macros.c]\nsteps = [\"tag.add x\", \"macro.run a\"]\n";
    let all = wrong(text);
    assert_eq!(all.len(), 3, "{all:?}");
    assert_eq!(all[0], "m.toml:2:10: macros that call each other: a → b → c → a");
    assert!(wrong("[macros.a]\nsteps = [\"macro.run a\"]\n")[0].contains("a → a"));
}

#[test]
fn risk_is_that_of_the_worst_step_and_may_only_be_raised() {
    let text = "[macros.tags]\nsteps = [\"tag.add x\"]\n[macros.call]\nsteps = [\"macro.run tags\"]\n\
                [macros.high]\nrisk = \"irreversible\"\nsteps = [\"macro.run tags\"]\n\
                [macros.says]\nsteps = [\"macro.run tags\", \"message.send auto hi\"]\n";
    let book = book(text).unwrap();
    let risks = ["tags", "call", "high", "says"].map(|name| book.risk(name));
    assert_eq!(risks, [Risk::Write, Risk::Write, Risk::Irreversible, Risk::Outbound]);
}

#[test]
fn one_of_ones_own_takes_the_place_of_a_shipped_one() {
    let book = book("[macros.birthday-care]\nen = \"mine\"\nsteps = [\"note.add x\"]\n").unwrap();
    assert_eq!(book.get("birthday-care").map(|makes| makes.says(false)), Some("mine"));
}
