//! TLS with a server whose certificate nobody knows but the profile's `ca_file`.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::*;

/// A server's certificate and key, and the certificate of the authority that signed it, as PEM.
fn certificates() -> (CertificateDer<'static>, PrivateKeyDer<'static>, String) {
    let (authority_key, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let mut authority = CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    authority.distinguished_name.push(DnType::CommonName, "our own authority");
    let pem = authority.self_signed(&authority_key).unwrap().pem();
    let issuer = Issuer::new(authority, authority_key);
    let server = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    let server = server.signed_by(&key, &issuer).unwrap();
    (server.der().clone(), PrivateKeyDer::Pkcs8(key.serialize_der().into()), pem)
}

/// Answers every request of a TLS client with a description of a backend; gives its port.
fn serve(certificate: CertificateDer<'static>, key: PrivateKeyDer<'static>) -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, socket.unwrap());
            let mut request = [0; 4096];
            if stream.read(&mut request).is_ok_and(|read| read > 0) {
                let body = br#"{"name":"ours","api":1,"resources":["tags"],"seq":1}"#;
                let _ = stream.write_all(&answer("200 OK", "Content-Type: application/json\r\n", body));
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    port
}

#[tokio::test]
async fn a_backend_of_ones_own_is_trusted_by_its_ca_file_and_by_nothing_else() {
    let (certificate, key, pem) = certificates();
    let port = serve(certificate, key);
    let url = format!("https://localhost:{port}");
    let dir = tempfile::tempdir().unwrap();
    let (ours, others) = (dir.path().join("ca.pem"), dir.path().join("others.pem"));
    std::fs::write(&ours, format!("a comment\n{pem}")).unwrap();
    std::fs::write(&others, certificates().2).unwrap();

    let trusting = Connector::trusting(&url, None, Limits::default(), Some(&ours)).unwrap();
    assert_eq!(trusting.meta().await.unwrap().name, "ours");

    for file in [Some(&others), None] {
        let connector = Connector::trusting(&url, None, Limits::default(), file.map(|file| file.as_path()));
        let error = match connector {
            Ok(connector) => connector.meta().await.unwrap_err(),
            Err(error) => error, // this machine trusts nobody at all
        };
        assert_eq!((error.kind, error.sent), (TroubleKind::Tls, false), "{error}");
    }
    // The certificate is for a name, and for no other.
    let elsewhere = format!("https://127.0.0.1:{port}");
    let elsewhere = Connector::trusting(&elsewhere, None, Limits::default(), Some(&ours)).unwrap();
    assert_eq!(elsewhere.meta().await.unwrap_err().kind, TroubleKind::Tls);
}
