//! Posts, photos, cards, hours.

use loa::rehearsal::mood::{Kind, Whim};
use reqwest::Method;
use reqwest::multipart::Form;
use serde_json::{Value, json};

use super::{PICTURE, Stage, hear, stage};

/// What becomes of a call that is answered like this, and whether the post is there afterwards.
async fn lost(stage: &Stage, whim: Whim) -> (Result<u16, ()>, usize) {
    let before = stage.page.posts().len();
    stage.mood(Kind::Publish, whim);
    let call = stage.call(Method::POST, "me/feed");
    let call = call.form(&[("message", "Chào")]).send();
    let answer = tokio::select! {
        answer = call => answer.map(|answer| answer.status().as_u16()).map_err(|_| ()),
        () = stage.page.keeps_waiting() => Err(()),
    };
    (answer, stage.page.posts().len() - before)
}

#[tokio::test]
async fn point_1_a_post_is_there_and_the_answer_says_otherwise_and_the_twins_where_it_is_not() {
    let stage = stage().await;
    for done in [true, false] {
        let there = usize::from(done);
        for (whim, status) in [
            (Whim::HangUp { done }, Err(())),
            (Whim::Silence { done }, Err(())),
            (Whim::Fails { code: 2, done }, Ok(500)),
            (Whim::Fails { code: 1, done }, Ok(500)),
            (Whim::Html { done }, Ok(502)),
            (Whim::Truncated { done }, Ok(200)),
        ] {
            let came = lost(&stage, whim.clone()).await;
            assert_eq!(came, (status, there), "{whim:?}");
        }
    }
}

#[tokio::test]
async fn point_2_repeats_are_posted_unless_the_page_is_told_otherwise() {
    let stage = stage().await;
    stage.say("Chào").await.id();
    stage.say("Chào").await.id();
    assert_eq!(stage.texts(), ["Chào", "Chào"]);
    stage.habits(json!({ "repeats": "duplicate" })).await;
    assert_eq!(stage.say("Chào").await.error(), (400, 506, None));
    stage.habits(json!({ "repeats": "already-posted" })).await;
    let refused = stage.say("Chào").await;
    assert_eq!(refused.error(), (400, 368, None));
    let words = refused.document["error"]["message"].as_str().unwrap();
    assert!(words.contains("already posted"));
    stage.say("Khác").await.id();
}

#[tokio::test]
async fn point_3_an_error_is_an_envelope_with_a_trace_and_a_challenge_and_absent_members_are_absent()
 {
    let stage = stage().await;
    let refused = stage.post("me/feed", &[]).await;
    let members = refused.document["error"].as_object().unwrap();
    let mut members: Vec<&str> = members.keys().map(String::as_str).collect();
    members.sort_unstable();
    assert_eq!(members, ["code", "fbtrace_id", "message", "type"]);
    let challenge = refused.header("www-authenticate").unwrap();
    assert!(
        challenge.starts_with("OAuth \"Facebook Platform\" \""),
        "{challenge}"
    );
    let called = refused.header("content-type");
    assert_eq!(called, Some("text/javascript; charset=UTF-8"));
    stage.habits(json!({ "says_json": true })).await;
    let refused = stage.post("me/feed", &[]).await;
    let called = refused.header("content-type");
    assert_eq!(called, Some("application/json; charset=UTF-8"));
    let bad = stage
        .upload(b"khong phai anh", &[("published", "false")])
        .await;
    assert_eq!(bad.document["error"]["is_transient"], false);
    assert!(bad.document["error"]["error_user_msg"].is_string());
}

#[tokio::test]
async fn point_5_ids_are_strings_beyond_what_a_float_holds() {
    let stage = stage().await;
    let post = stage.say("Chào").await.id().to_owned();
    let (page, number) = post.split_once('_').unwrap();
    assert!(page.bytes().all(|digit| digit.is_ascii_digit()));
    assert!(number.parse::<u64>().unwrap() > 1 << 53);
    let photo = stage.hidden_photo().await;
    assert!(photo.parse::<u64>().unwrap() > 1 << 53);
}

#[tokio::test]
async fn point_6_photos_come_as_one_file_or_from_one_address_and_vanish_after_a_day() {
    let stage = stage().await;
    let hidden = stage.upload(PICTURE, &[("published", "false")]).await;
    let members = hidden.document.as_object().unwrap();
    assert_eq!(members.keys().collect::<Vec<_>>(), ["id"]);
    let shown = stage.upload(PICTURE, &[]).await;
    assert_eq!(
        shown.document["post_id"],
        stage.page.posts()[0].id.as_str(),
        "a published photo is a post"
    );
    let url = "https://site.example/anh.png";
    let fetched = [("url", url), ("published", "0")];
    stage.post("me/photos", &fetched).await.id();
    for bad in ["https://site.example/mat", "https://site.example/trang"] {
        let url = [("url", bad), ("published", "false")];
        assert_eq!(
            stage.post("me/photos", &url).await.error(),
            (400, 324, None)
        );
    }
    assert_eq!(stage.post("me/photos", &[]).await.error(), (400, 324, None));
    let unreadable = (400, 100, Some(1_366_046));
    let text = stage.upload(b"chu", &[("published", "false")]).await;
    assert_eq!(text.error(), unreadable);
    stage.habits(json!({ "photo_bytes_max": 10 })).await;
    let large = stage.upload(PICTURE, &[("published", "false")]).await;
    assert_eq!(large.error(), unreadable);
    stage.habits(json!({})).await;
    let scheduled = [
        ("published", "false"),
        ("temporary", "true"),
        ("scheduled_publish_time", "1795597200"),
    ];
    let both = stage.upload(PICTURE, &scheduled).await;
    assert_eq!(both.error(), (400, 100, None));

    let photo = stage.hidden_photo().await;
    stage.wait(24 * 3600);
    assert_eq!(
        attach(&stage, &photo).await.error(),
        (400, 100, Some(1_366_051))
    );
}

async fn attach(stage: &Stage, photo: &str) -> super::Heard {
    let media = json!({ "media_fbid": photo }).to_string();
    let form = [("message", "Ảnh"), ("attached_media[0]", media.as_str())];
    stage.post("me/feed", &form).await
}

#[tokio::test]
async fn point_7_a_post_needs_something_and_each_photo_serves_once() {
    let stage = stage().await;
    let bad = (400, 100, None);
    assert_eq!(stage.post("me/feed", &[]).await.error(), bad);
    let long = "ă".repeat(63_207);
    assert_eq!(stage.say(&long).await.error(), bad);
    assert_eq!(attach(&stage, "122").await.error(), bad);

    let (first, second) = (stage.hidden_photo().await, stage.hidden_photo().await);
    attach(&stage, &first).await.id();
    let again = attach(&stage, &first).await.error();
    assert_eq!(again, (400, 100, Some(1_366_051)));
    let list = json!([{ "media_fbid": second }]).to_string();
    let fields = "id,permalink_url,created_time";
    let form = [("attached_media", list.as_str()), ("fields", fields)];
    let made = stage.post("me/feed", &form).await;
    let post = made.id();
    let document = &made.document;
    assert!(document["permalink_url"].as_str().unwrap().contains(post));
    assert_eq!(document["created_time"], "2026-11-24T05:00:00+0000");
    assert_eq!(document.as_object().unwrap().len(), 3);
}

#[tokio::test]
async fn point_8_parameters_come_in_four_ways_and_booleans_in_three() {
    let stage = stage().await;
    let call = || stage.call(Method::POST, "me/feed");
    let ways = [
        call().query(&[("message", "Chào"), ("published", "false")]),
        call().form(&[("message", "Chào"), ("published", "false")]),
        call().json(&json!({ "message": "Chào", "published": false })),
        call().multipart(Form::new().text("message", "Chào").text("published", "0")),
    ];
    for way in ways {
        hear(way).await.id();
    }
    assert!(stage.texts().is_empty(), "none of them is published");
    for yes in ["true", "1"] {
        let form = [("message", "Chào"), ("published", yes)];
        stage.post("me/feed", &form).await.id();
    }
    hear(call().json(&json!({ "message": "Chào", "published": true })))
        .await
        .id();
    assert_eq!(stage.texts().len(), 3);
}

#[tokio::test]
async fn point_13_posting_too_fast_is_a_block_and_some_hosts_cannot_be_looked_at() {
    let stage = stage().await;
    stage
        .habits(json!({ "pace": { "posts": 2, "seconds": 60 } }))
        .await;
    stage.say("Một").await.id();
    stage.say("Hai").await.id();
    let too_fast = (400, 368, Some(1_390_008));
    assert_eq!(stage.say("Ba").await.error(), too_fast);
    stage.wait(60);
    stage.say("Ba").await.id();

    let hosts = json!({ "cham.example": 1_609_005, "sai.example": 1500 });
    stage.habits(json!({ "unscrapable": hosts })).await;
    for (link, code) in [
        ("https://cham.example/1", 1_609_005),
        ("https://sai.example/1", 1500),
        ("https://www.facebook.com/1", 1_609_008),
    ] {
        let refused = stage.post("me/feed", &[("link", link)]).await;
        assert_eq!(refused.error(), (400, code, None), "{link}");
    }
    stage
        .post("me/feed", &[("link", "https://site.example/1")])
        .await
        .id();
    for (code, subcode) in [
        (190, Some(459)),
        (4_854_002, None),
        (341, None),
        (613, None),
    ] {
        let whim = json!({ "mood": "errs", "status": 400, "code": code, "subcode": subcode });
        stage.mood(Kind::Publish, serde_json::from_value(whim).unwrap());
        assert_eq!(stage.say("Chào").await.error(), (400, code, subcode));
    }
}

#[tokio::test]
async fn the_card_of_an_address_that_was_never_looked_at_has_no_picture_the_first_time() {
    let stage = stage().await;
    stage.habits(json!({ "cold_cards": true })).await;
    let link = "https://site.example/1";
    let picture = |stage: &Stage| {
        let card = stage.page.posts()[0].card.clone().unwrap();
        card.image
    };
    stage.post("me/feed", &[("link", link)]).await.id();
    assert_eq!(picture(&stage), None);
    let scraped = stage.post("", &[("id", link), ("scrape", "true")]).await;
    assert_eq!(scraped.document["title"], "Cầu mới");
    stage.post("me/feed", &[("link", link)]).await.id();
    assert!(picture(&stage).is_some());
}

/// Schedules a post, and tells the id or the error.
async fn schedule(stage: &Stage, when: &str) -> Result<String, (u16, i64, Option<i64>)> {
    let form = [
        ("message", "Hẹn"),
        ("published", "false"),
        ("scheduled_publish_time", when),
    ];
    let heard = stage.post("me/feed", &form).await;
    match heard.status {
        200 => Ok(heard.id().to_owned()),
        _ => Err(heard.error()),
    }
}

#[tokio::test]
async fn point_17_a_scheduled_post_waits_in_its_own_list_and_appears_when_the_clock_says_so() {
    let stage = stage().await;
    // 2026-11-24T05:00:00Z is 1795496400.
    let bad = Err((400, 100, None));
    assert_eq!(schedule(&stage, "1795496999").await, bad, "599 s ahead");
    for accepted in [
        "1795497000",
        "2026-11-24T06:00:00Z",
        "2026-11-24T06:00:00+0000",
        "+2 hours",
        "tomorrow",
    ] {
        assert!(schedule(&stage, accepted).await.is_ok(), "{accepted}");
    }
    let days = |days: i64| (1_795_496_400 + days * 86_400).to_string();
    assert!(schedule(&stage, &days(30)).await.is_ok());
    assert_eq!(schedule(&stage, &days(31)).await, bad);
    stage.habits(json!({ "schedule_days": 75 })).await;
    assert!(schedule(&stage, &days(75)).await.is_ok());
    let at_once = [("message", "Hẹn"), ("scheduled_publish_time", "+2 hours")];
    assert_eq!(
        stage.post("me/feed", &at_once).await.error(),
        (400, 100, None)
    );

    let waiting = async || {
        let heard = stage.get("me/scheduled_posts?limit=100").await;
        heard.document["data"].as_array().unwrap().len()
    };
    assert_eq!((waiting().await, stage.texts().len()), (7, 0));
    stage.wait(600);
    assert_eq!((waiting().await, stage.texts().len()), (6, 1));
    let shown = stage.get("me/published_posts?fields=created_time").await;
    let created = &shown.document["data"][0]["created_time"];
    assert_eq!(
        created, "2026-11-24T05:10:00+0000",
        "dated when it appeared"
    );

    let photo = [
        ("published", "false"),
        ("scheduled_publish_time", "+2 hours"),
    ];
    let words = stage.upload(PICTURE, &photo).await;
    assert_eq!(
        words.error(),
        (400, 100, None),
        "/photos takes seconds only"
    );
    let photo = [
        ("published", "false"),
        ("scheduled_publish_time", "1795597200"),
    ];
    stage.upload(PICTURE, &photo).await.id();
    scheduled_photos(&stage).await;
}

/// Photos of a scheduled post have to be temporary, and the post to say what it is.
async fn scheduled_photos(stage: &Stage) {
    let temporary = [("published", "false"), ("temporary", "true")];
    let temporary = stage.upload(PICTURE, &temporary).await.id().to_owned();
    let plain = stage.hidden_photo().await;
    for (photo, kind, is_taken) in [
        (&plain, "SCHEDULED", false),
        (&temporary, "DRAFT", false),
        (&temporary, "SCHEDULED", true),
    ] {
        let media = json!([{ "media_fbid": photo }]);
        let call = stage.call(Method::POST, "me/feed").json(&json!({
            "message": "Hẹn", "attached_media": media, "published": false,
            "scheduled_publish_time": "+2 hours", "unpublished_content_type": kind,
        }));
        assert_eq!(hear(call).await.status == 200, is_taken, "{photo} {kind}");
    }
}

#[tokio::test]
async fn point_18_only_the_app_that_made_a_post_edits_it_and_deleting_may_be_refused() {
    let stage = stage().await;
    let ours = stage.say("Chào").await.id().to_owned();
    let by_hand = stage.page.post_by_hand("Của người", None).unwrap();
    let edit = [("message", "Sửa")];
    assert_eq!(stage.post(&ours, &edit).await.document["success"], true);
    assert_eq!(stage.post(&by_hand, &edit).await.error().1, 200);
    assert_eq!(stage.texts(), ["Của người", "Sửa"]);
    stage.habits(json!({ "keeps_posts": true })).await;
    let kept = hear(stage.call(Method::DELETE, &ours)).await;
    assert_eq!(kept.error().1, 200);
    stage.habits(json!({})).await;
    let gone = hear(stage.call(Method::DELETE, &ours)).await;
    assert_eq!(gone.document, json!({ "success": true }));
    assert_eq!(stage.get(&ours).await.error(), (400, 100, Some(33)));
}

#[tokio::test]
async fn point_20_a_late_answer_comes_and_the_post_is_there_before() {
    let stage = stage().await;
    stage.mood(Kind::Publish, Whim::Slow { seconds: 60 });
    let call = stage.call(Method::POST, "me/feed");
    let call = call.form(&[("message", "Chậm")]);
    let heard = tokio::spawn(hear(call));
    stage.page.keeps_waiting().await;
    stage.wait(60);
    heard.await.unwrap().id();
    assert_eq!(stage.texts(), ["Chậm"]);
}

#[tokio::test]
async fn point_21_every_call_is_in_the_journal_and_no_token_is() {
    let stage = stage().await;
    stage.say("Chào").await.id();
    let token = [("message", "Sai"), ("access_token", "EAAwrong")];
    stage.post("me/feed", &token).await.error();
    let address = format!("{}/_rehearsal/calls", stage.root);
    let journal = stage.client.get(address).send().await.unwrap();
    let journal = journal.text().await.unwrap();
    let calls: Value = serde_json::from_str(&journal).unwrap();
    let statuses = calls.as_array().unwrap().iter();
    let statuses: Vec<&Value> = statuses.map(|call| &call["status"]).collect();
    assert_eq!(statuses, [&json!(200), &json!(400)]);
    assert!(!journal.contains("EAA"), "{journal}");
}
