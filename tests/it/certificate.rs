//! Certificates that nobody knows but whoever is told to trust them, for servers of the tests.

use std::sync::Arc;

use rustls::ServerConfig;
use rustls::pki_types::PrivatePkcs8KeyDer;

/// A certificate that has signed itself.
pub(crate) struct Certificate(rcgen::CertifiedKey<rcgen::KeyPair>);

impl Certificate {
    /// Makes one for a host.
    pub(crate) fn of(host: &str) -> Self {
        Self(rcgen::generate_simple_self_signed(vec![host.to_owned()]).unwrap())
    }

    /// Returns what a client has to trust.
    pub(crate) fn pem(&self) -> String {
        self.0.cert.pem()
    }

    /// Returns its key.
    pub(crate) fn key_pem(&self) -> String {
        self.0.signing_key.serialize_pem()
    }

    /// Returns what a server makes its handshakes with.
    pub(crate) fn server(&self) -> Arc<ServerConfig> {
        let key = PrivatePkcs8KeyDer::from(self.0.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![self.0.cert.der().clone()], key.into());
        Arc::new(config.unwrap())
    }
}
