//! The identity provider as others see it: asking it, and knowing whether it answers. Keeps nothing it said.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Method, Request, StatusCode, Uri};
use serde::de::DeserializeOwned;

use super::context::Context;
use super::oauth::{Issued, Who};
use super::query::encode;
use super::upstream::Upstream;
use crate::lab::channel::Endpoint;
use crate::lab::lock::lock;
use crate::lab::shop::Role;

/// How long an answer may take.
const LIMIT: Duration = Duration::from_millis(400);

/// So often it is asked whether it is there.
const LOOK_EVERY: Duration = Duration::from_millis(500);

/// The identity provider.
pub(super) struct Provider {
    context: Arc<Context>,
    upstream: Mutex<Option<Arc<Upstream>>>,
    up: AtomicBool,
}

impl Provider {
    /// Follows the provider from now on.
    pub(super) fn new(context: &Arc<Context>) -> Arc<Self> {
        let provider = Arc::new(Self {
            context: Arc::clone(context),
            upstream: Mutex::default(),
            up: AtomicBool::new(false),
        });
        let following = Arc::clone(&provider);
        tokio::spawn(async move {
            let context = Arc::clone(&following.context);
            context.follow(|told| following.keep(told)).await;
        });
        tokio::spawn(look(Arc::clone(&provider)));
        provider
    }

    /// Whether it answered when it was asked last.
    pub(super) fn is_up(&self) -> bool {
        self.up.load(Ordering::Relaxed)
    }

    /// A token; none when it does not answer, or gives none.
    pub(super) async fn token(&self, who: &Who) -> Option<Issued> {
        let mut request = Request::new(Full::new(encode(who)));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = Uri::from_static("/token");
        let kind = HeaderValue::from_static("application/json");
        request.headers_mut().insert(CONTENT_TYPE, kind);
        self.ask(request).await
    }

    /// What it shows under `path`.
    pub(super) async fn get<T: DeserializeOwned>(&self, path: &'static str) -> Option<T> {
        let mut request = Request::new(Full::default());
        *request.uri_mut() = Uri::from_static(path);
        self.ask(request).await
    }

    async fn ask<T: DeserializeOwned>(&self, request: Request<Full<Bytes>>) -> Option<T> {
        serde_json::from_slice(&self.send(request).await?).ok()
    }

    async fn send(&self, mut request: Request<Full<Bytes>>) -> Option<Bytes> {
        request.headers_mut().insert(HOST, HeaderValue::from_static(Role::Auth.app()));
        let upstream = lock(&self.upstream).clone();
        let answer = match upstream {
            Some(upstream) => upstream.call(&self.context, request, LIMIT).await.ok(),
            None => None,
        };
        self.up.store(answer.is_some(), Ordering::Relaxed);
        answer.filter(|answer| answer.status() == StatusCode::OK).map(|answer| answer.into_body())
    }

    fn keep(&self, told: &[Endpoint]) {
        let next = told.iter().find(|one| one.role == Role::Auth);
        let mut upstream = lock(&self.upstream);
        if upstream.as_ref().map(|one| one.address) != next.map(|next| next.address) {
            *upstream = next.map(|next| Upstream::new(&self.context, next));
            self.up.store(upstream.is_some(), Ordering::Relaxed);
        }
    }
}

async fn look(provider: Arc<Provider>) {
    let mut tick = tokio::time::interval(LOOK_EVERY);
    loop {
        tick.tick().await;
        let mut request = Request::new(Full::default());
        *request.uri_mut() = Uri::from_static("/healthz");
        provider.send(request).await;
    }
}
