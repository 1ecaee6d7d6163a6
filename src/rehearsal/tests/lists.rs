//! What its lists show, in which order, and when.

use super::*;

#[tokio::test]
async fn only_the_fields_that_were_asked_for_come_back_and_the_id() {
    let stage = stage().await;
    let link = "https://candouc35.gov.vn/tin-1.html";
    let form = [("message", "Tin"), ("link", link), ("fields", "id")];
    let (_, made) = answer(stage.post("me/feed").form(&form)).await;
    assert_eq!(made.as_object().unwrap().len(), 1);
    let id = made["id"].as_str().unwrap();
    let fields = "message,attachments{unshimmed_url,target{url}}";
    let (_, read) = answer(stage.get(id).query(&[("fields", fields)])).await;
    let attachment = &read["attachments"]["data"][0];
    assert_eq!(attachment["unshimmed_url"], link);
    let shimmed = attachment["target"]["url"].as_str().unwrap();
    assert!(
        shimmed.starts_with("https://l.facebook.com/l.php?u=https%3A"),
        "{shimmed}"
    );
    assert_eq!(attachment.get("type"), None);
    assert_eq!(read.get("created_time"), None);
    assert_eq!(read["id"], id);
}

#[tokio::test]
async fn a_long_list_is_read_by_cursors_newest_first_and_a_hundred_at_most() {
    let stage = stage().await;
    for number in 1..=5 {
        stage.publish(&format!("Tin {number}")).await;
    }
    let too_many = answer(stage.get("me/feed").query(&[("limit", "101")])).await;
    assert_eq!(code(&too_many).0, 100);
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let query = [
            ("limit", "2"),
            ("fields", "message"),
            ("after", after.as_str()),
        ];
        let query = if after.is_empty() {
            &query[..2]
        } else {
            &query[..]
        };
        let (_, list) = answer(stage.get("me/feed").query(query)).await;
        let posts = list["data"].as_array().unwrap();
        seen.extend(
            posts
                .iter()
                .map(|post| post["message"].as_str().unwrap().to_owned()),
        );
        if list["paging"].get("next").is_none() {
            break;
        }
        after = list["paging"]["cursors"]["after"]
            .as_str()
            .unwrap()
            .to_owned();
    }
    assert_eq!(seen, ["Tin 5", "Tin 4", "Tin 3", "Tin 2", "Tin 1"]);
}

#[tokio::test]
async fn a_post_that_shows_late_is_in_no_list_and_does_not_exist_until_then() {
    let stage = stage().await;
    stage
        .page
        .set_mood(Mood::once(Whim::ShowsLate { seconds: 30 }));
    let id = stage.publish("Chậm").await;
    assert_eq!(
        code(&answer(stage.get(&id)).await),
        (100, Some(33)),
        "not yet"
    );
    assert_eq!(
        answer(stage.get("me/feed")).await.1["data"]
            .as_array()
            .unwrap()
            .len(),
        0
    );
    stage.clock.advance(Duration::from_secs(30));
    assert_eq!(answer(stage.get(&id)).await.1["message"], "Chậm");
}

#[tokio::test]
async fn a_list_may_come_back_empty_and_be_there_again_with_the_next_call() {
    let stage = stage().await;
    let id = stage.publish("Vẫn còn").await;
    stage.page.set_mood(Mood {
        whim: Whim::ShowsNothing,
        on: Kind::Read,
        calls: 1,
    });
    let (status, list) = answer(stage.get("me/feed")).await;
    assert_eq!((status, list), (200, json!({ "data": [] })));
    let (_, list) = answer(stage.get("me/feed")).await;
    assert_eq!(list["data"][0]["id"], id);
}

#[tokio::test]
async fn all_posts_may_show_late_also_one_whose_answer_is_lost() {
    let stage = stage().await;
    stage.page.show_after(30);
    stage
        .page
        .set_mood(Mood::once(Whim::Missing { done: true }));
    let lost = answer(stage.post("me/feed").form(&[("message", "Chậm")])).await;
    assert_eq!(code(&lost), (100, Some(33)), "it does not exist, they say");
    assert!(stage.page.posts().is_empty(), "not yet");
    stage.clock.advance(Duration::from_secs(30));
    assert_eq!(stage.page.posts()[0].message, "Chậm");
}
