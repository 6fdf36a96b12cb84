//! The company as WeCom has it, made of a community's records.

use std::collections::{BTreeMap, HashMap};

use jiff::tz::{Offset, TimeZone};
use serde_json::{Value, json};

use super::messages::Message;
use super::tokens::Tokens;
use super::transfers::Transfer;
use crate::model::{AnyRecord, Customer, EventKind, RelationStatus};

/// Somebody of the staff.
#[derive(Clone, Debug, Default)]
pub struct Staff {
    pub name: String,
    pub department: String,
    /// When they left the company.
    pub left: Option<i64>,
}

/// A customer, but for what each of the staff has with them.
#[derive(Clone, Debug, Default)]
pub struct Contact {
    pub name: String,
    pub company: Option<String>,
    /// 1 WeChat, 2 WeCom.
    pub kind: i64,
    /// 0 not known, 1 a man, 2 a woman.
    pub gender: i64,
}

/// What one of the staff has with a customer.
#[derive(Clone, Debug, Default)]
pub struct Follow {
    pub remark: String,
    pub description: String,
    pub added: i64,
    pub tags: Vec<String>,
    pub company: String,
    pub mobiles: Vec<String>,
    pub way: i64,
    pub state: String,
}

/// A group of tags.
#[derive(Clone, Debug, Default)]
pub struct TagGroup {
    pub name: String,
    pub order: i64,
    pub created: i64,
    pub deleted: bool,
}

/// A tag.
#[derive(Clone, Debug, Default)]
pub struct Tag {
    pub group: String,
    pub name: String,
    pub order: i64,
    pub created: i64,
    pub deleted: bool,
}

/// A customer group.
#[derive(Clone, Debug, Default)]
pub struct Chat {
    pub name: String,
    pub owner: String,
    pub created: i64,
    pub notice: String,
    pub members: Vec<Member>,
}

/// Somebody in a group.
#[derive(Clone, Debug, Default)]
pub struct Member {
    pub id: String,
    pub name: String,
    pub is_staff: bool,
    /// Of customers alone; a stranger has none.
    pub unionid: Option<String>,
    pub joined: i64,
    /// 1 by a member, 2 by a link, 3 by a code.
    pub scene: i64,
    pub invited_by: Option<String>,
}

/// What happened in a group on a day.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChatDay {
    pub messages: i64,
    pub active: i64,
    pub joined: i64,
    pub members: i64,
}

/// What one of the staff did on a day.
#[derive(Clone, Copy, Debug, Default)]
pub struct StaffDay {
    pub chats: i64,
    pub messages: i64,
    pub replied: i64,
    pub added: i64,
}

/// The company.
#[derive(Debug, Default)]
pub struct Corp {
    pub tokens: Tokens,
    pub staff: BTreeMap<String, Staff>,
    pub contacts: HashMap<String, Contact>,
    /// By who follows and whom.
    pub follows: BTreeMap<String, BTreeMap<String, Follow>>,
    pub tag_groups: BTreeMap<String, TagGroup>,
    pub tags: BTreeMap<String, Tag>,
    pub chats: BTreeMap<String, Chat>,
    /// By group and the day's first second.
    pub chat_days: BTreeMap<(String, i64), ChatDay>,
    /// By person and the day's first second.
    pub staff_days: BTreeMap<(String, i64), StaffDay>,
    pub messages: BTreeMap<String, Message>,
    pub transfers: Vec<Transfer>,
    /// Given out for ids.
    pub serial: u64,
}

/// Where its days begin: WeCom lives in China.
pub fn zone() -> TimeZone {
    TimeZone::fixed(Offset::constant(8))
}

/// The first second of the day of a moment.
pub fn midnight(seconds: i64) -> i64 {
    const EAST: i64 = 8 * 3600;
    (seconds + EAST).div_euclid(86_400) * 86_400 - EAST
}

/// The words for how somebody was added, and WeCom's numbers for them.
const WAYS: &[(&str, i64)] = &[
    ("qr_code", 1),
    ("search", 2),
    ("card", 3),
    ("group", 4),
    ("phone_book", 5),
    ("wechat_contact", 6),
    ("friend_request", 7),
    ("shared_by_staff", 8),
    ("inherited", 202),
];

impl Corp {
    /// The company of a community's records; what WeCom does not have of them is left out.
    pub fn of(records: impl IntoIterator<Item = AnyRecord>) -> Self {
        let mut corp = Self::default();
        records.into_iter().for_each(|record| corp.take(record));
        corp
    }

    fn take(&mut self, record: AnyRecord) {
        match record {
            AnyRecord::Operator(operator) => {
                let department = operator.department.unwrap_or_default();
                let left = (!operator.active).then_some(0);
                self.staff.insert(operator.id.0, Staff { name: operator.name, department, left });
            }
            AnyRecord::TagGroup(group) => {
                let order = group.order.unwrap_or_default();
                let made = TagGroup { name: group.name, order, created: 1_600_000_000, deleted: false };
                self.tag_groups.insert(group.id.0, made);
            }
            AnyRecord::Tag(tag) if !tag.deleted => {
                let group = tag.group_id.map(|id| id.0).unwrap_or_default();
                let order = tag.order.unwrap_or_default();
                let made = Tag { group, name: tag.name, order, created: 1_600_000_000, deleted: false };
                self.tags.insert(tag.id.0, made);
            }
            AnyRecord::Customer(customer) => self.take_customer(customer),
            AnyRecord::Group(group) => {
                let chat = self.chats.entry(group.id.0).or_default();
                chat.name = group.name;
                chat.owner = group.owner_id.map(|id| id.0).unwrap_or_default();
                chat.created = group.created_at.map_or(0, |at| at.millis / 1000);
                chat.notice = group.notice.unwrap_or_default();
            }
            AnyRecord::GroupMember(member) if member.left_at.is_none() => {
                let scene = match member.join_scene.as_deref() {
                    Some("invite") => 1,
                    Some("link") => 2,
                    _ => 3,
                };
                let made = Member {
                    is_staff: member.kind.as_deref() == Some("staff"),
                    unionid: member.customer_id.map(|id| unionid(&id.0)),
                    id: member.member_id,
                    name: member.name,
                    joined: member.joined_at.map_or(0, |at| at.millis / 1000),
                    scene,
                    invited_by: member.invited_by,
                };
                self.chats.entry(member.group_id.0).or_default().members.push(made);
            }
            AnyRecord::GroupDay(day) => {
                let Ok(date) = day.day.parse::<jiff::civil::Date>() else { return };
                let Ok(begins) = date.to_zoned(zone()) else { return };
                let made = ChatDay {
                    messages: day.messages.unwrap_or_default(),
                    active: day.active_members.unwrap_or_default(),
                    joined: day.joined.unwrap_or_default(),
                    members: day.members.unwrap_or_default(),
                };
                self.chat_days.insert((day.group_id.0, begins.timestamp().as_second()), made);
            }
            AnyRecord::Event(event) => {
                let (Some(operator), Some(at)) = (event.operator_id, event.at) else { return };
                let day = self.staff_days.entry((operator.0, midnight(at.millis / 1000))).or_default();
                match event.kind {
                    EventKind::MessageOut => {
                        day.messages += 1;
                        day.chats += 1;
                    }
                    EventKind::MessageIn => day.replied += 1,
                    _ => {}
                }
            }
            _ => {}
        }
    }

    fn take_customer(&mut self, customer: Customer) {
        let id = customer.id.0;
        let gender = match customer.gender.as_deref() {
            Some("male") => 1,
            Some("female") => 2,
            _ => 0,
        };
        let kind = if customer.kind.as_deref() == Some("company") { 2 } else { 1 };
        let contact = Contact { name: customer.name, company: customer.company, kind, gender };
        self.contacts.insert(id.clone(), contact);
        for (place, relation) in customer.relations.into_iter().enumerate() {
            let operator = relation.operator_id.0;
            let added = relation.added_at.map_or(0, |at| at.millis / 1000);
            let day = self.staff_days.entry((operator.clone(), midnight(added))).or_default();
            day.added += 1;
            if relation.status != RelationStatus::Active {
                continue; // WeCom knows nothing of friends that were
            }
            let way = relation.add_way.as_deref();
            let follow = Follow {
                remark: relation.remark.unwrap_or_default(),
                description: relation.description.unwrap_or_default(),
                added,
                tags: relation.tags.into_iter().map(|tag| tag.0).collect(),
                company: String::new(),
                mobiles: if place == 0 { customer.phones.clone() } else { Vec::new() },
                way: WAYS.iter().find(|(word, _)| Some(*word) == way).map_or(0, |(_, way)| *way),
                state: if place == 0 { customer.source.clone().unwrap_or_default() } else { String::new() },
            };
            self.follows.entry(operator).or_default().insert(id.clone(), follow);
        }
    }

    /// Those who can have customers, in WeCom's order.
    pub fn followers(&self) -> impl Iterator<Item = &String> {
        self.staff.iter().filter(|(_, staff)| staff.left.is_none()).map(|(id, _)| id)
    }

    /// Whether somebody is of the staff, and still here.
    pub fn is_follower(&self, userid: &str) -> bool {
        self.staff.get(userid).is_some_and(|staff| staff.left.is_none())
    }

    /// What somebody who is still here has with a customer.
    pub fn follow(&self, userid: &str, external: &str) -> Option<&Follow> {
        self.follows.get(userid).filter(|_| self.is_follower(userid))?.get(external)
    }

    /// A new id.
    pub fn id(&mut self, kind: &str) -> String {
        self.serial += 1;
        format!("{kind}AAA{:06}", self.serial)
    }

    /// `external_contact` of an answer.
    pub fn external_contact(&self, external: &str) -> Value {
        let Some(contact) = self.contacts.get(external) else { return Value::Null };
        let mut made = json!({
            "external_userid": external, "name": contact.name, "type": contact.kind, "gender": contact.gender,
            "avatar": format!("https://wx.qlogo.cn/mmhead/{external}/0"),
        });
        if contact.kind == 2 {
            let company = contact.company.clone().unwrap_or_default();
            made["corp_name"] = company.clone().into();
            made["corp_full_name"] = company.into();
            made["position"] = "采购".into();
        } else {
            made["unionid"] = unionid(external).into();
        }
        made
    }

    /// What an answer says of somebody's relation to a customer, without its tags.
    pub fn follow_info(&self, userid: &str, follow: &Follow) -> Value {
        let mut made = json!({
            "userid": userid, "remark": follow.remark, "description": follow.description,
            "createtime": follow.added, "add_way": follow.way, "oper_userid": userid,
        });
        if !follow.company.is_empty() {
            made["remark_corp_name"] = follow.company.as_str().into();
        }
        if !follow.mobiles.is_empty() {
            made["remark_mobiles"] = json!(follow.mobiles);
        }
        if !follow.state.is_empty() {
            made["state"] = follow.state.as_str().into();
        }
        made
    }
}

/// The unionid of a customer.
pub fn unionid(external: &str) -> String {
    format!("oz{external}")
}
