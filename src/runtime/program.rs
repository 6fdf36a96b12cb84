//! External programs as steps of macros: started without a shell, told the record as JSON on standard
//! input, heard as JSON on standard output, ended when their time is up.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// A program says at most so many bytes.
const MOST: u64 = 1 << 20;
/// Of what it says on standard error so many characters are told.
const TOLD: usize = 200;

/// Asks a program.
///
/// # Errors
/// Why there is no answer: it cannot be started, fails, takes too long, or says something else than JSON.
pub fn ask(argv: &[String], seconds: u32, told: &Value) -> Result<Value, String> {
    let [name, args @ ..] = argv else { return Err("no program".to_owned()) };
    let mut child = Command::new(name)
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|error| format!("{name}: {error}"))?;
    let text = told.to_string();
    let (said, hears) = mpsc::channel();
    let (stdin, stdout, stderr) = (child.stdin.take(), child.stdout.take(), child.stderr.take());
    // One that does not read what it is told may answer all the same.
    thread::spawn(move || stdin.map(|mut to| to.write_all(text.as_bytes())));
    let complaint = thread::spawn(move || heard(stderr));
    thread::spawn(move || said.send(heard(stdout)));
    let answer = match hears.recv_timeout(Duration::from_secs(u64::from(seconds))) {
        Ok(answer) => answer,
        Err(_) => {
            let _ = child.kill(); // Err: it has just ended
            let _ = child.wait();
            return Err(format!("{name}: no answer within {seconds} s"));
        }
    };
    let status = child.wait().map_err(|error| format!("{name}: {error}"))?;
    if !status.success() {
        let complaint = complaint.join().unwrap_or_default();
        let complaint: String = complaint.trim().chars().take(TOLD).collect();
        return Err(format!("{name}: {status}{}{complaint}", if complaint.is_empty() { "" } else { ": " }));
    }
    if answer.trim().is_empty() {
        return Ok(Value::Object(serde_json::Map::new())); // nothing is to be done
    }
    serde_json::from_str(&answer).map_err(|error| format!("{name}: its answer is no JSON: {error}"))
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
    use serde_json::json;

    use super::*;

    fn sh(script: &str, seconds: u32) -> Result<Value, String> {
        ask(&["/bin/sh", "-c", script].map(str::to_owned), seconds, &json!({"record": {"id": "c1"}}))
    }

    #[test]
    fn a_program_is_told_the_record_and_answers_in_json() {
        assert_eq!(sh("cat", 10).unwrap(), json!({"record": {"id": "c1"}}));
        assert_eq!(sh("true", 10).unwrap(), json!({}));
        assert_eq!(sh("echo no >&2; exit 3", 10).unwrap_err(), "/bin/sh: exit status: 3: no");
        assert!(sh("echo hello", 10).unwrap_err().contains("no JSON"));
        assert!(sh("exec sleep 30", 1).unwrap_err().contains("within 1 s"));
        assert!(ask(&["/no/such/program".to_owned()], 1, &json!({})).is_err());
    }

    #[test]
    fn there_is_no_shell() {
        let words = ["/bin/echo", "{\"note\":", "\"$HOME; rm -rf x\"}"].map(str::to_owned);
        assert_eq!(ask(&words, 10, &json!({})).unwrap(), json!({"note": "$HOME; rm -rf x"}));
    }
}
