//! A repaired feed as elements, one entry after the other. What is never closed, or closed by
//! another's end, costs the entry that it stands in and no other. Pure.

mod base;
mod element;
mod tag;

use std::collections::HashMap;

pub(super) use self::base::Base;
pub(super) use self::element::{Element, escaped};
use self::element::{Node, VOID};
use self::tag::{attributes, space, tag, unescaped};
use crate::markup;

const LITERAL: &str = "<![CDATA[";
const LITERAL_END: &str = "]]>";
/// Entries nest no deeper. What does is no article.
const DEPTH_MAX: usize = 100;
/// So many elements around entries are remembered.
const OUTER_MAX: usize = 32;
/// Elements in which sites write HTML, and do not always escape it.
const TEXTS: [&str; 6] = [
    "title",
    "description",
    "summary",
    "content",
    "content:encoded",
    "subtitle",
];
/// The families of feeds, by their root element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Rss,
    Rdf,
    Atom,
}

impl Shape {
    pub(super) fn of(text: &str) -> Option<Self> {
        let root = text.strip_prefix('<')?;
        let root = root.split([' ', '>', '/', '\n', '\r', '\t']).next()?;
        match root.rsplit(':').next()?.to_ascii_lowercase().as_str() {
            "rss" => Some(Self::Rss),
            "rdf" => Some(Self::Rdf),
            "feed" => Some(Self::Atom),
            _ => None,
        }
    }
}

/// What a feed consists of.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// A title or link of the feed itself.
    Head(Element),
    /// An entry, and what its relative addresses start from.
    Entry(Element),
    /// An entry that cannot be told from its damage: why, and how it is written.
    Damaged(String, &'a str),
}

/// Reads a repaired feed, part by part; `take` says whether it wants more. Returns what the
/// addresses in it start from, where it says so.
pub(super) fn read<'a>(text: &'a str, shape: Shape, take: &mut dyn FnMut(Part<'a>, &Base) -> bool) {
    let mut reading = Reading {
        text,
        shape,
        spaces: HashMap::new(),
        outer: Vec::new(),
        open: None,
        base: Base::default(),
        take,
    };
    let mut at = 0;
    let mut more = true;
    let mut comments_end = true;
    while let (true, Some(found)) = (more, text.get(at..).and_then(|rest| rest.find('<'))) {
        reading.text(text.get(at..at + found).unwrap_or_default());
        let start = at + found;
        let rest = text.get(start..).unwrap_or_default();
        let length = if let Some(literal) = rest.strip_prefix(LITERAL) {
            let end = literal.find(LITERAL_END).unwrap_or(literal.len());
            reading.literal(literal.get(..end).unwrap_or_default());
            LITERAL.len() + end + LITERAL_END.len()
        } else if rest.starts_with("<!--") {
            // Where one comment does not end, none behind it does: nobody looks for it twice.
            let end = comments_end.then(|| rest.find("-->")).flatten();
            comments_end = end.is_some();
            end.map_or("<!--".len(), |end| end + "-->".len())
        } else if rest.starts_with("<!") || rest.starts_with("<?") {
            rest.find('>').map_or(rest.len(), |end| end + 1)
        } else {
            let tag = tag(rest);
            more = reading.tag(tag, start);
            tag.len()
        };
        at = (start + length).min(text.len());
    }
    if more {
        reading.end_of_text();
    }
}

/// An element that is being read, with those around it.
struct Open {
    is_entry: bool,
    start: usize,
    stack: Vec<Element>,
    damage: Option<String>,
}

impl Open {
    /// Where HTML begins that nobody escaped.
    fn text_at(&self) -> Option<usize> {
        let mut stack = self.stack.iter();
        stack.position(|element| TEXTS.contains(&element.name.as_str()))
    }

    fn close(&mut self) {
        if let Some(element) = self.stack.pop()
            && let Some(around) = self.stack.last_mut()
        {
            around.nodes.push(Node::Element(element));
        }
    }

    fn push(&mut self, node: Node) {
        if let Some(top) = self.stack.last_mut() {
            top.nodes.push(node);
        }
    }
}

struct Reading<'a, 't> {
    text: &'a str,
    shape: Shape,
    /// Prefixes as the feed declares them, with those that they are here.
    spaces: HashMap<&'a str, &'static str>,
    /// The names of the elements around entries.
    outer: Vec<&'a str>,
    open: Option<Open>,
    base: Base,
    take: &'t mut dyn FnMut(Part<'a>, &Base) -> bool,
}

impl<'a> Reading<'a, '_> {
    fn text(&mut self, text: &str) {
        if let Some(open) = self.open.as_mut()
            && !text.is_empty()
        {
            open.push(Node::Text(unescaped(text).into_owned()));
        }
    }

    fn literal(&mut self, text: &str) {
        if let Some(open) = self.open.as_mut() {
            open.push(Node::Literal(text.to_owned()));
        }
    }

    /// Whether more is wanted.
    fn tag(&mut self, tag: &'a str, at: usize) -> bool {
        let inside = tag.strip_prefix('<').unwrap_or(tag);
        let inside = inside.strip_suffix('>').unwrap_or(inside);
        match inside.strip_prefix('/') {
            Some(name) => self.end(name.trim(), at),
            None => self.start(inside, at),
        }
    }

    fn start(&mut self, inside: &'a str, at: usize) -> bool {
        let closed = inside.ends_with('/');
        let inside = inside.strip_suffix('/').unwrap_or(inside);
        let end = inside.find(char::is_whitespace).unwrap_or(inside.len());
        let (raw, written) = inside.split_at(end);
        if written.contains("xmlns:") {
            self.declare(written);
        }
        let name = self.name(raw, written);
        let is_entry = matches!(name.as_str(), "item" | "entry");
        let begins = match &self.open {
            None => true,
            // An entry begins where another was not closed, or where a head was not.
            Some(open) => {
                is_entry
                    && (!open.is_entry || open.stack.first().is_some_and(|own| own.name == name))
            }
        };
        let mut more = true;
        if begins && self.open.is_some() {
            more = self.finish(at);
        }
        if begins && !is_entry && !self.is_head(&name) {
            if written.contains("xml:base")
                && let Some((_, base)) = attributes(written).find(|(name, _)| name == "xml:base")
            {
                self.base.0.push(base);
            }
            if !closed && self.outer.len() < OUTER_MAX {
                self.outer.push(raw);
            }
            return more;
        }
        let element = Element {
            name,
            attributes: attributes(written).collect(),
            nodes: Vec::new(),
        };
        if begins {
            self.open = Some(Open {
                is_entry,
                start: at,
                stack: vec![element],
                damage: None,
            });
            return (!closed || self.finish(at)) && more;
        }
        let Some(open) = self.open.as_mut() else {
            return more;
        };
        if open.stack.len() >= DEPTH_MAX {
            open.damage = Some("it nests too deep".to_owned());
            return more;
        }
        // A word in brackets is no element of HTML.
        if open.text_at().is_some() && !markup::is_tag(&format!("{inside}>")) {
            open.push(Node::Literal(
                unescaped(&format!("<{inside}>")).into_owned(),
            ));
            return more;
        }
        let in_text = open.text_at().is_some();
        let void = VOID.contains(&element.name.as_str()) || (in_text && element.name == "source");
        open.stack.push(element);
        if closed || void {
            open.close();
        }
        more
    }

    fn end(&mut self, raw: &'a str, at: usize) -> bool {
        let name = self.name(raw, "");
        let Some(open) = self.open.as_mut() else {
            if let Some(place) = self.outer.iter().rposition(|known| *known == raw) {
                self.outer.truncate(place);
            }
            return true;
        };
        let place = open.stack.iter().rposition(|element| element.name == name);
        let text_at = open.text_at();
        match place {
            Some(0) => {
                if let Some(unclosed) = open.stack.get(1).filter(|_| open.is_entry) {
                    let reason = format!("<{}> is not closed", unclosed.name);
                    open.damage.get_or_insert(reason);
                }
                return self.finish(at);
            }
            Some(place) if place + 1 == open.stack.len() => open.close(),
            // Elements of HTML need no ends.
            Some(place) => {
                while open.stack.len() > place {
                    open.close();
                }
            }
            None if text_at.is_some() => {}
            None => {
                let reason = format!("</{raw}> closes nothing");
                open.damage.get_or_insert(reason);
            }
        }
        true
    }

    /// What is open ends here.
    fn finish(&mut self, at: usize) -> bool {
        let Some(mut open) = self.open.take() else {
            return true;
        };
        if !open.is_entry {
            while open.stack.len() > 1 {
                open.close();
            }
        }
        let whole = open.stack.len() == 1;
        let damage = open.damage.or((!whole).then(|| "it is cut off".to_owned()));
        let part = match (damage, open.stack.into_iter().next()) {
            (None, Some(element)) if open.is_entry => Part::Entry(element),
            (None, Some(element)) => Part::Head(element),
            (damage, _) => {
                let source = self.text.get(open.start..at).unwrap_or_default();
                Part::Damaged(damage.unwrap_or_default(), source)
            }
        };
        (self.take)(part, &self.base)
    }

    fn end_of_text(&mut self) {
        if let Some(open) = self.open.as_mut().filter(|open| open.is_entry) {
            open.damage
                .get_or_insert_with(|| "it is cut off".to_owned());
            self.finish(self.text.len());
        }
    }

    /// Whether an element tells something of the feed itself.
    fn is_head(&self, name: &str) -> bool {
        let holder = self.outer.last().map(|holder| local(holder));
        let holds = holder.is_some_and(|holder| {
            ["channel", "feed", "rss", "rdf"].contains(&holder.to_ascii_lowercase().as_str())
        });
        holds && matches!(name, "title" | "link")
    }

    fn declare(&mut self, written: &'a str) {
        for piece in written.split("xmlns:").skip(1) {
            let Some((prefix, value)) = piece.split_once('=') else {
                continue;
            };
            let value = value.trim_start();
            let quote = value.chars().next().unwrap_or_default();
            let address = value
                .get(quote.len_utf8()..)
                .and_then(|value| value.split(quote).next());
            if let Some(own) = space(address.unwrap_or_default()) {
                self.spaces.insert(prefix.trim(), own);
            }
        }
    }

    /// The name that an element has here.
    fn name(&self, raw: &str, written: &str) -> String {
        let (prefix, local) = raw.split_once(':').unwrap_or(("", raw));
        let declared = self.spaces.get(prefix).copied();
        let inner = || {
            let own = attributes(written).find(|(name, _)| name == "xmlns")?.1;
            space(&own)
        };
        let prefix = match prefix {
            "" if self.open.is_some() && written.contains("xmlns=") => {
                inner().unwrap_or_default().to_owned()
            }
            "" => String::new(),
            prefix => declared.map_or_else(|| prefix.to_ascii_lowercase(), ToOwned::to_owned),
        };
        let local = local.to_ascii_lowercase();
        let own = self.shape == Shape::Atom && prefix == "atom";
        match prefix.is_empty() || own || (prefix == "rss") {
            true => local,
            false => format!("{prefix}:{local}"),
        }
    }
}

fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

#[cfg(test)]
mod tests;
