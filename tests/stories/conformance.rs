//! The rehearsal page against the facts of the Graph API, point by point, asked in plain HTTP as
//! anybody could: what the client relies on is written down here once more, without the client.

mod limits;
mod publishing;
mod reading;
mod tokens;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use loa::clock::ManualClock;
use loa::http_client::graph_client;
use loa::rehearsal::habits::Habits;
use loa::rehearsal::mood::{Kind, Mood, Whim};
use loa::rehearsal::{LinkCard, RehearsalPage, Settings};
use reqwest::header::HeaderMap;
use reqwest::multipart::{Form, Part};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};

const TOKEN: &str = "EAAGm0PX4ZCpsBAKZA1234567890";
/// A grey picture.
const PICTURE: &[u8] = include_bytes!("../../src/desk/check/pixel.png");
/// The newest version, by the changelog.
const VERSION: &str = "v26.0";

struct Stage {
    page: RehearsalPage,
    clock: ManualClock,
    root: String,
    client: Client,
}

/// One answer.
struct Heard {
    status: u16,
    headers: HeaderMap,
    document: Value,
}

impl Heard {
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    fn id(&self) -> &str {
        assert_eq!(self.status, 200, "{}", self.document);
        self.document["id"].as_str().unwrap()
    }

    /// Status, code and finer code of an error.
    fn error(&self) -> (u16, i64, Option<i64>) {
        let error = &self.document["error"];
        let code = error["code"].as_i64();
        let code = code.unwrap_or_else(|| panic!("no error: {}", self.document));
        (self.status, code, error["error_subcode"].as_i64())
    }
}

async fn stage() -> Stage {
    let clock = ManualClock::at("2026-11-24T05:00:00Z".parse().unwrap());
    let page = RehearsalPage::open(Settings {
        fetch: Arc::new(|address| {
            Box::pin(async move {
                match address.as_str() {
                    "https://site.example/anh.png" => Some(Bytes::from_static(PICTURE)),
                    "https://site.example/trang" => Some(Bytes::from_static(b"<html>")),
                    _ => None,
                }
            })
        }),
        scrape: Arc::new(|_| {
            Box::pin(async {
                Some(LinkCard {
                    title: "Cầu mới".to_owned(),
                    description: None,
                    image: Some("https://site.example/anh.png".to_owned()),
                })
            })
        }),
        ..Settings::in_memory(TOKEN, Arc::new(clock.clone()))
    })
    .unwrap();
    let root = format!("http://{}", page.serve_on_loopback().await.unwrap());
    Stage {
        page,
        clock,
        root,
        client: graph_client(Duration::from_secs(30), None).unwrap(),
    }
}

impl Stage {
    fn call(&self, method: Method, path: &str) -> RequestBuilder {
        let address = format!("{}/{VERSION}/{path}", self.root);
        self.client.request(method, address).bearer_auth(TOKEN)
    }

    async fn get(&self, path: &str) -> Heard {
        hear(self.call(Method::GET, path)).await
    }

    async fn post(&self, path: &str, form: &[(&str, &str)]) -> Heard {
        hear(self.call(Method::POST, path).form(form)).await
    }

    async fn say(&self, message: &str) -> Heard {
        self.post("me/feed", &[("message", message)]).await
    }

    async fn upload(&self, bytes: &'static [u8], fields: &[(&'static str, &'static str)]) -> Heard {
        let file = Part::bytes(bytes).file_name("anh.png");
        let mut form = Form::new().part("bat-ky", file);
        for (name, value) in fields {
            form = form.text(*name, *value);
        }
        hear(self.call(Method::POST, "me/photos").multipart(form)).await
    }

    async fn hidden_photo(&self) -> String {
        let heard = self.upload(PICTURE, &[("published", "false")]).await;
        heard.id().to_owned()
    }

    async fn habits(&self, habits: Value) {
        let address = format!("{}/_rehearsal/habits", self.root);
        let call = self.client.put(address).json(&habits);
        assert_eq!(call.send().await.unwrap().status(), 204);
    }

    fn mood(&self, on: Kind, whim: Whim) {
        self.page.set_mood(Mood { whim, on, calls: 1 });
    }

    fn texts(&self) -> Vec<String> {
        let posts = self.page.posts().into_iter();
        posts.map(|post| post.message).collect()
    }

    fn wait(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

async fn hear(call: RequestBuilder) -> Heard {
    let response = call.send().await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let text = response.text().await.unwrap();
    let document = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
    Heard {
        status,
        headers,
        document,
    }
}

#[tokio::test]
async fn every_mood_can_be_set_on_the_control_page_and_habits_are_kept_until_changed() {
    let stage = stage().await;
    let address = |path: &str| format!("{}/_rehearsal{path}", stage.root);
    let page = stage.client.get(address("")).send().await.unwrap();
    let page = page.text().await.unwrap();
    for whim in Whim::samples() {
        let mut mood = serde_json::to_value(&whim).unwrap();
        let button = serde_json::to_string(&whim).unwrap();
        let button = button.replace('"', "&quot;");
        assert!(page.contains(&button), "{button}");
        mood["on"] = json!("upload");
        mood["calls"] = json!(2);
        let set = stage.client.post(address("/moods")).json(&mood);
        assert_eq!(set.send().await.unwrap().status(), 204, "{mood}");
    }
    assert_eq!(stage.page.moods().len(), Whim::samples().len());
    let forgotten = stage.client.delete(address("/moods")).send().await.unwrap();
    assert_eq!(forgotten.status(), 204);
    assert!(stage.page.moods().is_empty());

    stage.habits(json!({ "short_lists": true })).await;
    assert_eq!(
        stage.page.habits(),
        Habits {
            short_lists: true,
            ..Habits::default()
        }
    );
    let typo = stage.client.put(address("/habits"));
    let typo = typo.json(&json!({ "short_list": true })).send().await;
    assert_eq!(typo.unwrap().status(), 422);
}
