//! One entry as feed-rs gives it, made ours: its letters, its texts, its addresses. Pure.

use std::collections::HashSet;

use feed_rs::model;
use jiff::Timestamp;
use url::Url;

use super::super::Entry;
use crate::markup::{self, Garbled, Letters, settled_text, tidy};

/// What tables of articles call their standfirst …
const LEAD_LABELS: [&str; 5] = [
    "tóm tắt:",
    "trích yếu:",
    "mô tả:",
    "summary:",
    "description:",
];
/// … and their headline: where one is, the description is such a table.
const TITLE_LABELS: [&str; 2] = ["tiêu đề:", "title:"];
/// How the sentence begins and goes on that WordPress writes below an excerpt.
const FOOTERS: [(&str, &str); 2] = [
    ("The post ", " appeared first on "),
    ("Bài viết ", " xuất hiện đầu tiên "),
];
/// What a link to the whole article says that stands behind a lead.
const BUTTONS: [&str; 7] = [
    "xem chi tiết",
    "đọc tiếp",
    "xem tiếp",
    "xem thêm",
    "đọc thêm",
    "continue reading",
    "read more",
];
/// What sites write where they cut a text.
const CUTS: [&str; 2] = ["[…]", "[...]"];
/// Signs that are left over at the end of a lead where its markup was lost.
const LEFT_OVER: [char; 6] = ['©', '•', '·', '|', '»', '▪'];

/// Gives an entry's texts their own letters back. One that is too short to tell which letters it
/// is written in is judged with the others.
pub(super) fn recover(entry: &mut model::Entry) -> Result<(), Garbled> {
    let titles = [entry.title.as_mut(), entry.summary.as_mut()];
    let body = entry.content.as_mut().and_then(|of| of.body.as_mut());
    let mut texts: Vec<&mut String> = titles
        .into_iter()
        .flatten()
        .map(|text| &mut text.content)
        .chain(body)
        .collect();
    for text in &mut texts {
        if text.contains('&') {
            **text = markup::with_own_letters(text).into_owned();
        }
    }
    texts.retain(|text| !text.is_ascii());
    let together: Vec<&str> = texts.iter().map(|text| text.as_str()).collect();
    let of_all = Letters::of(&together.join("\n"))?;
    for text in &mut texts {
        let letters = match Letters::of(text)? {
            Letters::Own => of_all,
            letters => letters,
        };
        if letters != Letters::Own {
            **text = letters.mend(text).into_owned();
        }
    }
    Ok(())
}

/// A text that holds what a broken byte left is not for readers.
fn whole(text: String) -> Option<String> {
    (!text.is_empty() && !text.contains(char::REPLACEMENT_CHARACTER)).then_some(text)
}

pub(super) fn entry_of(entry: model::Entry, site: Option<&str>, base: Option<&Url>) -> Entry {
    let summary = entry.summary.map(|text| text.content);
    let content = entry.content.and_then(|content| content.body);
    let guid = Some(tidy(&entry.id)).filter(|guid| !guid.is_empty());
    let (files, links): (Vec<_>, Vec<_>) = entry
        .links
        .into_iter()
        .partition(|link| link.rel.as_deref() == Some("enclosure"));
    let link = links
        .first()
        .and_then(|link| markup::resolve(&link.href, None));
    let host = link.as_ref().and_then(Url::host_str).map(ToOwned::to_owned);
    let base = link.as_ref().or(base);
    let mut images = Vec::new();
    for html in [&summary, &content].into_iter().flatten() {
        images.extend(
            markup::pictures(html, base)
                .into_iter()
                .map(|picture| picture.url),
        );
    }
    images.extend(
        files
            .iter()
            .filter_map(|file| markup::usable(&file.href, None)),
    );
    let mut seen = HashSet::new();
    images.retain(|image| seen.insert(image.clone()));
    images.truncate(markup::PICTURES_MAX);
    let content = content.as_deref().map(settled_text).and_then(whole);
    let moment = |seconds| Timestamp::from_second(seconds).ok();
    let published = entry.published.and_then(|at| moment(at.timestamp()));
    let updated = entry.updated.and_then(|at| moment(at.timestamp()));
    let lead = summary.as_deref().and_then(standfirst);
    let lead = lead.map(|lead| markup::without_foreign_mark(&lead, host.as_deref()).to_owned());
    Entry {
        title: entry
            .title
            .and_then(|title| whole(settled_text(&title.content)))
            .map(|title| markup::without_signature(&title, site, host.as_deref()).to_owned())
            .unwrap_or_default(),
        link,
        guid,
        published: published.or(updated),
        // feed-rs repeats the one date of an entry.
        updated: updated.filter(|at| published.is_some_and(|published| published != *at)),
        lead,
        content,
        images,
        author: entry
            .authors
            .into_iter()
            .filter_map(|person| person.name)
            .map(|name| tidy(&name))
            .find(|name| !name.is_empty()),
        categories: entry
            .categories
            .into_iter()
            .map(|category| settled_text(&category.label.unwrap_or(category.term)))
            .filter(|category| !category.is_empty())
            .collect(),
    }
}

/// The standfirst in a description. That of a SharePoint list holds every column of its table,
/// each behind its label: only one of them is for readers.
fn standfirst(description: &str) -> Option<String> {
    let columns = markup::labelled(description);
    let labelled = |labels: &[&str]| {
        let mut named = columns.iter();
        named.find(|column| labels.contains(&column.label.to_lowercase().as_str()))
    };
    let text = match (labelled(&LEAD_LABELS), labelled(&TITLE_LABELS)) {
        (Some(lead), _) => lead.text.clone(),
        (None, Some(_)) => return None,
        (None, None) => settled_text(description),
    };
    let text = without_button(without_footer(&text));
    let text = text.trim_end_matches(|letter: char| letter == ' ' || LEFT_OVER.contains(&letter));
    let cut = CUTS.iter().find_map(|mark| text.strip_suffix(mark));
    whole(cut.map_or_else(|| text.to_owned(), |stem| format!("{}…", stem.trim_end())))
}

/// A lead without what WordPress writes below it: `The post … appeared first on …`.
fn without_footer(text: &str) -> &str {
    let footer = FOOTERS.iter().find_map(|(begins, goes_on)| {
        let at = text.rfind(begins)?;
        text.get(at..)?.contains(goes_on).then_some(at)
    });
    footer.and_then(|at| text.get(..at)).unwrap_or(text)
}

/// A lead without the button behind its last sentence.
fn without_button(text: &str) -> &str {
    let bare = text.trim_end_matches(|letter: char| !letter.is_alphanumeric());
    let stem = BUTTONS.iter().find_map(|button| {
        let at = bare.char_indices().rev().nth(button.chars().count() - 1)?.0;
        let (before, label) = bare.split_at_checked(at)?;
        let before = before.trim_end();
        let ends = before.ends_with(['.', '!', '?', '…', '”', ']', ')']);
        (ends && label.to_lowercase() == *button).then_some(before)
    });
    stem.unwrap_or(text)
}
