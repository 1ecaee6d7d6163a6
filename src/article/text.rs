//! Vietnamese text: what is prose, where sentences end, how it is cut, tagged and compared. Pure.

mod clean;
mod excerpt;
mod sentences;
mod words;

pub use self::clean::clean;
pub use self::excerpt::{Limit, excerpt};
pub use self::sentences::sentences;
pub use self::words::{hashtag, matching_form, nfc, same_as_text, slug, strip_marks};

#[cfg(test)]
mod tests;
