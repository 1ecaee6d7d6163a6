//! Vietnamese text: what is prose, where sentences end, how it is cut, tagged and compared. Pure.

mod abbreviations;
mod brackets;
mod clean;
mod credit;
mod excerpt;
mod furniture;
mod names;
mod pairs;
mod sentences;
mod signature;
mod words;

pub use self::clean::clean;
pub use self::excerpt::{Limit, excerpt};
pub use self::sentences::sentences;
pub use self::signature::{Signature, signature};
pub use self::words::{hashtag, matching_form, nfc, same_as_text, slug, strip_marks};

#[cfg(test)]
mod tests;
