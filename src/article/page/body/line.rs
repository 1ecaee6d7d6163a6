//! One line of a body while it is read.

use super::around::Around;

/// So much of a hundred letters has to be of a kind for the line to be: the full stop behind what is
/// bold is often not.
const KIND_PERCENT: usize = 90;

/// So much of a hundred letters in front of no full stop lead elsewhere where the line does.
const LINKED_PERCENT: usize = 70;

/// A line, with how many of its letters are of which kind.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) text: String,
    letters: usize,
    bold: usize,
    slanted: usize,
    linked: usize,
}

impl Line {
    pub(super) fn take(&mut self, text: &str, around: Around) {
        let letters = text.chars().filter(|letter| letter.is_alphabetic()).count();
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

    pub(super) fn is_bold(&self) -> bool {
        self.is_of(self.bold)
    }

    pub(super) fn is_slanted(&self) -> bool {
        self.is_of(self.slanted)
    }

    /// Nothing but links, with dates, signs and a word such as "Xem:" between them.
    pub(super) fn is_linked(&self) -> bool {
        let labelled = self.linked * 100 >= self.letters * LINKED_PERCENT;
        let ends = ['.', '!', '?', '…', '”'];
        let sentence = self.text.trim_end().ends_with(ends);
        self.letters > 0 && (self.linked == self.letters || (labelled && !sentence))
    }

    fn is_of(&self, kind: usize) -> bool {
        self.letters > 0 && kind * 100 >= self.letters * KIND_PERCENT
    }
}
