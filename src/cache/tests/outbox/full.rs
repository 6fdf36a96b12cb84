//! A disk without room, a small one of its own: needs the right to mount.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::*;
use crate::cache::Error;

/// A file system in memory of a few megabytes; it goes with this.
struct Disk {
    at: PathBuf,
    _folder: tempfile::TempDir,
}

impl Disk {
    /// `None` where it cannot be mounted.
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path().join("disk");
        fs::create_dir(&at).unwrap();
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", "size=6m", "tmpfs"]).arg(&at).output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Some(Self { at, _folder: folder });
        }
        eprintln!("skipped: no file system can be mounted here");
        None
    }

    /// Leaves no room at all.
    fn fill(&self) {
        let mut ballast = fs::File::create(self.at.join("ballast")).unwrap();
        while ballast.write_all(&[7; 4096]).is_ok() {}
    }

    fn make_room(&self) {
        fs::remove_file(self.at.join("ballast")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.at).output(); // or it goes with the machine
    }
}

/// A cache on that disk.
fn bench(disk: &Disk) -> Bench {
    let cache = Cache::open(&disk.at.join("cache"), moment().now).unwrap().cache;
    let (writer, reader) = (cache.writer(moment()).unwrap(), cache.reader().unwrap());
    let mut bench = Bench { folder: tempfile::tempdir().unwrap(), cache, writer, reader };
    bench.put((0..50).map(|n| rev(customer(&format!("c{n}"), "甲"), 1).any()));
    bench
}

fn assert_full<T: std::fmt::Debug>(result: Result<T, Error>) {
    let full = result.unwrap_err();
    assert!(matches!(full, Error::Full { .. }), "{full:?}");
    assert!(full.to_string().contains("no space left"), "{full}");
}

fn journal(bench: &Bench) -> PathBuf {
    bench.cache.path().with_file_name("outbox.journal")
}

/// Everything that the cache had, and no more, comes back out of the journal alone.
fn assert_salvaged(bench: Bench, disk: &Disk) {
    let before: Vec<_> = bench.view().rows.into_iter().map(|row| (row.n, row.write)).collect();
    drop(bench);
    let folder = disk.at.join("cache");
    for name in ["cache.db", "cache.db-wal", "cache.db-shm"] {
        let _ = fs::remove_file(folder.join(name));
    }
    let cache = Cache::open(&folder, moment().now).unwrap().cache;
    let mut after = Vec::new();
    let each = |row: crate::model::view::OutboxRow| {
        after.push((row.n, row.write));
        Ok(())
    };
    cache.reader().unwrap().outbox(None, &moment(), each).unwrap();
    let sorted = |mut rows: Vec<(i64, Write)>| {
        rows.sort_by_key(|row| row.0);
        rows
    };
    assert_eq!(sorted(after), sorted(before));
}

#[test]
fn without_room_nothing_is_half_written_and_with_room_the_same_commit_works() {
    let Some(disk) = Disk::mount() else { return };
    let mut bench = bench(&disk);
    bench.commit([set("c1", json!({"remark": "before"}))]);
    let plans = [
        bench.plan([set("c2", json!({"remark": "short"}))]),
        bench.plan((3..40).map(|n| set(&format!("c{n}"), json!({"remark": "long ".repeat(200)})))),
    ];
    let text = fs::read(journal(&bench)).unwrap();
    disk.fill();
    for plan in &plans {
        assert_full(bench.writer.commit(plan));
        assert_eq!(fs::read(journal(&bench)).unwrap(), text, "taken back");
    }
    assert_full(bench.writer.save_draft("note", "typed"));
    assert_full(bench.writer.discard(&[1], &actor()));
    assert_full(bench.writer.undo(&actor()));
    assert_eq!(bench.keys(Scope::Customers).len(), 50, "reading goes on");
    assert_eq!((bench.customer("c1")["remark"].clone(), bench.outbox().len()), (json!("before"), 1));
    assert_eq!(bench.customer("c2")["remark"], Value::Null);
    disk.make_room();
    for plan in &plans {
        assert_eq!(bench.writer.commit(plan).unwrap().moved, []);
    }
    assert_eq!(bench.outbox().len(), 39);
    assert_salvaged(bench, &disk);
}

#[test]
fn what_was_sent_and_could_not_be_noted_is_looked_for_afterwards() {
    let Some(disk) = Disk::mount() else { return };
    let mut bench = bench(&disk);
    bench.commit([set("c1", json!({"remark": "a"})), set("c2", json!({"remark": "b"}))]);
    let sent = bench.writer.dispatch(1).unwrap().0;
    assert_eq!(sent.len(), 1);
    disk.fill();
    let answer = Customer { remark: Some("a".to_owned()), ..rev(customer("c1", "甲"), 2) };
    assert_full(bench.writer.settle(1, &done(answer.clone())));
    assert_full(bench.writer.dispatch(1));
    assert_eq!((bench.state(1).as_str(), bench.state(2).as_str()), ("sending", "queued"));
    disk.make_room();
    assert_eq!(bench.writer.recover().unwrap(), 1);
    let again = bench.writer.dispatch(8).unwrap().0;
    let told: Vec<_> = again.iter().map(|again| (again.n, again.read_back)).collect();
    assert_eq!(told, [(1, true), (2, false)]);
    assert_eq!(again[0].key, sent[0].key);
    bench.settle(1, done(answer));
    assert_salvaged(bench, &disk);
}

#[test]
fn where_the_database_may_not_grow_nothing_of_a_commit_stays() {
    let mut bench = Bench::with((0..50).map(|n| customer(&format!("c{n}"), "甲").any()));
    bench.commit([set("c1", json!({"remark": "before"}))]);
    let text = fs::read(journal(&bench)).unwrap();
    let plan = bench.plan((2..50).map(|n| set(&format!("c{n}"), json!({"remark": "x".repeat(9000)}))));
    let pages = bench.number("PRAGMA page_count");
    bench.writer.connection().pragma_update(None, "max_page_count", pages).unwrap();
    assert_full(bench.writer.commit(&plan));
    assert_eq!((bench.outbox().len(), fs::read(journal(&bench)).unwrap()), (1, text));
    bench.writer.connection().pragma_update(None, "max_page_count", pages + 10_000).unwrap();
    assert_eq!(bench.writer.commit(&plan).unwrap().queued, 48);
}

#[test]
fn a_journal_that_cannot_be_made_stops_the_commit() {
    let mut bench = Bench::with([customer("c1", "甲").any()]);
    // Something else stands where the journal would be made.
    let path: &Path = &journal(&bench).with_extension("journal.new");
    fs::create_dir(path).unwrap();
    let plan = bench.plan([set("c1", json!({"remark": "a"}))]);
    let failed = bench.writer.commit(&plan).unwrap_err();
    assert!(matches!(failed, Error::Io { .. }), "{failed:?}");
    assert_eq!((bench.outbox().len(), bench.customer("c1")["remark"].clone()), (0, Value::Null));
    fs::remove_dir(path).unwrap();
    assert_eq!(bench.writer.commit(&plan).unwrap().queued, 1);
}
