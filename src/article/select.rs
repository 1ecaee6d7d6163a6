//! Which articles are wanted. Compares as a Vietnamese reader would: case, tone placement and
//! normal form do not count. Pure.

use super::Article;
use super::text::matching_form;
use crate::markup::tidy;

const DASHES: [&str; 3] = ["-", "–", "—"];
/// Stands between words that belong to no common phrase.
const BREAK: &str = "|";

/// What an editor wants and does not want of a feed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    include: Vec<Phrase>,
    exclude: Vec<Phrase>,
    never_auto: Vec<Phrase>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Phrase {
    written: String,
    /// As it is looked for: as it stands, and without its dashes.
    forms: [String; 2],
}

/// Whether an article is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It is.
    Post,
    /// It is, but a person is to see it first.
    Hold {
        /// By which rule, as it stands in the settings.
        rule: String,
    },
    /// It is not.
    Skip {
        /// By which rule, as it stands in the settings.
        rule: String,
    },
}

impl Selection {
    /// Words, phrases or categories: one of `include` if there are any, none of `exclude`; one of
    /// `never_auto`, and a person decides.
    pub fn new(include: &[String], exclude: &[String], never_auto: &[String]) -> Self {
        Self {
            include: phrases(include),
            exclude: phrases(exclude),
            never_auto: phrases(never_auto),
        }
    }

    /// Whether the article is wanted.
    pub fn decide(&self, article: &Article) -> Decision {
        let text = text_of(article);
        let first_of = |phrases: &[Phrase]| {
            let found = phrases.iter().find(|phrase| phrase.is_in(&text))?;
            Some(found.written.clone())
        };
        if let Some(written) = first_of(&self.exclude) {
            let rule = format!("exclude: {written:?}");
            return Decision::Skip { rule };
        }
        if !self.include.is_empty() && !self.include.iter().any(|phrase| phrase.is_in(&text)) {
            let rule = "include: none of its words".to_owned();
            return Decision::Skip { rule };
        }
        if let Some(written) = first_of(&self.never_auto) {
            let rule = format!("never_auto: {written:?}");
            return Decision::Hold { rule };
        }
        Decision::Post
    }
}

impl Phrase {
    /// Whether the text has it, as whole words.
    fn is_in(&self, text: &str) -> bool {
        self.forms.iter().any(|form| text.contains(form))
    }
}

fn phrases(written: &[String]) -> Vec<Phrase> {
    written
        .iter()
        .map(|written| Phrase {
            written: written.clone(),
            forms: [phrase(written), phrase(&without_dashes(written))],
        })
        .filter(|phrase| !phrase.forms.iter().any(|form| form.trim().is_empty()))
        .collect()
}

/// A phrase as it is looked for: what ends it in the settings ends nothing in a text.
fn phrase(written: &str) -> String {
    let form = words(written);
    format!(" {} ", form.trim_matches([' ', '|']))
}

/// `Bà Rịa - Vũng Tàu` may stand as `Bà Rịa-Vũng Tàu` in a text.
fn without_dashes(written: &str) -> String {
    let tidied = tidy(written);
    let words = tidied.split(' ').filter(|word| !DASHES.contains(word));
    words.collect::<Vec<_>>().join(" ")
}

/// Everything an article says of itself, as words between single blanks.
fn text_of(article: &Article) -> String {
    let mut text = words(&article.title);
    let said = article
        .lead
        .iter()
        .chain(&article.section)
        .chain(&article.categories);
    for part in said {
        text.push_str(BREAK);
        text.push_str(&words(part));
    }
    text
}

/// The words of a text, each between blanks, with a mark wherever a phrase cannot go on: in `báo
/// cáo, Phó Chủ tịch` there is no `cáo phó`. A hyphen within a word is no such place, nor is a dash
/// between two names.
fn words(text: &str) -> String {
    let mut all = " ".to_owned();
    let mut add = |word: &str| {
        let repeated = word == BREAK && (all.ends_with(" | ") || all == " ");
        if !word.is_empty() && !repeated {
            all.push_str(word);
            all.push(' ');
        }
    };
    let tidied = tidy(text);
    let mut tokens = tidied.split(' ').peekable();
    let mut before = "";
    while let Some(token) = tokens.next() {
        let joins = DASHES.contains(&token)
            && is_name(before)
            && tokens.peek().is_some_and(|next| is_name(next));
        before = token;
        if joins {
            continue;
        }
        let token = matching_form(token);
        let has_words = token.contains(char::is_alphanumeric);
        let goes_on = |sign: char| sign.is_alphanumeric() || (has_words && sign == '-');
        for (at, part) in token.split(|sign| !goes_on(sign)).enumerate() {
            if at > 0 {
                add(BREAK);
            }
            part.split('-').for_each(&mut add);
        }
    }
    all
}

/// A capital and small letters behind it: capitals alone tell nothing.
fn is_name(word: &str) -> bool {
    word.starts_with(char::is_uppercase) && word.ends_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decide(include: &[&str], exclude: &[&str], title: &str, category: &str) -> Decision {
        decide_with([include, exclude, &[]], title, category)
    }

    fn decide_with(words: [&[&str]; 3], title: &str, category: &str) -> Decision {
        let owned = |words: &[&str]| {
            words
                .iter()
                .map(|word| (*word).to_owned())
                .collect::<Vec<_>>()
        };
        let article = Article {
            title: title.to_owned(),
            categories: vec![category.to_owned()],
            ..Article::default()
        };
        let [include, exclude, never_auto] = words.map(owned);
        Selection::new(&include, &exclude, &never_auto).decide(&article)
    }

    #[test]
    fn an_empty_selection_wants_everything() {
        assert_eq!(decide(&[], &[], "Tin", ""), Decision::Post);
    }

    #[test]
    fn tone_placement_and_case_do_not_matter_but_whole_words_do() {
        assert_eq!(
            decide(&["HÒA BÌNH"], &[], "Công viên Hoà Bình", ""),
            Decision::Post
        );
        assert_ne!(decide(&["hòa"], &[], "Hoàng hôn", ""), Decision::Post);
        assert_ne!(decide(&["hóa"], &[], "hòa", ""), Decision::Post);
        for title in ["Tin TP.HCM", "Ở TP. HCM, nay", "(TP.HCM) tin"] {
            assert_eq!(decide(&["TP.HCM"], &[], title, ""), Decision::Post);
        }
        assert_eq!(
            decide(&["covid 19"], &[], "Hết Covid-19.", ""),
            Decision::Post
        );
    }

    #[test]
    fn a_name_with_a_dash_is_found_however_the_dash_is_set() {
        let spellings = ["Bà Rịa - Vũng Tàu", "Bà Rịa-Vũng Tàu", "Bà Rịa – Vũng Tàu"];
        for phrase in spellings {
            for title in spellings {
                let title = format!("Tỉnh {title} họp");
                assert_eq!(
                    decide(&[phrase], &[], &title, ""),
                    Decision::Post,
                    "{title}"
                );
            }
        }
        let section = "Thời sự - Chính trị";
        assert_eq!(decide(&[section], &[], "Tin", section), Decision::Post);
    }

    #[test]
    fn a_decomposed_phrase_is_found_and_one_that_runs_over_from_headline_to_category_is_not() {
        let decomposed = "Co\u{302}ng vie\u{302}n Hoa\u{300} Bi\u{300}nh";
        assert_eq!(decide(&["hòa bình"], &[], decomposed, ""), Decision::Post);
        assert_eq!(decide(&["đấu thầu"], &[], "Thi đấu", "thầu"), {
            let rule = "include: none of its words".to_owned();
            Decision::Skip { rule }
        });
    }

    #[test]
    fn what_never_goes_by_itself_is_held_unless_it_is_not_wanted_at_all() {
        let hold = Decision::Hold {
            rule: "never_auto: \"cáo phó\"".to_owned(),
        };
        let words: [&[&str]; 3] = [&[], &["quảng cáo"], &["tin buồn", "cáo phó"]];
        assert_eq!(decide_with(words, "CÁO PHÓ", ""), hold);
        assert_eq!(decide_with(words, "Ông A từ trần", "Cáo phó"), hold);
        for other in ["Nghe báo cáo, Phó Chủ tịch nói", "Báo cáo - Phó ban đọc"] {
            assert_eq!(decide_with(words, other, ""), Decision::Post, "{other}");
        }
        assert_eq!(decide_with(words, "“Cáo phó”: ông A", ""), hold);
    }

    #[test]
    fn what_is_excluded_is_skipped_by_name_also_by_its_category() {
        let Decision::Skip { rule } = decide(&["tin"], &["Đấu thầu"], "Tin mới", "đấu thầu")
        else {
            panic!("posted");
        };
        assert_eq!(rule, "exclude: \"Đấu thầu\"");
    }
}
