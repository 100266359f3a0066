//! What is left of a person whose account was deleted, and of a list that is gone: looked for in every column of every table there is.

use std::collections::BTreeSet;

use domain::PersonId;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions, Row};

use crate::everything::{TEXTS, everything};
use crate::world::{SHELL, TestBackend};

/// Where an id of somebody who left, or of a list that is gone, may still be, and why. Their texts may be nowhere.
const STAYS: &[(&str, &str, &str)] = &[
    (
        "audit",
        "actor",
        "who did it is asked about later; the rows go after 400 days",
    ),
    ("audit", "list", "as its actor"),
    ("audit", "person", "as its actor"),
    (
        "clients",
        "person_id",
        "what their pages asked is in the log and is never done twice",
    ),
    ("departed", "person_id", "they are counted among nobody"),
    (
        "ended_sessions",
        "person_id",
        "their cookie from before the account opens nothing",
    ),
    (
        "link_uses",
        "person_id",
        "a link in a list that stays has let in as many as it says",
    ),
    (
        "links",
        "made_by",
        "a link that they made in a list that stays goes on working",
    ),
    (
        "log",
        "actor",
        "the rows are numbered, and what they did where others are stays",
    ),
    (
        "log",
        "changes",
        "what they did where others are, and that they left",
    ),
    ("log", "topic", "the rows are numbered; nothing is in them"),
    (
        "persons",
        "id",
        "a row with a name that nobody has, for what they did where others are",
    ),
    ("tasks", "added_by", "what they did where others are"),
    ("tasks", "deleted_by", "what they did where others are"),
    ("tasks", "done_by", "what they did where others are"),
];

/// Tables that are not filled by anybody.
const NOT_OURS: &[&str] = &["_sqlx_migrations"];

async fn connect(test: &TestBackend) -> SqliteConnection {
    let path = test.config.database.trim_start_matches("sqlite:").to_owned();
    SqliteConnectOptions::new()
        .filename(path)
        .connect()
        .await
        .unwrap()
}

/// Every table with its columns.
async fn tables(connection: &mut SqliteConnection) -> Vec<(String, Vec<String>)> {
    let rows = sqlx::query(
        "select name from pragma_table_list where schema = 'main' and type = 'table' and name not like 'sqlite_%'",
    )
    .fetch_all(&mut *connection)
    .await
    .unwrap();
    let mut tables = Vec::new();
    for row in rows {
        let table: String = row.get("name");
        if NOT_OURS.contains(&&*table) {
            continue;
        }
        let columns: Vec<String> = sqlx::query_scalar("select name from pragma_table_info($1)")
            .bind(table.clone())
            .fetch_all(&mut *connection)
            .await
            .unwrap();
        tables.push((table, columns));
    }
    tables
}

/// The tables and columns in which any of those bytes stand.
async fn found(test: &TestBackend, needles: &[Vec<u8>]) -> BTreeSet<(String, String)> {
    let mut connection = connect(test).await;
    let mut found = BTreeSet::new();
    for (table, columns) in tables(&mut connection).await {
        for column in columns {
            for needle in needles {
                let statement = format!(
                    "select count(*) from \"{table}\" where instr(cast(\"{column}\" as blob), $1) > 0"
                );
                let count: i64 = sqlx::query_scalar(AssertSqlSafe(statement))
                    .bind(needle.clone())
                    .fetch_one(&mut connection)
                    .await
                    .unwrap();
                if count > 0 {
                    found.insert((table.clone(), column.clone()));
                }
            }
        }
    }
    found
}

/// An id as its bytes and as it is written.
fn written(id: [u8; 16]) -> Vec<Vec<u8>> {
    let text = PersonId::from_bytes(id).to_string();
    vec![id.to_vec(), text.replace('-', "").into_bytes(), text.into_bytes()]
}

fn texts() -> Vec<Vec<u8>> {
    TEXTS.iter().map(|text| text.as_bytes().to_vec()).collect()
}

#[tokio::test]
async fn of_a_deleted_account_nothing_is_left_but_what_is_said_to_stay() {
    let test = TestBackend::new().await;
    let everything = everything(&test).await;
    let mut connection = connect(&test).await;
    for (table, _) in tables(&mut connection).await {
        let rows: i64 = sqlx::query_scalar(AssertSqlSafe(format!("select count(*) from \"{table}\"")))
            .fetch_one(&mut connection)
            .await
            .unwrap();
        // What is to be erased, which is all gone by the end.
        assert!(
            rows > 0 || table == "erasures",
            "this test puts nothing into the table {table}: what becomes of its rows when a person or a list goes?"
        );
    }
    for text in TEXTS {
        assert!(
            !found(&test, &[text.as_bytes().to_vec()]).await.is_empty(),
            "{text} was nowhere"
        );
    }
    let person = everything.ana.visitor.person();
    test.accounts()
        .depart(SHELL, person, &Default::default())
        .await
        .unwrap();
    test.erased().await;
    test.admin().audit_log(None, None, 1).await.unwrap();

    let mut needles = texts();
    needles.extend(everything.secrets);
    assert_eq!(found(&test, &needles).await, BTreeSet::new(), "texts and secrets");
    let ids: Vec<Vec<u8>> = everything.ids.into_iter().flat_map(written).collect();
    let stays = STAYS
        .iter()
        .map(|(table, column, _)| ((*table).to_owned(), (*column).to_owned()));
    assert_eq!(found(&test, &ids).await, stays.collect(), "ids");
    test.sound().await;
}

#[tokio::test]
async fn of_a_list_that_is_gone_nothing_is_left_but_numbered_rows() {
    let test = TestBackend::new().await;
    let everything = everything(&test).await;
    let (own, person) = (everything.own, everything.ana.visitor.person());
    let mut connection = connect(&test).await;
    let mut ids = written(*own.as_bytes());
    for column in [
        "select id from links where list_id = $1",
        "select id from tasks where list_id = $1",
    ] {
        let theirs: Vec<Vec<u8>> = sqlx::query_scalar(column)
            .bind(own.as_bytes().to_vec())
            .fetch_all(&mut connection)
            .await
            .unwrap();
        assert!(!theirs.is_empty(), "{column}");
        ids.extend(theirs.into_iter().flat_map(|id| written(id.try_into().unwrap())));
    }
    let before = found(&test, &ids).await;
    for table in [
        "lists",
        "members",
        "tasks",
        "notes",
        "links",
        "link_uses",
        "role_limits",
        "list_invitations",
    ] {
        assert!(
            before.iter().any(|(there, _)| there == table),
            "{table}: {before:?}"
        );
    }
    test.accounts()
        .depart(SHELL, person, &Default::default())
        .await
        .unwrap();
    test.erased().await;
    // Who was in it and who let them in may be asked about, and those who came and left have that in their own rows.
    let stays = [("audit", "list"), ("log", "changes"), ("log", "topic")];
    let stays = stays.map(|(table, column)| (table.to_owned(), column.to_owned()));
    assert_eq!(found(&test, &ids).await, stays.into());
    test.sound().await;
}

/// The schema itself: what belongs to something goes with it, and finding it reads no table from end to end.
#[tokio::test]
async fn every_foreign_key_says_what_becomes_of_its_row_and_has_an_index() {
    let test = TestBackend::new().await;
    let mut connection = connect(&test).await;
    let mut keys = 0;
    for (table, _) in tables(&mut connection).await {
        let rows = sqlx::query("select \"from\" as child, on_delete from pragma_foreign_key_list($1)")
            .bind(table.clone())
            .fetch_all(&mut connection)
            .await
            .unwrap();
        for row in rows {
            let (child, on_delete): (String, String) = (row.get("child"), row.get("on_delete"));
            assert!(["CASCADE", "SET NULL"].contains(&&*on_delete), "{table}.{child}");
            let indexed: i64 = sqlx::query_scalar(
                "select count(*) from pragma_index_list($1) as list
                 join pragma_index_info(list.name) as info on info.seqno = 0 and info.name = $2",
            )
            .bind(table.clone())
            .bind(child.clone())
            .fetch_one(&mut connection)
            .await
            .unwrap();
            assert!(indexed > 0, "{table}.{child} has no index that begins with it");
            keys += 1;
        }
    }
    assert!(keys > 15, "{keys}");
}
