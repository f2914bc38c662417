//! The token by which a pod says on whose behalf it calls: that of its app's service account. Who may do what is decided
//! where the call arrives.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::Response;
use hyper::header::HeaderValue;
use tokio::sync::{Notify, watch};

use super::balancer::{Ask, Balancer};
use super::context::Context;
use super::oauth::Who;
use super::provider::Provider;
use super::token::{LIFE, SERVICE_TOKEN};
use super::upstream::CallError;
use crate::gameday::defence::Defence;
use crate::lab::shop::ACCOUNT;

/// A token so old is renewed, a little late where that does not work at once.
const HALF_LIFE: Duration = Duration::from_secs(LIFE.unsigned_abs() / 2);

/// Without a token it is asked for so often, with one that is old so often.
const AGAIN: Duration = Duration::from_millis(50);
const LATER: Duration = Duration::from_secs(1);

/// After a token was refused another is asked for, but not more often than this.
const REFUSED: Duration = Duration::from_millis(50);

/// Calls wait so long for the first token.
const FIRST: Duration = Duration::from_millis(300);

/// The account of a pod.
pub(super) struct Account {
    token: watch::Receiver<Option<HeaderValue>>,
    refused: Arc<Notify>,
}

impl Account {
    /// Gets a token and renews it from now on.
    pub(super) fn new(context: &Arc<Context>) -> Self {
        let file = context.spec.folder.join(format!("{}-token", context.spec.name));
        let file = context.has(Defence::TokenCache).then_some(file);
        // One that is kept is good while the provider does not answer.
        let kept = file.as_ref().and_then(|file| std::fs::read(file).ok());
        let kept = kept.and_then(|kept| HeaderValue::from_bytes(&kept).ok());
        let (sender, token) = watch::channel(kept);
        let refused = Arc::new(Notify::new());
        let renewal = Renewal { provider: Provider::new(context), sender, file };
        tokio::spawn(renewal.go_on(Arc::clone(&refused)));
        Self { token, refused }
    }

    /// The value of the header; none when no token has come.
    async fn header(&self) -> Option<HeaderValue> {
        if let Some(token) = &*self.token.borrow() {
            return Some(token.clone());
        }
        let mut token = self.token.clone();
        let first = tokio::time::timeout(FIRST, token.wait_for(Option::is_some)).await;
        first.ok()?.ok()?.clone()
    }

    /// Asks in the name of the account; once more with another token where this one was not believed.
    pub(super) async fn ask(
        &self,
        app: &Balancer,
        mut ask: Ask,
    ) -> Result<Response<Bytes>, CallError> {
        ask.account = self.header().await;
        let answer = app.ask(&ask).await;
        if !answer.as_ref().is_ok_and(|answer| answer.headers().contains_key(SERVICE_TOKEN)) {
            return answer;
        }
        let mut token = self.token.clone();
        self.refused.notify_one();
        let another = token.wait_for(|token| *token != ask.account);
        match tokio::time::timeout(FIRST, another).await {
            Ok(Ok(another)) => ask.account.clone_from(&another),
            _ => return answer,
        }
        app.ask(&ask).await
    }
}

/// Keeps a token that is not too old.
struct Renewal {
    provider: Arc<Provider>,
    sender: watch::Sender<Option<HeaderValue>>,
    /// Where it is kept for the next process of this pod, if it is.
    file: Option<PathBuf>,
}

impl Renewal {
    async fn go_on(self, refused: Arc<Notify>) {
        let who = Who::Account(ACCOUNT.to_owned());
        loop {
            let issued = self.provider.token(&who).await;
            let header = issued.and_then(|issued| HeaderValue::try_from(issued.token).ok());
            let wait = match header {
                Some(header) => {
                    if let Some(file) = &self.file {
                        // A full disk only costs the next process some patience.
                        let _ = std::fs::write(file, header.as_bytes());
                    }
                    self.sender.send_replace(Some(header));
                    HALF_LIFE
                }
                None if self.sender.borrow().is_none() => AGAIN,
                None => LATER,
            };
            tokio::select! {
                () = tokio::time::sleep(wait) => {}
                () = refused.notified() => tokio::time::sleep(REFUSED).await,
            }
        }
    }
}
