//! Commands, applied to the state. Each goes to the file of its chapter.

use crate::command::{Command, Verb, parse};
use crate::i18n::words::notices;

use super::App;
use super::effect::Effect;
use super::event::Notice;
use super::overlay::{CommandLine, Help, Overlay};
use super::panes::Pane;

impl App {
    /// Does what the operator asked for.
    pub fn apply(&mut self, command: &Command) -> Vec<Effect> {
        use Verb as V;
        let times = i64::from(command.count.unwrap_or(1).max(1));
        self.keep_given(command);
        match command.verb {
            V::CursorDown => self.step(times),
            V::CursorUp => self.step(-times),
            V::PageDown => self.page(times, 1),
            V::PageUp => self.page(-times, 1),
            V::HalfDown => self.page(times, 2),
            V::HalfUp => self.page(-times, 2),
            V::GoFirst => self.go_first(command.count),
            V::GoLast => self.go_last(command.count),
            V::Open => self.open(),
            V::Back => self.back(false),
            V::BackOrQuit => self.back(true),

            V::PaneCustomers => self.go_pane(Pane::Customers),
            V::PaneTags => self.go_pane(Pane::Tags),
            V::PaneGroups => self.go_pane(Pane::Groups),
            V::PaneFollowUps => self.go_pane(Pane::FollowUps),
            V::PaneNext => self.next_pane(true),
            V::PanePrevious => self.next_pane(false),
            V::PaneZoom => self.zoom(),
            V::GoCustomer => self.go_customer(),
            V::TagCustomers => self.tag_customers(super::finding::ByTag::Only),
            V::TagNarrow => self.tag_customers(super::finding::ByTag::Narrow),
            V::TagExclude => self.tag_customers(super::finding::ByTag::Exclude),
            V::GroupCustomers => self.group_customers(),
            V::RecordNext if self.triage().is_some() => self.triage_step(times),
            V::RecordPrevious if self.triage().is_some() => self.triage_step(-times),
            V::RecordNext => self.neighbour(times),
            V::RecordPrevious => self.neighbour(-times),
            V::TimelineKind => self.next_timeline_kind(),
            V::TimelineExpand => self.expand(),
            V::GroupTrend => self.group_part(super::GroupPart::Trend),
            V::GroupHeat => self.group_part(super::GroupPart::Heat),
            V::GroupMembers => self.group_part(super::GroupPart::Members),
            V::GroupLeavers => self.group_part(super::GroupPart::Leavers),
            V::GroupActivities => self.group_part(super::GroupPart::Activities),

            V::SearchOpen => self.open_search(),
            V::FilterSet => self.filter_by(command.arg().unwrap_or_default()),
            V::FilterClear => self.clear_filter(),
            V::ViewOpen => self.open_view(command.arg().unwrap_or_default()),
            V::ViewPick => self.pick_view(),
            V::SortPick => self.pick_sort(),
            V::SortSet => self.sort_by(command.arg().unwrap_or_default()),
            V::SortReverse => self.reverse_sort(),
            V::ColumnsPick => self.pick_columns(),
            V::Export | V::ExportStop => self.export_by(command),

            V::MarkToggle | V::MarkAll | V::MarkClear if self.triage().is_some() => {
                self.triage_marks(command.verb)
            }
            V::MarkToggle => self.mark(times),
            V::MarkRange => self.mark_range(),
            V::MarkAll => self.mark_all(),
            V::MarkClear => self.clear_marks(),
            V::CopyName => self.copy("name"),
            V::CopyPhone => self.copy("phone"),
            V::CopyId => self.copy("id"),
            V::CopyRow => self.copy("row"),
            V::Copy => self.copy(command.arg().unwrap_or_default()),

            V::Help => {
                let input = super::LineInput::default();
                let place = self.layers_under_overlay();
                self.overlay = Some(Overlay::Help(Help {
                    place,
                    input,
                    searching: false,
                    scroll: super::Scroll::default(),
                }));
                Vec::new()
            }
            V::Palette => self.open_palette(),
            V::CommandLine => {
                self.overlay = Some(Overlay::Line(CommandLine::default()));
                Vec::new()
            }
            V::FormSave
            | V::FormNext
            | V::FormPrevious
            | V::FormDown
            | V::FormUp
            | V::FormChoose
            | V::FormOlder
            | V::FormCopy => self.form_key(command.verb),
            V::Confirm => self.confirm(),
            V::ConfirmDown => self.read_on(times, false),
            V::ConfirmUp => self.read_on(-times, false),
            V::ConfirmPageDown => self.read_on(times, true),
            V::ConfirmPageUp => self.read_on(-times, true),
            V::Undo if self.steps_page().is_some() => self.undo_step(),
            V::Undo if self.triage().is_some() => self.triage_undo(),
            V::Undo => self.take_back(false),
            V::Redo => self.take_back(true),
            V::PhoneReveal => self.reveal(),
            V::OutboxOpen => self.open_outbox(),
            V::OutboxRetry | V::OutboxEdit | V::OutboxMine | V::OutboxTheirs | V::OutboxDiscard => {
                self.outbox_deed(command.verb)
            }
            V::TriageOpen
            | V::TriageQueue
            | V::TriageRefresh
            | V::TriageResult
            | V::TriageTags
            | V::TriageSnooze
            | V::TriageAssign
            | V::TriageNote
            | V::TriageSnippet
            | V::TriageDone
            | V::TriageCancel
            | V::TriageClear
            | V::TriageCommit
            | V::TriageRepeat
            | V::TriageAll => self.triage_command(command),
            V::PlaceResume => self.resume(),
            V::SyncNow | V::SyncResume => self.sync(false),
            V::SyncPause => self.pause_sync(),
            V::SyncFull => self.sync(true),
            V::LangToggle => self.toggle_lang(),
            V::MouseToggle => {
                self.mouse = !self.mouse;
                self.notice = Some(Notice::plain(if self.mouse {
                    self.say(notices::MOUSE_ON)
                } else {
                    self.say(notices::MOUSE_OFF)
                }));
                vec![Effect::Mouse(self.mouse)]
            }
            V::ConfigReload => vec![Effect::ReloadConfig],
            V::Redraw => vec![Effect::Redraw],
            V::Suspend => vec![Effect::Suspend],
            V::ProfileSwitch => self.switch_profile(command.arg()),
            V::Quit => {
                self.next_profile = None;
                self.leave()
            }

            V::InputAccept => self.accept(),
            V::InputCancel => self.cancel(),
            V::InputComplete => self.complete(),
            V::InputOlder => self.history(1),
            V::InputNewer => self.history(-1),
            V::PickDown => self.pick_step(times),
            V::PickUp => self.pick_step(-times),
            V::PickToggle => self.pick_toggle(),
            V::InputLeft
            | V::InputRight
            | V::InputWordLeft
            | V::InputWordRight
            | V::InputHome
            | V::InputEnd
            | V::InputBackspace
            | V::InputDelete
            | V::InputDeleteWord
            | V::InputClear => self.edit(command.verb),
            V::MacroRun | V::MacroPlan => self.macro_command(command),
            V::MacroResume => self.resume_run(command.arg()),
            V::MacroRecord => self.record(command.arg()),
            V::MacroReplay => self.replay(command.arg(), usize::try_from(times).unwrap_or(1)),
            V::MacroEdit => self.edit_register(command.arg()),
            V::StepEdit
            | V::StepAdd
            | V::StepAsk
            | V::StepDelete
            | V::StepDown
            | V::StepUp
            | V::MacroSave => self.steps_key(command.verb, times),
            // What is left in the table changes records.
            _ => self.write(command),
        }
    }

    /// Runs a line of the command language.
    pub(super) fn run_line(&mut self, line: &str) -> Result<Vec<Effect>, (std::ops::Range<usize>, String)> {
        let command = parse(line).map_err(|error| (error.span(), error.to_string()))?;
        if let Some(reason) = self.refusal(&command) {
            return Err((0..line.len(), format!("{}: {reason}", command.spec().id)));
        }
        self.overlay = None;
        Ok(self.apply(&command))
    }

    fn sync(&mut self, full: bool) -> Vec<Effect> {
        if self.settings.offline {
            let text = self.say(notices::OFFLINE_NOBODY_IS_TALKED_TO);
            self.notice = Some(Notice::plain(text));
            return Vec::new();
        }
        let text = if full {
            self.say(notices::PULLING_EVERYTHING_AGAIN)
        } else {
            self.say(notices::LOOKING_FOR_CHANGES)
        };
        self.notice = Some(Notice::plain(text));
        self.looking = Some(std::collections::BTreeSet::new());
        vec![Effect::Sync { full }]
    }

    fn pause_sync(&mut self) -> Vec<Effect> {
        let word =
            if self.settings.offline { notices::OFFLINE_NOBODY_IS_TALKED_TO } else { notices::SYNC_PAUSED };
        self.notice = Some(Notice::plain(self.say(word)));
        if self.settings.offline { Vec::new() } else { vec![Effect::PauseSync] }
    }

    pub(super) fn toggle_lang(&mut self) -> Vec<Effect> {
        let mut settings = (*self.settings).clone();
        settings.lang = settings.lang.other();
        self.lang = Some(settings.lang);
        self.settings = std::sync::Arc::new(settings);
        Vec::new()
    }
}
