//! The token by which a pod says on whose behalf it calls: that of its app's service account. Who may do what is decided
//! where the call arrives.

use std::sync::Arc;
use std::time::Duration;

use hyper::header::HeaderValue;
use tokio::sync::watch;

use super::context::Context;
use super::oauth::Who;
use super::provider::Provider;
use super::token::LIFE;
use crate::lab::shop::ACCOUNT;

/// The header that carries it.
pub(super) const HEADER: &str = "x-service-token";

/// A token so old is renewed, a little late where that does not work at once.
const HALF_LIFE: Duration = Duration::from_secs(LIFE.unsigned_abs() / 2);

/// Without a token it is asked for so often, with one that is old so often.
const AGAIN: Duration = Duration::from_millis(50);
const LATER: Duration = Duration::from_secs(1);

/// Calls wait so long for the first token.
const FIRST: Duration = Duration::from_secs(1);

/// The account of a pod.
pub(super) struct Account(watch::Receiver<Option<HeaderValue>>);

impl Account {
    /// Gets a token and renews it from now on.
    pub(super) fn new(context: &Arc<Context>) -> Self {
        let (token, receiver) = watch::channel(None);
        tokio::spawn(renew(Provider::new(context), token));
        Self(receiver)
    }

    /// The value of the header; none when no token has come.
    pub(super) async fn header(&self) -> Option<HeaderValue> {
        if let Some(token) = &*self.0.borrow() {
            return Some(token.clone());
        }
        let mut token = self.0.clone();
        let first = tokio::time::timeout(FIRST, token.wait_for(Option::is_some)).await;
        first.ok()?.ok()?.clone()
    }
}

async fn renew(provider: Arc<Provider>, token: watch::Sender<Option<HeaderValue>>) {
    let who = Who::Account(ACCOUNT.to_owned());
    loop {
        let issued = provider.token(&who).await;
        let header = issued.and_then(|issued| HeaderValue::try_from(issued.token).ok());
        let wait = match header {
            Some(header) => {
                token.send_replace(Some(header));
                HALF_LIFE
            }
            None if token.borrow().is_none() => AGAIN,
            None => LATER,
        };
        tokio::time::sleep(wait).await;
    }
}
