//! The lease: of two consoles on one cache only its holder syncs.
//!
//! A holder is named by host, process and a word of chance, so that the lease of a process of this
//! machine that is no more need not be waited for. With it the holder keeps what it is told by the
//! backend: consoles that do not talk to it read here whether it is away.

use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};

use super::error::{Doing, Result};
use super::writer::Writer;
use crate::model::{Time, Trouble, TroubleKind};

/// The only lease there is.
const SYNC: &str = "sync";

/// Who syncs, and until when unless they renew it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// A word that is unique per process.
    pub holder: String,
    /// When it runs out by itself.
    pub until: Time,
    /// Why the holder cannot talk to the backend, while that is so.
    pub away: Option<Away>,
}

/// A backend that gives the holder of the lease nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Away {
    /// Why.
    pub trouble: Trouble,
    /// When it was to be tried again, as it first looked.
    pub retry_at: Time,
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
                 ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, until = excluded.until, \
                 away = CASE WHEN lease.holder = ?2 THEN lease.away END \
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
            .prepare_cached("SELECT holder, until, away FROM lease WHERE name = ?1")
            .and_then(|mut statement| {
                statement.query_row([SYNC], |row| {
                    let away: Option<String> = row.get(2)?;
                    // What a later version says otherwise is not understood, and harms nobody.
                    let away = away.and_then(|away| serde_json::from_str(&away).ok());
                    Ok(Lease { holder: row.get(0)?, until: Time::from_millis(row.get(1)?), away })
                })
            })
            .optional()
            .doing("read the lease of sync")
    }

    /// Notes with the lease, where `holder` has it, why the backend gives nothing, or that it does
    /// again. Says the same thing over and over without writing.
    ///
    /// # Errors
    /// As SQLite says.
    pub fn keep_away(&mut self, holder: &str, away: Option<&Away>) -> Result<()> {
        let doing = "note how things stand with the backend";
        let Some(lease) = self.lease()?.filter(|lease| lease.holder == holder) else { return Ok(()) };
        // Each try fails in words of its own, and the moment of the next one moves all the time: that is
        // no news, but where the backend has named the moment.
        let known = match (&lease.away, away) {
            (Some(was), Some(now)) => {
                was.trouble.kind == now.trouble.kind
                    && (now.trouble.kind != TroubleKind::Rate || was.retry_at == now.retry_at)
            }
            (was, now) => was.is_none() && now.is_none(),
        };
        if known {
            return Ok(());
        }
        let text = away.map(|away| serde_json::to_string(away).unwrap_or_default());
        self.connection()
            .prepare_cached("UPDATE lease SET away = ?3 WHERE name = ?1 AND holder = ?2")
            .and_then(|mut statement| statement.execute(params![SYNC, holder, text]))
            .doing(doing)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(holder: String) -> Lease {
        Lease { holder, until: Time::from_millis(10), away: None }
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
