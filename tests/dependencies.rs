//! The rules of the house, read off its sources: which module may use which, where each outside
//! crate lives, and under which licences they come.

#![expect(
    clippy::unwrap_used,
    reason = "a rule that cannot be checked is broken"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// In the order in which data flows: none uses one that comes after it, nor one of the [`ENDS`].
const FLOW: [&str; 9] = [
    "config",
    "feed",
    "article",
    "post",
    "ledger",
    "destination",
    "publisher",
    "poller",
    "desk",
];
/// Where people come in.
const ENDS: [&str; 2] = ["cli", "admin"];
/// What else a module must not use.
const NEVER: [(&str, &[&str]); 6] = [
    ("ledger", &["http_client"]),
    ("destination", &["feed", "ledger"]),
    ("publisher", &["feed"]),
    ("poller", &["destination"]),
    ("desk", &["rehearsal", "daemon"]),
    (
        "admin",
        &[
            "feed",
            "article",
            "post",
            "ledger",
            "destination",
            "publisher",
            "poller",
            "cli",
        ],
    ),
];

/// Where each outside crate lives. What is not named here is vocabulary, used anywhere.
const HOMES: [(&str, &[&str]); 25] = [
    ("axum", &["admin", "rehearsal"]),
    ("clap", &["cli", "language", "telemetry"]),
    ("clap_complete", &["cli"]),
    ("clap_mangen", &["cli"]),
    ("comfy_table", &["cli/terminal"]),
    ("crc32fast", &["ledger/journal"]),
    ("dom_query", &["markup", "article/page"]),
    ("dom_smoothie", &["article/page/root"]),
    ("encoding_rs", &["markup/decode", "markup/legacy"]),
    ("fastrand", &["dice"]),
    ("feed_rs", &["feed/parse"]),
    ("flate2", &["ledger/journal"]),
    ("hmac", &["destination/facebook", "rehearsal/login"]),
    ("image", &["article/picture", "rehearsal/news_site"]),
    ("indicatif", &["cli/terminal"]),
    ("minijinja", &["post/template", "post/filters"]),
    ("oauth2", &["destination/facebook/login"]),
    (
        "reqwest",
        &["http_client", "destination/facebook", "desk/assemble"],
    ),
    ("rustix", &["faults"]),
    ("rustls", &["http_client"]),
    ("schemars", &["config", "language"]),
    ("secrecy", &["cli/login", "config", "destination/facebook"]),
    ("sled", &["ledger/index"]),
    (
        "toml",
        &[
            "article/page/sites",
            "article/places",
            "article/rules",
            "config",
            "language",
            "cli/help",
        ],
    ),
    ("tracing_subscriber", &["telemetry"]),
];

/// Licences that may be shipped with ours.
const LICENCES: [&str; 14] = [
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
    "0BSD",
];

/// Every source file by its module path, such as `ledger/journal`.
fn sources() -> BTreeMap<String, String> {
    fn gather(dir: &Path, root: &Path, found: &mut BTreeMap<String, String>) {
        for entry in std::fs::read_dir(dir).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                gather(&path, root, found);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                let name = path.strip_prefix(root).unwrap().with_extension("");
                found.insert(
                    name.to_str().unwrap().to_owned(),
                    std::fs::read_to_string(&path).unwrap(),
                );
            }
        }
    }
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = BTreeMap::new();
    gather(&root, &root, &mut found);
    found
}

/// The lines that are code, without the tests at a file's end.
fn code(text: &str) -> impl Iterator<Item = &str> {
    text.split("#[cfg(test)]\nmod tests {")
        .next()
        .unwrap_or_default()
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"))
}

fn is_test(name: &str) -> bool {
    let mut parts = name.split('/');
    parts.any(|part| matches!(part, "tests" | "conformance"))
}

/// Whether a line names the path `path::…` and not a longer one that ends like it.
fn names(line: &str, path: &str) -> bool {
    line.match_indices(&format!("{path}::")).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|letter| letter.is_alphanumeric() || matches!(letter, '_' | ':'))
    })
}

/// What a module must not use.
fn never(module: &str) -> Vec<&'static str> {
    let place = FLOW.iter().position(|one| *one == module);
    let after = place.map_or(&[][..], |place| &FLOW[place + 1..]);
    let ends = place.map_or(&[][..], |_| &ENDS);
    let others = NEVER.iter().filter(|(ruled, _)| *ruled == module);
    let others = others.flat_map(|(_, never)| *never);
    after.iter().chain(ends).chain(others).copied().collect()
}

#[test]
fn data_flows_one_way() {
    let mut faults = Vec::new();
    for (name, text) in sources().iter().filter(|(name, _)| !is_test(name)) {
        for other in never(name.split('/').next().unwrap()) {
            if code(text).any(|line| line.contains(&format!("crate::{other}::"))) {
                faults.push(format!("{name} uses {other}"));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn every_outside_crate_has_its_home() {
    let mut faults = Vec::new();
    let mut used: BTreeMap<&str, usize> = BTreeMap::new();
    for (name, text) in sources().iter().filter(|(name, _)| !is_test(name)) {
        for (outside, homes) in HOMES {
            let at_home = homes
                .iter()
                .any(|home| name == home || name.starts_with(&format!("{home}/")));
            let named = code(text).any(|line| names(line, outside));
            if named {
                *used.entry(outside).or_default() += 1;
            }
            if named && !at_home {
                faults.push(format!("{name} uses {outside}, which lives in {homes:?}"));
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
    let unused: Vec<&str> = HOMES
        .iter()
        .map(|(outside, _)| *outside)
        .filter(|outside| !used.contains_key(outside))
        .collect();
    assert_eq!(
        unused,
        Vec::<&str>::new(),
        "a rule about a crate that nobody uses"
    );
}

#[test]
fn the_rules_can_fail() {
    assert_eq!(never("poller"), ["desk", "cli", "admin", "destination"]);
    assert_eq!(never("clock"), Vec::<&str>::new());
    assert!(names("use sled::Db;", "sled"));
    assert!(names("    let db = sled::open();", "sled"));
    assert!(!names("use crate::sled::Db;", "sled"));
    assert!(!names("unsled::x", "sled"));
    assert_eq!(
        code("use sled::Db;\n#[cfg(test)]\nmod tests {\nuse image::X;").count(),
        1
    );
}

#[test]
fn nothing_knows_a_fixtures_host_or_this_machine() {
    for (name, text) in sources().iter().filter(|(name, _)| !is_test(name)) {
        for line in code(text) {
            assert!(!line.contains("baolongan"), "{name}: {line}");
            assert!(!line.contains("tests/fixtures"), "{name}: {line}");
        }
    }
}

/// What the program takes in from outside `src`, and the benches that the manifest names.
fn built_from() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = Vec::new();
    for (_, text) in sources().iter().filter(|(name, _)| !is_test(name)) {
        for line in code(text) {
            let Some((_, rest)) = line.split_once("include_") else {
                continue;
            };
            let path = rest.split('"').nth(1).unwrap_or_default();
            let path = path.trim_start_matches("../");
            if root.join(path).is_file() {
                paths.push(path.to_owned());
            }
        }
    }
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).unwrap();
    let benches = manifest.split("[[bench]]").skip(1);
    paths.extend(benches.map(|bench| format!("benches/{}.rs", bench.split('"').nth(1).unwrap())));
    paths
}

#[test]
fn the_image_gets_everything_that_it_is_built_from() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let let_in = std::fs::read_to_string(root.join(".dockerignore")).unwrap();
    let recipe = std::fs::read_to_string(root.join("Dockerfile")).unwrap();
    let copies = |path: &str| {
        let copied = recipe.lines().filter_map(|line| line.strip_prefix("COPY "));
        let mut copied = copied.flat_map(|line| line.split(' '));
        copied.any(|from| path.starts_with(from))
    };
    let is_let_in = |path: &str| {
        let mut let_in = let_in.lines().filter_map(|line| line.strip_prefix('!'));
        let_in.any(|from| path.starts_with(from))
    };
    let paths = built_from();
    assert!(paths.len() > 2, "{paths:?}");
    let missing: Vec<&String> = paths
        .iter()
        .filter(|path| !copies(path) || !is_let_in(path))
        .collect();
    assert_eq!(missing, Vec::<&String>::new());
}

#[test]
fn every_dependency_may_be_shipped() {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--offline",
            "--locked",
            "--format-version",
            "1",
            "--filter-platform",
            "x86_64-unknown-linux-gnu",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100);
    let mut faults = Vec::new();
    for package in packages {
        let licence = package["license"]
            .as_str()
            .unwrap_or_default()
            .replace('/', " OR ");
        // Of several alternatives one is enough; what is joined by AND must all do.
        let allowed = licence.split(" OR ").any(|one| {
            let parts = one
                .split(" AND ")
                .map(|part| part.trim_matches(['(', ')', ' ']));
            let mut parts = parts.map(|part| part.split(" WITH ").next().unwrap_or(part));
            parts.all(|part| LICENCES.contains(&part))
        });
        if !allowed {
            faults.push(format!("{}: {licence}", package["name"]));
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}
