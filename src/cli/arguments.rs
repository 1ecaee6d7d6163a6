//! The command line as an enum. What each part is for stands in the language tables, under
//! `help.cmd-…` and `help.arg-…`.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;

use crate::language::Language;
use crate::telemetry::LogFormat;

/// Where the settings are, when nothing is said.
const CONFIG_DEFAULT: &str = "config/loa.toml";
/// Where the state is, when nothing is said.
const STATE_DEFAULT: &str = "state";
/// Where the demonstration is served, when nothing is said.
const DEMO_PORT: u16 = 8035;

#[derive(Debug, Parser)]
#[command(name = "loa", version, disable_help_subcommand = true)]
pub(super) struct Arguments {
    #[command(flatten)]
    pub(super) globals: Globals,
    #[command(subcommand)]
    pub(super) verb: Verb,
}

#[derive(Debug, Clone, Args)]
pub(super) struct Globals {
    #[arg(long, global = true, value_name = "FILE", env = "LOA_CONFIG", hide_env_values = true, default_value = CONFIG_DEFAULT)]
    pub(super) config: PathBuf,
    #[arg(long, global = true, value_name = "DIR", env = "LOA_STATE", hide_env_values = true, default_value = STATE_DEFAULT)]
    pub(super) state: PathBuf,
    #[arg(
        long,
        global = true,
        value_name = "FORMAT",
        default_value = "text",
        hide_possible_values = true
    )]
    pub(super) log: LogFormat,
    #[arg(
        long,
        global = true,
        value_name = "LANG",
        env = "LOA_LANG",
        hide_env_values = true,
        hide_possible_values = true
    )]
    pub(super) lang: Option<Language>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    Run,
    Once(Json),
    Post(Post),
    Preview(Preview),
    Feed(ReadFeed),
    Article(Read),
    Why(Why),
    #[command(subcommand)]
    Ledger(Ledger),
    Pause(Pause),
    Resume(Resume),
    #[command(subcommand)]
    Template(Template),
    Login(Login),
    Check(Check),
    #[command(subcommand)]
    Config(Settings),
    Demo(Demo),
    Healthcheck(Json),
    Completions {
        shell: clap_complete::Shell,
    },
    Man,
}

#[derive(Debug, Args)]
pub(super) struct Json {
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Post {
    #[arg(value_name = "URL|FILE|-")]
    pub(super) subject: String,
    #[arg(long = "page", value_name = "NAME")]
    pub(super) pages: Vec<String>,
    #[arg(long, value_name = "NAME")]
    pub(super) template: Option<String>,
    #[arg(long, value_name = "TEXT")]
    pub(super) message: Option<String>,
    #[arg(long = "image", value_name = "FILE|URL")]
    pub(super) images: Vec<String>,
    #[arg(long, value_name = "URL")]
    pub(super) link: Option<String>,
    #[arg(long, value_name = "TIME")]
    pub(super) at: Option<String>,
    #[arg(long)]
    pub(super) dry_run: bool,
    #[arg(long)]
    pub(super) again: bool,
    #[command(flatten)]
    pub(super) json: Json,
}

#[derive(Debug, Args)]
pub(super) struct Preview {
    #[arg(value_name = "URL|FILE|-")]
    pub(super) subject: Option<String>,
    #[arg(long, value_name = "NAME", conflicts_with = "subject")]
    pub(super) feed: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(super) page: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(super) template: Option<String>,
    #[arg(long, value_name = "FILE", conflicts_with = "json")]
    pub(super) html: Option<PathBuf>,
    #[command(flatten)]
    pub(super) json: Json,
}

#[derive(Debug, Args)]
pub(super) struct Read {
    #[arg(value_name = "URL|FILE|-")]
    pub(super) source: String,
    #[arg(long, value_name = "URL")]
    pub(super) base: Option<String>,
    #[command(flatten)]
    pub(super) json: Json,
}

#[derive(Debug, Args)]
pub(super) struct ReadFeed {
    #[command(flatten)]
    pub(super) read: Read,
    #[arg(long, value_name = "TIME")]
    pub(super) fetched: Option<Timestamp>,
}

#[derive(Debug, Args)]
pub(super) struct Why {
    #[arg(value_name = "LINK|GUID|ID|WORDS", required = true)]
    pub(super) what: Vec<String>,
    #[command(flatten)]
    pub(super) json: Json,
}

#[derive(Debug, Subcommand)]
pub(super) enum Ledger {
    List(List),
    Show(Show),
    Approve(Pick),
    Hold(Pick),
    Skip(Pick),
    Retry(Pick),
    Resolve(Resolve),
    Export,
    Import {
        #[arg(value_name = "FILE|-")]
        file: String,
    },
    Verify(Json),
    Init {
        #[arg(long)]
        adopt: bool,
        #[arg(long, requires = "adopt")]
        force: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct List {
    #[arg(long, value_name = "NAME")]
    pub(super) page: Option<String>,
    #[arg(long, value_name = "STATE")]
    pub(super) only: Option<String>,
    #[command(flatten)]
    pub(super) json: Json,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    #[arg(value_name = "ARTICLE")]
    pub(super) article: String,
    #[arg(long, value_name = "NAME")]
    pub(super) page: Option<String>,
    #[command(flatten)]
    pub(super) json: Json,
}

#[derive(Debug, Args)]
pub(super) struct Pick {
    #[arg(value_name = "ARTICLE")]
    pub(super) articles: Vec<String>,
    #[arg(long, value_name = "REASON")]
    pub(super) held: Option<String>,
    #[arg(long, value_name = "NAME")]
    pub(super) page: Option<String>,
    #[command(flatten)]
    pub(super) json: Json,
}

#[derive(Debug, Args)]
#[command(group(clap::ArgGroup::new("outcome").required(true).args(["posted", "absent"])))]
pub(super) struct Resolve {
    #[arg(value_name = "ARTICLE")]
    pub(super) article: String,
    #[arg(long, value_name = "URL")]
    pub(super) posted: Option<String>,
    #[arg(long)]
    pub(super) absent: bool,
    #[arg(long, value_name = "NAME")]
    pub(super) page: Option<String>,
    #[command(flatten)]
    pub(super) json: Json,
}

#[derive(Debug, Args)]
pub(super) struct Pause {
    #[arg(long, value_name = "NAME")]
    pub(super) page: Option<String>,
    #[arg(long = "for", value_name = "LENGTH")]
    pub(super) length: Option<String>,
    #[arg(long = "why", value_name = "TEXT")]
    pub(super) because: Option<String>,
    #[command(flatten)]
    pub(super) json: Json,
}

#[derive(Debug, Args)]
pub(super) struct Resume {
    #[arg(long, value_name = "NAME")]
    pub(super) page: Option<String>,
    #[command(flatten)]
    pub(super) json: Json,
}

#[derive(Debug, Subcommand)]
pub(super) enum Template {
    Check(Json),
    List(Json),
    Render {
        #[arg(value_name = "TEMPLATE")]
        name: String,
    },
    Eval {
        #[arg(value_name = "EXPR")]
        expression: String,
        #[arg(long, value_name = "FILE|-")]
        text: Option<String>,
    },
}

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Login {
    #[command(subcommand)]
    pub(super) verb: Option<LoginVerb>,
    #[arg(long, value_name = "NAME")]
    pub(super) page: Option<String>,
    #[arg(long)]
    pub(super) paste: bool,
    #[arg(long)]
    pub(super) business: bool,
    #[arg(long, value_name = "FILE|-", conflicts_with_all = ["paste", "business"])]
    pub(super) token: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum LoginVerb {
    Status(Json),
}

#[derive(Debug, Args)]
pub(super) struct Check {
    #[arg(long)]
    pub(super) online: bool,
    #[command(flatten)]
    pub(super) json: Json,
}

#[derive(Debug, Subcommand)]
pub(super) enum Settings {
    Schema,
}

#[derive(Debug, Args)]
pub(super) struct Demo {
    #[arg(long, value_name = "N", default_value_t = DEMO_PORT)]
    pub(super) port: u16,
    #[arg(long = "feed", value_name = "URL")]
    pub(super) real_feed: Option<String>,
}
