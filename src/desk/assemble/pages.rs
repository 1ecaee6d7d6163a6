//! Feeds and Pages as the settings want them.

use std::sync::Arc;

use tokio::sync::Mutex;

use super::Surroundings;
use crate::article::select::Selection;
use crate::config::{
    self, Config, Environment, FeedConfig, FirstPoll, OnUnknown, PageConfig, Review, SecretRef,
};
use crate::destination::facebook::{Address, FacebookPage, Keys, ReadSecret, TokenStore};
use crate::ledger::state::PageKey;
use crate::poller::Source;
use crate::publisher::page::{self, Page, Style};
use crate::publisher::pictures::DefaultPictures;
use crate::publisher::plan::{Manners, QuietHours};
use crate::publisher::reconcile::Patience;

pub(super) fn source(config: &Config, feed: &FeedConfig) -> Source {
    Source {
        name: feed.name.clone(),
        url: feed.url.clone(),
        poll_every: feed.poll_every,
        publish_first: feed.first_poll == FirstPoll::Publish,
        read_pages: feed.read_pages,
        selection: Selection::new(&feed.include, &feed.exclude, &feed.never_auto),
        zone: config.timezone().clone(),
        date_format: feed.date_format.clone(),
    }
}

pub(super) fn page_of(
    config: &Config,
    page: &PageConfig,
    graph: &reqwest::Client,
    surroundings: &Surroundings,
    tokens: &TokenStore,
) -> Page {
    let facebook = &config.facebook;
    let address = Address {
        graph_url: facebook.graph_url.clone(),
        version: facebook.version.clone(),
        page: page.id.clone(),
    };
    let destination = FacebookPage::new(
        graph.clone(),
        address,
        keys(config, page, &surroundings.environment, tokens),
        facebook.app_id.clone(),
        Arc::clone(&surroundings.clock),
    );
    Page {
        key: PageKey(page.key(&facebook.graph_url)),
        name: page.name.clone(),
        feeds: page.feeds.clone(),
        destination: Arc::new(destination),
        manners: manners(config, page),
        patience: Patience {
            first: facebook.reconcile_first,
            whole: facebook.reconcile_for,
            resend: facebook.on_unknown == OnUnknown::Reconcile,
        },
        template: page.template.clone(),
        style: match page.style {
            config::Style::Auto => Style::Auto,
            config::Style::Photos => Style::Photos,
            config::Style::Link => Style::Link,
        },
        images_max: page.images_max,
        default_pictures: DefaultPictures::new(&page.default_pictures),
        review: page.review == Review::All,
        flood_over: Some(page.flood_over),
        corrections: page.corrections,
        hand: Mutex::new(page::Hand::default()),
        right: std::sync::Mutex::default(),
    }
}

/// Where the Page's secrets come from. They are read when they are needed.
fn keys(
    config: &Config,
    page: &PageConfig,
    environment: &Environment,
    tokens: &TokenStore,
) -> Keys {
    let facebook = &config.facebook;
    let app = facebook.app_id.clone().zip(facebook.app_secret.clone());
    let (tokens, id) = (tokens.clone(), page.id.clone());
    Keys {
        page_token: match page.token.clone() {
            Some(secret) => read_secret(secret, environment),
            None => Box::new(move || tokens.load(&id).map_err(|error| error.to_string())),
        },
        app: app.map(|(id, secret)| (id, read_secret(secret, environment))),
    }
}

pub(super) fn read_secret(secret: SecretRef, environment: &Environment) -> ReadSecret {
    let environment = Arc::clone(environment);
    Box::new(move || secret.read(&environment).map_err(|error| error.to_string()))
}

fn manners(config: &Config, page: &PageConfig) -> Manners {
    Manners {
        zone: config.timezone().clone(),
        spacing: page.spacing,
        quiet_hours: page.quiet_hours.map(|hours| QuietHours {
            from: hours.from,
            to: hours.until,
        }),
        hold_for: page.hold_for,
        posts_per_day: page.posts_per_day,
        max_age: page.max_age,
    }
}
