//! Asks an API server again while it cannot be reached or has too much to do: for what has to succeed, such as letting go.

use std::future::Future;
use std::io;
use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::trouble::code;

/// One call may take so long.
const CALL: Duration = Duration::from_secs(10);
/// So long is waited after the first failure, and twice as long after each other one.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// Makes a call again and again for at most `limit`, as long as trying again can help.
///
/// # Errors
/// The last one, or one that does not go away by waiting.
pub async fn patiently<T, F, W>(limit: Duration, mut call: F) -> kube::Result<T>
where
    F: FnMut() -> W + Send,
    W: Future<Output = kube::Result<T>> + Send,
{
    let mut last = None;
    let work = async {
        let mut wait = FIRST_WAIT;
        loop {
            match timeout(CALL, call()).await {
                Ok(Err(error)) if passes(&error) => last = Some(error),
                Ok(done) => return done,
                Err(_) => last = Some(late()),
            }
            sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    };
    let done = timeout(limit, work).await;
    done.unwrap_or_else(|_| Err(last.unwrap_or_else(late)))
}

fn late() -> kube::Error {
    let why = io::Error::new(io::ErrorKind::TimedOut, "no answer in time");
    kube::Error::Service(Box::new(why))
}

/// Whether trying again can help.
fn passes(error: &kube::Error) -> bool {
    match code(error) {
        // A webhook that is not there does not come back by asking.
        Some(500) => !error.to_string().contains("webhook"),
        Some(code) => matches!(code, 429 | 502..=504),
        None => matches!(
            error,
            kube::Error::Service(_) | kube::Error::HyperError(_) | kube::Error::ReadEvents(_)
        ),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use kube::core::Status;

    use super::*;

    fn answer(code: u16, message: &str) -> kube::Error {
        kube::Error::Api(Box::new(Status { code, message: message.into(), ..Status::default() }))
    }

    async fn asked(code: u16, message: &str, failures: u32) -> (u32, bool) {
        let calls = AtomicU32::new(0);
        let done = patiently(Duration::from_secs(30), || {
            let failed = calls.fetch_add(1, Ordering::Relaxed) < failures;
            let outcome = if failed { Err(answer(code, message)) } else { Ok(()) };
            async move { outcome }
        });
        let done = done.await.is_ok();
        (calls.into_inner(), done)
    }

    #[tokio::test(start_paused = true)]
    async fn what_passes_is_waited_for_and_what_does_not_is_told_at_once() {
        assert_eq!(asked(503, "", 4).await, (5, true));
        assert_eq!(asked(429, "", 1).await, (2, true));
        assert_eq!(asked(500, "etcdserver: leader changed", 1).await, (2, true));
        assert_eq!(asked(500, "failed calling webhook", 1).await, (1, false));
        assert_eq!(asked(403, "", 1).await, (1, false));
        assert!(!asked(503, "", 1_000).await.1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_hangs_ends() {
        let done = patiently(Duration::from_secs(25), std::future::pending::<kube::Result<()>>);
        assert!(done.await.unwrap_err().to_string().contains("no answer in time"));
    }
}
