//! Staff: who follows customers, and the names behind the ids.

use serde_json::{Value, json};

use super::corp::{Corp, Staff};
use super::refusal::{Answer, Asked, only, refuse};

/// `externalcontact/get_follow_user_list`
pub fn followers(corp: &mut Corp, _: &Asked<'_>) -> Answer {
    only("follow_user", corp.followers().cloned().collect::<Vec<_>>())
}

/// `user/simplelist`
pub fn simple_list(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    if asked.parameter("department_id").is_none_or(|id| id.parse::<i64>().is_err()) {
        return refuse(40058, "department_id missing or invalid");
    }
    let here = corp.staff.iter().filter(|(_, staff)| staff.left.is_none());
    let list: Vec<Value> = here
        .map(|(id, staff)| json!({"userid": id, "name": staff.name, "department": [1], "open_userid": ""}))
        .collect();
    only("userlist", list)
}

/// `user/get`
pub fn get(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let id = asked.parameter("userid").unwrap_or_default();
    let Some(Staff { name, department, left: None }) = corp.staff.get(id) else {
        return refuse(60111, "userid not found");
    };
    let made = json!({"userid": id, "name": name, "department": [1], "position": department, "status": 1});
    Ok(made.as_object().cloned().unwrap_or_default())
}
