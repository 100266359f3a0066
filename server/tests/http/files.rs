//! The files of the built page: each kept by browsers for as long as its address means the same.

use crate::http::{Request, Response};
use crate::person::between;
use crate::server::TestServer;

fn get(server: &TestServer, path: &str, headers: &[(&str, &str)]) -> Response {
    let request = headers.iter().fold(Request::get(path), |request, (name, value)| {
        request.header(name, value)
    });
    request.send(server.port).unwrap()
}

#[test]
fn a_file_under_a_hashed_name_is_kept_for_good_and_others_are_asked_for_again() {
    let server = TestServer::start();
    let page = server.person("ana").page("/");
    let script = format!("/pkg/{}", between(&page, "data-script=\"/pkg/", "\""));
    let wasm = format!("/pkg/{}", between(&page, "data-wasm=\"/pkg/", "\""));
    let style = format!("/pkg/{}", between(&page, "rel=\"stylesheet\" href=\"/pkg/", "\""));
    if get(&server, &wasm, &[]).status == 404 {
        println!("SKIPPED: this binary was built without the page's script (`make build` puts it in)");
        return;
    }
    let kinds = [
        "text/javascript; charset=utf-8",
        "application/wasm",
        "text/css; charset=utf-8",
    ];
    for (path, kind) in [script, wasm, style].iter().zip(kinds) {
        let whole = get(&server, path, &[]);
        assert_eq!(
            (whole.status, whole.value("content-type")),
            (200, Some(kind)),
            "{path}"
        );
        assert_eq!(
            (whole.value("content-encoding"), whole.value("vary")),
            (None, Some("accept-encoding"))
        );
        let tag = whole.value("etag").unwrap();
        let known = get(&server, path, &[("if-none-match", tag)]);
        assert_eq!(
            (known.status, known.body.len(), known.value("etag")),
            (304, 0, Some(tag))
        );
        assert_eq!(get(&server, path, &[("if-none-match", "\"other\"")]).status, 200);
        // `tandem.0123456789abcdef.js` in a release, `tandem.js` in development.
        let is_hashed = path.split('.').count() == 3;
        let keep = if is_hashed {
            "public, max-age=31536000, immutable"
        } else {
            "no-cache"
        };
        assert_eq!(whole.value("cache-control"), Some(keep), "{path}");
        if !is_hashed {
            println!("SKIPPED for {path}: a development build packs nothing");
            continue;
        }
        for (accepted, coding) in [
            ("gzip, deflate, br, zstd", "br"),
            ("gzip", "gzip"),
            ("br;q=1.0", "br"),
        ] {
            let packed = get(&server, path, &[("accept-encoding", accepted)]);
            assert_eq!(packed.value("content-encoding"), Some(coding), "{path}");
            assert!(packed.body.len() < whole.body.len() && packed.value("content-type") == Some(kind));
        }
        for accepted in ["zstd", "br;q=0", "gzip; q=0.0, br;q=0"] {
            let plain = get(&server, path, &[("accept-encoding", accepted)]);
            assert_eq!(plain.value("content-encoding"), None, "{accepted}");
        }
    }
    let icon = get(&server, "/favicon.svg", &[]);
    assert_eq!(
        (
            icon.status,
            icon.value("cache-control"),
            icon.value("content-type")
        ),
        (200, Some("no-cache"), Some("image/svg+xml; charset=utf-8"))
    );
    for path in [
        "/pkg/../../Cargo.toml",
        "/pkg/%2e%2e/%2e%2e/Cargo.toml",
        "//etc/passwd",
        "/pkg/",
    ] {
        assert_eq!(get(&server, path, &[]).status, 404, "{path}");
    }
    assert_eq!(
        Request::json("/favicon.svg", &())
            .send(server.port)
            .unwrap()
            .status,
        405
    );
}

#[test]
fn a_part_of_the_wasm_is_there_under_the_name_of_this_build_and_no_other() {
    let server = TestServer::start();
    let page = server.person("ana").page("/");
    let head = "rel=\"prefetch\" href=\"";
    if !page.contains(head) {
        println!("SKIPPED: this binary was built without the page's script (`make build` puts it in)");
        return;
    }
    let part = between(&page, head, "\"");
    let here = get(&server, part, &[]);
    assert_eq!(
        (here.status, here.value("content-type")),
        (200, Some("application/wasm")),
        "{part}"
    );
    let [stem, build, ending] = part.split('.').collect::<Vec<_>>()[..] else {
        panic!("{part} names no build");
    };
    for other in ["0123456789abcdef", &build[1..]] {
        let other = format!("{stem}.{other}.{ending}");
        assert_eq!(get(&server, &other, &[]).status, 404, "{other}");
    }
}
