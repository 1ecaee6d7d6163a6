//! Times of day, as Vietnamese and American clocks are written out.

use jiff::civil::Time;

/// Which half of the day, or which part of it, a time with twelve hours belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Half {
    /// `AM`, `SA`, `sáng`.
    Morning,
    /// `trưa`: around twelve.
    Noon,
    /// `PM`, `CH`, `chiều`, `tối`.
    Afternoon,
    /// `đêm`: before twelve and after it.
    Night,
}

impl Half {
    /// In small letters. `None`: the word names none.
    pub(super) fn of(word: &str) -> Option<Self> {
        Some(match word {
            "am" | "sa" | "sáng" => Self::Morning,
            "trưa" => Self::Noon,
            "pm" | "ch" | "chiều" | "tối" => Self::Afternoon,
            "đêm" => Self::Night,
            _ => return None,
        })
    }

    /// The hour of 24. `None`: the two contradict, or `12 giờ đêm`, which is whose day's?
    fn of_24(self, hour: i8) -> Option<i8> {
        match (self, hour) {
            (Self::Morning, 12) => Some(0),
            (Self::Noon, 1..=2) => Some(hour + 12),
            (Self::Noon, 10..=14) => Some(hour),
            (Self::Afternoon, 0..=11) => Some(hour + 12),
            (Self::Night, 6..=11) => Some(hour + 12),
            (Self::Noon, _) | (Self::Night, 12..=17) => None,
            _ => Some(hour),
        }
    }
}

/// Hour, minute and second as they are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Clock(pub(super) i8, pub(super) i8, pub(super) i8);

impl Clock {
    /// Cuts a word behind its time of day: `9:47` and `am`, `09:47:00` and `gmt+7`, `9h47'` and nothing.
    pub(super) fn split(word: &str) -> (&str, &str) {
        let mut marked = false;
        let end = word.find(|letter: char| {
            let hours = !marked && matches!(letter, 'h' | 'g');
            marked |= hours || letter == ':';
            !(hours || letter.is_ascii_digit() || ":.'’′".contains(letter))
        });
        let (clock, behind) = word.split_at(end.unwrap_or(word.len()));
        let minutes = ["p", "ph", "phút"].contains(&behind);
        (clock, if minutes { "" } else { behind })
    }

    /// `9:47`, `09:47:00`, `09h47`, `9h47'`, in the south `9g47`; `9h`.
    pub(super) fn read(word: &str) -> Option<Self> {
        let word = word.trim_end_matches(['\'', '’', '′']);
        let colons = word.replace(['h', 'g'], ":");
        let whole = colons.strip_suffix(':').filter(|_| !word.ends_with(':'));
        let mut parts = whole.unwrap_or(&colons).split(':');
        let hour = parts.next()?.parse().ok()?;
        let minute = match parts.next() {
            Some(minute) => minute.parse().ok()?,
            None => whole.map(|_| 0)?,
        };
        let second = parts.next().unwrap_or("0");
        let second = second.split('.').next().unwrap_or(second);
        Some(Self(hour, minute, second.parse().ok()?))
    }

    /// `9 giờ 47 phút`, `9 giờ`: the time, and the words behind it.
    pub(super) fn read_words(words: &[String]) -> Option<(Self, &[String])> {
        let (hour, rest) = words.split_first()?;
        let hour = hour.parse().ok()?;
        let (unit, rest) = rest.split_first()?;
        if unit != "giờ" {
            return None;
        }
        let whole = (Self(hour, 0, 0), rest);
        let Some((minute, behind)) = rest.split_first() else {
            return Some(whole);
        };
        let next = behind.first().map(String::as_str);
        Some(match (minute.parse(), next) {
            (Ok(minute), Some("phút")) => {
                (Self(hour, minute, 0), behind.get(1..).unwrap_or_default())
            }
            (Ok(minute), next) if next != Some("tháng") => (Self(hour, minute, 0), behind),
            _ => whole,
        })
    }

    /// The time of day, if there is one.
    pub(super) fn time(self, half: Option<Half>) -> Option<Time> {
        let Self(hour, minute, second) = self;
        let hour = half.map_or(Some(hour), |half| half.of_24(hour))?;
        Time::new(hour, minute, second, 0).ok()
    }
}
