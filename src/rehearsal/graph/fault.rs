//! Errors as the Graph API words them:
//! <https://developers.facebook.com/docs/graph-api/guides/error-handling>.

use serde_json::{Map, json};

use crate::rehearsal::reply::Reply;

/// An error of the Graph API.
#[derive(Debug, Clone, Copy)]
pub(in crate::rehearsal) struct Fault {
    pub(in crate::rehearsal) status: u16,
    pub(in crate::rehearsal) code: i64,
    pub(in crate::rehearsal) subcode: Option<i64>,
    pub(in crate::rehearsal) kind: &'static str,
    pub(in crate::rehearsal) message: &'static str,
}

impl Fault {
    pub(in crate::rehearsal) const fn oauth(
        status: u16,
        code: i64,
        subcode: Option<i64>,
        message: &'static str,
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

impl From<Fault> for Reply {
    fn from(fault: Fault) -> Self {
        let mut error = Map::new();
        error.insert("message".to_owned(), fault.message.into());
        error.insert("type".to_owned(), fault.kind.into());
        error.insert("code".to_owned(), fault.code.into());
        // What is not there is absent, not null.
        if let Some(subcode) = fault.subcode {
            error.insert("error_subcode".to_owned(), subcode.into());
        }
        error.insert("fbtrace_id".to_owned(), "ArEhEaRsAl0000000000000".into());
        Self {
            status: fault.status,
            ..Self::ok(&json!({ "error": error }))
        }
    }
}

pub(in crate::rehearsal) const EXPIRED_TOKEN: Fault = Fault::oauth(
    400,
    190,
    Some(463),
    "Error validating access token: Session has expired.",
);
pub(super) const NO_ENGAGEMENT: Fault = Fault::oauth(
    400,
    283,
    None,
    "(#283) Requires pages_read_engagement permission to manage the object",
);
pub(super) const NO_TOKEN: Fault = Fault::oauth(
    400,
    104,
    None,
    "An access token is required to request this resource.",
);
pub(in crate::rehearsal) const BAD_TOKEN: Fault = Fault::oauth(
    400,
    190,
    None,
    "Invalid OAuth access token - Cannot parse access token",
);
pub(super) const DEAD_TOKEN: Fault = Fault::oauth(
    400,
    190,
    Some(460),
    "Error validating access token: The session has been invalidated because the user changed their password.",
);
pub(in crate::rehearsal) const MISSING: Fault = Fault {
    status: 400,
    code: 100,
    subcode: Some(33),
    kind: "GraphMethodException",
    message: "Unsupported request. Object does not exist, cannot be loaded due to missing permissions, or does not support this operation.",
};
pub(super) const BAD_PARAMETER: Fault = Fault::oauth(400, 100, None, "(#100) Invalid parameter");
pub(super) const NO_FILE: Fault = Fault::oauth(400, 324, None, "(#324) Requires upload file");
pub(super) const BAD_PICTURE: Fault = Fault::oauth(
    400,
    100,
    Some(1_366_046),
    "Your photos couldn't be uploaded. Photos should be less than 4 MB and saved as JPG, PNG, GIF, TIFF, HEIF or WebP files.",
);
pub(super) const USED_PHOTO: Fault = Fault::oauth(
    400,
    100,
    Some(1_366_051),
    "These photos were already posted.",
);
pub(super) const NO_READING: Fault = Fault::oauth(
    403,
    10,
    None,
    "(#10) This endpoint requires the 'pages_read_engagement' permission or the 'Page Public Content Access' feature.",
);
pub(super) const NO_POSTING: Fault = Fault::oauth(
    403,
    200,
    None,
    "(#200) If posting to a page, requires both pages_read_engagement and pages_manage_posts permission with page token",
);
pub(super) const SAME_AGAIN: Fault =
    Fault::oauth(400, 506, None, "(#506) Duplicate status message");
pub(super) const ALREADY_POSTED: Fault = Fault::oauth(
    400,
    368,
    None,
    "It looks like you've already posted this, so it can't be posted again.",
);
pub(super) const TOO_FAST: Fault = Fault::oauth(
    400,
    368,
    Some(1_390_008),
    "The action attempted has been deemed abusive or is otherwise disallowed",
);
pub(super) const OTHERS_POST: Fault = Fault::oauth(
    403,
    200,
    None,
    "(#200) This post was not created by this application",
);
pub(super) const LOST: Fault = Fault::oauth(500, 1, None, "An unknown error occurred");

pub(super) const UNEXPECTED: Fault = Fault::oauth(
    500,
    2,
    None,
    "An unexpected error has occurred. Please retry your request later.",
);
