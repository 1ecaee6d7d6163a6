//! Damage of every kind, and what becomes of it. Every feed we have is read through the command
//! in `tests/stories/feeds.rs`.

use std::path::Path;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::Value;

use super::*;

fn fixtures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn expectations() -> serde_json::Map<String, Value> {
    let text = std::fs::read_to_string(fixtures().join("expected.json")).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    all["fixtures"].as_object().unwrap().clone()
}

fn dates() -> Dates {
    Dates::in_zone(TimeZone::get("Asia/Ho_Chi_Minh").unwrap())
}

fn read(name: &str, expected: &Value) -> Result<Feed, ParseError> {
    let bytes = std::fs::read(fixtures().join(name)).unwrap();
    let base = expected["base"]
        .as_str()
        .unwrap_or("https://baolongan.example/rss");
    parse(&bytes, None, Url::parse(base).ok().as_ref(), &dates())
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

#[test]
fn a_home_page_says_where_its_feed_is() {
    let page = b"<!DOCTYPE html><html><head><link rel=alternate type='application/rss+xml' href='/rss/home.rss'>";
    let base = Url::parse("https://bao.example/").ok();
    let found = parse(page, Some("text/html"), base.as_ref(), &dates()).unwrap_err();
    let address = Url::parse("https://bao.example/rss/home.rss").unwrap();
    assert_eq!(found, ParseError::ElsewhereThan(address));
}

#[test]
fn the_name_beside_an_address_is_the_author_in_a_section_too() {
    let author = |written: &str| {
        let text = format!(
            "<rss version=\"2.0\"><channel><title>T</title><item><title>Tin</title><link>https://bao.example/1</link>\
             <author>{written}</author></item></channel></rss>"
        );
        let feed = parse(text.as_bytes(), None, None, &dates()).unwrap();
        feed.entries[0].author.clone()
    };
    for written in [
        "a@bao.example (Huỳnh Hương)",
        "<![CDATA[Huỳnh Hương a@bao.example]]>",
        "<![CDATA[ a@bao.example (Huỳnh Hương) ]]>",
    ] {
        assert_eq!(author(written).as_deref(), Some("Huỳnh Hương"), "{written}");
    }
}

#[test]
fn the_description_of_a_film_is_its_entrys_lead() {
    let text = "<feed xmlns='http://www.w3.org/2005/Atom' xmlns:media='http://search.yahoo.com/mrss/'><title>T</title>\
        <entry><title>Thời sự</title><link href='https://phim.example/1'/><media:group><media:title>Khác</media:title>\
        <media:description>Họp HĐND xã.</media:description></media:group></entry></feed>";
    let feed = parse(text.as_bytes(), None, None, &dates()).unwrap();
    assert_eq!(feed.entries[0].lead.as_deref(), Some("Họp HĐND xã."));
}
