//! Certificates, tokens, permissions and clocks, as customers and their TLS meet them.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use gameday::exercise::lever::Lever;
use gameday::exercise::undo::Undo;
use gameday::gameday::defence::Defence;
use gameday::gameday::fault::Fault;
use gameday::gameday::load::RateCurve;
use gameday::gameday::plan::Traffic;
use gameday::gameday::span::Span;
use gameday::lab;
use gameday::load::generator::Generator;
use gameday::port::levers::Levers;
use gameday::port::load::{LoadGenerator as _, LoadOrder};
use gameday::port::target::{FaultInjector, FaultOrder};
use http_body_util::Full;
use hyper::Request;
use hyper_util::rt::TokioIo;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{CertificateError, ClientConfig, Error, RootCertStore};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::stage::{BACKEND, Stage, WEB, clock, order, until};

const GATEWAY: [&str; 1] = ["api-gateway-1"];
const PROVIDER: [&str; 1] = ["oauth-provider-1"];

/// What a customer's handshake comes to.
#[derive(Debug)]
enum Shake {
    Done(Box<TlsStream<TcpStream>>),
    Expired,
    Nobody,
}

/// A handshake that trusts the lab's authority and nothing else.
async fn shake(stage: &Stage) -> Shake {
    let mut roots = RootCertStore::empty();
    let pem = stage.lab.certificate_authority();
    for certificate in CertificateDer::pem_slice_iter(pem.as_bytes()) {
        roots.add(certificate.unwrap()).unwrap();
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let url = stage.lab.secure_url();
    let Ok(stream) = TcpStream::connect(url.strip_prefix("https://").unwrap()).await else {
        return Shake::Nobody;
    };
    let name = ServerName::try_from("127.0.0.1").unwrap();
    match TlsConnector::from(Arc::new(config)).connect(name, stream).await {
        Ok(stream) => Shake::Done(Box::new(stream)),
        Err(error) => {
            let cause = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>());
            let expired = matches!(
                cause,
                Some(Error::InvalidCertificate(
                    CertificateError::Expired | CertificateError::ExpiredContext { .. }
                ))
            );
            if expired { Shake::Expired } else { panic!("{error}") }
        }
    }
}

async fn shakes(stage: &Stage) -> bool {
    matches!(shake(stage).await, Shake::Done(_))
}

/// A connection that a customer keeps, after one answer.
async fn kept(stage: &Stage) -> TlsStream<TcpStream> {
    let Shake::Done(mut stream) = shake(stage).await else { panic!("no handshake") };
    stream.write_all(b"GET / HTTP/1.1\r\nhost: shop\r\n\r\n").await.unwrap();
    let mut answer = vec![0; 64 * 1024];
    let read = stream.read(&mut answer).await.unwrap();
    assert!(answer[..read].starts_with(b"HTTP/1.1 200"), "{:?}", &answer[..read.min(40)]);
    *stream
}

/// Waits until the other side closes.
async fn closed(mut stream: TlsStream<TcpStream>) -> Duration {
    let start = Instant::now();
    let mut rest = vec![0; 64 * 1024];
    let end: io::Result<()> = async {
        while stream.read(&mut rest).await? > 0 {}
        Ok(())
    }
    .await;
    assert!(end.is_ok(), "a kept connection is closed properly: {end:?}");
    start.elapsed()
}

/// One order of a customer who is signed in.
async fn buy(stage: &Stage, session: &str) -> u16 {
    send(stage, "POST", "/checkout", session).await
}

async fn browse(stage: &Stage, path: &str, session: &str) -> u16 {
    send(stage, "GET", path, session).await
}

async fn send(stage: &Stage, method: &str, path: &str, session: &str) -> u16 {
    let host = stage.lab.base_url().strip_prefix("http://").unwrap();
    let Ok(stream) = TcpStream::connect(host).await else { return 0 };
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let body = if method == "POST" { r#"{"user":3,"product":5,"quantity":1}"# } else { "" };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", host)
        .header("cookie", format!("session={session}"))
        .body(Full::new(Bytes::from(body)))
        .unwrap();
    sender.send_request(request).await.map_or(0, |answer| answer.status().as_u16())
}

/// Prepares and injects; the way back and the evidence.
async fn inject(stage: &Stage, order: &FaultOrder) -> (Undo, String) {
    let undo = stage.lab.prepare(order).await.unwrap();
    let evidence = stage.inject(order).await;
    (undo, evidence)
}

async fn revert(stage: &Stage, undo: &Undo) -> String {
    stage.revert(undo).await.unwrap_or_else(|error| panic!("{}: {error}", undo.key)).into()
}

async fn counted(stage: &Stage, pods: &[&str], what: &str) -> f64 {
    let mut sum = 0.0;
    for pod in pods {
        sum += stage.metric(pod, &format!("{what}_total"), "").await;
    }
    sum
}

fn expiry(key: &str) -> FaultOrder {
    order(key, Fault::CertificateExpiry, &GATEWAY, &[])
}

fn skew(key: &str, pods: &[&str], offset_millis: i64) -> FaultOrder {
    order(key, Fault::TimeChaos { offset_millis, drift: 0.0 }, pods, &[])
}

fn revoke(key: &str, permissions: &[&str]) -> FaultOrder {
    let permissions = permissions.iter().map(|one| (*one).to_owned()).collect();
    let account = "app-service-account".to_owned();
    order(key, Fault::RbacMutation { account, permissions }, &WEB, &[])
}

/// Customers over TLS, at 100 requests a second, while the certificate expires and is renewed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_expired_certificate_is_renewed_and_no_second_is_lost() {
    let stage = Stage::start("renewal").await;
    let generator = Generator::new(clock());
    let mut samples = generator
        .start(LoadOrder {
            base_url: stage.lab.secure_url(),
            allowed_hosts: vec!["127.0.0.1".to_owned()],
            traffic: Traffic {
                routes: lab::traffic(),
                timeout: Span::from_secs(2),
                max_in_flight: 200,
                tls: true,
            },
            certificate_authority: Some(stage.lab.certificate_authority().to_owned()),
            origin: Duration::ZERO,
            seed: 3,
        })
        .unwrap();
    generator.follow(RateCurve::flat(100.0));
    for _ in 0..2 {
        samples.recv().await.unwrap();
    }
    let kept = [kept(&stage).await, kept(&stage).await, kept(&stage).await];
    let before = counted(&stage, &GATEWAY, "tls_errors").await;
    let (undo, evidence) = inject(&stage, &expiry("renewed")).await;
    assert!(evidence.contains("the certificate has expired"), "{evidence}");
    assert!(matches!(shake(&stage).await, Shake::Expired), "seen from outside, too");
    let start = Instant::now();
    until("renewed", || shakes(&stage)).await;
    assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
    let ends = futures::future::join_all(kept.map(closed)).await;
    assert!(ends.iter().all(|end| *end < Duration::from_millis(2_500)), "{ends:?}");
    let mut second = Vec::new();
    for _ in 0..2 {
        second.push(samples.recv().await.unwrap());
    }
    assert!(second.iter().all(|one| one.ok > 20), "{second:?}");
    assert!(counted(&stage, &GATEWAY, "tls_errors").await > before);
    assert!(counted(&stage, &GATEWAY, "renewal_attempts").await >= 1.0);
    let evidence = revert(&stage, &undo).await;
    assert!(evidence.contains("a TLS handshake with api-gateway-1 succeeds"), "{evidence}");
    generator.stop();
    stage.lab.stop().await;
    assert!(lab::orphans(stage.lab.id()).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_renewal_nobody_gets_in_over_tls_until_it_is_undone() {
    let stage = Stage::without("expired", &[Defence::CertificateRenewal]).await;
    let kept = [kept(&stage).await, kept(&stage).await];
    let (undo, _) = inject(&stage, &expiry("expired")).await;
    let ends = futures::future::join_all(kept.map(closed)).await;
    assert!(ends.iter().all(|end| *end < Duration::from_millis(2_500)), "{ends:?}");
    for _ in 0..5 {
        assert!(matches!(shake(&stage).await, Shake::Expired));
    }
    assert_eq!(counted(&stage, &GATEWAY, "renewal_attempts").await, 0.0);
    assert_eq!(stage.get("/").await.0, 200, "the plain port has no certificate");
    // A team gets a new one; the way back finds nothing left to do, and looks all the same.
    let said = stage.lab.pull(&Lever::RenewCertificate).await.unwrap();
    assert!(said.contains("api-gateway-1"), "{said}");
    assert!(shakes(&stage).await, "{said}");
    let evidence = revert(&stage, &undo).await;
    assert!(evidence.contains("a TLS handshake with api-gateway-1 succeeds"), "{evidence}");
    let (undo, _) = inject(&stage, &expiry("again")).await;
    assert!(matches!(shake(&stage).await, Shake::Expired));
    revert(&stage, &undo).await;
    assert!(shakes(&stage).await);
    // The next gateway is found at the same place, with a good certificate.
    let url = stage.lab.secure_url();
    inject(&stage, &expiry("with it")).await;
    stage.inject(&order("killed", Fault::PodFailure, &GATEWAY, &[])).await;
    until("back", || shakes(&stage)).await;
    assert_eq!(stage.lab.secure_url(), url);
}

/// What of security is seen on one lab, one fault after the other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn customers_are_known_and_permissions_hold() {
    let stage = Stage::start("known").await;
    assert_eq!(buy(&stage, "1").await, 200);
    // Without the provider, tokens that are kept are as good as new ones; who is new cannot sign in.
    assert_eq!(browse(&stage, "/", "2").await, 200);
    until("signed in by the way", || async {
        stage.metric(GATEWAY[0], "tokens_held", "").await == 2.0
    })
    .await;
    let gone = order("no-provider", Fault::AuthServiceFailure, &PROVIDER, &[]);
    let (undo, _) = inject(&stage, &gone).await;
    for session in ["1", "2", "1"] {
        assert_eq!(buy(&stage, session).await, 200, "session {session}");
    }
    assert_eq!(buy(&stage, "unseen").await, 503);
    assert_eq!(counted(&stage, &GATEWAY, "cached_auth").await, 3.0);
    assert_eq!(counted(&stage, &GATEWAY, "auth_failures").await, 1.0);
    revert(&stage, &undo).await;
    until("new ones can sign in again", || async { buy(&stage, "unseen").await == 200 }).await;

    // A permission is taken: orders are forbidden, pages are not.
    let (undo, evidence) = inject(&stage, &revoke("no-orders", &["orders:create"])).await;
    assert!(evidence.contains("may products:read now; 2 pods"), "{evidence}");
    assert_eq!((buy(&stage, "1").await, stage.get("/").await.0), (403, 200));
    assert_eq!(counted(&stage, &BACKEND, "forbidden").await, 1.0);
    // The policy outlives the process that holds it.
    stage.inject(&order("policy-pod", Fault::PodFailure, &PROVIDER, &[])).await;
    until("provider back", || async { stage.get("/").await.0 == 200 && is_up(&stage) }).await;
    assert_eq!(buy(&stage, "1").await, 403);
    let evidence = revert(&stage, &undo).await;
    assert!(evidence.contains("may orders:create, products:read again"), "{evidence}");
    assert_eq!(buy(&stage, "1").await, 200);
    let (undo, _) = inject(&stage, &revoke("restored", &["orders:create"])).await;
    assert_eq!(buy(&stage, "1").await, 403);
    let account = "app-service-account".to_owned();
    stage.lab.pull(&Lever::RestorePermission { account }).await.unwrap();
    until("a team gave it back", || async { buy(&stage, "1").await == 200 }).await;
    revert(&stage, &undo).await;
    assert_eq!(counted(&stage, &BACKEND, "escalations").await, 0.0);

    // The provider loses its key: what the old one has signed is replaced by and by, for customers at once.
    std::fs::remove_file(stage.lab.folder().join("oauth-provider-1/key.pk8")).unwrap();
    stage.inject(&order("new-key", Fault::PodFailure, &PROVIDER, &[])).await;
    until("a new key is in use", || async {
        let path = stage.lab.folder().join("oauth-provider-1/key.pk8");
        path.exists() && is_up(&stage) && buy(&stage, "1").await == 200
    })
    .await;

    // A clock that is wrong: what the others sign is not believed.
    let hour = 3_600_000;
    let (undo, evidence) = inject(&stage, &skew("late", &BACKEND, hour)).await;
    assert!(evidence.contains("+3600."), "{evidence}");
    let before = counted(&stage, &GATEWAY, "auth_failures").await;
    assert_eq!(buy(&stage, "1").await, 401);
    assert_eq!(counted(&stage, &GATEWAY, "auth_failures").await, before + 1.0);
    revert(&stage, &undo).await;
    assert_eq!(buy(&stage, "1").await, 200);
    let drift = Fault::TimeChaos { offset_millis: 0, drift: -0.5 };
    let (undo, evidence) = inject(&stage, &order("slow", drift, &["web-app-1"], &[])).await;
    assert!(evidence.contains("the clock of web-app-1 is -0."), "{evidence}");
    revert(&stage, &undo).await;
    let (undo, _) = inject(&stage, &skew("ahead", &GATEWAY, 48 * hour)).await;
    until("a renewal is tried", || async {
        counted(&stage, &GATEWAY, "renewal_attempts").await > 0.0
    })
    .await;
    assert!(shakes(&stage).await, "customers' clocks are right");
    assert_eq!(buy(&stage, "1").await, 200);
    let evidence = revert(&stage, &undo).await;
    assert!(evidence.contains("the clock of api-gateway-1 goes right"), "{evidence}");
}

fn is_up(stage: &Stage) -> bool {
    let pods = stage.lab.pods();
    pods.iter().any(|one| one.pod == PROVIDER[0] && one.metrics_url.is_some())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_the_defences_nobody_signs_in_and_everything_is_permitted() {
    let stage = Stage::without("unknown", &[Defence::TokenCache, Defence::FailClosed]).await;
    assert_eq!(buy(&stage, "1").await, 200);
    let gone = order("no-provider", Fault::AuthServiceFailure, &PROVIDER, &[]);
    let (undo, _) = inject(&stage, &gone).await;
    assert_eq!((buy(&stage, "1").await, stage.get("/").await.0), (503, 200));
    assert_eq!(counted(&stage, &GATEWAY, "auth_failures").await, 1.0);
    revert(&stage, &undo).await;
    until("they can sign in again", || async { buy(&stage, "1").await == 200 }).await;
    let (undo, evidence) = inject(&stage, &revoke("all", &[])).await;
    assert!(evidence.contains("may nothing now"), "{evidence}");
    assert_eq!(buy(&stage, "1").await, 200);
    // Pages are made anew in the background, too.
    assert!(counted(&stage, &BACKEND, "escalations").await >= 1.0);
    revert(&stage, &undo).await;
    let before = counted(&stage, &BACKEND, "escalations").await;
    assert_eq!(buy(&stage, "1").await, 200);
    assert_eq!(counted(&stage, &BACKEND, "escalations").await, before);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn what_would_not_be_felt_is_refused() {
    let stage = Stage::start("refused").await;
    for (order, word) in [
        (order("a", Fault::CertificateExpiry, &WEB, &[]), "select app: api-gateway"),
        (skew("b", &WEB, 0), "the clock would stay right"),
        (revoke("c", &["orders:eat"]), "only these permissions: products:read, orders:create"),
        (
            order(
                "d",
                Fault::RbacMutation { account: "root".to_owned(), permissions: Vec::new() },
                &WEB,
                &[],
            ),
            "only service account is app-service-account",
        ),
    ] {
        let error = stage.lab.prepare(&order).await.unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}
