//! Tags and their groups.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{TagGroupId, TagId};

/// Characters of a tag's name, at most.
pub const TAG_NAME_MOST: usize = 64;

/// A tag (标签).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Tag {
    /// Never empty.
    pub id: TagId,
    /// As shown.
    pub name: String,
    /// The group it belongs to.
    pub group_id: Option<TagGroupId>,
    /// `#rrggbb` or a colour's name.
    pub color: Option<String>,
    /// Place within the group, smallest first.
    pub order: Option<i64>,
    /// Deleted tags stay known by name on old records.
    pub deleted: bool,
}

/// A group of tags (标签组).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct TagGroup {
    /// Never empty.
    pub id: TagGroupId,
    /// As shown.
    pub name: String,
    /// A customer has at most one tag of an exclusive group.
    pub exclusive: bool,
    /// Place among the groups, smallest first.
    pub order: Option<i64>,
}
