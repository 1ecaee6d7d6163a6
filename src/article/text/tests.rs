//! The cases that Vietnamese text was built for, and what must hold for any text.

use proptest::prelude::*;
use serde::Deserialize;
use unicode_segmentation::UnicodeSegmentation;

use super::*;

#[derive(Deserialize)]
struct Cases {
    sentences: Vec<SentenceCase>,
    clean: Vec<CleanCase>,
    hashtags: Vec<HashtagCase>,
    slugs: Vec<SlugCase>,
    normalize: Vec<NormalCase>,
    equal_for_matching: Vec<EqualCase>,
    truncate: Vec<CutCase>,
}

#[derive(Deserialize)]
struct SentenceCase {
    text: String,
    split: Vec<String>,
}

#[derive(Deserialize)]
struct CleanCase {
    raw: String,
    want: String,
}

#[derive(Deserialize)]
struct HashtagCase {
    phrase: String,
    tag: Option<String>,
}

#[derive(Deserialize)]
struct SlugCase {
    text: String,
    slug: String,
}

#[derive(Deserialize)]
struct NormalCase {
    raw: String,
    nfc: String,
}

#[derive(Deserialize)]
struct EqualCase {
    a: String,
    b: String,
    equal: bool,
}

#[derive(Deserialize)]
struct CutCase {
    text: String,
    max_chars: usize,
    expect: Option<String>,
    ends_with: Option<String>,
}

fn cases() -> Cases {
    serde_json::from_str(include_str!("../../../tests/fixtures/text/text-cases.json")).unwrap()
}

#[test]
fn sentences_end_where_a_reader_says_they_do() {
    for case in cases().sentences {
        assert_eq!(sentences(&case.text), case.split);
    }
}

#[test]
fn lines_lose_what_is_not_prose() {
    for case in cases().clean {
        assert_eq!(clean(&case.raw), case.want, "{}", case.raw);
    }
}

#[test]
fn marks_of_other_newsrooms_go_and_dashes_inside_sentences_stay() {
    for (raw, want) in [
        ("Long An (TTXVN) - Sáng nay có mưa.", "Sáng nay có mưa."),
        ("(Dân trí) - Trời đẹp.", "Trời đẹp."),
        (
            "(NLĐO)- Xã Mỹ Lệ - xã điểm - ra quân.",
            "Xã Mỹ Lệ - xã điểm - ra quân.",
        ),
        (
            "(LA) – Tuyến Cần Đước - Chợ Lớn thông xe.",
            "Tuyến Cần Đước - Chợ Lớn thông xe.",
        ),
        ("VOV.VN - Mưa lớn.", "Mưa lớn."),
        ("Long An (TTXVN)- Mưa lớn.", "Mưa lớn."),
        ("(Bài 1) Chuyện ở ấp 3.", "(Bài 1) Chuyện ở ấp 3."),
        (
            "Bí thư Huyện ủy - Nguyễn Văn A phát biểu.",
            "Bí thư Huyện ủy - Nguyễn Văn A phát biểu.",
        ),
        ("Đường dài 2 km - rộng 4 m.", "Đường dài 2 km - rộng 4 m."),
    ] {
        assert_eq!(clean(raw), want);
    }
}

#[test]
fn phrases_become_tags_and_slugs() {
    for case in cases().hashtags {
        let tag = hashtag(&case.phrase, true);
        assert_eq!(
            tag,
            case.tag.map(|tag| format!("#{tag}")),
            "{}",
            case.phrase
        );
    }
    assert_eq!(hashtag("Cần Đước 35", false).as_deref(), Some("#CanDuoc35"));
    for case in cases().slugs {
        assert_eq!(slug(&case.text), case.slug);
    }
}

#[test]
fn texts_compare_across_normal_forms_case_and_tone_places() {
    for case in cases().normalize {
        assert_eq!(nfc(&case.raw), case.nfc);
    }
    for case in cases().equal_for_matching {
        assert_eq!(
            same_as_text(&case.a, &case.b),
            case.equal,
            "{} {}",
            case.a,
            case.b
        );
    }
}

#[test]
fn excerpts_are_cut_where_an_editor_would() {
    for case in cases().truncate {
        let cut = excerpt(&case.text, Limit::Chars(case.max_chars));
        if let Some(expected) = case.expect {
            assert_eq!(cut, nfc(&expected));
        }
        if let Some(end) = case.ends_with {
            assert!(cut.ends_with(&end), "{cut}");
            assert!(
                cut.matches('“').count() <= cut.matches('”').count(),
                "{cut}"
            );
        }
    }
}

#[test]
fn a_cut_leaves_no_bracket_open() {
    let text = "Sáng nay, tại nhà văn hóa xã (ấp Bình Hòa, gần chợ) bà con dự buổi đối thoại.";
    let cut = excerpt(text, Limit::Chars(45));
    assert_eq!(cut, "Sáng nay, tại nhà văn hóa xã…");
    let text = "a) Hộ nghèo được vay vốn; b) hộ cận nghèo được vay vốn và được tập huấn.";
    assert_eq!(excerpt(text, Limit::Chars(30)), "a) Hộ nghèo được vay vốn…");
}

#[test]
fn words_and_sentences_limit_too() {
    let text = "Một hai ba bốn năm. Sáu bảy tám.";
    assert_eq!(excerpt(text, Limit::Words(3)), "Một hai ba…");
    assert_eq!(excerpt(text, Limit::Words(5)), "Một hai ba bốn năm.");
    assert_eq!(excerpt(text, Limit::Words(0)), "");
    assert_eq!(excerpt(text, Limit::Sentences(1)), "Một hai ba bốn năm.");
    assert_eq!(excerpt(text, Limit::Sentences(9)), text);
}

proptest! {
    #[test]
    fn no_text_makes_an_excerpt_too_long_or_cuts_a_letter(
        text in "([A-Za-zĐđưạ]{1,7}[ ,.“”!…]{0,2}){0,40}", most in 1usize..80,
    ) {
        let cut = excerpt(&text, Limit::Chars(most));
        let letters: Vec<&str> = cut.graphemes(true).filter(|letter| !["…", "”"].contains(letter)).collect();
        prop_assert!(letters.len() <= most, "{cut:?}");
        prop_assert!(cut.matches('…').count() <= tidied(&text).matches('…').count() + 1);
    }

    #[test]
    fn no_text_panics(text in any::<String>(), most in 0usize..50) {
        let _ = excerpt(&text, Limit::Chars(most));
        let _ = excerpt(&text, Limit::Words(most));
        let _ = (clean(&text), sentences(&text), hashtag(&text, true), slug(&text), matching_form(&text));
    }
}

fn tidied(text: &str) -> String {
    crate::markup::tidy(text)
}

#[test]
fn a_cut_falls_between_words_and_not_through_a_word_a_name_or_a_count() {
    for (text, most, want) in [
        (
            "Hôm qua mọi người đến rất đông với nông dân xã Long Khê",
            38,
            "Hôm qua mọi người đến rất đông với…",
        ),
        (
            "Chiều hôm qua lễ ra quân có mặt ông Nguyễn Văn Đát ở xã",
            45,
            "Chiều hôm qua lễ ra quân có mặt ông…",
        ),
        (
            "Công trình dài một cây số có tổng vốn 350 triệu đồng",
            41,
            "Công trình dài một cây số có tổng vốn…",
        ),
        (
            "Tỉ lệ giải ngân đạt 52,5% và còn tăng nữa",
            24,
            "Tỉ lệ giải ngân đạt…",
        ),
        (
            "Ông nói: \"Nhà tôi trồng rau màu từ năm ngoái đến giờ\" rồi cười",
            40,
            "Ông nói: \"Nhà tôi trồng rau màu từ năm…\"",
        ),
        (
            "Ông kể: ‘Nhà tôi trồng rau màu từ năm ngoái đến giờ’ rồi cười",
            36,
            "Ông kể: ‘Nhà tôi trồng rau màu từ…’",
        ),
        (
            "Mô hình “một cửa, “một cửa liên thông” giúp dân đỡ đi lại. Ai cũng khen nhiều.",
            62,
            "Mô hình “một cửa, “một cửa liên thông” giúp dân đỡ đi lại.",
        ),
        (
            "Huyện ra quân sáng 19/5. Ông nói: “Cây là tốt. Làm theo đi nào”. Ai cũng vui.",
            50,
            "Huyện ra quân sáng 19/5.",
        ),
        (
            "Bà con xem tại địa chỉ https://baolongan.vn/tin-a123.html để biết thêm",
            32,
            "Bà con xem tại địa chỉ…",
        ),
        (
            "Cao tốc mới nối hai tỉnh là tuyến Bến Lức – Long Thành dài 57km",
            47,
            "Cao tốc mới nối hai tỉnh là tuyến…",
        ),
        (
            "Tai nạn xảy ra sáng nay trên tuyến Quốc lộ 50 đoạn qua xã",
            42,
            "Tai nạn xảy ra sáng nay trên tuyến…",
        ),
    ] {
        assert_eq!(excerpt(text, Limit::Chars(most)), want);
    }
}

#[test]
fn sentences_end_behind_counted_letters_and_not_behind_joined_titles() {
    assert_eq!(
        sentences(
            "Kế hoạch quý I. Theo đó, PGS.,TS. Lê Hòa chủ trì. Thực phẩm giàu vitamin C. Ăn chín, uống sôi."
        ),
        [
            "Kế hoạch quý I.",
            "Theo đó, PGS.,TS. Lê Hòa chủ trì.",
            "Thực phẩm giàu vitamin C.",
            "Ăn chín, uống sôi."
        ]
    );
}

#[test]
fn credits_signatures_and_sources_are_no_prose() {
    for line in [
        "Bài, ảnh: Huỳnh Hương",
        "Tin và ảnh: CTV",
        "(Theo TTXVN)",
        "Theo Cổng Thông tin điện tử Chính phủ",
        "Nguồn tin: Đài Truyền thanh",
        "Ảnh: Mai An",
        "Lê Đức - Mai An",
        "Video: Thu Hà",
    ] {
        assert_eq!(clean(line), "", "{line}");
    }
    assert_eq!(
        clean("Cánh đồng vào mùa - Ảnh: Mai An"),
        "Cánh đồng vào mùa"
    );
    assert_eq!(
        clean("Cầu mới (Ảnh: CTV) thông xe, dân mừng."),
        "Cầu mới thông xe, dân mừng."
    );
    for prose in [
        "Theo kế hoạch, huyện sẽ khởi công.",
        "Theo Sở Y tế, dịch đã giảm.",
        "Bài thơ hay: một lời chào.",
    ] {
        assert_eq!(clean(prose), prose);
    }
}

#[test]
fn a_sentence_that_begins_like_furniture_is_prose() {
    for prose in [
        "Theo dõi sát diễn biến mưa lũ, Chủ tịch UBND huyện yêu cầu trực 24/24.",
        "Quảng cáo sai sự thật về thực phẩm, một công ty bị phạt 45 triệu đồng.",
        "Nguồn: nước sạch nông thôn là việc phải làm ngay trong năm.",
        "Theo Nghị quyết 202/2025/QH15 của Quốc hội",
        "Chúc Mừng Năm Mới",
        "Người dân di dời (ảnh hưởng của bão số 3)",
    ] {
        assert_eq!(clean(prose), prose);
    }
    for furniture in [
        "Theo dõi Báo Long An trên Google News để đọc tin mới nhất.",
        "Quảng cáo",
        "Xem thêm: Cần Giuộc vào mùa",
    ] {
        assert_eq!(clean(furniture), "");
    }
}
