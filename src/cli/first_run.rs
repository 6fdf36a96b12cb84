//! The first run: the screen that offers the demo, or tries a backend and writes a configuration.

use std::sync::{Arc, Mutex};

use crate::app::{App, Beginning};
use crate::backend::{Connector, TokenSource};
use crate::runtime::{Ending, Inbox, Me};

use super::failure::Failure;
use super::site::Site;
use super::{config, console};

/// Shows the first-run screen until something is chosen.
///
/// # Errors
/// [`Failure`], as the terminal says.
pub fn run(site: &Site) -> Result<Ending, Failure> {
    let mut app = App::new(Arc::new(site.settings("", false)), site.clock().now());
    app.open_first_run();
    let (inbox, to) = Inbox::new();
    console::on_terminal(site, app, None, None, inbox, to, None, &Me::new(Mutex::new(None)))
}

/// Tries a backend, and writes a configuration for it where it answers.
pub fn trying(site: &Site) -> impl Fn(&Beginning) -> Result<(), String> + Send + Sync + 'static {
    let (path, limits) = (site.paths.config.clone(), site.limits());
    move |beginning| {
        let Beginning::Backend { url, token_env } = beginning else { return Ok(()) };
        let source =
            if token_env.is_empty() { TokenSource::None } else { TokenSource::Env(token_env.clone()) };
        let token = source.read().map_err(|error| error.to_string())?;
        let connector = Connector::new(url, token, limits).map_err(|error| error.to_string())?;
        let tasks = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|error| error.to_string())?;
        tasks.block_on(connector.meta()).map_err(|error| error.to_string())?;
        config::write_first(&path, url, token_env).map_err(|error| error.to_string())
    }
}
