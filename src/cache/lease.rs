//! The lease: of two consoles on one cache only its holder syncs.
//!
//! A holder is named by host, process and a word of chance, so that the lease of a process of this
//! machine that is no more need not be waited for.

use rusqlite::{OptionalExtension, params};

use super::error::{Doing, Result};
use super::writer::Writer;
use crate::model::Time;

/// The only lease there is.
const SYNC: &str = "sync";

/// Who syncs, and until when unless they renew it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// A word that is unique per process.
    pub holder: String,
    /// When it runs out by itself.
    pub until: Time,
}

/// How a process of this machine is named in a lease, with a word that no other has.
pub fn holder(word: &str) -> String {
    format!("{} {} {word}", host(), std::process::id())
}

impl Lease {
    /// The machine and the process, where the holder is named so.
    fn process(&self) -> Option<(&str, i32)> {
        let mut words = self.holder.split(' ');
        let (host, process) = (words.next()?, words.next()?.parse().ok()?);
        Some((host, process))
    }

    /// Whether the holder is a process of this machine that is no more.
    pub fn is_dead(&self) -> bool {
        let Some((on, process)) = self.process() else { return false };
        let Some(process) = rustix::process::Pid::from_raw(process) else { return false };
        on == host() && rustix::process::test_kill_process(process) == Err(rustix::io::Errno::SRCH)
    }

    /// Who holds it, where that is another process that is still at work: its number, and where it
    /// runs when that is elsewhere.
    pub fn other(&self, now: Time) -> Option<String> {
        let (on, process) = self.process()?;
        match on == host() {
            true if u32::try_from(process) == Ok(std::process::id()) || self.is_dead() => None,
            true => Some(process.to_string()),
            false => (self.until > now).then(|| format!("{process} ({on})")),
        }
    }
}

fn host() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    name.replace(' ', "-")
}

impl Writer {
    /// Takes or renews the lease for `holder`, where it is free, has run out, or is theirs already.
    /// Says whether they have it now.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn take_lease(&mut self, holder: &str, now: Time, until: Time) -> Result<bool> {
        let taken = self
            .connection()
            .prepare_cached(
                "INSERT INTO lease (name, holder, until) VALUES (?1, ?2, ?4) \
                 ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until \
                 WHERE lease.holder = ?2 OR lease.until <= ?3",
            )
            .and_then(|mut statement| statement.execute(params![SYNC, holder, now.millis, until.millis]))
            .doing("take the lease of sync")?;
        Ok(taken == 1)
    }

    /// Gives the lease back, where `holder` has it.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn release_lease(&mut self, holder: &str) -> Result<()> {
        self.connection()
            .prepare_cached("DELETE FROM lease WHERE name = ?1 AND holder = ?2")
            .and_then(|mut statement| statement.execute(params![SYNC, holder]))
            .doing("release the lease of sync")?;
        Ok(())
    }

    /// Who has the lease, run out or not.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn lease(&self) -> Result<Option<Lease>> {
        self.connection()
            .query_row("SELECT holder, until FROM lease WHERE name = ?1", [SYNC], |row| {
                Ok(Lease { holder: row.get(0)?, until: Time::from_millis(row.get(1)?) })
            })
            .optional()
            .doing("read the lease of sync")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(holder: String) -> Lease {
        Lease { holder, until: Time::from_millis(10) }
    }

    #[test]
    fn only_the_dead_of_this_machine_are_dead() {
        let mut child = std::process::Command::new("true").spawn().unwrap();
        let gone = child.id();
        child.wait().unwrap();
        assert!(of(format!("{} {gone} abc", host())).is_dead());
        assert!(!of(holder("abc")).is_dead());
        assert!(!of(format!("elsewhere-{} {gone} abc", host())).is_dead());
        assert!(!of("nonsense".to_owned()).is_dead());
    }

    #[test]
    fn another_process_is_named_while_it_lives() {
        let at = Time::from_millis;
        assert_eq!(of(holder("abc")).other(at(0)), None, "that is us");
        assert_eq!(of(format!("{} 1 abc", host())).other(at(20)).as_deref(), Some("1"), "run out, but alive");
        assert_eq!(of("there 7 abc".to_owned()).other(at(0)).as_deref(), Some("7 (there)"));
        assert_eq!(of("there 7 abc".to_owned()).other(at(20)), None);
    }
}
