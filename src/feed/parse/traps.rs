//! What feed-rs panics on, or loses, written in another way. Pure.

use std::borrow::Cow;
use std::ops::Range;

/// The families of feeds, by their root element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Rss,
    Rdf,
    Atom,
}

/// Name spaces that entries use, whether their feed declares them or not.
const SPACES: [(&str, &str); 6] = [
    ("media", "http://search.yahoo.com/mrss/"),
    ("content", "http://purl.org/rss/1.0/modules/content/"),
    ("dc", "http://purl.org/dc/elements/1.1/"),
    ("slash", "http://purl.org/rss/1.0/modules/slash/"),
    ("atom", ATOM),
    ("itunes", "http://www.itunes.com/dtds/podcast-1.0.dtd"),
];
const ATOM: &str = "http://www.w3.org/2005/Atom";
/// The name space of Atom 0.3, whose dates have other names.
const ATOM_03: &str = "http://purl.org/atom/ns#";
const RENAMED_SINCE_ATOM_03: [(&str, &str); 3] = [
    ("issued", "published"),
    ("modified", "updated"),
    ("tagline", "subtitle"),
];
/// Elements of RSS that hold text, in which some sites do not escape their markup.
const TEXTS: [&str; 3] = ["title", "description", "content:encoded"];

impl Shape {
    pub(super) fn of(text: &str) -> Option<Self> {
        let root = text.strip_prefix('<')?;
        let root = root.split([' ', '>', '\n', '\r', '\t']).next()?;
        match root.rsplit(':').next()? {
            "rss" => Some(Self::Rss),
            "RDF" => Some(Self::Rdf),
            "feed" => Some(Self::Atom),
            _ => None,
        }
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
        let spaces = spaces(|_| true);
        match self {
            Self::Rss => {
                format!("<rss version=\"2.0\"{spaces}><channel><title/>{entry}</channel></rss>")
            }
            Self::Rdf => format!(
                "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
                 xmlns=\"http://purl.org/rss/1.0/\"{spaces}><channel/>{entry}</rdf:RDF>"
            ),
            Self::Atom => {
                format!("<feed xmlns=\"{ATOM}\"{spaces}><id/><title/>{entry}</feed>")
            }
        }
    }

    /// The text without what feed-rs is known to panic on, or to lose.
    pub(super) fn without_traps(self, text: &str, entries_max: usize) -> String {
        let text = &match self {
            Self::Atom => as_atom_1(text),
            Self::Rss | Self::Rdf => Cow::Borrowed(text),
        };
        let Some((root, mut rest)) = text.split_once('>') else {
            return text.to_string();
        };
        let mut out = String::with_capacity(text.len());
        match self {
            // RSS 2.0 has no name space: under a foreign one, no element is seen.
            Self::Rss => out.push_str(&without_name_space(root)),
            Self::Rdf | Self::Atom => out.push_str(root),
        }
        out.push_str(&spaces(|prefix| {
            !root.contains(&format!("xmlns:{prefix}="))
        }));
        out.push('>');
        let (open, close) = self.entry();
        let mut entries = 0;
        while let Some(found) = block(rest, open, close) {
            entries += 1;
            if entries > entries_max {
                rest = without_entries(rest, close);
                break;
            }
            out.push_str(rest.get(..found.start).unwrap_or_default());
            let entry = rest.get(found.clone()).unwrap_or_default();
            out.push_str(&self.entry_without_traps(entry));
            rest = rest.get(found.end..).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }

    /// feed-rs loses a thumbnail that stands alone, an enclosure beside another picture, images of an entry and markup that nobody
    /// escaped, sees no link where an empty one comes first, and panics on an author whose e-mail
    /// address touches a letter beyond ASCII.
    fn entry_without_traps(self, entry: &str) -> String {
        let mut entry = entry.to_owned();
        if self != Self::Atom {
            for name in TEXTS {
                escape_markup(&mut entry, name);
            }
        }
        if !entry.contains("<media:content") {
            entry = entry
                .replace("<media:thumbnail", "<media:content medium=\"image\"")
                .replace("</media:thumbnail>", "</media:content>");
        }
        if entry.contains("<media:content") {
            entry = entry
                .replace("<enclosure ", "<media:content ")
                .replace("</enclosure>", "</media:content>");
        }
        if entry.contains("<itunes:image") {
            entry = entry
                .replace(
                    "<itunes:image href=",
                    "<enclosure type=\"image/jpeg\" length=\"0\" url=",
                )
                .replace("</itunes:image>", "</enclosure>");
        }
        if let Some(address) = image(&entry)
            && let Some(found) = block(&entry, "<image", "</image>")
        {
            let enclosure =
                format!("<enclosure type=\"image/jpeg\" length=\"0\" url=\"{address}\"/>");
            entry.replace_range(found, &enclosure);
        }
        if let (Some(empty), Some(href)) = (block(&entry, "<link", "</link>"), atom_link(&entry))
            && entry.get(empty.clone()) == Some("<link></link>")
        {
            entry.replace_range(empty, &format!("<link>{href}</link>"));
        }
        if self != Self::Atom
            && let Some(author) = contents(&entry, "author").first()
            && author.contains('@')
            && let Some(found) = block(&entry, "<author", "</author>")
        {
            let (open, inside, close) = opened_section(author);
            let name = name_beside_address(inside);
            let creator = format!("<dc:creator>{open}{name}{close}</dc:creator>");
            entry.replace_range(found, &creator);
        }
        entry
    }
}

/// What stands behind the last entry.
fn without_entries<'a>(rest: &'a str, close: &str) -> &'a str {
    rest.rsplit_once(close).map_or(rest, |(_, behind)| behind)
}

/// The declarations of these name spaces.
fn spaces(wanted: impl Fn(&str) -> bool) -> String {
    let wanted = SPACES.iter().filter(|(prefix, _)| wanted(prefix));
    wanted
        .map(|(prefix, space)| format!(" xmlns:{prefix}=\"{space}\""))
        .collect()
}

/// An Atom feed without a prefix before its names, and of 1.0 rather than 0.3.
fn as_atom_1(text: &str) -> Cow<'_, str> {
    let root = text.split(['>', ' ', '\n', '\t']).next().unwrap_or(text);
    let prefix = root
        .strip_prefix('<')
        .and_then(|root| root.strip_suffix(":feed"));
    let text = match prefix {
        Some(prefix) => Cow::Owned(
            text.replace(&format!("<{prefix}:"), "<")
                .replace(&format!("</{prefix}:"), "</")
                .replacen(&format!("xmlns:{prefix}="), "xmlns=", 1),
        ),
        None => Cow::Borrowed(text),
    };
    if !text
        .split('>')
        .next()
        .is_some_and(|root| root.contains(ATOM_03))
    {
        return text;
    }
    let text = text.replacen(ATOM_03, ATOM, 1);
    let renamed = RENAMED_SINCE_ATOM_03.iter().fold(text, |text, (old, new)| {
        text.replace(&format!("<{old}>"), &format!("<{new}>"))
            .replace(&format!("</{old}>"), &format!("</{new}>"))
    });
    Cow::Owned(renamed)
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
    let (_, address, _) = opened_section(address);
    let address = address.trim();
    let is_one = !address.is_empty() && !address.contains(['<', '"', ' ']);
    is_one.then(|| address.to_owned())
}

/// What stands in a CDATA section, and its ends; the text itself where it is none.
fn opened_section(text: &str) -> (&str, &str, &str) {
    let (open, close) = ("<![CDATA[", "]]>");
    let inside = text
        .trim()
        .strip_prefix(open)
        .and_then(|rest| rest.strip_suffix(close));
    inside.map_or(("", text, ""), |inside| (open, inside, close))
}

/// Writes the markup in an element out as text, as it should have been.
fn escape_markup(entry: &mut String, name: &str) {
    let (open, close) = (format!("<{name}"), format!("</{name}>"));
    let Some(found) = block(entry, &open, &close) else {
        return;
    };
    let element = entry.get(found.clone()).unwrap_or_default();
    let inside = element.split_once('>').map_or("", |(_, inside)| inside);
    let inside = inside.strip_suffix(&close).unwrap_or(inside);
    if inside.contains('<') && !inside.contains("<![CDATA[") {
        let escaped = inside.replace('&', "&amp;").replace('<', "&lt;");
        entry.replace_range(found, &format!("{open}>{escaped}{close}"));
    }
}

/// The name in `a@b.vn (Huỳnh Hương)`, or in `Huỳnh Hương a@b.vn`.
fn name_beside_address(author: &str) -> String {
    let words = author.split(|letter: char| letter.is_whitespace() || "<>()".contains(letter));
    let words: Vec<&str> = words
        .filter(|word| !word.is_empty() && !word.contains('@'))
        .collect();
    words.join(" ")
}
