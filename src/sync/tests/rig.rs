//! A real server, a real cache and an engine between them; a relay that can be made to fail;
//! and a socket that answers as a test says. Nothing here sleeps: tests wait for events.

use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::tz::TimeZone;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, mpsc};

use crate::backend::{Connector, Limits, Secret};
use crate::cache::{Cache, Reader, Writer};
use crate::model::{AnyRecord, Resource, SyncCommand, SyncEvent, Time};
use crate::query::Moment;
use crate::server::{Running, ServeOptions, Server, Store, Token};
use crate::sync::{Backoff, CacheWriter, Engine, Outcome, Pace, SyncError, Wish, once, run};

/// Longer than any step of a test takes on a slow machine; reached only by a failure.
const PATIENCE: Duration = Duration::from_secs(30);

pub const TOKEN: &str = "t0ken";

/// A cache in a folder of its own.
pub struct Kept {
    pub cache: Cache,
    pub writer: CacheWriter,
    reader: Reader,
    _dir: TempDir,
}

pub fn moment() -> Moment {
    Moment { now: Time::parse("2026-03-17T10:00:00+08:00").unwrap(), zone: TimeZone::UTC, me: None }
}

impl Kept {
    pub fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let cache = Cache::open(dir.path(), moment().now).unwrap().cache;
        let (writer, _) = CacheWriter::start(cache.writer(moment()).unwrap()).unwrap();
        let reader = cache.reader().unwrap();
        Self { cache, writer, reader, _dir: dir }
    }

    pub fn engine(&self, url: &str) -> Engine {
        self.engine_as(url, TOKEN)
    }

    pub fn engine_as(&self, url: &str, token: &str) -> Engine {
        let limits = Limits { request: Duration::from_secs(10), ..Limits::default() };
        let backoff = Backoff { base: Duration::from_millis(5), cap: Duration::from_millis(20) };
        let pace = Pace {
            page: 3,
            gather: Duration::from_millis(5),
            poll: Duration::from_millis(5),
            look: Duration::from_millis(5),
            push: backoff,
            doze: Duration::from_millis(5),
            backoff,
            ..Pace::default()
        };
        Engine {
            connector: Connector::new(url, Some(Secret::new(token)), limits).unwrap(),
            writer: self.writer.clone(),
            pace,
            clock: Arc::new(|writer: &mut Writer| writer.at(moment())),
            now: Arc::new(machine_time),
        }
    }

    /// Rows of a table.
    pub fn count(&self, resource: Resource) -> i64 {
        let connection = rusqlite::Connection::open(self.cache.path()).unwrap();
        connection
            .query_row(&format!("SELECT count(*) FROM {}", resource.name()), [], |row| row.get(0))
            .unwrap()
    }

    pub fn record(&self, resource: Resource, id: &str) -> Option<String> {
        self.reader.record(resource, id).unwrap()
    }

    /// Fails where the cache does not hold what the store does, to the byte.
    pub fn assert_same(&self, store: &Store) {
        for &resource in Resource::ALL {
            let mut cursor = None;
            loop {
                let page = store.page(resource, cursor.as_ref(), 1000).unwrap();
                for item in &page.items {
                    let value: Value = serde_json::from_str(item).unwrap();
                    let (record, _) = AnyRecord::read(resource, value).unwrap();
                    assert_eq!(self.record(resource, &record.key()).as_ref(), Some(item));
                }
                cursor = page.next;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(self.count(resource), store.count(resource).unwrap(), "{resource}");
        }
    }
}

/// Overwrites what the file holds of a table with nonsense.
pub fn damage(path: &Path, table: &str) {
    use std::io::{Read, Seek, SeekFrom, Write};
    let connection = rusqlite::Connection::open(path).unwrap();
    let number =
        |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap().cast_unsigned();
    let root = number(&format!("SELECT rootpage FROM sqlite_schema WHERE name = '{table}'"));
    let size = number("PRAGMA page_size");
    drop(connection);
    let mut file = std::fs::File::options().read(true).write(true).open(path).unwrap();
    let place = SeekFrom::Start((root - 1) * size);
    let mut page = vec![0; usize::try_from(size).unwrap()];
    file.seek(place).unwrap();
    file.read_exact(&mut page).unwrap();
    page.iter_mut().for_each(|byte| *byte = !*byte);
    file.seek(place).unwrap();
    file.write_all(&page).unwrap();
    file.sync_all().unwrap();
}

pub fn record(resource: Resource, item: Value) -> AnyRecord {
    let (record, complaints) = AnyRecord::read(resource, item).unwrap();
    assert_eq!(complaints, []);
    record
}

pub fn tag(id: &str, name: &str) -> AnyRecord {
    record(Resource::Tags, json!({"id": id, "name": name, "group_id": "g"}))
}

/// Some of everything.
pub fn community() -> Vec<AnyRecord> {
    let mut all = vec![
        record(Resource::Operators, json!({"id": "o1", "name": "王芳", "active": true})),
        record(Resource::TagGroups, json!({"id": "g", "name": "价值"})),
        record(Resource::Groups, json!({"id": "q1", "name": "VIP 1群"})),
        record(Resource::GroupDays, json!({"group_id": "q1", "day": "2026-03-16", "messages": 4})),
        record(Resource::GroupMembers, json!({"group_id": "q1", "member_id": "m1", "name": "张三"})),
        record(
            Resource::GroupActivities,
            json!({"id": "a1", "group_id": "q1", "kind": "lottery", "title": "抽奖"}),
        ),
        record(Resource::Snippets, json!({"id": "s1", "title": "问候", "body": "您好"})),
        record(Resource::Broadcasts, json!({"id": "b1", "title": "三月"})),
    ];
    for n in 0..10 {
        let customer = format!("c{n}");
        all.push(tag(&format!("t{n}"), &format!("标签{n}")));
        all.push(record(
            Resource::Customers,
            json!({"id": customer, "name": format!("客户{n}"), "tags": ["t1"]}),
        ));
        all.push(record(
            Resource::FollowUps,
            json!({"id": format!("f{n}"), "customer_id": customer, "title": "回访"}),
        ));
        all.push(record(
            Resource::Orders,
            json!({"id": format!("r{n}"), "customer_id": customer, "amount": 100}),
        ));
        all.push(record(
            Resource::Events,
            json!({"id": format!("e{n}"), "customer_id": customer, "kind": "note"}),
        ));
    }
    all
}

pub fn store() -> Store {
    let store = Store::in_memory(crate::server::Limits::default()).unwrap();
    store.put(&community()).unwrap();
    store
}

pub async fn serve(store: &Store) -> Running {
    serve_at(store, "127.0.0.1:0").await
}

pub async fn serve_at(store: &Store, listen: &str) -> Running {
    let options = ServeOptions { listen: listen.parse().unwrap(), token: Token::new(TOKEN), live: None };
    Server::start(store.clone(), options).await.unwrap()
}

pub fn url(running: &Running) -> String {
    format!("http://{}", running.addr)
}

/// One round without looking at what it says.
pub async fn round(engine: &Engine, wish: Wish) -> Result<Outcome, SyncError> {
    once(engine, wish, &|_| {}).await
}

/// An engine at work, and what it says.
pub struct Going {
    pub commands: mpsc::Sender<SyncCommand>,
    events: mpsc::UnboundedReceiver<SyncEvent>,
    pub task: tokio::task::JoinHandle<()>,
}

impl Going {
    pub fn start(engine: Engine) -> Self {
        let (commands, receiver) = mpsc::channel(8);
        let (sender, events) = mpsc::unbounded_channel();
        let tell = move |event| {
            let _ = sender.send(event);
        };
        Self { commands, events, task: tokio::spawn(run(engine, receiver, tell)) }
    }

    pub async fn tell(&self, command: SyncCommand) {
        self.commands.send(command).await.unwrap();
    }

    /// Waits for the first event that `is` knows; those before it are gone afterwards.
    pub async fn until<T>(&mut self, is: impl Fn(&SyncEvent) -> Option<T>) -> T {
        self.found(is).await.0
    }

    /// The events before the first that `is` knows.
    pub async fn before<T>(&mut self, is: impl Fn(&SyncEvent) -> Option<T>) -> Vec<SyncEvent> {
        self.found(is).await.1
    }

    async fn found<T>(&mut self, is: impl Fn(&SyncEvent) -> Option<T>) -> (T, Vec<SyncEvent>) {
        let mut seen = Vec::new();
        let search = async {
            loop {
                let event = self.events.recv().await.expect("the engine ended");
                if let Some(found) = is(&event) {
                    return (found, std::mem::take(&mut seen));
                }
                seen.push(event);
            }
        };
        tokio::time::timeout(PATIENCE, search).await.unwrap_or_else(|_| panic!("never came; saw {seen:#?}"))
    }

    /// Waits until the cache agrees with change `number` or a later one.
    pub async fn caught_up(&mut self, number: i64) -> bool {
        self.until(|event| match event {
            SyncEvent::CaughtUp { seq, live, .. } if *seq >= number => Some(*live),
            _ => None,
        })
        .await
    }

    /// The same, and that the stream is what it listens to.
    pub async fn live(&mut self, number: i64) {
        self.until(|event| {
            matches!(event, SyncEvent::CaughtUp { seq, live: true, .. } if *seq >= number).then_some(())
        })
        .await;
    }

    pub async fn stop(self) {
        self.tell(SyncCommand::Stop).await;
        tokio::time::timeout(PATIENCE, self.task).await.unwrap().unwrap();
    }
}

/// Stands between an engine and a real server, one request per connection.
pub struct Relay {
    pub url: String,
    /// Whether `/v1/changes/stream` is passed on.
    pub streams: Arc<AtomicBool>,
    /// Cuts what is open.
    pub cut: Arc<Notify>,
    /// What was asked for.
    pub asked: Arc<Mutex<Vec<String>>>,
}

impl Relay {
    pub async fn to(server: std::net::SocketAddr) -> Self {
        let (streams, cut, asked) =
            (Arc::new(AtomicBool::new(true)), Arc::new(Notify::new()), Arc::default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let relay = Self { url, streams, cut, asked };
        let (streams, cut, asked) = (relay.streams.clone(), relay.cut.clone(), relay.asked.clone());
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let (path, head) = read_head(&mut client).await;
                asked.lock().unwrap().push(path.clone());
                if path.starts_with("/v1/changes/stream") && !streams.load(Ordering::SeqCst) {
                    let _ = client.write_all(&answer("502 Bad Gateway", "text/html", b"<html>")).await;
                    continue;
                }
                let cut = cut.clone();
                tokio::spawn(async move {
                    let Ok(mut server) = TcpStream::connect(server).await else { return };
                    let head = head.replacen("\r\n", "\r\nConnection: close\r\n", 1);
                    let _ = server.write_all(head.as_bytes()).await;
                    tokio::select! {
                        _ = copy_bidirectional(&mut client, &mut server) => {}
                        () = cut.notified() => {}
                    }
                });
            }
        });
        relay
    }

    pub fn asked_for(&self, what: &str) -> usize {
        self.asked.lock().unwrap().iter().filter(|path| path.starts_with(what)).count()
    }
}

/// A socket that gives what `says` says for a path; `None` closes without a word.
pub async fn answers(says: impl Fn(&str) -> Option<Vec<u8>> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut client, _)) = listener.accept().await {
            let (path, _) = read_head(&mut client).await;
            if let Some(bytes) = says(&path) {
                let _ = client.write_all(&bytes).await;
            }
        }
    });
    url
}

async fn read_head(client: &mut TcpStream) -> (String, String) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && client.read_buf(&mut head).await.is_ok_and(|read| read > 0) {}
    let head = String::from_utf8(head).unwrap();
    (head.split(' ').nth(1).unwrap_or("").to_owned(), head)
}

pub fn answer(status: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

pub fn json_answer(body: &[u8]) -> Option<Vec<u8>> {
    Some(answer("200 OK", "application/json", body))
}

/// A backend of tags only, whose page is `body`.
pub async fn tags_backend(body: Vec<u8>) -> String {
    answers(move |path| match path {
        "/v1/meta" => json_answer(br#"{"name":"x","api":1,"resources":["tags"],"seq":5}"#),
        path if path.starts_with("/v1/tags") => json_answer(&body),
        _ => json_answer(br#"{"changes":[],"next":5,"more":false}"#),
    })
    .await
}

/// A file of the shared corpora, or `None`, said aloud, where they are not here.
pub fn corpus(name: &str) -> Option<std::path::PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpora").join(name);
    if !path.exists() {
        eprintln!("skipped: {} is not here", path.display());
        return None;
    }
    Some(path)
}

/// Now, by the machine's clock.
pub fn machine_time() -> crate::model::Time {
    crate::model::Time::from_millis(jiff::Timestamp::now().as_millisecond())
}
