//! An article's lead, the standfirst below its headline: what the page shows, else what it tells
//! machines.

use std::collections::HashSet;

use dom_query::{Document, NodeRef};

use super::body::Body;
use super::facts::Facts;
use super::furniture;
use super::headline::Headline;
use super::sites::Site;
use crate::article::text::{clean, matching_form, sentences};
use crate::markup::{is_newsroom, text_of};

/// What sites call the element that holds the standfirst, as words of its class name or id. `sapo`
/// is what Vietnamese newsrooms call it.
const NAMES: [&str; 28] = [
    "sapo",
    "lead",
    "summary",
    "desc",
    "des",
    "description",
    "intro",
    "excerpt",
    "hometext",
    "mota",
    "mo-ta",
    "tomtat",
    "tom-tat",
    "trichyeu",
    "trich-yeu",
    "trichdan",
    "trich-dan",
    "standfirst",
    "chapeau",
    "chappeau",
    "chapo",
    "subhead",
    "sub-head",
    "subtitle",
    "teaser",
    "perex",
    "entradilla",
    "deck",
];
/// Words of names of what belongs to a picture.
const OF_PICTURES: [&str; 6] = ["caption", "photo", "image", "img", "figure", "video"];
/// More elements of such names are not looked at.
const NAMED_MAX: usize = 20;
/// What a text ends with that was cut.
const CUTS: [&str; 4] = ["[…]", "[...]", "...", "…"];
/// A lead is no shorter, in characters.
const CHARS_MIN: usize = 15;
/// A lead is no longer, in characters. What is longer is the article.
const CHARS_MAX: usize = 1500;
/// Between a headline and its lead stands no more unlinked text, in bytes: a dateline, a name.
const APART_BYTES_MAX: usize = 400;
/// So many words at the beginning of a lead may name a newsroom.
const NAME_WORDS_MAX: usize = 6;
/// A body with less prose, in characters, is too short to tell what speaks of it.
const PROSE_CHARS_MIN: usize = 400;
/// A lead that only machines are told has no fewer words: what has is a name.
const WORDS_MIN: usize = 8;
/// Of the word pairs in a lead that begins with a site's name, one in so many stands in the article.
const PAIRS_SHARED: usize = 2;
/// With these words sites begin that say what they are.
const SITES: [&str; 4] = ["kênh thông tin", "website", "trang web", "trang chủ"];

/// A lead that the page shows in a place of its own. It is taken out there, so that the body does
/// not say it again.
pub(super) fn shown(document: &Document, site: &Site, headline: &Headline<'_>) -> Option<String> {
    let by_rule = site
        .lead
        .iter()
        .filter_map(|place| document.try_select(place));
    let mut places: Vec<NodeRef<'_>> = by_rule.flat_map(|found| found.nodes().to_vec()).collect();
    let root = document.root();
    places.extend(root.descendants_it().filter(is_named_so).take(NAMED_MAX));
    places.into_iter().find_map(|node| {
        let lead = clean(&text_of(&node));
        let chars = lead.chars().count();
        if !(CHARS_MIN..=CHARS_MAX).contains(&chars) || !is_below(&node, headline) {
            return None;
        }
        if !node.descendants_it().any(|inner| inner.has_name("img")) {
            node.remove_from_parent();
        }
        Some(lead)
    })
}

fn is_named_so(node: &NodeRef<'_>) -> bool {
    let holds =
        |form: &str, words: &[&str]| words.iter().any(|word| form.contains(&format!("-{word}-")));
    let forms: Vec<String> = furniture::names(node)
        .iter()
        .map(|name| furniture::parted(name))
        .collect();
    let is_picture =
        node.has_name("figcaption") || forms.iter().any(|form| holds(form, &OF_PICTURES));
    !is_picture && forms.iter().any(|form| holds(form, &NAMES))
}

/// Whether an element stands right below the headline, or beside it in one holder. What else is
/// called a lead is that of another article.
fn is_below(node: &NodeRef<'_>, headline: &Headline<'_>) -> bool {
    let Some(headline) = headline.node else {
        return node.ancestors_it(None).all(|holder| !holder.has_name("a"));
    };
    let around: HashSet<_> = headline
        .ancestors_it(None)
        .map(|holder| holder.id)
        .collect();
    if around.contains(&node.id) {
        return false;
    }
    if node
        .parent()
        .is_some_and(|parent| around.contains(&parent.id))
    {
        return true;
    }
    let Some(common) = node
        .ancestors_it(None)
        .find(|holder| around.contains(&holder.id))
    else {
        return false;
    };
    let mut apart = None;
    let mut open = vec![(common, false)];
    while let Some((inner, linked)) = open.pop() {
        if inner.id == headline.id {
            apart = Some(0);
            continue;
        }
        if inner.id == node.id {
            return !linked && apart.is_some_and(|bytes| bytes <= APART_BYTES_MAX);
        }
        if inner.is_text()
            && !linked
            && let Some(bytes) = apart.as_mut()
        {
            *bytes += inner.text().trim().len();
        }
        let linked = linked || inner.has_name("a");
        open.extend(inner.children_it(true).map(|child| (child, linked)));
    }
    false
}

/// A lead that the page tells machines only; what was cut is given up to its last sentence, and
/// as it stands where that is less than one.
pub(super) fn told(facts: &Facts, title: &str) -> Option<String> {
    let told = clean(facts.description.as_deref()?);
    let says_nothing =
        told.is_empty() || told == title || Some(told.as_str()) == facts.site_name.as_deref();
    if says_nothing {
        return None;
    }
    if !is_cut(&told) {
        return Some(told);
    }
    let mut whole = sentences(&told);
    match whole.len() {
        0 | 1 => Some(told),
        _ => {
            whole.pop();
            Some(whole.join(" "))
        }
    }
}

/// Whether what the page tells machines speaks of the article. Some sites tell what they
/// themselves are, on each page.
pub(super) fn is_about(lead: &str, title: &str, body: &Body, facts: &Facts) -> bool {
    if body.says_lead {
        return true;
    }
    let site = facts.site_name.as_deref();
    let start: Vec<&str> = lead.split(' ').take(NAME_WORDS_MAX).collect();
    let lower = lead.to_lowercase();
    let of_site = site.is_some_and(|site| lead.starts_with(site))
        || is_newsroom(&start.join(" "))
        || SITES.iter().any(|begins| lower.starts_with(begins));
    if lead.split(' ').count() < WORDS_MIN {
        return false;
    }
    if body.prose() < PROSE_CHARS_MIN {
        return !of_site;
    }
    let said = std::iter::once(title).chain(body.paragraphs.iter().map(String::as_str));
    let said: HashSet<(String, String)> = said.flat_map(word_pairs).collect();
    let pairs = word_pairs(lead);
    let shared = pairs.iter().filter(|pair| said.contains(*pair)).count();
    match of_site {
        true => shared * PAIRS_SHARED >= pairs.len(),
        false => shared > 0,
    }
}

fn word_pairs(text: &str) -> Vec<(String, String)> {
    let form = matching_form(text);
    let words: Vec<&str> = form.split_whitespace().collect();
    words
        .windows(2)
        .filter_map(|pair| match pair {
            [one, other] => Some(((*one).to_owned(), (*other).to_owned())),
            _ => None,
        })
        .collect()
}

/// Whether a text was cut off by the site.
pub(super) fn is_cut(text: &str) -> bool {
    CUTS.iter().any(|mark| text.trim_end().ends_with(mark))
}

/// Whether a text was cut off, with a mark for it or without.
pub(super) fn is_unended(text: &str) -> bool {
    is_cut(text) || !text.trim_end().ends_with(['.', '!', '?', '”', '"', ')'])
}

/// A text that was cut, without what marks the cut.
pub(super) fn stem_of_cut(text: &str) -> &str {
    CUTS.iter()
        .fold(text.trim_end(), |stem, cut| stem.trim_end_matches(cut))
        .trim_end()
}
