//! One connection to a mail server: connecting, encrypting, logging in, and handing over one mail after the other.
//! Which connection a message takes is decided in `smtp`, what a trouble means in `trouble`.

use std::net::IpAddr;
use std::time::Duration;

use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::commands::{Data, Ehlo, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::response::{Response, Severity};
use tokio::net::{TcpStream, lookup_host};
use tokio::time::error::Elapsed;
use tokio::time::{Instant, timeout};

use super::options::{SmtpOptions, Timeouts, Tls};
use super::security::{Security, is_local};
use super::socket::{Encrypted, LineByLine, Socket, Turn};
use super::trouble::{Stage, Trouble, tidy};

/// How long the server is given to say goodbye; it does not matter what it says.
const FAREWELL: Duration = Duration::from_secs(2);

/// A connection that is ready for mails.
pub(super) struct Connection {
    smtp: AsyncSmtpConnection,
    timeouts: Timeouts,
    turn: Turn,
    /// Whether the server takes several commands at once (RFC 2920).
    pipelining: bool,
    /// Whether the server waits for a mail that does not come.
    stuck: bool,
    kept_since: Instant,
}

impl Connection {
    /// Connects, encrypts and logs in.
    pub(super) async fn open(options: &SmtpOptions, security: &Security) -> Result<Self, Trouble> {
        let timeouts = options.timeouts;
        let socket = timeout(timeouts.connect, connect(options)).await.unwrap_or_else(|_| {
            let (host, port) = (options.host.clone(), options.port);
            Err(Trouble::ConnectTimeout { host, port, after: timeouts.connect })
        })?;
        // RFC 5321, 4.1.4: a client that may have no name of its own gives its address.
        let local = socket.local_addr().map(|local| local.ip().to_canonical());
        let name = match local {
            Ok(IpAddr::V4(ip)) => ClientId::Ipv4(ip),
            Ok(IpAddr::V6(ip)) => ClientId::Ipv6(ip),
            Err(_) => ClientId::default(),
        };
        let socket = Socket::new(socket);
        let turn = socket.turn();
        let stream: Box<dyn AsyncTokioStream> = match security {
            Security::Plain => Box::new(socket),
            Security::Starttls(_) => Box::new(LineByLine(socket)),
            Security::Implicit(tls, server) => {
                let handshake =
                    timeout(timeouts.command, tls.connect(server.clone(), socket)).await;
                let late = Trouble::Timeout { stage: Stage::Handshake, after: timeouts.command };
                Box::new(Encrypted(
                    handshake.map_err(|_| late)?.map_err(|error| Trouble::no_tls(&error))?,
                ))
            }
        };
        let greeted = AsyncSmtpConnection::connect_with_transport(stream, &name);
        let mut smtp = within(Stage::Greeting, timeouts.command, greeted).await?;
        if let Security::Starttls(tls) = security {
            if !smtp.can_starttls() {
                return Err(Trouble::NoStarttls);
            }
            let encrypted = smtp.starttls(tls.clone(), &name);
            within(Stage::Starttls, timeouts.command, encrypted).await?;
        }
        let pipelining = takes_several(&mut smtp, &name, timeouts.command).await?;
        let kept_since = Instant::now();
        let mut connection = Self { smtp, timeouts, turn, pipelining, stuck: false, kept_since };
        connection.log_in(options).await?;
        Ok(connection)
    }

    async fn log_in(&mut self, options: &SmtpOptions) -> Result<(), Trouble> {
        let Some(username) = &options.username else { return Ok(()) };
        let password = options.password.as_ref().map(|password| password.reveal().to_owned());
        let credentials = Credentials::new(username.clone(), password.unwrap_or_default());
        if self.smtp.server_info().get_auth_mechanism(DEFAULT_MECHANISMS).is_none() {
            return Err(Trouble::NoLogin);
        }
        let login = self.smtp.auth(DEFAULT_MECHANISMS, &credentials);
        within(Stage::Auth, self.timeouts.command, login).await?;
        Ok(())
    }

    /// Hands over one mail and returns what the server said when it took it.
    pub(super) async fn send(
        &mut self,
        from: &Address,
        to: &Address,
        mail: &[u8],
    ) -> Result<String, Trouble> {
        let mut parameters = Vec::new();
        if [from, to].into_iter().any(|address| !AsRef::<str>::as_ref(address).is_ascii()) {
            if !self.smtp.server_info().supports_feature(Extension::SmtpUtfEight) {
                return Err(Trouble::NoSmtpUtf8);
            }
            // Such an address stands in the head of the mail too, so the mail is not ASCII either.
            parameters = vec![
                MailParameter::SmtpUtfEight,
                MailParameter::Body(MailBodyParameter::EightBitMime),
            ];
        }
        let commands =
            (Mail::new(Some(from.clone()), parameters), Rcpt::new(to.clone(), Vec::new()));
        if self.pipelining {
            self.announce_at_once(&commands.0, &commands.1).await?;
        } else {
            self.announce(commands.0, commands.1).await?;
        }
        let smtp = &mut self.smtp;
        // lettre ends the last line itself.
        let content = smtp.message(mail.strip_suffix(b"\r\n").unwrap_or(mail));
        let after = self.timeouts.content;
        let reply = timeout(after, content).await;
        // Once the answer is waited for, the mail and its final dot are written, and nobody can take them back.
        let stage = if self.turn.is_theirs() { Stage::Dot } else { Stage::Content };
        let reply = in_time(stage, after, reply)?;
        expect(stage, Severity::PositiveCompletion, &reply)
    }

    /// Says from whom and to whom a mail is that comes next, one after the other.
    async fn announce(&mut self, from: Mail, to: Rcpt) -> Result<(), Trouble> {
        let (after, smtp) = (self.timeouts.command, &mut self.smtp);
        let reply = within(Stage::Mail, after, smtp.command(from)).await?;
        expect(Stage::Mail, Severity::PositiveCompletion, &reply)?;
        let reply = within(Stage::Recipient, after, smtp.command(to)).await?;
        expect(Stage::Recipient, Severity::PositiveCompletion, &reply)?;
        let reply = within(Stage::Data, after, smtp.command(Data)).await?;
        expect(Stage::Data, Severity::PositiveIntermediate, &reply).map(drop)
    }

    /// Says from whom and to whom a mail is that comes next, all in one: one journey to the server instead of three. The
    /// first bad answer counts, but all have to be read.
    async fn announce_at_once(&mut self, from: &Mail, to: &Rcpt) -> Result<(), Trouble> {
        let (after, smtp) = (self.timeouts.command, &mut self.smtp);
        let commands = format!("{from}{to}{Data}");
        let from = within(Stage::Mail, after, smtp.command(commands)).await;
        if from.as_ref().is_err_and(|trouble| !trouble.leaves_line_usable()) {
            return from.map(drop);
        }
        let to = within(Stage::Recipient, after, smtp.read_response()).await;
        if to.as_ref().is_err_and(|trouble| !trouble.leaves_line_usable()) {
            return from.and(to).map(drop);
        }
        let data = within(Stage::Data, after, smtp.read_response()).await;
        // A server may ask for a mail that it takes for nobody. Ours it does not get.
        self.stuck = data.is_ok() && (from.is_err() || to.is_err());
        expect(Stage::Mail, Severity::PositiveCompletion, &from?)?;
        expect(Stage::Recipient, Severity::PositiveCompletion, &to?)?;
        expect(Stage::Data, Severity::PositiveIntermediate, &data?).map(drop)
    }

    /// Ends a failed transaction; tells whether the connection can be used again.
    pub(super) async fn reset(&mut self) -> bool {
        if self.stuck {
            return false;
        }
        within(Stage::Reset, self.timeouts.command, self.smtp.command(Rset)).await.is_ok()
    }

    /// Takes leave.
    pub(super) async fn quit(mut self) {
        // The mails are settled; a server that does not say goodbye changes nothing.
        let _ = timeout(FAREWELL, self.smtp.quit()).await;
    }

    /// Notes that the connection waits for its next mail from now on.
    pub(super) fn keep(&mut self) {
        self.kept_since = Instant::now();
    }

    /// Returns for how long the connection has waited.
    pub(super) fn waited(&self) -> Duration {
        self.kept_since.elapsed()
    }
}

/// Connects to the first address of the host that answers, without waiting for more data before a small packet is sent
/// (Nagle's algorithm), which would cost a factor of 200 on a kept connection.
async fn connect(options: &SmtpOptions) -> Result<TcpStream, Trouble> {
    let (host, port) = (&options.host, options.port);
    let addresses = lookup_host((host.as_str(), port)).await;
    let addresses: Vec<_> =
        addresses.map_err(|source| Trouble::Lookup { host: host.clone(), source })?.collect();
    if options.tls == Tls::None
        && !options.force_plain
        && let Some(address) = addresses.iter().find(|address| !is_local(address.ip()))
    {
        return Err(Trouble::Plain { host: host.clone(), address: *address });
    }
    let failed = |source| Trouble::Connect { host: host.clone(), port, source };
    let socket = TcpStream::connect(&*addresses).await.map_err(failed)?;
    socket.set_nodelay(true).map_err(failed)?;
    Ok(socket)
}

/// Asks whether the server takes several commands at once, which lettre has read over.
async fn takes_several(
    smtp: &mut AsyncSmtpConnection,
    name: &ClientId,
    after: Duration,
) -> Result<bool, Trouble> {
    match within(Stage::Greeting, after, smtp.command(Ehlo::new(name.clone()))).await {
        Ok(reply) => Ok(reply.message().any(|line| line.eq_ignore_ascii_case("PIPELINING"))),
        Err(trouble) if trouble.leaves_line_usable() => Ok(false),
        Err(trouble) => Err(trouble),
    }
}

/// Does one thing within a time limit.
async fn within<T>(
    stage: Stage,
    after: Duration,
    doing: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
) -> Result<T, Trouble> {
    in_time(stage, after, timeout(after, doing).await)
}

/// Names the trouble with what was done within a time limit, or was not.
fn in_time<T>(
    stage: Stage,
    after: Duration,
    done: Result<Result<T, lettre::transport::smtp::Error>, Elapsed>,
) -> Result<T, Trouble> {
    match done {
        Ok(done) => done.map_err(|error| Trouble::at(stage, error)),
        Err(_) => Err(Trouble::Timeout { stage, after }),
    }
}

/// Checks that a good reply is the kind of good reply that belongs here; else the server answers another question.
fn expect(stage: Stage, severity: Severity, reply: &Response) -> Result<String, Trouble> {
    let words = reply.message().collect::<Vec<_>>().join(" ");
    let words = tidy(&format!("{} {words}", reply.code()));
    if reply.code().severity == severity {
        Ok(words)
    } else {
        Err(Trouble::OutOfStep { stage, reply: words })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn small_pieces_of_a_mail_do_not_wait_for_each_other() {
        // With Nagle's algorithm on, each mail waits 40 ms for the server's delayed acknowledgement.
        let server = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let options = SmtpOptions {
            host: "127.0.0.1".to_owned(),
            port: server.local_addr().unwrap().port(),
            tls: Tls::None,
            force_plain: false,
            username: None,
            password: None,
            connections: 1,
            ca_file: None,
            timeouts: Timeouts::default(),
        };
        let socket = connect(&options).await.unwrap_or_else(|trouble| panic!("{trouble}"));
        assert!(socket.nodelay().unwrap());
    }
}
