//! Talks to the API server about objects of any kind. Each question has a bound on its time; what passes by itself is asked again.
//! Not the deciding.

use std::time::Duration;

use http::Request as HttpRequest;
use json_patch::Patch as JsonPatch;
use k8s_openapi::api::policy::v1::Eviction;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::{
    DeleteOptions, ObjectMeta, Preconditions as MetaPreconditions,
};
use kube::Client;
use kube::api::{
    DeleteParams, GetParams, ListParams, Patch, PatchParams, PostParams, Preconditions,
};
use kube::core::{DynamicObject, Request};
use serde_json::Value;

use super::change::PodRef;
use super::resource::{Object, Resource};
use crate::kubernetes::name::FIELD_MANAGER;
use crate::kubernetes::trouble::{code, trouble};
use crate::port::target::TargetError;

/// An answer takes no longer.
const ANSWER: Duration = Duration::from_secs(10);

/// What passes by itself is asked so often, with pauses that grow from the first to the last.
const TRIES: u32 = 6;
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);

/// Whether something is really done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Run {
    /// It is only tried by the server: `dryRun=All`.
    Dry,
    /// It is done.
    Wet,
}

/// The API server.
pub(super) struct Server<'c> {
    client: &'c Client,
}

impl<'c> Server<'c> {
    /// By this client.
    pub(super) const fn new(client: &'c Client) -> Self {
        Self { client }
    }

    /// The client.
    pub(super) const fn client(&self) -> &Client {
        self.client
    }

    /// The object as it is; `None`: there is none.
    pub(super) async fn get(&self, of: &Object) -> Result<Option<Value>, TargetError> {
        let mut pace = Pace::default();
        loop {
            let request = at(of).get(&of.name, &GetParams::default());
            match self.send(request).await {
                Ok(object) => return Ok(Some(object)),
                Err(error) if code(&error) == Some(404) => return Ok(None),
                Err(error) if pace.again(&error).await => {}
                Err(error) => return Err(trouble(&format!("get {of}"), &error)),
            }
        }
    }

    /// All objects of a kind in a namespace.
    pub(super) async fn list(
        &self,
        resource: &Resource,
        namespace: &str,
    ) -> Result<Vec<Value>, TargetError> {
        let mut pace = Pace::default();
        loop {
            let url = <DynamicObject as kube::Resource>::url_path(&resource.api(), Some(namespace));
            let request = Request::new(url).list(&ListParams::default());
            match self.send(request).await {
                Ok(mut list) => {
                    return Ok(match list.get_mut("items").map(Value::take) {
                        Some(Value::Array(items)) => items,
                        _ => Vec::new(),
                    });
                }
                Err(error) if pace.again(&error).await => {}
                Err(error) => {
                    return Err(trouble(
                        &format!("list {} in {namespace}", resource.plural),
                        &error,
                    ));
                }
            }
        }
    }

    /// Patches it, once.
    pub(super) async fn patch(
        &self,
        of: &Object,
        patch: JsonPatch,
        run: Run,
    ) -> Result<Value, kube::Error> {
        let params = PatchParams {
            dry_run: run == Run::Dry,
            field_manager: Some(FIELD_MANAGER.to_owned()),
            ..PatchParams::default()
        };
        self.send(at(of).patch(&of.name, &params, &Patch::Json::<()>(patch))).await
    }

    /// Makes an object, once.
    pub(super) async fn create(
        &self,
        of: &Object,
        body: &Value,
        run: Run,
    ) -> Result<Value, kube::Error> {
        let params =
            PostParams { dry_run: run == Run::Dry, field_manager: Some(FIELD_MANAGER.to_owned()) };
        let bytes = serde_json::to_vec(body).map_err(kube::Error::SerdeError)?;
        self.send(at(of).create(&params, bytes)).await
    }

    /// Deletes it, once, if it is the one with this uid; `grace`: at most so many seconds.
    pub(super) async fn delete(
        &self,
        of: &Object,
        uid: &str,
        grace: Option<u32>,
        run: Run,
    ) -> Result<(), kube::Error> {
        let only = Preconditions { uid: Some(uid.to_owned()), ..Preconditions::default() };
        let params = DeleteParams {
            dry_run: run == Run::Dry,
            grace_period_seconds: grace,
            preconditions: Some(only),
            ..DeleteParams::default()
        };
        self.send(at(of).delete(&of.name, &params)).await.map(drop)
    }

    /// Asks a pod to leave within `grace` seconds, once.
    pub(super) async fn evict(
        &self,
        pod: &PodRef,
        grace: i64,
        run: Run,
    ) -> Result<(), kube::Error> {
        let of = pod_of(pod);
        let only = MetaPreconditions { uid: Some(pod.uid.clone()), resource_version: None };
        let eviction = Eviction {
            metadata: ObjectMeta {
                name: Some(pod.name.clone()),
                namespace: Some(pod.namespace.clone()),
                ..ObjectMeta::default()
            },
            delete_options: Some(DeleteOptions {
                grace_period_seconds: Some(grace),
                preconditions: Some(only),
                ..DeleteOptions::default()
            }),
        };
        let params = PostParams { dry_run: run == Run::Dry, field_manager: None };
        let bytes = serde_json::to_vec(&eviction).map_err(kube::Error::SerdeError)?;
        let request = at(&of).create_subresource("eviction", &pod.name, &params, bytes);
        self.send(request).await.map(drop)
    }

    async fn send(
        &self,
        request: Result<HttpRequest<Vec<u8>>, kube::core::request::Error>,
    ) -> Result<Value, kube::Error> {
        let request = request.map_err(kube::Error::BuildRequest)?;
        match tokio::time::timeout(ANSWER, self.client.request::<Value>(request)).await {
            Ok(answer) => answer,
            Err(_) => {
                Err(kube::Error::Service(format!("no answer within {} s", ANSWER.as_secs()).into()))
            }
        }
    }
}

/// A pod as an object.
pub(super) fn pod_of(pod: &PodRef) -> Object {
    Object::within::<k8s_openapi::api::core::v1::Pod>(&pod.namespace, &pod.name)
}

fn at(of: &Object) -> Request {
    let space = of.namespace.as_deref();
    Request::new(<DynamicObject as kube::Resource>::url_path(&of.resource.api(), space))
}

/// Whether it may be otherwise in a moment.
pub(super) fn passes(error: &kube::Error) -> bool {
    match error {
        kube::Error::Api(status) => {
            matches!(status.code, 409 | 429 | 500 | 502 | 503 | 504)
        }
        kube::Error::HyperError(_) | kube::Error::Service(_) | kube::Error::ReadEvents(_) => true,
        _ => false,
    }
}

/// How often and when something is tried again.
#[derive(Debug, Default)]
pub(super) struct Pace {
    tried: u32,
}

impl Pace {
    /// Waits, and says whether to try again after `error`.
    pub(super) async fn again(&mut self, error: &kube::Error) -> bool {
        passes(error) && self.once_more(asked(error)).await
    }

    /// Waits, and says whether there is another try.
    pub(super) async fn once_more(&mut self, asked: Option<Duration>) -> bool {
        if self.tried + 1 >= TRIES {
            return false;
        }
        let pause = (FIRST_PAUSE * 2_u32.pow(self.tried)).min(LONGEST_PAUSE);
        self.tried += 1;
        tokio::time::sleep(asked.unwrap_or(pause).min(LONGEST_PAUSE)).await;
        true
    }
}

/// How long the server asks to wait.
fn asked(error: &kube::Error) -> Option<Duration> {
    let kube::Error::Api(status) = error else { return None };
    let seconds = status.details.as_ref()?.retry_after_seconds;
    (seconds > 0).then(|| Duration::from_secs(u64::from(seconds)))
}
