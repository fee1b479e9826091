//! The server's side of a conversation: strict about line ends, so that a mail ends where it should.

use std::io;
use std::sync::Mutex;
use std::time::SystemTime;

use mail_parser::decoders::base64::base64_decode;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::script::{Act, Script, Stage};
use super::{Command, Heard, Mail, now};

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

struct Conversation<'a> {
    stream: Box<dyn Stream>,
    /// What was read and not understood yet.
    ahead: Vec<u8>,
    encrypted: bool,
    connection: usize,
    script: &'a Script,
    heard: &'a Mutex<Heard>,
    /// When it began to say what it said last.
    said_at: SystemTime,
}

/// Talks until the client leaves or the script says so.
pub(super) async fn hold(
    socket: TcpStream,
    connection: usize,
    script: &Script,
    tls: TlsAcceptor,
    heard: &Mutex<Heard>,
) -> io::Result<()> {
    let encrypted = script.implicit_tls;
    let stream: Box<dyn Stream> =
        if encrypted { Box::new(tls.accept(socket).await?) } else { Box::new(socket) };
    let (ahead, said_at) = (Vec::new(), now());
    let mut talk = Conversation { stream, ahead, encrypted, connection, script, heard, said_at };
    let mut logged_in = script.login.is_none();
    let mut mail: Option<Mail> = None;
    talk.answer(Stage::Greeting, "220 mail.example.org ready").await?;
    loop {
        let line = talk.command().await?;
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        match verb.as_str() {
            "EHLO" | "HELO" => {
                let capabilities = talk.capabilities();
                talk.answer(Stage::Ehlo, &capabilities).await?;
            }
            "STARTTLS" => {
                if talk.answer(Stage::Starttls, "220 go ahead").await? {
                    // What came before the handshake is forgotten, as RFC 3207 asks for.
                    talk.ahead.clear();
                    talk.stream = Box::new(tls.accept(talk.stream).await?);
                    talk.encrypted = true;
                }
            }
            "AUTH" => {
                let given = talk.login(&line).await?;
                let right = script.login.is_some_and(|(user, password)| {
                    given == (user.to_owned(), password.to_owned())
                });
                let usual = if right { "235 welcome" } else { "535 5.7.8 wrong password" };
                logged_in = talk.answer(Stage::Auth, usual).await? && right;
            }
            "MAIL" if !logged_in => talk.say("530 5.7.0 log in first").await?,
            "MAIL" if mail.is_some() => talk.say("503 one mail at a time").await?,
            "MAIL" => {
                if talk.answer(Stage::Mail, "250 ok").await? {
                    let from = address(&line);
                    let (to, raw) = (Vec::new(), Vec::new());
                    mail = Some(Mail { connection, from, to, raw, answered_at: None });
                }
            }
            "RCPT" => match &mut mail {
                None => talk.say("503 who writes?").await?,
                Some(mail) => {
                    if talk.answer(Stage::Rcpt, "250 ok").await? {
                        mail.to.push(address(&line));
                    }
                }
            },
            "DATA" => match mail.take() {
                Some(mut taken) if !taken.to.is_empty() => {
                    if talk.answer(Stage::Data, "354 go on").await? {
                        taken.raw = talk.content().await?;
                        talk.take(taken).await?;
                    }
                }
                _ => drop(talk.answer(Stage::Data, "503 to whom?").await?),
            },
            "RSET" => {
                mail = None;
                talk.answer(Stage::Rset, "250 ok").await?;
            }
            "QUIT" => {
                talk.answer(Stage::Quit, "221 bye").await?;
                return Ok(());
            }
            _ => talk.say("500 what?").await?,
        }
    }
}

impl Conversation<'_> {
    /// Takes a mail, or does what the script says.
    async fn take(&mut self, mail: Mail) -> io::Result<()> {
        if !self.script.pace.is_zero() {
            tokio::time::sleep(self.script.pace).await;
        }
        let act = self.script.act(self.connection, Stage::Dot);
        if matches!(act, Some(Act::Say(_) | Act::SayAndDrop(_) | Act::Drop)) {
            self.act(act, "").await?;
            return Ok(());
        }
        let place = {
            let mut heard = self.heard.lock().unwrap();
            heard.mails.push(mail);
            heard.mails.len() - 1
        };
        // What is said to a client that died meanwhile is no answer, though the system takes it.
        self.still_there().await?;
        let answered = self.act(act, "250 2.0.0 taken").await;
        if answered.is_ok() || matches!(act, Some(Act::DropAfter)) {
            self.heard.lock().unwrap().mails[place].answered_at = Some(self.said_at);
        }
        answered.map(|_| ())
    }

    /// Says what is usual at this stage, or does what the script says; tells whether it was the usual.
    async fn answer(&mut self, stage: Stage, usual: &str) -> io::Result<bool> {
        let act = self.script.act(self.connection, stage);
        self.act(act, usual).await
    }

    async fn act(&mut self, act: Option<Act>, usual: &str) -> io::Result<bool> {
        match act {
            None => self.say(usual).await?,
            Some(Act::Say(reply)) => {
                self.say(reply).await?;
                return Ok(false);
            }
            Some(Act::SayAndDrop(reply)) => {
                self.say(reply).await?;
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            Some(Act::Drop | Act::TakeAndDrop) => {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            Some(Act::DropAfter) => {
                self.say(usual).await?;
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            Some(Act::Hang) => {
                self.say(usual).await?;
                std::future::pending::<()>().await;
            }
            Some(Act::Late(wait)) => {
                tokio::time::sleep(wait).await;
                self.still_there().await?;
                self.say(usual).await?;
            }
            Some(Act::Add(more)) => self.say(&format!("{usual}\r\n{more}")).await?,
        }
        Ok(true)
    }

    async fn say(&mut self, reply: &str) -> io::Result<()> {
        self.said_at = now();
        self.stream.write_all(format!("{reply}\r\n").as_bytes()).await?;
        self.stream.flush().await
    }

    /// Fails if the client has gone meanwhile.
    async fn still_there(&mut self) -> io::Result<()> {
        let now = std::time::Duration::ZERO;
        match tokio::time::timeout(now, self.stream.read_buf(&mut self.ahead)).await {
            Ok(Ok(0)) => Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(Err(error)) => Err(error),
            Ok(Ok(_)) | Err(_) => Ok(()),
        }
    }

    fn capabilities(&self) -> String {
        let mut lines = vec!["mail.example.org".to_owned(), "8BITMIME".to_owned()];
        if self.script.starttls && !self.encrypted {
            lines.push("STARTTLS".to_owned());
        }
        if self.script.login.is_some() {
            lines.push(format!("AUTH {}", self.script.mechanisms));
        }
        lines.extend(self.script.extensions.iter().copied().map(str::to_owned));
        let last = lines.len() - 1;
        let numbered = lines.iter().enumerate().map(|(at, line)| {
            let more = if at == last { ' ' } else { '-' };
            format!("250{more}{line}")
        });
        numbered.collect::<Vec<_>>().join("\r\n")
    }

    /// Reads the name and the password of `AUTH PLAIN` or `AUTH LOGIN`.
    async fn login(&mut self, line: &str) -> io::Result<(String, String)> {
        let decode = |text: &str| {
            String::from_utf8(base64_decode(text.as_bytes()).unwrap_or_default())
                .unwrap_or_default()
        };
        if let Some(secret) = line.strip_prefix("AUTH PLAIN ") {
            let secret = decode(secret);
            let mut parts = secret.split('\0').skip(1).map(str::to_owned);
            return Ok((parts.next().unwrap_or_default(), parts.next().unwrap_or_default()));
        }
        self.say("334 VXNlcm5hbWU6").await?;
        let username = decode(&self.command().await?);
        self.say("334 UGFzc3dvcmQ6").await?;
        Ok((username, decode(&self.command().await?)))
    }

    /// Reads a command and remembers it.
    async fn command(&mut self) -> io::Result<String> {
        let line = String::from_utf8_lossy(&self.until(b"\r\n").await?).into_owned();
        let (connection, encrypted) = (self.connection, self.encrypted);
        let followed = !self.ahead.is_empty();
        let command = Command { connection, encrypted, followed, line: line.clone() };
        self.heard.lock().unwrap().commands.push(command);
        Ok(line)
    }

    /// Reads a mail up to its final dot, and takes the stuffed dots out.
    async fn content(&mut self) -> io::Result<Vec<u8>> {
        let mut mail = Vec::new();
        loop {
            let line = self.until(b"\r\n").await?;
            match line.as_slice() {
                b"." => return Ok(mail),
                [b'.', rest @ ..] => mail.extend(rest),
                line => mail.extend(line),
            }
            mail.extend(b"\r\n");
        }
    }

    /// Reads up to `end`, which is taken and not returned.
    async fn until(&mut self, end: &[u8]) -> io::Result<Vec<u8>> {
        loop {
            if let Some(at) = self.ahead.windows(end.len()).position(|window| window == end) {
                let rest = self.ahead.split_off(at + end.len());
                let mut line = std::mem::replace(&mut self.ahead, rest);
                line.truncate(at);
                return Ok(line);
            }
            if self.stream.read_buf(&mut self.ahead).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// Returns what stands in the angle brackets.
fn address(line: &str) -> String {
    let (_, rest) = line.split_once('<').unwrap_or_default();
    rest.rsplit_once('>').unwrap_or_default().0.to_owned()
}
