//! Copying: what of the record under the cursor goes to the clipboard.
//!
//! A row is copied as cells between tabs, whatever columns are shown, so that it falls into place in
//! a spreadsheet. A masked phone leaves whole, and that is on record.

use crate::command::label_of;
use crate::i18n::words::{kinds, notices};
use crate::i18n::{self, named};
use crate::model::Time;
use crate::model::view::{CustomerRow, FollowUpRow, GroupRow};

use super::App;
use super::detail::Detail;
use super::effect::Effect;
use super::event::Notice;
use super::panes::Pane;

impl App {
    /// Sends something of the record under the cursor to the clipboard.
    pub(super) fn copy(&mut self, what: &str) -> Vec<Effect> {
        let Some(text) = self.copied(what).filter(|text| !text.is_empty()) else {
            let text = self.say(notices::THERE_IS_NOTHING_TO_COPY_HERE);
            self.notice = Some(Notice::plain(text));
            return Vec::new();
        };
        let shown: String = text.chars().take(40).collect();
        let revealed = self.current_customer().is_some_and(|id| self.shows_phone_of(&id));
        let (said, shown) = if what == "phone" && !revealed {
            (notices::WHOLE_PHONE_COPIED, i18n::masked_phone(&shown))
        } else {
            (notices::SENT_TO_THE_CLIPBOARD_NO_TERMINAL, shown)
        };
        self.notice = Some(Notice::good(format!("{}: {shown}", self.say(said))));
        let copied = Effect::Copy(text);
        match self.current_customer().filter(|_| what == "phone" && !revealed) {
            // What was masked has left the console: that is on record.
            Some(id) => vec![copied, Effect::Audit { what: "phone.copy".to_owned(), id }],
            None => vec![copied],
        }
    }

    pub(super) fn copied(&self, what: &str) -> Option<String> {
        let (name, phone, id, row) = match self.details.last() {
            Some(Detail::Customer(detail)) => {
                let view = detail.record.view.as_ref()?;
                (
                    view.row.name.clone(),
                    view.row.phone.clone(),
                    view.row.id.0.clone(),
                    self.customer_row(&view.row),
                )
            }
            Some(Detail::Group(detail)) => match detail.member() {
                Some(member) => (member.name.clone(), None, member.member_id.clone(), member.name.clone()),
                None => {
                    let group = &detail.record.view.as_ref()?.group;
                    (group.name.clone(), None, group.id.0.clone(), group.name.clone())
                }
            },
            Some(Detail::FollowUp(detail)) => {
                let view = detail.record.view.as_ref()?;
                let phone = view.customer.as_ref().and_then(|customer| customer.phone.clone());
                let row = self.follow_up_row(&view.row);
                (view.row.customer.clone(), phone, view.row.id.0.clone(), row)
            }
            Some(Detail::Triage(open)) => {
                let row = &open.queue.current()?.row;
                let phone = open.contact().and_then(|contact| contact.customer.as_ref()?.row.phone.clone());
                let line = cells([self.moment(row.due), row.customer.clone(), row.about.clone()]);
                (row.customer.clone(), phone, row.key.id.clone(), line)
            }
            Some(Detail::Steps(page)) => {
                let line = page.line()?;
                (line.clone(), None, String::new(), line)
            }
            Some(Detail::Outbox(detail)) => {
                let row = detail.current()?;
                let zh = self.settings.lang.is_zh();
                let line = format!("{}\t{}\t{}", row.state.word(), row.name, label_of(row, zh));
                (row.name.clone(), None, row.write.id.clone(), line)
            }
            None => match self.focus {
                Pane::Customers => {
                    let row = &self.customers.current()?.row;
                    (row.name.clone(), row.phone.clone(), row.id.0.clone(), self.customer_row(row))
                }
                Pane::Tags => {
                    let tag = self.tags.current()?;
                    let row = format!("{}\t{}\t{}", tag.group, tag.name, tag.customers);
                    (tag.name.clone(), None, tag.id.0.clone(), row)
                }
                Pane::Groups => {
                    let row = &self.groups.current()?.row;
                    (row.name.clone(), None, row.id.0.clone(), group_row(row))
                }
                Pane::FollowUps => {
                    let row = &self.follow_ups.current()?.row;
                    (row.customer.clone(), None, row.id.0.clone(), self.follow_up_row(row))
                }
            },
        };
        match what {
            "name" => Some(name),
            "phone" => phone,
            "id" => Some(id),
            "row" => Some(row),
            _ => None,
        }
    }

    /// Name, remark, stage, tags, owners, last contact, next follow-up.
    fn customer_row(&self, row: &CustomerRow) -> String {
        let stage = row.stage.as_deref().unwrap_or_default();
        let stage = named(kinds::STAGES, stage).map_or_else(|| stage.to_owned(), |word| self.say(word));
        cells([
            row.name.clone(),
            row.remark.clone().unwrap_or_default(),
            stage,
            row.tags.join(" "),
            row.owners.join(" "),
            self.moment(row.contacted),
            self.moment(row.next_due),
        ])
    }

    /// When it is due, customer, title, source, assignee.
    fn follow_up_row(&self, row: &FollowUpRow) -> String {
        cells([
            self.moment(row.due),
            row.customer.clone(),
            row.title.clone(),
            row.source.clone().unwrap_or_default(),
            row.assignee.clone().unwrap_or_default(),
        ])
    }

    fn moment(&self, time: Option<Time>) -> String {
        let zone = &self.settings.zone;
        time.map(|time| time.zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()).unwrap_or_default()
    }
}

/// Name, owner, members, active members a day, net growth of the last 7 days.
fn group_row(row: &GroupRow) -> String {
    let figure = |figure: Option<i64>| figure.map(|n| n.to_string()).unwrap_or_default();
    cells([
        row.name.clone(),
        row.owner.clone().unwrap_or_default(),
        figure(row.members),
        figure(row.active7),
        figure(row.net7),
    ])
}

/// A line of cells; what would begin another cell or line is a space.
fn cells<const N: usize>(cells: [String; N]) -> String {
    cells.map(|cell| cell.replace(['\t', '\n', '\r'], " ")).join("\t")
}
