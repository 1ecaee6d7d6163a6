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
        Verdict::TryOnceMore {
            then: Then::WithoutCard,
            ..
        } => "once more, then without card",
        Verdict::TryOnceMore {
            then: Then::Never, ..
        } => "once more, then never",
        Verdict::Duplicate(_) => "duplicate",
        Verdict::Unknown { .. } => "unknown",
    }
}

/// The table of what errors mean and ask for, one row of it a line: code, finer code, HTTP status,
/// what the call that publishes makes of it, what an upload does, and what the row says.
#[rustfmt::skip] // One row a line, as in the table.
const TABLE: &[(i64, i64, u16, &str, &str, &str)] = &[
    (1, 0, 500, "unknown", "again", "unknown error; posts have appeared"),
    (1, 99, 500, "unknown", "again", "unknown error, the link was posted"),
    (1, 2_853_006, 400, "person", "person", "the viewer lacks permission"),
    (2, 0, 500, "unknown", "again", "service unavailable; proven to publish"),
    (3, 0, 400, "person", "person", "the app lacks a capability"),
    (4, 0, 403, "rest", "rest", "app call limit"),
    (10, 0, 403, "person", "person", "permission not granted or removed"),
    (12, 0, 400, "refused", "refused", "deprecated singular id: our fault"),
    (17, 0, 403, "rest", "rest", "user call limit"),
    (32, 0, 403, "rest", "rest", "Page call limit, user token"),
    (80_001, 0, 403, "rest", "rest", "Page call limit, Page token"),
    (613, 0, 403, "rest", "rest", "custom limit"),
    (613, 1996, 403, "rest", "rest", "inconsistent call volume"),
    (341, 0, 403, "rest", "rest", "application limit or downtime"),
    (100, 0, 400, "refused", "refused", "invalid parameter"),
    (100, 0, 500, "refused", "refused", "the same, whatever the status"),
    (100, 33, 400, "unknown", "again", "object missing or unsupported"),
    (100, 1_366_046, 400, "refused", "refused", "photo unreadable or too big"),
    (100, 1_366_051, 400, "duplicate", "refused", "photos already posted"),
    (100, 36_008, 400, "refused", "refused", "code exchange: redirect mismatch"),
    (100, 36_009, 400, "refused", "refused", "code exchange: code used"),
    (102, 0, 400, "person", "person", "session invalid"),
    (104, 0, 400, "person", "person", "incorrect signature"),
    (190, 0, 400, "person", "person", "token invalid"),
    (190, 458, 400, "person", "person", "app not authorised"),
    (190, 459, 400, "person", "person", "user checkpointed"),
    (190, 460, 400, "person", "person", "password changed"),
    (190, 463, 400, "person", "person", "expired"),
    (190, 464, 400, "person", "person", "user unconfirmed"),
    (190, 466, 400, "person", "person", "session invalidated by a call"),
    (190, 467, 400, "person", "person", "token invalid, logged out"),
    (190, 492, 400, "person", "person", "role on the Page lost"),
    (190, 2_069_032, 400, "person", "person", "a Page token is needed"),
    (200, 0, 403, "person", "person", "missing permission"),
    (200, 2_069_030, 400, "refused", "refused", "endpoint unsupported for new Pages"),
    (200, 2_069_031, 400, "refused", "refused", "field unsupported"),
    (200, 2_069_033, 400, "refused", "refused", "feature unsupported"),
    (210, 0, 400, "refused", "refused", "user not visible"),
    (240, 0, 400, "refused", "refused", "not allowed for others"),
    (283, 0, 400, "person", "person", "a reading scope is missing, on posting too"),
    (299, 0, 403, "person", "person", "the last of the 200s"),
    (324, 0, 400, "refused", "refused", "missing or invalid image file"),
    (368, 0, 400, "refused", "refused", "blocked: abusive or disallowed"),
    (368, 1_390_008, 400, "rest", "rest", "posting too fast"),
    (506, 0, 400, "duplicate", "refused", "same post twice in a row"),
    (551, 0, 400, "refused", "refused", "belongs to Messenger"),
    (1500, 0, 400, "once more, then without card", "refused", "link judged invalid"),
    (1_609_005, 0, 400, "once more, then without card", "refused", "scraping failed"),
    (100, 1_609_005, 400, "once more, then without card", "refused", "the same, finer"),
    (1_609_008, 0, 400, "refused", "refused", "facebook.com link"),
    (1_366_051, 0, 400, "duplicate", "refused", "photos already posted"),
    (1_404_078, 0, 400, "person", "person", "publishing authorisation needed"),
    (4_854_002, 0, 400, "person", "person", "identity confirmation needed"),
    (190, 4_854_002, 400, "person", "person", "the same, finer"),
    (1_404_102, 0, 400, "refused", "refused", "content against standards"),
    (368, 1_346_003, 400, "refused", "refused", "flagged abusive"),
    (1_404_112, 0, 400, "rest", "rest", "account limited for days"),
    (368, 1_404_006, 400, "rest", "rest", "security check"),
    (2_061_006, 0, 400, "refused", "refused", "bad URL inside the content"),
    (1_363_047, 0, 400, "unknown", "again", "temporary failure"),
    (100, 1_609_010, 400, "unknown", "again", "temporary failure"),
    (2_069_019, 0, 400, "refused", "refused", "invalid file"),
    (1_349_125, 0, 400, "once more, then never", "again", "projects disagree"),
];

#[test]
fn every_row_of_the_table_asks_for_its_own_reaction() {
    for &(code, subcode, status, published, uploaded, row) in TABLE {
        let subcode = Some(subcode).filter(|subcode| *subcode != 0);
        let answer = answer(status, &fault(code, subcode, "said so"));
        let row = format!("{code}/{subcode:?}: {row}");
        assert_eq!(verdict(&answer), published, "{row}");
        let came = match upload(&answer, now()) {
            Ok(_) => "taken",
            Err(UploadError::Refused(_)) => "refused",
            Err(UploadError::Unclear(_)) => "again",
            Err(UploadError::Obstacle(Obstacle::Throttled { .. })) => "rest",
            Err(UploadError::Obstacle(_)) => "person",
        };
        assert_eq!(came, uploaded, "{row}");
        let rests = scrape(&answer, now()).is_some();
        assert_eq!(rests, published == "rest", "{row}");
    }
}

#[test]
fn a_row_means_the_same_whatever_stands_around_it() {
    for &(code, subcode, _, published, _, row) in TABLE {
        let mut error = serde_json::json!({ "code": code });
        if subcode != 0 {
            error["error_subcode"] = subcode.into();
        }
        let bare = serde_json::json!({ "error": error });
        // Of members that are absent, of a status that says otherwise.
        for status in [200, 400, 403, 500] {
            let answer = answer(status, &bare.to_string());
            assert_eq!(verdict(&answer), published, "{status} {row}");
        }
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
