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

#[test]
fn the_dates_of_one_source_tell_which_number_is_the_day() {
    let read_as =
        |order| read_in("5/6/2023 9:47", &TimeZone::UTC, order).map(|moment| moment.to_string());
    let order = |texts: &[&str]| Order::of(texts.iter().copied());
    assert_eq!(order(&["17/5/2023"]), Order::DayFirst);
    assert_eq!(order(&["5/17/2023 1:00 AM", "5/6/2023"]), Order::MonthFirst);
    assert_eq!(order(&["5/6/2023 9:00 AM", "05/06/2023"]), Order::Unclear);
    assert_eq!(
        read_as(Order::DayFirst).as_deref(),
        Some("2023-06-05T09:47:00Z")
    );
    assert_eq!(
        read_as(Order::MonthFirst).as_deref(),
        Some("2023-05-06T09:47:00Z")
    );
    assert_eq!(read_as(Order::Unclear), None);
}

#[test]
fn local_time_that_is_labelled_otherwise_shows_by_lying_ahead() {
    let zone = TimeZone::get("Asia/Ho_Chi_Minh").unwrap();
    let at = |text: &str| text.parse::<Timestamp>().unwrap();
    let now = at("2023-05-17T03:00:00Z");
    let meant = |text| relabelled(at(text), now, &zone).to_string();
    assert_eq!(meant("2023-05-17T09:47:00Z"), "2023-05-17T02:47:00Z");
    assert_eq!(meant("2023-05-17T02:30:00Z"), "2023-05-17T02:30:00Z");
    assert_eq!(meant("2023-05-17T03:10:00Z"), "2023-05-17T03:10:00Z");
    assert_eq!(meant("2023-05-19T00:00:00Z"), "2023-05-19T00:00:00Z");
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
