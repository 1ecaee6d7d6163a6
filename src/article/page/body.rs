//! What a page shows people below its headline: paragraphs, and pictures with their captions.

mod around;

use std::collections::HashSet;

use dom_query::{NodeId, NodeRef};
use url::Url;

use self::around::Around;
use super::lead::{is_cut, stem_of_cut};
use super::{dateline, line};
use crate::article::Image;
use crate::article::images::is_photograph;
use crate::article::text::{Signature, clean, matching_form, same_as_text};
use crate::markup::{PICTURES_MAX, picture};

/// Elements that begin and end a line. Cells do not: a row is read as one.
const BLOCKS: [&str; 30] = [
    "p",
    "div",
    "section",
    "article",
    "main",
    "body",
    "table",
    "tr",
    "ul",
    "ol",
    "li",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "figure",
    "figcaption",
    "blockquote",
    "pre",
    "dl",
    "dt",
    "dd",
    "center",
    "address",
    "header",
    "hr",
    "details",
    "caption",
];
/// A caption is no longer, in characters. What is longer beside a picture is the article.
const CAPTION_CHARS_MAX: usize = 300;
/// A lead is no shorter, in characters.
const LEAD_CHARS_MIN: usize = 60;
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

/// What is known before the body is read.
pub(super) struct Reading<'a> {
    pub(super) base: Option<&'a Url>,
    pub(super) title: &'a str,
    pub(super) lead: Option<&'a str>,
    /// The lead stands in a place of its own: none is looked for in the body.
    pub(super) lead_is_shown: bool,
    pub(super) author: Option<&'a str>,
    /// Elements that are captions by the site's rules.
    pub(super) captions: HashSet<NodeId>,
}

/// The body of an article.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) paragraphs: Vec<String>,
    pub(super) images: Vec<Image>,
    /// The name in one of the last lines.
    pub(super) byline: Option<String>,
    /// The lead, where it stands as the first paragraph.
    pub(super) lead: Option<String>,
}

/// One line while it is read, with how many of its letters are of which kind.
#[derive(Debug, Default)]
struct Line {
    text: String,
    letters: usize,
    bold: usize,
    slanted: usize,
    linked: usize,
}

enum Step<'a> {
    Enter(NodeRef<'a>, Around),
    Leave,
}

impl Body {
    pub(super) fn of(root: &NodeRef<'_>, reading: Reading<'_>) -> Self {
        let mut walk = Walk::new(reading);
        // A stack instead of recursion: a hostile page nests deeper than any thread's.
        let mut open = vec![Step::Enter(*root, Around::default())];
        while let Some(step) = open.pop() {
            let (node, around) = match step {
                Step::Enter(node, around) => (node, around),
                Step::Leave => {
                    walk.leave();
                    continue;
                }
            };
            if node.is_text() {
                let text = node.text();
                walk.broken &= text.trim().is_empty();
                walk.line.take(&text, around);
                continue;
            }
            let Some(name) = node.node_name() else {
                continue;
            };
            let is_caption = walk.reading.captions.contains(&node.id);
            let inner = around.below(&node, &name, is_caption);
            if inner.boxed {
                walk.new_group();
            }
            match name.as_ref() {
                "img" | "amp-img" => walk.picture(&node),
                "br" => walk.line_break(),
                "td" | "th" => walk.line.text.push(' '),
                _ => {}
            }
            if BLOCKS.contains(&name.as_ref()) {
                walk.enter(inner);
                open.push(Step::Leave);
            }
            let mut children = node.children();
            children.reverse();
            open.extend(children.into_iter().map(|child| Step::Enter(child, inner)));
        }
        walk.end_line();
        walk.sign();
        walk.body
    }

    /// How much text it has, in characters.
    pub(super) fn prose(&self) -> usize {
        let paragraphs = self.paragraphs.iter().chain(&self.lead);
        paragraphs.map(|text| text.chars().count()).sum()
    }
}

impl Line {
    fn take(&mut self, text: &str, around: Around) {
        let letters = text
            .chars()
            .filter(|letter| !letter.is_whitespace())
            .count();
        self.text.push_str(text);
        self.letters += letters;
        let kinds = [
            (around.bold, &mut self.bold),
            (around.slanted, &mut self.slanted),
            (around.linked, &mut self.linked),
        ];
        for (_, count) in kinds.into_iter().filter(|(is, _)| *is) {
            *count += letters;
        }
    }

    fn is_all(&self, kind: usize) -> bool {
        self.letters > 0 && kind == self.letters
    }
}

/// The way through a body.
struct Walk<'a> {
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
}

/// A line that is a name: a signature if the article ends behind it.
struct Name {
    text: String,
    heading: bool,
}

impl<'a> Walk<'a> {
    fn new(reading: Reading<'a>) -> Self {
        Self {
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
        }
    }

    fn enter(&mut self, around: Around) {
        self.end_line();
        self.blocks.push(around);
    }

    fn leave(&mut self) {
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
    fn line_break(&mut self) {
        let is_caption = self.just_pictured && self.line.is_all(self.line.slanted);
        if is_caption || self.broken || self.line.text.trim_end().ends_with(ENDS) {
            self.end_line();
        } else {
            self.line.text.push(' ');
        }
        self.broken = true;
    }

    fn picture(&mut self, node: &NodeRef<'_>) {
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

    fn new_group(&mut self) {
        self.group = self.body.images.len();
        self.group_has_caption = false;
        self.held = None;
    }

    fn caption(&mut self, text: String) {
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
        if raw.is_empty() {
            return;
        }
        self.broken = false;
        let around = self.blocks.last().copied().unwrap_or_default();
        if around.caption || self.is_below_picture(&read, &raw, around) {
            self.caption(raw);
            return;
        }
        self.just_pictured = false;
        let chars = raw.chars().count();
        let bold = read.is_all(read.bold);
        let set_off = around.heading || bold;
        let ended = raw.ends_with(ENDS);
        let begins = self.body.paragraphs.is_empty() && self.body.lead.is_none();
        let is_long = chars >= LEAD_CHARS_MIN && !raw.starts_with(|first: char| first.is_numeric());
        let may_be_lead = begins && !self.reading.lead_is_shown && is_long;
        let bold_lead = may_be_lead && !around.heading;
        let is_heading = set_off && !ended && chars <= HEADING_CHARS_MAX && !bold_lead;
        if self.is_said_already(&raw) {
            return;
        }
        let signature = Signature::of(&raw);
        if let Some(found) = signature
            && found.labelled
        {
            self.body.byline = Some(found.names.to_owned());
            return;
        }
        if signature.is_some() {
            if around.listed {
                self.paragraph(raw);
            } else {
                let heading = is_heading;
                self.names.push(Name { text: raw, heading });
            }
            return;
        }
        let signs = around.right && !ended && chars <= SIGNATURE_CHARS_MAX;
        if is_heading || signs || read.is_all(read.linked) || dateline::is_dateline(&raw) {
            return;
        }
        let text = clean(&raw);
        if text.is_empty() {
            return;
        }
        if self.is_lead(&text, set_off && may_be_lead) {
            self.body.lead = Some(text);
            return;
        }
        self.paragraph(text);
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
        self.body.paragraphs.extend(said.map(|name| name.text));
    }

    /// The article ends: a name or two behind it are who wrote it, more of them a list.
    fn sign(&mut self) {
        if self.names.len() > NAMES_MAX {
            self.unsign();
        }
        let last = self.names.pop().map(|name| name.text);
        self.body.byline = last.or(self.body.byline.take());
    }

    /// Whether a line is the caption of the picture that it follows: in the same paragraph, or
    /// all in italics, or short and centred below it.
    fn is_below_picture(&self, read: &Line, raw: &str, around: Around) -> bool {
        let short = raw.chars().count() <= CAPTION_CHARS_MAX;
        let same_block = self.picture_block == Some(self.blocks.len());
        let set_off = read.is_all(read.slanted) || around.centred;
        self.just_pictured && !self.group_has_caption && short && (same_block || set_off)
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
