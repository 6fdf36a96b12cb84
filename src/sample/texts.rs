//! What people write and say.

use super::dice::Dice;

/// A customer writes.
const QUESTIONS: &[&str] = &[
    "试用装还有吗？",
    "2段和3段可以混着喝吗",
    "什么时候有活动呀",
    "上次买的面膜用完了，还有优惠吗",
    "快递到哪了？",
    "宝宝喝了有点拉肚子，正常吗",
    "可以开发票吗，抬头发你",
    "积分怎么兑换？",
    "能便宜点吗，隔壁店更划算",
    "收到啦，包装很好👍",
    "孕妇可以用吗",
    "帮我留两盒，晚上去店里拿",
    "群里那个秒杀我没抢到😭",
    "我朋友也想买，怎么加你",
    "这个保质期到什么时候",
    "换货怎么弄呀，尺码小了",
    "好的谢谢",
    "在吗",
    "Do you ship to Ningbo?",
    "明天下午几点关门",
    "[图片]",
    "👌",
    "宝宝七个月了，辅食怎么加",
    "敏感肌能用这款防晒吗",
    "生日券我怎么没看到",
];

/// An operator writes.
const ANSWERS: &[&str] = &[
    "有的，下午给您发链接",
    "亲，这款现在第二件半价，需要帮您留吗？",
    "已经帮您备注发货了，预计后天到",
    "宝宝几个月啦？我帮您看看合适的段位",
    "积分在小程序「我的」里可以兑换哦",
    "发票开好了，电子版发您邮箱",
    "店里晚上9点关门，您直接报手机号就行",
    "上次那款精华补货了，给您留了一瓶",
    "换货单已建，快递明早上门取件",
    "周五会员日双倍积分，记得来🌸",
    "建议先试用装试3天，没问题再换段",
    "好的，有什么随时找我",
    "给您申请了一张20元券，三天内有效",
    "Thanks, it will arrive on Friday.",
];

/// What came of a call: the word, and how it is told.
pub(super) const OUTCOMES: &[(&str, &str)] = &[
    ("interested", "有意向"),
    ("no_answer", "未接"),
    ("call_later", "约时间"),
    ("bought", "已下单"),
    ("not_interested", "暂无需要"),
    ("wrong_number", "空号"),
];

const NOTES: &[&str] = &[
    "二胎妈妈，老大4岁，关注启蒙绘本",
    "对价格敏感，等大促再推",
    "婆婆带娃，上午不方便接电话",
    "公司做HR，可谈团购",
    "之前用的是别家水解奶粉，想换",
    "住城西，自提方便",
    "喜欢直播间下单，运费敏感",
    "皮肤敏感，面膜先给小样",
    "退过一次货，尺码问题，已安抚",
    "介绍过两位朋友，送过小礼物",
];

/// What is said of what was bought, and the fewest and the most stars that go with it.
const FEEDBACK: &[(&str, i64, i64)] = &[
    ("奶粉溶解很好，宝宝爱喝", 5, 5),
    ("客服回复很快，五星", 5, 5),
    ("包装破了一角，希望改进", 2, 3),
    ("面膜精华液有点少", 3, 4),
    ("门店小姐姐超有耐心", 5, 5),
    ("物流太慢了，等了五天", 1, 2),
    ("收到的日期很新鲜", 4, 5),
];

const COUPONS: &[&str] = &["满199减20", "新客立减15", "生日礼券50元", "会员日8折券", "满299减40"];

/// What a customer writes.
pub(super) fn question(dice: &mut Dice) -> &'static str {
    dice.pick(QUESTIONS)
}

/// What an operator writes.
pub(super) fn answer(dice: &mut Dice) -> &'static str {
    dice.pick(ANSWERS)
}

/// What an operator notes.
pub(super) fn note(dice: &mut Dice) -> &'static str {
    dice.pick(NOTES)
}

/// Praise or complaint, and its stars.
pub(super) fn feedback(dice: &mut Dice) -> (&'static str, i64) {
    let (text, low, high) = FEEDBACK[dice.below(FEEDBACK.len())];
    (text, dice.between(low, high))
}

/// The name of a coupon.
pub(super) fn coupon(dice: &mut Dice) -> &'static str {
    dice.pick(COUPONS)
}
