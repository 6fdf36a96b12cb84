//! Writes that are not sent yet, and a cache whose files are cut, flipped or gone.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use super::*;
use crate::cache::{Error, Opened};
use crate::model::view::OutboxRow;
use crate::model::{CustomerId, WriteState};

fn journal(folder: &Path) -> PathBuf {
    folder.join("outbox.journal")
}

fn send(local: &str, customer: &str, body: &str) -> Write {
    let customer_id: CustomerId = customer.into();
    let deed = Deed::Send { customer_id, channel: "wecom".to_owned(), body: body.to_owned() };
    Write { resource: Resource::Events, id: local.to_owned(), deed }
}

fn open(folder: &Path) -> Opened {
    Cache::open(folder, moment().now).unwrap()
}

/// Open writes of a cache that was opened anew.
fn open_writes(cache: &Cache) -> Vec<OutboxRow> {
    let mut rows = Vec::new();
    let each = |row| {
        rows.push(row);
        Ok(())
    };
    cache.reader().unwrap().outbox(None, &moment(), each).unwrap();
    rows.sort_by_key(|row| row.n);
    rows
}

/// A cache with writes in every state; the writer is given up as if the process had ended.
fn worked() -> (tempfile::TempDir, Vec<OutboxRow>) {
    let mut bench = Bench::with((0..40).map(|n| rev(customer(&format!("c{n}"), "甲"), 1).any()));
    bench.put([tag("t1", "VIP", "k1", 1).any()]);
    bench.commit([set("c1", json!({"remark": "one"})), tagging("c1", &["t1"], &[])]);
    bench.commit([make(Resource::FollowUps, "~f", json!({"customer_id": "c2", "title": "回访"}))]);
    bench.commit([send("~m", "c3", "你好")]);
    bench.commit([set("c4", json!({"city": "杭州"})), set("c5", json!({"city": "上海"}))]);
    bench.dispatch(); // c1 remark, ~f, ~m, c4, c5 are on their way
    bench.settle(5, refused());
    bench.settle(6, done(Customer { city: Some("上海".to_owned()), ..rev(customer("c5", "甲"), 2) }));
    bench.commit((6..30).map(|n| set(&format!("c{n}"), json!({"remark": format!("later {n}")}))));
    bench.writer.discard(&[30], &actor()).unwrap();
    let rows = open_writes(&bench.cache);
    assert_eq!(rows.len(), 28);
    let Bench { folder, .. } = bench;
    (folder, rows)
}

/// Copies what lies in a folder, as a crash leaves it.
fn copied(folder: &Path) -> tempfile::TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        // The index of the log is made again where it is missing.
        if !file.file_name().to_string_lossy().ends_with("-shm") {
            fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
        }
    }
    copy
}

fn by_key(rows: &[OutboxRow]) -> BTreeMap<i64, (Write, String)> {
    rows.iter().map(|row| (row.n, (row.write.clone(), row.name.clone()))).collect()
}

/// What has not been lost: all the writes, each once; what may have arrived is looked for first.
fn assert_kept(opened: &Opened, before: &[OutboxRow]) {
    let after = open_writes(&opened.cache);
    let (before_by, after_by) = (by_key(before), by_key(&after));
    // What was settled may come back where the log of the database is gone, to be looked for.
    for (n, write) in &before_by {
        assert_eq!(after_by.get(n), Some(write), "{:?}", opened.salvaged);
    }
    let known: BTreeSet<i64> = before_by.keys().copied().collect();
    for row in &after {
        if !known.contains(&row.n) {
            assert_eq!((row.n, row.state), (6, WriteState::Unknown), "brought back");
        }
        let was = before.iter().find(|was| was.n == row.n);
        if was.is_some_and(|was| was.state == WriteState::Sending) {
            let state = row.state;
            assert!(matches!(state, WriteState::Sending | WriteState::Unknown), "{} is {state:?}", row.n);
        }
    }
    assert_eq!((&opened.salvaged.lost, opened.salvaged.unread), (&Vec::new(), 0));
}

#[test]
fn every_open_write_comes_back_when_the_database_is_gone() {
    let (folder, before) = worked();
    fs::remove_file(folder.path().join("cache.db")).unwrap();
    let _ = fs::remove_file(folder.path().join("cache.db-wal"));
    let _ = fs::remove_file(folder.path().join("cache.db-shm"));
    let opened = open(folder.path());
    assert_eq!(opened.salvaged, Salvaged { kept: 28, ..Salvaged::default() });
    assert_kept(&opened, &before);
    let mut audit = Vec::new();
    let each = |line: crate::model::view::AuditRow| {
        audit.push((line.what, line.record.unwrap_or_default(), line.name.unwrap_or_default()));
        Ok(())
    };
    opened.cache.reader().unwrap().audit(None, &moment(), each).unwrap();
    assert_eq!(audit.len(), 28, "a line for each: {audit:?}");
    assert!(audit.iter().all(|(what, ..)| what == "salvage"));
    assert!(audit.contains(&("salvage".to_owned(), "c1".to_owned(), "名 c1".to_owned())), "{audit:?}");
    let states: BTreeMap<i64, WriteState> =
        open_writes(&opened.cache).iter().map(|row| (row.n, row.state)).collect();
    // On their way, or to a customer: looked for. The others: queued.
    assert_eq!(
        (states[&1], states[&3], states[&4]),
        (WriteState::Unknown, WriteState::Unknown, WriteState::Unknown)
    );
    assert_eq!((states[&2], states[&8]), (WriteState::Queued, WriteState::Queued));

    // Nothing is written over what nobody has seen yet, and rows come with the pull.
    let mut writer = opened.cache.writer(moment()).unwrap();
    let reader = opened.cache.reader().unwrap();
    let sent = writer.dispatch(100).unwrap().0;
    assert!(sent.iter().all(|sent| !sent.write.is_guarded()), "{sent:?}");
    let mark = writer.begin_pull(Resource::Customers).unwrap();
    let mut batch = Batch::new(Resource::Customers);
    batch.pull = Some(mark);
    batch.upserts = (0..40).map(|n| rev(customer(&format!("c{n}"), "甲"), 1).any()).collect();
    writer.apply(&batch).unwrap();
    let record = reader.record(Resource::Customers, "c1").unwrap().unwrap();
    assert!(record.contains("\"one\"") && record.contains("\"t1\""), "{record}");
    writer.finish_pull(Resource::Customers, mark).unwrap();
    writer.at(moment_at(NOW + 10_000)).unwrap();
    let sent = writer.dispatch(100).unwrap().0;
    assert!(sent.iter().any(|sent| sent.n == 1 && sent.read_back && sent.if_match.as_deref() == Some("1")));
    assert!(sent.iter().any(|sent| sent.n == 8 && !sent.read_back && sent.if_match.as_deref() == Some("1")));
    // And a second time nothing is to be done.
    drop((writer, reader));
    assert_eq!(open(folder.path()).salvaged, Salvaged::default());
}

#[test]
fn a_log_that_is_cut_or_rots_takes_nothing_with_it() {
    let (folder, before) = worked();
    let log = fs::read(folder.path().join("cache.db-wal")).unwrap_or_default();
    assert!(log.len() > 100_000, "nothing has been moved out of it");
    for part in 0..=40 {
        let copy = copied(folder.path());
        let file = fs::File::options().write(true).open(copy.path().join("cache.db-wal")).unwrap();
        file.set_len(log.len() as u64 * part / 40).unwrap();
        let opened = open(copy.path());
        assert_kept(&opened, &before);
        assert_eq!(open(copy.path()).salvaged, Salvaged::default());
    }
}

/// Overwrites a byte of a file, or cuts it there.
fn spoil(path: &Path, place: f64, flip: u8) {
    let mut bytes = fs::read(path).unwrap();
    if bytes.is_empty() {
        return;
    }
    let at = ((bytes.len() - 1) as f64 * place) as usize;
    match flip {
        0 => bytes.truncate(at),
        flip => bytes[at] ^= flip,
    }
    fs::write(path, bytes).unwrap();
}

/// Opens a cache and works with it until all is seen; what shows damage in use is replaced.
fn used(folder: &Path) -> Opened {
    let opened = match Cache::open(folder, moment().now) {
        // It reads as a file that is not for this program to touch: the operator moves it away.
        Err(Error::Foreign { .. } | Error::Newer { .. }) => {
            for name in ["cache.db", "cache.db-wal", "cache.db-shm"] {
                let _ = fs::remove_file(folder.join(name));
            }
            open(folder)
        }
        opened => opened.unwrap(),
    };
    let work = || -> crate::cache::Result<()> {
        let mut writer = opened.cache.writer(moment())?;
        writer.recover()?;
        let reader = opened.cache.reader()?;
        reader.outbox(None, &moment(), |_| Ok(()))?;
        for sent in writer.dispatch(100)?.0 {
            writer.settle(sent.n, &later(0, false))?;
        }
        Ok(())
    };
    match work() {
        Err(error) if error.is_damage() => opened.cache.replace(moment().now).unwrap(),
        Err(error) => panic!("{error}"),
        Ok(()) => opened,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(40) })]

    #[test]
    fn nothing_is_lost_while_the_journal_is_whole(
        spoilt in prop::collection::vec((any::<bool>(), 0.0..1.0f64, any::<u8>()), 1..6),
        tidied in any::<bool>(),
    ) {
        let (folder, before) = WORKED.with(|worked| (copied(worked.0.path()), worked.1.clone()));
        if tidied {
            open(folder.path()).cache.writer(moment()).unwrap().tidy().unwrap();
        }
        for (log, place, flip) in spoilt {
            let file = folder.path().join(if log { "cache.db-wal" } else { "cache.db" });
            if file.exists() {
                spoil(&file, place, flip);
            }
        }
        let opened = used(folder.path());
        let after = by_key(&open_writes(&opened.cache));
        for (n, write) in by_key(&before) {
            prop_assert_eq!(after.get(&n), Some(&write), "write {} with {:?}", n, &opened.salvaged);
        }
        prop_assert!(is_whole(&opened.salvaged), "{:?}", &opened.salvaged);
    }

    #[test]
    fn with_the_journal_damaged_too_whole_lines_survive_and_the_others_are_told(
        place in 0.0..1.0f64, flip in any::<u8>(),
    ) {
        let (folder, before) = WORKED.with(|worked| (copied(worked.0.path()), worked.1.clone()));
        spoil(&journal(folder.path()), place, flip);
        let spoilt = fs::read(journal(folder.path())).unwrap();
        let lines: Vec<&[u8]> = spoilt.split_inclusive(|byte| *byte == b'\n').collect();
        let nonsense = b"this was a database once, and now it is not any more; it is long enough";
        fs::write(folder.path().join("cache.db"), nonsense).unwrap();
        fs::remove_file(folder.path().join("cache.db-wal")).unwrap();
        let opened = used(folder.path());
        let after = by_key(&open_writes(&opened.cache));
        let mut missing = 0;
        for (n, write) in by_key(&before) {
            let there = after.get(&n) == Some(&write);
            missing += usize::from(!there);
            let needle = format!(r#"{{"write":{{"n":{n},"#);
            let is_whole = lines.iter().any(|line| {
                let text = String::from_utf8_lossy(line);
                text.contains(&needle) && text.ends_with("}}}\n")
            });
            prop_assert!(there || !is_whole || flip != 0, "a whole line of {} did not survive", n);
        }
        if flip != 0 {
            prop_assert!(missing <= 2 && missing <= opened.salvaged.unread, "{} {:?}", missing, opened.salvaged);
            let aside = opened.salvaged.journal.as_ref().map(|aside| fs::read(aside).unwrap());
            prop_assert!(missing == 0 || aside.as_ref() == Some(&spoilt), "what is left of it is kept");
        }
    }
}

thread_local! {
    static WORKED: (tempfile::TempDir, Vec<OutboxRow>) = worked();
}

#[test]
fn what_cannot_be_read_back_is_named_where_the_damaged_file_has_its_name() {
    let (folder, _) = worked();
    fs::remove_file(journal(folder.path())).unwrap();
    let cache = open(folder.path());
    let rot = "UPDATE outbox SET image = substr(image, 2) WHERE record <> 'c5'";
    cache.cache.writer(moment()).unwrap().connection().execute_batch(rot).unwrap();
    let salvaged = cache.cache.replace(moment().now).unwrap().salvaged;
    assert_eq!((salvaged.kept, salvaged.lost.len()), (0, 28));
    assert!(salvaged.lost.contains(&"名 c1: remark".to_owned()), "{:?}", salvaged.lost);
    assert!(!is_whole(&salvaged));
}

#[test]
fn the_journal_is_there_while_something_is_open_and_only_the_owners() {
    let mut bench = Bench::with([customer("c1", "甲").any(), customer("c2", "乙").any()]);
    let path = journal(bench.folder.path());
    bench.commit([set("c1", json!({"remark": "a"})), set("c2", json!({"remark": "b"}))]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
    let text = fs::read_to_string(&path).unwrap();
    assert_eq!((text.lines().count(), text.ends_with("}+\n")), (4, true), "{text}");
    bench.dispatch();
    bench.settle(1, Outcome::Done(None));
    assert!(path.exists());
    bench.settle(2, Outcome::Done(None));
    assert!(!path.exists(), "nothing is open");
    bench.commit([set("c1", json!({"remark": "c"}))]);
    assert_eq!(fs::read_to_string(&path).unwrap().lines().count(), 3);
    bench.writer.undo(&actor()).unwrap();
    assert!(!path.exists(), "withdrawn");
}

#[test]
fn what_was_not_committed_is_not_brought_back() {
    let mut bench = Bench::with([customer("c1", "甲").any()]);
    bench.commit([set("c1", json!({"remark": "a"}))]);
    let path = journal(bench.folder.path());
    let before = fs::read(&path).unwrap();
    // As when a process is killed between the journal and the commit: lines of another one, unsealed.
    let mut other = Bench::with([customer("c1", "甲").any()]);
    other.commit([set("c1", json!({"remark": "never"}))]);
    let text = fs::read_to_string(journal(other.folder.path())).unwrap().replace("}+\n", "}?\n");
    let (_, tail) = text.split_once('\n').unwrap();
    fs::write(&path, [&before, tail.as_bytes()].concat()).unwrap();
    assert_eq!(open(bench.folder.path()).salvaged, Salvaged::default());
    assert_eq!(bench.view().rows.len(), 1);
    // The next one writes over it.
    bench.commit([set("c1", json!({"remark": "b"}))]);
    let text = fs::read_to_string(journal(bench.folder.path())).unwrap();
    assert!(!text.contains("never") && text.contains("\"b\""), "{text}");
    fs::remove_file(bench.folder.path().join("cache.db")).unwrap();
    let _ = fs::remove_file(bench.folder.path().join("cache.db-wal"));
    let _ = fs::remove_file(bench.folder.path().join("cache.db-shm"));
    assert_eq!(open(bench.folder.path()).salvaged.kept, 2);
}

#[test]
fn two_processes_share_the_journal_and_one_that_is_lost_is_made_again() {
    let mut bench = Bench::with((0..9).map(|n| customer(&format!("c{n}"), "甲").any()));
    let second = open(bench.folder.path());
    let mut other = second.cache.writer(moment()).unwrap();
    for n in 0..4 {
        bench.commit([set(&format!("c{n}"), json!({"remark": "mine"}))]);
        let plan = bench.plan([set(&format!("c{}", n + 4), json!({"remark": "theirs"}))]);
        other.commit(&plan).unwrap();
        if n == 2 {
            fs::remove_file(journal(bench.folder.path())).unwrap();
        }
    }
    drop((other, second));
    let rows = open_writes(&bench.cache);
    assert_eq!(rows.len(), 8);
    for name in ["cache.db", "cache.db-wal", "cache.db-shm"] {
        let _ = fs::remove_file(bench.folder.path().join(name));
    }
    let opened = open(bench.folder.path());
    assert_eq!(opened.salvaged.kept, 8);
    assert_eq!(by_key(&open_writes(&opened.cache)), by_key(&rows));
}

#[test]
fn what_was_changed_since_comes_back_as_it_was_changed() {
    let mut bench = Bench::with([customer("c1", "甲").any()]);
    bench.commit([set("c1", json!({"remark": "typo"})), make(Resource::Tags, "~t", json!({"name": "新"}))]);
    bench.commit([tagging("c1", &["~t"], &[])]);
    bench.writer.amend(1, &set("c1", json!({"remark": "right"})), &actor()).unwrap();
    bench.dispatch();
    bench.settle(2, done(tag("t9", "新", "k1", 1)));
    bench.writer.at(moment_at(NOW + 60_000)).unwrap();
    let rows = open_writes(&bench.cache);
    for name in ["cache.db", "cache.db-wal", "cache.db-shm"] {
        let _ = fs::remove_file(bench.folder.path().join(name));
    }
    let opened = open(bench.folder.path());
    assert_eq!(by_key(&open_writes(&opened.cache)), by_key(&rows));
    assert_eq!(rows.iter().map(|row| row.n).collect::<Vec<_>>(), [1, 3]);
}
