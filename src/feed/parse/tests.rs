//! Every feed we have, read as its expectation says.

use std::path::Path;

use serde_json::Value;

use super::*;

/// Feeds that are not read wholly right yet, each with the reason.
const NOT_YET: &[(&str, &str)] = &[
    (
        "nasty/date-ambiguous-day-month.xml",
        "a day that may be a month is taken for a day",
    ),
    (
        "nasty/date-local-time-labelled-gmt.xml",
        "needs the time of the poll",
    ),
    (
        "nasty/date-lowercase-tag.xml",
        "a misspelt element is not looked for",
    ),
    (
        "nasty/encoding-invalid-utf8-byte.xml",
        "a bad byte becomes a replacement character",
    ),
    (
        "nasty/encoding-vni-labelled-utf8.xml",
        "VNI letters are not recognised",
    ),
    (
        "nasty/entities-double-escaped.xml",
        "text escaped twice is unescaped once",
    ),
    (
        "nasty/entities-undeclared.xml",
        "stray signs at the end are kept",
    ),
    (
        "nasty/image-broken-anchor-single-quotes.xml",
        "newsroom marks are stripped later, by `clean`",
    ),
    (
        "nasty/structure-cdata-end-inside.xml",
        "literal text that ends early is cut there",
    ),
    (
        "nasty/structure-rss-with-default-namespace.xml",
        "elements of a foreign name space are not read",
    ),
    (
        "nasty/text-mojibake.xml",
        "text decoded wrongly by the site is not recognised",
    ),
    (
        "nasty/title-with-html-and-suffix.xml",
        "the paper's name behind a headline is kept",
    ),
];

fn fixtures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn expectations() -> serde_json::Map<String, Value> {
    let text = std::fs::read_to_string(fixtures().join("expected.json")).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    all["fixtures"].as_object().unwrap().clone()
}

fn read(name: &str, expected: &Value) -> Result<Feed, ParseError> {
    let bytes = std::fs::read(fixtures().join(name)).unwrap();
    let base = expected["base"]
        .as_str()
        .unwrap_or("https://baolongan.example/rss");
    let zone = TimeZone::get("Asia/Ho_Chi_Minh").unwrap();
    parse(&bytes, None, Url::parse(base).ok().as_ref(), &zone)
}

/// What one feed reads otherwise than expected.
fn differences(name: &str, expected: &Value) -> Vec<String> {
    let items = expected["items"].as_array().cloned().unwrap_or_default();
    let feed = match (expected["kind"].as_str(), read(name, expected)) {
        (Some("feed"), Ok(feed)) => feed,
        (Some("feed"), Err(_)) if items.is_empty() => return Vec::new(),
        (Some("feed"), Err(error)) => return vec![error.to_string()],
        // Refused or taken literally, an entity bomb does no harm.
        (Some("reject-or-literal"), Ok(feed)) if format!("{feed:?}").len() < 10_000 => {
            return Vec::new();
        }
        (_, Ok(_)) => return vec!["was read".to_owned()],
        (_, Err(_)) => return Vec::new(),
    };
    let wanted: Vec<&Value> = items.iter().filter(|item| item["skip"].is_null()).collect();
    let mut found = Vec::new();
    if wanted.len() != feed.entries.len() {
        found.push(format!(
            "{} entries, not {}",
            feed.entries.len(),
            wanted.len()
        ));
    }
    for (entry, wanted) in feed.entries.iter().zip(wanted) {
        let actual = serde_json::to_value(entry).unwrap();
        for field in ["title", "link", "guid", "published", "lead"] {
            if wanted
                .get(field)
                .is_some_and(|value| *value != actual[field])
            {
                found.push(format!("{field} {} not {}", actual[field], wanted[field]));
            }
        }
        if wanted
            .get("image")
            .is_some_and(|image| *image != actual["images"][0])
        {
            found.push(format!(
                "image {} not {}",
                actual["images"][0], wanted["image"]
            ));
        }
    }
    found
}

#[test]
fn every_feed_is_read_as_expected() {
    let mut report = String::new();
    for (name, expected) in expectations() {
        if !name.ends_with(".xml") {
            continue;
        }
        let differences = differences(&name, &expected);
        let known = NOT_YET.iter().any(|(file, _)| *file == name);
        match (differences.is_empty(), known) {
            (true, true) => report += &format!("{name} is right now: take it off the list\n"),
            (false, false) => report += &format!("{name}: {}\n", differences.join("; ")),
            _ => {}
        }
    }
    assert!(report.is_empty(), "{report}");
}

#[test]
fn a_cookie_challenge_and_a_web_page_are_named_for_what_they_are() {
    let like = |name: &str| match read(name, &Value::Null) {
        Err(ParseError::NotAFeed(like)) => like,
        other => panic!("{other:?}"),
    };
    assert!(like("pages/challenge-d1n-cookie.html").contains("cookie"));
    assert_eq!(like("pages/error-page-http-200.html"), "a web page");
}
