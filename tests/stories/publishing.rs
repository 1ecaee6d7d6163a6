//! What goes out, when, and in which shape.

use loa::desk::Request;
use loa::desk::request::{Pick, PostOrder, Subject, Verb};
use loa::rehearsal::mood::{Kind, Whim};

use crate::house::{House, at};
use crate::site::{Entry, entry};

fn with_picture(number: u32, title: &str) -> Entry {
    Entry {
        picture: Some(format!("/anh-{number}.jpg")),
        ..entry(number, title)
    }
}

#[tokio::test]
async fn an_article_with_a_picture_is_a_photo_post_with_its_link_in_the_text() {
    let house = House::settled("").await;
    let article = with_picture(1, "Cầu mới");
    let answer = house.bring_out(std::slice::from_ref(&article)).await;
    let post = &house.page.posts()[0];
    assert_eq!(post.photos.len(), 1);
    assert_eq!(
        post.photos[0].alt_text.as_deref(),
        Some("Chú thích Cầu mới")
    );
    assert_eq!(post.link, None);
    assert!(post.message.contains(&house.site.link(&article)));
    assert_eq!(
        at(&answer.document, "/pages/0/published/0/post_id"),
        post.id.as_str()
    );
    assert_eq!(house.calls("POST", "/photos"), 1);
    assert_eq!(house.calls("POST", "/feed"), 1);
}

#[tokio::test]
async fn an_article_without_one_is_a_link_post_and_so_is_any_where_the_style_says_so() {
    let plain = House::settled("").await;
    plain.bring_out(&[entry(1, "Thông báo")]).await;
    assert_eq!(
        plain.page.posts()[0].link.as_deref(),
        Some(plain.site.link(&entry(1, "")).as_str())
    );

    let styled = House::settled("style = \"link\"").await;
    styled.bring_out(&[with_picture(1, "Cầu mới")]).await;
    assert!(styled.page.posts()[0].photos.is_empty());
    assert_eq!(styled.calls("POST", "/photos"), 0);
}

#[tokio::test]
async fn an_article_without_a_picture_gets_that_of_its_category_where_there_is_one() {
    let house = House::settled(
        "default_pictures = { \"xã hội\" = \"xa-hoi.png\", \"Giáo dục\" = \"mat.png\" }",
    )
    .await;
    let file = house.dir.path().join("xa-hoi.png");
    std::fs::write(&file, crate::site::picture("/xa-hoi.jpg")).unwrap();
    let of = |number, category: &str| Entry {
        category: category.to_owned(),
        ..entry(number, category)
    };
    house
        .bring_out(&[of(3, "Văn hóa"), of(2, "Giáo dục"), of(1, "Xã hội")])
        .await;
    let photos = house.page.posts().into_iter().rev();
    let photos: Vec<usize> = photos.map(|post| post.photos.len()).collect();
    assert_eq!(photos, [1, 0, 0], "a file that is gone keeps no post");
    let check = house.run(&["check"]);
    assert_eq!(check.code, 1);
    assert!(check.out.contains("mat.png"), "{}", check.out);
    assert!(!check.out.contains("xa-hoi.png"), "{}", check.out);
}

#[tokio::test]
async fn a_text_that_would_mention_a_page_mentions_nobody() {
    let house = House::settled("").await;
    house
        .bring_out(&[entry(1, "Gọi @[100064000000000] ngay")])
        .await;
    let message = &house.page.posts()[0].message;
    assert!(
        message.contains("@") && !message.contains("@["),
        "{message}"
    );
}

#[tokio::test]
async fn an_upload_whose_answer_is_lost_is_simply_made_again() {
    let house = House::settled("").await;
    house.mood_on(Kind::Upload, Whim::HangUp { done: true }, 1);
    house.bring_out(&[with_picture(1, "Cầu mới")]).await;
    assert_eq!(house.page.posts()[0].photos.len(), 1);
    assert_eq!(house.page.posts().len(), 1);
}

#[tokio::test]
async fn posts_keep_their_distance() {
    let house = House::settled("spacing = \"10m\"").await;
    house.bring_out(&[entry(2, "Hai"), entry(1, "Một")]).await;
    assert_eq!(house.shown(), ["Một"]);
    house.wait(9 * 60);
    house.once().await;
    assert_eq!(house.shown(), ["Một"]);
    house.wait(60);
    house.once().await;
    assert_eq!(house.shown(), ["Một", "Hai"]);
}

#[tokio::test]
async fn nothing_goes_out_in_quiet_hours_and_everything_after_them() {
    // The clock stands at nine in the morning of Vietnam.
    let house = House::settled("quiet_hours = \"08:00-10:00\"").await;
    house.bring_out(&[entry(1, "Một")]).await;
    assert!(house.shown().is_empty());
    house.wait(3600);
    house.once().await;
    assert_eq!(house.shown(), ["Một"]);
}

#[tokio::test]
async fn what_waits_for_review_goes_out_when_it_is_approved_and_not_before() {
    let house = House::settled("review = \"all\"").await;
    let answer = house.bring_out(&[entry(1, "Một")]).await;
    assert_eq!(at(&answer.document, "/pages/0/held"), 1);
    let list = house
        .ask(Request::List {
            page: None,
            state: Some("held".to_owned()),
        })
        .await;
    let article = at(&list.document, "/records/0/article")
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(at(&list.document, "/records/0/reason"), "review");
    house
        .ask(Request::Change {
            verb: Verb::Approve,
            pick: Pick {
                articles: vec![article],
                ..Pick::default()
            },
        })
        .await;
    house.once().await;
    assert_eq!(house.shown(), ["Một"]);
}

#[tokio::test]
async fn an_old_article_is_held_with_the_reason() {
    let house = House::settled("max_age = \"1d\"").await;
    let old = Entry {
        published: "2026-11-20T08:00:00+07:00".to_owned(),
        ..entry(1, "Cũ")
    };
    let answer = house.bring_out(&[old]).await;
    assert_eq!(at(&answer.document, "/pages/0/held"), 1);
    assert!(house.shown().is_empty());
}

#[tokio::test]
async fn a_dead_token_stops_the_page_keeps_the_queue_and_resumes_in_order() {
    let house = House::settled("").await;
    house.mood_on(Kind::Read, Whim::DeadToken, 1);
    let stopped = house.bring_out(&[entry(2, "Hai"), entry(1, "Một")]).await;
    assert_eq!(stopped.exit.code(), 77);
    assert_eq!(at(&stopped.document, "/pages/0/queued"), 2);
    assert_eq!(
        at(&stopped.document, "/notices").as_array().unwrap().len(),
        1
    );
    house.once().await;
    assert_eq!(house.shown(), ["Một", "Hai"]);
}

#[tokio::test]
async fn a_page_that_asks_for_rest_gets_it_across_restarts() {
    let house = House::settled("").await;
    let limit = Whim::RateLimit {
        code: 80_001,
        minutes: 30,
    };
    house.mood_on(Kind::Read, limit, 1);
    let resting = house.bring_out(&[entry(1, "Một")]).await;
    assert!(at(&resting.document, "/pages/0/paused").is_string());
    let calls = house.page.calls().len();
    house.wait(29 * 60);
    house.once().await;
    assert_eq!(
        house.page.calls().len(),
        calls,
        "nothing is called while it rests"
    );
    house.wait(120);
    house.once().await;
    assert_eq!(house.shown(), ["Một"]);
}

#[tokio::test]
async fn a_page_that_asks_for_a_month_of_rest_gets_two_days() {
    let house = House::settled("").await;
    let limit = Whim::RateLimit {
        code: 80_001,
        minutes: 30 * 24 * 60,
    };
    house.mood_on(Kind::Read, limit, 1);
    house.bring_out(&[entry(1, "Một")]).await;
    house.wait(47 * 3600);
    house.once().await;
    assert!(house.shown().is_empty());
    house.wait(2 * 3600);
    house.once().await;
    assert_eq!(house.shown(), ["Một"]);
}

#[tokio::test]
async fn a_refusal_is_told_with_the_way_to_try_again() {
    let house = House::settled("").await;
    house.mood(Whim::Refused);
    let answer = house.bring_out(&[entry(1, "Một")]).await;
    let notice = at(&answer.document, "/notices/0").as_str().unwrap();
    assert!(notice.contains("loa ledger retry"), "{notice}");
}

#[tokio::test]
async fn an_article_that_another_post_only_mentions_is_posted_all_the_same() {
    let house = House::settled("").await;
    let mentioned = house.site.link(&entry(2, "Hai"));
    let own = PostOrder {
        message: Some(format!("Lời của tôi. Xem thêm: {mentioned}")),
        ..order(Subject::Address(house.site.link(&entry(1, "Một"))))
    };
    house.site.feed(&[entry(1, "Một")]);
    house.ask(Request::Post(own)).await;
    house.bring_out(&[entry(2, "Hai"), entry(1, "Một")]).await;
    assert_eq!(house.page.posts().len(), 2);
}

#[tokio::test]
async fn two_equal_refusals_in_a_row_pause_the_page() {
    let house = House::settled("").await;
    house.mood_on(Kind::Publish, Whim::Refused, 2);
    let entries = [entry(3, "Ba"), entry(2, "Hai"), entry(1, "Một")];
    let answer = house.bring_out(&entries).await;
    assert_eq!(at(&answer.document, "/pages/0/refused"), 2);
    assert_eq!(at(&answer.document, "/pages/0/queued"), 1);
    assert!(at(&answer.document, "/pages/0/paused").is_string());
    house.ask(Request::Resume { page: None }).await;
    house.once().await;
    assert_eq!(house.shown(), ["Ba"]);
}

#[tokio::test]
async fn a_pause_stops_posting_but_not_polling() {
    let house = House::settled("").await;
    let pause = Request::Pause {
        page: None,
        for_secs: Some(3600),
        why: None,
    };
    house.ask(pause).await;
    let answer = house.bring_out(&[entry(1, "Một")]).await;
    assert_eq!(at(&answer.document, "/pages/0/queued"), 1);
    house.wait(3600);
    house.once().await;
    assert_eq!(house.shown(), ["Một"]);
}

#[tokio::test]
async fn a_typo_in_a_template_never_stops_posting() {
    let house = House::settled("template = \"rieng\"").await;
    let templates = house.dir.path().join("templates");
    std::fs::create_dir(&templates).unwrap();
    std::fs::write(templates.join("rieng.j2"), "{{ tieude }}").unwrap();
    house.bring_out(&[entry(1, "Một")]).await;
    assert_eq!(house.shown(), ["Một"]);
    let check = house.ask(Request::CheckTemplates).await;
    assert_eq!(check.exit.code(), 1);
    let fault = at(&check.document, "/faults/0").as_str().unwrap();
    assert!(
        fault.contains("rieng") && fault.contains("title"),
        "{fault}"
    );
}

#[tokio::test]
async fn what_a_person_posted_by_hand_is_adopted_and_not_repeated() {
    let house = House::settled("").await;
    let article = entry(1, "Một");
    house
        .page
        .post_by_hand("Mời bà con xem", Some(&house.site.link(&article)))
        .unwrap();
    house.bring_out(&[article]).await;
    assert_eq!(house.page.posts().len(), 1);
    let list = house
        .ask(Request::List {
            page: None,
            state: None,
        })
        .await;
    assert_eq!(at(&list.document, "/records/0/state"), "published");
}

fn order(what: Subject) -> PostOrder {
    PostOrder {
        what,
        ..PostOrder::default()
    }
}

#[tokio::test]
async fn one_article_by_hand_passes_review_age_and_quiet_hours_and_is_told_when_asked_twice() {
    let house =
        House::settled("review = \"all\"\nmax_age = \"1d\"\nquiet_hours = \"00:00-23:59\"").await;
    let old = Entry {
        published: "2023-05-17T08:00:00+07:00".to_owned(),
        ..with_picture(1, "Một")
    };
    house.site.feed(std::slice::from_ref(&old));
    let link = house.site.link(&old);
    let posted = house
        .ask(Request::Post(order(Subject::Address(link.clone()))))
        .await;
    assert_eq!(posted.exit.code(), 0, "{:#}", posted.document);
    assert_eq!(at(&posted.document, "/state"), "published");
    assert_eq!(house.page.posts()[0].photos.len(), 1);

    let twice = house
        .ask(Request::Post(order(Subject::Address(link.clone()))))
        .await;
    assert_eq!(twice.exit.code(), 65);
    assert!(at(&twice.document, "/permalink").is_string());
    assert_eq!(house.page.posts().len(), 1);

    let again = PostOrder {
        again: true,
        ..order(Subject::Address(link))
    };
    let again = house.ask(Request::Post(again)).await;
    assert_eq!(again.exit.code(), 0, "{:#}", again.document);
    assert_eq!(house.page.posts().len(), 2);
}

#[tokio::test]
async fn a_persons_own_words_go_out_as_they_are_and_a_dry_run_sends_nothing() {
    let house = House::settled("").await;
    let mut own = order(Subject::Text(
        "Mời họp dân 19 giờ\ntại nhà văn hóa ấp 3".to_owned(),
    ));
    own.dry_run = true;
    let preview = house.ask(Request::Post(own.clone())).await;
    assert_eq!(at(&preview.document, "/state"), "preview");
    assert!(house.page.posts().is_empty());
    own.dry_run = false;
    house.ask(Request::Post(own)).await;
    assert_eq!(
        house.page.posts()[0].message,
        "Mời họp dân 19 giờ\ntại nhà văn hóa ấp 3"
    );
}

#[tokio::test]
async fn a_post_for_later_waits_for_its_time() {
    let house = House::settled("").await;
    house.site.feed(&[entry(1, "Một")]);
    let later = PostOrder {
        at: house
            .now()
            .checked_add(jiff::SignedDuration::from_hours(2))
            .ok(),
        ..order(Subject::Address(house.site.link(&entry(1, "Một"))))
    };
    let queued = house.ask(Request::Post(later)).await;
    assert_eq!(queued.exit.code(), 0, "{:#}", queued.document);
    assert_eq!(at(&queued.document, "/state"), "queued");
    house.once().await;
    assert!(house.shown().is_empty());
    house.wait(2 * 3600);
    house.once().await;
    assert_eq!(house.shown(), ["Một"]);
}
