//! Answers as the Graph API gives them.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use jiff::Timestamp;
use jiff::fmt::strtime;
use serde_json::Value;

/// The newest version there is.
pub(super) const NEWEST_VERSION: &str = "v26.0";
/// Answers are JSON, whatever they are called.
const CONTENT_TYPE: &str = "text/javascript; charset=UTF-8";
/// … or what they are.
const CONTENT_TYPE_JSON: &str = "application/json; charset=UTF-8";
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
    pub(super) usage: Option<(&'static str, String)>,
    /// The error in the answer as a header has it.
    pub(super) challenge: Option<String>,
    /// The version that answers.
    pub(super) served_by: Option<String>,
}

impl Reply {
    pub(super) fn ok(document: &Value) -> Self {
        Self {
            status: 200,
            body: document.to_string(),
            content_type: CONTENT_TYPE,
            usage: None,
            challenge: None,
            served_by: None,
        }
    }

    /// An answer that is no JSON.
    pub(super) fn raw(status: u16, body: &str, content_type: &'static str) -> Self {
        Self {
            status,
            body: body.to_owned(),
            content_type,
            usage: None,
            challenge: None,
            served_by: None,
        }
    }

    /// JSON that stops in the middle.
    pub(super) fn truncated(mut self) -> Self {
        let half = self.body.len() / 2;
        let end = (0..=half).rev().find(|at| self.body.is_char_boundary(*at));
        self.body.truncate(end.unwrap_or_default());
        self
    }

    /// The same, with JSON called JSON.
    pub(super) fn called_json(mut self) -> Self {
        if self.content_type == CONTENT_TYPE {
            self.content_type = CONTENT_TYPE_JSON;
        }
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
        let text = |text: &str| HeaderValue::from_str(text).ok();
        let served_by = self.served_by.as_deref().unwrap_or(NEWEST_VERSION);
        if let Some(version) = text(served_by) {
            headers.insert("facebook-api-version", version);
        }
        if let Some(challenge) = self.challenge.as_deref().and_then(text) {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        let date = strtime::format(HTTP_DATE, now).ok();
        if let Some(date) = date.and_then(|date| HeaderValue::try_from(date).ok()) {
            headers.insert(header::DATE, date);
        }
        if let Some((name, usage)) = self.usage
            && let Some(usage) = text(&usage)
        {
            headers.insert(name, usage);
        }
        response
    }
}

/// A moment as documents have it.
pub(super) fn moment(at: Timestamp) -> String {
    strtime::format(MOMENT, at).unwrap_or_default()
}
