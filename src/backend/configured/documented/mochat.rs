//! MoChat, by what its public sources show.

use serde_json::json;

use super::*;
use crate::backend::tests::replay::ok;
use crate::model::TroubleKind;

#[tokio::test]
async fn mochat_by_its_pages_and_its_empty_page_as_reported() {
    let server = Replay::start(|asked| match asked.line().as_str() {
        // As its page shows it: figures are texts.
        "PUT /dashboard/user/auth" if asked.body["password"] == "s3cret/+" => {
            ok(json!({"code": "200", "msg": "登陆成功", "data": {"token": "asdfasdfasdfasdfasdf", "expire": "3600"}}))
        }
        _ if asked.header("authorization") != "Bearer asdfasdfasdfasdfasdf" => (401, Vec::new(), json!({"code": 401, "msg": "登陆失效"})),
        "GET /dashboard/workContact/index" => {
            let tag = json!(["待开发客户", "优质客户", "无此标签"]);
            ok(json!({"code": 200, "msg": "", "data": {"page": {"perPage": "100", "total": "1", "totalPage": "1"}, "list": [{
                "id": "9", "contactId": "1", "employeeId": "1", "isContact": "1", "gender": "1", "genderText": "男", "name": "啊啊啊",
                "remark": "", "businessNo": "1233333", "roomName": ["北京地区一群"], "addWay": "1", "addWayText": "名片分享",
                "tag": tag, "employeeName": "MoChat科技--张子阔", "createTime": "2020-08-11 17:00:09"}]}}))
        }
        "GET /dashboard/workContactTag/allTag" => {
            ok(json!({"code": 200, "msg": "", "data": [{"id": "11", "name": "优质客户"}, {"id": "12", "name": "待开发客户"}]}))
        }
        "GET /dashboard/workContactTagGroup/index" => ok(json!({"code": 200, "msg": "", "data": [{"groupId": "12", "groupName": "分组"}]})),
        "GET /dashboard/workRoom/index" => ok(json!({"code": 200, "msg": "", "data": {"page": {"perPage": "10", "total": "1", "totalPage": "3"}, "list": [{
            "workRoomId": "1", "memberNum": "10", "roomName": "客户群", "ownerName": "张三", "status": "1", "inRoomNum": 1,
            "outRoomNum": 20, "createTime": "2018-11-09 16:52:59"}]}})),
        // Issue 63: no page at all where there is nothing.
        "GET /dashboard/workContactRoom/index" => ok(json!({"code": 200, "msg": "", "data": []})),
        "POST /dashboard/workContact/batchLabeling" => ok(json!({"code": 200, "msg": "", "data": []})),
        other => panic!("{other}"),
    })
    .await;
    let connector = server.shipped("mochat", &[("phone", "13800000000")]);
    first(&connector, Resource::Customers, 1, json!({
        "id": "1", "name": "啊啊啊", "gender": "male", "source": "名片分享", "remark": null, "owners": ["1"],
        "tags": ["12", "11"], "added_at": "2020-08-11T17:00:09+08:00",
    })).await;
    first(&connector, Resource::Tags, 2, json!({"id": "11", "name": "优质客户"})).await;
    first(&connector, Resource::TagGroups, 1, json!({"id": "12", "name": "分组"})).await;
    first(
        &connector,
        Resource::Groups,
        1,
        json!({"id": "1", "name": "客户群", "member_count": 10, "created_at": "2018-11-09T16:52:59+08:00"}),
    )
    .await;
    assert_eq!(all(&connector, Resource::GroupMembers).await.len(), 0, "an empty page of its own kind");
    done(&connector, &tags("1", &["11"], &[])).await;
    let sent = server.asked().into_iter().find(|asked| asked.path.ends_with("batchLabeling")).unwrap();
    assert_eq!(sent.body, json!({"contactId": "1", "tagId": "11"}));
    let error = connector.write(&tags("1", &[], &["11"]), "key", None).await.unwrap_err();
    assert!(
        !error.sent && error.kind == TroubleKind::Validation && error.what.contains("take none away"),
        "{error}"
    );
    let failing = Replay::start(|asked| match asked.path.as_str() {
        "/dashboard/user/auth" => {
            ok(json!({"code": 200, "msg": "", "data": {"token": "asdf", "expire": "3600"}}))
        }
        _ => ok(json!({"code": 100_014, "msg": "企业微信授信失败", "data": []})),
    })
    .await;
    let error = fails(&failing.shipped("mochat", &[("phone", "1")]), Resource::Customers).await;
    assert_eq!(
        (error.kind, error.what.as_str()),
        (TroubleKind::Validation, "企业微信授信失败"),
        "and no empty list is believed"
    );
}
