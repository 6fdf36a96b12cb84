//! How the program treats its terminal: it gives it back, whatever happens.

use std::time::{Duration, Instant};

use portable_pty::CommandBuilder;
use rustix::process::Signal;

use crate::home::{Home, SIYU};
use crate::terminal::Terminal;

const WIDE: (u16, u16) = (120, 40);
const QUIET: Duration = Duration::from_millis(400);

/// Whether the shell would find the terminal as it left it.
fn given_back(terminal: &Terminal) -> bool {
    let screen = terminal.screen();
    !screen.alternate_screen()
        && !screen.hide_cursor()
        && !screen.bracketed_paste()
        && screen.mouse_protocol_mode() == vt100::MouseProtocolMode::None
}

#[test]
fn quitting_gives_the_terminal_back() {
    let home = Home::new();
    let mut terminal = home.demo(&[], WIDE);
    assert!(terminal.screen().alternate_screen() && terminal.screen().bracketed_paste());
    terminal.keys("q");
    let (status, _) = terminal.wait_exit();
    assert!(status.success(), "{status}");
    assert!(given_back(&terminal));
}

#[test]
fn a_storm_of_sizes_leaves_a_whole_screen() {
    let home = Home::new();
    let mut terminal = home.demo(&["--lang", "zh"], WIDE);
    let sizes = [(120, 40), (80, 24), (60, 20), (20, 5), (1, 1)];
    for round in 0..20 {
        for size in sizes {
            terminal.resize(size);
            terminal.keys(if round % 2 == 0 { "j" } else { "\t" });
        }
    }
    for size in sizes.into_iter().rev() {
        terminal.resize(size);
        terminal.settle(QUIET);
        assert_eq!(terminal.broken_border(), None, "at {size:?}");
    }
    terminal.keys("1");
    terminal.wait_text("2 标签");
    terminal.wait_for_rows();
}

/// Goes to a place, ends the program somehow, and finds the place offered by the next one.
fn ends_and_offers(end: impl FnOnce(&mut Terminal)) {
    let home = Home::new();
    let mut terminal = home.demo(&["--lang", "zh"], WIDE);
    terminal.settle(QUIET);
    terminal.keys("/王\r");
    terminal.wait_text("筛选: 王");
    terminal.keys("\r");
    terminal.wait_text("时间线");
    let since = Instant::now();
    end(&mut terminal);
    terminal.wait_exit_within_a_second(since);
    drop(terminal);
    let mut next = home.demo(&["--lang", "zh"], WIDE);
    next.wait_text("g p");
    next.keys("gp");
    next.wait_text("时间线");
}

#[test]
fn sigterm_keeps_the_place() {
    ends_and_offers(|terminal| terminal.signal(Signal::TERM));
}

#[test]
fn sighup_keeps_the_place() {
    ends_and_offers(|terminal| terminal.signal(Signal::HUP));
}

#[test]
fn a_terminal_that_is_gone_keeps_the_place() {
    ends_and_offers(Terminal::hang_up);
}

#[test]
fn sigterm_gives_the_terminal_back() {
    let home = Home::new();
    let mut terminal = home.demo(&[], WIDE);
    terminal.signal(Signal::TERM);
    terminal.wait_exit();
    assert!(given_back(&terminal));
}

#[test]
fn sigterm_ends_it_on_a_terminal_that_takes_nothing() {
    let home = Home::new();
    let mut terminal = home.demo(&[], WIDE);
    terminal.stall();
    // More frames than the line holds, each a whole one: it is stuck in a write then.
    for round in 0..40 {
        terminal.resize(if round % 2 == 0 { (200, 60) } else { WIDE });
        assert!(terminal.goes_on_for(Duration::from_millis(50)));
    }
    terminal.signal(Signal::TERM);
    let since = Instant::now();
    let (status, at) = terminal.wait_exit();
    assert_eq!(status.exit_code(), 130);
    let took = at.saturating_duration_since(since);
    assert!(took < Duration::from_secs(3), "{took:?}");
}

#[test]
fn without_its_token_it_opens_and_says_why() {
    let home = Home::new();
    let text = "[profiles.p]\nurl = \"http://127.0.0.1:1\"\ntoken_env = \"NO_SUCH_TOKEN\"\n";
    let path = home.path("siyu.toml");
    std::fs::write(&path, text).expect("the home can be written to");
    let mut terminal = home.open(&["--config", &path.to_string_lossy(), "--profile", "p"], WIDE);
    terminal.wait_text("NO_SUCH_TOKEN");
    terminal.keys("q");
    let (status, _) = terminal.wait_exit();
    assert!(status.success(), "{status}");
}

/// Whether the shell waits for a command.
fn ready(terminal: &Terminal) -> bool {
    !terminal.screen().alternate_screen()
        && terminal.lines().iter().rfind(|line| !line.is_empty()).is_some_and(|line| line == "ready>")
}

#[test]
fn it_suspends_to_the_shell_and_comes_back() {
    let home = Home::new().with("PS1", "ready> ");
    let mut shell = CommandBuilder::new("/bin/sh");
    shell.arg("-i");
    let mut terminal = home.open_command(shell, (100, 30));
    terminal.wait_for("the shell", ready);
    let arguments = home.arguments(&["--lang", "zh", "demo", "--customers", "300", "--still"]);
    terminal.keys(&format!("{SIYU} {}\r", arguments.join(" ")));
    terminal.wait_for("the console", |terminal| terminal.screen().alternate_screen());
    terminal.wait_for_rows();
    for _ in 0..2 {
        terminal.keys("\x1a");
        terminal.wait_for("the shell", ready);
        assert!(given_back(&terminal));
        terminal.keys("fg\r");
        terminal.wait_for("the console again", |terminal| {
            terminal.screen().alternate_screen() && terminal.selected_row().is_some()
        });
    }
    terminal.keys("q");
    terminal.wait_for("the shell", ready);
    terminal.keys("exit\r");
    terminal.wait_exit();
}

#[test]
fn a_paste_fires_no_key() {
    let home = Home::new();
    let mut terminal = home.demo(&["--lang", "zh"], WIDE);
    terminal.settle(QUIET);
    // Quit, quit at once, escape, enter, and a colour that would stay.
    terminal.keys("\x1b[200~q\x11\x03\x1b\r\n\x1b[31m王\x07\x1b[201~");
    terminal.wait_text("q^Q^C");
    terminal.settle(QUIET);
    assert!(terminal.screen().alternate_screen(), "{}", terminal.text());
    terminal.keys("\x1b");
    terminal.keys("X");
    terminal.wait_for_rows();
}

#[test]
fn at_rest_it_writes_nothing() {
    let home = Home::new();
    let mut terminal = home.demo(&[], WIDE);
    terminal.settle(Duration::from_secs(2));
    // The clock of the header may come round once.
    let bytes = terminal.listen(Duration::from_secs(5));
    assert!(bytes < 200, "{bytes} bytes at rest");
}

#[test]
fn no_color_means_none() {
    for (name, coloured) in [("NO_COLOR", false), ("UNUSED", true)] {
        let home = Home::new().with(name, "1");
        let mut terminal = home.demo(&[], WIDE);
        terminal.settle(QUIET);
        let screen = terminal.screen();
        let (rows, columns) = screen.size();
        let cells = (0..rows.get()).flat_map(|row| (0..columns.get()).map(move |column| (row, column)));
        let default = vt100::Color::Default;
        let seen = cells
            .filter_map(|(row, column)| screen.cell(row, column))
            .any(|cell| cell.fgcolor() != default || cell.bgcolor() != default);
        assert_eq!(seen, coloured, "{name}");
        // The cursor is told by its sign and by reverse video, not by a colour.
        assert!(terminal.selected_row().is_some());
    }
}

#[test]
fn without_a_terminal_it_says_so_and_writes_no_escape() {
    let home = Home::new();
    let output = home.run(&["--lang", "en", "demo", "--customers", "10"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let words = String::from_utf8(output.stderr).expect("what it says is UTF-8");
    assert!(words.contains("terminal") && !words.contains('\x1b'), "{words}");
}
