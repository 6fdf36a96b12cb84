//! What is arranged in groups: check-ins, lotteries, topics, polls, sales, lessons.

use super::calendar::{Calendar, DAY, HOUR, PAST};
use super::dice::Dice;
use super::groups;
use crate::model::{ActivityKind, AnyRecord, GroupActivity, Record};

/// Kind, title, hours it goes on, how many of 100 take part, how many of 100 of these buy.
const KINDS: [(ActivityKind, &str, i64, usize, usize); 8] = [
    (ActivityKind::CheckIn, "21天辅食打卡", 21 * 24, 14, 20),
    (ActivityKind::Lottery, "周五抽奖：湿巾一箱", 2, 36, 6),
    (ActivityKind::Topic, "晒单有礼 #我家宝贝#", 48, 9, 24),
    (ActivityKind::Poll, "下期团什么？投票", 24, 22, 3),
    (ActivityKind::Sale, "晚8点秒杀：纸尿裤第二件半价", 2, 18, 62),
    (ActivityKind::Lesson, "儿科医生答疑：换季过敏", 1, 16, 9),
    (ActivityKind::Sale, "明前龙井拼团", 72, 8, 70),
    (ActivityKind::Lesson, "敏感肌护理课", 1, 12, 18),
];

/// The activities of group `index` in the last days, and sometimes one to come.
pub(super) fn draw(calendar: &Calendar, index: usize, members: i64, dice: &mut Dice) -> Vec<AnyRecord> {
    let past = 2 + dice.below(4);
    let coming = usize::from(dice.percent(35));
    (0..past + coming)
        .map(|number| {
            let (kind, title, hours, take_part, buy) = KINDS[dice.below(KINDS.len())];
            let day = if number < past {
                calendar.start(PAST - 2 - dice.below(groups::DAYS - 4))
            } else {
                calendar.start(PAST) + dice.between(1, 6) * DAY
            };
            let starts = day + dice.between(10, 20) * HOUR;
            let about = |of: i64, percent: usize, dice: &mut Dice| {
                of * (percent as i64) * dice.between(50, 140) / 10_000
            };
            let participants = about(members, take_part, dice).min(members);
            let conversions = about(participants, buy, dice).min(participants);
            let held = starts <= calendar.now;
            GroupActivity {
                id: format!("ga{:05}-{}", index + 1, number + 1).into(),
                group_id: groups::id(index),
                kind,
                title: title.to_owned(),
                starts_at: Some(calendar.time(starts)),
                ends_at: Some(calendar.time(starts + hours * HOUR)),
                participants: held.then_some(participants),
                conversions: held.then_some(conversions),
            }
            .any()
        })
        .collect()
}
