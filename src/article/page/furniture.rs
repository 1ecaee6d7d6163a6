//! What stands around an article on its page: menus, related links, share bars, adverts. It is
//! taken out before anything is read.

use std::collections::{HashMap, HashSet};

use dom_query::{Document, NodeId, NodeRef};

use super::sites::Site;

/// Elements that hold no part of an article.
const ELEMENTS: [&str; 17] = [
    "nav", "header", "footer", "aside", "form", "script", "style", "noscript", "iframe", "button",
    "select", "template", "svg", "audio", "video", "object", "canvas",
];
/// A page with more bodies than this has none that can be told.
const BODIES_MAX: usize = 8;
/// How the names and ids of elements go on, behind a hyphen, that hold other news, comments, or what
/// all pages of a site have.
pub(super) const OTHER_NEWS: [&str; 18] = [
    "comment",
    "binh-luan",
    "binhluan",
    "relate",
    "lien-quan",
    "lienquan",
    "tin-khac",
    "tinkhac",
    "other-news",
    "othernews",
    "most-read",
    "mostread",
    "doc-nhieu",
    "docnhieu",
    "xem-nhieu",
    "sidebar",
    "menu",
    "banner",
];
/// And of those that hold no part of an article either.
const NAMES: [&str; 23] = [
    "footer",
    "vote",
    "danh-gia",
    "share",
    "social",
    "tags-",
    "tag-list",
    "list-tag",
    "tu-khoa",
    "keyword",
    "ads-",
    "adsense",
    "advert",
    "quang-cao",
    "quangcao",
    "breadcrumb",
    "paging",
    "pagination",
    "copyright",
    "newsletter",
    "toolbar",
    "rating",
    "popup",
];

/// Class names of what is not to be seen.
const HIDDEN: [&str; 6] = [
    "hidden",
    "hide",
    "d-none",
    "sr-only",
    "visually-hidden",
    "screen-reader-text",
];
/// Words that go on from one of those names and mean another thing.
const OTHERS: [&str; 5] = [
    "socialist",
    "sharepoint",
    "shareholder",
    "commentary",
    "advertorial",
];
/// Words of class names and ids of what holds an article.
const HOLDERS: [&str; 14] = [
    "article", "content", "post", "entry", "hentry", "detail", "body", "story", "news", "main",
    "noidung", "chitiet", "baiviet", "tin",
];
/// A piece of text that is shorter is no prose, in characters.
const PROSE_CHARS_MIN: usize = 40;
/// Elements whose text nobody reads as prose.
const SILENT: [&str; 9] = [
    "a", "script", "style", "noscript", "template", "select", "button", "textarea", "title",
];

/// Takes everything out that is no part of the article. What holds the headline, or the body by
/// the site's rules, stays, whatever it is called; so does a form around the whole page, and an
/// article's own element, in which prose begins behind the headline or in which most of it stands,
/// though it is also called after what it ends with.
pub(super) fn remove(document: &Document, site: &Site, headline: Option<&NodeRef<'_>>) {
    for selector in &site.remove {
        if let Some(found) = document.try_select(selector) {
            found.remove();
        }
    }
    let mut kept = holders(document, site, headline);
    kept.extend(
        headline
            .and_then(|headline| first_prose(document, headline))
            .iter()
            .flat_map(|piece| {
                let around = piece.ancestors_it(None).filter(may_hold_article);
                around.map(|holder| holder.id).collect::<Vec<_>>()
            }),
    );
    let prose = Prose::of(document);
    let mut open = vec![document.root()];
    while let Some(node) = open.pop() {
        let stays = kept.contains(&node.id) || (may_hold_article(&node) && prose.is_most(&node));
        if is_furniture(&node) && !stays {
            node.remove_from_parent();
        } else {
            open.extend(node.children());
        }
    }
}

/// The elements around the headline and around the body.
fn holders(document: &Document, site: &Site, headline: Option<&NodeRef<'_>>) -> HashSet<NodeId> {
    let bodies = super::sites::found(document, &site.body);
    let bodies = bodies.iter().flat_map(|found| found.nodes().iter());
    let mut kept = HashSet::new();
    for node in headline.into_iter().chain(bodies.take(BODIES_MAX)) {
        kept.insert(node.id);
        kept.extend(node.ancestors_it(None).map(|holder| holder.id));
    }
    kept
}

/// The first piece of prose behind the headline.
fn first_prose<'a>(document: &'a Document, headline: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let mut behind = false;
    let mut open = vec![document.root()];
    while let Some(node) = open.pop() {
        if node.id == headline.id {
            behind = true;
            continue;
        }
        let name = node.node_name();
        if behind && node.is_text() && node.text().trim().chars().count() >= PROSE_CHARS_MIN {
            return Some(node);
        }
        if !name.is_some_and(|name| SILENT.contains(&name.as_ref())) {
            open.extend(node.children_it(true));
        }
    }
    None
}

/// How much text that is no link stands below the elements that may hold an article.
struct Prose {
    bytes: HashMap<NodeId, usize>,
    all: usize,
}

impl Prose {
    fn of(document: &Document) -> Self {
        let mut bytes = HashMap::new();
        let mut all = 0;
        let mut open = vec![(document.root(), None)];
        while let Some((node, before)) = open.pop() {
            if let Some(before) = before {
                bytes.insert(node.id, all - before);
                continue;
            }
            if node.is_text() {
                all += node.text().trim().len();
                continue;
            }
            let name = node.node_name();
            if name.is_some_and(|name| SILENT.contains(&name.as_ref())) {
                continue;
            }
            if may_hold_article(&node) {
                open.push((node, Some(all)));
            }
            open.extend(node.children_it(true).map(|child| (child, None)));
        }
        Self { bytes, all }
    }

    fn is_most(&self, node: &NodeRef<'_>) -> bool {
        let own = self.bytes.get(&node.id).copied().unwrap_or_default();
        own * 2 > self.all
    }
}

/// A form, or an element that is called after an article by one of its names.
fn may_hold_article(node: &NodeRef<'_>) -> bool {
    let Some(name) = node.node_name() else {
        return false;
    };
    let named = |name: &str| {
        let form = parted(name);
        !is_name_of_furniture(&form) && form.split('-').any(|word| HOLDERS.contains(&word))
    };
    matches!(name.as_ref(), "form" | "article" | "main")
        || names(node).iter().any(|name| named(name))
}

fn is_furniture(node: &NodeRef<'_>) -> bool {
    let Some(name) = node.node_name() else {
        return false;
    };
    if matches!(name.as_ref(), "html" | "head" | "body") {
        return false;
    }
    ELEMENTS.contains(&name.as_ref()) || is_named_so(node) || is_hidden(node)
}

/// Whether an element is there, but not to be seen.
fn is_hidden(node: &NodeRef<'_>) -> bool {
    let style = node.attr("style").unwrap_or_default().to_ascii_lowercase();
    let style: String = style.split_whitespace().collect();
    let class = node.class().unwrap_or_default();
    node.has_attr("hidden")
        || style.contains("display:none")
        || class.split_whitespace().any(|name| HIDDEN.contains(&name))
}

/// Whether an element is called after what stands around articles.
pub(super) fn is_named_so(node: &NodeRef<'_>) -> bool {
    names(node)
        .iter()
        .any(|name| is_name_of_furniture(&parted(name)))
}

/// Whether a word of an element's class names or its id begins like one of these.
pub(super) fn has_name_of(node: &NodeRef<'_>, parts: &[&str]) -> bool {
    names(node).iter().any(|name| {
        let form = parted(name);
        parts.iter().any(|part| form.contains(&format!("-{part}")))
    })
}

/// The class names of an element, and its id.
pub(super) fn names(node: &NodeRef<'_>) -> Vec<String> {
    ["class", "id"]
        .iter()
        .filter_map(|attribute| node.attr(attribute))
        .flat_map(|names| {
            names
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect()
}

/// A name's words between hyphens: `-box-tin-lien-quan-` of `boxTinLienQuan`.
pub(super) fn parted(name: &str) -> String {
    let mut form = String::from("-");
    let mut was_small = false;
    for letter in name.chars() {
        if letter.is_uppercase() && was_small {
            form.push('-');
        }
        was_small = letter.is_lowercase();
        match letter {
            '_' => form.push('-'),
            other => form.extend(other.to_lowercase()),
        }
    }
    form.push('-');
    form
}

/// `-detail--related-`, `-box-tin-lien-quan-`, `-ads-inpage-`; but not `-uploads-`.
fn is_name_of_furniture(form: &str) -> bool {
    OTHER_NEWS.iter().chain(&NAMES).any(|part| {
        form.match_indices(part).any(|(at, _)| {
            let begins = form.get(..at).is_some_and(|before| before.ends_with('-'));
            let word = form.get(at..).unwrap_or_default();
            begins && !OTHERS.iter().any(|other| word.starts_with(other))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn furniture_is_known_by_its_name_and_not_by_letters_inside_a_word() {
        for name in [
            "related",
            "detail__related",
            "boxTinLienQuan",
            "ads-inpage",
            "share",
            "box_comment",
            "list-tags",
        ] {
            assert!(is_name_of_furniture(&parted(name)), "{name}");
        }
        for name in [
            "uploads",
            "content",
            "headline",
            "body",
            "afcbc-body",
            "stags",
            "socialist-news",
            "ms-sharepoint",
        ] {
            assert!(!is_name_of_furniture(&parted(name)), "{name}");
        }
    }

    fn left(html: &str) -> String {
        let document = Document::from(html);
        let headline = document.select("h1").nodes().first().copied();
        remove(&document, &Site::default(), headline.as_ref());
        document.select("body").text().to_string()
    }

    #[test]
    fn what_holds_the_headline_stays() {
        let html =
            "<div class='sidebar-1'><h1>Tin</h1><p>Thân</p></div><div class='sidebar-2'>x</div>";
        assert_eq!(left(html), "TinThân");
    }

    #[test]
    fn a_form_around_the_page_stays_and_one_beside_the_article_goes() {
        let html = "<form id='aspnetForm'><ul class='menu'>Trang chủ</ul><span>Tin</span><p>Thân bài dài</p></form>";
        assert_eq!(left(html), "TinThân bài dài");
        let html = "<p>Thân bài dài</p><form>Gửi ý kiến</form>";
        assert_eq!(left(html), "Thân bài dài");
    }

    #[test]
    fn an_articles_own_element_stays_though_it_is_called_after_its_share_bar() {
        let html = "<div class='entry-content social-share-on'><p>Thân bài dài</p><div class='social-share'>Chia sẻ</div></div>";
        assert_eq!(left(html), "Thân bài dài");
        let html =
            "<p>Tin ngắn</p><div class='comments post-comments'><p>Bình luận dài hơn tin</p></div>";
        assert_eq!(left(html), "Tin ngắn");
    }
}
