//! What a session leaves behind for the next one: the place one was at, what was searched, and what
//! was written into forms.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};
use serde::{Deserialize, Serialize};

use crate::app::{Past, Place};
use crate::model::OperatorId;

/// So many searches are remembered.
const MOST: usize = 500;

/// A place as it is kept, and who keeps it.
#[derive(Serialize, Deserialize)]
struct Kept {
    #[serde(flatten)]
    place: Place,
    /// The id of the console's process; 0 where nobody said.
    #[serde(default)]
    console: i32,
}

impl Kept {
    /// Whether another console that kept it is still at work.
    fn is_held(&self) -> bool {
        let other = u32::try_from(self.console).is_ok_and(|id| id != std::process::id());
        let id = Pid::from_raw(self.console).filter(|_| other && self.console > 0);
        // One that may not be asked is there.
        id.is_some_and(|id| matches!(test_kill_process(id), Ok(()) | Err(Errno::PERM)))
    }
}

/// The files of a session, in a folder of the profile.
#[derive(Clone, Debug)]
pub struct Session {
    folder: PathBuf,
}

impl Session {
    /// The session of a profile, in its folder.
    pub fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    /// Where the last session ended, or where a console beside this one is now: that one is not cut
    /// off. A file that cannot be read is as good as none.
    pub fn place(&self) -> Option<Place> {
        let text = fs::read_to_string(self.folder.join("place.json")).ok()?;
        let kept: Kept = serde_json::from_str(&text).ok()?;
        Some(Place { cut_off: kept.place.cut_off && !kept.is_held(), ..kept.place })
    }

    /// Keeps the place, whole or not at all.
    ///
    /// # Errors
    /// Where the folder cannot be written to.
    pub fn keep(&self, place: &Place) -> io::Result<()> {
        let console = std::process::id().cast_signed();
        let text =
            serde_json::to_string(&Kept { place: place.clone(), console }).map_err(io::Error::other)?;
        self.write("place.json", &text, true)
    }

    /// Searches made before, oldest first.
    pub fn history(&self) -> Vec<String> {
        let text = fs::read_to_string(self.folder.join("history")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Adds a search; the oldest ones go.
    ///
    /// # Errors
    /// Where the folder cannot be written to.
    pub fn remember(&self, line: &str) -> io::Result<()> {
        // Another console may have added its own meanwhile.
        let mut lines = self.history();
        lines.retain(|known| known != line);
        lines.push(line.replace(['\n', '\r'], " "));
        let from = lines.len().saturating_sub(MOST);
        // The loop waits for this: a search is not worth the time that a slow disk takes to be sure.
        self.write("history", &(lines[from..].join("\n") + "\n"), false)
    }

    /// What was written into the fields of forms before. A file that cannot be read is as good as
    /// none.
    pub fn past(&self) -> Past {
        let text = fs::read_to_string(self.folder.join("typed.json")).unwrap_or_default();
        Past::new(serde_json::from_str(&text).unwrap_or_default())
    }

    /// Adds what was written into a field; the oldest ones go.
    ///
    /// # Errors
    /// Where the folder cannot be written to.
    pub fn remember_typed(&self, field: &str, text: &str) -> io::Result<()> {
        // Another console may have added its own meanwhile.
        let mut past = self.past();
        past.add(field, text);
        self.write("typed.json", &serde_json::to_string(past.texts()).map_err(io::Error::other)?, false)
    }

    /// The batches that were written without a screen, oldest first: those that `siyu do undo` takes back
    /// without asking. A file that cannot be read is as good as none.
    pub fn made(&self) -> Vec<String> {
        let text = fs::read_to_string(self.folder.join("made")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Adds a batch; the oldest ones go.
    ///
    /// # Errors
    /// Where the folder cannot be written to.
    pub fn remember_made(&self, batch: &str) -> io::Result<()> {
        let mut batches = self.made();
        batches.push(batch.to_owned());
        let from = batches.len().saturating_sub(MOST);
        self.write("made", &(batches[from..].join("\n") + "\n"), false)
    }

    /// Who the operator was, as the backend said last.
    pub fn me(&self) -> Option<OperatorId> {
        fs::read_to_string(self.folder.join("operator")).ok().filter(|id| !id.is_empty()).map(OperatorId)
    }

    /// Keeps who the operator is, so that `is:mine` works offline.
    ///
    /// # Errors
    /// Where the folder cannot be written to.
    pub fn keep_me(&self, me: &OperatorId) -> io::Result<()> {
        self.write("operator", me.as_str(), true)
    }

    /// Writes a file, whole or not at all; `surely` waits until the disk has it.
    fn write(&self, name: &str, text: &str, surely: bool) -> io::Result<()> {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
        // Another console may be writing the same file now.
        let new = self.folder.join(format!("{name}.new-{}", std::process::id()));
        let mut file: File =
            File::options().write(true).create(true).truncate(true).mode(0o600).open(&new)?;
        file.write_all(text.as_bytes())?;
        if surely {
            file.sync_all()?;
        }
        fs::rename(new, self.folder.join(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_console_that_is_gone_was_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let session = Session::new(folder.path());
        session.keep(&Place { cut_off: true, ..Place::default() }).unwrap();
        let kept = fs::read_to_string(folder.path().join("place.json")).unwrap();
        let of = |id: u32| {
            let own = format!("\"console\":{}", std::process::id());
            assert!(kept.contains(&own), "{kept}");
            fs::write(folder.path().join("place.json"), kept.replace(&own, &format!("\"console\":{id}")))
                .unwrap();
            session.place().unwrap().cut_off
        };
        let mut other =
            std::process::Command::new("cat").stdin(std::process::Stdio::piped()).spawn().unwrap();
        assert!(!of(other.id()), "it is at work");
        drop(other.stdin.take());
        other.wait().unwrap();
        assert!(of(other.id()), "it is gone");
        assert!(of(0), "nobody said whose it is");
    }

    #[test]
    fn place_and_history_come_back() {
        let folder = tempfile::tempdir().unwrap();
        let session = Session::new(&folder.path().join("deep"));
        assert_eq!(session.place(), None);
        let place =
            Place {
                zoomed: true, typing: Some((crate::app::Pane::Groups, "半".into())), ..Place::default()
            };
        session.keep(&place).unwrap();
        assert_eq!(session.place(), Some(place));
        for line in ["a", "b", "a"] {
            session.remember(line).unwrap();
        }
        assert_eq!(session.history(), ["b", "a"]);
        for text in ["杭州", "苏州", "杭州"] {
            session.remember_typed("customer.edit city", text).unwrap();
        }
        assert_eq!(session.past().of("customer.edit city"), ["苏州", "杭州"]);
    }
}
