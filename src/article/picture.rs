//! Makes a picture fit to post: of a type that is taken everywhere, upright, without what a camera
//! wrote into it, not too large. Pure. The only user of `image` beside the rehearsal.

use std::io::Cursor;

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage};
use sha2::{Digest, Sha256};

/// More pixels than this are not decoded: four bytes each have to fit into memory.
const PIXELS_MAX: u64 = 40_000_000;
/// Memory that a decoder may take for one picture.
const DECODER_BYTES_MAX: u64 = 256 << 20;
/// Smaller pictures are ornaments, and look poor on a phone.
const SIDE_MIN: u32 = 200;
/// Pictures that are longer than wide by more than this are rulers and strips.
const RATIO_MAX: u32 = 4;
/// Facebook shows no more.
const SIDE_MAX: u32 = 2048;
/// Facebook takes no more in one picture:
/// <https://developers.facebook.com/docs/graph-api/reference/page/photos/>.
const BYTES_MAX: usize = 4 << 20;
/// What is lost at this quality nobody sees; the others are for pictures that are still too large.
const QUALITIES: [u8; 3] = [88, 75, 60];

/// A picture that was refused goes no larger than this …
const PLAIN_SIDE_MAX: u32 = 1280;
/// … and with no more detail.
const PLAIN_QUALITY: u8 = 80;

/// A picture fit to post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    /// The file.
    pub bytes: Bytes,
    /// `image/jpeg` or `image/png`.
    pub media_type: &'static str,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Of the file, in hexadecimal: what it is called by.
    pub sha256: String,
}

/// Why a picture is not posted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// It is no picture, or none that can be read here.
    #[error("{0} cannot be posted")]
    WrongType(&'static str),
    /// It is too small to be looked at.
    #[error("it is too small: {0}x{1} pixels")]
    TooSmall(u32, u32),
    /// It is a strip.
    #[error("it is a strip: {0}x{1} pixels")]
    Strip(u32, u32),
    /// It is too large to be decoded.
    #[error("it is too large: {0}x{1} pixels")]
    TooLarge(u32, u32),
    /// Its file is damaged.
    #[error("its file is damaged: {0}")]
    Damaged(String),
}

/// Makes a picture fit to post.
///
/// # Errors
/// When it is not worth posting, or cannot be read.
pub fn prepare(bytes: &[u8]) -> Result<Prepared, PictureError> {
    let format = format_of(bytes)?;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODER_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let orientation = decoder.orientation().map_err(damaged)?;
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(orientation);
    if picture.width().max(picture.height()) > SIDE_MAX {
        picture = picture.resize(SIDE_MAX, SIDE_MAX, FilterType::CatmullRom);
    }
    let bytes = encode(&on_white(&picture))?;
    Ok(Prepared {
        width: picture.width(),
        height: picture.height(),
        media_type: "image/jpeg",
        sha256: sha256(&bytes),
        bytes: bytes.into(),
    })
}

/// Writes a picture anew, smaller and plainer, for who did not take it as [`prepare`] made it.
///
/// # Errors
/// When it cannot be read.
pub fn write_anew(bytes: &[u8]) -> Result<Bytes, PictureError> {
    let format = format_of(bytes)?;
    let picture = image::load_from_memory_with_format(bytes, format).map_err(damaged)?;
    let picture = match picture.width().max(picture.height()) > PLAIN_SIDE_MAX {
        true => picture.resize(PLAIN_SIDE_MAX, PLAIN_SIDE_MAX, FilterType::CatmullRom),
        false => picture,
    };
    let mut anew = Vec::new();
    on_white(&picture)
        .write_with_encoder(JpegEncoder::new_with_quality(&mut anew, PLAIN_QUALITY))
        .map_err(damaged)?;
    Ok(anew.into())
}

/// By the first bytes: what a server calls it, or how it is named, is not to be believed.
fn format_of(bytes: &[u8]) -> Result<ImageFormat, PictureError> {
    let readable = [
        ImageFormat::Jpeg,
        ImageFormat::Png,
        ImageFormat::Gif,
        ImageFormat::WebP,
    ];
    match image::guess_format(bytes) {
        Ok(format) if readable.contains(&format) => Ok(format),
        Ok(ImageFormat::Avif) => Err(PictureError::WrongType("an AVIF picture")),
        _ => Err(PictureError::WrongType(what_else(bytes))),
    }
}

fn what_else(bytes: &[u8]) -> &'static str {
    let head = bytes.get(..bytes.len().min(256)).unwrap_or_default();
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    match bytes.get(4..12) {
        Some(b"ftypheic" | b"ftypheix" | b"ftypmif1") => "a HEIC picture",
        Some(b"ftypavif" | b"ftypavis") => "an AVIF picture",
        _ if bytes.is_empty() => "an empty file",
        _ if text.contains("<svg") => "a drawing (SVG)",
        _ if text.contains("<html") || text.contains("<!doctype") => "a web page",
        _ => "a file that is no picture",
    }
}

fn check_size(width: u32, height: u32) -> Result<(), PictureError> {
    let (short, long) = (width.min(height), width.max(height));
    if short < SIDE_MIN {
        return Err(PictureError::TooSmall(width, height));
    }
    if long / short >= RATIO_MAX {
        return Err(PictureError::Strip(width, height));
    }
    if u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(PictureError::TooLarge(width, height));
    }
    Ok(())
}

/// The picture without transparency, as it looks on paper.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let layered = picture.to_rgba8();
    RgbImage::from_fn(layered.width(), layered.height(), |x, y| {
        let [red, green, blue, alpha] = layered.get_pixel(x, y).0;
        let blend = |colour: u8| {
            let alpha = u32::from(alpha);
            let mixed = u32::from(colour) * alpha + 255 * (255 - alpha);
            u8::try_from(mixed / 255).unwrap_or(u8::MAX)
        };
        Rgb([blend(red), blend(green), blend(blue)])
    })
}

/// Written anew, so that nothing a camera wrote into the file (place, owner) goes out.
fn encode(picture: &RgbImage) -> Result<Vec<u8>, PictureError> {
    let mut bytes = Vec::new();
    for quality in QUALITIES {
        bytes.clear();
        picture
            .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))
            .map_err(damaged)?;
        if bytes.len() <= BYTES_MAX {
            break;
        }
    }
    Ok(bytes)
}

fn damaged(error: image::ImageError) -> PictureError {
    PictureError::Damaged(error.to_string())
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
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
}
