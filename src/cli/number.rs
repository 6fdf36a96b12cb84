//! Whole numbers as arguments: what is none, or not in its bounds, is told in words.

use crate::i18n::words::usage;
use crate::i18n::{Line, exact};

/// A reader of whole numbers from `low` to `high`, both included.
pub(super) fn within<T: TryFrom<u64>>(
    low: u64,
    high: u64,
) -> impl Fn(&str) -> Result<T, Line> + Clone + Send + Sync + 'static {
    move |text| {
        let shown = |bound: u64| i64::try_from(bound).map_or_else(|_| bound.to_string(), exact);
        let bounds = || match (low, high) {
            (0, u64::MAX) => usage::NO_NUMBER.into(),
            (low, u64::MAX) => usage::AT_LEAST.with("low", shown(low)),
            (low, high) => usage::NOT_WITHIN.with("low", shown(low)).with("high", shown(high)),
        };
        let number = text.trim().parse::<u64>().ok().filter(|number| (low..=high).contains(number));
        number.and_then(|number| T::try_from(number).ok()).ok_or_else(bounds)
    }
}

/// A reader of any whole number.
pub(super) fn whole<T: TryFrom<u64>>() -> impl Fn(&str) -> Result<T, Line> + Clone + Send + Sync + 'static {
    within(0, u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Lang;

    #[test]
    fn what_is_out_of_bounds_is_told_with_the_bounds() {
        let read = within::<u32>(1, 9_999_999);
        assert_eq!(read("5000").unwrap(), 5_000);
        for text in ["0", "10000000", "-1", "x", "", "18446744073709551616"] {
            let told = read(text).unwrap_err();
            assert_eq!(told.in_lang(Lang::En), "a whole number from 1 to 9,999,999", "{text}");
            assert_eq!(told.in_lang(Lang::Zh), "应为 1 到 9,999,999 的整数", "{text}");
        }
        assert_eq!(
            within::<u32>(1, u64::MAX)("0").unwrap_err().in_lang(Lang::En),
            "a whole number, at least 1"
        );
        assert_eq!(whole::<u64>()("1.5").unwrap_err().in_lang(Lang::En), "a whole number");
    }
}
