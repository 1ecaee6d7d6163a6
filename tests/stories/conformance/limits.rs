//! Calls that are counted, and versions that end.

use loa::rehearsal::mood::{Kind, Whim};
use serde_json::{Value, json};

use super::{Stage, hear, stage};

/// What the business header tells under an id.
async fn usage(stage: &Stage, id: &str) -> Option<Value> {
    let heard = stage.get("me?fields=id").await;
    let told = heard.header("x-business-use-case-usage")?;
    let told: Value = serde_json::from_str(told).unwrap();
    Some(told[id][0].clone())
}

#[tokio::test]
async fn point_12_usage_is_told_from_half_on_and_climbs_until_calls_are_refused() {
    let stage = stage().await;
    let own = loa::rehearsal::PAGE_ID;
    stage.habits(json!({ "calls_a_day": 10 })).await;
    for _ in 0..4 {
        assert_eq!(usage(&stage, own).await, None, "far from it");
    }
    for percent in [50, 60, 70, 80, 90, 100] {
        let told = usage(&stage, own).await.unwrap();
        assert_eq!(told["call_count"], percent);
        assert_eq!(told["type"], "pages");
    }
    let blocked = stage.get("me?fields=id").await;
    assert_eq!(blocked.error(), (403, 80_001, None));
    let told = usage(&stage, own).await.unwrap();
    let minutes = &told["estimated_time_to_regain_access"];
    assert_eq!(minutes, 65, "the call in the meantime has prolonged it");
    stage.wait(65 * 60);
    stage.get("me?fields=id").await.id();
}

#[tokio::test]
async fn point_12_usage_may_stand_under_another_id_or_in_the_older_headers() {
    let stage = stage().await;
    let habits = json!({ "calls_a_day": 2, "told_under": "998877" });
    stage.habits(habits).await;
    assert_eq!(usage(&stage, "998877").await.unwrap()["call_count"], 50);
    for (told_in, header) in [("page", "x-page-usage"), ("app", "x-app-usage")] {
        let habits = json!({ "calls_a_day": 2, "told_in": told_in });
        stage.habits(habits).await;
        let heard = stage.get("me?fields=id").await;
        let told: Value = serde_json::from_str(heard.header(header).unwrap()).unwrap();
        assert_eq!(told["call_count"], 50, "{header}");
    }
    stage.habits(json!({})).await;
    for code in [4, 17, 32, 613, 80_001] {
        stage.mood(Kind::Publish, Whim::RateLimit { code, minutes: 30 });
        let refused = stage.say("Chào").await;
        assert_eq!(refused.error(), (403, code, None));
        assert!(refused.header("x-business-use-case-usage").is_some());
    }
}

#[tokio::test]
async fn point_19_a_version_that_has_ended_is_answered_by_the_oldest_that_is_left() {
    let stage = stage().await;
    stage.habits(json!({ "oldest_version": "v24.0" })).await;
    for (named, served) in [
        ("/v26.0", "v26.0"),
        ("/v25.0", "v25.0"),
        ("/v19.0", "v24.0"),
        ("", "v26.0"),
    ] {
        let address = format!("{}{named}/me?fields=id", stage.root);
        let heard = hear(stage.client.get(address).bearer_auth(super::TOKEN)).await;
        assert_eq!(heard.status, 200);
        assert_eq!(heard.header("facebook-api-version"), Some(served));
    }
}
