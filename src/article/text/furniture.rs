//! Lines of a page that are none of its article's: buttons, lists of tags, invitations, sources.

use super::names::are_names;
use crate::markup::{is_known_newsroom, is_newsroom};

/// What stands above or beside an article. As a whole line, or with a colon behind it, it is no
/// prose; as a sentence's beginning it may be: `Quảng cáo sai sự thật …`.
const LABELS: [&str; 17] = [
    "bài viết liên quan",
    "bình luận",
    "chia sẻ",
    "chia sẻ bài viết",
    "in bài viết",
    "lượt xem",
    "nguồn",
    "nguồn tin",
    "quảng cáo",
    "tag",
    "tags",
    "theo dõi",
    "tin cùng chuyên mục",
    "tin liên quan",
    "từ khóa",
    "từ khoá",
    "ý kiến bạn đọc",
];
/// Behind these stands a list, however long.
const LISTS: [&str; 4] = ["tag", "tags", "từ khóa", "từ khoá"];
/// What leads to other articles.
const INVITATIONS: [&str; 2] = ["xem thêm", "đọc thêm"];
/// Where newsrooms invite their readers to.
const CHANNELS: [&str; 9] = [
    "chúng tôi",
    "facebook",
    "fanpage",
    "google",
    "kênh youtube",
    "telegram",
    "tiktok",
    "youtube",
    "zalo",
];
/// A line of so many words tells something.
const PROSE_WORDS_MIN: usize = 8;
/// A source in brackets has no more words.
const BRACKETED_WORDS_MAX: usize = 5;

/// Whether a line is no prose.
pub(super) fn is_furniture(line: &str) -> bool {
    line.starts_with(">>") || is_labelled(line) || invites(line) || is_source(line)
}

/// `Quảng cáo`, `Từ khóa: Cần Đước, 35 năm`, `Ý kiến bạn đọc (0)`, `Nguồn TTXVN`.
fn is_labelled(line: &str) -> bool {
    let words: Vec<&str> = line.split(' ').collect();
    LABELS.iter().any(|label| {
        let length = label.split(' ').count();
        let Some((head, rest)) = words.split_at_checked(length) else {
            return false;
        };
        let head = head.join(" ").to_lowercase();
        let rest = rest.join(" ");
        let said = rest
            .strip_prefix(':')
            .or_else(|| head.ends_with(':').then_some(&rest));
        let lists = LISTS.contains(label);
        head.trim_end_matches(':') == *label
            && match said {
                Some(said) => lists || !is_prose(said.trim(), words.len()),
                None if lists || label.starts_with("nguồn") => {
                    rest.is_empty() || are_names(&rest)
                }
                None => !rest.contains(char::is_alphabetic),
            }
    })
}

/// Many words tell something, and so do the parts of a sentence. Names do not.
fn is_prose(said: &str, words: usize) -> bool {
    (words >= PROSE_WORDS_MIN || said.contains(',')) && !are_names(said)
}

/// `Xem thêm: …`, `Đọc thêm tại …`, `Theo dõi Báo Long An trên Google News …`; not `Theo dõi qua Zalo,
/// công an xã …`.
fn invites(line: &str) -> bool {
    let lower = line.to_lowercase();
    let further = INVITATIONS.iter().any(|start| {
        let rest = lower.strip_prefix(start).map(str::trim_start);
        rest.is_some_and(|rest| {
            rest.is_empty() || rest.starts_with(':') || rest.starts_with("tại ")
        })
    });
    let followed = lower.strip_prefix("theo dõi ").is_some_and(|rest| {
        let channel = CHANNELS.iter().any(|channel| rest.starts_with(channel));
        let own: Vec<&str> = line.split(' ').skip(2).collect();
        let known = (1..=2).any(|words| {
            own.get(..words)
                .is_some_and(|name| is_known_newsroom(&name.join(" ")))
        });
        channel || known || is_newsroom(&own.join(" "))
    });
    further || followed
}

/// `Theo TTXVN`, `(TTXVN/Vietnam+)`, `TTXVN/Báo Tin tức`: a source, and no sentence.
fn is_source(line: &str) -> bool {
    let inside = line
        .strip_prefix('(')
        .and_then(|line| line.strip_suffix(')'));
    let bracketed = inside.is_some_and(|inside| inside.split(' ').count() <= BRACKETED_WORDS_MAX);
    let named = inside.unwrap_or(line).strip_prefix("Theo ");
    let is_newsroom =
        |name: &str| is_known_newsroom(name) || (is_newsroom(name) && are_names(name));
    let newsrooms = line.len() > 2 && line.split('/').all(is_newsroom);
    bracketed || newsrooms || named.is_some_and(are_names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_an_article_is_told_from_sentences_that_begin_alike() {
        for line in [
            "Quảng cáo",
            "Chia sẻ",
            "Tag: Cần Đước",
            "Từ khoá Cần Đước",
            "TỪ KHÓA: Cần Đước, 35 năm, nông thôn mới, xây dựng, cầu đường",
            "Ý kiến bạn đọc (0)",
            "Lượt xem: 1.234",
            "Nguồn: Trang thông tin điện tử huyện Cần Đước.",
            "Xem thêm: Lúa trúng mùa, dân mừng",
            ">> Cầu mới thông xe",
            "Theo dõi fanpage Báo Long An để đọc tin mới nhất.",
            "Theo TTXVN.",
            "Theo baolongan.vn",
            "Theo Đài Phát thanh và Truyền hình Long An",
            "TTXVN/Báo Tin tức",
        ] {
            assert!(is_furniture(line), "{line}");
        }
        for prose in [
            "Từ khóa “Cần Đước” được tìm nhiều.",
            "Theo dõi sát tình hình xâm nhập mặn, chủ động trữ nước ngọt",
            "Theo dõi qua Zalo, công an xã phát hiện nhóm lừa đảo người dân.",
            "Theo dõi: 35 ca, khỏi bệnh: 30 ca.",
            "Quảng cáo trên Facebook sai sự thật, một cơ sở bị phạt 45 triệu đồng.",
            "Đọc thêm sách báo để mở mang kiến thức",
            "Theo Bác làm theo lời Người",
            "Theo Kết luận 127-KL/TW của Bộ Chính trị",
        ] {
            assert!(!is_furniture(prose), "{prose}");
        }
    }
}
