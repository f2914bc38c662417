//! A bound on the time that an adapter may take, and on the harm that it may do. Not what it does.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use tokio::time::timeout;

use crate::exercise::said::{Said, said};
use crate::gameday::span::Span;

/// Gives `work` so much time and no more; an adapter that panics has failed, and takes nothing with it.
pub(super) async fn bounded<T>(
    what: &str,
    bound: Duration,
    work: impl Future<Output = Result<T, Said>>,
) -> Result<T, Said> {
    match timeout(bound, AssertUnwindSafe(work).catch_unwind()).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(said!("why-panicked", "{what}: the adapter panicked", what = what)),
        Err(_) => {
            let bound = Span::from(bound);
            Err(said!(
                "why-too-long",
                "{what} took longer than {bound}",
                what = what,
                bound = bound
            ))
        }
    }
}
