//! The pictures in HTML: which of their addresses is the largest form, and which show nothing.

use dom_query::{Document, NodeRef};
use url::Url;

use super::{fragment, resolve, tidy};

/// More pictures of one article are not looked at: a post takes a tenth of them.
pub const PICTURES_MAX: usize = 100;
/// Where a page keeps a picture's whole form, best first. Jetpack of WordPress names the files.
const WHOLE_ATTRIBUTES: [&str; 7] = [
    "data-full",
    "data-full-url",
    "data-photo-original-src",
    "data-original",
    "data-orig-file",
    "data-hi-res-src",
    "data-large-file",
];
/// Where else a picture's address may stand: a lazy page puts a placeholder into `src`.
const ADDRESS_ATTRIBUTES: [&str; 7] = [
    "data-src",
    "data-lazy-src",
    "data-lazy",
    "data-lazyload",
    "data-cfsrc",
    "data-url",
    "src",
];
/// Attributes that hold words: editors' programs write the names of files into them.
const WORDS_ATTRIBUTES: [&str; 2] = ["alt", "title"];
/// What the names of the pictures end with that can be posted. `jfif` is what Windows calls a JPEG.
const ENDINGS: [&str; 6] = [".jpg", ".jpeg", ".png", ".webp", ".gif", ".jfif"];
/// What a `source` says of its type that can be posted.
const TYPES: [&str; 5] = [
    "image/jpeg",
    "image/jpg",
    "image/png",
    "image/webp",
    "image/gif",
];
/// Between a picture and the link to its whole form stand no more elements.
const LINK_DEPTH_MAX: usize = 4;
/// How the names of the pictures begin that stand in for one.
const STAND_INS: [&str; 9] = [
    "noimage",
    "no-image",
    "no_image",
    "no-photo",
    "nophoto",
    "noavatar",
    "no-avatar",
    "placeholder",
    "spacer",
];
/// Words of which the whole name of such a picture is made: `ajax-loader`, and not `dot-1`, which
/// is *đợt 1*.
const STAND_IN_WORDS: [&str; 14] = [
    "1x1",
    "pixel",
    "transparent",
    "blank",
    "grey",
    "gray",
    "dot",
    "lazy",
    "lazyload",
    "load",
    "loader",
    "loading",
    "ajax",
    "spinner",
];
/// Folders from which sites take emoji as pictures: WordPress, Facebook, Twitter's set.
const EMOJI_FOLDERS: [&str; 5] = ["emoji", "emojis", "emoji.php", "twemoji", "smilies"];
/// What WordPress calls them.
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
    let named = |names: &[&str]| {
        let mut addresses = names.iter().filter_map(|name| image.attr(name));
        addresses.find_map(|address| usable(&address, base))
    };
    let linked = whole_behind(image, base);
    let width = width.filter(|_| linked.is_none());
    let url = linked.or_else(|| named(&WHOLE_ATTRIBUTES)).or_else(|| {
        let forms = forms(image);
        widest(&forms, base)
            .or_else(|| named(&ADDRESS_ATTRIBUTES))
            .or_else(|| in_any_attribute(image, base))
            .or_else(|| forms.iter().find_map(|form| usable(&form.address, base)))
    })?;
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

/// The picture to which a link around this one leads.
fn whole_behind(image: &NodeRef<'_>, base: Option<&Url>) -> Option<Url> {
    let mut around = image.ancestors_it(Some(LINK_DEPTH_MAX));
    let link = around.find(|holder| holder.has_name("a"))?;
    usable(&link.attr("href")?, base).filter(ends_like_picture)
}

/// An address that stands in an attribute of which nobody has heard.
fn in_any_attribute(image: &NodeRef<'_>, base: Option<&Url>) -> Option<Url> {
    let attributes = image.attrs().into_iter().filter(|attribute| {
        let name = attribute.name.local.as_ref();
        !WORDS_ATTRIBUTES.contains(&name) && !lists_forms(name) && attribute.value.contains('/')
    });
    let mut addresses = attributes.filter_map(|attribute| usable(&attribute.value, base));
    addresses.find(ends_like_picture)
}

fn ends_like_picture(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    ENDINGS.iter().any(|ending| path.ends_with(ending))
}

/// One of several forms of a picture.
struct Form {
    address: String,
    /// Its width or density, if it says one.
    measure: Option<f64>,
}

/// The forms that an `img` element lists, or the `picture` around it.
fn forms(image: &NodeRef<'_>) -> Vec<Form> {
    let around = image.parent().filter(|parent| parent.has_name("picture"));
    let sources = around.map(|picture| picture.children()).unwrap_or_default();
    let is_readable = |node: &NodeRef<'_>| {
        let kind = node.attr("type");
        kind.is_none_or(|kind| TYPES.contains(&kind.trim().to_ascii_lowercase().as_str()))
    };
    let sources = sources
        .into_iter()
        .filter(|node| node.has_name("source") && is_readable(node));
    let lists = std::iter::once(*image)
        .chain(sources)
        .flat_map(|node| node.attrs())
        .filter(|attribute| lists_forms(&attribute.name.local));
    lists.flat_map(|list| listed(&list.value)).collect()
}

/// `srcset`, `data-srcset`, `data-lazy-srcset`.
fn lists_forms(attribute: &str) -> bool {
    attribute.ends_with("srcset")
}

/// The widest of the forms that say how wide they are: what says nothing may be as small as it
/// likes.
fn widest(forms: &[Form], base: Option<&Url>) -> Option<Url> {
    let mut best: Option<(f64, Url)> = None;
    for form in forms {
        if let Some(measure) = form.measure
            && best.as_ref().is_none_or(|(known, _)| measure > *known)
            && let Some(url) = usable(&form.address, base)
        {
            best = Some((measure, url));
        }
    }
    best.map(|(_, url)| url)
}

/// The addresses of a `srcset` with their measures, widths and densities alike:
/// <https://html.spec.whatwg.org/multipage/images.html#srcset-attributes>. A comma inside an
/// address has no blank behind it.
fn listed(list: &str) -> Vec<Form> {
    list.split(", ")
        .flat_map(|part| part.split(",\n"))
        .filter_map(|candidate| {
            let mut words = candidate.split_whitespace();
            let address = words.next()?.trim_end_matches(',').to_owned();
            let measure = words
                .next()
                .map(|word| word.trim_end_matches(['w', 'x', 'h', ',']));
            let measure = measure.and_then(|word| word.parse().ok());
            Some(Form { address, measure })
        })
        .collect()
}

/// An address that may be a photograph's.
pub fn usable(address: &str, base: Option<&Url>) -> Option<Url> {
    let url = resolve(address, base)?;
    let path = url.path().to_ascii_lowercase();
    let drawn = path.ends_with(".svg") || path.ends_with(".ico");
    let name = path.rsplit('/').next().unwrap_or_default();
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let mut words = stem.split(['-', '_']);
    let stand_in = STAND_INS.iter().any(|begin| name.starts_with(begin))
        || words.all(|word| STAND_IN_WORDS.contains(&word));
    let emoji = path.split('/').any(|part| EMOJI_FOLDERS.contains(&part));
    let own_page = base.is_some_and(|base| base.path() == url.path() && base.host() == url.host());
    (!drawn && !stand_in && !emoji && !own_page).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base() -> Option<Url> {
        Url::parse("https://bao.example/tin/1.html").ok()
    }

    fn addresses(html: &str) -> Vec<String> {
        pictures(html, base().as_ref())
            .into_iter()
            .map(|picture| picture.url.as_str().replace("https://bao.example", ""))
            .collect()
    }

    #[test]
    fn a_lazy_picture_is_found_behind_its_placeholder_and_a_pixel_is_not_a_picture() {
        let html = r#"<img src="data:image/gif;base64,R0" data-src="/a/trong cây (2).jpg" alt="">
            <img src="/p.gif" width="1" height="1"><img src='b.JPG' alt=" Cây "><img src="x.svg">"#;
        let found: Vec<String> = pictures(html, base().as_ref())
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
        assert_eq!(
            addresses(html),
            ["/a.jpg?w=1360&s=y", "/b,1-1200.jpg", "/c.jpg"]
        );
    }

    #[test]
    fn a_form_that_does_not_say_how_wide_it_is_never_beats_the_pictures_own_address() {
        let sources = r#"<source media="(max-width:300px)" srcset="/a-300x300.jpg">
            <source type="image/avif" srcset="/a.avif 2000w">"#;
        let own = format!(r#"<picture>{sources}<img src="/a.jpg"></picture>"#);
        assert_eq!(addresses(&own), ["/a.jpg"]);
        let none = format!(r#"<picture>{sources}<img src="/img/blank.gif"></picture>"#);
        assert_eq!(addresses(&none), ["/a-300x300.jpg"]);
    }

    #[test]
    fn the_whole_form_is_in_the_link_around_a_thumbnail_and_then_the_thumbnails_width_says_nothing()
    {
        let shown = r#"<img width="150" data-original="/b.jpg" src="/a-150x150.jpg">"#;
        for (link, address, width) in [
            (r#"<a href="/u/a.JPEG">"#, "/u/a.JPEG", None),
            (r#"<a href="/u/a.jfif?v=2"><span>"#, "/u/a.jfif?v=2", None),
            (r#"<a href="/anh/1.html">"#, "/b.jpg", Some(150)),
            (r#"<a href="/img/loading.gif">"#, "/b.jpg", Some(150)),
            ("<a>", "/b.jpg", Some(150)),
        ] {
            let html = format!("{link}{shown}</a>");
            let found = pictures(&html, base().as_ref());
            assert_eq!(addresses(&html), [address], "{link}");
            assert_eq!(found[0].width, width, "{link}");
        }
    }

    #[test]
    fn behind_a_placeholder_any_attribute_may_hold_the_address() {
        for (image, address) in [
            (
                r#"src="/img/spinner.gif" data-lazyload="/u/1.jpg""#,
                "/u/1.jpg",
            ),
            (
                r#"src="/img/ajax-loader.gif" data-hinh="/u/1.png""#,
                "/u/1.png",
            ),
            (
                r#"data-filename="z4.jpg" alt="a/b.jpg" data-x="/u/1.webp""#,
                "/u/1.webp",
            ),
            (
                r#"src="/img/1x1.png" data-lazy-srcset="/u/1-3.jpg 300w, /u/1.jpg 900w""#,
                "/u/1.jpg",
            ),
            (r#"src="/grey.gif" data-srcset="/u/1.jpg""#, "/u/1.jpg"),
            (
                r#"src="/u/1-300.jpg" data-orig-file="/u/1.jpg""#,
                "/u/1.jpg",
            ),
            (r#"src="/u/1.jpg" data-hinh="/u/2.jpg""#, "/u/1.jpg"),
        ] {
            assert_eq!(addresses(&format!("<img {image}>")), [address], "{image}");
        }
    }

    #[test]
    fn what_a_page_shows_without_scripts_stands_in_for_the_placeholder_beside_it() {
        let without = "<noscript><img src='/u/2.jpg'></noscript>";
        for (beside, shown) in [
            ("<img src='data:image/gif;base64,R0'>", Some("/u/2.jpg")),
            ("<img data-src='/u/1.jpg'>", Some("/u/1.jpg")),
            ("<p>Không có hình</p>", None),
        ] {
            for html in [format!("{beside}{without}"), format!("{without}{beside}")] {
                let document = fragment(&html);
                put_in_without_scripts(&document, base().as_ref());
                document.select("noscript").remove();
                let left = addresses(&document.html());
                assert_eq!(left, shown.as_slice(), "{html}");
            }
        }
    }

    #[test]
    fn a_placeholder_is_known_by_its_whole_name_and_an_emoji_by_where_it_comes_from() {
        for none in [
            r#"src="/img/lazy.png""#,
            r#"src="/img/transparent-1x1.png""#,
            r#"src="/img/loading_spinner.gif""#,
            r#"src="/img/no-image-2.png""#,
            r#"src="https://s.w.example/images/core/emoji/14.0.0/72x72/1f449.png""#,
            r#"src="https://static.example/images/emoji.php/v9/t4c/1/16/1f331.png""#,
            r#"src="/a.png" class="Emoji lazy""#,
            r#"src="/a.png" style="height: 1.2em; width: auto""#,
            r#"src="/a.png" style="width: 1rem""#,
            r#"src="/a.png" height="1em""#,
            r#"src="/a.png" style="color: red; display: none""#,
        ] {
            assert_eq!(addresses(&format!("<img {none}>")), [""; 0], "{none}");
        }
        for (picture, address) in [
            (r#"src="/u/dot-1.jpg""#, "/u/dot-1.jpg"),
            (r#"src="/u/loading-dock.jpg""#, "/u/loading-dock.jpg"),
            (r#"src="/u/emoji-moi.jpg""#, "/u/emoji-moi.jpg"),
            (r#"src="/a.jpg" style="width: 40em""#, "/a.jpg"),
            (r#"src="/a.jpg" width="0.5%" class="emojis-none""#, "/a.jpg"),
        ] {
            assert_eq!(addresses(&format!("<img {picture}>")), [address]);
        }
    }

    #[test]
    fn a_width_is_read_as_browsers_read_it() {
        for (written, width) in [
            ("640", Some(640)),
            (" 640px", Some(640)),
            ("150 px", Some(150)),
            ("99.5", Some(99)),
            ("100%", None),
            ("12.5%", None),
            ("auto", None),
            ("", None),
        ] {
            let html = format!(r#"<img src="/a.jpg" width="{written}">"#);
            let found = pictures(&html, base().as_ref());
            assert_eq!(found[0].width, width, "{written}");
        }
    }
}
