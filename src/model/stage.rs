//! Lifecycle stages of the console.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where a customer stands in the lifecycle. A backend's own stage is kept beside it as text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// 潜客: no order yet, and not added lately.
    Lead,
    /// 新客: added lately or ordered once, lately.
    New,
    /// 老客: ordered, and lately enough.
    Active,
    /// 沉睡: ordered once, but not for long.
    Dormant,
    /// 流失: gone, or silent for very long.
    Lost,
}

impl Stage {
    /// All stages, in the order of the lifecycle.
    pub const ALL: [Self; 5] = [Self::Lead, Self::New, Self::Active, Self::Dormant, Self::Lost];

    /// The word that the API and the filter language use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::New => "new",
            Self::Active => "active",
            Self::Dormant => "dormant",
            Self::Lost => "lost",
        }
    }

    /// The stage of a word, as [`Stage::word`] gives it.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.word() == word)
    }
}
