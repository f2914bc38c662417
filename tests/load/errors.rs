//! Servers that misbehave, each in its own way.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use gameday::exercise::sample::ErrorCounts;
use gameday::gameday::span::Span;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

use super::rig::{Run, assert_complete, errors, order, server, streams, sum, text};

async fn take_request(stream: &mut TcpStream) {
    let mut buffer = [0; 4_096];
    let _ = stream.read(&mut buffer).await;
}

/// Answers every connection with these bytes and closes it.
async fn saying(bytes: &'static [u8]) -> SocketAddr {
    streams(move |mut stream| async move {
        take_request(&mut stream).await;
        let _ = stream.write_all(bytes).await;
    })
    .await
}

/// Bound, so that nobody else gets the port, and not listening: connections are refused.
fn refusing() -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
    socket
}

async fn resetting() -> SocketAddr {
    streams(|mut stream| async move {
        take_request(&mut stream).await;
        let _ = stream.set_zero_linger();
    })
    .await
}

async fn hanging() -> SocketAddr {
    streams(|mut stream| async move {
        let mut sink = Vec::new();
        let _ = stream.read_to_end(&mut sink).await;
    })
    .await
}

async fn hanging_in_the_body() -> SocketAddr {
    streams(|mut stream| async move {
        take_request(&mut stream).await;
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello").await;
        let mut sink = Vec::new();
        let _ = stream.read_to_end(&mut sink).await;
    })
    .await
}

/// One second of load; everything attempted must have ended in the one way that `kind` names.
async fn all_end_as(name: &str, address: SocketAddr, kind: fn(&ErrorCounts) -> u64) {
    let mut order = order(address);
    order.traffic.timeout = Span::from_millis(300);
    let mut run = Run::at(order, 100.0);
    run.seconds(1).await;
    let samples = run.finish().await;
    assert_complete(&samples);
    let counts = errors(&samples);
    let attempted = sum(&samples, |sample| sample.attempted);
    assert!(attempted >= 90, "{name}: {attempted}");
    assert_eq!(kind(&counts), attempted, "{name}: {counts:?}");
    assert_eq!(counts.total(), attempted, "{name}: {counts:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_kind_of_failure_is_told_apart() {
    let refusing = refusing();
    tokio::join!(
        all_end_as("refused", refusing.local_addr().unwrap(), |errors| errors.refused),
        all_end_as("reset", resetting().await, |errors| errors.reset),
        all_end_as("closed unanswered", saying(b"").await, |errors| errors.reset),
        all_end_as("hang", hanging().await, |errors| errors.timeout),
        all_end_as("half a body", hanging_in_the_body().await, |errors| errors.timeout),
        all_end_as("garbage", saying(b"220 ftp ready\r\n\r\n").await, |errors| errors.protocol),
        all_end_as(
            "cut body",
            saying(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhello").await,
            |errors| errors.protocol
        ),
        all_end_as("404", server(|_| async { text(404, "no") }).await, |errors| errors.client),
        all_end_as("503", server(|_| async { text(503, "no") }).await, |errors| errors.server),
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn redirects_are_answers_and_are_not_followed() {
    let seen = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&seen);
    let address = server(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        async {
            let mut answer = text(302, "");
            answer.headers_mut().insert("location", "/elsewhere".parse().unwrap());
            answer
        }
    })
    .await;
    let mut run = Run::at(order(address), 100.0);
    run.seconds(1).await;
    let samples = run.finish().await;
    assert_complete(&samples);
    let ok = sum(&samples, |sample| sample.ok);
    assert_eq!((ok, errors(&samples).total()), (seen.load(Ordering::Relaxed) as u64, 0));
}

/// A server may close a connection that nobody is using: the next request opens another.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_connection_closed_while_idle_is_nobodys_fault() {
    let opened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&opened);
    let address = streams(move |mut stream| {
        count.fetch_add(1, Ordering::Relaxed);
        async move {
            for _ in 0..3 {
                take_request(&mut stream).await;
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
            }
        }
    })
    .await;
    let mut run = Run::at(order(address), 60.0);
    run.seconds(1).await;
    let samples = run.finish().await;
    assert_complete(&samples);
    let ok = sum(&samples, |sample| sample.ok);
    assert_eq!(errors(&samples).total(), 0, "{:?}", errors(&samples));
    assert!(opened.load(Ordering::Relaxed) as u64 >= ok / 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn connections_are_kept_and_used_again() {
    let opened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&opened);
    let address = streams(move |stream| {
        count.fetch_add(1, Ordering::Relaxed);
        super::rig::serve(hyper_util::rt::TokioIo::new(stream), |_| async { text(200, "ok") })
    })
    .await;
    let mut run = Run::at(order(address), 500.0);
    run.seconds(1).await;
    let samples = run.finish().await;
    assert_complete(&samples);
    let (opened, ok) = (opened.load(Ordering::Relaxed) as u64, sum(&samples, |sample| sample.ok));
    assert!(ok > 400 && opened * 4 < ok, "{opened} connections for {ok} requests");
}
