//! A disk with no room left: nothing is acknowledged that is not written, reading goes on, and
//! work resumes when there is room.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use portable_pty::CommandBuilder;
use rustix::process::Signal;

use crate::home::{Home, SIYU};
use crate::scene::{Scene, said};

/// A small file system of its own, gone when the test ends.
struct Small(PathBuf);

impl Small {
    /// `None`, with a word, where the machine does not let us.
    fn mount(at: &Path) -> Option<Self> {
        fs::create_dir_all(at).expect("a folder");
        let options = ["-t", "tmpfs", "-o", "size=24m,mode=0700", "tmpfs"];
        let mounted = Command::new("mount").args(options).arg(at).output().ok()?;
        if !mounted.status.success() {
            println!("skipped: a file system of its own cannot be mounted here (it needs root)");
            return None;
        }
        Some(Self(at.to_owned()))
    }

    /// Makes it read-only (`ro`), or not (`rw`).
    fn remount(&self, how: &str) {
        let options = format!("remount,{how}");
        let status = Command::new("mount").args(["-o", &options]).arg(&self.0).status();
        assert!(status.expect("there is mount").success());
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status(); // the folder goes in any case
    }
}

/// Fills what room is left; gives the file that takes it.
fn fill(folder: &Path) -> PathBuf {
    let path = folder.join("filler");
    let mut file = fs::File::create(&path).expect("a file");
    let block = vec![1; 4096];
    while std::io::Write::write_all(&mut file, &block).is_ok() {}
    path
}

#[test]
fn a_full_disk_is_told_and_loses_nothing() {
    let scene = Scene::new(30);
    let home: Home = scene.another_home();
    let Some(_small) = Small::mount(&home.path("siyu")) else { return };
    home.text(&["sync"]);
    let ids = scene.reachable();
    let ids: Vec<&str> = ids.iter().map(String::as_str).take(10).collect();
    let on = ids.join(",");
    let write =
        |word: &str| home.run(&["do", &format!("note.add {word}"), "--yes", "--ids", &on, "--offline"]);
    assert!(write("before-full").status.success());
    let rows = home.text(&["list", "customers", "--format", "jsonl"]);
    let filler = fill(&home.path("siyu"));
    // Small writes may still find room in the files that are there; then there is none.
    let (mut acknowledged, mut refused) = (vec!["before-full".to_owned()], Vec::new());
    for number in 0..200 {
        let word = format!("full-{number}x");
        let output = write(&word);
        if output.status.success() {
            acknowledged.push(word);
            continue;
        }
        let told = said(&output);
        assert!(told.contains("no space left"), "it says what is wrong: {told}");
        refused.push(word);
        if refused.len() == 3 {
            break;
        }
    }
    assert_eq!(refused.len(), 3, "the disk was never full");
    assert_eq!(home.text(&["list", "customers", "--format", "jsonl"]), rows, "reading goes on");
    fs::remove_file(filler).expect("it is there");
    assert!(write("after-full").status.success());
    acknowledged.push("after-full".to_owned());
    let sync = home.run(&["sync"]);
    assert!(sync.status.success(), "{}", said(&sync));
    assert_eq!(home.text(&["count", "outbox"]).trim(), "0");
    let count = |words: &[String]| words.iter().map(|word| scene.arrived(word)).sum::<i64>();
    let all = i64::try_from(10 * acknowledged.len()).expect("a few");
    assert_eq!((count(&acknowledged), count(&refused)), (all, 0));
    println!(
        "a full disk: {all} writes acknowledged before, during and after, 0 lost, 0 doubled; 3 commands \
         refused with a word, 0 of their writes sent; reading went on"
    );
}

#[test]
fn what_is_typed_on_a_full_disk_stays_in_its_form_and_is_kept_when_there_is_room() {
    let scene = Scene::new(30);
    let home: Home = scene.another_home();
    let Some(_small) = Small::mount(&home.path("siyu")) else { return };
    home.text(&["sync"]);
    let mut console = home.open(&["--offline"], (120, 40));
    console.wait_for_rows();
    let filler = fill(&home.path("siyu"));
    console.keys("i");
    console.wait_text("C-s");
    // More than what room may be left in the files that are there.
    let text = format!("angefangen{}", "x".repeat(200_000));
    console.keys(&format!("\x1b[200~{text}\x1b[201~"));
    console.wait_text("on no disk");
    console.keys("\x13"); // Ctrl-S
    console.wait_text("no space left");
    console.keys("\x1b");
    console.wait_gone("C-s save");
    console.wait_text("only here");
    console.keys("\x11");
    console.wait_text("leaving loses");
    fs::remove_file(filler).expect("it is there");
    console.wait_text("on the disk now");
    console.keys("i");
    console.wait_text("back");
    console.keys("\x13");
    console.wait_text("×1");
    console.keys("\x11");
    console.wait_exit();
    assert!(home.run(&["sync"]).status.success());
    assert_eq!(scene.arrived("angefangen"), 1);
}

#[test]
fn a_limit_of_file_sizes_is_called_by_its_name() {
    let scene = Scene::new(30);
    let id = scene.reachable().remove(0);
    // Larger than the limit, and than what is there already.
    let note = format!("note.add {}", "y".repeat(120_000));
    let command = scene.home.command(&["do", &note, "--yes", "--offline", "--ids", &id]);
    let program = command.get_program().to_owned();
    let arguments: Vec<_> = command.get_args().map(std::ffi::OsStr::to_owned).collect();
    let mut limited = Command::new("sh");
    limited.arg("-c").arg("ulimit -f 160; exec \"$@\"").arg("sh").arg(program).args(arguments);
    for (name, value) in command.get_envs() {
        limited.env(name, value.unwrap_or_default());
    }
    let output = limited.output().expect("there is a shell");
    let told = said(&output);
    assert!(!output.status.success() && told.contains("ulimit -f"), "{:?}: {told}", output.status);
    assert_eq!(scene.home.text(&["count", "outbox"]).trim(), "0");
}

#[test]
fn a_folder_that_became_read_only_is_read_and_nothing_in_it_is_lost() {
    let scene = Scene::new(30);
    let home: Home = scene.another_home();
    let Some(small) = Small::mount(&home.path("siyu")) else { return };
    home.text(&["sync"]);
    let id = scene.reachable().remove(0);
    let write = |word: &str| {
        let note = format!("note.add {word}");
        home.run(&["do", &note, "--yes", "--ids", &id, "--offline"])
    };
    assert!(write("before-ro").status.success());
    let rows = home.text(&["list", "customers", "--format", "jsonl"]);
    small.remount("ro");
    assert_eq!(home.text(&["list", "customers", "--format", "jsonl"]), rows, "reading goes on");
    assert!(home.text(&["list", "outbox", "--format", "jsonl"]).contains("before-ro"));
    for told in
        [write("during-ro"), home.run(&["sync"])].map(|output| (output.status.success(), said(&output)))
    {
        assert!(!told.0 && told.1.contains("read-only"), "it says what is wrong: {}", told.1);
    }
    let mut console = home.open(&["--offline"], (120, 40));
    console.wait_for_rows();
    console.wait_text("read-only");
    console.keys("\x11");
    console.wait_exit();
    small.remount("rw");
    assert!(write("after-ro").status.success());
    let sync = home.run(&["sync"]);
    assert!(sync.status.success(), "{}", said(&sync));
    let arrived = ["before-ro", "during-ro", "after-ro"].map(|word| scene.arrived(word));
    assert_eq!(arrived, [1, 0, 1]);
    println!(
        "a read-only folder: 2 writes acknowledged before and after, 0 lost, 0 doubled; 1 refused with a word"
    );
}

#[test]
fn a_disk_that_is_full_at_the_start_is_told_and_read() {
    let scene = Scene::new(30);
    let home: Home = scene.another_home();
    let Some(_small) = Small::mount(&home.path("siyu")) else { return };
    home.text(&["sync"]);
    let rows = home.text(&["list", "customers", "--format", "jsonl"]);
    let filler = fill(&home.path("siyu"));
    assert_eq!(home.text(&["list", "customers", "--format", "jsonl"]), rows, "reading goes on");
    let mut console = home.open(&["--offline"], (120, 40));
    console.wait_for_rows();
    console.wait_text("no space left");
    console.wait_text("cannot save");
    console.keys("j");
    console.wait_gone("no space left");
    console.wait_text("cannot save");
    console.keys("\x11");
    console.wait_exit();
    let told = said(&home.run(&["sync"]));
    assert!(told.contains("no space left"), "{told}");
    fs::remove_file(filler).expect("it is there");
    assert!(home.run(&["sync"]).status.success());
}

#[test]
fn a_console_begun_on_a_read_only_folder_goes_on_when_it_can_be_written() {
    let scene = Scene::new(30);
    let home: Home = scene.another_home();
    let Some(small) = Small::mount(&home.path("siyu")) else { return };
    home.text(&["sync"]);
    // One that was killed leaves the log and its index behind.
    let mut console = home.open(&["--offline"], (120, 40));
    console.wait_for_rows();
    console.signal(Signal::KILL);
    console.wait_exit();
    small.remount("ro");
    let mut console = home.open(&[], (120, 40));
    console.wait_for_rows();
    console.wait_text("cannot save");
    console.keys("i");
    console.wait_text("C-s");
    console.keys("trotzdem");
    console.wait_text("on no disk");
    console.keys("\x13"); // Ctrl-S
    console.wait_text("read-only");
    small.remount("rw");
    console.wait_gone("cannot save");
    console.keys("\x13");
    console.wait_gone("C-s save");
    scene.wait_arrived("trotzdem"); // its own sync has sent it
    console.keys("\x11");
    console.wait_exit();
    assert_eq!(scene.arrived("trotzdem"), 1);
}

/// Somebody to whom a folder can be closed: root writes wherever it likes. `None`, with a word, where
/// there is no such one to be had.
fn mortal() -> Option<Vec<&'static str>> {
    if !rustix::process::geteuid().is_root() {
        return Some(Vec::new());
    }
    let mortal = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];
    let tried = Command::new(mortal[0]).args(&mortal[1..]).args([SIYU, "--version"]).output();
    if tried.is_ok_and(|output| output.status.success()) {
        return Some(mortal.to_vec());
    }
    println!("skipped: root has nobody here who could run {SIYU} instead (it needs setpriv)");
    None
}

fn chmod(how: &str, folder: &Path) {
    let status = Command::new("chmod").args(["-R", how]).arg(folder).status();
    assert!(status.expect("there is chmod").success());
}

#[test]
fn a_console_begun_on_a_closed_folder_with_a_log_in_use_goes_on_when_it_is_opened() {
    let Some(mortal) = mortal() else { return };
    let scene = Scene::new(30);
    // Somebody else has the cache open: its log is there, and the log's index.
    let other = scene.open_cache();
    other.execute("INSERT OR REPLACE INTO meta (key, value) VALUES ('other', '1')", []).expect("it is ours");
    if !mortal.is_empty() {
        let root = scene.home.path("");
        assert!(Command::new("chown").args(["-R", "65534"]).arg(&root).status().expect("chown").success());
    }
    let folder = scene.home.path("siyu");
    chmod("a-w", &folder);
    let program = mortal.iter().chain(&[SIYU]).copied();
    let arguments = program.map(str::to_owned).chain(scene.home.arguments(&[]));
    let command = CommandBuilder::from_argv(arguments.map(Into::into).collect());
    let mut console = scene.home.open_command(command, (120, 40));
    console.wait_for_rows();
    console.wait_text("cannot save");
    console.keys("i");
    console.wait_text("C-s");
    console.keys("wieder");
    console.wait_text("on no disk");
    console.keys("\x13"); // Ctrl-S
    console.wait_text("read-only");
    chmod("u+w", &folder);
    console.wait_gone("cannot save");
    console.keys("\x13");
    console.wait_gone("C-s save");
    scene.wait_arrived("wieder");
    console.keys("\x11");
    console.wait_exit();
    drop(other);
    assert_eq!(scene.arrived("wieder"), 1);
}
