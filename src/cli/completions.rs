//! `siyu completions SHELL`: a script for the shell, made of the arguments themselves.

use std::io::{self, Write};

use clap::Args;
use clap_complete::Shell;

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
pub fn run(args: &CompletionsArgs, mut command: clap::Command, out: &mut impl Write) -> io::Result<u8> {
    let mut script = Vec::new(); // clap_complete panics where it cannot write
    clap_complete::generate(args.shell, &mut command, "siyu", &mut script);
    out.write_all(&script)?;
    Ok(0)
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    #[test]
    fn every_shell_gets_a_script_that_knows_the_subcommands() {
        for &shell in Shell::value_variants() {
            let command = clap::Command::new("siyu").subcommand(clap::Command::new("doctor"));
            let mut script = Vec::new();
            assert_eq!(run(&CompletionsArgs { shell }, command, &mut script).unwrap(), 0);
            assert!(String::from_utf8(script).unwrap().contains("doctor"), "{shell}");
        }
    }
}
