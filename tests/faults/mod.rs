//! A proxy that stands between a client and a real server, and harms what goes through it.
//!
//! It reads one request, asks a plan what is to become of it, and does that: in the direction of
//! the server (the request never arrives, or half of it), or in the direction of the client (the
//! server has done it, and its answer is lost, cut, slow, or something else). One request per
//! connection, so that each has its own fate. It knows HTTP/1.1 as far as this needs, and nothing
//! of siyu; tests of the library and of the built program share it.

#![allow(dead_code, reason = "each test uses some of it")]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It passes.
    None,
    /// It passes, and its answer comes so much later.
    Latency(Duration),
    /// The connection is closed before anything was read.
    Down,
    /// The request is read and not passed on; the connection is reset.
    ResetRequest,
    /// Half of the request reaches the server, then the connection to it ends.
    TruncateRequest,
    /// The request reaches the server byte by byte, then passes.
    DripRequest,
    /// The server does it; the connection is reset before a byte of the answer.
    ResetAnswer,
    /// The server does it; half of the answer comes, then the end of the stream.
    TruncateAnswer,
    /// The server does it; half of the answer comes, then a reset.
    BreakAnswer,
    /// The server does it; the stream ends without a byte, while the connection stays open.
    HalfClose,
    /// The server does it; the answer drips until the client has lost its patience.
    DripAnswer,
    /// The server does it; a page of HTML comes instead of its answer.
    Html,
    /// It is not passed on; a page of HTML comes with status 200.
    Portal,
    /// It is not passed on; this status, with `Retry-After: 0` where it is 429 or 503.
    Status(u16),
    /// The server does it; the answer is this status nevertheless.
    StatusAfter(u16),
    /// It is read and kept, until the client is gone.
    HoldRequest,
    /// The server does it; its answer is kept, until the client is gone.
    HoldAnswer,
    /// It passes, and so does its answer; this tells when the client has it.
    HoldAfter,
}

/// All ways to do harm that a client meets by itself: a round of them for tests.
pub const HARM: &[Fault] = &[
    Fault::Latency(Duration::from_millis(20)),
    Fault::Down,
    Fault::ResetRequest,
    Fault::TruncateRequest,
    Fault::DripRequest,
    Fault::ResetAnswer,
    Fault::TruncateAnswer,
    Fault::BreakAnswer,
    Fault::HalfClose,
    Fault::DripAnswer,
    Fault::Html,
    Fault::Portal,
    Fault::Status(429),
    Fault::Status(500),
    Fault::Status(503),
    Fault::StatusAfter(502),
];

/// A request as the plan sees it.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Its verb.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// Its head and its body, as they came.
    pub text: String,
    /// How many came before it.
    pub number: usize,
}

impl Asked {
    /// Whether it changes something.
    pub fn is_write(&self) -> bool {
        self.method != "GET"
    }
}

/// The proxy. It ends when it is dropped.
pub struct Proxy {
    /// Where clients find it.
    pub url: String,
    /// What was asked for, in its order.
    asked: Arc<Mutex<Vec<Asked>>>,
    /// How many it has held.
    held: watch::Sender<usize>,
    task: JoinHandle<()>,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Proxy {
    /// Stands before `server`; `plan` says what becomes of each request.
    pub async fn before(
        server: SocketAddr,
        plan: impl Fn(&Asked) -> Fault + Send + Sync + 'static,
    ) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let asked: Arc<Mutex<Vec<Asked>>> = Arc::default();
        let (plan, heard) = (Arc::new(plan), Arc::clone(&asked));
        let held = watch::Sender::new(0);
        let holds = held.clone();
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (plan, heard, holds) = (Arc::clone(&plan), Arc::clone(&heard), holds.clone());
                tokio::spawn(async move {
                    // A client or a server that goes away in the middle is what this is about.
                    let _ = serve(client, server, &*plan, &heard, &holds).await;
                });
            }
        });
        Ok(Self { url, asked, held, task })
    }

    /// What was asked for so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().map(|asked| asked.clone()).unwrap_or_default()
    }

    /// Waits until it has held so many.
    pub async fn held(&self, count: usize) {
        // It cannot fail: the other end is kept here.
        let _ = self.held.subscribe().wait_for(|held| *held >= count).await;
    }
}

/// A plan that harms so many of a hundred requests, in an order that `seed` decides.
pub fn at_random(seed: u64, percent: u64) -> impl Fn(&Asked) -> Fault + Send + Sync + 'static {
    move |asked| {
        let drawn = mix(seed ^ (asked.number as u64) << 20);
        match drawn % 100 < percent {
            true => HARM[(drawn / 100) as usize % HARM.len()],
            false => Fault::None,
        }
    }
}

/// SplitMix64: numbers that look like chance, the same each time.
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

async fn serve(
    mut client: TcpStream,
    server: SocketAddr,
    plan: &(impl Fn(&Asked) -> Fault + Send + Sync),
    heard: &Mutex<Vec<Asked>>,
    holds: &watch::Sender<usize>,
) -> std::io::Result<()> {
    let request = read_request(&mut client).await?;
    let text = String::from_utf8_lossy(&request).into_owned();
    let mut words = text.split(' ');
    let mut word = || words.next().unwrap_or_default().to_owned();
    let mut asked = Asked { method: word(), path: word(), text: text.clone(), number: 0 };
    if let Ok(mut heard) = heard.lock() {
        asked.number = heard.len();
        heard.push(asked.clone());
    }
    let request = text.replacen("\r\n", "\r\nConnection: close\r\n", 1).into_bytes();
    match plan(&asked) {
        Fault::None => pass(&mut client, server, &request).await,
        Fault::Latency(wait) => {
            let answer = exchange(server, &request).await?;
            let later = tokio::time::Instant::now() + wait;
            tokio::time::interval_at(later, wait).tick().await;
            client.write_all(&answer).await
        }
        Fault::Down => Ok(()),
        Fault::ResetRequest => reset(client),
        Fault::TruncateRequest => {
            let mut up = TcpStream::connect(server).await?;
            up.write_all(&request[..request.len() / 2]).await?;
            up.shutdown().await?;
            drain(&mut up).await?;
            reset(client)
        }
        Fault::DripRequest => {
            let mut up = TcpStream::connect(server).await?;
            up.set_nodelay(true)?;
            for byte in &request {
                up.write_all(&[*byte]).await?;
            }
            let answer = drain(&mut up).await?;
            client.write_all(&answer).await
        }
        Fault::ResetAnswer => {
            exchange(server, &request).await?;
            reset(client)
        }
        Fault::TruncateAnswer => {
            let answer = exchange(server, &request).await?;
            client.write_all(&answer[..answer.len() / 2]).await?;
            client.shutdown().await
        }
        Fault::BreakAnswer => {
            let answer = exchange(server, &request).await?;
            client.write_all(&answer[..answer.len() / 2]).await?;
            client.flush().await?;
            reset(client)
        }
        Fault::HalfClose => {
            exchange(server, &request).await?;
            client.shutdown().await?;
            drain(&mut client).await.map(drop)
        }
        Fault::DripAnswer => {
            let answer = exchange(server, &request).await?;
            let mut tick = tokio::time::interval(Duration::from_millis(25));
            for byte in answer {
                tick.tick().await;
                client.write_all(&[byte]).await?; // Err: the client has given up
            }
            Ok(())
        }
        Fault::Html => {
            exchange(server, &request).await?;
            client.write_all(&page()).await
        }
        Fault::Portal => client.write_all(&page()).await,
        Fault::Status(status) => client.write_all(&refusal(status)).await,
        Fault::StatusAfter(status) => {
            exchange(server, &request).await?;
            client.write_all(&refusal(status)).await
        }
        Fault::HoldRequest => hold(client, holds).await,
        Fault::HoldAnswer => {
            exchange(server, &request).await?;
            hold(client, holds).await
        }
        Fault::HoldAfter => {
            let answer = exchange(server, &request).await?;
            client.write_all(&answer).await?;
            hold(client, holds).await
        }
    }
}

/// Tells that it has come so far, and waits until the client is gone.
async fn hold(mut client: TcpStream, holds: &watch::Sender<usize>) -> std::io::Result<()> {
    holds.send_modify(|held| *held += 1);
    drain(&mut client).await.map(drop)
}

/// Passes a request and its answer; a stream of events for as long as both sides want it.
async fn pass(client: &mut TcpStream, server: SocketAddr, request: &[u8]) -> std::io::Result<()> {
    let mut up = TcpStream::connect(server).await?;
    up.write_all(request).await?;
    copy_bidirectional(client, &mut up).await.map(drop)
}

/// The server's whole answer to a request.
async fn exchange(server: SocketAddr, request: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut up = TcpStream::connect(server).await?;
    up.write_all(request).await?;
    drain(&mut up).await
}

async fn drain(from: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.read_to_end(&mut bytes).await?;
    Ok(bytes)
}

/// Ends a connection so that the other side gets an error, not an end.
fn reset(client: TcpStream) -> std::io::Result<()> {
    client.set_zero_linger()
}

async fn read_request(client: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    while !is_whole(&bytes) {
        if client.read_buf(&mut bytes).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(bytes)
}

fn is_whole(bytes: &[u8]) -> bool {
    let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
    let length = text.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
    bytes.len() - head - 4 >= length.unwrap_or(0_usize)
}

fn page() -> Vec<u8> {
    let body = "<html><body>Please accept our terms to use this network</body></html>";
    answer("200 OK", "text/html", "", body)
}

fn refusal(status: u16) -> Vec<u8> {
    let more = if matches!(status, 429 | 503) { "Retry-After: 0\r\n" } else { "" };
    let body = format!(r#"{{"title":"Harm","status":{status},"detail":"the proxy says so"}}"#);
    answer(&format!("{status} Harm"), "application/problem+json", more, &body)
}

fn answer(status: &str, kind: &str, more: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{more}Connection: close\r\n\r\n{body}"
    )
    .into_bytes()
}
