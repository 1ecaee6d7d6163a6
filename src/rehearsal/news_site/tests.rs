//! The site as the poller meets it.

use jiff::tz::TimeZone;

use super::*;
use crate::article::Article;
use crate::article::page::PageReader;
use crate::clock::ManualClock;
use crate::feed;
use crate::feed::date::Dates;

const ADDRESS: &str = "http://127.0.0.1:8036";

fn site() -> (ManualClock, NewsSite) {
    let clock = ManualClock::at(Timestamp::UNIX_EPOCH);
    let site = NewsSite::open(Arc::new(clock.clone()), Duration::from_secs(5), ADDRESS);
    (clock, site)
}

fn articles(site: &NewsSite) -> Vec<Article> {
    let feed = feed::parse(
        site.feed_now().as_bytes(),
        None,
        None,
        &Dates::in_zone(TimeZone::UTC),
    )
    .unwrap();
    feed.entries
        .iter()
        .map(|entry| Article::from_entry(entry, "tin"))
        .collect()
}

#[test]
fn it_brings_out_one_article_after_another_and_then_rests() {
    let (clock, site) = site();
    assert_eq!(articles(&site).len(), 1);
    clock.advance(Duration::from_secs(5));
    let two = articles(&site);
    assert_eq!(two.len(), 2);
    assert_eq!(two[1].title, site.titles()[0], "the newest stands first");
    clock.advance(Duration::from_secs(1000));
    assert_eq!(articles(&site).len(), 11);
}

#[test]
fn every_link_leads_to_a_page_that_reads_as_its_article() {
    let (clock, site) = site();
    clock.advance(Duration::from_secs(1000));
    for article in articles(&site) {
        let link = article.link.unwrap();
        assert!(link.as_str().starts_with(ADDRESS), "{link}");
        let html = site.page(link.path()).unwrap();
        let page = PageReader::new(TimeZone::UTC)
            .read(html.as_bytes(), None, Some(&link))
            .unwrap();
        assert_eq!(page.title, article.title);
        assert_eq!(page.lead, article.lead);
        for image in &page.images {
            let path = image.url.path();
            let thumbnail = path.replace("/images/", "/thumbnail/348x254/");
            assert!(
                site.picture(path)
                    .or_else(|| site.picture(&thumbnail))
                    .is_some(),
                "{path}"
            );
        }
    }
}

#[test]
fn the_first_article_has_three_pictures_and_the_last_has_none() {
    let (clock, site) = site();
    clock.advance(Duration::from_secs(1000));
    let pictures = |article: &Article| {
        let link = article.link.clone().unwrap();
        let html = site.page(link.path()).unwrap();
        PageReader::new(TimeZone::UTC)
            .read(html.as_bytes(), None, Some(&link))
            .unwrap()
            .images
            .len()
    };
    let all = articles(&site);
    assert_eq!(pictures(all.last().unwrap()), 3);
    assert_eq!(pictures(&all[0]), 0);
}
