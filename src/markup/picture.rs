//! The pictures in HTML, without those that nobody looks at.

mod address;

use dom_query::{Document, NodeRef};
use url::Url;

pub use self::address::usable;
use super::{fragment, tidy};

/// More pictures of one article are not looked at: a post takes a tenth of them.
pub const PICTURES_MAX: usize = 100;
/// What WordPress calls the emoji that it shows as pictures.
const EMOJI_CLASSES: [&str; 2] = ["emoji", "wp-smiley"];
/// A picture that is no larger than so many letters is one itself.
const EMOJI_EMS_MAX: f64 = 3.0;
/// Rules of style by which nobody sees a picture.
const HIDDEN: [&str; 5] = [
    "width:1px",
    "height:1px",
    "width:0",
    "height:0",
    "display:none",
];

/// A picture in some HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Where it is, absolute.
    pub url: Url,
    /// What its markup says it shows.
    pub alt: Option<String>,
    /// How wide it is shown, in pixels. `None` where that is not said, or is a share of the page,
    /// and for a thumbnail that links to its whole form.
    pub width: Option<u32>,
}

/// The pictures of some HTML in its order, without placeholders, pixels and vector drawings.
/// Without a base, only absolute addresses are taken.
pub fn pictures(html: &str, base: Option<&Url>) -> Vec<Picture> {
    let document = fragment(html);
    document
        .select("img")
        .iter()
        .filter_map(|image| {
            let node = image.nodes().first().copied()?;
            picture(&node, base)
        })
        .collect()
}

/// Puts what lazy pages show those who run no scripts into the place of the picture beside it
/// that shows nothing without one.
pub fn put_in_without_scripts(document: &Document, base: Option<&Url>) {
    for own in document.select("noscript > img").nodes() {
        let Some(holder) = own.parent() else {
            continue;
        };
        let beside = [holder.prev_element_sibling(), holder.next_element_sibling()];
        let empty = |image: &NodeRef<'_>| image.has_name("img") && picture(image, base).is_none();
        if let Some(image) = beside.into_iter().flatten().find(empty) {
            image.replace_with(own);
        }
    }
}

/// The picture that an `img` element shows, unless it is one that nobody looks at.
pub fn picture(image: &NodeRef<'_>, base: Option<&Url>) -> Option<Picture> {
    let [width, height] = ["width", "height"].map(|name| pixels(&image.attr(name)?));
    let tiny = [width, height].into_iter().flatten().any(|side| side <= 1);
    if tiny || is_hidden(image) || is_emoji(image) {
        return None;
    }
    let linked = address::behind_link(image, base);
    let width = width.filter(|_| linked.is_none());
    let url = linked.or_else(|| address::of(image, base))?;
    let alt = image
        .attr("alt")
        .map(|alt| tidy(&alt))
        .filter(|alt| !alt.is_empty());
    Some(Picture { url, alt, width })
}

/// A side as browsers read it, in pixels: `640`, `640 px`. `None` for a share of what is around.
/// Source: <https://html.spec.whatwg.org/multipage/common-microsyntaxes.html#rules-for-parsing-dimension-values>
fn pixels(side: &str) -> Option<u32> {
    let side = side.trim_start();
    let digits = side.bytes().take_while(u8::is_ascii_digit).count();
    let (whole, rest) = side.split_at_checked(digits)?;
    let rest = rest.trim_start_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    (!rest.starts_with('%')).then(|| whole.parse().ok())?
}

fn is_hidden(image: &NodeRef<'_>) -> bool {
    let style = style(image);
    let mut rules = style.split(';');
    rules.any(|rule| HIDDEN.contains(&rule))
}

/// Whether a picture is a letter of a text.
fn is_emoji(image: &NodeRef<'_>) -> bool {
    let class = image.class().unwrap_or_default().to_ascii_lowercase();
    let mut names = class.split_whitespace();
    let style = style(image);
    let mut rules = style.split(';').filter_map(|rule| rule.split_once(':'));
    let in_letters = |value: &str| {
        let ems = value.strip_suffix("em")?.trim_end_matches('r');
        ems.parse::<f64>().ok()
    };
    names.any(|name| EMOJI_CLASSES.contains(&name))
        || rules.any(|(name, value)| {
            matches!(name, "width" | "height")
                && in_letters(value).is_some_and(|ems| ems <= EMOJI_EMS_MAX)
        })
}

/// An element's own rules of style, without blanks.
fn style(image: &NodeRef<'_>) -> String {
    let style = image.attr("style").unwrap_or_default();
    style.to_ascii_lowercase().split_whitespace().collect()
}

#[cfg(test)]
mod tests;
