//! What can be done on a Page: publish, have it look at an address, edit, delete.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::document::{document, selected};
use super::fault::{
    ALREADY_POSTED, BAD_LINK, BAD_PARAMETER, FACEBOOK_LINK, Fault, LOST, MISSING, NOT_DELETED,
    OTHERS_POST, SAME_AGAIN, TOO_FAST, UNSCRAPABLE, USED_PHOTO,
};
use crate::rehearsal::habits::Repeats;
use crate::rehearsal::params::Params;
use crate::rehearsal::posts::{Posts, RehearsedPost};
use crate::rehearsal::reply::Reply;
use crate::rehearsal::schedule::moment;
use crate::rehearsal::{LinkCard, RehearsalPage};

/// The longest text that publishers send.
const MESSAGE_CHARS_MAX: usize = 63_206;

/// When a post is to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// At once, as far as that goes.
    Now,
    /// By itself, later.
    At(Timestamp),
    /// Not at all.
    Never,
}

/// What a post is made of.
pub(super) struct Making<'a> {
    pub(super) message: Option<&'a str>,
    pub(super) link: Option<&'a str>,
    pub(super) card: Option<LinkCard>,
    pub(super) media: &'a [String],
    pub(super) when: When,
    pub(super) shows_after: u64,
    pub(super) now: Timestamp,
}

impl Making<'_> {
    /// Nothing yet.
    pub(super) fn at(now: Timestamp) -> Self {
        Self {
            message: None,
            link: None,
            card: None,
            media: &[],
            when: When::Now,
            shows_after: 0,
            now,
        }
    }
}

pub(super) async fn publish(page: &RehearsalPage, params: &Params, shows_after: u64) -> Reply {
    match published(page, params, shows_after).await {
        Ok(post) => {
            let fields = params.get("fields").unwrap_or("id");
            Reply::ok(&selected(&document(page, &post), fields))
        }
        Err(fault) => fault.into(),
    }
}

async fn published(
    page: &RehearsalPage,
    params: &Params,
    shows_after: u64,
) -> Result<RehearsedPost, Fault<'static>> {
    let message = params.get("message").unwrap_or_default();
    let link = params.get("link").filter(|link| !link.is_empty());
    let media = params.attached_media();
    let nothing = message.is_empty() && link.is_none() && media.is_empty();
    if nothing || message.chars().count() > MESSAGE_CHARS_MAX {
        return Err(BAD_PARAMETER);
    }
    let when = when(page, params, !media.is_empty())?;
    let card = match link {
        Some(link) => card(page, link, media.is_empty()).await?,
        None => None,
    };
    let making = Making {
        message: Some(message),
        link,
        card,
        media: &media,
        when,
        shows_after,
        now: page.now(),
    };
    page.with(|posts| {
        bear(posts, &making)?;
        let is_temporary = |id| posts.photo(id).is_some_and(|photo| photo.temporary);
        let is_scheduled = matches!(making.when, When::At(_));
        if is_scheduled && !making.media.iter().all(|id| is_temporary(id)) {
            return Err(BAD_PARAMETER);
        }
        make(page, posts, making)
    })
}

/// When the post is to show: an hour only together with `published=false`, and beside photos only
/// when the post is said to be a scheduled one.
fn when(page: &RehearsalPage, params: &Params, has_photos: bool) -> Result<When, Fault<'static>> {
    let kind = params.get("unpublished_content_type");
    match (
        params.flag("published", true),
        params.get("scheduled_publish_time"),
    ) {
        (true, None) => Ok(When::Now),
        (false, None) => Ok(When::Never),
        (true, Some(_)) => Err(BAD_PARAMETER),
        (false, Some(_)) if has_photos && kind != Some("SCHEDULED") => Err(BAD_PARAMETER),
        (false, Some(text)) => {
            let days = page.with(|posts| posts.habits.schedule_days);
            let moment = moment(text, page.now(), days);
            moment.map(When::At).ok_or(BAD_PARAMETER)
        }
    }
}

/// What the card of a link shows, where there is to be one.
async fn card(
    page: &RehearsalPage,
    link: &str,
    is_wanted: bool,
) -> Result<Option<LinkCard>, Fault<'static>> {
    let cold = page.with(|posts| {
        scrapable(posts, link)?;
        Ok(posts.habits.cold_cards && !posts.scraped.contains(link))
    })?;
    if !is_wanted {
        return Ok(None);
    }
    let card = (page.inner.settings.scrape)(link.to_owned()).await;
    Ok(card.map(|card| match cold {
        // The picture is fetched aside, for whoever shares the address next.
        true => LinkCard {
            image: None,
            ..card
        },
        false => card,
    }))
}

/// Whether the Page can look at an address at all.
fn scrapable(posts: &Posts, link: &str) -> Result<(), Fault<'static>> {
    let url = url::Url::parse(link).map_err(|_| BAD_LINK)?;
    let host = url.host_str().ok_or(BAD_LINK)?;
    if host == "facebook.com" || host.ends_with(".facebook.com") {
        return Err(FACEBOOK_LINK);
    }
    match posts.habits.unscrapable.get(host) {
        None => Ok(()),
        Some(1500) => Err(BAD_LINK),
        Some(_) => Err(UNSCRAPABLE),
    }
}

/// Whether the page puts up with one more post like this.
fn bear(posts: &Posts, making: &Making<'_>) -> Result<(), Fault<'static>> {
    let is_repeat = posts.newest().is_some_and(|newest| {
        newest.photos.is_empty()
            && making.media.is_empty()
            && Some(newest.message.as_str()) == making.message
            && newest.link.as_deref() == making.link
    });
    match posts.habits.repeats {
        Repeats::Duplicate if is_repeat => return Err(SAME_AGAIN),
        Repeats::AlreadyPosted if is_repeat => return Err(ALREADY_POSTED),
        _ => {}
    }
    let Some(pace) = posts.habits.pace else {
        return Ok(());
    };
    let span = SignedDuration::try_from(Duration::from_secs(pace.seconds));
    let since = span.ok().and_then(|span| making.now.checked_sub(span).ok());
    match since.map_or(0, |since| posts.made_since(since)) < pace.posts {
        true => Ok(()),
        false => Err(TOO_FAST),
    }
}

pub(super) fn make(
    page: &RehearsalPage,
    posts: &mut Posts,
    making: Making<'_>,
) -> Result<RehearsedPost, Fault<'static>> {
    let now = making.now;
    let scheduled = match making.when {
        When::At(moment) => Some(moment),
        When::Now | When::Never => None,
    };
    let mut photos = Vec::with_capacity(making.media.len());
    for id in making.media {
        match (posts.loose_photo(id, now), posts.photo(id)) {
            (Some(photo), _) => photos.push(photo.clone()),
            (None, Some(_)) => return Err(USED_PHOTO),
            (None, None) => return Err(BAD_PARAMETER),
        }
    }
    let late = Duration::from_secs(making.shows_after);
    let post = RehearsedPost {
        id: posts.next_id(&page.inner.settings.page_id),
        message: making.message.unwrap_or_default().to_owned(),
        link: making.link.map(ToOwned::to_owned),
        card: making.card,
        photos,
        created: now,
        visible_from: now.checked_add(late).unwrap_or(now),
        app: Some(page.inner.settings.app_id.clone()),
        published: making.when == When::Now,
        scheduled,
        by_visitor: false,
    };
    // What cannot be remembered has not happened.
    posts.add(post.clone()).map_err(|_| LOST)?;
    Ok(post)
}

/// Has the page look at an address, so that its card is whole when it is first posted.
pub(super) async fn scrape(page: &RehearsalPage, params: &Params) -> Reply {
    let Some(link) = params.get("id").filter(|_| params.flag("scrape", false)) else {
        return BAD_PARAMETER.into();
    };
    if let Err(fault) = page.with(|posts| scrapable(posts, link)) {
        return fault.into();
    }
    let card = (page.inner.settings.scrape)(link.to_owned()).await;
    page.with(|posts| posts.scraped.insert(link.to_owned()));
    let mut told = json!({ "url": link, "type": "article" });
    if let Some(card) = card {
        told["title"] = json!(card.title);
        told["image"] = json!(Vec::from_iter(
            card.image.map(|image| json!({ "url": image }))
        ));
    }
    Reply::ok(&told)
}

pub(super) fn edit(page: &RehearsalPage, id: &str, params: &Params) -> Reply {
    let now = page.now();
    let app = page.inner.settings.app_id.clone();
    page.with(|posts| match (posts.find(id, now), params.get("message")) {
        (None, _) => MISSING.into(),
        (Some(post), _) if post.app.as_ref() != Some(&app) => OTHERS_POST.into(),
        (Some(_), None) => BAD_PARAMETER.into(),
        (Some(_), Some(message)) => match posts.edit(id, message) {
            Ok(()) => Reply::ok(&json!({ "success": true })),
            Err(_) => LOST.into(),
        },
    })
}

pub(super) fn delete(page: &RehearsalPage, id: &str) -> Reply {
    let now = page.now();
    page.with(|posts| match posts.find(id, now) {
        None => MISSING.into(),
        Some(_) if posts.habits.keeps_posts => NOT_DELETED.into(),
        Some(_) => match posts.delete(id) {
            Ok(()) => Reply::ok(&json!({ "success": true })),
            Err(_) => LOST.into(),
        },
    })
}
