//! Tells an article from what stands in its place: notices, error pages, checks for a browser,
//! pages that send their readers on.

use dom_query::Document;
use url::Url;

use super::facts::Facts;
use super::{PageError, line};
use crate::markup;

/// A page with less prose than this and no claim to be an article is a notice or an error.
const PROSE_CHARS_MIN: usize = 200;
/// A page that sends its readers on later than this refreshes itself, in seconds.
const REFRESH_SECONDS_MAX: u32 = 15;
/// Words in a headline of pages that stand in for a missing one.
const MISSING: [&str; 12] = [
    "không tìm thấy",
    "không tồn tại",
    "báo lỗi",
    "lỗi truy cập",
    "đã bị xóa",
    "đã bị xoá",
    "đã bị gỡ",
    "đã được gỡ",
    "not found",
    "lỗi 404",
    "404 ",
    "error 404",
];
/// What a short page speaks of that says that another page is missing …
const PAGES: [&str; 5] = [
    "trang bạn",
    "trang này",
    "bài viết",
    "đường dẫn",
    "nội dung bạn",
];
/// … and what it says of it.
const GONE: [&str; 6] = [
    "không tìm thấy",
    "không tồn tại",
    "đã bị xóa",
    "đã bị xoá",
    "đã bị gỡ",
    "đã được gỡ",
];
/// What a short page speaks of that says that its site is closed …
const SITES: [&str; 4] = ["trang thông tin", "cổng thông tin", "website", "hệ thống"];
/// … and what it says of it.
const CLOSED: [&str; 5] = [
    "ngừng hoạt động",
    "địa chỉ mới",
    "đang bảo trì",
    "đang nâng cấp",
    "tạm ngưng phục vụ",
];
/// The headline of a check for a browser.
const CHALLENGES: [&str; 3] = ["just a moment", "attention required", "ddos-guard"];

/// What a page was told by before furniture was taken out.
pub(super) struct Signs {
    refresh: Option<Url>,
    scripted: bool,
    shown_title: String,
    headed: bool,
}

impl Signs {
    pub(super) fn of(document: &Document, base: Option<&Url>) -> Self {
        Self {
            refresh: refresh(document, base),
            scripted: document.select("script").exists(),
            shown_title: line(&document.select("title").text()).to_lowercase(),
            headed: document.select("h1").exists(),
        }
    }

    /// Why the page is no article, if it is none. `prose` is its length in characters.
    pub(super) fn judge(
        self,
        facts: &Facts,
        title: &str,
        prose: usize,
        shown: &str,
        pictured: bool,
    ) -> Option<PageError> {
        let little = prose < PROSE_CHARS_MIN;
        if little
            && !facts.is_article
            && let Some(target) = self.refresh
        {
            return Some(PageError::MovedTo(target));
        }
        if CHALLENGES
            .iter()
            .any(|words| self.shown_title.starts_with(words))
        {
            return Some(PageError::Challenge);
        }
        let lower = title.to_lowercase();
        let missing = MISSING.iter().any(|words| lower.contains(words))
            || (little && MISSING.iter().any(|words| self.shown_title.contains(words)))
            || lower.trim() == "404";
        if missing && !facts.is_article && (little || !self.headed) {
            return Some(PageError::Missing);
        }
        if little && !pictured && !facts.is_article {
            let shown = shown.to_lowercase();
            let speaks_of = |words: &[&str]| words.iter().any(|words| shown.contains(words));
            if speaks_of(&PAGES) && speaks_of(&GONE) {
                return Some(PageError::Missing);
            }
            if speaks_of(&SITES) && speaks_of(&CLOSED) {
                return Some(PageError::NotAnArticle);
            }
        }
        let scripted = prose == 0 && self.scripted;
        if scripted && title.is_empty() && (shown.is_empty() || shown.contains("document.cookie")) {
            return Some(PageError::Challenge);
        }
        // A short piece of news has a headline of its own; a notice of closure has none.
        let poor = little && !self.headed;
        let nothing = prose == 0 && !pictured;
        (title.is_empty() || ((poor || nothing) && !facts.is_article))
            .then_some(PageError::NotAnArticle)
    }
}

/// Where a page sends its readers by itself, at once.
fn refresh(document: &Document, base: Option<&Url>) -> Option<Url> {
    let target = document
        .select("meta[http-equiv]")
        .iter()
        .find_map(|meta| {
            let kind = meta.attr("http-equiv")?;
            if !kind.eq_ignore_ascii_case("refresh") {
                return None;
            }
            let content = meta.attr("content")?;
            let (seconds, _) = content.split_once([';', ','])?;
            let at = content.to_ascii_lowercase().find("url=")?;
            let target = content
                .get(at + "url=".len()..)?
                .trim()
                .trim_matches(['"', '\'']);
            let seconds = seconds.trim().split('.').next()?.parse::<u32>().ok()?;
            (seconds <= REFRESH_SECONDS_MAX).then(|| markup::resolve(target, base))?
        })?;
    (base != Some(&target)).then_some(target)
}
