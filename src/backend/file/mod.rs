//! Connector files: how to talk to a backend, in TOML, with every filter compiled when it is read.
//!
//! ```text
//! text ──read──▶ ConnectorFile ──▶ configured (requests)          mistakes ──▶ Diagnostic, with places
//! ```
//!
//! No request is made here, and nothing of an installation is known: what one has to say is asked
//! for by `[vars]`. Shipped files and an operator's own are the same thing ([`ConnectorFile::find`]).

mod fans;
mod filters;
mod login;
mod paging;
mod parts;
mod pulls;
mod read;
mod shape;
mod shipped;
mod writes;

#[cfg(test)]
mod tests;

use std::path::PathBuf;

pub use parts::{
    ACTIONS, Answer, Changed, Detail, Dress, Each, ErrorKind, ErrorRule, Hello, Login, LoginStep, Of, Pace,
    Paging, PagingKind, Pull, Read, RequestShape, Said, SecretAsked, Sign, VarAsked, Verified, With,
    WriteShape,
};
pub use shape::schema;
pub use shipped::{NotFound, SHIPPED, is_path, names};

use super::Rhythm;
use super::mapping::Filter;

/// The version of the file's format.
pub const FORMAT: i64 = 1;

/// A connector file that was read and holds together.
#[derive(Clone, Debug)]
pub struct ConnectorFile {
    /// Where it was read; the name alone for a shipped one.
    pub path: PathBuf,
    /// As it was written.
    pub text: String,
    /// What a profile calls it.
    pub name: String,
    /// What people call the system.
    pub title: Said,
    /// What it was tried against.
    pub verified: Verified,
    /// What it was made from.
    pub source: Option<String>,
    /// What an installation has to say.
    pub vars: Vec<VarAsked>,
    /// The secrets that it wants beside the profile's token.
    pub secrets: Vec<SecretAsked>,
    /// What every request carries.
    pub request: Dress,
    /// How to log in, where that is needed.
    pub login: Option<Login>,
    /// How requests are signed, where they are.
    pub sign: Option<Sign>,
    /// Which answers are failures, the first that holds first.
    pub errors: Vec<ErrorRule>,
    /// How much is asked for.
    pub pace: Pace,
    /// How many seconds an answer, as error rules see it, wants no other request for.
    pub rest: Option<Filter>,
    /// How often it is pulled.
    pub rhythm: Rhythm,
    /// How to learn whether it answers, and as whom.
    pub hello: Option<Hello>,
    /// What can be pulled, in the order of the data model.
    pub pulls: Vec<Pull>,
    /// How single records are asked for.
    pub reads: Vec<Read>,
    /// What can be written.
    pub writes: Vec<WriteShape>,
}

/// Two files are the same where they say the same.
impl PartialEq for ConnectorFile {
    fn eq(&self, other: &Self) -> bool {
        self.path == other.path && self.text == other.text
    }
}

impl Eq for ConnectorFile {}

impl ConnectorFile {
    /// How a kind of record is pulled; `None` where it cannot be.
    pub fn pull(&self, resource: crate::model::Resource) -> Option<&Pull> {
        self.pulls.iter().find(|pull| pull.resource == resource)
    }

    /// The kind whose pull gives this one as well.
    pub fn carrier(&self, resource: crate::model::Resource) -> Option<&Pull> {
        self.pulls.iter().find(|pull| pull.also.iter().any(|(other, _)| *other == resource))
    }

    /// How one record of a kind is asked for; `None` where it cannot be.
    pub fn read_one(&self, resource: crate::model::Resource) -> Option<&Read> {
        self.reads.iter().find(|read| read.resource == resource)
    }

    /// How something is written; `None` where it cannot be.
    pub fn write(&self, action: &str) -> Option<&WriteShape> {
        self.writes.iter().find(|write| write.action == action)
    }
}
