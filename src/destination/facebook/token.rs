//! What opens a Page: its token, and the app's secret. Read anew for every call, so that one that
//! is replaced is used at once; handed to nobody but the `Authorization` header and a form.

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::proof::appsecret_proof;

/// Reads a secret, or says why it cannot be read.
pub type ReadSecret = Box<dyn Fn() -> Result<SecretString, String> + Send + Sync>;

/// Where the secrets of a Page come from.
pub struct Keys {
    /// The Page's token.
    pub page_token: ReadSecret,
    /// The app's id, and its secret.
    pub app: Option<(String, ReadSecret)>,
}

impl Keys {
    /// The header that speaks for the Page.
    ///
    /// # Errors
    /// When there is no token, or none that fits into a header.
    pub(super) fn page_header(&self) -> Result<HeaderValue, String> {
        bearer((self.page_token)()?.expose_secret())
    }

    /// The proof of the app's secret for a call with the Page's token; empty where the secret is
    /// not known.
    ///
    /// # Errors
    /// When a secret cannot be read.
    pub(super) fn proof(&self, second: i64) -> Result<Vec<(&'static str, String)>, String> {
        let Some((_, secret)) = &self.app else {
            return Ok(Vec::new());
        };
        Ok(appsecret_proof(&secret()?, &(self.page_token)()?, second).into())
    }

    /// The header that may ask about tokens: the app's own, where its secret is known.
    pub(super) fn inspecting_header(&self) -> Result<HeaderValue, String> {
        match &self.app {
            Some((id, secret)) => bearer(&format!("{id}|{}", secret()?.expose_secret())),
            None => self.page_header(),
        }
    }

    /// The body that asks about the Page's token. In a body, because addresses end up in logs.
    pub(super) fn inspecting_form(&self) -> Result<Vec<(&'static str, String)>, String> {
        let token = (self.page_token)()?;
        let form = [
            ("input_token", token.expose_secret().to_owned()),
            ("method", "GET".to_owned()),
        ];
        Ok(form.into())
    }
}

pub(super) fn bearer(token: &str) -> Result<HeaderValue, String> {
    let mut header = HeaderValue::try_from(format!("Bearer {token}"))
        .map_err(|_| "the token holds signs that no token has".to_owned())?;
    header.set_sensitive(true);
    Ok(header)
}
