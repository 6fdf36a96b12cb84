//! The folders, SQLite, and the cache of the profile.

use std::path::Path;

use super::{Finding, Patient};
use crate::cache::{Cache, Error};

/// Looks at what is on the disk; makes nothing.
pub(super) fn look(patient: &Patient<'_>) -> Vec<Finding> {
    let mut findings =
        vec![folder("cache folder", &patient.paths.cache), folder("state folder", &patient.paths.state)];
    findings.push(sqlite(rusqlite::version_number(), rusqlite::version()));
    if let Ok(selected) = patient.selected {
        findings.push(cache(&patient.paths.cache_of(&selected.name)));
    } else {
        findings.push(Finding::ok("cache", "none: no profile is chosen"));
    }
    findings
}

fn folder(check: &'static str, path: &Path) -> Finding {
    let shown = path.display();
    let Some(there) = path.ancestors().find(|folder| folder.exists()) else {
        return Finding::ok(check, format!("{shown}: will be made"));
    };
    if rustix::fs::access(there, rustix::fs::Access::WRITE_OK).is_err() {
        let remedy = format!("make {} yours, or give --cache-dir", there.display());
        return Finding::failed(check, format!("{shown} cannot be written"), remedy);
    }
    if let Some(remote) = remote(there) {
        let remedy = "point --cache-dir at a disk of this machine: SQLite's log does not work over a network";
        return Finding::warning(check, format!("{shown} lies on {remote}"), remedy);
    }
    if there != path {
        return Finding::ok(check, format!("{shown}: will be made"));
    }
    use std::os::unix::fs::PermissionsExt;
    match std::fs::metadata(path) {
        Ok(meta) if meta.permissions().mode() & 0o077 != 0 => {
            let found =
                format!("{shown} can be read by others (mode {:o})", meta.permissions().mode() & 0o777);
            Finding::warning(check, found, format!("chmod 700 {shown}"))
        }
        Ok(_) => Finding::ok(check, shown.to_string()),
        Err(error) => Finding::failed(check, format!("{shown}: {error}"), "give --cache-dir"),
    }
}

/// The kind of network file system that the folder lies on, if it does.
#[cfg(target_os = "linux")]
fn remote(folder: &Path) -> Option<&'static str> {
    // linux/magic.h
    match rustix::fs::statfs(folder).ok()?.f_type as u64 {
        0x6969 => Some("NFS"),
        0xff53_4d42 | 0xfe53_4d42 | 0x517b => Some("SMB"),
        0x0102_1997 => Some("9P"),
        _ => None,
    }
}

/// Other systems do not tell it in one way.
#[cfg(not(target_os = "linux"))]
fn remote(_: &Path) -> Option<&'static str> {
    None
}

fn sqlite(number: i32, name: &str) -> Finding {
    if number < 3_051_003 {
        let found = format!("{name} can damage a cache that two connections use");
        return Finding::failed("SQLite", found, "build siyu with its bundled SQLite");
    }
    Finding::ok("SQLite", name)
}

fn cache(folder: &Path) -> Finding {
    let shown = folder.display();
    let opened = Cache::open_existing(folder);
    let states = opened.and_then(|cache| {
        let size = std::fs::metadata(cache.path()).map(|meta| meta.len()).unwrap_or(0);
        cache.reader()?.sync_states().map(|states| (size, states.len()))
    });
    match states {
        Ok((size, kinds)) => {
            let size = size as f64 / (1 << 20) as f64;
            Finding::ok("cache", format!("{shown}: {size:.1} MiB, {kinds} kinds of record"))
        }
        Err(Error::Missing { .. }) => {
            Finding::ok("cache", format!("{shown}: none yet; `siyu sync` makes it"))
        }
        Err(error @ Error::Damaged { .. }) => {
            Finding::warning("cache", error.to_string(), "the next start sets it aside and pulls it again")
        }
        Err(error) => {
            Finding::failed("cache", error.to_string(), "close other consoles, or give --cache-dir")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    #[test]
    fn folders_tell_their_permissions() {
        use std::os::unix::fs::PermissionsExt;
        let folder_ = tempfile::tempdir().unwrap();
        let mode =
            |mode| std::fs::set_permissions(folder_.path(), std::fs::Permissions::from_mode(mode)).unwrap();
        mode(0o700);
        let state = |path: &Path| folder("cache folder", path).state;
        let well = state(folder_.path());
        assert!(well == State::Ok || remote(folder_.path()).is_some());
        mode(0o755);
        assert_eq!(state(folder_.path()), State::Warning);
    }

    #[test]
    fn a_file_that_is_no_cache_is_told() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(cache(folder.path()).state, State::Ok);
        std::fs::write(folder.path().join("cache.db"), vec![b'x'; 9000]).unwrap();
        assert_ne!(cache(folder.path()).state, State::Ok);
        assert_eq!(sqlite(3_051_002, "3.51.2").state, State::Failed);
    }
}
