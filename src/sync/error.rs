//! Why a sync cannot go on.

use std::time::Duration;

use super::WriteError;
use crate::backend::BackendError;
use crate::model::{Trouble, TroubleKind};

/// What stopped a sync.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// The backend did not give what was asked for.
    #[error(transparent)]
    Backend(#[from] BackendError),
    /// The cache did not take what came.
    #[error(transparent)]
    Cache(#[from] WriteError),
    /// Another console on this cache does the syncing.
    #[error("another siyu is syncing this cache")]
    Elsewhere,
}

impl SyncError {
    /// Its kind.
    pub fn kind(&self) -> TroubleKind {
        match self {
            Self::Backend(error) => error.kind,
            Self::Cache(_) | Self::Elsewhere => TroubleKind::Store,
        }
    }

    /// How long the backend asked to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Backend(error) => error.retry_after,
            Self::Cache(_) | Self::Elsewhere => None,
        }
    }

    /// Whether the backend asked for that at one endpoint alone.
    pub fn is_alone(&self) -> bool {
        matches!(self, Self::Backend(error) if error.alone)
    }

    /// The same as plain data.
    pub fn trouble(&self) -> Trouble {
        match self {
            Self::Backend(error) => error.trouble(),
            Self::Cache(_) => self.local("see `siyu doctor`: is there space, and may the cache be written?"),
            Self::Elsewhere => self.local("close the other console, or read what it pulls"),
        }
    }

    fn local(&self, remedy: &str) -> Trouble {
        Trouble { kind: self.kind(), text: self.to_string(), remedy: remedy.to_owned() }
    }
}
