//! A stream that is cut at any byte whatever goes on without a loss and without a repeat.

use std::time::Duration;

use crate::dice::Dice;
use crate::door::Door;
use crate::http::{PATIENCE, Request};
use crate::page::Page;
use crate::proxy::{Fate, Proxy};
use crate::server::TestServer;
use crate::stream::{Frame, Stream};

/// The changes up to the first heartbeat, or to the cut.
fn read(stream: &mut Stream, rows: &mut Vec<Frame>) -> bool {
    while let Ok(Some(frame)) = stream.next() {
        if frame.event == "heartbeat" {
            return true;
        }
        assert_ne!(frame.event, "reset");
        rows.extend((frame.event == "change").then_some(frame));
    }
    false
}

#[test]
fn a_stream_that_is_cut_at_any_byte_goes_on_without_a_loss_or_a_repeat() {
    let server = TestServer::start_with(&[]);
    let proxy = Proxy::start(server.port, 0);
    let page = Page::open(server.port, PATIENCE, Dice::new(7));
    let door = Door::new(server.port);
    std::thread::scope(|scope| {
        let _out = door.let_out_at_the_end();
        scope.spawn(|| page.follow(&door));
        page.write(&door, || {
            door.wait(Duration::from_millis(10));
            if door.answered() >= 3 {
                door.nothing_more_to_ask();
            }
            !door.is_enough()
        });
    });
    let start = format!("/events?since={}.0", page.hello(server.port).epoch);
    let request = || Request::get(&start).header("cookie", page.cookie());
    let mut whole = Vec::new();
    let mut first = Stream::open(server.port, &request()).unwrap();
    assert!(read(&mut first, &mut whole));
    assert!(whole.len() >= 2, "{whole:?}");
    let mut cuts = 0_u64;
    loop {
        proxy.next(Fate::CutDown(cuts));
        let mut rows = Vec::new();
        let mut last_id = String::new();
        if let Ok(mut stream) = Stream::open(proxy.port, &request()) {
            if read(&mut stream, &mut rows) {
                break;
            }
            last_id = stream.last_id;
        }
        let request = match &*last_id {
            "" => request(),
            id => request().header("last-event-id", id),
        };
        assert!(read(&mut Stream::open(proxy.port, &request).unwrap(), &mut rows));
        assert_eq!(rows, whole, "cut after {cuts} bytes");
        cuts += 1;
    }
    println!("cut at each of {cuts} bytes");
    assert!(cuts > 1_000, "{cuts}");
}
