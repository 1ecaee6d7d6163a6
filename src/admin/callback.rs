//! Where a log-in comes back to when the browser sits on this machine. EDGE in: one answer, then
//! it closes.

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use crate::language::Language;

/// Addresses that wait to be looked at: a browser may call more than once.
const CALLS_WAITING_MAX: usize = 4;

const STYLE: &str = "body{margin:0;background:#f0f2f5;color:#050505;font:17px/1.5 system-ui,sans-serif}\
    main{max-width:480px;margin:15vh auto;padding:8px 32px 16px;background:#fff;border-radius:8px;\
    box-shadow:0 1px 2px rgba(0,0,0,.2)}h1{font-size:22px}";

#[derive(Clone)]
struct Hall {
    arrived: mpsc::Sender<String>,
    language: Language,
}

/// The path and query with which the dialog led back; `None`: the listener failed before.
pub async fn receive(listener: TcpListener, language: Language) -> Option<String> {
    let (arrived, mut arrivals) = mpsc::channel(CALLS_WAITING_MAX);
    let stop = CancellationToken::new();
    let router = Router::new()
        .fallback(come_in)
        .with_state(Hall { arrived, language });
    let serving =
        axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
    let served = tokio::spawn(serving.into_future());
    let address = arrivals.recv().await;
    stop.cancel();
    // The browser is to see its answer; whatever went wrong with that changes nothing.
    let _ = served.await;
    address
}

async fn come_in(State(hall): State<Hall>, uri: Uri) -> Response {
    let query = uri.query().unwrap_or_default();
    let has = |name: &str| query.split('&').any(|pair| pair.starts_with(name));
    // Some of the dialog's errors come with a number alone.
    let text = match (has("code="), has("error=") || has("error_code=")) {
        (_, true) => "login.come-back-failed",
        (true, false) => "login.come-back",
        (false, false) => return StatusCode::NOT_FOUND.into_response(),
    };
    // Whoever comes when one is being looked at is told the same.
    let _ = hall.arrived.try_send(uri.to_string());
    let page = format!(
        "<!DOCTYPE html><html lang=\"{}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>loa</title>\
         <style>{STYLE}</style></head><body><main><h1>loa</h1><p>{}</p></main></body></html>\n",
        hall.language.code(),
        hall.language.say(text, &[]),
    );
    let headers = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'unsafe-inline'",
        ),
        (header::REFERRER_POLICY, "no-referrer"),
        // The address holds the code: it is not to be kept.
        (header::CACHE_CONTROL, "no-store"),
    ];
    (headers, Html(page)).into_response()
}
