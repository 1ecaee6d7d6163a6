//! An article's headline: which it is, and where the page shows it.

use std::ops::RangeInclusive;

use dom_query::{Document, NodeRef};

use super::facts::Facts;
use super::sites::{Site, found};
use super::{furniture, line};
use crate::markup::without_signature;

/// What a theme of one portal writes in front of headlines by mistake.
const SLIP: &str = "null ";
/// What stands between a headline and the site's name in a page's title.
const TITLE_MARKS: [&str; 4] = [" | ", " - ", " – ", " — "];
/// Further headlines of a page are not looked at.
const HEADLINES_MAX: usize = 8;
/// A headline is no longer, in bytes.
const BYTES_MAX: usize = 1200;
/// A headline that is shown without an element for it is no shorter, in bytes.
const BYTES_MIN: usize = 20;
/// How words of class names and ids begin of what holds a headline.
const NAMES: [&str; 4] = ["-title-", "-tieude", "-tieu-de", "-headline-"];
/// How long such a headline is, in characters: sections and boxes have titles too.
const NAMED_CHARS: RangeInclusive<usize> = 25..=250;
/// A link within a headline with fewer letters leads back, or elsewhere.
const LINK_LETTERS_MIN: usize = 3;

/// Parts of class names of a site's own name.
const LOGOS: [&str; 4] = ["logo", "site-title", "site-name", "brand"];
/// How far around a heading it is looked for what says that it is the site's, in holders.
const HOLDERS_MAX: usize = 2;
/// How far within one, in nodes.
const LOGO_NODES_MAX: usize = 10;

/// A page's headline.
#[derive(Debug, Default)]
pub(super) struct Headline<'a> {
    pub(super) text: String,
    /// The element that shows it.
    pub(super) node: Option<NodeRef<'a>>,
}

impl<'a> Headline<'a> {
    /// By the site's rules; else the one that the page also tells machines; else its first, unless
    /// that is the site's own; else what it tells machines, as far as the page shows it.
    pub(super) fn of(
        document: &'a Document,
        facts: &Facts,
        site: &Site,
        host: Option<&str>,
    ) -> Self {
        let by_rule = found(document, &site.title);
        let by_rule = by_rule.and_then(|found| {
            let mut shown = found.nodes().iter().filter(|node| !is_logo(node));
            shown.find_map(Self::at)
        });
        let named = line(&document.select("title").text());
        let told = facts.title.as_deref().map(line);
        let told = told.filter(|told| Some(told.as_str()) != facts.site_name.as_deref());
        let said = [told.clone().unwrap_or_default(), named];
        let mut headings = Self::first_headings(document, facts);
        let same = said.iter().find_map(|said| {
            headings
                .iter()
                .position(|shown| begins_with(said, &shown.text))
        });
        by_rule
            .or_else(|| Some(headings.swap_remove(same?)))
            .or_else(|| Self::as_told(document, facts, &said))
            .or_else(|| headings.into_iter().next())
            .or_else(|| told.is_none().then(|| Self::by_name(document, facts))?)
            .or_else(|| Self::of_told(facts, &said, host))
            .unwrap_or_default()
    }

    fn at(node: &NodeRef<'a>) -> Option<Self> {
        let text = without_slip(&short_text(node)?).to_owned();
        (!text.is_empty()).then_some(Self {
            text,
            node: Some(*node),
        })
    }

    /// The page's first headings, without the site's own.
    fn first_headings(document: &'a Document, facts: &Facts) -> Vec<Self> {
        let headings = document.select("h1");
        let headings = headings.nodes().iter().take(HEADLINES_MAX);
        headings
            .filter(|node| !is_logo(node))
            .filter_map(Self::at)
            .filter(|shown| Some(shown.text.as_str()) != facts.site_name.as_deref())
            .collect()
    }

    /// What the page tells machines often ends with the site's name: of its forms without, the
    /// longest that stands on the page is the headline.
    fn as_told(document: &'a Document, facts: &Facts, said: &[String]) -> Option<Self> {
        let mut forms: Vec<&str> = said.iter().flat_map(|told| without_ends(told)).collect();
        forms.retain(|form| Some(*form) != facts.site_name.as_deref());
        let (place, node) = first_shown(document, &forms)?;
        let text = without_slip(forms.get(place).copied()?).to_owned();
        Some(Self {
            text,
            node: Some(node),
        })
    }

    /// An element that is called after a headline, or a lower heading, long enough to be one.
    fn by_name(document: &'a Document, facts: &Facts) -> Option<Self> {
        let is_named = |node: &NodeRef<'_>| {
            let mut forms = furniture::names(node)
                .into_iter()
                .map(|name| furniture::parted(&name));
            forms.any(|form| NAMES.iter().any(|word| form.contains(word)))
        };
        let is_lower = |node: &NodeRef<'_>| {
            let name = node.node_name();
            name.is_some_and(|name| matches!(name.as_ref(), "h2" | "h3" | "h4"))
        };
        let find = |fits: &dyn Fn(&NodeRef<'_>) -> bool| {
            let root = document.root();
            let mut all = root
                .descendants_it()
                .filter(|node| fits(node) && !is_elsewhere(node));
            all.find_map(|node| {
                let shown = Self::at(&node)?;
                let chars = shown.text.chars().count();
                let is_site = Some(shown.text.as_str()) == facts.site_name.as_deref();
                let linked = node.descendants_it().any(|inner| inner.has_name("a"));
                (NAMED_CHARS.contains(&chars) && !is_site && !linked).then_some(shown)
            })
        };
        find(&is_named).or_else(|| find(&is_lower))
    }

    /// What the page tells machines, without the site's name.
    fn of_told(facts: &Facts, said: &[String; 2], host: Option<&str>) -> Option<Self> {
        let [told, named] = said;
        let site = facts.site_name.as_deref();
        let bare = match told.is_empty() {
            false => without_site(told, site, host),
            // Only a page's own title ends with the site's name as a rule.
            true => match site {
                Some(_) => without_site(named, site, host),
                None => shortest(named),
            },
        };
        let text = without_slip(bare).to_owned();
        (!text.is_empty()).then_some(Self { text, node: None })
    }
}

fn without_slip(title: &str) -> &str {
    title.strip_prefix(SLIP).unwrap_or(title)
}

/// Whether a page's title is a headline, with nothing or the site's name behind it.
fn begins_with(title: &str, headline: &str) -> bool {
    let behind = without_slip(title).strip_prefix(headline);
    behind.is_some_and(|behind| {
        behind.is_empty() || TITLE_MARKS.iter().any(|mark| behind.starts_with(mark))
    })
}

/// A title, and its beginnings up to each mark, the longest first.
fn without_ends(title: &str) -> Vec<&str> {
    let mut ends: Vec<usize> = TITLE_MARKS
        .iter()
        .flat_map(|mark| title.match_indices(mark).map(|(at, _)| at))
        .collect();
    ends.sort_unstable_by(|one, other| other.cmp(one));
    std::iter::once(title)
        .chain(ends.into_iter().filter_map(|end| title.get(..end)))
        .filter(|form| form.len() >= BYTES_MIN)
        .collect()
}

/// A page's title without the site's name behind it.
fn without_site<'a>(title: &'a str, site: Option<&str>, host: Option<&str>) -> &'a str {
    let cut = TITLE_MARKS.iter().find_map(|mark| {
        let (headline, behind) = title.rsplit_once(mark)?;
        (Some(behind) == site).then_some(headline)
    });
    cut.unwrap_or_else(|| without_signature(title, site, host))
        .trim()
}

fn shortest(title: &str) -> &str {
    let cut = TITLE_MARKS.iter().find_map(|mark| title.rsplit_once(mark));
    cut.map_or(title, |(headline, _)| headline).trim()
}

/// The first of the texts that stands on the page as a line of its own, and where: not in a link,
/// nor in a list of them, nor among what stands around an article.
fn first_shown<'a>(document: &'a Document, texts: &[&str]) -> Option<(usize, NodeRef<'a>)> {
    let mut best: Option<(usize, NodeRef<'a>)> = None;
    for node in document.root().descendants_it().filter(NodeRef::is_text) {
        let text = node.text();
        if !(BYTES_MIN..=BYTES_MAX).contains(&text.trim().len()) {
            continue;
        }
        let text = line(&text);
        let known = best.as_ref().map_or(texts.len(), |(place, _)| *place);
        let better = texts.iter().take(known).position(|known| *known == text);
        if let (Some(place), Some(parent)) = (better, node.parent())
            && !is_elsewhere(&parent)
        {
            best = Some((place, parent));
        }
    }
    best
}

fn is_elsewhere(node: &NodeRef<'_>) -> bool {
    let silent = ["a", "li", "title", "script", "style", "noscript", "option"];
    std::iter::once(*node)
        .chain(node.ancestors_it(None))
        .any(|holder| {
            holder
                .node_name()
                .is_some_and(|name| silent.contains(&name.as_ref()))
                || furniture::is_named_so(&holder)
        })
}

/// Whether a heading is the site's own: it leads to the front page.
fn is_logo(heading: &NodeRef<'_>) -> bool {
    let around = || std::iter::once(*heading).chain(heading.ancestors_it(Some(HOLDERS_MAX)));
    let named = |node: NodeRef<'_>| {
        let class = node.class().unwrap_or_default().to_lowercase();
        LOGOS.iter().any(|part| class.contains(part))
    };
    let mut links = around()
        .chain(heading.descendants_it().take(LOGO_NODES_MAX))
        .filter(|node| node.has_name("a"));
    around().any(named) || links.any(|link| link.attr("href").is_some_and(|href| leads_home(&href)))
}

/// `/`, `https://bao.example`, `./`, `/index.html`.
fn leads_home(href: &str) -> bool {
    let href = href.trim();
    let path = match href.split_once("//") {
        Some((_, rest)) => rest.split_once('/').map_or("", |(_, path)| path),
        None => href.trim_start_matches('.').trim_start_matches('/'),
    };
    !href.starts_with(['#', '?'])
        && !href.is_empty()
        && (path.is_empty() || path.starts_with("index."))
}

/// The text of an element as one line; `None` where it is longer than a headline.
fn short_text(node: &NodeRef<'_>) -> Option<String> {
    let mut text = String::new();
    for inner in node.descendants_it() {
        if inner.is_text() {
            let piece = inner.text();
            let letters = piece
                .chars()
                .filter(|letter| letter.is_alphabetic())
                .count();
            let mut around = inner.ancestors_it(Some(HOLDERS_MAX));
            let linked = around.any(|holder| holder.has_name("a"));
            if letters >= LINK_LETTERS_MIN || !linked {
                text.push_str(&piece);
            }
        } else if inner.has_name("br") {
            text.push(' ');
        }
        if text.len() > BYTES_MAX {
            return None;
        }
    }
    Some(line(&text))
}
