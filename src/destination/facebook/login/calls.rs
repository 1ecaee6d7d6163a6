//! How the calls of a log-in are made: with a proof, noted and read. EDGE: network.

use oauth2::{HttpRequest, HttpResponse};
use reqwest::{RequestBuilder, header};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;

use super::super::answer::{Answer, error_of};
use super::super::client::{Exchange, send};
use super::super::proof::appsecret_proof;
use super::super::token::{app_token, bearer};
use super::super::wire::{GraphError, List, Token, Told};
use super::{Login, LoginError};
use crate::http_client::{body, root_cause};
use crate::telemetry::redacted;

/// Pages of a list that are followed.
const LIST_CALLS_MAX: usize = 20;
/// Answers here are small.
const ANSWER_BYTES_MAX: usize = 1 << 20;

/// What went wrong on the way to the exchange.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct Broken(pub(super) String);

impl Login {
    pub(super) async fn told(&self, token: &SecretString) -> Result<Token, LoginError> {
        let form = [("input_token", token.expose_secret()), ("method", "GET")];
        let asker = app_token(&self.settings.app_id, &self.secret()?);
        let call = self.client.post(self.url("debug_token")).form(&form);
        let answer = self.signed(call, &asker).await?;
        match (answer.document::<Told>(), error_of(&answer.body)) {
            (_, Some(error)) if error.code == 190 => Err(LoginError::SecretWrong),
            (_, Some(error)) => Err(refused(&error)),
            (Some(told), None) => Ok(told.data),
            (None, None) => Err(LoginError::Unreachable(
                "the answer makes no sense".to_owned(),
            )),
        }
    }

    pub(super) async fn list<T: DeserializeOwned>(
        &self,
        path: &str,
        token: &SecretString,
        query: &[(&str, &str)],
    ) -> Result<Vec<T>, LoginError> {
        let mut found = Vec::new();
        let mut after: Option<String> = None;
        for _ in 0..LIST_CALLS_MAX {
            let mut query = query.to_vec();
            query.extend(after.as_deref().map(|after| ("after", after)));
            let list: List<T> = self.get(path, token, &query).await?;
            after = list.next();
            found.extend(list.data);
            if after.is_none() {
                break;
            }
        }
        Ok(found)
    }

    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        token: &SecretString,
        query: &[(&str, &str)],
    ) -> Result<T, LoginError> {
        let call = self.client.get(self.url(path)).query(query);
        let answer = self.signed(call, token).await?;
        match error_of(&answer.body) {
            Some(error) if (error.code, error.error_subcode) == (100, Some(33)) => {
                return Err(LoginError::Missing);
            }
            Some(error) if error.code == 190 => return Err(LoginError::Dead(said(&error))),
            Some(error) => return Err(refused(&error)),
            None => {}
        }
        answer
            .document()
            .ok_or_else(|| LoginError::Unreachable("the answer makes no sense".to_owned()))
    }

    /// Makes a call that changes nothing with a token, and with the proof that it comes from
    /// whoever has the secret. Where our clock is wrong, it is made again by the right time.
    async fn signed(
        &self,
        call: RequestBuilder,
        token: &SecretString,
    ) -> Result<Answer, LoginError> {
        let again = call.try_clone();
        let (answer, off) = self.noted(send(self.with_proof(call, token)?).await)?;
        match again {
            Some(call) if off => {
                let exchange = send(self.with_proof(call, token)?).await;
                Ok(self.noted(exchange)?.0)
            }
            _ => Ok(answer),
        }
    }

    fn with_proof(
        &self,
        call: RequestBuilder,
        token: &SecretString,
    ) -> Result<RequestBuilder, LoginError> {
        let proof = appsecret_proof(&self.secret()?, token, self.their_clock.second());
        let header = bearer(token.expose_secret()).map_err(LoginError::Dead)?;
        Ok(call.query(&proof).header(header::AUTHORIZATION, header))
    }

    /// The answer, and whether our notion of the time was off.
    pub(super) fn noted(&self, exchange: Exchange) -> Result<(Answer, bool), LoginError> {
        let answer = answered(exchange)?;
        let off = self.their_clock.learn(&answer);
        Ok((answer, off))
    }

    pub(super) fn secret(&self) -> Result<SecretString, LoginError> {
        (self.settings.app_secret)().map_err(LoginError::NoSecret)
    }

    pub(super) fn url(&self, path: &str) -> String {
        let root = self.settings.graph_url.as_str().trim_end_matches('/');
        format!("{root}/{}/{path}", self.settings.version)
    }
}

fn answered(exchange: Exchange) -> Result<Answer, LoginError> {
    match exchange {
        Exchange::Answered(answer) => Ok(answer),
        Exchange::NotSent(obstacle) => Err(LoginError::Unreachable(obstacle.to_string())),
        Exchange::Lost(why) => Err(LoginError::Unreachable(why)),
    }
}

pub(super) fn refused(error: &GraphError) -> LoginError {
    LoginError::Refused(said(error))
}

/// An error in the words for people if it has any, and without the token that it may quote.
fn said(error: &GraphError) -> String {
    let words = error.error_user_msg.as_ref();
    let words = words.filter(|words| !words.is_empty());
    redacted(words.unwrap_or(&error.message))
}

/// Carries a request of `oauth2` with the client that the rest of the program uses.
pub(super) async fn carry(
    client: reqwest::Client,
    request: HttpRequest,
) -> Result<HttpResponse, Broken> {
    let broken = |error: reqwest::Error| Broken(root_cause(&error.without_url()));
    let request = reqwest::Request::try_from(request).map_err(broken)?;
    let response = client.execute(request).await.map_err(broken)?;
    let status = response.status();
    let content = body(response, ANSWER_BYTES_MAX).await;
    let content = content.map_err(|error| Broken(error.to_string()))?.to_vec();
    // Meta calls its JSON by other names, which `oauth2` would refuse.
    let mut response = HttpResponse::new(content);
    // An error of Meta's comes with any status; its envelope decides.
    *response.status_mut() = status;
    let json = header::HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    Ok(response)
}
