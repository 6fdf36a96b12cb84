//! How the console feels, in figures: the built program on a pseudo-terminal of 120x40, with a
//! warm cache of 5,000 customers and a backend that stands still.
//!
//! `cargo build --release && cargo run --release --example feel [SECONDS_AT_REST] [PROGRAM]`
//!
//! Prints medians. The time of a key is that from writing it to the terminal until the last byte
//! of the answer has been read, waiting and waking on both sides included.

#[allow(dead_code, unused_imports, reason = "the tests of the built program use the rest of it")]
#[path = "../../tests/program/terminal.rs"]
mod terminal;

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use terminal::Terminal;

/// Columns and rows.
const SIZE: (u16, u16) = (120, 40);
/// Starts that are measured.
const STARTS: usize = 9;
/// Keys that are measured in each way.
const KEYS: usize = 60;
/// Rows gone down in one run.
const RUN: usize = 200;
/// After so long without a byte an answer is over.
const QUIET: Duration = Duration::from_millis(60);

/// A server that ends with the measuring.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill(); // it may be gone
        let _ = self.0.wait();
    }
}

/// Where the program lies, and how it is started.
struct Bench {
    program: PathBuf,
    environment: Vec<(String, String)>,
}

impl Bench {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command.env_clear().envs(self.environment.iter().cloned()).args(arguments);
        command
    }

    fn console(&self) -> Terminal {
        let mut command = CommandBuilder::new(&self.program);
        command.env_clear();
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        Terminal::start(command, SIZE)
    }
}

/// The line with the cursor, where the customers' pane has one.
fn first_row(terminal: &Terminal) -> Option<String> {
    let row = terminal.lines().into_iter().find(|line| line.starts_with("│>"))?;
    Some(row.chars().take(16).collect())
}

fn median<T: Ord + Copy>(mut figures: Vec<T>) -> Option<T> {
    figures.sort_unstable();
    figures.get(figures.len() / 2).copied()
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let rest = Duration::from_secs(arguments.next().map_or(Ok(60), |seconds| seconds.parse())?);
    let built =
        || -> Option<PathBuf> { Some(std::env::current_exe().ok()?.parent()?.parent()?.join("siyu")) };
    let program = arguments.next().map(PathBuf::from).or_else(built).filter(|program| program.is_file());
    let program = program.ok_or("there is no program to measure: cargo build --release")?;
    let folder = tempfile::tempdir()?;
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let pairs = [
        ("HOME", text(folder.path())),
        ("SIYU_CACHE_DIR", text(&folder.path().join("siyu"))),
        ("TERM", "xterm-256color".to_owned()),
        ("LANG", "en_US.UTF-8".to_owned()),
    ];
    let pairs = pairs.map(|(name, value)| (name.to_owned(), value));
    let mut bench = Bench { program, environment: pairs.to_vec() };

    let database = text(&folder.path().join("server.db"));
    let serve = ["serve", "--listen", "127.0.0.1:0", "--db", &database, "--sample", "5000", "--still"];
    let mut serving = Serving(bench.command(&serve).stdout(Stdio::piped()).spawn()?);
    let mut said = String::new();
    BufReader::new(serving.0.stdout.take().ok_or("its output was asked for")?).read_line(&mut said)?;
    let url = said.trim().strip_prefix("listening on ").ok_or("the server does not start")?;
    bench.environment.push(("SIYU_URL".to_owned(), url.to_owned()));
    bench.environment.push(("SIYU_BACKEND".to_owned(), "siyu".to_owned()));
    if !bench.command(&["sync"]).stdout(Stdio::null()).status()?.success() {
        return Err("the first sync failed".into());
    }

    let mut console = bench.console();
    console.wait_for("rows", |terminal| first_row(terminal).is_some());
    console.settle(Duration::from_secs(2));
    let row = first_row(&console).ok_or("the first row is gone")?;
    let idle = console.listen(rest);
    let mut times = Vec::new();
    let mut press = |console: &mut Terminal, key: &str| {
        let pressed = Instant::now();
        console.keys(key);
        let (count, last) = console.last_byte(QUIET);
        times.extend(last.map(|last| last.saturating_duration_since(pressed)));
        count
    };
    // Down and up again: no row scrolls. Then down for good, through screen after screen.
    let mut within = Vec::new();
    for _ in 0..KEYS / 2 {
        within.push(press(&mut console, "j"));
        press(&mut console, "k");
    }
    let run: Vec<_> = (0..RUN).map(|_| press(&mut console, "j")).collect();
    let mean = run.iter().sum::<usize>() / RUN;
    let most = run.iter().max().copied().unwrap_or_default();
    console.keys("\x11");
    console.wait_exit();

    let mut starts = Vec::new();
    for _ in 0..STARTS {
        let begun = Instant::now();
        let mut console = bench.console();
        console.wait_for("the first row", |terminal| terminal.text().contains(&row));
        starts.push(begun.elapsed());
        console.settle(QUIET);
        console.keys("\x11");
        console.wait_exit();
    }
    let milliseconds =
        |figures: Vec<Duration>| median(figures).map_or(f64::NAN, |took| took.as_secs_f64() * 1e3);
    let times = (times.len(), milliseconds(times));
    println!("warm start to first rows   {:.1} ms (median of {STARTS})", milliseconds(starts));
    println!("key to last byte           {:.1} ms (median of {})", times.1, times.0);
    println!("one row down               {} bytes", median(within).unwrap_or_default());
    println!(
        "{RUN} rows down              {} bytes each (median; mean {mean}, most {most})",
        median(run).unwrap_or_default()
    );
    println!("at rest for {:>3} s          {idle} bytes", rest.as_secs());
    Ok(())
}
