//! What a page shows people below its headline: paragraphs, and pictures with their captions.

mod around;
mod asides;
mod line;
mod walk;

use std::collections::HashSet;

use dom_query::{NodeId, NodeRef};
use url::Url;

use self::around::Around;
use self::walk::Walk;
use super::root::Place;
use crate::article::Image;

/// Elements that begin and end a line. Cells do not: a row is read as one.
const BLOCKS: [&str; 30] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "body",
    "table",
    "tr",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "figure",
    "figcaption",
    "blockquote",
    "pre",
    "dl",
    "dt",
    "dd",
    "center",
    "address",
    "header",
    "hr",
    "details",
    "caption",
];
/// A caption is no longer, in characters. What is longer beside a picture is the article.
const CAPTION_CHARS_MAX: usize = 300;
/// What is known before the body is read.
pub(super) struct Reading<'a> {
    pub(super) base: Option<&'a Url>,
    pub(super) title: &'a str,
    pub(super) lead: Option<&'a str>,
    /// The lead stands in a place of its own: none is looked for in the body.
    pub(super) lead_is_shown: bool,
    /// What machines are told is not the whole of the lead.
    pub(super) lead_is_cut: bool,
    pub(super) author: Option<&'a str>,
    /// Elements that are captions by the site's rules.
    pub(super) captions: HashSet<NodeId>,
}

/// The body of an article.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) paragraphs: Vec<String>,
    pub(super) images: Vec<Image>,
    /// The name in one of the last lines.
    pub(super) byline: Option<String>,
    /// The lead, where it stands as the first paragraph.
    pub(super) lead: Option<String>,
    /// The lead that is known already stands here too.
    pub(super) says_lead: bool,
}

enum Step<'a> {
    Enter(NodeRef<'a>, Around),
    /// A block ends.
    Leave,
    /// The headline is behind.
    Begin,
    /// The body is behind: what follows is not the article's.
    End,
}

impl Body {
    pub(super) fn of(place: &Place<'_>, reading: Reading<'_>) -> Self {
        let mut walk = Walk::new(reading, place.headline.is_none());
        // A stack instead of recursion: a hostile page nests deeper than any thread's.
        let mut open = vec![Step::Enter(place.holder, Around::default())];
        while let Some(step) = open.pop() {
            let (node, around) = match step {
                Step::Enter(node, around) => (node, around),
                Step::Leave => {
                    walk.leave();
                    continue;
                }
                Step::Begin => {
                    walk.begin();
                    continue;
                }
                Step::End => break,
            };
            if walk.is_over() {
                break;
            }
            if node.id == place.body.id {
                walk.enter_body();
                open.push(Step::End);
            }
            if Some(node.id) == place.headline {
                open.push(Step::Begin);
                continue;
            }
            if node.is_text() {
                walk.text(&node.text(), around);
                continue;
            }
            let Some(name) = node.node_name() else {
                continue;
            };
            let is_caption = walk.is_caption(&node);
            let inner = around.below(&node, &name, is_caption);
            if inner.boxed {
                walk.new_group();
            }
            match name.as_ref() {
                "img" | "amp-img" => walk.picture(&node),
                "br" => walk.line_break(),
                "td" | "th" => walk.cell(),
                _ => {}
            }
            if BLOCKS.contains(&name.as_ref()) {
                walk.enter(inner);
                open.push(Step::Leave);
            }
            let mut children = node.children();
            children.reverse();
            open.extend(children.into_iter().map(|child| Step::Enter(child, inner)));
        }
        walk.finish()
    }

    /// How much text it has, in characters.
    pub(super) fn prose(&self) -> usize {
        let paragraphs = self.paragraphs.iter().chain(&self.lead);
        paragraphs.map(|text| text.chars().count()).sum()
    }
}
