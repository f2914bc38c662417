//! How long an API server may take for an answer, and what is asked again by itself. Not what is asked.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Method, Request, Response, StatusCode};
use kube::client::Body;
use kube::client::retry::RetryPolicy;
use tokio::time::{Sleep, timeout};
use tower::retry::Policy;
use tower::{BoxError, Service};

/// The head of an answer must come within so long.
const ANSWER: Duration = Duration::from_secs(15);

/// Pauses between attempts begin and end with these.
const FIRST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(3);

/// So often it is asked again.
const AGAIN: u32 = 5;

/// Whoever asks for a longer pause is not waited for here.
const MOST_ASKED: u64 = 10;

/// What may be asked again: whatever only looks; and of the rest what a server refused because it has too much to do. An
/// eviction is never repeated: a disruption budget says no in the same words.
#[derive(Clone)]
pub(super) struct Patience(Option<RetryPolicy>);

impl Patience {
    /// With the bounds above.
    pub(super) fn new() -> Self {
        Self(RetryPolicy::new(FIRST, LONGEST, AGAIN, true).ok())
    }
}

impl<T> Policy<Request<Body>, Response<T>, BoxError> for Patience {
    type Future = Sleep;

    fn retry(
        &mut self,
        request: &mut Request<Body>,
        result: &mut Result<Response<T>, BoxError>,
    ) -> Option<Sleep> {
        let response = result.as_ref().ok()?;
        let wait = response.headers().get(http::header::RETRY_AFTER);
        let wait = wait.and_then(|wait| wait.to_str().ok()?.parse::<u64>().ok());
        if !may_repeat(request.method(), request.uri().path(), response.status(), wait) {
            return None;
        }
        self.0.as_mut()?.retry(request, result)
    }

    fn clone_request(&mut self, request: &Request<Body>) -> Option<Request<Body>> {
        let policy = self.0.as_mut()?;
        <RetryPolicy as Policy<Request<Body>, Response<T>, BoxError>>::clone_request(
            policy, request,
        )
    }
}

/// Whether the same may be asked once more after this answer. Pure.
fn may_repeat(method: &Method, path: &str, status: StatusCode, wait: Option<u64>) -> bool {
    if wait.is_some_and(|wait| wait > MOST_ASKED) {
        return false;
    }
    match status {
        StatusCode::TOO_MANY_REQUESTS => !path.ends_with("/eviction"),
        // Whether a change that got no answer in time was made, nobody knows: whoever asked for it must look.
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => method == Method::GET,
        _ => false,
    }
}

/// Waits for an answer for so long and no longer. Watches wait on: they say for themselves how long.
pub(super) struct Bound<S>(S);

impl<S> Bound<S> {
    /// Around a service.
    pub(super) const fn new(inner: S) -> Self {
        Self(inner)
    }
}

impl<S, T> Service<Request<Body>> for Bound<S>
where
    S: Service<Request<Body>, Response = Response<T>, Error = BoxError>,
    S::Future: Send + 'static,
    T: Send + 'static,
{
    type Response = Response<T>;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<T>, BoxError>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let answer = self.0.call(request);
        Box::pin(async move {
            timeout(ANSWER, answer)
                .await
                .unwrap_or_else(|_| Err(format!("no answer within {} s", ANSWER.as_secs()).into()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_did_nothing_is_asked_again() {
        let (busy, down) = (StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE);
        for (method, path, status, wait, again) in [
            (Method::GET, "/api/v1/pods", busy, None, true),
            (Method::GET, "/api/v1/pods", down, Some(1), true),
            (Method::GET, "/api/v1/pods", down, Some(60), false),
            (Method::GET, "/api/v1/pods", StatusCode::NOT_FOUND, None, false),
            (Method::POST, "/api/v1/namespaces/shop/pods", busy, Some(1), true),
            (Method::POST, "/api/v1/namespaces/shop/pods", down, None, false),
            (Method::PATCH, "/x", StatusCode::GATEWAY_TIMEOUT, None, false),
            (Method::POST, "/api/v1/namespaces/shop/pods/a/eviction", busy, None, false),
        ] {
            assert_eq!(may_repeat(&method, path, status, wait), again, "{method} {path} {status}");
        }
    }
}
