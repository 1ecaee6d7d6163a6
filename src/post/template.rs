//! The texts of posts: templates that an office can change, and that cannot break posting. The
//! only user of minijinja.
//!
//! Files are looked at whenever one is needed, by their time of change: a watcher would be one
//! more thing that can fail, and a post is rendered a few times an hour.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use jiff::tz::TimeZone;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{AutoEscape, Environment, ErrorKind, UndefinedBehavior, context};

use super::context::PostContext;
use super::{filters, lint};
use crate::article::places::Places;

/// Instructions a template may take: a page of text takes a few hundred.
const FUEL: u64 = 50_000;
/// Templates may call macros this deep.
const RECURSION_MAX: usize = 50;
/// A larger file is no post template, in bytes.
const SOURCE_BYTES_MAX: u64 = 256 << 10;
/// The ending of template files.
const ENDING: &str = "j2";
/// The template that stands in for all that cannot be used.
const LAST_RESORT: &str = "article";
/// The templates that ship with the program.
const EMBEDDED: [(&str, &str); 3] = [
    (
        LAST_RESORT,
        include_str!("../../config/templates/article.j2"),
    ),
    ("ngan", include_str!("../../config/templates/ngan.j2")),
    (
        "thong-bao",
        include_str!("../../config/templates/thong-bao.j2"),
    ),
];

/// The filters that we add.
const FILTERS: &str =
    "excerpt, sentences, clean, hashtag, slug, strip_marks, vn_date, nfc, place, places";

/// The templates of one settings folder.
pub struct Templates {
    dir: Option<PathBuf>,
    environment: Environment<'static>,
    /// The last source of each file that rendered well.
    good: Mutex<BTreeMap<String, String>>,
}

/// A rendered text, and what an editor should know about how it came about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The text.
    pub text: String,
    /// Which templates could not be used, and why.
    pub warnings: Vec<String>,
}

/// Why a template cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// It is wrong.
    #[error("template {template}, line {line}: {what}")]
    Wrong {
        /// Its name.
        template: String,
        /// Where; 0 when that is not known.
        line: usize,
        /// What, and what to write instead.
        what: String,
    },
    /// There is none of that name.
    #[error("there is no template {template}; there are: {known}")]
    Missing {
        /// The name asked for.
        template: String,
        /// The names there are.
        known: String,
    },
    /// Its file cannot be read.
    #[error("template file {}: {why}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
}

impl Templates {
    /// The templates in `dir`, before the embedded ones. `zone` is the site's own.
    pub fn new(dir: Option<&Path>, zone: TimeZone) -> Self {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_auto_escape_callback(|_| AutoEscape::None);
        let whitespace = SyntaxConfig::builder()
            .trim_blocks(true)
            .lstrip_blocks(true)
            .build();
        if let Ok(whitespace) = whitespace {
            environment.set_syntax(whitespace);
        }
        environment.set_fuel(Some(FUEL));
        environment.set_recursion_limit(RECURSION_MAX);
        filters::add_to(&mut environment, zone);
        filters::add_places_to(&mut environment, Places::shipped());
        Self {
            dir: dir.map(Path::to_owned),
            environment,
            good: Mutex::new(BTreeMap::new()),
        }
    }

    /// The same templates with an office's own places.
    #[must_use]
    pub fn with_places(mut self, places: Places) -> Self {
        filters::add_places_to(&mut self.environment, places);
        self
    }

    /// Renders a template. One that cannot be used is replaced by its last good form, else by
    /// the embedded one of its name, else by the embedded `article`: a typo never stops posting.
    ///
    /// # Errors
    /// When not even that can be rendered for the article.
    pub fn render(&self, name: &str, post: &PostContext) -> Result<Rendered, TemplateError> {
        let mut warnings = Vec::new();
        let mut first = None;
        for source in self.candidates(name) {
            match source.and_then(|source| Ok((self.fill(name, &source, post)?, source))) {
                Ok((text, source)) => {
                    self.remember(name, source);
                    return Ok(Rendered { text, warnings });
                }
                Err(error) => {
                    warnings.push(error.to_string());
                    first.get_or_insert(error);
                }
            }
        }
        Err(first.unwrap_or_else(|| self.missing(name)))
    }

    /// Renders a template as it is, with nothing to stand in for it.
    ///
    /// # Errors
    /// When it cannot be used.
    pub fn render_strictly(&self, name: &str, post: &PostContext) -> Result<String, TemplateError> {
        match self.candidates(name).next() {
            Some(source) => self.fill(name, &source?, post),
            None => Err(self.missing(name)),
        }
    }

    /// Everything that is wrong with any template, tried on every sample and on `more`.
    pub fn check(&self, more: &[PostContext]) -> Vec<TemplateError> {
        let posts: Vec<PostContext> = PostContext::samples()
            .into_iter()
            .chain(more.iter().cloned())
            .collect();
        let mut faults = Vec::new();
        for name in self.names() {
            let wrong = posts
                .iter()
                .find_map(|post| self.render_strictly(&name, post).err());
            faults.extend(wrong);
        }
        faults
    }

    /// Renders one expression or a whole text, with `text` bound to the input.
    ///
    /// # Errors
    /// When it makes no sense.
    pub fn eval(&self, expression: &str, text: &str) -> Result<String, TemplateError> {
        self.environment
            .render_named_str("eval", expression, context! { text })
            .map_err(|error| wrong("eval", expression, &error))
    }

    /// The names of all templates.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = EMBEDDED
            .iter()
            .map(|(name, _)| (*name).to_owned())
            .collect();
        let files = self.dir.as_ref().and_then(|dir| fs::read_dir(dir).ok());
        for file in files.into_iter().flatten().flatten() {
            let path = file.path();
            if path.extension().is_some_and(|ending| ending == ENDING) {
                names.extend(
                    path.file_stem()
                        .and_then(|stem| stem.to_str())
                        .map(ToOwned::to_owned),
                );
            }
        }
        names.sort();
        names.dedup();
        names
    }

    /// The file that a template comes from; `None`: it ships with the program.
    pub fn file_of(&self, name: &str) -> Option<PathBuf> {
        let path = self.dir.as_ref()?.join(format!("{name}.{ENDING}"));
        path.is_file().then_some(path)
    }

    /// Sources to try, best first.
    fn candidates(&self, name: &str) -> impl Iterator<Item = Result<String, TemplateError>> {
        let file = self.file(name);
        let good = {
            let good = self.good.lock().unwrap_or_else(PoisonError::into_inner);
            good.get(name)
                .cloned()
                .filter(|good| !matches!(&file, Some(Ok(now)) if now == good))
        };
        let file = file.or_else(|| embedded(name).is_none().then(|| Err(self.missing(name))));
        let embedded = [embedded(name), embedded(LAST_RESORT)];
        file.into_iter().chain(good.map(Ok)).chain(
            embedded
                .into_iter()
                .flatten()
                .map(|source| Ok(source.to_owned())),
        )
    }

    /// The template's file; `None` when there is none.
    fn file(&self, name: &str) -> Option<Result<String, TemplateError>> {
        // A name is a name, not a way out of the folder.
        if name.contains(['/', '\\']) || name.starts_with('.') {
            return None;
        }
        let path = self.dir.as_ref()?.join(name).with_extension(ENDING);
        let unreadable = |why: String| TemplateError::Unreadable {
            path: path.clone(),
            why,
        };
        let size = match fs::metadata(&path) {
            Ok(metadata) => metadata.len(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return None,
            Err(error) => return Some(Err(unreadable(error.to_string()))),
        };
        if size > SOURCE_BYTES_MAX {
            return Some(Err(unreadable(format!(
                "it is longer than {SOURCE_BYTES_MAX} bytes"
            ))));
        }
        Some(fs::read_to_string(&path).map_err(|error| unreadable(error.to_string())))
    }

    fn fill(&self, name: &str, source: &str, post: &PostContext) -> Result<String, TemplateError> {
        let rendered = self.environment.render_named_str(name, source, Serde(post));
        let text = rendered.map_err(|error| wrong(name, source, &error))?;
        Ok(lint::tidied(&text))
    }

    fn remember(&self, name: &str, source: String) {
        let mut good = self.good.lock().unwrap_or_else(PoisonError::into_inner);
        good.insert(name.to_owned(), source);
    }

    fn missing(&self, name: &str) -> TemplateError {
        TemplateError::Missing {
            template: name.to_owned(),
            known: self.names().join(", "),
        }
    }
}

fn embedded(name: &str) -> Option<&'static str> {
    EMBEDDED
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, source)| *source)
}

/// An error of minijinja as a person who edits templates needs it.
fn wrong(template: &str, source: &str, error: &minijinja::Error) -> TemplateError {
    let detail = error.detail().unwrap_or_default();
    let what = match error.kind() {
        ErrorKind::UndefinedError => mentions(source, error),
        ErrorKind::UnknownFilter => format!("{detail}; known are: {FILTERS}"),
        ErrorKind::OutOfFuel => "it takes too long; is there a loop too many?".to_owned(),
        _ if detail.is_empty() => error.kind().to_string(),
        _ => detail.to_owned(),
    };
    TemplateError::Wrong {
        template: template.to_owned(),
        line: error.line().unwrap_or_default(),
        what,
    }
}

/// What a template mentions that does not exist, in its own words.
fn mentions(source: &str, error: &minijinja::Error) -> String {
    let known = variables().join(", ");
    let word = error.range().and_then(|place| source.get(place));
    match word.map(str::trim).filter(|word| !word.is_empty()) {
        Some(word) => format!("it mentions `{word}`, which does not exist; known are: {known}"),
        None => format!("it mentions something that does not exist; known are: {known}"),
    }
}

/// The names that a template may mention.
fn variables() -> Vec<String> {
    let sample = PostContext::samples().into_iter().next();
    match serde_json::to_value(sample) {
        Ok(serde_json::Value::Object(fields)) => fields.into_iter().map(|(name, _)| name).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
