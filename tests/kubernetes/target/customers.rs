//! A page that customers ask for, on this machine. It answers everything with 200.

use std::convert::Infallible;

use bytes::Bytes;
use http_body_util::Full;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

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
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(async move {
                    let page = service_fn(|_: Request<hyper::body::Incoming>| async {
                        Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"hello"))))
                    });
                    // A customer that goes away is none.
                    drop(
                        hyper::server::conn::http1::Builder::new()
                            .serve_connection(TokioIo::new(stream), page)
                            .await,
                    );
                });
            }
        });
        Self { url, task }
    }
}
