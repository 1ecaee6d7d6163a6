//! The command line: reads what is asked, lets the desk do it, shows what came of it.

mod arguments;
mod check;
mod demo;
mod help;
mod ledger;
mod login;
mod mistake;
mod office;
mod post;
mod read;
mod run;
mod show;
mod template;
mod terminal;

use std::ffi::OsString;
use std::io::Write as _;
use std::panic::AssertUnwindSafe;
use std::process::ExitCode;

use clap::FromArgMatches as _;
use clap::error::ErrorKind;
use jiff::tz::TimeZone;
use serde_json::Value;

use self::arguments::{Arguments, Settings, Template, Verb};
use self::office::Setting;
use self::terminal::Terminal;
use crate::config;
use crate::desk::Request;
use crate::exit::Exit;
use crate::language::Language;
use crate::telemetry;

/// What a command that runs for long says of itself without being asked.
const LEVEL_LONG: &str = "info";
/// What a command that answers and leaves does.
const LEVEL_SHORT: &str = "error";

/// Runs the program with the process's own arguments.
pub fn main() -> ExitCode {
    let given: Vec<OsString> = std::env::args_os().collect();
    let ended = std::panic::catch_unwind(AssertUnwindSafe(|| run_with(&given)));
    let code = ended.unwrap_or_else(|_| {
        let terminal = plain_terminal(&given);
        let why = terminal.say("cli.panicked", &[]);
        terminal.fail(Exit::Bug, &terminal.say("cli.bug", &[("why", &why)]))
    });
    ExitCode::from(code)
}

fn run_with(given: &[OsString]) -> u8 {
    let terminal = plain_terminal(given);
    let matches = match help::command(terminal.language).try_get_matches_from(given) {
        Ok(matches) => matches,
        Err(error) => return not_understood(&terminal, &error),
    };
    let arguments = match Arguments::from_arg_matches(&matches) {
        Ok(arguments) => arguments,
        Err(error) => return not_understood(&terminal, &error),
    };
    let long = matches!(arguments.verb, Verb::Run | Verb::Demo(_));
    telemetry::start(
        arguments.globals.log,
        if long { LEVEL_LONG } else { LEVEL_SHORT },
    );
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            return terminal.fail(
                Exit::Storage,
                &terminal.say("cli.failed", &[("why", &error.to_string())]),
            );
        }
    };
    runtime.block_on(dispatch(arguments, terminal))
}

async fn dispatch(arguments: Arguments, terminal: Terminal) -> u8 {
    let Arguments { globals, verb } = arguments;
    let setting = || Setting::load(&globals, &terminal);
    match verb {
        Verb::Completions { shell } => completions(shell, terminal.language),
        Verb::Man => man(&terminal),
        Verb::Config(Settings::Schema) => {
            terminal.document(&config::schema());
            Exit::Done.code()
        }
        Verb::Feed(wish) => read::feed(&globals, &terminal, wish).await,
        Verb::Article(wish) => read::article(&globals, &terminal, wish).await,
        Verb::Demo(wish) => demo::demo(&globals, &terminal, wish).await,
        Verb::Check(wish) => check::check(&globals, &terminal, wish).await,
        Verb::Healthcheck(_) => run::healthcheck(&globals, &terminal).await,
        // What ships with the program can be tried before anything is set up.
        Verb::Template(wish @ (Template::List(_) | Template::Eval { .. })) => {
            match Setting::load_if_there(&globals, &terminal) {
                Ok(setting) => template::template(&setting, wish).await,
                Err(code) => code,
            }
        }
        Verb::Template(wish) => match setting() {
            Ok(setting) => template::template(&setting, wish).await,
            Err(code) => code,
        },
        Verb::Ledger(wish) => match setting() {
            Ok(setting) => ledger::ledger(&setting, wish).await,
            Err(code) => code,
        },
        verb => match setting() {
            Ok(setting) => at_the_desk(&setting, verb).await,
            Err(code) => code,
        },
    }
}

/// The verbs that are one request to the desk, or nearly.
async fn at_the_desk(setting: &Setting, verb: Verb) -> u8 {
    match verb {
        Verb::Run => run::run(setting).await,
        Verb::Once(_) => setting.ask(Request::Once, "cli.polling", show::once).await,
        Verb::Post(wish) => post::post(setting, wish).await,
        Verb::Preview(wish) => post::preview(setting, wish).await,
        Verb::Why(wish) => {
            let what = wish.what.join(" ");
            setting
                .ask(Request::Why { what }, "cli.reading", show::story)
                .await
        }
        Verb::Pause(wish) => run::pause(setting, wish).await,
        Verb::Resume(wish) => {
            let request = Request::Resume { page: wish.page };
            setting.ask(request, "cli.reading", show::standing).await
        }
        Verb::Login(wish) => login::login(setting, wish).await,
        // The others need no settings, or more than one request: `dispatch` has taken them.
        _ => Exit::Bug.code(),
    }
}

/// What is known before the command line has been read: enough to say why it cannot be.
fn plain_terminal(given: &[OsString]) -> Terminal {
    let words: Vec<&str> = given.iter().filter_map(|word| word.to_str()).collect();
    let named = words
        .iter()
        .enumerate()
        .find_map(|(at, word)| match word.strip_prefix("--lang") {
            Some("") => words.get(at + 1).copied(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        });
    let environment = std::env::var("LOA_LANG").ok();
    let named = named.map(ToOwned::to_owned).or(environment);
    let language = match named.as_deref() {
        Some("en") => Language::En,
        _ => Language::Vi,
    };
    Terminal {
        language,
        zone: TimeZone::UTC,
        json: words.contains(&"--json"),
    }
}

/// Help and version are answers; everything else is a mistake on the command line.
fn not_understood(terminal: &Terminal, error: &clap::Error) -> u8 {
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let text = error.render().ansi().to_string();
            let text = help::own_words(&text, terminal.language);
            let _ = write!(anstream::stdout(), "{text}");
            Exit::Done.code()
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand if !terminal.json => {
            let text = error.render().ansi().to_string();
            let text = help::own_words(&text, terminal.language);
            let _ = write!(anstream::stderr(), "{text}");
            Exit::Usage.code()
        }
        _ => terminal.fail(Exit::Usage, &mistake::say(error, terminal.language)),
    }
}

fn completions(shell: clap_complete::Shell, language: Language) -> u8 {
    let mut command = help::command(language);
    clap_complete::generate(shell, &mut command, "loa", &mut std::io::stdout());
    Exit::Done.code()
}

fn man(terminal: &Terminal) -> u8 {
    let mut page = Vec::new();
    let command = help::command(terminal.language);
    let written = clap_mangen::Man::new(command)
        .render(&mut page)
        .and_then(|()| std::io::stdout().write_all(&page));
    match written {
        Ok(()) => Exit::Done.code(),
        Err(error) => terminal.fail(Exit::Storage, &error.to_string()),
    }
}

/// Shows nothing: for documents that are nothing but an error.
fn nothing(_: &Terminal, _: &Value) {}
