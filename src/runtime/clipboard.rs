//! The clipboard of whoever sits before the terminal, however far away (OSC 52).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Most terminals take no more than this in one go, in bytes of base64.
const MOST: usize = 74_994;

/// The sequence that puts `text` on the clipboard; `None` where it is too long for terminals.
/// The text is encoded: nothing in it can act on the terminal.
pub fn osc52(text: &str) -> Option<Vec<u8>> {
    let encoded = STANDARD.encode(text);
    (encoded.len() <= MOST).then(|| format!("\x1b]52;c;{encoded}\x07").into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_the_text_reaches_the_terminal_raw() {
        let sequence = osc52("a\x1b]0;evil\x07张三").unwrap();
        assert!(sequence.starts_with(b"\x1b]52;c;") && sequence.ends_with(b"\x07"));
        let inner = &sequence[7..sequence.len() - 1];
        assert!(inner.iter().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=')));
        assert_eq!(STANDARD.decode(inner).unwrap(), "a\x1b]0;evil\x07张三".as_bytes());
        assert!(osc52(&"x".repeat(80_000)).is_none());
    }
}
