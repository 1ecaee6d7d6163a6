//! Answers as the Graph API gives them, errors too:
//! <https://developers.facebook.com/docs/graph-api/guides/error-handling>.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use jiff::Timestamp;
use jiff::fmt::strtime;
use serde_json::{Map, Value, json};

/// The version that answers.
const VERSION: &str = "v26.0";
/// Answers are JSON, whatever they are called.
const CONTENT_TYPE: &str = "text/javascript; charset=UTF-8";
/// How an HTTP date looks.
const HTTP_DATE: &str = "%a, %d %b %Y %H:%M:%S GMT";
/// How a moment looks in a document: an offset without a colon.
const MOMENT: &str = "%Y-%m-%dT%H:%M:%S+0000";

/// One answer.
#[derive(Debug, Clone)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) body: String,
    pub(super) content_type: &'static str,
    /// The header that says how close a Page is to its limits.
    pub(super) usage: Option<String>,
}

/// An error of the Graph API.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fault {
    pub(super) status: u16,
    pub(super) code: i64,
    pub(super) subcode: Option<i64>,
    pub(super) kind: &'static str,
    pub(super) message: &'static str,
}

impl Fault {
    pub(super) const fn oauth(
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

impl Reply {
    pub(super) fn ok(document: &Value) -> Self {
        Self {
            status: 200,
            body: document.to_string(),
            content_type: CONTENT_TYPE,
            usage: None,
        }
    }

    /// An answer that is no JSON.
    pub(super) fn raw(status: u16, body: &str, content_type: &'static str) -> Self {
        Self {
            status,
            body: body.to_owned(),
            content_type,
            usage: None,
        }
    }

    /// JSON that stops in the middle.
    pub(super) fn truncated(mut self) -> Self {
        let half = self.body.len() / 2;
        let end = (0..=half).rev().find(|at| self.body.is_char_boundary(*at));
        self.body.truncate(end.unwrap_or_default());
        self
    }

    pub(super) fn into_response(self, now: Timestamp) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = StatusCode::from_u16(self.status).unwrap_or(StatusCode::OK);
        let headers = response.headers_mut();
        headers.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(self.content_type),
        );
        headers.insert("facebook-api-version", HeaderValue::from_static(VERSION));
        let date = strtime::format(HTTP_DATE, now).ok();
        if let Some(date) = date.and_then(|date| HeaderValue::try_from(date).ok()) {
            headers.insert(header::DATE, date);
        }
        if let Some(usage) = self
            .usage
            .and_then(|usage| HeaderValue::try_from(usage).ok())
        {
            headers.insert("x-business-use-case-usage", usage);
        }
        response
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

/// A moment as documents have it.
pub(super) fn moment(at: Timestamp) -> String {
    strtime::format(MOMENT, at).unwrap_or_default()
}
