//! Watching the configuration for changes.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher, recommended_watcher};

use crate::runtime::{Message, Outbox};

/// Watches for as long as it lives.
pub struct Watch {
    _watcher: Arc<Mutex<RecommendedWatcher>>,
}

/// Tells the console whenever one of these files may have changed, or a file of macros in the folder
/// `macros` came or changed, for as long as what is given back lives. Where the system cannot watch,
/// `config.reload` still works.
pub fn watch(files: &[PathBuf], macros: &Path, to: &Outbox) -> Option<Watch> {
    let names: Vec<OsString> = files.iter().filter_map(|file| file.file_name().map(Into::into)).collect();
    let macros = std::path::absolute(macros).unwrap_or_else(|_| macros.to_owned());
    let (came, comes) = mpsc::channel();
    let (seen, told) = (macros.clone(), to.clone());
    let watcher = recommended_watcher(move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        if event.paths.contains(&seen) && !matches!(event.kind, EventKind::Access(_)) {
            let _ = came.send(()); // where nobody hears it, the console ends
        }
        let touched = |path: &PathBuf| {
            let of_macros = path.parent() == Some(&seen) && path.extension().is_some_and(|end| end == "toml");
            of_macros || path.file_name().is_some_and(|name| names.iter().any(|n| n == name))
        };
        if is_whole(event.kind) && event.paths.iter().any(touched) {
            told.send(Message::Reload);
        }
    });
    let refused = |error: notify::Error| tracing::warn!(%error, "the configuration is not watched");
    let mut watcher = watcher.map_err(refused).ok()?;
    // Editors replace a file by renaming: its folder is watched, and that in which the macros lie.
    for folder in files.iter().filter_map(|file| file.parent()).chain(macros.parent()) {
        if folder.is_dir() {
            watcher.watch(folder, RecursiveMode::NonRecursive).unwrap_or_else(refused);
        }
    }
    if macros.is_dir() {
        watcher.watch(&macros, RecursiveMode::NonRecursive).unwrap_or_else(refused);
    }
    let watcher = Arc::new(Mutex::new(watcher));
    let (weak, to) = (Arc::downgrade(&watcher), to.clone());
    // A watcher cannot be told within its own call to watch one more folder.
    let folder_came = move || {
        for () in comes {
            let Some(watcher) = weak.upgrade() else { return };
            let mut watcher = watcher.lock().unwrap_or_else(PoisonError::into_inner);
            if macros.is_dir() {
                watcher.watch(&macros, RecursiveMode::NonRecursive).unwrap_or_else(refused);
            }
            drop(watcher);
            to.send(Message::Reload);
        }
    };
    std::thread::Builder::new().name("watch-macros".to_owned()).spawn(folder_came).ok()?;
    Some(Watch { _watcher: watcher })
}

/// Whether a file can be read after this: one that is being written is empty first, and an empty one
/// would be a configuration of nothing but defaults. Where the system tells when a file is closed,
/// that is waited for.
fn is_whole(kind: EventKind) -> bool {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => true,
        EventKind::Access(_) => false,
        EventKind::Modify(ModifyKind::Name(_)) | EventKind::Remove(_) => true,
        _ => !cfg!(target_os = "linux"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::time::{Duration, Instant};

    use notify::event::{CreateKind, DataChange};

    use super::*;
    use crate::runtime::Inbox;

    fn told(inbox: &mut Inbox) -> bool {
        let told = inbox.wait(Some(Instant::now() + Duration::from_secs(10)));
        while inbox.take().is_some() {}
        told
    }

    #[test]
    fn a_new_file_of_macros_is_told_and_so_is_one_in_a_folder_that_came_later() {
        for there in [true, false] {
            let home = tempfile::tempdir().unwrap();
            let (config, macros) = (home.path().join("config.toml"), home.path().join("macros"));
            fs::write(&config, "").unwrap();
            if there {
                fs::create_dir(&macros).unwrap();
            }
            let (mut inbox, to) = Inbox::new();
            let _watch = watch(&[config], &macros, &to).expect("this system can watch");
            if !there {
                fs::create_dir(&macros).unwrap();
                assert!(told(&mut inbox), "the folder came");
            }
            fs::write(macros.join("new.toml"), "[macros.m]\nsteps = [\"tag.add VIP\"]\n").unwrap();
            assert!(told(&mut inbox), "a file came, the folder there: {there}");
            fs::write(macros.join("notes.txt"), "not a macro").unwrap();
            fs::remove_file(macros.join("new.toml")).unwrap();
            assert!(told(&mut inbox), "a file went");
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_is_read_when_it_has_been_closed() {
        assert!(is_whole(EventKind::Access(AccessKind::Close(AccessMode::Write))));
        for half in [
            EventKind::Create(CreateKind::File),
            EventKind::Modify(ModifyKind::Data(DataChange::Any)),
            EventKind::Access(AccessKind::Close(AccessMode::Read)),
        ] {
            assert!(!is_whole(half), "{half:?}");
        }
    }
}
