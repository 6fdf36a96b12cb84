//! Figures: short in tables, exact in details and exports.
//!
//! A short figure has three digits that count, is rounded half away from zero, and carries over
//! where rounding fills a unit: 99,950 is `100k`, never `99.9k` or `100.0k`.

use super::Lang;

/// `10,000` and up in short form: `1.24万`, `3.2亿`, or `12.4k`, `3.2M`; below that, exact.
pub fn figure(lang: Lang, n: i64) -> String {
    let units: &[(u64, &str)] = match lang {
        Lang::Zh => &[(10_000, "万"), (100_000_000, "亿")],
        Lang::En => &[(1_000, "k"), (1_000_000, "M"), (1_000_000_000, "B")],
    };
    let size = n.unsigned_abs();
    if size < 10_000 {
        return exact(n);
    }
    let sign = if n < 0 { "-" } else { "" };
    let mut at = units.iter().rposition(|(unit, _)| size >= *unit).unwrap_or(0);
    let mut hundredths = short(size, units[at].0);
    if let Some((next, _)) = units.get(at + 1)
        && hundredths >= u128::from(next / units[at].0) * 100
    {
        at += 1;
        hundredths = short(size, units[at].0);
    }
    let (whole, part) = (hundredths / 100, hundredths % 100);
    let whole = grouped(&whole.to_string());
    let part = format!("{part:02}");
    let part = part.trim_end_matches('0');
    let point = if part.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{part}{}", units[at].1)
}

/// Hundredths of a unit, with three digits that count.
fn short(size: u64, unit: u64) -> u128 {
    let (size, unit) = (u128::from(size), u128::from(unit));
    let step = match size / unit {
        0..=9 => 1,
        10..=99 => 10,
        _ => 100,
    };
    let round = |step: u128| (size * 100 * 2 + unit * step) / (unit * step * 2) * step;
    let rounded = round(step);
    // rounding may have gained a digit: 99.95 with one place is 100
    if rounded >= 1_000 && step == 1 || rounded >= 10_000 && step == 10 { round(step * 10) } else { rounded }
}

/// `1,204`: every digit, in thousands.
pub fn exact(n: i64) -> String {
    let digits = grouped(&n.unsigned_abs().to_string());
    if n < 0 { format!("-{digits}") } else { digits }
}

fn grouped(digits: &str) -> String {
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A change: `+23`, `-3`, `0`, short as [`figure`].
pub fn signed(lang: Lang, n: i64) -> String {
    if n > 0 { format!("+{}", figure(lang, n)) } else { figure(lang, n) }
}

/// Money in a table, in whole units: `￥3.2万`, `$412`. `minor` counts the currency's minor
/// units, `currency` is ISO 4217.
pub fn money(lang: Lang, minor: i64, currency: &str) -> String {
    let unit = 10_i64.pow(places(currency));
    let half = if minor < 0 { -(unit / 2) } else { unit / 2 };
    let whole = minor.saturating_add(half) / unit;
    signed_amount(whole < 0, currency, &figure(lang, whole.saturating_abs()))
}

/// Money to the last minor unit, where it has any: `￥3,216`, `￥3,216.50`.
pub fn money_exact(minor: i64, currency: &str) -> String {
    let places = places(currency);
    let unit = 10_u64.pow(places);
    let (whole, part) = (minor.unsigned_abs() / unit, minor.unsigned_abs() % unit);
    let mut amount = grouped(&whole.to_string());
    if part > 0 {
        amount.push_str(&format!(".{part:0width$}", width = places as usize));
    }
    signed_amount(minor < 0, currency, &amount)
}

fn signed_amount(negative: bool, currency: &str, amount: &str) -> String {
    let sign = if negative { "-" } else { "" };
    match currency {
        // the full-width sign has the same width in every terminal, the narrow one has not
        "CNY" => format!("{sign}￥{amount}"),
        "USD" => format!("{sign}${amount}"),
        "HKD" => format!("{sign}HK${amount}"),
        "TWD" => format!("{sign}NT${amount}"),
        "SGD" => format!("{sign}S${amount}"),
        "" => format!("{sign}{amount}"),
        code => format!("{code} {sign}{amount}"),
    }
}

/// Decimal places of a currency's minor unit (ISO 4217, list one of 2024).
fn places(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI"
        | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// A share of 1 in percent, to one place: `23.4%`.
pub fn percent(share: f64) -> String {
    format!("{:.1}%", share * 100.0)
}

/// What stands where there is no figure; `ascii` where the terminal may show `—` two wide.
pub fn nothing(ascii: bool) -> &'static str {
    if ascii { "-" } else { "—" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_round_to_three_digits_and_carry() {
        for (n, zh, en) in [
            (0, "0", "0"),
            (-7, "-7", "-7"),
            (1_842, "1,842", "1,842"),
            (9_999, "9,999", "9,999"),
            (10_000, "1万", "10k"),
            (12_400, "1.24万", "12.4k"),
            (-12_449, "-1.24万", "-12.4k"),
            (12_450, "1.25万", "12.5k"),
            (99_949, "9.99万", "99.9k"),
            (99_950, "10万", "100k"),
            (100_500, "10.1万", "101k"),
            (999_499, "99.9万", "999k"),
            (999_500, "100万", "1M"),
            (1_234_567, "123万", "1.23M"),
            (12_345_678, "1,235万", "12.3M"),
            (99_994_999, "9,999万", "100M"),
            (99_995_000, "1亿", "100M"),
            (324_000_000, "3.24亿", "324M"),
            (999_500_000, "10亿", "1B"),
            (i64::MIN, "-92,233,720,369亿", "-9,223,372,037B"),
        ] {
            assert_eq!(figure(Lang::Zh, n), zh, "{n}");
            assert_eq!(figure(Lang::En, n), en, "{n}");
        }
    }

    #[test]
    fn exact_figures_keep_every_digit() {
        for (n, text) in [
            (999, "999"),
            (1_000, "1,000"),
            (-1_234_567, "-1,234,567"),
            (i64::MIN, "-9,223,372,036,854,775,808"),
        ] {
            assert_eq!(exact(n), text);
        }
        assert_eq!(signed(Lang::Zh, 23), "+23");
        assert_eq!(signed(Lang::En, -12_400), "-12.4k");
        assert_eq!(signed(Lang::En, 0), "0");
    }

    #[test]
    fn money_knows_its_minor_units() {
        assert_eq!(money(Lang::Zh, 3_200_000, "CNY"), "￥3.2万");
        assert_eq!(money(Lang::En, 3_200_000, "CNY"), "￥32k");
        assert_eq!(money(Lang::Zh, 41_250, "CNY"), "￥413");
        assert_eq!(money(Lang::Zh, -41_250, "CNY"), "-￥413");
        assert_eq!(money(Lang::Zh, -40, "CNY"), "￥0");
        assert_eq!(money(Lang::En, 500, "JPY"), "JPY 500");
        assert_eq!(money_exact(321_600, "CNY"), "￥3,216");
        assert_eq!(money_exact(321_605, "USD"), "$3,216.05");
        assert_eq!(money_exact(-1, "KWD"), "KWD -0.001");
        assert_eq!(percent(0.234), "23.4%");
    }
}
