//! A small, fast HTTP server to measure load generators against. Not part of the program.
//!
//! `bench_server` binds a free port of 127.0.0.1, prints it, and serves until its standard input closes.
#![expect(clippy::print_stdout, reason = "its output is its interface")]

use std::convert::Infallible;
use std::error::Error;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

async fn answer(_: Request<hyper::body::Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let mut response =
        Response::new(Full::new(Bytes::from_static(b"{\"ok\":true,\"items\":[1,2,3]}")));
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    let (open, mut closed) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        // However the input ends, the server ends.
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        drop(open);
    });
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let (stream, _) = accepted?;
                stream.set_nodelay(true)?;
                tokio::spawn(async move {
                    // A connection that ends in an error ends; the generator counts it.
                    let _ = http1::Builder::new()
                        .serve_connection(TokioIo::new(stream), service_fn(answer))
                        .await;
                });
            }
            _ = &mut closed => return Ok(()),
        }
    }
}
