//! What opens a Page: its token, and the app's secret. Read anew for every call, so that one that
//! is replaced is used at once; handed to nobody but the `Authorization` header and a form.

use reqwest::header::HeaderValue;
use secrecy::{ExposeSecret, SecretString};

use super::answer::Answer;
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
    /// The token that speaks for the Page.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub(super) fn page_token(&self) -> Result<SecretString, String> {
        (self.page_token)()
    }

    /// The proof of the app's secret for a call with this token; empty where the secret is not
    /// known.
    ///
    /// # Errors
    /// When the secret cannot be read.
    pub(super) fn proof_of(
        &self,
        token: &SecretString,
        second: i64,
    ) -> Result<Vec<(&'static str, String)>, String> {
        match &self.app {
            Some((_, secret)) => Ok(appsecret_proof(&secret()?, token, second).into()),
            None => Ok(Vec::new()),
        }
    }

    /// What may ask about tokens: the app itself where its secret is known, otherwise the Page.
    pub(super) fn asker(&self) -> Result<SecretString, String> {
        match &self.app {
            Some((id, secret)) => Ok(app_token(id, &secret()?)),
            None => self.page_token(),
        }
    }

    /// The answer without the Page's token and the app's secret, should it quote them.
    pub(super) fn hide(&self, answer: Answer) -> Answer {
        let app_secret = self.app.as_ref().and_then(|(_, secret)| secret().ok());
        let secrets = [self.page_token().ok(), app_secret];
        secrets
            .into_iter()
            .flatten()
            .fold(answer, |answer, secret| {
                answer.without(secret.expose_secret())
            })
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

/// The token by which an app speaks for itself.
pub(super) fn app_token(id: &str, secret: &SecretString) -> SecretString {
    SecretString::from(format!("{id}|{}", secret.expose_secret()))
}

pub(super) fn bearer(token: &str) -> Result<HeaderValue, String> {
    let mut header = HeaderValue::try_from(format!("Bearer {token}"))
        .map_err(|_| "the token holds signs that no token has".to_owned())?;
    header.set_sensitive(true);
    Ok(header)
}
