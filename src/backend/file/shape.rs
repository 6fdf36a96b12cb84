//! The shape of a connector file, as its JSON Schema and the guide describe it. A test holds its keys to
//! those that are read. Longer than 500 lines because it is one schema: a line and a sentence for each key
//! of the file, which is easier to hold against the guide in one piece.

#![allow(dead_code, reason = "a shape is described, and never made")]

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::{Value, json};

use super::{ACTIONS, ErrorKind, PagingKind};
use crate::model::Resource;

/// A jq filter.
#[derive(JsonSchema)]
#[schemars(transparent)]
struct Jq(String);

/// Text with jq filters in braces, such as `/customers/{$write.id}`; a brace that is meant is written twice.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Template {
    Text(String),
    Integer(i64),
    Number(f64),
    Truth(bool),
}

/// Text in Chinese and English, or one for both.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Said {
    One(String),
    Both(Both),
}

/// `title`, `about`: text in two languages.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Both {
    /// Chinese.
    zh: Option<String>,
    /// English.
    en: Option<String>,
}

fn kinds() -> Value {
    json!({"enum": Resource::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>()})
}

fn actions() -> Value {
    json!({"enum": ACTIONS})
}

fn error_kinds() -> Value {
    json!(ErrorKind::WORDS.iter().map(|(word, _)| *word).collect::<Vec<_>>())
}

fn paging_kinds() -> Value {
    json!(PagingKind::WORDS.iter().map(|(word, _)| *word).collect::<Vec<_>>())
}

fn methods() -> Value {
    json!(super::read::METHODS.iter().map(|(word, _)| *word).collect::<Vec<_>>())
}

/// A connector file of siyu.
#[derive(JsonSchema)]
#[schemars(title = "siyu connector", deny_unknown_fields)]
pub struct File {
    /// What this file is.
    connector: Connector,
    /// What an installation has to say of itself, by name: a profile's `vars` fill them, filters see `$vars`.
    vars: Option<BTreeMap<String, Var>>,
    /// Secrets beside the profile's token, by name: a profile's `secrets` say where they are, filters see `$secrets`.
    secrets: Option<BTreeMap<String, SecretAsked>>,
    /// Logging in, where requests need what a login gives.
    login: Option<Login>,
    /// What every request carries, but those of the login.
    request: Option<Dress>,
    /// Signing every request, but those of the login.
    sign: Option<Sign>,
    /// Which answers are failures: the first rule that holds decides, before anything is taken for data.
    errors: Option<Vec<ErrorRule>>,
    /// How much is asked for.
    limits: Option<Limits>,
    /// How often is pulled.
    rhythm: Option<Rhythm>,
    /// How to learn whether the backend answers, and as whom.
    hello: Option<Hello>,
    /// How each kind of record is pulled.
    #[schemars(extend("propertyNames" = kinds()))]
    pull: BTreeMap<String, Pull>,
    /// How one record of a kind is asked for: writes read it before and after.
    #[schemars(extend("propertyNames" = kinds()))]
    read: Option<BTreeMap<String, Read>>,
    /// What can be written, by kind and action.
    #[schemars(extend("propertyNames" = actions()))]
    write: Option<BTreeMap<String, Write>>,
}

/// `[connector]`: what this file is.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Connector {
    /// The version of the format: 1.
    #[schemars(extend("const" = 1))]
    format: i64,
    /// What a profile calls it.
    name: String,
    /// What people call the system.
    title: Option<Said>,
    /// What it was tried against: the real `server`, or `documentation` alone.
    #[schemars(extend("enum" = ["server", "documentation"]), extend("default" = "documentation"))]
    verified: Option<String>,
    /// An address of what it was made from.
    source: Option<String>,
}

/// `[vars.NAME]`: one thing that an installation says of itself.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Var {
    /// What it is, for whoever fills it in.
    about: Option<Said>,
    /// What holds where a profile says nothing; without it a profile has to.
    default: Option<String>,
}

/// `[secrets.NAME]`: one more secret that an installation has.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SecretAsked {
    /// What it is, for whoever fills it in.
    about: Option<Said>,
}

/// `[login]`: a chain of requests, and what is kept of their answers as `$login`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Login {
    /// The chain, in its order; each step sees what those before it captured.
    steps: Vec<LoginStep>,
    /// The same, tried first when a login has expired; where it is refused the whole login is done again.
    refresh: Option<Vec<LoginStep>>,
    /// Whether cookies that answers set are kept and sent to the same origin.
    #[schemars(extend("default" = false))]
    cookies: Option<bool>,
}

/// `[[login.steps]]` and `[[login.refresh]]`: a request, and what is kept of its answer.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct LoginStep {
    /// The request; it carries nothing but what it says itself.
    request: Request,
    /// Names under `$login`, each with a filter over the body (`$answer` has `status` and `headers`). `lifetime`
    /// is how many seconds it is good for; `base` is the address below which all other requests go.
    capture: Option<BTreeMap<String, Jq>>,
}

/// `[request]`: what every request carries.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Dress {
    /// Headers by name.
    headers: Option<BTreeMap<String, Template>>,
    /// Parameters of the query. What gives null is left out, what gives a list is repeated.
    query: Option<BTreeMap<String, Template>>,
}

/// `[sign]`: headers or parameters worked out over the request as it is sent. Filters see `method path query
/// body time time_ms nonce`: the seconds and milliseconds of now, and 32 fresh hexadecimal digits.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Sign {
    /// An object of headers.
    headers: Option<Jq>,
    /// An object of parameters.
    query: Option<Jq>,
    /// A program and its arguments, run without a shell: it is given the same as JSON, and prints
    /// `{"headers": {…}, "query": {…}}` within ten seconds.
    program: Option<Vec<String>>,
}

/// `[[errors]]`: a rule that says which answers are failures, over `{status, type, headers, body, text}`. The
/// names of headers are in small letters; `text` is the beginning of a body that is no JSON.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ErrorRule {
    /// The rule holds where this gives neither false nor null.
    when: Jq,
    /// What it is then. `expired` is a login that a refresh mends, `revoked` one that only a new login does, `empty`
    /// is no failure but success with nothing in it.
    #[schemars(extend("enum" = error_kinds()))]
    kind: String,
    /// What the backend said.
    message: Option<Jq>,
    /// How many seconds it wants to be left alone, or until which moment.
    retry_after: Option<Jq>,
    /// Whether it speaks of this one endpoint alone: others are asked on.
    #[schemars(extend("default" = false))]
    alone: Option<bool>,
    /// Whether it says that one of the staff has this customer no more: then that relation is marked as lost.
    #[schemars(extend("default" = false))]
    lost: Option<bool>,
}

/// `[limits]`: how much is asked for.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Limits {
    /// Requests a minute, at most.
    #[schemars(range(min = 1, max = 1_000_000))]
    per_minute: Option<i64>,
    /// Requests at once, at most.
    #[schemars(range(min = 1, max = 64), extend("default" = 4))]
    at_once: Option<i64>,
    /// Over every answer, as error rules see it: how many seconds nothing else is asked for, or null.
    rest: Option<Jq>,
}

/// `[rhythm]`: how often is pulled, in seconds.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Rhythm {
    /// Between pulls of what has changed, of kinds that have `changed`.
    #[schemars(range(min = 5, max = 86_400), extend("default" = 60))]
    changed: Option<i64>,
    /// Between pulls of everything; only these learn of what is gone.
    #[schemars(range(min = 5, max = 86_400), extend("default" = 900))]
    whole: Option<i64>,
}

/// `[hello]`: how to learn whether the backend answers, and as whom.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Hello {
    /// The request; where there is none, being logged in is enough.
    request: Option<Request>,
    /// The operator's id, in the answer's body.
    id: Option<Jq>,
    /// The operator's name.
    name: Option<Jq>,
}

/// `request`: one request.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Request {
    /// The verb; POST where there is a body, GET where there is none.
    #[schemars(extend("enum" = methods()))]
    method: Option<String>,
    /// Below the profile's `url`. What braces give is percent-encoded, slashes too.
    path: String,
    /// Parameters of the query. What gives null is left out, what gives a list is repeated.
    query: Option<BTreeMap<String, Template>>,
    /// Headers by name.
    headers: Option<BTreeMap<String, Template>>,
    /// A JSON body, with its types as the filter gives them.
    json: Option<Jq>,
    /// A form for a body.
    form: Option<BTreeMap<String, Template>>,
}

/// `[pull.KIND]`: how a kind of record is pulled.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Pull {
    /// The request for a page.
    request: Request,
    /// How one page leads to the next; all comes at once where nothing is said.
    paging: Option<Paging>,
    /// Where the list of items is in the answer; of several filters the first that gives a list.
    items: Option<Items>,
    /// From an item to its record, or to several, or to none. This or `fields`.
    map: Option<Jq>,
    /// The same field by field: one that fails costs itself alone.
    fields: Option<BTreeMap<String, Jq>>,
    /// How to ask for what has changed only, since `$since`.
    changed: Option<Changed>,
    /// A request of its own for each item of another kind.
    each: Option<Each>,
    /// A request of its own for more about each item.
    detail: Option<Detail>,
    /// Requests that the pull needs once, by the names under which it sees what they gave in `$with`.
    with: Option<BTreeMap<String, With>>,
    /// Records of other kinds that its items come to as well, so that these need no requests of their own.
    #[schemars(extend("propertyNames" = kinds()))]
    also: Option<BTreeMap<String, Also>>,
    /// Of customers: whether an item is but what one operator has with a customer. Items of one id are put together.
    #[schemars(extend("default" = false))]
    in_parts: Option<bool>,
    /// Of members of groups: whether those who are not there any more are kept as having left, with an event.
    #[schemars(extend("default" = false))]
    departures: Option<bool>,
    /// Whether what it does not see any more stays: for pulls that ask for the latest alone.
    #[schemars(extend("default" = false))]
    grows: Option<bool>,
    /// When it is pulled, in place of the rhythm: times of the day with their zone, such as `06:30+08:00`.
    at: Option<Vec<String>>,
    /// Which of these answers are failures, before the rules of the whole file.
    errors: Option<Vec<ErrorRule>>,
}

/// `with.NAME`: a request that a pull needs once.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct With {
    /// The request.
    request: Request,
    /// What of its answer.
    #[schemars(extend("default" = "."))]
    item: Option<Jq>,
    /// Whether the pull goes on with null where the backend refuses it.
    #[schemars(extend("default" = false))]
    optional: Option<bool>,
}

/// `also.KIND`: records of another kind out of the same items.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Also {
    /// From an item to its record, or to several, or to none. This or `fields`.
    map: Option<Jq>,
    /// The same field by field.
    fields: Option<BTreeMap<String, Jq>>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum Items {
    One(Jq),
    Several(Vec<Jq>),
}

/// `paging`: how one page leads to the next, and where that ends.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Paging {
    /// `page` counts pages and `offset` items, `cursor` and `next_url` are named by the answer, `link` by its Link
    /// header, `keyset` goes on behind the last item.
    #[schemars(extend("enum" = paging_kinds()))]
    kind: String,
    /// The parameter of the query that names the place. Without it the request says so by `$page`.
    param: Option<String>,
    /// The number of the first page.
    #[schemars(range(min = 0, max = 1), extend("default" = 1))]
    first: Option<i64>,
    /// How many items are asked for.
    #[schemars(range(min = 1, max = 10_000), extend("default" = 100))]
    size: Option<i64>,
    /// The parameter of the query that says so.
    size_param: Option<String>,
    /// Where the next page begins: over the answer's body, and for `keyset` over the last item. Null, false and an
    /// empty text end it.
    next: Option<Jq>,
    /// Whether there is another page, where the answer says so.
    more: Option<Jq>,
    /// How many there are in all, where the answer says so.
    total: Option<Jq>,
    /// The header that says so.
    total_header: Option<String>,
    /// Whether a page with fewer items than `size` is the last.
    #[schemars(extend("default" = false))]
    short_ends: Option<bool>,
    /// The size that the backend really used, where the answer says so: `short_ends` goes by it.
    used: Option<Jq>,
    /// A request of its own for how many there are in all, asked with the first page.
    count: Option<Count>,
    /// Other means after so many items: the same keys as here, and `after`.
    then: Option<Then>,
}

/// `paging.count`: a request for how many there are in all.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Count {
    /// The request.
    request: Request,
    /// Where its answer says so.
    total: Jq,
}

/// `paging.then`: other means after so many items.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Then {
    /// After how many items.
    #[schemars(range(min = 1, max = 10_000_000))]
    after: i64,
    /// As in `paging`.
    #[schemars(extend("enum" = paging_kinds()))]
    kind: String,
    /// As in `paging`.
    param: Option<String>,
    /// As in `paging`.
    #[schemars(range(min = 0, max = 1), extend("default" = 1))]
    first: Option<i64>,
    /// As in `paging`.
    #[schemars(range(min = 1, max = 10_000), extend("default" = 100))]
    size: Option<i64>,
    /// As in `paging`.
    size_param: Option<String>,
    /// As in `paging`; for `cursor` and `keyset` over the page before the switch, too.
    next: Option<Jq>,
    /// As in `paging`.
    more: Option<Jq>,
    /// As in `paging`.
    total: Option<Jq>,
    /// As in `paging`.
    short_ends: Option<bool>,
    /// As in `paging`.
    used: Option<Jq>,
}

/// `changed`: how to ask for what has changed only.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Changed {
    /// Parameters of the query that say so; a request can also use `$since` itself, which is null in a whole pull.
    query: Option<BTreeMap<String, Template>>,
    /// Seconds that it asks for twice, against what was on its way.
    #[schemars(range(min = 0, max = 86_400), extend("default" = 60))]
    overlap: Option<i64>,
}

/// `each`: a request for each item of another kind, or of a list of its own.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Each {
    /// Which kind; it has a `[pull]` without an `each`. This or `request`.
    #[schemars(extend("enum" = Resource::ALL.iter().map(|kind| kind.name()).collect::<Vec<_>>()))]
    of: Option<String>,
    /// A list of its own, where no kind has it.
    request: Option<Request>,
    /// How the pages of that list follow each other.
    paging: Option<Paging>,
    /// Where the list is in the answer.
    items: Option<Items>,
    /// Over an item of that kind: what requests see as `$each`.
    #[schemars(extend("default" = ".id"))]
    id: Option<Jq>,
    /// So many at once: `$each` is a list then.
    #[schemars(range(min = 1, max = 1000), extend("default" = 1))]
    batch: Option<i64>,
}

/// `detail`: a request for more about each item.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Detail {
    /// The request; it sees the item as `$item`.
    request: Request,
    /// What mappings see as `$detail`, over the answer's body.
    #[schemars(extend("default" = "."))]
    item: Option<Jq>,
    /// Such requests at once, at most.
    #[schemars(range(min = 1, max = 64), extend("default" = 4))]
    at_once: Option<i64>,
}

/// `[read.KIND]`: how one record is asked for, by `$id`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Read {
    /// The request. A 404 says that there is none.
    request: Request,
    /// Where the item is in the answer; null says that there is none.
    #[schemars(extend("default" = "."))]
    item: Option<Jq>,
    /// Its mapping, where it differs from that of the pull.
    map: Option<Jq>,
    /// The same field by field.
    fields: Option<BTreeMap<String, Jq>>,
}

/// `[write."KIND.ACTION"]`: how something is written. Filters see `$write`: `id`, `rev`, `fields` of what is set or
/// made, `add` and `remove` of tags, `customer_id channel body` of a message.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Write {
    /// The request. Where it uses `$record` the item is read before, by `[read.KIND]`.
    request: Request,
    /// The fields that it can carry: a change of others is refused before anything is sent. `set` and `make` need it.
    fields: Option<Vec<String>>,
    /// A list, such as `$write.add`: the request is sent once for each of its members, as `$each`.
    each: Option<Jq>,
    /// Further requests behind that one, such as those that take tags away where adding has another address.
    then: Option<Vec<WriteStep>>,
    /// What the last answer gives: `item`, the item as a pull has it; `nothing`, so that it is read back; or a table with
    /// `item`, `id` or `record`.
    answer: Option<Answer>,
    /// The header that carries the idempotency key, where the backend knows such.
    key_header: Option<String>,
    /// Which of these answers are failures, before the rules of the whole file.
    errors: Option<Vec<ErrorRule>>,
}

/// `[[write."KIND.ACTION".then]]`: a further request of a write.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct WriteStep {
    /// The request.
    request: Request,
    /// A list, such as `$write.remove`: the request is sent once for each of its members, as `$each`.
    each: Option<Jq>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum Answer {
    #[schemars(extend("enum" = ["item", "nothing"]))]
    Word(String),
    Table(AnswerTable),
}

/// `answer`: where a write's answer has the item, or its id.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct AnswerTable {
    /// Where the item is.
    item: Option<Jq>,
    /// Where its id is; the record is read back by it.
    id: Option<Jq>,
    /// The record itself, made of `$write` and the answer, where nothing reads it back.
    record: Option<Jq>,
}

/// The JSON Schema of a connector file.
pub fn schema() -> Value {
    schemars::schema_for!(File).to_value()
}
