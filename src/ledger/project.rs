//! What one event changes in the tables. Pure: reads rows, yields writes, refuses what cannot be.

mod overlay;

pub(super) use self::overlay::Overlay;
use super::LedgerError;
use super::event::{Event, Placed, What};
use super::rows::{self, ArticleRow, PageRow};
use super::state::{PageKey, Record, SkipReason, Standing, State};
use super::step::{Change, step};
use super::store::Tables;
use crate::article::{Article, ArticleId};
use crate::post::PostId;

/// Applies one event to the tables.
pub(super) fn project(
    tables: &mut Overlay<'_>,
    seq: u64,
    event: &Event,
) -> Result<(), LedgerError> {
    if let Some(id) = event.what.article() {
        tables.put(rows::story_entry(id, seq), Vec::new());
    }
    match &event.what {
        What::Started { epoch, .. } => tables.put(rows::EPOCH.to_vec(), rows::written(epoch)?),
        What::Recorded {
            id,
            article,
            keys,
            pages,
            unread,
        } => recorded(tables, seq, event, id, article, keys, pages, *unread)?,
        What::Placed { id, page } => place(tables, seq, event, id, page)?,
        What::Learned { id, keys } => learned(tables, id, keys)?,
        What::Enriched {
            id,
            article,
            page_read,
        } => enriched(tables, id, article, *page_read)?,
        What::EnrichFailed { id, .. } => on_article(tables, id, |row| {
            row.read_failures = row.read_failures.saturating_add(1);
        })?,
        What::Corrected {
            id,
            article,
            unread,
        } => corrected(tables, id, article, *unread)?,
        What::Gone { id, .. } => on_article(tables, id, |row| row.gone = true)?,
        What::Listed { feed, listing } => {
            tables.put(rows::listing(feed), rows::written(listing)?);
        }
        What::Changed { id, page, change } => changed(tables, event, id, page, change)?,
        What::Polled { feed, memory } => tables.put(rows::feed(feed), rows::written(memory)?),
        What::Baselined { feed, page } => {
            tables.put(rows::baseline(feed, page), rows::written(&event.at)?);
        }
        What::Paused { page, pause } => {
            on_page(tables, page, |row| row.pause = Some(pause.clone()))?;
        }
        What::Resumed { page } => on_page(tables, page, |row| {
            row.pause = None;
            row.refusal = None;
        })?,
        What::Acknowledged { page, posts } => {
            on_page(tables, page, |row| row.acquainted = true)?;
            for post in posts {
                know_post(tables, page, post, None);
            }
        }
        What::BaselineMatched { page } => on_page(tables, page, |row| row.unmatched = false)?,
        What::Inspected { page } => on_page(tables, page, |row| row.inspected = Some(event.at))?,
        What::Warned {
            page,
            of,
            which,
            days,
        } => on_page(tables, page, |row| {
            row.warned.insert(*of, (which.clone(), *days));
        })?,
        What::Notice { .. } => tables.put(rows::notice(seq), Vec::new()),
    }
    Ok(())
}

#[expect(
    clippy::too_many_arguments,
    reason = "one per field of the event it reads; a struct would only name them twice"
)]
fn recorded(
    tables: &mut Overlay<'_>,
    seq: u64,
    event: &Event,
    id: &ArticleId,
    article: &Article,
    keys: &[String],
    pages: &[Placed],
    unread: bool,
) -> Result<(), LedgerError> {
    let row = ArticleRow {
        article: article.clone(),
        keys: Vec::new(),
        unread,
        read_failures: 0,
        first_seen: event.at,
        order: seq,
        said: article.says(),
        corrections: 0,
        page_read: false,
        gone: false,
    };
    if tables.get(&rows::article(id))?.is_some() {
        return Err(LedgerError::Taken(id.clone()));
    }
    tables.put(rows::article(id), rows::written(&row)?);
    learned(tables, id, keys)?;
    pages
        .iter()
        .try_for_each(|page| place(tables, seq, event, id, page))
}

/// A key belongs to the article that had it first.
fn learned(tables: &mut Overlay<'_>, id: &ArticleId, keys: &[String]) -> Result<(), LedgerError> {
    let mut fresh = Vec::new();
    for key in keys {
        if tables.get(&rows::key(key))?.is_none() {
            tables.put(rows::key(key), id.as_str().as_bytes().to_vec());
            fresh.push(key.clone());
        }
    }
    on_article(tables, id, |row| row.keys.extend(fresh))
}

fn enriched(
    tables: &mut Overlay<'_>,
    id: &ArticleId,
    article: &Article,
    page_read: bool,
) -> Result<(), LedgerError> {
    tables.remove(rows::unread(article_row(tables, id)?.order, id));
    on_article(tables, id, |row| {
        row.article = article.clone();
        row.page_read = page_read;
        row.unread = false;
    })
}

/// The article is read again where a Page wants it.
fn corrected(
    tables: &mut Overlay<'_>,
    id: &ArticleId,
    article: &Article,
    unread: bool,
) -> Result<(), LedgerError> {
    on_article(tables, id, |row| {
        row.said = article.says();
        row.article = article.clone();
        row.corrections = row.corrections.saturating_add(1);
        row.unread = unread;
        row.read_failures = 0;
        row.gone = false;
    })?;
    let mut is_wanted = false;
    tables.scan(&rows::records_of(id), &mut |_, record| {
        is_wanted |= serde_json::from_slice::<Record>(record)
            .is_ok_and(|record| record.state.standing() != Standing::Skipped);
        !is_wanted
    })?;
    match is_wanted {
        true => wanted(tables, id),
        false => Ok(()),
    }
}

fn article_row(tables: &Overlay<'_>, id: &ArticleId) -> Result<ArticleRow, LedgerError> {
    rows::read(tables, &rows::article(id))?.ok_or_else(|| LedgerError::NoArticle(id.clone()))
}

fn on_article(
    tables: &mut Overlay<'_>,
    id: &ArticleId,
    change: impl FnOnce(&mut ArticleRow),
) -> Result<(), LedgerError> {
    let mut row = article_row(tables, id)?;
    change(&mut row);
    tables.put(rows::article(id), rows::written(&row)?);
    Ok(())
}

fn place(
    tables: &mut Overlay<'_>,
    seq: u64,
    event: &Event,
    id: &ArticleId,
    placed: &Placed,
) -> Result<(), LedgerError> {
    if tables.get(&rows::record(id, &placed.page))?.is_some() {
        return Err(LedgerError::Taken(id.clone()));
    }
    let is_baseline = matches!(
        placed.state,
        State::Skipped {
            reason: SkipReason::Baseline
        }
    );
    // The row makes the Page known, so that a start finds what it left in hand there.
    on_page(tables, &placed.page, |row| row.unmatched |= is_baseline)?;
    let (page, state) = (placed.page.clone(), placed.state.clone());
    let record = Record::new(id.clone(), page, state, event.at, seq);
    count(tables, &placed.page, record.state.standing(), 1)?;
    put_record(tables, &record)?;
    match record.state {
        State::Skipped { .. } => Ok(()),
        _ => wanted(tables, id),
    }
}

/// An article's page is read in the background from when a first Page wants the article.
fn wanted(tables: &mut Overlay<'_>, id: &ArticleId) -> Result<(), LedgerError> {
    let row = article_row(tables, id)?;
    if row.unread {
        tables.put(rows::unread(row.order, id), Vec::new());
    }
    Ok(())
}

fn changed(
    tables: &mut Overlay<'_>,
    event: &Event,
    id: &ArticleId,
    page: &PageKey,
    change: &Change,
) -> Result<(), LedgerError> {
    let before: Record = rows::read(tables, &rows::record(id, page))?
        .ok_or_else(|| LedgerError::NoArticle(id.clone()))?;
    let after = step(&before, change, event.at)?;
    let (from, to) = (before.state.standing(), after.state.standing());
    if from != to {
        tables.remove(rows::standing_entry(page, from, before.order, id));
        count(tables, page, from, -1)?;
        count(tables, page, to, 1)?;
    }
    if (from, to) == (Standing::Skipped, Standing::Queued) {
        wanted(tables, id)?;
    }
    if before.correction != after.correction {
        let entry = rows::outdated_entry(page, after.order, id);
        match after.correction {
            Some(_) => tables.put(entry, Vec::new()),
            None => tables.remove(entry),
        }
    }
    put_record(tables, &after)?;
    remember_on_page(tables, event, &after, change)
}

fn put_record(tables: &mut Overlay<'_>, record: &Record) -> Result<(), LedgerError> {
    let Record {
        article,
        page,
        state,
        order,
        ..
    } = record;
    tables.put(rows::record(article, page), rows::written(record)?);
    let entry = rows::standing_entry(page, state.standing(), *order, article);
    tables.put(entry, Vec::new());
    if let State::Published { post, .. } = state {
        know_post(tables, page, post, Some(article));
    }
    Ok(())
}

/// What a Page's manners need to know of a record's change.
fn remember_on_page(
    tables: &mut Overlay<'_>,
    event: &Event,
    record: &Record,
    change: &Change,
) -> Result<(), LedgerError> {
    match change {
        Change::Sending { .. } => on_page(tables, &record.page, |row| {
            row.sends.push(event.at);
            let surplus = row.sends.len().saturating_sub(rows::SENDS_MAX);
            row.sends.drain(..surplus);
        }),
        // Certainly not on the Page: it counts neither for the spacing nor for the day.
        Change::NotSent { .. } => on_page(tables, &record.page, |row| {
            row.sends.pop();
        }),
        Change::Refused { reason, .. } => on_page(tables, &record.page, |row| {
            row.refusal = Some((record.article.clone(), reason.clone()));
        }),
        Change::Published { .. } | Change::Adopted { .. } => {
            on_page(tables, &record.page, |row| row.refusal = None)
        }
        _ => Ok(()),
    }
}

fn on_page(
    tables: &mut Overlay<'_>,
    page: &PageKey,
    change: impl FnOnce(&mut PageRow),
) -> Result<(), LedgerError> {
    let mut row: PageRow = rows::read(tables, &rows::page(page))?.unwrap_or_default();
    change(&mut row);
    tables.put(rows::page(page), rows::written(&row)?);
    Ok(())
}

fn know_post(tables: &mut Overlay<'_>, page: &PageKey, post: &PostId, of: Option<&ArticleId>) {
    let of = of.map_or("", ArticleId::as_str);
    tables.put(rows::post(page, post), of.as_bytes().to_vec());
}

fn count(
    tables: &mut Overlay<'_>,
    page: &PageKey,
    standing: Standing,
    by: i64,
) -> Result<(), LedgerError> {
    let key = rows::count(page, standing);
    let now: u64 = rows::read(tables, &key)?.unwrap_or_default();
    tables.put(key, rows::written(&now.saturating_add_signed(by))?);
    Ok(())
}
