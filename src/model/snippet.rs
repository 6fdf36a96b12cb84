//! Snippets (话术): texts to send, with variables.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::SnippetId;

/// A text that operators send again and again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Snippet {
    /// Never empty.
    pub id: SnippetId,
    /// What it is for.
    pub title: String,
    /// The text, with `{{customer.name}}` variables.
    pub body: String,
    /// Which shelf it stands on.
    pub group: Option<String>,
}
