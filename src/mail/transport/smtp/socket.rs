//! The streams that lettre talks over: our own, for Nagle's algorithm to be off and for nothing to be smuggled in
//! before STARTTLS.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::client::TlsStream;

/// A socket that gives no more than one line at a time.
///
/// lettre keeps what it has read too much across STARTTLS, so that whoever sits between could put replies of his own
/// behind the server's last unencrypted one, and have them taken for encrypted ones. With this in between, they reach
/// the handshake instead, which fails.
#[derive(Debug)]
pub(super) struct LineByLine(pub(super) TcpStream);

/// A socket that was encrypted before the first word.
#[derive(Debug)]
pub(super) struct Encrypted(pub(super) TlsStream<TcpStream>);

impl AsyncRead for LineByLine {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        out: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let socket = &mut self.get_mut().0;
        let mut bytes = [0; 1024];
        let room = bytes.len().min(out.remaining());
        let ahead = ready!(socket.poll_peek(cx, &mut ReadBuf::new(&mut bytes[..room])))?;
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
