//! The terminal, taken and given back.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste, EnableFocusChange,
    EnableMouseCapture,
};
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use rustix::fs::{Mode, OFlags};

use crate::ui::text::{WidthMode, safe_lines};

/// Whether the terminal is ours now, for the panic hook.
static TAKEN: AtomicBool = AtomicBool::new(false);

/// The terminal in raw mode on its other screen; dropping it gives it back.
#[derive(Debug)]
pub struct TerminalGuard(());

impl TerminalGuard {
    /// Takes the terminal.
    ///
    /// # Errors
    /// Where there is none, or it does not obey.
    pub fn take(mouse: bool) -> io::Result<Self> {
        enable_raw_mode()?;
        TAKEN.store(true, Ordering::SeqCst);
        let guard = Self(());
        let mut out = io::stdout();
        // Where the other screen was in use already, it is not empty.
        queue!(out, EnterAlternateScreen, Clear(ClearType::All), EnableBracketedPaste, cursor::Hide)?;
        // Who comes back to the window sees what time it is.
        queue!(out, EnableFocusChange)?;
        if mouse {
            queue!(out, EnableMouseCapture)?;
        }
        out.flush()?;
        Ok(guard)
    }

    /// Turns the reports of the mouse on or off.
    pub fn mouse(&self, on: bool) -> io::Result<()> {
        if on {
            execute!(io::stdout(), EnableMouseCapture)
        } else {
            execute!(io::stdout(), DisableMouseCapture)
        }
    }

    /// Gives the terminal back to the shell until the process goes on, then takes it again.
    ///
    /// # Errors
    /// Where it cannot be taken again.
    pub fn suspend(&self, mouse: bool) -> io::Result<()> {
        give_back();
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
        self.retake(mouse)
    }

    /// Takes the terminal again, after somebody else may have changed it.
    ///
    /// # Errors
    /// Where it does not obey.
    pub fn retake(&self, mouse: bool) -> io::Result<()> {
        std::mem::forget(Self::take(mouse)?); // `self` still gives it back
        Ok(())
    }
}

impl Drop for TerminalGuard {
    fn drop(&mut self) {
        give_back();
    }
}

/// Gives the terminal back where somebody is blocked in a write to it, and holds standard output:
/// what it does not take at once it does not get.
pub(super) fn abandon() {
    let _ = disable_raw_mode(); // the state of the line, not a write
    let flags = OFlags::WRONLY | OFlags::NONBLOCK | OFlags::NOCTTY;
    // A description of its own: the shell's is left blocking.
    if let Ok(tty) = rustix::fs::open("/dev/tty", flags, Mode::empty()) {
        let mut bytes = Vec::new();
        let _ = leave(&mut bytes); // into memory
        let _ = rustix::io::write(&tty, &bytes);
    }
}

/// Leaves the terminal as it was found. Does nothing where it is not ours. What cannot be written
/// any more is not missed: then the terminal is gone.
fn give_back() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    let _ = leave(&mut io::stdout());
    let _ = disable_raw_mode();
}

fn leave(out: &mut impl Write) -> io::Result<()> {
    queue!(out, DisableFocusChange, DisableMouseCapture, DisableBracketedPaste)?;
    execute!(out, LeaveAlternateScreen, cursor::Show)
}

/// From now on a panic gives the terminal back before it is told, is logged, and ends the process
/// whichever thread it was in: half a console is worse than none.
pub fn install_panic_hook() {
    std::panic::set_hook(Box::new(move |panic| {
        let ours = TAKEN.load(Ordering::SeqCst);
        give_back();
        tracing::error!(%panic, "panic");
        // What a panic quotes may come from outside: no other hook prints it as it is.
        let told = safe_lines(&format!("siyu: {panic}"), WidthMode::Narrow);
        let _ = writeln!(io::stderr(), "{told}"); // nobody is left to tell
        let trace = Backtrace::capture();
        if trace.status() == BacktraceStatus::Captured {
            let _ = writeln!(io::stderr(), "{trace}");
        }
        if ours {
            std::process::exit(101);
        }
    }));
}
