//! Connectors made from documentation alone, each against a server of our own that answers as the public
//! sources say: login, paging, every mapping, a failure and a write.

mod chatwoot;
mod cordys;
mod fxiaoke;
mod hubspot;
mod linkwechat;
mod mochat;
mod openscrm;
mod zoho;

use std::collections::BTreeMap;

use serde_json::Value;

use super::Configured;
use crate::backend::file::SHIPPED;
use crate::backend::tests::replay::{Replay, all};
use crate::backend::{BackendError, Reply, Secret};
use crate::model::{Deed, Resource, Write};

impl Replay {
    /// A connector that comes with the program, at this server.
    fn shipped(&self, name: &str, vars: &[(&str, &str)]) -> Configured {
        let (_, text) = SHIPPED.iter().find(|(shipped, _)| *shipped == name).unwrap();
        assert!(text.contains("verified = \"documentation\""), "{name} says that nobody has tried it");
        self.read(text, vars)
    }

    /// The same where a limit of the backend is reached sooner, so that the test need not serve as much.
    fn shipped_small(&self, name: &str, vars: &[(&str, &str)], limit: (&str, &str)) -> Configured {
        let (_, text) = SHIPPED.iter().find(|(shipped, _)| *shipped == name).unwrap();
        assert!(text.contains(limit.0), "{name} knows {}", limit.0);
        self.read(&text.replace(limit.0, limit.1), vars)
    }
}

/// Secrets beside the token.
fn named(all: &[(&str, &str)]) -> BTreeMap<String, Secret> {
    all.iter().map(|(name, secret)| ((*name).to_owned(), Secret::new(*secret))).collect()
}

/// Looks at the first record of a kind, of which there have to be so many.
async fn first(connector: &Configured, kind: Resource, count: usize, wanted: Value) {
    let records = all(connector, kind).await;
    assert_eq!(records.len(), count, "{kind}: {records:#?}");
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(&records[0][name], value, "{kind}.{name}: {:#}", records[0]);
    }
}

fn tags(id: &str, add: &[&str], remove: &[&str]) -> Write {
    let ids = |all: &[&str]| all.iter().map(|id| (*id).into()).collect();
    let deed = Deed::Tag { add: ids(add), remove: ids(remove) };
    Write { resource: Resource::Customers, id: id.to_owned(), deed }
}

/// Sends a write that has to be done.
async fn done(connector: &Configured, write: &Write) -> Value {
    match connector.write(write, "key", None).await.unwrap() {
        Reply::Done(record) => record.to_value(),
        Reply::Moved(record) => panic!("moved: {:#}", record.to_value()),
    }
}

/// What a pull fails with.
async fn fails(connector: &Configured, kind: Resource) -> BackendError {
    connector.page(kind, None).await.unwrap_err()
}
