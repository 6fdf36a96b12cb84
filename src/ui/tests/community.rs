//! A small community with easy names and hard ones: the cache's answers in tests of the screen.

use crate::model::view::{
    CustomerRow, EventRow, FollowUpRow, GroupRow, MemberRow, OutboxView, Placed, QueueKey, QueueRow,
    RfmScores, RowKey, TagRow, Window,
};
use crate::model::{
    ActivityKind, Channel, Customer, EventKind, FollowUp, FollowUpKind, FollowUpStatus, Group, GroupActivity,
    GroupDay, Priority, Relation, Resource, Time,
};
use crate::query::ask::{
    Answer, Ask, ContactView, CustomerView, FollowUpView, GroupView, Overview, Vocabulary,
};

fn at(text: &str) -> Option<Time> {
    Some(Time::parse(&format!("2026-{text}+08:00")).unwrap())
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn window<R>(rows: Vec<R>, id: impl Fn(&R) -> String) -> Window<R> {
    let total = rows.len() as u64;
    let rows = rows.into_iter().map(|row| Placed { key: RowKey { values: Vec::new(), id: id(&row) }, row });
    Window { rows: rows.collect(), first: 0, total }
}

/// What the cache answers.
pub fn answer(ask: &Ask) -> Answer {
    match ask {
        Ask::Customers(_) => Answer::Customers(window(customers(), |row| row.id.0.clone())),
        Ask::FollowUps(_) => Answer::FollowUps(window(follow_ups(), |row| row.id.0.clone())),
        Ask::Groups(..) => Answer::Groups(window(groups(), |row| row.id.0.clone())),
        Ask::Events(_) => Answer::Events(window(events(), |row| row.id.clone())),
        Ask::Members(_) => Answer::Members(window(members(), |row| row.member_id.clone())),
        Ask::Tags => Answer::Tags(tags()),
        Ask::Customer(_) => Answer::Customer(Some(Box::new(customer()))),
        Ask::FollowUp(_) => Answer::FollowUp(Some(Box::new(follow_up()))),
        Ask::Group(..) => Answer::Group(Some(Box::new(group()))),
        Ask::Overview => Answer::Overview(Overview {
            pulled: crate::model::Resource::ALL.to_vec(),
            due: Some(37),
            overdue: Some(6),
            overdue_all: Some(9),
            mine: true,
            synced_at: at("03-17T10:40:00"),
            messages_today: Some(1_204),
            joined_today: Some(41),
            left_today: Some(21),
            ..Overview::default()
        }),
        Ask::Vocabulary => Answer::Vocabulary(Vocabulary {
            tags: ["母婴", "高意向", "会员", "VIP"].map(str::to_owned).to_vec(),
            cities: ["杭州", "上海"].map(str::to_owned).to_vec(),
            ..Vocabulary::default()
        }),
        Ask::Outbox => Answer::Outbox(OutboxView::default()),
        Ask::Queue(..) => Answer::Queue(queue(), 3),
        Ask::QueueRows(_) => {
            Answer::QueueRows(queue().into_iter().map(|row| (row.key.clone(), Some(row))).collect())
        }
        Ask::Contact(key) => Answer::Contact(Some(Box::new(contact(key.clone())))),
        Ask::Ids(_) | Ask::Between(..) => Answer::Ids(customers().into_iter().map(|row| row.id.0).collect()),
    }
}

fn customers() -> Vec<CustomerRow> {
    let row = |id: &str, name: &str, stage: &str, tags: &[&str], contacted, rfm: Option<[u8; 3]>, due| {
        CustomerRow {
            id: id.into(),
            name: name.to_owned(),
            stage: some(stage),
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            contacted,
            rfm: rfm.map(|[r, f, m]| RfmScores { r, f, m }),
            next_due: due,
            owners: vec!["小李".to_owned()],
            phone: some("13812345678"),
            city: some("杭州"),
            source: some("转介绍"),
            level: some("银卡"),
            points: Some(1_280),
            orders: Some(7),
            ltv: Some(321_600),
            currency: some("CNY"),
            ..CustomerRow::default()
        }
    };
    let mut rows = vec![
        row(
            "c1",
            "单晓琳 (6)",
            "active",
            &["母婴", "高意向"],
            at("03-17T09:15:00"),
            Some([5, 3, 4]),
            at("03-17T15:00:00"),
        ),
        row(
            "c2",
            "王建国",
            "active",
            &["会员", "VIP"],
            at("03-16T09:00:00"),
            Some([4, 5, 5]),
            at("03-20T10:00:00"),
        ),
        row(
            "c3",
            "欧阳明月",
            "new",
            &["新客", "转介绍"],
            at("03-14T09:00:00"),
            Some([5, 1, 1]),
            at("03-15T10:00:00"),
        ),
        row(
            "c4",
            "陈佳怡 Jia",
            "dormant",
            &["积分到期"],
            at("01-14T09:00:00"),
            Some([1, 3, 2]),
            at("03-24T10:00:00"),
        ),
        row("c5", "查理 (zhā)", "active", &["会员"], at("03-09T09:00:00"), Some([4, 4, 3]), None),
        row("c6", "👩‍👩‍👧小鹿🦌妈妈❤️", "lead", &["价格敏感"], at("03-12T09:00:00"), None, at("03-17T18:30:00")),
        row(
            "c7",
            "Nguyễn Thị Hồng",
            "lost",
            &["退群", "未回复", "母婴", "会员", "高意向", "价格敏感"],
            None,
            Some([1, 1, 1]),
            None,
        ),
        row("c8", "สมศักดิ์ ใจดี", "自定义阶段", &[], at("03-12T09:00:00"), None, None),
        row("c9", "عبد الله", "", &["🇨🇳海外"], None, None, None),
        row(
            "c10",
            "Z\u{300}\u{301}\u{302}\u{303}\u{304}a\u{300}\u{301}\u{302}\u{303}lgo\u{202E}txt",
            "lead",
            &["a\nb\tc"],
            None,
            None,
            None,
        ),
        row(
            "c11",
            "阿依古丽·买买提艾力·吐尔逊江家的大女儿",
            "new",
            &["母婴"],
            at("03-17T08:00:00"),
            Some([5, 5, 5]),
            at("03-18T09:00:00"),
        ),
    ];
    rows[0].remark = some("宝宝 8 个月");
    rows
}

fn tags() -> Vec<TagRow> {
    let tag = |id: &str, group: &str, exclusive, name: &str, customers, change7| TagRow {
        id: id.into(),
        name: name.to_owned(),
        group: group.to_owned(),
        exclusive,
        color: None,
        customers,
        change7,
        ..TagRow::default()
    };
    vec![
        tag("t1", "行业", false, "母婴", 1_842, Some(23)),
        tag("t2", "行业", false, "美妆护肤", 12_400, Some(-317)),
        tag("t3", "意向", true, "高意向", 317, Some(9)),
        tag("t4", "意向", true, "无意向", 88, Some(0)),
        tag("t5", "等级", true, "VIP 👑", 106, None),
        tag("t6", "", false, "积分到期", 268, Some(4)),
    ]
}

fn groups() -> Vec<GroupRow> {
    let row = |id: &str, name: &str, members, messages: [i64; 7], net7, dying, quiet| GroupRow {
        id: id.into(),
        name: name.to_owned(),
        owner: some("小李"),
        status: some("active"),
        members: Some(members),
        // the last one is today, which is not over
        messages: messages.iter().chain(&[2]).map(|count| (*count >= 0).then_some(*count)).collect(),
        active: messages.iter().map(|count| (*count >= 0).then_some(*count / 3)).collect(),
        active7: Some(messages.iter().sum::<i64>() / 21),
        net7: Some(net7),
        dying,
        quiet,
    };
    vec![
        row("g1", "宝妈福利①群", 486, [30, 80, 40, 90, 160, 210, 204], 21, false, false),
        row("g2", "会员专享群 👑", 500, [300, 280, 260, 200, 210, 90, 120], -3, false, false),
        row("g3", "新客体验群", 132, [40, 0, -1, -1, 30, 2, 0], -18, true, false),
        row("g4", "城西自提群(已沉默)", 417, [0; 7], 0, false, true),
    ]
}

fn follow_ups() -> Vec<FollowUpRow> {
    let row = |id: &str,
               customer: &str,
               title: &str,
               due,
               priority,
               source: &str,
               assignee: &str,
               outcome: &str| FollowUpRow {
        id: id.into(),
        customer_id: format!("of-{id}").as_str().into(),
        customer: customer.to_owned(),
        title: title.to_owned(),
        kind: FollowUpKind::Call,
        due,
        priority,
        status: FollowUpStatus::Open,
        assignee: some(assignee),
        source: some(source),
        outcome: some(outcome),
        ..FollowUpRow::default()
    };
    vec![
        row(
            "f1",
            "欧阳明月",
            "首单后回访,确认奶粉段位",
            at("03-15T10:00:00"),
            Priority::Urgent,
            "sop:新客D3",
            "小李",
            "no_answer",
        ),
        row(
            "f2",
            "单晓琳 (6)",
            "说好发试用装链接",
            at("03-17T15:00:00"),
            Priority::High,
            "manual",
            "小李",
            "interested",
        ),
        row(
            "f3",
            "👩‍👩‍👧小鹿🦌妈妈❤️",
            "报价后 3 天跟进",
            at("03-17T18:30:00"),
            Priority::Normal,
            "sop:报价",
            "王芳",
            "appointment",
        ),
        row(
            "f4",
            "陈佳怡 Jia",
            "积分 3-31 到期提醒",
            at("03-24T10:00:00"),
            Priority::Low,
            "rule:积分",
            "",
            "",
        ),
        row("f5", "", "生日关怀", None, Priority::Normal, "", "小李", ""),
    ]
}

fn events() -> Vec<EventRow> {
    let row = |id: &str, when, kind, title: &str, body: &str, operator: &str| EventRow {
        id: id.to_owned(),
        customer_id: Some("c1".into()),
        at: when,
        kind,
        title: title.to_owned(),
        body: some(body),
        operator: some(operator),
        ..EventRow::default()
    };
    let mut rows = vec![
        row("e1", at("03-17T09:15:00"), EventKind::MessageOut, "有的,下午给您发链接", "", "小李"),
        row("e2", at("03-17T09:12:00"), EventKind::MessageIn, "试用装还有吗?😊", "", ""),
        row(
            "e3",
            at("03-14T14:03:00"),
            EventKind::Call,
            "有意向 3分12秒",
            "想先试 2 段,周二回电。孩子 8 个月,之前吃的是另一个牌子,担心换奶粉拉肚子,希望先拿试用装看看情况再决定要不要整箱买。",
            "小李",
        ),
        row("e4", at("03-14T14:05:00"), EventKind::Tag, "+高意向", "", "小李"),
        row("e5", at("03-11T20:41:00"), EventKind::Order, "#88213 ￥568 奶粉1段×2", "", ""),
        row("e6", at("02-28T11:20:00"), EventKind::Joined, "宝妈福利①群", "", ""),
        row("e7", None, EventKind::Referral, "转介绍 ← 王建国", "", ""),
    ];
    rows[5].group = some("宝妈福利①群");
    rows
}

fn members() -> Vec<MemberRow> {
    let row = |id: &str, name: &str, kind: &str, messages, last, joined, scene: &str| MemberRow {
        group_id: "g1".into(),
        member_id: id.to_owned(),
        customer_id: (kind == "customer").then(|| id.into()),
        name: name.to_owned(),
        kind: some(kind),
        joined,
        join_scene: some(scene),
        invited_by: some("王建国"),
        left: at("03-15T14:20:00"),
        messages: Some(messages),
        last_message: last,
    };
    vec![
        row("m1", "王建国", "customer", 41, at("03-17T08:00:00"), at("01-06T08:00:00"), "qr_code"),
        row("m2", "单晓琳 (6)", "customer", 22, at("03-17T09:00:00"), at("02-06T08:00:00"), "invite"),
        row("m3", "小李", "staff", 310, at("03-17T10:00:00"), at("01-01T08:00:00"), ""),
        row("m4", "匿名用户🦊", "stranger", 0, None, at("03-01T08:00:00"), "link"),
    ]
}

fn customer() -> CustomerView {
    let row = customers().swap_remove(0);
    CustomerView {
        me: None,
        customer: Customer {
            id: "wmqfsQEQAA7jG1".into(),
            name: row.name.clone(),
            alias: some("Shàn Xiǎolín"),
            remark: row.remark.clone(),
            gender: some("female"),
            birthday: some("1992-05-20"),
            phones: vec!["13812345678".to_owned(), "0571-88886666".to_owned()],
            channels: vec![Channel { kind: "wecom".to_owned(), id: "wm1".to_owned() }],
            city: some("杭州"),
            source: some("活码A"),
            relations: vec![Relation {
                operator_id: "o1".into(),
                added_at: at("01-02T18:22:00"),
                add_way: some("qr_code"),
                description: some("孩子爸爸姓周"),
                ..Relation::default()
            }],
            added_at: at("01-02T18:22:00"),
            last_contact_at: at("03-17T09:15:00"),
            ..Customer::default()
        },
        referrer: some("王建国"),
        referred: 2,
        operators: vec![("o1".into(), "小李".to_owned())],
        groups: vec![("g1".into(), "宝妈福利①群".to_owned(), Some(22))],
        follow_ups: follow_ups().drain(1..2).collect(),
        events: 42,
        cycle_days: Some(32.4),
        orders180: 4,
        row: CustomerRow { churn: Some(0.12), ordered: at("03-11T20:41:00"), ..row },
    }
}

fn follow_up() -> FollowUpView {
    let row = follow_ups().swap_remove(0);
    FollowUpView {
        follow_up: FollowUp {
            id: "f1".into(),
            customer_id: row.customer_id.clone(),
            title: row.title.clone(),
            body: some("先问上次的奶粉喝得如何;若需要 2 段,发试用装链接。注意:对方白天上班,18 点后再打。"),
            due_at: row.due,
            sla_at: at("03-17T15:00:00"),
            priority: Priority::Urgent,
            source: row.source.clone(),
            outcome: row.outcome.clone(),
            created_at: at("03-12T09:00:00"),
            ..FollowUp::default()
        },
        customer: Some(customers().swap_remove(2)),
        recent: events(),
        row,
    }
}

fn group() -> GroupView {
    let days = (0..28_i64).map(|day| GroupDay {
        group_id: "g1".into(),
        day: format!("2026-02-{:02}", day + 1),
        messages: (day != 9).then_some(40 + day * day % 170),
        active_members: (day != 9).then_some(20 + day * 7 % 60),
        joined: Some(day * 3 % 8),
        left: Some(if day == 20 { 12 } else { day % 3 }),
        members: Some(480),
        hours: Vec::new(),
    });
    let mut heat = [[0_i64; 24]; 7];
    for (weekday, hours) in heat.iter_mut().enumerate() {
        for (hour, count) in hours.iter_mut().enumerate() {
            *count = if hour < 7 { 0 } else { ((hour * 5 + weekday * 3) % 17) as i64 };
        }
    }
    heat[5][20] = 120;
    let activity = |title: &str, kind, participants, conversions| GroupActivity {
        id: title.into(),
        group_id: "g1".into(),
        kind,
        title: title.to_owned(),
        starts_at: at("03-15T14:00:00"),
        ends_at: None,
        participants,
        conversions,
    };
    GroupView {
        group: Group {
            id: "g1".into(),
            name: "宝妈福利①群".to_owned(),
            created_at: at("01-01T08:00:00"),
            notice: some("每周三晒单有礼🎁"),
            ..Group::default()
        },
        row: groups().swap_remove(0),
        tags: vec!["母婴".to_owned(), "城西".to_owned()],
        days: days.collect(),
        heat: Some(Box::new(heat)),
        activities: vec![
            activity("清仓秒杀", ActivityKind::Sale, Some(140), Some(23)),
            activity("7 天早起打卡 ☀️", ActivityKind::CheckIn, Some(88), None),
            activity("新品投票", ActivityKind::Poll, None, None),
        ],
        lurkers: 203,
        members: 486,
        leavers: members(),
    }
}

/// A queue of the pending follow-ups.
fn queue() -> Vec<QueueRow> {
    let row = |row: FollowUpRow| QueueRow {
        key: QueueKey { resource: Resource::FollowUps, id: row.id.0 },
        customer_id: row.customer_id,
        customer: row.customer,
        about: row.title,
        due: row.due,
        sla: row.sla,
        priority: row.priority,
        open: row.status.is_pending(),
        snoozed: row.snoozed,
        assignee: row.assignee,
        write: row.write,
    };
    follow_ups().into_iter().map(row).collect()
}

fn contact(key: QueueKey) -> ContactView {
    let view = follow_up();
    ContactView {
        key,
        follow_up: Some((view.follow_up, view.row)),
        customer: Some(customer()),
        recent: view.recent,
    }
}
