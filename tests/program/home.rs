//! A home of its own for the program, so that no test sees another's files, nor yours.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use portable_pty::CommandBuilder;
use tempfile::TempDir;

use crate::terminal::Terminal;

/// The program under test.
pub const SIYU: &str = env!("CARGO_BIN_EXE_siyu");

/// A home directory that is gone when the test ends.
pub struct Home {
    folder: TempDir,
    more: Vec<(String, String)>,
}

impl Home {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder for a test"), more: Vec::new() }
    }

    /// Sets one more environment variable.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.more.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The environment: nothing of the machine's but where programs lie.
    pub fn environment(&self) -> Vec<(String, String)> {
        let text = |path: &Path| path.to_string_lossy().into_owned();
        let mut all = vec![
            ("PATH".to_owned(), std::env::var("PATH").unwrap_or_default()),
            ("HOME".to_owned(), text(self.folder.path())),
            ("TERM".to_owned(), "xterm-256color".to_owned()),
            ("LANG".to_owned(), "zh_CN.UTF-8".to_owned()),
            ("TZ".to_owned(), "Asia/Shanghai".to_owned()),
        ];
        for (name, folder) in [
            ("XDG_CONFIG_HOME", "config"),
            ("XDG_CACHE_HOME", "cache"),
            ("XDG_STATE_HOME", "state"),
            ("XDG_DATA_HOME", "data"),
            ("XDG_RUNTIME_DIR", "run"),
        ] {
            all.push((name.to_owned(), text(&self.path(folder))));
        }
        all.extend(self.more.iter().cloned());
        all
    }

    /// The arguments that keep the program in this home.
    pub fn arguments(&self, arguments: &[&str]) -> Vec<String> {
        let cache = self.path("siyu").to_string_lossy().into_owned();
        let own = ["--cache-dir".to_owned(), cache];
        own.into_iter().chain(arguments.iter().map(|argument| (*argument).to_owned())).collect()
    }

    /// The program without a terminal, not started yet.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(SIYU);
        command.env_clear().envs(self.environment()).args(self.arguments(arguments));
        command
    }

    /// Runs the program without a terminal to its end.
    pub fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the built program starts")
    }

    /// Runs the program to its end, and wants it to succeed; gives what it wrote.
    pub fn text(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments);
        let wrong = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "siyu {arguments:?}: {}\n{wrong}", output.status);
        String::from_utf8(output.stdout).expect("what it writes is UTF-8")
    }

    /// The program on a terminal of so many columns and rows.
    pub fn open(&self, arguments: &[&str], size: (u16, u16)) -> Terminal {
        let mut command = CommandBuilder::new(SIYU);
        command.args(self.arguments(arguments));
        self.open_command(command, size)
    }

    /// Any program on a terminal, in this home.
    pub fn open_command(&self, mut command: CommandBuilder, size: (u16, u16)) -> Terminal {
        command.env_clear();
        for (name, value) in self.environment() {
            command.env(name, value);
        }
        Terminal::start(command, size)
    }

    /// The demo, small and with nothing going on by itself, once its rows are on the screen.
    pub fn demo(&self, more: &[&str], size: (u16, u16)) -> Terminal {
        let small = ["demo", "--customers", "300", "--seed", "7", "--still"];
        let mut terminal = self.open(&[&small, more].concat(), size);
        terminal.wait_for_rows();
        terminal
    }
}
