//! A person lets loa in, at the command line and in a browser; loa posts with what it was given.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Stdio};

use loa::rehearsal::{APP_SECRET, PAGE_ID, TOKENS_START};

use crate::house::{House, Ran, Wishes, at};
use crate::site::entry;

/// A house whose Page nobody has logged in yet, and the address that the dialog leads back to.
pub(crate) async fn house() -> (House, String) {
    let mut house = House::with(Wishes {
        facebook: "app_secret = { env = \"LOA_APP_SECRET\" }",
        ..Wishes::default()
    })
    .await;
    // A port that was free a moment ago.
    let port = TcpListener::bind(("127.0.0.1", 0))
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let redirect = format!("http://localhost:{port}/");
    house.page.allow_redirect(&redirect);
    house.change_settings("token = { env = \"LOA_TOKEN\" }\n", "");
    let with_redirect = format!("[facebook]\nlogin_redirect = \"{redirect}\"\n");
    house.change_settings("[facebook]\n", &with_redirect);
    (house, redirect)
}

/// `loa login`, running; with the address that it sends the person to.
fn start(house: &House, arguments: &[&str]) -> (Child, String) {
    let mut child = house
        .program(arguments)
        .env("LOA_APP_SECRET", APP_SECRET)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    // The rest is read at the end, from the same pipe.
    child.stdout = Some(out.into_inner());
    (child, line.trim().to_owned())
}

fn end(mut child: Child) -> Ran {
    drop(child.stdin.take());
    let mut err = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut err)
        .unwrap();
    let mut out = String::new();
    child
        .stdout
        .take()
        .unwrap()
        .read_to_string(&mut out)
        .unwrap();
    let code = child.wait().unwrap().code().unwrap_or(-1);
    Ran { code, out, err }
}

/// The person ticks everything in the dialog; says where it led back to.
async fn agrees(address: &str) -> String {
    let browser = loa::http_client::graph_client(std::time::Duration::from_secs(30), None).unwrap();
    let shown = browser.get(address).send().await.unwrap();
    let form = shown.text().await.unwrap();
    let names = form
        .split("name=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    let wanted = |name: &&str| {
        name.starts_with("scope:")
            || name.contains(PAGE_ID)
            || *name == "may-post"
            || *name == "in-app"
    };
    let mut ticked: Vec<(&str, &str)> = names.filter(wanted).map(|name| (name, "on")).collect();
    ticked.push(("agree", "1"));
    let answer = browser.post(address).form(&ticked).send().await.unwrap();
    answer.headers()["location"].to_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn on_a_server_without_a_browser_the_address_is_pasted_and_loa_posts_with_what_it_got() {
    let (house, _) = house().await;
    let none = house.run(&["once", "--json"]);
    assert_eq!(none.code, 0, "a first poll needs no token: {}", none.err);
    let (mut child, address) = start(&house, &["login", "--paste"]);
    let back = agrees(&address).await;
    let mut keyboard = child.stdin.take().unwrap();
    writeln!(keyboard, "xin chào\n{back}").unwrap();
    let ran = end(child);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(
        ran.err.contains("there is no code in this address"),
        "{}",
        ran.err
    );
    assert!(ran.out.contains("trang may be posted to"), "{}", ran.out);

    let stored = house.state().join(format!("tokens/{PAGE_ID}.json"));
    let mode = std::fs::metadata(&stored).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    house.site.feed(&[entry(1, "Một")]);
    let mut once = house.program(&["once", "--json"]);
    let once = Ran::of(once.env("LOA_APP_SECRET", APP_SECRET).output().unwrap());
    assert_eq!(once.code, 0, "{} {}", once.out, once.err);
    assert_eq!(house.shown(), ["Một"]);

    let mut status = house.program(&["login", "status", "--json"]);
    let status = Ran::of(status.env("LOA_APP_SECRET", APP_SECRET).output().unwrap());
    assert_eq!(
        at(&status.document(), "/pages/0/good"),
        true,
        "{}",
        status.out
    );
    for said in [
        &ran.out,
        &ran.err,
        &once.out,
        &once.err,
        &status.out,
        &status.err,
    ] {
        for secret in [TOKENS_START, APP_SECRET, "AQRehearsal"] {
            assert!(!said.contains(secret), "{said}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_browser_is_at_hand_it_comes_back_by_itself() {
    let (house, redirect) = house().await;
    let (child, address) = start(&house, &["login"]);
    let back = agrees(&address).await;
    assert!(back.starts_with(&redirect), "{back}");
    let browser = loa::http_client::graph_client(std::time::Duration::from_secs(30), None).unwrap();
    let back = back.replace("localhost", "127.0.0.1");
    let favicon = browser.get(back.split('?').next().unwrap().to_owned() + "favicon.ico");
    assert_eq!(favicon.send().await.unwrap().status(), 404);
    let page = browser.get(back).send().await.unwrap();
    assert!(
        page.text()
            .await
            .unwrap()
            .contains("You may close this window")
    );
    let ran = end(child);
    assert_eq!(ran.code, 0, "{} {}", ran.out, ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_not_let_in_is_sent_back_to_the_command_line_which_says_what_to_click() {
    let (house, redirect) = house().await;
    let (child, _) = start(&house, &["login"]);
    let browser = loa::http_client::graph_client(std::time::Duration::from_secs(30), None).unwrap();
    let back = redirect.replace("localhost", "127.0.0.1");
    let back = format!("{back}?error_code=1349045&error_message=App+not+active%3A+no");
    let page = browser.get(back).send().await.unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains("Go back to the command line"), "{page}");
    let ran = end(child);
    assert_eq!(ran.code, 77, "{}", ran.err);
    assert!(ran.err.contains("switch it to Live"), "{}", ran.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_the_page_says_what_to_do_and_the_queue_is_kept() {
    let (house, _) = house().await;
    house.run(&["once"]);
    house.site.feed(&[entry(1, "Một")]);
    let once = house.run(&["once", "--json"]);
    assert_eq!(once.code, 77, "{} {}", once.out, once.err);
    assert_eq!(at(&once.document(), "/pages/0/queued"), 1);
    assert!(once.out.contains("loa login"), "{}", once.out);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_is_no_good_is_refused_and_not_stored() {
    let (house, _) = house().await;
    let mut child = house
        .program(&["login", "--token", "-"])
        .env("LOA_APP_SECRET", APP_SECRET)
        .stdin(Stdio::piped())
        .spawn()
        .unwrap();
    writeln!(child.stdin.take().unwrap(), "EAAnonsense").unwrap();
    let ran = Ran::of(child.wait_with_output().unwrap());
    assert_eq!(ran.code, 77, "{}", ran.err);
    assert!(
        ran.err.contains("not valid") && !ran.err.contains("EAAnonsense"),
        "{}",
        ran.err
    );
    assert!(!house.state().join("tokens").exists());
}

/// Lets loa in by a pasted address; says what it printed.
pub(crate) async fn lets_in(house: &House) -> Ran {
    let (mut child, address) = start(house, &["login", "--paste"]);
    let back = agrees(&address).await;
    writeln!(child.stdin.take().unwrap(), "{back}").unwrap();
    end(child)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_log_in_ends_with_how_to_see_that_the_public_sees_the_posts() {
    let (house, _) = house().await;
    house.page.switch(|switches| switches.development = true);
    let (mut child, address) = start(&house, &["login", "--paste", "--lang", "vi"]);
    let back = agrees(&address).await;
    writeln!(child.stdin.take().unwrap(), "{back}").unwrap();
    let ran = end(child);
    assert_eq!(ran.code, 0, "{}", ran.err);
    for words in ["chưa đăng nhập Facebook", "chuyển sang chế độ Live"] {
        assert!(ran.err.contains(words), "{}", ran.err);
    }
    house.page.post_by_hand("Có bài", None).unwrap();
    let wall = address.split("/v2").next().unwrap();
    let browser = loa::http_client::graph_client(std::time::Duration::from_secs(30), None).unwrap();
    let public = browser.get(wall).send().await.unwrap();
    let public = public.text().await.unwrap();
    assert!(public.contains("chế độ phát triển"), "{public}");
    assert!(!public.contains("Có bài"), "{public}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_loa_goes_on_as_soon_as_somebody_has_logged_in() {
    let (house, _) = house().await;
    house.run(&["once"]);
    house.site.feed(&[entry(1, "Một")]);
    assert_eq!(house.run(&["once"]).code, 77);
    let mut command = house.program(&["run"]);
    let mut daemon = command.env("LOA_APP_SECRET", APP_SECRET).spawn().unwrap();
    let mut log = BufReader::new(daemon.stderr.take().unwrap()).lines();
    let says = |line: String| line.contains("does not let us post") && line.contains("loa login");
    assert!(
        log.by_ref().map_while(Result::ok).any(says),
        "it does not say that it has no token"
    );
    let ran = lets_in(&house).await;
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.err.contains("goes on posting"), "{}", ran.err);
    while house.shown().is_empty() {
        assert!(daemon.try_wait().unwrap().is_none(), "it ended");
        tokio::task::yield_now().await;
    }
    assert_eq!(house.shown(), ["Một"]);
    daemon.kill().unwrap();
    daemon.wait().unwrap();
}
