//! Draws a landscape of the delta for an article that has no photograph: sky, sun, fields, each
//! article its own.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

const WIDTH: u32 = 1280;
const HEIGHT: u32 = 720;
const QUALITY: u8 = 85;
/// Sky above, sky at the horizon, far fields, near fields: one row a picture, in turns.
const PALETTES: [[[u8; 3]; 4]; 5] = [
    [
        [94, 160, 214],
        [222, 238, 246],
        [120, 170, 92],
        [66, 122, 58],
    ],
    [
        [236, 150, 92],
        [252, 222, 170],
        [150, 140, 84],
        [84, 96, 52],
    ],
    [
        [88, 134, 178],
        [240, 214, 196],
        [106, 156, 128],
        [44, 98, 82],
    ],
    [
        [150, 190, 210],
        [244, 240, 220],
        [186, 176, 88],
        [122, 128, 50],
    ],
    [
        [110, 104, 164],
        [246, 190, 178],
        [92, 124, 96],
        [40, 70, 60],
    ],
];

/// The picture of the `number`th article as a JPEG; always the same one.
pub(super) fn draw(number: usize) -> Option<Vec<u8>> {
    let palette = PALETTES.get(number % PALETTES.len())?;
    let [sky, horizon, far, near] = *palette;
    let turn = number as f64;
    let (sun_x, sun_y) = (
        0.15 + 0.7 * (turn * 0.37).fract(),
        0.2 + 0.15 * (turn * 0.61).fract(),
    );
    let picture = RgbImage::from_fn(WIDTH, HEIGHT, |x, y| {
        let (x, y) = (
            f64::from(x) / f64::from(WIDTH),
            f64::from(y) / f64::from(HEIGHT),
        );
        let far_edge = 0.55 + 0.03 * (x * 9.0 + turn).sin() + 0.02 * (x * 23.0 + turn * 2.0).sin();
        let near_edge = 0.74 + 0.05 * (x * 5.0 + turn * 1.7).sin();
        let from_sun = ((x - sun_x) * 16.0 / 9.0).hypot(y - sun_y);
        if y > near_edge {
            mixed(near, far, (1.0 - y) * 1.5)
        } else if y > far_edge {
            mixed(far, horizon, (near_edge - y) * 1.2)
        } else if from_sun < 0.06 {
            Rgb([255, 246, 214])
        } else {
            let glow = (0.25 - from_sun).max(0.0);
            mixed(sky, horizon, y / far_edge + glow)
        }
    });
    let mut bytes = Cursor::new(Vec::new());
    picture
        .write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, QUALITY))
        .ok()?;
    Some(bytes.into_inner())
}

/// A colour between two: `share` of the second.
fn mixed(one: [u8; 3], other: [u8; 3], share: f64) -> Rgb<u8> {
    let share = share.clamp(0.0, 1.0);
    let [a, b, c] = [0, 1, 2].map(|part: usize| {
        let (one, other) = (f64::from(one[part]), f64::from(other[part]));
        // Between two colours there are only colours.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "it lies between two u8"
        )]
        let between = (one + (other - one) * share) as u8;
        between
    });
    Rgb([a, b, c])
}
