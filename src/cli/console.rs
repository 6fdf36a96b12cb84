//! `siyu`: the console on the configured profile, or the first run.

use crate::app::Beginning;
use crate::config::{ProfileError, Selected};
use crate::model::{Trouble, TroubleKind};
use crate::runtime::Ending;

use super::demo::{self, DemoArgs};
use super::failure::Failure;
use super::first_run;
use super::opening::{Opening, exit_status, needs_terminal, run};
use super::site::Site;

/// Opens the console on the configured profile, or shows the first-run screen.
///
/// # Errors
/// [`Failure`], as the configuration, the cache or the terminal say.
pub fn open(mut site: Site) -> Result<u8, Failure> {
    needs_terminal()?;
    loop {
        let beginning = match site.selected() {
            Ok(selected) => match run(&site, profile(&site, selected)?)? {
                Ending::Begin(beginning) => beginning,
                ending => return Ok(exit_status(&ending)),
            },
            Err(ProfileError::None) => match first_run::run(&site)? {
                Ending::Begin(beginning) => beginning,
                ending => return Ok(exit_status(&ending)),
            },
            Err(error) => return Err(Failure::Usage(error.told())),
        };
        site = first_run::begin(site, &beginning)?;
        if matches!(beginning, Beginning::Demo(_)) {
            return demo::demo(&site, &DemoArgs::default());
        }
    }
}

/// What the configured profile comes to.
fn profile(site: &Site, selected: Selected) -> Result<Opening, Failure> {
    let opened = site.open_cache(&selected.name)?;
    let offline = site.global.offline;
    let (limits, pace) = (site.limits(), site.pace());
    let clock = site.clock();
    let wanted = selected.profile.clone();
    Ok(Opening {
        label: selected.label(),
        profile: selected.name,
        cache: opened.cache,
        set_aside: opened.set_aside,
        salvaged: opened.salvaged,
        read_only: selected.profile.read_only,
        start: Box::new(move |started| {
            if offline {
                return Ok(());
            }
            // Nobody waits for this: the console is open on what the cache holds.
            let reach = move || {
                let token = super::source(&wanted.token).read().map_err(|error| Trouble {
                    kind: TroubleKind::Auth,
                    text: error.to_string(),
                    remedy: "check the token of the profile, then sync again".to_owned(),
                })?;
                super::connecting(&wanted, token, limits).map_err(|error| error.trouble())
            };
            started.reach(reach, pace, clock);
            Ok(())
        }),
    })
}
