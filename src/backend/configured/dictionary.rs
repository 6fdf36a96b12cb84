//! Ids and names of a kind, for `lookup` and `name_of`: pulled when a filter first wants them, and again
//! after a while.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::{Map, Value, json};
use tokio::sync::Mutex;

use super::Configured;
use crate::backend::mapping::Bindings;
use crate::backend::{BackendError, PageGuard};
use crate::model::{AnyRecord, Resource};

/// How long they are good.
const GOOD: Duration = Duration::from_secs(300);

/// By kind: when they were pulled, and `{ids, names}`.
pub(super) type Dictionaries = Mutex<HashMap<Resource, (Instant, Value)>>;

impl Configured {
    /// The variables with the ids and names of some kinds.
    pub(super) async fn with_names(
        &self,
        mut bindings: Bindings,
        kinds: &[Resource],
    ) -> Result<Bindings, BackendError> {
        if kinds.is_empty() {
            return Ok(bindings);
        }
        let mut all = Map::new();
        let mut kept = self.dictionaries.lock().await;
        for kind in kinds {
            let fresh = kept.get(kind).filter(|(at, _)| at.elapsed() < GOOD).map(|(_, found)| found.clone());
            let found = match fresh {
                Some(found) => found,
                None => {
                    let found = Box::pin(self.names(*kind)).await?;
                    kept.insert(*kind, (Instant::now(), found.clone()));
                    found
                }
            };
            all.insert(kind.name().to_owned(), found);
        }
        bindings.set("$ids", Value::Object(all));
        Ok(bindings)
    }

    /// Pulls a kind whole. Of several of one name the first counts.
    async fn names(&self, kind: Resource) -> Result<Value, BackendError> {
        let (mut ids, mut names) = (Map::new(), Map::new());
        let (mut guard, mut cursor) = (PageGuard::new(None), None::<String>);
        loop {
            let page = self.page(kind, cursor.as_deref()).await?;
            for record in &page.items {
                let (id, value) = (record.key(), AnyRecord::to_value(record));
                let name = value.get("name").or_else(|| value.get("title")).and_then(Value::as_str);
                if let Some(name) = name {
                    ids.entry(name).or_insert_with(|| id.as_str().into());
                    names.insert(id, name.into());
                }
            }
            guard.pass(&page).map_err(|what| self.suspicious(kind, &what))?;
            cursor = page.next;
            if cursor.is_none() {
                return Ok(json!({"ids": ids, "names": names}));
            }
        }
    }
}
