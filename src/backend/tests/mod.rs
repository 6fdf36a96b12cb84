//! Answers that no decent server gives, from a socket that says whatever a test wants.
//! What a decent server gives is tested against the real one, in `sync`.

pub(in crate::backend) mod replay;
mod trust;
mod write;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::model::{Resource, TroubleKind};

/// A socket on loopback that gives the same bytes to everyone, and counts the connections.
struct Fixture {
    url: String,
    calls: Arc<AtomicUsize>,
    /// What was asked: head and body of each request.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Fixture {
    /// Gives `bytes`, then closes.
    async fn new(bytes: Vec<u8>) -> Self {
        Self::with(move |mut socket| {
            let bytes = bytes.clone();
            async move {
                let _ = socket.write_all(&bytes).await;
                let _ = socket.shutdown().await;
            }
        })
        .await
    }

    async fn with<F>(talk: impl Fn(TcpStream) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let calls = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&calls);
        let asked = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                let request = read_request(&mut socket).await;
                heard.lock().unwrap().push(request);
                tokio::spawn(talk(socket));
            }
        });
        Self { url, calls, asked }
    }

    async fn json(body: &[u8]) -> Self {
        Self::new(answer("200 OK", "Content-Type: application/json\r\n", body)).await
    }

    fn connector(&self) -> Connector {
        Connector::new(&self.url, Some(Secret::new("s3cret")), short()).unwrap()
    }

    async fn tags(&self) -> Result<Page, BackendError> {
        self.connector().page(Resource::Tags, None, 10).await
    }
}

/// Head and body of a request.
async fn read_request(socket: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    while !is_whole(&bytes) && socket.read_buf(&mut bytes).await.is_ok_and(|n| n > 0) {}
    String::from_utf8(bytes).unwrap()
}

fn is_whole(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn short() -> Limits {
    Limits {
        request: Duration::from_millis(400),
        idle: Duration::from_millis(100),
        body: 1 << 20,
        ..Limits::default()
    }
}

fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes =
        format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len())
            .into_bytes();
    bytes.extend_from_slice(body);
    bytes
}

/// About `size` spaces as gzip, written by hand: one literal, then "the last byte 258 times".
fn gzip_of_spaces(size: usize) -> Vec<u8> {
    let mut bits = String::from("110"); // last block, fixed codes
    bits.push_str("01010000"); // the literal ' '
    bits.push_str(&"1100010100000".repeat(size / 258)); // length 258, distance 1
    bits.push_str("0000000"); // end of block
    let mut bytes = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
    for byte in bits.as_bytes().chunks(8) {
        bytes.push(byte.iter().rev().fold(0, |byte, bit| byte << 1 | (bit - b'0')));
    }
    bytes
}

#[tokio::test]
async fn each_status_has_its_kind_and_names_the_endpoint() {
    let problem = br#"{"title":"No","detail":"s3cret is not known","status":401}"#;
    for (status, kind) in [
        ("401 Unauthorized", TroubleKind::Auth),
        ("403 Forbidden", TroubleKind::Forbidden),
        ("404 Not Found", TroubleKind::NotFound),
        ("409 Conflict", TroubleKind::Conflict),
        ("410 Gone", TroubleKind::Gone),
        ("422 Unprocessable", TroubleKind::Validation),
        ("429 Too Many", TroubleKind::Rate),
        ("500 Oops", TroubleKind::Server),
        ("503 Later", TroubleKind::Server),
    ] {
        let headers = "Content-Type: application/problem+json\r\nRetry-After: 7\r\n";
        let error = Fixture::new(answer(status, headers, problem)).await.tags().await.unwrap_err();
        assert_eq!(error.kind, kind);
        assert_eq!(error.retry_after, Some(Duration::from_secs(7)));
        let text = error.to_string();
        assert!(text.starts_with("GET /v1/tags?limit=10: status "), "{text}");
        assert!(text.contains("No: *** is not known"), "{text}");
        assert!(!error.remedy().is_empty());
    }
}

#[tokio::test]
async fn what_is_no_json_is_refused_by_name() {
    let html = b"<html><body>Please log in</body></html>";
    for (headers, body, says) in [
        ("Content-Type: text/html; charset=utf-8\r\n", &html[..], "an HTML page instead of JSON"),
        ("Content-Type: application/json\r\n", html, "no JSON"),
        ("", b"{\"items\":[]}", "without a content type"),
        ("Content-Type: application/json; charset=gbk\r\n", b"{\"items\":[]}", "gbk"),
        ("Content-Type: application/json\r\n", b"", "no JSON"),
        (
            "Content-Type: application/json\r\n",
            b"{\"code\":42001,\"msg\":\"expired\",\"data\":[]}",
            "expired",
        ),
    ] {
        let error = Fixture::new(answer("200 OK", headers, body)).await.tags().await.unwrap_err();
        assert_eq!(error.kind, TroubleKind::Malformed);
        assert!(error.to_string().contains(says), "{error}");
    }
    let deep = "[".repeat(100_000);
    let error = Fixture::json(deep.as_bytes()).await.tags().await.unwrap_err();
    assert!(error.to_string().contains("/v1/tags") && error.to_string().contains("recursion"), "{error}");
}

#[tokio::test]
async fn a_mark_and_half_a_pair_cost_nothing() {
    let body = b"\xef\xbb\xbf{\"items\":[{\"id\":\"a\",\"name\":\"x\\ud800y\"},{\"id\":123456789012345678901234567890}]}";
    let page = Fixture::json(body).await.tags().await.unwrap();
    assert_eq!(page.items[0].to_value()["name"], "x\u{fffd}y");
    assert_eq!(page.items[1].key(), "123456789012345678901234567890");
    assert_eq!(page.complaints.len(), 1);
    assert_eq!(page.complaints[0].path, "name");
}

#[tokio::test]
async fn a_token_does_not_follow_a_redirect_elsewhere() {
    let elsewhere = Fixture::json(br#"{"items":[]}"#).await;
    let location = format!("Location: {}/v1/tags\r\n", elsewhere.url);
    let error = Fixture::new(answer("302 Found", &location, b"")).await.tags().await.unwrap_err();
    assert!(error.to_string().contains("another origin"), "{error}");
    assert_eq!(elsewhere.calls.load(Ordering::SeqCst), 0);

    let circle = Fixture::new(answer("302 Found", "Location: /v1/tags\r\n", b"")).await;
    assert!(circle.tags().await.unwrap_err().to_string().contains("redirects"));
    assert!(circle.calls.load(Ordering::SeqCst) < 10);
}

#[tokio::test]
async fn a_bomb_stops_early() {
    let bomb = gzip_of_spaces(64 << 20);
    assert!(bomb.len() < 1 << 20);
    let headers = "Content-Type: application/json\r\nContent-Encoding: gzip\r\n";
    let error = Fixture::new(answer("200 OK", headers, &bomb)).await.tags().await.unwrap_err();
    assert_eq!(error.kind, TroubleKind::Malformed);
    assert!(error.to_string().contains("larger than 1048576 bytes"), "{error}");

    let broken = answer("200 OK", headers, &bomb[..500]);
    let error = Fixture::new(broken).await.tags().await.unwrap_err();
    assert!(matches!(error.kind, TroubleKind::Malformed | TroubleKind::Reset), "{error}");
}

#[tokio::test]
async fn a_slow_drip_meets_the_deadline() {
    let drip = Fixture::with(|mut socket| async move {
        let head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n";
        let _ = socket.write_all(head).await;
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        while socket.write_all(b" ").await.is_ok() {
            tick.tick().await;
        }
    });
    let error = drip.await.tags().await.unwrap_err();
    assert_eq!(error.kind, TroubleKind::Timeout);
}

#[tokio::test]
async fn a_broken_connection_is_told_from_no_connection() {
    let short =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"items\":["
            .to_vec();
    assert_eq!(Fixture::new(short).await.tags().await.unwrap_err().kind, TroubleKind::Reset);
    assert_eq!(Fixture::new(Vec::new()).await.tags().await.unwrap_err().kind, TroubleKind::Reset);

    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = Connector::new(&url, None, Limits::default()).unwrap().meta().await.unwrap_err();
    assert_eq!(error.kind, TroubleKind::Connect);
    assert!(error.to_string().contains(&url), "{error}");
}

#[tokio::test]
async fn a_server_without_tls_is_told_as_one() {
    let _ = rustls::crypto::ring::default_provider().install_default(); // another test may have
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut socket, _)) = listener.accept().await {
            let _ = socket.read(&mut [0; 512]).await;
            let _ = socket.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
            let _ = socket.shutdown().await;
        }
    });
    let error = Connector::new(&url, None, short()).unwrap().meta().await.unwrap_err();
    assert_eq!(error.kind, TroubleKind::Tls);
    assert!(error.to_string().contains(NO_TLS), "{error}");
}

#[tokio::test]
async fn a_stream_is_read_whatever_comes() {
    let events = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n: hi\n\nid: 1\ndata: {\"seq\":1,\"resource\":\"tags\",\
                  \"id\":\"张\",\"op\":\"delete\"}\n\nid: 2\ndata: nonsense\n\n";
    let fixture = Fixture::with(move |mut socket| async move {
        let _ = socket.set_nodelay(true);
        for byte in events.as_bytes() {
            let _ = socket.write_all(&[*byte]).await;
        }
        let mut rest = Vec::new();
        let _ = socket.read_to_end(&mut rest).await; // silent until the client goes away
    });
    let mut stream = fixture.await.connector().stream(0).await.unwrap();
    let mut ticks = Vec::new();
    let end = loop {
        match stream.next().await {
            Ok(Some(Tick::Alive)) => {}
            Ok(Some(tick)) => ticks.push(tick),
            other => break other,
        }
    };
    assert!(matches!(&ticks[0], Tick::Change(change, _) if change.id == "张" && change.seq == 1));
    assert!(matches!(&ticks[1], Tick::Unread { seq: Some(2), .. }));
    assert_eq!((ticks.len(), end.unwrap_err().kind), (2, TroubleKind::Timeout));
}

#[tokio::test]
async fn a_stream_that_is_a_page_is_refused() {
    let fixture = Fixture::json(b"{}").await;
    assert_eq!(fixture.connector().stream(0).await.unwrap_err().kind, TroubleKind::Malformed);
}
