//! What can be set about a mail server, and what in it can never work.
//! Reading it from `frist.toml` is in `config`.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// How a mail server is reached.
#[derive(Debug, Clone)]
pub struct SmtpOptions {
    /// The server's name or address; its certificate must be for this.
    pub host: String,
    /// The port: usually 25, 587 for submission, 465 for implicit TLS.
    pub port: u16,
    /// How the connection is encrypted.
    pub tls: Tls,
    /// Whether mails and passwords may go unencrypted to an address beyond this machine.
    pub force_plain: bool,
    /// The name to log in with; without one, no login.
    pub username: Option<String>,
    /// The password to log in with.
    pub password: Option<Password>,
    /// How many connections may be open at a time; at least one.
    pub connections: usize,
    /// A file of certificates (PEM) that are trusted beside those of the system.
    pub ca_file: Option<PathBuf>,
    /// How long each thing may take.
    pub timeouts: Timeouts,
}

/// How a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// Not at all; only to a loopback address, unless it is forced.
    None,
    /// By STARTTLS; a server that does not offer it gets nothing.
    Starttls,
    /// From the first byte on.
    Implicit,
}

/// How long each thing may take.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// Finding the server and connecting to it.
    pub connect: Duration,
    /// Each command, and the greeting (RFC 5321, 4.5.3.2.1 to 4.5.3.2.3).
    pub command: Duration,
    /// The mail itself and the answer to its final dot (RFC 5321, 4.5.3.2.6).
    pub content: Duration,
    /// How long a connection is kept without a message.
    pub idle: Duration,
}

/// A password, which no log shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

/// Why a mail server can never be reached with these options.
#[derive(Debug, thiserror::Error)]
pub enum SmtpError {
    /// The CA file cannot be read.
    #[error("cannot read the certificates in {}", path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// What happened.
        #[source]
        source: rustls::pki_types::pem::Error,
    },
    /// The CA file holds no certificate.
    #[error("{} holds no certificate", .0.display())]
    NoCertificate(PathBuf),
    /// A certificate of the CA file is refused.
    #[error("a certificate in {} is not usable", path.display())]
    BadCertificate {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        #[source]
        source: rustls::Error,
    },
    /// The host is no name that a certificate could be for.
    #[error("`{0}` is no name that a certificate could be for")]
    Host(String),
    /// Without encryption, mails would leave this machine.
    #[error("`{0}` is not this machine, and tls = \"none\" sends unencrypted; use \"starttls\"")]
    Plain(String),
    /// The TLS library refuses.
    #[error("TLS cannot be set up")]
    Tls(#[source] lettre::transport::smtp::Error),
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(30),
            command: Duration::from_secs(5 * 60),
            content: Duration::from_secs(10 * 60),
            idle: Duration::from_secs(30),
        }
    }
}

impl Default for SmtpOptions {
    /// The defaults of CONTRACT.md.
    fn default() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 25,
            tls: Tls::Starttls,
            force_plain: false,
            username: None,
            password: None,
            connections: 4,
            ca_file: None,
            timeouts: Timeouts::default(),
        }
    }
}

impl Password {
    /// Returns the password itself.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }
}

impl From<String> for Password {
    fn from(password: String) -> Self {
        Self(password)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A shorter wait makes repeats: RFC 5321, 4.5.3.2.6.
    #[test]
    fn the_answer_to_a_mail_is_waited_for_ten_minutes() {
        assert_eq!(Timeouts::default().content, Duration::from_secs(600));
    }
}
