//! The Graph API's documents, as far as they are used. Ids are kept as text: they outgrow what
//! other languages keep of a number.

use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Visitor};

use crate::post::{Draft, PhotoId};

/// What a creating call is to answer with: <https://developers.facebook.com/docs/graph-api/reference/page/feed/>.
const CREATED_FIELDS: &str = "id,permalink_url";

/// The parameters of the one call that publishes.
pub(super) fn feed_form(draft: &Draft, photos: &[PhotoId]) -> Vec<(String, String)> {
    let mut form = vec![("message".to_owned(), draft.message.clone())];
    match (photos, &draft.link) {
        ([], Some(link)) => form.push(("link".to_owned(), link.to_string())),
        ([], None) => {}
        (photos, _) => form.extend(photos.iter().enumerate().map(|(place, photo)| {
            let media = serde_json::json!({ "media_fbid": photo.0 });
            (format!("attached_media[{place}]"), media.to_string())
        })),
    }
    form.push(("fields".to_owned(), CREATED_FIELDS.to_owned()));
    form
}

/// An id: a string of digits, or a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Id(pub(super) String);

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Digits;
        impl Visitor<'_> for Digits {
            type Value = Id;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an id")
            }

            fn visit_str<E>(self, id: &str) -> Result<Id, E> {
                Ok(Id(id.to_owned()))
            }

            fn visit_u64<E>(self, id: u64) -> Result<Id, E> {
                Ok(Id(id.to_string()))
            }
        }
        deserializer.deserialize_any(Digits)
    }
}

/// What a creating call answers.
#[derive(Debug, Deserialize)]
pub(super) struct Created {
    pub(super) id: Id,
    pub(super) permalink_url: Option<String>,
}

/// What a changing call answers.
#[derive(Debug, Deserialize)]
pub(super) struct Done {
    pub(super) success: bool,
}

/// Any object, of which only the id matters.
#[derive(Debug, Deserialize)]
pub(super) struct Object {
    pub(super) id: Id,
}

/// The envelope of an error: <https://developers.facebook.com/docs/graph-api/guides/error-handling>.
#[derive(Debug, Deserialize)]
pub(super) struct Failure {
    pub(super) error: GraphError,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct GraphError {
    pub(super) message: String,
    #[serde(rename = "type")]
    pub(super) kind: String,
    pub(super) code: i64,
    #[serde(alias = "subcode")]
    pub(super) error_subcode: Option<i64>,
    pub(super) is_transient: Option<bool>,
    pub(super) error_user_msg: Option<String>,
}

/// One page of a list.
#[derive(Debug, Deserialize)]
pub(super) struct List<T> {
    pub(super) data: Vec<T>,
    paging: Option<Paging>,
}

impl<T> List<T> {
    /// The cursor of the next page. The address that the answer names for it holds the token, and
    /// is not followed.
    pub(super) fn next(&self) -> Option<String> {
        let paging = self.paging.as_ref()?;
        paging.next.as_ref()?;
        paging.cursors.as_ref()?.after.clone()
    }
}

#[derive(Debug, Deserialize)]
struct Paging {
    cursors: Option<Cursors>,
    next: Option<serde::de::IgnoredAny>,
}

#[derive(Debug, Deserialize)]
struct Cursors {
    after: Option<String>,
}

/// A post that is read back.
#[derive(Debug, Deserialize)]
pub(super) struct Post {
    pub(super) id: Id,
    #[serde(default)]
    pub(super) message: String,
    pub(super) created_time: Option<Moment>,
    pub(super) permalink_url: Option<String>,
    pub(super) application: Option<Object>,
    pub(super) attachments: Option<List<Attachment>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Attachment {
    pub(super) url: Option<String>,
    pub(super) unshimmed_url: Option<String>,
    pub(super) target: Option<Target>,
    pub(super) subattachments: Option<List<Attachment>>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Target {
    pub(super) url: Option<String>,
}

/// A moment: text with an offset that lacks its colon, or seconds.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Moment {
    Text(String),
    Seconds(i64),
}

/// What is told of a token: <https://developers.facebook.com/docs/graph-api/reference/debug_token/>.
#[derive(Debug, Deserialize)]
pub(super) struct Told {
    pub(super) data: Token,
}

#[derive(Debug, Deserialize)]
pub(super) struct Token {
    #[serde(default)]
    pub(super) is_valid: bool,
    #[serde(rename = "type")]
    pub(super) kind: Option<String>,
    pub(super) app_id: Option<Id>,
    pub(super) profile_id: Option<Id>,
    /// 0: never.
    pub(super) expires_at: Option<i64>,
    /// 0: never.
    pub(super) data_access_expires_at: Option<i64>,
    pub(super) scopes: Option<Vec<String>>,
    pub(super) error: Option<GraphError>,
}
