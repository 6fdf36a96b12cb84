//! The connectors that come with the program, and where a profile's connector is found.

use std::path::Path;
use std::sync::Arc;

use super::ConnectorFile;
use crate::i18n::Line;
use crate::i18n::words::{config, connector as words};
use crate::reading::{Diagnostic, nearest};

/// Name and text of each.
pub const SHIPPED: &[(&str, &str)] = &[
    ("wecom", include_str!("../connectors/wecom.toml")),
    ("matrix", include_str!("../connectors/matrix.toml")),
    ("tryton", include_str!("../connectors/tryton.toml")),
    ("linkwechat", include_str!("../connectors/linkwechat.toml")),
    ("mochat", include_str!("../connectors/mochat.toml")),
    ("openscrm", include_str!("../connectors/openscrm.toml")),
    ("cordys", include_str!("../connectors/cordys.toml")),
    ("chatwoot", include_str!("../connectors/chatwoot.toml")),
    ("zoho", include_str!("../connectors/zoho.toml")),
    ("fxiaoke", include_str!("../connectors/fxiaoke.toml")),
    ("hubspot", include_str!("../connectors/hubspot.toml")),
    ("json-server", include_str!("../connectors/json-server.toml")),
];

/// Names that a profile's `backend` can have: the native API first.
pub fn names() -> Vec<&'static str> {
    std::iter::once("siyu").chain(SHIPPED.iter().map(|(name, _)| *name)).collect()
}

/// Why there is no such connector.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NotFound {
    /// None of that name.
    Name {
        /// The nearest that there is.
        nearest: Option<&'static str>,
    },
    /// The file cannot be read.
    File(String),
    /// The file has mistakes.
    Wrong(Vec<Diagnostic>),
}

impl ConnectorFile {
    /// The connector that a profile names: a shipped one, or a path from `folder`. A path has a `/`
    /// in it, or ends in `.toml`.
    ///
    /// # Errors
    /// [`NotFound`]
    pub fn find(name: &str, folder: &Path) -> Result<Arc<Self>, NotFound> {
        if let Some((name, text)) = SHIPPED.iter().find(|(shipped, _)| *shipped == name) {
            return Self::read(Path::new(name), text).map(Arc::new).map_err(NotFound::Wrong);
        }
        if !is_path(name) {
            return Err(NotFound::Name { nearest: nearest(name, names()) });
        }
        let path = folder.join(name);
        let bytes = std::fs::read(&path).map_err(|error| NotFound::File(error.to_string()))?;
        let text = String::from_utf8(bytes).map_err(|_| NotFound::File("it is no UTF-8 text".to_owned()))?;
        Self::read(&path, &text).map(Arc::new).map_err(NotFound::Wrong)
    }
}

/// Whether a profile's `backend` is the path of a file.
pub fn is_path(name: &str) -> bool {
    name.contains(['/', '\\']) || name.ends_with(".toml")
}

impl NotFound {
    /// What is wrong, and what to do about it.
    pub fn told(&self, name: &str) -> (Line, Option<Line>) {
        let quoted = crate::reading::quoted(name);
        match self {
            Self::Name { nearest: Some(near) } => {
                (config::NO_BACKEND.with("name", quoted), Some(crate::reading::meant(config::MEANT, near)))
            }
            Self::Name { nearest: None } => (
                config::NO_BACKEND.with("name", quoted),
                Some(config::SPEAKS_TO.with("names", names().join(", ")).and("; ").and(words::OR_A_PATH)),
            ),
            Self::File(error) => {
                (words::NO_CONNECTOR_FILE.with("path", name).with("error", error.clone()), None)
            }
            Self::Wrong(wrong) => {
                let first = wrong.first().map(|wrong| wrong.message.clone()).unwrap_or_else(|| "".into());
                (
                    words::CONNECTOR_WRONG.with("name", quoted).with("first", first),
                    Some(words::SHOW_SHOWS.with("name", name)),
                )
            }
        }
    }
}
