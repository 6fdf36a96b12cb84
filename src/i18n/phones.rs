//! Phone numbers where others may look on.

/// A phone with its middle hidden: of a full number the first three and the last four digits
/// stay, of a short one the last two. What stands between digits stays where it is.
pub fn masked_phone(phone: &str) -> String {
    let count = phone.chars().filter(|c| c.is_alphanumeric()).count();
    let (head, tail) = match count {
        9.. => (3, 4),
        4.. => (0, 2),
        _ => (0, 0),
    };
    let mut seen = 0;
    phone
        .chars()
        .map(|c| {
            if !c.is_alphanumeric() {
                return c;
            }
            seen += 1;
            if seen <= head || seen > count - tail { c } else { '*' }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phone_shows_its_ends_alone() {
        assert_eq!(masked_phone("13812341234"), "138****1234");
        assert_eq!(masked_phone("+86 138-1234-5678"), "+86 1**-****-5678");
        assert_eq!(masked_phone("+1 (212) 555-0199"), "+1 (21*) ***-0199");
        assert_eq!(masked_phone("88886666"), "******66");
        assert_eq!(masked_phone("12345"), "***45");
        assert_eq!(masked_phone("110"), "***");
        assert_eq!(masked_phone("客"), "*");
        assert_eq!(masked_phone(""), "");
    }
}
