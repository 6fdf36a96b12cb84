//! The command line: one file per subcommand, and what they share.
//!
//! Standard output carries data, standard error carries messages. A command gives its exit status
//! or a [`failure::Failure`] that has one; nothing here ever prompts without a terminal.

pub mod backend;
mod bar;
pub mod completions;
pub mod config;
pub mod console;
pub mod count;
pub mod demo;
pub mod do_command;
pub mod doctor;
mod dry_run;
pub mod failure;
pub mod first_run;
mod global;
mod help;
pub mod init;
pub mod keys;
mod ledgers;
pub mod list;
pub mod macros;
pub mod man;
mod mending;
mod number;
pub mod opening;
pub mod outbox;
pub mod run;
mod say;
mod sending;
pub mod serve;
mod shield;
pub mod show;
pub mod site;
pub mod status;
mod stop;
pub mod sync;
pub mod told;
mod tongue;
pub mod trying;
pub mod watch;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::Arc;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use rustix::fs::Mode;

use crate::backend::{Connector, Secret, TokenSource};
use crate::cache::Reader;
use crate::config::{Config, TokenFrom};
use crate::i18n::Lang;
use crate::i18n::words::{commands, faults};
use crate::model::SyncEvent;
use crate::query::Moment;
use crate::runtime;
use crate::runtime::table::Manner;
use crate::ui::text::WidthMode;

use failure::Failure;
pub use global::Global;
use say::say;
use site::Site;
use told::Told;

/// siyu: the keyboard-driven console for customer communities
#[derive(Parser, Debug)]
#[command(name = "siyu", version, max_term_width = 100)]
pub struct Cli {
    /// Flags of all commands.
    #[command(flatten)]
    pub global: Global,
    /// What to do; without it the console opens.
    #[command(subcommand)]
    pub what: Option<What>,
}

/// Subcommands.
#[derive(Subcommand, Debug)]
pub enum What {
    /// Open the console on a sample community, with nothing to configure
    Demo(demo::DemoArgs),
    /// Run the native backend as a server of its own
    Serve(serve::ServeArgs),
    /// Push queued writes, then pull everything once
    Sync(sync::SyncArgs),
    /// List records of the cache
    List(list::ListArgs),
    /// Show one record, whole
    Show(show::ShowArgs),
    /// Count records of the cache
    Count(count::CountArgs),
    /// Run one command of the console with no screen
    Do(do_command::DoArgs),
    /// Run a macro with no screen
    Run(run::RunArgs),
    /// List macros, show one, test them, or trust a file of them
    Macros(macros::MacrosArgs),
    /// List the queued writes, send them again or drop them
    Outbox(outbox::OutboxArgs),
    /// Check, write or show the configuration
    Config(config::ConfigArgs),
    /// List connectors, try one out, or check it
    Backend(backend::BackendArgs),
    /// Show the effective key bindings
    Keys(keys::KeysArgs),
    /// Look at terminal, files and backend, and say what is wrong with them
    Doctor(doctor::DoctorArgs),
    /// Print the completion script of a shell
    Completions(completions::CompletionsArgs),
    /// Print the manual page
    Man(man::ManArgs),
}

/// The program: reads its arguments, does what they say, and gives the exit status.
pub fn main() -> ExitCode {
    // Before anything is opened: what is kept is its owner's alone.
    let _ = rustix::process::umask(Mode::from_raw_mode(0o077));
    // A limit of file sizes is said like a full disk, and kills nobody.
    let _ = signal_hook::flag::register(signal_hook::consts::SIGXFSZ, std::sync::Arc::default());
    // `-tag:VIP` is a word of the filter language, and no flag.
    let words = shield::shield(std::env::args_os(), &Cli::command());
    let lang = tongue::of(&words);
    let matches = help::in_lang(Cli::command(), lang).try_get_matches_from(&words);
    let cli = match matches.and_then(|matches| Cli::from_arg_matches(&matches)) {
        Ok(cli) => cli,
        Err(error) => {
            match help::wrong(&error) {
                Some(wrong) => say(wrong.in_lang(lang)),
                None => {
                    if let Err(full) = error.print()
                        && full.kind() != io::ErrorKind::BrokenPipe
                    {
                        say(faults::OUTPUT.with("error", full.told()).in_lang(lang));
                        return ExitCode::from(status::FAILED);
                    }
                }
            }
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(status::USAGE));
        }
    };
    match run(cli, lang) {
        Ok(status) => ExitCode::from(status),
        Err(failure) => {
            say(failure.in_lang(lang));
            ExitCode::from(failure.status())
        }
    }
}

fn run(cli: Cli, lang: Lang) -> Result<u8, Failure> {
    let out = &mut io::stdout();
    match cli.what {
        None => console::open(Site::find(&cli.global)?),
        Some(What::Demo(args)) => demo::demo(&Site::find(&cli.global)?, &args),
        Some(What::Serve(args)) => Ok(serve::serve(args, lang)),
        Some(What::Sync(args)) => pull(&Site::find(&cli.global)?, &args, out),
        Some(What::List(args)) => read(&cli.global, |at| list::to(&args, at, &mut io::stdout())),
        Some(What::Show(args)) => read(&cli.global, |at| show::run(&args, at, &mut io::stdout())),
        Some(What::Count(args)) => read(&cli.global, |at| count::run(&args, at, &mut io::stdout())),
        Some(What::Do(args)) => do_command::run(&args, &Site::find(&cli.global)?, out),
        Some(What::Run(args)) => run::run(&args, &Site::find(&cli.global)?, out),
        Some(What::Macros(args)) => macros::run(&args, &Site::find(&cli.global)?, out),
        Some(What::Outbox(args)) => outbox::run(&args, &Site::find(&cli.global)?, out),
        Some(What::Config(args)) => {
            let select = |config: &Config| config.select(cli.global.profile.as_deref(), site::env);
            let said = |config: Config| cli.global.over(config);
            printed(config::run(&args, &Site::paths(&cli.global)?, said, select, lang, out))
        }
        Some(What::Backend(args)) => backend::run(&args, || Site::find(&cli.global), lang, out),
        Some(What::Keys(args)) => {
            let site = Site::find(&cli.global)?;
            printed(keys::run(&args, &site.config, site.lang().is_zh(), out))
        }
        Some(What::Doctor(args)) => examine(&cli.global, &args, lang, out),
        Some(What::Completions(args)) => {
            printed(completions::run(&args, help::in_lang(Cli::command(), lang), lang, out))
        }
        Some(What::Man(args)) => printed(man::run(&args, help::in_lang(Cli::command(), lang), lang, out)),
    }
}

/// The status of a command that has printed. Who reads our output may have gone: that is no
/// failure.
fn printed(result: io::Result<u8>) -> Result<u8, Failure> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(status::DONE),
        result => result.map_err(|error| Failure::Failed(faults::OUTPUT.with("error", error.told()))),
    }
}

/// `siyu doctor`: works with a broken configuration as well.
fn examine(
    global: &Global,
    args: &doctor::DoctorArgs,
    lang: Lang,
    out: &mut impl Write,
) -> Result<u8, Failure> {
    let paths = Site::paths(global)?;
    let config = Config::open(&paths);
    let usual = Config::default();
    let read = config.as_ref().ok().and_then(Option::as_ref).unwrap_or(&usual);
    let patient = doctor::Patient {
        paths: &paths,
        config: &config,
        selected: &read.select(global.profile.as_deref(), site::env),
        offline: global.offline,
        no_color: global.no_color,
        lang,
    };
    printed(doctor::run(args, &patient, out))
}

/// `siyu sync` on the configured profile.
fn pull(site: &Site, args: &sync::SyncArgs, out: &mut impl Write) -> Result<u8, Failure> {
    if site.global.offline {
        return Err(Failure::Usage(commands::OFFLINE_SYNC.into()));
    }
    let selected = site.selected().map_err(|error| Failure::Usage(error.told()))?;
    begin_log(site);
    let connector = connector(site, &selected.profile)?;
    let clock = site.clock();
    let session = runtime::Session::new(&site.paths.state_of(&selected.name));
    let read_only = site.global.read_only || selected.profile.read_only;
    let (writer, thread) = mending::writer(site, &selected.name, &session, read_only)?;
    let me = runtime::Me::new(std::sync::Mutex::new(session.me()));
    let engine = runtime::engine(connector, writer, site.pace(), clock, me);
    let hears = |event: &SyncEvent| {
        // `is:mine` in `siyu list` goes by this.
        if let SyncEvent::Online { operator_id: Some(me), .. } = event
            && let Err(error) = session.keep_me(me)
        {
            tracing::warn!(%error, "who the operator is could not be kept");
        }
    };
    let messages = &mut io::stderr();
    let streams = sync::Streams { out, messages, terminal: io::stderr().is_terminal(), lang: site.lang() };
    let done = printed(sync::run(args, &engine, &hears, streams));
    drop(engine);
    let _ = thread.join(); // what was queued is written
    done
}

/// What a command that reads the cache works with.
pub struct Reading<'a> {
    /// The cache.
    pub reader: &'a Reader,
    /// When and as whom filters are meant.
    pub moment: &'a Moment,
    /// How wide ambiguous characters are.
    pub mode: WidthMode,
    /// Of headings, words in tables and messages.
    pub lang: Lang,
    /// Whether texts for the eye hide the middle of phones.
    pub mask_phones: bool,
}

impl Reading<'_> {
    /// How rows are printed.
    pub(crate) fn manner(&self) -> Manner {
        Manner {
            zone: self.moment.zone.clone(),
            mode: self.mode,
            lang: self.lang,
            mask_phones: self.mask_phones,
        }
    }
}

/// Does something with the cache of the configured profile, as it is.
fn read(global: &Global, work: impl FnOnce(&Reading<'_>) -> Result<(), Failure>) -> Result<u8, Failure> {
    let site = Site::find(global)?;
    let selected = site.selected().map_err(|error| Failure::Usage(error.told()))?;
    let session = runtime::Session::new(&site.paths.state_of(&selected.name));
    let moment = site.clock().moment(session.me());
    let reader = site.reader(&selected.name, &moment)?;
    work(&Reading {
        reader: &reader,
        moment: &moment,
        mode: site.width_mode(),
        lang: site.lang(),
        mask_phones: site.masks_phones(),
    })?;
    Ok(status::DONE)
}

/// The connector of a profile.
fn connector(site: &Site, profile: &crate::config::Profile) -> Result<Connector, Failure> {
    connecting(profile, token(&profile.token)?, site.limits()).map_err(|error| Failure::Usage(error.told()))
}

/// The connector of a profile, whose token was read.
fn connecting(
    profile: &crate::config::Profile,
    token: Option<Secret>,
    limits: crate::backend::Limits,
) -> Result<Connector, crate::backend::BackendError> {
    let ca_file = profile.ca_file.as_deref();
    match &profile.connector {
        None => Connector::trusting(&profile.url, token, limits, ca_file),
        Some(file) => {
            let from = profile.secrets.iter().map(|(name, from)| (name.clone(), source(from))).collect();
            Connector::configured(Arc::clone(file), &profile.url, vars(profile), token, limits, ca_file)?
                .with_secrets(&from)
        }
    }
}

/// What the installation says of itself.
fn vars(profile: &crate::config::Profile) -> serde_json::Map<String, serde_json::Value> {
    profile.vars.iter().map(|(name, value)| (name.clone(), value.as_str().into())).collect()
}

/// The token of a profile.
fn token(from: &TokenFrom) -> Result<Option<Secret>, Failure> {
    source(from).read().map_err(|error| Failure::Usage(error.told()))
}

/// Where the token of a profile is read.
fn source(from: &TokenFrom) -> TokenSource {
    match from.clone() {
        TokenFrom::Nowhere => TokenSource::None,
        TokenFrom::Given(token) => TokenSource::Given(Secret::new(token)),
        TokenFrom::Env(name) => TokenSource::Env(name),
        TokenFrom::File(path) => TokenSource::File(path),
        TokenFrom::Command(words) => TokenSource::Command(words),
        TokenFrom::Keyring { service, account } => TokenSource::Keyring { service, account },
    }
}

/// Begins the log file. A command works without one as well.
fn begin_log(site: &Site) {
    let level = match site.global.verbose {
        0 => site.config.log.level.word(),
        1 => "debug",
        _ => "trace",
    };
    if let Err(error) = runtime::log::start(&site.paths.log, level, &site.config.log) {
        let path = site.paths.log.display().to_string();
        say(commands::NO_LOG.with("path", path).with("error", error.told()).in_lang(site.lang()));
    }
}
