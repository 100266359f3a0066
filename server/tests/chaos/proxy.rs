//! A proxy that does to connections what networks do: it delays, cuts, falls silent, and lets a later one overtake.
//!
//! It changes no byte: TCP does not either. What befalls a connection follows from the seed and its number. The sleeps here are
//! the faults themselves, a delay or a silence that is played; no test waits by them for something to come true.

use std::collections::VecDeque;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU16, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use socket2::SockRef;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::watch;

use crate::dice::Dice;

/// What befalls a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fate {
    /// Nothing.
    Honest,
    /// What the server says is cut off after that many bytes.
    CutDown(u64),
    /// What the client says is.
    CutUp(u64),
    /// Nothing more arrives at the client, and nobody is told.
    SilentDown(u64),
    /// Nothing more arrives at the server, and nobody is told.
    SilentUp(u64),
    /// Every piece comes late, by at most that.
    Late(Duration),
    /// The server hears nothing of it until then, also if the client has long given up.
    Held(Duration),
}

/// The longest that a connection stays silent before it is closed after all.
const LONGEST_SILENCE: Duration = Duration::from_secs(20);

/// How long a client waits that finds nobody: less than a browser, so that more happens.
const NOBODY: Duration = Duration::from_millis(200);

/// How long the server may take to do what was held back, after who asked has gone.
const OUTLIVES: Duration = Duration::from_secs(2);

/// A running proxy.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    shared: Arc<Shared>,
    _runtime: Runtime,
}

struct Shared {
    server: AtomicU16,
    seed: u64,
    is_calm: AtomicBool,
    /// For the next connections, before the seed says.
    fates: Mutex<VecDeque<Fate>>,
    /// Counts up to cut everything.
    cut: watch::Sender<u64>,
    connections: AtomicU64,
    befallen: AtomicU64,
}

impl Proxy {
    /// To the server at that port; honest until told to storm.
    pub(crate) fn start(server: u16, seed: u64) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime.block_on(TcpListener::bind(("127.0.0.1", 0))).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared {
            server: AtomicU16::new(server),
            seed,
            is_calm: AtomicBool::new(true),
            fates: Mutex::default(),
            cut: watch::Sender::new(0),
            connections: AtomicU64::new(0),
            befallen: AtomicU64::new(0),
        });
        runtime.spawn(accept(listener, Arc::clone(&shared)));
        Self {
            port,
            shared,
            _runtime: runtime,
        }
    }

    /// Begins, or ceases, to do harm to new connections.
    pub(crate) fn storm(&self, does: bool) {
        self.shared.is_calm.store(!does, Ordering::Relaxed);
    }

    /// What befalls the next connection.
    pub(crate) fn next(&self, fate: Fate) {
        self.shared.fates.lock().unwrap().push_back(fate);
    }

    /// Where the server is from now on.
    pub(crate) fn aim(&self, server: u16) {
        self.shared.server.store(server, Ordering::Relaxed);
    }

    /// Cuts every connection there is.
    pub(crate) fn cut_all(&self) {
        self.shared.cut.send_modify(|count| *count += 1);
    }

    /// How many connections there were, and how many of them something befell.
    pub(crate) fn counts(&self) -> (u64, u64) {
        let Shared {
            connections,
            befallen,
            ..
        } = &*self.shared;
        (
            connections.load(Ordering::Relaxed),
            befallen.load(Ordering::Relaxed),
        )
    }
}

impl Shared {
    fn fate(&self, dice: &mut Dice) -> Fate {
        if let Some(fate) = self.fates.lock().unwrap().pop_front() {
            return fate;
        }
        if self.is_calm.load(Ordering::Relaxed) {
            return Fate::Honest;
        }
        let moment = |dice: &mut Dice, most| Duration::from_millis(dice.below(most));
        match dice.below(100) {
            0..25 => Fate::Honest,
            25..50 => Fate::CutDown(dice.below(60_000)),
            50..60 => Fate::CutUp(dice.below(800)),
            60..70 => Fate::SilentDown(dice.below(20_000)),
            70..75 => Fate::SilentUp(dice.below(800)),
            75..88 => Fate::Late(moment(dice, 150)),
            // Longer than a client waits: it has asked again by then, on another connection.
            _ => Fate::Held(moment(dice, 4_000)),
        }
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    while let Ok((client, _)) = listener.accept().await {
        let number = shared.connections.fetch_add(1, Ordering::Relaxed);
        let mut dice = Dice::new(shared.seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let fate = shared.fate(&mut dice);
        shared
            .befallen
            .fetch_add(u64::from(!matches!(fate, Fate::Honest)), Ordering::Relaxed);
        let mut cut = shared.cut.subscribe();
        let shared = Arc::clone(&shared);
        tokio::spawn(async move {
            tokio::select! {
                _ = carry(client, fate, &mut dice, &shared) => {}
                _ = cut.changed() => {}
            }
        });
    }
}

/// Carries both ways until both are done or one is cut.
async fn carry(client: TcpStream, fate: Fate, dice: &mut Dice, shared: &Shared) -> io::Result<()> {
    client.set_nodelay(true)?;
    if let Fate::Held(time) = fate {
        tokio::time::sleep(time).await;
    }
    let Ok(server) = TcpStream::connect(("127.0.0.1", shared.server.load(Ordering::Relaxed))).await else {
        tokio::time::sleep(NOBODY).await;
        return Ok(());
    };
    server.set_nodelay(true)?;
    if dice.one_in(2) {
        let at_once = Some(Duration::ZERO);
        SockRef::from(&client).set_linger(at_once)?;
        SockRef::from(&server).set_linger(at_once)?;
    }
    let (mut up, mut down) = (Flow::default(), Flow::default());
    match fate {
        Fate::Honest => {}
        Fate::Held(_) => up.outlives = true,
        Fate::CutDown(most) => down.most = Some((most, End::Cut)),
        Fate::CutUp(most) => up.most = Some((most, End::Cut)),
        Fate::SilentDown(most) => down.most = Some((most, End::Silent)),
        Fate::SilentUp(most) => up.most = Some((most, End::Silent)),
        Fate::Late(most) => {
            (up.late, down.late) = (most, most);
            (up.dice, down.dice) = (Dice::new(dice.roll()), Dice::new(dice.roll()));
        }
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    tokio::try_join!(
        pump(from_client, to_server, up),
        pump(from_server, to_client, down)
    )?;
    Ok(())
}

/// One direction.
struct Flow {
    late: Duration,
    dice: Dice,
    most: Option<(u64, End)>,
    /// What was asked is still answered when who asked has gone.
    outlives: bool,
}

/// What comes when the most has been carried.
#[derive(Clone, Copy)]
enum End {
    Cut,
    Silent,
}

impl Default for Flow {
    fn default() -> Self {
        Self {
            late: Duration::ZERO,
            dice: Dice::new(0),
            most: None,
            outlives: false,
        }
    }
}

/// Carries until there is no more; an error when it is cut.
async fn pump(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut flow: Flow) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        if matches!(flow.most, Some((0, End::Cut))) {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let count = from.read(&mut buffer).await?;
        if count == 0 && flow.outlives {
            tokio::time::sleep(OUTLIVES).await;
        }
        if count == 0 {
            return to.shutdown().await;
        }
        if !flow.late.is_zero() {
            let most = u64::try_from(flow.late.as_micros()).unwrap().max(1);
            tokio::time::sleep(Duration::from_micros(flow.dice.below(most))).await;
        }
        let whole = u64::try_from(count).unwrap();
        let may = flow.most.map_or(whole, |(most, _)| most.min(whole));
        to.write_all(&buffer[..usize::try_from(may).unwrap()]).await?;
        match &mut flow.most {
            None => {}
            Some((most, _)) if *most > may => *most -= may,
            Some((_, End::Cut)) => return Err(io::ErrorKind::ConnectionAborted.into()),
            Some((_, End::Silent)) => {
                // The other end goes on talking, to nobody.
                let drain = async {
                    while from.read(&mut buffer).await? > 0 {}
                    io::Result::Ok(())
                };
                let _ = tokio::time::timeout(LONGEST_SILENCE, drain).await;
                return Err(io::ErrorKind::TimedOut.into());
            }
        }
    }
}
