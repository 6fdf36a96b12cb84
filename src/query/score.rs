//! RFM scores as typed: `5-3-4`, `5**`, `r>=4`, or a segment such as `at-risk` or 重要保持.

use std::fmt;

use super::bind::Test;
use super::scope::Column;
use super::value::Bounds;
use crate::insight::Segment;

/// A condition on the three scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Score {
    /// R, F and M in turn; `None` is any.
    Each([Option<u8>; 3]),
    /// One of them (0 R, 1 F, 2 M) compared.
    One(usize, Bounds<i64>),
    /// One of the eight segments.
    Segment(Segment),
}

/// The scores, as the cache's functions give them.
const COLUMNS: [Column; 3] = [
    Column::new("rfm_r", "rfm_r({now}, c.ordered)"),
    Column::new("rfm_f", "rfm_f(c.orders)"),
    Column::new("rfm_m", "rfm_m(c.ltv)"),
];

const LETTERS: [char; 3] = ['r', 'f', 'm'];

impl Score {
    /// Reads a folded text.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(segment) =
            Segment::ALL.into_iter().find(|segment| segment.zh() == text || segment.word() == text)
        {
            return Some(Self::Segment(segment));
        }
        let first = text.chars().next()?;
        if let Some(part) = LETTERS.iter().position(|letter| *letter == first) {
            return Some(Self::One(part, compared(&text[1..])?));
        }
        let marks: Vec<char> = match text.split('-').collect::<Vec<_>>()[..] {
            [all] if all.chars().count() == 3 => all.chars().collect(),
            [r, f, m] if [r, f, m].iter().all(|mark| mark.chars().count() == 1) => {
                [r, f, m].concat().chars().collect()
            }
            _ => return None,
        };
        let mut scores = [None; 3];
        for (score, mark) in scores.iter_mut().zip(marks) {
            *score = match mark {
                '*' => None,
                mark => Some(u8::try_from(digit(mark)?).ok()?),
            };
        }
        Some(Self::Each(scores))
    }

    /// The test; it never holds for somebody who lacks one of the three.
    pub(super) fn test(self) -> Test {
        let all = (Some(1), Some(5));
        let high = |yes: bool| {
            let least = i64::from(Segment::HIGH);
            if yes { (Some(least), Some(5)) } else { (Some(1), Some(least - 1)) }
        };
        let ends = match self {
            Self::Each(scores) => {
                scores.map(|score| score.map_or(all, |score| (Some(score.into()), Some(score.into()))))
            }
            Self::One(part, bounds) => {
                let mut ends = [all; 3];
                ends[part] = bounds.ends();
                ends
            }
            Self::Segment(segment) => [segment.recent, segment.frequent, segment.valuable].map(high),
        };
        Test::All(
            COLUMNS
                .into_iter()
                .zip(ends)
                .map(|(column, (low, high))| Test::Int { column, low, high })
                .collect(),
        )
    }
}

fn digit(mark: char) -> Option<i64> {
    mark.to_digit(10).filter(|digit| (1..=5).contains(digit)).map(i64::from)
}

fn single(text: &str) -> Option<i64> {
    let mut marks = text.chars();
    let digit = digit(marks.next()?);
    digit.filter(|_| marks.next().is_none())
}

fn compared(text: &str) -> Option<Bounds<i64>> {
    if let Some((low, high)) = text.split_once("..") {
        return match (single(low), single(high)) {
            (Some(low), Some(high)) if low <= high => Some(Bounds::Between(low, high)),
            (Some(low), None) if high.is_empty() => Some(Bounds::AtLeast(low)),
            (None, Some(high)) if low.is_empty() => Some(Bounds::AtMost(high)),
            _ => None,
        };
    }
    let signs = [
        (">=", Bounds::AtLeast as fn(i64) -> Bounds<i64>),
        ("<=", Bounds::AtMost),
        ("≥", Bounds::AtLeast),
        ("≤", Bounds::AtMost),
        (">", Bounds::Greater),
        ("<", Bounds::Less),
        ("=", Bounds::Equal),
    ];
    for (sign, bounds) in signs {
        if let Some(rest) = text.strip_prefix(sign) {
            return single(rest).map(bounds);
        }
    }
    single(text).map(Bounds::Equal)
}

impl fmt::Display for Score {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Each(scores) => {
                let [r, f_score, m] =
                    scores.map(|score| score.map_or("*".to_owned(), |score| score.to_string()));
                write!(f, "{r}-{f_score}-{m}")
            }
            Self::One(part, bounds) => write!(f, "{}{bounds}", LETTERS[*part]),
            Self::Segment(segment) => f.write_str(segment.word()),
        }
    }
}
