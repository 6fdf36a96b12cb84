//! Trying a backend that somebody named on the first-run screen.

use crate::app::Candidate;
use crate::config::Config;
use crate::i18n::Line;

use super::site::{Site, listed};
use super::told::{Told, in_words};
use super::{connecting, init, source};

/// Tries a backend as the configuration would have it; nothing is written.
pub fn trying(site: &Site) -> impl Fn(&Candidate) -> Result<(), Line> + Send + Sync + 'static {
    let (limits, path) = (site.limits(), site.paths.config.clone());
    move |Candidate { url, token }| {
        let text = init::first_file(&init::of_first_run(url, token)?, None);
        let config = Config::read(&path, &text).map_err(|wrong| listed(&wrong))?;
        let Some(profile) = config.profiles.get(&config.profile) else { return Ok(()) };
        let token = source(&profile.token).read().map_err(|error| error.told())?;
        let connector = connecting(profile, token, limits).map_err(|error| in_words(&error))?;
        let tasks = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| error.told())?;
        tasks.block_on(connector.meta()).map(drop).map_err(|error| in_words(&error))
    }
}
