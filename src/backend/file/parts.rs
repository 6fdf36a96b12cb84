//! What a connector file is made of, as plain data.

use std::time::Duration;

use crate::backend::mapping::{Filter, Mapping, Template};
use crate::i18n::Lang;
use crate::model::{Resource, TroubleKind};

/// A text in both languages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Said {
    /// The text in a language; the other one where it is missing.
    pub fn in_lang(&self, lang: Lang) -> &str {
        let (wanted, other) = if lang.is_zh() { (&self.zh, &self.en) } else { (&self.en, &self.zh) };
        if wanted.is_empty() { other } else { wanted }
    }
}

/// What a connector was tried against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verified {
    /// The real server.
    Server,
    /// Nothing but its documentation.
    Documentation,
}

impl Verified {
    /// The word of the file.
    pub fn word(self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::Documentation => "documentation",
        }
    }
}

/// What an installation has to say of itself.
#[derive(Clone, Debug)]
pub struct VarAsked {
    /// Its name in a profile's `vars`.
    pub name: String,
    /// What it is.
    pub about: Said,
    /// What holds where it is not said; `None` where it has to be.
    pub default: Option<String>,
}

/// A secret that an installation has beside the profile's token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretAsked {
    /// Its name in a profile's `secrets`.
    pub name: String,
    /// What it is.
    pub about: Said,
}

/// Headers and query that requests carry.
#[derive(Clone, Debug, Default)]
pub struct Dress {
    /// Headers.
    pub headers: Vec<(String, Template)>,
    /// The query.
    pub query: Vec<(String, Template)>,
}

/// A request.
#[derive(Clone, Debug)]
pub struct RequestShape {
    /// The verb.
    pub method: &'static str,
    /// Below the profile's address.
    pub path: Template,
    /// What it carries beside what all do.
    pub dress: Dress,
    /// Whether it carries nothing else: a login has not what others carry.
    pub alone: bool,
    /// A JSON body.
    pub json: Option<Filter>,
    /// A form as body.
    pub form: Option<Vec<(String, Template)>>,
    /// Which of its answers are failures, before the rules of the whole file.
    pub errors: Vec<ErrorRule>,
}

/// How requests are signed.
#[derive(Clone, Debug)]
pub struct Sign {
    /// Over `{method, path, query, body, time, time_ms, nonce}`: an object of headers.
    pub headers: Option<Filter>,
    /// Over the same: an object of what the query gets.
    pub query: Option<Filter>,
    /// A program that is told the same as JSON, and prints `{headers, query}`.
    pub program: Option<Vec<String>>,
}

/// How to log in.
#[derive(Clone, Debug)]
pub struct Login {
    /// The chain of requests.
    pub steps: Vec<LoginStep>,
    /// The same, tried first while the backend allows it; empty where there is none.
    pub refresh: Vec<LoginStep>,
    /// Whether cookies that answers set are kept and sent.
    pub cookies: bool,
}

/// A request of a login, and what is kept of its answer as `$login`.
#[derive(Clone, Debug)]
pub struct LoginStep {
    /// The request.
    pub request: RequestShape,
    /// Names and filters. `lifetime` is in seconds.
    pub capture: Vec<(String, Filter)>,
}

/// What kind of failure an answer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// A failure.
    Trouble(TroubleKind),
    /// Success without anything in it.
    Empty,
    /// The login has expired, and can be refreshed.
    Expired,
    /// The login is no longer good: only a new one helps.
    Revoked,
}

impl ErrorKind {
    /// The words of the file.
    pub const WORDS: &[(&str, Self)] = &[
        ("auth", Self::Trouble(TroubleKind::Auth)),
        ("forbidden", Self::Trouble(TroubleKind::Forbidden)),
        ("not_found", Self::Trouble(TroubleKind::NotFound)),
        ("conflict", Self::Trouble(TroubleKind::Conflict)),
        ("rate", Self::Trouble(TroubleKind::Rate)),
        ("validation", Self::Trouble(TroubleKind::Validation)),
        ("server", Self::Trouble(TroubleKind::Server)),
        ("gone", Self::Trouble(TroubleKind::Gone)),
        ("empty", Self::Empty),
        ("expired", Self::Expired),
        ("revoked", Self::Revoked),
    ];
}

/// Which answers are failures.
#[derive(Clone, Debug)]
pub struct ErrorRule {
    /// Whether it says that one of the staff has this customer no more.
    pub lost: bool,
    /// Over `{status, type, headers, body, text}`.
    pub when: Filter,
    /// What it is then.
    pub kind: ErrorKind,
    /// What the backend said.
    pub message: Option<Filter>,
    /// How many seconds it wants to be left alone.
    pub retry_after: Option<Filter>,
    /// Whether that holds for the endpoint alone.
    pub alone: bool,
}

/// How much is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Requests a minute, at most; `None` for as many as answers come.
    pub per_minute: Option<u32>,
    /// Requests at once, at most.
    pub at_once: usize,
}

/// More about one item of a page, by a request of its own.
#[derive(Clone, Debug)]
pub struct Detail {
    /// The request; it sees the item as `$item`.
    pub request: RequestShape,
    /// Where it is in the answer; mappings see it as `$detail`.
    pub item: Filter,
    /// Such requests at once, at most.
    pub at_once: usize,
}

impl Default for Pace {
    fn default() -> Self {
        Self { per_minute: None, at_once: 4 }
    }
}

/// How to learn whether the backend answers, and as whom.
#[derive(Clone, Debug)]
pub struct Hello {
    /// The request; where there is none, being logged in is enough.
    pub request: Option<RequestShape>,
    /// The operator's id.
    pub id: Option<Filter>,
    /// The operator's name.
    pub name: Option<Filter>,
}

/// How a kind of record is pulled.
#[derive(Clone, Debug)]
pub struct Pull {
    /// Which.
    pub resource: Resource,
    /// The request for a page.
    pub request: RequestShape,
    /// How one page leads to the next.
    pub paging: Paging,
    /// Where the items lie; of several places the first that is there.
    pub items: Vec<Filter>,
    /// From an item to records.
    pub map: Mapping,
    /// How to ask for what has changed only.
    pub changed: Option<Changed>,
    /// For each item of which other kind it is asked for.
    pub each: Option<Each>,
    /// More about each item.
    pub detail: Option<Detail>,
    /// Kinds whose ids or names its mapping looks up.
    pub lookups: Vec<Resource>,
    /// Requests of its own that it needs once, by the names under which it sees their answers in `$with`.
    pub with: Vec<With>,
    /// Records of other kinds that its items come to as well.
    pub also: Vec<(Resource, Mapping)>,
    /// Whether an item is but a part of a record: what one operator has with a customer.
    pub in_parts: bool,
    /// Whether members whom it does not see any more have left their groups: the backend names those who
    /// are there, and nobody who was.
    pub departures: bool,
    /// Whether what it does not see any more stays: it asks for the latest alone.
    pub grows: bool,
    /// When it is due, where that is not by the rhythm: milliseconds into the day of UTC.
    pub at: Vec<i64>,
}

/// A request for each item of another kind, or of a list that is asked for to that end.
#[derive(Clone, Debug)]
pub struct Each {
    /// Whose items.
    pub of: Of,
    /// From its item to what the request sees as `$each`.
    pub id: Filter,
    /// So many at once, then as a list.
    pub batch: usize,
}

/// Whose items a request is made for.
#[derive(Clone, Debug)]
pub enum Of {
    /// Of a kind that is pulled too.
    Kind(Resource),
    /// Of a list of its own.
    List(Box<Pull>),
}

/// A request that a pull needs once.
#[derive(Clone, Debug)]
pub struct With {
    /// The member of `$with` that has its answer.
    pub name: String,
    /// The request.
    pub request: RequestShape,
    /// What of the answer.
    pub item: Filter,
    /// Whether the pull goes on without, with null, where the backend refuses it.
    pub optional: bool,
}

/// How to ask for what has changed since a moment (`$since`).
#[derive(Clone, Debug)]
pub struct Changed {
    /// What the request's query has then.
    pub query: Vec<(String, Template)>,
    /// How much earlier than the last pull it is asked from: for clocks that differ, and for what was
    /// on its way.
    pub overlap: Duration,
}

/// How one record is asked for, by its id (`$id`).
#[derive(Clone, Debug)]
pub struct Read {
    /// Of which kind.
    pub resource: Resource,
    /// The request.
    pub request: RequestShape,
    /// Where the item is in the answer.
    pub item: Filter,
    /// From the item to the record; the mapping of the pull where there is none.
    pub map: Option<Mapping>,
}

/// What can be done with a record, by the names of the file.
pub const ACTIONS: &[&str] = &[
    "customers.set",
    "customers.tag",
    "follow_ups.make",
    "follow_ups.set",
    "events.make",
    "tags.make",
    "tags.set",
    "tags.delete",
    "messages.send",
];

/// How something is written.
#[derive(Clone, Debug)]
pub struct WriteShape {
    /// Which of [`ACTIONS`].
    pub action: &'static str,
    /// The request; it sees `$write`, and `$record`, `$each` where it asks for them.
    pub request: RequestShape,
    /// The fields that it can carry, of those that set or make something.
    pub fields: Vec<String>,
    /// Whether the item is read before, as `$record`.
    pub reads: bool,
    /// Whether more about it is asked for before, as `$detail`.
    pub details: bool,
    /// A list of `$write` of which each member has a call of its own.
    pub each: Option<Filter>,
    /// Further requests behind that one, each with its own list.
    pub then: Vec<(RequestShape, Option<Filter>)>,
    /// What the last answer gives.
    pub answer: Answer,
    /// The header that carries the idempotency key, where the backend knows such.
    pub key_header: Option<String>,
    /// Kinds whose ids or names it looks up.
    pub lookups: Vec<Resource>,
}

/// What the answer to a write gives.
#[derive(Clone, Debug)]
pub enum Answer {
    /// The item, as a pull would have it.
    Item(Filter),
    /// The record itself, made of what was written and what came back.
    Record(Filter),
    /// Its id alone; it is read back.
    Id(Filter),
    /// Nothing: it is read back.
    Nothing,
}

/// How one page leads to the next.
#[derive(Clone, Debug)]
pub struct Paging {
    /// By which means.
    pub kind: PagingKind,
    /// The query's parameter that names the place; `None` where the request says it by `$page`.
    pub param: Option<String>,
    /// The query's parameter that names the size.
    pub size_param: Option<String>,
    /// Items asked for.
    pub size: u64,
    /// The number of the first page.
    pub first: u64,
    /// Where the answer says where the next page begins; of a keyset over the last item.
    pub next: Option<Filter>,
    /// Whether there is more, where the answer says so.
    pub more: Option<Filter>,
    /// How many there are in all, where the answer says so.
    pub total: Option<Filter>,
    /// The same in a header.
    pub total_header: Option<String>,
    /// Whether a page of fewer items than were asked for is the last.
    pub short_ends: bool,
    /// How many items the backend gives at most, where its answer says so.
    pub used: Option<Filter>,
    /// A request of its own that tells how many there are, and where.
    pub count: Option<Box<(RequestShape, Filter)>>,
    /// After so many items, by other means.
    pub then: Option<Box<(u64, Paging)>>,
}

impl Paging {
    /// Whether items are counted to find the end.
    pub fn counts(&self) -> bool {
        matches!(self.kind, PagingKind::Page | PagingKind::Offset)
    }
}

/// By which means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PagingKind {
    /// All comes at once.
    None,
    /// Pages have numbers.
    Page,
    /// So many items are passed over.
    Offset,
    /// The answer names the place where the next one begins.
    Cursor,
    /// The `Link` header names the next page.
    Link,
    /// The answer names the address of the next page.
    NextUrl,
    /// The next page begins behind the last item.
    Keyset,
}

impl PagingKind {
    /// The words of the file.
    pub const WORDS: &[(&str, Self)] = &[
        ("none", Self::None),
        ("page", Self::Page),
        ("offset", Self::Offset),
        ("cursor", Self::Cursor),
        ("link", Self::Link),
        ("next_url", Self::NextUrl),
        ("keyset", Self::Keyset),
    ];
}
