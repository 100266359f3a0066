//! Pictures of people over HTTP: what is taken, what is served, and to whom.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, RgbImage};

use crate::http::{Request, Response};
use crate::person::{Person, between};
use crate::server::TestServer;

const COMMENT: &str = "taken at 51.5N 0.1W";

/// A photo that says where it was taken.
fn photo() -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    let picture = DynamicImage::from(RgbImage::from_pixel(300, 200, image::Rgb([200, 30, 60])));
    picture.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    let mut bytes = bytes.into_inner();
    let length = u16::try_from(COMMENT.len() + 2).unwrap().to_be_bytes();
    let comment = [&[0xff, 0xfe], &length[..], COMMENT.as_bytes()].concat();
    bytes.splice(2..2, comment);
    bytes
}

impl Person {
    fn show(&self, file: &[u8]) -> Response {
        let head = "--part\r\ncontent-disposition: form-data; name=\"picture\"; filename=\"<b>.jpg\"\r\ncontent-type: text/html\r\n\r\n";
        let body = [head.as_bytes(), file, b"\r\n--part--\r\n"].concat();
        let form =
            Request::new("POST", "/me/picture").header("content-type", "multipart/form-data; boundary=part");
        self.send(form.body(body))
    }

    /// The address of the one picture that they may see.
    fn picture(&self) -> Option<String> {
        let style = self.page("/pictures.css");
        style
            .contains("url(")
            .then(|| between(&style, "url(\"", "\"").to_owned())
    }
}

#[test]
fn a_photo_becomes_a_small_square_that_only_those_in_a_list_with_one_see() {
    let server = TestServer::start();
    let (ana, ben, stranger) = (
        server.person("ana"),
        server.person("ben"),
        server.person("stranger"),
    );
    let list = ana.list();
    ben.join(&ana.code(&list));
    assert_eq!(ana.picture(), None);
    assert_eq!(ana.show(&photo()).location(), "/me");
    let address = ben.picture().unwrap();
    assert_eq!(ana.picture().as_ref(), Some(&address));
    let served = ben.get(&address);
    for (name, value) in [
        ("content-type", "image/png"),
        ("cache-control", "private, max-age=31536000, immutable"),
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", "same-origin"),
    ] {
        assert_eq!(served.value(name), Some(value));
    }
    let read = image::load_from_memory_with_format(&served.body, ImageFormat::Png).unwrap();
    assert_eq!((read.width(), read.height()), (128, 128));
    assert!(!String::from_utf8_lossy(&served.body).contains(COMMENT));
    assert_eq!(stranger.get(&address).status, 404);
    assert_eq!(stranger.picture(), None);
    assert_eq!(Request::get(&address).send(server.port).unwrap().status, 401);
    let other = ben.get(address.split('?').next().unwrap());
    assert_eq!(
        other.value("cache-control"),
        Some("private, no-store"),
        "without its name it may be another next time"
    );
    assert!(
        ben.page(&format!("/lists/{list}"))
            .contains("href=\"/pictures.css\"")
    );
    assert!(ana.page("/me").contains("Remove the picture"));
    assert_eq!(
        ana.send(Request::form("/me/picture?remove=yes", &[])).location(),
        "/me"
    );
    assert_eq!((ben.picture(), ben.get(&address).status), (None, 404));
}

#[test]
fn what_is_no_picture_is_refused_with_a_sentence_at_the_field() {
    let server = TestServer::start();
    let ana = server.person("ana");
    for file in [
        &b""[..],
        b"<svg onload=alert(1)>",
        b"\x89PNG\r\n\x1a\nnot really",
        &vec![b'a'; 3 * 1024 * 1024],
    ] {
        let refused = ana.show(file);
        assert_eq!(refused.status, 422);
        assert!(
            refused.text().contains("This picture could not be read") && !refused.text().contains("onload")
        );
    }
    assert_eq!(
        ana.send(Request::form("/me/picture", &[("picture", "a")])).status,
        422
    );
    assert_eq!(ana.picture(), None);
}
