//! An article's headline and its lead, the standfirst below it.

use dom_query::{Document, Selection};

use super::facts::Facts;
use super::line;
use super::sites::{Site, found};
use crate::article::text::{clean, sentences};
use crate::markup::text_of;

/// Where sites put the standfirst. `sapo` is what Vietnamese newsrooms call it.
const LEADS: [&str; 10] = [
    ".sapo",
    ".detail-sapo",
    ".article-sapo",
    ".singular-sapo",
    ".Normal.lead",
    "p.lead",
    "h2.lead",
    "p.description",
    ".hometext",
    ".summary",
];
/// What a theme of one portal writes in front of headlines by mistake.
const SLIP: &str = "null ";
/// What stands between a headline and the site's name in a page's title.
const TITLE_MARKS: [&str; 3] = [" | ", " - ", " – "];
/// Further headlines of a page are not looked at.
pub(super) const HEADLINES_MAX: usize = 8;
/// What a text ends with that was cut.
const CUTS: [&str; 4] = ["[…]", "[...]", "...", "…"];

/// The headline: by the site's rules; else the one that the page also tells machines; else its
/// first, unless that is the site's own; else what it tells machines.
pub(super) fn title(document: &Document, facts: &Facts, site: &Site) -> String {
    let by_rule = found(document, &site.title).map(|found| first_line(&found));
    let told = facts
        .title
        .as_deref()
        .map(|told| without_site(&line(told), facts));
    let shown: Vec<String> = document
        .select("h1")
        .iter()
        .take(HEADLINES_MAX)
        .map(|found| without_slip(&line(&found.text())).to_owned())
        .filter(|text| !text.is_empty() && Some(text.as_str()) != facts.site_name.as_deref())
        .collect();
    let same = shown.iter().find(|text| Some(*text) == told.as_ref());
    by_rule
        .filter(|text| !text.is_empty())
        .or_else(|| same.or(shown.first()).cloned())
        .or(told)
        .or_else(|| Some(without_site(&line(&document.select("title").text()), facts)))
        .map(|title| without_slip(&title).to_owned())
        .unwrap_or_default()
}

fn without_slip(title: &str) -> &str {
    title.strip_prefix(SLIP).unwrap_or(title)
}

/// A page's title without the site's name behind it.
fn without_site(title: &str, facts: &Facts) -> String {
    let site = facts.site_name.as_deref().unwrap_or_default();
    for mark in TITLE_MARKS {
        if let Some((headline, behind)) = title.rsplit_once(mark)
            && (behind == site || site.is_empty())
        {
            return headline.trim().to_owned();
        }
    }
    title.to_owned()
}

/// A lead that the page shows in a place of its own. It is taken out there, so that the body does
/// not say it again.
pub(super) fn shown_lead(document: &Document, site: &Site) -> Option<String> {
    let generic = LEADS.map(str::to_owned);
    for place in site.lead.iter().chain(&generic) {
        let Some(found) = document.try_select(place) else {
            continue;
        };
        let lead = clean(&first_line(&found));
        if !lead.is_empty() {
            if let Some(node) = found.nodes().first()
                && !node.descendants_it().any(|inner| inner.has_name("img"))
            {
                node.remove_from_parent();
            }
            return Some(lead);
        }
    }
    None
}

/// A lead that the page tells machines only; what was cut is given up to its last sentence, and
/// as it stands where that is less than one.
pub(super) fn told_lead(facts: &Facts, title: &str) -> Option<String> {
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

/// Whether a text was cut off by the site.
pub(super) fn is_cut(text: &str) -> bool {
    CUTS.iter().any(|mark| text.trim_end().ends_with(mark))
}

/// A text that was cut, without what marks the cut.
pub(super) fn stem_of_cut(text: &str) -> &str {
    CUTS.iter()
        .fold(text.trim_end(), |stem, cut| stem.trim_end_matches(cut))
        .trim_end()
}

fn first_line(found: &Selection<'_>) -> String {
    found.nodes().first().map(text_of).unwrap_or_default()
}
