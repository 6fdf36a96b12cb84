//! HubSpot, by what its public sources show.

use serde_json::{Value, json};

use super::*;
use crate::backend::tests::replay::ok;
use crate::model::TroubleKind;

fn contact(id: usize, tags: &str) -> Value {
    json!({"id": id.to_string(), "archived": false, "createdAt": "2019-10-30T03:30:17.883Z", "updatedAt": "2019-12-07T16:50:06.678Z",
        "properties": {"firstname": "Li", "lastname": "Wei", "email": "li@example.com", "phone": "", "lifecyclestage": "customer",
            "hubspot_owner_id": "77", "hs_persona": tags, "createdate": "2019-10-30T03:30:17.883Z"}})
}

fn task(id: &str, status: &str) -> Value {
    json!({"id": id, "createdAt": "2019-10-30T03:30:17.883Z", "properties": {"hs_task_subject": "Call", "hs_task_body": null, "hs_task_status": status,
        "hs_task_priority": "HIGH", "hs_task_type": "CALL", "hs_timestamp": "2019-12-01T08:00:00Z", "hubspot_owner_id": "77"},
        "associations": {"contacts": {"results": [{"id": "512", "type": "task_to_contact"}]}}})
}

#[tokio::test]
async fn hubspot_by_its_reference_and_beyond_the_limit_of_its_search() {
    const ALL: usize = 450;
    let server = Replay::start(|asked| match asked.line().as_str() {
        _ if asked.header("authorization") != "Bearer s3cret/+" => (401, Vec::new(), json!({"status": "error", "message": "This oauth-token is expired"})),
        "POST /crm/v3/objects/contacts/search" => {
            let filters = asked.body["filterGroups"][0]["filters"].as_array().cloned().unwrap_or_default();
            let behind = filters.iter().find(|filter| filter["propertyName"] == "hs_object_id");
            let behind = behind.map_or(0, |filter| filter["value"].as_str().unwrap().parse::<usize>().unwrap());
            let after = asked.body["after"].as_str().map_or(0, |after| after.parse::<usize>().unwrap());
            if after + 100 > 300 {
                return (400, Vec::new(), json!({"status": "error", "message": "paging is limited to 10000"}));
            }
            let results: Vec<_> = (behind + 1..=ALL).skip(after).take(100).map(|id| contact(id, "a;b")).collect();
            let next = (behind + after + 100 < ALL).then(|| json!({"next": {"after": (after + 100).to_string(), "link": "?after"}}));
            ok(json!({"total": ALL - behind, "results": results, "paging": next}))
        }
        "GET /crm/v3/objects/contacts/512" => ok(contact(512, "a;b;c")),
        "PATCH /crm/v3/objects/contacts/512" => ok(contact(512, "a;b;c")),
        "GET /crm/v3/properties/contacts/hs_persona" => ok(json!({"name": "hs_persona", "options": [{"label": "甲", "value": "a", "displayOrder": 0, "hidden": false}]})),
        "GET /crm/v3/owners" if asked.param("after").is_empty() => {
            ok(json!({"results": [{"id": "77", "firstName": "Ann", "lastName": "Wu", "archived": false}], "paging": {"next": {"after": "NTI1Cg%3D%3D"}}}))
        }
        "GET /crm/v3/owners" => ok(json!({"results": []})),
        "GET /crm/v3/objects/tasks" => ok(json!({"results": [task("9", "NOT_STARTED"), json!({"id": "10", "properties": {"hs_task_subject": "of a company"}})]})),
        "GET /crm/v3/objects/tasks/9" => ok(task("9", "COMPLETED")),
        "PATCH /crm/v3/objects/tasks/9" => ok(json!({"id": "9"})),
        other => panic!("{other}"),
    })
    .await;
    let connector = server.shipped_small("hubspot", &[], ("after = 9900", "after = 200"));
    server.shipped("hubspot", &[]);
    let customers = all(&connector, Resource::Customers).await;
    let mut ids: Vec<usize> =
        customers.iter().map(|one| one["id"].as_str().unwrap().parse().unwrap()).collect();
    ids.dedup();
    assert_eq!((ids.len(), ids.first(), ids.last()), (ALL, Some(&1), Some(&ALL)), "all of them, once");
    let wanted = json!({"name": "Li Wei", "tags": ["a", "b"], "phones": [], "stage": "active", "owners": ["77"], "added_at": "2019-10-30T03:30:17.883+00:00"});
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(&customers[0][name], value, "{name}");
    }
    first(&connector, Resource::Tags, 1, json!({"id": "a", "name": "甲", "deleted": false})).await;
    first(&connector, Resource::Operators, 1, json!({"id": "77", "name": "Ann Wu", "active": true})).await;
    first(
        &connector,
        Resource::FollowUps,
        1,
        json!({"id": "9", "customer_id": "512", "kind": "call", "priority": "high", "status": "open"}),
    )
    .await;
    assert_eq!(done(&connector, &tags("512", &["c"], &[])).await["tags"], json!(["a", "b", "c"]));
    assert_eq!(
        server.asked().iter().find(|asked| asked.method == "PATCH").unwrap().body,
        json!({"properties": {"hs_persona": "a;b;c"}})
    );
    let complete = Write::set_one(Resource::FollowUps, "9", "status", "done");
    assert_eq!(done(&connector, &complete).await["status"], "done");
    let since = connector.since(Resource::Customers, 1_700_000_000_000).unwrap();
    connector.page(Resource::Customers, Some(&since)).await.unwrap();
    assert_eq!(server.last().body["filterGroups"][0]["filters"][0]["value"], "1699999940000");
    let busy = Replay::start(|_| (429, Vec::new(), json!({"status": "error", "message": "You have reached your daily limit.", "policyName": "DAILY"}))).await;
    let error = fails(&busy.shipped("hubspot", &[]), Resource::Tags).await;
    assert_eq!((error.kind, error.retry_after.map(|wait| wait.as_secs())), (TroubleKind::Rate, Some(3600)));
}
