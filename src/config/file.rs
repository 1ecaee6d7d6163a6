//! The settings file as it is written: names, defaults and what editors are told about them. What
//! the values mean is decided elsewhere.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema};
use serde::Deserialize;

use super::choices::{Corrections, FirstPoll, OnUnknown, Review, Style};
use super::secrets::SecretEntry;
use crate::language::Language;

/// Settings of loa: which feeds are read, and on which Facebook Pages their articles are posted.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// The zone of dates that name none, of quiet hours and of days. An IANA name.
    #[serde(default = "timezone")]
    pub(super) timezone: String,
    /// The language of messages and notices.
    #[serde(default)]
    pub(super) language: Language,
    /// The feeds that are read.
    #[serde(default)]
    pub(super) feeds: Vec<FeedEntry>,
    /// The Facebook Pages that are posted on.
    #[serde(default)]
    pub(super) pages: Vec<PageEntry>,
    /// How Facebook is spoken to.
    #[serde(default)]
    pub(super) facebook: FacebookEntry,
    /// How sites are spoken to.
    #[serde(default)]
    pub(super) network: NetworkEntry,
    /// The admin page.
    #[serde(default)]
    pub(super) admin: AdminEntry,
}

/// A feed.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct FeedEntry {
    /// A short name for it: letters, digits, - and _.
    #[schemars(example = &"canduoc")]
    pub(super) name: String,
    /// Its address.
    #[schemars(example = "https://canduoc.example/rss")]
    pub(super) url: String,
    /// How long to leave it alone after a good poll.
    #[serde(default = "poll_every")]
    pub(super) poll_every: String,
    /// What becomes of the articles that stand in it at the first poll: "baseline" counts them as
    /// old, "publish" posts them.
    #[serde(default)]
    pub(super) first_poll: FirstPoll,
    /// Whether each article's own page is read for its lead, text and full-size pictures.
    #[serde(default = "yes")]
    pub(super) read_pages: bool,
    /// Only articles with one of these words, phrases or categories; empty: all.
    #[serde(default)]
    pub(super) include: Vec<String>,
    /// No articles with any of these words, phrases or categories.
    #[serde(default)]
    pub(super) exclude: Vec<String>,
    /// Articles with any of these words, phrases or categories wait for a person; empty: none.
    #[serde(default = "never_auto")]
    pub(super) never_auto: Vec<String>,
    /// How the site writes its dates, in the letters of strptime; "" reads them as they come.
    #[serde(default)]
    #[schemars(example = &"%d/%m/%Y %H:%M")]
    pub(super) date_format: String,
}

/// A Facebook Page.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PageEntry {
    /// A short name for it: letters, digits, - and _.
    #[schemars(example = &"canduoc35")]
    pub(super) name: String,
    /// Its id on Facebook: digits.
    #[schemars(example = "100064000000000")]
    pub(super) id: String,
    /// The names of the feeds whose articles it gets.
    #[schemars(example = ["canduoc"])]
    pub(super) feeds: Vec<String>,
    /// The template of its posts: templates/NAME.j2 beside this file, or one that ships with loa.
    #[serde(default = "template")]
    pub(super) template: String,
    /// Where its token is: { env = "NAME" } or { file = "PATH" }. Never the token itself.
    #[schemars(example = SecretEntry::example())]
    pub(super) token: Option<SecretEntry>,
    /// Posts with pictures ("photos"), with the link's card ("link"), or whichever fits ("auto").
    #[serde(default)]
    pub(super) style: Style,
    /// The most pictures in one post.
    #[serde(default = "images_max")]
    #[schemars(range(min = 0, max = 10))]
    pub(super) images_max: i64,
    /// The pictures of articles that have none, by category, as files beside this one; "*" is for
    /// every category that is not named.
    #[serde(default)]
    pub(super) default_pictures: BTreeMap<String, String>,
    /// Whether every post waits for an editor ("all") or none ("none").
    #[serde(default)]
    pub(super) review: Review,
    /// The least time between two posts.
    #[serde(default = "spacing")]
    pub(super) spacing: String,
    /// When nothing is posted, from-until; "" for never.
    #[serde(default = "quiet_hours")]
    pub(super) quiet_hours: String,
    /// The time between seeing an article and posting it.
    #[serde(default = "hold_for")]
    pub(super) hold_for: String,
    /// The most posts in one day.
    #[serde(default = "posts_per_day")]
    #[schemars(range(min = 1, max = 1000))]
    pub(super) posts_per_day: i64,
    /// Older articles are held, not posted.
    #[serde(default = "max_age")]
    pub(super) max_age: String,
    /// More new articles than this in one started day are held as one batch.
    #[serde(default = "flood_over")]
    #[schemars(range(min = 1, max = 100_000))]
    pub(super) flood_over: i64,
    /// What happens to the post when an article is corrected.
    #[serde(default)]
    pub(super) corrections: Corrections,
}

/// How Facebook is spoken to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct FacebookEntry {
    /// Where the Graph API is.
    pub(super) graph_url: String,
    /// Its version.
    pub(super) version: String,
    /// The id of our app: digits.
    #[schemars(example = "1234567890")]
    pub(super) app_id: Option<String>,
    /// Where the app's secret is: { env = "NAME" } or { file = "PATH" }.
    #[schemars(example = SecretEntry::example())]
    pub(super) app_secret: Option<SecretEntry>,
    /// Where Facebook's log-in dialog leads back to; must stand among the app's valid redirect
    /// addresses letter for letter.
    pub(super) login_redirect: String,
    /// A configuration of Facebook Login for Business; "" where the app has none.
    pub(super) login_config_id: String,
    /// The longest time for one call.
    pub(super) request_timeout: String,
    /// When the Page is looked at again after an unclear answer.
    pub(super) reconcile_first: String,
    /// How long the Page is looked at before a post counts as absent.
    pub(super) reconcile_for: String,
    /// What happens to a post that is absent after that: sent again ("reconcile"), or put before a
    /// person ("hold").
    pub(super) on_unknown: OnUnknown,
}

impl Default for FacebookEntry {
    fn default() -> Self {
        Self {
            graph_url: "https://graph.facebook.com".to_owned(),
            version: "v26.0".to_owned(),
            app_id: None,
            app_secret: None,
            login_redirect: "http://localhost:8036/".to_owned(),
            login_config_id: String::new(),
            request_timeout: "60s".to_owned(),
            reconcile_first: "15s".to_owned(),
            reconcile_for: "10m".to_owned(),
            on_unknown: OnUnknown::default(),
        }
    }
}

/// How sites are spoken to.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct NetworkEntry {
    /// Private networks that may be fetched from, such as "10.0.0.0/8".
    pub(super) allow_private: Vec<String>,
    /// The longest time for one request.
    pub(super) timeout: String,
    /// A PEM file with certificates for a site with a private or broken chain; "" for none.
    pub(super) extra_ca: PathBuf,
}

impl Default for NetworkEntry {
    fn default() -> Self {
        Self {
            allow_private: Vec::new(),
            timeout: "30s".to_owned(),
            extra_ca: PathBuf::new(),
        }
    }
}

/// The admin page.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub(super) struct AdminEntry {
    /// The address and port it listens on.
    pub(super) listen: String,
    /// Where its password is: { env = "NAME" } or { file = "PATH" }.
    #[schemars(example = SecretEntry::example())]
    pub(super) password: Option<SecretEntry>,
}

impl Default for AdminEntry {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8035".to_owned(),
            password: None,
        }
    }
}

/// The JSON schema of the file, with everything in its place.
pub(super) fn schema() -> Schema {
    let mut settings = SchemaSettings::draft07();
    settings.inline_subschemas = true;
    settings.into_generator().into_root_schema_for::<File>()
}

fn timezone() -> String {
    "Asia/Ho_Chi_Minh".to_owned()
}

fn poll_every() -> String {
    "10m".to_owned()
}

fn yes() -> bool {
    true
}

fn template() -> String {
    "article".to_owned()
}

fn images_max() -> i64 {
    10
}

fn spacing() -> String {
    "10m".to_owned()
}

fn quiet_hours() -> String {
    "21:30-05:30".to_owned()
}

fn hold_for() -> String {
    "0s".to_owned()
}

fn posts_per_day() -> i64 {
    40
}

fn max_age() -> String {
    "3d".to_owned()
}

/// What needs a person's eye whatever the office: the dead, courts, tenders, posts to be filled.
fn never_auto() -> Vec<String> {
    [
        "cáo phó",
        "tin buồn",
        "lời cảm tạ",
        "phân ưu",
        "xét xử",
        "phiên tòa",
        "tuyên án",
        "bị cáo",
        "đấu thầu",
        "mời thầu",
        "đấu giá",
        "tuyển dụng",
        "thi tuyển",
        "xét tuyển",
    ]
    .map(ToOwned::to_owned)
    .into()
}

fn flood_over() -> i64 {
    20
}
