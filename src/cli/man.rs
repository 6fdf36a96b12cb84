//! `siyu man`: the manual page, made of the arguments themselves. `siyu man | man -l -` shows it.

use std::io::{self, Write};

use clap::Args;

use crate::i18n::Lang;
use crate::i18n::words::commands;

/// Arguments of `siyu man`.
#[derive(Args, Clone, Debug)]
pub struct ManArgs {
    /// The page of this subcommand instead of the whole
    pub subcommand: Option<String>,
}

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
    clap_mangen::Man::new(page).render(out)?;
    Ok(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(subcommand: Option<&str>) -> (u8, String) {
        let command =
            clap::Command::new("siyu").subcommand(clap::Command::new("doctor").about("looks around"));
        let mut out = Vec::new();
        let status =
            run(&ManArgs { subcommand: subcommand.map(str::to_owned) }, command, Lang::En, &mut out).unwrap();
        (status, String::from_utf8(out).unwrap())
    }

    #[test]
    fn the_whole_and_its_parts() {
        assert!(page(None).1.contains("siyu\\-doctor"));
        assert!(page(Some("doctor")).1.contains("looks around"));
        assert_eq!(page(Some("docter")), (2, String::new()));
    }
}
