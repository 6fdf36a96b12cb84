//! The file itself: damage, versions, permissions, other processes, a full disk.

use std::fs;
use std::io::Write;
use std::path::Path;

use super::*;
use crate::cache::{Error, Opened};

/// A folder with a cache of some customers, written to the file itself.
fn filled() -> tempfile::TempDir {
    let mut bench = Bench::with((0..400).map(|n| customer(&format!("c{n:03}"), "欧阳明月").any()));
    bench.put([tag("t1", "VIP", "k1", 1).any()]);
    bench.writer.tidy().unwrap();
    let Bench { folder, .. } = bench;
    folder
}

fn open(folder: &Path) -> Opened {
    Cache::open(folder, moment().now).unwrap()
}

fn assert_fresh(opened: &Opened, folder: &Path) {
    let aside = opened.set_aside.as_ref().expect("set aside");
    assert!(aside.exists() && aside.parent() == Some(folder));
    assert!(aside.file_name().unwrap().to_str().unwrap().contains("20260317T024200Z"), "{aside:?}");
    let count = opened.cache.reader().unwrap().count(&Query::all(Scope::Customers), &moment()).unwrap();
    assert_eq!(count, 0);
}

#[test]
fn a_file_that_is_no_database_is_set_aside() {
    let folder = filled();
    let path = folder.path().join("cache.db");
    let mut file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    file.write_all(b"this is not what it was").unwrap();
    let opened = open(folder.path());
    assert_fresh(&opened, folder.path());
    // A second accident in the same second gets a name of its own.
    drop(opened);
    fs::write(&path, b"nor is this a database, though it is long enough to look like one.........").unwrap();
    let again = open(folder.path());
    assert!(again.set_aside.unwrap().to_str().unwrap().ends_with("-1.db"));
}

#[test]
fn a_file_cut_to_nothing_is_set_aside_and_a_fresh_folder_is_not() {
    for keep in [0, 1, 99] {
        let folder = filled();
        drop(open(folder.path()));
        let path = folder.path().join("cache.db");
        fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(keep).unwrap();
        assert!(Cache::open_existing(folder.path()).is_err_and(|error| error.is_damage()), "{keep}");
        let opened = open(folder.path());
        assert_fresh(&opened, folder.path());
        let audit = opened.salvaged.brought.expect("it is told what came over").audit;
        assert!(audit.broken && audit.lost == 0, "{audit:?}");
        drop(opened);
        assert_eq!(open(folder.path()).set_aside, None, "once");
    }
    // The log alone.
    let folder = filled();
    drop(open(folder.path()));
    let path = folder.path().join("cache.db");
    fs::remove_file(&path).unwrap();
    fs::write(folder.path().join("cache.db-wal"), [7; 4096]).unwrap();
    assert_fresh(&open(folder.path()), folder.path());
    // What somebody takes away whole, or a process was killed over before it made anything.
    let folder = filled();
    drop(open(folder.path()));
    fs::remove_file(folder.path().join("cache.db")).unwrap();
    assert_eq!(open(folder.path()).set_aside, None);
    let folder = tempfile::tempdir().unwrap();
    assert!(Cache::open_existing(folder.path()).is_err_and(|error| !error.is_damage()));
    fs::write(folder.path().join("cache.db"), "").unwrap();
    assert_eq!(open(folder.path()).set_aside, None);
}

#[test]
fn a_truncated_file_is_set_aside() {
    let folder = filled();
    let path = folder.path().join("cache.db");
    let length = fs::metadata(&path).unwrap().len();
    for keep in [length / 2, length - 1, 100] {
        let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.set_len(keep).unwrap();
        let opened = open(folder.path());
        assert_fresh(&opened, folder.path());
        let mut writer = opened.cache.writer(moment()).unwrap();
        let mut batch = Batch::new(Resource::Customers);
        batch.upserts = (0..400).map(|n| customer(&format!("c{n:03}"), "欧阳明月").any()).collect();
        writer.apply(&batch).unwrap();
        writer.tidy().unwrap();
        drop((opened, writer));
        let aside: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        for file in aside.into_iter().flatten().filter(|file| file.path() != path) {
            fs::remove_file(file.path()).unwrap();
        }
    }
}

#[test]
fn damage_within_shows_in_use_and_is_replaced_then() {
    let folder = filled();
    let path = folder.path().join("cache.db");
    let mut bytes = fs::read(&path).unwrap();
    // Pages that hold rows of customers, and nothing else.
    for page in bytes.chunks_mut(4096) {
        if page.windows(12).filter(|text| *text == "欧阳明月".as_bytes()).count() > 3 {
            page[..64].fill(0xff);
        }
    }
    fs::write(&path, bytes).unwrap();
    let opened = open(folder.path());
    assert_eq!(opened.set_aside, None, "not to be seen at a glance");
    let sought = opened.cache.reader().unwrap().check(std::time::Duration::from_secs(30));
    assert!(sought.as_ref().is_err_and(Error::is_damage), "{sought:?}");
    let mut bench_keys = Vec::new();
    let query = Query::all(Scope::Customers);
    let reader = opened.cache.reader().unwrap();
    let read = reader.records(&query, &query.scope.default_sort(), None, &moment(), |key, _| {
        bench_keys.push(key.id.clone());
        Ok(())
    });
    assert!(read.as_ref().is_err_and(Error::is_damage), "{read:?}");
    drop(reader);
    let replaced = opened.cache.replace(moment().now).unwrap();
    assert_fresh(&replaced, folder.path());
}

#[test]
fn a_newer_or_foreign_cache_is_refused_and_left_alone() {
    let folder = filled();
    let path = folder.path().join("cache.db");
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.pragma_update(None, "user_version", 99).unwrap();
    drop(raw);
    let before = fs::read(&path).unwrap();
    let refused = Cache::open(folder.path(), moment().now).unwrap_err();
    assert!(matches!(refused, Error::Newer { found: 99, .. }), "{refused}");
    assert!(Cache::open_existing(folder.path()).is_err());
    assert_eq!(fs::read(&path).unwrap(), before);

    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch("PRAGMA user_version = 1; PRAGMA application_id = 42;").unwrap();
    drop(raw);
    assert!(matches!(Cache::open(folder.path(), moment().now), Err(Error::Foreign { .. })));
}

#[test]
fn a_cache_of_before_is_spelled_anew() {
    let folder = filled();
    let path = folder.path().join("cache.db");
    let raw = rusqlite::Connection::open(&path).unwrap();
    let pinyins = |raw: &rusqlite::Connection| -> Vec<String> {
        let mut read = raw.prepare("SELECT pinyin FROM customers ORDER BY id").unwrap();
        read.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect()
    };
    let before = pinyins(&raw);
    assert!(before.iter().any(|pinyin| !pinyin.is_empty()));
    raw.execute_batch("UPDATE customers SET pinyin = 'x'; PRAGMA user_version = 6;").unwrap();
    drop(raw);
    drop(open(folder.path()));
    assert_eq!(pinyins(&rusqlite::Connection::open(&path).unwrap()), before);
}

#[test]
fn opening_again_finds_what_was_there() {
    let folder = filled();
    let opened = open(folder.path());
    assert_eq!(opened.set_aside, None);
    let count = opened.cache.reader().unwrap().count(&Query::all(Scope::Customers), &moment()).unwrap();
    assert_eq!(count, 400);
    let reader = opened.cache.reader().unwrap();
    assert!(reader.check(std::time::Duration::from_secs(30)).unwrap(), "whole, and looked through");
    let existing = Cache::open_existing(folder.path()).unwrap();
    assert!(!existing.is_writable());
    assert!(matches!(existing.writer(moment()), Err(Error::ReadOnly { .. })));
}

#[test]
fn no_cache_yet_names_the_command_that_makes_one() {
    let folder = tempfile::tempdir().unwrap();
    let missing = Cache::open_existing(folder.path()).unwrap_err();
    assert!(matches!(missing, Error::Missing { .. }));
    assert!(missing.to_string().contains("siyu sync"), "{missing}");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "looking makes nothing");
}

#[cfg(unix)]
#[test]
fn folder_and_files_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let base = tempfile::tempdir().unwrap();
    let folder = Cache::folder(base.path(), "main");
    let opened = open(&folder);
    let mut writer = opened.cache.writer(moment()).unwrap();
    let mut batch = Batch::new(Resource::Customers);
    batch.upserts.push(customer("c1", "甲").any());
    writer.apply(&batch).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 3, "{files:?}");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{file:?}");
    }
}

#[test]
fn profiles_lie_apart_and_inside_the_base() {
    let base = Path::new("/base");
    let names = ["main", "Main", "杭州", "..", "a/b", "", "%", "a%2Fb"];
    let folders: std::collections::BTreeSet<_> = names.iter().map(|name| Cache::folder(base, name)).collect();
    assert_eq!(folders.len(), names.len());
    assert!(folders.iter().all(|folder| folder.parent() == Some(base)), "{folders:?}");
}

#[test]
fn two_processes_share_a_cache() {
    let mut bench = Bench::new();
    let second = open(bench.folder.path());
    let mut other = second.cache.writer(moment()).unwrap();
    let other_reader = second.cache.reader().unwrap();
    for n in 0..20 {
        bench.put([customer(&format!("a{n}"), "甲").any()]);
        let mut batch = Batch::new(Resource::Customers);
        batch.upserts.push(customer(&format!("b{n}"), "乙").any());
        other.apply(&batch).unwrap();
    }
    assert_eq!(other_reader.count(&Query::all(Scope::Customers), &moment()).unwrap(), 40);
    assert_eq!(bench.keys(Scope::Customers).len(), 40);
    assert!(bench.cache.path().exists());

    let (now, later) = (moment().now, Time::from_millis(NOW + 30_000));
    assert!(bench.writer.take_lease("a", now, later).unwrap());
    assert!(!other.take_lease("b", now, later).unwrap(), "held");
    assert!(bench.writer.take_lease("a", now, later).unwrap(), "renewed");
    assert!(other.take_lease("b", later, Time::from_millis(NOW + 60_000)).unwrap(), "it had run out");
    bench.writer.release_lease("a").unwrap();
    assert_eq!(bench.writer.lease().unwrap().unwrap().holder, "b", "only the holder releases");
    other.release_lease("b").unwrap();
    assert_eq!(bench.writer.lease().unwrap(), None);
}

#[test]
fn how_the_backend_stands_goes_with_the_lease_and_is_written_when_it_changes() {
    use crate::cache::Away;
    use crate::model::{Trouble, TroubleKind};
    let mut bench = Bench::new();
    let mut other = open(bench.folder.path()).cache.writer(moment()).unwrap();
    let away = |kind, at: i64| Away {
        trouble: Trouble { kind, text: "GET /v1/meta: 不".to_owned(), remedy: "wait".to_owned() },
        retry_at: Time::from_millis(NOW + at),
    };
    let (now, later) = (moment().now, Time::from_millis(NOW + 30_000));
    let known = |other: &Writer| other.lease().unwrap().unwrap().away;
    assert!(bench.writer.take_lease("a", now, later).unwrap());
    bench.writer.keep_away("a", Some(&away(TroubleKind::Connect, 1))).unwrap();
    assert_eq!(known(&other), Some(away(TroubleKind::Connect, 1)));
    let seen = other.others().unwrap();
    bench.writer.keep_away("a", Some(&away(TroubleKind::Connect, 2))).unwrap();
    assert_eq!(other.others().unwrap(), seen, "said already");
    bench.writer.keep_away("b", None).unwrap();
    assert_eq!(known(&other), Some(away(TroubleKind::Connect, 1)), "not b's to say");
    bench.writer.keep_away("a", Some(&away(TroubleKind::Rate, 3))).unwrap();
    bench.writer.keep_away("a", Some(&away(TroubleKind::Rate, 4))).unwrap();
    assert_eq!(known(&other), Some(away(TroubleKind::Rate, 4)), "a moment that the backend named");
    assert!(bench.writer.take_lease("a", now, later).unwrap(), "renewed");
    assert!(known(&other).is_some());
    assert!(other.take_lease("b", later, Time::from_millis(NOW + 60_000)).unwrap());
    assert_eq!(known(&other), None, "the next holder has asked nobody yet");
    other.keep_away("b", Some(&away(TroubleKind::Auth, 0))).unwrap();
    other.keep_away("b", None).unwrap();
    assert_eq!(known(&other), None);
}

#[test]
fn a_full_disk_is_said_and_reading_goes_on() {
    let mut bench = Bench::with([customer("c1", "甲").any()]);
    bench.writer.connection().pragma_update(None, "max_page_count", 80).unwrap();
    let mut batch = Batch::new(Resource::Customers);
    batch.upserts = (0..5000).map(|n| customer(&format!("x{n}"), "乙").any()).collect();
    let full = bench.writer.apply(&batch).unwrap_err();
    assert!(matches!(full, Error::Full { .. }), "{full}");
    assert_eq!(bench.keys(Scope::Customers), ["c1"], "all or nothing");
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_read() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = filled();
    let path = folder.path().join("cache.db");
    for file in fs::read_dir(folder.path()).unwrap() {
        fs::set_permissions(file.unwrap().path(), fs::Permissions::from_mode(0o400)).unwrap();
    }
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o500)).unwrap();
    if fs::OpenOptions::new().write(true).open(&path).is_ok() {
        eprintln!("skipped: this user writes to read-only files");
        return;
    }
    let opened = open(folder.path());
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
    assert!(!opened.cache.is_writable());
    let count = opened.cache.reader().unwrap().count(&Query::all(Scope::Customers), &moment()).unwrap();
    assert_eq!(count, 400);
}

#[test]
fn an_interrupted_question_says_so() {
    let bench = Bench::with((0..2000).map(|n| customer(&format!("c{n}"), "甲").any()));
    let handle = bench.reader.interrupt_handle();
    let query = Query::all(Scope::Customers);
    let stopped = bench.reader.records(&query, &query.scope.default_sort(), None, &moment(), |_, _| {
        handle.interrupt();
        Ok(())
    });
    assert!(matches!(stopped, Err(Error::Interrupted)), "{stopped:?}");
    assert_eq!(bench.keys(Scope::Customers).len(), 2000, "the next one is not");
}

#[test]
fn a_cache_of_the_first_format_is_brought_to_this_one_and_keeps_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cache.db");
    let raw = rusqlite::Connection::open(&path).unwrap();
    raw.execute_batch(include_str!("../schema.sql")).unwrap();
    raw.execute_batch(
        "INSERT INTO tags (id, name, name_fold, name_key, deleted, pull, body) \
         VALUES ('t1', 'VIP', 'vip', 'vip', 0, 0, '{\"id\":\"t1\",\"name\":\"VIP\"}'); \
         PRAGMA application_id = 0x73697975; PRAGMA user_version = 1;",
    )
    .unwrap();
    drop(raw);
    let cache = Cache::open_existing(folder.path()).unwrap();
    let reader = cache.reader().unwrap();
    assert!(reader.record(Resource::Tags, "t1").unwrap().is_some());
    assert!(reader.drafts().unwrap().is_empty());
}
