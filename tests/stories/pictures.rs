//! The pictures of posts: real files of every type, made here, on their way from an article's page
//! to the Page.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use loa::article::picture::{self, PictureError};
use serde_json::Value;

use crate::house::House;
use crate::site::entry;

/// A photograph of its own for every number.
fn scene(number: u32, width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (x * 64 / width, y * 64 / height);
        let shade =
            |way: u32| u8::try_from((x * (number + 2) + y * (2 * number + 1) + way) % 200 + 20);
        Rgb([shade(0).unwrap(), shade(9).unwrap(), shade(17).unwrap()])
    })
}

fn file(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(picture.clone())
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

fn jpeg(picture: &RgbImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    picture
        .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))
        .unwrap();
    bytes
}

/// A file that begins like an ISO media file of this brand.
fn media_file(brand: &[u8; 4]) -> Vec<u8> {
    [
        &[0, 0, 0, 20][..],
        b"ftyp",
        brand,
        &[0; 4],
        b"mif1",
        &[0; 200],
    ]
    .concat()
}

/// A PNG of a few bytes that claims to be of this size.
fn bomb(side: u32) -> Vec<u8> {
    let mut png = file(&scene(1, 8, 8), ImageFormat::Png);
    png.splice(16..20, side.to_be_bytes());
    png.splice(20..24, side.to_be_bytes());
    let crc = png.get(12..29).unwrap().iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & 0_u32.wrapping_sub(crc & 1))
        })
    });
    png.splice(29..33, (!crc).to_be_bytes());
    png
}

/// An article whose page shows these pictures, previewed.
fn shown(house: &House, paths: &[&str]) -> Value {
    let one = entry(1, "Ảnh");
    let pictures: String = paths
        .iter()
        .map(|path| format!("<p><img src=\"{path}\"></p>"))
        .collect();
    let html = format!(
        "<html><head><meta property='og:type' content='article'></head><body><article><h1>Ảnh</h1>\
         <p>Một đoạn thân bài đủ dài để biết rằng bài báo nằm ở đây chứ không ở đâu khác.</p>{pictures}</article></body></html>"
    );
    house.site.page(&one.path, 200, &html);
    let ran = house.run(&["preview", &house.site.link(&one), "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    ran.document()
}

fn names(document: &Value) -> Vec<String> {
    let images = document["images"].as_array().unwrap().iter();
    let name = |image: &Value| {
        image
            .as_str()
            .unwrap()
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned()
    };
    images.map(name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn types_are_told_by_bytes_and_what_cannot_be_posted_is_left_out_with_its_reason() {
    let house = House::settled("").await;
    let whole = jpeg(&scene(1, 640, 480), 90);
    for (path, bytes) in [
        ("/a.png", whole.clone()),
        ("/b.jpg", file(&scene(2, 640, 480), ImageFormat::Png)),
        ("/c.jpg", file(&scene(3, 640, 480), ImageFormat::WebP)),
        ("/d.jpg", file(&scene(4, 320, 240), ImageFormat::Gif)),
        ("/e.jpg", media_file(b"avif")),
        ("/f.jpg", media_file(b"heic")),
        (
            "/g.jpg",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(),
        ),
        ("/h.jpg", whole.get(..40).unwrap().to_vec()),
        ("/i.jpg", bomb(20_000)),
        ("/j.jpg", file(&scene(5, 60, 60), ImageFormat::Png)),
        ("/k.jpg", file(&scene(5, 1000, 210), ImageFormat::Png)),
        ("/l.jpg", b"<!DOCTYPE html><p>404".to_vec()),
    ] {
        house.site.file(path, bytes);
    }
    let document = shown(
        &house,
        &[
            "/a.png", "/b.jpg", "/c.jpg", "/d.jpg", "/e.jpg", "/f.jpg", "/g.jpg", "/h.jpg",
            "/i.jpg", "/j.jpg", "/k.jpg", "/l.jpg",
        ],
    );
    assert_eq!(names(&document), ["a.png", "b.jpg", "c.jpg", "d.jpg"]);
    let warnings = document["warnings"].to_string();
    for why in [
        "e.jpg: an AVIF picture",
        "f.jpg: a HEIC picture",
        "g.jpg: a drawing (SVG)",
        "h.jpg: its file is damaged",
        "i.jpg: it is too large: 20000x20000",
        "j.jpg: it is too small: 60x60",
        "k.jpg: it is a strip",
        "l.jpg: a web page",
    ] {
        assert!(warnings.contains(why), "{why} in {warnings}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pixels_logos_stand_ins_and_adverts_are_not_even_asked_for() {
    let house = House::settled("").await;
    let never = [
        "/logo-bao.jpg",
        "/ads/1.jpg",
        "/no-image.jpg",
        "/banner-top.jpg",
        "/icon.jpg",
    ];
    let document = shown(&house, &[&never[..], &["/uploads/news/anh.jpg"]].concat());
    assert_eq!(names(&document), ["anh.jpg"]);
    for path in never {
        assert_eq!(house.site.asked(path), 0, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn copies_of_one_photograph_go_out_once_and_two_photographs_stay_two() {
    let house = House::settled("").await;
    house.site.file("/mot.jpg", jpeg(&scene(1, 800, 600), 90));
    house
        .site
        .file("/mot-lan-nua.jpg", jpeg(&scene(1, 400, 300), 60));
    house.site.file("/hai.jpg", jpeg(&scene(2, 800, 600), 90));
    let document = shown(&house, &["/mot.jpg", "/mot-lan-nua.jpg", "/hai.jpg"]);
    assert_eq!(names(&document), ["mot.jpg", "hai.jpg"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_larger_form_is_used_where_the_site_has_it_and_a_signed_address_is_left_as_it_is() {
    let house = House::settled("").await;
    house
        .site
        .file("/zoom/80_50/anh.png", jpeg(&scene(1, 80, 50), 80));
    house.site.file("/anh.png", jpeg(&scene(1, 1200, 750), 90));
    // What lies behind a guess may be another picture, or nothing.
    house
        .site
        .file("/khac_300x200.png", jpeg(&scene(2, 300, 200), 80));
    house.site.file("/khac.png", jpeg(&scene(3, 900, 600), 80));
    house
        .site
        .file("/mat_300x200.png", jpeg(&scene(4, 300, 200), 80));
    house.site.file("/ky.png", jpeg(&scene(6, 300, 200), 80));
    let one = entry(1, "Ảnh");
    shown(
        &house,
        &[
            "/zoom/80_50/anh.png",
            "/khac_300x200.png",
            "/mat_300x200.png",
            "/ky.png?w=300&amp;s=1a2b3c",
        ],
    );
    let ran = house.run(&["post", &house.site.link(&one), "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    let settings = std::fs::read_to_string(house.settings_file()).unwrap();
    let page = settings
        .split("graph_url = \"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    let web = reqwest::Client::builder().build().unwrap();
    let mut sizes = Vec::new();
    for photo in &house.page.posts()[0].photos {
        let address = format!("{page}/_rehearsal/media/{}", photo.id);
        let bytes = web
            .get(address)
            .send()
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap();
        let picture = image::load_from_memory(&bytes).unwrap();
        sizes.push((picture.width(), picture.height()));
    }
    assert_eq!(sizes, [(1200, 750), (300, 200), (300, 200), (300, 200)]);
    assert_eq!(
        house.site.asked("/ky.png"),
        2,
        "once to look at, once to post, and nothing guessed"
    );
}

#[test]
fn forty_megapixels_are_made_fit_and_more_are_refused() {
    let wide = RgbImage::from_fn(8000, 5000, |x, y| {
        Rgb([
            u8::try_from(x % 251).unwrap(),
            u8::try_from(y % 241).unwrap(),
            90,
        ])
    });
    let prepared = picture::prepare(&jpeg(&wide, 80)).unwrap();
    assert_eq!((prepared.width, prepared.height), (2048, 1280));
    assert!(prepared.bytes.len() <= 4 << 20);
    assert_eq!(
        picture::prepare(&bomb(6_400)),
        Err(PictureError::TooLarge(6_400, 6_400))
    );
}
