//! The rehearsal page keeps the contract of the real one: whatever a client relies on there, it
//! finds here, and whatever would catch it out there, catches it out here.

mod lists;

use std::time::Duration;

use reqwest::{Client, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use super::mood::{Kind, Mood, Whim};
use super::*;
use crate::clock::ManualClock;

const TOKEN: &str = "EAAGm0PX4ZCpsBAKZA1234567890";
/// A grey picture.
const PIXEL: &[u8] = include_bytes!("../desk/check/pixel.png");

struct Stage {
    page: RehearsalPage,
    clock: ManualClock,
    root: String,
    client: Client,
}

async fn stage() -> Stage {
    stage_in(None).await
}

async fn stage_in(dir: Option<PathBuf>) -> Stage {
    let clock = ManualClock::at("2026-11-24T05:00:00Z".parse().unwrap());
    let settings = Settings {
        dir,
        ..Settings::in_memory(TOKEN, Arc::new(clock.clone()))
    };
    let page = RehearsalPage::open(settings).unwrap();
    let root = format!("http://{}", page.serve_on_loopback().await.unwrap());
    let client = crate::http_client::graph_client(Duration::from_secs(30), None).unwrap();
    Stage {
        page,
        clock,
        root,
        client,
    }
}

impl Stage {
    fn get(&self, path: &str) -> RequestBuilder {
        let address = format!("{}/v26.0/{path}", self.root);
        self.client.get(address).bearer_auth(TOKEN)
    }

    fn post(&self, path: &str) -> RequestBuilder {
        let address = format!("{}/v26.0/{path}", self.root);
        self.client.post(address).bearer_auth(TOKEN)
    }

    /// Publishes and tells the post's id.
    async fn publish(&self, message: &str) -> String {
        let request = self.post("me/feed").form(&[("message", message)]);
        let (status, answer) = answer(request).await;
        assert_eq!(status, 200, "{answer}");
        answer["id"].as_str().unwrap().to_owned()
    }

    /// Uploads a picture that nobody sees yet and tells its id.
    async fn upload(&self) -> String {
        let file = reqwest::multipart::Part::bytes(PIXEL).file_name("anh.png");
        let form = reqwest::multipart::Form::new()
            .text("published", "false")
            .part("source", file);
        let (status, answer) = answer(self.post("me/photos").multipart(form)).await;
        assert_eq!(status, 200, "{answer}");
        answer["id"].as_str().unwrap().to_owned()
    }

    async fn attach(&self, photo: &str) -> (u16, Value) {
        let media = json!([{ "media_fbid": photo }]).to_string();
        let form = [("message", "Ảnh"), ("attached_media", media.as_str())];
        answer(self.post("me/feed").form(&form)).await
    }
}

async fn answer(request: RequestBuilder) -> (u16, Value) {
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    let document = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    (status, document)
}

fn code(answer: &(u16, Value)) -> (i64, Option<i64>) {
    let error = &answer.1["error"];
    let code = error["code"].as_i64();
    (
        code.unwrap_or_else(|| panic!("{answer:?}")),
        error["error_subcode"].as_i64(),
    )
}

#[tokio::test]
async fn without_a_good_token_nothing_is_answered_but_an_error_in_an_envelope() {
    let stage = stage().await;
    let bare = stage.client.get(format!("{}/v26.0/me", stage.root));
    let (status, error) = answer(bare).await;
    assert_eq!((status, &error["error"]["code"]), (400, &json!(104)));
    let wrong = stage.client.get(format!("{}/me", stage.root));
    let wrong = answer(wrong.bearer_auth("EAAwrong")).await;
    assert_eq!(wrong.0, 400);
    let error = wrong.1["error"].as_object().unwrap();
    let members: Vec<&str> = error.keys().map(String::as_str).collect();
    assert_eq!(members, ["code", "fbtrace_id", "message", "type"]);
    assert_eq!(error["type"], "OAuthException");
    assert_eq!(error["code"], 190);
}

#[tokio::test]
async fn parameters_come_in_the_address_as_a_form_as_json_and_in_parts() {
    let stage = stage().await;
    let text = "Cần Đước & “bạn”";
    let ways = [
        stage.post("me/feed").query(&[("message", text)]),
        stage.post("me/feed").form(&[("message", text)]),
        stage
            .post("me/feed")
            .header("content-type", "application/json")
            .body(json!({ "message": text }).to_string()),
        stage
            .post("me/feed")
            .multipart(reqwest::multipart::Form::new().text("message", text)),
    ];
    for way in ways {
        assert_eq!(answer(way).await.0, 200);
    }
    let texts: Vec<String> = stage.page.posts().into_iter().map(|p| p.message).collect();
    assert_eq!(texts, [text; 4]);
}

#[tokio::test]
async fn a_token_may_stand_among_the_parameters_and_never_shows_in_the_journal_of_calls() {
    let stage = stage().await;
    let form = [("message", "Chào"), ("access_token", TOKEN)];
    let request = stage.client.post(format!("{}/me/feed", stage.root));
    assert_eq!(answer(request.form(&form)).await.0, 200);
    let debug = [("input_token", TOKEN), ("access_token", TOKEN)];
    let request = stage.client.post(format!("{}/debug_token", stage.root));
    assert_eq!(
        answer(request.form(&debug)).await.1["data"]["is_valid"],
        true
    );
    let calls = format!("{:?}", stage.page.calls());
    assert!(calls.contains("debug_token"), "{calls}");
    assert!(!calls.contains(TOKEN), "{calls}");
}

#[tokio::test]
async fn ids_are_text_beyond_what_a_floating_point_number_holds() {
    let stage = stage().await;
    let ids = [
        stage.publish("Một").await,
        stage.publish("Hai").await,
        stage.upload().await,
    ];
    for id in &ids {
        let digits: u64 = id.rsplit('_').next().unwrap().parse().unwrap();
        assert!(digits > 1 << 53, "{id}");
    }
    assert!(ids[0].starts_with(&format!("{PAGE_ID}_")));
    assert_ne!(ids[0], ids[1]);
}

#[tokio::test]
async fn a_photo_is_used_once() {
    let stage = stage().await;
    let photo = stage.upload().await;
    assert_eq!(stage.attach(&photo).await.0, 200);
    let again = stage.attach(&photo).await;
    assert_eq!(code(&again), (100, Some(1_366_051)));
    assert_eq!(stage.page.posts().len(), 1);
}

#[tokio::test]
async fn a_photo_that_nobody_attached_is_gone_after_a_day_and_nobody_ever_saw_it() {
    let stage = stage().await;
    let photo = stage.upload().await;
    assert!(stage.page.posts().is_empty());
    stage.clock.advance(Duration::from_hours(24));
    assert_eq!(code(&stage.attach(&photo).await).0, 100);
    assert!(stage.page.posts().is_empty());
}

#[tokio::test]
async fn what_is_no_picture_is_refused_and_so_is_a_call_without_a_file() {
    let stage = stage().await;
    let file = reqwest::multipart::Part::bytes(&b"<html>"[..]).file_name("anh.jpg");
    let form = reqwest::multipart::Form::new().part("source", file);
    let refused = answer(stage.post("me/photos").multipart(form)).await;
    assert_eq!(code(&refused), (100, Some(1_366_046)));
    let nothing = answer(
        stage
            .post("me/photos")
            .form(&[("url", "http://127.0.0.1/x")]),
    );
    assert_eq!(code(&nothing.await).0, 324);
}

#[tokio::test]
async fn what_it_says_it_has_already_comes_in_three_words() {
    for (whim, expected) in [
        (Whim::Duplicate, (506, None)),
        (Whim::AlreadyPosted, (368, None)),
        (Whim::PhotosPosted, (100, Some(1_366_051))),
    ] {
        let stage = stage().await;
        stage.page.set_mood(Mood::once(whim));
        let refused = answer(stage.post("me/feed").form(&[("message", "Lại")])).await;
        assert_eq!(code(&refused), expected);
        assert!(stage.page.posts().is_empty());
    }
}

#[tokio::test]
async fn its_own_posts_may_be_edited_and_deleted_and_those_of_others_not() {
    let stage = stage().await;
    let own = stage.publish("Sai chính tã").await;
    let by_hand = stage.page.post_by_hand("Của người khác", None).unwrap();
    let better = [("message", "Sai chính tả")];
    assert_eq!(
        answer(stage.post(&own).form(&better)).await.1["success"],
        true
    );
    assert_eq!(
        code(&answer(stage.post(&by_hand).form(&better)).await).0,
        200
    );
    let texts: Vec<String> = stage.page.posts().into_iter().map(|p| p.message).collect();
    assert_eq!(texts, ["Của người khác", "Sai chính tả"]);
    let address = format!("{}/{own}", stage.root);
    let gone = stage.client.delete(address).bearer_auth(TOKEN);
    assert_eq!(answer(gone).await.0, 200);
    assert_eq!(code(&answer(stage.get(&own)).await), (100, Some(33)));
}

#[tokio::test]
async fn what_was_posted_is_there_after_a_restart_and_a_line_that_broke_off_is_forgotten() {
    let dir = tempfile::tempdir().unwrap();
    let before = stage_in(Some(dir.path().to_owned())).await;
    let photo = before.upload().await;
    assert_eq!(before.attach(&photo).await.0, 200);
    let kept = before.page.posts();
    drop(before);
    let log = dir.path().join("changes.jsonl");
    let mut torn = std::fs::read(&log).unwrap();
    torn.extend_from_slice(b"{\"posted\":{\"id\":\"1_2\",\"mess");
    std::fs::write(&log, torn).unwrap();
    let after = stage_in(Some(dir.path().to_owned())).await;
    assert_eq!(after.page.posts(), kept);
    let next = after.publish("Sau khi khởi động lại").await;
    assert!(kept.iter().all(|post| post.id != next));
    let picture = after
        .client
        .get(format!("{}/_rehearsal/media/{photo}", after.root));
    assert_eq!(
        picture.send().await.unwrap().bytes().await.unwrap(),
        PIXEL,
        "the picture is still there"
    );
}

#[tokio::test]
async fn the_page_shows_its_posts_to_readers_and_lets_no_foreign_script_in() {
    let stage = stage().await;
    stage.publish("<script>alert(1)</script> & tin").await;
    let response = stage
        .client
        .get(format!("{}/", stage.root))
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    let policy = response.headers()["content-security-policy"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(
        policy.contains("script-src 'self'") && !policy.contains("unsafe"),
        "{policy}"
    );
    let html = response.text().await.unwrap();
    assert!(
        html.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; tin"),
        "{html}"
    );
}

#[tokio::test]
async fn its_date_is_that_of_its_own_clock() {
    let stage = stage().await;
    stage.clock.advance(Duration::from_hours(24));
    let response = stage.get("me").send().await.unwrap();
    assert_eq!(response.headers()["date"], "Wed, 25 Nov 2026 05:00:00 GMT");
}
