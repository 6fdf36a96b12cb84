//! Zoho CRM, by what its public sources show.

use std::sync::OnceLock;

use serde_json::{Value, json};

use super::*;
use crate::backend::tests::replay::{Answer, ok};
use crate::model::TroubleKind;

fn contact(id: u64, tags: &[&str]) -> Value {
    let tags: Vec<_> = tags.iter().map(|id| json!({"id": id, "name": format!("n{id}")})).collect();
    json!({"id": (554_023_000_000_000_000 + id).to_string(), "Full_Name": "Patricia Boyle", "Email": "p@example.com", "Mobile": "138", "Phone": null,
        "Account_Name": {"name": "Zylker", "id": "5"}, "Owner": {"id": "4", "name": "A"}, "Tag": tags, "Created_Time": "2023-04-01T11:29:00+05:30"})
}

#[tokio::test]
async fn zoho_by_its_reference_from_another_address_and_beyond_the_limit_of_its_pages() {
    const ALL: usize = 750;
    let here: std::sync::Arc<OnceLock<String>> = std::sync::Arc::default();
    let domain = std::sync::Arc::clone(&here);
    let server = Replay::start(move |asked| -> Answer {
        match asked.line().as_str() {
            "POST /oauth/v2/token" => match asked.text.as_str() {
                "grant_type=refresh_token&client_id=1000.X&client_secret=s3cret%2F%2B&refresh_token=per%3Am" => {
                    let domain = format!("{}/api", domain.get().unwrap());
                    ok(json!({"access_token": "1000.tok", "api_domain": domain, "token_type": "Bearer", "expires_in": 3600}))
                }
                _ => ok(json!({"error": "invalid_code"})),
            },
            _ if asked.header("authorization") != "Zoho-oauthtoken 1000.tok" => {
                (401, Vec::new(), json!({"code": "INVALID_TOKEN", "details": {}, "message": "invalid oauth token", "status": "error"}))
            }
            "GET /api/crm/v8/Contacts" if !asked.header("if-modified-since").is_empty() => (304, Vec::new(), Value::Null),
            "GET /api/crm/v8/Contacts" => {
                let from = match (asked.param("page"), asked.param("page_token")) {
                    (page, "") => (page.parse::<usize>().unwrap() - 1) * 200,
                    ("", token) => token.parse().unwrap(),
                    both => panic!("both {both:?}"),
                };
                if asked.param("page_token").is_empty() && from >= 400 {
                    return (400, Vec::new(), json!({"code": "DISCRETE_PAGINATION_LIMIT_EXCEEDED", "message": "use page_token", "status": "error"}));
                }
                let data: Vec<_> = (from..ALL.min(from + 200)).map(|n| contact(n as u64, &["7"])).collect();
                let info = json!({"per_page": 200, "count": data.len(), "more_records": from + 200 < ALL, "next_page_token": (from + 200).to_string()});
                ok(json!({"data": data, "info": info}))
            }
            "GET /api/crm/v8/Contacts/554023000000000003" => ok(json!({"data": [contact(3, &["7", "8"])]})),
            "GET /api/crm/v8/settings/tags" => ok(json!({"tags": [{"id": "7", "name": "n7", "color_code": "#57B1FD"}, {"id": "8", "name": "n8", "color_code": null}], "info": {}})),
            "GET /api/crm/v8/users" => ok(json!({"users": [{"id": "4", "full_name": "Ann", "status": "active", "role": {"name": "CEO", "id": "1"}}], "info": {"more_records": false}})),
            // No tasks at all.
            "GET /api/crm/v8/Tasks" => (204, Vec::new(), Value::Null),
            "POST /api/crm/v8/Tasks" => (207, Vec::new(), json!({"data": [{"code": "MANDATORY_NOT_FOUND", "details": {"api_name": "Subject"}, "message": "required field not found", "status": "error"}]})),
            "POST /api/crm/v8/Contacts/554023000000000003/actions/add_tags" => ok(json!({"data": [{"code": "SUCCESS", "details": {}, "message": "tags updated successfully", "status": "success"}]})),
            other => panic!("{other}"),
        }
    })
    .await;
    here.set(server.url.clone()).unwrap();
    let vars = [("client_id", "1000.X")];
    let connector = server
        .shipped_small("zoho", &vars, ("after = 2000", "after = 400"))
        .with_secrets(named(&[("client_secret", "s3cret/+"), ("refresh_token", "per:m")]));
    let customers = all(&connector, Resource::Customers).await;
    assert_eq!(customers.len(), ALL);
    let wanted = json!({"id": "554023000000000000", "name": "Patricia Boyle", "company": "Zylker", "phones": ["138"], "owners": ["4"], "tags": ["7"], "added_at": "2023-04-01T11:29:00+05:30"});
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(&customers[0][name], value, "{name}");
    }
    first(&connector, Resource::Tags, 2, json!({"id": "7", "name": "n7", "color": "#57B1FD"})).await;
    first(
        &connector,
        Resource::Operators,
        1,
        json!({"id": "4", "name": "Ann", "department": "CEO", "active": true}),
    )
    .await;
    assert_eq!(all(&connector, Resource::FollowUps).await.len(), 0);
    let since = connector.since(Resource::Customers, 1_700_000_000_000).unwrap();
    assert_eq!(
        connector.page(Resource::Customers, Some(&since)).await.unwrap().items.len(),
        0,
        "nothing has changed: a 304"
    );
    let record = done(&connector, &tags("554023000000000003", &["8"], &[])).await;
    assert_eq!(record["tags"], json!(["7", "8"]));
    let sent = server.asked().into_iter().find(|asked| asked.path.ends_with("add_tags")).unwrap().body;
    assert_eq!(sent, json!({"tags": [{"name": "n8"}]}));
    let fields = json!({"customer_id": "1", "title": "", "due_at": "2023-04-01T12:00:00Z"});
    let make = Write {
        resource: Resource::FollowUps,
        id: "~1".into(),
        deed: Deed::Make { fields: fields.as_object().unwrap().clone() },
    };
    let error = connector.write(&make, "key", None).await.unwrap_err();
    assert_eq!(
        (error.kind, error.what.as_str()),
        (TroubleKind::Validation, "MANDATORY_NOT_FOUND: required field not found")
    );
    let wrong = server.shipped("zoho", &[("client_id", "other")]);
    assert_eq!(fails(&wrong, Resource::Tags).await.kind, TroubleKind::Auth);
}
