//! Fxiaoke (纷享销客), by what its public sources show.

use serde_json::json;

use super::*;
use crate::backend::tests::replay::{Answer, ok};
use crate::model::TroubleKind;

#[tokio::test]
async fn fxiaoke_by_its_pages_and_beyond_the_limit_of_its_offsets() {
    const ALL: usize = 420;
    let id = |n: usize| format!("5f3a{n:020x}");
    let account = move |n: usize| {
        json!({"_id": id(n), "name": "客户", "tel": "021-1;138", "owner": ["FSUID_1"], "owner__r": {"name": "蒋"}, "account_level": "1",
        "create_time": 1_597_652_453_918_u64, "last_modified_time": 1_614_065_919_394_u64, "version": "4", "remark": "改过"})
    };
    let server = Replay::start(move |asked| -> Answer {
        let good = |more: Value| {
            let mut body = json!({"errorCode": 0, "errorMessage": "success", "traceId": "E-O.fktest188"});
            body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            ok(body)
        };
        if asked.path == "/cgi/corpAccessToken/get/V2" {
            return match asked.body["appId"] == "FSAID_1" && asked.body["appSecret"] == "s3cret/+" && asked.body["permanentCode"] == "per:m" {
                true => good(json!({"corpAccessToken": "corp-token-1", "corpId": "FSCID_1", "expiresIn": 7200})),
                false => ok(json!({"errorCode": 20016, "errorMessage": "appSecret is wrong"})),
            };
        }
        assert_eq!((asked.body["corpAccessToken"].as_str(), asked.body["corpId"].as_str()), (Some("corp-token-1"), Some("FSCID_1")));
        if asked.path == "/cgi/user/getByMobile" {
            return good(json!({"empList": [{"openUserId": "FSUID_9", "name": "蒋小川"}]}));
        }
        assert_eq!(asked.body["currentOpenUserId"], "FSUID_9");
        let data = &asked.body["data"];
        match (asked.path.as_str(), data["dataObjectApiName"].as_str()) {
            ("/cgi/crm/v2/data/query", Some("AccountObj")) => {
                let search = &data["search_query_info"];
                let offset = usize::try_from(search["offset"].as_u64().unwrap()).unwrap();
                if offset + 100 > 300 {
                    return ok(json!({"errorCode": 320_001, "errorMessage": "offset 超过上限"}));
                }
                let behind = search["filters"].as_array().unwrap().iter().find(|filter| filter["field_name"] == "_id");
                let behind = behind.map_or(String::new(), |filter| filter["field_values"][0].as_str().unwrap().to_owned());
                let list: Vec<_> = (0..ALL).filter(|n| id(*n) > behind).skip(offset).take(100).map(account).collect();
                good(json!({"data": {"dataList": list, "total": ALL, "offset": offset, "limit": 100}}))
            }
            // As some report it: one step further out.
            ("/cgi/crm/v2/data/query", Some("SalesOrderObj")) => good(json!({"dataList": [{"_id": "o1", "account_id": "a1", "order_amount": "1.50", "order_time": 1_517_328_000_000_u64, "life_status": "normal"}]})),
            ("/cgi/crm/v2/data/get", _) => good(json!({"data": account(3)})),
            ("/cgi/crm/v2/data/update", _) => good(json!({})),
            other => panic!("{other:?}"),
        }
    })
    .await;
    let vars = [("app_id", "FSAID_1"), ("mobile", "138")];
    let connector = server
        .shipped_small("fxiaoke", &vars, ("after = 9900", "after = 200"))
        .with_secrets(named(&[("app_secret", "s3cret/+"), ("permanent_code", "per:m")]));
    first(&connector, Resource::Customers, ALL, json!({
        "id": id(0), "name": "客户", "phones": ["021-1", "138"], "owners": ["FSUID_1"], "level": "1", "added_at": "2020-08-17T08:20:53.918+00:00", "rev": "4",
    })).await;
    first(
        &connector,
        Resource::Orders,
        1,
        json!({"id": "o1", "customer_id": "a1", "amount": 150, "currency": "CNY"}),
    )
    .await;
    let since = connector.since(Resource::Customers, 1_700_000_000_000).unwrap();
    connector.page(Resource::Customers, Some(&since)).await.unwrap();
    let filters = &server.last().body["data"]["search_query_info"]["filters"];
    assert_eq!(
        filters,
        &json!([{"field_name": "last_modified_time", "field_values": [1_699_999_940_000_u64], "operator": "GTE"}])
    );
    let write = Write::set_one(Resource::Customers, id(3), "remark", "改过");
    assert_eq!(done(&connector, &write).await["remark"], "改过");
    let sent = server.asked().into_iter().find(|asked| asked.path.ends_with("update")).unwrap().body;
    assert_eq!(
        sent["data"]["object_data"],
        json!({"dataObjectApiName": "AccountObj", "_id": id(3), "remark": "改过"})
    );
    let wrong = server.shipped("fxiaoke", &[("app_id", "other"), ("mobile", "138")]);
    let error = fails(&wrong, Resource::Customers).await;
    assert_eq!((error.kind, error.what.as_str()), (TroubleKind::Auth, "appSecret is wrong"));
}
