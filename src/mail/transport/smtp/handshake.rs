//! Why a server and we could not agree on TLS, in words for those who run either of them.

use std::error::Error;
use std::io;

use chrono::DateTime;
use rustls::{AlertDescription, CertificateError};

/// Returns what made a handshake fail.
pub(super) fn in_words(error: &(dyn Error + 'static)) -> String {
    let innermost = innermost(error);
    let Some(error) = innermost.downcast_ref::<rustls::Error>() else {
        return innermost.to_string();
    };
    match error {
        rustls::Error::InvalidCertificate(fault) => certificate(fault),
        rustls::Error::AlertReceived(AlertDescription::ProtocolVersion) => {
            "it knows neither TLS 1.2 nor 1.3".to_owned()
        }
        other => other.to_string(),
    }
}

fn certificate(fault: &CertificateError) -> String {
    match fault {
        CertificateError::UnknownIssuer => {
            "nobody whom this machine trusts has signed its certificate; `ca_file` names others to trust"
                .to_owned()
        }
        CertificateError::NotValidForNameContext { expected, presented } => {
            let expected = expected.to_str();
            let presented: Vec<_> = presented.iter().map(|name| bare(name)).collect();
            format!("its certificate is not for {expected} but for {}", presented.join(", "))
        }
        CertificateError::ExpiredContext { not_after, .. } => {
            let day = i64::try_from(not_after.as_secs()).ok();
            let day = day.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
            let day = day.map(|day| day.format(" on %Y-%m-%d").to_string());
            format!("its certificate has expired{}", day.unwrap_or_default())
        }
        CertificateError::NotValidYetContext { .. } => "its certificate is not valid yet".to_owned(),
        other => format!("its certificate is not good: {other}"),
    }
}

/// Returns the name in `DnsName("mail.example.org")`.
fn bare(name: &str) -> &str {
    let inner = name.split_once('(').map_or(name, |(_, inner)| inner);
    inner.trim_end_matches(')').trim_matches('"')
}

/// Returns what is at the bottom of an error; lettre and the system say "connection error" several times above it.
fn innermost<'e>(error: &'e (dyn Error + 'static)) -> &'e (dyn Error + 'static) {
    // What an I/O error wraps is not its source but stands in its place.
    let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    let below = wrapped.map(|wrapped| wrapped as &(dyn Error + 'static)).or_else(|| error.source());
    below.map_or(error, innermost)
}
