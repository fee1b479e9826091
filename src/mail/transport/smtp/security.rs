//! How a connection is encrypted, prepared once: certificates are read here, and never again.
//! The handshakes themselves are in `connection`.

use std::net::IpAddr;
use std::path::Path;
use std::sync::Arc;

use lettre::transport::smtp::client::{Certificate, TlsParameters};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio_rustls::TlsConnector;

use super::options::{SmtpError, SmtpOptions, Tls};

/// What a connection needs to become safe.
pub(super) enum Security {
    /// Nothing.
    Plain,
    /// lettre's own STARTTLS.
    Starttls(TlsParameters),
    /// A handshake before lettre sees the stream, which it has no way to do on a stream of ours.
    Implicit(TlsConnector, ServerName<'static>),
}

impl Security {
    /// Reads certificates and checks what can be checked before connecting.
    pub(super) fn of(options: &SmtpOptions) -> Result<Self, SmtpError> {
        let own = match &options.ca_file {
            Some(path) => certificates(path)?,
            None => Vec::new(),
        };
        match options.tls {
            Tls::None => {
                // A name is looked up, and its addresses are checked, before each connection.
                let address: Option<IpAddr> = options.host.parse().ok();
                if !options.force_plain && address.is_some_and(|address| !is_local(address)) {
                    return Err(SmtpError::Plain(options.host.clone()));
                }
                Ok(Self::Plain)
            }
            Tls::Starttls => {
                let name = server_name(&options.host)?;
                let mut tls = TlsParameters::builder(name.to_str().into_owned());
                for certificate in own {
                    let certificate = Certificate::from_der(certificate.to_vec());
                    tls = tls.add_root_certificate(certificate.map_err(SmtpError::Tls)?);
                }
                Ok(Self::Starttls(tls.build_rustls().map_err(SmtpError::Tls)?))
            }
            Tls::Implicit => {
                let name = server_name(&options.host)?;
                Ok(Self::Implicit(TlsConnector::from(Arc::new(client(own, options)?)), name))
            }
        }
    }
}

/// Tells whether `address` is this machine.
pub(super) fn is_local(address: IpAddr) -> bool {
    address.to_canonical().is_loopback()
}

fn server_name(host: &str) -> Result<ServerName<'static>, SmtpError> {
    ServerName::try_from(host.to_owned()).map_err(|_| SmtpError::Host(host.to_owned()))
}

/// Reads the certificates of a PEM file.
fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, SmtpError> {
    let failed = |source| SmtpError::CaFile { path: path.to_owned(), source };
    let certificates: Vec<_> =
        CertificateDer::pem_file_iter(path).and_then(Iterator::collect).map_err(failed)?;
    if certificates.is_empty() {
        return Err(SmtpError::NoCertificate(path.to_owned()));
    }
    Ok(certificates)
}

/// Sets up TLS with the system's certificates and `own`.
fn client(
    own: Vec<CertificateDer<'static>>,
    options: &SmtpOptions,
) -> Result<ClientConfig, SmtpError> {
    let mut roots = RootCertStore::empty();
    // A certificate of the system that cannot be read is one less to trust; the handshake says what is missing.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    for certificate in own {
        roots.add(certificate).map_err(|source| SmtpError::BadCertificate {
            path: options.ca_file.clone().unwrap_or_default(),
            source,
        })?;
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring has cipher suites for TLS 1.2 and 1.3");
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}
