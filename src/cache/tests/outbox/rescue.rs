//! What a damaged file gives away: the audit, undo, drafts, and writes that no journal has.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::cache::{Brought, Error, Opened, Share};

/// Lines of the audit by their number, drafts, and the states of the outbox.
#[derive(Clone, Debug, PartialEq)]
struct Kept {
    audit: BTreeMap<i64, String>,
    /// Lines of the audit that tell of what was got back.
    salvaged: usize,
    drafts: BTreeMap<String, String>,
    outbox: BTreeMap<i64, String>,
}

fn kept(cache: &Cache) -> Kept {
    let reader = cache.reader().unwrap();
    let (mut audit, mut salvaged) = (BTreeMap::new(), 0);
    let each = |row: crate::model::view::AuditRow| {
        if row.what == "salvage" {
            salvaged += 1; // not what was there, but what was got back
            return Ok(());
        }
        audit.insert(row.n, format!("{row:?}"));
        Ok(())
    };
    reader.audit(None, &moment(), each).unwrap();
    let drafts = reader.drafts().unwrap().into_iter().map(|draft| (draft.key, draft.text)).collect();
    let sql = "SELECT n, state FROM outbox ORDER BY n";
    let mut statement = reader.connection().prepare(sql).unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
    Kept { audit, salvaged, drafts, outbox: rows.map(Result::unwrap).collect() }
}

/// A cache in which an operator has worked for a while, its log in the file; nobody has it open.
fn worked() -> (tempfile::TempDir, Kept) {
    let mut bench = Bench::with((0..60).map(|n| rev(customer(&format!("c{n}"), "甲"), 1).any()));
    bench.commit([make(Resource::Tags, "~t", json!({"name": "新"}))]);
    bench.dispatch();
    bench.settle(1, done(tag("t9", "新", "k1", 1)));
    for round in 0..12 {
        bench.commit((0..20).map(|n| set(&format!("c{n}"), json!({"remark": format!("{round} 轮")}))));
    }
    for _ in 0..4 {
        for sent in bench.dispatch() {
            bench.settle(sent.n, if sent.n % 7 == 0 { refused() } else { Outcome::Done(None) });
        }
    }
    bench.dispatch();
    for n in 0..30 {
        bench.writer.save_draft(&format!("note {n}"), &"长".repeat(200 + 40 * n)).unwrap();
    }
    bench.writer.tidy().unwrap();
    let before = kept(&bench.cache);
    assert_eq!((before.audit.len(), before.drafts.len()), (241, 30));
    let Bench { folder, .. } = bench;
    (folder, before)
}

thread_local! {
    static WORKED: (tempfile::TempDir, Kept) = worked();
}

/// A copy of the file, with what lies beside it.
fn copied() -> (tempfile::TempDir, Kept) {
    WORKED.with(|(folder, before)| {
        let copy = tempfile::tempdir().unwrap();
        for name in ["cache.db", "outbox.journal"] {
            fs::copy(folder.path().join(name), copy.path().join(name)).unwrap();
        }
        (copy, before.clone())
    })
}

/// As if the file had shown damage in use.
fn replaced(folder: &Path) -> Opened {
    match Cache::open(folder, moment().now) {
        Ok(Opened { set_aside: None, cache, .. }) => cache.replace(moment().now).unwrap(),
        Ok(opened) => opened,
        // It reads as a file that is not for this program: whoever asks for it has it replaced.
        Err(Error::Foreign { .. } | Error::Newer { .. }) => {
            Cache::writable(&folder.join("cache.db")).replace(moment().now).unwrap()
        }
        Err(error) => panic!("{error}"),
    }
}

fn brought(salvaged: &Salvaged) -> Brought {
    salvaged.brought.unwrap()
}

#[test]
fn all_comes_over_that_can_be_read_and_undo_goes_on() {
    let (folder, before) = copied();
    let opened = replaced(folder.path());
    let whole = |kept| Share { kept, ..Share::default() };
    let writes = before.outbox.len();
    let all = Brought { audit: whole(241), commands: whole(13), writes: whole(writes), drafts: whole(30) };
    assert_eq!((brought(&opened.salvaged), is_whole(&opened.salvaged)), (all, true));
    let after = kept(&opened.cache);
    assert_eq!((&after.audit, &after.drafts), (&before.audit, &before.drafts));
    for (n, state) in &before.outbox {
        let now = &after.outbox[n];
        assert!(now == state || (state == "sending" && now == "unknown"), "{n}: {state}, {now}");
    }
    assert!(before.outbox.values().any(|state| state == "failed"), "what was refused stays so");
    let mut writer = opened.cache.writer(moment()).unwrap();
    let names: String = writer
        .connection()
        .query_row("SELECT id FROM local_ids WHERE local = '~t'", [], |row| row.get(0))
        .unwrap();
    assert_eq!(names, "t9");
    let mut batch = Batch::new(Resource::Customers);
    batch.upserts = (0..60).map(|n| rev(customer(&format!("c{n}"), "甲"), 1).any()).collect();
    writer.apply(&batch).unwrap();
    let undone = writer.undo(&actor()).unwrap();
    assert_eq!((undone.label.as_str(), undone.withdrawn + undone.left.len()), ("a label", 20));
    // The numbers go on where they were.
    assert!(kept(&opened.cache).audit.keys().all(|n| *n <= 241 || !before.audit.contains_key(n)));
    assert!(!folder.path().join("cache.fresh.db").exists() && !folder.path().join("cache.wreck.db").exists());
}

#[test]
fn without_a_journal_the_writes_of_the_damaged_file_are_looked_for_before_they_are_sent() {
    let (folder, before) = copied();
    fs::remove_file(folder.path().join("outbox.journal")).unwrap();
    let opened = replaced(folder.path());
    let after = kept(&opened.cache);
    let open = |state: &&String| matches!(state.as_str(), "queued" | "sending" | "unknown");
    let (unknown, were_open) = (after.outbox.values(), before.outbox.values());
    assert_eq!(unknown.filter(|state| *state == "unknown").count(), were_open.filter(open).count());
    assert!(is_whole(&opened.salvaged));
}

#[test]
fn a_broken_header_keeps_nothing_back() {
    for at in [3, 16, 18, 19, 20, 21, 30, 57, 59] {
        let (folder, before) = copied();
        let path = folder.path().join("cache.db");
        let mut bytes = fs::read(&path).unwrap();
        bytes[at] ^= 0x55;
        fs::write(&path, bytes).unwrap();
        let opened = replaced(folder.path());
        assert_eq!(kept(&opened.cache).audit, before.audit, "byte {at}");
        assert!(brought(&opened.salvaged).audit.is_whole(), "byte {at}");
    }
}

#[test]
fn one_broken_page_takes_what_is_on_it_and_no_more() {
    let (folder, before) = copied();
    let bytes = fs::read(folder.path().join("cache.db")).unwrap();
    let connection = rusqlite::Connection::open(folder.path().join("cache.db")).unwrap();
    let sql = "SELECT count(*) FROM sqlite_schema WHERE name = 'audit' AND rootpage > 0";
    assert_eq!(connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
    drop(connection);
    let mut most = 0;
    for page in 1..bytes.len() / 4096 {
        let (folder, _) = copied();
        let mut bytes = bytes.clone();
        bytes[page * 4096..][..64].fill(0xff);
        fs::write(folder.path().join("cache.db"), bytes).unwrap();
        let opened = replaced(folder.path());
        let (after, share) = (kept(&opened.cache), brought(&opened.salvaged).audit);
        assert!(after.audit.iter().all(|(n, line)| before.audit[n] == *line), "page {page}");
        let lost = before.audit.len() - after.audit.len();
        assert!(
            (after.audit.len()..=after.audit.len() + after.salvaged).contains(&share.kept)
                && (share.lost == lost || share.broken),
            "{page}: {share:?} {lost}"
        );
        assert!(lost < 60 || share.broken, "page {page}: {lost} lines lost");
        most = most.max(lost);
    }
    assert!(most > 0, "a page of the audit was among them");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    #[test]
    fn whatever_rots_what_comes_over_is_what_was_there_and_the_rest_is_told(
        spoilt in prop::collection::vec((0.0..1.0f64, any::<u8>()), 1..5), cut in any::<bool>(),
    ) {
        let (folder, before) = copied();
        let path = folder.path().join("cache.db");
        let mut bytes = fs::read(&path).unwrap();
        for (place, flip) in &spoilt {
            let at = ((bytes.len() - 1) as f64 * place) as usize;
            bytes[at] ^= flip.max(&1);
        }
        if cut {
            bytes.truncate((bytes.len() as f64 * spoilt[0].0) as usize);
        }
        fs::write(&path, bytes).unwrap();
        let opened = replaced(folder.path());
        let (after, all) = (kept(&opened.cache), brought(&opened.salvaged));
        // A flipped byte may stand within a line, which comes over with it.
        let other = after.audit.iter().filter(|(n, line)| before.audit.get(n) != Some(line)).count();
        prop_assert!(other <= spoilt.len(), "{} lines are others", other);
        let missing = before.audit.keys().filter(|n| !after.audit.contains_key(n)).count();
        prop_assert!(missing <= all.audit.lost + spoilt.len() || all.audit.broken, "{} missing, {:?}", missing, all.audit);
        // Opening the damaged file may have got writes back already, and noted it there.
        let kept = after.audit.len();
        prop_assert!((kept..=kept + after.salvaged).contains(&all.audit.kept), "{} {:?}", kept, all.audit);
        let other = after.drafts.iter().filter(|(key, text)| before.drafts.get(*key) != Some(text)).count();
        prop_assert!(other <= spoilt.len());
        // The open writes stand in the journal, which is whole.
        let open = before.outbox.iter().filter(|(_, state)| *state != "done");
        for (n, state) in open {
            prop_assert!(after.outbox.contains_key(n), "{} {}", n, state);
        }
        prop_assert!(is_whole(&opened.salvaged), "{:?}", opened.salvaged);
        // And it can be worked with.
        let mut writer = opened.cache.writer(moment()).unwrap();
        writer.recover().unwrap();
        writer.dispatch(100).unwrap();
        writer.note(&crate::model::AuditLine { actor: actor(), command: "x".into(), what: "x".into(), record: None }).unwrap();
    }
}

#[test]
fn a_page_that_looks_empty_is_noticed_by_the_numbers_that_were_given() {
    let (folder, before) = copied();
    let path = folder.path().join("cache.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'audit'";
    let root: i64 = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    let root = usize::try_from(root).unwrap();
    drop(connection);
    let mut bytes = fs::read(&path).unwrap();
    // The root as a leaf of a table without a row.
    bytes[(root - 1) * 4096..][..8].copy_from_slice(&[13, 0, 0, 0, 0, 0x10, 0, 0]);
    fs::write(&path, bytes).unwrap();
    let opened = replaced(folder.path());
    let share = brought(&opened.salvaged).audit;
    assert_eq!((share.kept, share.lost), (0, before.audit.len()), "{share:?}");
}
