//! What feed-rs panics on, or loses, written in another way. Pure.

use std::ops::Range;

/// The families of feeds, by their root element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Rss,
    Rdf,
    Atom,
}

/// Name spaces that entries use, whether their feed declares them or not.
const SPACES: &str = "xmlns:media=\"http://search.yahoo.com/mrss/\" \
     xmlns:content=\"http://purl.org/rss/1.0/modules/content/\" \
     xmlns:dc=\"http://purl.org/dc/elements/1.1/\" \
     xmlns:slash=\"http://purl.org/rss/1.0/modules/slash/\" \
     xmlns:atom=\"http://www.w3.org/2005/Atom\" \
     xmlns:itunes=\"http://www.itunes.com/dtds/podcast-1.0.dtd\"";

impl Shape {
    pub(super) fn of(text: &str) -> Option<Self> {
        let roots = [
            ("<rss", Self::Rss),
            ("<rdf:RDF", Self::Rdf),
            ("<RDF", Self::Rdf),
            ("<feed", Self::Atom),
        ];
        roots
            .iter()
            .find(|(root, _)| text.starts_with(root))
            .map(|(_, shape)| *shape)
    }

    /// How an entry begins and ends.
    pub(super) fn entry(self) -> (&'static str, &'static str) {
        match self {
            Self::Rss | Self::Rdf => ("<item", "</item>"),
            Self::Atom => ("<entry", "</entry>"),
        }
    }

    /// A document around one entry, with the name spaces that entries use.
    pub(super) fn shell(self, entry: &str) -> String {
        match self {
            Self::Rss => {
                format!("<rss version=\"2.0\" {SPACES}><channel><title/>{entry}</channel></rss>")
            }
            Self::Rdf => format!(
                "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
                 xmlns=\"http://purl.org/rss/1.0/\" {SPACES}><channel/>{entry}</rdf:RDF>"
            ),
            Self::Atom => format!(
                "<feed xmlns=\"http://www.w3.org/2005/Atom\" {SPACES}><id/><title/>{entry}</feed>"
            ),
        }
    }

    /// The text without what feed-rs is known to panic on, or to lose.
    pub(super) fn without_traps(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        if self == Self::Rss
            && let Some((root, behind)) = text.split_once('>')
        {
            // RSS 2.0 has no name space: under a foreign one, no element is seen.
            out.push_str(&without_name_space(root));
            out.push('>');
            rest = behind;
        }
        let (open, close) = self.entry();
        while let Some(found) = block(rest, open, close) {
            out.push_str(rest.get(..found.start).unwrap_or_default());
            out.push_str(&entry_without_traps(
                rest.get(found.clone()).unwrap_or_default(),
            ));
            rest = rest.get(found.end..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }
}

fn without_name_space(root: &str) -> String {
    let Some((before, space)) = root.split_once(" xmlns=") else {
        return root.to_owned();
    };
    let quote = space.chars().next().unwrap_or('"');
    let behind = space.get(1..).and_then(|value| value.split_once(quote));
    format!("{before}{}", behind.map_or("", |(_, behind)| behind))
}

/// Where the next element with these tags stands.
pub(super) fn block(text: &str, open: &str, close: &str) -> Option<Range<usize>> {
    let mut from = 0;
    loop {
        let start = from + text.get(from..)?.find(open)?;
        let after = text.get(start + open.len()..)?;
        // `<item` also begins `<items`.
        if after.starts_with(['>', ' ', '\n', '\r', '\t']) {
            let end = start + text.get(start..)?.find(close)? + close.len();
            return Some(start..end);
        }
        from = start + open.len();
    }
}

/// What stands in each of the elements of a name.
pub(super) fn contents<'a>(text: &'a str, name: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(range) = block(rest, &open, &close) {
        let element = rest.get(range.clone()).unwrap_or_default();
        let inside = element.split_once('>').map_or("", |(_, inside)| inside);
        found.push(inside.strip_suffix(&close).unwrap_or(inside));
        rest = rest.get(range.end..).unwrap_or_default();
    }
    found
}

/// The address in an entry's `atom:link`, as it stands there.
fn atom_link(entry: &str) -> Option<String> {
    let (_, link) = entry.split_once("<atom:link ")?;
    let (_, address) = link.split_once("href=\"")?;
    Some(address.split_once('"')?.0.to_owned())
}

/// The address in an entry's `image`, which RSS knows of channels only.
fn image(entry: &str) -> Option<String> {
    let inside = contents(entry, "image").first().copied()?;
    let address = contents(inside, "url").first().copied().unwrap_or(inside);
    let address = address.trim();
    let address = address.strip_prefix("<![CDATA[").unwrap_or(address);
    let address = address.strip_suffix("]]>").unwrap_or(address).trim();
    let is_one = !address.is_empty() && !address.contains(['<', '"', ' ']);
    is_one.then(|| address.to_owned())
}

/// feed-rs loses a thumbnail that stands alone and an image of an entry, sees no link where an
/// empty one comes first, and panics on an author whose e-mail address touches a letter beyond
/// ASCII.
fn entry_without_traps(entry: &str) -> String {
    let mut entry = entry.to_owned();
    if !entry.contains("<media:content") {
        entry = entry
            .replace("<media:thumbnail", "<media:content medium=\"image\"")
            .replace("</media:thumbnail>", "</media:content>");
    }
    if let Some(address) = image(&entry)
        && let Some(found) = block(&entry, "<image", "</image>")
    {
        let enclosure = format!("<enclosure type=\"image/jpeg\" length=\"0\" url=\"{address}\"/>");
        entry.replace_range(found, &enclosure);
    }
    if let (Some(empty), Some(href)) = (block(&entry, "<link", "</link>"), atom_link(&entry))
        && entry.get(empty.clone()) == Some("<link></link>")
    {
        entry.replace_range(empty, &format!("<link>{href}</link>"));
    }
    if let Some(author) = block(&entry, "<author", "</author>") {
        let content = entry.get(author.clone()).unwrap_or_default();
        if content.contains('@') && !content.is_ascii() {
            entry.replace_range(author, "");
        }
    }
    entry
}
