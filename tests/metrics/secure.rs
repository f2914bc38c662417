//! TLS: the authority that is given and no other, certificates that are not right, and certificates of our own.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gameday::metrics::access::Access;
use gameday::metrics::trust::Identity;
use gameday::port::trouble::{Remedy, TlsTrouble, Trouble};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd,
};
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use tokio_rustls::TlsAcceptor;

use super::client::ask;
use super::fake::{one, serve};
use crate::load::rig::streams;

pub type Authority = CertifiedIssuer<'static, KeyPair>;

pub fn authority() -> Authority {
    named("authority")
}

fn named(name: &str) -> Authority {
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate for `name` and its key.
pub fn certificate(authority: &Authority, name: &str, until: i32) -> (rcgen::Certificate, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new([name.to_owned()]).unwrap();
    params.not_before = date_time_ymd(2001, 1, 1);
    params.not_after = date_time_ymd(until, 1, 1);
    (params.signed_by(&key, authority).unwrap(), key)
}

/// A server with a certificate, that wants one of `guests` from who comes.
pub async fn server(
    (certificate, key): (rcgen::Certificate, KeyPair),
    guests: Option<&Authority>,
) -> SocketAddr {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .unwrap();
    let builder = match guests {
        None => builder.with_no_client_auth(),
        Some(guests) => {
            let mut roots = RootCertStore::empty();
            roots.add(guests.der().clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.build().unwrap())
        }
    };
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config = builder.with_single_cert(vec![certificate.der().clone()], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    streams(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                serve(stream, Arc::new(|_: &_| one()), Arc::default()).await;
            }
        }
    })
    .await
}

pub fn file(folder: &Path, name: &str, text: &str) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

#[tokio::test]
async fn the_given_authority_is_trusted_and_no_other() {
    // One of another name, and one of the same, as when an authority was made anew.
    let (ours, other, anew) = (authority(), named("other"), authority());
    let folder = tempfile::tempdir().unwrap();
    let good = server(certificate(&ours, "127.0.0.1", 4000), None).await;
    let ended = server(certificate(&ours, "127.0.0.1", 2002), None).await;
    let name = server(certificate(&ours, "prometheus.test", 4000), None).await;
    let trusted = file(folder.path(), "ours.pem", &ours.pem());
    let another = file(folder.path(), "other.pem", &other.pem());
    let anew = file(folder.path(), "anew.pem", &anew.pem());
    for (address, authority, trouble) in [
        (good, Some(&trusted), None),
        (good, Some(&another), Some(TlsTrouble::UnknownIssuer)),
        (good, Some(&anew), Some(TlsTrouble::UnknownIssuer)),
        // Whoever this machine trusts, ours is not among them.
        (good, None, Some(TlsTrouble::UnknownIssuer)),
        (ended, Some(&trusted), Some(TlsTrouble::Expired)),
        (name, Some(&trusted), Some(TlsTrouble::OtherName)),
    ] {
        let mut access = Access::to(&format!("https://{address}")).unwrap();
        access.authority = authority.cloned();
        if authority.is_none() && gameday::metrics::prometheus::Prometheus::new(&access).is_err() {
            // A machine that trusts nobody says so at once.
            continue;
        }
        match (ask(&access).await, trouble) {
            (Ok(found), None) => assert_eq!(found.figure(), Some(1.0)),
            (Err(error), Some(trouble)) => {
                assert_eq!(error.trouble, Trouble::Tls(trouble));
                assert_eq!(error.trouble.remedy(), Remedy::Settings);
            }
            (found, trouble) => panic!("{found:?} for {trouble:?}"),
        }
    }
}

#[tokio::test]
async fn a_certificate_of_our_own_opens_the_door_and_the_lack_of_one_is_told() {
    let (ours, other) = (authority(), named("other"));
    let folder = tempfile::tempdir().unwrap();
    let address = server(certificate(&ours, "127.0.0.1", 4000), Some(&ours)).await;
    let mut access = Access::to(&format!("https://{address}")).unwrap();
    access.authority = Some(file(folder.path(), "ours.pem", &ours.pem()));
    let error = ask(&access).await.unwrap_err();
    assert_eq!(error.trouble, Trouble::Tls(TlsTrouble::Unwelcome), "{error}");
    for (issuer, good) in [(&ours, true), (&other, false)] {
        let (certificate, key) = certificate(issuer, "guest", 4000);
        access.identity = Some(Identity {
            certificate: file(folder.path(), "guest.pem", &certificate.pem()),
            key: file(folder.path(), "guest.key", &key.serialize_pem()),
        });
        match ask(&access).await {
            Ok(found) => assert!(good && found.figure() == Some(1.0)),
            Err(error) => {
                assert!(!good, "{error}");
                assert_eq!(error.trouble, Trouble::Tls(TlsTrouble::Unwelcome));
            }
        }
    }
}
