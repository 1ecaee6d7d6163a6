//! Pictures as pages and feeds write them.

use super::*;

fn base() -> Option<Url> {
    Url::parse("https://bao.example/tin/1.html").ok()
}

fn addresses(html: &str) -> Vec<String> {
    pictures(html, base().as_ref())
        .into_iter()
        .map(|picture| picture.url.as_str().replace("https://bao.example", ""))
        .collect()
}

#[test]
fn a_lazy_picture_is_found_behind_its_placeholder_and_a_pixel_is_not_a_picture() {
    let html = r#"<img src="data:image/gif;base64,R0" data-src="/a/trong cây (2).jpg" alt="">
        <img src="/p.gif" width="1" height="1"><img src='b.JPG' alt=" Cây "><img src="x.svg">"#;
    let found: Vec<String> = pictures(html, base().as_ref())
        .into_iter()
        .map(|picture| format!("{} {:?}", picture.url, picture.alt))
        .collect();
    assert_eq!(
        found,
        [
            "https://bao.example/a/trong%20c%C3%A2y%20(2).jpg None",
            "https://bao.example/tin/b.JPG Some(\"Cây\")",
        ]
    );
}

#[test]
fn of_several_widths_the_widest_is_taken_and_a_whole_form_before_them() {
    let html = r#"<picture><source data-srcset="/a.jpg?w=680&s=x 1x, /a.jpg?w=1360&s=y 2x">
            <img src="data:," data-src="/a.jpg?w=300"></picture>
        <img srcset="/b-300.jpg 300w, /b,1-1200.jpg 1200w" src="/b-300.jpg">
        <img data-original="/c.jpg" srcset="/c-300.jpg 300w" src="/c-100.jpg">"#;
    assert_eq!(
        addresses(html),
        ["/a.jpg?w=1360&s=y", "/b,1-1200.jpg", "/c.jpg"]
    );
}

#[test]
fn a_list_of_forms_is_read_as_browsers_read_it() {
    for (list, address) in [
        ("/b-3.jpg 300w,/b-9.jpg 900w", "/b-9.jpg"),
        ("/b-3.jpg, /b-9.jpg 2x,", "/b-9.jpg"),
        ("\n/b,3.jpg 300w,\n\t/b-9.jpg 900w 600h", "/b-9.jpg"),
        ("/b-9.jpg 900w , /b-3.jpg 300w", "/b-9.jpg"),
        ("/b-9.jpg weit, ,", "/b.jpg"),
        ("", "/b.jpg"),
    ] {
        let html = format!(r#"<img srcset="{list}" src="/b.jpg">"#);
        assert_eq!(addresses(&html), [address], "{list}");
    }
}

#[test]
fn a_form_that_does_not_say_how_wide_it_is_never_beats_the_pictures_own_address() {
    let sources = r#"<source media="(max-width:300px)" srcset="/a-300x300.jpg">
        <source type="image/avif" srcset="/a.avif 2000w">"#;
    let own = format!(r#"<picture>{sources}<img src="/a.jpg"></picture>"#);
    assert_eq!(addresses(&own), ["/a.jpg"]);
    let none = format!(r#"<picture>{sources}<img src="/img/blank.gif"></picture>"#);
    assert_eq!(addresses(&none), ["/a-300x300.jpg"]);
}

#[test]
fn the_whole_form_is_in_the_link_around_a_thumbnail_and_then_the_thumbnails_width_says_nothing() {
    let shown = r#"<img width="150" data-original="/b.jpg" src="/a-150x150.jpg">"#;
    for (link, address, width) in [
        (r#"<a href="/u/a.JPEG">"#, "/u/a.JPEG", None),
        (r#"<a href="/u/a.jfif?v=2"><span>"#, "/u/a.jfif?v=2", None),
        (r#"<a href="/anh/1.html">"#, "/b.jpg", Some(150)),
        (r#"<a href="/img/loading.gif">"#, "/b.jpg", Some(150)),
        ("<a>", "/b.jpg", Some(150)),
    ] {
        let html = format!("{link}{shown}</a>");
        let found = pictures(&html, base().as_ref());
        assert_eq!(addresses(&html), [address], "{link}");
        assert_eq!(found[0].width, width, "{link}");
    }
}

#[test]
fn behind_a_placeholder_any_attribute_may_hold_the_address() {
    for (image, address) in [
        (
            r#"src="/img/spinner.gif" data-lazyload="/u/1.jpg""#,
            "/u/1.jpg",
        ),
        (
            r#"src="/img/ajax-loader.gif" data-hinh="/u/1.png""#,
            "/u/1.png",
        ),
        (
            r#"data-filename="z4.jpg" alt="a/b.jpg" data-x="/u/1.webp""#,
            "/u/1.webp",
        ),
        (
            r#"src="/img/1x1.png" data-lazy-srcset="/u/1-3.jpg 300w, /u/1.jpg 900w""#,
            "/u/1.jpg",
        ),
        (r#"src="/grey.gif" data-srcset="/u/1.jpg""#, "/u/1.jpg"),
        (
            r#"src="/u/1-300.jpg" data-orig-file="/u/1.jpg""#,
            "/u/1.jpg",
        ),
        (r#"src="/u/1.jpg" data-hinh="/u/2.jpg""#, "/u/1.jpg"),
    ] {
        assert_eq!(addresses(&format!("<img {image}>")), [address], "{image}");
    }
}

#[test]
fn what_a_page_shows_without_scripts_stands_in_for_the_placeholder_beside_it() {
    let without = "<noscript><img src='/u/2.jpg'></noscript>";
    for (beside, shown) in [
        ("<img src='data:image/gif;base64,R0'>", Some("/u/2.jpg")),
        ("<img data-src='/u/1.jpg'>", Some("/u/1.jpg")),
        ("<p>Không có hình</p>", None),
    ] {
        for html in [format!("{beside}{without}"), format!("{without}{beside}")] {
            let document = fragment(&html);
            put_in_without_scripts(&document, base().as_ref());
            document.select("noscript").remove();
            let left = addresses(&document.html());
            assert_eq!(left, shown.as_slice(), "{html}");
        }
    }
}

#[test]
fn a_placeholder_is_known_by_its_whole_name_and_an_emoji_by_where_it_comes_from() {
    for none in [
        r#"src="/img/lazy.png""#,
        r#"src="/img/transparent-1x1.png""#,
        r#"src="/img/loading_spinner.gif""#,
        r#"src="/img/no-image-2.png""#,
        r#"src="https://s.w.example/images/core/emoji/14.0.0/72x72/1f449.png""#,
        r#"src="https://static.example/images/emoji.php/v9/t4c/1/16/1f331.png""#,
        r#"src="/a.png" class="Emoji lazy""#,
        r#"src="/a.png" style="height: 1.2em; width: auto""#,
        r#"src="/a.png" style="width: 1rem""#,
        r#"src="/a.png" height="1em""#,
        r#"src="/a.png" style="color: red; display: none""#,
    ] {
        assert_eq!(addresses(&format!("<img {none}>")), [""; 0], "{none}");
    }
    for (picture, address) in [
        (r#"src="/u/dot-1.jpg""#, "/u/dot-1.jpg"),
        (r#"src="/u/loading-dock.jpg""#, "/u/loading-dock.jpg"),
        (r#"src="/u/emoji-moi.jpg""#, "/u/emoji-moi.jpg"),
        (r#"src="/a.jpg" style="width: 40em""#, "/a.jpg"),
        (r#"src="/a.jpg" width="0.5%" class="emojis-none""#, "/a.jpg"),
    ] {
        assert_eq!(addresses(&format!("<img {picture}>")), [address]);
    }
}

#[test]
fn a_width_is_read_as_browsers_read_it() {
    for (written, width) in [
        ("640", Some(640)),
        (" 640px", Some(640)),
        ("150 px", Some(150)),
        ("99.5", Some(99)),
        ("100%", None),
        ("12.5%", None),
        ("auto", None),
        ("", None),
    ] {
        let html = format!(r#"<img src="/a.jpg" width="{written}">"#);
        let found = pictures(&html, base().as_ref());
        assert_eq!(found[0].width, width, "{written}");
    }
}
