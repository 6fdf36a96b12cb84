//! LinkWeChat, by what its public sources show.

use serde_json::{Value, json};

use super::*;
use crate::backend::tests::replay::{Answer, Asked, ok};
use crate::model::TroubleKind;

fn rows(asked: &Asked, rows: Vec<Value>) -> Answer {
    let (page, size) =
        (asked.param("pageNum").parse::<usize>().unwrap(), asked.param("pageSize").parse::<usize>().unwrap());
    let total = rows.len();
    let shown: Vec<_> = rows.into_iter().skip((page - 1) * size).take(size).collect();
    ok(json!({"total": total, "rows": shown, "code": 200, "msg": "查询成功", "noRepeatCustomerTotal": total}))
}

fn customer(n: usize, tags: &str) -> Value {
    json!({
        "id": 1_700_000_000_000_000_000_u64 + n as u64, "externalUserid": format!("wm{n}"), "customerName": "张三",
        "customerType": 1, "firstUserId": "ZhangSan", "userName": "张三丰", "trackState": 5, "addMethod": 1,
        "firstAddTime": "2023-05-06", "gender": 2, "phone": "13800000000,13900000000", "tagIds": tags,
        "tagNames": "VIP,老客", "lossTime": "2023-06-01", "trackTime": null,
    })
}

#[tokio::test]
async fn linkwechat_by_its_response_classes() {
    let server = Replay::start(|asked| match asked.line().as_str() {
        "POST /auth/accountLogin" => match asked.body == json!({"username": "admin", "password": "s3cret/+"}) {
            true => ok(json!({"code": 200, "msg": "操作成功", "data": {"access_token": "eyJ.token", "expires_in": 720}})),
            false => ok(json!({"code": 500, "msg": "账号或密码错误"})),
        },
        _ if asked.header("authorization") != "Bearer eyJ.token" => ok(json!({"code": 401, "msg": "令牌不能为空"})),
        "GET /open/customer/findWeCustomerList" if asked.param("externalUserid") == "wm7" => {
            rows(asked, vec![customer(7, "t1,t2,t3")])
        }
        "GET /open/customer/findWeCustomerList" => rows(asked, (0..130).map(|n| customer(n, "t1,t2")).collect()),
        "GET /open/tag/list" => rows(asked, vec![json!({"groupId": "g1", "groupName": "等级", "weTags": [
            {"tagId": "t1", "name": "VIP", "delFlag": 0}, {"tagId": "t2", "name": "老客", "delFlag": 0}, {"tagId": "t3", "name": "新客", "delFlag": 0}]})]),
        "GET /open/groupchat/page/list" => rows(asked, vec![json!({"chatId": "wr1", "groupName": "一群", "owner": "ZhangSan",
            "addTime": "2023-01-02", "status": 0, "memberNum": 3, "customerNum": 2, "tagIds": "x,y"})]),
        "GET /open/groupchat/member/page/list" => rows(asked, vec![
            json!({"userId": "wm1", "type": 2, "name": "张三", "joinTime": "2023-01-02 03:04:05", "joinScene": 3, "delFlag": 0}),
            json!({"userId": "ZhangSan", "type": 1, "name": "张三丰", "joinTime": "2023-01-02 03:04:05", "delFlag": 1, "quitTime": "2023-02-03 04:05:06"})]),
        "POST /open/customer/makeLabel" => ok(json!({"code": 200, "msg": "操作成功"})),
        other => panic!("{other}"),
    })
    .await;
    let connector = server.shipped("linkwechat", &[("user", "admin")]);
    first(&connector, Resource::Customers, 130, json!({
        "id": "wm0", "name": "张三", "kind": "wechat", "gender": "female", "phones": ["13800000000", "13900000000"],
        "tags": ["t1", "t2"], "owners": ["ZhangSan"], "stage": "lost", "added_at": "2023-05-06T00:00:00+08:00",
    })).await;
    let relation = &all(&connector, Resource::Customers).await[0]["relations"][0];
    assert_eq!(
        (&relation["operator_id"], &relation["status"], &relation["lost_at"]),
        (&json!("ZhangSan"), &json!("removed_by_customer"), &json!("2023-06-01T00:00:00+08:00"))
    );
    first(&connector, Resource::TagGroups, 1, json!({"id": "g1", "name": "等级"})).await;
    first(&connector, Resource::Tags, 3, json!({"id": "t1", "name": "VIP", "group_id": "g1"})).await;
    first(&connector, Resource::Groups, 1, json!({"id": "wr1", "owner_id": "ZhangSan", "member_count": 3, "customer_count": 2, "tags": ["x", "y"]})).await;
    first(&connector, Resource::GroupMembers, 2, json!({"group_id": "wr1", "member_id": "wm1", "customer_id": "wm1", "joined_at": "2023-01-02T03:04:05+08:00", "left_at": null})).await;
    let record = done(&connector, &tags("wm7", &["t3"], &[])).await;
    assert_eq!(record["tags"], json!(["t1", "t2", "t3"]));
    let sent = server.asked().into_iter().find(|asked| asked.path.ends_with("makeLabel")).unwrap().body;
    assert_eq!(
        (&sent["externalUserid"], &sent["userId"], &sent["addTag"]),
        (&json!("wm7"), &json!("ZhangSan"), &json!([{"tagId": "t3", "name": "新客"}]))
    );
    assert_eq!(server.lines().iter().filter(|line| line.ends_with("accountLogin")).count(), 1);
    let stranger = server.shipped("linkwechat", &[("user", "nobody")]);
    let error = fails(&stranger, Resource::Tags).await;
    assert_eq!(error.what, "账号或密码错误");
    assert!(matches!(error.kind, TroubleKind::Validation | TroubleKind::Auth), "{error}");
}
