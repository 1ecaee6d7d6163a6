//! The rules of identity, frozen: what is the same article, and what is not.

use std::collections::HashMap;
use std::convert::Infallible;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
use crate::feed::date::Dates;
use crate::feed::{self, Entry};

/// A memory of keys, as the ledger keeps one.
#[derive(Default)]
struct Memory {
    keys: HashMap<String, ArticleId>,
    count: usize,
}

impl Memory {
    /// Takes one poll in and says, entry by entry, what it was recognised as.
    fn poll(&mut self, entries: &[Entry]) -> Vec<String> {
        let keys = entries.iter().map(keys_of_entry).collect();
        let keys = unique_in_poll(keys);
        let found = recognise_all(&keys, |key| -> Result<_, Infallible> {
            Ok(self.keys.get(&key.to_string()).cloned())
        });
        let mut said = Vec::new();
        for (keys, recognition) in keys.iter().zip(found.unwrap().entries) {
            let id = match &recognition {
                Recognition::Known(id) => id.clone(),
                Recognition::New => {
                    self.count += 1;
                    ArticleId::new(format!("{}", self.count))
                }
                Recognition::Doubtful(_) | Recognition::Repeat => {
                    said.push(format!("{recognition:?}"));
                    continue;
                }
            };
            for key in keys {
                self.keys
                    .entry(key.to_string())
                    .or_insert_with(|| id.clone());
            }
            said.push(match recognition {
                Recognition::New => format!("new {id}"),
                _ => format!("known {id}"),
            });
        }
        said
    }
}

fn keys_of_entry(entry: &Entry) -> Vec<Key> {
    let lead = entry.lead.as_deref();
    keys_of(
        "tin",
        entry.guid.as_deref(),
        entry.link.as_ref(),
        &entry.title,
        lead,
    )
}

fn fixture(name: &str) -> Vec<Entry> {
    let bytes = std::fs::read(format!("tests/fixtures/nasty/{name}.xml")).unwrap();
    feed::parse(&bytes, None, None, &Dates::in_zone(TimeZone::UTC))
        .unwrap()
        .entries
}

fn entry(guid: &str, link: &str, title: &str, lead: &str) -> Entry {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Entry {
        title: title.to_owned(),
        link: Url::parse(link).ok(),
        guid: some(guid),
        published: None,
        updated: None,
        lead: some(lead),
        content: None,
        images: Vec::new(),
        author: None,
        categories: Vec::new(),
    }
}

#[test]
fn a_new_guid_scheme_changes_nothing() {
    let mut memory = Memory::default();
    assert_eq!(
        memory.poll(&fixture("guid-scheme-change-1")),
        ["new 1", "new 2"]
    );
    assert_eq!(
        memory.poll(&fixture("guid-scheme-change-2")),
        ["new 3", "known 1", "known 2"]
    );
    assert_eq!(
        memory.poll(&fixture("guid-scheme-change-3")),
        ["known 3", "known 1", "known 2"]
    );
}

#[test]
fn https_www_tracking_and_fragment_change_nothing() {
    let mut memory = Memory::default();
    assert_eq!(memory.poll(&fixture("link-variants-1")), ["new 1", "new 2"]);
    assert_eq!(
        memory.poll(&fixture("link-variants-2")),
        ["known 1", "known 2"]
    );
}

#[test]
fn one_guid_on_all_entries_is_no_guid() {
    let mut memory = Memory::default();
    let entries = fixture("guid-same-on-all-items");
    assert_eq!(memory.poll(&entries), ["new 1", "new 2", "new 3"]);
    assert_eq!(memory.poll(&entries), ["known 1", "known 2", "known 3"]);
}

#[test]
fn a_corrected_headline_keeps_the_article() {
    let mut memory = Memory::default();
    assert_eq!(memory.poll(&fixture("edited-title-1")), ["new 1"]);
    assert_eq!(memory.poll(&fixture("edited-title-2")), ["known 1"]);
}

#[test]
fn a_new_slug_with_the_old_number_keeps_the_article_and_another_host_does_not() {
    let mut memory = Memory::default();
    let old = entry(
        "",
        "https://bao.example/xa-moi-a155262.html",
        "Xã mới",
        "Một.",
    );
    let new = entry(
        "",
        "https://bao.example/xa-moi-thanh-lap-a155262.html",
        "Xã mới lập",
        "Hai.",
    );
    let other = entry(
        "",
        "https://bao2.example/xa-moi-thanh-lap-a155262.html",
        "Xã kia",
        "Ba.",
    );
    assert_eq!(memory.poll(&[old]), ["new 1"]);
    assert_eq!(memory.poll(&[new]), ["known 1"]);
    assert_eq!(memory.poll(&[other]), ["new 2"]);
}

#[test]
fn all_links_leading_to_one_notice_are_no_links() {
    let mut memory = Memory::default();
    let notice = "https://bao.example/thong-bao-dong-cua";
    let poll = [
        entry("", notice, "Tin một", "Một."),
        entry("", notice, "Tin hai", "Hai."),
    ];
    assert_eq!(memory.poll(&poll), ["new 1", "new 2"]);
    assert_eq!(memory.poll(&poll), ["known 1", "known 2"]);
}

#[test]
fn the_same_headline_on_two_articles_makes_them_no_twins() {
    let mut memory = Memory::default();
    let poll = [
        entry(
            "1",
            "https://bao.example/thong-bao-1",
            "Thông báo",
            "Cúp điện ấp 1.",
        ),
        entry(
            "2",
            "https://bao.example/thong-bao-2",
            "Thông báo",
            "Cúp nước ấp 2.",
        ),
    ];
    assert_eq!(memory.poll(&poll), ["new 1", "new 2"]);
}

#[test]
fn a_weekly_column_is_new_while_last_weeks_stands_beside_it() {
    let mut memory = Memory::default();
    let last = entry(
        "1",
        "https://bao.example/dieu-em-muon-noi-1",
        "Điều em muốn nói",
        "Mỗi tuần.",
    );
    let this = entry(
        "2",
        "https://bao.example/dieu-em-muon-noi-2",
        "Điều em muốn nói",
        "Mỗi tuần.",
    );
    assert_eq!(memory.poll(std::slice::from_ref(&last)), ["new 1"]);
    assert_eq!(memory.poll(&[this.clone(), last]), ["new 2", "known 1"]);
}

#[test]
fn a_twin_whose_sibling_has_gone_is_put_before_a_person() {
    let mut memory = Memory::default();
    let first = entry(
        "1",
        "https://bao.example/lich-cup-dien-1",
        "Lịch cúp điện",
        "Tuần này.",
    );
    let others: Vec<Entry> = (0..4)
        .map(|number| {
            entry(
                "",
                &format!("https://bao.example/tin-{number}"),
                "Tin",
                &format!("{number}"),
            )
        })
        .collect();
    let twin = entry(
        "9",
        "https://bao.example/lich-cup-dien-9",
        "Lịch cúp điện",
        "Tuần này.",
    );
    assert_eq!(memory.poll(&[first]), ["new 1"]);
    let mut poll = vec![twin];
    poll.extend(others);
    assert_eq!(memory.poll(&poll)[0], "Doubtful(ArticleId(\"1\"))");
}

#[test]
fn so_is_one_that_comes_beside_nothing_but_known_articles() {
    let mut memory = Memory::default();
    let column = |number: u32| {
        entry(
            &format!("cot-{number}"),
            &format!("https://bao.example/lich-cup-dien-{number}"),
            "Lịch cúp điện",
            "Tuần này.",
        )
    };
    let others: Vec<Entry> = (0..4)
        .map(|number| {
            entry(
                &format!("{number}"),
                &format!("https://bao.example/tin-{number}"),
                "Tin",
                &format!("{number}"),
            )
        })
        .collect();
    let with_others = |column| [vec![column], others.clone()].concat();
    memory.poll(&with_others(column(1)));
    assert_eq!(
        memory.poll(&with_others(column(2)))[0],
        "Doubtful(ArticleId(\"1\"))"
    );
}

#[test]
fn one_article_in_every_dress_is_one_article() {
    type Dress = (&'static str, fn(&mut Entry));
    let link = |entry: &mut Entry, link: &str| entry.link = Url::parse(link).ok();
    let dresses: [Dress; 10] = [
        ("a new guid", |entry| entry.guid = Some("moi".to_owned())),
        ("no guid", |entry| entry.guid = None),
        ("a new scheme", |entry| {
            entry.link = Url::parse("http://bao.example/xa-hoi/cau-moi-a155262.html").ok();
        }),
        ("a new host, the guid stays", |entry| {
            entry.link = Url::parse("https://moi.example/cau-moi").ok();
        }),
        ("a new slug", |entry| {
            entry.link =
                Url::parse("https://bao.example/xa-hoi/cau-moi-thong-xe-a155262.html").ok();
        }),
        ("tracking parameters", |entry| {
            entry.link =
                Url::parse("https://bao.example/xa-hoi/cau-moi-a155262.html?utm_source=rss").ok();
        }),
        ("a new category in its address", |entry| {
            entry.link = Url::parse("https://bao.example/kinh-te/cau-moi-a155262.html").ok();
        }),
        ("a corrected headline", |entry| {
            entry.title = "Cầu mới thông xe".to_owned()
        }),
        ("a corrected lead", |entry| {
            entry.lead = Some("Sáng nay.".to_owned())
        }),
        ("another date", |entry| {
            entry.published = Timestamp::from_second(1_900_000_000).ok()
        }),
    ];
    for (name, dress) in dresses {
        let mut memory = Memory::default();
        let mut plain = entry("", "", "Cầu mới", "Hôm nay.");
        plain.guid = Some("155262x".to_owned());
        link(
            &mut plain,
            "https://bao.example/xa-hoi/cau-moi-a155262.html",
        );
        assert_eq!(memory.poll(std::slice::from_ref(&plain)), ["new 1"]);
        dress(&mut plain);
        assert_eq!(memory.poll(&[plain]), ["known 1"], "{name}");
    }
}

#[test]
fn two_articles_that_look_alike_are_two() {
    let pairs = [
        (
            "one headline",
            entry("1", "https://bao.example/a", "Thông báo", "Cúp điện ấp 1."),
            entry("2", "https://bao.example/b", "Thông báo", "Họp dân ấp 1."),
        ),
        (
            "twins that differ in one number",
            entry(
                "1",
                "https://bao.example/a",
                "Thông báo số 1",
                "Về việc cúp điện ngày 1.",
            ),
            entry(
                "2",
                "https://bao.example/b",
                "Thông báo số 2",
                "Về việc cúp điện ngày 2.",
            ),
        ),
        (
            "one article number on two hosts",
            entry(
                "1",
                "https://bao.example/cau-a155262.html",
                "Cầu mới",
                "Một.",
            ),
            entry(
                "2",
                "https://huyen.example/duong-a155262.html",
                "Đường mới",
                "Hai.",
            ),
        ),
    ];
    for (name, one, other) in pairs {
        let mut memory = Memory::default();
        assert_eq!(memory.poll(&[one]), ["new 1"], "{name}");
        assert_eq!(memory.poll(&[other]), ["new 2"], "{name}");
    }
}

#[test]
fn a_guid_means_something_on_its_own_feed_only() {
    let guid = |feed| keys_of(feed, Some("7"), None, "", None);
    assert_ne!(guid("tin"), guid("xa"));
}

#[test]
fn a_rebuilt_site_posts_nothing_again_and_a_new_article_in_the_same_poll_goes_out() {
    let mut memory = Memory::default();
    let before: Vec<Entry> = (0..5)
        .map(|n| {
            entry(
                &format!("a{n}"),
                &format!("http://cu.example/{n}"),
                &format!("Tin {n}"),
                "Lời.",
            )
        })
        .collect();
    let mut after: Vec<Entry> = (0..5)
        .map(|n| {
            entry(
                &format!("b{n}"),
                &format!("https://moi.example/x/{n}"),
                &format!("Tin {n}"),
                "Lời.",
            )
        })
        .collect();
    after.insert(
        0,
        entry("b9", "https://moi.example/x/9", "Tin chín", "Mới."),
    );
    memory.poll(&before);
    let said = memory.poll(&after);
    assert_eq!(
        said,
        [
            "new 6", "known 1", "known 2", "known 3", "known 4", "known 5"
        ]
    );
}

#[test]
fn an_entry_given_twice_is_one_article() {
    let mut memory = Memory::default();
    let one = entry("7", "https://bao.example/tin-7", "Tin bảy", "Lời.");
    let said = memory.poll(&[one.clone(), one.clone()]);
    assert_eq!(said, ["new 1", "Repeat"]);
    assert_eq!(memory.poll(&[one.clone(), one]), ["known 1", "known 1"]);
}

#[test]
fn an_entry_with_nothing_but_a_headline_is_recognised_when_it_comes_again() {
    let mut memory = Memory::default();
    let bare = entry("", "", "Thông báo", "");
    assert_eq!(memory.poll(std::slice::from_ref(&bare)), ["new 1"]);
    assert_eq!(memory.poll(&[bare]), ["known 1"]);
}

#[test]
fn order_and_dates_decide_nothing() {
    let mut memory = Memory::default();
    let mut entries = fixture("reordered-and-backdated");
    memory.poll(&entries);
    entries.reverse();
    assert!(
        memory
            .poll(&entries)
            .iter()
            .all(|said| said.starts_with("known"))
    );
}

#[test]
fn dates_and_numbers_of_headlines_are_no_article_numbers() {
    let number = |text: &str| address::number(&Url::parse(text).unwrap()).map(|(_, number)| number);
    assert_eq!(
        number("https://b.example/tin-a155283.html").as_deref(),
        Some("155283")
    );
    assert_eq!(
        number("https://v.example/tin-4907653.html").as_deref(),
        Some("4907653")
    );
    assert_eq!(
        number("https://d.example/-/content/id/24951626").as_deref(),
        Some("24951626")
    );
    for none in [
        "https://b.example/ngay-17052023.html",
        "https://b.example/tin-20230517.html",
        "https://b.example/ho-tro-50000",
        "https://b.example/ke-hoach-2023.html",
        "https://b.example/",
    ] {
        assert_eq!(number(none), None, "{none}");
    }
}

#[test]
fn a_name_is_short_steady_and_never_given_twice() {
    let keys = keys_of_entry(&entry("7", "https://bao.example/tin-7", "Tin", "Lời."));
    let free = |_: &ArticleId| Ok::<_, Infallible>(false);
    let first = name(&keys, free).unwrap();
    assert_eq!(first.as_str().len(), NAME_CHARS);
    assert_eq!(name(&keys, free).unwrap(), first);
    let second = name(&keys, |id| Ok::<_, Infallible>(*id == first)).unwrap();
    assert_ne!(second, first);
}

proptest! {
    #[test]
    fn what_is_canonical_stays_as_it_is(path in "[a-zA-Z0-9/%._~-]{0,40}", query in "[a-z=&0-9]{0,20}") {
        if let Ok(url) = Url::parse(&format!("https://www.bao.example/{path}?{query}#x")) {
            let once = canonical(&url);
            let again = canonical(&Url::parse(&format!("http://{once}")).unwrap());
            prop_assert_eq!(once, again);
        }
    }
}
