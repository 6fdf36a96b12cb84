//! The binary: arguments to the command line's room, its exit status to the shell.

use std::process::ExitCode;

fn main() -> ExitCode {
    siyu::cli::main()
}
