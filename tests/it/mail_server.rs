//! A mail server for tests that does what it is told, faults included, and remembers what it heard.
//! What it can be told is in `script`, how it talks in `conversation`.
//!
//! ```ignore
//! let server = MailServer::start(Script::new().once(Stage::Rcpt, Act::Say("450 later"))).await;
//! // … send to 127.0.0.1:server.port() …
//! assert_eq!(server.mails()[0].to, ["plan@example.org"]);
//! ```

mod conversation;
mod script;

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::certificate::Certificate;

pub(crate) use script::{Act, Script, Stage};

/// A server on a free port of 127.0.0.1; ends when it is dropped.
pub(crate) struct MailServer {
    port: u16,
    heard: Arc<Mutex<Heard>>,
    script: Arc<Script>,
    certificate: tempfile::TempDir,
    listening: JoinHandle<()>,
}

/// A mail that the server took.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    /// The number of the connection, from 0.
    pub(crate) connection: usize,
    /// The address in `MAIL FROM`.
    pub(crate) from: String,
    /// The addresses in `RCPT TO`.
    pub(crate) to: Vec<String>,
    /// The mail as it was before the client stuffed its dots, CRLF at the end of every line.
    pub(crate) raw: Vec<u8>,
    /// When the server began to say that it took it, if it did.
    pub(crate) answered_at: Option<SystemTime>,
}

/// One command.
#[derive(Debug, Clone)]
pub(crate) struct Command {
    /// The number of the connection, from 0.
    pub(crate) connection: usize,
    /// Whether it came over TLS.
    pub(crate) encrypted: bool,
    /// Whether the next one came in the same piece.
    pub(crate) followed: bool,
    /// The line, without its end.
    pub(crate) line: String,
}

/// All that the server remembers.
#[derive(Debug, Default)]
struct Heard {
    mails: Vec<Mail>,
    commands: Vec<Command>,
    connections: usize,
    open: usize,
    most_open: usize,
}

impl MailServer {
    /// Starts a server that follows `script`, on the runtime of the caller.
    pub(crate) async fn start(script: Script) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let certificate = tempfile::tempdir().unwrap();
        let own = Certificate::of(script.certificate_name());
        std::fs::write(certificate.path().join("ca.pem"), own.pem()).unwrap();
        let tls = TlsAcceptor::from(own.server());
        let heard = Arc::new(Mutex::new(Heard::default()));
        let script = Arc::new(script);
        let listening = listen(listener, Arc::clone(&script), tls, Arc::clone(&heard));
        Self { port, heard, script, certificate, listening: tokio::spawn(listening) }
    }

    /// Does nothing wrong by chance from now on.
    pub(crate) fn calm_down(&self) {
        self.script.calm_down();
    }

    /// Returns the port on 127.0.0.1.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Returns the file with the certificate that a client has to trust.
    pub(crate) fn ca_file(&self) -> PathBuf {
        self.certificate.path().join("ca.pem")
    }

    /// Returns the mails that were taken, in order.
    pub(crate) fn mails(&self) -> Vec<Mail> {
        self.heard.lock().unwrap().mails.clone()
    }

    /// Returns every command, in order.
    pub(crate) fn commands(&self) -> Vec<Command> {
        self.heard.lock().unwrap().commands.clone()
    }

    /// Returns how often `verb` was heard.
    pub(crate) fn count(&self, verb: &str) -> usize {
        self.commands().iter().filter(|command| command.line.starts_with(verb)).count()
    }

    /// Returns how many commands were heard so far.
    pub(crate) fn heard(&self) -> usize {
        self.heard.lock().unwrap().commands.len()
    }

    /// Returns how many connections were made.
    pub(crate) fn connections(&self) -> usize {
        self.heard.lock().unwrap().connections
    }

    /// Returns how many connections are open now.
    pub(crate) fn open(&self) -> usize {
        self.heard.lock().unwrap().open
    }

    /// Returns how many connections were open at the same time, at most.
    pub(crate) fn most_open(&self) -> usize {
        self.heard.lock().unwrap().most_open
    }

    /// Waits until `done` holds; fails after ten seconds.
    pub(crate) async fn until(&self, done: impl Fn(&Self) -> bool) {
        for _ in 0..1000 {
            if done(self) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("waited in vain; heard so far: {:#?}", self.commands());
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn listen(
    listener: TcpListener,
    script: Arc<Script>,
    tls: TlsAcceptor,
    heard: Arc<Mutex<Heard>>,
) {
    let mut conversations = tokio::task::JoinSet::new();
    loop {
        let (socket, _) = listener.accept().await.unwrap();
        socket.set_nodelay(true).unwrap();
        let connection = {
            let mut heard = heard.lock().unwrap();
            heard.open += 1;
            heard.most_open = heard.most_open.max(heard.open);
            heard.connections += 1;
            heard.connections - 1
        };
        let (script, tls, heard) = (Arc::clone(&script), tls.clone(), Arc::clone(&heard));
        conversations.spawn(async move {
            // However it ends, the client sees a closed connection.
            let _ = conversation::hold(socket, connection, &script, tls, &heard).await;
            heard.lock().unwrap().open -= 1;
        });
        while conversations.try_join_next().is_some() {}
    }
}

/// The machine's time, as the daemon's log has it too.
#[expect(clippy::disallowed_methods, reason = "the server is no part of the program")]
pub(crate) fn now() -> SystemTime {
    SystemTime::now()
}
