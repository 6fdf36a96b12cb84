//! `siyu man`: the manual page, made of the arguments themselves. `siyu man | man -l -` shows it.
//!
//! clap_mangen writes what follows from the arguments; the synopsis, which it writes without values,
//! and what no argument says (variables, exit statuses, files) are written here.

use std::io::{self, Write};

use clap::{Arg, Args};
use clap_mangen::roff::{Inline, Roff, bold, italic, roman};

use super::status;
use crate::command::usage;
use crate::i18n::words::{commands, manual};
use crate::i18n::{Lang, Word, say};

/// Arguments of `siyu man`.
#[derive(Args, Clone, Debug)]
pub struct ManArgs {
    /// The page of this subcommand instead of the whole
    pub subcommand: Option<String>,
}

/// What clap_mangen heads its sections with.
const HEADINGS: [Word; 5] =
    [manual::NAME, manual::SYNOPSIS, manual::DESCRIPTION, manual::OPTIONS, manual::SUBCOMMANDS];

/// Variables that stand for a profile, and those of others that are heeded.
const VARIABLES: [(&str, Word); 4] = [
    ("SIYU_URL", manual::URL),
    ("SIYU_BACKEND", manual::BACKEND),
    ("SIYU_TOKEN", manual::TOKEN),
    ("NO_COLOR", manual::NO_COLOR),
];

/// All exit statuses there are.
const STATUSES: [(u8, Word); 7] = [
    (status::DONE, manual::DONE),
    (status::FAILED, manual::FAILED),
    (status::USAGE, manual::USAGE),
    (3, manual::PARTLY),
    (4, manual::REFUSED),
    (5, manual::CONFLICT),
    (status::INTERRUPTED, manual::INTERRUPTED),
];

/// Files, where nothing moves them.
const FILES: [(&str, Word); 5] = [
    ("~/.config/siyu/config.toml", manual::CONFIG_FILE),
    ("~/.cache/siyu/PROFILE/cache.db", manual::CACHE_FILE),
    ("~/.local/state/siyu/PROFILE/", manual::STATE_FOLDER),
    ("~/.local/state/siyu/log/siyu.log", manual::LOG_FILE),
    ("~/.local/share/siyu/serve.db", manual::STORE_FILE),
];

/// Writes the page for `command`, the whole command line, as roff. Gives the exit status.
///
/// # Errors
/// Where `out` takes no more.
pub fn run(args: &ManArgs, mut command: clap::Command, lang: Lang, out: &mut impl Write) -> io::Result<u8> {
    command.build();
    let page = match &args.subcommand {
        None => command,
        Some(name) => match command.find_subcommand(name) {
            Some(found) => found.clone(),
            None => {
                let names: Vec<_> = command.get_subcommands().map(|sub| sub.get_name()).collect();
                let wrong = commands::NO_SUBCOMMAND.with("name", format!("{name:?}"));
                super::say::say(wrong.with("names", names.join(", ")).in_lang(lang));
                return Ok(2);
            }
        },
    };
    let (synopsis, more) = (synopsis(&page), more(&page, lang));
    let has_subcommands = page.has_subcommands();
    let lists_commands = has_subcommands || page.get_name() == "do";
    let man = clap_mangen::Man::new(page);
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    synopsis.to_writer(&mut text)?;
    man.render_description_section(&mut text)?;
    man.render_options_section(&mut text)?;
    if has_subcommands {
        man.render_subcommands_section(&mut text)?;
    }
    out.write_all(headed(&String::from_utf8_lossy(&text), lang).as_bytes())?;
    if lists_commands {
        given(lang).to_writer(out)?;
    }
    more.to_writer(out)?;
    Ok(0)
}

/// The page with its headings in the reader's language; clap_mangen writes them in English.
fn headed(text: &str, lang: Lang) -> String {
    let heading = |line: &str| {
        let name = line.strip_prefix(".SH ")?;
        HEADINGS.iter().find(|word| word.en == name).map(|word| format!(".SH {}", say(lang, *word)))
    };
    text.lines().map(|line| heading(line).unwrap_or_else(|| line.to_owned()) + "\n").collect()
}

/// The commands that `siyu do` takes.
fn given(lang: Lang) -> Roff {
    let mut roff = Roff::new();
    roff.control("SH", [say(lang, manual::DO_SECTION)]);
    for spec in usage::given() {
        roff.control("TP", []).text([bold(usage::form(spec))]).text([roman(spec.says(lang.is_zh()))]);
    }
    for (command, names) in usage::fields() {
        roff.control("TP", []).text([bold(format!("FIELD ({command})"))]).text([roman(names)]);
    }
    roff
}

/// The command with its options, each with the name of its value.
fn synopsis(page: &clap::Command) -> Roff {
    let mut line = vec![bold(page.get_bin_name().unwrap_or_else(|| page.get_name()))];
    let shown = |arg: &&Arg| !arg.is_hide_set() && !matches!(arg.get_id().as_str(), "help" | "version");
    for arg in page.get_arguments().filter(shown) {
        let optional = !arg.is_required_set();
        line.push(roman(if optional { " [" } else { " " }));
        line.extend(form(arg));
        line.push(roman(if optional { "]" } else { "" }));
    }
    if page.has_subcommands() {
        line.extend([roman(" ["), italic("COMMAND"), roman("]")]);
    }
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]).text(line);
    roff
}

fn form(arg: &Arg) -> Vec<Inline> {
    let mut form = Vec::new();
    if let Some(long) = arg.get_long() {
        form.push(bold(format!("--{long}")));
    }
    let values = arg.get_value_names().filter(|_| arg.get_action().takes_values());
    for value in values.into_iter().flatten() {
        if !form.is_empty() {
            form.push(roman(" "));
        }
        form.push(italic(value.as_str()));
    }
    if arg.is_positional() && matches!(arg.get_action(), clap::ArgAction::Append) {
        form.push(roman("..."));
    }
    form
}

/// Variables, exit statuses and files.
fn more(page: &clap::Command, lang: Lang) -> Roff {
    let mut roff = Roff::new();
    let of_arguments = page.get_arguments().filter_map(|arg| {
        let name = arg.get_env()?.to_string_lossy().into_owned();
        Some((name, arg.get_help().map(ToString::to_string).unwrap_or_default()))
    });
    let worded = |table: &[(&str, Word)]| -> Vec<(String, String)> {
        table.iter().map(|(name, word)| ((*name).to_owned(), say(lang, *word).to_owned())).collect()
    };
    let variables: Vec<_> = worded(&VARIABLES).into_iter().chain(of_arguments).collect();
    let statuses: Vec<_> =
        STATUSES.iter().map(|(status, word)| (status.to_string(), say(lang, *word).to_owned())).collect();
    for (heading, list) in
        [(manual::ENVIRONMENT, variables), (manual::EXIT_STATUS, statuses), (manual::FILES, worded(&FILES))]
    {
        roff.control("SH", [say(lang, heading)]);
        for (name, text) in list {
            roff.control("TP", []).text([bold(name)]).text([roman(text)]);
        }
    }
    roff
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(subcommand: Option<&str>, lang: Lang) -> (u8, String) {
        use clap::CommandFactory;
        let command = crate::cli::help::in_lang(crate::cli::Cli::command(), lang);
        let mut out = Vec::new();
        let status =
            run(&ManArgs { subcommand: subcommand.map(str::to_owned) }, command, lang, &mut out).unwrap();
        (status, String::from_utf8(out).unwrap().replace("\\-", "-"))
    }

    #[test]
    fn the_whole_and_its_parts() {
        let whole = page(None, Lang::En).1;
        assert!(whole.contains("siyu-doctor"), "{whole}");
        for part in [".SH ENVIRONMENT", "SIYU_URL", "SIYU_OFFLINE", ".SH \"EXIT STATUS\"", "130", ".SH FILES"]
        {
            assert!(whole.contains(part), "{part}: {whole}");
        }
        assert!(whole.contains("[\\fB--profile\\fR \\fINAME\\fR]"), "{whole}");
        let list = page(Some("list"), Lang::En).1;
        assert!(list.contains("\\fIRESOURCE\\fR [\\fIFILTER\\fR...]"), "{list}");
        assert_eq!(page(Some("docter"), Lang::En), (2, String::new()));
    }

    #[test]
    fn the_page_speaks_chinese() {
        let whole = page(None, Lang::Zh).1;
        assert!(whole.contains(".SH 退出状态") && whole.contains("不联网,只用缓存"), "{whole}");
    }
}
