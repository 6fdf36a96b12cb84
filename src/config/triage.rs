//! `[triage]` and `[calendar]`: the queue that is worked through, and which days are worked on.

use std::collections::BTreeSet;

use jiff::civil::{Date, Weekday};

use crate::command::plan::CONTACT_RESULTS;
use crate::i18n::words::config as words;
use crate::model::Workdays;
use crate::reading::{At, Reader, Section, meant, nearest, quoted};

/// So many results have a key.
const MOST_RESULTS: usize = 5;
/// A range of holidays has at most so many days.
const LONGEST: usize = 62;

const DAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

/// `[triage]`: how a queue is worked through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriageSettings {
    /// The queue that `T` opens: a shipped one, or the name of a saved view.
    pub queue: String,
    /// Results of a contact, in the order of the keys `1` to `5`; at least one.
    pub results: Vec<String>,
    /// Those after which the follow-up stays open unless something else is said.
    pub stays_open: Vec<String>,
    /// Minutes before a promise breaks from which on it is warned of, 1 to 10,080.
    pub sla_warn_minutes: i64,
}

impl Default for TriageSettings {
    fn default() -> Self {
        Self {
            queue: "mine".to_owned(),
            results: CONTACT_RESULTS.map(str::to_owned).to_vec(),
            stays_open: vec!["no_answer".to_owned()],
            sla_warn_minutes: 60,
        }
    }
}

impl TriageSettings {
    pub(super) const KEYS: &[&str] = &["queue", "results", "stays_open", "sla_warn_minutes"];

    pub(super) fn read(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Self {
        let usual = Self::default();
        let results = section.words(reader, "results").and_then(|list| {
            if list.value.is_empty() || list.value.len() > MOST_RESULTS {
                let message = words::HAS_ENTRIES
                    .with("key", "results")
                    .with("from", "1")
                    .with("to", MOST_RESULTS.to_string());
                let usual = usual.results.iter().map(|word| quoted(word)).collect::<Vec<_>>().join(", ");
                let hint = words::WRITE_LIKE.with("example", format!("results = [{usual}]"));
                reader.refuse(list.span, message, Some(hint));
                return None;
            }
            Some(list.value.into_iter().filter_map(|word| said(reader, word)).collect())
        });
        let results: Vec<String> = results.unwrap_or(usual.results);
        let stays_open = section.words(reader, "stays_open").map(|list| {
            let known = |reader: &mut Reader<'_>, word: At<String>| {
                if results.contains(&word.value) {
                    return Some(word.value);
                }
                let near = nearest(&word.value, results.iter().map(String::as_str));
                let hint = near.map_or_else(
                    || words::KNOWN_ARE.with("names", results.join(", ")),
                    |near| meant(words::MEANT, near),
                );
                reader.refuse(word.span, words::NO_RESULT.with("name", quoted(&word.value)), Some(hint));
                None
            };
            list.value.into_iter().filter_map(|word| known(reader, word)).collect()
        });
        // What the usual results say of staying open holds for those of them that are kept.
        let kept = || usual.stays_open.iter().filter(|word| results.contains(word)).cloned().collect();
        Self {
            queue: section.text(reader, "queue").and_then(|word| said(reader, word)).unwrap_or(usual.queue),
            stays_open: stays_open.unwrap_or_else(kept),
            sla_warn_minutes: section
                .number(reader, "sla_warn_minutes", 1..=10_080)
                .unwrap_or(usual.sla_warn_minutes),
            results,
        }
    }
}

/// A word that says something, on one line.
fn said(reader: &mut Reader<'_>, word: At<String>) -> Option<String> {
    let fits = !word.value.trim().is_empty() && !word.value.chars().any(char::is_control);
    if !fits {
        reader.refuse(word.span, words::A_WORD_THERE, Some(words::LEAVE_OUT.into()));
    }
    fits.then_some(word.value)
}

/// `[calendar]` as it is written; [`Calendar::workdays`] is what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    /// Days off every week.
    pub days_off: Vec<Weekday>,
    /// Further days off: a date, or `2026-10-01..2026-10-07`; as written.
    pub holidays: Vec<String>,
    /// Days off that are worked on (调休); as written.
    pub workdays: Vec<String>,
    days: Workdays,
}

impl Default for Calendar {
    fn default() -> Self {
        let days_off = vec![Weekday::Saturday, Weekday::Sunday];
        let days = Workdays { days_off: days_off.clone(), ..Workdays::default() };
        Self { days_off, holidays: Vec::new(), workdays: Vec::new(), days }
    }
}

impl Calendar {
    pub(super) const KEYS: &[&str] = &["days_off", "holidays", "workdays"];

    /// What the calendar means.
    pub fn workdays(&self) -> &Workdays {
        &self.days
    }

    /// The words of the days off.
    pub(super) fn day_words(&self) -> Vec<String> {
        let word = |day: &Weekday| DAYS.iter().find(|(_, known)| known == day).map(|(word, _)| *word);
        self.days_off.iter().filter_map(word).map(str::to_owned).collect()
    }

    pub(super) fn read(reader: &mut Reader<'_>, section: &Section<'_, '_>) -> Self {
        let usual = Self::default();
        let days_off = section.words(reader, "days_off").map(|list| {
            let named = |reader: &mut Reader<'_>, word: At<String>| {
                let found = DAYS.iter().find(|(name, _)| *name == word.value).map(|(_, day)| *day);
                if found.is_none() {
                    let names = DAYS.map(|(name, _)| name);
                    let typed = word.value.to_lowercase();
                    let begins = names.into_iter().find(|name| typed.starts_with(name));
                    let hint = match begins.or_else(|| nearest(&typed, names)) {
                        Some(near) => meant(words::MEANT, near),
                        None => words::WRITE_LIKE.with("example", "days_off = [\"sat\", \"sun\"]"),
                    };
                    let message = words::ONE_OF
                        .with("key", "days_off")
                        .with("words", names.join(", "))
                        .with("value", quoted(&word.value));
                    reader.refuse(word.span, message, Some(hint));
                }
                found
            };
            list.value.into_iter().filter_map(|word| named(reader, word)).collect()
        });
        let days_off: Vec<Weekday> = days_off.unwrap_or(usual.days_off);
        let (holidays, off) = dates(reader, section, "holidays");
        let (workdays, made_up) = dates(reader, section, "workdays");
        let days = Workdays { days_off: days_off.clone(), holidays: off, made_up };
        Self { days_off, holidays, workdays, days }
    }
}

/// A list of dates and of ranges of dates: as written, and what it means.
fn dates(reader: &mut Reader<'_>, section: &Section<'_, '_>, key: &str) -> (Vec<String>, BTreeSet<Date>) {
    let (mut written, mut meant) = (Vec::new(), BTreeSet::new());
    for word in section.words(reader, key).map(|list| list.value).unwrap_or_default() {
        match range(&word.value) {
            Some(days) => {
                written.push(word.value);
                meant.extend(days);
            }
            None => {
                let message = words::NO_DAYS.with("value", quoted(&word.value));
                reader.refuse(word.span, message, Some(words::DAYS_LIKE.into()));
            }
        }
    }
    (written, meant)
}

/// The days of a date, or of a range whose ends both belong to it.
fn range(text: &str) -> Option<Vec<Date>> {
    let date = |text: &str| text.trim().parse::<Date>().ok();
    let (first, last) = match text.split_once("..") {
        Some((first, last)) => (date(first)?, date(last)?),
        None => (date(text)?, date(text)?),
    };
    let days = std::iter::successors(Some(first), |day| day.tomorrow().ok());
    let days: Vec<Date> = days.take_while(|day| *day <= last).take(LONGEST + 1).collect();
    (!days.is_empty() && days.len() <= LONGEST).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_has_both_its_ends() {
        let told = |text| range(text).map(|days| (days.len(), days.last().unwrap().to_string()));
        assert_eq!(told("2026-10-01..2026-10-07"), Some((7, "2026-10-07".to_owned())));
        assert_eq!(told("2026-10-10"), Some((1, "2026-10-10".to_owned())));
        for wrong in ["2026-10-07..2026-10-01", "2026-13-01", "10-01", "", "2026-01-01..2026-12-31"] {
            assert_eq!(told(wrong), None, "{wrong}");
        }
    }
}
