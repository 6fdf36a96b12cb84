//! Typing ahead: keys that come before it is known what they are about.
//!
//! Hands are faster than a disk. A key that follows a search, a mark of all or a save is meant for
//! what these lead to, not for what still stands on the screen: it is held until that is here, and
//! taken in then. What ends a wait by hand (`Esc`, `C-c`, leaving) goes through at once and drops
//! what was held.

use std::collections::VecDeque;

use crate::keymap::{Code, Key};

use super::App;
use super::effect::Effect;
use super::event::Event;
use super::overlay::Overlay;

/// Keys that are held, at most; those after them are dropped, as a terminal does.
const MOST: usize = 4096;

/// What the operator did ahead.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    events: VecDeque<Event>,
    /// Something was written: the list under the cursor may be asked for anew because of it.
    pub settling: bool,
}

impl App {
    /// Takes an event in, or holds it where it is a key whose meaning is still on its way.
    pub(super) fn take_or_hold(&mut self, event: Event) -> Vec<Effect> {
        match &event {
            Event::Key(key) if goes_through(*key) => {
                self.held.events.clear();
                self.stop_replay();
            }
            Event::Paste(_) if matches!(self.overlay, Some(Overlay::Form(_))) => {} // a text is never a key
            Event::Key(_) | Event::Paste(_) if !self.held.events.is_empty() || self.is_awaiting() => {
                if self.held.events.len() < MOST {
                    self.held.events.push_back(event);
                }
                return Vec::new();
            }
            _ => {}
        }
        if matches!(event, Event::Key(_) | Event::Paste(_)) {
            self.hold_list();
        }
        self.take_in(event)
    }

    /// A key acts on what one saw as one pressed it, whatever comes in meanwhile.
    fn hold_list(&mut self) {
        if let Some(list) = self.active_list().and_then(|which| self.list_mut(which)) {
            list.hold();
        }
    }

    /// Takes in what was held, as far as its meaning is known by now.
    pub(super) fn take_held(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        while !self.is_awaiting()
            && let Some(event) = self.held.events.pop_front()
        {
            effects.extend(self.take_in(event));
        }
        effects
    }

    /// Whether what a key would act on is still on its way.
    pub(super) fn is_awaiting(&mut self) -> bool {
        if let Some(awaits) = self.triage_awaits() {
            return awaits;
        }
        if self.writing.is_under_way() || self.marking.is_some() {
            return true;
        }
        let list = self.active_list().and_then(|which| self.list(which));
        let (busy, elsewhere) = list.map_or((false, false), |list| (list.is_pending(), list.is_going()));
        self.held.settling &= busy;
        self.overlay.is_none() && (elsewhere || self.held.settling)
    }
}

/// Whether a key is never held.
fn goes_through(key: Key) -> bool {
    match key.code {
        Code::Esc => true,
        Code::Char(c) => key.ctrl && matches!(c, 'c' | 'q' | 'l' | 'z'),
        _ => false,
    }
}
