//! Chatwoot, by what its public sources show.

use std::sync::Mutex;

use serde_json::json;

use super::*;
use crate::backend::tests::replay::ok;
use crate::model::TroubleKind;

#[tokio::test]
async fn chatwoot_by_its_reference() {
    let labels = Mutex::new(vec!["vip".to_owned()]);
    let server = Replay::start(move |asked| match asked.line().as_str() {
        _ if asked.header("api_access_token") != "s3cret/+" => (401, Vec::new(), json!({"error": "Invalid Access Token"})),
        "GET /api/v1/profile" => ok(json!({"id": 3, "name": "Ann"})),
        "GET /api/v1/accounts/1/contacts" => {
            let page = asked.param("page").parse::<usize>().unwrap();
            let contact = |n: usize| json!({"id": n, "name": "Jane", "email": "jane@example.com", "phone_number": null, "identifier": null,
                "additional_attributes": {"city": "Pune"}, "custom_attributes": {"plan": "pro"}, "created_at": 1_700_000_000, "last_activity_at": 0});
            let payload: Vec<_> = (0..20).skip((page - 1) * 15).take(15).map(contact).collect();
            ok(json!({"meta": {"count": 20, "current_page": page.to_string()}, "payload": payload}))
        }
        "GET /api/v1/accounts/1/contacts/4" => ok(json!({"payload": {"id": 4, "name": "Jane", "created_at": 1_700_000_000}})),
        "GET /api/v1/accounts/1/contacts/9" => (404, Vec::new(), json!({"error": "Resource could not be found"})),
        "GET /api/v1/accounts/1/contacts/4/labels" => ok(json!({"payload": *labels.lock().unwrap()})),
        "POST /api/v1/accounts/1/contacts/4/labels" => {
            // It replaces what is there, and drops what it does not know.
            let sent = asked.body["labels"].as_array().unwrap().iter().map(|label| label.as_str().unwrap().to_owned());
            *labels.lock().unwrap() = sent.filter(|label| label != "unknown").collect();
            ok(json!({"payload": *labels.lock().unwrap()}))
        }
        path if path.ends_with("/labels") && asked.path.contains("/contacts/") => ok(json!({"payload": []})),
        "GET /api/v1/accounts/1/labels" => ok(json!({"payload": [{"id": 2, "title": "vip", "color": "#ff0000"}]})),
        "GET /api/v1/accounts/1/agents" => ok(json!([{"id": 3, "name": "Ann", "available_name": "Annie", "confirmed": true}])),
        "GET /api/v1/accounts/1/canned_responses" => ok(json!([{"id": 5, "short_code": "hi", "content": "Hello"}])),
        other => panic!("{other}"),
    })
    .await;
    let connector = server.shipped("chatwoot", &[("account", "1")]);
    let meta = connector.meta().await.unwrap();
    assert_eq!((meta.operator_id.as_deref(), meta.operator.as_deref()), (Some("3"), Some("Ann")));
    first(&connector, Resource::Customers, 20, json!({
        "id": "0", "name": "Jane", "city": "Pune", "last_active_at": null, "added_at": "2023-11-14T22:13:20+00:00",
        "channels": [{"kind": "email", "id": "jane@example.com"}], "custom": {"plan": "pro"},
    })).await;
    assert_eq!(
        all(&connector, Resource::Customers).await[4]["tags"],
        json!(["vip"]),
        "labels come one by one"
    );
    first(&connector, Resource::Tags, 1, json!({"id": "vip", "name": "vip", "color": "#ff0000"})).await;
    first(&connector, Resource::Operators, 1, json!({"id": "3", "name": "Annie", "active": true})).await;
    first(&connector, Resource::Snippets, 1, json!({"id": "5", "title": "hi", "body": "Hello"})).await;
    let record = done(&connector, &tags("4", &["new"], &[])).await;
    assert_eq!(record["tags"], json!(["vip", "new"]), "what was there is kept");
    let error = connector.write(&tags("4", &["unknown"], &[]), "key", None).await.unwrap_err();
    assert!(error.kind == TroubleKind::Validation && error.what.contains("did not do it"), "{error}");
    let gone = connector.write(&tags("9", &["vip"], &[]), "key", None).await.unwrap_err();
    assert_eq!(gone.kind, TroubleKind::NotFound);
}
