//! Whatever is sent as a picture.

use bolero::{check, produce};

use super::tests::sample;
use super::*;

#[test]
fn whatever_is_sent_as_a_picture_is_none_or_becomes_a_small_square() {
    let samples = [
        ImageFormat::Png,
        ImageFormat::Jpeg,
        ImageFormat::WebP,
        ImageFormat::Gif,
    ]
    .map(|format| sample(9, 7, format));
    check!()
        .with_generator((produce::<u8>(), produce::<Vec<(u16, u8)>>(), produce::<Vec<u8>>()))
        .with_iterations(300)
        .for_each(|(which, changes, tail)| {
            let mut sent = samples[usize::from(*which) % samples.len()].clone();
            for (at, byte) in changes.iter().take(8) {
                let at = usize::from(*at) % sent.len();
                sent[at] = *byte;
            }
            sent.extend_from_slice(tail);
            for sent in [&sent, tail] {
                if let Some(drawn) = drawn_anew(sent) {
                    let read = image::load_from_memory_with_format(&drawn, ImageFormat::Png).unwrap();
                    assert_eq!((read.width(), read.height()), (SIDE, SIDE));
                    assert!(drawn.len() <= 80 * 1024);
                }
            }
        });
}
