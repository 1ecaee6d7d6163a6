//! Newsrooms by their names, and what names of newsrooms look like.

/// With these words the names of papers begin; a name of their own stands behind.
const PAPER_KINDS: [&str; 4] = ["báo điện tử", "báo", "tạp chí điện tử", "tạp chí"];
/// With these words the names of portals, stations and agencies begin.
const PORTAL_KINDS: [&str; 12] = [
    "trang thông tin",
    "trang tin",
    "trang ttđt",
    "cổng thông tin",
    "cổng ttđt",
    "thông tấn xã",
    "đài phát thanh",
    "đài truyền hình",
    "đài truyền thanh",
    "đài tiếng nói",
    "đài pt-th",
    "đài ptth",
];
/// Papers, stations and agencies by their initials.
const PAPERS: [&str; 46] = [
    "ANTG", "ANTĐ", "ANTV", "BVPL", "CAND", "DNSG", "DVO", "GDTĐ", "GD&TĐ", "HNM", "KTSG", "KTĐT",
    "LĐ", "NĐT", "ND", "NDĐT", "NLĐ", "NTNN", "PL", "PLTP", "PLVN", "PN", "PNVN", "QĐND", "SGGP",
    "SKĐS", "TBKTSG", "TBTC", "TN", "TN&MT", "TP", "TT", "TTVH", "TTXVN", "VGP", "VH", "VN", "VNA",
    "VNE", "VNN", "VOV", "VTC", "VTV", "XD", "ĐCSVN", "ĐĐK",
];
/// Two letters stand for much else. These papers sign with them all the same, without brackets:
/// Tuổi Trẻ and Tiền Phong.
const SHORT_PAPERS: [&str; 2] = ["TT", "TP"];
/// Papers and agencies by names that mean nothing else.
const NAMES: [&str; 13] = [
    "Dân trí",
    "Dân Việt",
    "Infonet",
    "Kenh14",
    "Vietnam+",
    "VietnamPlus",
    "VietNamNet",
    "VnEconomy",
    "VnExpress",
    "VTC News",
    "Zing",
    "Zing News",
    "Znews",
];
/// Provinces by their initials, those of before July 2025 too. Their papers have a B, for `Báo`, in
/// front of them.
const PROVINCES: [&str; 56] = [
    "AG", "BRVT", "BL", "BK", "BG", "BN", "BTR", "BĐ", "BD", "BP", "BT", "CM", "CB", "ĐL", "ĐN",
    "ĐB", "ĐT", "GL", "HG", "HN", "HT", "HD", "HP", "HB", "HY", "KH", "KG", "KT", "LC", "LS", "LĐ",
    "LA", "NĐ", "NA", "NB", "NT", "PT", "PY", "QB", "QNA", "QNG", "QN", "QT", "ST", "SL", "TN",
    "TB", "TH", "TTH", "TG", "TV", "TQ", "VL", "VP", "YB", "HUE",
];
/// What reads like a province's paper and mostly is none: an editor on screen, a board, a collection.
const OTHERS: [&str; 3] = ["BTV", "BQT", "BST"];
/// A paper's name has no more words where nothing but a dash tells that it is one.
const NAME_WORDS_MAX: usize = 5;
/// How hosts end.
const HOST_ENDS: [&str; 6] = [".vn", ".com", ".net", ".org", ".info", ".tv"];

/// Whether a text begins with a newsroom's name: `Báo Long An`, but not `Báo chí cách mạng`: a name
/// has a capital.
pub fn is_newsroom(name: &str) -> bool {
    let lower = name.to_lowercase();
    let behind = |kind: &str| {
        let rest = lower.strip_prefix(kind)?;
        let words = name.split(' ').skip(kind.split(' ').count());
        (rest.is_empty() || rest.starts_with(' ')).then(|| words.collect::<Vec<_>>())
    };
    let is_name = |word: &str| word.starts_with(char::is_uppercase);
    let paper = |kind: &&str| {
        let own = behind(kind).unwrap_or_default();
        own.first().is_some_and(|word| is_name(word))
    };
    let portal = |kind: &&str| {
        behind(kind).is_some_and(|own| own.is_empty() || own.iter().any(|word| is_name(word)))
    };
    is_name(name) && (PAPER_KINDS.iter().any(paper) || PORTAL_KINDS.iter().any(portal))
}

/// Whether a text is a newsroom's name as it is known everywhere, in words or in letters: `Dân trí`,
/// `TTXVN`.
pub fn is_known_newsroom(name: &str) -> bool {
    let lower = name.to_lowercase();
    PAPERS.contains(&name) || NAMES.iter().any(|known| known.to_lowercase() == lower)
}

/// Whether letters in brackets are a newsroom's: `(LA)`, `(TTXVN/Vietnam+)`, `(baolongan.vn)`.
pub(super) fn signs_in_brackets(letters: &str) -> bool {
    let signs = |part: &str| {
        is_known_newsroom(part)
            || PROVINCES.contains(&part)
            || is_newsroom(part)
            || is_host(part)
            || signs_in_letters(part)
    };
    !letters.is_empty() && letters.split('/').map(str::trim).all(signs)
}

/// `TTO`, `BLA`, `VOV.VN`, `QĐND Online`, `Báo Long An`: what stands without brackets may also be
/// what a sentence begins with (`UBND - HĐND huyện`, `TP.HCM - Trung Lương`), so only what
/// newsrooms are known by counts.
pub(super) fn signs_alone(mark: &str) -> bool {
    let name = mark.strip_suffix(" Online").unwrap_or(mark);
    signs_in_letters(name)
        || NAMES.contains(&name)
        || is_host(mark)
        || (name != mark && PAPERS.contains(&name))
        || is_papers_name(name)
}

/// `Báo Long An`: every word has a capital.
pub(super) fn is_papers_name(name: &str) -> bool {
    let words = || name.split(' ');
    is_newsroom(name)
        && words().count() <= NAME_WORDS_MAX
        && words().all(|word| word.starts_with(char::is_uppercase))
}

fn signs_in_letters(mark: &str) -> bool {
    let mark = mark.strip_suffix(".VN").unwrap_or(mark);
    let online = mark.strip_suffix('O');
    let province = |letters: &str| PROVINCES.contains(&letters);
    let of_province = mark
        .strip_prefix('B')
        .map(|rest| rest.strip_suffix('O').unwrap_or(rest));
    let is_long = mark.chars().count() > 2 && PAPERS.contains(&mark);
    is_long
        || SHORT_PAPERS.contains(&mark)
        || online.is_some_and(|letters| PAPERS.contains(&letters) || province(letters))
        || (of_province.is_some_and(province) && !OTHERS.contains(&mark))
}

/// Whether a word is a host or an address: `baolongan.vn`, `VOV.VN`.
pub fn is_host(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    let address = lower.starts_with("http://") || lower.starts_with("https://");
    let host = lower.split('/').next().unwrap_or_default();
    let is_label = |letter: char| letter.is_ascii_alphanumeric() || ".-".contains(letter);
    address
        || (host.starts_with(|letter: char| letter.is_ascii_alphanumeric())
            && host.chars().all(is_label)
            && HOST_ENDS.iter().any(|end| host.ends_with(end)))
}

/// Letters that stand for a name.
pub(super) fn is_acronym(word: &str) -> bool {
    (2..=8).contains(&word.chars().count())
        && word
            .chars()
            .all(|letter| letter.is_alphabetic() && letter.is_uppercase())
}
