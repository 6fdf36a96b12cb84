//! The one table of endpoints.

use super::corp::Corp;
use super::refusal::{Answer, Asked};
use super::{chats, contacts, figures, messages, staff, tags, transfers};

/// An endpoint below `/cgi-bin/`.
pub struct Endpoint {
    pub path: &'static str,
    pub post: bool,
    /// Whether it is for an app alone.
    pub app: bool,
    /// The list of its answer, which is empty in a failure.
    pub list: &'static str,
    pub answer: fn(&mut Corp, &Asked<'_>) -> Answer,
}

const fn get(
    path: &'static str,
    list: &'static str,
    answer: fn(&mut Corp, &Asked<'_>) -> Answer,
) -> Endpoint {
    Endpoint { path, post: false, app: false, list, answer }
}

const fn post(
    path: &'static str,
    list: &'static str,
    answer: fn(&mut Corp, &Asked<'_>) -> Answer,
) -> Endpoint {
    Endpoint { path, post: true, app: false, list, answer }
}

/// What there is, but for `gettoken`.
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint { app: true, ..get("user/simplelist", "userlist", staff::simple_list) },
    Endpoint { app: true, ..get("user/get", "", staff::get) },
    get("externalcontact/get_follow_user_list", "follow_user", staff::followers),
    get("externalcontact/list", "external_userid", contacts::list),
    get("externalcontact/get", "follow_user", contacts::get),
    post("externalcontact/batch/get_by_user", "external_contact_list", contacts::by_user),
    post("externalcontact/remark", "", contacts::remark),
    post("externalcontact/mark_tag", "", contacts::mark_tag),
    post("externalcontact/get_corp_tag_list", "tag_group", tags::list),
    post("externalcontact/add_corp_tag", "", tags::add),
    post("externalcontact/edit_corp_tag", "", tags::edit),
    post("externalcontact/del_corp_tag", "", tags::delete),
    post("externalcontact/groupchat/list", "group_chat_list", chats::list),
    post("externalcontact/groupchat/get", "", chats::get),
    post("externalcontact/groupchat/statistic", "items", figures::by_owner),
    post("externalcontact/groupchat/statistic_group_by_day", "items", figures::by_day),
    post("externalcontact/get_user_behavior_data", "behavior_data", figures::behavior),
    post("externalcontact/add_msg_template", "fail_list", messages::add),
    post("externalcontact/get_groupmsg_list_v2", "group_msg_list", messages::list),
    post("externalcontact/get_groupmsg_task", "task_list", messages::tasks),
    post("externalcontact/get_groupmsg_send_result", "send_list", messages::results),
    post("externalcontact/remind_groupmsg_send", "", messages::remind),
    post("externalcontact/cancel_groupmsg_send", "", messages::cancel),
    post("externalcontact/transfer_customer", "customer", transfers::here),
    post("externalcontact/transfer_result", "customer", transfers::result_here),
    post("externalcontact/resigned/transfer_customer", "customer", transfers::resigned),
    post("externalcontact/resigned/transfer_result", "customer", transfers::result_resigned),
    post("externalcontact/get_unassigned_list", "info", transfers::unassigned),
];
