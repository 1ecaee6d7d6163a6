//! Whose token may do what, and how one is come by.

use loa::rehearsal::mood::{Kind, Whim};
use loa::rehearsal::{APP_ID, APP_SECRET, OTHER_PAGE_ID, PAGE_ID};
use reqwest::Method;
use serde_json::{Value, json};
use url::Url;

use super::{Heard, Stage, TOKEN, hear, stage};

const BACK: &str = "https://loa.example/ve";
const SCOPES: &str =
    "pages_show_list,pages_manage_posts,pages_read_engagement,pages_read_user_content";

impl Stage {
    /// A code from the dialog for whoever ticks these.
    async fn code(&self, ticked: &[&str]) -> String {
        let address = format!("{}/v26.0/dialog/oauth", self.root);
        let query = [
            ("client_id", APP_ID),
            ("redirect_uri", BACK),
            ("state", "s1"),
            ("scope", SCOPES),
        ];
        let form: Vec<(&str, &str)> = ticked.iter().map(|name| (*name, "on")).collect();
        let call = self.client.post(address).query(&query).form(&form);
        let response = call.send().await.unwrap();
        let location = response.headers()["location"].to_str().unwrap();
        let back = Url::parse(location).unwrap();
        let member = |name: &str| {
            let found = back.query_pairs().find(|(key, _)| key == name);
            found.map(|(_, value)| value.into_owned())
        };
        assert_eq!(member("state").as_deref(), Some("s1"));
        member("code").unwrap_or_else(|| member("error").unwrap())
    }

    async fn exchange(&self, form: &[(&str, &str)]) -> Heard {
        let address = format!("{}/v26.0/oauth/access_token", self.root);
        let app = [("client_id", APP_ID), ("client_secret", APP_SECRET)];
        let form = [&app, form].concat();
        hear(self.client.post(address).form(&form)).await
    }

    async fn redeem(&self, code: &str) -> Heard {
        self.exchange(&[("code", code), ("redirect_uri", BACK)])
            .await
    }

    async fn short_token(&self, ticked: &[&str]) -> String {
        let code = self.code(ticked).await;
        text(&self.redeem(&code).await.document, "access_token")
    }

    async fn long_token(&self, short: &str) -> Heard {
        self.exchange(&[
            ("grant_type", "fb_exchange_token"),
            ("fb_exchange_token", short),
        ])
        .await
    }

    async fn get_as(&self, token: &str, path: &str) -> Heard {
        let address = format!("{}/v26.0/{path}", self.root);
        hear(self.client.get(address).bearer_auth(token)).await
    }

    async fn told_of(&self, token: &str) -> Value {
        let address = format!("{}/v26.0/debug_token", self.root);
        let app = format!("{APP_ID}|{APP_SECRET}");
        let call = self.client.get(address).bearer_auth(app);
        let heard = hear(call.query(&[("input_token", token)])).await;
        assert_eq!(heard.status, 200);
        heard.document["data"].clone()
    }
}

fn text(document: &Value, name: &str) -> String {
    let text = document[name].as_str();
    text.unwrap_or_else(|| panic!("{name} in {document}"))
        .to_owned()
}

/// A person who ticks everything but what is named.
fn all_but(declined: &'static str) -> Vec<&'static str> {
    let ticked = [
        "agree",
        "may-post",
        "page:350350350350350",
        "scope:pages_show_list",
        "scope:pages_manage_posts",
        "scope:pages_read_engagement",
        "scope:pages_read_user_content",
    ];
    let kept = ticked.into_iter().filter(|name| !name.ends_with(declined));
    kept.collect()
}

async fn page_token(stage: &Stage, person: &str) -> String {
    let accounts = stage.get_as(person, "me/accounts").await;
    text(&accounts.document["data"][0], "access_token")
}

#[tokio::test]
async fn point_4_every_call_needs_a_living_token_of_the_page_in_any_of_three_places() {
    let stage = stage().await;
    let address = format!("{}/v26.0/me?fields=id", stage.root);
    let call = || stage.client.get(&address);
    assert_eq!(hear(call()).await.error(), (400, 104, None));
    let wrong = hear(call().bearer_auth("EAAwrong")).await;
    assert_eq!(wrong.error(), (400, 190, None));
    hear(call().bearer_auth(TOKEN)).await.id();
    hear(call().query(&[("access_token", TOKEN)])).await.id();
    let form = [("message", "Chào"), ("access_token", TOKEN)];
    let body = stage.client.post(format!("{}/{PAGE_ID}/feed", stage.root));
    hear(body.form(&form)).await.id();

    stage.mood(Kind::Publish, Whim::DeadToken);
    assert_eq!(stage.say("Chào").await.error(), (400, 190, Some(460)));
    for subcode in [463, 492] {
        let whim = Whim::Errs {
            status: 400,
            code: 190,
            subcode: Some(subcode),
            words: String::new(),
        };
        stage.mood(Kind::Publish, whim);
        assert_eq!(stage.say("Chào").await.error(), (400, 190, Some(subcode)));
    }
    let other = stage.get(&format!("{OTHER_PAGE_ID}/published_posts")).await;
    assert_eq!(other.status, 400, "another Page's");
}

#[tokio::test]
async fn point_4_posting_and_reading_back_need_their_scopes_and_a_page_token() {
    let stage = stage().await;
    stage.page.allow_redirect(BACK);
    for (declined, posts, reads) in [
        ("pages_manage_posts", Some(200), None),
        ("pages_read_engagement", Some(283), Some(10)),
        ("pages_read_user_content", None, Some(10)),
    ] {
        let person = stage.short_token(&all_but(declined)).await;
        let token = page_token(&stage, &person).await;
        let form = [("message", "Chào"), ("access_token", token.as_str())];
        let posted = stage.post("me/feed", &form).await;
        let code = |heard: &Heard| heard.document["error"]["code"].as_i64();
        assert_eq!(code(&posted), posts, "{declined}");
        let read = stage.get_as(&token, "me/published_posts").await;
        assert_eq!(code(&read), reads, "{declined}");
    }
    let person = stage.short_token(&all_but("-")).await;
    let path = format!("{PAGE_ID}/feed");
    let form = [("message", "Chào"), ("access_token", person.as_str())];
    let refused = stage.post(&path, &form).await.error();
    assert_eq!(refused, (400, 190, Some(2_069_032)));
}

#[tokio::test]
async fn point_14_codes_are_good_once_for_ten_minutes_and_one_address() {
    let stage = stage().await;
    stage.page.allow_redirect(BACK);
    assert_eq!(stage.code(&[]).await, "access_denied");
    let code = stage.code(&all_but("-")).await;
    let elsewhere = [("code", code.as_str()), ("redirect_uri", "https://khac/")];
    let mismatch = stage.exchange(&elsewhere).await.error();
    assert_eq!(mismatch, (400, 100, Some(36_008)));
    let token = stage.redeem(&code).await;
    assert_eq!(token.document["token_type"], "bearer");
    assert_eq!(stage.redeem(&code).await.error(), (400, 100, Some(36_009)));
    let late = stage.code(&all_but("-")).await;
    stage.wait(601);
    assert_eq!(stage.redeem(&late).await.error().1, 100);
}

#[tokio::test]
async fn point_14_a_page_token_lives_as_long_as_the_token_that_asked_for_it() {
    let stage = stage().await;
    stage.page.allow_redirect(BACK);
    let short = stage.short_token(&all_but("pages_show_list")).await;
    let of_short = page_token(&stage, &short).await;
    let long = stage.long_token(&short).await.document;
    let seconds = long["expires_in"].as_i64().unwrap();
    assert!((5_180_000..5_190_000).contains(&seconds));
    let of_long = page_token(&stage, &text(&long, "access_token")).await;
    assert_eq!(stage.told_of(&of_long).await["expires_at"], 0);
    assert_ne!(stage.told_of(&of_short).await["expires_at"], 0);
    let declined = stage.get_as(&short, "me/permissions").await.document;
    let declined = declined["data"].as_array().unwrap().iter();
    let declined: Vec<&Value> = declined
        .filter(|one| one["status"] == "declined")
        .map(|one| &one["permission"])
        .collect();
    assert_eq!(declined, ["pages_show_list"]);
    stage.wait(3 * 3600);
    let dead = stage.get_as(&of_short, "me").await.error();
    assert_eq!(dead, (400, 190, Some(463)));
    stage.get_as(&of_long, "me").await.id();
}

#[tokio::test]
async fn point_14_the_list_of_pages_comes_in_parts_and_says_what_may_be_done_on_each() {
    let stage = stage().await;
    stage.page.allow_redirect(BACK);
    let mut ticked = all_but("may-post");
    ticked.push("page:350350350350351");
    let person = stage.short_token(&ticked).await;
    let first = stage.get_as(&person, "me/accounts?limit=1").await.document;
    assert_eq!(first["data"].as_array().unwrap().len(), 1);
    assert!(first["paging"]["next"].is_string());
    let after = text(&first["paging"]["cursors"], "after");
    let path = format!("me/accounts?limit=1&after={after}");
    let second = stage.get_as(&person, &path).await.document;
    assert_eq!(second["data"][0]["id"], PAGE_ID);
    assert!(second["paging"].get("next").is_none());
    let tasks = second["data"][0]["tasks"].as_array().unwrap();
    assert!(!tasks.contains(&json!("CREATE_CONTENT")));
    let nobody = stage.short_token(&["agree"]).await;
    let none = stage.get_as(&nobody, "me/accounts").await.document;
    assert_eq!(none["data"], json!([]));
}

#[tokio::test]
async fn point_15_a_dead_token_is_told_of_with_status_200_and_a_member_of_another_name() {
    let stage = stage().await;
    stage.page.allow_redirect(BACK);
    let own = stage.told_of(TOKEN).await;
    assert_eq!(own["type"], "PAGE");
    assert_eq!(own["profile_id"], PAGE_ID);
    assert_eq!(own["expires_at"], 0);
    let short = stage.short_token(&all_but("-")).await;
    stage.wait(3 * 3600);
    let dead = stage.told_of(&short).await;
    assert_eq!(dead["is_valid"], false);
    assert_eq!(dead["error"]["code"], 190);
    assert_eq!(dead["error"]["subcode"], 463);
    let garbage = stage.told_of("rac").await;
    assert_eq!(garbage["scopes"], json!([]));
    assert!(garbage.get("app_id").is_none());
    let address = format!("{}/debug_token", stage.root);
    let nobody = stage.client.get(address).query(&[("input_token", TOKEN)]);
    assert_eq!(hear(nobody).await.status, 400);
}

#[tokio::test]
async fn point_16_a_proof_that_comes_must_be_right() {
    let stage = stage().await;
    let call = |proof: &str, time: &str| {
        let call = stage.call(Method::GET, "me?fields=id");
        call.query(&[("appsecret_proof", proof), ("appsecret_time", time)])
    };
    let wrong = hear(call("00", "1795496400")).await;
    assert_eq!(wrong.error(), (400, 100, None));
    assert_eq!(wrong.document["error"]["type"], "GraphMethodException");
    // HMAC-SHA256 of "{TOKEN}|1795496400" with the app's secret.
    let proof = PROOF;
    hear(call(proof, "1795496400")).await.id();
    stage.wait(301);
    assert_eq!(hear(call(proof, "1795496400")).await.error().1, 100);
}

const PROOF: &str = "118ad599df45bdba326cfdbcd2d0a81778677a83570327019e2edabeb1c82061";
