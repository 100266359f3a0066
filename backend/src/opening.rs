//! Opening the backend: what runs behind the handle begins here, and nothing else knows all of it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;
use tokio::time::{MissedTickBehavior, interval};

use crate::accounts::mfa::UnderWay;
use crate::accounts::open_sessions::Sessions;
use crate::accounts::password::Passwords;
use crate::admin::admission::Admission;
use crate::admin::audit::Audit;
use crate::admin::settings::chosen;
use crate::backend::Inner;
use crate::database::open::Store;
use crate::database::operator::operator;
use crate::database::sessions::ended;
use crate::database::transaction::prepare;
use crate::flash::Flashes;
use crate::lists::export_files::ExportFiles;
use crate::lists::import_files::ImportFiles;
use crate::lists::shared_snapshots::SharedSnapshots;
use crate::live::hub::Hub;
use crate::live::presence::Places;
use crate::live::{presence, reauthorize};
use crate::maintenance;
use crate::write::memory::{Resident, State};
use crate::write::pace::Pace;
use crate::write::queue::Queue;
use crate::write::writer::Writer;
use crate::{Backend, Config, Error, Health, OpenError};

impl Backend {
    /// Opens the database, making it and its folder if need be. Wants a Tokio runtime with time.
    pub async fn open(config: Config) -> Result<Self, OpenError> {
        let Store {
            lock,
            writer: mut connection,
            readers,
            meta,
        } = Store::open(&config).await?;
        let path = || config.path().unwrap_or_default();
        let prepared = prepare(&mut connection).await;
        prepared.map_err(|error| OpenError::Database(path(), error))?;
        let (exports, imports) = (config.exports(), config.imports());
        let corrupt = |error: Error| OpenError::Corrupt(path(), error.to_string());
        let operator = operator(&mut connection).await.map_err(corrupt)?;
        let (queue, requests) = Queue::new();
        let (say, health) = watch::channel(Health::Good);
        let resident = Arc::new(Resident::default());
        let ended = ended(&mut connection).await.map_err(corrupt)?;
        let sessions = Sessions::load(&readers, config.limits).await.map_err(corrupt)?;
        let sessions = Arc::new(sessions);
        let operator = watch::Sender::new(operator);
        let chosen = chosen(&readers, config.fixed).await.map_err(corrupt)?;
        let under_way = Arc::new(UnderWay::default());
        let admission = Arc::new(Admission::new(
            chosen,
            config.fixed,
            Arc::clone(&sessions),
            Arc::clone(&under_way),
            operator.subscribe(),
        ));
        let hub = Arc::new(Hub::new(meta.epoch.clone(), meta.head, ended));
        let (audit, keeper) = Audit::begin(queue.clone(), config.clock.clone());
        let erasing = Arc::new(Notify::new());
        let writer = Writer {
            connection,
            lock,
            state: State::new(
                &meta,
                config.cache_bytes,
                config.quotas.list,
                Arc::clone(&resident),
            ),
            queue: requests,
            hub: Arc::clone(&hub),
            audit: audit.clone(),
            admission: Arc::clone(&admission),
            pace: Pace::new(config.quotas),
            health: say,
            clock: config.clock.clone(),
            batch: config.batch,
            unlooked: 0,
            erasing: Arc::clone(&erasing),
        };
        tokio::spawn(writer.run());
        let places = Arc::new(Places::default());
        let tellers = [
            tell(Arc::clone(&hub)),
            beat(Arc::clone(&hub), config.heartbeat),
            reauthorize::watch(
                Arc::clone(&hub),
                readers.clone(),
                Arc::clone(&sessions),
                config.clock.clone(),
                config.second_look,
            ),
            presence::watch(Arc::clone(&places), Arc::clone(&hub)),
            keeper,
            maintenance::erasing::begin(queue.clone(), erasing),
        ];
        let inner = Inner {
            epoch: meta.epoch,
            heartbeat: config.heartbeat,
            readers,
            queue,
            health,
            resident,
            hub,
            clock: config.clock,
            operator,
            sessions,
            admission,
            passwords: Passwords::new(config.cost),
            places,
            jobs: Arc::default(),
            exports: Arc::new(ExportFiles::open(exports)),
            imports: Arc::new(ImportFiles::open(imports)),
            list_bytes: config.quotas.list,
            snapshots: SharedSnapshots::default(),
            flashes: Flashes::default(),
            under_way,
            audit,
            tellers,
        };
        let this = Self {
            inner: Arc::new(inner),
        };
        maintenance::keep(&this);
        maintenance::thin_out(&this);
        Ok(this)
    }
}

fn tell(hub: Arc<Hub>) -> AbortHandle {
    tokio::spawn(hub.run()).abort_handle()
}

/// One sweep for all streams.
fn beat(hub: Arc<Hub>, every: Duration) -> AbortHandle {
    let mut beats = interval(every.max(Duration::from_millis(1)));
    beats.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let beats = async move {
        beats.tick().await; // The first comes at once.
        loop {
            beats.tick().await;
            hub.heartbeat().await;
        }
    };
    tokio::spawn(beats).abort_handle()
}
