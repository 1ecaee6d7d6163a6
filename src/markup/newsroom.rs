//! What newsrooms put around their texts: their mark in front of a lead, their name behind a
//! headline. Pure.

use super::syllable::are_initials;

/// A newsroom's mark is no longer than this, in characters.
const MARK_CHARS_MAX: usize = 30;
/// With these words the names of newsrooms and portals begin, in front of a name of their own.
const NEWSROOMS: [&str; 6] = [
    "Báo",
    "Tạp chí",
    "Trang thông tin",
    "Trang tin",
    "Cổng thông tin",
    "Thông tấn xã",
];
/// The name of a newsroom has no more words.
const NAME_WORDS_MAX: usize = 12;
/// Between a headline and a name there is most often a bar. A dash stands in headlines too.
const BAR: &str = " | ";
const DASHES: [&str; 2] = [" - ", " – "];
/// Behind a mark without brackets in front of it there is a blank, a dash and a blank; behind one
/// that ends with a bracket the blanks may be missing.
const MARK_DASHES: [&str; 6] = [" - ", " – ", " — ", " -", "- ", "– "];

/// Papers and agencies by their initials.
const PAPERS: [&str; 40] = [
    "ANTG", "ANTĐ", "ANTV", "BVPL", "CAND", "DNSG", "DVO", "GDTĐ", "HNM", "KTSG", "KTĐT", "LĐ",
    "NĐT", "ND", "NLĐ", "NTNN", "PL", "PLTP", "PLVN", "PN", "PNVN", "QĐND", "SGGP", "SKĐS", "TBTC",
    "TN", "TP", "TT", "TTVH", "TTXVN", "VH", "VN", "VNA", "VNE", "VNN", "VOV", "VTC", "VTV", "XD",
    "ĐĐK",
];
/// Provinces by their initials, those of before July 2025 too. Their papers have a B, for `Báo`, in
/// front of them.
const PROVINCES: [&str; 56] = [
    "AG", "BRVT", "BL", "BK", "BG", "BN", "BTR", "BĐ", "BD", "BP", "BT", "CM", "CB", "ĐL", "ĐN",
    "ĐB", "ĐT", "GL", "HG", "HN", "HT", "HD", "HP", "HB", "HY", "KH", "KG", "KT", "LC", "LS", "LĐ",
    "LA", "NĐ", "NA", "NB", "NT", "PT", "PY", "QB", "QNA", "QNG", "QN", "QT", "ST", "SL", "TN",
    "TB", "TH", "TTH", "TG", "TV", "TQ", "VL", "VP", "YB", "HUE",
];

/// `(LA) -`, `(NLĐO)-`, `(Chinhphu.vn) –`, `TTO -`, `Long An (TTXVN) -` in front go.
pub fn without_mark(line: &str) -> &str {
    let Some((mark, rest)) = (match line.starts_with('(') {
        true => line.split_once(')'),
        false => {
            let dashes = MARK_DASHES.iter().filter_map(|dash| line.find(dash));
            dashes.min().and_then(|at| line.split_at_checked(at))
        }
    }) else {
        return line;
    };
    let Some(rest) = rest.trim_start().strip_prefix(['-', '–', '—']) else {
        return line;
    };
    let short = mark.chars().count() <= MARK_CHARS_MAX;
    // Behind a place stands an agency or its host (`Long An (TTXVN) -`), not an age or an aside.
    let agency = |(_, inside): (&str, &str)| {
        let inside = inside.trim().strip_suffix(')');
        let is_host = |agency: &str| agency.contains('.') && !agency.contains(' ');
        inside.is_some_and(|agency| is_acronym(agency) || is_host(agency))
    };
    let bracketed = mark.starts_with('(') || mark.split_once('(').is_some_and(agency);
    if short && (bracketed || is_paper(mark.trim())) {
        rest.trim_start()
    } else {
        line
    }
}

/// `TTO`, `BLA`, `VOV.VN`: what stands without brackets may also be what a sentence begins with
/// (`UBND - HĐND huyện`, `TP.HCM - Trung Lương`), so only initials that papers are known by count.
fn is_paper(mark: &str) -> bool {
    let mark = mark.strip_suffix(".VN").unwrap_or(mark);
    let online = mark.strip_suffix('O');
    let province = |letters: &str| PROVINCES.contains(&letters);
    let of_province = mark
        .strip_prefix('B')
        .map(|rest| rest.strip_suffix('O').unwrap_or(rest));
    let is_known = |letters: &str| letters.chars().count() > 2 && PAPERS.contains(&letters);
    is_known(mark)
        || online.is_some_and(|letters| PAPERS.contains(&letters) || province(letters))
        || of_province.is_some_and(province)
}

/// `(DT) - …` at a site with no such initials goes: it names where a text was taken from, and is
/// none of the site's own words. Its own mark stays.
pub fn without_foreign_mark<'a>(lead: &'a str, host: Option<&str>) -> &'a str {
    let marked = lead.strip_prefix('(').and_then(|rest| rest.split_once(')'));
    let Some((letters, rest)) = marked else {
        return lead;
    };
    let mut labels = host.unwrap_or_default().split('.');
    let own = labels.any(|label| stand_for(letters, label));
    let rest = rest.trim_start().strip_prefix(['-', '–']);
    match rest.filter(|_| is_acronym(letters) && host.is_some() && !own) {
        Some(rest) => rest.trim_start(),
        None => lead,
    }
}

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
    cut(BAR, &|name| own(name) || is_newsroom(name))
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

fn is_acronym(word: &str) -> bool {
    (2..=8).contains(&word.chars().count())
        && word
            .chars()
            .all(|letter| letter.is_alphabetic() && letter.is_uppercase())
}

/// Whether a text begins with a newsroom's name: `Báo Long An`, but not `Báo chí cách mạng`: a name
/// has a capital.
pub fn is_newsroom(name: &str) -> bool {
    let short = name.split(' ').count() <= NAME_WORDS_MAX && !name.contains(char::is_numeric);
    short
        && NEWSROOMS.iter().any(|start| {
            let rest = name.strip_prefix(start);
            let own = rest.and_then(|rest| rest.strip_prefix(' '));
            own.is_some_and(|own| {
                own.split(' ')
                    .any(|word| word.starts_with(char::is_uppercase))
            })
        })
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
    fn bodies_that_are_named_side_by_side_are_no_newsrooms() {
        for kept in [
            "UBND - HĐND huyện họp",
            "BHXH - BHYT toàn dân",
            "OCOP - hướng đi mới",
            "PCCC - việc của mọi nhà",
            "BCH - Đoàn xã họp",
            "MTTQ-LĐLĐ huyện ký kết",
            "TP.HCM - Trung Lương là tuyến cao tốc",
            "Ông Tư (62 tuổi) - ngụ xã Long Hựu Đông - nói",
            "Huyện Cần Đước (cũ) - vùng đất vọng cổ",
        ] {
            assert_eq!(without_mark(kept), kept);
        }
        assert_eq!(without_mark("TTO - UBND tỉnh họp"), "UBND tỉnh họp");
        for mark in [
            "TTO", "BLA", "BPO", "LĐO", "NLĐO", "VOV.VN", "BLAO", "TTXVN",
        ] {
            assert_eq!(without_mark(&format!("{mark} - Nay")), "Nay", "{mark}");
        }
        assert_eq!(without_mark("Long An (TTXVN) - Sáng nay"), "Sáng nay");
    }

    #[test]
    fn the_mark_of_another_newsroom_goes_and_a_sites_own_stays() {
        let host = Some("canduoc.longan.example");
        assert_eq!(without_foreign_mark("(TTXVN) - Sáng nay", host), "Sáng nay");
        for kept in ["(LA) - Sáng nay", "(xem ảnh) - Sáng nay", "(TTXVN) đưa tin"] {
            assert_eq!(without_foreign_mark(kept, host), kept);
        }
        assert_eq!(without_foreign_mark("(DT) - Nay", None), "(DT) - Nay");
    }

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
