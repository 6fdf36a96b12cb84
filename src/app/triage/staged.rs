//! What was chosen for a contact and is not written yet.

use serde::{Deserialize, Serialize};

use crate::command::plan::{Close, Disposal};
use crate::config::TriageSettings;
use crate::model::{Resource, Time, Workdays};
use crate::query::{DueError, Moment, Snooze};

/// Choices for one contact: all of them go as one batch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Staged {
    /// The result.
    pub result: Option<String>,
    /// Tags that are put on (`true`) or taken off: id, name.
    pub tags: Vec<(String, String, bool)>,
    /// Until when it is put off.
    pub snooze: Option<PutOffTo>,
    /// Who goes on with it.
    pub who: Option<String>,
    /// What is to be remembered.
    pub note: Option<String>,
    /// That it is over, where that was chosen.
    pub close: Option<Closed>,
    /// What the customer is sent.
    pub message: Option<Message>,
}

/// A moment that something is put off to, and how that was said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PutOffTo {
    /// As [`Snooze::parse`] takes it.
    pub word: String,
    /// What it means: what is shown is what is written.
    pub until: Time,
    /// The day off that it would have been, as `2026-10-01`.
    pub moved_from: Option<String>,
}

/// How it was said that a follow-up is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Closed {
    /// It is done.
    Done,
    /// It is not needed.
    Cancelled,
}

/// A message to the customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The snippet that it was made of.
    pub snippet: String,
    /// Its text before anything was filled in or changed; for other customers.
    pub template: Option<String>,
    /// The channel; empty for the customer's only one.
    pub channel: String,
    /// As it is sent.
    pub text: String,
}

/// What becomes of a follow-up by what was chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// It is done.
    Done,
    /// It is not needed.
    Cancelled,
    /// It comes back then.
    Later,
    /// Somebody else goes on with it.
    HandedOver,
    /// It stays open.
    Open,
}

impl Staged {
    /// Whether nothing was chosen.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Puts it off, from `at` on.
    ///
    /// # Errors
    /// Where the word is no moment, or one that is past.
    pub fn put_off(&mut self, word: &str, at: &Moment, workdays: &Workdays) -> Result<(), DueError> {
        let put_off = Snooze::parse(word).until(at, workdays)?;
        self.snooze = Some(PutOffTo {
            word: word.to_owned(),
            until: put_off.until,
            moved_from: put_off.moved_from.map(|day| day.to_string()),
        });
        self.close = None;
        Ok(())
    }

    /// Says that it is over, or takes that back.
    pub fn close(&mut self, how: Closed) {
        self.close = if self.close == Some(how) { None } else { Some(how) };
        if self.close.is_some() {
            self.snooze = None;
        }
    }

    /// Puts a tag on or takes it off; where the other was chosen before, that is forgotten.
    pub fn tag(&mut self, id: &str, name: &str, on: bool) {
        let known = self.tags.iter().position(|(known, ..)| known == id);
        match known.map(|at| self.tags.remove(at)) {
            Some((.., before)) if before != on => {}
            _ => self.tags.push((id.to_owned(), name.to_owned(), on)),
        }
    }

    /// What becomes of the follow-up: a result closes it unless it is put off, handed over, or one
    /// of those that leave it open.
    pub fn then(&self, rules: &TriageSettings) -> Then {
        match (&self.close, &self.snooze, &self.who, &self.result) {
            (Some(Closed::Done), ..) => Then::Done,
            (Some(Closed::Cancelled), ..) => Then::Cancelled,
            (None, Some(_), ..) => Then::Later,
            (None, None, Some(_), _) => Then::HandedOver,
            (None, None, None, Some(result)) if !rules.stays_open.contains(result) => Then::Done,
            _ => Then::Open,
        }
    }

    /// The same choices for another contact, now: days are counted anew, and a message that was
    /// written for one customer is not for another.
    pub fn again(&self, at: &Moment, workdays: &Workdays) -> Self {
        let mut again = self.clone();
        if let Some(snooze) = self.snooze.as_ref()
            && again.put_off(&snooze.word, at, workdays).is_err()
        {
            again.snooze = None;
        }
        again.close = self.close;
        again.message = self.message.as_ref().and_then(|message| {
            let text = message.template.clone()?;
            Some(Message { text, ..message.clone() })
        });
        again
    }

    /// The same as the command that writes it. `title` is what a customer's new follow-up is called.
    pub fn disposal(&self, on: Resource, title: &str, rules: &TriageSettings) -> Disposal {
        let tags = |on: bool| self.tags.iter().filter(move |tag| tag.2 == on).map(|tag| tag.0.clone());
        let is_customer = on == Resource::Customers;
        Disposal {
            result: self.result.clone(),
            add: tags(true).collect(),
            remove: tags(false).collect(),
            until: self.snooze.as_ref().map(|snooze| snooze.until.to_string()),
            who: self.who.clone(),
            note: self.note.clone(),
            close: match self.then(rules) {
                _ if is_customer => None,
                Then::Done => Some(Close::Done),
                Then::Cancelled => Some(Close::Cancelled),
                Then::Later | Then::HandedOver | Then::Open => None,
            },
            title: is_customer.then(|| title.to_owned()),
            channel: self.message.as_ref().map(|message| message.channel.clone()).filter(|it| !it.is_empty()),
            text: self.message.as_ref().map(|message| message.text.clone()),
        }
    }

    /// To be kept until it is written.
    pub fn draft(&self) -> String {
        serde_json::to_string(self).unwrap_or_default() // texts and times are JSON
    }

    /// What was kept; a moment that is past by now is left out.
    pub fn restored(text: &str, now: Time) -> Option<Self> {
        let mut staged: Self = serde_json::from_str(text).ok()?;
        staged.snooze = staged.snooze.filter(|snooze| snooze.until > now);
        (!staged.is_empty()).then_some(staged)
    }
}

#[cfg(test)]
mod tests {
    use jiff::tz::{TimeZone, offset};

    use super::*;

    fn at(text: &str) -> Moment {
        Moment { now: Time::parse(text).unwrap(), zone: TimeZone::fixed(offset(8)), me: None }
    }

    fn said(result: &str) -> Staged {
        Staged { result: Some(result.to_owned()), ..Staged::default() }
    }

    #[test]
    fn a_result_closes_what_is_not_put_off_or_handed_over() {
        let rules = TriageSettings::default();
        let now = at("2026-03-17T10:42:00+08:00");
        assert_eq!(said("won").then(&rules), Then::Done);
        assert_eq!(said("no_answer").then(&rules), Then::Open);
        assert_eq!(Staged::default().then(&rules), Then::Open);
        let mut later = said("won");
        later.put_off("w2", &now, &Workdays::default()).unwrap();
        assert_eq!(later.then(&rules), Then::Later);
        assert_eq!(Staged { who: Some("Ann".into()), ..said("won") }.then(&rules), Then::HandedOver);
        later.close(Closed::Cancelled);
        assert_eq!((later.then(&rules), &later.snooze), (Then::Cancelled, &None));
        later.put_off("m", &now, &Workdays::default()).unwrap();
        assert_eq!((later.then(&rules), later.close), (Then::Later, None), "the last word counts");
    }

    #[test]
    fn what_is_shown_is_what_is_written() {
        let mut staged = said("interested");
        staged.put_off("w2", &at("2026-03-17T10:42:00+08:00"), &Workdays::default()).unwrap();
        staged.tag("t1", "VIP", true);
        staged.tag("t2", "旧", false);
        let disposal = staged.disposal(Resource::FollowUps, "", &TriageSettings::default());
        assert_eq!(disposal.until.as_deref(), Some("2026-03-24T10:00:00+08:00"));
        assert_eq!(
            (disposal.add, disposal.remove, disposal.close),
            (vec!["t1".into()], vec!["t2".into()], None)
        );
        let closed = said("won").disposal(Resource::Customers, "生日", &TriageSettings::default());
        assert_eq!((closed.close, closed.title.as_deref()), (None, Some("生日")), "a customer is not closed");
    }

    #[test]
    fn repeating_counts_the_days_anew_and_keeps_no_text_of_somebody_else() {
        let monday = at("2026-03-16T09:00:00+08:00");
        let mut staged = said("interested");
        staged.put_off("m", &monday, &Workdays::default()).unwrap();
        let message = |template: Option<&str>| Message {
            snippet: "问候".into(),
            template: template.map(str::to_owned),
            channel: "wecom".into(),
            text: "王建国 您好".into(),
        };
        staged.message = Some(message(None));
        let again = staged.again(&at("2026-03-17T23:00:00+08:00"), &Workdays::default());
        assert_eq!(again.snooze.unwrap().until.to_string(), "2026-03-18T10:00:00+08:00");
        assert_eq!((again.result, again.message), (staged.result.clone(), None));
        staged.message = Some(message(Some("{{customer.name}} 您好")));
        let again = staged.again(&monday, &Workdays::default());
        assert_eq!(again.message.unwrap().text, "{{customer.name}} 您好");
    }

    #[test]
    fn a_tag_that_is_chosen_back_is_not_chosen() {
        let mut staged = Staged::default();
        staged.tag("t1", "VIP", true);
        staged.tag("t1", "VIP", false);
        assert!(staged.is_empty());
        staged.tag("t1", "VIP", true);
        staged.tag("t1", "VIP", true);
        assert_eq!(staged.tags.len(), 1);
    }

    #[test]
    fn a_draft_comes_back_but_no_moment_that_is_past() {
        let now = at("2026-03-17T10:42:00+08:00");
        let mut staged = said("won");
        staged.put_off("h", &now, &Workdays::default()).unwrap();
        assert_eq!(Staged::restored(&staged.draft(), now.now), Some(staged.clone()));
        let later = Time::parse("2026-03-17T13:00:00+08:00").unwrap();
        assert_eq!(Staged::restored(&staged.draft(), later), Some(said("won")));
        assert_eq!(Staged::restored("nonsense", later), None);
        assert_eq!(Staged::restored("{}", later), None);
    }
}
