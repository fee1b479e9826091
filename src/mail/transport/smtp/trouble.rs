//! What can go wrong in a conversation with a mail server, and what each trouble means for the message and for the
//! connection.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use super::handshake;
use crate::mail::Delivery;

/// The longest reason that is passed on; a server may say much more.
const LONGEST_REASON: usize = 500;

/// Where in the conversation something happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Stage {
    #[error("greeting")]
    Greeting,
    #[error("TLS handshake")]
    Handshake,
    #[error("STARTTLS")]
    Starttls,
    #[error("AUTH")]
    Auth,
    #[error("MAIL FROM")]
    Mail,
    #[error("RCPT TO")]
    Recipient,
    #[error("DATA")]
    Data,
    #[error("mail")]
    Content,
    /// The answer to the mail's final dot.
    #[error("end of mail")]
    Dot,
    #[error("RSET")]
    Reset,
}

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error("cannot find `{host}`: {source}")]
    Lookup { host: String, source: io::Error },
    #[error("`{host}` is {address}, not this machine, and nothing is sent there unencrypted")]
    Plain { host: String, address: SocketAddr },
    #[error("cannot connect to {host}:{port}: {source}")]
    Connect { host: String, port: u16, source: io::Error },
    #[error("cannot connect to {host}:{port} within {after:?}")]
    ConnectTimeout { host: String, port: u16, after: Duration },
    #[error("no TLS with the server: {why}")]
    Handshake { why: String },
    #[error("the server offers no STARTTLS, and nothing is sent unencrypted")]
    NoStarttls,
    #[error("the server offers no login by PLAIN or LOGIN")]
    NoLogin,
    #[error("the address has letters that the server does not take (no SMTPUTF8)")]
    NoSmtpUtf8,
    #[error("{stage}: no answer within {after:?}")]
    Timeout { stage: Stage, after: Duration },
    #[error("{stage}: {code} {text}")]
    Refused { stage: Stage, code: u16, text: String },
    #[error("{stage}: the server is out of step: {reply}")]
    OutOfStep { stage: Stage, reply: String },
    #[error("{stage}: the conversation broke off: {source}")]
    Broken { stage: Stage, source: lettre::transport::smtp::Error },
}

impl Trouble {
    /// Tells a reply of the server from a broken conversation.
    pub(super) fn at(stage: Stage, error: lettre::transport::smtp::Error) -> Self {
        match error.status() {
            Some(code) => Self::Refused {
                stage,
                code: code.into(),
                text: error.source().map(ToString::to_string).unwrap_or_default(),
            },
            None if stage == Stage::Starttls => Self::no_tls(&error),
            None => Self::Broken { stage, source: error },
        }
    }

    /// Tells why there is no TLS.
    pub(super) fn no_tls(error: &(dyn Error + 'static)) -> Self {
        Self::Handshake { why: handshake::in_words(error) }
    }

    /// Returns what the trouble means for the message.
    ///
    /// Only what the server says about this recipient or this mail is final. What it says about us (a refused sender,
    /// a wrong password, certificates) concerns every message: somebody has to mend it, and none may be lost until then.
    pub(super) fn delivery(&self) -> Delivery {
        let reason = tidy(&self.to_string());
        if self.is_final() {
            Delivery::GiveUp(reason)
        } else if self.leaves_mail_with_server() {
            Delivery::Uncertain(reason)
        } else {
            Delivery::Again(reason)
        }
    }

    /// Tells whether the server may have the mail: all of it was written, and no answer could be read.
    fn leaves_mail_with_server(&self) -> bool {
        matches!(self, Self::Timeout { stage, .. } | Self::Broken { stage, .. } if *stage == Stage::Dot)
    }

    fn is_final(&self) -> bool {
        match self {
            Self::NoSmtpUtf8 => true,
            Self::Refused { stage, code, .. } => {
                let about_mail = matches!(stage, Stage::Recipient | Stage::Data | Stage::Dot);
                // These ask for a login, or a better one (RFC 4954), wherever they come.
                let about_login = matches!(code, 530 | 534 | 535 | 538);
                *code >= 500 && about_mail && !about_login
            }
            _ => false,
        }
    }

    /// Tells whether a kept connection turned out to be dead before the server took the message up, so that a fresh
    /// one may be tried at once.
    pub(super) fn is_dead_line(&self) -> bool {
        match self {
            Self::Refused { stage: Stage::Mail, code, .. } => *code == 421,
            Self::Timeout { stage, .. }
            | Self::OutOfStep { stage, .. }
            | Self::Broken { stage, .. } => *stage == Stage::Mail,
            _ => false,
        }
    }

    /// Tells whether the connection can carry another message after a reset.
    pub(super) fn leaves_line_usable(&self) -> bool {
        match self {
            Self::Refused { code, .. } => *code != 421,
            Self::NoSmtpUtf8 => true,
            _ => false,
        }
    }
}

/// Returns `text` as one line without control characters and of bounded length: it comes from the other side, and
/// ends up in the ledger, in tables and in logs.
pub(super) fn tidy(text: &str) -> String {
    let words = text.split(|c: char| c.is_control() || c.is_whitespace());
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(LONGEST_REASON) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::*;

    #[test]
    fn every_trouble_is_told_in_a_sentence() {
        let after = Duration::from_secs(30);
        let host = || "mail.example.org".to_owned();
        let refused = || io::Error::from(io::ErrorKind::ConnectionRefused);
        let troubles = [
            Trouble::Lookup { host: host(), source: io::Error::other("no such name") },
            Trouble::Plain { host: host(), address: ([192, 0, 2, 1], 25).into() },
            Trouble::Connect { host: host(), port: 25, source: refused() },
            Trouble::ConnectTimeout { host: host(), port: 25, after },
            Trouble::no_tls(&io::Error::other("unknown issuer")),
            Trouble::NoStarttls,
            Trouble::NoLogin,
            Trouble::NoSmtpUtf8,
            Trouble::Timeout { stage: Stage::Data, after },
            Trouble::Refused { stage: Stage::Recipient, code: 550, text: "no such user".into() },
            Trouble::OutOfStep { stage: Stage::Reset, reply: "354 go on".into() },
        ];
        assert_snapshot!(troubles.map(|trouble| trouble.to_string()).join("\n"), @"
        cannot find `mail.example.org`: no such name
        `mail.example.org` is 192.0.2.1:25, not this machine, and nothing is sent there unencrypted
        cannot connect to mail.example.org:25: connection refused
        cannot connect to mail.example.org:25 within 30s
        no TLS with the server: unknown issuer
        the server offers no STARTTLS, and nothing is sent unencrypted
        the server offers no login by PLAIN or LOGIN
        the address has letters that the server does not take (no SMTPUTF8)
        DATA: no answer within 30s
        RCPT TO: 550 no such user
        RSET: the server is out of step: 354 go on
        ");
    }
}
