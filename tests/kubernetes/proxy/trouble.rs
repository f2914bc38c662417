//! What goes wrong between a client and its API server, when, and how often. Not the wire (see `proxy`).

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::watch;

use super::asked::Asked;

/// One way in which a request goes wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ill {
    /// It is handed on only after this time.
    Slow(Duration),
    /// The connection is reset before the server hears of it.
    Reset,
    /// The server does it, and the connection is reset instead of an answer.
    Lost,
    /// The server says no.
    Status { code: u16, reason: String, message: String, retry_after: Option<u64> },
}

impl Ill {
    fn status(code: u16, reason: &str, message: &str) -> Self {
        let (reason, message) = (reason.to_owned(), message.to_owned());
        Self::Status { code, reason, message, retry_after: None }
    }

    /// Throttled: 429 with `Retry-After`.
    pub fn throttled(seconds: u64) -> Self {
        let (reason, message) = ("TooManyRequests".to_owned(), "please try again later".to_owned());
        Self::Status { code: 429, reason, message, retry_after: Some(seconds) }
    }

    /// 500.
    pub fn broken() -> Self {
        Self::status(500, "InternalError", "etcdserver: request timed out")
    }

    /// 503, as while an API server starts.
    pub fn starting() -> Self {
        Self::status(503, "ServiceUnavailable", "apiserver is starting")
    }

    /// 401: the token has expired.
    pub fn expired() -> Self {
        Self::status(401, "Unauthorized", "Unauthorized")
    }

    /// 403.
    pub fn forbidden(message: &str) -> Self {
        Self::status(403, "Forbidden", message)
    }

    /// 410: the resource version is too old.
    pub fn too_old() -> Self {
        Self::status(410, "Expired", "too old resource version: 1 (2)")
    }
}

/// One kind of trouble that is on.
struct Rule {
    verb: String,
    resource: String,
    left: usize,
    ill: Ill,
}

/// Everything that is wrong now; and what was asked so far.
pub struct Trouble {
    rules: Mutex<Vec<Rule>>,
    asked: Mutex<Vec<Asked>>,
    cuts: watch::Sender<u64>,
    closing: watch::Sender<u64>,
    wanted: watch::Sender<bool>,
    listening: watch::Sender<bool>,
}

impl Default for Trouble {
    fn default() -> Self {
        Self {
            rules: Mutex::default(),
            asked: Mutex::default(),
            cuts: watch::Sender::new(0),
            closing: watch::Sender::new(0),
            wanted: watch::Sender::new(true),
            listening: watch::Sender::new(true),
        }
    }
}

impl Trouble {
    /// The next `times` requests of this verb and resource (`*` is any; `pods/eviction`) go wrong so.
    pub fn next(&self, times: usize, verb: &str, resource: &str, ill: Ill) {
        let (verb, resource) = (verb.to_owned(), resource.to_owned());
        self.rules().push(Rule { verb, resource, left: times, ill });
    }

    /// Every request of this verb and resource goes wrong so, until `over`.
    pub fn always(&self, verb: &str, resource: &str, ill: Ill) {
        self.next(usize::MAX, verb, resource, ill);
    }

    /// Nothing more goes wrong; what was counted and not met is forgotten.
    pub fn over(&self) {
        self.rules().clear();
    }

    /// How many of the requests that were to go wrong have not come.
    pub fn outstanding(&self) -> usize {
        self.rules().iter().filter(|rule| rule.left < usize::MAX).map(|rule| rule.left).sum()
    }

    /// Breaks every watch off.
    pub fn cut_watches(&self) {
        self.cuts.send_modify(|cut| *cut += 1);
    }

    /// Resets every connection.
    pub fn drop_connections(&self) {
        self.closing.send_modify(|cut| *cut += 1);
    }

    /// The server is gone: connections are reset, new ones refused, until `back`.
    pub async fn gone(&self) {
        self.wanted.send_replace(false);
        self.wait_listening(false).await;
        self.drop_connections();
    }

    /// The server is there again.
    pub async fn back(&self) {
        self.wanted.send_replace(true);
        self.wait_listening(true).await;
    }

    /// Everything that was asked through the proxy so far.
    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// Notes a request, and what is to go wrong with it.
    pub(super) fn meet(&self, asked: &Asked) -> Option<Ill> {
        self.asked.lock().unwrap().push(asked.clone());
        let mut rules = self.rules();
        let fits = |rule: &Rule| {
            (rule.verb == "*" || rule.verb == asked.verb)
                && (rule.resource == "*" || rule.resource == asked.resource)
        };
        let position = rules.iter().position(fits)?;
        let ill = rules[position].ill.clone();
        if rules[position].left < usize::MAX {
            rules[position].left -= 1;
        }
        if rules[position].left == 0 {
            rules.remove(position);
        }
        Some(ill)
    }

    pub(super) fn cuts(&self) -> watch::Receiver<u64> {
        self.cuts.subscribe()
    }

    pub(super) fn closing(&self) -> watch::Receiver<u64> {
        self.closing.subscribe()
    }

    pub(super) fn wanted(&self) -> watch::Receiver<bool> {
        self.wanted.subscribe()
    }

    pub(super) fn listening(&self, now: bool) {
        self.listening.send_replace(now);
    }

    async fn wait_listening(&self, wanted: bool) {
        self.listening.subscribe().wait_for(|now| *now == wanted).await.unwrap();
    }

    fn rules(&self) -> MutexGuard<'_, Vec<Rule>> {
        self.rules.lock().unwrap()
    }
}
