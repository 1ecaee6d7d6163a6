//! Logs: to standard error, as text for a terminal or as JSON for a collector, and through a net
//! that no secret passes, whoever wrote it.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::{self, Write};
use std::panic;

use serde::Serialize;
use tracing::error;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// What stands before a secret in a text, and what ends it there.
const MARKS: [&str; 6] = [
    "access_token=",
    "access_token\":\"",
    "input_token=",
    "client_secret=",
    "appsecret_proof=",
    "Bearer ",
];
/// How Facebook's own tokens begin.
const TOKEN_STEM: &str = "EAA";
/// A run of letters and digits from here on is a token, not a word that begins alike.
const TOKEN_CHARS_MIN: usize = 20;
/// What is written in place of a secret.
const REDACTED: &str = "[redacted]";

/// How logs are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, clap::ValueEnum)]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// One JSON document a line.
    Json,
}

/// Starts logging. `level` counts where `RUST_LOG` says nothing.
pub fn start(format: LogFormat, level: &str) {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let logs = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(Net)
        .with_target(false)
        .with_ansi(false);
    tell_panics();
    // An error means that a test or an embedding program logs already.
    let _ = match format {
        LogFormat::Text => logs.try_init(),
        LogFormat::Json => logs.json().try_init(),
    };
}

/// A panic is told like everything else: what it quotes may be a secret.
fn tell_panics() {
    panic::set_hook(Box::new(|told| {
        let trace = Backtrace::capture();
        match trace.status() {
            BacktraceStatus::Captured => error!("{told}\n{trace}"),
            _ => error!("{told}"),
        }
    }));
}

/// Standard error behind the net.
struct Net;

impl<'a> MakeWriter<'a> for Net {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line(Vec::new())
    }
}

/// One event's text, held back until it is whole.
struct Line(Vec<u8>);

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        let text = redacted(&String::from_utf8_lossy(&self.0));
        // Nobody is left to tell that standard error is closed.
        let _ = io::stderr().write_all(text.as_bytes());
    }
}

/// The text without anything that looks like a secret.
pub fn redacted(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((start, end)) = next_secret(rest) {
        out.push_str(rest.get(..start).unwrap_or_default());
        out.push_str(REDACTED);
        rest = rest.get(end..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// Where the first secret of a text begins and ends.
fn next_secret(text: &str) -> Option<(usize, usize)> {
    let marked = MARKS.iter().filter_map(|mark| {
        let start = text.find(mark)? + mark.len();
        let end = start + run(text.get(start..)?);
        (end > start).then_some((start, end))
    });
    let tokens = text.match_indices(TOKEN_STEM).filter_map(|(start, _)| {
        let length = run(text.get(start..)?);
        (length >= TOKEN_CHARS_MIN).then_some((start, start + length))
    });
    marked.chain(tokens).min()
}

/// How many bytes of the text may belong to one token.
fn run(text: &str) -> usize {
    text.find(|letter: char| !(letter.is_ascii_alphanumeric() || "-_.|%~".contains(letter)))
        .unwrap_or(text.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_token_passes_the_net_wherever_it_stands() {
        let secret = "EAAGm0PX4ZCpsBAKZA1234567890abcdef";
        for text in [
            format!("GET /me?access_token={secret}&fields=id"),
            format!("Authorization: Bearer {secret}"),
            format!("{{\"access_token\":\"{secret}\"}}"),
            format!("said {secret}, twice {secret}"),
            "client_secret=0123abcd&x=1".to_owned(),
        ] {
            let passed = redacted(&text);
            assert!(
                !passed.contains(secret) && !passed.contains("0123abcd"),
                "{passed}"
            );
            assert!(passed.contains(REDACTED));
        }
    }

    #[test]
    fn words_pass_as_they_are() {
        let text = "Đã đăng EAA lên Cần Đước 35; Bearer";
        assert_eq!(redacted(text), text);
    }
}
