//! Lists, single posts, and when a post shows.

use serde_json::{Value, json};

use super::{PICTURE, Stage, stage};

async fn ids(stage: &Stage, path: &str) -> Vec<String> {
    let heard = stage.get(path).await;
    let posts = heard.document["data"].as_array().unwrap().iter();
    posts
        .map(|post| post["id"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn point_9_lists_are_newest_first_of_25_and_at_most_100() {
    let stage = stage().await;
    for number in 0..30 {
        stage.say(&number.to_string()).await.id();
        stage.wait(1);
    }
    let heard = stage.get("me/published_posts").await;
    let posts = heard.document["data"].as_array().unwrap();
    assert_eq!(posts.len(), 25);
    assert_eq!(posts[0]["message"], "29");
    assert_eq!(posts[0]["created_time"], "2026-11-24T05:00:29+0000");
    assert!(posts[0].get("permalink_url").is_none(), "not asked for");
    assert_eq!(ids(&stage, "me/published_posts?limit=100").await.len(), 30);
    let too_many = stage.get("me/published_posts?limit=101").await;
    assert_eq!(too_many.error(), (400, 100, None));

    let next = heard.document["paging"]["next"].as_str().unwrap();
    assert!(next.contains(super::TOKEN), "a trap for who logs it");
    let after = &heard.document["paging"]["cursors"]["after"];
    let path = format!("me/published_posts?after={}", after.as_str().unwrap());
    let rest = stage.get(&path).await;
    assert_eq!(rest.document["data"].as_array().unwrap().len(), 5);
    assert!(rest.document["paging"].get("next").is_none());

    // 05:00:10 and 05:00:19.
    let span = "me/published_posts?since=1795496410&until=1795496419";
    assert_eq!(ids(&stage, span).await.len(), 10);
    stage.habits(json!({ "short_lists": true })).await;
    let short = stage.get("me/published_posts?limit=100").await;
    assert_eq!(short.document["data"].as_array().unwrap().len(), 30);
    let short = stage.get("me/published_posts?limit=20").await;
    assert_eq!(short.document["data"].as_array().unwrap().len(), 10);
    assert!(short.document["paging"]["next"].is_string());
}

#[tokio::test]
async fn point_9_the_feed_also_has_what_visitors_wrote_and_what_is_not_published() {
    let stage = stage().await;
    let ours = stage.say("Chào").await.id().to_owned();
    let hidden = [("message", "Nháp"), ("published", "false")];
    let hidden = stage.post("me/feed", &hidden).await.id().to_owned();
    let visitors = stage.page.post_as_visitor("Xin hỏi").unwrap();
    let all = [visitors, hidden.clone(), ours.clone()];
    assert_eq!(ids(&stage, "me/feed").await, all);
    for edge in ["me/posts", "me/published_posts"] {
        assert_eq!(ids(&stage, edge).await, [ours.as_str()], "{edge}");
    }
    let draft = stage.get(&format!("{hidden}?fields=is_published")).await;
    assert_eq!(draft.document["is_published"], false);
}

#[tokio::test]
async fn point_10_a_new_post_shows_late_where_the_page_is_slow() {
    let stage = stage().await;
    stage.habits(json!({ "shows_after": 30 })).await;
    let post = stage.say("Chào").await.id().to_owned();
    stage.wait(29);
    assert!(ids(&stage, "me/published_posts").await.is_empty());
    assert_eq!(stage.get(&post).await.error(), (400, 100, Some(33)));
    stage.wait(1);
    assert_eq!(ids(&stage, "me/published_posts").await, [post.as_str()]);
    assert_eq!(stage.get(&post).await.id(), post);
}

#[tokio::test]
async fn point_11_attachments_name_the_real_address_of_a_link_and_the_photos_of_an_album() {
    let stage = stage().await;
    let link = "https://site.example/tin-1.html";
    stage.post("me/feed", &[("link", link)]).await.id();
    let mut media = Vec::new();
    for _ in 0..2 {
        media.push(json!({ "media_fbid": stage.hidden_photo().await }));
    }
    let media = Value::from(media).to_string();
    stage
        .post("me/feed", &[("attached_media", &media)])
        .await
        .id();
    stage.upload(PICTURE, &[]).await.id();
    let heard = stage.get("me/published_posts?fields=attachments").await;
    let attachment = |number: usize| &heard.document["data"][number]["attachments"]["data"][0];
    let share = attachment(2);
    assert_eq!(share["type"], "share");
    assert_eq!(share["unshimmed_url"], link);
    let shimmed = "https://l.facebook.com/l.php?u=https%3A%2F%2Fsite.example%2Ftin-1.html";
    for url in [&share["url"], &share["target"]["url"]] {
        assert!(url.as_str().unwrap().starts_with(shimmed), "{url}");
    }
    let album = attachment(1);
    assert_eq!(album["type"], "album");
    let inner = album["subattachments"]["data"].as_array().unwrap();
    assert_eq!(inner.len(), 2);
    assert_eq!(attachment(0)["type"], "photo");
}
