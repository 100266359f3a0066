//! Pictures of people: taken in, drawn anew, and shown to who shares a list with them.
//!
//! Nothing of what was sent is ever served: it is read as pixels within limits, cut to a square, made small and written as a PNG. A
//! style names the pictures of all whom somebody may see, so pages need no script for them; the list and the page of who is in it
//! ask for it again when there is another.

use std::fmt::Write as _;
use std::io::Cursor;

use axum::extract::{Multipart, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use backend::{Backend, Error};
use domain::PersonId;
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits};
use serde::Deserialize;

use crate::auth::session::CurrentUser;
use crate::http::page_response;
use crate::http::public_origin::PublicOrigin;
use crate::me::page;
use crate::state::AppState;

/// How wide and high a picture is shown at the most.
const SIDE: u32 = 128;

/// The widest and highest that is read.
const MOST_PIXELS: u32 = 8_192;

/// The most bytes that reading one may take.
const MOST_MEMORY: u64 = 96 * 1024 * 1024;

/// What is said where nothing could be made of it.
const NONE: &str = "This picture could not be read. Please choose a PNG, JPEG, WebP or GIF of at most 2 MB.";

/// Which of somebody's pictures.
#[derive(Deserialize)]
pub(crate) struct Which {
    #[serde(default)]
    v: String,
}

/// Whether none is to be shown any more.
#[derive(Deserialize)]
pub(crate) struct What {
    remove: Option<String>,
}

/// Shows a picture of oneself, or none any more.
pub(crate) async fn choose(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Query(What { remove }): Query<What>,
    origin: PublicOrigin,
    form: Result<Multipart, axum::extract::multipart::MultipartRejection>,
) -> Response {
    if remove.is_some() {
        return led_back(&state, state.backend.accounts().set_picture(&visitor, None).await).await;
    }
    let sent = match form {
        Ok(form) => first(form).await,
        Err(_) => None,
    };
    let png = match sent {
        Some(sent) => {
            let Ok(_place) = state.pictures.acquire().await else {
                return StatusCode::SERVICE_UNAVAILABLE.into_response();
            };
            tokio::task::spawn_blocking(move || drawn_anew(&sent))
                .await
                .ok()
                .flatten()
        }
        None => None,
    };
    let Some(png) = png else {
        let page = page::page(&state, visitor, &origin, None)
            .await
            .map(|page| page::with_picture_problem(page, NONE));
        return page_response::respond(&state, page, Some(StatusCode::UNPROCESSABLE_ENTITY)).await;
    };
    led_back(
        &state,
        state.backend.accounts().set_picture(&visitor, Some(png)).await,
    )
    .await
}

/// Somebody's picture.
pub(crate) async fn picture(
    State(state): State<AppState>,
    CurrentUser(visitor): CurrentUser,
    Path(person): Path<String>,
    Query(Which { v }): Query<Which>,
) -> Response {
    let found = match person.parse::<PersonId>() {
        Ok(person) => state.backend.accounts().picture(&visitor, person).await,
        Err(_) => Ok(None),
    };
    match found {
        // Under its own name it never changes.
        Ok(Some(picture)) => {
            let kept = if v == picture.name {
                "private, max-age=31536000, immutable"
            } else {
                "private, no-store"
            };
            (
                [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, kept)],
                picture.bytes,
            )
                .into_response()
        }
        Ok(None) => (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")]).into_response(),
        Err(error) => page_response::respond(&state, Err(error), None).await,
    }
}

/// The style that shows the pictures of everyone whom one may see.
pub(crate) async fn style(State(backend): State<Backend>, CurrentUser(visitor): CurrentUser) -> Response {
    let kinds = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    match backend.accounts().pictures(&visitor).await {
        Ok(pictures) => (kinds, rules(&pictures)).into_response(),
        Err(error) => {
            tracing::error!(%error, "pictures could not be read");
            (StatusCode::SERVICE_UNAVAILABLE, kinds, String::new()).into_response()
        }
    }
}

fn rules(pictures: &[(PersonId, String)]) -> String {
    let mut rules = String::new();
    for (person, name) in pictures {
        // A text is written to: it has no way to fail.
        let _ = writeln!(
            rules,
            ":is(.avatar[data-person=\"{person}\"],[data-person=\"{person}\"] .avatar){{background:center/cover url(\"/people/{person}/picture?v={name}\");color:transparent}}"
        );
    }
    rules
}

/// The first file of a form.
async fn first(mut form: Multipart) -> Option<Vec<u8>> {
    while let Ok(Some(field)) = form.next_field().await {
        if field.name() == Some("picture") {
            return Some(field.bytes().await.ok()?.to_vec());
        }
    }
    None
}

/// The middle of that picture as a small square; none if it is no picture, or too large a one.
fn drawn_anew(sent: &[u8]) -> Option<Vec<u8>> {
    let mut reader = ImageReader::new(Cursor::new(sent)).with_guessed_format().ok()?;
    limit(&mut reader);
    let mut decoder = reader.into_decoder().ok()?;
    if decoder.total_bytes() > MOST_MEMORY {
        return None;
    }
    // How a camera was held is all that is read beside the pixels.
    let turned = decoder.orientation().ok();
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
    if let Some(turned) = turned {
        picture.apply_orientation(turned);
    }
    let small = picture
        .resize_to_fill(SIDE, SIDE, FilterType::CatmullRom)
        .into_rgba8();
    let mut png = Cursor::new(Vec::new());
    small.write_to(&mut png, ImageFormat::Png).ok()?;
    Some(png.into_inner())
}

backend::guard! {
    /// Lets no picture say that it is larger than what is worth reading.
    fn limit(reader: &mut ImageReader<Cursor<&[u8]>>) {
        let mut limits = Limits::default();
        limits.max_image_width = Some(MOST_PIXELS);
        limits.max_image_height = Some(MOST_PIXELS);
        limits.max_alloc = Some(MOST_MEMORY);
        reader.limits(limits);
    }
    GiantPicture: {}
}

async fn led_back(state: &AppState, done: Result<(), Error>) -> Response {
    match done {
        Ok(()) => Redirect::to("/me").into_response(),
        Err(error) => page_response::respond(state, Err(error), None).await,
    }
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
        for (width, height) in [(300, 200), (1, 1), (10, 2_000), (128, 128)] {
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
        ] {
            assert!(drawn_anew(&sent).is_none(), "{:?}", sent.get(..20));
        }
    }
}
