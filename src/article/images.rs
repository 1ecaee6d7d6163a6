//! Which of an article's pictures are tried, and in which order. Pure.

use url::Url;

use super::{Article, Image};

/// Words with which the names of files begin that hold no photograph of an article.
const NEVER_FILES: [&str; 12] = [
    "logo", "favicon", "icon", "banner", "avatar", "qrcode", "qr-code", "loading", "blank.",
    "default-", "sprite", "pixel.",
];
/// The letters of names of files that hold none either: the state's emblem (`quốc huy`, with which
/// the names of people begin, and end), and what is shared where there is nothing to show.
const NEVER_STEMS: [&str; 11] = [
    "quochuy",
    "quochuyvietnam",
    "emblem",
    "share",
    "shareimage",
    "imageshare",
    "sharefacebook",
    "facebookshare",
    "fbshare",
    "ogimage",
    "default",
];
/// Folders that hold none. Whole names: `ads`, and not `uploads`.
const NEVER_FOLDERS: [&str; 6] = ["ads", "ad", "adv", "quangcao", "quang-cao", "emoticons"];

/// Parts of a path behind which the size of a copy stands.
const ZOOMS: [&str; 6] = ["zoom", "thumb_w", "thumb_h", "thumb_x", "resize", "crop"];
/// Folders in which small copies lie.
const FOLDERS: [&str; 4] = ["thumb", "thumbs", "thumbnail", "thumbnails"];
/// Parameters of an address that say how large a copy is to be.
const SIZES: [&str; 14] = [
    "w",
    "h",
    "width",
    "height",
    "size",
    "resize",
    "fit",
    "crop",
    "q",
    "quality",
    "dpr",
    "mode",
    "maxwidth",
    "maxheight",
];
/// Parameters by which a site proves that it made the address.
const SIGNATURES: [&str; 9] = [
    "s",
    "sig",
    "sign",
    "signature",
    "token",
    "hmac",
    "hash",
    "expires",
    "key",
];
/// A part of a path with so many letters, large and small, is a token.
const TOKEN_LETTERS_MIN: usize = 16;

/// The article's picture candidates in order of trust: the page's own in the page's order, then
/// the feed's. A picture in two sizes is one picture; the one that came first, which is the
/// larger, stays.
pub fn candidates(article: &Article) -> Vec<Image> {
    let mut seen: Vec<String> = Vec::new();
    let mut candidates = Vec::new();
    for image in article
        .images
        .iter()
        .filter(|image| is_photograph(&image.url))
    {
        let name = name_without_size(&image.url);
        if !seen.contains(&name) {
            seen.push(name);
            candidates.push(image.clone());
        }
    }
    candidates
}

/// Whether the address may be that of a picture for readers.
pub(super) fn is_photograph(url: &Url) -> bool {
    let path = url.path().to_ascii_lowercase();
    let mut parts = path.split('/');
    let name = parts.next_back().unwrap_or_default();
    let is_ad = |host: &str| {
        host.split('.')
            .any(|part| part == "ads" || part == "adserver")
    };
    let own_name = without_size_suffix(name);
    let stem = own_name
        .rsplit_once('.')
        .map_or(own_name.as_str(), |(stem, _)| stem);
    let stem: String = stem.chars().filter(char::is_ascii_alphabetic).collect();
    !NEVER_FILES.iter().any(|never| name.starts_with(never))
        && !NEVER_STEMS.contains(&stem.as_str())
        && !parts.any(|folder| NEVER_FOLDERS.contains(&folder))
        && !url.host_str().is_some_and(is_ad)
}

/// Where the whole of a thumbnail may stand, by the forms in which sites write sizes into
/// addresses. A guess: to be used only after a request has shown that it is there and larger.
/// `None` where nothing can be guessed, and where the address is signed: a signature holds for one
/// address only.
pub fn larger(url: &Url) -> Option<Url> {
    if is_signed(url) {
        return None;
    }
    let kept = parts(url.path()).filter(|(_, kind)| *kind != Part::Size);
    let whole: Vec<String> = kept.map(|(part, _)| without_size_suffix(part)).collect();
    let mut larger = url.clone();
    larger.set_path(&whole.join("/"));
    let others: Vec<(String, String)> = other_parameters(url);
    if others.is_empty() {
        larger.set_query(None);
    } else if others.len() < url.query_pairs().count() {
        larger.query_pairs_mut().clear().extend_pairs(others);
    }
    (larger != *url).then_some(larger)
}

/// Whether a part of the address proves that the site made it: a signature, or a token of many
/// letters of all kinds.
fn is_signed(url: &Url) -> bool {
    let by_name = url
        .query_pairs()
        .any(|(name, _)| SIGNATURES.contains(&name.to_ascii_lowercase().as_str()));
    by_name
        || url.path().split('/').any(|part| {
            let has = |kind: fn(&char) -> bool| part.chars().any(|letter| kind(&letter));
            part.len() >= TOKEN_LETTERS_MIN
                && !part.contains(['.', '-', '_', '%'])
                && has(char::is_ascii_uppercase)
                && has(char::is_ascii_lowercase)
        })
}

/// What an address asks for beside a size.
fn other_parameters(url: &Url) -> Vec<(String, String)> {
    let pairs = url.query_pairs().into_owned();
    pairs
        .filter(|(name, _)| !SIZES.contains(&name.to_ascii_lowercase().as_str()))
        .collect()
}

/// The address without its host and without what says how large this copy is:
/// `/thumbnail/348x254/`, `/w480/`, `-150x150.jpg`, `?w=680`.
pub(super) fn name_without_size(url: &Url) -> String {
    let mut name = String::new();
    for (part, kind) in parts(url.path()) {
        if kind == Part::Name && !part.is_empty() {
            name.push('/');
            name.push_str(&without_size_suffix(part));
        }
    }
    for (key, value) in other_parameters(url) {
        if !SIGNATURES.contains(&key.to_ascii_lowercase().as_str()) {
            name.push_str(&format!("?{key}={value}"));
        }
    }
    name
}

/// What a part of a path says of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Which it is.
    Name,
    /// How large this copy is: `w480`, `zoom` and its `80_50`. Without it the address is that of a
    /// larger copy.
    Size,
    /// That this is a small copy: `thumbnail`, `348x254`. Without it the address may be nobody's,
    /// for what lies there may have names of its own.
    Folder,
}

impl Part {
    fn of(part: &str, before: &str, next: &str) -> Self {
        let is_zoom = |part: &str| ZOOMS.contains(&part.to_ascii_lowercase().as_str());
        let lower = part.to_ascii_lowercase();
        let zooms = is_zoom(part) && is_zoom_measure(next);
        let is_of_zoom = is_zoom(before) && is_zoom_measure(part);
        let is_side = lower.strip_prefix(['w', 'h']).is_some_and(is_digits);
        if zooms || is_of_zoom || is_side {
            Self::Size
        } else if is_zoom(part) || FOLDERS.contains(&lower.as_str()) || is_measure(&lower) {
            Self::Folder
        } else {
            Self::Name
        }
    }
}

/// The parts of a path, and what each says.
fn parts(path: &str) -> impl Iterator<Item = (&str, Part)> {
    let before = std::iter::once("").chain(path.split('/'));
    let next = path.split('/').skip(1).chain([""]);
    let neighbours = path.split('/').zip(before).zip(next);
    neighbours.map(|((part, before), next)| (part, Part::of(part, before, next)))
}

/// `348x254`; and not `2026_04`, which is a month.
fn is_measure(text: &str) -> bool {
    is_pair(text, 'x')
}

/// What follows a zoom: `640`, `80_50`, `600x400`.
fn is_zoom_measure(text: &str) -> bool {
    is_digits(text) || is_measure(text) || is_pair(text, '_')
}

fn is_pair(text: &str, between: char) -> bool {
    text.split_once(between)
        .is_some_and(|(width, height)| is_digits(width) && is_digits(height))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `anh-150x150.jpg` is `anh.jpg`.
fn without_size_suffix(part: &str) -> String {
    let (stem, ending) = part.rsplit_once('.').unwrap_or((part, ""));
    match stem.rsplit_once(['-', '_']) {
        Some((name, size)) if is_measure(&size.to_ascii_lowercase()) => format!("{name}.{ending}"),
        _ => part.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(urls: &[&str]) -> Article {
        Article {
            images: urls
                .iter()
                .map(|url| Image::bare(Url::parse(url).unwrap()))
                .collect(),
            ..Article::default()
        }
    }

    fn candidates_of(urls: &[&str]) -> Vec<String> {
        candidates(&article(urls))
            .into_iter()
            .map(|image| image.url.to_string())
            .collect()
    }

    #[test]
    fn one_picture_in_several_sizes_is_one_picture() {
        let urls = [
            "https://b.example/image/2023/704_16.jpg",
            "https://www.b.example/image/2023/thumbnail/348x254/704_16.jpg",
            "https://b.example/image/2023/704_16-150x150.jpg",
            "https://b.example/thumb_w/640/image/2023/704_16.jpg",
            "https://b.example/zoom/80_50/image/2023/704_16.jpg",
            "https://b.example/image/2023/705_16.jpg",
        ];
        assert_eq!(candidates_of(&urls), [urls[0], urls[5]]);
    }

    #[test]
    fn pictures_that_differ_by_what_is_asked_for_are_two() {
        let urls = [
            "https://b.example/xem.ashx?id=1&w=300",
            "https://b.example/xem.ashx?id=2&w=300",
            "https://b.example/xem.ashx?id=1&w=900",
        ];
        assert_eq!(candidates_of(&urls), urls[..2]);
        let months = [
            "https://b.example/uploads/2026_04/anh.jpg",
            "https://b.example/uploads/2026_05/anh.jpg",
        ];
        assert_eq!(candidates_of(&months), months);
    }

    #[test]
    fn a_larger_form_is_guessed_from_a_size_and_never_from_a_signature() {
        for (small, whole) in [
            (
                "https://c.example/2023/a-16_180x108.jpg",
                Some("https://c.example/2023/a-16.jpg"),
            ),
            (
                "https://c.example/zoom/80_50/1002/anh.jpg",
                Some("https://c.example/1002/anh.jpg"),
            ),
            (
                "https://c.example/thumb_w/640/2026/anh.jpg",
                Some("https://c.example/2026/anh.jpg"),
            ),
            (
                "https://c.example/w660/2026/anh.jpg",
                Some("https://c.example/2026/anh.jpg"),
            ),
            (
                "https://c.example/anh.jpg?w=300&h=200",
                Some("https://c.example/anh.jpg"),
            ),
            (
                "https://c.example/xem?id=7&w=300",
                Some("https://c.example/xem?id=7"),
            ),
            ("https://c.example/anh.jpg?w=300&s=Zk3x", None),
            (
                "https://c.example/resize-v1/Zz0yXx9wVv8uTt7sRr6q/w660/a.png",
                None,
            ),
            ("https://c.example/thumbnail/348x254/311_1684.jpg", None),
            ("https://c.example/2026/anh.jpg", None),
        ] {
            let found = larger(&Url::parse(small).unwrap()).map(String::from);
            assert_eq!(found.as_deref(), whole, "{small}");
        }
    }

    #[test]
    fn the_states_emblem_is_no_photograph_and_a_man_of_its_name_is_on_one() {
        for (name, is_one) in [
            ("quoc-huy.png", false),
            ("QuocHuy_2.png", false),
            ("quoc-huy-300x300.png", false),
            ("emblem.jpg", false),
            ("share.jpg", false),
            ("share-1200x630.png", false),
            ("default.png", false),
            ("default-share.png", false),
            ("nguyen-quoc-huy.jpg", true),
            ("quoc-huy-nhan-giai.jpg", true),
            ("share-the-love.jpg", true),
        ] {
            let url = Url::parse(&format!("https://b.example/u/{name}")).unwrap();
            assert_eq!(is_photograph(&url), is_one, "{name}");
        }
    }

    #[test]
    fn logos_banners_and_adverts_are_no_candidates_and_what_was_uploaded_is_one() {
        let urls = [
            "https://b.example/img/logo_rss.png",
            "https://b.example/ads/thang-5/anh.jpg",
            "https://ads.b.example/a/anh.jpg",
            "https://b.example/uploads/news/2023_05/anh.jpg",
            "https://b.example/wp-content/uploads/2023/05/anh-2.jpg",
        ];
        assert_eq!(candidates_of(&urls), urls[3..]);
    }
}
