//! Makes a picture fit to post: of a type that is taken everywhere, upright, without what a camera
//! wrote into it, not too large. Pure. The only user of `image` beside the rehearsal.

mod likeness;

use std::io::Cursor;

use bytes::Bytes;
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{
    DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage, imageops,
};
use sha2::{Digest, Sha256};

pub use self::likeness::Likeness;

/// More pixels than this are not decoded: four bytes each have to fit into memory.
const PIXELS_MAX: u64 = 40_000_000;
/// Memory that a decoder may take for one picture.
const DECODER_BYTES_MAX: u64 = 256 << 20;
/// Smaller pictures are ornaments, and look poor on a phone.
const SIDE_MIN: u32 = 200;
/// Pictures this many times as long as wide, or more, are rulers and strips.
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
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// The file.
    pub bytes: Bytes,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// What it shows; `None` where that is too little to tell.
    pub likeness: Option<Likeness>,
    /// Of the file, in hexadecimal: what it is called by.
    pub sha256: String,
}

impl Prepared {
    /// Whether this is a larger form of the other picture, as far as can be told.
    pub fn is_larger_than(&self, other: &Self) -> bool {
        let larger = self.width > other.width && self.height > other.height;
        let both = self.likeness.as_ref().zip(other.likeness.as_ref());
        larger && both.is_some_and(|(own, other)| own.is_like(other))
    }
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
    // What a camera wrote may be damaged; the picture is shown as it lies then.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    picture.apply_orientation(orientation);
    if picture.width().max(picture.height()) > SIDE_MAX {
        picture = picture.resize(SIDE_MAX, SIDE_MAX, FilterType::CatmullRom);
    }
    let picture = on_white(picture);
    let likeness = Likeness::of(&picture);
    let (bytes, width, height) = encode(picture, BYTES_MAX)?;
    Ok(Prepared {
        width,
        height,
        likeness,
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
    on_white(picture)
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
        _ => Err(PictureError::WrongType(what_else(bytes))),
    }
}

fn what_else(bytes: &[u8]) -> &'static str {
    let head = bytes.get(..bytes.len().min(256)).unwrap_or_default();
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    match brands(head) {
        Some(brands) if brands.contains("avi") => "an AVIF picture",
        Some(brands)
            if brands.contains("hei") || brands.contains("hev") || brands.contains("mif1") =>
        {
            "a HEIC picture"
        }
        _ if bytes.is_empty() => "an empty file",
        _ if text.contains("<svg") => "a drawing (SVG)",
        _ if text.contains("<html") || text.contains("<!doctype") => "a web page",
        _ => "a file that is no picture",
    }
}

/// The names by which an ISO media file says what may read it, run together: `avif`, `heic`, …
fn brands(head: &[u8]) -> Option<String> {
    let length = head.get(..4)?.try_into().map(u32::from_be_bytes).ok()?;
    let end = usize::try_from(length).ok()?.min(head.len());
    let names = head.get(8..end)?;
    (head.get(4..8)? == b"ftyp").then(|| String::from_utf8_lossy(names).into_owned())
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
fn on_white(picture: DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.into_rgb8();
    }
    let layered = picture.into_rgba8();
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
/// What is too large even at the lowest quality, such as a picture of noise, is made smaller.
fn encode(mut picture: RgbImage, bytes_max: usize) -> Result<(Vec<u8>, u32, u32), PictureError> {
    loop {
        let (width, height) = picture.dimensions();
        for quality in QUALITIES {
            let mut bytes = Vec::new();
            picture
                .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, quality))
                .map_err(damaged)?;
            if bytes.len() <= bytes_max || width.min(height) <= SIDE_MIN {
                return Ok((bytes, width, height));
            }
        }
        picture = imageops::resize(
            &picture,
            width * 3 / 4,
            height * 3 / 4,
            FilterType::CatmullRom,
        );
    }
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
mod tests;
