//! What other rooms say went wrong, as lines in both languages.
//!
//! Their errors word themselves in English, for logs and tests; here each kind gets the word that
//! an operator reads.

use std::io;

use crate::backend::{BackendError, NO_TLS, TokenError};
use crate::cache::{self, Brought, Salvaged, Share, Shortage};
use crate::command::CommandError;
use crate::config::{ProfileError, command_problem, filter_problem};
use crate::i18n::words::{errors, faults, notices};
use crate::i18n::{Line, named};
use crate::model::technical;
use crate::query::QueryError;
use crate::runtime::planning::PlanningError;
use crate::server::{ServeError, StoreError};
use crate::sync::{SyncError, WriteError};

/// Can be told to an operator.
pub(super) trait Told {
    /// What is wrong.
    fn told(&self) -> Line;
}

/// What was got back of what had not been sent, and what is lost, of which so many are named; nothing
/// where there was nothing to be got back.
pub(super) fn salvaged(salvaged: &Salvaged, most: usize) -> Vec<Line> {
    let Salvaged { kept, lost, unread, journal, brought } = salvaged;
    let mut lines = Vec::new();
    if *kept > 0 {
        lines.push(notices::SALVAGED.with("n", kept.to_string()));
    }
    if !lost.is_empty() {
        tracing::error!(?lost, "changes that were not sent are lost");
        let mut names = lost.iter().take(most).cloned().collect::<Vec<_>>().join(", ");
        if lost.len() > most {
            names.push_str(&format!(" … ({})", lost.len()));
        }
        lines.push(notices::LOST.with("names", names));
    }
    if *unread > 0 {
        lines.push(notices::LOST_UNREAD.with("n", unread.to_string()));
    }
    if let Some(journal) = journal {
        lines.push(notices::JOURNAL_ASIDE.with("path", journal.display().to_string()));
    }
    if let Some(brought) = brought {
        lines.extend(brought_over(brought));
    }
    lines
}

/// What a damaged file gave away beside the open writes, and what of it is lost.
fn brought_over(brought: &Brought) -> Vec<Line> {
    tracing::info!(?brought, "brought over from the damaged cache");
    let mut lines = Vec::new();
    let Brought { audit, commands, drafts, writes } = brought;
    if audit.kept + commands.kept + drafts.kept > 0 {
        let line = notices::BROUGHT.with("audit", audit.kept.to_string());
        lines.push(line.with("commands", commands.kept.to_string()).with("drafts", drafts.kept.to_string()));
    }
    // Of settled writes only undo wants to know.
    let undo =
        Share { lost: commands.lost + writes.lost, broken: commands.broken || writes.broken, ..*commands };
    let kinds = [
        (audit, notices::LOST_AUDIT, notices::UNCOUNTED_AUDIT),
        (&undo, notices::LOST_UNDO, notices::UNCOUNTED_UNDO),
        (drafts, notices::LOST_DRAFTS, notices::UNCOUNTED_DRAFTS),
    ];
    for (share, word, uncounted) in kinds.into_iter().filter(|(share, ..)| !share.is_whole()) {
        lines.push(match (share.broken, share.lost) {
            (true, 0) => uncounted.into(),
            (true, lost) => word.with("n", format!("{lost}+")),
            (false, lost) => word.with("n", lost.to_string()),
        });
    }
    lines
}

impl Told for io::Error {
    fn told(&self) -> Line {
        use io::ErrorKind as K;
        let word = match self.kind() {
            K::NotFound => faults::NOT_FOUND,
            K::PermissionDenied => faults::NO_PERMISSION,
            K::ConnectionRefused => faults::REFUSED,
            K::AddrInUse => faults::IN_USE,
            K::AddrNotAvailable => faults::NOT_OURS,
            K::TimedOut | K::WouldBlock => faults::TIMED_OUT,
            K::AlreadyExists => faults::EXISTS,
            K::StorageFull | K::QuotaExceeded => faults::NO_SPACE,
            K::ReadOnlyFilesystem => faults::READ_ONLY,
            K::IsADirectory => faults::IS_FOLDER,
            K::NotADirectory => faults::NO_FOLDER,
            K::HostUnreachable | K::NetworkUnreachable | K::NetworkDown => faults::UNREACHABLE,
            K::InvalidData => faults::NOT_TEXT,
            _ => return self.to_string().into(),
        };
        Line::both(word, self)
    }
}

impl Told for cache::Error {
    fn told(&self) -> Line {
        match self {
            Self::Missing { path } => faults::CACHE_MISSING.with("path", path.display().to_string()),
            Self::Newer { path, found, known } => faults::CACHE_NEWER
                .with("path", path.display().to_string())
                .with("found", found.to_string())
                .with("known", known.to_string()),
            Self::Older => faults::CACHE_OLDER.into(),
            Self::Foreign { path } => faults::CACHE_FOREIGN.with("path", path.display().to_string()),
            Self::Damaged { .. } => faults::CACHE_DAMAGED.into(),
            Self::Full { why: Shortage::Disk, .. } => Line::both(faults::CACHE_FULL, self),
            Self::Full { why: Shortage::Quota, .. } => Line::both(faults::CACHE_QUOTA, self),
            Self::Full { why: Shortage::FileSize, .. } => Line::both(faults::CACHE_FILE_SIZE, self),
            Self::ReadOnly { .. } => Line::both(faults::CACHE_READ_ONLY, self),
            Self::Busy { .. } => Line::both(faults::CACHE_BUSY, self),
            Self::Replaced => faults::CACHE_REPLACED.into(),
            Self::Held { process } => faults::CACHE_HELD.with("process", process.clone()),
            Self::Interrupted => faults::CACHE_INTERRUPTED.into(),
            Self::OldSqlite { found } => faults::CACHE_OLD_SQLITE.with("found", *found),
            Self::Io { path, source, .. } => {
                let path = path.display().to_string();
                Line::both(faults::CACHE_IO.with("path", path).with("error", source.told()), self)
            }
            Self::Record { what, id, .. } => faults::CACHE_RECORD.with("what", *what).with("id", id.clone()),
            Self::Refused { why: cache::READ_ONLY, .. } => Line::both(faults::CACHE_REFUSED, self),
            Self::Refused { .. } => self.to_string().into(),
            Self::Nothing { .. } => self.to_string().into(),
            Self::Output(error) => faults::OUTPUT.with("error", error.told()),
            Self::Sqlite { source, .. } => {
                Line::both(faults::CACHE_SQLITE.with("error", source.to_string()), self)
            }
        }
    }
}

impl Told for CommandError {
    fn told(&self) -> Line {
        command_problem(self)
    }
}

impl Told for PlanningError {
    fn told(&self) -> Line {
        match self {
            Self::Cache(error) => error.told(),
            other => Line::both(other.says(true), other.says(false)),
        }
    }
}

impl Told for WriteError {
    fn told(&self) -> Line {
        match self {
            Self::Cache(error) => error.told(),
            Self::Ended => faults::WRITER_GONE.into(),
        }
    }
}

/// What to do about a failure of the backend.
pub(super) fn remedy(error: &BackendError) -> Line {
    let word = named(faults::REMEDIES, error.kind.word());
    word.map_or_else(|| error.remedy().into(), |word| Line::both(word, error.remedy()))
}

/// What a failure of the backend is and what to do about it, in words, and last what was asked and
/// answered.
pub(super) fn in_words(error: &BackendError) -> Line {
    let kind = named(faults::KINDS, error.kind.word()).map_or_else(|| Line::from(""), Line::from);
    kind.and("; ").and(remedy(error)).and(" (").and(Line::both(technical(&error.to_string()), error)).and(")")
}

impl Told for BackendError {
    fn told(&self) -> Line {
        let mut zh = Line::from(format!("{} {}: ", self.method, self.endpoint));
        if self.what.contains(NO_TLS) {
            zh = zh.and(faults::NO_TLS);
        } else if let Some(word) = named(faults::KINDS, self.kind.word()) {
            zh = zh.and(word);
        }
        // Failures of the network name the address.
        if let Some(at) = self.what.split_whitespace().find(|word| word.contains("://")) {
            zh = zh.and(format!(" {}", at.trim_end_matches([':', ','])));
        }
        // What came with a status are the backend's own words.
        if let Some(status) = self.status {
            zh = zh.and(format!(" (HTTP {status}: {})", self.what));
        }
        Line::both(zh, self)
    }
}

impl Told for TokenError {
    fn told(&self) -> Line {
        match self {
            Self::Unset(name) => faults::TOKEN_UNSET.with("name", name.clone()),
            Self::File { path, source } => {
                let path = path.display().to_string();
                faults::TOKEN_FILE.with("path", path).with("error", source.told())
            }
            Self::Exposed(path) => faults::TOKEN_EXPOSED.with("path", path.display().to_string()),
            Self::Command { program, .. } => {
                Line::both(faults::TOKEN_COMMAND.with("program", program.clone()), self)
            }
            Self::Keyring { .. } => Line::both(faults::TOKEN_KEYRING, self),
            Self::NoToken(source) => faults::TOKEN_NONE.with("source", *source),
        }
    }
}

impl Told for SyncError {
    fn told(&self) -> Line {
        let (what, remedy) = match self {
            Self::Backend(error) => (error.told(), remedy(error)),
            Self::Cache(WriteError::Cache(error)) => (error.told(), faults::SEE_DOCTOR.into()),
            Self::Cache(WriteError::Ended) => (faults::WRITER_GONE.into(), faults::SEE_DOCTOR.into()),
            Self::Elsewhere => (faults::SYNCING_ELSEWHERE.into(), faults::CLOSE_OTHER.into()),
        };
        what.and(" (").and(remedy).and(")")
    }
}

impl Told for StoreError {
    fn told(&self) -> Line {
        match self {
            Self::Open { path, .. } => Line::both(faults::STORE_OPEN.with("path", path.clone()), self),
            Self::Taken { path, by } => {
                let by = by.map_or_else(
                    || Line::from(""),
                    |pid| faults::STORE_TAKEN_BY.with("pid", pid.to_string()),
                );
                faults::STORE_TAKEN.with("path", path.clone()).with("by", by)
            }
            Self::Foreign { path } => faults::STORE_FOREIGN.with("path", path.clone()),
            Self::Newer { path, found, known } => faults::STORE_NEWER
                .with("path", path.clone())
                .with("found", found.to_string())
                .with("known", known.to_string()),
            Self::Sqlite { found } => faults::CACHE_OLD_SQLITE.with("found", found.clone()),
            Self::Sql { source, .. } => Line::both(faults::STORE_SQL.with("error", source.to_string()), self),
            other => other.to_string().into(),
        }
    }
}

impl Told for ServeError {
    fn told(&self) -> Line {
        match self {
            Self::TokenNeeded { listen } => faults::LISTEN_TOKEN.with("listen", listen.to_string()),
            Self::InUse { listen } => faults::LISTEN_IN_USE.with("listen", listen.to_string()),
            Self::Listen { listen, source } => {
                faults::LISTEN_FAILED.with("listen", listen.to_string()).with("error", source.told())
            }
        }
    }
}

impl Told for QueryError {
    fn told(&self) -> Line {
        let zh = filter_problem(&self.problem);
        let zh = match &self.nearest {
            Some(name) => zh.and("; ").and(errors::NEAREST.with("name", name.clone())),
            None => zh,
        };
        Line::both(zh, self)
    }
}

impl Told for ProfileError {
    fn told(&self) -> Line {
        ProfileError::told(self)
    }
}
