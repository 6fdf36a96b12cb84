//! Switching to another profile: the console is left as if by the key that quits, and opens again on the
//! other profile with its own cache and place.

use super::App;
use super::effect::Effect;
use super::event::Notice;
use super::overlay::Overlay;
use super::picker::{Choice, Picked, Picker, PickerKind};
use crate::command::{Command, Verb};
use crate::i18n::words::{fill, pickers};

impl App {
    /// Leaves for a profile, or asks which.
    pub(super) fn switch_profile(&mut self, name: Option<&str>) -> Vec<Effect> {
        let Some(name) = name.filter(|name| !name.is_empty()) else { return self.pick_profile() };
        if !self.settings.profiles.iter().any(|(known, _)| known == name) {
            self.notice = Some(Notice::bad(fill(&self.say(pickers::NO_PROFILE), &[("name", &name)])));
            return Vec::new();
        }
        if name == self.settings.profile {
            self.notice = Some(Notice::plain(self.say(pickers::OPEN_ALREADY)));
            return Vec::new();
        }
        self.next_profile = Some(name.to_owned());
        self.leave()
    }

    fn pick_profile(&mut self) -> Vec<Effect> {
        let here = self.say(pickers::OPEN_ALREADY);
        let choice = |(name, backend): &(String, String)| Choice {
            label: name.clone(),
            note: backend.clone(),
            on: None,
            refused: (*name == self.settings.profile).then(|| here.to_string()),
            does: Picked::Run(Command::with(Verb::ProfileSwitch, name.clone())),
            risk: None,
            also: backend.clone(),
        };
        let choices = self.settings.profiles.iter().map(choice).collect();
        self.overlay = Some(Overlay::Picker(Picker::new(PickerKind::Profiles, choices)));
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::app::Settings;
    use crate::model::Time;

    fn app() -> App {
        let profiles = vec![("a".to_owned(), "siyu".to_owned()), ("b".to_owned(), "wecom".to_owned())];
        App::new(
            Arc::new(Settings { profile: "a".to_owned(), profiles, ..Settings::default() }),
            Time::from_millis(0),
        )
    }

    #[test]
    fn a_profile_is_opened_by_its_name_or_out_of_a_list() {
        let mut app = app();
        assert_eq!(app.switch_profile(Some("b")), [Effect::Quit]);
        assert_eq!(app.next_profile.as_deref(), Some("b"));
        let mut app = self::app();
        for (name, told) in [("a", "已打开"), ("c", "c")] {
            assert_eq!(app.switch_profile(Some(name)), []);
            assert!(app.notice.take().is_some_and(|notice| notice.text.contains(told)), "{name}");
            assert_eq!(app.next_profile, None);
        }
        assert_eq!(app.switch_profile(None), []);
        let Some(Overlay::Picker(picker)) = &app.overlay else { panic!("{:?}", app.overlay) };
        let labels: Vec<_> =
            picker.choices.iter().map(|one| (one.label.as_str(), one.refused.is_some())).collect();
        assert_eq!(labels, [("a", true), ("b", false)]);
    }

    #[test]
    fn who_leaves_after_all_opens_no_other_profile() {
        let mut app = app();
        app.switch_profile(Some("b"));
        assert_eq!(app.apply(&Command::new(Verb::Quit)), [Effect::Quit]);
        assert_eq!(app.next_profile, None);
    }
}
