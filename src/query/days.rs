//! Days that go by a name: of a month (`月底`, `下个月1号`), of a week (`周末`), and in English (`jan 5`).

use jiff::Span;
use jiff::civil::Date;

/// Days of a month by name: `月底`, `下月底`, `下个月1号`, `月初`; and the weekend, its Saturday, or Sunday
/// once that has come. 月初 and 月底 without a month are the next ones.
pub(super) fn of_month(text: &str, today: Date) -> Option<Date> {
    const MONTHS: [(&str, i32); 11] = [
        ("这个月", 0),
        ("本月", 0),
        ("this month ", 0),
        ("下下个月", 2),
        ("下下月", 2),
        ("下个月", 1),
        ("下月", 1),
        ("next month ", 1),
        ("次月", 1),
        ("当月", 0),
        ("月", 0),
    ];
    if let Some(weeks) = weekend(text) {
        let saturday = Span::new().days(5 + 7 * weeks - i64::from(today.weekday().to_monday_zero_offset()));
        return today.checked_add(saturday).ok().map(|day| day.max(today.min(day.tomorrow().unwrap_or(day))));
    }
    if matches!(text, "end of month" | "month end" | "eom") {
        return Some(today.last_of_month());
    }
    if text == "end of next month" {
        return Some(first_of(today, 1)?.last_of_month());
    }
    let (word, months) = MONTHS.iter().find(|(word, _)| text.starts_with(word))?;
    let rest = text[word.len()..].trim_start_matches('的').trim();
    let named = *word != "月";
    let first = first_of(today, *months)?;
    let day = match rest.strip_prefix('月').unwrap_or(rest) {
        "底" | "末" | "end" => first.last_of_month(),
        "初" | "start" => first,
        "中" | "中旬" => Date::new(first.year(), first.month(), 15).ok()?,
        rest if named => {
            let day: i8 = rest.strip_suffix(['日', '号'])?.trim().parse().ok()?;
            Date::new(first.year(), first.month(), day).ok()?
        }
        _ => return None,
    };
    // 月初 is said of the one to come.
    if named || day >= today { Some(day) } else { of_month(&format!("下{text}"), today) }
}

/// In how many weeks the weekend is that a text means.
fn weekend(text: &str) -> Option<i64> {
    match text {
        "周末" | "本周末" | "这周末" | "weekend" | "this weekend" => Some(0),
        "下周末" | "next weekend" => Some(1),
        _ => None,
    }
}

fn first_of(today: Date, months: i32) -> Option<Date> {
    today.first_of_month().checked_add(Span::new().months(months)).ok()
}

/// `jan 5`, `5 jan`, `January 5th 2027`: the next such day.
pub(super) fn english(text: &str, today: Date) -> Option<Date> {
    const MONTHS: [&str; 12] = [
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
    ];
    let month = |word: &str| {
        let found = MONTHS.iter().position(|month| word.len() >= 3 && month.starts_with(word));
        found.or((word == "sept").then_some(8))
    };
    let number = |word: &str| {
        let bare = ["st", "nd", "rd", "th"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
        bare.parse::<i16>().ok()
    };
    let words: Vec<&str> = text.split([' ', ',', '-']).filter(|word| !word.is_empty()).collect();
    let (month, day, year) = match words[..] {
        [one, two] => match (month(one), month(two)) {
            (Some(month), None) => (month, number(two)?, None),
            (None, Some(month)) => (month, number(one)?, None),
            _ => return None,
        },
        [one, two, year] => {
            let year = year.parse::<i16>().ok().filter(|year| (1000..=9999).contains(year))?;
            match (month(one), month(two)) {
                (Some(month), None) => (month, number(two)?, Some(year)),
                (None, Some(month)) => (month, number(one)?, Some(year)),
                _ => return None,
            }
        }
        _ => return None,
    };
    let (month, day) = (i8::try_from(month + 1).ok()?, i8::try_from(day).ok()?);
    match year {
        Some(year) => Date::new(year, month, day).ok(),
        None => (0..=8)
            .filter_map(|years| Date::new(today.year() + years, month, day).ok())
            .find(|date| *date >= today),
    }
}
