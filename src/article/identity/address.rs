//! What an address says about an article's identity, and what of it does not matter.

use url::Url;

/// Parameters that say where a reader came from, not what is read.
const TRACKING: [&str; 14] = [
    "fbclid", "gclid", "gbraid", "wbraid", "yclid", "igshid", "mibextid", "mc_cid", "mc_eid",
    "_ga", "zarsrc", "zalo", "vgref", "gidzl",
];
const TRACKING_STEM: &str = "utm_";
/// Files that stand for their folder.
const INDEX_FILES: [&str; 5] = [
    "index.html",
    "index.htm",
    "index.php",
    "index.aspx",
    "default.aspx",
];
/// Shorter runs of digits in an address are as often part of the headline.
const NUMBER_DIGITS_MIN: usize = 5;
/// Longer ones are no number that a person or a database counts by.
const NUMBER_DIGITS_MAX: usize = 19;

/// The address as it compares: without scheme, `www`, tracking, fragment, session and folder
/// index, its parameters sorted.
pub fn canonical(url: &Url) -> String {
    let mut out = site(url);
    let path = url.path().split(";jsessionid=").next().unwrap_or_default();
    let path = INDEX_FILES
        .iter()
        .find_map(|file| {
            path.strip_suffix(file)
                .filter(|folder| folder.ends_with('/'))
        })
        .unwrap_or(path);
    out.push_str(&even_escapes(path.trim_end_matches('/')));
    let mut query: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, _)| !is_tracking(name))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    query.sort();
    if !query.is_empty() {
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(query)
            .finish();
        out.push('?');
        out.push_str(&query);
    }
    out
}

/// Host and unusual port, without the names that sites have for the same host.
fn site(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let host = host
        .strip_prefix("www.")
        .or_else(|| host.strip_prefix("m."))
        .unwrap_or(host);
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn is_tracking(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.starts_with(TRACKING_STEM) || TRACKING.contains(&name.as_str())
}

/// `%c3` and `%C3` are the same byte.
fn even_escapes(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut escaped = 0;
    for letter in path.chars() {
        out.push(if escaped > 0 {
            letter.to_ascii_uppercase()
        } else {
            letter
        });
        escaped = if letter == '%' {
            2
        } else {
            usize::saturating_sub(escaped, 1)
        };
    }
    out
}

/// The site and the number by which it counts its articles, where the address carries one:
/// `…-a155283.html`, `…-4907653.html`, `/content/id/24951626`. A date is no number.
pub(super) fn number(url: &Url) -> Option<(String, String)> {
    let last = url.path_segments()?.rfind(|part| !part.is_empty())?;
    let (stem, is_file) = match last.rsplit_once('.') {
        Some((stem, ending)) => (stem, !ending.is_empty() && ending.len() <= 5),
        None => (last, false),
    };
    let digits = stem.len()
        - stem
            .trim_end_matches(|letter: char| letter.is_ascii_digit())
            .len();
    let number = stem.get(stem.len() - digits..)?;
    if !(NUMBER_DIGITS_MIN..=NUMBER_DIGITS_MAX).contains(&digits) || is_date(number) {
        return None;
    }
    let before = stem.get(..stem.len() - digits)?;
    // In a slug without a file's ending a number at the end may belong to the headline.
    let counted = before.is_empty() || (is_file && (before.ends_with('-') || ends_in_mark(before)));
    counted.then(|| (site(url), number.to_owned()))
}

/// Whether a slug ends in a single letter, as in `…-a155283`.
fn ends_in_mark(before: &str) -> bool {
    let mut letters = before.chars().rev();
    letters
        .next()
        .is_some_and(|mark| mark.is_ascii_alphabetic())
        && letters.next() == Some('-')
}

fn is_date(number: &str) -> bool {
    let part = |from: usize, to: usize| {
        number
            .get(from..to)
            .and_then(|part| part.parse::<u32>().ok())
    };
    let fits = |year: Option<u32>, month: Option<u32>, day: Option<u32>| {
        year.is_some_and(|year| (1990..=2099).contains(&year))
            && month.is_some_and(|month| (1..=12).contains(&month))
            && day.is_some_and(|day| (1..=31).contains(&day))
    };
    match number.len() {
        8 => fits(part(0, 4), part(4, 6), part(6, 8)) || fits(part(4, 8), part(2, 4), part(0, 2)),
        _ => false,
    }
}
