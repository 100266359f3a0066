//! Making a picture small: it is read as pixels within limits, cut to a square, and written as a PNG, on a thread of its own.

use std::io::Cursor;
use std::sync::Arc;

use axum::body::Bytes;
use backend::Household;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use parking_lot::Mutex;
use tokio::sync::Semaphore;

/// How wide and high a picture is shown at the most.
const SIDE: u32 = 128;

/// The widest and highest that is read.
const MOST_SIDE: u32 = 8_192;

/// The most pixels that are read: what a camera of sixteen megapixels makes.
const MOST_PIXELS: u64 = 4_096 * 4_096;

/// The most bytes that the pixels may take, and that a decoder may ask for beside them.
const MOST_MEMORY: u64 = 64 * 1024 * 1024;

/// How many pictures are made small at once: one is at most 200 MiB and half a second.
const AT_A_TIME: usize = 1;

/// How many may wait for that, and how many of one address.
const MOST_WAITING: usize = 8;
const MOST_OF_AN_ADDRESS: usize = 2;

/// Makes pictures small, one after the other. A clone is the same.
#[derive(Clone)]
pub(crate) struct PictureResizer {
    at_a_time: Arc<Semaphore>,
    waiting: Arc<Mutex<Vec<Household>>>,
}

/// Too many wait, or too many of that address.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct TooManyPictures;

impl Default for PictureResizer {
    fn default() -> Self {
        Self {
            at_a_time: Arc::new(Semaphore::new(AT_A_TIME)),
            waiting: Arc::default(),
        }
    }
}

/// The place of a picture that waits, given back when this is dropped.
struct Place<'a>(&'a PictureResizer, Household);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut waiting = self.0.waiting.lock();
        if let Some(at) = waiting.iter().position(|of| *of == self.1) {
            waiting.swap_remove(at);
        }
    }
}

impl PictureResizer {
    /// Draws a picture of somebody at that address anew on a thread of its own, when it is its turn; an error where too many wait for
    /// that. What was begun keeps its turn until it is done, whether or not anybody still waits for it.
    pub(crate) async fn resize(
        &self,
        sent: Bytes,
        address: Household,
    ) -> Result<Option<Vec<u8>>, TooManyPictures> {
        let place = self.place(address).ok_or(TooManyPictures)?;
        let turn = Arc::clone(&self.at_a_time).acquire_owned().await;
        drop(place);
        let drawing = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            drawn_anew(&sent)
        });
        Ok(drawing.await.ok().flatten())
    }

    fn place(&self, address: Household) -> Option<Place<'_>> {
        let mut waiting = self.waiting.lock();
        let of_it = waiting.iter().filter(|of| **of == address).count();
        if waiting.len() >= MOST_WAITING || of_it >= MOST_OF_AN_ADDRESS {
            return None;
        }
        waiting.push(address);
        Some(Place(self, address))
    }
}

/// The middle of that picture as a small square; none if it is no picture, or too large a one. What it says of its size is looked
/// at before its pixels are, and it is cut to a square before anything else is done with those: a line of pixels that is made a
/// square by making it higher has a thousand times as many.
fn drawn_anew(sent: &[u8]) -> Option<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(sent)).with_guessed_format().ok()?;
    limit(&mut reader);
    let mut decoder = reader.into_decoder().ok()?;
    if !is_small(&decoder) {
        return None;
    }
    // How a camera was held is all that is read beside the pixels.
    let turned = decoder.orientation().ok();
    let picture = DynamicImage::from_decoder(decoder).ok()?;
    let mut small = square(picture);
    if let Some(turned) = turned {
        small.apply_orientation(turned);
    }
    let small = small.into_rgba8();
    let mut png = Cursor::new(Vec::new());
    small.write_to(&mut png, ImageFormat::Png).ok()?;
    Some(png.into_inner())
}

backend::guard! {
    /// Lets no picture say that it is larger than what is worth reading.
    fn limit(reader: &mut ImageReader<Cursor<&[u8]>>) {
        let mut limits = Limits::default();
        limits.max_image_width = Some(MOST_SIDE);
        limits.max_image_height = Some(MOST_SIDE);
        limits.max_alloc = Some(MOST_MEMORY);
        reader.limits(limits);
    }
    GiantPicture: {}
}

backend::guard! {
    /// Whether all its pixels may be held at once.
    fn is_small(decoder: &impl ImageDecoder) -> bool {
        let (width, height) = decoder.dimensions();
        u64::from(width) * u64::from(height) <= MOST_PIXELS && decoder.total_bytes() <= MOST_MEMORY
    }
    ManyPixels: true
}

/// The middle of a picture, made small.
fn square(picture: DynamicImage) -> DynamicImage {
    let (width, height) = (picture.width(), picture.height());
    let side = width.min(height);
    let middle = picture.crop_imm((width - side) / 2, (height - side) / 2, side, side);
    drop(picture);
    middle.resize_exact(SIDE, SIDE, FilterType::CatmullRom)
}

#[cfg(test)]
mod fuzz;

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn sample(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let picture = DynamicImage::from(image::RgbImage::from_fn(width, height, |x, _| {
            image::Rgb([if x < width / 2 { 255 } else { 0 }, 80, 90])
        }));
        let mut bytes = Cursor::new(Vec::new());
        picture.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    #[test]
    fn whatever_comes_is_a_small_square_of_pixels_then() {
        for (width, height) in [
            (300, 200),
            (1, 1),
            (10, 2_000),
            (128, 128),
            (8_192, 1),
            (2, 8_191),
        ] {
            for format in [
                ImageFormat::Png,
                ImageFormat::Jpeg,
                ImageFormat::WebP,
                ImageFormat::Gif,
            ] {
                let drawn = drawn_anew(&sample(width, height, format)).unwrap();
                let read = image::load_from_memory_with_format(&drawn, ImageFormat::Png).unwrap();
                assert_eq!(
                    (read.width(), read.height()),
                    (SIDE, SIDE),
                    "{width}×{height} {format:?}"
                );
            }
        }
    }

    #[test]
    fn nothing_of_what_was_sent_is_kept_but_pixels() {
        let mut sent = sample(64, 64, ImageFormat::Jpeg);
        // A comment with where it was taken, behind the mark that begins the file.
        let comment = b"\xff\xfe\x00\x1d<script>51.5N 0.1W</script>".to_vec();
        sent.splice(2..2, comment);
        sent.extend_from_slice(b"PK\x03\x04 and a second file");
        let drawn = drawn_anew(&sent).unwrap();
        for word in ["script", "51.5N", "second file"] {
            assert!(
                !drawn.windows(word.len()).any(|window| window == word.as_bytes()),
                "{word}"
            );
        }
    }

    #[test]
    fn what_is_no_picture_or_too_large_a_one_comes_to_nothing() {
        let mut huge = sample(4, 4, ImageFormat::Png);
        // It says that it is a million pixels wide.
        huge.splice(16..20, 1_000_000_u32.to_be_bytes());
        let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>1</script></svg>".to_vec();
        for sent in [
            Vec::new(),
            b"GIF89a".to_vec(),
            svg,
            huge,
            sample(8_193, 1, ImageFormat::Png),
            sample(4_097, 4_097, ImageFormat::Gif),
        ] {
            assert!(drawn_anew(&sent).is_none(), "{:?}", sent.get(..20));
        }
    }

    #[test]
    fn one_address_leaves_places_to_others() {
        let resizer = PictureResizer::default();
        let address = |last: u8| Household::of([192, 0, 2, last].into());
        let mine = [(); 2].map(|()| resizer.place(address(1)).unwrap());
        assert!(resizer.place(address(1)).is_none());
        let others: Vec<_> = (2..8).map(|last| resizer.place(address(last)).unwrap()).collect();
        assert!(resizer.place(address(9)).is_none(), "all are taken");
        drop(mine);
        assert!(resizer.place(address(1)).is_some());
        drop(others);
        assert!(resizer.waiting.lock().is_empty());
    }
}
