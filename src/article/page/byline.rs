//! Who wrote an article: where the page names somebody as its author, else whom it tells machines.
//! A name that signs the text itself is the body's to read.

use dom_query::{Document, NodeRef};

use super::facts::Facts;
use super::near::Near;
use super::sites::Site;
use super::{furniture, line};
use crate::article::text::{Signature, signature, strip_marks};
use crate::markup::text_of;

/// Words of class names and ids of what holds the author.
const NAMES: [&str; 6] = [
    "author-",
    "tac-gia-",
    "tacgia-",
    "byline-",
    "nguoi-viet-",
    "nguoiviet-",
];
/// Words in the names of what holds who took a picture.
const PICTURES: [&str; 4] = ["photo", "image", "img", "caption"];
/// What stands in front of the name in such a place; longer ones first.
const LABELS: [&str; 15] = [
    "submitted by",
    "autor",
    "por",
    "par",
    "von",
    "được viết bởi",
    "được đăng bởi",
    "người đăng",
    "đăng bởi",
    "viết bởi",
    "tác giả",
    "posted by",
    "written by",
    "bởi",
    "by",
];
/// How a line begins that says who wrote the article, and not who put it on the site.
const WRITTEN: [&str; 3] = ["tác giả", "bài", "tin"];
/// What parts a name from a time or another fact in one line.
const PARTS: [char; 3] = ['|', '•', '·'];
/// An element that holds more names no author alone.
const NODES_MAX: usize = 20;
/// A line with an author's name is no longer, in characters.
const LINE_CHARS_MAX: usize = 80;

/// What sites write for an author where they have none.
const NO_AUTHORS: [&str; 9] = [
    "admin",
    "super user",
    "quản trị",
    "quantri",
    "webmaster",
    "editor",
    "root",
    "btv",
    "biên tập viên",
];
/// How the names of offices begin, in small letters.
const OFFICES: [&str; 26] = [
    "ubnd",
    "ủy ban",
    "uỷ ban",
    "hđnd",
    "hội",
    "trung tâm",
    "công an",
    "tòa soạn",
    "toà soạn",
    "ban biên tập",
    "ban quản",
    "ban chỉ",
    "ban tuyên",
    "ban dân",
    "ban tổ chức",
    "phòng",
    "đài phát",
    "đài truyền",
    "cổng thông",
    "trang thông",
    "tổ truyền",
    "trường thpt",
    "trường thcs",
    "trường tiểu",
    "trường mầm",
    "trường trung",
];
/// A label of a host that is shorter may be anybody's name.
const HOST_LETTERS_MIN: usize = 4;

/// Who wrote the article. `host` is that of the page.
pub(super) fn of(
    document: &Document,
    near: &[Near<'_>],
    facts: &Facts,
    site: &Site,
    host: Option<&str>,
) -> Option<String> {
    let is_author = |name: &String| is_person(name) && !is_site(name, facts, host);
    let labelled = || near.iter().filter_map(|near| labelled(&near.node));
    let told = || {
        let told = facts.authors.iter().map(|name| line(name));
        told.map(|name| signature(without_label(&name)).unwrap_or(name))
    };
    let by_rule = || {
        let found = site.byline.iter();
        let found = found.filter_map(|place| document.try_select(place));
        found.filter_map(|found| named_in(found.nodes().first()?))
    };
    let beside = || {
        let named = near.iter().filter(|near| names_author(&near.node));
        named
            .filter_map(|near| Some((near, named_in(&near.node)?)))
            .filter(|(near, _)| !near.is_of_another())
            .map(|(_, name)| name)
    };
    labelled()
        .find(is_author)
        .or_else(|| told().find(is_author))
        .or_else(|| by_rule().find(is_author))
        .or_else(|| beside().find(is_author))
}

/// The name in an element that is a line such as `Tác giả: Mai An`.
fn labelled(node: &NodeRef<'_>) -> Option<String> {
    let text = short_text(node)?;
    let text = text.split(PARTS).next().unwrap_or_default().trim();
    let lower = text.to_lowercase();
    let written = WRITTEN.iter().any(|label| lower.starts_with(label));
    let found = Signature::of(text).filter(|found| written && found.labelled)?;
    Some(found.names.to_owned())
}

/// Whether a page calls an element after the author.
fn names_author(node: &NodeRef<'_>) -> bool {
    let is = |name: &str, value: &str| node.attr(name).is_some_and(|found| found.as_ref() == value);
    let called = furniture::has_name_of(node, &NAMES) && !furniture::has_name_of(node, &PICTURES);
    called || is("itemprop", "author") || is("rel", "author")
}

/// The name in a place for one: all of its text, or the part of it that is one.
fn named_in(place: &NodeRef<'_>) -> Option<String> {
    let parts = place.descendants_it().filter(NodeRef::is_element);
    let mut all = std::iter::once(*place).chain(parts.take(NODES_MAX));
    all.find_map(|node| {
        let text = short_text(&node)?;
        let first = text.split(PARTS).next().unwrap_or_default();
        signature(without_label(&text)).or_else(|| signature(without_label(first)))
    })
}

/// `Bởi Mai An -`, `Người đăng: Mai An`: the name alone.
fn without_label(text: &str) -> &str {
    let bare = |text| str::trim_matches(text, [' ', ':', '-', '–', '|']);
    let behind = LABELS.iter().find_map(|label| {
        let (front, behind) = text.split_at_checked(label.len())?;
        let apart = behind.starts_with([' ', ':']);
        (apart && front.to_lowercase() == *label).then_some(behind)
    });
    bare(behind.unwrap_or(text))
}

fn short_text(node: &NodeRef<'_>) -> Option<String> {
    if node.descendants_it().nth(NODES_MAX).is_some() {
        return None;
    }
    let text = line(&text_of(node));
    (!text.is_empty() && text.chars().count() <= LINE_CHARS_MAX).then_some(text)
}

/// Whether this is somebody's name, and not what fills the place of one: a user's, an office's, a
/// source.
fn is_person(name: &str) -> bool {
    let lower = name.to_lowercase();
    let begins = |with: &str| {
        let behind = lower.strip_prefix(with);
        behind.is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
    };
    let small = |word: &str| word.starts_with(char::is_lowercase) && word != "và";
    !name.contains("://")
        && !name.contains('@')
        && !name.split(' ').any(small)
        && !begins("theo")
        && !NO_AUTHORS.iter().any(|filler| lower.starts_with(filler))
        && !OFFICES.iter().any(|office| begins(office))
}

/// Whether a name is the site's own, its publisher's, or its host's.
fn is_site(name: &str, facts: &Facts, host: Option<&str>) -> bool {
    let name = letters(name);
    let told = [facts.site_name.as_deref(), facts.publisher.as_deref()];
    let mut told = told.into_iter().flatten().map(letters);
    let mut labels = host.unwrap_or_default().split('.');
    name.is_empty()
        || told.any(|site| site.contains(&name) || name.contains(&site))
        || labels.any(|label| label.len() >= HOST_LETTERS_MIN && label == name)
}

/// A name as hosts are written: `baolongan` of `Báo Long An`.
fn letters(name: &str) -> String {
    let plain = strip_marks(&name.to_lowercase());
    plain
        .chars()
        .filter(|letter| letter.is_alphanumeric())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::page::near;

    fn author(html: &str, told: &[&str]) -> Option<String> {
        let document = Document::from(html);
        let headline = document.select("h1").nodes().first().copied();
        let near = near::elements(&document, headline.as_ref());
        let facts = Facts {
            authors: told.iter().map(|name| (*name).to_owned()).collect(),
            site_name: Some("Báo Quê Online".to_owned()),
            publisher: Some("Hội Nhà báo Quê".to_owned()),
            ..Facts::default()
        };
        of(
            &document,
            &near,
            &facts,
            &Site::default(),
            Some("www.baolongan.example"),
        )
    }

    #[test]
    fn a_name_in_a_place_for_the_author_is_read_without_its_label() {
        for meta in [
            "<a class=author href=/a>Mai An</a>",
            "<div class=td-post-author-name><div class=td-author-by>Bởi</div> <a>Mai An</a><div> - </div></div>",
            "<span class=post-author>Người đăng: <span>Mai An</span></span>",
            "<div class=field-tac-gia><div>Tác giả</div><div>Mai An</div></div>",
            "<div class=article__author><div><a>Mai An</a>/VOV-TP.HCM</div></div>",
            "<div class=PhotoCMS_Author>Lê Đức</div><p class=byline>By Mai An</p>",
            "<p class=author>Super User</p><div id=tacgia><b>Mai An</b></div>",
            "<footer>Đăng bởi <span itemprop=author>Mai An</span></footer>",
        ] {
            let html = format!("<article><h1>Tin</h1>{meta}<p>Thân</p></article>");
            assert_eq!(author(&html, &[]).as_deref(), Some("Mai An"), "{meta}");
        }
    }

    #[test]
    fn the_author_of_other_news_and_of_a_comment_is_not_the_articles() {
        let html = "<div><p><a>Trường học mới bên sông</a> <span class=author>Phạm Hải</span></p></div>\
            <div><h1>Tin</h1><p>Thân</p><ul class=comments><li class=comment-author>Lê Lan</li></ul>\
            <ul><li><h4>Xã khai giảng lớp xóa mù</h4><span class=author>Lê Lan</span></li></ul></div>";
        assert_eq!(author(html, &[]), None);
    }

    #[test]
    fn who_is_told_is_a_person_or_nobody() {
        for name in [
            "admin",
            "Administrator",
            "Super User",
            "thanhtung",
            "báo quê",
            "Báo Long An",
            "Hội Nhà Báo Quê",
            "UBND xã Tân Lân",
            "Ban Biên Tập",
            "Trung Tâm Văn Hóa",
            "Trường Tiểu học Long Khê",
            "Theo Dân trí",
            "https://facebook.com/que",
        ] {
            assert_eq!(author("<h1>Tin</h1>", &[name]), None, "{name}");
        }
        for name in [
            "Mai An",
            "Trường Giang",
            "Ban Mai",
            "K'Brình",
            "Mai An và Lê Đức",
        ] {
            let found = author("<h1>Tin</h1>", &["admin", name]);
            assert_eq!(found.as_deref(), Some(name));
        }
    }

    #[test]
    fn a_name_that_the_page_labels_goes_before_one_that_only_machines_are_told() {
        let html = "<div><h1>Tin</h1><p>Thân</p><p><b>Tác giả: </b>Mai An</p></div>";
        assert_eq!(author(html, &["Lê Đức"]).as_deref(), Some("Mai An"));
        let poster = "<div><h1>Tin</h1><p class=author>Người đăng: Mai An</p></div>";
        assert_eq!(author(poster, &["Lê Đức"]).as_deref(), Some("Lê Đức"));
    }
}
