//! How close a Page is to its limits, by the headers of an answer. Pure.
//! <https://developers.facebook.com/docs/graph-api/overview/rate-limiting/>.

use serde_json::Value;

/// The headers that tell: of the app, of the Page in its older form, and of business use cases,
/// which since version 3.3 count a Page's calls.
pub(super) const HEADERS: [&str; 3] = ["x-app-usage", "x-page-usage", "x-business-use-case-usage"];
/// Each of these is a percentage of what is allowed.
const PERCENTAGES: [&str; 3] = ["call_count", "total_cputime", "total_time"];
/// Minutes until calls are taken again.
const REGAIN: &str = "estimated_time_to_regain_access";
/// Nobody is believed who asks for a longer rest.
const REGAIN_MINUTES_MAX: i64 = 48 * 60;

/// The worst that the headers of one answer told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Usage {
    /// Of what is allowed; beyond 100 calls are refused.
    pub(super) percent: u64,
    /// Minutes to leave the Page alone; 0 where nothing was said.
    pub(super) regain_minutes: i64,
}

impl Usage {
    /// Reads a header whatever its shape: one object, or lists of them under ids of which ours may
    /// be any.
    pub(super) fn with(self, header: &str) -> Self {
        match serde_json::from_str(header) {
            Ok(document) => self.worse_of(&document),
            Err(_) => self,
        }
    }

    fn worse_of(self, value: &Value) -> Self {
        match value {
            Value::Array(items) => items.iter().fold(self, Self::worse_of),
            Value::Object(members) => members.iter().fold(self, |worst, (name, inner)| match name
                .as_str()
            {
                name if PERCENTAGES.contains(&name) => worst.percent_of(inner),
                REGAIN => Self {
                    regain_minutes: worst
                        .regain_minutes
                        .max(inner.as_i64().unwrap_or(0).min(REGAIN_MINUTES_MAX)),
                    ..worst
                },
                _ => worst.worse_of(inner),
            }),
            _ => self,
        }
    }

    fn percent_of(self, value: &Value) -> Self {
        let percent = value.as_f64().filter(|percent| percent.is_finite());
        let percent = percent.map_or(0.0, |percent| percent.clamp(0.0, 1000.0).ceil());
        Self {
            // Clamped: it fits.
            percent: self.percent.max(percent as u64),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usage(headers: &[&str]) -> (u64, i64) {
        let worst = headers
            .iter()
            .fold(Usage::default(), |worst, header| worst.with(header));
        (worst.percent, worst.regain_minutes)
    }

    #[test]
    fn the_worst_member_of_any_header_counts() {
        let app = r#"{"call_count":28,"total_time":25,"total_cputime":77}"#;
        let page = r#"{"call_count":3,"total_time":91.5,"total_cputime":0}"#;
        assert_eq!(usage(&[app]), (77, 0));
        assert_eq!(usage(&[app, page]), (92, 0));
    }

    #[test]
    fn of_business_use_cases_every_key_counts_and_the_longest_wait() {
        let header = r#"{"112233":[{"type":"pages","call_count":10,"total_cputime":1,"total_time":2,
            "estimated_time_to_regain_access":0}],"998877":[{"type":"pages","call_count":100,
            "total_cputime":1,"total_time":2,"estimated_time_to_regain_access":42}]}"#;
        assert_eq!(usage(&[header]), (100, 42));
    }

    #[test]
    fn a_header_that_makes_no_sense_says_nothing() {
        for header in [
            "",
            "null",
            "[]",
            "{",
            "{\"call_count\":\"many\"}",
            "{\"a\":[1,2]}",
        ] {
            assert_eq!(usage(&[header]), (0, 0), "{header}");
        }
    }
}
