//! Tags and their groups.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{TagGroupId, TagId};

/// Characters of a tag's name, at most.
pub const TAG_NAME_MOST: usize = 64;

/// Whether two names of tags are one to people: written alike but for capitals, blanks around them
/// and the way in which Unicode composes them. Every console and the server go by this.
pub fn same_tag_name(one: &str, other: &str) -> bool {
    fold_tag_name(one) == fold_tag_name(other)
}

/// A tag's name as it is compared: lower case, composed (NFC), without blanks around it.
pub fn fold_tag_name(name: &str) -> String {
    let lower = name.trim().to_lowercase();
    icu_normalizer::ComposingNormalizerBorrowed::new_nfc().normalize(&lower).into_owned()
}

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

#[cfg(test)]
mod tests {
    use super::same_tag_name;

    #[test]
    fn names_are_compared_as_people_do() {
        for (one, other) in
            [("VIP", "vip"), (" vip", "VIP "), ("Café", "cafe\u{301}"), ("ÄRGER", "a\u{308}rger")]
        {
            assert!(same_tag_name(one, other), "{one} {other}");
        }
        for (one, other) in [("VIP", "VI P"), ("vip", "vip1"), ("Café", "Cafe"), ("高意向", "高意象")]
        {
            assert!(!same_tag_name(one, other), "{one} {other}");
        }
    }
}
