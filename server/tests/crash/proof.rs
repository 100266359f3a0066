//! What must hold when all is over: everyone has what the server has, and the log has what was answered, once.

use std::collections::BTreeMap;

use backend::{Backend, Config};
use domain::Seq;

use crate::log;
use crate::page::{Page, seen};
use crate::server::TestServer;

pub(crate) fn every_subscriber_has_the_same_lists(pages: &[Page], port: u16) {
    let mut first = BTreeMap::new();
    for page in pages {
        for (id, list) in page.lists() {
            assert_eq!(
                seen(&page.snapshot(port, id).unwrap().list),
                list,
                "a snapshot of {id}"
            );
            let other = first.entry(id).or_insert_with(|| list.clone());
            assert_eq!(*other, list, "two people see {id}");
        }
        assert_eq!(
            page.lists().keys().copied().collect::<Vec<_>>(),
            page.memberships(port)
        );
    }
}

pub(crate) fn what_is_on_disk_is_what_was_answered(server: &TestServer, pages: &[Page], head: Seq) {
    let database = server.database().display().to_string();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let rows = runtime.block_on(async {
        let rows = log::read(&database).await;
        let backend = Backend::open(Config::new(database)).await.unwrap();
        assert_eq!(
            backend.check().await.unwrap(),
            Vec::<String>::new(),
            "tables and log"
        );
        backend.close().await;
        rows
    });
    assert_eq!(rows.last().map(|row| row.seq), Some(head));
    log::has_no_hole(&rows);
    let asked = pages.iter().flat_map(Page::asked).collect();
    log::has_each_answered_command_once(&rows, &asked);
}
