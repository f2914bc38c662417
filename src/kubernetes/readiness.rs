//! How many pods of a workload are ready, as a source of figures. Only looks; not the blast radius and not the exercise's pods.
//!
//! The query is a workload of the namespace: `deployment/web-app`, `statefulset/database`, `daemonset/agent`. It is answered with
//! the ready share of the pods that are wanted; where none is wanted there is no data.

use k8s_openapi::api::apps::v1::{DaemonSet, Deployment, StatefulSet};
use kube::Api;
use kube::api::ListParams;
use std::sync::Arc;
use tokio::sync::OnceCell;

use super::connect::{Connection, connect};
use super::trouble::code;
use crate::exercise::found::{Dot, Found, Labels, NAME, Track, Value};
use crate::exercise::said::said;
use crate::gameday::text::printable;
use crate::port::clock::Clock;
use crate::port::source::{Ask, Source};
use crate::port::target::Answer;
use crate::port::trouble::{SourceError, Trouble};

/// The name of the series.
const READY: &str = "ready";

/// So much of what a server says is told.
const SHOWN: usize = 300;

/// No list of one kind is longer.
const MOST: u32 = 500;

/// A workload, as it is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Workload {
    /// What it is.
    pub kind: Kind,
    /// What it is called.
    pub name: String,
}

/// What a workload is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A Deployment.
    Deployment,
    /// A StatefulSet.
    StatefulSet,
    /// A DaemonSet.
    DaemonSet,
}

impl Workload {
    /// `deployment/web-app`.
    ///
    /// # Errors
    /// When it is something else; how to write it.
    pub fn parse(query: &str) -> Result<Self, String> {
        let found = query.trim().split_once('/').and_then(|(kind, name)| {
            let kind = match kind {
                "deployment" => Kind::Deployment,
                "statefulset" => Kind::StatefulSet,
                "daemonset" => Kind::DaemonSet,
                _ => return None,
            };
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
            let named = !name.is_empty() && name.len() <= 253 && name.chars().all(fits);
            named.then(|| Self { kind, name: name.to_owned() })
        });
        found.ok_or_else(|| {
            format!(
                "{} names no workload: write deployment/NAME, statefulset/NAME or daemonset/NAME",
                printable(query, 80)
            )
        })
    }
}

/// As it is asked for.
impl std::fmt::Display for Workload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = match self.kind {
            Kind::Deployment => "deployment",
            Kind::StatefulSet => "statefulset",
            Kind::DaemonSet => "daemonset",
        };
        write!(f, "{kind}/{}", self.name)
    }
}

/// So many pods are ready of so many that are wanted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Counted {
    ready: i32,
    wanted: i32,
}

impl Counted {
    /// `None`: none is wanted, so that there is nothing to be ready.
    fn share(self) -> Option<f64> {
        (self.wanted > 0).then(|| (f64::from(self.ready) / f64::from(self.wanted)).clamp(0.0, 1.0))
    }
}

/// Asks an API server how many pods are ready.
pub struct Readiness {
    place: String,
    context: Option<String>,
    namespace: Option<String>,
    connection: OnceCell<Connection>,
    clock: Arc<dyn Clock>,
}

impl Readiness {
    /// Of a namespace in the cluster of a context; `None`: the current ones. Nothing is asked yet.
    pub fn new(context: Option<String>, namespace: Option<String>, clock: Arc<dyn Clock>) -> Self {
        let place = match (&context, &namespace) {
            (Some(context), Some(namespace)) => format!("{context}, namespace {namespace}"),
            (Some(one), None) | (None, Some(one)) => one.clone(),
            (None, None) => "Kubernetes".to_owned(),
        };
        let place = printable(&place, 120);
        Self { place, context, namespace, connection: OnceCell::new(), clock }
    }

    /// Every workload of the namespace, in order of kind and name.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn workloads(&self) -> Result<Vec<Workload>, SourceError> {
        let connection = self.connection().await?;
        let (client, namespace) = (&connection.client, &connection.namespace);
        let few = ListParams::default().limit(MOST);
        let deployments: Api<Deployment> = Api::namespaced(client.clone(), namespace);
        let stateful: Api<StatefulSet> = Api::namespaced(client.clone(), namespace);
        let daemons: Api<DaemonSet> = Api::namespaced(client.clone(), namespace);
        let failed = |error| self.failed("workloads", &error);
        let deployments = deployments.list_metadata(&few).await.map_err(failed)?;
        let stateful = stateful.list_metadata(&few).await.map_err(failed)?;
        let daemons = daemons.list_metadata(&few).await.map_err(failed)?;
        let named = |kind, name: Option<String>| name.map(|name| Workload { kind, name });
        let mut all: Vec<Workload> = Vec::new();
        let deployments = deployments.items.into_iter().map(|one| one.metadata.name);
        all.extend(deployments.filter_map(|name| named(Kind::Deployment, name)));
        let stateful = stateful.items.into_iter().map(|one| one.metadata.name);
        all.extend(stateful.filter_map(|name| named(Kind::StatefulSet, name)));
        let daemons = daemons.items.into_iter().map(|one| one.metadata.name);
        all.extend(daemons.filter_map(|name| named(Kind::DaemonSet, name)));
        Ok(all)
    }

    async fn connection(&self) -> Result<&Connection, SourceError> {
        let way = || connect(self.context.as_deref(), self.namespace.as_deref());
        self.connection.get_or_try_init(way).await.map_err(|why| SourceError {
            server: self.place.clone(),
            trouble: Trouble::Credential { why: why.0 },
        })
    }

    async fn look(&self, query: &str) -> Result<Found, SourceError> {
        let refused = |why| SourceError {
            server: self.place.clone(),
            trouble: Trouble::Query { query: query.to_owned(), why },
        };
        let workload = Workload::parse(query).map_err(refused)?;
        let connection = self.connection().await?;
        let (client, namespace) = (connection.client.clone(), &connection.namespace);
        let counted = counted(client, namespace, &workload).await;
        let counted = counted.map_err(|error| self.failed(query, &error))?;
        let mut found = Found::default();
        if let Some(share) = counted.share() {
            let labels = [(NAME, READY), ("workload", &workload.to_string())];
            let dot = Dot { at: self.clock.wall_millis(), value: Value::from(share) };
            found.tracks.push(Track { labels: Labels::new(labels), dots: vec![dot] });
        }
        Ok(found)
    }

    fn failed(&self, query: &str, error: &kube::Error) -> SourceError {
        SourceError { server: self.place.clone(), trouble: understood(query, error) }
    }
}

async fn counted(
    client: kube::Client,
    namespace: &str,
    workload: &Workload,
) -> Result<Counted, kube::Error> {
    let name = &workload.name;
    Ok(match workload.kind {
        Kind::Deployment => {
            let one = Api::<Deployment>::namespaced(client, namespace).get(name).await?;
            let wanted = one.spec.and_then(|spec| spec.replicas).unwrap_or(1);
            let ready = one.status.and_then(|status| status.ready_replicas).unwrap_or(0);
            Counted { ready, wanted }
        }
        Kind::StatefulSet => {
            let one = Api::<StatefulSet>::namespaced(client, namespace).get(name).await?;
            let wanted = one.spec.and_then(|spec| spec.replicas).unwrap_or(1);
            let ready = one.status.and_then(|status| status.ready_replicas).unwrap_or(0);
            Counted { ready, wanted }
        }
        Kind::DaemonSet => {
            let one = Api::<DaemonSet>::namespaced(client, namespace).get(name).await?;
            let status = one.status.unwrap_or_default();
            Counted { ready: status.number_ready, wanted: status.desired_number_scheduled }
        }
    })
}

/// What went wrong, as every source says it.
fn understood(query: &str, error: &kube::Error) -> Trouble {
    let kube::Error::Api(status) = error else {
        return Trouble::Unreachable { why: super::trouble::why(error) };
    };
    let body = printable(&status.message, SHOWN);
    match code(error).unwrap_or_default() {
        code @ (401 | 403) => {
            let as_who = said!("ready-who", "the user of the kubeconfig");
            Trouble::Denied { code, as_who: Box::new(as_who), body }
        }
        404 => Trouble::Query { query: query.to_owned(), why: body },
        429 => Trouble::Busy { code: 429, wait: None },
        code => Trouble::Status { code, body },
    }
}

impl Source for Readiness {
    fn place(&self) -> &str {
        &self.place
    }

    fn ask<'a>(&'a self, ask: &'a Ask) -> Answer<'a, Result<Found, SourceError>> {
        Box::pin(self.look(&ask.query))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workload_is_written_as_kubectl_writes_it() {
        for text in ["deployment/web-app", "statefulset/db.0", "daemonset/agent"] {
            assert_eq!(Workload::parse(text).unwrap().to_string(), text);
        }
        for text in ["web-app", "pod/x", "deployment/", "deployment/A", "deployment/../x", ""] {
            let why = Workload::parse(text).unwrap_err();
            assert!(why.contains("deployment/NAME"), "{why}");
        }
    }

    #[test]
    fn where_none_is_wanted_nothing_is_ready_or_not() {
        let share = |ready, wanted| Counted { ready, wanted }.share();
        assert_eq!(share(0, 0), None);
        assert_eq!((share(0, 4), share(3, 4), share(5, 4)), (Some(0.0), Some(0.75), Some(1.0)));
    }
}
