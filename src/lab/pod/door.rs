//! Takes connections on the port of a pod. Not what is said over them.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::context::Context;
use super::wire::Wire;
use crate::lab::channel::CUSTOMERS;

/// Takes connections for ever and gives each to `take`.
pub(super) async fn accept(
    context: Arc<Context>,
    listener: TcpListener,
    mut take: impl FnMut(Wire) + Send,
) {
    let link = context.faults.link(CUSTOMERS);
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                take(Wire::new(stream, Arc::clone(&link), Arc::clone(&context.clock)));
            }
            // No more files may be opened: wait until some connection has ended.
            Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
        }
    }
}
