//! What a picture shows, small enough to compare: copies of one photograph, larger or smaller and
//! however compressed, look alike; two photographs do not, not even of one scene or of two pages
//! of one letter. So it is the largest difference anywhere that decides, not the sum of all.

use image::imageops;
use image::{GrayImage, RgbImage};

/// How many places are compared, across and down.
const SIDE: u32 = 32;
/// Copies differ nowhere by more, in 256 shades.
const DIFFERENCE_MAX: u8 = 12;
/// A picture with a smaller range of shades says nothing: a wall, a sky, an empty page.
const RANGE_MIN: u8 = 24;
/// Copies have the same shape, but for rounding: their ratios of width to height differ by less.
const RATIO_DIFFERENCE_MAX: f64 = 0.03;

/// The shades of a picture at every place.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    shades: GrayImage,
    ratio: f64,
}

impl Likeness {
    /// What the picture shows; `None` where that is too little to tell.
    pub(super) fn of(picture: &RgbImage) -> Option<Self> {
        let shades = imageops::grayscale(&imageops::thumbnail(picture, SIDE, SIDE));
        let darkest = shades.iter().min()?;
        let brightest = shades.iter().max()?;
        let ratio = f64::from(picture.width()) / f64::from(picture.height());
        (brightest - darkest >= RANGE_MIN).then_some(Self { shades, ratio })
    }

    /// Whether both are copies of one photograph.
    pub fn is_like(&self, other: &Self) -> bool {
        let same_shape = (self.ratio / other.ratio - 1.0).abs() <= RATIO_DIFFERENCE_MAX;
        let mut places = self.shades.iter().zip(other.shades.iter());
        same_shape && places.all(|(one, two)| one.abs_diff(*two) <= DIFFERENCE_MAX)
    }
}
