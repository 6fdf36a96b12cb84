//! What an operator types, until it is a plan, a commit, or a draft; and what comes back.

mod forms;
mod messages;
mod recording;
mod writes;

use std::sync::Arc;

use crate::app::{App, Effect, Event, Overlay, Settings, Targets, Written};
use crate::command::Command;
use crate::command::plan::{Material, Plan, plan};
use crate::i18n::Lang;
use crate::keymap::parse_keys;
use crate::model::view::{CustomerRow, Placed, RowKey, TagRow, Window};
use crate::model::{AnyRecord, Channel, Customer, Operator, Record as _, Resource, Snippet, Tag, Time};
use crate::query::Moment;
use crate::query::ask::{Answer, Ask, CustomerView, Vocabulary};

/// A console over a small community; what is to be done is kept, questions are answered.
struct Desk {
    app: App,
    done: Vec<Effect>,
}

const NOW: &str = "2026-03-17T10:42:00+08:00";

fn tags() -> Vec<Tag> {
    [("t1", "母婴"), ("t2", "高意向"), ("t3", "会员"), ("t4", "VIP")]
        .map(|(id, name)| Tag { id: id.into(), name: name.to_owned(), ..Tag::default() })
        .to_vec()
}

fn operators() -> Vec<Operator> {
    [("o1", "小李"), ("o2", "王五")]
        .map(|(id, name)| Operator { id: id.into(), name: name.to_owned(), ..Operator::default() })
        .to_vec()
}

/// Customers `c0` and so on; the first has a tag, an owner and more.
fn customer(n: usize) -> Customer {
    let first = n == 0;
    let channels: &[&str] = if n == 1 { &["phone", "wecom", "douyin"] } else { &["wecom"] };
    Customer {
        id: format!("c{n}").as_str().into(),
        name: format!("客户{n}"),
        remark: first.then(|| "老客".to_owned()),
        owners: if first { vec!["o1".into()] } else { Vec::new() },
        tags: if first { vec!["t1".into()] } else { Vec::new() },
        phones: vec!["13812345678".to_owned()],
        channels: channels
            .iter()
            .map(|kind| Channel { kind: (*kind).to_owned(), id: "1".to_owned() })
            .collect(),
        custom: [("score".to_owned(), 3.into())].into_iter().collect(),
        ..Customer::default()
    }
}

fn row(n: usize) -> CustomerRow {
    let customer = customer(n);
    CustomerRow {
        id: customer.id.clone(),
        name: customer.name.clone(),
        tags: customer.tags.iter().map(|_| "母婴".to_owned()).collect(),
        owners: customer.owners.iter().map(|_| "小李".to_owned()).collect(),
        phone: customer.phones.first().cloned(),
        ..CustomerRow::default()
    }
}

fn window<R>(rows: Vec<(String, R)>) -> Window<R> {
    let total = rows.len() as u64;
    let rows = rows.into_iter().map(|(id, row)| Placed { key: RowKey { values: Vec::new(), id }, row });
    Window { rows: rows.collect(), first: 0, total }
}

fn answer(ask: &Ask) -> Result<Answer, String> {
    Ok(match ask {
        Ask::Customers(_) => Answer::Customers(window((0..40).map(|n| (format!("c{n}"), row(n))).collect())),
        Ask::Tags => {
            let row = |tag: Tag| TagRow { id: tag.id, name: tag.name, ..TagRow::default() };
            Answer::Tags(tags().into_iter().map(row).collect())
        }
        Ask::Customer(id) => {
            let n = id.as_str()[1..].parse().map_err(|_| "no such customer".to_owned())?;
            let view = CustomerView { customer: customer(n), row: row(n), ..CustomerView::default() };
            Answer::Customer(Some(Box::new(view)))
        }
        Ask::Vocabulary => Answer::Vocabulary(Vocabulary {
            operators: operators().into_iter().map(|operator| operator.name).collect(),
            snippets: vec![("问候".to_owned(), "{{customer.called}} 您好".to_owned())],
            ..Vocabulary::default()
        }),
        Ask::Ids(_) | Ask::Between(..) => Answer::Ids((0..40).map(|n| format!("c{n}")).collect()),
        other => return Err(format!("nobody answers {other:?}")),
    })
}

impl Desk {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(settle: impl FnOnce(&mut Settings)) -> Self {
        let zone = jiff::tz::TimeZone::get("Asia/Shanghai").unwrap();
        let mut settings =
            Settings { lang: Lang::En, zone, columns: Default::default(), ..Settings::default() };
        settle(&mut settings);
        let mut desk =
            Self { app: App::new(Arc::new(settings), Time::parse(NOW).unwrap()), done: Vec::new() };
        let effects = desk.app.start();
        desk.run(effects);
        desk.done.clear();
        desk.app.notice = None;
        desk
    }

    fn run(&mut self, effects: Vec<Effect>) {
        let mut waiting = effects;
        while let Some(effect) = waiting.pop() {
            match effect {
                Effect::Ask(id, ask) => {
                    let now = self.app.now;
                    waiting.extend(self.app.absorb(Event::Answer(id, answer(&ask)), now));
                }
                other => self.done.push(other),
            }
        }
    }

    fn event(&mut self, event: Event) -> &mut Self {
        let now = self.app.now;
        let effects = self.app.absorb(event, now);
        self.run(effects);
        self
    }

    fn keys(&mut self, keys: &str) -> &mut Self {
        for key in keys.split_whitespace().flat_map(|name| parse_keys(name).unwrap()) {
            self.event(Event::Key(key));
        }
        self
    }

    fn types(&mut self, text: &str) -> &mut Self {
        self.event(Event::Paste(text.to_owned()))
    }

    fn line(&mut self, line: &str) -> &mut Self {
        self.keys(":").types(line).keys("enter")
    }

    /// The command whose plan was asked for last, and for whom.
    fn asked(&self) -> Option<(&Command, &Targets)> {
        self.done.iter().rev().find_map(|effect| match effect {
            Effect::Plan { command, targets, .. } => Some((command, targets)),
            _ => None,
        })
    }

    /// The arguments of that command.
    fn args(&self) -> Vec<&str> {
        self.asked().expect("a plan is asked for").0.args.iter().map(String::as_str).collect()
    }

    fn plan(&self) -> Result<Box<Plan>, String> {
        let (command, targets) = self.asked().expect("a plan is asked for");
        let ids = match targets {
            Targets::Records(Resource::Customers, ids) => ids.clone(),
            _ => Vec::new(),
        };
        let records: Vec<AnyRecord> = ids.iter().map(|id| customer(id[1..].parse().unwrap()).any()).collect();
        let moment =
            Moment { now: self.app.now, zone: self.app.settings.zone.clone(), me: Some("o1".into()) };
        let snippet = Snippet {
            id: "s1".into(),
            title: "问候".to_owned(),
            body: "{{customer.called}} 您好".to_owned(),
            ..Snippet::default()
        };
        let material = Material {
            tags: &tags(),
            tag_groups: &[],
            operators: &operators(),
            snippets: &[snippet],
            moment: &moment,
            zh: false,
            local: &|| "~1".to_owned(),
            holders: &|_| Vec::new(),
        };
        plan(command, &records, &material).map(Box::new).map_err(|error| error.says(false))
    }

    /// The plan that was asked for is made, as the runtime does.
    fn planned(&mut self) -> &mut Self {
        let made = self.plan();
        let id = self.done.iter().rev().find_map(|effect| match effect {
            Effect::Plan { id, .. } => Some(*id),
            _ => None,
        });
        self.event(Event::Planned(id.unwrap(), made))
    }

    fn commits(&self) -> Vec<&Plan> {
        let commits = self.done.iter().filter_map(|effect| match effect {
            Effect::Commit { plan, .. } => Some(&**plan),
            _ => None,
        });
        commits.collect()
    }

    /// The last commit is answered.
    fn committed(&mut self, result: Result<Written, String>) -> &mut Self {
        let id = self.done.iter().rev().find_map(|effect| match effect {
            Effect::Commit { id, .. } => Some(*id),
            _ => None,
        });
        self.event(Event::Committed(id.expect("something was committed"), result))
    }

    fn written(&mut self) -> &mut Self {
        self.committed(Ok(Written {
            label: "done".to_owned(),
            records: 1,
            reversible: true,
            ..Written::default()
        }))
    }

    fn notice(&self) -> &str {
        self.app.notice.as_ref().map_or("", |notice| &notice.text)
    }

    fn texts(&self) -> Vec<&str> {
        match &self.app.overlay {
            Some(Overlay::Form(form)) => form.fields.iter().map(|field| field.input.text()).collect(),
            other => panic!("no form is open, but {other:?}"),
        }
    }

    fn error(&self) -> &str {
        match &self.app.overlay {
            Some(Overlay::Form(form)) => form.error.as_deref().unwrap_or_default(),
            other => panic!("no form is open, but {other:?}"),
        }
    }

    fn last_draft(&self) -> Option<&Option<String>> {
        self.done.iter().rev().find_map(|effect| match effect {
            Effect::KeepDraft { text, .. } => Some(text),
            _ => None,
        })
    }

    fn is_form(&self) -> bool {
        matches!(self.app.overlay, Some(Overlay::Form(_)))
    }

    fn is_asked(&self) -> bool {
        matches!(self.app.overlay, Some(Overlay::Confirm(_)))
    }
}
