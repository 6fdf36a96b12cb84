//! Whom to trust: cryptography, certificates, and what counts as this machine itself.

use std::net::IpAddr;
use std::path::Path;
use std::sync::OnceLock;

use reqwest::{Certificate, Url};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

/// Makes ring the process's cryptography, unless somebody chose another before.
pub fn ring() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        let _ = rustls::crypto::ring::default_provider().install_default(); // Err: one is installed
    });
}

/// Whether the URL leads to this machine itself.
pub fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// The certificates of a PEM file, to be trusted beside those of the system.
///
/// # Errors
/// What is wrong with it, by its path.
pub fn roots(file: &Path) -> Result<Vec<Certificate>, String> {
    let wrong = |what: &str| format!("ca_file {}: {what}", file.display());
    let pem = std::fs::read(file).map_err(|error| wrong(&error.to_string()))?;
    let mut roots = Vec::new();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        let certificate = certificate.map_err(|error| wrong(&format!("it is no PEM: {error}")))?;
        let read = Certificate::from_der(&certificate);
        RootCertStore::empty()
            .add(certificate)
            .map_err(|error| wrong(&format!("a certificate in it cannot be used: {error}")))?;
        roots.push(read.map_err(|error| wrong(&error.to_string()))?);
    }
    if roots.is_empty() {
        return Err(wrong("there is no certificate in it"));
    }
    Ok(roots)
}
