//! What happens to HTTP answers of this pod while a fault says so. Not which answers there are.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::header::CONTENT_TYPE;
use hyper::{Response, StatusCode};

use crate::gameday::fault::HttpAction;

type Reply = Response<Full<Bytes>>;

/// Marks an answer instead of which the connection is closed.
#[derive(Clone, Copy)]
pub(super) struct Aborted;

/// Where a byte was, this is.
const GARBAGE: u8 = 0xff;

/// Answers that were damaged since the pod started.
#[derive(Debug, Default)]
pub(super) struct Damages(AtomicU64);

impl Damages {
    /// How many.
    pub(super) fn count(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }

    /// Damages an answer.
    pub(super) async fn done_to(&self, mut reply: Reply, action: HttpAction) -> Reply {
        self.0.fetch_add(1, Ordering::Relaxed);
        match action {
            HttpAction::Abort => {
                reply.extensions_mut().insert(Aborted);
                reply
            }
            HttpAction::Delay { latency } => {
                tokio::time::sleep(Duration::from(latency)).await;
                reply
            }
            HttpAction::Status { code } => {
                // Others were refused before the fault began.
                *reply.status_mut() = StatusCode::from_u16(code).unwrap_or_default();
                reply.headers_mut().remove(CONTENT_TYPE);
                reply.map(|_| Full::default())
            }
            HttpAction::Body => {
                let (head, body) = reply.into_parts();
                let whole = body.collect().await.map(|body| body.to_bytes()).unwrap_or_default();
                Reply::from_parts(head, Full::new(spoilt(&whole)))
            }
        }
    }
}

/// Half of the bytes are lost, and half of those that stay are wrong.
fn spoilt(body: &[u8]) -> Bytes {
    let kept = body.len().div_ceil(2);
    let mut spoilt = body[..kept].to_vec();
    spoilt[kept / 2..].fill(GARBAGE);
    spoilt.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_body_survives_damage() {
        for body in ["{\"order\":1}", "[]", "x"] {
            let spoilt = spoilt(body.as_bytes());
            assert!(!spoilt.is_empty() && spoilt.contains(&GARBAGE), "{body}");
            assert!(serde_json::from_slice::<serde_json::Value>(&spoilt).is_err(), "{body}");
        }
        assert!(spoilt(b"").is_empty());
    }
}
