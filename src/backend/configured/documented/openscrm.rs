//! OpenSCRM, by what its public sources show.

use serde_json::{Value, json};

use super::*;
use crate::backend::tests::replay::{Answer, Asked, ok};
use crate::model::TroubleKind;

fn page(asked: &Asked, items: Vec<Value>) -> Answer {
    let (page, size) =
        (asked.param("page").parse::<usize>().unwrap(), asked.param("page_size").parse::<usize>().unwrap());
    let total = items.len();
    let shown: Vec<_> = items.into_iter().skip((page - 1) * size).take(size).collect();
    ok(
        json!({"code": 0, "message": "ok", "data": {"items": shown, "pager": {"page": page, "page_size": size, "total_rows": total}}}),
    )
}

fn customer(n: usize) -> Value {
    json!({
        "id": "7123456789012345678", "ext_customer_id": format!("wmIJ{n}"), "name": "李", "corp_name": "", "type": 1, "gender": 1,
        "unionid": "u1", "updated_at": "2021-06-28T10:35:00+08:00",
        "staff_relations": [
            {"ext_staff_id": "ethan", "remark": "", "description": "d", "createtime": "2021-06-02T10:00:00+08:00", "add_way": 1,
             "customer_staff_tags": [{"ext_tag_id": "et1", "tag_name": "VIP"}]},
            {"ext_staff_id": "mary", "remark": "老李", "createtime": "2021-06-01T10:00:00+08:00", "add_way": 3, "remark_mobiles": ["138"],
             "customer_staff_tags": [{"ext_tag_id": "et2"}, {"ext_tag_id": "et1"}]}],
    })
}

#[tokio::test]
async fn openscrm_by_its_routes_and_models() {
    let server = Replay::start(|asked| match asked.line().as_str() {
        _ if asked.header("cookie") != "s3cret/+" => (401, Vec::new(), json!({"code": 401, "message": "请登录"})),
        "GET /api/v1/staff-admin/customers" => page(asked, (0..101).map(customer).collect()),
        "GET /api/v1/staff-admin/customer/wmIJ3" => ok(json!({"code": 0, "message": "ok", "data": customer(3)})),
        "GET /api/v1/staff-admin/customer/tag-groups" => page(asked, vec![json!({"id": "1", "ext_id": "eg1", "name": "等级", "order": 2,
            "tags": [{"id": "5", "ext_id": "et1", "ext_group_id": "eg1", "name": "VIP", "order": 1}]})]),
        "GET /api/v1/staff-admin/staffs" => page(asked, vec![json!({"ext_staff_id": "ethan", "name": "伊森"})]),
        "GET /api/v1/staff-admin/group-chats" => page(asked, vec![json!({"ext_chat_id": "wr1", "name": "一群", "owner": "ethan", "status": 2,
            "total": 9, "create_time": "2021-01-02T03:04:05+08:00", "tags": null,
            "member_list": [{"userid": "wmIJ1", "type": 2, "join_time": 1_609_527_845, "join_scene": 3, "invitor": ""}]})]),
        "GET /api/v1/staff-admin/customer/events" => match asked.param("ext_customer_id") {
            "wmIJ0" => page(asked, vec![json!({"id": "71", "ext_customer_id": "wmIJ0", "ext_staff_id": "ethan", "event_name": "跟进提醒",
                "content": "回访", "created_at": "2021-06-28T10:35:00+08:00"})]),
            _ => page(asked, Vec::new()),
        },
        "POST /api/v1/staff-admin/customer/action/update-tags" => ok(json!({"code": 0, "message": "ok", "data": null})),
        other => panic!("{other}"),
    })
    .await;
    let connector = server.shipped("openscrm", &[]);
    first(&connector, Resource::Customers, 101, json!({
        "id": "wmIJ0", "name": "李", "kind": "wechat", "gender": "male", "company": null, "owners": ["ethan", "mary"],
        "tags": ["et1", "et2"], "remark": "老李", "phones": ["138"], "added_at": "2021-06-01T10:00:00+08:00",
    })).await;
    first(&connector, Resource::TagGroups, 1, json!({"id": "eg1", "name": "等级", "order": 2})).await;
    first(&connector, Resource::Tags, 1, json!({"id": "et1", "name": "VIP", "group_id": "eg1"})).await;
    first(&connector, Resource::Operators, 1, json!({"id": "ethan", "name": "伊森"})).await;
    first(
        &connector,
        Resource::Groups,
        1,
        json!({"id": "wr1", "owner_id": "ethan", "status": "active", "member_count": 9}),
    )
    .await;
    first(
        &connector,
        Resource::GroupMembers,
        1,
        json!({"group_id": "wr1", "customer_id": "wmIJ1", "kind": "customer"}),
    )
    .await;
    first(
        &connector,
        Resource::Events,
        1,
        json!({"id": "71", "customer_id": "wmIJ0", "title": "跟进提醒", "body": "回访"}),
    )
    .await;
    done(&connector, &tags("wmIJ3", &["et1"], &["et9"])).await;
    let sent = server.asked().into_iter().find(|asked| asked.path.ends_with("update-tags")).unwrap().body;
    assert_eq!(
        sent,
        json!({"ext_customer_ids": ["wmIJ3"], "ext_staff_id": "ethan", "add_ext_tag_ids": ["et1"], "remove_ext_tag_ids": ["et9"]})
    );
    let ended = Replay::start(|_| ok(json!({"code": 401, "message": "x", "data": {"items": []}}))).await;
    let error = fails(&ended.shipped("openscrm", &[]), Resource::Customers).await;
    assert!(error.kind == TroubleKind::Auth && error.what.contains("scan the code"), "{error}");
}
