//! Ten tag groups of six tags, and who gets which.

use crate::model::{AnyRecord, Record, Tag, TagGroup, TagId};

use super::dice::Dice;

/// Name, whether a customer has at most one of it, colour, tags.
const GROUPS: [(&str, bool, &str, [&str; 6]); 10] = [
    ("客户意向", true, "#d7263d", ["高意向", "中意向", "低意向", "待培育", "无意向", "已成交"]),
    ("会员等级", true, "#c99700", ["会员", "银卡", "金卡", "钻石", "黑金", "内测会员"]),
    ("渠道来源", false, "#1b998b", ["门店扫码", "小程序", "公众号", "抖音", "小红书", "转介绍"]),
    ("关注品类", false, "#2e86ab", ["母婴", "美妆", "食品", "保健", "家清", "宠物"]),
    ("宝宝月龄", true, "#f46036", ["备孕", "孕期", "0-6月", "6-12月", "1-3岁", "3-6岁"]),
    ("肤质护理", false, "#b56576", ["干皮", "油皮", "敏感肌", "混合皮", "抗初老", "美白需求"]),
    ("消费特征", false, "#6a4c93", ["VIP", "价格敏感", "囤货党", "复购快", "只买爆款", "节日送礼"]),
    ("互动状态", false, "#4d9078", ["爱晒单", "群活跃", "潜水", "未回复", "退群", "直播常客"]),
    ("服务跟进", false, "#e07a5f", ["售后中", "待回访", "投诉过", "需开票", "积分到期", "生日月"]),
    ("活动参与", false, "#3d405b", ["双11", "618", "年货节", "会员日", "拼团", "试用装"]),
];

/// All tag groups and tags as records.
pub(super) fn records() -> Vec<AnyRecord> {
    let groups = GROUPS.iter().enumerate().map(|(place, (name, exclusive, _, _))| {
        let order = Some(place as i64 + 1);
        TagGroup { id: group_id(place).into(), name: (*name).to_owned(), exclusive: *exclusive, order }.any()
    });
    let tags = GROUPS.iter().enumerate().flat_map(|(place, (_, _, color, tags))| {
        tags.iter().enumerate().map(move |(number, name)| {
            Tag {
                id: id(place, number),
                name: (*name).to_owned(),
                group_id: Some(group_id(place).into()),
                color: Some((*color).to_owned()),
                order: Some(number as i64 + 1),
                deleted: false,
            }
            .any()
        })
    });
    groups.chain(tags).collect()
}

fn group_id(place: usize) -> String {
    format!("tg-{:02}", place + 1)
}

fn id(place: usize, number: usize) -> TagId {
    format!("t-{:02}{}", place + 1, number + 1).into()
}

/// The id of a tag by its name.
pub(super) fn named(name: &str) -> Option<TagId> {
    GROUPS.iter().enumerate().find_map(|(place, group)| {
        group.3.iter().position(|tag| *tag == name).map(|number| id(place, number))
    })
}

/// Place of the group and place in it of one of these tags.
fn place(id: &TagId) -> Option<(usize, usize)> {
    let (group, number) = id.0.strip_prefix("t-")?.split_at_checked(2)?;
    let (group, number): (usize, usize) = (group.parse().ok()?, number.parse().ok()?);
    GROUPS.get(group.checked_sub(1)?)?.3.get(number.checked_sub(1)?)?;
    Some((group - 1, number - 1))
}

/// The name of one of these tags; empty for any other.
pub(super) fn name(id: &TagId) -> &'static str {
    place(id).map_or("", |(group, number)| GROUPS[group].3[number])
}

/// Whether the tag tells the membership level, which follows from what was spent.
pub(super) fn is_level(id: &TagId) -> bool {
    let name = name(id);
    name != "内测会员" && GROUPS[1].3.contains(&name)
}

/// Whether the tag tells where a customer came from.
pub(super) fn is_source(name: &str) -> bool {
    GROUPS[2].3.contains(&name)
}

/// Whether the tag tells what a customer is like: it is asked when they come.
pub(super) fn is_trait(name: &str) -> bool {
    GROUPS[3..6].iter().any(|group| group.3.contains(&name))
}

/// Whether a customer has at most one of these two.
pub(super) fn are_rivals(one: &TagId, other: &TagId) -> bool {
    let group = |id| place(id).map(|(group, _)| group).filter(|group| GROUPS[*group].1);
    one != other && group(one).is_some() && group(one) == group(other)
}

/// What a customer's tags depend on.
pub(super) struct Traits<'a> {
    pub source: &'a str,
    pub level: Option<&'a str>,
    pub orders: usize,
    pub ltv: i64,
    pub interest: usize,
    pub in_groups: bool,
    pub left_group: bool,
    pub seasons: [bool; 3],
}

/// The tags of a customer, those that the facts ask for first.
pub(super) fn draw(traits: &Traits<'_>, dice: &mut Dice) -> Vec<TagId> {
    let mut names: Vec<&str> = Vec::new();
    names.extend(GROUPS[2].3.iter().copied().filter(|name| *name == traits.source && dice.percent(80)));
    names.extend(GROUPS[1].3.iter().copied().filter(|name| Some(*name) == traits.level));
    match traits.orders {
        0 if dice.percent(55) => names.push(GROUPS[0].3[dice.weighted(&[14, 22, 26, 24, 14, 0])]),
        0 => {}
        _ if dice.percent(60) => names.push("已成交"),
        _ => {}
    }
    if dice.percent(70) {
        names.push(GROUPS[3].3[traits.interest]);
    }
    if traits.interest == 0 && dice.percent(75) {
        names.push(GROUPS[4].3[dice.weighted(&[6, 14, 26, 24, 22, 8])]);
    }
    if traits.interest == 1 && dice.percent(70) {
        names.push(GROUPS[5].3[dice.below(6)]);
    }
    if traits.ltv >= 800_000 || (traits.orders >= 4 && dice.percent(15)) {
        names.push("VIP");
    }
    if traits.orders >= 5 && dice.percent(60) {
        names.push("复购快");
    }
    if dice.percent(9) {
        names.push(GROUPS[6].3[[1, 2, 4, 5][dice.below(4)]]);
    }
    if traits.left_group && dice.percent(50) {
        names.push("退群");
    }
    if traits.in_groups && dice.percent(16) {
        names.push(GROUPS[7].3[[0, 1, 2, 2, 5][dice.below(5)]]);
    } else if dice.percent(7) {
        names.push("未回复");
    }
    if dice.percent(8) {
        names.push(GROUPS[8].3[dice.weighted(&[12, 20, 4, 8, 36, 20])]);
    }
    let seasons = ["双11", "618", "年货节"].into_iter().zip(traits.seasons);
    names.extend(seasons.filter(|(_, bought)| *bought).map(|(name, _)| name));
    if dice.percent(8) {
        names.push(GROUPS[9].3[3 + dice.below(3)]);
    }
    let mut tags: Vec<TagId> = Vec::new();
    for id in names.into_iter().filter_map(named) {
        if !tags.contains(&id) {
            tags.push(id);
        }
    }
    tags
}
