//! What an article's own page says: headline, lead, body, full-size pictures with captions. Pure.
//!
//! What the page tells machines (JSON-LD, Open Graph) is believed first for what nobody sees
//! (time, section); what it shows people is read by the rules of its site, and where there are
//! none, from its structure.

mod body;
mod byline;
mod dateline;
mod facts;
mod furniture;
mod headline;
mod lead;
mod near;
mod report;
mod root;
mod sites;
mod stand_in;

use std::collections::HashSet;
use std::sync::Arc;

use dom_query::{Document, NodeId, NodeRef};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::Url;

use self::body::Body;
use self::facts::Facts;
use self::headline::Headline;
pub use self::report::PageReport;
use self::sites::Site;
pub use self::sites::{SITES_FILE, Sites};
use self::stand_in::Signs;
use super::Image;
use super::images::{is_photograph, name_without_size};
use super::text::nfc;
use crate::markup::{self, Garbled, Letters};

/// Where sites have their first pages.
const HOMES: [&str; 6] = ["", "vi", "home", "trang-chu", "index.html", "index.php"];
/// Where sites name the section, the last of them best.
const SECTIONS: [&str; 7] = [
    "[class*='breadcrumb' i] a",
    "[class*='bread-crumb' i] a",
    "[id*='breadcrumb' i] a",
    "a[rel~='category']",
    "[class*='category' i] > a",
    "[class*='cat-title' i] a",
    "[class*='cate-name' i]",
];
/// How sites call their front page, in small letters.
const FRONT_PAGES: [&str; 4] = ["trang chủ", "trang nhất", "home", "homepage"];

/// An article's page, read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageArticle {
    /// The headline.
    pub title: String,
    /// The standfirst.
    pub lead: Option<String>,
    /// Who wrote it.
    pub byline: Option<String>,
    /// What the site calls itself.
    pub site_name: Option<String>,
    /// The section it stands in.
    pub section: Option<String>,
    /// When it appeared.
    pub published: Option<Timestamp>,
    /// The language it says it is written in.
    pub language: Option<String>,
    /// Its pictures in order; if the body has none, those it names for sharing.
    pub images: Vec<Image>,
    /// The body's paragraphs without the lead, separated by blank lines.
    pub text: Option<String>,
}

/// Why a page is not read as an article.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PageError {
    /// It sends its readers on.
    #[error("the page points on to {0}")]
    MovedTo(Url),
    /// It checks for a browser before it shows anything.
    #[error("the site asks for a browser before it shows the page: ask its owners to let loa in")]
    Challenge,
    /// It says that there is no such article.
    #[error("the site has no such article")]
    Missing,
    /// Its letters are not Vietnamese as anyone reads it.
    #[error(transparent)]
    Garbled(Garbled),
    /// It is something else.
    #[error("the page is no article")]
    NotAnArticle,
}

/// Reads articles' pages. Cheap to clone.
#[derive(Debug, Clone)]
pub struct PageReader {
    /// The zone of times that name none.
    pub zone: TimeZone,
    /// What is known of the sites.
    pub sites: Arc<Sites>,
}

impl PageReader {
    /// One that knows the sites that ship with the program.
    pub fn new(zone: TimeZone) -> Self {
        Self {
            zone,
            sites: Arc::new(Sites::shipped()),
        }
    }

    /// Reads an article's page that came from `url`.
    ///
    /// # Errors
    /// When the page is no article.
    pub fn read(
        &self,
        bytes: &[u8],
        content_type: Option<&str>,
        url: Option<&Url>,
    ) -> Result<PageArticle, PageError> {
        let html = markup::decode(bytes, content_type);
        let document = markup::document(html.as_ref());
        let facts = Facts::of(&document);
        let base = base(&document, &facts, url);
        let site = self.sites.of(&document, url);
        let host = url.and_then(Url::host_str);
        let headline = Headline::of(&document, &facts, &site, host);
        let mut signs = Signs::of(&document, base.as_ref());
        let section = section(&document, &facts, &site, &headline.text);
        let language = language(&document, &facts);
        let near = near::elements(&document, headline.node.as_ref());
        let published = dateline::published(&document, &near, &facts, &site, &self.zone);
        let author = byline::of(&document, &near, &facts, &site, host);
        let signs_of_site = signs_of_site(&document, base.as_ref());
        markup::put_in_without_scripts(&document, base.as_ref());
        furniture::remove(&document, &site, headline.node.as_ref());

        let shown_lead = lead::shown(&document, &site, &headline);
        let title = headline.text.clone();
        let told_lead = lead::told(&facts, &title);
        let place = root::of(&document, &site, headline.node.as_ref());
        let reading = body::Reading {
            base: base.as_ref(),
            title: &title,
            lead: shown_lead.as_deref().or(told_lead.as_deref()),
            lead_is_shown: shown_lead.is_some(),
            lead_is_cut: facts.description.as_deref().is_some_and(lead::is_unended),
            author: author.as_deref(),
            captions: captions(&document, &site),
        };
        let mut body = place
            .as_ref()
            .map_or_else(Body::default, |place| Body::of(place, reading));
        if body.paragraphs.is_empty() {
            body.paragraphs.extend(facts.body.clone());
        }
        if let Some(place) = &place {
            signs.count_headlines(&place.body);
        }
        let shown = line(&document.select("body").text());
        let headed = headline.node.is_some();
        if let Some(error) =
            signs.judge(&facts, &title, headed, &body, shown_lead.is_some(), &shown)
        {
            return Err(error);
        }
        let pictured = !body.images.is_empty();
        garbled(&title, &body).map_or(Ok(()), |garbled| Err(PageError::Garbled(garbled)))?;
        let told_lead = told_lead.filter(|told| lead::is_about(told, &title, &body, &facts));
        Ok(PageArticle {
            lead: body.lead.or(shown_lead).or(told_lead),
            byline: author.or(body.byline),
            site_name: facts.site_name.clone(),
            section,
            published,
            language,
            images: match pictured {
                true => body.images,
                false => shared_pictures(&facts, base.as_ref(), &signs_of_site),
            },
            text: (!body.paragraphs.is_empty()).then(|| body.paragraphs.join("\n\n")),
            title,
        })
    }
}

/// What the letters of an article are wrong with. Those of feeds are mended where nothing is lost; a
/// page, from which marks have gone by now, is better not read.
fn garbled(title: &str, body: &Body) -> Option<Garbled> {
    let said = std::iter::once(title).chain(body.paragraphs.iter().map(String::as_str));
    match Letters::of(&said.collect::<Vec<_>>().join("\n")) {
        Ok(Letters::Own) => None,
        Ok(Letters::Mojibake) => Some(Garbled::Mojibake),
        Ok(Letters::Vni) => Some(Garbled::Vni),
        Ok(Letters::Tcvn3) => Some(Garbled::Tcvn3),
        Err(garbled) => Some(garbled),
    }
}

/// What relative addresses start from: what the page says, else its address, else the one that it
/// gives itself.
fn base(document: &Document, facts: &Facts, url: Option<&Url>) -> Option<Url> {
    let address = url.or(facts.address.as_ref());
    let named = document.select("base[href]").attr("href");
    named
        .and_then(|href| markup::resolve(&href, address))
        .or_else(|| address.cloned())
}

/// What the page tells machines, else what it shows; the front page is no section.
fn section(document: &Document, facts: &Facts, site: &Site, title: &str) -> Option<String> {
    let is_section =
        |text: &String| !text.is_empty() && !FRONT_PAGES.contains(&text.to_lowercase().as_str());
    let shown = || {
        let generic = SECTIONS.map(str::to_owned);
        let places = site.section.iter().chain(&generic);
        let mut places = places.filter_map(|place| document.try_select(place));
        places.find_map(|found| {
            let texts = found.nodes().iter().map(|node| line(&node.text()));
            let mut texts = texts.filter(|text| is_section(text) && text != title);
            texts.next_back()
        })
    };
    facts.section.clone().filter(is_section).or_else(shown)
}

fn captions(document: &Document, site: &Site) -> HashSet<NodeId> {
    let found = site.caption.iter();
    let found = found.filter_map(|place| document.try_select(place));
    found
        .flat_map(|found| found.nodes().iter().map(|node| node.id).collect::<Vec<_>>())
        .collect()
}

fn language(document: &Document, facts: &Facts) -> Option<String> {
    let told = document
        .select("html")
        .attr("lang")
        .map(|lang| lang.to_string());
    let told = told.or_else(|| facts.locale.clone())?;
    let language = told.split(['-', '_']).next()?.trim().to_ascii_lowercase();
    (!language.is_empty()).then_some(language)
}

/// The pictures by which readers go to the site's first page, under the names that they have in
/// all sizes. Sites name them for sharing where an article has no picture.
fn signs_of_site(document: &Document, base: Option<&Url>) -> HashSet<String> {
    let is_home = |link: &NodeRef<'_>| {
        let target = link.attr("href");
        let target = target.and_then(|href| markup::resolve(&href, base));
        target.is_some_and(|target| HOMES.contains(&target.path().trim_matches('/')))
    };
    let links = document.select("a[href]");
    let homes = links.nodes().iter().filter(|link| is_home(link));
    homes
        .flat_map(|link| link.descendants())
        .filter(|inner| inner.has_name("img"))
        .filter_map(|image| markup::resolve(&image.attr("src")?, base))
        .map(|url| name_without_size(&url))
        .collect()
}

/// The pictures that a page names for sharing: there may be several forms of one, and a post needs
/// one that can be fetched.
fn shared_pictures(facts: &Facts, base: Option<&Url>, signs: &HashSet<String>) -> Vec<Image> {
    let mut images: Vec<Image> = Vec::new();
    for address in &facts.images {
        if images.len() >= markup::PICTURES_MAX {
            break;
        }
        let url = markup::usable(address, base).filter(is_photograph);
        let url = url.filter(|url| !signs.contains(&name_without_size(url)));
        if let Some(url) = url.filter(|url| images.iter().all(|known| known.url != *url)) {
            images.push(Image::bare(url));
        }
    }
    images
}

/// One line of text as it is stored.
fn line(text: &str) -> String {
    markup::tidy(&nfc(text))
}

#[cfg(test)]
mod tests;
