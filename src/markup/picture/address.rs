//! Where a picture is: which of the addresses in its markup is the largest form.

use dom_query::NodeRef;
use url::Url;

use super::super::resolve;

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

/// The picture to which a link around this one leads.
pub(super) fn behind_link(image: &NodeRef<'_>, base: Option<&Url>) -> Option<Url> {
    let mut around = image.ancestors_it(Some(LINK_DEPTH_MAX));
    let link = around.find(|holder| holder.has_name("a"))?;
    usable(&link.attr("href")?, base).filter(ends_like_picture)
}

/// The address of the largest form that an `img` element tells of.
pub(super) fn of(image: &NodeRef<'_>, base: Option<&Url>) -> Option<Url> {
    let named = |names: &[&str]| {
        let mut addresses = names.iter().filter_map(|name| image.attr(name));
        addresses.find_map(|address| usable(&address, base))
    };
    let forms = forms(image);
    named(&WHOLE_ATTRIBUTES)
        .or_else(|| widest(&forms, base))
        .or_else(|| named(&ADDRESS_ATTRIBUTES))
        .or_else(|| in_any_attribute(image, base))
        .or_else(|| forms.iter().find_map(|form| usable(&form.address, base)))
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

/// The forms in a `srcset`, widths and densities alike, as browsers read it: a comma behind a measure, or
/// at the end of an address, ends a form.
/// Source: <https://html.spec.whatwg.org/multipage/images.html#parse-a-srcset-attribute>
fn listed(list: &str) -> Vec<Form> {
    let mut forms = Vec::new();
    let mut rest = list;
    loop {
        rest = rest.trim_start_matches(|sign: char| sign.is_whitespace() || sign == ',');
        if rest.is_empty() {
            return forms;
        }
        let (address, behind) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
        let (measures, others) = match address.ends_with(',') {
            true => ("", behind),
            false => behind.split_once(',').unwrap_or((behind, "")),
        };
        rest = others;
        let measure = measures.split_whitespace().next();
        let measure = measure.and_then(|word| word.trim_end_matches(['w', 'x']).parse().ok());
        forms.push(Form {
            address: address.trim_end_matches(',').to_owned(),
            measure: measure.filter(|measure: &f64| measure.is_finite()),
        });
    }
}

/// The host that shows the faces of who writes and comments.
const FACES: &str = "gravatar";

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
    let face = url
        .host_str()
        .is_some_and(|host| host.split('.').any(|part| part == FACES));
    (!drawn && !stand_in && !emoji && !own_page && !face).then_some(url)
}
