//! More about each item of a page, by requests of their own; and how many there are in all.
//!
//! A request that fails for its one item costs that row: it stays as it is in the cache. One that would
//! fail for all others too ends the page.

use futures_util::{StreamExt, TryStreamExt, stream};
use serde_json::Value;

use super::Configured;
use super::fan::concerns_one;
use crate::backend::BackendError;
use crate::backend::file::{Pull, RequestShape};
use crate::backend::mapping::{Bindings, Filter};
use crate::model::TroubleKind;

impl Configured {
    /// What is to be had about each item, or why it is not; `None` where the file asks for nothing.
    pub(super) async fn details(
        &self,
        pull: &Pull,
        items: &[Value],
        bindings: &Bindings,
    ) -> Result<Option<Vec<Result<Value, String>>>, BackendError> {
        let Some(detail) = &pull.detail else { return Ok(None) };
        let calls: Vec<_> = items
            .iter()
            .map(|item| async {
                let bindings = bindings.clone().with("$item", item.clone());
                match self.ask(&detail.request, &bindings, &[], None).await {
                    Ok(told) => Ok(detail.item.one(&told.body, &bindings)),
                    Err(error) if concerns_one(&error) => Ok(Err(error.to_string())),
                    Err(error) => Err(error),
                }
            })
            .collect();
        stream::iter(calls).buffered(detail.at_once).try_collect().await.map(Some)
    }

    /// How many there are in all, by a request of its own; `None` where its answer does not say so.
    pub(super) async fn counted(
        &self,
        (request, total): &(RequestShape, Filter),
        bindings: &Bindings,
    ) -> Result<Option<u64>, BackendError> {
        let told = self.ask(request, bindings, &[], None).await?;
        let found = total.one(&told.body, bindings).map_err(|what| {
            told.wrong(&self.http, TroubleKind::Malformed, &format!("paging.count.total: {what}"))
        })?;
        Ok(found.as_u64().or_else(|| found.as_str()?.trim().parse().ok()))
    }
}
