//! Where on its page the article's body stands: by the site's rules, else by the library that
//! reads pages as browsers' reading views do. The only user of `dom_smoothie`.
//!
//! The library only says *where*: what it hands out has lost pictures and captions, so the body
//! is read from the page itself.

use dom_query::{Document, NodeRef};
use dom_smoothie::{Config, Readability};

use super::sites::{Site, found};

/// Carries an element's number through the library.
const NUMBER: &str = "data-loa-number";
/// Pages that are larger or nested deeper are not given to the library, whose time grows with
/// the square of the depth.
const ELEMENTS_MAX: usize = 20_000;
/// See [`ELEMENTS_MAX`]. Pages of the worst page systems nest about 60 deep.
const DEPTH_MAX: usize = 256;
/// Elements that can hold an article.
const HOLDERS: [&str; 6] = ["div", "article", "section", "main", "td", "body"];

/// The element that holds the body of an article, and as little else as may be.
pub(super) fn of<'a>(document: &'a Document, site: &Site) -> Option<NodeRef<'a>> {
    let by_rule = found(document, &site.body).and_then(|found| found.nodes().first().copied());
    let by_library = || by_library(document);
    let by_element = || {
        let found = document.select("article, main, body");
        found.nodes().first().copied()
    };
    by_rule.or_else(by_library).or_else(by_element)
}

fn by_library(document: &Document) -> Option<NodeRef<'_>> {
    let elements = numbered(document)?;
    let config = Config {
        disable_json_ld: true,
        ..Config::default()
    };
    let article = Readability::with_document(document.clone(), None, Some(config))
        .and_then(|mut reader| reader.parse())
        .ok()?;
    let read = Document::fragment(article.content);
    let numbers = read.select(&format!("[{NUMBER}]"));
    let numbers = numbers
        .nodes()
        .iter()
        .filter(|node| !node.immediate_text().trim().is_empty())
        .filter_map(|node| node.attr(NUMBER)?.parse::<usize>().ok());
    let (first, last) = numbers.fold((usize::MAX, 0), |(first, last), number| {
        (first.min(number), last.max(number))
    });
    // Numbers follow the page, so what holds the first and the last holds all.
    let common = common_holder(elements.get(first)?, elements.get(last)?)?;
    std::iter::once(common)
        .chain(common.ancestors_it(None))
        .find(|node| {
            node.node_name()
                .is_some_and(|name| HOLDERS.contains(&name.as_ref()))
        })
}

/// The page's elements in its order, each with its place among them as an attribute. `None` for a
/// page that is too much for the library.
fn numbered(document: &Document) -> Option<Vec<NodeRef<'_>>> {
    let mut elements = Vec::new();
    let mut open = vec![(document.root(), 0)];
    while let Some((node, depth)) = open.pop() {
        if depth > DEPTH_MAX || elements.len() > ELEMENTS_MAX {
            return None;
        }
        if node.is_element() {
            node.set_attr(NUMBER, &elements.len().to_string());
            elements.push(node);
        }
        let mut children = node.children();
        children.reverse();
        open.extend(children.into_iter().map(|child| (child, depth + 1)));
    }
    Some(elements)
}

fn common_holder<'a>(one: &NodeRef<'a>, other: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let mut holders = vec![*other];
    holders.extend(other.ancestors_it(None));
    std::iter::once(*one)
        .chain(one.ancestors_it(None))
        .find(|node| holders.iter().any(|holder| holder.id == node.id))
}
