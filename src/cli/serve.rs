//! `siyu serve`: the native backend as a server of its own.
//!
//! Also where the sample community and the store are brought together, for `siyu demo` as well:
//! neither of their rooms knows the other.

use std::io::{self, Write};
use std::net::{SocketAddr, ToSocketAddrs};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::tz::TimeZone;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::number::{whole, within};
use super::status;
use super::told::Told;
use crate::i18n::words::{faults, usage};
use crate::i18n::{Lang, Line};
use crate::model::{AnyRecord, Resource, Time};
use crate::sample::{Community, Live, SampleSpec};
use crate::server::{
    Claim, Identity, Limits, OperatorName, Pulse, ServeError, Server, Store, StoreError, Token, WriteLimits,
    wecom,
};

/// Arguments of `siyu serve`.
#[derive(Clone, Debug, clap::Args)]
pub struct ServeArgs {
    /// What to be; `wecom` is a WeCom to try its connector with: on loopback, in memory
    #[arg(long = "as", value_name = "WHAT", value_enum, default_value_t = Guise::Siyu)]
    pub guise: Guise,
    /// Address to listen on; anything but loopback needs a token
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:7420", value_parser = address)]
    pub listen: SocketAddr,
    /// SQLite file of the server [default: serve.db in the data directory]
    #[arg(long, value_name = "PATH")]
    pub db: Option<PathBuf>,
    /// Bearer token that clients must send; as an argument others on this machine can see it, so
    /// better set SIYU_SERVE_TOKEN
    #[arg(long, value_name = "T", env = "SIYU_SERVE_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    /// Largest body of a write that is read, in MiB
    #[arg(long, value_name = "MIB", default_value_t = 8, value_parser = within::<u32>(1, 1_024))]
    pub body_mib: u32,
    /// Writes taken in a minute from all clients together; beyond it they get 429
    /// [default: no limit]
    #[arg(long, value_name = "N", value_parser = within::<u32>(1, u32::MAX.into()))]
    pub writes_per_minute: Option<u32>,
    /// Fill the server with a sample community of N customers
    #[arg(long, value_name = "N", value_parser = whole::<usize>())]
    pub sample: Option<usize>,
    /// Seed of the sample community: the same seed, the same community
    #[arg(long, value_name = "S", default_value_t = 7, value_parser = whole::<u64>(), requires = "sample")]
    pub seed: u64,
    /// Let the sample community stand still instead of going on
    #[arg(long, requires = "sample")]
    pub still: bool,
}

/// What `siyu serve` can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Guise {
    Siyu,
    Wecom,
}

/// Customers of a simulator that is not told how many.
const SIMULATED: usize = 500;

/// Why the server does not run.
#[derive(Debug)]
pub enum ServeFailure {
    /// The address needs a token.
    Token(ServeError),
    /// The token cannot be one.
    BadToken,
    /// The address is taken or not ours.
    Listen(ServeError),
    /// The store does not open or fill.
    Store(StoreError),
    /// The file holds something else.
    OtherContents {
        /// The file.
        path: String,
        /// What it holds; `None` for records of its own.
        found: Option<String>,
        /// What was asked for.
        wanted: String,
    },
    /// There is no data directory.
    NoHome,
    /// Neither the folder of the file is there nor the one that it would be made in.
    NoFolder(PathBuf),
    /// The system refused.
    System(io::Error),
}

impl From<StoreError> for ServeFailure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<ServeError> for ServeFailure {
    fn from(error: ServeError) -> Self {
        match error {
            ServeError::TokenNeeded { .. } => Self::Token(error),
            ServeError::InUse { .. } | ServeError::Listen { .. } => Self::Listen(error),
        }
    }
}

impl Told for ServeFailure {
    fn told(&self) -> Line {
        match self {
            Self::Token(error) | Self::Listen(error) => error.told(),
            Self::BadToken => faults::BAD_TOKEN.into(),
            Self::Store(error) => error.told(),
            Self::OtherContents { path, found, wanted } => {
                let found = found.clone().map_or_else(|| Line::from(faults::OWN_RECORDS), Line::from);
                faults::OTHER_CONTENTS
                    .with("path", path.clone())
                    .with("found", found)
                    .with("wanted", wanted.clone())
            }
            Self::NoHome => faults::NO_HOME_FOR_STORE.into(),
            Self::NoFolder(folder) => faults::NO_FOLDER_FOR_STORE.with("path", folder.display().to_string()),
            Self::System(error) => faults::START_THREADS.with("error", error.told()),
        }
    }
}

impl ServeFailure {
    /// 2 for what another command line mends, 1 otherwise.
    pub fn exit_status(&self) -> u8 {
        match self {
            Self::Token(_)
            | Self::BadToken
            | Self::OtherContents { .. }
            | Self::NoHome
            | Self::NoFolder(_) => 2,
            Self::Listen(_) | Self::Store(_) | Self::System(_) => 1,
        }
    }
}

/// Runs the server until it is told to stop, and says on standard error why it does not. Gives
/// the exit status.
pub fn serve(args: ServeArgs, lang: Lang) -> u8 {
    match run(args) {
        Ok(()) => status::DONE,
        Err(failure) => {
            super::say::say_as_it_is(format_args!("siyu serve: {}", failure.told().in_lang(lang)));
            failure.exit_status()
        }
    }
}

fn run(args: ServeArgs) -> Result<(), ServeFailure> {
    let token = match args.token.as_deref() {
        None => None,
        Some(text) => Some(Token::new(text).ok_or(ServeFailure::BadToken)?),
    };
    let limits = WriteLimits {
        body_bytes: args.body_mib as usize * (1 << 20),
        per_minute: args.writes_per_minute.and_then(NonZeroU32::new),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(ServeFailure::System)?;
    runtime.block_on(async {
        // Asked for first: a signal that comes while the store fills must not be lost.
        let mut terminate = signal(SignalKind::terminate()).map_err(ServeFailure::System)?;
        let mut interrupt = signal(SignalKind::interrupt()).map_err(ServeFailure::System)?;
        if args.guise == Guise::Wecom {
            return simulate(&args, &mut terminate, &mut interrupt).await;
        }
        // Refused before anything is written.
        let bound = Server::bind(args.listen, token)?;
        let path = match args.db {
            Some(path) => placed(path)?,
            None => default_path().ok_or(ServeFailure::NoHome)?,
        };
        let _claim = Claim::take(&path)?;
        let (seed, still) = (args.seed, args.still);
        let opening = tokio::task::spawn_blocking(move || open(&path, args.sample, seed));
        let opened = tokio::select! {
            opened = opening => opened.map_err(|error| io::Error::other(error.to_string())),
            // Half a sample is known as such and made anew by the next start.
            _ = terminate.recv() => std::process::exit(0),
            _ = interrupt.recv() => std::process::exit(130),
        };
        let (store, community) = opened.map_err(ServeFailure::System)??;
        let live = community.filter(|_| !still).map(|community| pulse(&community));
        let running = bound.serve(limits, store, live)?;
        writeln!(io::stdout(), "listening on http://{}", running.addr)
            .and_then(|()| io::stdout().flush())
            .map_err(ServeFailure::System)?;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        running.shutdown().await;
        Ok(())
    })
}

/// Runs the simulator until it is told to stop.
async fn simulate(
    args: &ServeArgs,
    terminate: &mut Signal,
    interrupt: &mut Signal,
) -> Result<(), ServeFailure> {
    let community = sample_of(args.sample.unwrap_or(SIMULATED), args.seed);
    let filling = tokio::task::spawn_blocking(move || wecom::Corp::of(community.records()));
    let corp = filling.await.map_err(|error| ServeFailure::System(io::Error::other(error.to_string())))?;
    let simulator = wecom::start(corp, args.listen).await?;
    writeln!(io::stdout(), "listening on http://{}", simulator.addr)
        .and_then(|()| io::stdout().flush())
        .map_err(ServeFailure::System)?;
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    Ok(())
}

/// A file whose folder is there, or can be made in one that is: a slip in a long path makes no tree of
/// folders somewhere.
fn placed(path: PathBuf) -> Result<PathBuf, ServeFailure> {
    let above =
        |path: &Path| path.parent().filter(|folder| !folder.as_os_str().is_empty()).map(Path::to_owned);
    match above(&path) {
        Some(folder) if !folder.exists() => match above(&folder) {
            Some(outer) if !outer.exists() => Err(ServeFailure::NoFolder(folder)),
            _ => Ok(path),
        },
        _ => Ok(path),
    }
}

/// The store at `path`, filled with the sample where one is asked for and not there yet.
fn open(path: &Path, sample: Option<usize>, seed: u64) -> Result<(Store, Option<Community>), ServeFailure> {
    let store = Store::open(path, Limits::default())?;
    let Some(customers) = sample else { return Ok((store, None)) };
    let community = sample_of(customers, seed);
    let filled = store.filled_with()?;
    if filled.as_deref() == Some(&community.label()) {
        return Ok((store, Some(community)));
    }
    if store.is_empty()? || store.is_half_filled()? {
        fill(&store, &community)?;
        return Ok((store, Some(community)));
    }
    Err(ServeFailure::OtherContents {
        path: path.display().to_string(),
        found: filled,
        wanted: community.label(),
    })
}

/// The sample community of this moment, in this machine's zone.
pub fn sample_of(customers: usize, seed: u64) -> Community {
    Community::new(&SampleSpec { customers, seed, now: now(), zone: TimeZone::system() })
}

/// Empties `store` and fills it with `community`.
///
/// # Errors
/// Where the store cannot be written.
pub fn fill(store: &Store, community: &Community) -> Result<(), StoreError> {
    let (id, name) = community.operator();
    let operator = OperatorName { id: id.to_owned(), name: name.to_owned() };
    let identity = Identity { name: community.name().to_owned(), operator };
    store.fill(&community.label(), &identity, community.records())
}

/// Lets `community` go on in the store that it filled.
pub fn pulse(community: &Community) -> Pulse {
    let luck = now().millis.unsigned_abs();
    let mut live = Live::new(community, luck);
    Box::new(move |store: &Store| -> Result<Duration, StoreError> {
        store.update(|view| {
            live.step(now(), |resource: Resource, key: &str| {
                Ok::<_, StoreError>(view.get(resource, key)?.and_then(|body| read(resource, &body)))
            })
        })?;
        Ok(live.pause())
    })
}

/// A record of the store; `None` where it is not one, which the sample then leaves alone.
fn read(resource: Resource, body: &str) -> Option<AnyRecord> {
    let item = serde_json::from_str(body).ok()?;
    AnyRecord::read(resource, item).ok().map(|(record, _)| record)
}

fn now() -> Time {
    let age = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time::from_millis(i64::try_from(age.as_millis()).unwrap_or(i64::MAX))
}

fn default_path() -> Option<PathBuf> {
    directories::ProjectDirs::from("", "", "siyu").map(|dirs| dirs.data_dir().join("serve.db"))
}

fn address(text: &str) -> Result<SocketAddr, Line> {
    let found = text.to_socket_addrs().ok().and_then(|mut found| found.next());
    found.ok_or_else(|| usage::ADDRESS_LIKE.into())
}
