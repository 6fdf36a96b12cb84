//! How Chinese names sound: the search column, the phone-book order, and typing by pinyin.
//!
//! The usual reading comes from the `pinyin` crate, the others in use from [`polyphones`], and which one a
//! surname has from the table below.

use std::collections::BTreeSet;

use pinyin::ToPinyin;

use super::polyphones;

/// Stands before every reading in the search column, and between the texts of a search column.
pub(super) const SEPARATOR: char = '\u{1f}';

/// At most so many combinations of readings from one syllable on.
const COMBINATIONS: usize = 32;
/// At most so many for texts longer than a name.
const COMBINATIONS_OF_LONG: usize = 4;
/// Syllables that a name has at most.
const NAME: usize = 6;
/// Syllables of a text beyond which nothing is spelled out.
const LONGEST: usize = 32;

/// Surnames that are read otherwise than the character usually is.
const SURNAMES: &[(char, &str)] = &[
    ('单', "shan"),
    ('曾', "zeng"),
    ('仇', "qiu"),
    ('查', "zha"),
    ('解', "xie"),
    ('区', "ou"),
    ('盖', "ge"),
    ('尉', "yu"),
    ('朴', "piao"),
    ('繁', "po"),
    ('员', "yun"),
    ('乐', "yue"),
    ('缪', "miao"),
    ('翟', "zhai"),
    ('覃', "qin"),
    ('秘', "bi"),
    ('冼', "xian"),
    ('召', "shao"),
    ('种', "chong"),
    ('折', "she"),
    ('祭', "zhai"),
    ('郗', "xi"),
    ('隗', "wei"),
    ('逄', "pang"),
    ('薄', "bo"),
    ('谌', "chen"),
    ('柏', "bai"),
    ('葛', "ge"),
    ('宁', "ning"),
    ('晟', "cheng"),
];

/// Text as it is compared: lower case, full-width ASCII and the wide space as ASCII.
pub fn fold(text: &str) -> String {
    text.chars().map(super::lexer::width).flat_map(char::to_lowercase).collect()
}

/// The pinyin search column of a name: from every syllable on, each reading in full and by
/// initials, each after a separator. 张三 gives `zhangsan`, `zs`, `san` and `s`.
///
/// Polyphones give all their readings, up to 32 combinations; the surname's reading comes
/// first. ü is written `v` and `u`. What is not Han passes as it is, without spaces and marks.
/// Texts that the name joins with `U+001F` are spelled one by one. A text without any Han gives
/// nothing: it is found as it is written.
pub fn readings(name: &str) -> String {
    let mut column = String::new();
    for part in fold(name).split(SEPARATOR) {
        let syllables = syllables(part);
        if syllables.iter().all(|syllable| !syllable.han) {
            continue;
        }
        let syllables = &syllables[..syllables.len().min(LONGEST)];
        let cap = if syllables.len() > NAME { COMBINATIONS_OF_LONG } else { COMBINATIONS };
        for start in 0..syllables.len() {
            // A set: readings with the same initials give them once.
            let mut spelled = BTreeSet::new();
            for (full, initials) in combined(&syllables[start..], cap) {
                spelled.insert(full);
                spelled.insert(initials);
            }
            for text in spelled {
                column.push(SEPARATOR);
                column.push_str(&text);
            }
        }
    }
    column
}

/// What a name is ordered by, as a Chinese phone book does: Han by pinyin, the surname by its
/// own reading, anything else folded. Equal sounds are kept apart by the characters.
pub fn sort_key(name: &str) -> String {
    let folded = fold(name);
    let mut key = String::new();
    for (index, c) in folded.chars().enumerate() {
        match sounds(c, index == 0).into_iter().next() {
            // A syllable ends with the smallest character there is but a space, so that 西安 (xi an)
            // and 先 (xian) do not mingle, and a shorter name comes first.
            Some(sound) => {
                key.push_str(&sound);
                key.push('!');
            }
            None => key.push(c),
        }
    }
    key.push(SEPARATOR);
    key.push_str(&folded);
    key
}

/// Whether `typed` means `text`: it occurs in it, or spells it from some syllable on. Each
/// syllable may be typed in full, by its initial, or up to any letter: `zhsan`, `zsan`.
pub fn pinyin_matches(text: &str, typed: &str) -> bool {
    let typed = fold(typed);
    if typed.is_empty() || fold(text).contains(&typed) {
        return true;
    }
    let Some(sound) = super::matches::spoken(&typed) else { return false };
    let letters = &sound[SEPARATOR.len_utf8()..];
    let syllables = syllables(&fold(text));
    let syllables = &syllables[..syllables.len().min(LONGEST)];
    (0..syllables.len()).any(|start| spells(&syllables[start..], letters))
}

/// Whether the letters spell the first syllables, the last of them maybe not to its end.
fn spells(syllables: &[Syllable], letters: &str) -> bool {
    // Ends of the letters that the syllables so far can account for.
    let mut ends = BTreeSet::from([0]);
    for syllable in syllables {
        let mut next = BTreeSet::new();
        for end in ends {
            for sound in &syllable.sounds {
                let common = sound.bytes().zip(letters[end..].bytes()).take_while(|(a, b)| a == b).count();
                if end + common == letters.len() {
                    return true;
                }
                let least = if syllable.han { 1 } else { sound.len() };
                next.extend((least..=common).map(|taken| end + taken));
            }
        }
        ends = next;
    }
    false
}

/// One Han character, or a run of other letters.
struct Syllable {
    sounds: Vec<String>,
    han: bool,
}

fn syllables(text: &str) -> Vec<Syllable> {
    let mut syllables: Vec<Syllable> = Vec::new();
    let mut goes_on = false;
    let mut first = true;
    for c in text.chars() {
        let sounds = sounds(c, std::mem::take(&mut first));
        if !sounds.is_empty() {
            syllables.push(Syllable { sounds, han: true });
            goes_on = false;
        } else if c.is_alphanumeric() {
            match syllables.last_mut() {
                Some(run) if goes_on => run.sounds[0].push(c),
                _ => syllables.push(Syllable { sounds: vec![c.to_string()], han: false }),
            }
            goes_on = true;
        } else {
            goes_on = false;
        }
    }
    syllables
}

/// The readings of a character without tones, the likeliest first; ü as `v` and as `u`.
fn sounds(c: char, surname: bool) -> Vec<String> {
    let mut sounds: Vec<String> = Vec::new();
    let mut add = |sound: &str| {
        for spelled in [sound.replace('ü', "v"), sound.replace('ü', "u")] {
            let spelled = spelled.replace('ê', "e");
            if !sounds.contains(&spelled) {
                sounds.push(spelled);
            }
        }
    };
    if surname && let Some((_, sound)) = SURNAMES.iter().find(|(known, _)| *known == c) {
        add(sound);
    }
    c.to_pinyin().into_iter().for_each(|sound| add(sound.plain()));
    polyphones::of(c).for_each(|sound| add(&sound.replace('v', "ü")));
    sounds
}

/// Readings of all syllables in a row, in full and by initials. Where there would be more than
/// `cap`, the later polyphones keep their likeliest reading.
fn combined(syllables: &[Syllable], cap: usize) -> Vec<(String, String)> {
    let mut rows = vec![(String::new(), String::new())];
    for syllable in syllables {
        let count = if rows.len() * syllable.sounds.len() > cap { 1 } else { syllable.sounds.len() };
        let sounds = &syllable.sounds[..count];
        let longer = rows.iter().flat_map(|(full, initials)| {
            sounds.iter().map(move |sound| {
                let initial: String = sound.chars().take(if syllable.han { 1 } else { usize::MAX }).collect();
                (format!("{full}{sound}"), format!("{initials}{initial}"))
            })
        });
        rows = longer.collect();
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, typed: &str) -> bool {
        readings(name).contains(&format!("{SEPARATOR}{typed}"))
    }

    #[test]
    fn the_column_of_two_characters() {
        assert_eq!(readings("张三"), "\u{1f}zhangsan\u{1f}zs\u{1f}s\u{1f}san");
        assert_eq!(readings("Lucy 2"), "", "found as it is written");
    }

    #[test]
    fn names_of_one_two_and_four_characters_and_any_reading() {
        let finds = [
            ("李", "l"),
            ("李", "li"),
            ("张三", "zhangs"),
            ("张三", "s"),
            ("欧阳明月", "oymy"),
            ("欧阳明月", "mingyue"),
            ("单晓琳", "sxl"),
            ("单晓琳", "dxl"),
            ("单晓琳", "shanxiaolin"),
            ("单晓琳", "chanxiao"),
            ("重庆曾先生", "cq"),
            ("重庆曾先生", "zq"),
            ("重庆曾先生", "zeng"),
            ("重庆曾先生", "ceng"),
            ("吕布", "lvb"),
            ("吕布", "lub"),
            ("🌸陈佳怡 Jia", "cjyjia"),
            ("VIP客户", "vipkh"),
        ];
        for (name, typed) in finds {
            assert!(found(name, typed), "{name} by {typed}");
            assert!(pinyin_matches(name, typed), "{name} by {typed}");
        }
        for (name, typed) in [("张三", "hangsan"), ("张三", "an"), ("张三", "lisi"), ("张三", "zsx")]
        {
            assert!(!found(name, typed), "{name} by {typed}");
            assert!(!pinyin_matches(name, typed), "{name} by {typed}");
        }
    }

    #[test]
    fn a_reading_that_nobody_uses_finds_nothing() {
        for (name, typed) in
            [("张立新", "zhangwei"), ("张立新", "zw"), ("王小雨", "wangxiaoyuu"), ("李大伟", "lit")]
        {
            assert!(!found(name, typed), "{name} by {typed}");
            assert!(!pinyin_matches(name, typed), "{name} by {typed}");
        }
        let finds = [
            ("张立新", "zhanglixin"),
            ("仇英", "qiuying"),
            ("朴信惠", "piaoxin"),
            ("查良镛", "zhaliang"),
            ("尉迟恭", "yuchi"),
            ("盖茨", "geci"),
            ("区小姐", "oxj"),
            ("乐乐妈妈", "lelemama"),
            ("乐毅", "yueyi"),
            ("长春店长", "changchundianzhang"),
            ("银行行长", "yhhz"),
        ];
        for (name, typed) in finds {
            assert!(found(name, typed), "{name} by {typed}");
        }
    }

    #[test]
    fn texts_that_are_joined_are_spelled_one_by_one() {
        let column = readings("张三\u{1f}李四");
        assert!(column.contains("\u{1f}lisi"));
        assert!(!column.contains("zhangsanli"));
    }

    #[test]
    fn a_long_text_of_polyphones_stays_small() {
        assert!(readings(&"重".repeat(500)).len() < 20_000);
        assert!(readings(&"重曾单查解".repeat(2)).len() < 4_000);
    }

    #[test]
    fn while_completing_syllables_may_be_cut_anywhere() {
        for typed in ["zhsan", "zsan", "zhas", "ZS", "张", "zhang san", "z's"] {
            assert!(pinyin_matches("张三", typed), "{typed}");
        }
        assert!(!pinyin_matches("张三", "zn"));
    }

    #[test]
    fn a_phone_book_goes_by_syllables() {
        let mut names = vec!["西安", "先锋", "zoe", "张三", "Anna", "单晓琳", "曾小", "张", "李四"];
        names.sort_by_key(|name| sort_key(name));
        assert_eq!(names, ["Anna", "李四", "单晓琳", "西安", "先锋", "曾小", "张", "张三", "zoe"]);
        assert_ne!(sort_key("张三"), sort_key("章三"));
    }

    #[test]
    fn folding_is_done_once_and_for_all() {
        assert_eq!(fold("ＶＩＰ　①群：Ａ"), "vip ①群:a");
        for text in ["ＶＩＰ", "İ", "ΑΣ", "ß", "Ǆ"] {
            assert_eq!(fold(&fold(text)), fold(text));
        }
    }
}
