//! Every answer that has been met, and what it asks for.

use super::*;

fn now() -> Timestamp {
    "2026-11-24T05:00:00Z".parse().unwrap()
}

fn answer(status: u16, body: &str) -> Answer {
    Answer {
        status,
        body: Bytes::copy_from_slice(body.as_bytes()),
        ..Answer::default()
    }
}

fn fault(code: i64, subcode: Option<i64>, message: &str) -> String {
    let mut error =
        serde_json::json!({ "message": message, "type": "OAuthException", "code": code });
    if let Some(subcode) = subcode {
        error["error_subcode"] = subcode.into();
    }
    serde_json::json!({ "error": error }).to_string()
}

/// The verdict in one word.
fn verdict(answer: &Answer) -> &'static str {
    match publish(answer, now()) {
        Verdict::Published { .. } => "published",
        Verdict::NotSent(Obstacle::Throttled { .. }) => "rest",
        Verdict::NotSent(Obstacle::NotAllowed { .. }) => "person",
        Verdict::NotSent(Obstacle::Unreachable { .. }) => "unreachable",
        Verdict::Refused(_) => "refused",
        Verdict::Duplicate(_) => "duplicate",
        Verdict::Unknown { .. } => "unknown",
    }
}

#[test]
fn every_code_of_the_table_asks_for_its_own_reaction() {
    let rows: [(i64, Option<i64>, u16, &str); 50] = [
        (1, None, 500, "unknown"),
        (1, Some(99), 500, "unknown"),
        (1, Some(2_853_006), 400, "person"),
        (2, None, 500, "unknown"),
        (3, None, 400, "person"),
        (4, None, 403, "rest"),
        (10, None, 403, "person"),
        (12, None, 400, "refused"),
        (17, None, 403, "rest"),
        (32, None, 403, "rest"),
        (80_001, None, 403, "rest"),
        (613, Some(1996), 403, "rest"),
        (341, None, 403, "rest"),
        (100, None, 400, "refused"),
        (100, None, 500, "refused"),
        (100, Some(33), 400, "unknown"),
        (100, Some(1_366_046), 400, "refused"),
        (100, Some(1_366_051), 400, "duplicate"),
        (102, None, 400, "person"),
        (104, None, 400, "person"),
        (190, None, 400, "person"),
        (190, Some(458), 400, "person"),
        (190, Some(459), 400, "person"),
        (190, Some(460), 400, "person"),
        (190, Some(463), 400, "person"),
        (190, Some(464), 400, "person"),
        (190, Some(467), 400, "person"),
        (190, Some(492), 400, "person"),
        (190, Some(2_069_032), 400, "person"),
        (200, None, 403, "person"),
        (200, Some(2_069_030), 400, "refused"),
        (210, None, 400, "refused"),
        (240, None, 400, "refused"),
        (283, None, 400, "person"),
        (299, None, 403, "person"),
        (324, None, 400, "refused"),
        (368, None, 400, "refused"),
        (368, Some(1_390_008), 400, "rest"),
        (506, None, 400, "duplicate"),
        (551, None, 400, "refused"),
        (1500, None, 400, "refused"),
        (1_609_005, None, 400, "refused"),
        (1_609_008, None, 400, "refused"),
        (1_366_051, None, 400, "duplicate"),
        (1_404_078, None, 400, "person"),
        (4_854_002, None, 400, "person"),
        (1_404_102, None, 400, "refused"),
        (1_404_112, None, 400, "rest"),
        (2_061_006, None, 400, "refused"),
        (1_363_047, None, 400, "unknown"),
    ];
    for (code, subcode, status, expected) in rows {
        let answer = answer(status, &fault(code, subcode, "said so"));
        assert_eq!(verdict(&answer), expected, "{code}/{subcode:?}");
    }
}

#[test]
fn words_decide_only_where_codes_do_not() {
    let said = answer(
        400,
        &fault(368, None, "It looks like you already posted this"),
    );
    assert_eq!(verdict(&said), "duplicate");
    let proof = serde_json::json!({ "error": {
        "message": "Invalid appsecret_proof provided", "type": "GraphMethodException", "code": 100,
    } });
    assert_eq!(verdict(&answer(400, &proof.to_string())), "person");
    let unsupported = serde_json::json!({ "error": {
        "message": "Unsupported post request.", "type": "GraphMethodException", "code": 100,
    } });
    assert_eq!(verdict(&answer(400, &unsupported.to_string())), "unknown");
    let transient =
        serde_json::json!({ "error": { "message": "later", "code": 9999, "is_transient": true } });
    assert_eq!(verdict(&answer(400, &transient.to_string())), "unknown");
}

#[test]
fn what_is_no_answer_of_the_graph_api_proves_nothing() {
    for (status, body) in [
        (200, ""),
        (200, "{\"id\":\"1_"),
        (200, "{}"),
        (200, "{\"id\":\"\"}"),
        (200, "<html>"),
        (302, "{\"id\":\"1_2\"}"),
        (400, "Bad Request"),
        (502, "<!DOCTYPE html><h1>Sorry</h1>"),
        (500, "{\"error\":{}}"),
        (500, "{\"error\":\"words\"}"),
    ] {
        assert_eq!(verdict(&answer(status, body)), "unknown", "{status} {body}");
    }
}

#[test]
fn a_post_that_was_made_is_known_by_its_whole_id() {
    for id in [
        "\"122000000000000005_122000000000000007\"",
        "122000000000000007",
    ] {
        let Verdict::Published { id: found, .. } =
            publish(&answer(200, &format!("{{\"id\":{id}}}")), now())
        else {
            panic!("not published");
        };
        assert_eq!(found.0, id.trim_matches('"'));
    }
}

#[test]
fn a_rest_lasts_as_long_as_the_page_says() {
    let mut resting = answer(403, &fault(80_001, None, "limit"));
    resting.usage.regain_minutes = 47;
    let Verdict::NotSent(Obstacle::Throttled { until, .. }) = publish(&resting, now()) else {
        panic!("not throttled");
    };
    assert_eq!(until.unwrap().to_string(), "2026-11-24T05:47:00Z");
    let fast = answer(400, &fault(368, Some(1_390_008), "too fast"));
    let Verdict::NotSent(Obstacle::Throttled { until, .. }) = publish(&fast, now()) else {
        panic!("not throttled");
    };
    assert_eq!(until.unwrap().to_string(), "2026-11-25T05:00:00Z");
}

#[test]
fn an_error_on_reading_is_never_an_empty_list() {
    assert!(matches!(
        list(&answer(403, &fault(10, None, "no")), now()),
        Err(ReadError::Obstacle(Obstacle::NotAllowed { .. }))
    ));
    for body in ["", "{}", "{\"data\":[{}]}", "<html>"] {
        assert!(
            matches!(list(&answer(200, body), now()), Err(ReadError::Unclear(_))),
            "{body}"
        );
    }
    assert!(
        list(&answer(200, "{\"data\":[]}"), now())
            .unwrap()
            .data
            .is_empty()
    );
}

#[test]
fn an_upload_that_made_no_sense_may_be_repeated_and_a_bad_picture_may_not() {
    assert!(matches!(
        upload(&answer(500, &fault(2, None, "later")), now()),
        Err(UploadError::Unclear(_))
    ));
    assert!(matches!(
        upload(&answer(400, &fault(100, Some(1_366_046), "bad")), now()),
        Err(UploadError::Refused(_))
    ));
    assert!(matches!(
        upload(&answer(400, &fault(190, Some(460), "dead")), now()),
        Err(UploadError::Obstacle(Obstacle::NotAllowed { .. }))
    ));
    assert_eq!(
        upload(&answer(200, "{\"id\":122000000000000005}"), now())
            .unwrap()
            .0,
        "122000000000000005"
    );
}
