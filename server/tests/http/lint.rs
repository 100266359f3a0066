//! The linter that all recorded streams pass through finds each fault that a stream can have.

use crate::stream::lint::Lint;

const GOOD: &str = "retry: 2731\n\n\
    event: hello\nid: k3.4\ndata: {\"seq\":4}\n\n\
    : a comment\n\n\
    id: k3.5\nevent: change\ndata: {\"title\":\"\u{feff}\u{2028}\u{1f95b}\"}\n\n\
    event: presence\ndata: {\"list\":\"x\",\"people\":[]}\n\n\
    id: k3.5\nevent: heartbeat\ndata: {\"seq\":5}\n\n\
    retry: 900\nevent: bye\ndata: {\"reason\":\"stopping\"}\n\n\
    retry: 900\n\n";

/// Looks at it whole and byte by byte; both must come to the same.
fn verdict(bytes: &[u8]) -> Result<(), String> {
    let look = |size| {
        let mut lint = Lint::default();
        bytes.chunks(size).try_for_each(|piece| lint.take(piece))?;
        lint.end()
    };
    let whole = look(bytes.len().max(1));
    assert_eq!(whole, look(1));
    whole
}

#[test]
fn a_good_stream_passes_and_may_end_only_between_two_events() {
    assert_eq!(verdict(GOOD.as_bytes()), Ok(()));
    let mut ends = 0;
    for at in 0..GOOD.len() {
        let (whole, rest) = GOOD.as_bytes().split_at(at);
        let between = whole.is_empty() || whole.ends_with(b"\n\n");
        assert_eq!(verdict(whole).is_ok(), between, "before {:?}", rest.first());
        ends += usize::from(between);
    }
    assert_eq!(ends, 8);
}

#[test]
fn every_fault_is_found_and_named() {
    let long = format!("id: k3.{}\nevent: change\ndata: {{}}\n\n", "1".repeat(126));
    let faults: &[(&str, &str)] = &[
        ("\u{feff}retry: 1\n\n", "a byte order mark"),
        ("retry: 1\r\n\r\n", "the control character '\\r'"),
        ("event: bye\ndata: {}\rid: 1\n\n", "the control character '\\r'"),
        (
            "id: k3.\0\nevent: change\ndata: {}\n\n",
            "the control character '\\0'",
        ),
        (
            "event: bye\ndata: {\"a\":\"\u{7f}\"}\n\n",
            "the control character",
        ),
        (
            "event: bye\ndata: {\"a\":\"\t\"}\n\n",
            "the control character '\\t'",
        ),
        ("event: bye\ndata:{}\n\n", "not a field, one space and a value"),
        ("event: bye\ndata:  {}\n\n", "not a field, one space and a value"),
        (
            "event: bye\ndata: {}\nid\n\n",
            "not a field, one space and a value",
        ),
        (
            "id: \nevent: change\ndata: {}\n\n",
            "not a field, one space and a value",
        ),
        (
            "id:\nevent: change\ndata: {}\n\n",
            "not a field, one space and a value",
        ),
        (&long, "an id of 129 bytes"),
        ("id: k3.1 2\nevent: change\ndata: {}\n\n", "an id with bytes"),
        ("id: k(3).1\nevent: change\ndata: {}\n\n", "an id with bytes"),
        ("id: é.1\nevent: change\ndata: {}\n\n", "an id with bytes"),
        ("id: k3\nevent: change\ndata: {}\n\n", "an id that is no cursor"),
        (
            "id: k3.-1\nevent: change\ndata: {}\n\n",
            "an id that is no cursor",
        ),
        ("id: .1\nevent: change\ndata: {}\n\n", "an id that is no cursor"),
        ("id: k3.1\n\n", "an id without data"),
        ("id: k3.1\nevent: change\n\n", "change without data"),
        ("event: bye\ndata: \n\n", "not a field, one space and a value"),
        ("event: bye\n\n", "bye without data"),
        ("data: {}\n\n", "data of an event without a name"),
        ("event: message\ndata: {}\n\n", "no event is called \"message\""),
        ("event: bye\ndata: {}\ndata: {}\n\n", "a field twice"),
        ("id: k3.1\nid: k3.1\nevent: change\ndata: {}\n\n", "a field twice"),
        ("event: bye\nevent: bye\ndata: {}\n\n", "a field twice"),
        ("retry: 1\nretry: 1\n\n", "a field twice"),
        ("event: bye\ndata: {\n\n", "data that is not JSON"),
        ("event: bye\ndata: {} {}\n\n", "data that is not JSON"),
        ("event: bye\ndata: 7\n\n", "data that is not an object"),
        ("retry: 1s\n\n", "a time to come back at"),
        ("retry: -1\n\n", "a time to come back at"),
        ("retry: 1000000\n\n", "a time to come back at"),
        ("colour: red\n\n", "a field that the specification does not know"),
        ("\n", "a blank line that ends nothing"),
        ("retry: 1\n\n\n", "a blank line that ends nothing"),
        ("event: change\ndata: {}\n\n", "change without an id"),
        ("id: k3.1\nevent: presence\ndata: {}\n\n", "presence with an id"),
        (
            "id: k3.2\nevent: change\ndata: {}\n\nid: k3.1\nevent: change\ndata: {}\n\n",
            "the cursor goes back from k3.2",
        ),
        (
            "id: k3.2\nevent: change\ndata: {}\n\nid: k4.3\nevent: change\ndata: {}\n\n",
            "the cursor goes back from k3.2",
        ),
        (
            "event: bye\ndata: {}\n\nevent: bye\ndata: {}\n\n",
            "bye after bye",
        ),
    ];
    for (bytes, sentence) in faults {
        let found = verdict(bytes.as_bytes()).expect_err(bytes);
        assert!(found.contains(sentence), "{bytes:?}: {found}");
    }
    let found = verdict(b"event: bye\ndata: {\"a\":\"\xff\"}\n\n").unwrap_err();
    assert!(found.starts_with("not UTF-8"), "{found}");
}
