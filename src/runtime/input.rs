//! Keys, pastes and the mouse, off the terminal.

use std::io;

use crossterm::event::{
    Event as Raw, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEventKind, read,
};

use crate::app::{Event, Mouse, MouseKind};
use crate::keymap::{Code, Key};

use super::inbox::{Message, Outbox, Switch};

/// Leads to the console that is open: the thread outlives the first-run screen.
static TO: Switch = Switch::new();

/// Starts the thread that reads the terminal, or leads the one there is to `to`. It is never
/// joined: a read cannot be broken off,
/// and crossterm's spins when the terminal goes away (crossterm #793), which is why
/// [`super::start_signals`] watches for that and the process then ends.
///
/// # Errors
/// Where the system gives no thread.
pub fn start_input(to: Outbox) -> io::Result<()> {
    if !TO.turn(to) {
        return Ok(());
    }
    std::thread::Builder::new().name("input".to_owned()).spawn(|| {
        loop {
            match read() {
                Ok(raw) => {
                    if let Some(event) = to_event(raw) {
                        TO.send(Message::Input(event));
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "the terminal cannot be read any more");
                    TO.send(Message::End(0));
                    return;
                }
            }
        }
    })?;
    Ok(())
}

/// What a raw event means to the console; `None` for what it has no use for.
pub fn to_event(raw: Raw) -> Option<Event> {
    match raw {
        Raw::Key(key) if key.kind != KeyEventKind::Release => to_key(key).map(Event::Key),
        Raw::Paste(text) => Some(Event::Paste(text)),
        Raw::FocusGained => Some(Event::Glance),
        Raw::Resize(width, height) => Some(Event::Resize { width, height }),
        Raw::Mouse(mouse) => {
            let kind = match mouse.kind {
                MouseEventKind::Down(MouseButton::Left) => MouseKind::Press,
                MouseEventKind::Drag(MouseButton::Left) => MouseKind::Drag,
                MouseEventKind::Up(MouseButton::Left) => MouseKind::Release,
                MouseEventKind::ScrollUp => MouseKind::WheelUp,
                MouseEventKind::ScrollDown => MouseKind::WheelDown,
                _ => return None,
            };
            Some(Event::Mouse(Mouse { kind, x: mouse.column, y: mouse.row }))
        }
        _ => None,
    }
}

fn to_key(event: KeyEvent) -> Option<Key> {
    let code = match event.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab | KeyCode::BackTab => Code::Tab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::F(n) => Code::F(n),
        _ => return None,
    };
    let has = |modifier| event.modifiers.contains(modifier);
    let shift = has(KeyModifiers::SHIFT) || event.code == KeyCode::BackTab;
    Some(Key::new(code, has(KeyModifiers::CONTROL), has(KeyModifiers::ALT), shift))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_back_sees_what_time_it_is() {
        assert!(matches!(to_event(Raw::FocusGained), Some(Event::Glance)));
        assert!(to_event(Raw::FocusLost).is_none());
    }

    #[test]
    fn terminals_keys_are_the_keymaps_keys() {
        let key = |code, modifiers| to_key(KeyEvent::new(code, modifiers)).unwrap().to_string();
        assert_eq!(key(KeyCode::BackTab, KeyModifiers::SHIFT), "S-tab");
        assert_eq!(key(KeyCode::Char('G'), KeyModifiers::SHIFT), "G");
        assert_eq!(key(KeyCode::Char('p'), KeyModifiers::CONTROL), "C-p");
        assert_eq!(key(KeyCode::Char(' '), KeyModifiers::NONE), "space");
    }
}
