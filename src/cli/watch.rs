//! Watching the configuration for changes.

use std::path::PathBuf;

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
        if event.is_ok_and(|event| !event.kind.is_access() && touched(&event)) {
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
