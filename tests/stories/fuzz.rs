//! What sites send, damaged at random: nothing of it may panic, hang or grow. In `make test` a
//! few rounds from a fixed seed; `make fuzz` runs each target for `LOA_FUZZ_SECONDS` from the
//! seed in `LOA_FUZZ_SEED`, or from one of its own, which it prints.

#![expect(
    clippy::disallowed_methods,
    reason = "how long an input takes is what is measured"
)]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

use fastrand::Rng;
use jiff::tz::TimeZone;
use unicode_segmentation::UnicodeSegmentation;
use url::Url;

use loa::article::page::PageReader;
use loa::article::picture;
use loa::article::text::{Limit, clean, excerpt, sentences};
use loa::feed::{self, date::Dates};

/// Rounds of a run that is no fuzzing.
const ROUNDS: usize = 100;
/// The longest that one input may take, on a busy machine.
const INPUT_TIME_MAX: Duration = Duration::from_secs(20);
/// What a server may say of a feed.
const LABELS: [Option<&str>; 4] = [
    None,
    Some("text/xml; charset=utf-8"),
    Some("text/xml; charset=windows-1258"),
    Some("application/xml; charset=utf-16"),
];
/// Pieces of markup and bytes that readers stumble over.
const PIECES: [&[u8]; 16] = [
    b"<![CDATA[",
    b"]]>",
    b"<",
    b">",
    b"&",
    b"&#0;",
    b"&nbsp;",
    b"</item>",
    b"<item>",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    "\u{301}".as_bytes(),
    "“".as_bytes(),
    b"<img src='//x'>",
    b"<div>",
];

fn fixtures(endings: &[&str]) -> Vec<Vec<u8>> {
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures")];
    let mut found = Vec::new();
    while let Some(dir) = open.pop() {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            let ending = path
                .extension()
                .map(|ending| ending.to_string_lossy().to_lowercase());
            match ending {
                _ if path.is_dir() => open.push(path),
                Some(ending) if endings.contains(&ending.as_str()) => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    found
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect()
}

/// One of the inputs, damaged in one to eight places.
fn damaged(inputs: &[Vec<u8>], rng: &mut Rng) -> Vec<u8> {
    let mut bytes = rng.choice(inputs).unwrap().clone();
    for _ in 0..rng.usize(1..=8) {
        let at = rng.usize(0..=bytes.len());
        let end = (at + rng.usize(0..200)).min(bytes.len());
        match rng.u8(0..5) {
            0 => drop(bytes.drain(at..end)),
            1 => drop(bytes.splice(at..at, rng.choice(PIECES).unwrap().iter().copied())),
            2 => bytes.truncate(at),
            3 => bytes
                .iter_mut()
                .skip(at)
                .take(1)
                .for_each(|byte| *byte = rng.u8(..)),
            _ => {
                let again = bytes.get(at..end).unwrap().to_vec();
                drop(bytes.splice(at..at, again));
            }
        }
    }
    bytes
}

fn run(target: &str, inputs: &[Vec<u8>], read: impl Fn(&[u8])) {
    let seconds = std::env::var("LOA_FUZZ_SECONDS")
        .ok()
        .and_then(|text| text.parse().ok());
    let given = std::env::var("LOA_FUZZ_SEED")
        .ok()
        .and_then(|text| text.parse().ok());
    let seed = given.unwrap_or(if seconds.is_some() {
        fastrand::u64(..)
    } else {
        35
    });
    let mut rng = Rng::with_seed(seed);
    let begun = Instant::now();
    let (mut rounds, mut slowest) = (0, Duration::ZERO);
    while seconds.map_or(rounds < ROUNDS, |most| {
        begun.elapsed() < Duration::from_secs(most)
    }) {
        let bytes = damaged(inputs, &mut rng);
        let input_begun = Instant::now();
        if catch_unwind(AssertUnwindSafe(|| read(&bytes))).is_err() {
            let kept = std::env::temp_dir().join(format!("loa-{target}-{seed}-{rounds}"));
            std::fs::write(&kept, &bytes).unwrap();
            panic!(
                "{target}: round {rounds} of seed {seed}; the input is in {}",
                kept.display()
            );
        }
        slowest = slowest.max(input_begun.elapsed());
        assert!(
            seconds.is_none() || slowest < INPUT_TIME_MAX,
            "{target}: round {rounds} of seed {seed} took {slowest:?}"
        );
        rounds += 1;
    }
    println!("{target}: {rounds} rounds from seed {seed}, the slowest {slowest:?}");
}

fn base() -> Option<Url> {
    Url::parse("https://bao.example/rss").ok()
}

#[test]
fn bytes_become_entries_or_an_error() {
    let mut feeds = fixtures(&["xml"]);
    feeds.push(include_bytes!("feeds/feed.json").to_vec());
    run("feed", &feeds, |bytes| {
        let label = LABELS.get(bytes.len() % LABELS.len()).copied().flatten();
        if let Ok(feed) = feed::parse(
            bytes,
            label,
            base().as_ref(),
            &Dates::in_zone(TimeZone::UTC),
        ) {
            for entry in feed.entries {
                assert!(!entry.title.contains(char::REPLACEMENT_CHARACTER));
            }
        }
    });
}

#[test]
fn html_becomes_an_article_or_an_error() {
    let reader = PageReader::new(TimeZone::UTC);
    run("article", &fixtures(&["html"]), |bytes| {
        drop(reader.read(bytes, Some("text/html"), base().as_ref()));
    });
}

#[test]
fn text_becomes_an_excerpt_within_its_limit() {
    run("excerpt", &fixtures(&["xml", "html", "json"]), |bytes| {
        let text = String::from_utf8_lossy(bytes);
        let limit = bytes.len() % 400;
        let cut = excerpt(&text, Limit::Chars(limit));
        let shown = cut
            .trim_end_matches(['…', '”', '"', '»', '’', ')', ']'])
            .graphemes(true)
            .count();
        assert!(shown <= limit, "{shown} of {limit}");
        drop((
            clean(&text),
            sentences(&text),
            excerpt(&text, Limit::Words(limit)),
        ));
    });
}

#[test]
fn a_file_becomes_a_picture_or_an_error() {
    run("picture", &fixtures(&["jpg", "png", "gif"]), |bytes| {
        if let Ok(prepared) = picture::prepare(bytes) {
            assert!(prepared.bytes.starts_with(&[0xff, 0xd8]));
            assert!(prepared.width.max(prepared.height) <= 2048);
        }
    });
}
