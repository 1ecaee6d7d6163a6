//! The parameters of a call, in whichever of the four ways they come: in the address, as a form,
//! as multipart, or as JSON. Meta's own samples use all of them.

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header;
use bytes::Bytes;
use serde_json::Value;

/// Nobody posts more at once.
const BODY_BYTES_MAX: usize = 64 << 20;
const TOKEN: &str = "access_token";
/// Parameters that no journal keeps.
const SECRETS: [&str; 5] = [
    "appsecret_proof",
    "client_secret",
    "code",
    "fb_exchange_token",
    "input_token",
];

/// What a call carries.
#[derive(Debug, Default)]
pub(super) struct Params {
    values: BTreeMap<String, String>,
    /// The one file of a multipart call, whatever its part is called.
    pub(super) file: Option<Bytes>,
    /// From the `Authorization` header or the parameter.
    pub(super) token: Option<String>,
}

impl Params {
    /// Reads everything a request carries. What cannot be read is as good as absent, as there.
    pub(super) async fn of(request: Request) -> Self {
        let mut params = Self {
            token: bearer(&request),
            ..Self::default()
        };
        if let Some(query) = request.uri().query() {
            params.add_form(query.as_bytes());
        }
        let kind = request
            .headers()
            .get(header::CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
            .to_ascii_lowercase();
        if kind.starts_with("multipart/form-data") {
            params.add_multipart(request).await;
        } else {
            let body = to_bytes(request.into_body(), BODY_BYTES_MAX)
                .await
                .unwrap_or_default();
            match kind.contains("json") {
                true => params.add_json(&body),
                false => params.add_form(&body),
            }
        }
        if let Some(token) = params.values.remove(TOKEN) {
            params.token = Some(token);
        }
        params
    }

    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.values.get(name).map(String::as_str)
    }

    /// `true`, `"true"` or `1`; absent: `absent`.
    pub(super) fn flag(&self, name: &str, absent: bool) -> bool {
        self.get(name)
            .map_or(absent, |value| matches!(value, "true" | "1"))
    }

    /// The photos to attach: `attached_media[0]={"media_fbid":…}`, or a list in one parameter.
    pub(super) fn attached_media(&self) -> Vec<String> {
        let listed = self
            .get("attached_media")
            .and_then(|text| serde_json::from_str::<Vec<Value>>(text).ok());
        let mut indexed: Vec<(usize, Value)> = self
            .values
            .iter()
            .filter_map(|(name, value)| {
                let place = name.strip_prefix("attached_media[")?.strip_suffix(']')?;
                Some((place.parse().ok()?, serde_json::from_str(value).ok()?))
            })
            .collect();
        indexed.sort_by_key(|(place, _)| *place);
        let indexed = indexed.into_iter().map(|(_, value)| value);
        listed
            .into_iter()
            .flatten()
            .chain(indexed)
            .filter_map(|media| text_of(media.get("media_fbid")?))
            .collect()
    }

    /// Everything but secrets, for the journal.
    pub(super) fn without_secrets(&self) -> BTreeMap<String, String> {
        let kept = self
            .values
            .iter()
            .filter(|(name, _)| !SECRETS.contains(&name.as_str()));
        kept.map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    fn add_form(&mut self, form: &[u8]) {
        let pairs = url::form_urlencoded::parse(form);
        self.values
            .extend(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())));
    }

    fn add_json(&mut self, body: &[u8]) {
        if let Ok(Value::Object(members)) = serde_json::from_slice(body) {
            let texts = members
                .into_iter()
                .filter_map(|(name, value)| Some((name, text_of(&value)?)));
            self.values.extend(texts);
        }
    }

    async fn add_multipart(&mut self, request: Request<Body>) {
        let Ok(mut parts) = Multipart::from_request(request, &()).await else {
            return;
        };
        while let Ok(Some(part)) = parts.next_field().await {
            let name = part.name().unwrap_or_default().to_owned();
            let is_file = part.file_name().is_some();
            let Ok(content) = part.bytes().await else {
                return;
            };
            if is_file {
                self.file = Some(content);
            } else {
                self.values
                    .insert(name, String::from_utf8_lossy(&content).into_owned());
            }
        }
    }
}

/// A JSON value as it would stand in a form.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn bearer(request: &Request) -> Option<String> {
    let header = request
        .headers()
        .get(header::AUTHORIZATION)?
        .to_str()
        .ok()?;
    let token = header
        .strip_prefix("Bearer ")
        .or_else(|| header.strip_prefix("OAuth "))?;
    Some(token.to_owned())
}
