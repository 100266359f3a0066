//! The servers that are measured side by side: what each promises, and how it is started.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use crate::problem::Problem;

/// How long a server may take to listen.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Peer {
    Tandem,
    Nchan,
    Naive,
    BetterSse,
    YWebsocket,
    DurableStreams,
}

/// A server that listens. It ends with this.
pub(crate) struct Running {
    pub(crate) port: u16,
    pub(crate) process: u32,
    _child: Child,
}

impl Peer {
    pub(crate) const ALL: &[Self] = &[
        Self::Tandem,
        Self::Nchan,
        Self::Naive,
        Self::BetterSse,
        Self::YWebsocket,
        Self::DurableStreams,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Tandem => "tandem",
            Self::Nchan => "nchan",
            Self::Naive => "naive",
            Self::BetterSse => "better-sse",
            Self::YWebsocket => "y-websocket",
            Self::DurableStreams => "durable-streams",
        }
    }

    pub(crate) fn named(name: &str) -> Result<Self, String> {
        let names = || {
            Self::ALL
                .iter()
                .map(|peer| peer.name())
                .collect::<Vec<_>>()
                .join(", ")
        };
        Self::ALL
            .iter()
            .find(|peer| peer.name() == name)
            .copied()
            .ok_or_else(|| format!("{name}? There are {}.", names()))
    }

    /// What it has done with a change before it sends it.
    pub(crate) fn promise(self) -> &'static str {
        match self {
            Self::Tandem => {
                "judged by the rules, allowed to this person, synced to disk; readers by membership"
            }
            Self::Nchan => "nginx 1 worker; kept in memory, anyone reads",
            Self::Naive => "axum Sse over a tokio broadcast; kept nowhere, anyone reads",
            Self::BetterSse => "express 5, better-sse 0.16; kept nowhere, anyone reads",
            Self::YWebsocket => "y-websocket 2.1, WebSocket; merged into a document in memory, anyone reads",
            Self::DurableStreams => "durable-streams 0.1.5 as it comes (write-ahead log); anyone reads",
        }
    }

    /// Where its program is, or a sentence about how to get it.
    pub(crate) fn program(self) -> Result<PathBuf, String> {
        let (found, how) = match self {
            Self::Tandem => (
                first(&[
                    std::env::var_os("TANDEM_BIN").map(PathBuf::from),
                    Some(root("target/release/tandem")),
                ]),
                "`make build` makes it",
            ),
            Self::Naive => (std::env::current_exe().ok(), ""),
            Self::Nchan => (
                Path::new(NCHAN)
                    .exists()
                    .then(|| first(&["/usr/sbin/nginx", "/usr/bin/nginx"].map(|path| Some(path.into()))))
                    .flatten(),
                "`setup/peers` installs nginx with it (apt-get install nginx-light libnginx-mod-nchan)",
            ),
            Self::BetterSse => (
                first(&[Some(root("bench/peers/node_modules/better-sse"))])
                    .map(|_| root("bench/peers/better-sse.js")),
                "`setup/peers` installs it (npm ci --prefix bench/peers)",
            ),
            Self::YWebsocket => (
                first(&[Some(root("bench/peers/node_modules/y-websocket/bin/server.cjs"))]),
                "`setup/peers` installs it (npm ci --prefix bench/peers)",
            ),
            Self::DurableStreams => (
                first(&[cache().map(|cache| cache.join("tandem-peers/bin/durable-streams-server"))]),
                "`setup/peers` builds it (cargo install durable-streams)",
            ),
        };
        found.ok_or_else(|| format!("{} is not there and is left out: {how}.", self.name()))
    }

    /// Says how to get it, if it is not there.
    pub(crate) fn is_there(self) -> Result<(), String> {
        self.program().map(drop)
    }

    /// Starts it on a free port, its files in that folder. `database` is for Tandem.
    pub(crate) async fn start(self, folder: &Path, database: &Path) -> Result<Running, Problem> {
        self.start_program(&self.program()?, folder, database).await
    }

    /// The same with another build of its program.
    pub(crate) async fn start_program(
        self,
        program: &Path,
        folder: &Path,
        database: &Path,
    ) -> Result<Running, Problem> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = match self {
            Self::BetterSse | Self::YWebsocket => Command::new("node"),
            _ => Command::new(program),
        };
        match self {
            Self::Tandem => {
                for (name, _) in std::env::vars_os() {
                    if name.to_string_lossy().starts_with("TANDEM_") {
                        command.env_remove(name);
                    }
                }
                command.args(["--port", &port.to_string(), "--database"]);
                command.arg(format!("sqlite:{}", database.display()));
                // Whatever caps there are: here all readers come from one address.
                for cap in ["TANDEM_MAX_STREAMS", "TANDEM_MAX_STREAMS_PER_ADDRESS"] {
                    command.env(cap, "100000");
                }
            }
            Self::Naive => drop(command.args(["naive", &port.to_string()])),
            Self::Nchan => {
                let path = folder.join("nginx.conf");
                std::fs::write(&path, nginx(folder, port))?;
                command
                    .arg("-c")
                    .arg(path)
                    .arg("-e")
                    .arg(folder.join("error.log"));
            }
            Self::BetterSse => drop(command.arg(program).env("PORT", port.to_string())),
            Self::YWebsocket => drop(
                command
                    .arg(program)
                    .env("PORT", port.to_string())
                    .env("HOST", "127.0.0.1"),
            ),
            Self::DurableStreams => {
                let data = folder.join("durable-streams");
                command
                    .args(["--port", &port.to_string(), "--data-dir"])
                    .arg(data);
            }
        }
        let log = std::fs::File::create(folder.join(format!("{}.log", self.name())))?;
        let child = command
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .kill_on_drop(true)
            .spawn()?;
        let listening = async {
            while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, listening)
            .await
            .map_err(|_| format!("{} does not start", self.name()))?;
        Ok(Running {
            port,
            process: child.id().ok_or("it ended at once")?,
            _child: child,
        })
    }
}

const NCHAN: &str = "/usr/lib/nginx/modules/ngx_nchan_module.so";

/// One worker without a master, so that killing it kills all.
fn nginx(folder: &Path, port: u16) -> String {
    let folder = folder.display();
    format!(
        "load_module {NCHAN};
daemon off; master_process off; user root; pid {folder}/nginx.pid; error_log {folder}/error.log;
worker_rlimit_nofile 20000;
events {{ worker_connections 19000; }}
http {{
  access_log off; nchan_message_timeout 10s; nchan_message_buffer_length 100;
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  keepalive_requests 1000000; tcp_nodelay on;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location ~ ^/sub/(.+)$ {{ nchan_subscriber eventsource; nchan_channel_id $1; nchan_subscriber_first_message newest; }}
    location ~ ^/pub/(.+)$ {{ nchan_publisher; nchan_channel_id $1; }}
  }}
}}
"
    )
}

fn first(paths: &[Option<PathBuf>]) -> Option<PathBuf> {
    paths.iter().flatten().find(|path| path.exists()).cloned()
}

/// A path in the project: the bench is run from where it was built.
pub(crate) fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn cache() -> Option<PathBuf> {
    let home = || std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache"));
    std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .or_else(home)
}
