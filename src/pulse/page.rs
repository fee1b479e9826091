//! The page for monitors: `/healthz`, `/readyz` and `/metrics`, on an address of this machine.
//! It only reads: nothing that is asked for here changes anything. The numbers are in `metrics`.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use tokio::net::TcpListener;
use tokio::sync::watch;

use super::{ALIVE, Pulse, metrics};
use crate::clock::Clock;
use crate::store::{Outbox, Store};

/// The ledger has this long to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// An address that nobody else listens on.
#[derive(Debug)]
pub struct Page {
    listener: TcpListener,
}

/// Why the daemon cannot be asked at an address.
#[derive(Debug, thiserror::Error)]
pub enum PageError {
    /// Another program has the port.
    #[error("another program already listens on {0}")]
    Taken(SocketAddr),
    /// The system refuses.
    #[error("{address} cannot be listened on")]
    Refused {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: io::Error,
    },
}

/// What an answer is made of.
#[derive(Debug, Clone)]
struct Known {
    pulse: watch::Receiver<Pulse>,
    store: Store,
    clock: Clock,
}

impl Page {
    /// Takes an address.
    ///
    /// # Errors
    /// If another program has it, or the system refuses it.
    pub async fn open(address: SocketAddr) -> Result<Self, PageError> {
        let listener = TcpListener::bind(address).await.map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => PageError::Taken(address),
            _ => PageError::Refused { address, source },
        })?;
        Ok(Self { listener })
    }

    /// Answers as long as the program runs.
    pub async fn answer(self, pulse: watch::Receiver<Pulse>, store: Store, clock: Clock) {
        if let Ok(address) = self.listener.local_addr() {
            tracing::info!(%address, "can be asked for /healthz, /readyz and /metrics");
        }
        let router = Router::new()
            .route("/", get(async || "frist: /healthz /readyz /metrics\n"))
            .route("/healthz", get(health))
            .route("/readyz", get(readiness))
            .route("/metrics", get(numbers))
            .with_state(Known { pulse, store, clock });
        if let Err(error) = axum::serve(self.listener, router).await {
            tracing::warn!(%error, "can no longer be asked how it does");
        }
    }
}

impl Known {
    /// Asks the ledger what lies in the outbox; if it does not answer in time, why.
    async fn outbox(&self) -> Result<Outbox, String> {
        match tokio::time::timeout(PATIENCE, self.store.outbox()).await {
            Ok(Ok(outbox)) => Ok(outbox),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => {
                Err(format!("the ledger does not answer within {} seconds", PATIENCE.as_secs()))
            }
        }
    }
}

/// Whether the process lives and its loop turns.
async fn health(State(known): State<Known>) -> (StatusCode, String) {
    let pulse = known.pulse.borrow();
    let silent = pulse.silent_for();
    let seconds = silent.as_secs();
    let (status, text) = if silent >= ALIVE {
        (StatusCode::SERVICE_UNAVAILABLE, format!("no good tick for {seconds} s"))
    } else if pulse.alive.is_some() {
        (StatusCode::OK, format!("last good tick {seconds} s ago"))
    } else {
        (StatusCode::OK, format!("began {seconds} s ago, no tick is done yet"))
    };
    let why = pulse.stands_by.as_ref().or(pulse.trouble.as_ref());
    let why = why.map(|why| format!(": {why}")).unwrap_or_default();
    (status, format!("{text}{why}\n"))
}

/// Whether the ledger can be reached, and plans are in force.
async fn readiness(State(known): State<Known>) -> (StatusCode, String) {
    if let Err(trouble) = known.outbox().await {
        return (StatusCode::SERVICE_UNAVAILABLE, format!("{trouble}\n"));
    }
    let pulse = known.pulse.borrow();
    match pulse.plans.len() {
        0 => (StatusCode::SERVICE_UNAVAILABLE, "no plan is in force yet\n".to_owned()),
        n if pulse.refused => {
            let text = format!(
                "plans in force: {n}; edited files were refused, see `frist check` and `frist test`\n"
            );
            (StatusCode::OK, text)
        }
        n => (StatusCode::OK, format!("plans in force: {n}\n")),
    }
}

async fn numbers(State(known): State<Known>) -> impl IntoResponse {
    let outbox = known.outbox().await.ok();
    let oldest = outbox.as_ref().and_then(|outbox| outbox.oldest);
    let age = oldest.map_or(0, |oldest| (known.clock.now() - oldest).num_seconds().max(0));
    let age = f64::from(i32::try_from(age).unwrap_or(i32::MAX));
    let text = metrics::text(&known.pulse.borrow(), outbox.as_ref(), age);
    ([(header::CONTENT_TYPE, metrics::CONTENT_TYPE)], text)
}
