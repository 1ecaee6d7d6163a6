//! What newsrooms put around their texts: their mark in front of a lead, their name behind a
//! headline. Pure.

/// A newsroom's mark is no longer than this, in characters.
const MARK_CHARS_MAX: usize = 30;
/// With these words the names of newsrooms and portals begin.
const NEWSROOMS: [&str; 7] = [
    "báo ",
    "tạp chí ",
    "trang thông tin",
    "trang tin",
    "cổng thông tin",
    "đài ",
    "thông tấn xã",
];
/// Bars that stand between a headline and a name. A dash does too, but also inside headlines.
const BARS: [&str; 2] = [" | ", " – "];

/// `(LA) -`, `(Chinhphu.vn) -`, `TTO -`, `Long An (TTXVN) -` in front go.
pub fn without_mark(line: &str) -> &str {
    let Some((mark, rest)) = line
        .split_once(" - ")
        .or_else(|| line.split_once(" – "))
        .or_else(|| line.split_once(") -"))
        .or_else(|| line.split_once(")- "))
    else {
        return line;
    };
    let mark = mark.trim();
    let short = mark.chars().count() <= MARK_CHARS_MAX;
    let bracketed = mark.starts_with('(') || (mark.contains('(') && mark.ends_with(')'));
    if short && (bracketed || is_acronym(mark)) {
        rest.trim_start()
    } else {
        line
    }
}

/// `… | Báo Long An Online`, `… - BLA`: the newsroom's own name behind its headline goes. `site`
/// is what the channel calls itself, `host` where the article stands: a dash in front of letters
/// that are not this host's (`Việt Nam - EU`) belongs to the headline.
pub fn without_signature<'a>(headline: &'a str, site: Option<&str>, host: Option<&str>) -> &'a str {
    for bar in BARS {
        if let Some((before, name)) = headline.rsplit_once(bar)
            && is_newsroom(name, site)
        {
            return before.trim_end();
        }
    }
    match headline.rsplit_once(" - ") {
        Some((before, name)) if is_newsroom(name, site) || is_of_host(name, host) => {
            before.trim_end()
        }
        _ => headline,
    }
}

fn is_acronym(word: &str) -> bool {
    (2..=8).contains(&word.chars().count())
        && word
            .chars()
            .all(|letter| letter.is_alphabetic() && letter.is_uppercase())
}

fn is_newsroom(name: &str, site: Option<&str>) -> bool {
    let name = name.trim().to_lowercase();
    let own = site.is_some_and(|site| site.trim().to_lowercase() == name);
    own || NEWSROOMS.iter().any(|start| name.starts_with(start))
}

/// Whether letters are the initials of a host's name: `BLA` of `baolongan.vn`. An `O` behind them
/// stands for "online".
fn is_of_host(letters: &str, host: Option<&str>) -> bool {
    let Some(host) = host.map(|host| host.strip_prefix("www.").unwrap_or(host)) else {
        return false;
    };
    let name = host.split('.').next().unwrap_or_default();
    let letters = letters.trim();
    if !is_acronym(letters) || letters.chars().count() < 3 {
        return false;
    }
    let letters = letters.to_lowercase();
    let initials = |letters: &str| {
        let mut rest = name.chars();
        name.starts_with(letters.chars().next().unwrap_or_default())
            && letters.chars().all(|letter| rest.any(|own| own == letter))
    };
    initials(&letters) || letters.strip_suffix('o').is_some_and(initials)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newsrooms_name_goes_and_what_only_looks_like_one_stays() {
        let host = Some("www.baolongan.example");
        for (headline, want) in [
            ("Mùa gặt | Báo Long An Online", "Mùa gặt"),
            ("Mùa gặt - BLA", "Mùa gặt"),
            ("Mùa gặt - Tin huyện", "Mùa gặt"),
            ("Hợp tác Việt Nam - EU", "Hợp tác Việt Nam - EU"),
            ("Hợp tác Việt Nam - ASEAN", "Hợp tác Việt Nam - ASEAN"),
            ("Ảnh | Mùa gặt", "Ảnh | Mùa gặt"),
        ] {
            assert_eq!(without_signature(headline, Some("Tin huyện"), host), want);
        }
    }
}
