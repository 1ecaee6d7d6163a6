//! Where on its page the article stands: by the site's rules, else behind its headline, as far as
//! the library says that reads pages as browsers' reading views do. The only user of `dom_smoothie`.
//!
//! The library only says *where*: what it hands out has lost pictures and captions, so the body
//! is read from the page itself.

use std::collections::HashMap;

use dom_query::{Document, NodeId, NodeRef};
use dom_smoothie::{Config, Readability};

use super::sites::{Site, found};

/// Carries an element's number through the library.
const NUMBER: &str = "data-loa-number";
/// Pages that are larger or nested deeper are not given to the library, whose time grows with
/// the square of the depth.
const ELEMENTS_MAX: usize = 20_000;
/// See [`ELEMENTS_MAX`]. Pages of the worst page systems nest about 60 deep.
const DEPTH_MAX: usize = 256;
/// The library writes the page out, some of it several times, and looks through the rest of a text at
/// each of these bytes in it (html5ever's `write_escaped`): so many bytes it may look through.
const ESCAPED: [u8; 4] = [b'&', b'<', b'>', 0xc2];
/// See [`ESCAPED`]. A long article costs some millions.
const ESCAPING_COST_MAX: usize = 10_000_000_000;
/// Elements that can hold an article.
const HOLDERS: [&str; 6] = ["div", "article", "section", "main", "td", "body"];
/// A piece of text that is shorter is no prose, in characters: a date, a name, a button.
const PIECE_CHARS_MIN: usize = 40;
/// What holds a headline and less prose than this holds no article, in characters.
const PROSE_CHARS_MIN: usize = 60;
/// What holds a headline and no more prose than this may hold its lead alone, in characters.
const LEAD_CHARS_MAX: usize = 700;

/// Where an article stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// What holds the headline and the body, or the body alone.
    pub(super) holder: NodeRef<'a>,
    /// Where the headline stands in it: what is before it is not the article's.
    pub(super) headline: Option<NodeId>,
    /// What holds the prose. Between the headline and it stand a lead and pictures.
    pub(super) body: NodeRef<'a>,
}

impl<'a> Place<'a> {
    fn alone(body: NodeRef<'a>) -> Self {
        Self {
            holder: body,
            headline: None,
            body,
        }
    }

    /// From the headline to the end of the body.
    fn between(headline: &NodeRef<'a>, body: NodeRef<'a>) -> Self {
        let common = common_holder(headline, &body).filter(|_| is_behind(&body, headline));
        match common {
            Some(holder) => Self {
                holder,
                headline: Some(headline.id),
                body,
            },
            None => Self::alone(body),
        }
    }
}

/// Where the article stands, and as little else as may be.
pub(super) fn of<'a>(
    document: &'a Document,
    site: &Site,
    headline: Option<&NodeRef<'a>>,
) -> Option<Place<'a>> {
    let by_rule = by_rule(document, site);
    let by_element = || {
        let found = document.select("article, main, body");
        found.nodes().first().copied()
    };
    let Some(headline) = headline else {
        let body = by_rule.or_else(|| by_library(document)).or_else(by_element);
        return body.map(Place::alone);
    };
    let between = |body| Place::between(headline, body);
    if let Some(body) = by_rule {
        return Some(between(body));
    }
    let (near, read) = (nearest(document, headline), by_library(document));
    let (Some((near, near_chars)), Some(read)) = (near, read) else {
        let body = near.map(|(near, _)| near).or(read).or_else(by_element);
        return body.map(between);
    };
    let read_chars = prose_chars(&read);
    let best = if holds(&read, headline) {
        // The nearest holder may hold no more than the lead.
        if near_chars * 10 >= read_chars * 7 {
            near
        } else {
            read
        }
    } else if !is_behind(&read, headline) {
        near
    } else if holds(&near, &read) {
        // The library does not see text that stands beside blocks.
        if read_chars * 2 >= near_chars {
            read
        } else {
            near
        }
    } else {
        let lead_alone = near_chars <= LEAD_CHARS_MAX && read_chars >= near_chars;
        let is_box = branch_of(&read, headline).is_some_and(|branch| begins_with_heading(&branch));
        if lead_alone && !is_box { read } else { near }
    };
    Some(between(best))
}

/// Of what the site's rules say, what holds most.
fn by_rule<'a>(document: &'a Document, site: &Site) -> Option<NodeRef<'a>> {
    let found = found(document, &site.body)?;
    let all = found.nodes().iter().copied();
    // Of several that hold as much, the first.
    all.rev().max_by_key(prose_chars)
}

/// The nearest element around the headline that also holds prose behind it, with how much.
fn nearest<'a>(document: &'a Document, headline: &NodeRef<'a>) -> Option<(NodeRef<'a>, usize)> {
    let holders: Vec<NodeRef<'a>> = ancestors(headline);
    let places: HashMap<NodeId, usize> = holders
        .iter()
        .enumerate()
        .map(|(place, holder)| (holder.id, place))
        .collect();
    let mut chars = vec![0; holders.len()];
    let mut behind = false;
    for (piece, linked) in pieces(&document.root()) {
        if piece.id == headline.id {
            behind = true;
        } else if behind && !linked && piece.is_text() {
            let own = piece_chars(&piece);
            let holder = (own > 0).then(|| {
                let mut around = piece.ancestors_it(None);
                around.find_map(|holder| places.get(&holder.id).copied())
            });
            if let Some(place) = holder.flatten().and_then(|place| chars.get_mut(place)) {
                *place += own;
            }
        }
    }
    let mut all = 0;
    holders.into_iter().zip(chars).find_map(|(holder, own)| {
        all += own;
        (all >= PROSE_CHARS_MIN).then_some((holder, all))
    })
}

/// The nodes below one in the page's order, each with whether it stands in a link.
fn pieces<'a>(root: &NodeRef<'a>) -> impl Iterator<Item = (NodeRef<'a>, bool)> {
    let mut open = vec![(*root, false)];
    std::iter::from_fn(move || {
        let (node, linked) = open.pop()?;
        let inner = linked || node.has_name("a");
        open.extend(node.children_it(true).map(|child| (child, inner)));
        Some((node, linked))
    })
}

/// How much prose an element holds, in characters.
fn prose_chars(node: &NodeRef<'_>) -> usize {
    let texts = pieces(node).filter(|(piece, linked)| piece.is_text() && !linked);
    texts.map(|(piece, _)| piece_chars(&piece)).sum()
}

fn piece_chars(piece: &NodeRef<'_>) -> usize {
    let chars = piece.text().trim().chars().count();
    if chars >= PIECE_CHARS_MIN { chars } else { 0 }
}

fn ancestors<'a>(node: &NodeRef<'a>) -> Vec<NodeRef<'a>> {
    node.ancestors(None)
}

fn holds(holder: &NodeRef<'_>, node: &NodeRef<'_>) -> bool {
    holder.id == node.id || node.ancestors_it(None).any(|around| around.id == holder.id)
}

/// Whether an element holds another, or comes behind it on the page.
fn is_behind(node: &NodeRef<'_>, other: &NodeRef<'_>) -> bool {
    if holds(node, other) {
        return true;
    }
    let Some(common) = common_holder(node, other) else {
        return false;
    };
    let first = pieces(&common).find(|(piece, _)| piece.id == node.id || piece.id == other.id);
    first.is_some_and(|(piece, _)| piece.id == other.id)
}

/// The child of the common holder that holds the first of both.
fn branch_of<'a>(node: &NodeRef<'a>, other: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    let common = common_holder(node, other)?;
    let mut around = std::iter::once(*node).chain(ancestors(node));
    around.find(|holder| holder.parent().is_some_and(|parent| parent.id == common.id))
}

/// Whether a heading of its own stands in front of an element's prose.
fn begins_with_heading(node: &NodeRef<'_>) -> bool {
    let first = pieces(node).find_map(|(piece, _)| {
        let heading = piece
            .node_name()
            .is_some_and(|name| matches!(name.as_ref(), "h2" | "h3" | "h4" | "h5"));
        let prose = piece.is_text() && piece_chars(&piece) > 0;
        (heading || prose).then_some(heading)
    });
    first.unwrap_or(false)
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
    let mut cost = 0;
    let mut open = vec![(document.root(), 0)];
    while let Some((node, depth)) = open.pop() {
        if depth > DEPTH_MAX || elements.len() > ELEMENTS_MAX {
            return None;
        }
        if node.is_text() {
            let text = node.text();
            let escaped = text.bytes().filter(|byte| ESCAPED.contains(byte)).count();
            cost += text.len() * escaped;
            if cost > ESCAPING_COST_MAX {
                return None;
            }
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
