//! Single values: from the text that stands in the file to what it means.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::Time;
use jiff::fmt::strtime;
use jiff::tz::TimeZone;
use url::Url;

use super::{Reader, beside};
use crate::config::secrets::{SecretEntry, SecretRef};
use crate::config::{QuietHours, SecretPlace, duration};

/// The longest length of time that anything here may have.
const LENGTH_MAX: Duration = Duration::from_secs(100 * 366 * 86_400);

impl Reader<'_> {
    pub(super) fn zone(&mut self, name: &str) -> TimeZone {
        TimeZone::get(name).unwrap_or_else(|_| {
            self.add("timezone", "config.not-a-zone", &[("value", name)]);
            TimeZone::UTC
        })
    }

    pub(super) fn name(&mut self, key: &str, name: &str) {
        let fits = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_');
        if name.is_empty() || !name.chars().all(fits) {
            self.add(key, "config.not-a-name", &[("value", name)]);
        }
    }

    /// No two tables of a list have the same value under one key.
    pub(super) fn no_repeats(
        &mut self,
        list: &str,
        key: &str,
        values: &[String],
        text: &'static str,
    ) {
        let key = |place: usize| format!("{list}[{place}].{key}");
        let mut seen = BTreeMap::new();
        for (place, value) in values.iter().enumerate() {
            if let Some(first) = seen.insert(value, place) {
                let other = key(first);
                self.add(&key(place), text, &[("value", value), ("other", &other)]);
            }
        }
    }

    /// A format that reads what it writes.
    pub(super) fn date_format(&mut self, key: &str, format: String) -> Option<String> {
        if format.is_empty() {
            return None;
        }
        if !reads_dates(&format) {
            self.add(key, "config.not-a-date-format", &[("value", &format)]);
        }
        Some(format)
    }

    pub(super) fn url(&mut self, key: &str, text: &str) -> Option<Url> {
        let url = Url::parse(text).ok().filter(|url| {
            let plain = url.username().is_empty() && url.password().is_none();
            matches!(url.scheme(), "http" | "https") && plain
        });
        if url.is_none() {
            // A password in it is not said again.
            let shown = text.rsplit('@').next().unwrap_or(text);
            self.add(key, "config.not-a-url", &[("value", shown)]);
        }
        url
    }

    pub(super) fn length(&mut self, key: &str, text: &str) -> Duration {
        match duration(text).filter(|length| *length <= LENGTH_MAX) {
            Some(length) => length,
            None => {
                self.add(key, "config.not-a-length", &[("value", text)]);
                LENGTH_MAX
            }
        }
    }

    /// A length that must not be nothing: every call would fail.
    pub(super) fn timeout(&mut self, key: &str, text: &str) -> Duration {
        let length = self.length(key, text);
        if length < Duration::from_secs(1) {
            self.add(key, "config.too-short", &[("least", "1s")]);
        }
        length
    }

    pub(super) fn hours(&mut self, key: &str, text: &str) -> Option<QuietHours> {
        if text.is_empty() {
            return None;
        }
        let hours = text.split_once('-').and_then(|(from, until)| {
            Some(QuietHours {
                from: from.trim().parse::<Time>().ok()?,
                until: until.trim().parse::<Time>().ok()?,
            })
        });
        let hours = hours.filter(|hours| hours.from != hours.until);
        if hours.is_none() {
            self.add(key, "config.not-hours", &[("value", text)]);
        }
        hours
    }

    pub(super) fn secret(&mut self, key: &str, entry: Option<SecretEntry>) -> Option<SecretRef> {
        let secret = match entry? {
            SecretEntry {
                env: Some(name),
                file: None,
            } => SecretRef::Env(name),
            SecretEntry {
                env: None,
                file: Some(file),
            } => SecretRef::File(beside(self.path, &file)),
            _ => {
                self.add(key, "config.secret-which", &[]);
                return None;
            }
        };
        let place = SecretPlace {
            key: key.to_owned(),
            at: self.place(key),
            text: Arc::clone(&self.text),
        };
        self.secrets.push((place, secret.clone()));
        Some(secret)
    }
}

/// Whether a date that is written in the format can be read back.
fn reads_dates(format: &str) -> bool {
    let written = strtime::format(
        format,
        &Timestamp::UNIX_EPOCH.to_zoned_datetime(TimeZone::UTC),
    );
    let read = written.and_then(|text| strtime::parse(format, text));
    read.is_ok_and(|read| read.to_date().is_ok() || read.to_timestamp().is_ok())
}
