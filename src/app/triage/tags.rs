//! The nine tags that have a number: those used lately. A number stays its tag's for as long as the
//! tag is among the nine, so that fingers can learn it.

/// So many tags have a number.
pub const NUMBERED: usize = 9;

/// Tags by number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NumberedTags {
    /// Ids, in the order of their numbers.
    pub ids: Vec<String>,
    /// The same, the one used last at the end.
    used: Vec<String>,
}

impl NumberedTags {
    /// What an earlier session left behind.
    pub fn restored(text: &str) -> Option<Self> {
        let mut ids: Vec<String> = serde_json::from_str(text).ok()?;
        ids.truncate(NUMBERED);
        Some(Self { used: ids.clone(), ids })
    }

    /// To be kept for the next session.
    pub fn draft(&self) -> String {
        serde_json::to_string(&self.ids).unwrap_or_default() // texts are JSON
    }

    /// Fills free numbers, in this order, and takes out what there is no more.
    pub fn fill<'a>(&mut self, known: impl Iterator<Item = &'a str> + Clone) {
        self.ids.retain(|id| known.clone().any(|known| known == id));
        self.used.retain(|id| self.ids.contains(id));
        for id in known {
            if self.ids.len() >= NUMBERED {
                break;
            }
            if !self.ids.iter().any(|kept| kept == id) {
                self.ids.push(id.to_owned());
                self.used.insert(0, id.to_owned());
            }
        }
    }

    /// A tag was used: it has a number from now on, that of the one not used for the longest time
    /// where all are taken.
    pub fn touch(&mut self, id: &str) {
        if !self.ids.iter().any(|kept| kept == id) {
            if self.ids.len() < NUMBERED {
                self.ids.push(id.to_owned());
            } else if let Some(oldest) = self.used.first().cloned()
                && let Some(at) = self.ids.iter().position(|kept| *kept == oldest)
            {
                self.ids[at] = id.to_owned();
                self.used.remove(0);
            }
        }
        self.used.retain(|kept| kept != id);
        self.used.push(id.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_stays_with_its_tag_until_another_one_needs_it() {
        let mut tags = NumberedTags::default();
        let all: Vec<String> = (1..=12).map(|n| format!("t{n}")).collect();
        tags.fill(all.iter().map(String::as_str));
        assert_eq!(tags.ids, all[..9]);
        tags.touch("t3");
        tags.touch("t1");
        assert_eq!(tags.ids, all[..9], "what has a number keeps it");
        tags.touch("t12");
        assert_eq!(tags.ids.iter().filter(|id| *id == "t12").count(), 1);
        assert!(tags.ids.contains(&"t3".to_owned()) && tags.ids.contains(&"t1".to_owned()));
        assert_eq!((tags.ids.len(), &tags.ids[2], &tags.ids[0]), (9, &all[2], &all[0]));
        assert_eq!(NumberedTags::restored(&tags.draft()).unwrap().ids, tags.ids);
    }

    #[test]
    fn a_tag_that_is_gone_gives_its_number_back() {
        let mut tags = NumberedTags::default();
        tags.touch("gone");
        tags.fill(["a", "b"].into_iter());
        assert_eq!(tags.ids, ["a", "b"]);
    }
}
