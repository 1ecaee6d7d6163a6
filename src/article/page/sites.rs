//! What is known of the page systems of news sites: where they put the parts of an article. The
//! rules stand in `sites.toml` beside this file, which ships with the program; an office adds its own.

use std::path::Path;

use dom_query::{Document, Matcher, Selection};
use serde::Deserialize;
use toml::Spanned;
use url::Url;

use crate::article::rules::{RulesError, RulesFile, text_of};

/// The rules that ship with the program.
const SHIPPED: &str = include_str!("sites.toml");
/// What an office calls its own.
pub const SITES_FILE: &str = "sites.toml";
/// Under which name they are spoken of.
const SHIPPED_NAME: &str = "sites.toml (comes with the program)";

/// The rules of every known site, an office's own before those that ship.
#[derive(Debug, Clone, Default)]
pub struct Sites(Vec<Site>);

/// The rules of one page system. What is empty is found without rules.
#[derive(Debug, Clone, Default)]
pub(super) struct Site {
    hosts: Vec<String>,
    address: Vec<String>,
    marks: Vec<String>,
    pub(super) title: Vec<String>,
    pub(super) lead: Vec<String>,
    pub(super) byline: Vec<String>,
    pub(super) section: Vec<String>,
    pub(super) time: Vec<String>,
    pub(super) body: Vec<String>,
    pub(super) caption: Vec<String>,
    pub(super) remove: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    #[serde(default)]
    site: Vec<WrittenSite>,
}

type Lines = Vec<Spanned<String>>;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenSite {
    name: Spanned<String>,
    #[serde(default)]
    hosts: Vec<String>,
    #[serde(default)]
    address: Vec<String>,
    #[serde(default)]
    marks: Lines,
    #[serde(default)]
    title: Lines,
    #[serde(default)]
    lead: Lines,
    #[serde(default)]
    byline: Lines,
    #[serde(default)]
    section: Lines,
    #[serde(default)]
    time: Lines,
    #[serde(default)]
    body: Lines,
    #[serde(default)]
    caption: Lines,
    #[serde(default)]
    remove: Lines,
}

impl Sites {
    /// The rules that ship with the program alone.
    pub fn shipped() -> Self {
        parse(Path::new(SHIPPED_NAME), SHIPPED).unwrap_or_default()
    }

    /// An office's rules in `path`, if it has any, before those that ship.
    ///
    /// # Errors
    /// When the file cannot be read, or makes no sense.
    pub fn load(path: &Path) -> Result<Self, RulesError> {
        let mut sites = match text_of(path)? {
            Some(text) => parse(path, &text)?,
            None => Self::default(),
        };
        sites.0.extend(Self::shipped().0);
        Ok(sites)
    }

    /// The rules for a page; those without any rule where nobody knows it.
    pub(super) fn of(&self, document: &Document, url: Option<&Url>) -> Site {
        let known = self.0.iter().find(|site| site.fits(document, url));
        known.cloned().unwrap_or_default()
    }
}

fn parse(path: &Path, text: &str) -> Result<Sites, RulesError> {
    let file = RulesFile::new(path, text);
    let written: Written = file.parse()?;
    let sites = written.site.into_iter().map(|site| site.checked(&file));
    sites.collect::<Result<_, _>>().map(Sites)
}

impl WrittenSite {
    fn checked(self, file: &RulesFile<'_>) -> Result<Site, RulesError> {
        if self.hosts.is_empty() && self.address.is_empty() && self.marks.is_empty() {
            let what = "say by what the site is known: hosts, address or marks";
            return Err(file.wrong(&self.name.span(), what));
        }
        let lines = |lines: Lines| -> Result<Vec<String>, RulesError> {
            lines.into_iter().map(|line| selector(line, file)).collect()
        };
        Ok(Site {
            hosts: self.hosts,
            address: self.address,
            marks: lines(self.marks)?,
            title: lines(self.title)?,
            lead: lines(self.lead)?,
            byline: lines(self.byline)?,
            section: lines(self.section)?,
            time: lines(self.time)?,
            body: lines(self.body)?,
            caption: lines(self.caption)?,
            remove: lines(self.remove)?,
        })
    }
}

fn selector(line: Spanned<String>, file: &RulesFile<'_>) -> Result<String, RulesError> {
    let place = line.span();
    let text = line.into_inner();
    match Matcher::new(&text) {
        Ok(_) => Ok(text),
        Err(_) => {
            let what = format!("{text:?} is no CSS selector; write one such as \"div.content\"");
            Err(file.wrong(&place, what))
        }
    }
}

impl Site {
    fn fits(&self, document: &Document, url: Option<&Url>) -> bool {
        let host = url.and_then(Url::host_str).unwrap_or_default();
        let path = url.map(Url::path).unwrap_or_default();
        let of_host = |known: &String| {
            host == known
                || host
                    .strip_suffix(known)
                    .is_some_and(|sub| sub.ends_with('.'))
        };
        (self.hosts.is_empty() || self.hosts.iter().any(of_host))
            && (self.address.is_empty() || self.address.iter().any(|form| looks_like(path, form)))
            && (self.marks.is_empty() || found(document, &self.marks).is_some())
    }
}

/// What the first of the selectors finds that finds anything.
pub(super) fn found<'a>(document: &'a Document, selectors: &[String]) -> Option<Selection<'a>> {
    let mut all = selectors
        .iter()
        .filter_map(|selector| document.try_select(selector));
    all.find(Selection::exists)
}

/// Whether a path has the form: `*` is anything, `#` a number.
fn looks_like(path: &str, form: &str) -> bool {
    let Some(first) = form.chars().next() else {
        return path.is_empty();
    };
    let rest = form.get(first.len_utf8()..).unwrap_or_default();
    match first {
        '*' => path
            .char_indices()
            .map(|(at, _)| at)
            .chain([path.len()])
            .any(|at| looks_like(path.get(at..).unwrap_or_default(), rest)),
        '#' => {
            let behind = path.trim_start_matches(|letter: char| letter.is_ascii_digit());
            behind.len() < path.len() && looks_like(behind, rest)
        }
        _ => path
            .strip_prefix(first)
            .is_some_and(|path| looks_like(path, rest)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(text: &str) -> String {
        parse(Path::new("my/sites.toml"), text)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn the_rules_that_ship_are_sound_and_every_family_has_a_body_or_an_address() {
        let sites = parse(Path::new(SHIPPED_NAME), SHIPPED).unwrap();
        assert_eq!(sites.0.len(), 6);
        for site in &sites.0 {
            assert!(!site.body.is_empty() || !site.address.is_empty());
        }
    }

    #[test]
    fn a_path_has_a_form() {
        assert!(looks_like("/can-duoc-a155283.html", "*-a#.html"));
        assert!(looks_like("/tin/can-duoc-35-a1.html", "*-a#.html"));
        assert!(!looks_like("/can-duoc-a155283.htm", "*-a#.html"));
        assert!(!looks_like("/can-duoc-abc.html", "*-a#.html"));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line_and_what_to_write() {
        assert_eq!(
            fault("[[site]]\nname = \"x\"\nhosts = [\"x.vn\"]\nbody = [\n\"div.a[\"]"),
            "my/sites.toml, line 5: \"div.a[\" is no CSS selector; write one such as \"div.content\""
        );
        assert_eq!(
            fault("[[site]]\nname = \"x\""),
            "my/sites.toml, line 2: say by what the site is known: hosts, address or marks"
        );
        let unknown = fault("[[site]]\nname = \"x\"\nbdy = []");
        assert!(
            unknown.contains("line 3") && unknown.contains("`body`"),
            "{unknown}"
        );
    }
}
