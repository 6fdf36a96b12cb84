//! Trying a backend that somebody named on the first-run screen.

use crate::app::Candidate;
use crate::backend::{Connector, TokenSource};
use crate::i18n::Line;

use super::site::Site;
use super::told::{Told, in_words};

/// Tries a backend; nothing is written.
pub fn trying(site: &Site) -> impl Fn(&Candidate) -> Result<(), Line> + Send + Sync + 'static {
    let limits = site.limits();
    move |Candidate { url, token_env }| {
        let source =
            if token_env.is_empty() { TokenSource::None } else { TokenSource::Env(token_env.clone()) };
        let token = source.read().map_err(|error| error.told())?;
        let connector = Connector::new(url, token, limits).map_err(|error| in_words(&error))?;
        let tasks = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| error.told())?;
        tasks.block_on(connector.meta()).map(drop).map_err(|error| in_words(&error))
    }
}
