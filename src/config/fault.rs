//! What is wrong with a settings file, so that the person who wrote it can mend it: file, line,
//! key, and what to write instead.

use std::path::{Path, PathBuf};

use crate::language::Language;

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    file: PathBuf,
    line: usize,
    column: usize,
    /// Such as `pages[0].spacing`; empty for the file as a whole.
    key: String,
    text: &'static str,
    values: Vec<(&'static str, String)>,
}

impl Fault {
    /// The fault in words.
    pub fn say(&self, language: Language) -> String {
        let values: Vec<(&str, &str)> = self
            .values
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let text = language.say(self.text, &values);
        let place = format!("{}:{}:{}", self.file.display(), self.line, self.column);
        match self.key.as_str() {
            "" => format!("{place}: {text}"),
            key => format!("{place}: {key}: {text}"),
        }
    }
}

/// Everything that is wrong with one file, in its order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults(Vec<Fault>);

impl Faults {
    /// The faults, one a line.
    pub fn say(&self, language: Language) -> String {
        let said: Vec<String> = self.0.iter().map(|fault| fault.say(language)).collect();
        said.join("\n")
    }
}

/// Gathers faults while a file is read.
#[derive(Debug)]
pub(super) struct Findings<'a> {
    file: &'a Path,
    text: &'a str,
    faults: Vec<(usize, Fault)>,
}

impl<'a> Findings<'a> {
    pub(super) fn in_file(file: &'a Path, text: &'a str) -> Self {
        Self {
            file,
            text,
            faults: Vec::new(),
        }
    }

    /// Notes a fault at a byte of the file.
    pub(super) fn add(
        &mut self,
        at: usize,
        key: &str,
        text: &'static str,
        values: &[(&'static str, &str)],
    ) {
        let (line, column) = place(self.text, at);
        let values = values
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        let fault = Fault {
            file: self.file.to_owned(),
            line,
            column,
            key: key.to_owned(),
            text,
            values: values.collect(),
        };
        self.faults.push((at, fault));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.faults.is_empty()
    }

    pub(super) fn faults(mut self) -> Vec<Fault> {
        self.faults.sort_by_key(|(at, _)| *at);
        self.faults.into_iter().map(|(_, fault)| fault).collect()
    }

    pub(super) fn into_faults(self) -> Faults {
        Faults(self.faults())
    }
}

/// Line and column of a byte, both counted from 1, the column in characters.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at.min(text.len())).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (line, column)
}
