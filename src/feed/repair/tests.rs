//! Each kind of damage, and what it is mended to.

use super::*;

#[test]
fn a_clean_feed_is_not_copied() {
    let clean = "<rss><item>A &amp; B &#7899;</item></rss>";
    assert!(matches!(repair(clean), Cow::Borrowed(text) if text == clean));
}

#[test]
fn loose_ampersands_entities_and_control_characters_are_mended_outside_literal_text() {
    let broken = "junk<?xml version='1.0'?><rss>A & B&nbsp;C &unknown; \u{8}<![CDATA[a & b\u{8}]]>&#8;</rss > more";
    assert_eq!(
        repair(broken),
        "<rss>A &amp; B\u{a0}C &amp;unknown; <![CDATA[a & b]]></rss >"
    );
}

#[test]
fn loose_brackets_and_names_in_the_wrong_case_are_mended() {
    assert_eq!(
        repair("<RSS><Item><pubdate>1</pubdate><title>gia < 5, x<y &eacute;</title></Item></RSS>"),
        "<rss><item><pubDate>1</pubDate><title>gia &lt; 5, x&lt;y é</title></item></rss>"
    );
}

#[test]
fn literal_text_that_seems_to_end_early_is_kept_but_for_the_damage() {
    for (broken, repaired) in [
        (
            "<a><![CDATA[x ]]> y]]></a><b><![CDATA[z]]></b>",
            "<a><![CDATA[x  y]]></a><b><![CDATA[z]]></b>",
        ),
        (
            "<a><![CDATA[Prose. a[b[0]]]> c. More.]]></a>",
            "<a><![CDATA[Prose. More.]]></a>",
        ),
        (
            "<title><![CDATA[TP. Tân An a[0]]]> c. More.]]></title>",
            "<title><![CDATA[TP. Tân An a[0] c. More.]]></title>",
        ),
        (
            "<a><![CDATA[<![CDATA[One. Two.]]>]]></a>",
            "<a><![CDATA[One. Two.]]></a>",
        ),
        (
            "<a><![CDATA[<script>//<![CDATA[ x //]]></script>One.]]></a>",
            "<a><![CDATA[<script>// x //</script>One.]]></a>",
        ),
    ] {
        assert_eq!(
            repair(&format!("<rss>{broken}</rss>")),
            format!("<rss>{repaired}</rss>")
        );
    }
}

#[test]
fn sections_that_end_where_they_should_are_left_alone() {
    for sound in [
        "<a><![CDATA[x]]> – y</a><b><![CDATA[z]]></b>",
        "<a><![CDATA[x]]]]><![CDATA[>y]]></a>",
        "<a><![CDATA[x]]><![CDATA[y]]></a>",
    ] {
        let feed = format!("<rss>{sound}</rss>");
        assert_eq!(repair(&feed), feed);
        let damaged = format!("<rss>\u{8}{sound}</rss>");
        assert_eq!(
            repair(&damaged),
            feed,
            "also where something else is repaired"
        );
    }
}
