//! What a backend does before it serves anyone: it checks who calls, for whom, and whether that is permitted. Issues no
//! tokens and holds no policy of its own.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hyper::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use hyper::{Method, Request, StatusCode};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::context::Context;
use super::http::{Reply, status};
use super::policy::Policy;
use super::provider::Provider;
use super::signal::Signal;
use super::token::{Claims, Doubt, PublicKey, SERVICE_TOKEN, check};
use super::tokens::GRACE;
use crate::gameday::defence::Defence;
use crate::gameday::instrument::Instrument;
use crate::lab::lock::lock;
use crate::lab::shop::{ORDERS_CREATE, PRODUCTS_READ};

/// So often the policy is asked for, and how long the first answer is waited for.
const POLL: Duration = Duration::from_millis(500);
const FIRST: Duration = Duration::from_secs(1);

/// Keys are not asked for more often, whatever tokens come.
const KEYS_EVERY: Duration = Duration::from_millis(100);

/// So many checked tokens are remembered.
const CHECKED: usize = 4_096;

/// What the provider said, as it is kept.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Trust {
    keys: Vec<PublicKey>,
    policy: Policy,
}

/// Checks requests.
pub(super) struct Verifier {
    context: Arc<Context>,
    provider: Arc<Provider>,
    keys: Mutex<Vec<PublicKey>>,
    checked: Mutex<HashMap<String, Claims>>,
    /// When keys were asked for last.
    asked_keys: Mutex<Option<Duration>>,
    /// Whether the provider was asked at all.
    asked: watch::Sender<bool>,
    unknown: Signal,
    forbidden: Signal,
    escalations: Signal,
}

impl Verifier {
    /// Follows the policy from now on.
    pub(super) fn new(context: &Arc<Context>) -> Arc<Self> {
        let signal = |instrument, help| Signal::new(context, instrument, help);
        let verifier = Arc::new(Self {
            context: Arc::clone(context),
            provider: Provider::new(context),
            keys: Mutex::default(),
            checked: Mutex::default(),
            asked_keys: Mutex::default(),
            asked: watch::Sender::new(false),
            unknown: signal(
                Instrument::AuthFailures,
                "Calls of other pods refused because their account could not be known",
            ),
            forbidden: signal(Instrument::Forbidden, "Requests refused: not permitted"),
            escalations: signal(
                Instrument::Escalations,
                "Requests carried out although they were not permitted",
            ),
        });
        if verifier.keeps() {
            verifier.remember();
        }
        tokio::spawn(follow(Arc::clone(&verifier)));
        verifier
    }

    /// Whether the request may be served; else the answer to give.
    pub(super) async fn admit<B>(&self, request: &Request<B>) -> Result<(), Reply> {
        let buys = request.method() == Method::POST;
        let headers = request.headers();
        let service = headers.get(SERVICE_TOKEN).and_then(|value| value.to_str().ok());
        let Some(account) = self.known(service).await else {
            self.unknown.count();
            let mut refused =
                status(StatusCode::UNAUTHORIZED, "the calling account is not known\n");
            refused.headers_mut().insert(SERVICE_TOKEN, HeaderValue::from_static("unknown"));
            return Err(refused);
        };
        if buys && self.known(bearer(headers)).await.is_none() {
            return Err(status(StatusCode::UNAUTHORIZED, "the customer is not known\n"));
        }
        let permission = if buys { ORDERS_CREATE } else { PRODUCTS_READ };
        let policy = self.context.policy.now();
        if policy.as_ref().is_some_and(|policy| policy.permits(&account.sub, permission)) {
            return Ok(());
        }
        if self.context.has(Defence::FailClosed) {
            self.forbidden.count();
            return Err(status(StatusCode::FORBIDDEN, "the account may not do this\n"));
        }
        if policy.is_some() {
            self.escalations.count();
        }
        Ok(())
    }

    /// Who the token is for, if it can be believed now.
    async fn known(&self, token: Option<&str>) -> Option<Claims> {
        let token = token?;
        let claims = match self.check(token) {
            // It may be a key that the provider has only just made; or nobody was asked yet.
            Err(Doubt::UnknownKey) => {
                let mut asked = self.asked.subscribe();
                // Without an answer there is no key, which is seen next.
                let _ = tokio::time::timeout(FIRST, asked.wait_for(|asked| *asked)).await;
                self.ask_keys().await;
                self.check(token).ok()?
            }
            checked => checked.ok()?,
        };
        let grace = if self.keeps() && !self.provider.is_up() { GRACE } else { 0 };
        claims.hold(self.context.wall.now(), grace).ok()?;
        Some(claims)
    }

    fn check(&self, token: &str) -> Result<Claims, Doubt> {
        if let Some(claims) = lock(&self.checked).get(token) {
            return Ok(claims.clone());
        }
        let claims = check(token, &lock(&self.keys))?;
        let mut checked = lock(&self.checked);
        if checked.len() >= CHECKED {
            checked.clear();
        }
        checked.insert(token.to_owned(), claims.clone());
        Ok(claims)
    }

    fn keeps(&self) -> bool {
        self.context.has(Defence::TokenCache)
    }

    async fn ask_keys(&self) -> bool {
        let now = self.context.now();
        {
            let mut last = lock(&self.asked_keys);
            if last.is_some_and(|last| now.saturating_sub(last) < KEYS_EVERY) {
                return false;
            }
            *last = Some(now);
        }
        let Some(keys) = self.provider.get::<Vec<PublicKey>>("/keys").await else { return false };
        let mut known = lock(&self.keys);
        if *known == keys {
            return false;
        }
        *known = keys;
        // What an old key has signed is not believed any longer.
        lock(&self.checked).clear();
        true
    }

    fn file(&self) -> PathBuf {
        let spec = &self.context.spec;
        spec.folder.join(format!("{}-trust.json", spec.name))
    }

    /// Takes up what the pod knew before it was replaced.
    fn remember(&self) {
        let kept = std::fs::read(self.file()).ok();
        if let Some(trust) = kept.and_then(|kept| serde_json::from_slice::<Trust>(&kept).ok()) {
            *lock(&self.keys) = trust.keys;
            self.context.policy.hear(trust.policy);
        }
    }

    /// Keeps what is known for the next process of this pod.
    fn keep(&self) {
        let Some(policy) = self.context.policy.now() else { return };
        let trust = Trust { keys: lock(&self.keys).clone(), policy: (*policy).clone() };
        if let Ok(text) = serde_json::to_vec(&trust) {
            // A full disk only costs the next process some patience.
            let _ = std::fs::write(self.file(), text);
        }
    }
}

/// Asks for the policy again and again, and for keys while there are none.
async fn follow(verifier: Arc<Verifier>) {
    let mut endpoints = verifier.context.endpoints.subscribe();
    let mut tick = tokio::time::interval(POLL);
    loop {
        let mut news = false;
        if let Some(policy) = verifier.provider.get::<Policy>("/policy").await {
            news |= verifier.context.policy.hear(policy);
            if lock(&verifier.keys).is_empty() {
                news |= verifier.ask_keys().await;
            }
            verifier.asked.send_replace(true);
        }
        if news && verifier.keeps() {
            verifier.keep();
        }
        tokio::select! {
            _ = tick.tick() => {}
            changed = endpoints.changed() => if changed.is_err() { return },
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}
