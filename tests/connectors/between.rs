//! Something that stands between the program and a real server: every request goes through it, one for
//! each connection, and is looked at before it is passed on. Whoever looks may keep it waiting, or stop
//! the server meanwhile; a server that is not there any more is a connection that is cut.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What looks at each request before it is passed on; the others wait meanwhile.
pub trait Look: FnMut(&Asked) + Send + 'static {}
impl<F: FnMut(&Asked) + Send + 'static> Look for F {}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Such as `GET /customers?page=2`.
    pub line: String,
    /// What its header Authorization says.
    pub authorization: String,
    pub body: String,
}

/// What went through, in the order in which it was answered: the line, the body, and the status, which
/// is 0 where nothing answered.
pub type Passed = Vec<(Asked, u16)>;

pub struct Between {
    port: u16,
    passed: Arc<Mutex<Passed>>,
}

impl Between {
    /// Before a server at `http://HOST:PORT`.
    pub fn new(server: &str, look: impl Look) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("it has one").port();
        let passed = Arc::new(Mutex::new(Passed::new()));
        let host = server.strip_prefix("http://").expect("plain HTTP").trim_end_matches('/').to_owned();
        let (look, seen) = (Arc::new(Mutex::new(look)), Arc::clone(&passed));
        // It listens until the test's process ends.
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (host, look, seen) = (host.clone(), Arc::clone(&look), Arc::clone(&seen));
                std::thread::spawn(move || pass(stream, &host, &look, &seen));
            }
        });
        Self { port, passed }
    }

    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// What has gone through since the last time.
    pub fn passed(&self) -> Passed {
        std::mem::take(&mut *self.passed.lock().expect("nobody has panicked"))
    }
}

fn pass(mut client: TcpStream, host: &str, look: &Mutex<impl Look>, passed: &Mutex<Passed>) {
    let Some((head, asked)) = read(&client) else { return };
    // Where a look has failed the test fails, by a program that is answered no more.
    let Ok(mut look) = look.lock() else { return };
    look(&asked);
    drop(look);
    let answer = answer(host, &head, &asked.body);
    let status = answer.as_ref().and_then(|answer| {
        let line = std::str::from_utf8(answer.get(..12)?).ok()?;
        line.split(' ').nth(1)?.parse().ok()
    });
    passed.lock().expect("nobody has panicked").push((asked, status.unwrap_or(0)));
    if let (Some(answer), Some(_)) = (answer, status) {
        let _ = client.write_all(&answer); // Err: the program has ended
    }
    let _ = client.shutdown(Shutdown::Both);
}

/// The head of a request, as it is to be passed on, and what is in it.
fn read(client: &TcpStream) -> Option<(String, Asked)> {
    let mut reader = BufReader::new(client);
    let mut asked = Asked { line: String::new(), authorization: String::new(), body: String::new() };
    let (mut head, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        if line == "\r\n" {
            break;
        }
        let (name, value) = line.split_once(':').unwrap_or(("", ""));
        match name.to_ascii_lowercase().as_str() {
            "connection" => continue,
            "authorization" => value.trim().clone_into(&mut asked.authorization),
            "content-length" => length = value.trim().parse().ok()?,
            _ if head.is_empty() => line.trim_end().trim_end_matches(" HTTP/1.1").clone_into(&mut asked.line),
            _ => {}
        }
        head.push_str(&line);
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    asked.body = String::from_utf8(body).ok()?;
    Some((head + "Connection: close\r\n\r\n", asked))
}

/// The whole answer of the server; `None` where it is away, or goes away in the middle.
fn answer(host: &str, head: &str, body: &str) -> Option<Vec<u8>> {
    let mut server = TcpStream::connect(host).ok()?;
    server.write_all(head.as_bytes()).ok()?;
    server.write_all(body.as_bytes()).ok()?;
    let mut answer = Vec::new();
    server.read_to_end(&mut answer).ok()?;
    // The program is not to send another request on this connection.
    let first = answer.windows(2).position(|two| two == b"\r\n")? + 2;
    answer.splice(first..first, *b"Connection: close\r\n");
    Some(answer)
}
