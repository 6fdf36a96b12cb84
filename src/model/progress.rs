//! What a sync says about itself: plain data, so that the console can absorb it and the
//! command line can print it without knowing how a sync works.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{Complaint, OperatorId, Resource, Time, WriteState};

/// What kind of thing went wrong between the console and a backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TroubleKind {
    /// Nobody is known by this token, or there is none. Trying again cannot help.
    Auth,
    /// The token is known, and may not do this.
    Forbidden,
    /// No such endpoint or record.
    NotFound,
    /// The record changed meanwhile.
    Conflict,
    /// Too many requests.
    Rate,
    /// The backend does not accept the request.
    Validation,
    /// The changes asked for are no longer kept: everything has to be pulled again.
    Gone,
    /// The backend failed.
    Server,
    /// The host's name is not known.
    Dns,
    /// Nobody listens there, or nobody can be reached.
    Connect,
    /// No answer, or no whole one, in time.
    Timeout,
    /// The connection broke in the middle.
    Reset,
    /// No trust: certificate or handshake.
    Tls,
    /// An answer that is not what the API promises.
    Malformed,
    /// The profile cannot work as it is written.
    Configuration,
    /// The cache could not take what came.
    Store,
}

impl TroubleKind {
    /// Whether trying again, with nothing changed by a person, can help.
    pub fn may_pass(self) -> bool {
        !matches!(self, Self::Auth | Self::Forbidden | Self::Configuration)
    }

    /// Its name in tables of words.
    pub fn word(self) -> &'static str {
        match self {
            Self::Auth => "auth",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::Rate => "rate",
            Self::Validation => "validation",
            Self::Gone => "gone",
            Self::Server => "server",
            Self::Dns => "dns",
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Reset => "reset",
            Self::Tls => "tls",
            Self::Malformed => "malformed",
            Self::Configuration => "configuration",
            Self::Store => "store",
        }
    }
}

/// What went wrong, ready to be told. The texts may quote a backend: show them as hostile text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// Its kind.
    pub kind: TroubleKind,
    /// What was attempted and what came instead; no secret is in it.
    pub text: String,
    /// What the operator can do.
    pub remedy: String,
}

/// What of a failure's text is the same in every language: what was asked, the status or the
/// address. The text as it is where it tells of no request.
pub fn technical(text: &str) -> String {
    let asked = text.split_once(": ").filter(|(asked, _)| {
        asked.split_once(' ').is_some_and(|(verb, _)| verb.chars().all(|c| c.is_ascii_uppercase()))
    });
    let Some((asked, answered)) = asked else { return text.to_owned() };
    let status = answered.strip_prefix("status ").and_then(|rest| rest.split(':').next());
    let address = || answered.split_whitespace().find(|word| word.contains("://"));
    match (status, address()) {
        (Some(status), _) => format!("{asked} HTTP {status}"),
        (None, Some(address)) => format!("{asked} {}", address.trim_end_matches([':', ','])),
        (None, None) => asked.to_owned(),
    }
}

/// A fact about a running sync.
#[derive(Clone, Debug, PartialEq)]
pub enum SyncEvent {
    /// It begins to talk to the backend.
    Connecting,
    /// The backend answered.
    Online {
        /// What the backend calls itself.
        backend: String,
        /// Id of the operator whose token it is, where the backend says it.
        operator_id: Option<OperatorId>,
        /// The name of the operator whose token it is, where the backend says it.
        operator: Option<String>,
        /// How long the answer took.
        latency: Duration,
    },
    /// Rows of a full pull came; with none of them, the first ones are being asked for.
    Progress {
        /// Of which kind.
        resource: Resource,
        /// Rows of this kind so far, those of an earlier interrupted run not counted.
        done: u64,
        /// How many there will be, where that is known.
        total_hint: Option<u64>,
        /// Rows a second.
        rate: f64,
    },
    /// One kind of record was pulled whole.
    Pulled(Pulled),
    /// The cache holds something new.
    Applied {
        /// Kinds that changed, each once.
        resources: Vec<Resource>,
    },
    /// Records or fields that could not be read; the rest was taken.
    Complaints(Vec<(Resource, Complaint)>),
    /// The backend is away; it will be tried again.
    Offline {
        /// Why.
        trouble: Trouble,
        /// When.
        retry_at: Time,
    },
    /// The token is refused; nothing is tried again until the operator asks for it.
    AuthFailed(Trouble),
    /// The backend no longer keeps the changes since the last sync: a full pull follows.
    Gone,
    /// The backend's changes end before those that the cache has: it is another database now, and
    /// a full pull follows.
    Replaced,
    /// Everything up to change `seq` is in the cache.
    CaughtUp {
        /// The change's number, as the backend counts.
        seq: i64,
        /// When that was so.
        at: Time,
        /// Whether the backend tells changes by itself, or has to be asked.
        live: bool,
    },
    /// Writes were sent, or tried to be: what became of them since the backend was last reached.
    Pushed(Pushed),
    /// Nothing more is sent until then.
    PushPaused {
        /// Why.
        trouble: Trouble,
        /// When it goes on.
        until: Time,
    },
    /// A round that ends by itself waits so long, since the backend takes no more before.
    PushWaits(Duration),
    /// It waits to be told to go on.
    Paused,
    /// Another console on the same cache syncs; this one reads what that one pulls.
    Elsewhere,
}

/// What a full pull of one kind of record came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pulled {
    /// The kind.
    pub resource: Resource,
    /// Rows that the backend gave.
    pub rows: u64,
    /// Rows that were new or different.
    pub changed: u64,
    /// Rows that the backend no longer has.
    pub deleted: u64,
    /// Requests that it took.
    pub calls: u64,
    /// How long it took.
    pub took: Duration,
}

/// What became of writes that were sent, in numbers; each counts where it stands now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pushed {
    /// The backend has them.
    pub sent: u64,
    /// The backend refused them, or they were given up.
    pub failed: u64,
    /// Somebody else has changed the same fields.
    pub conflicts: u64,
    /// They may have arrived or not.
    pub unknown: u64,
    /// They are tried again.
    pub later: u64,
}

impl Pushed {
    /// Counts one more, by the state that it is in now.
    pub fn count(&mut self, state: WriteState) {
        let number = match state {
            WriteState::Done | WriteState::Kept => &mut self.sent,
            WriteState::Failed => &mut self.failed,
            WriteState::Conflict => &mut self.conflicts,
            WriteState::Unknown => &mut self.unknown,
            WriteState::Queued | WriteState::Sending => &mut self.later,
        };
        *number += 1;
    }
}

/// What a running sync can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SyncCommand {
    /// Ask the backend now, whatever one was waiting for; ends a pause.
    RefreshNow,
    /// Something was queued: send it, if one is online.
    Push,
    /// Pull everything again, from the start; what is there stays until it is replaced.
    FullPull,
    /// Talk to nobody until told otherwise.
    Pause,
    /// End.
    Stop,
}
