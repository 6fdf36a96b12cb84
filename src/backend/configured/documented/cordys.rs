//! Cordys CRM, by what its public sources show.

use serde_json::{Value, json};

use super::*;
use crate::backend::tests::replay::{Answer, Asked, ok};
use crate::model::TroubleKind;

fn page(asked: &Asked, list: Vec<Value>) -> Answer {
    let number = |name: &str| usize::try_from(asked.body[name].as_u64().unwrap()).unwrap();
    let (current, size, total) = (number("current"), number("pageSize"), list.len());
    let shown: Vec<_> = list.into_iter().skip((current - 1) * size).take(size).collect();
    good(json!({"list": shown, "total": total, "pageSize": size, "current": current, "optionMap": {}}))
}

fn good(data: Value) -> Answer {
    ok(json!({"code": 100_200, "message": null, "messageDetail": null, "data": data}))
}

fn plan(n: usize, status: &str) -> Value {
    json!({"id": format!("p{n}"), "customerId": "c1", "content": "回访", "owner": "u1", "estimatedTime": 1_700_000_000_000_u64,
        "status": status, "method": "1", "createTime": 1_690_000_000_000_u64, "updateTime": 1_690_000_000_001_u64, "converted": false})
}

#[tokio::test]
async fn cordys_by_its_controllers_and_response_classes() {
    let server = Replay::start(|asked| match asked.line().as_str() {
        _ if asked.header("x-access-key") != "ak" || asked.header("x-secret-key") != "s3cret/+" => {
            (401, Vec::new(), json!({"code": 100_401, "message": "未登录", "data": ""}))
        }
        "POST /account/page" => page(asked, (0..150).map(|n| json!({"id": format!("c{n}"), "name": "某公司", "owner": "u1",
            "createTime": 1_690_000_000_000_u64, "followTime": 1_700_000_000_000_u64, "moduleFields": [{"fieldId": "f1", "fieldValue": "v"}]})).collect()),
        "POST /user/list" => page(asked, vec![json!({"id": "x", "userId": "u1", "userName": "王", "enable": false, "departmentName": "销售"})]),
        "POST /follow/plan/page" if asked.body["status"] == "ALL" => {
            page(asked, vec![plan(1, "UNDERWAY"), json!({"id": "p2", "clueId": "l1", "customerId": null, "status": "PREPARED"})])
        }
        "POST /follow/record/page" => page(asked, vec![json!({"id": "r1", "customerId": "c1", "content": "聊过", "owner": "u1", "followTime": 1_700_000_000_000_u64, "followMethod": "2"})]),
        "POST /account/follow/plan/status/update" => good(Value::Null),
        "GET /account/follow/plan/get/p1" => good(plan(1, "COMPLETED")),
        "POST /account/follow/plan/add" if asked.body["content"] == "" => {
            (400, Vec::new(), json!({"code": 100_400, "message": "参数校验失败", "messageDetail": "content 不能为空", "data": ""}))
        }
        "POST /account/follow/plan/add" => good(plan(9, "PREPARED")),
        other => panic!("{other}"),
    })
    .await;
    let connector = server.shipped("cordys", &[("access_key", "ak")]);
    first(&connector, Resource::Customers, 150, json!({
        "id": "c0", "name": "某公司", "owners": ["u1"], "custom": {"f1": "v"}, "last_contact_at": "2023-11-14T22:13:20+00:00",
    })).await;
    first(&connector, Resource::Operators, 1, json!({"id": "u1", "name": "王", "active": false})).await;
    first(
        &connector,
        Resource::FollowUps,
        1,
        json!({"id": "p1", "customer_id": "c1", "title": "回访", "status": "doing", "assignee_id": "u1"}),
    )
    .await;
    first(
        &connector,
        Resource::Events,
        1,
        json!({"id": "r1", "customer_id": "c1", "kind": "note", "title": "聊过"}),
    )
    .await;
    let write = Write::set_one(Resource::FollowUps, "p1", "status", "done");
    assert_eq!(done(&connector, &write).await["status"], "done");
    let sent = server.asked().into_iter().find(|asked| asked.path.ends_with("status/update")).unwrap().body;
    assert_eq!(sent, json!({"id": "p1", "status": "COMPLETED"}));
    let make = |title: &str| {
        let fields = json!({"customer_id": "c1", "title": title, "due_at": "2023-11-14T22:13:20Z", "assignee_id": "u1"});
        Write {
            resource: Resource::FollowUps,
            id: "~1".into(),
            deed: Deed::Make { fields: fields.as_object().unwrap().clone() },
        }
    };
    assert_eq!(done(&connector, &make("回访")).await["id"], "p9");
    let error = connector.write(&make(""), "key", None).await.unwrap_err();
    assert_eq!(
        (error.kind, error.what.as_str()),
        (TroubleKind::Validation, "参数校验失败: content 不能为空")
    );
    assert_eq!(
        fails(&server.shipped("cordys", &[("access_key", "no")]), Resource::Customers).await.kind,
        TroubleKind::Auth
    );
}
