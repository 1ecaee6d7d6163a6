//! The pictures in HTML: which of their addresses is the largest form, and which show nothing.

use dom_query::NodeRef;
use url::Url;

use super::{fragment, resolve, tidy};

/// More pictures of one article are not looked at: a post takes a tenth of them.
pub const PICTURES_MAX: usize = 100;
/// Where a lazy page keeps a picture's whole form, best first.
const WHOLE_ATTRIBUTES: [&str; 3] = ["data-full", "data-photo-original-src", "data-original"];
/// Where a page lists a picture in several widths.
const WIDTHS_ATTRIBUTES: [&str; 2] = ["data-srcset", "srcset"];
/// Where else a picture's address may stand: a lazy page puts a placeholder into `src`.
const ADDRESS_ATTRIBUTES: [&str; 5] = ["data-src", "data-lazy-src", "data-lazy", "data-url", "src"];
/// What sites call the pictures that stand in for one.
const STAND_INS: [&str; 14] = [
    "noimage",
    "no-image",
    "no_image",
    "no-photo",
    "nophoto",
    "noavatar",
    "no-avatar",
    "placeholder",
    "spacer",
    "pixel.",
    "transparent.",
    "loading.",
    "blank.",
    "1x1.",
];
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

/// The picture that an `img` element shows, unless it is one that nobody looks at.
pub fn picture(image: &NodeRef<'_>, base: Option<&Url>) -> Option<Picture> {
    let tiny = |name| {
        image
            .attr(name)
            .is_some_and(|value| matches!(value.trim().trim_end_matches("px"), "0" | "1"))
    };
    let style = image.attr("style").unwrap_or_default();
    let style: String = style.to_ascii_lowercase().split_whitespace().collect();
    let hidden = HIDDEN
        .iter()
        .any(|rule| style.split(';').any(|own| own == *rule));
    if tiny("width") || tiny("height") || hidden {
        return None;
    }
    let named = |names: &[&str]| {
        let mut addresses = names.iter().filter_map(|name| image.attr(name));
        addresses.find_map(|address| usable(&address, base))
    };
    let url = named(&WHOLE_ATTRIBUTES)
        .or_else(|| widest(image, base))
        .or_else(|| named(&ADDRESS_ATTRIBUTES))?;
    let alt = image
        .attr("alt")
        .map(|alt| tidy(&alt))
        .filter(|alt| !alt.is_empty());
    Some(Picture { url, alt })
}

/// The widest of the forms that an `img` element lists, or the `picture` around it.
fn widest(image: &NodeRef<'_>, base: Option<&Url>) -> Option<Url> {
    let around = image.parent().filter(|parent| parent.has_name("picture"));
    let sources = around.map(|picture| picture.children()).unwrap_or_default();
    let sources = sources.into_iter().filter(|node| node.has_name("source"));
    let lists = std::iter::once(*image)
        .chain(sources)
        .flat_map(|node| WIDTHS_ATTRIBUTES.map(|name| node.attr(name)))
        .flatten();
    let mut best: Option<(f64, Url)> = None;
    for list in lists {
        for (address, measure) in listed(&list) {
            if best.as_ref().is_none_or(|(known, _)| measure > *known)
                && let Some(url) = usable(address, base)
            {
                best = Some((measure, url));
            }
        }
    }
    best.map(|(_, url)| url)
}

/// The addresses of a `srcset` with their measures, widths and densities alike:
/// <https://html.spec.whatwg.org/multipage/images.html#srcset-attributes>. A comma inside an
/// address has no blank behind it.
fn listed(list: &str) -> impl Iterator<Item = (&str, f64)> {
    list.split(", ")
        .flat_map(|part| part.split(",\n"))
        .filter_map(|candidate| {
            let mut words = candidate.split_whitespace();
            let address = words.next()?.trim_end_matches(',');
            let measure = words
                .next()
                .map(|word| word.trim_end_matches(['w', 'x', 'h', ',']));
            Some((
                address,
                measure.and_then(|word| word.parse().ok()).unwrap_or(1.0),
            ))
        })
}

/// An address that may be a photograph's.
pub fn usable(address: &str, base: Option<&Url>) -> Option<Url> {
    let url = resolve(address, base)?;
    let path = url.path().to_ascii_lowercase();
    let drawn = path.ends_with(".svg") || path.ends_with(".ico");
    let name = path.rsplit('/').next().unwrap_or_default();
    let stand_in = STAND_INS.iter().any(|stem| name.starts_with(stem));
    // WordPress shows its smileys as pictures.
    let smiley = path.contains("/images/core/emoji/");
    let own_page = base.is_some_and(|base| base.path() == url.path() && base.host() == url.host());
    (!drawn && !stand_in && !smiley && !own_page).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lazy_picture_is_found_behind_its_placeholder_and_a_pixel_is_not_a_picture() {
        let html = r#"<img src="data:image/gif;base64,R0" data-src="/a/trong cây (2).jpg" alt="">
            <img src="/p.gif" width="1" height="1"><img src='b.JPG' alt=" Cây "><img src="x.svg">"#;
        let base = Url::parse("https://bao.example/tin/1.html").ok();
        let found: Vec<String> = pictures(html, base.as_ref())
            .into_iter()
            .map(|picture| format!("{} {:?}", picture.url, picture.alt))
            .collect();
        assert_eq!(
            found,
            [
                "https://bao.example/a/trong%20c%C3%A2y%20(2).jpg None",
                "https://bao.example/tin/b.JPG Some(\"Cây\")",
            ]
        );
    }

    #[test]
    fn of_several_widths_the_widest_is_taken_and_a_whole_form_before_them() {
        let html = r#"<picture><source data-srcset="/a.jpg?w=680&s=x 1x, /a.jpg?w=1360&s=y 2x">
                <img src="data:," data-src="/a.jpg?w=300"></picture>
            <img srcset="/b-300.jpg 300w, /b,1-1200.jpg 1200w" src="/b-300.jpg">
            <img data-original="/c.jpg" srcset="/c-300.jpg 300w" src="/c-100.jpg">"#;
        let base = Url::parse("https://bao.example/tin/1.html").ok();
        let found: Vec<String> = pictures(html, base.as_ref())
            .into_iter()
            .map(|picture| picture.url.as_str().replace("https://bao.example", ""))
            .collect();
        assert_eq!(found, ["/a.jpg?w=1360&s=y", "/b,1-1200.jpg", "/c.jpg"]);
    }
}
