//! The tables of `docs/contract.md` are those of the code.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use clap::CommandFactory;
use siyu::cli::Cli;
use siyu::model::Resource;
use siyu::query::{KeyKind, KeySpec, Scope};

const PAGE: &str = "docs/contract.md";
const RENEW: &str = "SIYU_RENEW=1 cargo test --test contract_page";

fn escaped(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

/// Every subcommand with its arguments, as the parser knows them.
fn commands() -> String {
    let mut table = "| command | does |\n| --- | --- |\n".to_owned();
    let mut program = Cli::command();
    program.build();
    for command in program.get_subcommands().filter(|command| command.get_name() != "help") {
        let mut form = format!("siyu {}", command.get_name());
        for part in command.get_subcommands().map(clap::Command::get_name).filter(|name| *name != "help") {
            form.push_str(if form.contains('[') { "\\|" } else { " [" });
            form.push_str(part);
        }
        if command.has_subcommands() {
            form.push(']');
        }
        for argument in command.get_arguments().filter(|argument| argument.is_positional()) {
            let _ = write!(form, " {}", escaped(&argument.to_string()));
        }
        let own = |argument: &&clap::Arg| {
            !argument.is_positional() && !argument.is_global_set() && argument.get_id() != "help"
        };
        for argument in command.get_arguments().filter(own) {
            let _ = write!(form, " [{}]", escaped(&argument.to_string()));
        }
        let about = command.get_about().map(ToString::to_string).unwrap_or_default();
        let _ = writeln!(table, "| `{form}` | {} |", escaped(&about));
    }
    table
}

/// The flags that every command takes.
fn flags() -> String {
    let mut table = "| flag | environment | means |\n| --- | --- | --- |\n".to_owned();
    let mut program = Cli::command();
    program.build();
    for argument in program.get_arguments().filter(|argument| argument.is_global_set()) {
        let variable = argument.get_env().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
        let _ =
            writeln!(table, "| `{}` | `{variable}` | {} |", escaped(&argument.to_string()), escaped(&help));
    }
    table
}

/// What the values of a key are, in a word or by their list.
fn values(key: &KeySpec) -> String {
    let words = |words: Vec<&str>| words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(" ");
    match key.kind {
        KeyKind::Id => "an id".to_owned(),
        KeyKind::Text => "text, `*` for any run".to_owned(),
        KeyKind::Choice(list) => words(list.iter().map(|word| word.word).collect()),
        KeyKind::Rank(list) => {
            format!("{}, in this order", words(list.iter().map(|word| word.word).collect()))
        }
        KeyKind::Tag(_) => "a tag's name or id".to_owned(),
        KeyKind::Operator(_) => "an operator's name or id, or `me`".to_owned(),
        KeyKind::Group(_) => "a group's name or id".to_owned(),
        KeyKind::Customer(_) => "a customer's name or id".to_owned(),
        KeyKind::TagGroup(_) => "a tag group's name or id".to_owned(),
        KeyKind::Int => "a whole number".to_owned(),
        KeyKind::Money => "an amount in minor units, or `¥1000`".to_owned(),
        KeyKind::Ratio => "a share, such as `0.5` or `50%`".to_owned(),
        KeyKind::Score => "an RFM score".to_owned(),
        KeyKind::Time { .. } => "a date".to_owned(),
        KeyKind::Birthday => "a day of the year".to_owned(),
        KeyKind::State(list) => words(list.iter().map(|state| state.word).collect()),
    }
}

/// Every key of the filter language, by what is listed.
fn keys() -> String {
    let mut page = String::new();
    for scope in Scope::ALL {
        let _ =
            writeln!(page, "#### {scope:?}\n\n| key | also | means | values |\n| --- | --- | --- | --- |");
        let own = scope.keys().iter().filter(|key| !key.name.starts_with("customer."));
        for key in own {
            let also: Vec<_> = key.also.iter().map(|name| format!("`{name}`")).collect();
            let _ = writeln!(
                page,
                "| `{}` | {} | {} | {} |",
                key.name,
                also.join(" "),
                escaped(key.en),
                values(key)
            );
        }
        if scope.keys().iter().any(|key| key.name.starts_with("customer.")) {
            let _ = writeln!(page, "\nAnd every key of customers with `customer.` before it.");
        }
        page.push('\n');
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

fn resources() -> String {
    let names: Vec<_> = Resource::ALL.iter().map(|resource| format!("`{}`", resource.name())).collect();
    format!("{}\n", names.join(" "))
}

#[test]
fn the_tables_of_the_contract_are_those_of_the_code() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(PAGE);
    let mut text = fs::read_to_string(&path).expect(PAGE);
    let before = text.clone();
    for (name, table) in
        [("commands", commands()), ("flags", flags()), ("filter-keys", keys()), ("resources", resources())]
    {
        let (begin, end) = (format!("<!-- {name}:begin -->\n"), format!("<!-- {name}:end -->"));
        let from = text.find(&begin).unwrap_or_else(|| panic!("{PAGE} has no {begin}")) + begin.len();
        let to = text.find(&end).unwrap_or_else(|| panic!("{PAGE} has no {end}"));
        text.replace_range(from..to, &format!("\n{table}\n"));
    }
    if std::env::var_os("SIYU_RENEW").is_some() {
        fs::write(&path, text).expect(PAGE);
        return;
    }
    assert!(text == before, "{PAGE} is stale; renew it with\n  {RENEW}");
}
