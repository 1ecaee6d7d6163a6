//! Tells an article from what stands in its place: notices, error pages, checks for a browser,
//! pages that send their readers on.

use dom_query::{Document, NodeRef};
use url::Url;

use super::body::Body;
use super::facts::Facts;
use super::{PageError, line};
use crate::markup;

/// A page with less prose than this and no claim to be an article is a notice or an error.
const PROSE_CHARS_MIN: usize = 200;
/// A page that sends its readers on later than this refreshes itself, in seconds.
const REFRESH_SECONDS_MAX: u32 = 15;
/// What a headline says when a page stands in for a missing one. A number of households may be 404.
const MISSING: [&str; 9] = [
    "page not found",
    "not found",
    "lỗi 404",
    "error 404",
    "404 error",
    "404 not found",
    "trang 404",
    "lỗi truy cập",
    "trang báo lỗi",
];
/// What a headline consists of then, or begins with before a mark.
const ONLY: [&str; 6] = [
    "404",
    "không tìm thấy",
    "báo lỗi",
    "thông báo lỗi",
    "lỗi",
    "error",
];
/// What a short page speaks of that says that another page is missing …
const PAGES: [&str; 10] = [
    "kết quả nào",
    "trang bạn",
    "trang này",
    "trang web",
    "trang yêu cầu",
    "bài viết",
    "đường dẫn",
    "địa chỉ bạn",
    "nội dung bạn",
    "nội dung này",
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
/// How the headline of a check for a browser begins …
const CHALLENGES: [&str; 6] = [
    "just a moment",
    "attention required",
    "ddos-guard",
    "đang kiểm tra trình duyệt",
    "checking your browser",
    "xác minh bạn",
];
/// … and that of an error of the server's.
const ERRORS: [&str; 7] = [
    "server error in",
    "runtime error",
    "service unavailable",
    "internal server error",
    "bad gateway",
    "403 forbidden",
    "access denied",
];
/// A headline that is no longer says nothing else, in characters.
const SAYING_CHARS_MAX: usize = 60;
/// So many headlines that lead to other pages, among no more than twice as many paragraphs, are a
/// list.
const LINKED_HEADLINES_MIN: usize = 4;

/// What a page was told by before furniture was taken out.
pub(super) struct Signs {
    refresh: Option<Url>,
    scripted: bool,
    shown_title: String,
    asks_for_password: bool,
    linked_headlines: usize,
}

impl Signs {
    pub(super) fn of(document: &Document, base: Option<&Url>) -> Self {
        Self {
            refresh: refresh(document, base),
            scripted: document.select("script").exists(),
            shown_title: line(&document.select("title").text()).to_lowercase(),
            asks_for_password: document.select("input[type='password']").exists(),
            linked_headlines: 0,
        }
    }

    /// Counts the headlines within the article's place that lead to other pages.
    pub(super) fn count_headlines(&mut self, place: &NodeRef<'_>) {
        let is_heading = |node: &NodeRef<'_>| {
            let name = node.node_name();
            name.is_some_and(|name| matches!(name.as_ref(), "h2" | "h3" | "h4"))
        };
        let links = place.descendants_it().filter(|node| node.has_name("a"));
        self.linked_headlines = links
            .filter(|link| {
                let around = link
                    .ancestors_it(Some(1))
                    .chain(link.descendants_it().take(1));
                around.into_iter().any(|node| is_heading(&node))
            })
            .count();
    }

    /// Why the page is no article, if it is none. `headed`, `led`: it shows its headline, a lead.
    pub(super) fn judge(
        self,
        facts: &Facts,
        title: &str,
        headed: bool,
        body: &Body,
        led: bool,
        shown: &str,
    ) -> Option<PageError> {
        let (prose, pictured) = (body.prose(), !body.images.is_empty());
        let little = prose < PROSE_CHARS_MIN;
        if little
            && !facts.is_article
            && let Some(target) = self.refresh
        {
            return Some(PageError::MovedTo(target));
        }
        let lower = title.to_lowercase();
        let begins = |all: &[&str]| {
            let titles = [self.shown_title.as_str(), lower.as_str()];
            all.iter()
                .any(|words| titles.iter().any(|title| title.starts_with(words)))
        };
        if begins(&CHALLENGES) {
            return Some(PageError::Challenge);
        }
        let missing = says_missing(&lower) || (little && says_missing(&self.shown_title));
        let nothing_else = lower.chars().count() <= SAYING_CHARS_MAX;
        if missing && !facts.is_article && (little || !headed || nothing_else) {
            return Some(PageError::Missing);
        }
        let listed = self.linked_headlines >= LINKED_HEADLINES_MIN
            && self.linked_headlines * 2 >= body.paragraphs.len();
        let of_site = !headed && markup::is_newsroom(title);
        // Some sites call each of their pages their first.
        let front = facts.is_front_page && (!headed || self.linked_headlines > 1);
        let other = begins(&ERRORS) || listed || front || of_site;
        if !facts.is_article && (other || (little && self.asks_for_password)) {
            return Some(PageError::NotAnArticle);
        }
        if little && !pictured && !facts.is_article {
            let shown = shown.to_lowercase();
            let mut said = shown.split(['.', '!', '?']);
            if said.any(|said| speaks_of(said, &PAGES) && speaks_of(said, &GONE)) {
                return Some(PageError::Missing);
            }
            if speaks_of(&shown, &SITES) && speaks_of(&shown, &CLOSED) {
                return Some(PageError::NotAnArticle);
            }
        }
        let scripted = prose == 0 && self.scripted;
        if scripted && title.is_empty() && (shown.is_empty() || shown.contains("document.cookie")) {
            return Some(PageError::Challenge);
        }
        // A short piece of news has a headline of its own; a notice of closure has none.
        let poor = little && !headed;
        let nothing = prose == 0 && !pictured && !led;
        (title.is_empty() || ((poor || nothing) && !facts.is_article))
            .then_some(PageError::NotAnArticle)
    }
}

/// Whether a headline in small letters says that there is no such page.
fn says_missing(headline: &str) -> bool {
    let only = |words: &str| {
        let behind = headline.strip_prefix(words).map(str::trim_start);
        behind.is_some_and(|behind| {
            behind.is_empty() || behind.starts_with(['-', '–', '|', ':', '!'])
        })
    };
    MISSING.iter().any(|words| has_words(headline, words))
        || ONLY.iter().any(|words| only(words))
        || (speaks_of(headline, &PAGES) && speaks_of(headline, &GONE))
}

fn speaks_of(text: &str, of: &[&str]) -> bool {
    of.iter().any(|words| text.contains(words))
}

/// Whether words stand in a text, and not within longer ones: `1.404 hộ` is not `404`.
fn has_words(text: &str, words: &str) -> bool {
    let goes_on = |letter: char| letter.is_alphanumeric() || letter == '.' || letter == ',';
    text.match_indices(words).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default();
        let behind = text.get(at + words.len()..).unwrap_or_default();
        !before.ends_with(goes_on) && !behind.starts_with(char::is_alphanumeric)
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_page_is_told_from_news_of_what_is_missing() {
        for missing in [
            "404",
            "404 - cổng thông tin xã",
            "lỗi 404",
            "không tìm thấy trang bạn yêu cầu",
            "trang này không tồn tại",
            "page not found | báo quê",
            "báo lỗi",
        ] {
            assert!(says_missing(missing), "{missing}");
        }
        for news in [
            "1.404 hộ nghèo nhận nhà mới",
            "404 hộ nghèo nhận nhà mới",
            "vẫn không tìm thấy nạn nhân mất tích trên sông",
            "nhiều thẻ bảo hiểm y tế bị báo lỗi",
            "lỗi hẹn mùa khóm",
        ] {
            assert!(!says_missing(news), "{news}");
        }
    }
}
