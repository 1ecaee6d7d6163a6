//! Which of an article's pictures are tried, and in which order. Pure.

use url::Url;

use super::{Article, Image};

/// Words with which the names of files begin that hold no photograph of an article.
const NEVER_FILES: [&str; 12] = [
    "logo", "favicon", "icon", "banner", "avatar", "qrcode", "qr-code", "loading", "blank.",
    "default-", "sprite", "pixel.",
];
/// Folders that hold none. Whole names: `ads`, and not `uploads`.
const NEVER_FOLDERS: [&str; 6] = ["ads", "ad", "adv", "quangcao", "quang-cao", "emoticons"];

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
    !NEVER_FILES.iter().any(|never| name.starts_with(never))
        && !parts.any(|folder| NEVER_FOLDERS.contains(&folder))
        && !url.host_str().is_some_and(is_ad)
}

/// The address without its host and without what says how large this copy is:
/// `/thumbnail/348x254/`, `/w480/`, `-150x150.jpg`, `?w=680`.
pub(super) fn name_without_size(url: &Url) -> String {
    let segments = url
        .path()
        .split('/')
        .filter(|part| !part.is_empty() && !is_size(part));
    let mut name = String::new();
    for part in segments {
        name.push('/');
        name.push_str(&without_size_suffix(part));
    }
    name
}

/// `348x254`, `w480`, `480`, `thumb`, `thumbnail`, `resize`.
fn is_size(part: &str) -> bool {
    let part = part.to_ascii_lowercase();
    if matches!(
        part.as_str(),
        "thumb" | "thumbs" | "thumbnail" | "thumbnails" | "resize" | "zoom"
    ) {
        return true;
    }
    is_measure(&part) || part.strip_prefix(['w', 'h']).is_some_and(is_digits)
}

fn is_measure(text: &str) -> bool {
    text.split_once('x')
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
            "https://b.example/image/2023/705_16.jpg",
        ];
        assert_eq!(candidates_of(&urls), [urls[0], urls[3]]);
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
