//! Files to import that are dear to read, from one address.

use super::attacker::{at_once, attacker, beside, count, many};
use crate::http::Request;
use crate::person::Person;
use crate::server::TestServer;

/// Files that are as dear as a file can be.
fn files() -> Vec<Vec<u8>> {
    let card = "{\"id\":1,\"name\":\"a\",\"labels\":[{}]},";
    let rows = "Title,Notes\n".to_owned() + &"a,\"b\"\n".repeat(49_000);
    vec![
        format!("{{\"lists\":[],\"cards\":[{}{{\"id\":1}}]}}", card.repeat(80_000)).into_bytes(),
        format!("{{\"cards\":[{}{{}}]}}", "{},".repeat(2_000_000)).into_bytes(),
        format!("{{\"a\":{}", "[".repeat(15_000_000)).into_bytes(),
        rows.into_bytes(),
        vec![b'-'; 15_000_000],
        format!("Title\n\"{}", "\"\"".repeat(7_000_000)).into_bytes(),
        "a,".repeat(7_000_000).into_bytes(),
        "- a\n".repeat(3_000_000).into_bytes(),
    ]
}

#[test]
fn files_that_are_dear_to_read_cost_little() {
    let server = TestServer::start();
    let (port, files) = (server.port, files());
    let answers = beside("imports", &server, || {
        at_once(many(8, 40), |n| {
            let head = "--part\r\ncontent-disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n";
            let body = [head.as_bytes(), &files[n % files.len()], b"\r\n--part--\r\n"].concat();
            let form =
                Request::new("POST", "/import").header("content-type", "multipart/form-data; boundary=part");
            let guest = Person::at(port, &format!("guest {n}"));
            guest.send(attacker(Request::get("/me")));
            // Where too much is sent at once the connection may be closed before all of it is taken.
            let sent = attacker(form.body(body))
                .header("cookie", &guest.cookie)
                .send(port)
                .ok()?;
            match sent.value("location") {
                Some(page) => Some(guest.send(attacker(Request::get(page)))),
                None => Some(sent),
            }
        })
    });
    let answers: Vec<_> = answers.into_iter().flatten().collect();
    assert!(count(&answers, 200) > 0, "some are read");
    // The others found no place: six files from an address wait, and four of them for their turn.
    assert!(
        answers
            .iter()
            .all(|answer| [200, 422, 503].contains(&answer.status))
    );
}
