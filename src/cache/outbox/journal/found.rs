//! What a journal says, whatever has become of it.

use super::lines::{COMMITTED, Line, checksum};

/// What a journal says.
#[derive(Debug, Default)]
pub(in crate::cache::outbox) struct Found {
    /// Whether there is a file with anything in it.
    pub(in crate::cache::outbox) is_there: bool,
    /// Its name, where the first line can be read.
    pub(in crate::cache::outbox) name: Option<String>,
    /// Lines, each with the end of its transaction and whether that is known to have been
    /// committed: it is sealed so, or others were added after it.
    pub(in crate::cache::outbox) lines: Vec<(Line, u64, bool)>,
    /// Lines that cannot be read, or are missing.
    pub(in crate::cache::outbox) bad: usize,
}

impl Found {
    pub(super) fn of(bytes: &[u8]) -> Self {
        let mut found = Self { is_there: !bytes.is_empty(), ..Self::default() };
        let (mut from, mut at, mut bad) = (0, 0_u64, 0_usize);
        for text in bytes.split_inclusive(|byte| *byte == b'\n') {
            at += text.len() as u64;
            match read(text) {
                Some((Line::Journal(name), _)) => found.name = Some(name),
                Some((Line::Seal(count), committed)) => {
                    // A line break that is gone makes one line of two.
                    found.bad += bad.max(count.saturating_sub(found.lines.len() - from));
                    bad = 0;
                    for (_, end, sealed) in &mut found.lines[from..] {
                        (*end, *sealed) = (at, committed);
                    }
                    for (_, _, sealed) in &mut found.lines[..from] {
                        *sealed = true;
                    }
                    from = found.lines.len();
                }
                Some((line, _)) => found.lines.push((line, u64::MAX, false)),
                None => bad += 1,
            }
        }
        found.bad += bad;
        found
    }
}

/// A line with its end, and whether it is a seal of what was committed.
fn read(text: &[u8]) -> Option<(Line, bool)> {
    let text = text.strip_suffix(b"\n")?;
    let (sum, json) = (text.get(..8)?, text.get(9..)?);
    let sum = u32::from_str_radix(std::str::from_utf8(sum).ok()?, 16).ok()?;
    let (json, committed) = match json.split_last() {
        Some((b'}', _)) => (json, false),
        Some((last, json)) => (json, *last == COMMITTED),
        None => return None,
    };
    (checksum(json) == sum).then(|| serde_json::from_slice(json).ok()).flatten().map(|line| (line, committed))
}
