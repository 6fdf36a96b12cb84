//! Writes: what is sent, and what is made of answers that no decent server gives.

use serde_json::{Map, Value, json};

use super::*;
use crate::model::{AnyRecord, CustomerId, Deed, Write};

fn fields(value: Value) -> Map<String, Value> {
    value.as_object().unwrap().clone()
}

fn remark() -> Write {
    Write::set_one(Resource::Customers, "c 1/ü", "remark", "好")
}

fn customer(rev: &str) -> Value {
    json!({"id": "c 1/ü", "name": "张三", "remark": "好", "rev": rev})
}

impl Fixture {
    async fn json_of(status: &str, kind: &str, body: &Value) -> Self {
        Self::new(answer(status, &format!("Content-Type: {kind}\r\n"), body.to_string().as_bytes())).await
    }

    async fn write(&self, write: &Write) -> Result<Reply, BackendError> {
        self.connector().write(write, "k-1", Some("7")).await
    }

    fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }
}

#[tokio::test]
async fn each_deed_is_its_request() {
    let deed = |resource, id: &str, deed| Write { resource, id: id.to_owned(), deed };
    let follow_up = json!({"customer_id": "c1", "title": "回访"});
    let message =
        Deed::Send { customer_id: CustomerId::from("c1"), channel: "wechat".into(), body: "hi".into() };
    let tags = Deed::Tag { add: vec!["t1".into()], remove: vec![] };
    for (write, line, body, answer) in [
        (remark(), "PATCH /v1/customers/c%201%2F%C3%BC ", r#"{"remark":"好"}"#, customer("8")),
        (
            deed(Resource::Customers, "c1", tags),
            "POST /v1/customers/c1/tags ",
            r#"{"add":["t1"]}"#,
            json!({"id": "c1"}),
        ),
        (
            deed(
                Resource::Events,
                "~1",
                Deed::Make { fields: fields(json!({"customer_id": "c1", "kind": "note"})) },
            ),
            "POST /v1/customers/c1/events ",
            r#"{"kind":"note"}"#,
            json!({"id": "e9", "kind": "note"}),
        ),
        (
            deed(Resource::FollowUps, "~2", Deed::Make { fields: fields(follow_up) }),
            "POST /v1/follow_ups ",
            r#"{"customer_id":"c1","title":"回访"}"#,
            json!({"id": "f9", "customer_id": "c1"}),
        ),
        (
            deed(Resource::Events, "~3", message),
            "POST /v1/messages ",
            r#"{"customer_id":"c1","channel":"wechat","body":"hi"}"#,
            json!({"id": "e9", "kind": "message_out"}),
        ),
        (
            deed(Resource::Tags, "t1", Deed::Delete),
            "DELETE /v1/tags/t1 ",
            "",
            json!({"id": "t1", "deleted": true}),
        ),
    ] {
        let fixture = Fixture::json_of("200 OK", "application/json", &answer).await;
        let Reply::Done(record) = fixture.write(&write).await.unwrap() else { panic!("it is done") };
        assert_eq!(record.key(), answer["id"].as_str().unwrap());
        let asked = fixture.asked.lock().unwrap().join("");
        assert!(asked.starts_with(line), "{asked}");
        let (head, sent) = asked.split_once("\r\n\r\n").unwrap();
        assert_eq!(sent, body);
        let head = head.to_ascii_lowercase();
        for header in ["idempotency-key: k-1", "if-match: \"7\"", "authorization: bearer s3cret"] {
            assert!(head.lines().any(|line| line == header), "{head}");
        }
    }
}

#[tokio::test]
async fn what_has_no_request_is_not_sent() {
    let nowhere = Connector::new("http://127.0.0.1:1", None, short()).unwrap();
    let delete = |resource, id: &str| Write { resource, id: id.to_owned(), deed: Deed::Delete };
    let mut local = remark();
    local.id = "~5".to_owned();
    let writes = [
        delete(Resource::Customers, "c1"),
        delete(Resource::Tags, ".."),
        delete(Resource::Tags, ""),
        local,
        Write::set_one(Resource::Orders, "r1", "amount", 1),
    ];
    for write in writes {
        let error = nowhere.write(&write, "k", None).await.unwrap_err();
        assert_eq!((error.kind, error.sent), (TroubleKind::Validation, false), "{error}");
    }
    let error = nowhere.write(&remark(), "k\n", None).await.unwrap_err();
    assert_eq!((error.kind, error.sent), (TroubleKind::Validation, false), "{error}");
}

#[tokio::test]
async fn no_redirect_is_followed() {
    let elsewhere = Fixture::json_of("200 OK", "application/json", &customer("8")).await;
    for (status, to) in [
        ("307 Temporary Redirect", elsewhere.url.as_str()),
        ("308 Permanent Redirect", "/v1/other"),
        ("303 See Other", "/v1/customers/c1"),
        ("302 Found", "/login?token=s3cret"),
    ] {
        let fixture = Fixture::new(answer(status, &format!("Location: {to}\r\n"), b"")).await;
        let error = fixture.write(&remark()).await.unwrap_err();
        assert_eq!((error.kind, error.sent), (TroubleKind::Malformed, true), "{error}");
        assert!(error.to_string().contains("a write goes nowhere else"), "{error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
        assert_eq!((fixture.calls(), elsewhere.calls()), (1, 0));
    }
}

#[tokio::test]
async fn an_answer_that_says_nothing_of_the_write_is_not_taken_for_its_success() {
    let html = ("Content-Type: text/html\r\n", "<html>Welcome to the hotel's network</html>".to_owned());
    let json = "Content-Type: application/json\r\n";
    for (headers, body) in [
        html,
        (json, r#"{"code":42001,"msg":"s3cret expired"}"#.to_owned()),
        (json, r#"{"id":"c2","name":"somebody else"}"#.to_owned()),
        (json, "{\"id\":".to_owned()),
        (json, "[]".to_owned()),
        (json, String::new()),
    ] {
        let fixture = Fixture::new(answer("200 OK", headers, body.as_bytes())).await;
        let error = fixture.write(&remark()).await.unwrap_err();
        assert_eq!((error.kind, error.sent), (TroubleKind::Malformed, true), "{body}: {error}");
        assert!(!error.to_string().contains("s3cret"), "{error}");
    }
    let nothing = Fixture::new(answer("204 No Content", "", b"")).await;
    assert!(nothing.write(&remark()).await.unwrap_err().sent);
}

#[tokio::test]
async fn a_record_that_moved_on_comes_with_the_refusal_or_is_asked_for() {
    let told = json!({"title": "Stale", "status": 412, "current": customer("9")});
    let fixture = Fixture::json_of("412 Precondition Failed", "application/problem+json", &told).await;
    let Reply::Moved(now) = fixture.write(&remark()).await.unwrap() else { panic!("it is refused") };
    assert_eq!(now.to_value()["rev"], "9");
    assert_eq!(fixture.calls(), 1);

    for refusal in [json!({"status": 412}), json!({"status": 412, "current": {"id": "c2"}})] {
        let refused =
            answer("412 Stale", "Content-Type: application/json\r\n", refusal.to_string().as_bytes());
        let found =
            answer("200 OK", "Content-Type: application/json\r\n", customer("9").to_string().as_bytes());
        let turns = Arc::new(Mutex::new(vec![found, refused]));
        let fixture = Fixture::with(move |mut socket| {
            let bytes = turns.lock().unwrap().pop();
            async move {
                let _ = socket.write_all(&bytes.unwrap_or_default()).await;
                let _ = socket.shutdown().await;
            }
        })
        .await;
        let Reply::Moved(now) = fixture.write(&remark()).await.unwrap() else { panic!("it is refused") };
        assert_eq!(now.to_value()["rev"], "9");
        assert!(fixture.asked.lock().unwrap()[1].starts_with("GET /v1/customers/c%201%2F%C3%BC "));
    }
}

#[tokio::test]
async fn it_is_known_whether_a_write_can_have_arrived() {
    let sent = |error: BackendError| (error.kind, error.sent);
    let silent = Fixture::with(|mut socket| async move {
        let mut rest = Vec::new();
        let _ = socket.read_to_end(&mut rest).await;
    });
    let error = silent.await.write(&remark()).await.unwrap_err();
    assert_eq!(sent(error), (TroubleKind::Timeout, true));
    let error = Fixture::new(Vec::new()).await.write(&remark()).await.unwrap_err();
    assert_eq!(sent(error), (TroubleKind::Reset, true));
    let cut =
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{\"id\"".to_vec();
    let error = Fixture::new(cut).await.write(&remark()).await.unwrap_err();
    assert_eq!(sent(error), (TroubleKind::Reset, true));

    let write = remark();
    let closed = Connector::new("http://127.0.0.1:1", None, short()).unwrap();
    assert_eq!(sent(closed.write(&write, "k", None).await.unwrap_err()), (TroubleKind::Connect, false));
    let unknown = Connector::new("https://no-such-host.invalid", None, short()).unwrap();
    let error = unknown.write(&write, "k", None).await.unwrap_err();
    assert!(!error.sent, "{error}");
    // It speaks, but no TLS; and one that says nothing while it is waited for a connection.
    for words in [&b"220 mail.example.org ready\r\n"[..], b""] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}", listener.local_addr().unwrap());
        tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.unwrap();
            let _ = socket.write_all(words).await;
            let mut rest = Vec::new();
            let _ = socket.read_to_end(&mut rest).await;
        });
        let limits = Limits { connect: Duration::from_millis(100), ..short() };
        let error = Connector::new(&url, None, limits).unwrap().write(&write, "k", None).await.unwrap_err();
        assert!(!error.sent, "{error}");
    }
}

#[tokio::test]
async fn a_record_is_asked_for_by_its_id() {
    let fixture = Fixture::json_of("200 OK", "application/json", &customer("8")).await;
    let connector = fixture.connector();
    let record = connector.record(Resource::Customers, "c 1/ü").await.unwrap();
    assert_eq!(record.as_ref().map(AnyRecord::key).as_deref(), Some("c 1/ü"));
    let error = connector.record(Resource::Customers, "c2").await.unwrap_err();
    assert_eq!(error.kind, TroubleKind::Malformed);
    assert_eq!(connector.record(Resource::Customers, "..").await.unwrap(), None);
    let none = Fixture::new(answer("404 Not Found", "", b"")).await;
    assert_eq!(none.connector().record(Resource::Tags, "t9").await.unwrap(), None);
}

#[test]
fn a_file_of_certificates_that_cannot_be_used_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let refused = |text: Option<&str>| {
        let path = dir.path().join("ca.pem");
        match text {
            Some(text) => std::fs::write(&path, text).unwrap(),
            None => drop(std::fs::remove_file(&path)),
        }
        let error = Connector::trusting("https://localhost", None, short(), Some(&path)).unwrap_err();
        assert_eq!(error.kind, TroubleKind::Configuration);
        assert!(error.to_string().contains(path.to_str().unwrap()), "{error}");
        error.to_string()
    };
    assert!(refused(None).contains("No such file"));
    assert!(refused(Some("")).contains("no certificate"));
    assert!(refused(Some("-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n")).contains("no PEM"));
    let nonsense = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    assert!(refused(Some(nonsense)).contains("cannot be used"));
}
