//! Customer groups: `externalcontact/groupchat/{list,get}`.

use serde_json::{Value, json};

use super::corp::{Chat, Corp, Member};
use super::refusal::{Answer, Asked, only, page, refuse, texts};

/// Those who may be in an application's scope before it has to name owners.
const MOST_OWNERS: usize = 1000;

/// `groupchat/list`
pub fn list(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let Some(limit @ 1..=1000) = asked.number("limit") else {
        return refuse(40058, "limit missing, or not from 1 to 1000");
    };
    let owners = texts(asked.body.pointer("/owner_filter/userid_list"), "owner_filter", 100)?;
    if owners.is_empty() && corp.followers().count() > MOST_OWNERS {
        return refuse(81017, "too many userids in the scope: say owner_filter");
    }
    let status = asked.number("status_filter").unwrap_or(0);
    let status_of = |chat: &Chat| i64::from(!corp.is_follower(&chat.owner));
    let wanted = |chat: &Chat| {
        (owners.is_empty() || owners.contains(&chat.owner.as_str()))
            && (status == 0 || status == status_of(chat))
    };
    let all: Vec<Value> = corp
        .chats
        .iter()
        .filter(|(_, chat)| wanted(chat))
        .map(|(id, chat)| json!({"chat_id": id, "status": status_of(chat)}))
        .collect();
    let of = format!("chats {status} {}", owners.join(","));
    let (part, next) = page(&all, asked.text("cursor"), &of, usize::try_from(limit).unwrap_or(1000))?;
    let mut made = json!({"group_chat_list": part});
    if !next.is_empty() {
        made["next_cursor"] = next.into();
    }
    Ok(made.as_object().cloned().unwrap_or_default())
}

/// `groupchat/get`: who is in it now; who has left is not told.
pub fn get(corp: &mut Corp, asked: &Asked<'_>) -> Answer {
    let id = asked.wants("chat_id", 40058)?;
    let Some(chat) = corp.chats.get(id) else { return refuse(40050, "invalid group id") };
    let named = asked.number("need_name") == Some(1);
    let one = |member: &Member| {
        let mut made = json!({
            "userid": member.id, "type": if member.is_staff { 1 } else { 2 }, "join_time": member.joined,
            "join_scene": member.scene, "group_nickname": "",
        });
        if let Some(unionid) = &member.unionid {
            made["unionid"] = unionid.as_str().into();
        }
        if let Some(by) = member.invited_by.as_ref().filter(|_| member.scene == 1) {
            made["invitor"] = json!({"userid": by});
        }
        if named {
            made["name"] = member.name.as_str().into();
        }
        made
    };
    let members: Vec<Value> = chat.members.iter().map(one).collect();
    let made = json!({
        "chat_id": id, "name": chat.name, "owner": chat.owner, "create_time": chat.created,
        "notice": chat.notice, "member_list": members, "admin_list": [],
    });
    only("group_chat", made)
}
