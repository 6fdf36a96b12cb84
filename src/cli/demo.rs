//! `siyu demo`: the console against a native backend with a sample community, in this process.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

use clap::Args;

use crate::app::{Event, Notice};
use crate::backend::{Connector, Limits};
use crate::cache::Cache;
use crate::i18n::words::{commands, notices};
use crate::i18n::{Line, exact, fill, say};
use crate::model::SyncEvent;
use crate::runtime::{Clock, Message, Outbox};
use crate::sample::{Community, SampleSpec};
use crate::server::{self, Pulse, ServeOptions, Server, Store};

use super::failure::Failure;
use super::number::{whole, within};
use super::opening::{self, Opening};
use super::site::Site;
use super::told::Told;

/// So many customers are served out of memory, which is there sooner than a file.
const IN_MEMORY: usize = 20_000;

/// Arguments of `siyu demo`.
#[derive(Args, Clone, Debug)]
pub struct DemoArgs {
    /// How many customers
    #[arg(long, default_value_t = 5_000, value_name = "N", allow_negative_numbers = true, value_parser = within::<u32>(1, 9_999_999))]
    pub customers: u32,
    /// What the community is drawn from
    #[arg(long, default_value_t = 7, value_name = "S", value_parser = whole::<u64>())]
    pub seed: u64,
    /// Nothing goes on by itself
    #[arg(long)]
    pub still: bool,
}

impl Default for DemoArgs {
    fn default() -> Self {
        Self { customers: 5_000, seed: 7, still: false }
    }
}

/// Runs the demo.
///
/// # Errors
/// [`Failure`], as the system, the store or the terminal say.
pub fn demo(site: &Site, args: &DemoArgs) -> Result<u8, Failure> {
    if site.global.offline {
        return Err(Failure::Usage(commands::OFFLINE_DEMO.into()));
    }
    opening::needs_terminal()?;
    let folder = Folder::make(&site.paths.cache_of("demo"))?;
    let opened =
        Cache::open(&folder.0.join("cache"), site.clock().now()).map_err(|error| Failure::failed(&error))?;
    let (limits, pace) = (site.limits(), site.pace());
    let (lang, customers) = (site.lang(), args.customers);
    let (clock, args, path) = (site.clock(), args.clone(), folder.0.join("server.db"));
    let opening = Opening {
        label: "demo".to_owned(),
        profile: "demo".to_owned(),
        cache: opened.cache,
        set_aside: None,
        salvaged: opened.salvaged,
        read_only: false,
        start: Box::new(move |started| {
            let to = started.to.clone();
            to.send(Message::Fact(Event::Sync(SyncEvent::Connecting)));
            let large = args.customers as usize > IN_MEMORY;
            let tell = move |to: &Outbox, word| {
                let text = fill(say(lang, word), &[("n", &exact(i64::from(customers)))]);
                to.send(Message::Fact(Event::Notice(Notice::plain(text))));
            };
            if large {
                tell(&to, notices::SAMPLE_BEGUN);
            }
            let tasks = started.tasks.clone();
            let sync = started.later();
            started.tasks.spawn(async move {
                match serve(&path, &args, &clock, &tasks, limits).await {
                    Ok((server, connector)) => {
                        if large {
                            tell(&to, notices::SAMPLE_MADE);
                        }
                        sync.sync(connector, pace, clock);
                        // It serves as long as the tasks run.
                        std::future::pending::<()>().await;
                        drop(server);
                    }
                    Err(error) => to.send(Message::Fact(Event::Notice(Notice::bad(error)))),
                }
            });
            Ok(())
        }),
    };
    opening::run(site, opening).map(|ending| opening::exit_status(&ending))
}

/// Fills a store and serves it on a free port of loopback.
async fn serve(
    path: &Path,
    args: &DemoArgs,
    clock: &Clock,
    tasks: &tokio::runtime::Handle,
    limits: Limits,
) -> Result<(server::Running, Connector), String> {
    let spec = SampleSpec {
        customers: args.customers as usize,
        seed: args.seed,
        now: clock.now(),
        zone: clock.zone().clone(),
    };
    let (path, still) = (path.to_owned(), args.still);
    let (store, live) = tasks
        .spawn_blocking(move || filled(&path, &spec, still))
        .await
        .map_err(|error| error.to_string())??;
    let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let running = Server::start(store, ServeOptions { listen, token: None, live })
        .await
        .map_err(|error| error.to_string())?;
    let connector = Connector::new(&format!("http://{}", running.addr), None, limits)
        .map_err(|error| error.to_string())?;
    Ok((running, connector))
}

/// A store with the community in it, and what makes the community go on.
fn filled(path: &Path, spec: &SampleSpec, still: bool) -> Result<(Store, Option<Pulse>), String> {
    let community = Community::new(spec);
    // A file for a large one; a small one is there sooner without.
    let limits = server::Limits::default();
    let store = if spec.customers > IN_MEMORY { Store::open(path, limits) } else { Store::in_memory(limits) };
    let store = store.map_err(|error| error.to_string())?;
    super::serve::fill(&store, &community).map_err(|error| error.to_string())?;
    Ok((store, (!still).then(|| super::serve::pulse(&community))))
}

/// A folder that is gone when the demo ends. Those of demos that were killed go with the next.
struct Folder(PathBuf);

impl Folder {
    fn make(base: &Path) -> Result<Self, Failure> {
        use std::os::unix::fs::DirBuilderExt;
        for old in fs::read_dir(base).into_iter().flatten().flatten() {
            let dead =
                old.file_name().to_str().and_then(|name| name.parse::<i32>().ok()).is_some_and(|pid| {
                    rustix::process::Pid::from_raw(pid)
                        .is_none_or(|pid| rustix::process::test_kill_process(pid).is_err())
                });
            if dead {
                let _ = fs::remove_dir_all(old.path()); // the next demo tries again
            }
        }
        let own = base.join(std::process::id().to_string());
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&own)
            .map_err(|error| Failure::Failed(Line::from(format!("{}: ", own.display())).and(error.told())))?;
        Ok(Self(own))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0); // the next demo tries again
    }
}
