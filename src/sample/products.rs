//! What the shop sells.

use super::dice::Dice;

/// Something on the shelf; `price` in fen.
pub(super) struct Product {
    pub sku: &'static str,
    pub name: &'static str,
    pub price: i64,
}

const fn product(sku: &'static str, name: &'static str, price: i64) -> Product {
    Product { sku, name, price }
}

/// By the interests of `tags`: 母婴, 美妆, 食品, 保健, 家清, 宠物.
const SHELVES: [&[Product]; 6] = [
    &[
        product("MY-1001", "幼儿配方奶粉1段 800g", 28_400),
        product("MY-1002", "幼儿配方奶粉2段 800g", 26_800),
        product("MY-1003", "幼儿配方奶粉3段 900g", 25_800),
        product("MY-1101", "纸尿裤 L码 54片", 12_900),
        product("MY-1102", "拉拉裤 XL码 42片", 13_900),
        product("MY-1201", "有机高铁米粉 225g", 6_800),
        product("MY-1202", "儿童酸酸乳泡芙", 2_990),
        product("MY-1301", "宝宝洗发沐浴二合一", 7_900),
        product("MY-1302", "婴儿手口湿巾 80抽×6", 3_990),
    ],
    &[
        product("MZ-2001", "玻尿酸补水精华 30ml", 19_900),
        product("MZ-2002", "氨基酸洁面乳 120g", 8_900),
        product("MZ-2003", "轻盈防晒乳 SPF50+", 12_800),
        product("MZ-2004", "烟酰胺美白面膜 10片", 9_900),
        product("MZ-2005", "抗初老眼霜 15g", 29_800),
        product("MZ-2006", "哑光唇釉 #05 落日", 11_900),
    ],
    &[
        product("SP-3001", "龙井明前茶 125g", 26_800),
        product("SP-3002", "每日坚果 30包", 12_900),
        product("SP-3003", "藕粉桂花羹 12杯", 5_990),
        product("SP-3004", "手工酥饼礼盒", 8_800),
        product("SP-3005", "鲜炖燕窝 6瓶", 46_800),
        product("SP-3006", "低糖燕麦片 1kg", 4_590),
    ],
    &[
        product("BJ-4001", "DHA藻油软糖 60粒", 16_800),
        product("BJ-4002", "益生菌冻干粉 30条", 15_900),
        product("BJ-4003", "复合维生素片 90片", 12_800),
        product("BJ-4004", "胶原蛋白肽饮 10支", 25_900),
    ],
    &[
        product("JQ-5001", "婴儿衣物洗衣液 2kg", 5_980),
        product("JQ-5002", "厨房湿巾 80抽×3", 2_490),
        product("JQ-5003", "棉柔巾 100抽×10", 6_990),
        product("JQ-5004", "除螨喷雾 300ml", 4_900),
    ],
    &[
        product("CW-6001", "全价猫粮 2kg", 13_900),
        product("CW-6002", "豆腐猫砂 6L×4", 8_990),
        product("CW-6003", "冻干鸡肉粒 200g", 6_900),
    ],
];

/// Something that a customer of this interest would buy.
pub(super) fn draw(interest: usize, dice: &mut Dice) -> &'static Product {
    let shelf = if dice.percent(75) { interest % SHELVES.len() } else { dice.below(SHELVES.len()) };
    let shelf = SHELVES[shelf];
    &shelf[dice.below(shelf.len())]
}
