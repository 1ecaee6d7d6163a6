//! Pictures on the way, and the captions that belong to them.

use dom_query::NodeRef;

use super::super::CAPTION_CHARS_MAX;
use super::super::around::Around;
use super::super::line::Line;
use super::{ENDS, Stage, Walk};
use crate::article::Image;
use crate::article::images::is_photograph;
use crate::article::page::furniture;
use crate::markup::{PICTURES_MAX, picture};

/// A line right behind a picture that is no longer, and no sentence, is its caption, in characters.
const PLAIN_CAPTION_CHARS_MAX: usize = 120;
/// A picture that the page itself shows narrower than this is an ornament, in pixels.
const WIDTH_MIN: u32 = 200;
/// A caption has a word of so many letters, or two words: a badge with a date has not.
const WORD_LETTERS_MIN: usize = 3;

/// Words of class names of what shows who wrote the article. `avatar` alone is what some newsrooms
/// call the article's own first picture.
const PERSONS: [&str; 3] = ["author", "gravatar", "user-avatar"];
/// So far around a picture such a name is looked for, in holders.
const HOLDERS_MAX: usize = 3;
/// What holds more nodes is the article, whoever wrote it.
const PERSON_NODES_MAX: usize = 12;

/// Whether a picture is that of the author.
fn is_of_person(picture: &NodeRef<'_>) -> bool {
    let around = picture.ancestors_it(Some(HOLDERS_MAX));
    let mut all = std::iter::once(*picture).chain(around);
    all.any(|holder| {
        let small = holder.descendants_it().nth(PERSON_NODES_MAX).is_none();
        small && furniture::has_name_of(&holder, &PERSONS)
    })
}

impl Walk<'_> {
    pub(in crate::article::page::body) fn picture(&mut self, node: &NodeRef<'_>) {
        let around = self.blocks.last().copied().unwrap_or_default();
        let found = picture(node, self.reading.base).filter(|found| {
            let narrow = found.width.is_some_and(|width| width < WIDTH_MIN);
            !narrow && is_photograph(&found.url) && !is_of_person(node)
        });
        let Some(found) = found else {
            // An emoji in a sentence does not end it.
            return;
        };
        self.end_line();
        if self.stage == Stage::Before {
            return;
        }
        if self.body.images.len() >= PICTURES_MAX {
            return;
        }
        if self.group_has_caption {
            self.new_group();
        }
        self.just_pictured = true;
        self.picture_block = around.beside.then_some(self.blocks.len());
        if self.body.images.iter().all(|known| known.url != found.url) {
            let caption = self.held.take();
            self.group_has_caption = caption.is_some();
            self.body.images.push(Image {
                caption,
                alt: found.alt,
                ..Image::bare(found.url)
            });
        }
    }

    pub(in crate::article::page::body) fn new_group(&mut self) {
        self.group = self.body.images.len();
        self.group_has_caption = false;
        self.held = None;
    }

    pub(super) fn caption(&mut self, text: String) {
        let letters = |word: &str| word.chars().filter(|letter| letter.is_alphabetic()).count();
        let words: Vec<usize> = text
            .split(' ')
            .map(letters)
            .filter(|letters| *letters > 0)
            .collect();
        if words.len() < 2 && words.iter().all(|letters| *letters < WORD_LETTERS_MIN) {
            return;
        }
        let group = self.body.images.get_mut(self.group..).unwrap_or_default();
        if group.is_empty() {
            self.held.get_or_insert(text);
            return;
        }
        for image in group {
            image.caption.get_or_insert_with(|| text.clone());
        }
        self.group_has_caption = true;
    }

    /// Whether a line is the caption of the picture that it follows: in the same paragraph, or all
    /// in italics, or short and centred below it, or right behind it and no sentence.
    pub(super) fn is_below_picture(&self, read: &Line, raw: &str, around: Around) -> bool {
        let chars = raw.chars().count();
        let same_block = self.picture_block == Some(self.blocks.len());
        let set_off = read.is_slanted() || around.centred;
        let is_text = around.listed || around.heading || read.is_bold() || raw.ends_with(ENDS);
        let begins = raw.starts_with(|first: char| first.is_uppercase());
        let plain = chars <= PLAIN_CAPTION_CHARS_MAX && begins && !is_text;
        let short = chars <= CAPTION_CHARS_MAX;
        let said = self.is_said_already(raw) || read.is_linked();
        self.just_pictured
            && !self.group_has_caption
            && short
            && !said
            && (same_block || set_off || plain)
    }
}
