//! Signals, and the terminal going away.

use std::io;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, poll};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;

use super::inbox::{Message, Outbox, Switch};
use super::terminal::abandon;

/// Leads to the console that is open: the threads outlive the first-run screen.
static TO: Switch = Switch::new();

/// So long the loop has to end by itself: it may be blocked in a write to a terminal that takes
/// nothing any more.
const PATIENCE: Duration = Duration::from_millis(800);

/// The exit status of a process that was told to end.
const INTERRUPTED: i32 = 130;

/// Ends the process where the loop does not do so in time.
fn insist() -> ! {
    let deadline = Instant::now() + PATIENCE;
    while let Some(left) = deadline.checked_duration_since(Instant::now()) {
        std::thread::park_timeout(left); // nobody unparks it: the process ends first, or the time is up
    }
    tracing::warn!("the console did not end in time");
    abandon();
    std::process::exit(INTERRUPTED);
}

/// Starts the threads that tell of signals and of a terminal that hung up, or leads those there
/// are to `to`.
///
/// # Errors
/// Where the system gives no thread, or no signals.
pub fn start_signals(to: &Outbox) -> io::Result<()> {
    if !TO.turn(to.clone()) {
        return Ok(());
    }
    let mut signals = Signals::new([SIGHUP, SIGINT, SIGTERM, SIGCONT, SIGTSTP])?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || {
        for signal in signals.forever() {
            TO.send(match signal {
                SIGCONT => Message::Resumed,
                SIGTSTP => Message::Suspend,
                signal => Message::End(signal),
            });
            if !matches!(signal, SIGCONT | SIGTSTP) {
                insist();
            }
        }
    })?;
    std::thread::Builder::new().name("hang-up".to_owned()).spawn(|| {
        // Asked for nothing, poll still answers when the other end has closed.
        let stdin = rustix::stdio::stdin();
        loop {
            let mut watched = [PollFd::new(&stdin, PollFlags::empty())];
            match poll(&mut watched, None) {
                Ok(_)
                    if watched[0].revents().intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) =>
                {
                    TO.send(Message::End(0));
                    insist();
                }
                Ok(_) | Err(rustix::io::Errno::INTR) => {}
                Err(error) => {
                    tracing::warn!(%error, "the terminal cannot be watched for a hang-up");
                    return;
                }
            }
        }
    })?;
    Ok(())
}
