//! The real client against the rehearsal page, over real sockets.

use std::time::Duration;

use jiff::Timestamp;
use tokio::net::TcpListener;

use super::*;
use crate::clock::ManualClock;
use crate::http_client::graph_client;
use crate::post::PostId;
use crate::rehearsal::mood::{Kind, Mood, Whim};
use crate::rehearsal::{APP_ID, PAGE_ID, RehearsalPage, Settings};

const TOKEN: &str = "EAAGm0PX4ZCpsBAKZA1234567890";
/// A grey picture.
const PIXEL: &[u8] = include_bytes!("../../desk/check/pixel.png");

struct Stage {
    there: RehearsalPage,
    page: FacebookPage,
    clock: ManualClock,
}

async fn stage() -> Stage {
    stage_with(TOKEN, Duration::from_secs(30)).await
}

async fn stage_with(token: &'static str, timeout: Duration) -> Stage {
    let clock = ManualClock::at("2026-11-24T05:00:00Z".parse().unwrap());
    let there = RehearsalPage::open(Settings::in_memory(TOKEN, Arc::new(clock.clone()))).unwrap();
    let address = there.serve_on_loopback().await.unwrap();
    let graph_url = Url::parse(&format!("http://{address}")).unwrap();
    Stage {
        page: client(&graph_url, token, timeout, &clock),
        there,
        clock,
    }
}

fn client(
    graph_url: &Url,
    token: &'static str,
    timeout: Duration,
    clock: &ManualClock,
) -> FacebookPage {
    let keys = Keys {
        page_token: Box::new(move || Ok(token.into())),
        app: None,
    };
    let address = Address {
        graph_url: graph_url.clone(),
        version: "v26.0".to_owned(),
        page: PAGE_ID.to_owned(),
    };
    let client = graph_client(timeout, None).unwrap();
    FacebookPage::new(
        client,
        address,
        keys,
        Some(APP_ID.to_owned()),
        Arc::new(clock.clone()),
    )
}

fn draft(message: &str, link: Option<&str>) -> Draft {
    let link = link.map(|link| Url::parse(link).unwrap());
    Draft {
        message: message.to_owned(),
        link: link.clone(),
        photos: Vec::new(),
        article_link: link,
    }
}

fn photo(alt_text: &str) -> Upload {
    Upload {
        bytes: bytes::Bytes::from_static(PIXEL),
        media_type: "image/png",
        alt_text: Some(alt_text.to_owned()),
    }
}

async fn published(stage: &Stage, draft: &Draft) -> PostId {
    match stage.page.publish(draft, &[]).await {
        Verdict::Published { id, .. } => id,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_link_post_goes_out_once_and_reads_back_as_it_was_sent() {
    let stage = stage().await;
    let link = "https://bao.example/tin-1.html?a=1&b=%C4%91";
    let id = published(&stage, &draft("Tin “một” & 1", Some(link))).await;
    let reading = stage.page.read(100).await.unwrap();
    assert_eq!(reading.posts.len(), 1);
    let post = &reading.posts[0];
    assert_eq!(
        (&post.id, post.message.as_str(), post.ours),
        (&id, "Tin “một” & 1", Some(true))
    );
    assert!(
        post.links.iter().all(|found| found == link),
        "{:?}",
        post.links
    );
    assert_eq!(post.created, Some(stage.clock.now()));
    assert_eq!(
        reading.page_time,
        Some(stage.clock.now()),
        "the Page's own clock"
    );
}

#[tokio::test]
async fn three_photos_are_uploaded_unseen_and_attached_in_order_with_their_alternative_text() {
    let stage = stage().await;
    let mut ids = Vec::new();
    for alt_text in ["Một", "Hai", "Ba"] {
        ids.push(stage.page.upload(photo(alt_text)).await.unwrap());
    }
    assert!(stage.there.posts().is_empty(), "nobody sees an upload");
    let Verdict::Published { permalink, .. } = stage.page.publish(&draft("Ảnh", None), &ids).await
    else {
        panic!("not published");
    };
    assert!(permalink.unwrap().starts_with("https://www.facebook.com/"));
    let posts = stage.there.posts();
    let alts: Vec<&str> = posts[0]
        .photos
        .iter()
        .filter_map(|photo| photo.alt_text.as_deref())
        .collect();
    assert_eq!(alts, ["Một", "Hai", "Ba"]);
}

#[tokio::test]
async fn the_token_travels_in_a_header_and_nowhere_else() {
    let stage = stage().await;
    published(&stage, &draft("Tin", None)).await;
    stage.page.upload(photo("x")).await.unwrap();
    stage.page.read(10).await.unwrap();
    stage.page.inspect().await.unwrap();
    let calls = stage.there.calls();
    assert_eq!(calls.len(), 4);
    assert!(!format!("{calls:?}").contains(TOKEN));
}

#[tokio::test]
async fn an_answer_that_lies_or_fails_to_come_is_unknown_whether_or_not_the_post_is_there() {
    for done in [true, false] {
        for whim in Whim::lies(done) {
            let stage = stage().await;
            stage.there.set_mood(Mood::once(whim.clone()));
            let verdict = stage.page.publish(&draft("Tin", None), &[]).await;
            assert!(
                matches!(verdict, Verdict::Unknown { .. }),
                "{whim:?}: {verdict:?}"
            );
            assert_eq!(stage.there.posts().len(), usize::from(done), "{whim:?}");
            assert_eq!(
                stage.there.calls().len(),
                1,
                "{whim:?}: nothing is sent twice"
            );
        }
    }
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_unknown_too() {
    let stage = stage_with(TOKEN, Duration::from_millis(100)).await;
    stage.there.set_mood(Mood::once(Whim::Slow { seconds: 60 }));
    let verdict = stage.page.publish(&draft("Tin", None), &[]).await;
    assert!(
        matches!(&verdict, Verdict::Unknown { why } if why.contains("no answer")),
        "{verdict:?}"
    );
}

#[tokio::test]
async fn where_nobody_listens_nothing_was_sent() {
    let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0))
        .await
        .unwrap();
    let graph_url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
    let page = client(&graph_url, TOKEN, Duration::from_secs(5), &clock);
    let verdict = page.publish(&draft("Tin", None), &[]).await;
    assert!(
        matches!(verdict, Verdict::NotSent(Obstacle::Unreachable { .. })),
        "{verdict:?}"
    );
}

#[tokio::test]
async fn plain_refusals_are_told_apart() {
    let stage = stage().await;
    let moods = [
        (Whim::DeadToken, "person"),
        (Whim::NotPermitted, "person"),
        (
            Whim::RateLimit {
                code: 80_001,
                minutes: 7,
            },
            "rest",
        ),
        (Whim::TooFast, "rest"),
        (Whim::Duplicate, "duplicate"),
        (Whim::AlreadyPosted, "duplicate"),
        (Whim::PhotosPosted, "duplicate"),
        (Whim::Refused, "refused"),
    ];
    for (whim, expected) in moods {
        stage.there.set_mood(Mood::once(whim));
        let verdict = match stage.page.publish(&draft("Tin", None), &[]).await {
            Verdict::NotSent(Obstacle::NotAllowed { .. }) => "person",
            Verdict::NotSent(Obstacle::Throttled { .. }) => "rest",
            Verdict::Duplicate(_) => "duplicate",
            Verdict::Refused(_) => "refused",
            other => panic!("{other:?}"),
        };
        assert_eq!(verdict, expected);
    }
    assert!(stage.there.posts().is_empty());
}

#[tokio::test]
async fn a_long_list_is_read_by_its_cursors() {
    let stage = stage().await;
    for number in 0..130 {
        stage
            .there
            .post_by_hand(&format!("{number}"), None)
            .unwrap();
    }
    let reading = stage.page.read(130).await.unwrap();
    assert_eq!(reading.posts.len(), 130);
    assert_eq!(reading.posts[0].message, "129", "newest first");
    assert_eq!(reading.posts[0].ours, None, "made by hand");
    assert_eq!(stage.there.calls().len(), 2);
}

#[tokio::test]
async fn a_list_that_breaks_off_is_an_error_and_not_a_short_list() {
    let stage = stage().await;
    for number in 0..130 {
        stage
            .there
            .post_by_hand(&format!("{number}"), None)
            .unwrap();
    }
    stage.there.set_mood(Mood {
        whim: Whim::Slow { seconds: 0 },
        on: Kind::Read,
        calls: 1,
    });
    stage.there.set_mood(Mood {
        whim: Whim::Html { done: false },
        on: Kind::Read,
        calls: 1,
    });
    assert!(matches!(
        stage.page.read(130).await,
        Err(ReadError::Unclear(_))
    ));
}

#[tokio::test]
async fn a_token_is_told_good_or_bad() {
    let good = stage().await.page.inspect().await.unwrap();
    assert!(good.alive && good.right_page && good.missing_scopes == Some(Vec::new()));
    let stage = stage_with("EAAGwrong", Duration::from_secs(5)).await;
    let verdict = stage.page.publish(&draft("Tin", None), &[]).await;
    assert!(
        matches!(verdict, Verdict::NotSent(Obstacle::NotAllowed { .. })),
        "{verdict:?}"
    );
}
