//! The mark that a newsroom sets in front of a lead.

use super::known::{is_acronym, is_papers_name, signs_alone, signs_in_brackets};
use super::stand_for;

/// A newsroom's mark is no longer than this, in characters.
const CHARS_MAX: usize = 30;
const DASHES: [char; 5] = ['-', '–', '—', '‒', '−'];
const QUOTES: [char; 5] = ['“', '"', '‘', '«', '\''];
/// What ends a sentence.
const ENDS: [&str; 4] = [". ", "! ", "? ", "… "];

/// `(LA) -`, `(NLĐO)-`, `(SGGP).-`, `(Chinhphu.vn) –`, `TTO -`, `Báo Long An -`, `Long An (TTXVN) -` in
/// front go. What stands in front of a dash may also be what the sentence speaks of.
pub fn without_mark(line: &str) -> &str {
    let bracketed = line.split_once(')').and_then(|(mark, rest)| {
        let (place, letters) = mark.split_once('(')?;
        let rest = behind_dash(rest)?;
        let quoted = place.contains(QUOTES);
        let alone = place.is_empty();
        let agency = signs_in_brackets(letters.trim()) && !goes_on(rest);
        (!quoted && fits(mark) && (alone || agency)).then_some(rest)
    });
    let bare = || {
        let at = first_dash(line)?;
        let (mark, rest) = line.split_at_checked(at)?;
        let mark = mark.trim_end().trim_end_matches('.');
        let rest = behind_dash(rest)?;
        // `Báo Long An - 35 năm một chặng đường` is no sentence, and no mark without it.
        let is_said = !is_papers_name(mark) || rest.ends_with(['.', '!', '?', '…', '”']);
        (fits(mark) && signs_alone(mark) && is_said && !goes_on(rest)).then_some(rest)
    };
    bracketed.or_else(bare).unwrap_or(line)
}

fn fits(mark: &str) -> bool {
    mark.chars().count() <= CHARS_MAX
}

/// The text behind a mark's dash. It begins like a text: `Bảo hiểm y tế (BHYT) - điểm tựa` goes on.
fn behind_dash(rest: &str) -> Option<&str> {
    let rest = rest.trim_start();
    let rest = rest.strip_prefix('.').unwrap_or(rest);
    let text = rest.trim_start().strip_prefix(DASHES)?.trim_start();
    let first = text.trim_start_matches(QUOTES).chars().next()?;
    let begins = first.is_uppercase() || first.is_numeric() || text.starts_with(QUOTES);
    begins.then_some(text)
}

/// The first dash that may stand behind a mark: a blank is beside it, or a full stop in front of it.
fn first_dash(line: &str) -> Option<usize> {
    let is_apart = |at: &usize| {
        let (before, rest) = line.split_at(*at);
        let behind = rest.chars().nth(1);
        before.ends_with([' ', '.']) || behind == Some(' ')
    };
    let mut places = line.match_indices(DASHES).map(|(at, _)| at);
    places.find(is_apart)
}

/// Whether the sentence goes on behind a second dash, as around an apposition: `VTV - Đài Truyền hình
/// Việt Nam - truyền trực tiếp`. Between names there is a dash too: `Tuyến Cần Đước - Chợ Lớn`.
fn goes_on(text: &str) -> bool {
    let end = ENDS.iter().filter_map(|end| text.find(end)).min();
    let sentence = text.get(..end.unwrap_or(text.len())).unwrap_or_default();
    let mut parts = sentence.split(DASHES).zip(sentence.split(DASHES).skip(1));
    parts.any(|(before, behind)| {
        let goes_on = behind.trim_start().starts_with(char::is_lowercase);
        before.ends_with(' ') && behind.starts_with(' ') && goes_on
    })
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
    let foreign = is_acronym(letters) && host.is_some() && !own;
    behind_dash(rest).filter(|_| foreign).unwrap_or(lead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_newsrooms_mark_goes_in_all_its_forms() {
        for mark in [
            "TTO -",
            "BLA -",
            "BPO -",
            "LĐO -",
            "NLĐO -",
            "VOV.VN -",
            "BLAO -",
            "TTXVN -",
            "TP -",
            "ĐCSVN -",
            "GD&TĐ -",
            "Dân Việt -",
            "Baotintuc.vn -",
            "baolongan.vn –",
            "QĐND Online -",
            "Báo Long An Online –",
            "TTO—",
            "SGGPO.-",
            "(SGGP).-",
            "(LA) ‒",
            "(LA) −",
            "( LA ) -",
            "(VTC News) -",
            "* (LA) -",
            "Long An (TTXVN) -",
            "Long An, 14/5 (TTXVN) -",
            "Hà Nội (TTXVN/Vietnam+) -",
            "Cần Đước (LA) -",
            "Hà Nội (Chinhphu.vn) -",
        ] {
            for text in ["Sáng nay có mưa.", "350 hộ dân", "“Mùa vàng” đã về."] {
                if text.ends_with('.') || !mark.starts_with("Báo") {
                    assert_eq!(without_mark(&format!("{mark} {text}")), text, "{mark}");
                }
            }
        }
        let road = "Tuyến Cần Đước - Chợ Lớn thông xe.";
        assert_eq!(without_mark(&format!("TTO - {road}")), road);
    }

    #[test]
    fn what_a_sentence_speaks_of_is_no_mark() {
        for kept in [
            "UBND - HĐND huyện họp",
            "BHXH - BHYT toàn dân",
            "OCOP - hướng đi mới",
            "BCH - Đoàn xã họp",
            "BTV - Nguyễn Văn Ba dẫn chương trình",
            "MTTQ-LĐLĐ huyện ký kết",
            "TP.HCM - Trung Lương là tuyến cao tốc",
            "Ông Tư (62 tuổi) - ngụ xã Long Hựu Đông - nói",
            "Huyện Cần Đước (cũ) - vùng đất vọng cổ",
            "Cầu Mỹ Lợi (QL.50) - cây cầu nối hai tỉnh - vừa được sửa.",
            "Hợp tác xã (HTX) - Mô hình kinh tế tập thể.",
            "Lúa ST25 (OCOP) - niềm tự hào của Cần Đước.",
            "VTV - Đài Truyền hình Việt Nam - truyền trực tiếp lễ hội.",
            "VOV - tiếng nói thân thương của người dân quê.",
            "Báo Long An - người bạn của nông dân - tròn 35 tuổi.",
            "Báo Long An - 35 năm một chặng đường",
            "Cổng dichvucong.gov.vn - Nơi nộp hồ sơ trực tuyến.",
            "“(LA) - Huyện hoàn thành.”",
        ] {
            assert_eq!(without_mark(kept), kept);
        }
    }

    #[test]
    fn the_mark_of_another_newsroom_goes_and_a_sites_own_stays() {
        let host = Some("canduoc.longan.example");
        assert_eq!(without_foreign_mark("(TTXVN) - Sáng nay", host), "Sáng nay");
        for kept in [
            "(LA) - Sáng nay",
            "(xem ảnh) - Sáng nay",
            "(TTXVN) đưa tin",
            "(HTX) - mô hình mới",
        ] {
            assert_eq!(without_foreign_mark(kept, host), kept);
        }
        assert_eq!(without_foreign_mark("(DT) - Nay", None), "(DT) - Nay");
    }
}
