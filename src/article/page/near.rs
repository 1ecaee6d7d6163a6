//! What stands near an article's headline: there its time and its author are found, and not in a
//! menu, in a list of other news or among the comments.

use std::collections::HashMap;

use dom_query::{Document, NodeId, NodeRef};

use super::{furniture, line};
use crate::markup::text_of;

/// What holds nothing that is shown.
const SILENT: [&str; 10] = [
    "script", "style", "noscript", "template", "select", "textarea", "button", "svg", "iframe",
    "nav",
];
/// How words of class names and ids begin of what holds the day's date, and what stands aside.
const NAMES: [&str; 6] = ["aside", "topbar", "top-bar", "clock", "time-now", "today"];
/// What shares only a holder further out with the headline is not near it.
const HOLDERS_MAX: usize = 6;
/// In front of the headline, the head of the page begins beyond these holders.
const HOLDERS_BEFORE_MAX: usize = 2;
/// A holder with more nodes is no mere entry of a list.
const ENTRY_NODES_MAX: usize = 30;
/// A link or heading of so many words is a headline.
const HEADLINE_WORDS_MIN: usize = 5;

/// An element near the headline.
#[derive(Debug, Clone, Copy)]
pub(super) struct Near<'a> {
    pub(super) node: NodeRef<'a>,
    /// How far out the holder is that it shares with the headline.
    pub(super) holders: usize,
    /// How deep in that holder it stands.
    depth: usize,
    /// Where it stands on the page.
    place: usize,
}

/// An element that is still to be looked into.
struct Open<'a> {
    node: NodeRef<'a>,
    holders: usize,
    depth: usize,
    /// It is part of an `article`, whose own head and foot may hold what is looked for.
    in_article: bool,
}

/// The elements around the headline, the nearest first; where nobody knows the headline, all.
pub(super) fn elements<'a>(
    document: &'a Document,
    headline: Option<&NodeRef<'_>>,
) -> Vec<Near<'a>> {
    let holders = headline.map(holders_of).unwrap_or_default();
    let mut found = Vec::new();
    let mut headline_place = 0;
    let mut open = vec![Open {
        node: document.root(),
        holders: 0,
        depth: 0,
        in_article: false,
    }];
    let mut place = 0;
    while let Some(at) = open.pop() {
        place += 1;
        if headline.is_some_and(|headline| headline.id == at.node.id) {
            headline_place = place;
            continue;
        }
        let around = holders.get(&at.node.id).copied();
        if around.is_none() && is_elsewhere(&at) {
            continue;
        }
        let inside = around.unwrap_or(at.holders);
        let depth = around.map_or(at.depth + 1, |_| 0);
        if at.node.is_element() && around.is_none() {
            found.push(Near {
                node: at.node,
                holders: inside,
                depth: at.depth,
                place,
            });
        }
        let in_article = at.in_article || is_article(&at.node);
        open.extend(at.node.children_it(true).map(|node| Open {
            node,
            holders: inside,
            depth,
            in_article,
        }));
    }
    let whole_page = document.select("body").nodes().first().map(|body| body.id);
    let whole_page = whole_page.and_then(|body| holders.get(&body).copied());
    found.retain(|near| {
        let before = near.place < headline_place;
        let of_head = before && (near.holders > HOLDERS_BEFORE_MAX || is_apart(near, whole_page));
        near.holders <= HOLDERS_MAX && !of_head
    });
    found.sort_by_key(|near| (near.holders, near.place.abs_diff(headline_place)));
    found
}

/// Shares nothing but the page with a headline that stands in something of its own.
fn is_apart(near: &Near<'_>, whole_page: Option<usize>) -> bool {
    whole_page.is_some_and(|page| page > 1 && near.holders >= page)
}

/// What holds the headline, and how far out.
fn holders_of(headline: &NodeRef<'_>) -> HashMap<NodeId, usize> {
    let holders = headline.ancestors_it(None).enumerate();
    holders.map(|(at, holder)| (holder.id, at + 1)).collect()
}

fn is_article(node: &NodeRef<'_>) -> bool {
    node.has_name("article") || node.has_name("main")
}

fn is_elsewhere(at: &Open<'_>) -> bool {
    let Some(name) = at.node.node_name() else {
        return false;
    };
    match name.as_ref() {
        "html" | "body" => false,
        "head" | "aside" => true,
        "header" | "footer" => !at.in_article,
        name => {
            let other = |names| furniture::has_name_of(&at.node, names);
            SILENT.contains(&name) || other(&furniture::OTHER_NEWS) || other(&NAMES)
        }
    }
}

impl Near<'_> {
    /// Whether it stands in an entry of a list: beside what reads like the headline of another
    /// article.
    pub(super) fn is_of_another(&self) -> bool {
        let holders = self.node.ancestors_it(Some(HOLDERS_MAX)).take(self.depth);
        std::iter::once(self.node)
            .chain(holders)
            .take_while(|holder| holder.descendants_it().nth(ENTRY_NODES_MAX).is_none())
            .any(|holder| {
                let mut inside = std::iter::once(holder).chain(holder.descendants_it());
                inside.any(|node| is_headline(&node))
            })
    }
}

fn is_headline(node: &NodeRef<'_>) -> bool {
    let named = node.node_name();
    let named = named.as_deref().unwrap_or_default();
    if !matches!(named, "a" | "h2" | "h3" | "h4" | "h5" | "h6") {
        return false;
    }
    let text = line(&text_of(node));
    let is_word = |word: &&str| word.chars().all(char::is_alphabetic);
    text.split(' ').filter(is_word).count() >= HEADLINE_WORDS_MIN
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The texts of the elements called `x`, in order.
    fn near(html: &str) -> Vec<String> {
        let document = Document::from(html);
        let headline = document.select("h1").nodes().first().copied();
        let found = elements(&document, headline.as_ref());
        let marked = found.iter().filter(|near| near.node.has_name("x"));
        let own = marked.filter(|near| !near.is_of_another());
        own.map(|near| text_of(&near.node)).collect()
    }

    #[test]
    fn what_shares_the_nearest_holder_with_the_headline_comes_first() {
        let html = "<div><section><p><x>xa</x></p></section><div><x>trước</x><h1>Tin</h1><p>Thân</p><x>sau</x></div></div>\
            <div><x>ngoài</x></div>";
        assert_eq!(near(html), ["trước", "sau", "xa", "ngoài"]);
    }

    #[test]
    fn menus_comments_and_the_head_of_the_page_are_not_near() {
        let html = "<div class=top><x>đồng hồ</x></div><div><div class=menu><x>mục</x></div><div><h1>Tin</h1>\
            <header><x>đầu trang</x></header><article><header><x>của bài</x></header></article>\
            <div class=box_comment><x>bạn đọc</x></div></div></div>";
        assert_eq!(near(html), ["của bài"]);
    }

    #[test]
    fn an_entry_of_a_list_is_of_another_article() {
        let html = "<div><h1>Tin</h1><ul><li><a>Trường học mới bên sông</a> <x>hôm qua</x></li></ul>\
            <p><a>Giáo dục</a> <x>hôm nay</x></p></div>";
        assert_eq!(near(html), ["hôm nay"]);
    }
}
