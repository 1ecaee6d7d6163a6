//! One call to the Graph API: sent once, on a connection of its own, with the token in a header
//! and nowhere else.

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::multipart::Form;
use reqwest::{Client, RequestBuilder, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;

use super::Address;
use super::answer::Answer;
use super::proof::TheirClock;
use super::token::{Keys, bearer};
use super::usage::{HEADERS, Usage};
use crate::clock::Clock;
use crate::faults;
use crate::http_client::{body, root_cause};
use crate::post::Obstacle;

/// Answers are a few hundred kilobytes at most.
const ANSWER_BYTES_MAX: usize = 8 << 20;
/// Which version served the call.
const SERVED_BY: &str = "facebook-api-version";

/// What became of a call.
pub(super) enum Exchange {
    /// An answer came, whole.
    Answered(Answer),
    /// Not a byte of the call left.
    NotSent(Obstacle),
    /// It left, or may have; no whole answer came.
    Lost(String),
}

pub(super) struct Graph {
    client: Client,
    address: Address,
    keys: Keys,
    their_clock: TheirClock,
    newest: Mutex<Newest>,
}

/// Whether a refused call may well be taken now.
struct Again(bool);

/// What the newest answer told beside what was asked.
#[derive(Debug, Clone, Default)]
pub(super) struct Newest {
    pub(super) usage: Usage,
    pub(super) served_by: Option<String>,
}

impl Graph {
    pub(super) fn new(client: Client, address: Address, keys: Keys, clock: Arc<dyn Clock>) -> Self {
        Self {
            client,
            address,
            keys,
            their_clock: TheirClock::new(clock),
            newest: Mutex::default(),
        }
    }

    pub(super) async fn post_form(&self, edge: &str, form: &impl Serialize) -> Exchange {
        let call = self.client.post(self.of_page(edge)).form(form);
        self.sent(self.for_page(call)).await.0
    }

    /// Changes an object by its own id.
    pub(super) async fn post_object(&self, id: &str, form: &impl Serialize) -> Exchange {
        let call = self.client.post(self.url(id)).form(form);
        self.sent(self.for_page(call)).await.0
    }

    pub(super) async fn post_multipart(&self, edge: &str, form: Form) -> Exchange {
        let call = self.client.post(self.of_page(edge)).multipart(form);
        self.sent(self.for_page(call)).await.0
    }

    /// Calls what belongs to no Page.
    pub(super) async fn post_root(&self, form: &impl Serialize) -> Exchange {
        let call = self.client.post(self.url("")).form(form);
        self.sent(self.for_page(call)).await.0
    }

    /// Reads.
    pub(super) async fn get(&self, edge: &str, query: &[(&str, &str)]) -> Exchange {
        let url = self.of_page(edge);
        self.harmless(|| self.for_page(self.client.get(&url).query(query)))
            .await
    }

    /// Whose token it is.
    pub(super) async fn get_me(&self) -> Exchange {
        let url = self.url("me");
        self.harmless(|| self.for_page(self.client.get(&url).query(&[("fields", "id")])))
            .await
    }

    /// What the token is good for.
    pub(super) async fn debug_token(&self) -> Exchange {
        self.harmless(|| {
            let form = self.keys.inspecting_form()?;
            let call = self.client.post(self.url("debug_token")).form(&form);
            self.signed(call, &self.keys.asker()?)
        })
        .await
    }

    /// Makes a call that changes nothing, and may be made twice: where our clock has jumped, the
    /// first answer tells the time by which the proof is made.
    async fn harmless(&self, call: impl Fn() -> Result<RequestBuilder, String>) -> Exchange {
        match self.sent(call()).await {
            (_, Again(true)) => self.sent(call()).await.0,
            (exchange, _) => exchange,
        }
    }

    fn for_page(&self, call: RequestBuilder) -> Result<RequestBuilder, String> {
        self.signed(call, &self.keys.page_token()?)
    }

    fn signed(&self, call: RequestBuilder, token: &SecretString) -> Result<RequestBuilder, String> {
        let proof = self.keys.proof_of(token, self.their_clock.second())?;
        let header = bearer(token.expose_secret())?;
        Ok(call.query(&proof).header(header::AUTHORIZATION, header))
    }

    /// Sends a call that could be made, and hides in its answer what opened the Page: whatever is
    /// told of an answer, it quotes no secret.
    async fn sent(&self, call: Result<RequestBuilder, String>) -> (Exchange, Again) {
        let exchange = match call {
            Ok(call) => send(call).await,
            Err(why) => Exchange::NotSent(Obstacle::NotAllowed { why }),
        };
        let Exchange::Answered(answer) = exchange else {
            return (exchange, Again(false));
        };
        let answer = self.keys.hide(answer);
        let again = self.their_clock.learn(&answer);
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Newest {
            usage: answer.usage,
            served_by: answer.served_by.clone(),
        };
        (Exchange::Answered(answer), Again(again))
    }

    /// What the newest answer told beside what was asked.
    pub(super) fn newest(&self) -> Newest {
        let newest = self.newest.lock().unwrap_or_else(PoisonError::into_inner);
        newest.clone()
    }

    /// The version that calls name.
    pub(super) fn version(&self) -> &str {
        &self.address.version
    }

    fn of_page(&self, edge: &str) -> String {
        self.url(&format!("{}/{edge}", self.address.page))
    }

    fn url(&self, path: &str) -> String {
        let root = self.address.graph_url.as_str().trim_end_matches('/');
        format!("{root}/{}/{path}", self.address.version)
    }
}

pub(super) async fn send(call: RequestBuilder) -> Exchange {
    faults::point("graph.asking");
    let exchange = exchange(call).await;
    faults::point("graph.answered");
    exchange
}

async fn exchange(call: RequestBuilder) -> Exchange {
    match call.send().await {
        Ok(response) => read(response).await,
        Err(error) => {
            let error = error.without_url();
            let why = match error.is_timeout() {
                true => "no answer in time".to_owned(),
                false => root_cause(&error),
            };
            // Only a connection that never came about proves that nothing left.
            match error.is_connect() {
                true => Exchange::NotSent(Obstacle::Unreachable { why }),
                false => Exchange::Lost(why),
            }
        }
    }
}

async fn read(response: Response) -> Exchange {
    let status = response.status().as_u16();
    let headers = response.headers().clone();
    match body(response, ANSWER_BYTES_MAX).await {
        Ok(body) => Exchange::Answered(answer(status, &headers, body)),
        Err(error) => Exchange::Lost(format!("the answer ({status}) broke off: {error}")),
    }
}

fn answer(status: u16, headers: &HeaderMap, body: Bytes) -> Answer {
    let text = |name: HeaderName| Some(headers.get(name)?.to_str().ok()?.to_owned());
    Answer {
        status,
        date: text(header::DATE),
        retry_after: text(header::RETRY_AFTER),
        usage: HEADERS
            .iter()
            .filter_map(|name| headers.get(*name)?.to_str().ok())
            .fold(Usage::default(), Usage::with),
        served_by: text(HeaderName::from_static(SERVED_BY)),
        body,
    }
}
