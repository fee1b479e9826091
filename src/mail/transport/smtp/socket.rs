//! The streams that lettre talks over: our own, for Nagle's algorithm to be off, for nothing to be smuggled in before
//! STARTTLS, and to know what was written when a conversation breaks off.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

/// A socket that shows whose turn it is.
#[derive(Debug)]
pub(super) struct Socket {
    tcp: TcpStream,
    turn: Turn,
}

/// Whose turn it is in a conversation; a clone shows the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Turn {
    is_theirs: Arc<AtomicBool>,
}

/// A socket that gives no more than one line at a time.
///
/// lettre keeps what it has read too much across STARTTLS, so that whoever sits between could put replies of his own
/// behind the server's last unencrypted one, and have them taken for encrypted ones. With this in between, they reach
/// the handshake instead, which fails.
#[derive(Debug)]
pub(super) struct LineByLine(pub(super) Socket);

/// A socket that was encrypted before the first word.
#[derive(Debug)]
pub(super) struct Encrypted(pub(super) TlsStream<Socket>);

impl Socket {
    /// Takes a connected socket.
    pub(super) fn new(tcp: TcpStream) -> Self {
        Self { tcp, turn: Turn::default() }
    }

    /// Returns what shows whose turn it is.
    pub(super) fn turn(&self) -> Turn {
        self.turn.clone()
    }
}

impl Turn {
    /// Tells whether the other side's answer is waited for, so that everything before it has been written. TLS too
    /// writes all that it was given before it reads.
    pub(super) fn is_theirs(&self) -> bool {
        self.is_theirs.load(Ordering::Relaxed)
    }

    fn give(&self, is_theirs: bool) {
        self.is_theirs.store(is_theirs, Ordering::Relaxed);
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.turn.give(true);
        Pin::new(&mut self.get_mut().tcp).poll_read(cx, out)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.turn.give(false);
        Pin::new(&mut self.get_mut().tcp).poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().tcp).poll_shutdown(cx)
    }
}

impl AsyncRead for LineByLine {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let socket = &mut self.get_mut().0;
        socket.turn.give(true);
        let mut bytes = [0; 1024];
        let room = bytes.len().min(out.remaining());
        let ahead = ready!(socket.tcp.poll_peek(cx, &mut ReadBuf::new(&mut bytes[..room])))?;
        let line = bytes[..ahead].iter().position(|byte| *byte == b'\n').map_or(ahead, |at| at + 1);
        let mut read = ReadBuf::new(&mut bytes[..line]);
        ready!(Pin::new(socket).poll_read(cx, &mut read))?;
        out.put_slice(read.filled());
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Encrypted {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().0).poll_read(cx, out)
    }
}

/// Passes writing on to the stream inside.
macro_rules! write_through {
    ($stream:ty) => {
        impl AsyncWrite for $stream {
            fn poll_write(
                self: Pin<&mut Self>,
                cx: &mut Context<'_>,
                bytes: &[u8],
            ) -> Poll<io::Result<usize>> {
                Pin::new(&mut self.get_mut().0).poll_write(cx, bytes)
            }

            fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
                Pin::new(&mut self.get_mut().0).poll_flush(cx)
            }

            fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
                Pin::new(&mut self.get_mut().0).poll_shutdown(cx)
            }
        }
    };
}

write_through!(LineByLine);
write_through!(Encrypted);

impl AsyncTokioStream for Socket {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.peer_addr()
    }
}

impl AsyncTokioStream for LineByLine {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.peer_addr()
    }
}

impl AsyncTokioStream for Encrypted {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.0.get_ref().0.peer_addr()
    }
}
