//! A server and its clients as processes of their own, killed and started again in turn.

use std::fs;
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};

use crate::home::Home;
use crate::serving::{Serving, database, home_of, jsonl};
use crate::terminal::Terminal;

#[test]
fn a_list_equals_a_count_made_from_the_servers_database() {
    let serving_home = Home::new();
    let server = Serving::start(&serving_home, "127.0.0.1:0");
    let home = home_of(&server);
    home.text(&["sync"]);

    let sql = database(&serving_home.path("server.db"));
    let count = |condition: &str| -> usize {
        let text =
            format!("SELECT count(*) FROM records AS r WHERE r.resource = 'customers' AND {condition}");
        sql.query_row(&text, [], |row| row.get::<_, i64>(0))
            .expect("SQL of the test")
            .try_into()
            .expect("a count")
    };
    let tag = "EXISTS (SELECT 1 FROM json_each(r.body, '$.tags') AS t, records AS g
                       WHERE g.resource = 'tags' AND g.id = t.value AND json_extract(g.body, '$.name') = 'VIP')";
    let pairs = [
        (vec![], "1".to_owned()),
        (vec!["stage:dormant"], "json_extract(r.body, '$.stage') = 'dormant'".to_owned()),
        (vec!["tag:VIP"], tag.to_owned()),
        (
            vec!["stage:dormant ltv:>=¥100 -tag:VIP"],
            format!(
                "json_extract(r.body, '$.stage') = 'dormant' AND json_extract(r.body, '$.ltv') >= 10000 AND NOT {tag}"
            ),
        ),
    ];
    for (filter, condition) in pairs {
        let wanted = count(&condition);
        let rows = jsonl(&home.text(&[&["list", "customers", "--format", "jsonl"], &filter[..]].concat()));
        assert_eq!(rows.len(), wanted, "{filter:?}");
        assert!(wanted > 0, "{filter:?} should find somebody");
        let number = home.text(&[&["count", "customers"], &filter[..]].concat());
        assert_eq!(number.trim(), wanted.to_string(), "{filter:?}");
    }
}

#[test]
fn the_change_of_a_tag_equals_one_counted_from_the_servers_database() {
    let serving_home = Home::new();
    let server = Serving::start(&serving_home, "127.0.0.1:0");
    let home = home_of(&server);
    home.text(&["sync"]);
    let sql = database(&serving_home.path("server.db"));
    // Given less taken away, today and on the six days before, where it is Shanghai.
    let text = "SELECT t.id, (SELECT count(*) FROM records AS c, json_each(c.body, '$.tags') AS h
                              WHERE c.resource = 'customers' AND h.value = t.id),
                       (SELECT coalesce(sum(iif(x.key = 'add', 1, -1)), 0)
                        FROM records AS e, json_each(e.body, '$.data') AS x, json_each(x.value) AS h
                        WHERE e.resource = 'events' AND json_extract(e.body, '$.kind') = 'tag' AND h.value = t.id
                          AND date(json_extract(e.body, '$.at'), '+8 hours') > date('now', '+8 hours', '-7 days'))
                FROM records AS t WHERE t.resource = 'tags' ORDER BY t.id";
    let read = |row: &rusqlite::Row<'_>| {
        Ok(serde_json::json!([row.get::<_, String>(0)?, row.get::<_, i64>(1)?, row.get::<_, i64>(2)?]))
    };
    let mut statement = sql.prepare(text).expect("SQL of the test");
    let counted: Vec<_> =
        statement.query_map([], read).expect("it runs").map(|row| row.expect("a row")).collect();
    let listed = home.text(&["list", "tags", "--columns", "id,customers,change7", "--format", "jsonl"]);
    let row = |row: &serde_json::Value| serde_json::json!([row["id"], row["customers"], row["change7"]]);
    let mut listed: Vec<_> = jsonl(&listed).iter().map(row).collect();
    listed.sort_by_key(|row| row[0].to_string());
    assert_eq!(listed, counted);
    assert!(counted.iter().filter(|row| row[2] != 0).count() > 5, "{counted:?}");
}

#[test]
fn a_console_outlives_its_server_and_catches_up_by_itself() {
    let serving_home = Home::new();
    let server = Serving::start(&serving_home, "127.0.0.1:0");
    let address = server.address();
    let home = home_of(&server);
    let mut console = home.open(&["--lang", "zh"], (120, 40));
    console.wait_for_rows();
    console.wait_text("/500");
    server.kill();
    console.wait_text("离线");
    console.keys("jj");
    console.wait_for_rows();

    let server = Serving::start(&serving_home, &address);
    console.wait_gone("离线");
    // The console is killed in its turn; the next one begins with what the cache has.
    kill(&console);
    console.wait_exit();
    let mut console = home.open(&["--lang", "zh"], (120, 40));
    console.wait_for_rows();
    console.wait_text("/500");
    console.keys("q");
    console.wait_exit();

    // And with no server at all.
    server.kill();
    let mut console = home.open(&["--lang", "zh"], (120, 40));
    console.wait_text("/500");
    console.wait_text("离线");
    console.keys("q");
    let (status, _) = console.wait_exit();
    assert!(status.success(), "{status}");
}

fn kill(console: &Terminal) {
    console.signal(Signal::KILL);
}

#[test]
fn a_pull_that_was_killed_is_gone_on_with() {
    let serving_home = Home::new();
    let server = Serving::start(&serving_home, "127.0.0.1:0");
    let home = home_of(&server);
    let mut sync = home.command(&["sync"]).stdout(Stdio::piped()).spawn().expect("the program starts");
    // The first line says that one resource is pulled; the others are not.
    let mut line = String::new();
    BufReader::new(sync.stdout.take().expect("it was asked for")).read_line(&mut line).expect("a line");
    kill_process(pid(&sync), Signal::KILL).expect("it runs, or has just ended");
    sync.wait().expect("it can be waited for");
    home.text(&["sync"]);
    assert_eq!(home.text(&["count", "customers"]).trim(), "500");
}

fn pid(child: &Child) -> Pid {
    Pid::from_raw(child.id().cast_signed()).expect("a process has a number")
}

#[test]
fn a_server_that_is_away_fails_a_sync_and_says_so() {
    let home = Home::new().with("SIYU_BACKEND", "siyu").with("SIYU_URL", "http://127.0.0.1:9");
    let output = home.run(&["sync"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("127.0.0.1:9"));
    assert!(output.stdout.is_empty());
}

#[test]
fn a_broken_pipe_ends_quietly() {
    let serving_home = Home::new();
    let server = Serving::start(&serving_home, "127.0.0.1:0");
    let home = home_of(&server);
    home.text(&["sync"]);
    let mut list = home
        .command(&["list", "events", "--format", "jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let head = Command::new("head")
        .args(["-n", "1"])
        .stdin(list.stdout.take().expect("it was asked for"))
        .output()
        .expect("every Unix has head");
    assert_eq!(jsonl(&String::from_utf8_lossy(&head.stdout)).len(), 1);
    let output = list.wait_with_output().expect("it ends");
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn one_server_at_a_time_has_a_database_and_a_taken_address_leaves_nothing() {
    let home = Home::new();
    let server = Serving::start(&home, "127.0.0.1:0");
    let database = home.path("server.db").to_string_lossy().into_owned();
    let refused = |arguments: &[&str]| {
        let output = home.run(&[&["--lang", "en", "serve"], arguments].concat());
        assert_eq!(output.status.code(), Some(1));
        String::from_utf8_lossy(&output.stderr).into_owned()
    };
    let told = refused(&["--listen", "127.0.0.1:0", "--db", &database]);
    assert!(told.contains("another siyu serve uses") && told.contains("(process "), "{told}");

    let other = home.path("deep/other.db");
    let told = refused(&["--listen", &server.address(), "--db", &other.to_string_lossy()]);
    assert!(told.contains("already in use"), "{told}");
    assert!(!other.exists() && !home.path("deep").exists(), "nothing is begun that cannot be served");

    // A slip in a long path makes no folders on its way.
    let far = home.path("no/such/folder.db");
    let output =
        home.run(&["--lang", "en", "serve", "--listen", "127.0.0.1:0", "--db", &far.to_string_lossy()]);
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(2) && told.contains("mkdir -p"), "{told}");
    assert!(!home.path("no").exists());

    // Whoever was killed keeps nobody out.
    server.kill();
    drop(Serving::start(&home, "127.0.0.1:0"));
}

#[test]
fn a_damaged_cache_is_found_by_the_doctor_and_replaced_by_a_sync() {
    let serving_home = Home::new();
    let server = Serving::start(&serving_home, "127.0.0.1:0");
    let home = home_of(&server);
    home.text(&["sync"]);
    let found = fs::read_dir(home.path("siyu")).expect("the folder is there").flatten();
    let folder = found.map(|entry| entry.path()).find(|path| path.join("cache.db").exists());
    let folder = folder.expect("the cache of the profile");
    let path = folder.join("cache.db");
    // Nonsense over the second half, where the rows are; the schema stays.
    let mut bytes = fs::read(&path).expect("it can be read");
    let half = bytes.len() / 8192 * 4096;
    for (place, byte) in bytes[half..].iter_mut().enumerate() {
        *byte ^= u8::try_from(place * 31 % 251).expect("less than 256") | 1;
    }
    fs::write(&path, bytes).expect("it can be written");

    let told = |output: &std::process::Output| {
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
    };
    let doctor = home.run(&["--lang", "en", "doctor"]);
    assert_eq!(doctor.status.code(), Some(1));
    assert!(told(&doctor).contains("the cache is damaged"), "{}", told(&doctor));
    let sync = home.run(&["--lang", "en", "sync"]);
    assert!(sync.status.success() && told(&sync).contains("the cache was damaged"), "{}", told(&sync));
    assert_eq!(home.text(&["count", "customers"]).trim(), "500");
    assert!(told(&home.run(&["--lang", "en", "doctor"])).contains("kinds of record"));
    let unchanged = home.text(&["--lang", "en", "sync"]);
    assert!(unchanged.lines().count() > 10, "a line for each kind: {unchanged}");
}

#[test]
fn a_name_that_nothing_has_is_told_beside_the_rows() {
    let serving_home = Home::new();
    let server = Serving::start(&serving_home, "127.0.0.1:0");
    let home = home_of(&server);
    home.text(&["sync"]);
    let output = home.run(&["--lang", "en", "count", "customers", "-tag:VPI"]);
    assert!(output.status.success());
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "500");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains("no tag is called \"VPI\"; nearest: \"VIP\""), "{told}");
    let members = jsonl(&home.text(&["list", "members", "is:in", "--limit", "3", "--format", "jsonl"]));
    assert_eq!(members.len(), 3);
}
