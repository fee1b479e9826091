//! A relay in front of a server: it counts how often the server is asked, and can fall silent, as a line does that was cut
//! somewhere on its way.

use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Relays from a port of its own, as long as the runtime on which it was started.
pub(crate) struct Relay {
    port: u16,
    journeys: Arc<AtomicUsize>,
    /// How often the lines were cut.
    cuts: watch::Sender<u32>,
}

impl Relay {
    /// Starts one in front of a port of this machine.
    pub(crate) async fn to(server: u16) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let relay = Self { port, journeys: Arc::default(), cuts: watch::Sender::new(0) };
        let (journeys, cuts) = (relay.journeys.clone(), relay.cuts.clone());
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(line(client, server, journeys.clone(), cuts.subscribe()));
            }
        });
        relay
    }

    /// Returns its port.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Returns how often the server was asked so far: whatever is said before it answers is one journey.
    pub(crate) fn journeys(&self) -> usize {
        self.journeys.load(Ordering::SeqCst)
    }

    /// Cuts all lines that there are: nothing gets through any more, and neither side is told. New ones are whole.
    pub(crate) fn cut(&self) {
        self.cuts.send_modify(|cuts| *cuts += 1);
    }
}

/// Relays one line until it is closed; one that was cut is held for ever.
async fn line(
    client: TcpStream,
    server: u16,
    journeys: Arc<AtomicUsize>,
    mut cuts: watch::Receiver<u32>,
) {
    let server = TcpStream::connect(("127.0.0.1", server)).await.unwrap();
    for end in [&client, &server] {
        end.set_nodelay(true).unwrap();
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let has_answered = AtomicBool::new(true);
    let asked = || {
        if has_answered.swap(false, Ordering::SeqCst) {
            journeys.fetch_add(1, Ordering::SeqCst);
        }
    };
    let answered = || has_answered.store(true, Ordering::SeqCst);
    let whole = async {
        tokio::select! {
            () = pass(from_client, to_server, asked) => {}
            () = pass(from_server, to_client, answered) => {}
        }
    };
    tokio::pin!(whole);
    tokio::select! {
        biased;
        // Its ends stay open.
        _ = cuts.changed() => pending().await,
        () = &mut whole => {}
    }
}

/// Passes bytes on until one of the ends closes, and tells of each portion before it goes on.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, heard: impl Fn()) {
    let mut bytes = [0; 16 << 10];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        heard();
        if to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}
