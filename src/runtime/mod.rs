//! The console at work: the event loop, and everything it asks of the world.
//!
//! ```text
//! input thread ─┐                        ┌─▶ desk: cache readers on a thread of their own
//! signals ──────┼─▶ Inbox ─▶ Console ────┼─▶ sync: tasks of a tokio runtime
//! desk, sync ───┘     (App, screen)      └─▶ clipboard, files, the process itself
//! ```
//!
//! One thread owns the state and the screen. It waits for one source, takes a bounded batch with
//! input first, and draws once if something changed. Nothing ticks here: an idle console
//! writes nothing. (The sync looks every 2 s whether another process has written to the cache.)

mod cell;
mod clipboard;
mod clock;
mod console;
mod desk;
mod drafts;
mod export;
mod exporting;
mod frames;
mod hands;
mod inbox;
mod input;
pub mod log;
mod macro_path;
pub mod macro_test;
pub mod macros;
mod mending;
mod money;
mod pen;
pub mod planning;
mod probe;
pub mod program;
mod restating;
mod room;
pub mod running;
mod saving;
mod session;
mod signals;
mod syncing;
pub mod table;
mod terminal;
mod timers;
pub mod trust;
mod wire;
mod write_path;

pub use cell::csv;
pub use clipboard::osc52;
pub use clock::Clock;
pub use console::{Console, Ending, Hands};
pub use desk::Desk;
pub use drafts::Typed;
pub use export::ExportFile;
pub use exporting::Exports;
pub use hands::{Reload, Reloaded, TerminalHands, Try, begin_try, write_macro};
pub use inbox::{Inbox, Message, Outbox};
pub use input::{start_input, to_event};
pub use mending::{Mended, Mending};
pub use probe::{answered_width, ask_width};
pub use room::Room;
pub use session::Session;
pub use signals::start_signals;
pub use syncing::{Me, engine, reach, renew, sync, tasks};
pub use terminal::{TerminalGuard, install_panic_hook};
pub use wire::Wire;
pub use write_path::{Own, UnderWay, WritePath, actor};
