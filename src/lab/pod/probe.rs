//! Looks how long something small takes on a fresh connection: the evidence that a fault is there, or gone.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::context::Context;
use super::frames::Line;
use super::message::Ask;
use super::query::{Query, encode};
use super::wire::Wire;
use crate::lab::channel::Endpoint;
use crate::lab::shop::Role;

/// The time a small question to `peer` took, with everything that makes requests late; `None`: no answer within `limit`.
pub(super) async fn probe(context: &Arc<Context>, peer: &str, limit: Duration) -> Option<Duration> {
    let endpoint = {
        let told = context.endpoints.borrow();
        told.iter().find(|one| one.pod == peer).cloned()?
    };
    let start = context.now();
    let answered = if endpoint.role.speaks_http() {
        tokio::time::timeout(limit, http(context, &endpoint)).await.unwrap_or(false)
    } else {
        let question = match endpoint.role {
            Role::Cache => "get probe".into(),
            Role::Queue => encode(&Ask::Ping),
            _ => encode(&Query::Ping),
        };
        Line::new(context, &endpoint).ask(question, limit).await.is_ok()
    };
    answered.then(|| context.now() - start)
}

async fn http(context: &Context, endpoint: &Endpoint) -> bool {
    let link = context.faults.link(&endpoint.pod);
    link.before_request().await;
    let Ok(mut wire) = Wire::connect(endpoint.address, link, Arc::clone(&context.clock)).await
    else {
        return false;
    };
    let question = b"GET /healthz HTTP/1.1\r\nhost: probe\r\nconnection: close\r\n\r\n";
    if wire.write_all(question).await.is_err() {
        return false;
    }
    let mut first = [0_u8; 8];
    wire.read_exact(&mut first).await.is_ok()
}
