//! Nothing that the program ever says or writes holds a secret, but the file that is for it.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

use loa::rehearsal::mood::{Kind, Whim};
use loa::rehearsal::{APP_SECRET, PAGE_ID};
use serde_json::Value;

use crate::house::{House, Ran};
use crate::login::{house, lets_in};
use crate::site::entry;

/// Runs the program with the app's secret, and with everything that it can log.
fn run(house: &House, arguments: &[&str]) -> Ran {
    let mut command = house.program(arguments);
    command
        .env("LOA_APP_SECRET", APP_SECRET)
        .env("RUST_LOG", "trace")
        .env("RUST_BACKTRACE", "1");
    Ran::of(command.output().unwrap())
}

/// The daemon, with everything that it can log, until it has looked at the token.
fn daemon(house: &House) -> Ran {
    let before = house.calls("POST", "/debug_token");
    let mut command = house.program(&["run"]);
    command
        .env("LOA_APP_SECRET", APP_SECRET)
        .env("RUST_LOG", "trace");
    let mut process = command.spawn().unwrap();
    let mut log = BufReader::new(process.stderr.take().unwrap());
    let mut said = String::new();
    while house.calls("POST", "/debug_token") == before {
        assert_ne!(log.read_line(&mut said).unwrap(), 0, "it ended: {said}");
    }
    let stop = ["-TERM".to_owned(), process.id().to_string()];
    assert!(Command::new("kill").args(stop).status().unwrap().success());
    log.read_to_string(&mut said).unwrap();
    let mut ended = Ran::of(process.wait_with_output().unwrap());
    ended.err = said;
    ended
}

/// Every file below a folder, with its content.
fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if let Ok(content) = std::fs::read(&path) {
            found.insert(path, content);
        }
    }
    found
}

fn holds(content: &[u8], secret: &str) -> bool {
    content
        .windows(secret.len())
        .any(|window| window == secret.as_bytes())
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_ever_said_or_written_but_in_the_file_that_is_for_it() {
    let (house, _) = house().await;
    let mut said = vec![lets_in(&house).await];
    assert_eq!(said[0].code, 0, "{}", said[0].err);
    let stored = house.state().join(format!("tokens/{PAGE_ID}.json"));
    let written: Value = serde_json::from_slice(&std::fs::read(&stored).unwrap()).unwrap();
    let token = written["token"].as_str().unwrap().to_owned();

    said.push(run(&house, &["once", "--json"]));
    house.site.feed(&[entry(1, "Một")]);
    said.push(run(&house, &["once", "--log", "json"]));
    assert_eq!(house.shown(), ["Một"]);
    // Whatever is asked of the Page fails, with both secrets in the words of the answer.
    house.site.feed(&[entry(2, "Hai"), entry(1, "Một")]);
    let second = house.site.link(&entry(2, "Hai"));
    let quoting = |code| Whim::Errs {
        status: 400,
        code,
        subcode: None,
        words: format!("Malformed access token {token} of app 353535|{APP_SECRET}"),
    };
    for (kind, code) in [
        (Kind::Read, 190),
        (Kind::Inspect, 190),
        (Kind::Publish, 200),
        (Kind::Publish, 100),
    ] {
        house.page.forget_moods();
        house.mood_on(kind, quoting(code), 10);
        for arguments in [
            &["once", "--json"][..],
            &["once", "--log", "json"],
            &["login", "status"],
            &["check", "--online"],
            &["post", "--json", &second],
            &["why", "Hai", "--json"],
        ] {
            said.push(run(&house, arguments));
        }
    }
    house.page.forget_moods();
    for quoted in [token.clone(), format!("client_secret={APP_SECRET}")] {
        let mut command = house.program(&["once", "--json"]);
        command
            .env("LOA_FAULTS", format!("panic=web.asking:1;quoting={quoted}"))
            .env("RUST_BACKTRACE", "1");
        let panicked = Ran::of(command.output().unwrap());
        assert_eq!(panicked.code, 70, "{}", panicked.err);
        assert!(panicked.err.contains("[redacted]"), "{}", panicked.err);
        said.push(panicked);
    }
    house.mood_on(Kind::Inspect, quoting(190), 1_000);
    let ended = daemon(&house);
    assert_eq!(ended.code, 0, "{}", ended.err);
    said.push(ended);
    house.page.forget_moods();
    said.push(run(&house, &["ledger", "export"]));
    let journal = &said[said.len() - 1].out;
    assert!(journal.contains("[redacted]"), "nothing was quoted");
    std::fs::write(&stored, format!("{{\"v\":1,\"token\":\"{token}\"")).unwrap();
    said.push(run(&house, &["once"]));
    said.push(run(&house, &["login", "status"]));

    for ran in &said {
        for secret in [token.as_str(), APP_SECRET] {
            for text in [&ran.out, &ran.err] {
                assert!(!text.contains(secret), "{secret} in {text}");
            }
        }
    }
    let files = files(house.dir.path());
    assert!(files.len() > 5, "{:?}", files.keys());
    for (path, content) in files.iter().filter(|(path, _)| **path != stored) {
        for secret in [token.as_str(), APP_SECRET] {
            assert!(!holds(content, secret), "{}", path.display());
        }
    }
    assert!(holds(&files[&stored], &token), "the search finds nothing");
}
