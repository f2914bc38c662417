//! A page that customers ask for, on this machine. It answers everything with 200.

use std::convert::Infallible;

use bytes::Bytes;
use http_body_util::Full;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

use crate::fake::tls;

/// The page; gone when this is dropped.
pub struct Customers {
    pub url: String,
    task: JoinHandle<()>,
}

impl Drop for Customers {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Customers {
    pub async fn served() -> Self {
        Self::behind(None).await
    }

    /// Over TLS, and the certificate (PEM) of the authority that customers have to trust.
    pub async fn secured() -> (Self, String) {
        let (tls, authority) = tls::new();
        (Self::behind(Some(tls)).await, authority)
    }

    async fn behind(tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let scheme = if tls.is_some() { "https" } else { "http" };
        let url = format!("{scheme}://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let tls = tls.clone();
                tokio::spawn(async move {
                    match tls {
                        None => answer(stream).await,
                        Some(tls) => {
                            if let Ok(stream) = tls.accept(stream).await {
                                answer(stream).await;
                            }
                        }
                    }
                });
            }
        });
        Self { url, task }
    }
}

async fn answer(stream: impl AsyncRead + AsyncWrite + Unpin) {
    let page = service_fn(|_: Request<hyper::body::Incoming>| async {
        Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"hello"))))
    });
    let server = hyper::server::conn::http1::Builder::new();
    // A customer that goes away is none.
    drop(server.serve_connection(TokioIo::new(stream), page).await);
}
