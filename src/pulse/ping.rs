//! The dead-man's ping: after good ticks an address is asked for and a file touched, and whoever watches these notices
//! when they stay away. It runs beside the daemon and holds up nothing.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::sync::{oneshot, watch};
use tokio::time::Instant;
use ureq::Agent;
use ureq::tls::{Certificate, RootCerts, TlsConfig, TlsProvider};

use super::Pulse;
use crate::clock::Clock;

/// Not more often than this.
const EVERY: Duration = Duration::from_secs(60);

/// An answer that takes longer is none.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Who is told that the daemon lives.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PingOptions {
    /// An address that is asked for after good ticks.
    pub url: Option<String>,
    /// An address that is asked for after bad ones.
    pub fail_url: Option<String>,
    /// A file that is written after good ones; it holds the time of the ping.
    pub file: Option<PathBuf>,
}

/// Tells them.
#[derive(Debug)]
pub struct Ping {
    way: Arc<Way>,
    /// Whether the last attempt failed, at the address and at the file: told once, not every minute.
    failing: [bool; 2],
}

/// The way to them.
#[derive(Debug)]
struct Way {
    agent: Agent,
    options: PingOptions,
}

/// What came of a ping at the address and at the file: what went wrong in words, or `None` where nobody is to be told.
type Done = [Option<Result<(), String>>; 2];

impl Ping {
    /// Makes a ping; `None` if there is nobody to tell.
    pub fn new(options: PingOptions) -> Option<Self> {
        if options == PingOptions::default() {
            return None;
        }
        Some(Self { way: Arc::new(Way { agent: agent(), options }), failing: [false; 2] })
    }

    /// Tells about the newest tick, as long as the daemon lives.
    pub async fn follow(mut self, mut pulse: watch::Receiver<Pulse>) {
        let mut told = (0, 0);
        while pulse.changed().await.is_ok() {
            let (now, is_good) = {
                let pulse = pulse.borrow_and_update();
                ((pulse.signs, pulse.bad), pulse.trouble.is_none())
            };
            if now == told {
                continue;
            }
            told = now;
            let began = Instant::now();
            self.tell(is_good).await;
            tokio::time::sleep_until(began + EVERY).await;
        }
    }

    /// Tells that the last tick was good, or that it was not.
    ///
    /// On a thread of its own, which is not waited for when the daemon ends.
    pub async fn tell(&mut self, is_good: bool) {
        let (done, wait) = oneshot::channel();
        let way = self.way.clone();
        let started = thread::Builder::new().name("ping".to_owned()).spawn(move || {
            // Nobody waits any more if this fails.
            let _ = done.send(way.tell(is_good));
        });
        if let Err(error) = started {
            tracing::warn!(%error, "nobody can be told that the daemon lives");
            return;
        }
        let Ok(done) = wait.await else { return };
        for ((failing, done), what) in self.failing.iter_mut().zip(done).zip(["address", "file"]) {
            match done {
                Some(Err(error)) if !*failing => {
                    *failing = true;
                    tracing::warn!(
                        error,
                        "the ping's {what} fails; it is tried again every minute"
                    );
                }
                Some(Ok(())) if *failing => {
                    *failing = false;
                    tracing::info!("the ping's {what} works again");
                }
                _ => {}
            }
        }
    }
}

impl Way {
    fn tell(&self, is_good: bool) -> Done {
        let PingOptions { url, fail_url, file } = &self.options;
        let url = if is_good { url } else { fail_url };
        let asked = url.as_ref().map(|url| match self.agent.get(url).call() {
            Ok(_) => Ok(()),
            // The address is nobody's business: who knows it can keep the watcher quiet.
            Err(error) => Err(error.to_string().replace(url.as_str(), "the address")),
        });
        let touched = file.as_ref().filter(|_| is_good).map(|file| {
            fs::write(file, format!("{}\n", Clock::System.now().to_rfc3339()))
                .map_err(|error| format!("{}: {error}", file.display()))
        });
        [asked, touched]
    }
}

/// Trusts whom the system trusts.
fn agent() -> Agent {
    let trusted = rustls_native_certs::load_native_certs().certs;
    let trusted: Vec<Certificate<'static>> =
        trusted.iter().map(|der| Certificate::from_der(der).to_owned()).collect();
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .root_certs(RootCerts::new_with_certs(&trusted))
        .build();
    Agent::config_builder()
        .timeout_global(Some(TIMEOUT))
        .user_agent(concat!("frist/", env!("CARGO_PKG_VERSION")))
        .tls_config(tls)
        .build()
        .new_agent()
}
