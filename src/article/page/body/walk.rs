//! The way through a body, line by line and picture by picture.

use dom_query::NodeRef;

use super::around::Around;
use super::line::Line;
use super::{Body, CAPTION_CHARS_MAX, Reading};
use crate::article::Image;
use crate::article::images::is_photograph;
use crate::article::page::lead::{is_cut, stem_of_cut};
use crate::article::page::{dateline, line};
use crate::article::text::{Signature, clean, matching_form, same_as_text};
use crate::markup::{PICTURES_MAX, picture};

/// A lead is no shorter, in characters.
const LEAD_CHARS_MIN: usize = 60;
/// What has so many words is a sentence, also without a full stop.
const LEAD_WORDS_MIN: usize = 15;
/// A heading is no longer, in characters.
const HEADING_CHARS_MAX: usize = 150;
/// A line at the right that is no longer is a signature, in characters.
const SIGNATURE_CHARS_MAX: usize = 60;
/// What follows a signature is at most a note, shorter than this, in characters.
const NOTE_CHARS_MAX: usize = 80;
/// A picture that the page itself shows narrower than this is an ornament, in pixels.
const WIDTH_MIN: u32 = 200;
/// At the end of an article stand no more names of who wrote it, each in a line of its own.
const NAMES_MAX: usize = 2;
/// What a sentence ends with.
const ENDS: [char; 8] = ['.', '!', '?', '…', ':', ';', '”', '"'];

/// A line right behind a picture that is no longer, and no sentence, is its caption, in characters.
const PLAIN_CAPTION_CHARS_MAX: usize = 120;
/// Words with which the imprint of a site begins, and the addressees of an official paper: the
/// article is over there.
const IMPRINTS: [&str; 11] = [
    "ghi rõ nguồn",
    "cơ quan chủ quản",
    "cơ quan ngôn luận",
    "giấy phép xuất bản",
    "giấy phép số",
    "giấy phép hoạt động",
    "giấy phép thiết lập",
    "tổng biên tập:",
    "chịu trách nhiệm nội dung",
    "nơi nhận:",
    "©",
];

/// Words with which lines begin that invite to something else, or name who set the page …
const INVITATIONS: [&str; 12] = [
    "mời bạn",
    "mời quý",
    "các tin khác",
    "các tin đã đưa",
    "tin cùng chuyên mục",
    "bài viết liên quan",
    "thiết kế:",
    "trình bày:",
    "đồ họa:",
    "kỹ thuật:",
    "quảng cáo",
    "đánh giá bài viết",
];
/// … and words in short ones that stand on the page's buttons and counters.
const BUTTONS: [&str; 6] = [
    "lượt xem",
    "cỡ chữ",
    "in trang",
    "in bài viết",
    "gửi email",
    "về đầu trang",
];
/// What begins with an invitation and has so many words says more than that.
const BULLETIN_WORDS_MIN: usize = 25;
/// A line with a button in it is no longer, in characters.
const BUTTON_CHARS_MAX: usize = 100;
/// A caption has a word of so many letters, or two words: a badge with a date has not.
const WORD_LETTERS_MIN: usize = 3;

/// How far the reading has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The headline is still to come.
    Before,
    /// Between the headline and the body: a lead and pictures count, nothing else.
    Intro,
    Body,
    /// The article is over, whatever follows.
    Over,
}

/// The way through a body.
pub(super) struct Walk<'a> {
    stage: Stage,
    within_body: bool,
    reading: Reading<'a>,
    body: Body,
    line: Line,
    blocks: Vec<Around>,
    /// From which picture on the next caption counts.
    group: usize,
    group_has_caption: bool,
    /// A caption that stood in front of its picture.
    held: Option<String>,
    /// No line of the article stands between the last picture and here.
    just_pictured: bool,
    /// In which block the last picture stands, while that is open.
    picture_block: Option<usize>,
    /// The line begins behind a line break.
    broken: bool,
    /// Lines that are names and nothing else, since the last paragraph.
    names: Vec<Name>,
    /// Short lines in front of the first prose: what stands there is the page's, unless nothing
    /// follows it.
    opening: Vec<String>,
}

/// A line that is a name: a signature if the article ends behind it.
struct Name {
    text: String,
    heading: bool,
    /// Among the paragraphs.
    place: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(reading: Reading<'a>, begun: bool) -> Self {
        Self {
            stage: if begun { Stage::Intro } else { Stage::Before },
            within_body: false,
            reading,
            body: Body::default(),
            line: Line::default(),
            blocks: Vec::new(),
            group: 0,
            group_has_caption: false,
            held: None,
            just_pictured: false,
            picture_block: None,
            broken: false,
            names: Vec::new(),
            opening: Vec::new(),
        }
    }

    /// The headline is behind.
    pub(super) fn begin(&mut self) {
        self.line = Line::default();
        self.stage = match self.within_body {
            true => Stage::Body,
            false => Stage::Intro,
        };
    }

    pub(super) fn enter_body(&mut self) {
        self.within_body = true;
        if self.stage == Stage::Intro {
            self.end_line();
            self.stage = Stage::Body;
        }
    }

    pub(super) fn is_over(&self) -> bool {
        self.stage == Stage::Over
    }

    pub(super) fn is_caption(&self, node: &NodeRef<'_>) -> bool {
        self.reading.captions.contains(&node.id)
    }

    pub(super) fn text(&mut self, text: &str, around: Around) {
        self.broken &= text.trim().is_empty();
        self.line.take(text, around);
    }

    pub(super) fn cell(&mut self) {
        self.line.text.push(' ');
    }

    pub(super) fn finish(mut self) -> Body {
        self.end_line();
        self.sign();
        if self.body.paragraphs.is_empty() {
            self.body.paragraphs = self.opening;
        }
        self.body
    }

    pub(super) fn enter(&mut self, around: Around) {
        self.end_line();
        self.blocks.push(around);
    }

    pub(super) fn leave(&mut self) {
        self.end_line();
        self.blocks.pop();
        if self
            .picture_block
            .is_some_and(|block| block > self.blocks.len())
        {
            self.picture_block = None;
        }
    }

    /// A break ends a paragraph behind the end of a sentence, behind what is set as a caption, and
    /// where there are two.
    pub(super) fn line_break(&mut self) {
        let is_caption = self.just_pictured && self.line.is_slanted();
        if is_caption || self.broken || self.line.text.trim_end().ends_with(ENDS) {
            self.end_line();
        } else {
            self.line.text.push(' ');
        }
        self.broken = true;
    }

    pub(super) fn picture(&mut self, node: &NodeRef<'_>) {
        let around = self.blocks.last().copied().unwrap_or_default();
        let found = picture(node, self.reading.base).filter(|found| {
            let narrow = found.width.is_some_and(|width| width < WIDTH_MIN);
            !narrow && is_photograph(&found.url)
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

    pub(super) fn new_group(&mut self) {
        self.group = self.body.images.len();
        self.group_has_caption = false;
        self.held = None;
    }

    fn caption(&mut self, text: String) {
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

    /// Decides what the line that ends here is.
    fn end_line(&mut self) {
        let read = std::mem::take(&mut self.line);
        let raw = line(&read.text);
        if raw.is_empty() || matches!(self.stage, Stage::Before | Stage::Over) {
            return;
        }
        self.broken = false;
        let around = self.blocks.last().copied().unwrap_or_default();
        if around.caption || self.is_below_picture(&read, &raw, around) {
            self.caption(raw);
            return;
        }
        self.just_pictured = false;
        let lower = raw.to_lowercase();
        if is_for_the_page(&lower) {
            return;
        }
        if IMPRINTS.iter().any(|begins| lower.starts_with(begins)) {
            if self.stage == Stage::Body && !self.body.paragraphs.is_empty() {
                self.stage = Stage::Over;
            }
            return;
        }
        let lead = self.reading.lead;
        self.body.says_lead |= lead.is_some_and(|lead| same_as_text(&raw, lead));
        if self.is_said_already(&raw) || read.is_linked() || dateline::is_dateline(&raw) {
            return;
        }
        match self.stage {
            Stage::Intro => self.intro(&raw),
            _ => self.prose(&read, raw, around),
        }
    }

    /// A line between the headline and the body: a whole sentence is the lead.
    fn intro(&mut self, raw: &str) {
        let chars = raw.chars().count();
        let sentence = raw.ends_with(ENDS) || raw.split(' ').count() >= LEAD_WORDS_MIN;
        if chars >= LEAD_CHARS_MIN && sentence && !self.reading.lead_is_shown {
            let lead = clean(raw);
            if self.body.lead.is_none() && !lead.is_empty() {
                self.body.lead = Some(lead);
            }
        }
    }

    /// A line of the body.
    fn prose(&mut self, read: &Line, raw: String, around: Around) {
        let chars = raw.chars().count();
        let set_off = around.heading || read.is_bold();
        let ended = raw.ends_with(ENDS);
        let begins = self.body.paragraphs.is_empty() && self.body.lead.is_none();
        let is_long = chars >= LEAD_CHARS_MIN && !raw.starts_with(|first: char| first.is_numeric());
        let may_be_lead = begins && !self.reading.lead_is_shown && is_long;
        let bold_lead = may_be_lead && !around.heading;
        // `Thời gian: 7 giờ` says something; a heading only says what is to come.
        let labels = raw
            .split_once(": ")
            .is_some_and(|(_, behind)| !behind.is_empty());
        let is_heading = set_off
            && !ended
            && chars <= HEADING_CHARS_MAX
            && !bold_lead
            && (around.heading || !labels);
        let signature = Signature::of(&raw);
        if let Some(found) = signature
            && found.labelled
        {
            self.body.byline = Some(found.names.to_owned());
            return;
        }
        if signature.is_some() {
            match around.listed {
                true => self.paragraph(raw),
                false => self.names.push(Name {
                    text: raw,
                    heading: is_heading,
                    place: self.body.paragraphs.len(),
                }),
            }
            return;
        }
        let signs = around.right && !ended && chars <= SIGNATURE_CHARS_MAX;
        if is_heading || signs {
            return;
        }
        let text = clean(&raw);
        if text.is_empty() || self.is_said_already(&text) {
            return;
        }
        if self.is_lead(&text, set_off && may_be_lead) {
            self.body.lead = Some(text);
            return;
        }
        let opens = self.body.paragraphs.is_empty() && !ended && chars < LEAD_CHARS_MIN;
        match opens && !around.listed {
            true => self.opening.push(text),
            false => self.paragraph(text),
        }
    }

    /// What the page says elsewhere: headline, lead, author.
    fn is_said_already(&self, line: &str) -> bool {
        let reading = &self.reading;
        let known = [Some(reading.title), reading.lead, reading.author];
        known
            .into_iter()
            .flatten()
            .any(|known| same_as_text(line, known))
    }

    fn paragraph(&mut self, text: String) {
        if text.chars().count() >= NOTE_CHARS_MAX {
            self.unsign();
        }
        // A caption stands beside its pictures: none of what follows is of those before.
        self.new_group();
        self.body.paragraphs.push(text);
    }

    /// The article goes on: names before were not its end, and are part of it. What stands in front
    /// of its first paragraph is not.
    fn unsign(&mut self) {
        let begun = !self.body.paragraphs.is_empty();
        let names = std::mem::take(&mut self.names).into_iter();
        let said = names.filter(|name| begun && !name.heading);
        for name in said.rev() {
            let place = name.place.min(self.body.paragraphs.len());
            self.body.paragraphs.insert(place, name.text);
        }
    }

    /// The article ends: a name or two behind it are who wrote it, more of them a list.
    fn sign(&mut self) {
        if self.names.len() > NAMES_MAX {
            self.unsign();
        }
        let last = self.names.pop().map(|name| name.text);
        self.body.byline = last.or(self.body.byline.take());
    }

    /// Whether a line is the caption of the picture that it follows: in the same paragraph, or all
    /// in italics, or short and centred below it, or right behind it and no sentence.
    fn is_below_picture(&self, read: &Line, raw: &str, around: Around) -> bool {
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

    /// Whether the first paragraph is the lead: the whole of what the page tells machines, or set
    /// off from end to end.
    fn is_lead(&self, text: &str, set_off: bool) -> bool {
        let first = self.body.paragraphs.is_empty() && self.body.lead.is_none();
        if !first || self.reading.lead_is_shown {
            return false;
        }
        let told = self.reading.lead.filter(|lead| is_cut(lead));
        let told = told.map(|lead| matching_form(stem_of_cut(lead)));
        let continues = told.is_some_and(|told| matching_form(text).starts_with(&told));
        continues || set_off
    }
}

/// Whether a line in small letters stands there for the page's sake: an invitation, a button, a
/// counter.
fn is_for_the_page(line: &str) -> bool {
    let bare = line.trim_start_matches(|sign: char| !sign.is_alphanumeric());
    let invites = INVITATIONS.iter().any(|begins| bare.starts_with(begins));
    // An invitation is a sentence; a bulletin that begins so goes on for longer.
    let is_long = !bare.starts_with("mời") || line.split(' ').count() >= BULLETIN_WORDS_MIN;
    let sentence = line.ends_with(['.', '!', '?', '…', '”']) && is_long;
    let short = line.chars().count() <= BUTTON_CHARS_MAX;
    (invites && !sentence)
        || (short && BUTTONS.iter().any(|words| line.contains(words)) && !sentence)
}
