//! The story of an article, as a person reads it.

use loa::rehearsal::mood::{Kind, Whim};

use crate::house::House;
use crate::site::{Entry, entry};

/// What `loa why` prints, without what differs from run to run.
fn told(house: &House, article: &Entry, language: &str) -> String {
    let link = house.site.link(article);
    let told = house.run(&["why", &link, "--lang", language]);
    assert_eq!(told.code, 0, "{}", told.err);
    let name = told.out.lines().nth(1).unwrap_or_default();
    let name = name.split_whitespace().next().unwrap_or_default();
    let lines: Vec<String> = told.out.lines().filter_map(cells).collect();
    lines
        .join("\n")
        .replace(&house.site.address, "http://127.0.0.1:35350")
        .replace(name, "a1b2c3d4")
}

/// A line of the table without its frame; `None`: it is nothing but frame.
fn cells(line: &str) -> Option<String> {
    let cells = line.split("  ").map(str::trim);
    let cells: Vec<&str> = cells.filter(|cell| !cell.is_empty()).collect();
    (!line.starts_with(['─', '═'])).then(|| cells.join(" · "))
}

fn in_both_languages(house: &House, article: &Entry, story: &str) {
    for language in ["vi", "en"] {
        let told = told(house, article, language);
        insta::assert_snapshot!(format!("{story}-{language}"), told);
    }
}

#[tokio::test]
async fn a_post_that_was_proved_absent_and_sent_again() {
    let house = House::settled("").await;
    let article = Entry {
        picture: Some("/anh.jpg".to_owned()),
        ..entry(1, "Cầu mới thông xe")
    };
    house.mood(Whim::Fails {
        code: 2,
        done: false,
    });
    house.bring_out(std::slice::from_ref(&article)).await;
    house.runs(9, 75).await;
    assert_eq!(house.shown(), ["Cầu mới thông xe"]);
    in_both_languages(&house, &article, "sent-again");
}

#[tokio::test]
async fn a_post_of_which_nobody_could_tell() {
    let house = House::settled("").await;
    let article = entry(1, "Thông báo cúp điện");
    house.mood(Whim::HangUp { done: true });
    house.mood_on(Kind::Read, Whim::Slow { seconds: 0 }, 1);
    house.mood_on(Kind::Read, Whim::NotPermitted, 1000);
    house.bring_out(std::slice::from_ref(&article)).await;
    house.runs(2, 900).await;
    in_both_languages(&house, &article, "nobody-could-tell");
}
