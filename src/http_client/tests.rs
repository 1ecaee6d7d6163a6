//! Stories of peers on loopback that answer well, badly, or not at all.

use std::io::Write;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

/// A server that gives each caller the next answer; says what the callers asked for.
async fn server(answers: Vec<Vec<u8>>) -> (Url, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/rss", listener.local_addr().unwrap());
    let asked = tokio::spawn(async move {
        let mut asked = Vec::new();
        for answer in answers {
            let (mut caller, _) = listener.accept().await.unwrap();
            let mut request = vec![0; 8192];
            let read = caller.read(&mut request).await.unwrap();
            asked.push(String::from_utf8_lossy(&request[..read]).into_owned());
            caller.write_all(&answer).await.unwrap();
        }
        asked
    });
    (url.parse().unwrap(), asked)
}

fn answer(head: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {head}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn client(allowed: &[&str]) -> WebClient {
    WebClient::new(&WebSettings {
        allow_private: allowed.iter().map(|net| net.parse().unwrap()).collect(),
        timeout: Duration::from_secs(5),
        extra_ca_pem: None,
    })
    .unwrap()
}

fn get(url: &Url) -> Get<'_> {
    Get {
        url,
        accept: "*/*",
        etag: None,
        last_modified: None,
        bytes_max: 1000,
    }
}

#[tokio::test]
async fn validators_are_sent_and_what_comes_back_is_kept() {
    let (url, asked) = server(vec![answer(
        "304 Not Modified\r\netag: \"b\"\r\nretry-after: 60",
        b"",
    )])
    .await;
    let request = Get {
        etag: Some("\"a\""),
        last_modified: Some("Wed, 17 May 2023 02:47:00 GMT"),
        ..get(&url)
    };
    let fetched = client(&["127.0.0.0/8"]).get(request).await.unwrap();
    assert_eq!(
        (fetched.status, fetched.etag.as_deref()),
        (304, Some("\"b\""))
    );
    assert_eq!(fetched.retry_after.as_deref(), Some("60"));
    let asked = asked.await.unwrap().concat().to_lowercase();
    assert!(asked.contains("if-none-match: \"a\"") && asked.contains("if-modified-since: wed"));
    assert!(asked.contains("user-agent: loa/") && asked.contains("accept-language: vi"));
}

#[tokio::test]
async fn a_compressed_answer_is_unpacked_and_its_limit_counts_what_comes_out() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(&vec![b'x'; 100_000]).unwrap();
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 1000);
    let bomb = answer("200 OK\r\ncontent-encoding: gzip", &packed);
    let (url, _) = server(vec![bomb.clone(), bomb]).await;
    let client = client(&["127.0.0.0/8"]);
    let refused = client.get(get(&url)).await.unwrap_err();
    assert_eq!(refused, FetchError::TooLarge { bytes_max: 1000 });
    let request = Get {
        bytes_max: 100_000,
        ..get(&url)
    };
    assert_eq!(client.get(request).await.unwrap().body.len(), 100_000);
}

#[tokio::test]
async fn a_private_address_is_refused_at_once_and_behind_a_name() {
    let (url, asked) = server(vec![answer("200 OK", b"secret")]).await;
    let refused = client(&[]).get(get(&url)).await.unwrap_err();
    assert!(matches!(refused, FetchError::Forbidden(_)), "{refused}");

    let mut named = url.clone();
    named.set_host(Some("localhost")).unwrap();
    let refused = client(&[]).get(get(&named)).await.unwrap_err();
    assert!(matches!(refused, FetchError::Forbidden(_)), "{refused}");
    assert!(!asked.is_finished(), "nobody was dialled");
    asked.abort();
}

#[tokio::test]
async fn a_redirect_into_a_private_network_is_refused() {
    let (url, _) = server(vec![answer("302 Found\r\nlocation: http://10.0.0.1/", b"")]).await;
    let refused = client(&["127.0.0.0/8"]).get(get(&url)).await.unwrap_err();
    assert_eq!(refused, FetchError::Forbidden("10.0.0.1".to_owned()));
}

#[tokio::test]
async fn a_redirect_is_followed_and_a_circle_is_left() {
    let moved = answer("301 Moved\r\nlocation: /moi", b"");
    let (url, asked) = server(vec![moved.clone(), answer("200 OK", b"here")]).await;
    let fetched = client(&["127.0.0.0/8"]).get(get(&url)).await.unwrap();
    assert_eq!(
        (fetched.url.path(), fetched.body.as_ref()),
        ("/moi", b"here".as_slice())
    );
    assert!(asked.await.unwrap()[1].starts_with("GET /moi "));

    let (url, _) = server(vec![moved; 6]).await;
    let lost = client(&["127.0.0.0/8"]).get(get(&url)).await.unwrap_err();
    assert_eq!(lost, FetchError::TooManyRedirects);
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_no_answer() {
    let cut = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf".to_vec();
    let (url, _) = server(vec![cut]).await;
    let broken = client(&["127.0.0.0/8"]).get(get(&url)).await.unwrap_err();
    assert!(matches!(broken, FetchError::Interrupted(_)), "{broken}");
}

#[tokio::test]
async fn nobody_there_is_said_without_the_address() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!(
        "http://{}/?access_token=secret",
        listener.local_addr().unwrap()
    )
    .parse()
    .unwrap();
    drop(listener);
    let gone = client(&["127.0.0.0/8"]).get(get(&url)).await.unwrap_err();
    assert!(matches!(gone, FetchError::Unreachable(_)));
    assert!(!gone.to_string().contains("secret"));
}
