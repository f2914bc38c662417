//! The identity provider: signs tokens for customers' sessions and for service accounts, shows the keys to check them by,
//! holds the policy. Enforces nothing.

use std::fs;
use std::io;
use std::sync::Arc;

use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper::{Method, Request, StatusCode};
use serde::{Deserialize, Serialize};

use super::context::Context;
use super::http::{Handler, Reply, answered, json, status};
use super::policy::Policy;
use super::query::encode;
use super::token::{PublicKey, Signer};

/// No request body is longer.
const LONGEST_BODY: usize = 4 * 1024;

/// Who wants a token.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Who {
    /// A customer, by the name of the session.
    Session(String),
    /// A service account.
    Account(String),
}

/// A token.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Issued {
    /// The token.
    pub token: String,
    /// When it ends, in seconds since 1970.
    pub expires: i64,
}

/// The identity provider.
pub(super) struct Oauth {
    context: Arc<Context>,
    signer: Signer,
}

impl Oauth {
    /// Reads key and policy from the pod's folder, or puts new ones there.
    pub(super) fn open(context: &Arc<Context>) -> io::Result<Arc<Self>> {
        let folder = context.spec.folder.join(&context.spec.name);
        fs::create_dir_all(&folder)?;
        let file = folder.join("policy.json");
        let policy = match fs::read(&file) {
            Ok(text) => serde_json::from_slice(&text)?,
            Err(_) => {
                let policy = Policy::default();
                fs::write(&file, serde_json::to_vec_pretty(&policy)?)?;
                policy
            }
        };
        context.policy.hold(policy);
        let signer = Signer::open(&folder.join("key.pk8"))?;
        Ok(Arc::new(Self { context: Arc::clone(context), signer }))
    }

    async fn token(&self, request: Request<Incoming>) -> Reply {
        let body = Limited::new(request.into_body(), LONGEST_BODY).collect().await;
        let Some(who) =
            body.ok().and_then(|body| serde_json::from_slice::<Who>(&body.to_bytes()).ok())
        else {
            return status(StatusCode::BAD_REQUEST, "nobody is named\n");
        };
        let sub = match who {
            Who::Session(session) => format!("customer-{session}"),
            Who::Account(account) => {
                if !self.context.policy.now().is_some_and(|policy| policy.knows(&account)) {
                    return status(StatusCode::NOT_FOUND, "no such account\n");
                }
                account
            }
        };
        let (token, claims) = self.signer.sign(sub, self.context.wall.now());
        json(StatusCode::OK, encode(&Issued { token, expires: claims.exp }))
    }

    async fn route(&self, request: Request<Incoming>) -> Reply {
        match (request.method(), request.uri().path()) {
            (&Method::POST, "/token") => self.token(request).await,
            (&Method::GET, "/keys") => {
                json(StatusCode::OK, encode::<[&PublicKey; 1]>(&[self.signer.public()]))
            }
            (&Method::GET, "/policy") => match self.context.policy.now() {
                Some(policy) => json(StatusCode::OK, encode(&*policy)),
                None => status(StatusCode::SERVICE_UNAVAILABLE, "no policy\n"),
            },
            _ => status(StatusCode::NOT_FOUND, "no such thing\n"),
        }
    }
}

impl Handler for Oauth {
    async fn answer(&self, request: Request<Incoming>) -> Reply {
        answered(&self.context, request, |request| self.route(request)).await
    }
}
