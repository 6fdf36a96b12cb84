//! The folders, SQLite, and the cache of the profile.

use std::path::Path;
use std::time::Duration;

use super::super::told::Told;
use super::{Finding, Patient};
use crate::cache::{Cache, Error};
use crate::i18n::words::doctor as words;
use crate::i18n::{Line, Word};

/// How long the cache is looked through for damage.
const PATIENCE: Duration = Duration::from_secs(10);

/// Looks at what is on the disk; makes nothing.
pub(super) fn look(patient: &Patient<'_>) -> Vec<Finding> {
    let mut findings =
        vec![folder("cache folder", &patient.paths.cache), folder("state folder", &patient.paths.state)];
    findings.push(sqlite(rusqlite::version_number(), rusqlite::version()));
    if let Ok(selected) = patient.selected {
        findings.push(cache(&patient.paths.cache_of(&selected.name)));
    } else {
        findings.push(Finding::ok("cache", words::NO_PROFILE_CACHE));
    }
    findings
}

fn folder(check: &'static str, path: &Path) -> Finding {
    let shown = path.display().to_string();
    let at = |word: Word| word.with("path", shown.clone());
    let Some(there) = path.ancestors().find(|folder| folder.exists()) else {
        return Finding::ok(check, at(words::WILL_BE_MADE));
    };
    if rustix::fs::access(there, rustix::fs::Access::WRITE_OK).is_err() {
        let remedy = words::MAKE_YOURS.with("path", there.display().to_string());
        return Finding::failed(check, at(words::CANNOT_WRITE), remedy);
    }
    if let Some(remote) = remote(there) {
        return Finding::warning(check, at(words::LIES_ON).with("where", remote), words::LOCAL_DISK);
    }
    if there != path {
        return Finding::ok(check, at(words::WILL_BE_MADE));
    }
    use std::os::unix::fs::PermissionsExt;
    match std::fs::metadata(path) {
        Ok(meta) if meta.permissions().mode() & 0o077 != 0 => {
            let mode = format!("{:o}", meta.permissions().mode() & 0o777);
            let found = at(words::READABLE).with("mode", mode);
            Finding::warning(check, found, format!("chmod 700 {shown}"))
        }
        Ok(_) => Finding::ok(check, shown),
        Err(error) => {
            Finding::failed(check, Line::from(format!("{shown}: ")).and(error.told()), words::GIVE_CACHE_DIR)
        }
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
        return Finding::failed("SQLite", words::SQLITE_BAD.with("name", name), words::SQLITE_BUNDLED);
    }
    Finding::ok("SQLite", name)
}

fn cache(folder: &Path) -> Finding {
    let at = |word: Word| word.with("path", folder.display().to_string());
    let states = Cache::open_existing(folder).and_then(|cache| {
        let size = std::fs::metadata(cache.path()).map(|meta| meta.len()).unwrap_or(0);
        let reader = cache.reader()?;
        Ok((size, reader.sync_states()?.len(), reader.check(PATIENCE)?))
    });
    match states {
        Ok((size, kinds, sought)) => {
            let size = format!("{:.1}", size as f64 / (1 << 20) as f64);
            let found = at(if sought { words::CACHE_SIZE } else { words::CACHE_UNSOUGHT })
                .with("size", size)
                .with("n", kinds.to_string())
                .with("seconds", PATIENCE.as_secs().to_string());
            Finding::ok("cache", found)
        }
        Err(Error::Missing { .. }) => Finding::ok("cache", at(words::CACHE_NONE)),
        Err(Error::Damaged { .. }) => {
            Finding::failed("cache", at(words::CACHE_DAMAGED), words::SET_ASIDE_NEXT)
        }
        Err(error) => Finding::failed("cache", error.told(), words::CLOSE_OTHERS),
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
