//! A moment as it is typed, made into the few spellings that [`super::due()`] reads: traditional
//! characters, numerals in Chinese, English said at length. It knows nothing of dates.

/// A folded text in the spellings that are read.
pub(super) fn as_read(text: &str) -> String {
    plain(&spelled(&simplified(text)))
}

/// Traditional characters of moments, and those that stand for them here.
const TRADITIONAL: [(char, char); 11] = [
    ('點', '点'),
    ('時', '时'),
    ('鐘', '钟'),
    ('週', '周'),
    ('後', '后'),
    ('號', '号'),
    ('兩', '两'),
    ('個', '个'),
    ('這', '这'),
    ('禮', '礼'),
    ('淩', '凌'),
];

fn simplified(text: &str) -> String {
    let simple = |c: char| TRADITIONAL.iter().find(|(old, _)| *old == c).map_or(c, |(_, new)| *new);
    text.chars().map(simple).collect()
}

/// English said at length, as it is said in short: `in 2 hours` is `2h`, `next week` is `nextweek`.
fn plain(text: &str) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let within = words.first() == Some(&"in") && words.len() > 1;
    if within {
        words.remove(0);
    }
    let mut told: Vec<String> = Vec::new();
    for word in words {
        let unit = match word {
            "hour" | "hours" | "hr" | "hrs" => "h",
            "minute" | "minutes" | "min" | "mins" => "min",
            "day" | "days" => "d",
            "week" | "weeks" => "w",
            "month" | "months" => "个月",
            _ => "",
        };
        match told.last_mut() {
            Some(last) if !unit.is_empty() && is_amount(last) => last.push_str(unit),
            Some(last) if !unit.is_empty() && within && matches!(last.as_str(), "a" | "an" | "one") => {
                *last = format!("1{unit}");
            }
            Some(last) if matches!(word, "week" | "month") && matches!(last.as_str(), "next" | "this") => {
                last.push_str(word);
            }
            _ => told.push(word.to_owned()),
        }
    }
    told.join(" ")
}

/// `2` or `+2`.
fn is_amount(word: &str) -> bool {
    let digits = word.strip_prefix('+').unwrap_or(word);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Chinese numerals as digits where they count something; 周三 keeps its name.
fn spelled(text: &str) -> String {
    let value = |c: char| "零一二三四五六七八九".chars().position(|numeral| numeral == c);
    let numeral = |c: char| c == '十' || c == '两' || c == '〇' || value(c).is_some();
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while at < chars.len() {
        let run = chars[at..].iter().take_while(|c| numeral(**c)).count();
        let counted = matches!(
            chars.get(at + run),
            Some('点' | '分' | '秒' | '天' | '小' | '个' | '月' | '日' | '号' | '周')
        );
        let named = matches!(at.checked_sub(1).map(|before| chars[before]), Some('周' | '期' | '拜'));
        if run == 0 || !counted || named {
            out.extend(&chars[at..at + run.max(1)]);
            at += run.max(1);
            continue;
        }
        let digit = |c: char| match c {
            '两' => 2,
            '〇' => 0,
            c => value(c).unwrap_or(0),
        };
        let run = &chars[at..at + run];
        let number = match run.iter().position(|c| *c == '十') {
            Some(ten) => {
                let tens = run[..ten].last().map_or(1, |c| digit(*c));
                tens * 10 + run[ten + 1..].first().map_or(0, |c| digit(*c))
            }
            None => run.iter().fold(0, |sum: usize, c| sum.saturating_mul(10).saturating_add(digit(*c))),
        };
        out.push_str(&number.to_string());
        at += run.len();
    }
    out
}
