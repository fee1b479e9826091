//! The certificates of the private Postfix: an authority of its own, and what it has signed.

use std::fs;
use std::path::Path;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};

/// Writes, signed by an authority with this name: `ca.pem`, and key and certificate in `server.pem`, `other.pem` (for another name) and `expired.pem`.
pub(super) fn write(folder: &Path, name: &str) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    authority.distinguished_name.push(DnType::CommonName, name);
    let key = KeyPair::generate().unwrap();
    fs::write(folder.join("ca.pem"), authority.self_signed(&key).unwrap().pem()).unwrap();
    let authority = Issuer::new(authority, key);

    let named = |name: &str| CertificateParams::new(vec![name.to_owned()]).unwrap();
    let mut expired = named("127.0.0.1");
    expired.not_before = date_time_ymd(2009, 1, 1);
    expired.not_after = date_time_ymd(2010, 1, 1);
    for (file, certificate) in [
        ("server.pem", named("127.0.0.1")),
        ("other.pem", named("other.example.org")),
        ("expired.pem", expired),
    ] {
        let key = KeyPair::generate().unwrap();
        let signed = certificate.signed_by(&key, &authority).unwrap();
        fs::write(folder.join(file), [key.serialize_pem(), signed.pem()].concat()).unwrap();
    }
}
