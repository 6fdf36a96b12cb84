//! A moment with the offset that its sender wrote.

use std::fmt;

use jiff::{Timestamp, Zoned, tz::Offset, tz::TimeZone};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A moment in time, to the millisecond, with the UTC offset it was written with.
///
/// As text it is RFC 3339 with an offset (`2026-03-17T10:42:00+08:00`); milliseconds are
/// written only where they are not zero. Comparison is by the moment, not by the offset.
#[derive(Clone, Copy, Debug)]
pub struct Time {
    /// Milliseconds since 1970-01-01T00:00:00Z; negative before it.
    pub millis: i64,
    /// Offset from UTC in minutes, east positive, within ±26 hours.
    pub offset_minutes: i16,
}

/// Why a text is not a time.
#[derive(Debug, thiserror::Error)]
#[error("{text:?} is no RFC 3339 time with an offset (like 2026-03-17T10:42:00+08:00)")]
pub struct TimeError {
    /// The text that was read.
    pub text: String,
}

impl Time {
    /// A moment from milliseconds since the epoch, written in UTC.
    pub fn from_millis(millis: i64) -> Self {
        Self { millis, offset_minutes: 0 }
    }

    /// The moment of `zoned`, with its offset.
    pub fn from_zoned(zoned: &Zoned) -> Self {
        let minutes = zoned.offset().seconds() / 60;
        Self {
            millis: zoned.timestamp().as_millisecond(),
            offset_minutes: i16::try_from(minutes).unwrap_or(0),
        }
    }

    /// The same moment, written with the offset that `zone` has then.
    pub fn in_zone(self, zone: &TimeZone) -> Self {
        Self::from_zoned(&self.zoned(zone))
    }

    /// The same moment as a date and clock in `zone`.
    pub fn zoned(self, zone: &TimeZone) -> Zoned {
        self.timestamp().to_zoned(zone.clone())
    }

    /// The moment alone, clamped to the years that `jiff` knows (-9999 to 9999).
    pub fn timestamp(self) -> Timestamp {
        Timestamp::from_millisecond(self.millis).unwrap_or(if self.millis < 0 {
            Timestamp::MIN
        } else {
            Timestamp::MAX
        })
    }

    /// Reads RFC 3339 with an offset or `Z`.
    ///
    /// # Errors
    /// [`TimeError`] where the text is anything else: a time without an offset is refused, since
    /// no one can say which moment it means.
    pub fn parse(text: &str) -> Result<Self, TimeError> {
        let wrong = || TimeError { text: text.to_owned() };
        let pieces = jiff::fmt::temporal::Pieces::parse(text).map_err(|_| wrong())?;
        let clock = pieces.time().ok_or_else(wrong)?;
        let offset = match pieces.to_numeric_offset() {
            Some(offset) => offset,
            None => return Err(wrong()),
        };
        let moment = offset.to_timestamp(pieces.date().to_datetime(clock)).map_err(|_| wrong())?;
        Ok(Self {
            millis: moment.as_millisecond(),
            offset_minutes: i16::try_from(offset.seconds() / 60).map_err(|_| wrong())?,
        })
    }
}

impl PartialEq for Time {
    fn eq(&self, other: &Self) -> bool {
        self.millis == other.millis
    }
}

impl Eq for Time {}

impl PartialOrd for Time {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Time {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.millis.cmp(&other.millis)
    }
}

impl std::hash::Hash for Time {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.millis.hash(state);
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let offset = Offset::from_seconds(i32::from(self.offset_minutes) * 60).unwrap_or(Offset::UTC);
        let clock = offset.to_datetime(self.timestamp());
        write!(
            f,
            "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
            clock.year(),
            clock.month(),
            clock.day(),
            clock.hour(),
            clock.minute(),
            clock.second()
        )?;
        if clock.millisecond() != 0 {
            write!(f, ".{:03}", clock.millisecond())?;
        }
        let minutes = self.offset_minutes.unsigned_abs();
        let sign = if self.offset_minutes < 0 { '-' } else { '+' };
        write!(f, "{sign}{:02}:{:02}", minutes / 60, minutes % 60)
    }
}

impl Serialize for Time {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Time {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        Self::parse(&text).map_err(de::Error::custom)
    }
}

impl JsonSchema for Time {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Time".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "type": "string",
            "format": "date-time",
            "description": "RFC 3339 with an offset, to the millisecond"
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_offset_and_compares_by_the_moment() {
        let shanghai = Time::parse("2026-03-17T10:42:00+08:00").unwrap();
        let utc = Time::parse("2026-03-17T02:42:00Z").unwrap();
        assert_eq!(shanghai, utc);
        assert_eq!(shanghai.to_string(), "2026-03-17T10:42:00+08:00");
        assert_eq!(utc.to_string(), "2026-03-17T02:42:00+00:00");
    }

    #[test]
    fn milliseconds_and_west_of_greenwich_come_back() {
        let text = "2026-03-17T10:42:00.250-03:30";
        assert_eq!(Time::parse(text).unwrap().to_string(), text);
    }

    #[test]
    fn a_time_without_an_offset_is_refused() {
        for text in ["2026-03-17T10:42:00", "2026-03-17", "", "tomorrow", "2026-13-40T00:00:00Z"] {
            assert!(Time::parse(text).is_err(), "{text}");
        }
    }
}
