//! A terminal: a pseudo-terminal with a program on it and an emulator that reads what it writes.

use std::fs::File;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use rustix::event::{PollFd, PollFlags, poll};
use rustix::process::{Pid, Signal, kill_process};
use vt100::{Parser, Screen};

/// So long anything is waited for before the test fails with the screen as it then is.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A terminal with a program on it. Dropping it hangs up and kills what is left.
pub struct Terminal {
    parser: Parser,
    /// `None` after a hang-up.
    line: Option<Line>,
    reads: Receiver<Vec<u8>>,
    exit: Receiver<(ExitStatus, Instant)>,
    pid: Pid,
    /// All that was written to the terminal so far.
    raw: Vec<u8>,
    /// Where the next question about the cursor is looked for.
    asked: usize,
    ended: bool,
}

/// The terminal's end of the line.
struct Line {
    master: Box<dyn MasterPty + Send>,
    file: File,
    /// Dropped, it makes the reading thread let go of the line.
    hold: Option<std::io::PipeWriter>,
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).expect("a terminal has at least one cell")
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

impl Terminal {
    /// Starts a program on a terminal of so many columns and rows.
    pub fn start(command: CommandBuilder, size: (u16, u16)) -> Self {
        let pair = native_pty_system().openpty(pty_size(size)).expect("the system has a pseudo-terminal");
        let mut child = pair.slave.spawn_command(command).expect("the program starts");
        drop(pair.slave);
        let pid = child.process_id().and_then(|pid| Pid::from_raw(pid.cast_signed())).expect("it has an id");
        let number = pair.master.as_raw_fd().expect("a pseudo-terminal is a file");
        // SAFETY: the master is open here, and the borrow ends with the statement.
        let file = unsafe { BorrowedFd::borrow_raw(number) }.try_clone_to_owned().map(File::from);
        let file = file.expect("the line can be opened twice");
        let (held, hold) = std::io::pipe().expect("the system has a pipe");
        let (tell, reads) = channel();
        let mut from = file.try_clone().expect("the line can be opened twice");
        thread::spawn(move || {
            let mut bytes = [0; 65536];
            loop {
                let mut watched = [
                    PollFd::new(&from, PollFlags::IN),
                    PollFd::from_borrowed_fd(held.as_fd(), PollFlags::IN),
                ];
                if poll(&mut watched, None).is_err() || !watched[1].revents().is_empty() {
                    return;
                }
                // An error says that nobody is left on the other end.
                let Ok(count @ 1..) = from.read(&mut bytes) else { return };
                if tell.send(bytes[..count].to_vec()).is_err() {
                    return;
                }
            }
        });
        let (tell, exit) = channel();
        thread::spawn(move || {
            let status = child.wait().expect("a child can be waited for");
            let _ = tell.send((status, Instant::now())); // the test may be over
        });
        Self {
            parser: Parser::new(cells(size.1), cells(size.0), 0),
            line: Some(Line { master: pair.master, file, hold: Some(hold) }),
            reads,
            exit,
            pid,
            raw: Vec::new(),
            asked: 0,
            ended: false,
        }
    }

    pub fn screen(&self) -> &Screen {
        self.parser.screen()
    }

    /// The lines of the screen, without the spaces at their ends.
    pub fn lines(&self) -> Vec<String> {
        let width = self.screen().size().1.get();
        self.screen().rows(0, width).map(|line| line.trim_end().to_owned()).collect()
    }

    pub fn text(&self) -> String {
        self.lines().join("\n")
    }

    /// Everything that was written so far, as it came.
    pub fn raw(&self) -> &[u8] {
        &self.raw
    }

    /// Types.
    pub fn keys(&mut self, keys: &str) {
        self.write(keys.as_bytes());
    }

    fn write(&mut self, bytes: &[u8]) {
        let line = self.line.as_mut().expect("nobody types after a hang-up");
        // The program may be gone already, as the test is about to find out.
        let _ = line.file.write_all(bytes);
    }

    /// Changes the size, as dragging a window's corner does.
    pub fn resize(&mut self, size: (u16, u16)) {
        let line = self.line.as_ref().expect("nobody resizes after a hang-up");
        line.master.resize(pty_size(size)).expect("a pseudo-terminal can be resized");
        self.parser.set_size(cells(size.1), cells(size.0));
    }

    /// Takes in what comes until `until`. Says whether something came; `None` when nobody is left
    /// to write.
    fn read(&mut self, until: Instant) -> Option<bool> {
        match self.reads.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(bytes) => {
                self.take_in(&bytes);
                Some(true)
            }
            Err(RecvTimeoutError::Timeout) => Some(false),
            Err(RecvTimeoutError::Disconnected) => None,
        }
    }

    /// Shows bytes, and answers where the cursor is when they ask for it, as terminals do.
    fn take_in(&mut self, bytes: &[u8]) {
        const ASKS: &[u8] = b"\x1b[6n";
        let mut shown = self.raw.len();
        self.raw.extend_from_slice(bytes);
        while let Some(at) = self.raw[self.asked..].windows(ASKS.len()).position(|window| window == ASKS) {
            let end = self.asked + at + ASKS.len();
            self.parser.process(&self.raw[shown.min(end)..end]);
            (shown, self.asked) = (end, end);
            let (row, column) = self.screen().cursor_position();
            if self.line.is_some() {
                self.write(format!("\x1b[{};{}R", row + 1, column + 1).as_bytes());
            }
        }
        self.asked = self.asked.max(self.raw.len().saturating_sub(ASKS.len() - 1));
        self.parser.process(&self.raw[shown..]);
    }

    /// Waits until the screen is as wanted.
    pub fn wait_for(&mut self, what: &str, seen: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !seen(self) {
            match self.read(deadline) {
                Some(true) => {}
                Some(false) => panic!("waited in vain for {what}; the screen:\n{}", self.text()),
                None => panic!("the program ended before {what}; the screen:\n{}", self.text()),
            }
        }
    }

    /// Waits until a text is on the screen.
    pub fn wait_text(&mut self, text: &str) {
        self.wait_for(&format!("“{text}”"), |terminal| terminal.text().contains(text));
    }

    /// Waits until a text is gone from the screen.
    pub fn wait_gone(&mut self, text: &str) {
        self.wait_for(&format!("“{text}” to go"), |terminal| !terminal.text().contains(text));
    }

    /// Waits until something is so that does not show on the screen.
    pub fn wait_until(&mut self, what: &str, so: impl Fn() -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !so() {
            let ended = self.read(Instant::now() + Duration::from_millis(20)).is_none();
            assert!(!ended && Instant::now() < deadline, "waited in vain for {what}:\n{}", self.text());
        }
    }

    /// Waits until nothing has been written for so long; says how many bytes came before.
    pub fn settle(&mut self, quiet: Duration) -> usize {
        self.last_byte(quiet).0
    }

    /// Waits until nothing has been written for so long; says how many bytes came before, and when
    /// the last of them did.
    pub fn last_byte(&mut self, quiet: Duration) -> (usize, Option<Instant>) {
        let (before, deadline) = (self.raw.len(), Instant::now() + PATIENCE);
        let mut last = None;
        while Instant::now() < deadline {
            if self.read(Instant::now() + quiet) != Some(true) {
                return (self.raw.len() - before, last);
            }
            last = Some(Instant::now());
        }
        panic!("it never stops writing; the screen:\n{}", self.text());
    }

    /// How many bytes come within so long a time.
    pub fn listen(&mut self, time: Duration) -> usize {
        let (before, until) = (self.raw.len(), Instant::now() + time);
        while self.read(until) == Some(true) {}
        self.raw.len() - before
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid, signal).expect("the program is there to be told");
    }

    /// Closes the terminal, as closing its window or losing the connection does.
    pub fn hang_up(&mut self) {
        self.line = None;
    }

    /// From now on nobody reads what the program writes, as when the connection hangs.
    pub fn stall(&mut self) {
        self.line.as_mut().expect("nobody stalls after a hang-up").hold = None;
        while self.read(Instant::now() + PATIENCE).is_some() {}
    }

    /// Whether the program goes on for so long; nothing is read meanwhile.
    pub fn goes_on_for(&self, time: Duration) -> bool {
        self.exit.recv_timeout(time).is_err_and(|wrong| wrong == RecvTimeoutError::Timeout)
    }

    /// Waits for the end of the program and reads what it writes last.
    pub fn wait_exit(&mut self) -> (ExitStatus, Instant) {
        let deadline = Instant::now() + PATIENCE;
        // All is read first: a program can be stuck on a line that nobody reads.
        while self.line.is_some() && self.read(deadline) == Some(true) {}
        match self.exit.recv_timeout(deadline.saturating_duration_since(Instant::now())) {
            Ok(end) => {
                self.ended = true;
                end
            }
            Err(_) => panic!("the program does not end; the screen:\n{}", self.text()),
        }
    }

    /// Waits for the end of the program, which must come within a second of `since`.
    pub fn wait_exit_within_a_second(&mut self, since: Instant) -> ExitStatus {
        let (status, at) = self.wait_exit();
        let took = at.saturating_duration_since(since);
        assert!(took < Duration::from_secs(1), "the program took {took:?} to end");
        status
    }

    /// How many boxes there are on the screen, by their upper left corners.
    pub fn boxes(&self) -> usize {
        self.text().matches(['┌', '╭']).count()
    }

    /// Every box on the screen is whole: below each corner its side goes down to the next corner.
    /// Says what is wrong with the first that is not.
    pub fn broken_border(&self) -> Option<String> {
        let (rows, columns) = self.screen().size();
        let cell = |row, column| self.screen().cell(row, column).map_or("", vt100::Cell::contents);
        for row in 0..rows.get() {
            for column in 0..columns.get() {
                let end = match cell(row, column) {
                    "┌" => "└",
                    "┐" => "┘",
                    "╭" => "╰",
                    "╮" => "╯",
                    _ => continue,
                };
                let side = (row + 1..rows.get()).map(|row| (row, cell(row, column)));
                let below = side.into_iter().find(|(_, text)| !matches!(*text, "│" | "├" | "┤" | "┼"));
                if below.is_none_or(|(_, text)| text != end) {
                    let seen = below.map_or("the screen's end".to_owned(), |(row, text)| {
                        format!("“{text}” in row {row}")
                    });
                    return Some(format!("the side from {row},{column} ends with {seen}:\n{}", self.text()));
                }
            }
        }
        None
    }

    /// Waits until rows of customers are on the screen.
    pub fn wait_for_rows(&mut self) {
        self.wait_for("rows of customers", |terminal| terminal.selected_row().is_some());
    }

    /// The row with the cursor of the list one works in, without its border.
    pub fn selected_row(&self) -> Option<String> {
        let row = self.lines().into_iter().find(|line| line.contains("│>") || line.starts_with('>'))?;
        let from = row.find('>')? + 1;
        Some(row[from..].split('│').next().unwrap_or_default().trim().to_owned())
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.line = None;
        if !self.ended && self.exit.try_recv().is_err() {
            let _ = kill_process(self.pid, Signal::KILL); // it may have ended just now
        }
    }
}
