//! From the file as it is written to settings that make sense, with every fault at its place.

mod values;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use url::{Host, Url};

use super::fault::{Faults, Findings};
use super::file::{AdminEntry, FacebookEntry, FeedEntry, File, NetworkEntry, PageEntry};
use super::secrets::SecretRef;
use super::{
    AdminConfig, Config, FacebookConfig, FeedConfig, NetworkConfig, PageConfig, SecretPlace,
};

/// A site that is asked more often than this has reason to shut us out.
const POLL_EVERY_MIN: Duration = Duration::from_secs(60);
/// Facebook has taken minutes to show what it had accepted: whoever believes in "absent" sooner
/// posts twice.
const RECONCILE_FOR_MIN: Duration = Duration::from_secs(5 * 60);

/// Reads a file that has the right shape.
pub(super) struct Reader<'a> {
    path: &'a Path,
    text: Arc<str>,
    table: &'a Spanned<DeTable<'a>>,
    findings: Findings<'a>,
    secrets: Vec<(SecretPlace, SecretRef)>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        path: &'a Path,
        text: &str,
        table: &'a Spanned<DeTable<'a>>,
        findings: Findings<'a>,
    ) -> Self {
        Self {
            path,
            text: text.into(),
            table,
            findings,
            secrets: Vec::new(),
        }
    }

    pub(super) fn read(mut self, file: File) -> Result<Config, Faults> {
        let zone = self.zone(&file.timezone);
        let names: Vec<String> = file.feeds.iter().map(|feed| feed.name.clone()).collect();
        let feeds: Vec<FeedConfig> = file
            .feeds
            .into_iter()
            .enumerate()
            .filter_map(|(place, entry)| self.feed(&format!("feeds[{place}]"), entry))
            .collect();
        self.no_repeats("feeds", "name", &names, "config.repeated-name");
        let pages: Vec<PageConfig> = file
            .pages
            .into_iter()
            .enumerate()
            .map(|(place, entry)| self.page(&format!("pages[{place}]"), entry, &names))
            .collect();
        let names: Vec<String> = pages.iter().map(|page| page.name.clone()).collect();
        self.no_repeats("pages", "name", &names, "config.repeated-name");
        let ids: Vec<String> = pages.iter().map(|page| page.id.clone()).collect();
        self.no_repeats("pages", "id", &ids, "config.repeated-id");
        let facebook = self.facebook(file.facebook);
        let network = self.network(file.network);
        let admin = self.admin(file.admin);
        let (Some(facebook), true) = (facebook, self.findings.is_empty()) else {
            return Err(self.findings.into_faults());
        };
        Ok(Config {
            language: file.language,
            facebook,
            network,
            admin,
            zone,
            feeds,
            pages,
            secrets: self.secrets,
            file: self.path.to_owned(),
        })
    }

    fn feed(&mut self, key: &str, entry: FeedEntry) -> Option<FeedConfig> {
        self.name(&format!("{key}.name"), &entry.name);
        let url = self.url(&format!("{key}.url"), &entry.url);
        let poll_every = self.length(&format!("{key}.poll_every"), &entry.poll_every);
        if poll_every < POLL_EVERY_MIN && !url.as_ref().is_some_and(is_loopback) {
            self.add(
                &format!("{key}.poll_every"),
                "config.too-short",
                &[("least", "1m")],
            );
        }
        Some(FeedConfig {
            name: entry.name,
            url: url?,
            poll_every,
            first_poll: entry.first_poll,
            read_pages: entry.read_pages,
            include: entry.include,
            exclude: entry.exclude,
            never_auto: entry.never_auto,
            date_format: self.date_format(&format!("{key}.date_format"), entry.date_format),
        })
    }

    fn page(&mut self, key: &str, entry: PageEntry, feeds: &[String]) -> PageConfig {
        self.name(&format!("{key}.name"), &entry.name);
        if entry.id.is_empty() || !entry.id.bytes().all(|byte| byte.is_ascii_digit()) {
            self.add(
                &format!("{key}.id"),
                "config.not-an-id",
                &[("value", &entry.id)],
            );
        }
        for (place, feed) in entry.feeds.iter().enumerate() {
            if !feeds.contains(feed) {
                let place = format!("{key}.feeds[{place}]");
                let values = [("value", feed.as_str()), ("known", &feeds.join(", "))];
                self.add(&place, "config.absent-feed", &values);
            }
        }
        let token = self.secret(&format!("{key}.token"), entry.token);
        PageConfig {
            spacing: self.length(&format!("{key}.spacing"), &entry.spacing),
            quiet_hours: self.hours(&format!("{key}.quiet_hours"), &entry.quiet_hours),
            hold_for: self.length(&format!("{key}.hold_for"), &entry.hold_for),
            max_age: self.length(&format!("{key}.max_age"), &entry.max_age),
            token,
            name: entry.name,
            id: entry.id,
            feeds: entry.feeds,
            template: entry.template,
            style: entry.style,
            // The shape has been checked: these fit.
            images_max: usize::try_from(entry.images_max).unwrap_or_default(),
            default_pictures: entry
                .default_pictures
                .into_iter()
                .map(|(category, file)| (category, beside(self.path, Path::new(&file))))
                .collect(),
            posts_per_day: u32::try_from(entry.posts_per_day).unwrap_or_default(),
            flood_over: u32::try_from(entry.flood_over).unwrap_or_default(),
            review: entry.review,
            corrections: entry.corrections,
        }
    }

    fn facebook(&mut self, entry: FacebookEntry) -> Option<FacebookConfig> {
        let graph_url = self.url("facebook.graph_url", &entry.graph_url);
        if !is_version(&entry.version) {
            let values = [("value", entry.version.as_str())];
            self.add("facebook.version", "config.not-a-version", &values);
        }
        let reconcile_first = self.length("facebook.reconcile_first", &entry.reconcile_first);
        let reconcile_for = self.length("facebook.reconcile_for", &entry.reconcile_for);
        if reconcile_for < RECONCILE_FOR_MIN && !graph_url.as_ref().is_some_and(is_loopback) {
            let values = [("least", "5m")];
            self.add("facebook.reconcile_for", "config.too-short", &values);
        }
        if reconcile_first >= reconcile_for {
            let values = [("most", entry.reconcile_for.as_str())];
            self.add("facebook.reconcile_first", "config.too-long", &values);
        }
        let app_secret = self.secret("facebook.app_secret", entry.app_secret);
        let login_redirect = self.url("facebook.login_redirect", &entry.login_redirect);
        let request_timeout = self.timeout("facebook.request_timeout", &entry.request_timeout);
        Some(FacebookConfig {
            graph_url: graph_url?,
            version: entry.version,
            app_id: entry.app_id,
            app_secret,
            login_redirect: login_redirect?,
            login_config_id: Some(entry.login_config_id).filter(|id| !id.is_empty()),
            request_timeout,
            reconcile_first,
            reconcile_for,
            on_unknown: entry.on_unknown,
        })
    }

    fn network(&mut self, entry: NetworkEntry) -> NetworkConfig {
        let mut allow_private = Vec::new();
        for (place, text) in entry.allow_private.iter().enumerate() {
            match text.parse::<IpNet>() {
                Ok(net) => allow_private.push(net),
                Err(_) => {
                    let key = format!("network.allow_private[{place}]");
                    self.add(&key, "config.not-a-network", &[("value", text)]);
                }
            }
        }
        let named = !entry.extra_ca.as_os_str().is_empty();
        NetworkConfig {
            allow_private,
            timeout: self.timeout("network.timeout", &entry.timeout),
            extra_ca: named.then(|| beside(self.path, &entry.extra_ca)),
        }
    }

    fn admin(&mut self, entry: AdminEntry) -> AdminConfig {
        let listen = entry.listen.parse().unwrap_or_else(|_| {
            self.add(
                "admin.listen",
                "config.not-an-address",
                &[("value", &entry.listen)],
            );
            nowhere()
        });
        AdminConfig {
            listen,
            password: self.secret("admin.password", entry.password),
        }
    }

    fn add(&mut self, key: &str, text: &'static str, values: &[(&'static str, &str)]) {
        let at = self.place(key);
        self.findings.add(at, key, text, values);
    }

    /// Where the value of a key stands; of one that is not written, the nearest thing above it.
    fn place(&self, key: &str) -> usize {
        let mut at = self.table.span().start;
        let mut table = Some(self.table.get_ref());
        for part in key.split('.') {
            let (name, index) = match part.split_once('[') {
                Some((name, index)) => (name, index.trim_end_matches(']').parse::<usize>().ok()),
                None => (part, None),
            };
            let Some(value) = table.and_then(|table| table.get(name)) else {
                return at;
            };
            let value = match (index, value.get_ref()) {
                (Some(index), DeValue::Array(items)) => items.get(index).unwrap_or(value),
                _ => value,
            };
            at = value.span().start;
            table = match value.get_ref() {
                DeValue::Table(table) => Some(table),
                _ => None,
            };
        }
        at
    }
}

/// A path as the settings file means it: from the folder it stands in.
pub(super) fn beside(file: &Path, path: &Path) -> PathBuf {
    match file.parent() {
        Some(dir) => dir.join(path),
        None => path.to_owned(),
    }
}

/// Such as `v26.0`.
fn is_version(text: &str) -> bool {
    let numbers = text.strip_prefix('v').and_then(|text| text.split_once('.'));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    numbers.is_some_and(|(major, minor)| is_number(major) && is_number(minor))
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Stands in where a fault was found, so that the others are found too.
fn nowhere() -> SocketAddr {
    SocketAddr::from(([127, 0, 0, 1], 0))
}
