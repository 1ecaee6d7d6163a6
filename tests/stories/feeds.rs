//! Every feed we have, read by the program itself as its expectation says; and what becomes of
//! those that are none.

use std::path::{Path, PathBuf};

use loa::desk::Request;
use serde_json::{Map, Value};

use crate::commands::piped;
use crate::house::{House, Wishes, at};

/// When the feeds were fetched: shortly after the newest of their articles came out.
const FETCHED: &str = "2023-05-17T03:00:00Z";
/// Where a feed came from whose expectation names no place.
const BASE: &str = "https://baolongan.example/rss";
/// Fields of an entry that are compared as they are.
const FIELDS: [&str; 8] = [
    "title",
    "link",
    "guid",
    "published",
    "lead",
    "author",
    "categories",
    "images",
];

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")
}

fn expectations() -> Map<String, Value> {
    expectations_in("expected.json")
}

fn expectations_in(file: &str) -> Map<String, Value> {
    let text = std::fs::read_to_string(fixtures().join(file)).unwrap();
    let all: Value = serde_json::from_str(&text).unwrap();
    at(&all, "/fixtures").as_object().unwrap().clone()
}

/// Those of the feeds that we wrote ourselves, siblings of the others.
fn expectations_of_siblings() -> Map<String, Value> {
    expectations_in("corpus/expected.json")
}

/// What `loa feed` says of a file: the exit code and the document.
fn read(house: &House, name: &str, expected: &Value) -> (i32, Value) {
    let file = fixtures().join(name);
    let base = expected["base"].as_str().unwrap_or(BASE);
    let told = house.run(&[
        "feed",
        file.to_str().unwrap(),
        "--base",
        base,
        "--fetched",
        FETCHED,
        "--json",
    ]);
    (told.code, told.document())
}

/// What a feed is read otherwise than expected.
fn differences(document: &Value, expected: &Value) -> Vec<String> {
    let entries = at(document, "/entries").as_array().unwrap();
    let aside = at(document, "/set_aside").as_array().unwrap();
    let wanted = expected["items"].as_array().unwrap();
    let ghosts = wanted.iter().filter(|item| item["skip"] == true).count();
    let mut found = Vec::new();
    let mut counted = |what: &str, wanted: Option<u64>, actual: usize| {
        if wanted.is_some_and(|wanted| wanted != actual as u64) {
            found.push(format!("{what} {actual} not {wanted:?}"));
        }
    };
    let usable = expected["usable"].as_u64();
    counted("usable", usable, entries.len());
    if expected.get("count").is_some() {
        let most = Some((wanted.len() - ghosts) as u64);
        counted("entries", most, entries.len());
        counted(
            "count",
            expected["count"].as_u64(),
            entries.len() + aside.len(),
        );
    }
    if expected["count_min"].as_u64().unwrap_or_default() > entries.len() as u64 {
        found.push(format!("only {} entries", entries.len()));
    }
    let wanted = wanted.iter().filter(|item| item["skip"] != true);
    for (entry, wanted) in entries.iter().zip(wanted) {
        for field in FIELDS {
            if wanted
                .get(field)
                .is_some_and(|value| *value != entry[field])
            {
                found.push(format!("{field} {} not {}", entry[field], wanted[field]));
            }
        }
        if wanted
            .get("image")
            .is_some_and(|image| *image != entry["images"][0])
        {
            found.push(format!(
                "image {} not {}",
                entry["images"][0], wanted["image"]
            ));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn every_feed_is_read_as_expected() {
    let house = House::new().await;
    let mut wrong = Vec::new();
    for (name, expected) in expectations().into_iter().chain(expectations_of_siblings()) {
        let (code, document) = match expected["kind"].as_str() {
            Some("feed") => read(&house, &name, &expected),
            _ => continue,
        };
        let differences = differences(&document, &expected);
        if code != 0 || !differences.is_empty() {
            wrong.push(format!("{name}: {code} {}", differences.join("; ")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_feed_is_refused_for_what_it_is() {
    let house = House::new().await;
    let said = |name: &str| {
        let (code, document) = read(&house, name, &Value::Null);
        assert_eq!(code, 65, "{name}");
        at(&document, "/error").as_str().unwrap().to_owned()
    };
    for (name, expected) in expectations().into_iter().chain(expectations_of_siblings()) {
        if expected["kind"] == "not-a-feed" {
            assert!(said(&name).contains("no feed"), "{name}");
        }
    }
    assert!(said("pages/challenge-d1n-cookie.html").contains("cookie"));
    assert!(said("pages/error-page-http-200.html").contains("a web page"));
    assert!(said("pages/page-moved-notice.html").contains("out of service"));
    assert!(said("nasty/structure-empty-body.xml").contains("an empty answer"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_entity_bomb_is_taken_literally_and_no_file_is_read_for_it() {
    let house = House::new().await;
    let secret = house.dir.path().join("secret");
    std::fs::write(&secret, "never to be read").unwrap();
    let feed = fixtures().join("nasty/security-entity-expansion.xml");
    let feed = std::fs::read_to_string(feed).unwrap();
    let armed = feed.replace("/etc/hostname", secret.to_str().unwrap());
    assert_ne!(armed, feed);
    let file = house.dir.path().join("armed.xml");
    std::fs::write(&file, armed).unwrap();
    let (code, document) = read(&house, file.to_str().unwrap(), &Value::Null);
    assert_eq!(code, 0);
    assert_eq!(at(&document, "/entries/0/title"), "Tin &c; &x;");
    assert!(!document.to_string().contains("never to be read"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_date_in_use_is_read_by_the_filter_that_templates_have() {
    let house = House::new().await;
    let text = std::fs::read_to_string(fixtures().join("text/date-cases.json")).unwrap();
    let cases: Value = serde_json::from_str(&text).unwrap();
    let expression = "{{ text | vn_date(\"iso-utc\") }}";
    for case in at(&cases, "/cases").as_array().unwrap() {
        let written = at(case, "/text").as_str().unwrap();
        let told = piped(
            &house,
            &["template", "eval", expression, "--text", "-"],
            written,
        );
        let wanted = at(case, "/utc").as_str().unwrap_or_default();
        assert_eq!((told.code, told.out.trim()), (0, wanted), "{written:?}");
    }
}

/// A house whose site serves whatever file it is told to, and whose Page gets all of it.
async fn house_of_files() -> House {
    let wishes = Wishes {
        feed: "read_pages = false\nnever_auto = []\nfirst_poll = \"publish\"",
        ..Wishes::default()
    };
    let mut house = House::with(wishes).await;
    let from = format!("{}/rss\"", house.site.address);
    house.change_settings(&from, &from.replace("/rss", "/tep"));
    house
}

/// The links of what a poll of the file brought.
async fn poll(house: &House, file: &str) -> Vec<String> {
    let feed = std::fs::read_to_string(fixtures().join(file)).unwrap();
    house.site.page("/tep", 200, &feed);
    let answer = house.ask(Request::Once).await;
    assert_eq!(answer.exit.code(), 0, "{file}: {:#}", answer.document);
    let published = at(&answer.document, "/pages/0/published")
        .as_array()
        .unwrap();
    let links = published
        .iter()
        .map(|post| at(post, "/link").as_str().unwrap());
    links.map(ToOwned::to_owned).collect()
}

#[tokio::test]
async fn of_feeds_that_follow_each_other_only_what_is_new_is_posted() {
    let all = expectations();
    let before = |name: &str| all[name]["sequence"]["after"].as_str();
    for name in all.keys().filter(|name| before(name).is_some()) {
        let mut polls = vec![name.as_str()];
        while let Some(earlier) = before(polls[0]) {
            polls.insert(0, earlier);
        }
        let house = house_of_files().await;
        let mut new = Vec::new();
        for file in polls {
            new = poll(&house, file).await;
        }
        let wanted = at(&all[name], "/sequence/new_links").as_array().unwrap();
        assert_eq!(new.len(), wanted.len(), "{name}");
        assert!(
            wanted.iter().all(|link| new.iter().any(|new| link == new)),
            "{name}"
        );
    }
}

#[tokio::test]
async fn each_article_of_a_feed_is_known_once_however_often_it_is_listed() {
    let all = expectations();
    for (name, expected) in &all {
        let usable = expected["usable"].as_u64().or(expected["count"].as_u64());
        let whole = expected["kind"] == "feed" && name.contains("guid-");
        let unique = expected["unique"].as_u64().or(usable.filter(|_| whole));
        let Some(unique) = unique else { continue };
        let house = house_of_files().await;
        assert_eq!(poll(&house, name).await.len() as u64, unique, "{name}");
    }
}

#[tokio::test]
async fn a_feed_that_answers_well_and_says_nothing_of_use_changes_nothing_and_is_reported() {
    let house = house_of_files().await;
    assert_eq!(poll(&house, "nasty/guid-missing.xml").await.len(), 3);
    for (file, why) in [
        ("nasty/structure-empty-channel.xml", "no entries"),
        ("nasty/structure-empty-body.xml", "an empty answer"),
        ("pages/challenge-d1n-cookie.html", "cookie"),
        ("pages/page-moved-notice.html", "out of service"),
    ] {
        let content = std::fs::read_to_string(fixtures().join(file)).unwrap();
        house.site.page("/tep", 200, &content);
        let answer = house.ask(Request::Once).await;
        assert_eq!(at(&answer.document, "/feeds/0/outcome"), "failed", "{file}");
        let told = at(&answer.document, "/feeds/0/error").as_str().unwrap();
        assert!(told.contains(why), "{file}: {told}");
        assert_eq!(house.shown().len(), 3, "{file}");
    }
    assert!(poll(&house, "nasty/guid-missing.xml").await.is_empty());
    let office = house.open().await;
    let books = office.desk.poller.ledger.ask(|books| books.feed("tin"));
    let memory = books.await.unwrap().unwrap();
    assert_eq!(memory.failures_in_a_row, 0, "it is well again");
    crate::house::close(office).await;
}

/// A feed with an article, a ghost, and an entry in letters that nobody can make out.
fn with_a_broken_entry(address: &str) -> String {
    format!(
        "<rss version=\"2.0\"><channel><title>Tin</title>\
         <item><title>Cầu mới</title><link>{address}/cau-a1.html</link></item>\
         <item><title></title><description>No Description</description></item>\
         <item><title>Cáº§n Vá»¥ rau giá»¯a \u{e1}\u{bb}\u{fffd}</title>\
         <link>{address}/toa-a2.html</link></item>\
         </channel></rss>"
    )
}

#[tokio::test]
async fn an_entry_that_cannot_be_read_is_told_once_a_day_and_a_ghost_is_not() {
    let house = house_of_files().await;
    house
        .site
        .page("/tep", 200, &with_a_broken_entry(&house.site.address));
    let first = house.once().await;
    assert_eq!(house.shown(), ["Cầu mới"]);
    let notices = at(&first.document, "/notices").as_array().unwrap();
    assert_eq!(notices.len(), 1, "{notices:?}");
    assert!(
        notices[0].as_str().unwrap().contains("1 entries"),
        "{notices:?}"
    );
    let again = house.once().await;
    assert_eq!(at(&again.document, "/notices").as_array().unwrap().len(), 0);
}

#[tokio::test]
async fn what_never_goes_by_itself_waits_for_a_person_and_why_tells_so() {
    let house = House::with(Wishes {
        feed: "read_pages = false",
        ..Wishes::default()
    })
    .await;
    house.settle_in().await;
    let mut tender = crate::site::entry(1, "Thông báo số 12");
    tender.category = "Mời thầu".to_owned();
    let entries = [tender.clone(), crate::site::entry(2, "Mùa gặt")];
    let answer = house.bring_out(&entries).await;
    assert_eq!(at(&answer.document, "/pages/0/held"), 1);
    let told = at(&answer.document, "/notices/0").to_string();
    assert!(told.contains("wait for an editor"), "{told}");
    assert_eq!(house.shown(), ["Mùa gặt"]);
    let what = house.site.link(&tender);
    let why = house.ask(Request::Why { what: what.clone() }).await;
    let events = at(&why.document, "/events").as_array().unwrap();
    assert!(
        events
            .iter()
            .any(|event| event["rule"] == "never_auto: \"mời thầu\"")
    );

    let told = house.run(&["ledger", "approve", "--held", "never-auto"]);
    assert_eq!(told.code, 0, "{}", told.err);
    house.once().await;
    assert_eq!(house.shown(), ["Mùa gặt", "Thông báo số 12"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_of_a_home_page_is_found() {
    let house = House::new().await;
    let home = "<!DOCTYPE html><html><head><title>Cần Đước</title>\
                <link rel='alternate' type='application/rss+xml' href='/rss'></head></html>";
    house.site.page("/", 200, home);
    house.site.feed(&[crate::site::entry(1, "Một")]);
    let told = house.run(&["feed", &format!("{}/", house.site.address), "--json"]);
    assert_eq!(told.code, 0, "{}", told.err);
    assert_eq!(at(&told.document(), "/entries/0/title"), "Một");
}
