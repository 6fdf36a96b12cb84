//! What is shown of the outbox, the audit and the drafts.

use super::*;
use crate::model::WriteState;
use crate::model::view::{OutboxRow, OutboxView, Unsettled};
use crate::query::ask::{Answer, Ask, Overview};

impl Bench {
    pub(super) fn view(&self) -> OutboxView {
        match self.reader.answer(&Ask::Outbox, &moment()).unwrap() {
            Answer::Outbox(view) => view,
            other => panic!("{other:?}"),
        }
    }

    fn overview(&self) -> Overview {
        match self.reader.answer(&Ask::Overview, &moment()).unwrap() {
            Answer::Overview(overview) => overview,
            other => panic!("{other:?}"),
        }
    }

    fn mark(&self, id: &str) -> Option<WriteState> {
        self.unsettled(id).map(|open| open.state)
    }

    fn unsettled(&self, id: &str) -> Option<Unsettled> {
        match self.reader.answer(&Ask::Customer(id.into()), &moment()).unwrap() {
            Answer::Customer(Some(view)) => view.row.write,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn the_outbox_shows_trouble_first_and_rows_their_worst_write() {
    let ids = ["c1", "c2", "c3", "c4", "c5"];
    let mut bench = Bench::with(ids.map(|id| rev(customer(id, id), 1).any()));
    bench.commit(ids.map(|id| set(id, json!({"remark": "mine", "custom": {"size": 3}}))));
    bench.commit([tagging("c1", &["t1"], &[])]);
    let sent = bench.writer.dispatch(4).unwrap().0;
    assert_eq!(sent.len(), 4);
    let theirs = Customer { remark: Some("theirs".to_owned()), ..rev(customer("c1", "c1"), 2) };
    bench.settle(1, Outcome::Moved(Box::new(theirs.any())));
    bench.settle(2, refused());
    bench.settle(3, Outcome::Unknown { words: "no answer".to_owned() });
    let view = bench.view();
    let rows: Vec<_> = view.rows.iter().map(|row| (row.n, row.state.word())).collect();
    assert_eq!(
        rows,
        [(1, "conflict"), (2, "failed"), (3, "unknown"), (4, "sending"), (6, "queued"), (5, "queued")]
    );
    assert_eq!(
        (view.total, view.rows[0].label.as_str(), view.rows[0].name.as_str()),
        (6, "a label", "名 c1")
    );
    let clash = &view.rows[0].clashes;
    assert_eq!(
        (clash.len(), &clash[0].field, &clash[0].mine, &clash[0].theirs),
        (1, &"remark".to_owned(), &json!("mine"), &json!("theirs"))
    );
    let attempts: Vec<u32> = view.rows.iter().map(|row| row.attempts).collect();
    assert_eq!(attempts, [1, 1, 1, 0, 0, 0], "what has reached the backend counts");
    assert_eq!((view.rows[1].words.as_deref(), view.rows[1].status), (Some("no"), Some(422)));
    assert_eq!(bench.mark("c1"), Some(WriteState::Conflict), "worse than the queued one");
    assert_eq!(bench.mark("c4"), Some(WriteState::Sending));
    let refused = Some(Unsettled { state: WriteState::Failed, words: Some("no".to_owned()) });
    assert_eq!(bench.unsettled("c2"), refused, "the backend's words stand with the row");
    let overview = bench.overview();
    assert_eq!((overview.unsent, overview.failed), (4, 2));
    // Theirs is what the backend has now.
    bench.put([Customer { remark: Some("theirs again".to_owned()), ..rev(customer("c1", "c1"), 3) }.any()]);
    assert_eq!(bench.view().rows[0].clashes[0].theirs, json!("theirs again"));
    bench.delete(Resource::Customers, "c1");
    assert_eq!(bench.view().rows[0].clashes[0].theirs, json!("theirs"), "as it was found");
    let mut some: Vec<OutboxRow> = Vec::new();
    let total = bench
        .reader
        .outbox(Some(2), &moment(), |row| {
            some.push(row);
            Ok(())
        })
        .unwrap();
    assert_eq!((total, some.len()), (6, 2));
}

#[test]
fn marks_stand_on_every_kind_of_row() {
    let mut bench = Bench::with([
        customer("c1", "甲").any(),
        tag("t1", "VIP", "k1", 1).any(),
        follow_up("f1", "c1", 1).any(),
    ]);
    bench.commit([
        Write::set_one(Resource::Tags, "t1", "name", "SVIP"),
        Write::set_one(Resource::FollowUps, "f1", "note", "x"),
        make(Resource::Events, "~e", json!({"customer_id": "c1", "kind": "note", "title": "x"})),
    ]);
    let queued = Some(Unsettled { state: WriteState::Queued, words: None });
    let Answer::Tags(tags) = bench.reader.answer(&Ask::Tags, &moment()).unwrap() else { panic!() };
    assert_eq!((tags[0].name.as_str(), tags[0].write.clone()), ("SVIP", queued.clone()));
    let Answer::FollowUp(Some(view)) = bench.reader.answer(&Ask::FollowUp("f1".into()), &moment()).unwrap()
    else {
        panic!()
    };
    assert_eq!(
        (view.row.write, view.recent[0].write.clone(), view.customer.unwrap().write),
        (queued.clone(), queued, None)
    );
}

#[test]
fn the_audit_tells_who_did_what_from_where_and_what_it_was() {
    let mut bench = Bench::with([
        Customer { remark: Some("旧".to_owned()), ..customer("c1", "甲") }.any(),
        crate::model::Operator { id: "o1".into(), name: "小李".to_owned(), ..Default::default() }.any(),
    ]);
    bench.commit([set("c1", json!({"remark": "新"}))]);
    let line = crate::model::AuditLine {
        actor: Actor { operator: None, account: "li".to_owned(), peer: None },
        command: "phone.reveal".to_owned(),
        what: "reveal".to_owned(),
        record: Some((Resource::Customers, "c1".to_owned(), "甲".to_owned())),
    };
    bench.writer.note(&line).unwrap();
    let mut lines = Vec::new();
    let each = |line| {
        lines.push(line);
        Ok(())
    };
    bench.reader.audit(None, &moment(), each).unwrap();
    assert_eq!((lines.len(), lines[0].what.as_str(), lines[0].account.as_str()), (2, "reveal", "li"));
    let first = &lines[1];
    assert_eq!((first.operator.as_deref(), first.peer.as_deref()), (Some("小李"), Some("10.0.0.7")));
    assert_eq!(
        (first.before.as_ref(), first.after.as_ref()),
        (Some(&json!({"remark": "旧"})), Some(&json!({"remark": "新"})))
    );
    assert_eq!((first.command.as_str(), first.at), ("a command", moment().now));
}

#[test]
fn drafts_are_kept_until_they_are_dropped() {
    let mut bench = Bench::new();
    let text = "第一行\n\u{1b}[31m".repeat(1000);
    bench.writer.save_draft("note:c1", &text).unwrap();
    bench.writer.save_draft("note:c2", "x").unwrap();
    bench.writer.save_draft("note:c2", "").unwrap();
    assert_eq!(bench.reader.draft("note:c1").unwrap().unwrap().text, text);
    assert_eq!(bench.reader.drafts().unwrap().len(), 1);
    bench.writer.drop_draft("note:c1").unwrap();
    assert_eq!(bench.reader.draft("note:c1").unwrap(), None);
}
