//! The port: connections, TLS, HTTP, and cutting all of it.

use std::net::SocketAddr;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use super::super::port::listen;
use super::handle::answer;
use super::shared::Shared;

/// A server that listens.
pub struct Listening {
    accepting: JoinHandle<()>,
    cut: watch::Sender<()>,
}

impl Listening {
    /// Listens at the address of a port that is held.
    pub async fn at(address: SocketAddr, tls: TlsAcceptor, shared: Arc<Shared>) -> Self {
        let cut = watch::Sender::new(());
        let accepting = tokio::spawn(accept(listen(address), tls, shared, cut.clone()));
        Self { accepting, cut }
    }

    /// Listens no longer, and cuts every connection; afterwards nothing more is answered.
    pub async fn end(self) {
        self.accepting.abort();
        drop(self.accepting.await);
        self.cut.send_replace(());
        self.cut.closed().await;
    }

    /// Cuts every connection, but goes on listening.
    pub fn cut(&self) {
        self.cut.send_replace(());
    }
}

async fn accept(
    listener: TcpListener,
    tls: TlsAcceptor,
    shared: Arc<Shared>,
    cut: watch::Sender<()>,
) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            continue;
        };
        let (tls, shared, mut cut) = (tls.clone(), Arc::clone(&shared), cut.subscribe());
        tokio::spawn(async move {
            tokio::select! {
                () = connection(stream, tls, shared) => {}
                _ = cut.changed() => {}
            }
        });
    }
}

async fn connection(stream: TcpStream, tls: TlsAcceptor, shared: Arc<Shared>) {
    drop(stream.set_nodelay(true));
    // A client that does not trust us, or goes away, is its own matter.
    let Ok(stream) = tls.accept(stream).await else {
        return;
    };
    let service = service_fn(move |request| answer(Arc::clone(&shared), request));
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service);
    drop(serving.await);
}
