//! How commands that write are given: for `siyu do --help`, the manual page and `docs/commands.md`.
//!
//! All of it follows from the table and from the fields that can be edited, so that no list of it
//! can be stale.

use std::fmt::Write;

use super::plan::{CUSTOMER_FIELDS, FOLLOW_UP_FIELDS, Field};
use super::{Arg, ArgKind, Risk, Spec, Verb, specs};

/// Commands that can be given with no screen, in the order of help.
pub fn given() -> impl Iterator<Item = &'static Spec> {
    let alone = |verb| matches!(verb, Verb::TagCreate | Verb::Undo | Verb::Redo);
    specs().iter().filter(move |spec| spec.risk != Risk::Read && (spec.on.is_some() || alone(spec.verb)))
}

/// A command with its arguments: `call.log RESULT [NOTE…]`.
pub fn form(spec: &Spec) -> String {
    let mut form = spec.id.to_owned();
    for arg in spec.args {
        let _ = write!(form, " {}", argument(spec, arg));
    }
    form
}

fn argument(spec: &Spec, arg: &Arg) -> String {
    let name = match arg.name {
        "form" => "{\"FIELD\": \"VALUE\", …}".to_owned(),
        name => name.to_uppercase(),
    };
    let rest = if arg.kind == ArgKind::Rest && arg.name != "form" { "…" } else { "" };
    // A tag may be chosen by a filter, and then only what it becomes is an argument.
    let must = arg.needed && !(spec.verb == Verb::TagEdit && arg.name == "remove");
    if must { format!("{name}{rest}") } else { format!("[{name}{rest}]") }
}

/// What stands for `FIELD`, with the words that each takes where these are few: of a customer, and of a
/// follow-up.
pub fn fields() -> [(&'static str, String); 2] {
    [("customer.set", listed(CUSTOMER_FIELDS, true)), ("follow_up.set", listed(FOLLOW_UP_FIELDS, false))]
}

fn listed(fields: &[Field], custom: bool) -> String {
    let name = |field: &Field| {
        let words: Vec<_> = field.words().into_iter().map(|(word, _)| word).collect();
        if words.is_empty() { field.name.to_owned() } else { format!("{} ({})", field.name, words.join("|")) }
    };
    let mut names: Vec<String> = fields.iter().map(name).collect();
    if custom {
        names.push("custom.NAME".to_owned());
    }
    names.join(", ")
}

/// Lines for a screen: each command and what it does, then the fields.
pub fn lines(zh: bool) -> String {
    let forms: Vec<(String, &'static str)> = given().map(|spec| (form(spec), spec.says(zh))).collect();
    let widest = forms.iter().map(|(form, _)| form.chars().count()).max().unwrap_or(0);
    let mut lines = String::new();
    for (form, says) in &forms {
        let _ = writeln!(lines, "  {form}{}  {says}", " ".repeat(widest - form.chars().count()));
    }
    for (command, names) in fields() {
        let _ = write!(lines, "\nFIELD ({command}): {names}");
    }
    lines
}

/// `docs/commands.md`, whole.
pub fn page() -> String {
    let mut page = String::from(
        "# Commands / 命令\n\n\
         What `siyu do \"COMMAND ARGS\"` and the `:` line of the console take: commands that write. Words with blanks \
         stand in double quotes; an argument with `…` is all that is left of the line; one in brackets may be left out. \
         On which records: `--on FILTER` or `--ids`.\n\n\
         `siyu do \"命令 参数\"` 与控制台的 `:` 行接受的写入命令。含空格的词加双引号;带 `…` 的参数取到行尾;方括号内可省略。\
         对哪些记录: `--on 筛选` 或 `--ids`。\n\n\
         This page is written by the code (`SIYU_RENEW=1 cargo test --test commands_page`), and a test fails when it is \
         stale.\n",
    );
    let mut chapter = None;
    for spec in given() {
        if chapter.replace(spec.chapter) != Some(spec.chapter) {
            let _ = write!(
                page,
                "\n## {} / {}\n\n| command | on | risk | does | 作用 |\n| --- | --- | --- | --- | --- |\n",
                spec.chapter.title(false),
                spec.chapter.title(true)
            );
        }
        let on = spec.on.map_or("", |resource| resource.name());
        let (form, risk) = (form(spec), spec.risk.word());
        let _ = writeln!(page, "| `{form}` | {on} | {risk} | {} | {} |", spec.en, spec.zh);
    }
    page.push_str("\n## Fields / 字段\n\n| field | 字段 | takes | 可填 |\n| --- | --- | --- | --- |\n");
    for (command, fields) in [("customer.set", CUSTOMER_FIELDS), ("follow_up.set", FOLLOW_UP_FIELDS)] {
        for field in fields {
            let words = field.words();
            let list = |chinese: bool| {
                let word = |pair: &(&str, &str)| format!("`{}`", if chinese { pair.1 } else { pair.0 });
                words.iter().map(word).collect::<Vec<_>>().join(" ")
            };
            let _ = writeln!(
                page,
                "| `{command} {}` | {} | {} | {} |",
                field.name,
                field.zh,
                list(false),
                list(true)
            );
        }
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_that_writes_to_records_can_be_given() {
        let given: Vec<_> = given().map(|spec| spec.id).collect();
        assert!(given.contains(&"tag.add") && given.contains(&"undo") && !given.contains(&"outbox.retry"));
        for spec in specs().iter().filter(|spec| spec.on.is_some() && spec.risk != Risk::Read) {
            assert!(given.contains(&spec.id), "{}", spec.id);
            let lines = lines(true);
            assert!(lines.contains(&form(spec)) && lines.contains(spec.zh), "{}", spec.id);
        }
    }

    #[test]
    fn arguments_that_may_be_left_out_stand_in_brackets() {
        let form_of = |id: &str| form(specs().iter().find(|spec| spec.id == id).unwrap());
        assert_eq!(form_of("call.log"), "call.log RESULT [NOTE…]");
        assert_eq!(form_of("tag.add"), "tag.add TAGS…");
        assert_eq!(form_of("undo"), "undo");
        assert!(fields()[0].1.contains("stage (lead|new|active|dormant|lost)"));
    }
}
