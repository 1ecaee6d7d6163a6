//! What a page shows people below its headline: paragraphs, and pictures with their captions.

use std::collections::HashMap;

use dom_query::{Document, NodeId, NodeRef};
use url::Url;

use super::line;
use crate::article::Image;
use crate::article::images::is_photograph;
use crate::article::text::{clean, same_as_text};
use crate::markup::{picture, text_of};

/// Elements that hold no part of an article.
const FURNITURE_ELEMENTS: [&str; 11] = [
    "nav", "header", "footer", "aside", "form", "script", "style", "noscript", "iframe", "button",
    "select",
];
/// Parts of class names and ids that say so.
const FURNITURE_NAMES: [&str; 21] = [
    "comment",
    "relate",
    "lien-quan",
    "most-read",
    "doc-nhieu",
    "share",
    "social",
    "tags",
    "tu-khoa",
    "ads",
    "advert",
    "banner",
    "breadcrumb",
    "sidebar",
    "menu",
    "paging",
    "copyright",
    "newsletter",
    "sapo",
    "toolbar",
    "other-news",
];
/// Elements that are read as one piece of text.
const PIECES: [&str; 9] = ["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "li"];
/// Elements that hold pieces rather than text.
const HOLDERS: [&str; 12] = [
    "p",
    "div",
    "table",
    "ul",
    "ol",
    "figure",
    "section",
    "h2",
    "h3",
    "h4",
    "blockquote",
    "article",
];
/// A paragraph shorter than this says nothing about where the article stands.
const TELLING_CHARS_MIN: usize = 40;
/// A picture that the page itself shows narrower than this is an ornament, in pixels.
const WIDTH_MIN: u32 = 200;
/// Parts of class names with which a caption stands beside its picture.
const CAPTIONS: [&str; 3] = ["caption", "chu-thich", "chuthich"];
/// A line that names its author has no more words.
const AUTHOR_WORDS_MAX: usize = 5;

/// The body of an article.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) paragraphs: Vec<String>,
    pub(super) images: Vec<Image>,
    /// The name in the last line.
    pub(super) byline: Option<String>,
}

impl Body {
    pub(super) fn of(
        document: &Document,
        base: Option<&Url>,
        title: &str,
        lead: Option<&str>,
    ) -> Self {
        let mut body = Self::default();
        let Some(root) = holder_of_most_text(document) else {
            return body;
        };
        // A stack instead of recursion: a hostile page nests deeper than any thread's.
        let mut open = vec![root];
        while let Some(node) = open.pop() {
            if is_furniture(&node) {
                continue;
            }
            let name = node.node_name().unwrap_or_default();
            let is_piece =
                PIECES.contains(&name.as_ref()) || (node.is_element() && is_bare(&node, &name));
            if name.as_ref() == "figure" || (is_piece && first_image(&node).is_some()) {
                body.take_pictures(&node, base);
            } else if name.as_ref() == "img" {
                body.take_picture(&node, None, base);
            } else if is_piece {
                body.take_text(&node, &name, title, lead);
            } else {
                let mut children = node.children();
                children.reverse();
                open.extend(children);
            }
        }
        body
    }

    /// Pictures with the text that stands around them in the same element: their caption.
    fn take_pictures(&mut self, node: &NodeRef<'_>, base: Option<&Url>) {
        let caption = Some(line(&text_of(node))).filter(|caption| !caption.is_empty());
        for image in descendants(node).filter(|node| is_named(node, "img")) {
            self.take_picture(&image, caption.clone(), base);
        }
    }

    fn take_picture(&mut self, node: &NodeRef<'_>, caption: Option<String>, base: Option<&Url>) {
        let narrow = node
            .attr("width")
            .and_then(|width| width.trim().trim_end_matches("px").parse::<u32>().ok())
            .is_some_and(|width| width < WIDTH_MIN);
        let Some(found) = picture(node, base).filter(|found| !narrow && is_photograph(&found.url))
        else {
            return;
        };
        if self.images.iter().all(|known| known.url != found.url) {
            self.images.push(Image {
                url: found.url,
                caption,
                alt: found.alt,
                stands_in: false,
            });
        }
    }

    fn take_text(&mut self, node: &NodeRef<'_>, name: &str, title: &str, lead: Option<&str>) {
        let raw = line(&text_of(node));
        if raw.is_empty() {
            return;
        }
        if is_caption(node)
            && let Some(image) = self.images.last_mut()
        {
            image.caption.get_or_insert(raw);
            return;
        }
        let text = clean(&raw);
        if text.is_empty() {
            self.byline = name_in(&raw).or_else(|| self.byline.take());
            return;
        }
        let heading = (name.starts_with('h') && name.len() == 2) || is_bold_line(node, &raw);
        let said_before =
            same_as_text(&text, title) || lead.is_some_and(|lead| same_as_text(&text, lead));
        if !heading && !said_before {
            self.paragraphs.push(text);
        }
    }
}

/// The element in whose paragraphs most of the page's prose stands.
fn holder_of_most_text(document: &Document) -> Option<NodeRef<'_>> {
    let mut scores: HashMap<NodeId, (usize, NodeRef<'_>)> = HashMap::new();
    for found in document.select("p").iter() {
        let Some(piece) = found.nodes().first().copied() else {
            continue;
        };
        let chars = text_of(&piece).chars().count();
        if chars < TELLING_CHARS_MIN || piece.ancestors(None).iter().any(is_furniture) {
            continue;
        }
        let parent = piece.parent();
        let grandparent = parent.and_then(|parent| parent.parent());
        for (node, score) in [(parent, chars), (grandparent, chars / 2)] {
            if let Some(node) = node {
                scores.entry(node.id).or_insert((0, node)).0 += score;
            }
        }
    }
    let best = scores
        .into_values()
        .max_by_key(|(score, node)| (*score, node.id));
    best.map(|(_, node)| node).or_else(|| {
        let body = document.select("article, main, body");
        body.nodes().first().copied()
    })
}

fn is_furniture(node: &NodeRef<'_>) -> bool {
    let Some(name) = node.node_name() else {
        return false;
    };
    if name.as_ref() == "body" || name.as_ref() == "html" {
        return false;
    }
    if FURNITURE_ELEMENTS.contains(&name.as_ref()) {
        return true;
    }
    ["class", "id"]
        .iter()
        .filter_map(|attribute| node.attr(attribute))
        .any(|names| {
            let names = names.to_lowercase();
            names.split([' ', '_']).any(|name| {
                FURNITURE_NAMES.iter().any(|part| {
                    name.starts_with(part)
                        || name.ends_with(part)
                        || name.contains(&format!("-{part}"))
                })
            })
        })
}

/// Whether an element holds text directly, and nothing that would hold it better.
fn is_bare(node: &NodeRef<'_>, name: &str) -> bool {
    matches!(name, "div" | "td" | "section" | "article" | "span")
        && !descendants(node).any(|inner| {
            inner
                .node_name()
                .is_some_and(|name| HOLDERS.contains(&name.as_ref()))
        })
}

fn is_named(node: &NodeRef<'_>, name: &str) -> bool {
    node.node_name().is_some_and(|own| own.as_ref() == name)
}

fn first_image<'a>(node: &NodeRef<'a>) -> Option<NodeRef<'a>> {
    descendants(node).find(|node| is_named(node, "img"))
}

fn descendants<'a>(node: &NodeRef<'a>) -> impl Iterator<Item = NodeRef<'a>> {
    let mut open = node.children();
    open.reverse();
    std::iter::from_fn(move || {
        let next = open.pop()?;
        let mut children = next.children();
        children.reverse();
        open.extend(children);
        Some(next)
    })
}

fn is_caption(node: &NodeRef<'_>) -> bool {
    node.attr("class").is_some_and(|names| {
        let names = names.to_lowercase();
        CAPTIONS.iter().any(|part| names.contains(part))
    })
}

/// A line that is bold from end to end and ends like no sentence is a heading.
fn is_bold_line(node: &NodeRef<'_>, text: &str) -> bool {
    let bold: usize = node
        .children()
        .iter()
        .filter(|child| is_named(child, "strong") || is_named(child, "b"))
        .map(|child| line(&text_of(child)).chars().count())
        .sum();
    bold > 0 && bold == text.chars().count() && !text.ends_with(['.', '!', '?', '…', ':', '”', '"'])
}

/// The name in a line that is nothing else.
fn name_in(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let named = words.iter().all(|word| {
        word.chars().next().is_some_and(char::is_uppercase) && word.chars().all(char::is_alphabetic)
    });
    ((2..=AUTHOR_WORDS_MAX).contains(&words.len()) && named).then(|| text.to_owned())
}
