//! Feeds as elements: what belongs to an entry, and what damage costs.

use super::*;

/// The parts of an RSS feed, each as its name and HTML, or as the reason why it is none.
fn parts(inside: &str) -> Vec<String> {
    let text =
        format!("<rss xmlns:m='https://search.yahoo.com/mrss'><channel>{inside}</channel></rss>");
    let mut found = Vec::new();
    read(&text, Shape::Rss, &mut |part, _| {
        found.push(match part {
            Part::Head(element) => format!("{} {}", element.name, element.html()),
            Part::Entry(element) => element.html(),
            Part::Damaged(why, _) => why,
        });
        true
    });
    found
}

#[test]
fn the_feeds_own_title_is_told_from_those_of_its_entries_and_of_its_picture() {
    let feed =
        "<title>Tin</title><image><title>Logo</title></image><item><title>Một</title></item>";
    assert_eq!(parts(feed), ["title Tin", "<title>Một</title>"]);
}

#[test]
fn an_entry_that_nobody_closed_ends_where_the_next_begins() {
    let feed = "<item><title>Một</title><item><title>Hai</title></item >";
    assert_eq!(parts(feed), ["<title>Một</title>", "<title>Hai</title>"]);
    let cut = "<item><title>Một</title></item><item><title>Hai";
    assert_eq!(parts(cut), ["<title>Một</title>", "it is cut off"]);
}

#[test]
fn damage_costs_its_entry_and_html_that_nobody_escaped_costs_nothing() {
    for (inside, want) in [
        ("<a>1</b>", "</b> closes nothing"),
        ("<title>Một</titel>", "<title> is not closed"),
        (
            "<description>Một<br>hai<p>ba</description>",
            "<description>Một<br>hai<p>ba</p></description>",
        ),
        ("<x>1<br>2</x>", "<x>1<br>2</x>"),
        (&"<a>".repeat(DEPTH_MAX + 1), "it nests too deep"),
        ("<!-- </item> --><a>1</a>", "<a>1</a>"),
        ("<a><![CDATA[</item>]]></a>", "<a></item></a>"),
        (
            "<title>Thi <Người tốt></title>",
            "<title>Thi <Người tốt></title>",
        ),
    ] {
        assert_eq!(parts(&format!("<item>{inside}</item>")), [want], "{inside}");
    }
}

#[test]
fn name_spaces_are_known_however_they_are_spelled_and_attributes_with_or_without_quotes() {
    let feed = "<item><m:content url=/a.jpg width='600' alt=\"a > b\"/></item>";
    let mut found = None;
    let text = format!("<rss xmlns:m=\"https://search.yahoo.com/mrss\">{feed}</rss>");
    read(&text, Shape::Rss, &mut |part, _| {
        if let Part::Entry(entry) = part {
            found = entry.children().next().cloned();
        }
        true
    });
    let element = found.unwrap();
    assert_eq!(element.name, "media:content");
    let attributes = ["url", "width", "alt"].map(|name| element.attribute(name));
    assert_eq!(attributes, [Some("/a.jpg"), Some("600"), Some("a > b")]);
}
