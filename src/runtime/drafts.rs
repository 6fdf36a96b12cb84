//! What is typed and not written yet, on its way to the disk.
//!
//! ```text
//! form ──Effect::KeepDraft──▶ texts that wait ──writer's thread──▶ drafts of the cache
//! ```
//!
//! Of several states of one form the last is kept. Where the disk takes nothing the texts wait here,
//! it is tried again, and the operator is told; they are gone only with the process.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::write_path::{WritePath, said};
use crate::app::Event;
use crate::cache::Writer;
use crate::sync::WriteError;

/// Texts that wait to be kept.
pub type Typed = Arc<Mutex<Waiting>>;

/// By the keys of the forms; `None` where a text is to be forgotten.
#[derive(Debug, Default)]
pub struct Waiting {
    texts: BTreeMap<String, Option<String>>,
    /// Whether somebody sees to them.
    at_work: bool,
}

/// So long after the disk took nothing it is tried again.
const AGAIN: Duration = Duration::from_secs(2);

impl WritePath {
    /// Keeps what is typed, as fast as the disk takes it. `zh` says in which language the operator
    /// is told that it does not.
    pub(super) fn keep_draft(&self, key: String, text: Option<String>, zh: bool) {
        let Ok(mut waiting) = self.typed.lock() else { return };
        waiting.texts.insert(key, text);
        if !std::mem::replace(&mut waiting.at_work, true) {
            let path = self.clone();
            self.tasks.spawn(async move { path.keep_all(zh).await });
        }
    }

    async fn keep_all(&self, zh: bool) {
        let mut failing = false;
        loop {
            match self.keep_pending().await {
                Ok(()) => {
                    if std::mem::take(&mut failing) {
                        self.send(Event::DraftsKept(Ok(())));
                    }
                    let Ok(mut waiting) = self.typed.lock() else { return };
                    if waiting.texts.is_empty() {
                        waiting.at_work = false;
                        return;
                    }
                }
                Err(error) => {
                    tracing::warn!(%error, "what was typed could not be kept");
                    if !std::mem::replace(&mut failing, true) {
                        self.send(Event::DraftsKept(Err(said(&error, zh))));
                    }
                    // Nothing but time tells that there is room again.
                    tokio::time::sleep(AGAIN).await;
                }
            }
        }
    }

    /// Keeps what waits now. What cannot be kept goes on waiting, unless something newer does.
    pub(super) async fn keep_pending(&self) -> Result<(), WriteError> {
        let typed = Arc::clone(&self.typed);
        let keep = move |writer: &mut Writer| {
            let mut texts =
                typed.lock().map(|mut waiting| std::mem::take(&mut waiting.texts)).unwrap_or_default();
            while let Some((key, text)) = texts.pop_first() {
                let kept = match &text {
                    Some(text) => writer.save_draft(&key, text),
                    None => writer.drop_draft(&key),
                };
                if let Err(error) = kept {
                    texts.insert(key, text);
                    if let Ok(mut waiting) = typed.lock() {
                        texts.append(&mut waiting.texts);
                        waiting.texts = texts;
                    }
                    return Err(error);
                }
            }
            Ok(())
        };
        self.writer.run(keep).await
    }
}
