//! The pictures that an entry names beside its texts. Pure.

use std::cmp::Reverse;

use url::Url;

use super::{resolved, texts};
use crate::feed::parse::tree::Element;
use crate::markup;

/// Elements beside the text that name a picture, in order of trust.
const PICTURES: [&str; 7] = [
    "media:content",
    "enclosure",
    "image",
    "itunes:image",
    "thumb",
    "thumbnail",
    "media:thumbnail",
];
/// Where elements name an address.
const ADDRESSES: [&str; 3] = ["url", "href", "src"];
/// Endings of what is no picture.
const NO_PICTURES: [&str; 12] = [
    ".mp3", ".mp4", ".m4a", ".webm", ".avi", ".flv", ".pdf", ".doc", ".docx", ".xls", ".xlsx",
    ".zip",
];
/// Pictures beside the texts. What stands in one group is one picture in several sizes.
pub(super) fn pictures(entry: &Element, within: &impl Fn(&Element) -> Option<Url>) -> Vec<Url> {
    let mut found: Vec<(usize, Url)> = Vec::new();
    let groups = entry.named("media:group");
    for holder in std::iter::once(entry).chain(groups) {
        let mut named: Vec<(usize, &Element)> = Vec::new();
        for element in holder.children() {
            let inner = element
                .children()
                .filter(|inner| inner.name.starts_with("media:"));
            let all = std::iter::once(element).chain(inner);
            named.extend(all.filter_map(|element| {
                let attached =
                    element.name.ends_with("link") && element.attribute("rel") == Some("enclosure");
                let name = if attached { "enclosure" } else { &element.name };
                Some((PICTURES.iter().position(|known| *known == name)?, element))
            }));
        }
        // The sort is stable: what gives no width keeps its place.
        named.sort_by_key(|(place, element)| (*place, Reverse(width(element))));
        let one = holder.name == "media:group" || width_is_given(&named);
        let mut last = None;
        for (place, element) in named {
            if one && last == Some(place) {
                continue;
            }
            if let Some(url) = picture(element, within(element).as_ref()) {
                found.push((place, url));
                last = Some(place);
            }
        }
    }
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().map(|(_, url)| url).collect()
}

/// Whether thumbnails beside each other are sizes of one.
fn width_is_given(named: &[(usize, &Element)]) -> bool {
    let mut thumbnails = named
        .iter()
        .filter(|(_, element)| element.name == "media:thumbnail");
    thumbnails.all(|(_, element)| width(element) > 0)
        && named
            .iter()
            .all(|(_, element)| element.name == "media:thumbnail")
}

fn width(element: &Element) -> u32 {
    let width = element
        .attribute("width")
        .and_then(|width| width.parse().ok());
    width.unwrap_or_default()
}

fn picture(element: &Element, base: Option<&Url>) -> Option<Url> {
    let kind = element.attribute("type").unwrap_or_default().to_lowercase();
    let medium = element.attribute("medium").unwrap_or("image");
    let named = ADDRESSES
        .iter()
        .find_map(|name| element.attribute(name))
        .map(ToOwned::to_owned);
    let inner = || ADDRESSES.iter().find_map(|name| texts_of(element, name));
    let text = || Some(element.html()).filter(|html| !html.contains('<') || html.contains("<img"));
    let address = named.or_else(inner).or_else(text)?;
    let shown = || markup::pictures(&address, base).into_iter().next();
    let url = match address.contains("<img") {
        true => shown()?.url,
        false => resolved(&address, base)?,
    };
    let path = url.path().to_ascii_lowercase();
    let other = NO_PICTURES.iter().any(|ending| path.ends_with(ending));
    let is_image = kind.starts_with("image/");
    let unknown = kind.is_empty() || kind == "application/octet-stream" || !kind.contains('/');
    (medium == "image" && (is_image || (unknown && !other))).then_some(url)
}

fn texts_of(element: &Element, name: &str) -> Option<String> {
    texts(element, name).next()
}
