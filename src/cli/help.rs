//! `--help` in Chinese, and what is wrong with arguments in the form of all messages.
//!
//! The arguments carry their English as doc comments. For Chinese every text is replaced by its
//! word in [`usage::HELP`], and what clap itself would add (headings, defaults, variables, the
//! possible values) is written here.

use std::error::Error as _;
use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command};

use super::site::env;
use crate::command::usage as usage_of;
use crate::i18n::words::{manual, usage};
use crate::i18n::{Lang, Line, Word, fill, say};

const ZH: Lang = Lang::Zh;

/// The command with its help in a language.
pub(super) fn in_lang(command: Command, lang: Lang) -> Command {
    let commands = format!("{}\n{}", say(lang, manual::DO_COMMANDS), usage_of::lines(lang.is_zh()));
    let mut command = command
        .after_help(say(lang, manual::IN_SHORT))
        .mut_subcommand("do", |command| command.after_help(commands));
    if !lang.is_zh() {
        return command;
    }
    command.build(); // adds `help` and `--help`, and gives every subcommand the flags of all
    translated(command)
}

fn word(english: &str) -> Option<Word> {
    usage::HELP.iter().map(|(_, word)| *word).find(|word| word.en == english)
}

fn chinese(text: Option<&clap::builder::StyledStr>) -> Option<String> {
    let english = text?.to_string();
    Some(word(&english).map_or(english, |word| word.zh.to_owned()))
}

fn translated(command: Command) -> Command {
    let about = chinese(command.get_about());
    let heading = |word| format!("\u{1b}[1m\u{1b}[4m{}\u{1b}[0m", say(ZH, word));
    let mut page = format!("{{about-with-newline}}\n{} {{usage}}", heading(usage::USAGE));
    let mut part = |there: bool, word, tag: &str| {
        if there {
            page += &format!("\n\n{}\n{{{tag}}}", heading(word));
        }
    };
    part(command.has_subcommands(), usage::COMMANDS, "subcommands");
    part(command.get_positionals().next().is_some(), usage::ARGUMENTS, "positionals");
    part(true, usage::OPTIONS, "options");
    page += "{after-help}";
    let command = command.help_template(page).subcommand_value_name(say(ZH, usage::COMMAND));
    let command = match about {
        Some(about) => command.about(about),
        None => command,
    };
    command.mut_args(argument).mut_subcommands(translated)
}

fn argument(arg: Arg) -> Arg {
    let mut help = chinese(arg.get_help()).unwrap_or_default();
    let note = |help: &mut String, word, name, value: &str| {
        help.push(' ');
        *help += &fill(say(ZH, word), &[(name, &value)]);
    };
    let values = if arg.get_action().takes_values() { arg.get_possible_values() } else { Vec::new() };
    let values: Vec<_> = values.iter().filter(|value| !value.is_hide_set()).collect();
    let defaults: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
    if !defaults.is_empty() && arg.get_action().takes_values() {
        note(&mut help, usage::DEFAULT, "value", &defaults.join(" "));
    }
    if let Some(name) = arg.get_env() {
        note(&mut help, usage::ENVIRONMENT, "name", &name.to_string_lossy());
    }
    let mut long = chinese(arg.get_long_help());
    if values.iter().any(|value| value.get_help().is_some()) {
        let lines = values.iter().map(|value| match chinese(value.get_help()) {
            Some(help) => format!("\n- {}: {help}", value.get_name()),
            None => format!("\n- {}", value.get_name()),
        });
        long = Some(format!("{help}\n\n{}{}", say(ZH, usage::CHOICES_BELOW), lines.collect::<String>()));
    }
    if !values.is_empty() {
        let names: Vec<_> = values.iter().map(|value| value.get_name()).collect();
        note(&mut help, usage::CHOICES, "words", &names.join(", "));
    }
    let arg = arg.help(help).hide_default_value(true).hide_env(true).hide_possible_values(true);
    match long {
        Some(long) => arg.long_help(long),
        None => arg,
    }
}

/// What is wrong with the arguments, as a line; `None` where it is not wrong but help that was
/// asked for.
pub(super) fn wrong(error: &clap::Error) -> Option<Line> {
    use ErrorKind as K;
    let text = |kind| error.get(kind).map(plain).unwrap_or_default();
    let (arg, value) = (text(ContextKind::InvalidArg), text(ContextKind::InvalidValue));
    let line = match error.kind() {
        K::DisplayHelp | K::DisplayVersion | K::DisplayHelpOnMissingArgumentOrSubcommand => return None,
        K::UnknownArgument => usage::NO_SUCH_OPTION.with("arg", arg),
        K::InvalidSubcommand => usage::NO_SUCH_COMMAND.with("name", text(ContextKind::InvalidSubcommand)),
        K::InvalidValue if value.is_empty() => usage::VALUE_MISSING.with("arg", arg),
        K::NoEquals | K::TooFewValues => usage::VALUE_MISSING.with("arg", arg),
        K::InvalidValue | K::ValueValidation | K::TooManyValues | K::WrongNumberOfValues => {
            let arg = variable(&arg, &value, std::env::args_os()).unwrap_or(arg);
            usage::WRONG_CHOICE.with("arg", arg).with("value", format!("{value:?}"))
        }
        K::ArgumentConflict if text(ContextKind::PriorArg) == arg => usage::TWICE.with("arg", arg),
        K::ArgumentConflict => {
            usage::NOT_TOGETHER.with("arg", arg).with("other", text(ContextKind::PriorArg))
        }
        K::MissingRequiredArgument => usage::REQUIRED.with("args", arg),
        K::MissingSubcommand => usage::WANTS_COMMAND.into(),
        K::InvalidUtf8 => usage::NOT_UTF8.into(),
        _ => usage::NO_SENSE.into(),
    };
    Some(reason(error).into_iter().chain(near(error)).fold(line, |line, more| line.and("\n  ").and(more)))
}

/// The environment variable that gave a flag its value, where it was not given by hand.
fn variable(arg: &str, value: &str, mut words: impl Iterator<Item = OsString>) -> Option<String> {
    let flag = arg.split_whitespace().next().filter(|flag| flag.starts_with("--"))?;
    let name = format!("SIYU_{}", flag[2..].replace('-', "_").to_uppercase());
    let by_hand = words.any(|word| word.to_string_lossy().split('=').next() == Some(flag));
    (!by_hand && env(&name).as_deref() == Some(value)).then_some(name)
}

/// Why a value was not taken, as far as who read it says so.
fn reason(error: &clap::Error) -> Option<Line> {
    let source = error.source()?;
    source.downcast_ref::<Line>().cloned()
}

/// What could have been written instead.
fn near(error: &clap::Error) -> Option<Line> {
    let meant = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    if let Some(name) = meant.into_iter().find_map(|kind| error.get(kind)) {
        return Some(usage::MEANT.with("name", plain(name)));
    }
    let valid = error.get(ContextKind::ValidValue).or_else(|| error.get(ContextKind::ValidSubcommand))?;
    Some(usage::THERE_ARE.with("words", plain(valid))).filter(|_| !plain(valid).is_empty())
}

fn plain(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(words) => words.join(", "),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::cli::Cli;

    fn texts(command: &Command, found: &mut Vec<String>) {
        found
            .extend(command.get_about().into_iter().chain(command.get_long_about()).map(ToString::to_string));
        for arg in command.get_arguments() {
            found.extend(arg.get_help().into_iter().chain(arg.get_long_help()).map(ToString::to_string));
            let values = arg.get_possible_values();
            found.extend(values.iter().filter_map(|value| value.get_help()).map(ToString::to_string));
        }
        command.get_subcommands().for_each(|command| texts(command, found));
    }

    #[test]
    fn every_text_of_the_help_has_its_chinese() {
        let (mut command, mut found) = (Cli::command(), Vec::new());
        command.build();
        texts(&command, &mut found);
        let missing: Vec<_> = found.iter().filter(|text| word(text).is_none()).collect();
        assert!(missing.is_empty(), "{missing:#?}");
        let unused: Vec<_> =
            usage::HELP.iter().filter(|(_, word)| !found.iter().any(|text| text == word.en)).collect();
        assert!(unused.is_empty(), "{unused:#?}");
    }

    /// Arguments can be seen by everybody on the machine.
    #[test]
    fn no_client_takes_its_token_as_an_argument() {
        fn arguments(command: &Command, path: &str, found: &mut Vec<String>) {
            let path = format!("{path} {}", command.get_name());
            let ids = command.get_arguments().map(|argument| argument.get_id().as_str());
            let about = |id: &&str| ["token", "secret", "password"].iter().any(|word| id.contains(word));
            found.extend(ids.filter(about).map(|id| format!("{path} {id}")));
            command.get_subcommands().for_each(|command| arguments(command, &path, found));
        }
        let mut found = Vec::new();
        arguments(&Cli::command(), "", &mut found);
        // The server's own, which an environment variable takes as well, and where one is to be had: the
        // names of a variable, of a file and of a program.
        let at = "siyu config init token";
        let places = ["env", "file", "command"].map(|place| format!(" {at}_{place}"));
        assert_eq!(found, [&[" siyu serve token".to_owned()][..], &places].concat());
    }

    /// No argument leaves it to clap to say how a number may be written.
    #[test]
    fn numbers_are_told_in_words() {
        let told = |line: &str| {
            let words = line.split(' ');
            Cli::command().try_get_matches_from(words).unwrap_err().to_string()
        };
        for line in [
            "siyu demo --customers -1",
            "siyu demo --customers 0",
            "siyu demo --seed x",
            "siyu list tags --limit x",
            "siyu list tags --limit -1",
            "siyu do undo --yes=x",
            "siyu serve --sample x",
            "siyu serve --sample 1 --seed x",
            "siyu serve --body-mib 0",
            "siyu serve --writes-per-minute 0",
            "siyu backend try tags --limit x",
        ] {
            let told = told(line);
            assert!(told.contains("a whole number") && !told.contains("..="), "{line}: {told}");
        }
    }

    #[test]
    fn the_chinese_command_still_takes_its_arguments() {
        let parse = |line: &str| in_lang(Cli::command(), ZH).try_get_matches_from(line.split(' '));
        let matches = parse("siyu list customers stage:new --limit 3 --lang zh").unwrap();
        assert_eq!(matches.subcommand_name(), Some("list"));
        let told = |line: &str| wrong(&parse(line).unwrap_err()).unwrap().in_lang(ZH);
        assert_eq!(told("siyu lst"), "没有这个命令: lst\n  是否想写 list?");
        assert!(told("siyu list customers --limt 3").contains("--limit"));
        assert!(told("siyu list people").contains("customers, tags"));
        assert_eq!(told("siyu list customers --limit x"), "--limit <N> 不能是 \"x\"\n  应为整数");
        assert_eq!(
            told("siyu demo --customers 0"),
            "--customers <N> 不能是 \"0\"\n  应为 1 到 9,999,999 的整数"
        );
        assert!(told("siyu serve --still").contains("--sample"));
    }
}
