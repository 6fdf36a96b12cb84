//! A small town: two operators, two customers, two groups of tags.

use serde_json::{Value, json};
use siyu::model::{AnyRecord, Resource};
use siyu::server::{Limits, Running, Store};

use crate::contract::{Answer, Caller, serve};

/// A server over the town, and somebody who writes to it.
pub struct Town {
    pub server: Running,
    pub caller: Caller,
}

/// What a store of the town holds.
pub fn records() -> Vec<AnyRecord> {
    let at = "2026-03-17T10:42:00+08:00";
    let relation =
        |operator: &str, tags: &[&str]| json!({"operator_id": operator, "added_at": at, "tags": tags});
    let all = [
        (Resource::Operators, json!({"id": "op-01", "name": "我"})),
        (Resource::Operators, json!({"id": "op-02", "name": "小林"})),
        (Resource::TagGroups, json!({"id": "intent", "name": "客户意向", "exclusive": true})),
        (Resource::TagGroups, json!({"id": "habit", "name": "消费特征"})),
        (Resource::Tags, json!({"id": "high", "name": "高意向", "group_id": "intent"})),
        (Resource::Tags, json!({"id": "low", "name": "低意向", "group_id": "intent"})),
        (Resource::Tags, json!({"id": "vip", "name": "VIP", "group_id": "habit"})),
        (Resource::Tags, json!({"id": "gone", "name": "旧", "group_id": "habit", "deleted": true})),
        (
            Resource::Customers,
            json!({
                "id": "c1", "name": "张三", "stage": "active", "points": 100, "rev": "5",
                "channels": [{"kind": "wecom", "id": "wm1"}], "tags": ["high", "vip"],
                "relations": [relation("op-01", &["high"]), relation("op-02", &["high", "vip"])],
                "custom": {"宝宝": "小米", "尺码": 80}, "last_contact_at": at, "rev": "5",
            }),
        ),
        (Resource::Customers, json!({"id": "c2", "name": "李四", "rev": "1"})),
        (Resource::Groups, json!({"id": "g1", "name": "福利群", "tags": ["vip"], "rev": "1"})),
        (
            Resource::FollowUps,
            json!({"id": "f1", "customer_id": "c1", "title": "回访", "rev": "1", "created_at": at}),
        ),
    ];
    all.into_iter().map(|(resource, item)| AnyRecord::read(resource, item).expect("a record").0).collect()
}

impl Town {
    pub async fn new() -> Self {
        let store = Store::in_memory(Limits::default()).expect("a store");
        store.put(&records()).expect("written");
        let server = serve(store).await;
        Self { caller: Caller::of(&server), server }
    }

    pub async fn get(&self, path: &str) -> Value {
        self.caller.get(path).await.json()
    }

    pub async fn write(&self, method: &str, path: &str, body: Value) -> Answer {
        self.caller.write(method, path, &[], &body).await
    }

    /// A write that goes well; its answer.
    pub async fn done(&self, method: &str, path: &str, body: Value) -> Value {
        let answer = self.write(method, path, body).await;
        assert!(matches!(answer.status, 200 | 201), "{method} {path}: {}", answer.body);
        answer.value()
    }

    /// A write that is refused; its status and what is wrong, by path.
    pub async fn refused(&self, method: &str, path: &str, body: Value) -> (u16, Vec<String>) {
        let before = self.server.store.seq();
        let answer = self.write(method, path, body).await;
        assert!(answer.status >= 400, "{method} {path}: {}", answer.body);
        assert_eq!(self.server.store.seq(), before, "a refusal changes nothing");
        let errors = answer.value()["errors"].as_array().cloned().unwrap_or_default();
        let path = |error: &Value| error["path"].as_str().expect("a path").to_owned();
        (answer.status, errors.iter().map(path).collect())
    }

    /// Keys of the records that changed after number `since`, in order.
    pub fn told(&self, since: i64) -> Vec<String> {
        let changes = self.server.store.changes(since, 1000).expect("kept");
        changes.list.iter().map(|change| format!("{}/{}", change.resource, change.id)).collect()
    }
}
