//! What is wrong with a command line, in the reader's language.

use clap::Error;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::help;
use crate::language::Language;

/// The mistake, how the command is used, and where there is more to read.
pub(super) fn say(error: &Error, language: Language) -> String {
    let usage = part(error, ContextKind::Usage);
    // The library calls it "Usage: …" in English.
    let usage = usage.split_once(": ").map_or("", |(_, usage)| usage);
    let usage = help::own_words(usage, language);
    let mut text = mistake(error, language);
    if !usage.is_empty() {
        text.push_str(&language.say("mistake.usage", &[("usage", &usage)]));
    }
    text
}

fn mistake(error: &Error, language: Language) -> String {
    let argument = part(error, ContextKind::InvalidArg);
    let value = part(error, ContextKind::InvalidValue);
    let values = |key, values: &[(&str, &str)]| language.say(key, values);
    match error.kind() {
        ErrorKind::InvalidSubcommand => {
            let command = part(error, ContextKind::InvalidSubcommand);
            let near = part(error, ContextKind::SuggestedSubcommand);
            let text = values("mistake.no-command", &[("command", &command)]);
            text + &nearest(&near, language)
        }
        ErrorKind::UnknownArgument => {
            let near = part(error, ContextKind::SuggestedArg);
            let text = values("mistake.no-argument", &[("argument", &argument)]);
            text + &nearest(&near, language)
        }
        ErrorKind::MissingRequiredArgument => values("mistake.missing", &[("argument", &argument)]),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            values("mistake.missing-command", &[])
        }
        ErrorKind::ArgumentConflict => {
            let other = part(error, ContextKind::PriorArg);
            let given = [("argument", argument.as_str()), ("other", other.as_str())];
            values("mistake.conflict", &given)
        }
        ErrorKind::InvalidValue if value.is_empty() => {
            values("mistake.no-value", &[("argument", &argument)])
        }
        ErrorKind::InvalidValue => {
            let known = part(error, ContextKind::ValidValue);
            let given = [("value", value.as_str()), ("argument", argument.as_str())];
            let text = values("mistake.bad-value", &given);
            match known.is_empty() {
                true => text,
                false => text + &values("mistake.known", &[("known", &known)]),
            }
        }
        ErrorKind::ValueValidation => {
            let given = [("value", value.as_str()), ("argument", argument.as_str())];
            values("mistake.bad-value", &given)
        }
        // What is left cannot happen with the commands there are.
        _ => error.kind().to_string(),
    }
}

fn nearest(near: &str, language: Language) -> String {
    match near {
        "" => String::new(),
        near => language.say("mistake.nearest", &[("nearest", near)]),
    }
}

/// What the library knows of a mistake.
fn part(error: &Error, kind: ContextKind) -> String {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join(", "),
        Some(ContextValue::StyledStr(text)) => text.to_string(),
        _ => String::new(),
    }
}
