//! Every shape of date in use, and what must not be made of one.

use super::*;

#[derive(serde::Deserialize)]
struct Cases {
    cases: Vec<Case>,
}

#[derive(serde::Deserialize)]
struct Case {
    text: String,
    utc: Option<Timestamp>,
}

fn of_hanoi(fetched: Option<&str>, format: Option<&str>) -> Dates {
    Dates {
        zone: TimeZone::get("Asia/Ho_Chi_Minh").unwrap(),
        format: format.map(ToOwned::to_owned),
        fetched: fetched.map(|at| at.parse().unwrap()),
    }
}

/// One date of a feed that also has these.
fn among(dates: &Dates, others: &[&str], text: &str) -> Option<String> {
    let reader = Reader::new(dates, dates.habits(others.iter().copied()));
    reader.read(text).map(|moment| moment.to_string())
}

#[test]
fn rarer_shapes_are_read_too() {
    for (text, utc) in [
        ("Wed, 17-May-2023 09:47:00 GMT", "2023-05-17T09:47:00Z"),
        ("Wed, 17 May 2023 09:47:00 EST", "2023-05-17T14:47:00Z"),
        ("1684291620000", "2023-05-17T02:47:00Z"),
        ("20230517", "2023-05-16T17:00:00Z"),
        (
            "Wed May 17 2023 09:47:00 GMT+0700 (Indochina Time)",
            "2023-05-17T02:47:00Z",
        ),
    ] {
        assert_eq!(
            among(&of_hanoi(None, None), &[], text).as_deref(),
            Some(utc),
            "{text}"
        );
    }
}

#[test]
fn a_time_of_day_is_read_as_it_is_said_or_the_date_is_none() {
    let read = |text: &str| among(&of_hanoi(None, None), &[], text);
    for (time, utc) in [
        ("9g47", "02:47"),
        ("21g47", "14:47"),
        ("9h47'", "02:47"),
        ("9g", "02:00"),
        ("9 giờ 47 phút", "02:47"),
        ("9:47 sáng", "02:47"),
        ("11h30 trưa", "04:30"),
        ("1h15 trưa", "06:15"),
        ("2:47 chiều", "07:47"),
        ("9:47 tối", "14:47"),
        ("9:47pm", "14:47"),
        ("09:47 [GMT+7]", "02:47"),
        ("10h đêm", "15:00"),
        ("9:47 | T4 | 1.234 lượt xem |", "02:47"),
    ] {
        let utc = format!("2023-05-17T{utc}:00Z");
        for text in [format!("{time} 17/5/2023"), format!("17/5/2023, {time}")] {
            assert_eq!(read(&text), Some(utc.clone()), "{text}");
        }
    }
    for none in [
        "17/5/2023 9.47",
        "17/5/2023 8h-9h",
        "17/5/2023 9:47:xx",
        "12h đêm 17/5/2023",
        "9 giờ trưa 17/5/2023",
        "17/5/2023, 2 giờ trước",
    ] {
        assert_eq!(read(none), None, "{none}");
    }
}

#[test]
fn what_stands_close_behind_the_time_is_read_with_it() {
    let read = |text: &str| among(&of_hanoi(None, None), &[], text);
    for (text, utc) in [
        ("17/05/2023 9:47AM", "02:47"),
        ("May 17, 2023 9:47p.m.", "14:47"),
        ("17/05/2023 02:05CH", "07:05"),
        ("17/05/2023 09:47:00GMT+7", "02:47"),
        ("17/05/2023 01:47:00Z", "01:47"),
        ("9h47p 17/05/2023", "02:47"),
        ("2023-05-17T09:47:00+7:00", "02:47"),
        ("2023-05-17T09:47:00+07:00[Asia/Ho_Chi_Minh]", "02:47"),
        ("2023-05-17T09:47:00 07:00", "02:47"),
        ("Wed, 17 May 2023 09:47:00 0700", "02:47"),
        ("17/05/2023T09:47", "02:47"),
    ] {
        let utc = format!("2023-05-17T{utc}:00Z");
        assert_eq!(read(text), Some(utc), "{text}");
    }
    for none in ["17/05/2023 07:30 - 10:30", "17/05/2023 9:47xm"] {
        assert_eq!(read(none), None, "{none}");
    }
}

#[test]
fn words_around_a_date_do_not_stand_in_its_way() {
    let read = |text: &str| among(&of_hanoi(None, None), &[], text);
    for text in [
        "Wed, 17 May 2023 09:47:00 GMT+0700 (Giờ Đông Dương)",
        "Giờ đăng: 09:47 17/05/2023",
        "09:47 ngày 17 / 05 / 2023 giờ Hà Nội",
        "17th May 2023 09:47",
        "17 Th5 2023 09:47",
        "17 thg 5, 2023 09:47",
    ] {
        assert_eq!(
            read(text).as_deref(),
            Some("2023-05-17T02:47:00Z"),
            "{text}"
        );
    }
}

#[test]
fn a_date_that_was_never_set_is_none() {
    let read = |text: &str| among(&of_hanoi(None, None), &[], text);
    for none in [
        "Mon, 01 Jan 0001 00:00:00 GMT",
        "0001-01-01T00:00:00",
        "1/1/0001 12:00:00 AM",
    ] {
        assert_eq!(read(none), None, "{none}");
    }
}

#[test]
fn nobody_writes_the_month_first_in_vietnamese_or_months_ahead() {
    let may = of_hanoi(Some("2023-05-17T03:00:00Z"), None);
    let read = |text| among(&may, &[text], text);
    for (text, utc) in [
        ("Thứ Bảy, 06/05/2023 09:47", Some("2023-05-06T02:47:00Z")),
        ("05/05/2023 - 2:05 CH", Some("2023-05-05T07:05:00Z")),
        ("04/05/2023 2:05 CH", Some("2023-05-04T07:05:00Z")),
        ("12/05/2023 09:47", Some("2023-05-12T02:47:00Z")),
        ("05/12/2023 09:47", Some("2023-05-12T02:47:00Z")),
        ("06/05/2023 09:47", None),
    ] {
        assert_eq!(read(text).as_deref(), utc, "{text}");
    }
    let all = ["12/05/2023 09:47", "05/12/2023 09:47"];
    assert_eq!(among(&may, &all, all[0]), None, "they contradict");
}

#[test]
fn the_dates_of_one_source_tell_which_number_is_the_day() {
    let dates = of_hanoi(None, None);
    let of = |others: &[&str]| among(&dates, others, "5/6/2023 9:47");
    assert_eq!(of(&["17/5/2023"]).as_deref(), Some("2023-06-05T02:47:00Z"));
    assert_eq!(
        of(&["5/17/2023 1:00 AM"]).as_deref(),
        Some("2023-05-06T02:47:00Z")
    );
    assert_eq!(of(&["05/06/2023", "5/6/2023 9:00 AM"]), None);
    assert_eq!(of(&["17/5/2023", "5/17/2023"]), None, "they contradict");
}

#[test]
fn what_the_settings_say_of_a_feeds_dates_ends_the_guessing() {
    let days_first = of_hanoi(None, Some("%d/%m/%Y %H:%M"));
    let read = |text| among(&days_first, &["5/6/2023 9:47"], text);
    assert_eq!(
        read("5/6/2023 9:47").as_deref(),
        Some("2023-06-05T02:47:00Z")
    );
    let other_shape = read("Wed, 17 May 2023 09:47:00 +0700");
    assert_eq!(other_shape.as_deref(), Some("2023-05-17T02:47:00Z"));
    assert_eq!(read("5/6/2023 9:47:00 AM"), None, "still not certain");
    let zoned = of_hanoi(None, Some("%Y%m%d %H%M %z"));
    assert_eq!(
        among(&zoned, &[], "20230605 0947 +0000").as_deref(),
        Some("2023-06-05T09:47:00Z")
    );
}

#[test]
fn local_time_that_is_labelled_as_greenwichs_shows_by_lying_ahead() {
    let dates = of_hanoi(Some("2023-05-17T03:00:00Z"), None);
    let new = "Wed, 17 May 2023 09:47:00 GMT";
    let old = "Tue, 16 May 2023 16:05:00 GMT";
    let read = |others: &[&str], text| among(&dates, others, text).unwrap();
    assert_eq!(read(&[new], new), "2023-05-17T02:47:00Z");
    assert_eq!(
        read(&[new, old], old),
        "2023-05-16T09:05:00Z",
        "so are the others"
    );
    assert_eq!(read(&[old], old), "2023-05-16T16:05:00Z");
    let labelled = "Wed, 17 May 2023 16:00:00 +0700";
    assert_eq!(read(&[new, labelled], labelled), "2023-05-17T09:00:00Z");
    let a_clock_ahead = "Wed, 17 May 2023 03:10:00 GMT";
    assert_eq!(
        read(&[a_clock_ahead], a_clock_ahead),
        "2023-05-17T03:10:00Z"
    );
    let announced = "Fri, 19 May 2023 00:00:00 GMT";
    assert_eq!(read(&[announced], announced), "2023-05-19T00:00:00Z");
}

#[test]
fn every_shape_in_use_is_read_and_nothing_is_invented() {
    let cases = include_str!("../../../tests/fixtures/text/date-cases.json");
    let cases: Cases = serde_json::from_str(cases).unwrap();
    let zone = TimeZone::get("Asia/Ho_Chi_Minh").unwrap();
    let wrong: Vec<String> = cases
        .cases
        .into_iter()
        .filter(|case| read(&case.text, &zone) != case.utc)
        .map(|case| format!("{:?}: {:?}", case.text, read(&case.text, &zone)))
        .collect();
    assert_eq!(wrong, Vec::<String>::new());
}

#[test]
fn one_entry_ahead_does_not_move_the_dates_of_a_newsroom_that_then_worked_by_night() {
    let dates = of_hanoi(Some("2025-11-24T03:00:00Z"), None);
    let planned = "Mon, 24 Nov 2025 07:30:00 GMT";
    let morning = "Mon, 24 Nov 2025 01:10:00 GMT";
    let earlier = [
        "Sun, 23 Nov 2025 02:30:00 GMT",
        "Sat, 22 Nov 2025 08:00:00 GMT",
    ];
    let mut all = vec![planned, morning];
    all.extend(earlier);
    assert_eq!(
        among(&dates, &all, morning).as_deref(),
        Some("2025-11-24T01:10:00Z")
    );
    // The same clock, and a site whose own time is labelled so.
    let local = "Mon, 24 Nov 2025 09:40:00 GMT";
    let all = [
        local,
        "Sun, 23 Nov 2025 16:30:00 GMT",
        "Sat, 22 Nov 2025 08:00:00 GMT",
    ];
    assert_eq!(
        among(&dates, &all, local).as_deref(),
        Some("2025-11-24T02:40:00Z")
    );
}
