//! Lines that stand among an article's, but for the page's sake or the site's. Pure.

/// Words with which lines begin that invite to something else, or name who set the page …
const INVITATIONS: [&str; 14] = [
    "thích trang",
    "bạn đánh giá",
    "mời bạn",
    "mời quý",
    "các tin khác",
    "các tin đã đưa",
    "tin cùng chuyên mục",
    "bài viết liên quan",
    "thiết kế:",
    "trình bày:",
    "đồ họa:",
    "kỹ thuật:",
    "quảng cáo",
    "đánh giá bài viết",
];
/// … and words in short ones that stand on the page's buttons and counters.
const BUTTONS: [&str; 6] = [
    "lượt xem",
    "cỡ chữ",
    "in trang",
    "in bài viết",
    "gửi email",
    "về đầu trang",
];
/// A line with a button in it is no longer, in characters.
const BUTTON_CHARS_MAX: usize = 100;
/// What begins with an invitation and has so many words says more than that.
const BULLETIN_WORDS_MIN: usize = 25;
/// Words with which the imprint of a site begins, and the addressees of an official paper: the
/// article is over there.
const IMPRINTS: [&str; 11] = [
    "ghi rõ nguồn",
    "cơ quan chủ quản",
    "cơ quan ngôn luận",
    "giấy phép xuất bản",
    "giấy phép số",
    "giấy phép hoạt động",
    "giấy phép thiết lập",
    "tổng biên tập:",
    "chịu trách nhiệm nội dung",
    "nơi nhận:",
    "©",
];

/// Whether a line in small letters stands there for the page's sake: an invitation, a button, a
/// counter.
pub(super) fn is_for_the_page(line: &str) -> bool {
    let bare = line.trim_start_matches(|sign: char| !sign.is_alphanumeric());
    let invites = INVITATIONS.iter().any(|begins| bare.starts_with(begins));
    // An invitation is a sentence; a bulletin that begins so goes on for longer.
    let is_long = !bare.starts_with("mời") || line.split(' ').count() >= BULLETIN_WORDS_MIN;
    let sentence = line.ends_with(['.', '!', '?', '…', '”']) && is_long;
    let short = line.chars().count() <= BUTTON_CHARS_MAX;
    (invites && !sentence)
        || (short && BUTTONS.iter().any(|words| line.contains(words)) && !sentence)
}

/// Whether a line in small letters begins the imprint of a site, or the addressees of an official
/// paper.
pub(super) fn is_imprint(line: &str) -> bool {
    IMPRINTS.iter().any(|begins| line.starts_with(begins))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_for_the_pages_sake_is_told_from_news_that_begins_so() {
        for aside in [
            "mời bạn đọc xem video: tuần tra trên đường tỉnh 824",
            "- quảng cáo -",
            "312 lượt xem",
            "17/05/2023 9:47:00 am xem cỡ chữ a- a+ đọc bài viết in trang",
            "các tin khác:",
        ] {
            assert!(is_for_the_page(aside), "{aside}");
        }
        for news in [
            "quảng cáo sai sự thật, một cơ sở bị phạt 45 triệu đồng.",
            "video về con đê thu hút hơn một triệu lượt xem sau ba ngày đăng tải.",
            "mời quý vị nghe bản tin truyền thanh ngày 18/5/2023, phát lúc 17 giờ, với các nội dung \
             chính: thủ thừa ra quân chiến dịch thanh niên tình nguyện hè; xã bình an đón bằng.",
        ] {
            assert!(!is_for_the_page(news), "{news}");
        }
        assert!(is_imprint("giấy phép xuất bản số 123/gp-btttt"));
        assert!(!is_imprint("giấy phép xây dựng được cấp trong ba ngày."));
    }
}
