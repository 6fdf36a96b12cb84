//! Times as backends write them, and as the data model wants them.

use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::{Offset, TimeZone};
use jiff::{Timestamp, Zoned};
use serde_json::Value;

use crate::model::Time;

/// A moment from seconds or milliseconds since the epoch, as number or digits; `None` for what
/// stands for no time at all: null, an empty text, 0.
pub(super) fn epoch(value: &Value, per_second: i64) -> Result<Option<Time>, String> {
    let wrong = || {
        format!(
            "{} is no number of {} since 1970",
            shown(value),
            if per_second == 1 { "seconds" } else { "milliseconds" }
        )
    };
    let number = match value {
        Value::Null => return Ok(None),
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => text.trim().parse::<f64>().map_err(|_| wrong())?,
        Value::Number(number) => number.as_f64().ok_or_else(wrong)?,
        _ => return Err(wrong()),
    };
    let millis = number * (1000.0 / per_second as f64);
    if number == 0.0 {
        return Ok(None);
    }
    if !millis.is_finite() || millis.abs() > 2.5e14 {
        return Err(wrong());
    }
    #[allow(clippy::cast_possible_truncation, reason = "within the years that a clock knows")]
    Ok(Some(Time::from_millis(millis.round() as i64)))
}

/// A moment from a text without an offset, as `strptime` reads it, meant in `zone`. Where the format
/// has an offset (`%z`), that one holds. A date alone is its midnight.
pub(super) fn read(value: &Value, format: &str, zone: &str) -> Result<Option<Time>, String> {
    let text = match value {
        Value::Null => return Ok(None),
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => text.trim(),
        other => return Err(format!("{} is no text with a time", shown(other))),
    };
    let wrong = || format!("{text:?} is no time like {format}");
    let parsed = strtime::parse(format, text).map_err(|_| wrong())?;
    if let Ok(moment) = parsed.to_timestamp() {
        let offset = parsed.offset().map_or(0, |offset| offset.seconds() / 60);
        return Ok(Some(Time {
            millis: moment.as_millisecond(),
            offset_minutes: i16::try_from(offset).unwrap_or(0),
        }));
    }
    let civil: DateTime = parsed
        .to_datetime()
        .or_else(|_| parsed.to_date().map(|date: Date| date.at(0, 0, 0, 0)))
        .map_err(|_| wrong())?;
    let zoned = civil.to_zoned(self::zone(zone)?).map_err(|_| wrong())?;
    Ok(Some(Time::from_zoned(&zoned)))
}

/// The moment of a text of the data model, RFC 3339.
pub(super) fn moment(value: &Value) -> Result<Option<Time>, String> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if text.is_empty() => Ok(None),
        Value::String(text) => Time::parse(text).map(Some).map_err(|error| error.to_string()),
        other => Err(format!("{} is no text with a time", shown(other))),
    }
}

/// A moment from an object of `year`, `month`, `day` and, where it has one, a clock, meant in `zone`.
pub(super) fn from_parts(value: &Value, zone: &str) -> Result<Option<Time>, String> {
    if value.is_null() {
        return Ok(None);
    }
    let wrong = || format!("{} is no object with year, month and day", shown(value));
    let part = |name: &str, usual: Option<i64>| match value.get(name) {
        None | Some(Value::Null) => usual.ok_or_else(wrong),
        Some(part) => part.as_i64().ok_or_else(wrong),
    };
    let small = |part: i64| i8::try_from(part).map_err(|_| wrong());
    let year = i16::try_from(part("year", None)?).map_err(|_| wrong())?;
    let (month, day) = (small(part("month", None)?)?, small(part("day", None)?)?);
    let clock = [part("hour", Some(0))?, part("minute", Some(0))?, part("second", Some(0))?];
    let [hour, minute, second] = clock.map(small);
    let nanos = i32::try_from(part("microsecond", Some(0))? * 1000).map_err(|_| wrong())?;
    let civil = DateTime::new(year, month, day, hour?, minute?, second?, nanos).map_err(|_| wrong())?;
    Ok(Some(Time::from_zoned(&civil.to_zoned(self::zone(zone)?).map_err(|_| wrong())?)))
}

/// The parts of a moment of the data model, in `zone`.
pub(super) fn to_parts(moment: Time, zone: &str) -> Result<Value, String> {
    let zoned = moment.zoned(&self::zone(zone)?);
    Ok(serde_json::json!({
        "year": zoned.year(), "month": zoned.month(), "day": zoned.day(),
        "hour": zoned.hour(), "minute": zoned.minute(), "second": zoned.second(),
    }))
}

/// A moment of the data model by `strftime`, in `zone`.
pub(super) fn write(moment: Time, format: &str, zone: &str) -> Result<String, String> {
    let zoned: Zoned = moment.zoned(&self::zone(zone)?);
    strtime::format(format, &zoned).map_err(|error| format!("the format {format:?}: {error}"))
}

/// A zone by its offset such as `+08:00`, or by its name.
pub(super) fn zone(name: &str) -> Result<TimeZone, String> {
    let wrong = || format!("{name:?} is no zone: an offset like +08:00, or a name like Asia/Shanghai");
    if name == "Z" || name.eq_ignore_ascii_case("utc") {
        return Ok(TimeZone::UTC);
    }
    if name.starts_with(['+', '-']) {
        let moment: Time = Time::parse(&format!("2000-01-01T00:00:00{name}")).map_err(|_| wrong())?;
        let offset = Offset::from_seconds(i32::from(moment.offset_minutes) * 60).map_err(|_| wrong())?;
        return Ok(TimeZone::fixed(offset));
    }
    TimeZone::get(name).map_err(|_| wrong())
}

/// Now, as the data model writes it.
pub(super) fn now() -> Time {
    Time::from_millis(Timestamp::now().as_millisecond())
}

/// A value in a message: short.
pub(super) fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() > 60 { format!("{}…", text.chars().take(60).collect::<String>()) } else { text }
}
