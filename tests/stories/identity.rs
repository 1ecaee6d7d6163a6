//! What is the same article and what is not, through real polls: nothing goes out twice because
//! its dress changed, and nothing is kept back because it looks like another.

use loa::desk::Request;
use loa::desk::assemble::Office;
use loa::desk::request::{Pick, Verb};
use serde_json::Value;

use crate::house::{House, Wishes, at, close};
use crate::site::{Entry, entry};

const OLD: &str = "http://www.baolongan.example";

/// Articles of a site that is only known by its feed.
fn article(number: u32, title: &str) -> Entry {
    Entry {
        host: Some(OLD.to_owned()),
        ..entry(number, title)
    }
}

fn four() -> Vec<Entry> {
    let titles = ["Bốn", "Ba", "Hai", "Một"];
    let numbered = titles.into_iter().zip([4, 3, 2, 1]);
    numbered
        .map(|(title, number)| article(number, title))
        .collect()
}

async fn house(page: &'static str) -> House {
    let house = House::with(Wishes {
        feed: "read_pages = false",
        page,
        ..Wishes::default()
    })
    .await;
    house.settle_in().await;
    house
}

/// One poll and everything that follows; the Page's line of it.
async fn poll(house: &House, office: &Office, entries: &[Entry]) -> Value {
    house.site.feed(entries);
    let answer = office.desk.answer(Request::Once).await;
    assert_eq!(answer.exit.code(), 0, "{:#}", answer.document);
    answer.document
}

/// A change to what the feed shows of one article or of all.
type Dress = (&'static str, fn(&mut Vec<Entry>));

const DRESSES: [Dress; 15] = [
    ("a new guid", |feed| feed[1].guid = Some("moi-3".to_owned())),
    ("new guids on all", |feed| {
        for (place, entry) in feed.iter_mut().enumerate() {
            entry.guid = Some(format!("tag:moi,{place}"));
        }
    }),
    ("a new scheme", |feed| {
        for entry in feed {
            entry.host = Some("https://www.baolongan.example".to_owned());
        }
    }),
    ("the host without its www", |feed| {
        for entry in feed {
            entry.host = Some("http://baolongan.example".to_owned());
        }
    }),
    ("another host, the guid stays", |feed| {
        feed[0].host = Some("https://moi.example".to_owned());
    }),
    ("a new slug", |feed| {
        feed[2].path = "/hai-da-sua-a100002.html".to_owned()
    }),
    ("tracking parameters", |feed| {
        for entry in feed {
            entry.guid = Some(entry.path.clone());
            entry.path.push_str("?utm_source=rss&amp;utm_medium=feed");
        }
    }),
    ("another category", |feed| {
        feed[0].category = "Kinh tế".to_owned()
    }),
    ("a corrected headline", |feed| {
        feed[0].title = "Bốn, đã sửa".to_owned()
    }),
    ("a later date", |feed| {
        feed[3].published = "2026-11-24T08:59:00+07:00".to_owned();
    }),
    ("another order", |feed| feed.reverse()),
    ("an entry withdrawn", |feed| {
        feed.remove(1);
    }),
    ("and restored", |_| {}),
    ("all but one dropped", |feed| feed.truncate(1)),
    ("old ones taken in again with new dates", |feed| {
        feed.rotate_left(2);
        for entry in feed {
            entry.published = "2026-12-25T08:00:00+07:00".to_owned();
        }
    }),
];

#[tokio::test]
async fn an_article_in_another_dress_is_never_posted_again() {
    let house = house("corrections = \"ignore\"").await;
    let office = house.open().await;
    poll(&house, &office, &four()).await;
    for (name, dress) in DRESSES {
        let mut feed = four();
        dress(&mut feed);
        house.wait(600);
        let line = poll(&house, &office, &feed).await;
        let waiting = ["queued", "held", "unresolved"]
            .map(|state| at(&line, &format!("/pages/0/{state}")).clone());
        assert_eq!(waiting, [0, 0, 0], "{name}");
        assert_eq!(house.shown(), ["Một", "Hai", "Ba", "Bốn"], "{name}");
    }
    house.wait(31 * 86_400);
    poll(&house, &office, &four()).await;
    assert_eq!(house.shown().len(), 4, "a month later");
    assert_eq!(house.calls("POST", "/feed"), 4);
    close(office).await;
}

#[tokio::test]
async fn articles_that_only_look_alike_are_each_posted() {
    let house = house("").await;
    let office = house.open().await;
    let column = |number: u32| Entry {
        lead: "Cột báo của mỗi tuần.".to_owned(),
        ..article(number, "Điều em muốn nói")
    };
    let mut feed = vec![column(1)];
    poll(&house, &office, &feed).await;
    let other_host = Entry {
        host: Some("https://huyen.example".to_owned()),
        guid: Some("huyen-1".to_owned()),
        path: "/duong-a100001.html".to_owned(),
        ..entry(9, "Đường mới ở huyện")
    };
    for (name, next) in [
        ("a weekly column", column(2)),
        ("a headline", article(3, "Thông báo")),
        ("the same headline", article(4, "Thông báo")),
        ("a number", article(5, "Thông báo số 5")),
        ("the next number", article(6, "Thông báo số 6")),
        ("an article number on another host", other_host),
    ] {
        feed.insert(0, next);
        poll(&house, &office, &feed).await;
        assert_eq!(house.shown().len(), feed.len(), "{name}");
    }
    close(office).await;
}

#[tokio::test]
async fn one_guid_on_all_entries_and_one_notice_behind_all_links_hide_nothing() {
    for (name, dress) in [
        (
            "one guid",
            (|entry| entry.guid = Some("0".to_owned())) as fn(&mut Entry),
        ),
        ("one address", |entry| {
            entry.guid = Some(entry.title.clone());
            entry.path = "/thong-bao-dong-cua".to_owned();
        }),
    ] {
        let house = house("").await;
        let office = house.open().await;
        let mut feed = four();
        feed.iter_mut().for_each(dress);
        poll(&house, &office, &feed[1..]).await;
        assert_eq!(house.shown(), ["Một", "Hai", "Ba"], "{name}");
        poll(&house, &office, &feed).await;
        poll(&house, &office, &feed).await;
        assert_eq!(house.shown(), ["Một", "Hai", "Ba", "Bốn"], "{name}");
        close(office).await;
    }
}

#[tokio::test]
async fn a_guid_that_another_feed_uses_too_is_another_articles() {
    let mut house = house("").await;
    let second = format!(
        "[[feeds]]\nname = \"xa\"\nurl = \"{}/xa.xml\"\nread_pages = false\n\n[[pages]]",
        house.site.address
    );
    house.change_settings("[[pages]]", &second);
    house.change_settings("feeds = [\"tin\"]", "feeds = [\"tin\", \"xa\"]");
    let feed = |items: &str| {
        format!("<rss version=\"2.0\"><channel><title>Xã</title>{items}</channel></rss>")
    };
    house.site.page("/xa.xml", 200, &feed(""));
    house.site.feed(&[]);
    let office = house.open().await;
    poll(&house, &office, &[]).await;
    let item = "<item><title>Tin của xã</title><link>http://xa.example/mot</link>\
                <guid>7</guid><description>Của xã.</description></item>";
    house.site.page("/xa.xml", 200, &feed(item));
    let of_the_first = Entry {
        guid: Some("7".to_owned()),
        ..article(1, "Tin của báo")
    };
    poll(&house, &office, &[of_the_first]).await;
    assert_eq!(house.shown(), ["Tin của báo", "Tin của xã"]);
    close(office).await;
}

#[tokio::test]
async fn a_column_that_reads_like_one_that_has_gone_waits_for_a_word_and_is_not_lost() {
    let house = house("").await;
    let office = house.open().await;
    let column = |number: u32| Entry {
        lead: "Cột báo của mỗi tuần.".to_owned(),
        ..article(number, "Điều em muốn nói")
    };
    let with_four = |column: Entry| [vec![column], four()].concat();
    poll(&house, &office, &with_four(column(8))).await;
    let line = poll(&house, &office, &with_four(column(9))).await;
    assert_eq!(at(&line, "/pages/0/held"), 1);
    let approve = Request::Change {
        verb: Verb::Approve,
        pick: Pick {
            held: Some("doubtful-twin".to_owned()),
            ..Pick::default()
        },
    };
    office.desk.answer(approve).await;
    office.desk.answer(Request::Once).await;
    assert_eq!(house.shown().len(), 6);
    close(office).await;
}

#[tokio::test]
async fn where_the_feed_has_no_leads_those_of_the_pages_tell_what_came_again() {
    let house = House::settled("").await;
    let office = house.open().await;
    let with_page = |path: &str, lead: &str| {
        let html = format!(
            "<html lang=\"vi\"><head><meta property=\"og:type\" content=\"article\"></head><body>\
             <article><h1>Thông báo</h1><p class=\"sapo\">{lead}</p><p>Đoạn thân bài thứ nhất, đủ \
             dài để biết rằng đây là thân của bài báo.</p></article></body></html>"
        );
        house.site.page(path, 200, &html);
        Entry {
            path: path.to_owned(),
            lead: String::new(),
            ..entry(1, "Thông báo")
        }
    };
    let first = with_page("/thong-bao-cup-dien", "Cúp điện ấp 1 vào sáng thứ hai.");
    poll(&house, &office, std::slice::from_ref(&first)).await;
    let other = with_page("/thong-bao-cup-nuoc", "Cúp nước ấp 2 vào sáng thứ ba.");
    poll(&house, &office, &[other.clone(), first.clone()]).await;
    assert_eq!(house.shown().len(), 2, "one headline on two articles");

    let moved = with_page("/tin/cup-dien", "Cúp điện ấp 1 vào sáng thứ hai.");
    let line = poll(&house, &office, &[moved, other]).await;
    assert_eq!(at(&line, "/pages/0/held"), 1);
    assert_eq!(house.shown().len(), 2);
    close(office).await;
}

#[tokio::test]
async fn a_rebuilt_site_posts_nothing_again_says_so_once_and_what_is_new_goes_out() {
    let house = house("flood_over = 2").await;
    let office = house.open().await;
    let old: Vec<Entry> = (1..=8)
        .rev()
        .map(|number| article(number, &format!("Bài {number}")))
        .collect();
    for feed in [&old[6..], &old[4..], &old[2..], &old[..]] {
        poll(&house, &office, feed).await;
        house.wait(86_400);
    }
    assert_eq!(house.shown().len(), 8);
    let rebuilt = |entry: &Entry| Entry {
        host: Some("https://baotayninh.example".to_owned()),
        path: format!("/tin-tuc/{}", entry.title.replace(' ', "-")),
        ..entry.clone()
    };
    let mut feed: Vec<Entry> = old.iter().map(rebuilt).collect();
    feed.insert(0, rebuilt(&article(9, "Bài 9")));
    let line = poll(&house, &office, &feed).await;
    let notices = at(&line, "/notices").as_array().unwrap();
    assert_eq!(notices.len(), 1, "{notices:#?}");
    assert!(
        notices[0].as_str().unwrap().contains("8 known articles"),
        "{notices:#?}"
    );
    assert_eq!(at(&line, "/feeds/0/new"), 1, "a flood is of new ones only");
    assert_eq!(house.shown().last().unwrap(), "Bài 9");
    let line = poll(&house, &office, &feed).await;
    assert_eq!(at(&line, "/notices"), &Value::Array(Vec::new()));
    assert_eq!(house.shown().len(), 9);
    close(office).await;
}

#[tokio::test]
async fn a_flood_may_be_dropped_by_one_word_too() {
    let house = house("flood_over = 3").await;
    let office = house.open().await;
    poll(&house, &office, &four()).await;
    let skip = Request::Change {
        verb: Verb::Skip,
        pick: Pick {
            held: Some("flood".to_owned()),
            ..Pick::default()
        },
    };
    office.desk.answer(skip).await;
    let line = poll(&house, &office, &four()).await;
    assert_eq!(at(&line, "/pages/0/skipped"), 4);
    assert!(house.shown().is_empty());
    close(office).await;
}
