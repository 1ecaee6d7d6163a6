//! Templates as an editor meets them: right, wrong, and broken on purpose.

use super::*;
use crate::article::Article;
use crate::feed::date::Dates;

fn zone() -> TimeZone {
    TimeZone::get("Asia/Ho_Chi_Minh").unwrap()
}

fn shipped() -> Templates {
    Templates::new(None, zone())
}

fn seed() -> PostContext {
    let feed = std::fs::read("tests/fixtures/feed-baolongan-like.xml").unwrap();
    let feed = crate::feed::parse(&feed, None, None, &Dates::in_zone(zone())).unwrap();
    PostContext::of(
        &Article::from_entry(&feed.entries[0], "canduoc"),
        "canduoc35",
    )
}

#[test]
fn the_shipped_template_makes_a_post_of_the_seed_article() {
    insta::assert_snapshot!(shipped().render("article", &seed()).unwrap().text, @"
    Cần Đước chuyển biến tích cực từ việc học tập và làm theo gương Bác

    Việc triển khai, thực hiện Kết luận số 01-KL/TW, ngày 18/5/2021 của Bộ Chính trị về tiếp tục thực hiện Chỉ thị số 05-CT/TW về “Đẩy mạnh học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh” trên địa bàn huyện Cần Đước luôn được sự quan tâm lãnh, chỉ đạo của các cấp ủy Đảng, chính quyền.

    👉 https://baolongan.example/can-duoc-chuyen-bien-tich-cuc-tu-viec-hoc-tap-va-lam-theo-guong-bac-a155283.html
    📍 Cần Đước, 17/05/2023
    #CầnĐước
    ");
}

#[test]
fn no_sample_and_no_shipped_template_disagree() {
    assert_eq!(shipped().check(&[seed()]), []);
    for name in shipped().names() {
        for post in PostContext::samples() {
            let text = shipped().render_strictly(&name, &post).unwrap();
            assert!(
                !text.is_empty() && !text.contains("\n\n\n"),
                "{name}: {text}"
            );
        }
    }
}

#[test]
fn a_typo_never_stops_posting_the_last_good_form_is_used_and_said() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("tin.j2");
    let templates = Templates::new(Some(dir.path()), zone());
    std::fs::write(&file, "Tin: {{ title }}").unwrap();
    let first = templates.render("tin", &seed()).unwrap();
    assert!(first.text.starts_with("Tin: Cần Đước") && first.warnings.is_empty());

    std::fs::write(&file, "{{ tieude }}").unwrap();
    let second = templates.render("tin", &seed()).unwrap();
    assert_eq!(second.text, first.text);
    insta::assert_snapshot!(second.warnings.join("\n"), @"template tin, line 1: it mentions `tieude`, which does not exist; known are: byline, categories, corrected, feed, images, lead, link, page, published, section, text, title");

    std::fs::write(&file, "{% if %}").unwrap();
    assert_eq!(templates.render("tin", &seed()).unwrap().text, first.text);
    assert_eq!(templates.check(&[]).len(), 1);
}

#[test]
fn a_template_that_was_never_good_is_replaced_by_the_embedded_one() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("article.j2"), "{{ nope }}").unwrap();
    let templates = Templates::new(Some(dir.path()), zone());
    let rendered = templates.render("article", &seed()).unwrap();
    assert_eq!(
        rendered.text,
        shipped().render("article", &seed()).unwrap().text
    );
    assert_eq!(rendered.warnings.len(), 1);
}

#[test]
fn a_template_that_does_not_exist_is_replaced_and_the_names_there_are_told() {
    let rendered = shipped().render("artcle", &seed()).unwrap();
    insta::assert_snapshot!(rendered.warnings.join("\n"), @"there is no template artcle; there are: article, ngan, thong-bao");
}

#[test]
fn a_template_that_never_ends_is_stopped() {
    let endless = "{% for a in range(10000) %}{% for b in range(10000) %}x{% endfor %}{% endfor %}";
    let error = shipped().eval(endless, "").unwrap_err();
    insta::assert_snapshot!(error, @"template eval, line 1: it takes too long; is there a loop too many?");
}

#[test]
fn names_do_not_lead_out_of_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("secret.j2"), "secret").unwrap();
    let inner = dir.path().join("templates");
    std::fs::create_dir(&inner).unwrap();
    let templates = Templates::new(Some(&inner), zone());
    assert!(templates.render_strictly("../secret", &seed()).is_err());
}

#[test]
fn filters_take_their_arguments_by_place_and_by_name() {
    let eval = |expression: &str, text: &str| shipped().eval(expression, text).unwrap();
    let text = "Một hai ba. Bốn năm sáu.";
    assert_eq!(
        eval("{{ text | excerpt(1, \"sentences\") }}", text),
        "Một hai ba."
    );
    assert_eq!(
        eval("{{ text | excerpt(limit=2, unit=\"words\") }}", text),
        "Một hai…"
    );
    assert_eq!(eval("{{ text | excerpt }}", text), text);
    assert_eq!(eval("{{ text | sentences | length }}", text), "2");
    assert_eq!(
        eval("{{ text | hashtag(marks=false) }}", "Cần Đước 35"),
        "#CanDuoc35"
    );
    assert_eq!(eval("{{ text | hashtag }}", "2023"), "");
    assert_eq!(
        eval("{{ text is same_as_text(\"HOÀ BÌNH\") }}", "hòa bình"),
        "True"
    );
    assert_eq!(
        eval("{{ text | vn_date }}", "Wed, 17 May 2023 09:47:00 GMT+7"),
        "17/05/2023"
    );
    assert_eq!(
        eval(
            "{{ text | vn_date(\"%A, %H:%M\") }}",
            "2023-05-17T02:47:00Z"
        ),
        "thứ tư, 09:47"
    );
    assert_eq!(
        eval("{{ text | vn_date(\"iso-utc\") }}", "15 phút trước"),
        ""
    );
    assert!(
        shipped()
            .eval("{{ text | excerpt(3, \"lines\") }}", text)
            .is_err()
    );
}
