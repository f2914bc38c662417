//! The gateway's other port: the same answers over TLS. Looks at its own certificate as a customer would, and asks for a
//! new one when it has to. Makes no certificates.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use rustls::ServerConfig;
use rustls::server::NoServerSessionStorage;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;

use super::certificates::Served;
use super::context::Context;
use super::door::accept;
use super::http::Handler;
use super::say::say;
use super::signal::Signal;
use super::wire::Wire;
use crate::exercise::said::said;
use crate::gameday::defence::Defence;
use crate::gameday::instrument::Instrument;
use crate::lab::channel::{Answer, Notice};
use crate::lab::handshake::{Now, Trouble, handshake};
use crate::lab::lock::lock;

/// A handshake that takes longer has failed.
const HANDSHAKE_LIMIT: Duration = Duration::from_secs(5);

/// Connections that are open when an expired certificate comes into force are closed within so long, one after the other.
const CLOSE_WITHIN: Duration = Duration::from_millis(1_800);

/// So often the gateway makes a handshake with itself. Less than a second, so that with renewal no whole second is lost.
const CHECK_EVERY: Duration = Duration::from_millis(700);

/// A certificate is renewed when it ends within so long (milliseconds).
const RENEW_BEFORE: i64 = 60 * 60 * 1_000;

/// When a new certificate does not help, the next is asked for after so long; doubles up to the other.
const AGAIN_AFTER: Duration = Duration::from_secs(1);
const AGAIN_AT_MOST: Duration = Duration::from_secs(30);

/// How long a new certificate may take to come.
const RENEW_LIMIT: Duration = Duration::from_secs(2);

struct Secure<H> {
    context: Arc<Context>,
    handler: Arc<H>,
    acceptor: TlsAcceptor,
    /// The numbers of the connections that are open.
    open: Mutex<BTreeSet<u64>>,
    failed: Signal,
}

/// Takes connections for ever.
///
/// # Errors
/// When TLS cannot be set up.
pub(super) fn serve<H: Handler>(
    context: &Arc<Context>,
    listener: TcpListener,
    handler: Arc<H>,
) -> std::io::Result<()> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let certificates = Arc::clone(&context.certificates);
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(std::io::Error::other)?
        .with_no_client_auth()
        .with_cert_resolver(certificates);
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    // Every connection looks at the certificate: a resumed session would not.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    let address = listener.local_addr()?;
    let secure = Arc::new(Secure {
        context: Arc::clone(context),
        handler,
        acceptor: TlsAcceptor::from(Arc::new(config)),
        open: Mutex::default(),
        failed: Signal::new(context, Instrument::TlsErrors, "TLS handshakes that failed"),
    });
    tokio::spawn(keep_valid(Arc::clone(context), address));
    let context = Arc::clone(context);
    tokio::spawn(async move {
        // Who comes before there is a certificate waits a moment.
        let mut served = context.certificates.watch();
        if served.wait_for(|served| served.renewed > 0).await.is_err() {
            return;
        }
        let mut next = 0;
        let take = |wire| {
            next += 1;
            drop(tokio::spawn(connection(Arc::clone(&secure), next, wire)));
        };
        accept(context, listener, take).await;
    });
    Ok(())
}

async fn connection<H: Handler>(secure: Arc<Secure<H>>, number: u64, wire: Wire) {
    let mut served = secure.context.certificates.watch();
    served.mark_unchanged();
    let accepted = tokio::time::timeout(HANDSHAKE_LIMIT, secure.acceptor.accept(wire)).await;
    let Ok(Ok(stream)) = accepted else {
        secure.failed.count();
        return;
    };
    lock(&secure.open).insert(number);
    let handler = Arc::clone(&secure.handler);
    let service = service_fn(move |request| {
        let handler = Arc::clone(&handler);
        async move { Ok::<_, Infallible>(handler.answer(request).await) }
    });
    let connection = http1::Builder::new()
        .auto_date_header(false)
        .pipeline_flush(true)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let ended = tokio::select! {
        // A connection that breaks is the caller's business.
        _ = connection.as_mut() => true,
        () = turn_to_close(&secure.open, number, served) => false,
    };
    if !ended {
        // What is under way is still answered.
        connection.as_mut().graceful_shutdown();
        let _ = connection.await;
    }
    lock(&secure.open).remove(&number);
}

/// Waits until an expired certificate comes into force, and then for this connection's turn: the oldest at once, the
/// youngest last.
async fn turn_to_close(
    open: &Mutex<BTreeSet<u64>>,
    number: u64,
    mut served: watch::Receiver<Served>,
) {
    if served.wait_for(|served| served.former).await.is_err() {
        return;
    }
    let (rank, others) = {
        let open = lock(open);
        (open.range(..number).count(), open.len().saturating_sub(1).max(1))
    };
    tokio::time::sleep(CLOSE_WITHIN.mul_f64(rank as f64 / others as f64)).await;
}

/// Makes a handshake with its own port again and again; asks for a new certificate when the one it sees has ended, or is
/// about to.
async fn keep_valid(context: Arc<Context>, address: SocketAddr) {
    let attempts = attempts(&context);
    let renews = context.spec.defences.has(Defence::CertificateRenewal);
    let mut served = context.certificates.watch();
    let (mut wait, mut not_before) = (AGAIN_AFTER, Duration::ZERO);
    loop {
        tokio::select! {
            () = tokio::time::sleep(CHECK_EVERY) => {}
            changed = served.changed() => {
                if changed.is_err() { return }
                // Not before whoever changed it has seen it.
                continue;
            }
        }
        let Some(authority) = context.certificates.authority() else { continue };
        let now: Arc<dyn Now> = context.wall.clone();
        let seen = handshake(address, &authority, now).await;
        let left = served.borrow_and_update().until - context.wall.now();
        if seen != Err(Trouble::Expired) && left > RENEW_BEFORE {
            wait = AGAIN_AFTER;
            continue;
        }
        if renews && context.now() >= not_before {
            attempts.count();
            say(&Notice::WantCertificate);
            not_before = context.now() + wait;
            wait = (wait * 2).min(AGAIN_AT_MOST);
        }
    }
}

fn attempts(context: &Arc<Context>) -> Signal {
    let help = "Attempts of the gateway to get a new certificate by itself";
    Signal::new(context, Instrument::RenewalAttempts, help)
}

/// Gets a new certificate because someone wants it.
pub(super) async fn renew(context: &Arc<Context>) -> Answer {
    let mut served = context.certificates.watch();
    let before = served.borrow_and_update().renewed;
    context.tally.count(Instrument::RenewalAttempts);
    say(&Notice::WantCertificate);
    let renewed = served.wait_for(|served| served.renewed > before);
    match tokio::time::timeout(RENEW_LIMIT, renewed).await {
        Ok(Ok(served)) => {
            let hours = (served.until - context.wall.now()) / 3_600_000;
            let what = said!(
                "lab-certificate-served",
                "a new certificate is served; it ends in {hours} h",
                hours = hours
            );
            Answer::Said { what }
        }
        _ => Answer::Failed {
            why: format!("no new certificate came within {} s", RENEW_LIMIT.as_secs()),
        },
    }
}
