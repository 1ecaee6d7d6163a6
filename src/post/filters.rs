//! What templates can do with texts and dates: filters and a test, by the names of the contract.

use std::sync::Arc;

use jiff::ZonedDateTime;
use jiff::tz::TimeZone;
use minijinja::value::{Kwargs, Rest, ValueOrKwargs, from_args};
use minijinja::{Environment, Error, ErrorKind, Value};

use crate::article::places::Places;
use crate::article::text::{self, Limit};
use crate::feed::date;

/// An excerpt without a limit is this long, in characters.
const EXCERPT_CHARS: usize = 300;
/// A date without a format looks like this.
const DATE_FORMAT: &str = "%d/%m/%Y";
/// The format that gives RFC 3339 in UTC.
const ISO_UTC: &str = "iso-utc";
/// Weekdays as they are written, from Monday on.
const WEEKDAYS: [&str; 7] = [
    "thứ hai",
    "thứ ba",
    "thứ tư",
    "thứ năm",
    "thứ sáu",
    "thứ bảy",
    "chủ nhật",
];

/// The same in short, as calendars have them.
const WEEKDAYS_SHORT: [&str; 7] = ["T2", "T3", "T4", "T5", "T6", "T7", "CN"];

/// Adds everything to an environment. `zone` is the site's own.
pub(super) fn add_to(environment: &mut Environment<'_>, zone: TimeZone) {
    environment.add_filter("excerpt", excerpt);
    environment.add_filter("sentences", |value: Value| text::sentences(&words(&value)));
    environment.add_filter("clean", |value: Value| text::clean(&words(&value)));
    environment.add_filter("slug", |value: Value| text::slug(&words(&value)));
    environment.add_filter("strip_marks", |value: Value| {
        text::strip_marks(&words(&value))
    });
    environment.add_filter("nfc", |value: Value| text::nfc(&words(&value)));
    environment.add_filter("hashtag", hashtag);
    environment.add_filter(
        "vn_date",
        move |value: Value, arguments: Rest<ValueOrKwargs>| {
            vn_date(&value, &arguments.into_values(), &zone)
        },
    );
    environment.add_test("same_as_text", |one: Value, other: Value| {
        text::same_as_text(&words(&one), &words(&other))
    });
}

/// Adds the filters that know places.
pub(super) fn add_places_to(environment: &mut Environment<'_>, places: Places) {
    let places = Arc::new(places);
    let known = Arc::clone(&places);
    environment.add_filter("place", move |value: Value| {
        known.today(&words(&value)).to_owned()
    });
    environment.add_filter("places", move |value: Value| {
        places.named_in(&words(&value))
    });
}

/// A value as text; what is absent is empty.
fn words(value: &Value) -> String {
    if value.is_none() || value.is_undefined() {
        return String::new();
    }
    value.to_string()
}

/// An argument by its place or by its name.
fn argument(
    arguments: &[Value],
    kwargs: &Kwargs,
    place: usize,
    name: &str,
) -> Result<Option<Value>, Error> {
    let by_name: Option<Value> = kwargs.get(name)?;
    Ok(arguments.get(place).cloned().or(by_name))
}

fn excerpt(value: Value, arguments: Rest<ValueOrKwargs>) -> Result<String, Error> {
    let arguments = arguments.into_values();
    let (arguments, kwargs): (&[Value], Kwargs) = from_args(&arguments)?;
    let limit = argument(arguments, &kwargs, 0, "limit")?;
    let unit = argument(arguments, &kwargs, 1, "unit")?;
    kwargs.assert_all_used()?;
    let limit = match limit {
        Some(limit) => usize::try_from(limit)?,
        None => EXCERPT_CHARS,
    };
    let limit = match unit.as_ref().and_then(Value::as_str).unwrap_or("chars") {
        "chars" => Limit::Chars(limit),
        "words" => Limit::Words(limit),
        "sentences" => Limit::Sentences(limit),
        other => {
            let text = format!("unit is \"{other}\"; write \"chars\", \"words\" or \"sentences\"");
            return Err(Error::new(ErrorKind::InvalidOperation, text));
        }
    };
    Ok(text::excerpt(&words(&value), limit))
}

fn hashtag(value: Value, kwargs: Kwargs) -> Result<String, Error> {
    let marks: Option<bool> = kwargs.get("marks")?;
    kwargs.assert_all_used()?;
    Ok(text::hashtag(&words(&value), marks.unwrap_or(true)).unwrap_or_default())
}

fn vn_date(value: &Value, arguments: &[Value], zone: &TimeZone) -> Result<String, Error> {
    let (arguments, kwargs): (&[Value], Kwargs) = from_args(arguments)?;
    let format = argument(arguments, &kwargs, 0, "format")?;
    kwargs.assert_all_used()?;
    let format = format
        .as_ref()
        .and_then(Value::as_str)
        .unwrap_or(DATE_FORMAT);
    let Some(moment) = date::read(&words(value), zone) else {
        return Ok(String::new());
    };
    if format == ISO_UTC {
        return Ok(moment.to_string());
    }
    let local = moment.to_zoned_datetime(zone.clone());
    let format = in_vietnamese(format, &local);
    jiff::fmt::strtime::format(&format, &local).map_err(|error| {
        let text = format!("the date format \"{format}\" makes no sense: {error}");
        Error::new(ErrorKind::InvalidOperation, text)
    })
}

/// A date format with the names that it asks for in Vietnamese. `%%` is a per cent sign.
fn in_vietnamese(format: &str, date: &ZonedDateTime) -> String {
    let monday = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or_default();
    let name = |names: [&str; 7]| names.get(monday).copied().unwrap_or_default().to_owned();
    let mut written = String::new();
    let mut letters = format.chars();
    while let Some(letter) = letters.next() {
        let asked = if letter == '%' { letters.next() } else { None };
        match asked {
            Some('A') => written.push_str(&name(WEEKDAYS)),
            Some('a') => written.push_str(&name(WEEKDAYS_SHORT)),
            Some('B') => written.push_str(&format!("tháng {}", date.month())),
            Some('b' | 'h') => written.push_str(&format!("thg {}", date.month())),
            Some('p') => written.push_str(if date.hour() < 12 { "SA" } else { "CH" }),
            _ => written.extend([letter].into_iter().chain(asked)),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_names_in_a_date_are_vietnamese() {
        let zone = TimeZone::get("Asia/Ho_Chi_Minh").unwrap();
        for (format, want) in [
            ("%A, ngày %d %B", "thứ tư, ngày 17 tháng 5"),
            ("%a %d %b, %-I:%M %p", "T4 17 thg 5, 3:05 CH"),
            ("%%A 100%%", "%A 100%"),
            ("%-d/%-m", "17/5"),
        ] {
            let text = Value::from("2023-05-17T15:05:00+07:00");
            let format = Value::from(format);
            assert_eq!(vn_date(&text, &[format], &zone).unwrap(), want);
        }
    }
}
