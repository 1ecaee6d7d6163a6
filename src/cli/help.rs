//! The command line's own words, in the reader's language.

use clap::{Command, CommandFactory};

use super::arguments::Arguments;
use crate::language::Language;

/// The command line with its help in `language`.
pub(super) fn command(language: Language) -> Command {
    let usage = language.say("help.usage", &[]);
    let heading = |key| language.find(key).unwrap_or_default();
    let template =
        format!("{{about-with-newline}}\n{usage}: {{usage}}\n\n{{all-args}}{{after-help}}");
    worded(
        Arguments::command(),
        "loa",
        language,
        &Headings {
            commands: heading("help.commands"),
            arguments: heading("help.arguments"),
            options: heading("help.options"),
            template,
        },
    )
}

struct Headings {
    commands: &'static str,
    arguments: &'static str,
    options: &'static str,
    template: String,
}

fn worded(command: Command, path: &str, language: Language, headings: &Headings) -> Command {
    let mut command = command
        .help_template(headings.template.clone())
        .subcommand_help_heading(headings.commands)
        .disable_help_flag(true)
        .arg(flag("help", 'h', clap::ArgAction::Help));
    if let Some(about) = language.find(&format!("help.cmd-{path}")) {
        command = command.about(about);
    }
    if path == "loa" {
        let version = flag("version", 'V', clap::ArgAction::Version);
        command = command.disable_version_flag(true).arg(version);
    }
    let mut command = with_arguments_worded(command, language, headings);
    let verbs: Vec<String> = command
        .get_subcommands()
        .map(|verb| verb.get_name().to_owned())
        .collect();
    for verb in verbs {
        let path = match path {
            "loa" => verb.clone(),
            path => format!("{path}-{verb}"),
        };
        command = command.mut_subcommand(&verb, |verb| worded(verb, &path, language, headings));
    }
    command
}

fn flag(name: &'static str, short: char, action: clap::ArgAction) -> clap::Arg {
    clap::Arg::new(name).long(name).short(short).action(action)
}

fn with_arguments_worded(command: Command, language: Language, headings: &Headings) -> Command {
    let ids: Vec<clap::Id> = command
        .get_arguments()
        .map(|arg| arg.get_id().clone())
        .collect();
    ids.into_iter().fold(command, |command, id| {
        let help = language.find(&format!("help.arg-{}", id.as_str().replace('_', "-")));
        command.mut_arg(&id, |arg| {
            let arg = match help {
                Some(help) => with_sources(arg, help, language),
                None => arg,
            };
            match arg.is_positional() {
                true => arg.help_heading(headings.arguments),
                false => arg.help_heading(headings.options),
            }
        })
    })
}

/// An argument with its help, and with where its value comes from when it is not given.
fn with_sources(arg: clap::Arg, help: &str, language: Language) -> clap::Arg {
    if !arg.get_action().takes_values() {
        return arg.help(help.to_owned());
    }
    let mut help = help.to_owned();
    if let Some(variable) = arg.get_env().and_then(|name| name.to_str()) {
        help.push_str(&language.say("help.from-variable", &[("name", variable)]));
    }
    let defaults = arg.get_default_values().iter();
    for default in defaults.filter_map(|value| value.to_str()) {
        help.push_str(&language.say("help.by-default", &[("value", default)]));
    }
    arg.help(help).hide_default_value(true).hide_env(true)
}

/// A text of the command line's library with its own words in the reader's language.
pub(super) fn own_words(text: &str, language: Language) -> String {
    let words = [
        ("[OPTIONS]", "help.word-options"),
        ("[OPTION]", "help.word-options"),
        ("<COMMAND>", "help.word-command"),
    ];
    words.iter().fold(text.to_owned(), |text, (word, key)| {
        text.replace(word, &language.say(key, &[]))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn keys(command: &Command, path: &str, found: &mut BTreeSet<String>) {
        found.insert(format!("help.cmd-{path}"));
        for arg in command.get_arguments() {
            found.insert(format!(
                "help.arg-{}",
                arg.get_id().as_str().replace('_', "-")
            ));
        }
        for verb in command.get_subcommands() {
            let path = match path {
                "loa" => verb.get_name().to_owned(),
                path => format!("{path}-{}", verb.get_name()),
            };
            keys(verb, &path, found);
        }
    }

    #[test]
    fn every_command_and_every_argument_is_explained_and_nothing_else_is() {
        let mut wanted: BTreeSet<String> = [
            "help.usage",
            "help.commands",
            "help.arguments",
            "help.options",
            "help.word-options",
            "help.word-command",
            "help.from-variable",
            "help.by-default",
        ]
        .map(ToOwned::to_owned)
        .into();
        keys(&command(Language::En), "loa", &mut wanted);
        let missing: Vec<&String> = wanted
            .iter()
            .filter(|key| Language::Vi.find(key).is_none())
            .collect();
        assert_eq!(missing, Vec::<&String>::new());
        let table = include_str!("../language/vi.toml");
        let said = table.parse::<toml::Table>().unwrap();
        let surplus: Vec<&String> = said["help"]
            .as_table()
            .unwrap()
            .keys()
            .filter(|key| !wanted.contains(&format!("help.{key}")))
            .collect();
        assert_eq!(surplus, Vec::<&String>::new());
    }

    #[test]
    fn the_command_line_holds_together() {
        command(Language::Vi).debug_assert();
    }
}
