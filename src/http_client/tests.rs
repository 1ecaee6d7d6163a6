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

#[tokio::test]
async fn an_answer_whose_head_does_not_end_is_left() {
    for head in [
        "200 OK\r\n".to_owned() + &"x-a: b\r\n".repeat(200) + "x-b: c",
        format!("200 OK\r\nx-a: {}", "b".repeat(1 << 20)),
    ] {
        let (url, _) = server(vec![answer(&head, b"small")]).await;
        let refused = client(&["127.0.0.0/8"]).get(get(&url)).await.unwrap_err();
        assert!(matches!(refused, FetchError::Interrupted(_)), "{refused}");
    }
}

#[tokio::test]
async fn a_site_that_takes_too_long_is_left_also_in_the_midst_of_its_answer() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}/", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    let silent = tokio::spawn(async move {
        let mut callers = Vec::new();
        for begun in [
            b"".as_slice(),
            b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhal",
        ] {
            let (mut caller, _) = listener.accept().await.unwrap();
            assert!(caller.read(&mut [0; 1024]).await.unwrap() > 0);
            caller.write_all(begun).await.unwrap();
            callers.push(caller);
        }
        callers
    });
    let client = WebClient::new(&WebSettings {
        allow_private: vec!["127.0.0.0/8".parse().unwrap()],
        timeout: Duration::from_millis(50),
        extra_ca_pem: None,
    })
    .unwrap();
    for _ in 0..2 {
        assert_eq!(
            client.get(get(&url)).await.unwrap_err(),
            FetchError::TimedOut
        );
    }
    drop(silent.await.unwrap());
}

#[tokio::test]
async fn a_redirect_to_what_is_no_web_address_is_refused_and_its_credentials_are_dropped() {
    for target in [
        "file:///etc/passwd",
        "ftp://127.0.0.1/",
        "gopher://127.0.0.1/",
    ] {
        let moved = answer(&format!("302 Found\r\nlocation: {target}"), b"");
        let (url, _) = server(vec![moved]).await;
        let refused = client(&["127.0.0.0/8"]).get(get(&url)).await.unwrap_err();
        assert!(matches!(refused, FetchError::BadAddress(_)), "{refused}");
    }
    let (there, asked) = server(vec![answer("200 OK", b"here")]).await;
    let named = there.as_str().replace("http://", "http://me:secret@");
    let moved = answer(&format!("302 Found\r\nlocation: {named}"), b"");
    let (url, _) = server(vec![moved]).await;
    let fetched = client(&["127.0.0.0/8"]).get(get(&url)).await.unwrap();
    assert_eq!(fetched.url, there);
    let asked = asked.await.unwrap().concat().to_lowercase();
    assert!(!asked.contains("authorization") && !asked.contains("secret"));
}

#[tokio::test]
async fn one_request_at_a_time_goes_to_one_host() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url: Url = format!("http://{}/", listener.local_addr().unwrap())
        .parse()
        .unwrap();
    let site = tokio::spawn(async move {
        for _ in 0..3 {
            let (mut caller, _) = listener.accept().await.unwrap();
            let mut request = [0; 1024];
            assert!(caller.read(&mut request).await.unwrap() > 0);
            // Whoever else wanted to call has had every chance to.
            for _ in 0..100 {
                tokio::task::yield_now().await;
            }
            let other = futures::future::FutureExt::now_or_never(listener.accept());
            assert!(other.is_none(), "a second caller at the same time");
            caller.write_all(&answer("200 OK", b"one")).await.unwrap();
        }
    });
    let client = client(&["127.0.0.0/8"]);
    let (one, two, three) = tokio::join!(
        client.get(get(&url)),
        client.get(get(&url)),
        client.get(get(&url))
    );
    assert!(one.is_ok() && two.is_ok() && three.is_ok());
    site.await.unwrap();
}

#[tokio::test]
async fn a_bomb_in_brotli_is_bounded_too() {
    // A hundred thousand times the same letter.
    let packed = [
        0x5b, 0x9f, 0x86, 0x81, 0x5f, 0x02, 0x2f, 0x1e, 0x0b, 0x04, 0xb2, 0xfc, 0x02, 0x00,
    ];
    let (url, _) = server(vec![answer("200 OK\r\ncontent-encoding: br", &packed)]).await;
    let refused = client(&["127.0.0.0/8"]).get(get(&url)).await.unwrap_err();
    assert_eq!(refused, FetchError::TooLarge { bytes_max: 1000 });
}

/// A site whose certificate a root of its own signed; it serves each caller who trusts it.
fn site_of_its_own_root() -> Url {
    use rustls::pki_types::pem::PemObject;
    use rustls::pki_types::{CertificateDer, PrivateKeyDer};

    let pem = include_bytes!("../../tests/fixtures/tls/site.pem");
    let key = PrivateKeyDer::from_pem_slice(pem).unwrap();
    let chain = CertificateDer::pem_slice_iter(pem).map(Result::unwrap);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain.collect(), key)
        .unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let config = Arc::new(config);
        for caller in listener.incoming().flatten() {
            let session = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(session, caller);
            // Who does not trust the site hangs up.
            if std::io::Read::read(&mut stream, &mut [0; 1024]).is_ok() {
                drop(stream.write_all(&answer("200 OK", b"trusted")));
            }
        }
    });
    url.parse().unwrap()
}

#[tokio::test]
async fn a_certificate_is_verified_and_an_extra_root_is_the_only_way_round_that() {
    let url = site_of_its_own_root();
    let trusting = |extra_ca_pem: Option<&[u8]>| {
        WebClient::new(&WebSettings {
            allow_private: vec!["127.0.0.0/8".parse().unwrap()],
            timeout: Duration::from_secs(5),
            extra_ca_pem: extra_ca_pem.map(ToOwned::to_owned),
        })
    };
    let refused = trusting(None).unwrap().get(get(&url)).await.unwrap_err();
    assert!(matches!(refused, FetchError::Unreachable(_)), "{refused}");
    let root: &[u8] = include_bytes!("../../tests/fixtures/tls/root.pem");
    let fetched = trusting(Some(root)).unwrap().get(get(&url)).await.unwrap();
    assert_eq!(fetched.body.as_ref(), b"trusted");
    let nonsense = trusting(Some(
        b"-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----",
    ));
    assert!(matches!(nonsense, Err(BuildError::ExtraCa(_))));
}
