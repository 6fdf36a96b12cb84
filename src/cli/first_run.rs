//! The first run: the screen that offers the demo, or tries a backend, for which a configuration is
//! written.

use std::sync::{Arc, Mutex};

use crate::app::{App, Beginning, Candidate};
use crate::i18n::words::commands;
use crate::runtime::{Ending, Inbox, Me};

use super::failure::Failure;
use super::global::LangFlag;
use super::site::Site;
use super::told::Told;
use super::{init, opening};

/// Shows the first-run screen until something is chosen.
///
/// # Errors
/// [`Failure`], as the terminal says.
pub fn run(site: &Site) -> Result<Ending, Failure> {
    let mut app = App::new(Arc::new(site.settings("", false)), site.clock().now());
    app.open_first_run();
    let (inbox, to) = Inbox::new();
    opening::on_terminal(site, app, None, None, inbox, to, None, &Me::new(Mutex::new(None)))
}

/// Does what was chosen: keeps the language, and writes the configuration of a backend. Gives the
/// site that the console opens on.
///
/// # Errors
/// [`Failure`] where the configuration cannot be written, or there is one by now.
pub fn begin(mut site: Site, beginning: &Beginning) -> Result<Site, Failure> {
    if let Beginning::Profile(name) = beginning {
        site.global.profile = Some(name.clone());
        return Site::find(&site.global);
    }
    let (Beginning::Demo(lang) | Beginning::Backend(_, lang)) = beginning else { return Ok(site) };
    let chosen = (*lang != site.lang()).then_some(*lang);
    let in_file = matches!(beginning, Beginning::Backend(..)) && site.global.lang.is_none();
    if let Some(lang) = chosen.filter(|_| !in_file) {
        site.global.lang = Some(if lang.is_zh() { LangFlag::Zh } else { LangFlag::En });
    }
    let Beginning::Backend(Candidate { url, token }, _) = beginning else { return Ok(site) };
    let path = &site.paths.config;
    let draft = init::of_first_run(url, token).map_err(Failure::Usage)?;
    init::write_first(path, &draft, chosen).map_err(|error| {
        let path = path.display().to_string();
        Failure::Failed(commands::CANNOT_WRITE.with("path", path).with("error", error.told()))
    })?;
    Site::find(&site.global)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Global;

    #[test]
    fn the_language_that_was_chosen_is_kept_and_written() {
        let folder = tempfile::tempdir().unwrap();
        let paths = crate::config::Paths::find(&crate::config::Moved {
            config: Some(folder.path().join("config.toml")),
            cache_dir: Some(folder.path().join("cache")),
        })
        .unwrap();
        let global = Global { config: Some(paths.config.clone()), ..Global::default() };
        let site = Site { global, paths, config: Default::default(), has_file: false };
        let other = site.lang().other();
        assert_eq!(begin(site.clone(), &Beginning::Demo(other)).unwrap().lang(), other);
        assert!(!site.paths.config.exists());
        let backend = Candidate { url: "http://127.0.0.1:7420".to_owned(), token: String::new() };
        let beginning = Beginning::Backend(backend, other);
        let begun = begin(site.clone(), &beginning).unwrap();
        assert_eq!(begun.lang(), other);
        let written = std::fs::read_to_string(&site.paths.config).unwrap();
        let line = format!("lang = \"{}\"", if other.is_zh() { "zh" } else { "en" });
        assert!(written.lines().any(|written| written == line), "{written}");
        assert!(begin(site, &beginning).is_err(), "one that is there is not written over");
    }
}
