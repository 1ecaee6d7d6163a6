//! The way through a body, line by line and picture by picture.

mod pictures;

use dom_query::NodeRef;

use super::around::Around;
use super::asides::{is_for_the_page, is_imprint};
use super::line::Line;
use super::{Body, Reading};
use crate::article::page::lead::{is_cut, stem_of_cut};
use crate::article::page::{dateline, line};
use crate::article::text::{Signature, clean, matching_form, same_as_text};

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
/// At the end of an article stand no more names of who wrote it, each in a line of its own.
const NAMES_MAX: usize = 2;
/// What a sentence ends with.
const ENDS: [char; 8] = ['.', '!', '?', '…', ':', ';', '”', '"'];

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
        let is_dateline = dateline::is_dateline(&line(&self.line.text));
        if is_caption || is_dateline || self.broken || self.line.text.trim_end().ends_with(ENDS) {
            self.end_line();
        } else {
            self.line.text.push(' ');
        }
        self.broken = true;
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
        if is_imprint(&lower) {
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

    /// Whether the first paragraph is the lead: the whole of what the page tells machines, or set
    /// off from end to end.
    fn is_lead(&self, text: &str, set_off: bool) -> bool {
        let first = self.body.paragraphs.is_empty() && self.body.lead.is_none();
        if !first || self.reading.lead_is_shown {
            return false;
        }
        let told = self
            .reading
            .lead
            .filter(|lead| self.reading.lead_is_cut || is_cut(lead));
        let told = told.map(|lead| matching_form(stem_of_cut(lead)));
        let continues = told.is_some_and(|told| matching_form(text).starts_with(&told));
        continues || set_off
    }
}
