//! Articles' pages and Vietnamese text, through the command line: what `loa article` sees in a
//! page, field by field, and what filters make of a text.

use std::path::Path;

use serde_json::{Value, json};

use crate::commands::piped;
use crate::house::{House, Ran, at};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");

fn expected() -> Value {
    let text = std::fs::read_to_string(format!("{FIXTURES}/expected.json")).unwrap();
    serde_json::from_str::<Value>(&text).unwrap()["fixtures"].take()
}

/// `loa article FILE --json --base URL`.
fn article(house: &House, file: &str, base: &str) -> Ran {
    house.run(&["article", file, "--json", "--base", base])
}

fn fixture(house: &House, name: &str, base: &str) -> Ran {
    article(house, &format!("{FIXTURES}/{name}"), base)
}

fn paragraphs(document: &Value) -> Vec<String> {
    let text = at(document, "/text").as_str().unwrap_or_default();
    text.split("\n\n").map(ToOwned::to_owned).collect()
}

/// As a post shows it: blanks are single, and official writing ends with a full stop.
fn shown(paragraph: &str) -> String {
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    words.join(" ").replace("./.", ".")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_seed_article_is_read_field_by_field() {
    let house = House::new().await;
    let wanted = &expected()["article-page.html"];
    let ran = fixture(&house, "article-page.html", wanted["url"].as_str().unwrap());
    assert_eq!(ran.code, 0, "{}", ran.err);
    let read = ran.document();
    for field in ["title", "lead", "published"] {
        assert_eq!(read[field], wanted[field], "{field}");
    }
    assert_eq!(read["byline"], wanted["author"]);
    assert_eq!(read["section"], "Xây dựng Đảng");
    assert_eq!(read["language"], "vi");
    let images: Vec<Value> = read["images"]
        .as_array()
        .unwrap()
        .iter()
        .map(|image| json!({ "src": image["url"], "caption": image["caption"] }))
        .collect();
    assert_eq!(&Value::from(images.clone()), &wanted["images"]);
    let wanted_paragraphs: Vec<String> = wanted["paragraphs"]
        .as_array()
        .unwrap()
        .iter()
        .map(|paragraph| shown(paragraph.as_str().unwrap()))
        .collect();
    assert_eq!(paragraphs(&read), wanted_paragraphs);
    for never in wanted["must_not_contain"].as_array().unwrap() {
        let never = never.as_str().unwrap();
        for field in ["title", "lead", "text"] {
            assert!(
                !read[field].as_str().unwrap().contains(never),
                "{never} in {field}"
            );
        }
    }
    for never in wanted["must_not_be_images"].as_array().unwrap() {
        let never = never.as_str().unwrap();
        assert!(
            images
                .iter()
                .all(|image| !image["src"].as_str().unwrap().contains(never)),
            "{never}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_small_page_is_what_it_is() {
    let house = House::new().await;
    let wanted = expected();
    let wanted = wanted
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| name.starts_with("pages/"));
    let mut seen = 0;
    for (name, wanted) in wanted {
        let ran = fixture(&house, name, "https://baolongan.example/tin-a1.html");
        let read = ran.document();
        seen += 1;
        if wanted["kind"] == "article" {
            assert_eq!(ran.code, 0, "{name}: {}", ran.err);
            assert_eq!(read["title"], wanted["title"], "{name}");
            if let Some(published) = wanted.get("published") {
                assert_eq!(&read["published"], published, "{name}");
            }
            assert!(read["text"].as_str().unwrap().len() > 100, "{name}");
            continue;
        }
        assert_eq!(ran.code, 65, "{name}");
        assert!(read["title"].is_null() && read["text"].is_null(), "{name}");
        let error = read["error"].as_str().unwrap();
        if let Some(to) = wanted.get("to") {
            assert!(error.ends_with(to.as_str().unwrap()), "{error}");
        }
    }
    assert_eq!(seen, 6);
}

/// The families of page systems: for each a page of its kind in `families/`, and beside it what a
/// careful reader gets out of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_page_of_every_family_is_read_field_by_field() {
    let house = House::new().await;
    let folder = format!("{FIXTURES}/families");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|file| file.unwrap().file_name().into_string().unwrap())
        .filter_map(|name| name.strip_suffix(".html").map(ToOwned::to_owned))
        .collect();
    names.sort();
    assert!(names.len() >= 100, "{names:?}");
    let mut wrong = Vec::new();
    for name in names {
        let wanted =
            std::fs::read_to_string(Path::new(&folder).join(format!("{name}.json"))).unwrap();
        let wanted: Value = serde_json::from_str(&wanted).unwrap();
        let file = format!("{folder}/{name}.html");
        let ran = article(&house, &file, wanted["base"].as_str().unwrap());
        let mut read = ran.document();
        read["text"] = paragraphs(&read).into();
        for image in read["images"].as_array_mut().unwrap() {
            image.as_object_mut().unwrap().remove("alt");
        }
        for (field, value) in wanted["page"].as_object().unwrap() {
            if &read[field] != value {
                wrong.push(format!(
                    "{name}, {field}:\n  read   {}\n  wanted {value}",
                    read[field]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_article_that_moved_is_read_where_it_is_and_a_front_page_is_not_read_for_one() {
    let house = House::new().await;
    let front = "<h1>Tin huyện</h1><p>Tất cả tin của huyện đứng ở đây, mới nhất trước.</p>";
    house.site.page("/", 200, front);
    house
        .site
        .page("/moi.html", 200, &format!("{front}<img src='anh/1.jpg'>"));
    house.site.moved("/cu.html", "/moi.html");
    house.site.moved("/mat.html", "/");

    let address = |path: &str| format!("{}{path}", house.site.address);
    let read = house.run(&["article", &address("/cu.html"), "--json"]);
    assert_eq!(read.code, 0, "{}", read.err);
    let picture = at(&read.document(), "/images/0/url").clone();
    assert_eq!(picture, address("/anh/1.jpg"));
    let lost = house.run(&["article", &address("/mat.html")]);
    assert_eq!(lost.code, 69, "{}", lost.err);
    assert!(lost.err.contains("front page"), "{}", lost.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_office_adds_rules_of_its_own_and_is_told_what_is_wrong_with_them() {
    let house = House::settled("").await;
    let page = house.dir.path().join("bai.html");
    let html = "<h1>Tin xã</h1><div class='o1'><p>Phần mở đầu mà toà soạn đặt ở một chỗ riêng của mình.</p></div>\
        <div class='o2'><p>Thân bài thứ nhất của toà soạn, dài hơn hai trăm chữ thì càng tốt.</p><p class='x'>Mời xem thêm ở trang khác của chúng tôi nhé.</p></div>";
    std::fs::write(&page, html).unwrap();
    let rules = house.dir.path().join("sites.toml");
    let read = || article(&house, page.to_str().unwrap(), "https://xa.example/tin/9").document();

    std::fs::write(
        &rules,
        "[[site]]\nname = \"xa\"\nhosts = [\"xa.example\"]\nlead = [\".o1\"]\nremove = [\".x\"]\n",
    )
    .unwrap();
    assert_eq!(
        read()["lead"],
        "Phần mở đầu mà toà soạn đặt ở một chỗ riêng của mình."
    );
    assert_eq!(
        read()["text"],
        "Thân bài thứ nhất của toà soạn, dài hơn hai trăm chữ thì càng tốt."
    );
    assert_eq!(house.run(&["check"]).code, 0);

    std::fs::write(
        &rules,
        "[[site]]\nname = \"xa\"\nhosts = [\"xa.example\"]\nlead = [\".o1 >\"]\n",
    )
    .unwrap();
    assert_eq!(read()["lead"], Value::Null, "the rules that ship do alone");
    let check = house.run(&["check", "--json"]);
    assert_eq!(check.code, 1);
    let checks = check.document();
    let said = checks["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["id"] == "rules")
        .unwrap()["result"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        said.contains("sites.toml, line 4: \".o1 >\" is no CSS selector; write"),
        "{said}"
    );
    let vietnamese = house.run(&["check", "--lang", "vi"]).out;
    assert!(
        vietnamese.contains("sites.toml, dòng 4") && vietnamese.contains("không phải bộ chọn CSS"),
        "{vietnamese}"
    );
}

/// `loa template eval EXPRESSION --text -`.
fn eval(house: &House, expression: &str, text: &str) -> String {
    let ran = piped(
        house,
        &["template", "eval", expression, "--text", "-"],
        text,
    );
    assert_eq!(ran.code, 0, "{expression} of {text}: {}", ran.err);
    ran.out.strip_suffix('\n').unwrap_or(&ran.out).to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_text_case_holds_for_the_filters_that_editors_use() {
    let house = House::new().await;
    let cases = std::fs::read_to_string(format!("{FIXTURES}/text/text-cases.json")).unwrap();
    let cases: Value = serde_json::from_str(&cases).unwrap();
    let of = |kind: &str| cases[kind].as_array().unwrap().clone();
    let word = |case: &Value, field: &str| case[field].as_str().unwrap_or_default().to_owned();
    let mut wrong = Vec::new();
    let mut seen = 0;
    let mut compare = |expression: &str, text: &str, want: &str| {
        seen += 1;
        let got = eval(&house, expression, text);
        if got != want {
            wrong.push(format!(
                "{expression} of {text:?}:\n  got  {got:?}\n  want {want:?}"
            ));
        }
    };
    for case in of("sentences") {
        let want: Vec<&str> = case["split"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one.as_str().unwrap())
            .collect();
        compare(
            "{{ text | sentences | join('¶') }}",
            &word(&case, "text"),
            &want.join("¶"),
        );
    }
    for case in of("clean") {
        compare(
            "{{ text | clean }}",
            &word(&case, "raw"),
            &word(&case, "want"),
        );
    }
    for case in of("hashtags") {
        let tag = case["tag"]
            .as_str()
            .map(|tag| format!("#{tag}"))
            .unwrap_or_default();
        compare("{{ text | hashtag }}", &word(&case, "phrase"), &tag);
    }
    for case in of("slugs") {
        compare(
            "{{ text | slug }}",
            &word(&case, "text"),
            &word(&case, "slug"),
        );
    }
    for case in of("normalize") {
        compare("{{ text | nfc }}", &word(&case, "raw"), &word(&case, "nfc"));
    }
    for case in of("equal_for_matching") {
        let same = format!("text is same_as_text('{}')", word(&case, "b"));
        let expression = format!("{{{{ 'true' if {same} else 'false' }}}}");
        compare(&expression, &word(&case, "a"), &case["equal"].to_string());
    }
    for case in of("truncate") {
        let expression = format!("{{{{ text | excerpt({}) }}}}", case["max_chars"]);
        if let Some(want) = case["expect"].as_str() {
            let composed = eval(&house, "{{ text | nfc }}", want);
            compare(&expression, &word(&case, "text"), &composed);
        } else {
            let cut = eval(&house, &expression, &word(&case, "text"));
            assert!(cut.trim_end_matches('”').ends_with('…'), "{cut}");
            assert_eq!(cut.matches('“').count(), cut.matches('”').count(), "{cut}");
            let stem = cut.trim_end_matches(['…', '”']);
            assert!(word(&case, "expect_prefix_of").starts_with(stem), "{cut}");
        }
    }
    assert!(seen >= 60, "{seen}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test(flavor = "multi_thread")]
async fn places_have_todays_names_and_an_office_adds_its_own() {
    let house = House::settled("").await;
    let text = "Tại xã Long Trạch, tỉnh Long An và ấp Cầu Xây";
    let tags = "{% for place in text | places %}{{ place | hashtag }} {% endfor %}";
    assert_eq!(eval(&house, tags, text), "#RạchKiến #TâyNinh ");
    let own = house.dir.path().join("places.toml");
    std::fs::write(&own, "[[place]]\nname = \"Cầu Xây\"\nkind = \"ấp\"\n").unwrap();
    assert_eq!(eval(&house, tags, text), "#RạchKiến #TâyNinh #CầuXây ");
    assert_eq!(
        eval(
            &house,
            "{{ text | place | hashtag(marks=false) }}",
            "xã Long Khê"
        ),
        "#RachKien"
    );
    std::fs::write(&own, "[[place]]\nname = \"Cầu Xây\"\nkin = \"ấp\"\n").unwrap();
    assert_eq!(
        eval(&house, tags, text),
        "#RạchKiến #TâyNinh ",
        "those that ship do alone"
    );
    let check = house.run(&["check", "--lang", "vi"]);
    assert_eq!(check.code, 1);
    assert!(
        check.out.contains("places.toml, dòng 3") && check.out.contains("`kind`"),
        "{}",
        check.out
    );
}
