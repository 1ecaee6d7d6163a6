//! The rules of identity, frozen: what is the same article, and what is not.

use std::collections::HashMap;
use std::convert::Infallible;

use jiff::tz::TimeZone;
use proptest::prelude::*;

use super::*;
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
        for (keys, recognition) in keys.iter().zip(found.unwrap()) {
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
    feed::parse(&bytes, None, None, &TimeZone::UTC)
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
fn a_twin_beside_articles_that_are_well_known_is_put_before_a_person_too() {
    let mut memory = Memory::default();
    let column = |number: u32| {
        entry(
            &format!("cot-{number}"),
            &format!("https://bao.example/lich-cup-dien-{number}"),
            "Lịch cúp điện",
            "Tuần này.",
        )
    };
    let others = ["Một", "Hai", "Ba"].map(|title| {
        let link = format!("https://bao.example/{title}");
        entry(title, &link, title, "Lời.")
    });
    memory.poll(&[&[column(1)], others.as_slice()].concat());
    let said = memory.poll(&[&[column(2)], others.as_slice()].concat());
    assert_eq!(said[0], "Doubtful(ArticleId(\"1\"))", "no rebuilt site");
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
