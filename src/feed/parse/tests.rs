//! Every feed we have, read as its expectation says.

use std::path::Path;

use serde_json::Value;

use super::*;

/// Feeds that cannot be read wholly right from their bytes alone, each with the reason.
const NOT_YET: &[(&str, &str)] = &[(
    "nasty/image-broken-anchor-single-quotes.xml",
    "wants a newsroom's mark gone that three other feeds want kept: `clean` takes it away later",
)];

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

/// Shortly after the newest of the articles came out.
fn time_of_poll() -> (TimeZone, Timestamp) {
    let zone = TimeZone::get("Asia/Ho_Chi_Minh").unwrap();
    (zone, "2023-05-17T03:00:00Z".parse().unwrap())
}

/// What one feed reads otherwise than expected.
fn differences(name: &str, expected: &Value) -> Vec<String> {
    let items = expected["items"].as_array().cloned().unwrap_or_default();
    let mut feed = match (expected["kind"].as_str(), read(name, expected)) {
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
    let (zone, now) = time_of_poll();
    for entry in &mut feed.entries {
        entry.published = entry
            .published
            .map(|at| match name.contains("labelled-gmt") {
                true => date::relabelled(at, now, &zone),
                false => at,
            });
    }
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
    let (mut right, mut all) = (0, 0);
    for (name, expected) in expectations() {
        if !name.ends_with(".xml") {
            continue;
        }
        let differences = differences(&name, &expected);
        all += 1;
        right += usize::from(differences.is_empty());
        let known = NOT_YET.iter().any(|(file, _)| *file == name);
        match (differences.is_empty(), known) {
            (true, true) => report += &format!("{name} is right now: take it off the list\n"),
            (false, false) => report += &format!("{name}: {}\n", differences.join("; ")),
            _ => {}
        }
    }
    println!("feeds read as expected: {right} of {all}");
    assert!(report.is_empty(), "{report}");
}

/// Whether feed-rs alone finds every entry of a feed with its title, link and date.
fn right_without_us(name: &str, expected: &Value) -> bool {
    let bytes = std::fs::read(fixtures().join(name)).unwrap();
    let base = expected["base"]
        .as_str()
        .unwrap_or("https://bao.example/rss");
    let parser = Builder::new().base_uri(Some(base)).build();
    let read = catch_unwind(AssertUnwindSafe(|| parser.parse(bytes.as_slice())));
    let Ok(Ok(feed)) = read else {
        return false;
    };
    let wanted = expected["items"].as_array().unwrap();
    feed.entries.len() == wanted.len()
        && feed.entries.iter().zip(wanted).all(|(entry, wanted)| {
            let title = entry.title.as_ref().map(|title| title.content.as_str());
            let link = entry.links.first().map(|link| link.href.as_str());
            let at = entry
                .published
                .and_then(|at| Timestamp::from_second(at.timestamp()).ok());
            let at = at.map(|at| at.to_string());
            title == wanted["title"].as_str()
                && link == wanted["link"].as_str()
                && at.as_deref() == wanted["published"].as_str()
        })
}

#[test]
fn the_parser_alone_reads_fewer_feeds_than_we_do() {
    let feeds: Vec<(String, Value)> = expectations()
        .into_iter()
        .filter(|(_, expected)| expected["kind"] == "feed")
        .collect();
    let right = feeds
        .iter()
        .filter(|(name, expected)| right_without_us(name, expected))
        .count();
    println!(
        "feeds read as expected by feed-rs alone: {right} of {}",
        feeds.len()
    );
    assert!(right < feeds.len());
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

/// An RSS feed of one entry with this inside.
fn of_one(inside: &str) -> String {
    format!("<rss version='2.0'><channel><title>Tin</title><item>{inside}</item></channel></rss>")
}

fn entries(text: &str) -> Vec<Entry> {
    let base = Url::parse("https://bao.example/rss").ok();
    let feed = parse(text.as_bytes(), None, base.as_ref(), &TimeZone::UTC).unwrap();
    feed.entries
}

#[test]
fn a_picture_of_the_entry_itself_and_a_loose_bracket_are_read() {
    let feed = of_one(
        "<title>Giá < 5 triệu, a<b</title><link>/1.html</link>\
         <image><url>https://bao.example/a.jpg</url></image>",
    );
    let found = entries(&feed);
    assert_eq!(found[0].title, "Giá < 5 triệu, a<b");
    assert_eq!(
        found[0].link.as_ref().unwrap().as_str(),
        "https://bao.example/1.html"
    );
    assert_eq!(found[0].images[0].as_str(), "https://bao.example/a.jpg");
}

#[test]
fn entries_beside_their_channel_are_read() {
    let feed = "<rss version='2.0'><channel><title>Tin</title></channel>\
                <item><title>Một</title><link>https://bao.example/1</link></item></rss>";
    assert_eq!(entries(feed)[0].title, "Một");
}

#[test]
fn what_is_written_for_old_fonts_is_set_aside_with_words() {
    let feed = of_one("<title>C¸nh ®ång lóa ®Ñp, §µi ph¸t thanh</title><link>/1</link>");
    let base = Url::parse("https://bao.example/rss").ok();
    let feed = parse(feed.as_bytes(), None, base.as_ref(), &TimeZone::UTC).unwrap();
    assert!(feed.entries.is_empty());
    assert!(
        feed.set_aside[0].reason.contains("TCVN3"),
        "{:?}",
        feed.set_aside
    );
}

#[test]
fn a_home_page_says_where_its_feed_is() {
    let page = b"<!DOCTYPE html><html><head><link rel=alternate type='application/rss+xml' href='/rss/home.rss'>";
    let base = Url::parse("https://bao.example/").ok();
    let found = parse(page, Some("text/html"), base.as_ref(), &TimeZone::UTC).unwrap_err();
    let address = Url::parse("https://bao.example/rss/home.rss").unwrap();
    assert_eq!(found, ParseError::ElsewhereThan(address));
}

#[test]
fn a_feed_of_many_entries_takes_time_in_proportion_to_its_length() {
    let entry = "<item><title>Tin &nbsp; mới</title><link>https://bao.example/1</link></item>";
    let feed = format!(
        "<rss version='2.0'><channel>{}</channel></rss>",
        entry.repeat(50_000)
    );
    assert_eq!(entries(&feed).len(), ENTRIES_MAX);
}
