//! The binary `tandem`: HTTP, cookies, the stream endpoint, the command line.

mod admin;
mod auth;
mod cli;
mod http;
mod lists;
mod live;
mod me;
mod router;
#[cfg(test)]
#[path = "../../domain/tests/support/soup.rs"]
mod soup;
mod state;

use std::process::ExitCode;
use std::time::Duration;

use backend::{Backend, Config};
use clap::Parser;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::admin::log_buffer::LogBuffer;
use crate::cli::options::{Cli, Serve, Task};

fn main() -> ExitCode {
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_target(false);
    let log_buffer = LogBuffer::new();
    let log = tracing_subscriber::registry().with(filter).with(lines);
    log.with(log_buffer.clone()).init();
    let task = Cli::parse().task();
    let outcome = tokio::runtime::Runtime::new()
        .map_err(|error| format!("The operating system could not start a thread: {error}."))
        .and_then(|runtime| match task {
            Task::Serve(serve) => runtime.block_on(run(serve, log_buffer)),
            Task::User(user) => runtime.block_on(crate::cli::user::run(user)),
            Task::Healthcheck(asked) => crate::cli::healthcheck::run(&asked),
            Task::OperatorCode { database } => runtime.block_on(crate::admin::operator::print_code(database)),
        });
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}

/// Serves until told to stop, or until the backend can write no more. An error is a sentence.
async fn run(serve: Serve, log_buffer: LogBuffer) -> Result<(), String> {
    // Pages are drawn on this runtime; a second call would say so, and there is none.
    let _ = any_spawner::Executor::init_tokio();
    let heartbeat = Duration::from_secs(u64::from(serve.heartbeat));
    let config = Config {
        new_epoch: serve.restored,
        heartbeat,
        max_pages: serve.max_pages,
        fixed: serve.fixed(),
        quotas: serve.quotas(),
        ..Config::new(serve.database.clone())
    };
    let backend = Backend::open(config).await.map_err(|error| error.to_string())?;
    let address = serve.address();
    let listener = TcpListener::bind(address).await.map_err(|error| {
        format!("Tandem cannot listen at {address}: {error}. If the address is in use, try another --port.")
    })?;
    let connections = serve.connections_of_an_address();
    let bound = listener.local_addr().map_err(|error| error.to_string())?;
    let state = state::AppState {
        backend: backend.clone(),
        assets: crate::http::assets::Assets::new(),
        throttle: crate::auth::throttle::Throttle::default(),
        sampler: crate::admin::sampler::Sampler::start(backend.clone()),
        log_buffer,
        metrics_token: crate::admin::metrics_token::MetricsToken(
            serve.metrics_token.as_deref().map(Into::into),
        ),
        stream_limits: crate::live::stream_limits::StreamLimits::new(serve.most()),
        proxies: serve.proxies(),
        origins: serve.origins(),
        picture_resizer: crate::me::picture_resizer::PictureResizer::default(),
        oidc: crate::auth::oidc::Oidc::start(&serve.oidc)?,
    };
    let origin = state.proxies.origin().cloned();
    let connections =
        crate::http::connection_limits::ConnectionLimits::new(connections, state.proxies.clone());
    let code = crate::admin::operator::offer(&backend).await;
    let (stop, stopping) = watch::channel(false);
    let serving = tokio::spawn(crate::http::listener::serve(
        listener,
        router::router(state),
        connections,
        heartbeat,
        stopping,
    ));
    // Whoever reads that it serves may tell it to stop.
    let told_to_stop = told_to_stop();
    crate::cli::announce::announce(bound, serve.lan, origin.as_ref(), code.as_ref());

    let failed = tokio::select! {
        () = told_to_stop => None,
        why = backend.stopped() => Some(why),
    };
    tracing::info!(streams = backend.live().streams(), "stopping");
    backend.live().drain();
    let _ = stop.send(true);
    if let Err(error) = serving.await {
        tracing::error!(%error, "serving ended early");
    }
    backend.close().await;
    failed.map_or(Ok(()), Err)
}

/// SIGTERM or Ctrl-C, from this call on: before it they end the process on the spot.
fn told_to_stop() -> impl Future<Output = ()> {
    let signals = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    async move {
        let (Ok(mut terminate), Ok(mut interrupt)) = signals else {
            tracing::error!("signals cannot be received; kill the process to stop the server");
            return std::future::pending().await;
        };
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    }
}
