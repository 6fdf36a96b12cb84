//! What WeCom's documentation says of it, asked of the simulator over its socket.

use reqwest::{Client, Url};
use serde_json::{Value, json};

use super::{APP_SECRET, CONTACT_SECRET, CORP_ID, Corp, Simulator, start};
use crate::model::Time;
use crate::sample::{Community, SampleSpec};

struct Asker {
    client: Client,
    simulator: Simulator,
    token: String,
}

impl Asker {
    async fn new() -> Self {
        let now = Time::from_millis(jiff::Timestamp::now().as_millisecond());
        let spec = SampleSpec { customers: 300, seed: 3, now, zone: super::corp::zone() };
        let corp = Corp::of(Community::new(&spec).records());
        let simulator = start(corp, "127.0.0.1:0".parse().unwrap()).await.unwrap();
        let _ = rustls::crypto::ring::default_provider().install_default();
        let mut asker = Self { client: Client::new(), simulator, token: String::new() };
        asker.log_in(CONTACT_SECRET).await;
        asker
    }

    async fn log_in(&mut self, secret: &str) -> Value {
        let said = self.send(&format!("cgi-bin/gettoken?corpid={CORP_ID}&corpsecret={secret}"), None).await;
        self.token = said["access_token"].as_str().unwrap_or_default().to_owned();
        said
    }

    async fn send(&self, path: &str, body: Option<Value>) -> Value {
        let url = Url::parse(&format!("http://{}/{path}", self.simulator.addr)).unwrap();
        let request = match body {
            None => self.client.get(url),
            Some(body) => self.client.post(url).body(body.to_string()),
        };
        serde_json::from_slice(&request.send().await.unwrap().bytes().await.unwrap()).unwrap()
    }

    async fn post(&self, api: &str, body: Value) -> Value {
        self.send(&format!("cgi-bin/externalcontact/{api}?access_token={}", self.token), Some(body)).await
    }

    async fn get(&self, api: &str) -> Value {
        let mark = if api.contains('?') { '&' } else { '?' };
        self.send(&format!("cgi-bin/{api}{mark}access_token={}", self.token), None).await
    }

    async fn control(&self, what: &str, body: Value) -> Value {
        self.send(&format!("simulator/{what}"), Some(body)).await
    }
}

#[tokio::test]
async fn tokens_expire_and_the_list_is_empty_then() {
    let mut asker = Asker::new().await;
    assert_eq!(asker.get("user/simplelist?department_id=1").await["errcode"], 48002);
    asker.control("expire", json!({})).await;
    let said = asker.post("get_corp_tag_list", json!({})).await;
    assert_eq!((&said["errcode"], &said["tag_group"]), (&json!(42001), &json!([])));
    assert!(said["errmsg"].as_str().unwrap().contains("from ip: "));
    assert_eq!(asker.log_in("nonsense").await["errcode"], 40001);
    assert_eq!(asker.get("externalcontact/get_follow_user_list").await["errcode"], 40014);
    assert_eq!(asker.log_in(APP_SECRET).await["expires_in"], 7200);
    assert_eq!(asker.get("user/simplelist?department_id=1").await["errcode"], 0);
}

#[tokio::test]
async fn relations_come_by_pages_of_a_hundred_at_most() {
    let asker = Asker::new().await;
    let users = asker.get("externalcontact/get_follow_user_list").await["follow_user"].clone();
    let (mut cursor, mut rows, mut pages) = (String::new(), 0, 0);
    loop {
        let body = json!({"userid_list": users, "cursor": cursor, "limit": 1000});
        let said = asker.post("batch/get_by_user", body).await;
        let part = said["external_contact_list"].as_array().unwrap();
        assert!(part.len() <= 100);
        rows += part.len();
        pages += 1;
        cursor = said["next_cursor"].as_str().unwrap().to_owned();
        if cursor.is_empty() {
            break;
        }
    }
    assert!(rows > 250 && pages == rows.div_ceil(100), "{rows} in {pages}");
    let many: Vec<String> = (0..101).map(|n| format!("u{n}")).collect();
    assert_eq!(asker.post("batch/get_by_user", json!({"userid_list": many})).await["errcode"], 40058);
    let other = json!({"userid_list": [users[0]], "cursor": "cur-0-5"});
    assert_eq!(asker.post("batch/get_by_user", other).await["errcode"], 40058);
}

#[tokio::test]
async fn a_limit_shuts_one_endpoint_alone() {
    let asker = Asker::new().await;
    asker.control("limit", json!({"per_minute": 2})).await;
    let chats = json!({"limit": 10});
    let mut codes = Vec::new();
    for _ in 0..3 {
        codes.push(asker.post("groupchat/list", chats.clone()).await["errcode"].as_i64().unwrap());
    }
    assert_eq!(codes, [0, 0, 45009]);
    assert_eq!(asker.post("get_corp_tag_list", json!({})).await["errcode"], 0);
    asker.control("forward", json!({"seconds": 61})).await;
    assert_eq!(asker.post("groupchat/list", chats).await["errcode"], 0);
    let counted = asker.send("simulator/calls", None).await;
    assert_eq!(counted["calls"]["externalcontact/groupchat/list"], 4);
}

#[tokio::test]
async fn tags_have_their_rules() {
    let asker = Asker::new().await;
    let made = asker.post("add_corp_tag", json!({"group_name": "新组", "tag": [{"name": "甲"}]})).await;
    let (group, tag) = (made["tag_group"]["group_id"].clone(), made["tag_group"]["tag"][0]["id"].clone());
    let again = json!({"group_id": group, "tag": [{"name": "甲"}]});
    assert_eq!(asker.post("add_corp_tag", again).await["errcode"], 40071);
    assert_eq!(asker.post("add_corp_tag", json!({"group_name": "空", "tag": []})).await["errcode"], 40058);
    assert_eq!(asker.post("edit_corp_tag", json!({"id": tag, "name": "乙"})).await["errcode"], 0);
    assert_eq!(asker.post("del_corp_tag", json!({"tag_id": [tag]})).await["errcode"], 0);
    let all = asker.post("get_corp_tag_list", json!({})).await;
    assert!(all["tag_group"].as_array().unwrap().iter().all(|one| one["group_id"] != group));
    let named = asker.post("get_corp_tag_list", json!({"tag_id": [tag]})).await;
    assert_eq!(named["tag_group"][0]["deleted"], true);
    let mark = json!({"userid": "op-01", "external_userid": "nobody", "add_tag": [tag]});
    assert_eq!(asker.post("mark_tag", mark).await["errcode"], 40068);
}

#[tokio::test]
async fn messages_wait_for_whoever_sends_them() {
    let asker = Asker::new().await;
    let whom = asker.get("externalcontact/list?userid=op-01").await["external_userid"][0].clone();
    let body = json!({"external_userid": [whom, "nobody"], "sender": "op-01", "text": {"content": "上新"}});
    let made = asker.post("add_msg_template", body).await;
    assert_eq!(made["fail_list"], json!(["nobody"]));
    let id = json!({"msgid": made["msgid"], "userid": "op-01"});
    assert_eq!(asker.post("get_groupmsg_task", id.clone()).await["task_list"][0]["status"], 0);
    for wanted in [0, 0, 0, 45033] {
        assert_eq!(asker.post("remind_groupmsg_send", id.clone()).await["errcode"], wanted);
    }
    asker.control("confirm", id.clone()).await;
    assert_eq!(asker.post("get_groupmsg_task", id.clone()).await["task_list"][0]["status"], 2);
    assert_eq!(asker.post("get_groupmsg_send_result", id).await["send_list"][0]["status"], 1);
}

#[tokio::test]
async fn a_leavers_customers_are_handed_on_within_a_day() {
    let asker = Asker::new().await;
    let whom = asker.get("externalcontact/list?userid=op-02").await["external_userid"][0].clone();
    asker.control("leave", json!({"userid": "op-02"})).await;
    let waiting = asker.post("get_unassigned_list", json!({})).await;
    assert!(waiting["info"].as_array().unwrap().iter().any(|row| row["external_userid"] == whom));
    let body = json!({"handover_userid": "op-02", "takeover_userid": "op-01", "external_userid": [whom]});
    let code = |said: Value| said["customer"][0]["errcode"].clone();
    assert_eq!(code(asker.post("resigned/transfer_customer", body.clone()).await), 0);
    assert_eq!(code(asker.post("resigned/transfer_customer", body.clone()).await), 90500);
    let status = |said: Value| said["customer"][0]["status"].clone();
    assert_eq!(status(asker.post("resigned/transfer_result", body.clone()).await), 2);
    asker.control("forward", json!({"seconds": 86_401})).await;
    let mut asker = asker;
    asker.log_in(CONTACT_SECRET).await;
    assert_eq!(status(asker.post("resigned/transfer_result", body).await), 1);
    let list = asker.get("externalcontact/list?userid=op-01").await;
    assert!(list["external_userid"].as_array().unwrap().contains(&whom));
}
