//! What newsrooms put around their texts: their mark in front of a lead, their name behind a
//! headline. Pure.

mod known;
mod mark;

pub use self::known::{is_host, is_known_newsroom, is_newsroom};
pub use self::mark::{without_foreign_mark, without_mark};

use self::known::is_acronym;
use super::syllable::are_initials;

/// Between a headline and a name there is most often a bar. A dash stands in headlines too.
const BAR: &str = " | ";
const DASHES: [&str; 2] = [" - ", " – "];

/// Whether a newsroom's letters are those of a host's label, or the initials of its syllables. An
/// `O` behind them stands for "online", and `bao` before a place's name for "paper".
fn stand_for(letters: &str, label: &str) -> bool {
    let letters = letters.to_lowercase().replace('đ', "d");
    let shorter = letters.strip_suffix('o').unwrap_or(&letters);
    let place = label.strip_prefix("bao").unwrap_or(label);
    [letters.as_str(), shorter].iter().any(|letters| {
        *letters == label || are_initials(letters, label) || are_initials(letters, place)
    })
}

/// `… | Báo Long An Online`, `… - BLA`: the newsroom's own name behind its headline goes. `site`
/// is what the channel calls itself, `host` where the article stands: a dash in front of letters
/// that are not this host's (`Việt Nam - EU`) belongs to the headline.
pub fn without_signature<'a>(headline: &'a str, site: Option<&str>, host: Option<&str>) -> &'a str {
    let own = |name: &str| site.is_some_and(|site| same(site, name));
    let cut = |sign: &str, is_name: &dyn Fn(&str) -> bool| {
        let (before, name) = headline.rsplit_once(sign)?;
        is_name(name.trim()).then_some(before.trim_end())
    };
    let newsroom = |name: &str| is_newsroom(name) && !name.contains(char::is_numeric);
    cut(BAR, &|name| own(name) || newsroom(name))
        .or_else(|| {
            let signed = |name: &str| own(name) || is_of_host(name, host);
            DASHES.iter().find_map(|dash| cut(dash, &signed))
        })
        .filter(|before| !before.is_empty())
        .unwrap_or(headline)
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.to_lowercase()
}

/// Whether letters behind a headline are the initials of its host's name: `BLA` of `baolongan.vn`. A
/// name that is letters itself may be a place's: `tphcm.example`.
fn is_of_host(letters: &str, host: Option<&str>) -> bool {
    let Some(host) = host.map(|host| host.strip_prefix("www.").unwrap_or(host)) else {
        return false;
    };
    let name = host.split('.').next().unwrap_or_default();
    let letters = letters.trim();
    let whole = letters.to_lowercase() == name;
    is_acronym(letters) && letters.chars().count() >= 3 && !whole && stand_for(letters, name)
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
            ("Mùa gặt – Tin huyện", "Mùa gặt"),
            ("Ảnh | Mùa gặt", "Ảnh | Mùa gặt"),
            ("21/6 - Báo chí cách mạng", "21/6 - Báo chí cách mạng"),
            ("Hội | Báo chí và bạn đọc", "Hội | Báo chí và bạn đọc"),
            ("Việt Nam - Đài Loan", "Việt Nam - Đài Loan"),
            ("Cầu nối – Báo Long An", "Cầu nối – Báo Long An"),
        ] {
            assert_eq!(without_signature(headline, Some("Tin huyện"), host), want);
        }
        let district = Some("canduoc.example");
        let kept = "Phòng dịch ở xã - CDC";
        assert_eq!(without_signature(kept, None, district), kept);
        let city = Some("tphcm.example");
        let road = "Cao tốc Long An - TPHCM";
        assert_eq!(without_signature(road, None, city), road);
    }
}
