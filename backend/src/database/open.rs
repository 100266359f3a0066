//! The database file: its lock, its connections, its tables brought to this version.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::wire::WIRE;
use domain::{Epoch, Seq, Timestamp};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqlSafeStr};
use tokio::time::Instant;

use crate::database::columns::{Columns, number};
use crate::database::{Connection, DriverError, Readers};
use crate::{Config, Error, NoRandomness, OpenError, random};

/// How many readers at once; more wait their turn.
const READERS: u32 = 4;

/// The bytes that the write-ahead log keeps of the disk when it begins anew. It holds what is written until busy callers leave the
/// writer time to copy it (64 MiB and what comes until that is looked at): a file that grows again has the disk write its size with each
/// sync. Cut to 16 MiB, 32 callers had 0.86 of the commands a second.
const LOG_SIZE: u32 = 96 * 1024 * 1024;

/// How long a connection waits for another process's lock, such as a backup's, before it gives up.
const BUSY: Duration = Duration::from_secs(5);

/// An open database.
pub(crate) struct Store {
    pub(crate) lock: Lock,
    pub(crate) writer: Connection,
    pub(crate) readers: Readers,
    pub(crate) meta: Meta,
}

/// What the one row of `meta` says.
pub(crate) struct Meta {
    pub(crate) epoch: Epoch,
    pub(crate) head: Seq,
    pub(crate) at: Timestamp,
    pub(crate) oldest: Seq,
}

/// Keeps other processes out as long as it lives. SQLite would let them in, and two writers' caches would not agree.
#[derive(Debug)]
pub(crate) struct Lock {
    _file: File,
}

impl Store {
    pub(crate) async fn open(config: &Config) -> Result<Self, OpenError> {
        let unsupported = || OpenError::Unsupported(config.database.clone());
        let path = config.path().ok_or_else(unsupported)?;
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|error| OpenError::Folder(folder.to_owned(), error))?;
        }
        let lock = Lock::take(&path, config.patience).await?;
        let broken = |error| OpenError::Database(path.clone(), error);
        let options = SqliteConnectOptions::new()
            .filename(&path)
            .busy_timeout(BUSY)
            .foreign_keys(true)
            .pragma("temp_store", "memory")
            // As many rows as the first document of a list has pass to the reader without waiting for it in between: 200 tasks are
            // read in 0.39 ms, with the driver's own 50 in 0.46 (median of 6,000 reads each, in turn, on two busy cores).
            .row_buffer_size(256)
            .disable_statement_logging();
        let mut writer = options
            .clone()
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .pragma("wal_autocheckpoint", "0") // The writer checkpoints when nobody waits for it.
            .pragma("journal_size_limit", LOG_SIZE.to_string())
            .pragma(
                "max_page_count",
                config.max_pages.unwrap_or(u32::MAX - 1).to_string(),
            )
            .connect()
            .await
            .map_err(broken)?;
        migrations()
            .run(&mut writer)
            .await
            .map_err(|error| OpenError::Migration(path.clone(), error))?;
        begin(&mut writer, config.new_epoch)
            .await
            .map_err(|error| match error {
                Begin::Random(error) => OpenError::NoRandomness(error),
                Begin::Database(error) => broken(error),
            })?;
        let meta = match Meta::read(&mut writer).await {
            Ok(meta) => meta,
            Err(Error::Corrupt(what)) => return Err(OpenError::Corrupt(path, what)),
            Err(error) => return Err(OpenError::Corrupt(path, error.to_string())),
        };
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .connect_with(options.read_only(true))
            .await
            .map_err(broken)?;
        Ok(Self {
            lock,
            writer,
            readers,
            meta,
        })
    }
}

impl Meta {
    pub(crate) async fn read(connection: &mut Connection) -> Result<Self, Error> {
        let row = sqlx::query("select epoch, head, at, oldest, wire from meta")
            .fetch_one(connection)
            .await?;
        if row.count("wire")? > u64::from(WIRE) {
            return Err(Error::Corrupt("changes of a later version".to_owned()));
        }
        Ok(Self {
            epoch: row.parsed("epoch", Epoch::parse)?,
            head: row.seq("head")?,
            at: row.count("at").map(Timestamp)?,
            oldest: row.seq("oldest")?,
        })
    }
}

impl Lock {
    async fn take(database: &Path, patience: Duration) -> Result<Self, OpenError> {
        let mut path = database.as_os_str().to_owned();
        path.push(".lock");
        let path = PathBuf::from(path);
        let file = File::options()
            .create(true)
            .write(true)
            .truncate(false)
            .open(&path)
            .map_err(|error| OpenError::Folder(path.clone(), error))?;
        let deadline = Instant::now() + patience;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::Error(error)) => return Err(OpenError::Folder(path, error)),
                Err(TryLockError::WouldBlock) if Instant::now() >= deadline => {
                    return Err(OpenError::InUse(database.to_owned()));
                }
                // The file system tells nobody when a lock is free again.
                Err(TryLockError::WouldBlock) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }
}

/// Every version of the tables, in order. Those that were released are never edited: their hash is in the database.
pub(crate) fn migrations() -> Migrator {
    let migration = |version, name: &'static str, sql: &'static str| {
        Migration::new(
            version,
            name.into(),
            MigrationType::Simple,
            sql.into_sql_str(),
            false,
        )
    };
    Migrator::with_migrations(vec![migration(
        1,
        "schema",
        include_str!("../../migrations/0001_schema.sql"),
    )])
}

/// A connection for one small write beside a server that may be running. It makes nothing, and never checkpoints.
pub(crate) async fn open_beside(config: &Config) -> Result<Connection, OpenError> {
    let path = config
        .path()
        .ok_or_else(|| OpenError::Unsupported(config.database.clone()))?;
    if !path.exists() {
        return Err(OpenError::Absent(path));
    }
    let broken = |error| OpenError::Database(path.clone(), error);
    let mut connection = SqliteConnectOptions::new()
        .filename(&path)
        .busy_timeout(BUSY)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full)
        .pragma("wal_autocheckpoint", "0")
        .disable_statement_logging()
        .connect()
        .await
        .map_err(broken)?;
    let version: Option<i64> = sqlx::query_scalar("select max(version) from _sqlx_migrations")
        .fetch_one(&mut connection)
        .await
        .map_err(broken)?;
    let known = migrations().iter().map(|migration| migration.version).max();
    if version < known {
        return Err(OpenError::Earlier(path));
    }
    Ok(connection)
}

enum Begin {
    Random(NoRandomness),
    Database(DriverError),
}

/// Names the epoch of a new database, or of a backup that begins a new life.
async fn begin(connection: &mut Connection, new_epoch: bool) -> Result<(), Begin> {
    let epoch = random::epoch().map_err(Begin::Random)?;
    sqlx::query(
        "insert into meta (one, epoch, head, at, oldest, wire) values (1, $1, 0, 0, 0, $2)
         on conflict (one) do update set epoch = case when $3 then $1 else epoch end",
    )
    .bind(epoch.as_str().to_owned())
    .bind(i64::from(WIRE))
    .bind(new_epoch)
    .execute(connection)
    .await
    .map_err(Begin::Database)?;
    Ok(())
}

/// The most rows of the log that anything reads at once, as SQLite counts.
pub(crate) fn limit(rows: usize) -> i64 {
    number(rows as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No test can cut the power; so this one asks whether a commit waits for the disk.
    #[tokio::test]
    async fn a_commit_waits_for_the_disk() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tandem.db").display().to_string();
        let mut store = Store::open(&Config::new(path)).await.unwrap();
        let synchronous: i64 = sqlx::query_scalar("pragma synchronous")
            .fetch_one(&mut store.writer)
            .await
            .unwrap();
        let journal: String = sqlx::query_scalar("pragma journal_mode")
            .fetch_one(&mut store.writer)
            .await
            .unwrap();
        assert_eq!((synchronous, &*journal), (2, "wal"), "2 is FULL");
    }

    /// SQLite asks about foreign keys connection by connection.
    #[tokio::test]
    async fn every_connection_keeps_foreign_keys() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("tandem.db").display().to_string();
        let config = Config::new(path);
        let mut store = Store::open(&config).await.unwrap();
        let mut reader = store.readers.acquire().await.unwrap();
        let mut beside = open_beside(&config).await.unwrap();
        let connections = [
            ("the writer's", &mut store.writer),
            ("a reader's", &mut *reader),
            ("one beside a server", &mut beside),
        ];
        let mut kept = Vec::new();
        for (name, connection) in connections {
            let keeps: bool = sqlx::query_scalar("pragma foreign_keys")
                .fetch_one(connection)
                .await
                .unwrap();
            kept.push((name, keeps));
        }
        assert!(kept.iter().all(|(_, keeps)| *keeps), "{kept:?}");
    }
}
