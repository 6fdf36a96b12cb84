//! `siyu completions SHELL`: a script for the shell, made of the arguments themselves.

use std::io::{self, Write};

use clap::builder::PossibleValue;
use clap::{Arg, Args, Command, ValueHint};
use clap_complete::Shell;

use crate::command::{Risk, specs};
use crate::i18n::Lang;
use crate::model::Resource;

/// Arguments of `siyu completions`.
#[derive(Args, Clone, Debug)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    pub shell: Shell,
}

/// Writes the script for `command`, the whole command line. Gives the exit status.
///
/// # Errors
/// Where `out` takes no more.
pub fn run(args: &CompletionsArgs, command: Command, lang: Lang, out: &mut impl Write) -> io::Result<u8> {
    let mut command = hinted(command, lang);
    let mut script = Vec::new(); // clap_complete panics where it cannot write
    clap_complete::generate(args.shell, &mut command, "siyu", &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    match args.shell {
        Shell::Fish => fish_words(&command, "", &mut script),
        Shell::Bash => script = without_files(&command, &script),
        _ => {}
    }
    out.write_all(script.as_bytes())?;
    Ok(0)
}

/// The command with what its arguments take: a file only where one is meant, and words where there
/// are some that the arguments themselves do not list.
fn hinted(command: Command, lang: Lang) -> Command {
    let writes = specs().iter().filter(|spec| spec.risk > Risk::Read);
    let writes: Vec<_> =
        writes.map(|spec| PossibleValue::new(spec.id).help(spec.says(lang.is_zh()))).collect();
    let resources = Resource::ALL.iter().map(|resource| PossibleValue::new(resource.name()));
    let resources: Vec<_> = resources.collect();
    let kinds = |sub: Command| sub.mut_arg("resource", |arg| arg.value_parser(resources.clone()));
    let command = command
        .mut_subcommand("do", |sub| sub.mut_arg("command", |arg| arg.value_parser(writes)))
        .mut_subcommand("backend", |sub| sub.mut_subcommand("try", kinds).mut_subcommand("check", kinds));
    no_files(command)
}

/// What nobody said to be a path is none.
fn no_files(command: Command) -> Command {
    let plain = |arg: Arg| match arg.get_value_hint() {
        ValueHint::Unknown if arg.get_action().takes_values() => arg.value_hint(ValueHint::Other),
        _ => arg,
    };
    command.mut_args(plain).mut_subcommands(no_files)
}

/// Whether some argument that stands by its place is a path.
fn takes_path(command: &Command) -> bool {
    command.get_positionals().any(|arg| arg.get_value_hint() == ValueHint::AnyPath)
}

/// What `clap_complete` leaves out for fish, which would offer file names: the words that may stand
/// as an argument of `command`, which is reached by `path`, and that others are no files.
fn fish_words(command: &Command, path: &str, script: &mut String) {
    let quoted = |text: &str| text.replace('\\', "\\\\").replace('\'', "\\'");
    for sub in command.get_subcommands().filter(|sub| sub.get_name() != "help") {
        let here = match path {
            "" => format!("__fish_siyu_using_subcommand {}", sub.get_name()),
            path => format!("{path}; and __fish_seen_subcommand_from {}", sub.get_name()),
        };
        if sub.has_subcommands() {
            fish_words(sub, &here, script);
            continue;
        }
        if !takes_path(sub) {
            *script += &format!("complete -c siyu -n \"{here}\" -f\n");
        }
        for value in sub.get_positionals().flat_map(Arg::get_possible_values) {
            if value.is_hide_set() {
                continue;
            }
            let help = value.get_help().map(ToString::to_string).unwrap_or_default();
            let (word, help) = (quoted(value.get_name()), quoted(&help));
            *script += &format!("complete -c siyu -n \"{here}\" -f -a '{word}' -d '{help}'\n");
        }
    }
}

/// The script for bash, which offers file names only to the commands that take one as an argument;
/// options say for themselves what they take.
fn without_files(command: &Command, script: &str) -> String {
    let paths: Vec<&str> = command
        .get_subcommands()
        .filter(|sub| takes_path(sub) || sub.get_subcommands().any(takes_path))
        .map(Command::get_name)
        .collect();
    let words = format!(
        "_siyu_words() {{\n    _siyu \"$@\"\n    case \"${{COMP_WORDS[1]}}\" in\n        {})\n            ;;\n        \
         *)\n            compopt +o default +o bashdefault\n            ;;\n    esac\n}}\n\n",
        paths.join("|")
    );
    let (before, after) = script.split_at(script.rfind("if [[ \"${BASH_VERSINFO").unwrap_or(script.len()));
    format!("{before}{words}{}", after.replace("complete -F _siyu ", "complete -F _siyu_words "))
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn fish_offers_the_words_of_arguments() {
        let command = <crate::cli::Cli as clap::CommandFactory>::command();
        let mut script = Vec::new();
        run(&CompletionsArgs { shell: Shell::Fish }, command, Lang::En, &mut script).unwrap();
        let script = String::from_utf8(script).unwrap();
        for (place, word) in
            [("list", "customers"), ("count", "follow-ups"), ("completions", "fish"), ("do", "tag.add")]
        {
            let line = format!("-n \"__fish_siyu_using_subcommand {place}\" -f -a '{word}'");
            assert!(script.contains(&line), "{line}");
        }
        let nested = "backend; and __fish_seen_subcommand_from try\" -f -a 'customers'";
        assert!(script.contains(nested));
        let files = |line: &&str| line.contains(" -r") && !line.contains(" -f") && !line.contains(" -F");
        assert_eq!(script.lines().find(files), None, "an option that may be a file");
    }

    fn script(shell: Shell) -> String {
        let mut script = Vec::new();
        run(
            &CompletionsArgs { shell },
            <crate::cli::Cli as clap::CommandFactory>::command(),
            Lang::En,
            &mut script,
        )
        .unwrap();
        String::from_utf8(script).unwrap()
    }

    #[test]
    fn zsh_offers_files_only_where_one_is_meant() {
        let script = script(Shell::Zsh);
        assert_eq!(script.lines().find(|line| line.contains(":_default'")), None);
        assert!(script.contains(":FILE:_files") && script.contains("tag.add"));
    }

    /// Asks bash itself.
    #[test]
    fn bash_offers_files_only_where_one_is_meant() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("siyu.bash"), script(Shell::Bash)).unwrap();
        std::fs::write(dir.path().join("a-file"), "").unwrap();
        let offered = |words: &str| {
            let asked = format!(
                "source siyu.bash; compopt() {{ echo \"compopt $*\"; }}; COMP_WORDS=({words}); \
                 COMP_CWORD=$((${{#COMP_WORDS[@]}}-1)); _siyu_words siyu \"${{COMP_WORDS[-1]}}\" \
                 \"${{COMP_WORDS[-2]}}\"; echo \"${{COMPREPLY[@]}}\""
            );
            let mut bash = std::process::Command::new("bash");
            let done = bash.args(["--norc", "-c", &asked]).current_dir(dir.path()).output();
            done.ok().map(|done| String::from_utf8_lossy(&done.stdout).into_owned())
        };
        let Some(said) = offered("siyu list cust") else {
            eprintln!("skipped: there is no bash");
            return;
        };
        assert!(said.contains("customers"), "{said}");
        for words in
            ["siyu list customers a-f", "siyu do a-f", "siyu --profile a-f", "siyu list tags --sort a-f"]
        {
            let said = offered(words).unwrap();
            assert!(!said.contains("a-file") && said.contains("+o default"), "{words}: {said}");
        }
        assert!(offered("siyu do tag.a").unwrap().contains("tag.add"));
        assert!(offered("siyu --config a-f").unwrap().contains("a-file"));
        assert!(!offered("siyu backend show a-f").unwrap().contains("+o default"));
    }

    #[test]
    fn every_shell_gets_a_script_that_knows_the_subcommands() {
        for &shell in Shell::value_variants() {
            assert!(script(shell).contains("doctor"), "{shell}");
        }
    }
}
