//! Errors as the Graph API words them:
//! <https://developers.facebook.com/docs/graph-api/guides/error-handling>.

use serde_json::{Map, json};

use crate::rehearsal::reply::Reply;

/// An error of the Graph API.
#[derive(Debug, Clone, Copy)]
pub(in crate::rehearsal) struct Fault<'a> {
    pub(in crate::rehearsal) status: u16,
    pub(in crate::rehearsal) code: i64,
    pub(in crate::rehearsal) subcode: Option<i64>,
    pub(in crate::rehearsal) kind: &'static str,
    pub(in crate::rehearsal) message: &'a str,
}

impl<'a> Fault<'a> {
    pub(in crate::rehearsal) const fn oauth(
        status: u16,
        code: i64,
        subcode: Option<i64>,
        message: &'a str,
    ) -> Self {
        Self {
            status,
            code,
            subcode,
            kind: "OAuthException",
            message,
        }
    }
}

impl From<Fault<'_>> for Reply {
    fn from(fault: Fault<'_>) -> Self {
        let mut error = Map::new();
        error.insert("message".to_owned(), fault.message.into());
        error.insert("type".to_owned(), fault.kind.into());
        error.insert("code".to_owned(), fault.code.into());
        // What is not there is absent, not null.
        if let Some(subcode) = fault.subcode {
            error.insert("error_subcode".to_owned(), subcode.into());
        }
        match (fault.code, fault.subcode) {
            (2, _) => {
                error.insert("is_transient".to_owned(), true.into());
            }
            (_, Some(1_366_046)) => {
                error.insert("is_transient".to_owned(), false.into());
                let title = "Can't Read Files";
                error.insert("error_user_title".to_owned(), title.into());
                error.insert("error_user_msg".to_owned(), fault.message.into());
            }
            _ => {}
        }
        error.insert("fbtrace_id".to_owned(), "ArEhEaRsAl0000000000000".into());
        let reason = match fault.code {
            102 | 190 => "invalid_token",
            _ => "invalid_request",
        };
        let words = fault.message.replace('"', "'");
        Self {
            status: fault.status,
            challenge: Some(format!(
                "OAuth \"Facebook Platform\" \"{reason}\" \"{words}\""
            )),
            ..Self::ok(&json!({ "error": error }))
        }
    }
}

pub(in crate::rehearsal) const EXPIRED_TOKEN: Fault<'static> = Fault::oauth(
    400,
    190,
    Some(463),
    "Error validating access token: Session has expired.",
);
pub(super) const NO_ENGAGEMENT: Fault<'static> = Fault::oauth(
    400,
    283,
    None,
    "(#283) Requires pages_read_engagement permission to manage the object",
);
pub(super) const NO_TOKEN: Fault<'static> = Fault::oauth(
    400,
    104,
    None,
    "An access token is required to request this resource.",
);
pub(in crate::rehearsal) const BAD_TOKEN: Fault<'static> = Fault::oauth(
    400,
    190,
    None,
    "Invalid OAuth access token - Cannot parse access token",
);
pub(in crate::rehearsal) const DEAD_TOKEN: Fault<'static> = Fault::oauth(
    400,
    190,
    Some(460),
    "Error validating access token: The session has been invalidated because the user changed their password.",
);
pub(in crate::rehearsal) const MISSING: Fault<'static> = Fault {
    status: 400,
    code: 100,
    subcode: Some(33),
    kind: "GraphMethodException",
    message: "Unsupported request. Object does not exist, cannot be loaded due to missing permissions, or does not support this operation.",
};
pub(super) const BAD_PARAMETER: Fault<'static> =
    Fault::oauth(400, 100, None, "(#100) Invalid parameter");
pub(super) const NO_FILE: Fault<'static> =
    Fault::oauth(400, 324, None, "(#324) Requires upload file");
pub(super) const BAD_PICTURE: Fault<'static> = Fault::oauth(
    400,
    100,
    Some(1_366_046),
    "Your photos couldn't be uploaded. Photos should be less than 4 MB and saved as JPG, PNG, GIF, TIFF, HEIF or WebP files.",
);
pub(super) const USED_PHOTO: Fault<'static> = Fault::oauth(
    400,
    100,
    Some(1_366_051),
    "These photos were already posted.",
);
pub(super) const NO_READING: Fault<'static> = Fault::oauth(
    403,
    10,
    None,
    "(#10) This endpoint requires the 'pages_read_engagement' permission or the 'Page Public Content Access' feature.",
);
pub(super) const NO_POSTING: Fault<'static> = Fault::oauth(
    403,
    200,
    None,
    "(#200) If posting to a page, requires both pages_read_engagement and pages_manage_posts permission with page token",
);
pub(super) const SAME_AGAIN: Fault<'static> =
    Fault::oauth(400, 506, None, "(#506) Duplicate status message");
pub(super) const ALREADY_POSTED: Fault<'static> = Fault::oauth(
    400,
    368,
    None,
    "It looks like you've already posted this, so it can't be posted again.",
);
pub(super) const TOO_FAST: Fault<'static> = Fault::oauth(
    400,
    368,
    Some(1_390_008),
    "The action attempted has been deemed abusive or is otherwise disallowed",
);
pub(super) const OTHERS_POST: Fault<'static> = Fault::oauth(
    403,
    200,
    None,
    "(#200) This post was not created by this application",
);
pub(super) const LOST: Fault<'static> = Fault::oauth(500, 1, None, "An unknown error occurred");

pub(super) const UNEXPECTED: Fault<'static> = Fault::oauth(
    500,
    2,
    None,
    "An unexpected error has occurred. Please retry your request later.",
);

pub(super) const UNSCRAPABLE: Fault<'static> =
    Fault::oauth(400, 1_609_005, None, "The link could not be scraped");
pub(super) const BAD_LINK: Fault<'static> =
    Fault::oauth(400, 1500, None, "The url you supplied is invalid");
pub(super) const NOT_DELETED: Fault<'static> = Fault::oauth(
    403,
    200,
    None,
    "(#200) This application may not delete posts",
);
pub(super) const FACEBOOK_LINK: Fault<'static> = Fault::oauth(
    400,
    1_609_008,
    None,
    "Links to facebook.com cannot be posted",
);
