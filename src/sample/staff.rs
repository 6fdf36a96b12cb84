//! The operators and their departments.

use crate::model::{AnyRecord, Operator, Record};

use super::dice::Dice;

/// The operator on whose behalf the API is used.
pub(super) const ME: (&str, &str) = ("op-01", "林晓");

/// Id, name, department, share of the customers, whether they still work here.
const OPERATORS: [(&str, &str, &str, u16, bool); 12] = [
    ("op-01", "林晓", "门店运营", 18, true),
    ("op-02", "小李", "门店运营", 13, true),
    ("op-03", "单丽萍", "门店运营", 11, true),
    ("op-04", "曾志伟", "社群运营", 10, true),
    ("op-05", "赵敏", "社群运营", 9, true),
    ("op-06", "欧阳芳", "社群运营", 8, true),
    ("op-07", "Kevin 周", "会员中心", 8, true),
    ("op-08", "查燕", "会员中心", 7, true),
    ("op-09", "仇志强", "客服售后", 6, true),
    ("op-10", "冼嘉欣", "客服售后", 5, true),
    ("op-11", "区美玲", "直播电商", 3, true),
    ("op-12", "解军", "直播电商", 2, false),
];

/// All of them as records.
pub(super) fn operators() -> Vec<AnyRecord> {
    OPERATORS
        .iter()
        .map(|(id, name, department, _, active)| {
            let department = Some((*department).to_owned());
            Operator { id: (*id).into(), name: (*name).to_owned(), department, active: *active }.any()
        })
        .collect()
}

/// One of the operators, by their share of the customers.
pub(super) fn draw(dice: &mut Dice) -> &'static str {
    OPERATORS[dice.weighted(&OPERATORS.map(|operator| operator.3))].0
}

/// One of those who run groups.
pub(super) fn host(dice: &mut Dice) -> (&'static str, &'static str) {
    let operator = OPERATORS[dice.below(8)];
    (operator.0, operator.1)
}
