//! Watching the configuration for changes.

use std::path::PathBuf;

use notify::event::{AccessKind, AccessMode, EventKind, ModifyKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher, recommended_watcher};

use crate::runtime::{Message, Outbox};

/// Tells the console whenever one of these files may have changed, for as long as what is given
/// back lives. Where the system cannot watch, `config.reload` still works.
pub fn watch(files: &[PathBuf], to: &Outbox) -> Option<RecommendedWatcher> {
    let names: Vec<_> = files.iter().filter_map(|file| file.file_name().map(ToOwned::to_owned)).collect();
    let to = to.clone();
    let watcher = recommended_watcher(move |event: notify::Result<notify::Event>| {
        let touched = |event: &notify::Event| {
            event
                .paths
                .iter()
                .any(|path| path.file_name().is_some_and(|name| names.iter().any(|n| n == name)))
        };
        if event.is_ok_and(|event| is_whole(event.kind) && touched(&event)) {
            to.send(Message::Reload);
        }
    });
    let mut watcher =
        watcher.map_err(|error| tracing::warn!(%error, "the configuration is not watched")).ok()?;
    for file in files {
        // Editors replace a file by renaming: its folder is watched.
        if let Some(folder) = file.parent()
            && let Err(error) = watcher.watch(folder, RecursiveMode::NonRecursive)
        {
            tracing::warn!(%error, "the configuration is not watched");
        }
    }
    Some(watcher)
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
    use notify::event::{CreateKind, DataChange};

    use super::*;

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
