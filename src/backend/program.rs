//! Programs of the operator's that give a secret or a signature: started as they are written, without a
//! shell, and for so long.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

/// Runs a program and gives what it prints, of which at most `longest` bytes are read. It is told
/// `told` on its standard input, or nothing.
///
/// # Errors
/// What became of it, in words that hold nothing of what it printed.
pub(super) fn run(
    program: &str,
    arguments: &[String],
    told: Option<String>,
    (longest, patience): (u64, Duration),
) -> Result<String, String> {
    let mut child = Command::new(program)
        .args(arguments)
        .stdin(if told.is_some() { Stdio::piped() } else { Stdio::null() })
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("cannot be started: {error}"))?;
    if let (Some(mut stdin), Some(told)) = (child.stdin.take(), told) {
        std::thread::spawn(move || {
            let _ = stdin.write_all(told.as_bytes()); // Err: it does not want to know
        });
    }
    let Some(stdout) = child.stdout.take() else { return Err("has no output".to_owned()) };
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        let read = stdout.take(longest).read_to_string(&mut text);
        let _ = sender.send(read.map(|_| text)); // Err: nobody waits any more
    });
    let said = receiver.recv_timeout(patience);
    if said.is_err() {
        let _ = child.kill(); // Err: it is gone already
    }
    let status = child.wait().map_err(|error| format!("cannot be waited for: {error}"))?;
    let Ok(said) = said else { return Err(format!("took longer than {} s", patience.as_secs_f32())) };
    if !status.success() {
        return Err(format!("failed ({status})"));
    }
    said.map_err(|error| format!("its output cannot be read: {error}"))
}
