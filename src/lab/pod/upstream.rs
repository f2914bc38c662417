//! One pod that is called over HTTP: its pool of connections, its breaker, its health. Chooses nothing: see `gateway`.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;

use super::breaker::{Breaker, Pass, Rules};
use super::context::Context;
use super::faults::Link;
use super::using::Using;
use super::wire::Wire;
use crate::gameday::defence::Defence;
use crate::lab::channel::Endpoint;
use crate::lab::lock::lock;

/// Idle connections kept per upstream.
const KEEP: usize = 64;

/// Why a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CallError {
    /// Nobody can be called at the moment.
    Nobody,
    /// It took too long.
    Late,
    /// The connection could not be opened: the request was never sent.
    Unsent,
    /// The connection broke.
    Broken,
}

/// One pod that is called.
pub(super) struct Upstream {
    /// Its name.
    pub pod: String,
    /// Where it listens.
    pub address: SocketAddr,
    /// Stops calls when too many of them fail.
    pub breaker: Breaker,
    /// What the health checks and the last call say.
    pub healthy: AtomicBool,
    answered: AtomicU64,
    link: Arc<Link>,
    idle: Mutex<Vec<SendRequest<Full<Bytes>>>>,
    in_use: AtomicUsize,
}

impl Upstream {
    /// Not yet called.
    pub(super) fn new(context: &Context, endpoint: &Endpoint) -> Arc<Self> {
        Arc::new(Self {
            pod: endpoint.pod.clone(),
            address: endpoint.address,
            breaker: Breaker::new(Rules {
                on: context.has(Defence::CircuitBreakers),
                ..Rules::default()
            }),
            healthy: AtomicBool::new(true),
            answered: AtomicU64::new(0),
            link: context.faults.link(&endpoint.pod),
            idle: Mutex::default(),
            in_use: AtomicUsize::new(0),
        })
    }

    /// Calls under way.
    pub(super) fn in_use(&self) -> usize {
        self.in_use.load(Ordering::Relaxed)
    }

    /// When it answered last, in microseconds on the clock.
    pub(super) fn answered(&self) -> u64 {
        self.answered.load(Ordering::Relaxed)
    }

    /// It answered at `now`, well or by saying that it cannot serve.
    pub(super) fn answered_well(&self, pass: Option<Pass>, well: bool, now: Duration) {
        if let Some(pass) = pass {
            self.breaker.leave(pass, now, well);
        }
        if well {
            let now = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
            self.answered.store(now, Ordering::Relaxed);
        }
    }

    /// It failed at `now`. A broken connection may mean that nobody is there: the next health check will tell, if there
    /// are any, which is when the error is `seen`.
    pub(super) fn unwell(&self, pass: Option<Pass>, seen: Option<CallError>, now: Duration) {
        if let Some(pass) = pass {
            self.breaker.leave(pass, now, false);
        }
        if seen.is_some_and(|error| error != CallError::Late) {
            self.healthy.store(false, Ordering::Relaxed);
        }
    }

    /// Connections waiting for work.
    pub(super) fn idle(&self) -> usize {
        lock(&self.idle).len()
    }

    /// Sends a request and waits for the whole answer, for at most `limit`.
    pub(super) async fn call(
        &self,
        context: &Context,
        request: Request<Full<Bytes>>,
        limit: Duration,
    ) -> Result<Response<Bytes>, CallError> {
        let _using = Using::of(&self.in_use);
        match tokio::time::timeout(limit, self.exchange(context, request)).await {
            Ok(answer) => answer,
            Err(_) => Err(CallError::Late),
        }
    }

    async fn exchange(
        &self,
        context: &Context,
        mut request: Request<Full<Bytes>>,
    ) -> Result<Response<Bytes>, CallError> {
        self.link.before_request().await;
        // A kept connection may have been closed meanwhile; what it did not send goes over the next.
        let (sender, response) = loop {
            let (mut sender, kept) = match self.take() {
                Some(sender) => (sender, true),
                None => (self.connect(context).await.ok_or(CallError::Unsent)?, false),
            };
            if sender.ready().await.is_err() {
                if kept {
                    continue;
                }
                return Err(CallError::Unsent);
            }
            match sender.try_send_request(request).await {
                Ok(response) => break (sender, response),
                Err(mut error) => match error.take_message() {
                    Some(unsent) if kept => request = unsent,
                    Some(_) => return Err(CallError::Unsent),
                    None => return Err(CallError::Broken),
                },
            }
        };
        let (head, body) = response.into_parts();
        let body = whole(body).await.ok_or(CallError::Broken)?;
        self.put(sender);
        Ok(Response::from_parts(head, body))
    }

    fn take(&self) -> Option<SendRequest<Full<Bytes>>> {
        let mut idle = lock(&self.idle);
        // The freshest first: it is warm, and old ones die out.
        while let Some(sender) = idle.pop() {
            if !sender.is_closed() {
                return Some(sender);
            }
        }
        None
    }

    fn put(&self, sender: SendRequest<Full<Bytes>>) {
        let mut idle = lock(&self.idle);
        if idle.len() < KEEP && !sender.is_closed() {
            idle.push(sender);
        }
    }

    async fn connect(&self, context: &Context) -> Option<SendRequest<Full<Bytes>>> {
        let link = Arc::clone(&self.link);
        let wire = Wire::connect(self.address, link, Arc::clone(&context.clock)).await.ok()?;
        let (sender, connection) = http1::handshake(TokioIo::new(wire)).await.ok()?;
        tokio::spawn(connection);
        Some(sender)
    }
}

/// The whole body; small ones come in one piece, which is not copied.
async fn whole(mut body: Incoming) -> Option<Bytes> {
    if body.size_hint().exact() == Some(0) {
        return Some(Bytes::new());
    }
    match body.frame().await {
        None => Some(Bytes::new()),
        Some(Ok(frame)) if body.is_end_stream() => frame.into_data().ok(),
        Some(first) => {
            let mut whole = first.ok()?.into_data().ok()?.to_vec();
            whole.extend_from_slice(&body.collect().await.ok()?.to_bytes());
            Some(whole.into())
        }
    }
}
