//! Numbers as typed: `12k`, `3万`, `¥1.5万`, `50%`. All of them exact.

/// A whole number: digits, a fraction where the suffix makes it whole, and `k` 千 `w` 万 亿.
pub(super) fn whole(text: &str) -> Option<i64> {
    scaled(text, 1)
}

/// Money in minor units. A bare number is minor units already, exactly as in the records; with
/// `¥`, `$`, `€`, `£` before or 元 behind it is major units of 100.
pub(super) fn money(text: &str) -> Option<i64> {
    let (sign, rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let bare = rest.trim_start_matches(['¥', '￥', '$', '€', '£']);
    let bare = bare.strip_suffix(['元', '块']).unwrap_or(bare);
    let minor = if bare == rest { scaled(bare, 1) } else { scaled(bare, 100) };
    minor.filter(|_| !bare.starts_with('-')).map(|minor| sign * minor)
}

/// A share between 0 and 1: `0.5`, `50%`.
pub(super) fn ratio(text: &str) -> Option<f64> {
    let (digits, by) = text.strip_suffix('%').map_or((text, 1.0), |digits| (digits, 100.0));
    let plain = digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let share = digits.parse::<f64>().ok().filter(|_| plain)? / by;
    (0.0..=1.0).contains(&share).then_some(share)
}

fn scaled(text: &str, by: i128) -> Option<i64> {
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let suffixes = [("k", 1000), ("千", 1000), ("w", 10_000), ("万", 10_000), ("亿", 100_000_000)];
    let suffix = suffixes.iter().find_map(|(suffix, times)| Some((rest.strip_suffix(suffix)?, *times)));
    let (digits, times): (&str, i128) = suffix.unwrap_or((rest, 1));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let numeric = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let sound = !whole.is_empty() && numeric(whole) && numeric(fraction) && digits.len() <= 20;
    if !sound || digits.ends_with('.') {
        return None;
    }
    let one = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
    let value = format!("{whole}{fraction}").parse::<i128>().ok()? * times * by;
    (value % one == 0).then(|| i64::try_from(sign * value / one).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_numbers() {
        let good = [
            ("5", 5),
            ("-3", -3),
            ("+3", 3),
            ("12k", 12_000),
            ("1.5万", 15_000),
            ("2亿", 200_000_000),
            ("3w", 30_000),
            ("2.0", 2),
        ];
        for (text, value) in good {
            assert_eq!(whole(text), Some(value), "{text}");
        }
        for text in [
            "",
            "-",
            "k",
            "1.5",
            ".5",
            "5.",
            "1,000",
            "1e3",
            "99999999999999999999",
            "９",
            "--1",
            "1.2.3",
            "0x1",
        ] {
            assert_eq!(whole(text), None, "{text}");
        }
        assert_eq!(whole("9223372036854775807"), Some(i64::MAX));
        assert_eq!(whole("9223372036854775808"), None);
    }

    #[test]
    fn a_bare_sum_is_in_minor_units() {
        let good = [
            ("100000", 100_000),
            ("¥100", 10_000),
            ("100.50元", 10_050),
            ("1万元", 1_000_000),
            ("$0.01", 1),
            ("￥1.5万", 1_500_000),
            ("2万", 20_000),
            ("-¥5", -500),
        ];
        for (text, value) in good {
            assert_eq!(money(text), Some(value), "{text}");
        }
        for text in ["100.5", "¥0.001", "元", "¥", "--5", "-¥-5"] {
            assert_eq!(money(text), None, "{text}");
        }
    }

    #[test]
    fn shares() {
        assert_eq!(ratio("0.5"), Some(0.5));
        assert_eq!(ratio("50%"), Some(0.5));
        assert_eq!(ratio("1"), Some(1.0));
        for text in ["50", "-0.1", "inf", "nan", "1e-1", "", "%", "101%"] {
            assert_eq!(ratio(text), None, "{text}");
        }
    }
}
