//! The command line: what scripts rely on.

use std::io::Write;
use std::process::Stdio;

use serde_json::Value;

use crate::house::{House, Ran, at};
use crate::site::{Entry, entry};

/// The program with a text on its standard input.
pub(crate) fn piped(house: &House, arguments: &[&str], text: &str) -> Ran {
    let mut child = house
        .program(arguments)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    Ran::of(child.wait_with_output().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn once_prints_one_document_of_the_contract_and_nothing_else() {
    let house = House::settled("").await;
    house.site.feed(&[entry(1, "Một")]);
    let ran = house.run(&["once", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let document = ran.document();
    let published = at(&document, "/pages/0/published/0");
    assert_eq!(at(published, "/title"), "Một");
    assert!(
        at(published, "/permalink")
            .as_str()
            .unwrap()
            .starts_with("https://www.facebook.com/")
    );
    for member in ["queued", "held", "unresolved", "refused", "skipped"] {
        assert!(
            at(&document, &format!("/pages/0/{member}")).is_u64(),
            "{member}"
        );
    }
    assert!(at(&document, "/notices").is_array());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_gets_tables_and_no_colours_in_a_pipe() {
    let house = House::settled("").await;
    house.site.feed(&[entry(1, "Một")]);
    let ran = house.run(&["once"]);
    assert!(
        ran.out.contains("Posted") && ran.out.contains("trang"),
        "{}",
        ran.out
    );
    assert!(!ran.out.contains('\u{1b}') && !ran.err.contains('\u{1b}'));
    let vietnamese = house.run(&["ledger", "list", "--lang", "vi"]);
    assert!(vietnamese.out.contains("đã đăng"), "{}", vietnamese.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_feed_and_the_article_are_shown_as_they_are_read() {
    let house = House::settled("").await;
    let one = Entry {
        picture: Some("/a.jpg".to_owned()),
        ..entry(1, "Một")
    };
    house.site.feed(std::slice::from_ref(&one));
    let feed = house.run(&["feed", &format!("{}/rss", house.site.address), "--json"]);
    assert_eq!(feed.code, 0, "{}", feed.err);
    let feed = feed.document();
    assert_eq!(at(&feed, "/feed/format"), "rss2");
    assert_eq!(at(&feed, "/entries/0/title"), "Một");
    assert_eq!(at(&feed, "/entries/0/published"), "2026-11-23T21:00:00Z");
    assert!(at(&feed, "/entries/0/content").is_null());
    let article = house
        .run(&["article", &house.site.link(&one), "--json"])
        .document();
    assert_eq!(at(&article, "/images/0/caption"), "Chú thích Một");
    assert!(at(&article, "/error").is_null());

    let nonsense = piped(&house, &["feed", "-", "--json"], "<html>nothing</html>");
    assert_eq!(nonsense.code, 65);
    assert!(at(&nonsense.document(), "/error").is_string());
    let gone = house.run(&[
        "article",
        &format!("{}/nowhere", house.site.address),
        "--json",
    ]);
    assert_eq!(gone.code, 69);
    assert!(at(&gone.document(), "/error").is_string());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_file_can_be_previewed_posted_and_told_about() {
    let house = House::settled("").await;
    let one = entry(1, "Một");
    house.site.feed(std::slice::from_ref(&one));
    let article = house.run(&["article", &house.site.link(&one), "--json"]);
    let mut document = article.document();
    document["link"] = Value::from(house.site.link(&one));
    let file = house.dir.path().join("bai.json");
    std::fs::write(&file, document.to_string()).unwrap();
    let file = file.to_str().unwrap();

    let preview = house.run(&["preview", file, "--json"]).document();
    assert_eq!(at(&preview, "/state"), "preview");
    assert!(
        at(&preview, "/message")
            .as_str()
            .unwrap()
            .starts_with("Một")
    );
    let html = house.dir.path().join("xem.html");
    assert_eq!(
        house
            .run(&["preview", file, "--html", html.to_str().unwrap()])
            .code,
        0
    );
    assert!(
        std::fs::read_to_string(html)
            .unwrap()
            .contains("<article class=\"post\">")
    );
    assert!(house.shown().is_empty());

    assert_eq!(house.run(&["post", file, "--json"]).code, 0);
    let why = house.run(&["why", &house.site.link(&one), "--json"]);
    assert_eq!(at(&why.document(), "/title"), "Một");
    assert_eq!(house.run(&["post", file, "--json"]).code, 65);
    assert_eq!(house.run(&["why", "chưa từng có", "--json"]).code, 65);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_ledgers_verbs_change_records_and_say_what_they_could_not() {
    let mut house = House::settled("").await;
    house.change_settings("feeds = [\"tin\"]", "feeds = [\"tin\"]\nreview = \"all\"");
    house.site.feed(&[entry(2, "Hai"), entry(1, "Một")]);
    house.run(&["once", "--json"]);
    let list = house.run(&["ledger", "list", "--json"]).document();
    let ids: Vec<String> = at(&list, "/records")
        .as_array()
        .unwrap()
        .iter()
        .map(|record| at(record, "/article").as_str().unwrap().to_owned())
        .collect();
    assert_eq!(house.run(&["ledger", "skip", &ids[0]]).code, 0);
    let approved = house.run(&["ledger", "approve", "--held", "review", "--json"]);
    assert_eq!(at(&approved.document(), "/records/0/state"), "queued");
    assert_eq!(house.run(&["ledger", "hold", &ids[1]]).code, 0);
    assert_eq!(house.run(&["ledger", "retry", &ids[1], &ids[0]]).code, 0);
    house.run(&["once", "--json"]);
    assert_eq!(house.shown(), ["Một", "Hai"]);
    let late = house.run(&["ledger", "approve", &ids[0], "--json"]);
    assert_eq!(late.code, 65);
    assert!(at(&late.document(), "/refused/0/error").is_string());
    assert_eq!(house.run(&["ledger", "approve"]).code, 64);
    assert_eq!(
        house
            .run(&["ledger", "resolve", &ids[0], "--absent", "--json"])
            .code,
        65
    );
    assert_eq!(house.run(&["ledger", "verify"]).code, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ledger_can_be_exported_and_taken_in_elsewhere() {
    let house = House::settled("").await;
    house.site.feed(&[entry(1, "Một")]);
    house.run(&["once"]);
    let exported = house.run(&["ledger", "export"]);
    assert!(exported.out.lines().count() > 5);
    let elsewhere = house.dir.path().join("elsewhere");
    let elsewhere = elsewhere.to_str().unwrap();
    let imported = piped(
        &house,
        &["ledger", "import", "-", "--state", elsewhere],
        &exported.out,
    );
    assert_eq!(imported.code, 0, "{}", imported.err);
    let listed = house
        .run(&["ledger", "list", "--json", "--state", elsewhere])
        .document();
    assert_eq!(at(&listed, "/records/0/state"), "published");
    let twice = piped(
        &house,
        &["ledger", "import", "-", "--state", elsewhere],
        &exported.out,
    );
    assert_eq!(twice.code, 65);
    let garbage = piped(
        &house,
        &["ledger", "import", "-", "--state", &format!("{elsewhere}2")],
        "{}\n",
    );
    assert_eq!(garbage.code, 65, "{}", garbage.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_editor_can_try_a_filter_and_check_every_template() {
    let house = House::settled("").await;
    let tried = piped(
        &house,
        &[
            "template",
            "eval",
            "{{ text | excerpt(2, \"words\") }}",
            "--text",
            "-",
        ],
        "Một hai ba bốn.",
    );
    assert_eq!((tried.code, tried.out.trim()), (0, "Một hai…"));
    assert_eq!(house.run(&["template", "eval", "{{ nope"]).code, 65);
    assert_eq!(house.run(&["template", "check"]).code, 0);
    let list = house.run(&["template", "list", "--json"]).document();
    assert_eq!(at(&list, "/templates/0/name"), "article");
    house.site.feed(&[entry(1, "Một")]);
    let rendered = house.run(&["template", "render", "ngan"]);
    assert!(
        rendered.out.contains("Một"),
        "{}{}",
        rendered.out,
        rendered.err
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_ships_can_be_tried_before_anything_is_set_up() {
    let house = House::settled("").await;
    let nowhere = house.dir.path().join("none.toml");
    let nowhere = nowhere.to_str().unwrap();
    let list = house.run(&["template", "list", "--json", "--config", nowhere]);
    assert_eq!(at(&list.document(), "/templates/0/name"), "article");
    let slug = [
        "template",
        "eval",
        "{{ 'Cần Đước' | slug }}",
        "--config",
        nowhere,
    ];
    assert_eq!(house.run(&slug).out.trim(), "can-duoc");
    assert_eq!(
        house.run(&["template", "check", "--config", nowhere]).code,
        78
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn causes_are_told_in_the_readers_language() {
    let house = House::settled("").await;
    house.site.fail(503, None);
    let told = |language| house.run(&["once", "--lang", language]).out;
    assert!(told("en").contains("the site answered 503"));
    assert!(told("vi").contains("trang tin trả lời mã 503"));
    let arguments = ["check", "--online", "--json", "--lang", "vi"];
    let document = house.run(&arguments).document();
    let checks = at(&document, "/checks").as_array().unwrap();
    let of_feed = checks.iter().find(|check| at(check, "/ok") == false);
    assert_eq!(
        of_feed.map(|check| at(check, "/result")),
        Some(&Value::from("trang tin trả lời mã 503"))
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn check_finds_what_will_go_wrong() {
    let house = House::settled("").await;
    house.site.feed(&[entry(1, "Một")]);
    let fine = house.run(&["check", "--json"]);
    assert_eq!(fine.code, 0, "{}", fine.out);
    // The rehearsal page's clock stands still, which is the one thing wrong here.
    let online = house.run(&["check", "--online", "--json"]);
    let wrong: Vec<&Value> = at(&online.document(), "/checks")
        .as_array()
        .unwrap()
        .iter()
        .filter(|check| at(check, "/ok") == false)
        .map(|check| at(check, "/name"))
        .cloned()
        .collect::<Vec<_>>()
        .leak()
        .iter()
        .collect();
    assert_eq!(wrong, ["Clock"]);
    assert_eq!(online.code, 1);
    let without_token = house
        .program(&["check", "--json"])
        .env_remove("LOA_TOKEN")
        .output()
        .unwrap();
    let without_token = Ran::of(without_token);
    assert_eq!(without_token.code, 1);
    assert!(
        without_token.out.contains("LOA_TOKEN is not set"),
        "{}",
        without_token.out
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_settings_are_refused_with_line_key_and_the_way_out_also_as_a_document() {
    let mut house = House::settled("").await;
    house.change_settings("spacing =", "spacign =");
    let ran = house.run(&["once"]);
    assert_eq!(ran.code, 78);
    assert!(
        ran.err.contains("pages[0].spacign") && ran.err.contains("spacing?"),
        "{}",
        ran.err
    );
    let ran = house.run(&["once", "--json"]);
    assert!(
        at(&ran.document(), "/error")
            .as_str()
            .unwrap()
            .contains("spacign")
    );
    let missing = house.run(&["run", "--config", "/nowhere/loa.toml"]);
    assert_eq!(missing.code, 78);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_line_that_makes_no_sense_is_told_so() {
    let house = House::settled("").await;
    assert_eq!(house.run(&["frobnicate"]).code, 64);
    assert_eq!(house.run(&["post"]).code, 64);
    let told = house.run(&["post", "--json"]);
    assert!(at(&told.document(), "/error").is_string());
    assert_eq!(house.run(&["pause", "--for", "soon"]).code, 64);
    house.site.feed(&[entry(1, "Một")]);
    assert_eq!(house.run(&["preview", "--page", "nobody"]).code, 64);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_program_explains_itself_in_both_languages() {
    let house = House::settled("").await;
    insta::assert_snapshot!("help-vi", house.run(&["--help", "--lang", "vi"]).out);
    insta::assert_snapshot!(
        "help-post-en",
        house.run(&["post", "--help", "--lang", "en"]).out
    );
    assert!(house.run(&["completions", "bash"]).out.contains("loa"));
    assert!(house.run(&["man"]).out.contains(".TH"));
    assert!(house.run(&["--version"]).out.starts_with("loa "));
    let schema: Value = serde_json::from_str(&house.run(&["config", "schema"]).out).unwrap();
    assert!(schema["properties"]["feeds"].is_object());
}

#[tokio::test(flavor = "multi_thread")]
async fn no_token_is_ever_printed() {
    let house = House::settled("").await;
    house.site.feed(&[entry(1, "Một")]);
    for arguments in [
        &["once", "--json"][..],
        &["check", "--online"],
        &["ledger", "export"],
        &["why", "Một"],
        &["once", "--log", "json"],
    ] {
        let mut command = house.program(arguments);
        let ran = Ran::of(command.env("RUST_LOG", "trace").output().unwrap());
        assert!(!ran.out.contains(crate::house::TOKEN), "{arguments:?}");
        assert!(!ran.err.contains(crate::house::TOKEN), "{arguments:?}");
    }
}
