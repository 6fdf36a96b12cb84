//! Which parts of a line are nobody's business: what is told about a file ends up in logs, in
//! screenshots and in the tickets of the help desk.
//!
//! It goes by the names of keys and by the form of addresses, not by what TOML says: the line may be
//! the one that is no TOML. Where profiles stand a name that was misspelled counts too, and so does
//! what looks like a secret under whatever name.

use std::ops::Range;

/// What stands in place of a secret.
pub const MASK: &str = "***";

/// Words of a key that a secret stands under, whole: `api_key` has one, `keys` has none.
const NAMES: [&str; 15] = [
    "token",
    "tokens",
    "secret",
    "secrets",
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "pass",
    "pwd",
    "apikey",
    "auth",
    "authorization",
    "credential",
    "credentials",
];

/// The address without who logs in, and with nothing behind its path.
pub fn masked_url(url: &str) -> String {
    Masked::by(url, in_url(url, 0)).text
}

/// A line of a file as it may be told.
pub(super) struct Masked {
    /// With [`MASK`] in place of each secret.
    pub text: String,
    ranges: Vec<Range<usize>>,
}

impl Masked {
    /// The line that `line` is of `text`, in bytes.
    pub(super) fn line(text: &str, line: Range<usize>) -> Self {
        let around = Around::of(&text[..line.start]);
        let line = &text[line];
        Self::by(line, secrets(line, &around))
    }

    fn by(line: &str, mut ranges: Vec<Range<usize>>) -> Self {
        ranges.retain(|range| !range.is_empty());
        ranges.sort_by_key(|range| range.start);
        ranges.dedup_by(|next, last| {
            let overlaps = next.start <= last.end;
            if overlaps {
                last.end = last.end.max(next.end);
            }
            overlaps
        });
        let mut text = String::new();
        let mut at = 0;
        for range in &ranges {
            text.push_str(&line[at..range.start]);
            text.push_str(MASK);
            at = range.end;
        }
        text.push_str(&line[at..]);
        Self { text, ranges }
    }

    /// Where a byte of the line stands in the masked text: the beginning of the mask where it is
    /// within a secret, or the mask's end where `after` is asked for.
    pub(super) fn place(&self, at: usize, after: bool) -> usize {
        let (mut cut, mut put) = (0, 0);
        for range in &self.ranges {
            if at <= range.start {
                break;
            }
            if at < range.end {
                return range.start - cut + put + if after { MASK.len() } else { 0 };
            }
            cut += range.len();
            put += MASK.len();
        }
        at - cut + put
    }
}

/// Where a line stands.
struct Around {
    /// The table has a secret's name.
    secret: bool,
    /// A lone `key` there is a secret, and not one of the keyboard.
    lone_key: bool,
    /// The last key above has a secret's name, for a value that goes on here.
    above: bool,
}

impl Around {
    fn of(before: &str) -> Self {
        let bare = |line: &str| line.trim_start().to_owned();
        let header = before.lines().rev().map(bare).find(|line| line.starts_with('['));
        let header = header.filter(|line| !line.contains('=')).unwrap_or_default();
        let name = header.trim_matches(['[', ']', ' ']);
        let lone_key = name.is_empty() || name.starts_with("profiles");
        let above = before
            .lines()
            .rev()
            .map(bare)
            .find_map(|line| {
                if line.starts_with('[') && !line.contains('=') {
                    return Some(false);
                }
                let (key, _) = line.split_once('=').filter(|(key, _)| is_key(key))?;
                Some(is_secret(key, lone_key))
            })
            .unwrap_or(false);
        Self { secret: is_secret(name, false), lone_key, above }
    }
}

/// Whether it can stand before `=`.
fn is_key(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || "_-.\"' ".contains(c))
}

/// Whether a key has a secret's name.
fn is_secret(key: &str, lone_key: bool) -> bool {
    key.split('.').any(|part| {
        let part = part.trim().trim_matches(['"', '\'']).to_lowercase();
        let words: Vec<&str> = part.split(|c: char| !c.is_alphanumeric()).collect();
        let is_key = part == "key" && lone_key || words.len() > 1 && words.last() == Some(&"key");
        is_key || words.iter().any(|word| NAMES.contains(word) || lone_key && resembles(word))
    })
}

/// Whether a word may be meant for a secret's name.
fn resembles(word: &str) -> bool {
    let letters = word.chars().count();
    NAMES.iter().filter(|name| name.len() > 3).any(|name| {
        let off = strsim::damerau_levenshtein(word, name);
        (3..name.len()).contains(&letters) && name.starts_with(word)
            || letters > 3 && off <= if name.len() < 6 { 1 } else { 2 }
    })
}

/// Whether a value looks like a secret: long, of letters and figures, and no address, path or text.
fn looks_secret(value: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_+=".contains(c);
    value.len() >= 16
        && value.chars().all(plain)
        && value.chars().any(|c| c.is_ascii_alphabetic())
        && value.chars().any(|c| c.is_ascii_digit())
}

/// The secrets of a line, as ranges of its bytes.
fn secrets(line: &str, around: &Around) -> Vec<Range<usize>> {
    let end = line.trim_end().len();
    let mut found = Vec::new();
    let first = line.find('=').filter(|at| is_key(&line[..*at]));
    let begins = line.trim_start();
    let header = begins.starts_with('[') && begins.trim_end().ends_with(']') && !line.contains(['=', '"']);
    if first.is_none() && !header && (around.above || around.secret) {
        found.push(line.len() - begins.len()..end);
    }
    let mut at = 0;
    while let Some(equals) = line[at..end].find('=').map(|found| at + found) {
        let name = line[..equals].rfind(['{', ',', '=']).map_or(0, |before| before + 1);
        let value = equals + 1 + (line[equals + 1..].len() - line[equals + 1..].trim_start().len());
        at = equals + 1;
        if !is_key(&line[name..equals]) || !(around.secret || is_secret(&line[name..equals], around.lone_key))
        {
            let looks = value_of(line, value, end).0;
            if around.lone_key && is_key(&line[name..equals]) && looks_secret(&line[looks.clone()]) {
                found.push(looks);
            } else if is_key(&line[name..equals]) && line[name..equals].to_lowercase().contains("url") {
                let start = value + usize::from(line[value..].starts_with(['"', '\'']));
                found.extend(in_url(&line[start..end], start));
            }
            continue;
        }
        let (hidden, next) = value_of(line, value, end);
        found.push(hidden);
        at = next.max(at);
    }
    let mut from = 0;
    while let Some(scheme) = line[from..end].find("://").map(|found| from + found) {
        found.extend(in_url(&line[scheme..end], scheme));
        from = scheme + 3;
    }
    found
}

/// The value that begins there, without its quotes, and where the line goes on behind it.
fn value_of(line: &str, start: usize, end: usize) -> (Range<usize>, usize) {
    let whole = (start.min(end)..end, end);
    let Some(quote @ ('"' | '\'')) = line[start.min(end)..end].chars().next() else { return whole };
    let mut escaped = false;
    for (at, c) in line[start + 1..end].char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' && quote == '"' {
            escaped = true;
        } else if c == quote {
            let close = start + 1 + at;
            let rest = line[close + 1..end].trim_start();
            // What follows a mistaken quote may be the secret's other half.
            if rest.is_empty() || rest.starts_with([',', '}']) {
                return (start + 1..close, close + 1);
            }
            return whole;
        }
    }
    whole
}

/// Who logs in, and what stands behind the path, of the address that `text` begins with; `base` is
/// where it begins.
fn in_url(text: &str, base: usize) -> Vec<Range<usize>> {
    let start = text.find("://").map_or(0, |at| at + 3);
    let url = &text[start..];
    let url = &url[..url.find(['"', '\'']).unwrap_or(url.len())];
    let blank = url.find(char::is_whitespace).unwrap_or(url.len());
    // A password may have a blank in it, and in other texts an address ends there.
    let broken = !url[..blank].contains('@') && url[..blank].contains(':') && url.contains('@');
    let url = if broken { url } else { &url[..blank] };
    let has_scheme = text.contains("://");
    let authority = url.find(['/', '?', '#']).filter(|_| has_scheme).unwrap_or(url.len());
    let port = url[..authority].rsplit_once(':');
    // A password may have any of these characters in it.
    let odd = port.is_some_and(|(_, port)| !port.ends_with(']') && port.parse::<u16>().is_err());
    let login = if odd { url.rfind('@') } else { url[..authority].rfind('@') };
    let path = login.map_or(0, |at| at + 1);
    let behind = url[path..].find(['?', '#']).map(|at| path + at + 1);
    let mut found = Vec::new();
    found.extend(login.map(|at| base + start..base + start + at));
    found.extend(behind.map(|at| base + start + at..base + start + url.len()));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> String {
        let start = text.rfind('\n').map_or(0, |at| at + 1);
        Masked::line(text, start..text.len()).text
    }

    #[test]
    fn secrets_are_masked_by_the_names_of_their_keys() {
        for (text, line) in [
            ("token = \"SEKRET\"", "token = \"***\""),
            ("token = \"SEK\\\"RET\"", "token = \"***\""),
            ("token = SEKRET x", "token = ***"),
            ("token = \"SEK\"RET\"", "token = ***"),
            ("token = \"SEKRET", "token = ***"),
            ("api_key = 'SEKRET'", "api_key = '***'"),
            ("profiles.main.\"Client-Secret\" = \"SEKRET\"", "profiles.main.\"Client-Secret\" = \"***\""),
            ("m = { token = \"SEKRET\", lnag = \"zh\" }", "m = { token = \"***\", lnag = \"zh\" }"),
            ("[profiles.main]\nkey = \"SEKRET\"", "key = \"***\""),
            ("which_key_ms = \"300\"", "which_key_ms = \"300\""),
            ("[views.x]\nkey = \"f v\"", "key = \"f v\""),
            ("[keys]\n\"g x\" = \"cursor.up\"", "\"g x\" = \"cursor.up\""),
            ("[profiles.main.secrets]\na = \"SEKRET\"", "a = \"***\""),
            ("token = \"\"\"\n  SEKRET", "  ***"),
            ("token_command = [\n\"SEKRET\",", "***"),
            ("[profiles.main]\n[ui]", "[ui]"),
            ("[profiles.main]\ntokn = \"SEKRET\"", "tokn = \"***\""),
            ("[profiles.main]\npasswrd = \"SEKRET\"", "passwrd = \"***\""),
            ("[profiles.main]\nclient_secrt = \"SEKRET\"", "client_secrt = \"***\""),
            ("[profiles.main]\ntok = \"SEKRET\"", "tok = \"***\""),
            ("[profiles.main]\nwhatever = \"ghp_abcdEFGH1234567890\"", "whatever = \"***\""),
            ("[profiles.main]\nbackedn = \"siyu\"", "backedn = \"siyu\""),
            (
                "[profiles.main]\nca_file = \"certificates-2026-01.pem\"",
                "ca_file = \"certificates-2026-01.pem\"",
            ),
            ("[ui]\npasses = \"3\"", "passes = \"3\""),
        ] {
            assert_eq!(told(text), line, "{text}");
        }
    }

    #[test]
    fn addresses_keep_their_host_and_path() {
        for (text, line) in [
            ("url = \"http://user:PW@h/?key=Q\"", "url = \"http://***@h/?***\""),
            ("url = \"user:PW@h\"", "url = \"***@h\""),
            ("url = \"https://user:P/?W@h/p\"", "url = \"https://***@h/p\""),
            ("x = \"see http://u:P@h#T and\" # y", "x = \"see http://***@h#*** and\" # y"),
            ("url = \"http//user:P/W@h\"", "url = \"***@h\""),
            ("url = \"http:/user:PW@h/p\"", "url = \"***@h/p\""),
            ("url = \"http://user:P W@h/p\"", "url = \"http://***@h/p\""),
            ("url = \"http://127.0.0.1:7420/p\"", "url = \"http://127.0.0.1:7420/p\""),
            ("url = \"http://h:port\"", "url = \"http://h:port\""),
            ("url = \"http://[::1]:80/\"", "url = \"http://[::1]:80/\""),
        ] {
            assert_eq!(told(text), line, "{text}");
        }
        assert_eq!(masked_url("ftp://u:P@h/p?q"), "ftp://***@h/p?***");
        assert_eq!(masked_url("http//u:P@h/p?q"), "***@h/p?***");
    }
}
