//! What a person is told, in their language and with the right end.

use std::process::Stdio;

use crate::house::{House, Ran, at};
use crate::site::{Entry, entry};

#[tokio::test(flavor = "multi_thread")]
async fn the_story_of_an_article_is_told_in_vietnamese() {
    let mut house = House::settled("").await;
    house.change_settings("max_age = \"9999d\"", "max_age = \"3d\"");
    let one = entry(1, "Một");
    house.site.page(&one.path, 404, "");
    house.bring_out(std::slice::from_ref(&one)).await;
    let why = house.run(&["why", "Một", "--lang", "vi"]);
    for part in [
        "24/11/2026 09:00:00",
        "đọc trang của bài trước",
        "không đọc được trang",
        "chỉ dùng phần có trong nguồn tin: trang tin trả lời mã 404",
        "bài mới",
        "đến lượt",
        "lần chạy thứ 2",
        "Trang trả lời kèm mã bài đăng",
    ] {
        assert!(why.out.contains(part), "{part}: {}", why.out);
    }
    assert!(!why.out.contains("the "), "{}", why.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_article_and_a_refusal_are_told_in_vietnamese() {
    let mut house = House::settled("").await;
    house.change_settings("max_age = \"9999d\"", "max_age = \"3d\"");
    let old = Entry {
        published: "2026-11-20T08:00:00+07:00".to_owned(),
        ..entry(1, "Cũ")
    };
    house.bring_out(&[old, entry(2, "Hai")]).await;
    let why = house.run(&["why", "Cũ", "--lang", "vi"]);
    let rule = "max_age 3d; đăng ngày 20/11/2026 08:00:00";
    assert!(why.out.contains(rule), "{}", why.out);

    let link = house.site.link(&entry(2, ""));
    let late = house.run(&["ledger", "approve", &link, "--lang", "vi"]);
    assert_eq!(late.code, 65);
    assert!(late.err.contains("“đã đăng”"), "{}", late.err);
    assert_eq!(late.out, "", "the refusal says enough");
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_several_articles_have_tell_the_newest_and_name_the_others() {
    let house = House::settled("").await;
    house.site.feed(&[entry(2, "Cầu mới"), entry(1, "Cầu cũ")]);
    house.once().await;
    let why = house.run(&["why", "cầu", "--json"]).document();
    assert_eq!(at(&why, "/title"), "Cầu mới");
    assert_eq!(at(&why, "/others/0/title"), "Cầu cũ");
    let told = house.run(&["why", "cầu"]);
    assert!(told.out.contains("Cầu cũ"), "{}", told.out);
    assert!(told.err.contains("Several articles"), "{}", told.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_that_is_missing_is_told_at_the_start_with_its_place_and_what_to_write() {
    let mut house = House::settled("").await;
    house.change_settings("{ env = \"LOA_TOKEN\" }", "{ file = \"/nowhere/token\" }");
    house.site.feed(&[entry(1, "Một")]);
    let link = house.site.link(&entry(1, ""));
    let once = house.run(&["once"]);
    let post = house.run(&["post", &link]);
    for ran in [once, post] {
        assert_eq!(ran.code, 77, "{}", ran.err);
        for part in ["loa.toml:", "pages[0].token", "Create the file"] {
            assert!(ran.err.contains(part), "{part}: {}", ran.err);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sound_ledger_is_not_given_up_by_a_slip() {
    let mut house = House::settled("").await;
    house.change_settings("spacing = \"0s\"", "spacing = \"1h\"");
    house.bring_out(&[entry(2, "Hai"), entry(1, "Một")]).await;
    assert_eq!(house.run(&["ledger", "init"]).code, 64);
    let refused = house.run(&["ledger", "init", "--adopt"]);
    assert_eq!(refused.code, 64);
    assert!(refused.err.contains("1 posts wait"), "{}", refused.err);
    let forced = house.run(&["ledger", "init", "--adopt", "--force"]);
    assert_eq!(forced.code, 0, "{}", forced.err);
    let aside = house.state().join("ledger.before-1");
    assert!(
        forced.out.contains(aside.to_str().unwrap()),
        "{}",
        forced.out
    );
    assert!(forced.out.contains("1 posts"), "{}", forced.out);

    std::fs::create_dir_all(house.state().join("ledger")).unwrap();
    std::fs::write(house.state().join("ledger/identity"), "nonsense").unwrap();
    let broken = house.run(&["ledger", "init", "--adopt"]);
    assert_eq!(broken.code, 0, "{}", broken.err);
    assert!(broken.out.contains("ledger.before-2"), "{}", broken.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_reached_what_must_not_be_and_what_is_nonsense_end_differently() {
    let mut house = House::settled("").await;
    house.site.feed(&[entry(1, "Một")]);
    let feed = format!("{}/rss", house.site.address);
    let nowhere = format!("{}/nowhere", house.site.address);
    for verb in ["feed", "article"] {
        let gone = house.run(&[verb, &nowhere]);
        assert_eq!(gone.code, 69, "{verb}: {}", gone.err);
        assert_eq!(gone.out, "", "{verb}");
        let odd = house.run(&[verb, "ftp://bao.example/rss"]);
        assert_eq!(odd.code, 64, "{verb}");
        assert!(odd.err.contains("is no web address"), "{}", odd.err);
    }
    let missing = house.run(&["post", "/no/such.json"]);
    assert_eq!(missing.code, 65);
    assert!(
        missing.err.contains("/no/such.json cannot be read"),
        "{}",
        missing.err
    );

    house.change_settings(
        "graph_url = \"http://",
        "graph_url = \"http://127.0.0.1:9\" # ",
    );
    let refused = house.run(&["check", "--online", "--json"]);
    assert_eq!(refused.code, 69, "{}", refused.out);
    house.change_settings("[\"127.0.0.0/8\"]", "[]");
    assert_eq!(house.run(&["check", "--online"]).code, 78);
    assert_eq!(house.run(&["feed", &feed]).code, 78);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_whose_reader_has_seen_enough_ends_quietly() {
    let house = House::settled("").await;
    let mut child = house.program(&["ledger", "export"]).spawn().unwrap();
    // The reader goes away before anything comes.
    drop(child.stdout.take());
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_name_nothing_are_told_so_and_every_check_has_a_name_for_scripts() {
    let house = House::settled("").await;
    let empty = house.dir.path().join("trong.toml");
    std::fs::write(&empty, "").unwrap();
    let state = house.dir.path().join("trong");
    let places = [empty.to_str().unwrap(), state.to_str().unwrap()];
    let arguments = [
        "check", "--json", "--config", places[0], "--state", places[1],
    ];
    let ran = house.run(&arguments);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let document = ran.document();
    let result = at(&document, "/checks/0/result").as_str().unwrap();
    assert!(result.contains("neither a feed nor a page"), "{result}");
    let ids: Vec<&str> = at(&document, "/checks")
        .as_array()
        .unwrap()
        .iter()
        .map(|check| at(check, "/id").as_str().unwrap())
        .collect();
    assert_eq!(ids, ["settings", "secrets", "templates", "rules", "store"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mistake_on_the_command_line_is_told_in_the_readers_language() {
    let house = House::settled("").await;
    let told = |arguments: &[&str]| {
        let ran = house.program(arguments).stdin(Stdio::null()).output();
        let ran = Ran::of(ran.unwrap());
        assert_eq!(ran.code, 64, "{arguments:?}");
        ran.err
    };
    let mistakes = [
        (
            &["--lang", "vi", "pots"][..],
            "không có lệnh “pots”. Có phải ý bạn là post?",
        ),
        (
            &["--lang", "vi", "post", "--agian", "-"],
            "không có tham số “--agian”",
        ),
        (&["--lang", "vi", "post"], "còn thiếu: <URL|FILE|->"),
        (
            &["--lang", "vi", "--log", "xml", "run"],
            "“xml” không dùng được cho --log",
        ),
        (&["--lang", "en", "pots"], "there is no command “pots”"),
    ];
    for (arguments, text) in mistakes {
        let err = told(arguments);
        assert!(err.contains(text), "{err}");
    }
    assert!(told(&["--lang", "vi", "pots"]).contains("Cách dùng: loa [TÙY CHỌN] <LỆNH>"));
}
