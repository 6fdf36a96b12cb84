//! The cache of a `siyu sync`: looked through for damage first, and replaced where it shows later.
//!
//! As in the console a damaged file is set aside, never deleted, and everything is pulled again.

use std::path::Path;
use std::thread::JoinHandle;
use std::time::Duration;

use super::failure::Failure;
use super::say::say;
use super::site::Site;
use super::told::salvaged;
use crate::cache::{self, Cache, Opened, Writer};
use crate::i18n::words::commands;
use crate::runtime::Session;
use crate::sync::CacheWriter;

/// How long a sync looks for damage before it begins: a hundred thousand customers are looked
/// through in less.
const PATIENCE: Duration = Duration::from_secs(3);

/// Opens the cache of a profile for a round of sync, and starts the thread that writes to it.
///
/// # Errors
/// [`Failure`], as the cache or the system says.
pub(super) fn writer(
    site: &Site,
    profile: &str,
    session: &Session,
    read_only: bool,
) -> Result<(CacheWriter, JoinHandle<Writer>), Failure> {
    let told = |error: cache::Error| Failure::failed(&error);
    let opened = site.open_cache(profile)?;
    tell(site, &opened);
    let mut cache = opened.cache;
    let writer = match looked_through(&cache).and_then(|()| dressed(site, &cache, session, read_only)) {
        Err(damaged) if damaged.is_damage() && cache.is_writable() => {
            tracing::warn!(error = %damaged, "the cache is damaged");
            let replaced = cache.replace(site.clock().now()).map_err(told)?;
            tell(site, &replaced);
            cache = replaced.cache;
            dressed(site, &cache, session, read_only).map_err(told)?
        }
        writer => writer.map_err(told)?,
    };
    let (site, session) = (site.clone(), session.clone());
    let mut once = Some(());
    let mend = move |writer: &Writer| {
        once.take()?; // a disk that damages whatever is written is not written to for ever
        let replaced = cache.mend(writer, site.clock().now()).and_then(|replaced| {
            tell(&site, &replaced);
            dressed(&site, &replaced.cache, &session, read_only)
        });
        replaced.map_err(|error| tracing::error!(%error, "the damaged cache could not be replaced")).ok()
    };
    CacheWriter::start_mending(writer, Box::new(mend)).map_err(|error| Failure::failed(&error))
}

/// Looks for damage that opening the file does not show.
fn looked_through(cache: &Cache) -> cache::Result<()> {
    if !cache.reader()?.check(PATIENCE)? {
        tracing::info!("the cache is too large to be looked through each time");
    }
    Ok(())
}

/// The writer, which knows the day and the stages.
fn dressed(site: &Site, cache: &Cache, session: &Session, read_only: bool) -> cache::Result<Writer> {
    let moment = site.clock().moment(session.me());
    let writer = cache.writer(moment.clone())?.staging(site.stages());
    let mut writer = if read_only { writer.read_only() } else { writer }; // then nothing is sent
    writer.at(moment)?;
    Ok(writer)
}

/// Says how a damaged file is called now, and what of the outbox was got back and what is lost.
pub(super) fn tell(site: &Site, opened: &Opened) {
    if let Some(aside) = opened.set_aside.as_deref().map(Path::display) {
        say(commands::CACHE_ASIDE.with("path", aside.to_string()).in_lang(site.lang()));
    }
    for line in salvaged(&opened.salvaged, usize::MAX) {
        say(line.in_lang(site.lang()));
    }
}
