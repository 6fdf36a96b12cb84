//! What customers call themselves: given names, nicknames, English names and oddities.
//!
//! The odd ones are there for the screen's sake: emoji sequences of several code points, flags,
//! skin tones, combining marks, readings that change with the meaning, and very long lines.

use super::dice::Dice;

const SURNAMES: &[&str] = &[
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "周", "吴", "徐", "孙", "马", "朱", "胡", "郭", "何",
    "高", "林", "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "沈", "萧", "田",
    "董", "潘", "袁", "蔡", "蒋", "余", "于", "杜", "叶", "程", "苏", "魏", "吕", "丁", "任", "姚", "卢",
    "钟", "姜", "崔",
];

/// Surnames that are read unlike the word they look like, and double ones.
const POLYPHONES: &[&str] = &[
    "单", "曾", "仇", "查", "解", "区", "冼", "朴", "盖", "乐", "缪", "尉迟", "欧阳", "上官", "司马", "诸葛",
    "令狐", "万俟", "重", "翟", "覃", "种",
];

const WOMEN: &[&str] = &[
    "芳", "敏", "静", "丽", "娟", "艳", "秀英", "霞", "燕", "玲", "桂英", "丹", "萍", "红", "佳怡", "欣怡",
    "梓涵", "诗涵", "雨桐", "晓琳", "婷婷", "雅琴", "思琪", "语嫣", "梦瑶", "晨曦", "若溪", "锦绣", "佩珊",
    "明月", "小满", "乐瑶", "可欣", "依诺", "长乐", "晓重", "朝阳", "淑华",
];

const MEN: &[&str] = &[
    "伟", "强", "磊", "军", "勇", "杰", "涛", "明", "超", "刚", "建国", "建华", "志强", "俊杰", "浩然",
    "宇轩", "子墨", "天佑", "文博", "嘉豪", "晓东", "海涛", "一鸣", "思远", "国庆", "行", "长青", "乐",
    "立新", "鹏飞",
];

const BABIES: &[&str] = &[
    "小鱼",
    "糖糖",
    "豆豆",
    "果果",
    "米粒",
    "安安",
    "一诺",
    "乐乐",
    "朵朵",
    "壮壮",
    "小满",
    "团子",
    "可乐",
    "石榴",
    "嘟嘟",
    "桃子",
    "丸子",
    "年年",
    "小馒头",
    "阿布",
];

const NICKNAMES: &[&str] = &[
    "向阳而生",
    "一叶知秋",
    "静待花开",
    "今天也要加油鸭",
    "人间烟火",
    "岁月静好",
    "听风者",
    "西湖边的猫",
    "慢慢来比较快",
    "不吃香菜",
    "夏天的风",
    "半糖主义",
    "山野有雾灯",
    "月亮邮递员",
    "想吃火锅",
    "早睡早起",
    "且听风吟",
    "柠檬不酸",
    "在路上",
    "平安喜乐",
    "知足常乐",
    "南山南",
    "江南小镇",
    "好运连连",
];

const EMOJI: &[&str] = &[
    "🌸",
    "🌻",
    "🍓",
    "🐱",
    "🐼",
    "✨",
    "💕",
    "🌈",
    "☀️",
    "🍑",
    "👶🏻",
    "💁🏻‍♀️",
    "🤱🏽",
    "👩‍👧‍👦",
    "👨‍👩‍👧",
    "🇨🇳",
    "❤️‍🔥",
    "🧚🏼‍♀️",
    "🐰",
    "🍀",
];

const ENGLISH: &[&str] = &[
    "Lily", "Jia", "Coco", "Amy", "Kevin", "Jason", "Vivian", "Sunny", "Momo", "Grace", "Tina", "Leo", "Ivy",
    "Nancy", "Eric", "Cherry", "Yoyo", "Sophia", "Daniel", "Zoe",
];

const FULL_ENGLISH: &[&str] = &[
    "Emma Watkins",
    "Olivia Brown",
    "Liam O’Connor",
    "Sarah Johnson",
    "Thomas Müller",
    "Ame\u{301}lie Dubois",
    "Zoë Kravchenko",
    "José García",
    "Nguye\u{302}\u{303}n Thị Hạnh",
    "Renée d'Arcy",
    "Kim Min-ji",
    "Alex Tan",
];

/// One in a few hundred is one of these.
const ODDITIES: &[&str] = &[
    "杭州西湖区文三路母婴生活馆官方推荐宝妈交流互助福利群群主小鱼妈妈本人（备用号请勿重复添加）",
    "A0000专业月嫂育儿嫂催乳师王姐13年经验持证上岗",
    "꧁༺小仙女༻꧂",
    "Z\u{335}a\u{336}l\u{337}g\u{338}o\u{335}",
    "👨‍👩‍👧‍👦👨‍👩‍👧‍👦幸福一家👨‍👩‍👧‍👦👨‍👩‍👧‍👦",
    "ｗｉｄｅ　ｎａｍｅ",
    ".",
    "。。。",
    "🇨🇳🇸🇬🇯🇵代购小妹",
    "丶清风徐来_",
    "𠮷野家的𪚥",
    "מיכל 米雪",
];

/// A customer's name, and what follows from it.
pub(super) struct Name {
    pub name: String,
    pub alias: Option<String>,
    pub woman: bool,
    pub foreign: bool,
}

/// Draws a name.
pub(super) fn draw(dice: &mut Dice) -> Name {
    let woman = dice.percent(78);
    let real = real_name(woman, dice);
    let english = dice.pick(ENGLISH);
    let (name, foreign) = match dice.weighted(&[460, 110, 60, 120, 70, 60, 30, 6]) {
        0 => (real, false),
        1 => (format!("{}{}", dice.pick(BABIES), if woman { "妈妈" } else { "爸爸" }), false),
        2 => (format!("{real} {english}"), false),
        3 => (dice.pick(NICKNAMES).to_owned(), false),
        4 => (format!("{}{}", dice.pick(NICKNAMES), dice.pick(EMOJI)), false),
        5 => (format!("{}{english}", dice.pick(EMOJI)), false),
        6 => (dice.pick(FULL_ENGLISH).to_owned(), true),
        _ => (dice.pick(ODDITIES).to_owned(), false),
    };
    let alias = dice.percent(45).then(|| match dice.below(3) {
        0 => format!("wxid_{}", dice.code(12).to_lowercase()),
        1 => format!("{}{}", english.to_lowercase(), dice.between(80, 2012)),
        _ => english.to_owned(),
    });
    Name { name, alias, woman, foreign }
}

/// A name as on an identity card.
pub(super) fn real_name(woman: bool, dice: &mut Dice) -> String {
    let surname = if dice.percent(12) { dice.pick(POLYPHONES) } else { dice.pick(SURNAMES) };
    format!("{surname}{}", dice.pick(if woman { WOMEN } else { MEN }))
}

/// A number that nobody has: the middle digits are 0000, or the exchange is 555.
pub(super) fn phone(foreign: bool, dice: &mut Dice) -> String {
    const PREFIXES: &[&str] =
        &["130", "135", "136", "138", "139", "150", "158", "159", "177", "186", "188", "199"];
    let last = dice.between(0, 9999);
    match dice.below(20) {
        _ if foreign => format!("+1 555 010{} {last:04}", last % 10),
        0 => format!("+86 {} 0000 {last:04}", dice.pick(PREFIXES)),
        1 => format!("{}-0000-{last:04}", dice.pick(PREFIXES)),
        _ => format!("{}0000{last:04}", dice.pick(PREFIXES)),
    }
}

/// An operator's own words for a customer.
pub(super) fn remark(dice: &mut Dice) -> String {
    let baby = dice.pick(BABIES);
    match dice.below(8) {
        0 => format!("宝宝{}个月", dice.between(1, 30)),
        1 => format!("{baby}妈妈-{}", dice.pick(&["城西", "滨江", "萧山", "余杭", "拱墅", "下沙"])),
        2 => "对价格敏感，活动再联系".to_owned(),
        3 => format!("老客介绍，{}岁宝宝", dice.between(1, 6)),
        4 => "喜欢晒单，可邀请测评".to_owned(),
        5 => format!("{baby}，过敏体质，只喝水解奶粉"),
        6 => "晚上8点后方便".to_owned(),
        _ => "公司团购负责人".to_owned(),
    }
}
