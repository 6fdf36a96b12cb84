//! `siyu outbox`: what is not settled yet, sent again or dropped.

use std::io::Write;
use std::sync::Mutex;

use clap::{Args, Subcommand};

use super::failure::Failure;
use super::list::{ListArgs, Listed};
use super::sending::{self, Fate};
use super::site::Site;
use super::{begin_log, list, printed, read, status};
use crate::i18n::words::doing as words;
use crate::model::WriteState;
use crate::model::view::OutboxRow;
use crate::runtime::table::Format;
use crate::runtime::{self, Me};

/// Arguments of `siyu outbox`.
#[derive(Args, Clone, Debug)]
#[command(args_conflicts_with_subcommands = true)]
pub struct OutboxArgs {
    /// What to do with it; without it they are listed
    #[command(subcommand)]
    pub what: Option<OutboxWhat>,
    /// How to print them
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}

/// What can be done with writes that wait.
#[derive(Subcommand, Clone, Debug)]
pub enum OutboxWhat {
    /// List what is not settled yet
    List {
        /// Only those in which each of these words stands
        filter: Vec<String>,
        /// How to print them
        #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
        format: Format,
    },
    /// Send again what was refused, is in conflict or waits
    Retry {
        /// Which, by their numbers; without them all that can be sent
        #[arg(value_name = "ID")]
        ids: Vec<i64>,
    },
    /// Settle a conflict: which fields stay mine, and which are as somebody else has them
    #[command(group(clap::ArgGroup::new("side").required(true)))]
    Resolve {
        /// Which, by its number
        #[arg(value_name = "ID")]
        id: i64,
        /// Send mine; with --field those fields, and the others are theirs
        #[arg(long, group = "side")]
        mine: bool,
        /// Take theirs; with --field those fields, and the others stay mine
        #[arg(long, group = "side")]
        theirs: bool,
        /// Only these fields
        #[arg(long, value_name = "A,B", value_delimiter = ',')]
        field: Vec<String>,
    },
    /// Drop writes: their records go back to what the backend has
    Discard {
        /// Which, by their numbers
        #[arg(value_name = "ID", required = true)]
        ids: Vec<i64>,
    },
}

/// Does it, and gives the exit status.
///
/// # Errors
/// [`Failure`]: a number that is not there, a read-only console, or what the cache says.
pub fn run(args: &OutboxArgs, site: &Site, out: &mut dyn Write) -> Result<u8, Failure> {
    match args.what.clone() {
        None => listed(site, Vec::new(), args.format, out),
        Some(OutboxWhat::List { filter, format }) => listed(site, filter, format, out),
        Some(OutboxWhat::Retry { ids }) => retry(&ids, site, out),
        Some(OutboxWhat::Resolve { id, mine, theirs: _, field }) => resolve(id, mine, &field, site, out),
        Some(OutboxWhat::Discard { ids }) => discard(&ids, site, out),
    }
}

fn listed(site: &Site, filter: Vec<String>, format: Format, out: &mut dyn Write) -> Result<u8, Failure> {
    let args = ListArgs {
        resource: Listed::Outbox,
        filter,
        sort: None,
        limit: None,
        columns: Vec::new(),
        format,
        output: None,
        raw: false,
    };
    read(&site.global, |at| list::run(&args, at, out))
}

fn retry(ids: &[i64], site: &Site, out: &mut dyn Write) -> Result<u8, Failure> {
    let bench = Bench::open(site)?;
    let rows = bench.rows(ids)?;
    let now = site.clock().now();
    // A message that may have arrived goes out twice only where it is named.
    let decided = |row: &OutboxRow| !(row.is_forgotten(now) && row.write.is_outbound());
    let chosen = rows.iter().filter(|row| if ids.is_empty() { decided(row) } else { ids.contains(&row.n) });
    let again: Vec<i64> = chosen.filter(|row| row.state != WriteState::Sending).map(|row| row.n).collect();
    let mut writer = bench.writer()?;
    let me = Me::new(Mutex::new(bench.session.me()));
    writer.retry(&again, &runtime::actor(&me))?;
    let fate = match again.len() {
        0 => Fate::default(),
        _ => sending::send(site, &bench.selected, writer, &bench.session, &|row| again.contains(&row.n))?,
    };
    let lang = site.lang();
    let line = words::AGAIN.with("n", again.len().to_string()).with("sent", fate.sent.to_string());
    let done = printed(writeln!(out, "{}", line.in_lang(lang)).map(|()| fate.status(again.len())));
    fate.tell(lang);
    done
}

/// Settles a conflict, and sends what is left of the write.
fn resolve(n: i64, mine: bool, named: &[String], site: &Site, out: &mut dyn Write) -> Result<u8, Failure> {
    let bench = Bench::open(site)?;
    let rows = bench.rows(&[n])?;
    let conflict = rows.iter().find(|row| row.n == n && row.state == WriteState::Conflict);
    let row = conflict.ok_or_else(|| Failure::Failed(words::NO_CONFLICT.with("n", n.to_string())))?;
    let fields: Vec<&str> = row.clashes.iter().map(|clash| clash.field.as_str()).collect();
    if let Some(other) = named.iter().find(|name| !fields.contains(&name.as_str())) {
        let line = words::NOT_IN_CONFLICT.with("field", format!("{other:?}"));
        return Err(Failure::Usage(line.with("fields", fields.join(", "))));
    }
    let is_mine = |field: &&str| (named.is_empty() || named.iter().any(|name| name == field)) == mine;
    let kept: Vec<String> =
        fields.iter().filter(|field| is_mine(field)).map(|field| (*field).into()).collect();
    let mut writer = bench.writer()?;
    let me = Me::new(Mutex::new(bench.session.me()));
    writer.resolve(n, &kept, &runtime::actor(&me))?;
    let fate = sending::send(site, &bench.selected, writer, &bench.session, &|row| row.n == n)?;
    let lang = site.lang();
    let line = words::RESOLVED.with("n", n.to_string()).with("mine", kept.len().to_string());
    let line = line.with("theirs", (fields.len() - kept.len()).to_string());
    let done = printed(writeln!(out, "{}", line.in_lang(lang)).map(|()| fate.status(1)));
    fate.tell(lang);
    done
}

fn discard(ids: &[i64], site: &Site, out: &mut dyn Write) -> Result<u8, Failure> {
    let bench = Bench::open(site)?;
    bench.rows(ids)?;
    let me = Me::new(Mutex::new(bench.session.me()));
    bench.writer()?.discard(ids, &runtime::actor(&me))?;
    let line = words::DROPPED.with("n", ids.len().to_string());
    printed(writeln!(out, "{}", line.in_lang(site.lang())).map(|()| status::DONE))
}

/// The outbox of the profile.
struct Bench<'a> {
    site: &'a Site,
    selected: crate::config::Selected,
    session: runtime::Session,
    cache: crate::cache::Cache,
}

impl<'a> Bench<'a> {
    fn open(site: &'a Site) -> Result<Self, Failure> {
        let selected = site.selected().map_err(|error| Failure::Usage(error.told()))?;
        begin_log(site);
        let session = runtime::Session::new(&site.paths.state_of(&selected.name));
        let opened = site.open_cache(&selected.name)?;
        super::mending::tell(site, &opened);
        let cache = opened.cache;
        Ok(Self { site, selected, session, cache })
    }

    /// All writes that are not settled; those of `ids` must be among them.
    fn rows(&self, ids: &[i64]) -> Result<Vec<OutboxRow>, Failure> {
        let mut rows = Vec::new();
        self.cache.reader()?.outbox(None, &self.site.clock().moment(self.session.me()), |row| {
            rows.push(row);
            Ok(())
        })?;
        match ids.iter().find(|id| !rows.iter().any(|row| row.n == **id)) {
            Some(id) => Err(Failure::Failed(words::NO_WRITE.with("n", id.to_string()))),
            None => Ok(rows),
        }
    }

    fn writer(&self) -> Result<crate::cache::Writer, Failure> {
        let writer = self.site.writer(&self.cache, self.session.me())?;
        let read_only = self.site.global.read_only || self.selected.profile.read_only;
        Ok(if read_only { writer.read_only() } else { writer })
    }
}
