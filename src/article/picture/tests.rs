//! Files as sites send them, made here byte by byte.

use image::{GrayImage, Luma, RgbaImage};
use proptest::prelude::*;

use super::*;

fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

fn grey(width: u32, height: u32) -> DynamicImage {
    GrayImage::from_pixel(width, height, Luma([90])).into()
}

#[test]
fn what_was_refused_is_written_anew_smaller_and_another_file() {
    let prepared = prepare(&file(&grey(1920, 1080), ImageFormat::Png)).unwrap();
    let anew = write_anew(&prepared.bytes).unwrap();
    assert!(anew.len() < prepared.bytes.len());
    let read = image::load_from_memory(&anew).unwrap();
    assert_eq!((read.width(), read.height()), (1280, 720));
    assert!(write_anew(b"khong phai anh").is_err());
}

#[test]
fn every_readable_type_becomes_a_jpeg() {
    for format in [
        ImageFormat::Jpeg,
        ImageFormat::Png,
        ImageFormat::Gif,
        ImageFormat::WebP,
    ] {
        let picture = DynamicImage::from(grey(640, 480).to_rgb8());
        let prepared = prepare(&file(&picture, format)).unwrap();
        assert_eq!((prepared.width, prepared.height), (640, 480), "{format:?}");
        assert!(prepared.bytes.starts_with(&[0xff, 0xd8]));
    }
}

#[test]
fn a_large_picture_is_made_smaller_and_an_ornament_is_refused() {
    let prepared = prepare(&file(&grey(4096, 3000), ImageFormat::Png)).unwrap();
    assert_eq!((prepared.width, prepared.height), (2048, 1500));
    let small = prepare(&file(&grey(64, 64), ImageFormat::Png)).unwrap_err();
    assert_eq!(small, PictureError::TooSmall(64, 64));
    let strip = prepare(&file(&grey(1000, 210), ImageFormat::Png)).unwrap_err();
    assert_eq!(strip, PictureError::Strip(1000, 210));
}

#[test]
fn what_is_transparent_becomes_white() {
    let clear: DynamicImage = RgbaImage::from_pixel(300, 300, image::Rgba([0, 0, 0, 0])).into();
    let prepared = prepare(&file(&clear, ImageFormat::Png)).unwrap();
    let shown = image::load_from_memory(&prepared.bytes).unwrap().to_rgb8();
    assert!(shown.get_pixel(10, 10).0.iter().all(|colour| *colour > 250));
}

#[test]
fn a_picture_taken_sideways_is_turned_and_its_place_is_forgotten() {
    let mut jpeg = file(
        &DynamicImage::from(grey(640, 480).to_rgb8()),
        ImageFormat::Jpeg,
    );
    // An EXIF block that says "turned by a quarter" and carries a word of its own.
    let mut exif =
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    exif.extend_from_slice(b"GPS-CANDUOC");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    let mut block = vec![0xff, 0xe1, length[0], length[1]];
    block.extend(exif);
    jpeg.splice(2..2, block);
    let prepared = prepare(&jpeg).unwrap();
    assert_eq!((prepared.width, prepared.height), (480, 640));
    assert!(
        !prepared
            .bytes
            .windows(11)
            .any(|bytes| bytes == b"GPS-CANDUOC")
    );
}

#[test]
fn what_is_no_picture_is_called_by_its_name() {
    let heic = [&[0, 0, 0, 24][..], b"ftypheic", &[0; 32]].concat();
    let said = |bytes: &[u8]| prepare(bytes).unwrap_err().to_string();
    assert_eq!(said(&heic), "a HEIC picture cannot be posted");
    assert_eq!(
        said(b"<!DOCTYPE html><p>404</p>"),
        "a web page cannot be posted"
    );
    assert_eq!(
        said(b"<svg xmlns='x'/>"),
        "a drawing (SVG) cannot be posted"
    );
    assert_eq!(said(b""), "an empty file cannot be posted");
}

proptest! {
    #[test]
    fn nothing_that_a_site_sends_breaks_it(start in 0_usize..4, bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let heads: [&[u8]; 4] = [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBPVP8 "];
        let mut whole = heads[start].to_vec();
        whole.extend(bytes);
        let _ = prepare(&whole);
    }
}

/// A scene of its own for every number: hills of light, as photographs have them, and no two alike.
fn scene(number: u32, width: u32, height: u32) -> RgbImage {
    let seed = f64::from(number);
    RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (
            f64::from(x) / f64::from(width),
            f64::from(y) / f64::from(height),
        );
        let shade = |way: f64| {
            let wave = (x * (7.0 + seed * 2.3) + way).sin()
                + (y * (5.0 + seed * 3.1) - way * seed).cos()
                + ((x + y) * (11.0 + seed)).sin();
            (wave * 40.0 + 128.0) as u8
        };
        Rgb([shade(0.0), shade(0.3), shade(0.6)])
    })
}

fn likeness(picture: &RgbImage, quality: u8) -> Likeness {
    let mut bytes = Vec::new();
    picture
        .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))
        .unwrap();
    prepare(&bytes).unwrap().likeness.unwrap()
}

#[test]
fn sizes_and_qualities_of_one_photograph_look_alike_and_photographs_do_not() {
    let whole: Vec<Likeness> = (0..4)
        .map(|one| likeness(&scene(one, 600, 400), 95))
        .collect();
    for (one, own) in (0..).zip(&whole) {
        assert!(own.is_like(&likeness(&scene(one, 300, 200), 40)), "{one}");
        let alike = whole.iter().filter(|other| own.is_like(other)).count();
        assert_eq!(alike, 1, "{one} is like itself alone");
    }
    // One scene, and somebody has moved.
    let still = scene(7, 400, 300);
    let mut moved = still.clone();
    for (x, y) in (50..100).flat_map(|x| (150..250).map(move |y| (x, y))) {
        moved.put_pixel(x, y, Rgb([20, 20, 20]));
    }
    assert!(!likeness(&still, 90).is_like(&likeness(&moved, 90)));
    let even = prepare(&file(&grey(640, 480), ImageFormat::Png)).unwrap();
    assert_eq!(even.likeness, None);
}

#[test]
fn the_news_sites_photographs_are_told_apart_and_known_again_when_small() {
    let folder = "tests/fixtures/site/image/news/2023/20230516/images";
    let pictures: Vec<DynamicImage> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| image::open(file.unwrap().path()).unwrap())
        .collect();
    assert_eq!(pictures.len(), 3);
    for (place, one) in pictures.iter().enumerate() {
        let whole = likeness(&one.to_rgb8(), 90);
        let small = one.resize(400, 400, FilterType::Triangle).to_rgb8();
        assert!(whole.is_like(&likeness(&small, 50)));
        for other in pictures.iter().skip(place + 1) {
            assert!(!whole.is_like(&likeness(&other.to_rgb8(), 90)));
        }
    }
}

#[test]
fn noise_is_made_smaller_until_a_page_takes_it() {
    let mut rng = fastrand::Rng::with_seed(35);
    let noise = RgbImage::from_fn(512, 512, |_, _| Rgb([rng.u8(..), rng.u8(..), rng.u8(..)]));
    let most = 100_000;
    let (bytes, width, height) = encode(noise, most).unwrap();
    assert!(bytes.len() <= most, "{}", bytes.len());
    assert!((256..512).contains(&width) && width == height, "{width}");
}

#[test]
fn damage_is_told_and_damaged_camera_data_is_no_damage() {
    let mut jpeg = file(&scene(1, 640, 480).into(), ImageFormat::Jpeg);
    let half = jpeg.get(..jpeg.len() / 2).unwrap().to_vec();
    // Half a photograph is either refused or shown with its lower half missing; never a panic.
    let _ = prepare(&half);
    let short = prepare(jpeg.get(..30).unwrap()).unwrap_err();
    assert!(matches!(short, PictureError::Damaged(_)), "{short}");
    let block = [&[0xff, 0xe1, 0, 14][..], b"Exif\0\0MM\0*\xff\xff"].concat();
    jpeg.splice(2..2, block);
    assert_eq!(prepare(&jpeg).unwrap().width, 640);
}

#[test]
fn a_small_file_that_claims_to_be_huge_is_refused_before_it_is_decoded() {
    let mut png = file(&grey(300, 300), ImageFormat::Png);
    let huge = 30_000_u32.to_be_bytes();
    png.splice(16..20, huge);
    png.splice(20..24, huge);
    let mut crc = crc32fast::Hasher::new();
    crc.update(png.get(12..29).unwrap());
    png.splice(29..33, crc.finalize().to_be_bytes());
    assert_eq!(
        prepare(&png).unwrap_err(),
        PictureError::TooLarge(30_000, 30_000)
    );
}

#[test]
fn pictures_for_few_programs_are_known_by_any_of_their_brands() {
    let file = |brands: &[u8]| {
        let length = u32::try_from(16 + brands.len()).unwrap().to_be_bytes();
        [&length[..], b"ftyp", brands, &[0; 8], &[0; 64]].concat()
    };
    for (brands, name) in [
        (&b"avif"[..], "an AVIF picture"),
        (b"mif1\0\0\0\0mif1avif", "an AVIF picture"),
        (b"heic", "a HEIC picture"),
        (b"mif1\0\0\0\0mif1heic", "a HEIC picture"),
        (b"hevc", "a HEIC picture"),
        (b"isom", "a file that is no picture"),
    ] {
        assert_eq!(
            prepare(&file(brands)).unwrap_err(),
            PictureError::WrongType(name)
        );
    }
}
