//! One call to the Graph API: sent once, on a connection of its own, with the token in a header
//! and nowhere else.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use reqwest::header::{self, HeaderMap, HeaderName};
use reqwest::multipart::Form;
use reqwest::{Client, RequestBuilder, Response};
use serde::Serialize;

use super::Address;
use super::answer::Answer;
use super::token::Keys;
use super::usage::{HEADERS, Usage};
use crate::clock::Clock;
use crate::faults;
use crate::http_client::{body, root_cause};
use crate::post::Obstacle;

/// Answers are a few hundred kilobytes at most.
const ANSWER_BYTES_MAX: usize = 8 << 20;
/// A proof is good for this long: <https://developers.facebook.com/docs/facebook-login/security>.
const PROOF_SECONDS: u64 = 300;
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
    clock: Arc<dyn Clock>,
    /// By how many seconds the Page's clock is ahead of ours, as its newest answer showed: a proof
    /// is good for five minutes of *its* time.
    ahead_seconds: AtomicI64,
    newest: Mutex<Newest>,
}

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
            clock,
            ahead_seconds: AtomicI64::new(0),
            newest: Mutex::default(),
        }
    }

    pub(super) async fn post_form(&self, edge: &str, form: &impl Serialize) -> Exchange {
        self.exchange(self.client.post(self.of_page(edge)).form(form))
            .await
    }

    pub(super) async fn post_multipart(&self, edge: &str, form: Form) -> Exchange {
        self.exchange(self.client.post(self.of_page(edge)).multipart(form))
            .await
    }

    /// Reads. May be made twice: where our clock has jumped, the first answer tells the time by
    /// which the proof is made.
    pub(super) async fn get(&self, edge: &str, query: &[(&str, &str)]) -> Exchange {
        let call = || self.client.get(self.of_page(edge)).query(query);
        let before = self.ahead_seconds.load(Ordering::Relaxed);
        let exchange = self.exchange(call()).await;
        let after = self.ahead_seconds.load(Ordering::Relaxed);
        if matches!(&exchange, Exchange::Answered(answer) if answer.status == 400)
            && before.abs_diff(after) > PROOF_SECONDS
        {
            return self.exchange(call()).await;
        }
        exchange
    }

    pub(super) async fn get_me(&self) -> Exchange {
        self.exchange(self.client.get(self.url("me")).query(&[("fields", "id")]))
            .await
    }

    pub(super) async fn debug_token(&self) -> Exchange {
        let header = self.keys.inspecting_header();
        let form = self.keys.inspecting_form();
        match (header, form) {
            (Ok(header), Ok(form)) => {
                let call = self.client.post(self.url("debug_token")).form(&form);
                send(call.header(header::AUTHORIZATION, header)).await
            }
            (Err(why), _) | (_, Err(why)) => Exchange::NotSent(Obstacle::NotAllowed { why }),
        }
    }

    async fn exchange(&self, call: RequestBuilder) -> Exchange {
        let second = self.clock.now().as_second() + self.ahead_seconds.load(Ordering::Relaxed);
        match (self.keys.page_header(), self.keys.proof(second)) {
            (Ok(header), Ok(proof)) => {
                let call = call.header(header::AUTHORIZATION, header);
                let exchange = send(call.query(&proof)).await;
                self.note(&exchange);
                exchange
            }
            (Err(why), _) | (_, Err(why)) => Exchange::NotSent(Obstacle::NotAllowed { why }),
        }
    }

    fn note(&self, exchange: &Exchange) {
        let Exchange::Answered(answer) = exchange else {
            return;
        };
        if let Some(theirs) = answer.page_time() {
            let ahead = theirs.as_second() - self.clock.now().as_second();
            self.ahead_seconds.store(ahead, Ordering::Relaxed);
        }
        *self.newest.lock().unwrap_or_else(PoisonError::into_inner) = Newest {
            usage: answer.usage,
            served_by: answer.served_by.clone(),
        };
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
