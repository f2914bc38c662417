//! HTTPS: the given authority and no other, or whom the machine trusts.

use std::net::SocketAddr;
use std::sync::Arc;

use gameday::load::secure::Secure;
use gameday::port::load::LoadOrder;
use hyper_util::rt::TokioIo;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::ServerConfig;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio_rustls::TlsAcceptor;

use super::rig::{Run, assert_complete, errors, order, serve, server, streams, sum, text};

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A server whose certificate is for `name`.
async fn tls_server(authority: &Authority, name: &str) -> SocketAddr {
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, authority).unwrap();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.serialize_der()));
    let config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    streams(move |stream| {
        let acceptor = acceptor.clone();
        async move {
            if let Ok(stream) = acceptor.accept(stream).await {
                serve(TokioIo::new(stream), |_| async { text(200, "secret") }).await;
            }
        }
    })
    .await
}

fn https(address: SocketAddr, authority: Option<&Authority>) -> LoadOrder {
    let mut order = order(address);
    order.base_url = format!("https://{address}");
    order.certificate_authority = authority.map(|authority| authority.pem());
    order
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn only_a_certificate_of_the_given_authority_is_trusted() {
    let (ours, other) = (authority(), authority());
    let good = tls_server(&ours, "127.0.0.1").await;
    let wrong_name = tls_server(&ours, "shop.test").await;
    let plain = server(|_| async { text(200, "no TLS here") }).await;
    let cases = [
        ("ours", https(good, Some(&ours)), true),
        ("another authority", https(good, Some(&other)), false),
        ("another name", https(wrong_name, Some(&ours)), false),
        ("no TLS", https(plain, Some(&ours)), false),
    ];
    let runs = cases.map(|(name, order, good)| async move {
        let mut run = Run::at(order, 50.0);
        run.seconds(1).await;
        let samples = run.finish().await;
        assert_complete(&samples);
        let attempted = sum(&samples, |sample| sample.attempted);
        let expected = if good { (attempted, 0) } else { (0, attempted) };
        let counts = errors(&samples);
        assert!(attempted > 40, "{name}");
        assert_eq!((sum(&samples, |sample| sample.ok), counts.tls), expected, "{name}: {counts:?}");
    });
    futures::future::join_all(runs).await;
    // No machine trusts an authority that was made a moment ago; a bare one trusts nobody, and says so.
    if let Err(why) = Secure::new("127.0.0.1", None) {
        assert!(why.to_string().contains("SSL_CERT_FILE"), "{why}");
        return;
    }
    let mut run = Run::at(https(good, None), 50.0);
    run.seconds(1).await;
    let samples = run.finish().await;
    let attempted = sum(&samples, |sample| sample.attempted);
    assert_eq!((sum(&samples, |sample| sample.ok), errors(&samples).tls), (0, attempted));
}
