//! What stands around an article on its page: menus, related links, share bars, adverts. It is
//! taken out before anything is read.

use std::collections::HashSet;

use dom_query::{Document, NodeId, NodeRef};

use super::headline::HEADLINES_MAX;
use super::line;
use super::sites::Site;

/// Elements that hold no part of an article.
const ELEMENTS: [&str; 13] = [
    "nav", "header", "footer", "aside", "form", "script", "style", "noscript", "iframe", "button",
    "select", "template", "svg",
];
/// A page with more bodies than this has none that can be told.
const BODIES_MAX: usize = 8;
/// How the names and ids of elements go on, behind a hyphen, that hold none either.
const NAMES: [&str; 38] = [
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
    "banner",
    "breadcrumb",
    "sidebar",
    "menu",
    "paging",
    "pagination",
    "copyright",
    "newsletter",
    "toolbar",
    "rating",
    "popup",
];

/// Takes everything out that is no part of the article. What holds the headline, or the body by
/// the site's rules, stays, whatever it is called.
pub(super) fn remove(document: &Document, site: &Site, title: &str) {
    for selector in &site.remove {
        if let Some(found) = document.try_select(selector) {
            found.remove();
        }
    }
    let kept = holders(document, site, title);
    let mut open = vec![document.root()];
    while let Some(node) = open.pop() {
        if is_furniture(&node) && !kept.contains(&node.id) {
            node.remove_from_parent();
        } else {
            open.extend(node.children());
        }
    }
}

/// The elements around the headline and around the body.
fn holders(document: &Document, site: &Site, title: &str) -> HashSet<NodeId> {
    let headlines = document.select("h1");
    let headlines = headlines.nodes().iter().take(HEADLINES_MAX);
    let headlines =
        headlines.filter(|node| !title.is_empty() && line(&node.text()).ends_with(title));
    let bodies = super::sites::found(document, &site.body);
    let bodies = bodies.iter().flat_map(|found| found.nodes().iter());
    let mut kept = HashSet::new();
    for node in headlines.chain(bodies.take(BODIES_MAX)) {
        kept.insert(node.id);
        kept.extend(node.ancestors_it(None).map(|holder| holder.id));
    }
    kept
}

fn is_furniture(node: &NodeRef<'_>) -> bool {
    let Some(name) = node.node_name() else {
        return false;
    };
    if matches!(name.as_ref(), "html" | "head" | "body") {
        return false;
    }
    ELEMENTS.contains(&name.as_ref())
        || ["class", "id"]
            .iter()
            .filter_map(|attribute| node.attr(attribute))
            .any(|names| names.split_whitespace().any(says_so))
}

/// `detail__related`, `boxTinLienQuan`, `ads-inpage`; but not `uploads`.
fn says_so(name: &str) -> bool {
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
    NAMES.iter().any(|part| {
        form.match_indices(part)
            .any(|(at, _)| form.get(..at).is_some_and(|before| before.ends_with('-')))
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
            assert!(says_so(name), "{name}");
        }
        for name in [
            "uploads",
            "content",
            "headline",
            "body",
            "afcbc-body",
            "stags",
        ] {
            assert!(!says_so(name), "{name}");
        }
    }

    #[test]
    fn what_holds_the_headline_stays() {
        let html =
            "<div class='sidebar-1'><h1>Tin</h1><p>Thân</p></div><div class='sidebar-2'>x</div>";
        let document = Document::from(html);
        remove(&document, &Site::default(), "Tin");
        assert_eq!(document.select("body").text().as_ref(), "TinThân");
    }
}
