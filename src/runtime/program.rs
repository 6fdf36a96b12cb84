//! External programs as steps of macros: started without a shell, told the record as JSON on standard
//! input, heard as JSON on standard output, ended with all that they have started when their time is up or
//! the operator stops it.

use std::io::{Read, Write};
use std::os::unix::process::CommandExt;
use std::process::{Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};
use serde_json::Value;

use crate::macros::Reply;

/// A program says at most so many bytes.
const MOST: u64 = 1 << 20;
/// Of what it says on standard error so many characters are told.
const TOLD: usize = 1_000;
/// So often it is looked whether the operator has stopped it.
const LOOK: Duration = Duration::from_millis(50);

/// Asks a program. It is ended, and whatever it has started in its process group, once `seconds` are over or
/// `stops` is set.
///
/// # Errors
/// Why there is no answer: it cannot be started, fails, takes too long, is stopped, or says something else
/// than JSON.
pub fn ask(argv: &[String], seconds: u32, told: &Value, stops: &AtomicBool) -> Result<Reply, String> {
    let [name, args @ ..] = argv else { return Err("no program".to_owned()) };
    if stops.load(Ordering::Relaxed) {
        return Err(format!("{name}: stopped"));
    }
    let mut child = Command::new(name)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0) // its own, so that what it has started ends with it
        .spawn()
        .map_err(|error| format!("{name}: {error}"))?;
    let group = Pid::from_child(&child);
    let text = told.to_string();
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    // One that does not read what it is told may answer all the same.
    thread::spawn(move || stdin.map(|mut to| to.write_all(text.as_bytes())));
    let answer = later(move || heard(stdout));
    let complaint = later(move || heard(stderr));
    let end = later(move || child.wait());
    let until = Instant::now() + Duration::from_secs(u64::from(seconds));
    let came = (|| {
        let answer = awaited(&answer, until, stops)?;
        let complaint = awaited(&complaint, until, stops)?;
        Ok((answer, complaint, awaited(&end, until, stops)?))
    })();
    let (answer, complaint, status): (String, String, std::io::Result<ExitStatus>) = match came {
        Ok(came) => came,
        Err(why) => {
            // Err: all of them have just ended.
            let _ = kill_process_group(group, Signal::KILL);
            return Err(match why {
                Why::Late => format!("{name}: no answer within {seconds} s"),
                Why::Stopped => format!("{name}: stopped"),
            });
        }
    };
    let status = status.map_err(|error| format!("{name}: {error}"))?;
    let said: String = complaint.trim().chars().take(TOLD).collect();
    if !status.success() {
        return Err(format!("{name}: {status}{}{said}", if said.is_empty() { "" } else { ": " }));
    }
    if answer.trim().is_empty() {
        return Ok(Reply { answer: Value::Object(serde_json::Map::new()), said }); // nothing is to be done
    }
    let answer =
        serde_json::from_str(&answer).map_err(|error| format!("{name}: its answer is no JSON: {error}"))?;
    Ok(Reply { answer, said })
}

/// Why a program was ended.
enum Why {
    Late,
    Stopped,
}

/// What comes of something that takes its time.
fn later<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Receiver<T> {
    let (tell, told) = channel();
    thread::spawn(move || tell.send(work()));
    told
}

fn awaited<T>(what: &Receiver<T>, until: Instant, stops: &AtomicBool) -> Result<T, Why> {
    loop {
        let left = until.saturating_duration_since(Instant::now());
        match what.recv_timeout(left.min(LOOK)) {
            Ok(came) => return Ok(came),
            Err(RecvTimeoutError::Timeout) if stops.load(Ordering::Relaxed) => return Err(Why::Stopped),
            Err(RecvTimeoutError::Timeout) if !left.is_zero() => {}
            Err(_) => return Err(Why::Late),
        }
    }
}

fn heard(from: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    if let Some(from) = from {
        let _ = from.take(MOST).read_to_end(&mut bytes); // what could be read is what it said
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::*;

    fn sh(script: &str, seconds: u32) -> Result<Reply, String> {
        let argv = ["/bin/sh", "-c", script].map(str::to_owned);
        ask(&argv, seconds, &json!({"record": {"id": "c1"}}), &AtomicBool::new(false))
    }

    #[test]
    fn a_program_is_told_the_record_and_answers_in_json() {
        assert_eq!(sh("cat", 10).unwrap().answer, json!({"record": {"id": "c1"}}));
        assert_eq!(sh("true", 10).unwrap(), Reply { answer: json!({}), said: String::new() });
        assert_eq!(sh("echo looked up >&2; echo '{}'", 10).unwrap().said, "looked up");
        assert_eq!(sh("echo no >&2; exit 3", 10).unwrap_err(), "/bin/sh: exit status: 3: no");
        assert!(sh("echo hello", 10).unwrap_err().contains("no JSON"));
        assert!(ask(&["/no/such/program".to_owned()], 1, &json!({}), &AtomicBool::new(false)).is_err());
    }

    #[test]
    fn there_is_no_shell() {
        let words = ["/bin/echo", "{\"note\":", "\"$HOME; rm -rf x\"}"].map(str::to_owned);
        let reply = ask(&words, 10, &json!({}), &AtomicBool::new(false)).unwrap();
        assert_eq!(reply.answer, json!({"note": "$HOME; rm -rf x"}));
    }

    /// A pipe that is open as long as anything lives that a script has started: reading it ends with the last.
    fn outlived(script: &str, run: impl FnOnce(String)) -> bool {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("alive");
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let path = fifo.clone();
        let ends = later(move || heard(std::fs::File::open(path).ok()));
        run(format!("exec 3>{}; {script}", fifo.display()));
        ends.recv_timeout(Duration::from_secs(20)).is_err()
    }

    #[test]
    fn what_a_program_has_started_ends_with_it_when_its_time_is_up() {
        for script in [
            "sleep 60 & sleep 60",                     // neither of them answers
            "sleep 60 & echo '{}'",                    // it has ended, and somebody holds its output
            "echo '{}'; exec >&- 2>&-; sleep 60",      // it has answered, and does not end
            "trap '' TERM INT; (sleep 60 & sleep 60)", // it asks for mercy
        ] {
            let late =
                |script: String| assert!(sh(&script, 1).unwrap_err().contains("within 1 s"), "{script}");
            assert!(!outlived(script, late), "{script}");
        }
    }

    #[test]
    fn one_that_is_stopped_ends_with_what_it_has_started_long_before_its_time() {
        let folder = tempfile::tempdir().unwrap();
        let fifo = folder.path().join("alive");
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        let stops = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&stops);
        let script = format!("exec 3>{}; sleep 60 & sleep 60", fifo.display());
        let asked =
            later(move || ask(&["/bin/sh", "-c", &script].map(str::to_owned), 600, &json!({}), &seen));
        let alive = std::fs::File::open(fifo).unwrap(); // once it has begun
        stops.store(true, Ordering::Relaxed);
        let told = asked.recv_timeout(Duration::from_secs(20)).unwrap();
        assert!(told.unwrap_err().contains("stopped"));
        assert!(later(move || heard(Some(alive))).recv_timeout(Duration::from_secs(20)).is_ok());
    }
}
