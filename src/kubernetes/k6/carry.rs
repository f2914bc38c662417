//! What is done at the API server for a run: placing it, looking at it, and taking it away until nothing of it is left.

use std::future::Future;
use std::time::Duration;

use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::{ConfigMap, Node, Pod};
use kube::api::{DeleteParams, DynamicObject, ListParams, PostParams};
use kube::{Api, Client, Resource};
use serde::de::DeserializeOwned;

use super::objects::{Label, config_map, resource, test_run};
use super::stage::Stage;
use super::verdict::Verdict;
use crate::gameday::generator::Runners;
use crate::kubernetes::name::FIELD_MANAGER;
use crate::kubernetes::trouble::{code, trouble};
use crate::port::target::TargetError;

/// No single call takes longer.
const CALL: Duration = Duration::from_secs(20);
/// So long the runners' pods may need to go.
const GONE: Duration = Duration::from_secs(60);
/// How often it is looked whether they have.
const LOOK: Duration = Duration::from_millis(500);
/// After so many looks what follows of itself no longer counts on that.
const BY_ITSELF: u32 = 30;

/// How a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    /// Where it is; `None`: it is not there any more.
    pub stage: Option<Stage>,
}

/// The way to the runs of one exercise.
#[derive(Clone)]
pub struct Way {
    /// Asks the API server.
    pub client: Client,
    /// Which exercise.
    pub label: Label,
}

impl Way {
    fn runs(&self) -> Api<DynamicObject> {
        Api::namespaced_with(self.client.clone(), &self.label.namespace, &resource())
    }

    fn of<K>(&self) -> Api<K>
    where
        K: Resource<DynamicType = (), Scope = k8s_openapi::NamespaceResourceScope>,
    {
        Api::namespaced(self.client.clone(), &self.label.namespace)
    }

    /// Places a run.
    ///
    /// # Errors
    /// Why it is not there, or not all of it. It may be there all the same, for an answer can get lost: it is to be cleared.
    pub async fn place(
        &self,
        number: u32,
        runners: &Runners,
        script: String,
    ) -> Result<(), TargetError> {
        let post =
            PostParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PostParams::default() };
        let map = config_map(&self.label, number, script);
        let run = test_run(&self.label, number, runners, self.nodes().await);
        let maps: Api<ConfigMap> = self.of();
        let placed = async {
            call("create the script's ConfigMap", maps.create(&post, &map)).await?;
            call("create the TestRun", self.runs().create(&post, &run)).await
        };
        placed.await.map(drop)
    }

    /// Nodes that runners may run on; none where they may not be listed.
    async fn nodes(&self) -> usize {
        let nodes: Api<Node> = Api::all(self.client.clone());
        let listed = call("list nodes", nodes.list(&ListParams::default())).await;
        let open = |node: &Node| {
            let spec = node.spec.as_ref();
            let taints = spec.and_then(|spec| spec.taints.as_ref());
            !spec.and_then(|spec| spec.unschedulable).unwrap_or(false)
                && !taints.is_some_and(|all| all.iter().any(|taint| taint.effect == "NoSchedule"))
        };
        listed.map(|nodes| nodes.items.iter().filter(|node| open(node)).count()).unwrap_or(0)
    }

    /// Looks at a run.
    ///
    /// # Errors
    /// When the server does not say.
    pub async fn look(&self, number: u32) -> Result<Look, TargetError> {
        let name = self.label.name(number);
        let run = call("look at the TestRun", self.runs().get_opt(&name)).await?;
        let stage = run.map(|run| {
            let word = run.data.pointer("/status/stage").and_then(serde_json::Value::as_str);
            Stage::of(word.unwrap_or_default())
        });
        Ok(Look { stage })
    }

    /// What became of the runners.
    ///
    /// # Errors
    /// When the server does not say.
    pub async fn judge(&self, number: u32, runners: u32) -> Result<Verdict, TargetError> {
        let list = ListParams::default().labels(&self.pods_of(number, true));
        let pods = call("list the runners", self.of::<Pod>().list(&list)).await?;
        Ok(Verdict::of(&pods.items, runners))
    }

    fn pods_of(&self, number: u32, runners: bool) -> String {
        let all = format!("k6_cr={}", self.label.name(number));
        if runners { format!("{all},runner=true") } else { all }
    }

    /// Takes a run away, and looks that no pod of it is left.
    ///
    /// # Errors
    /// What is left, and how it is taken away by hand.
    pub async fn clear(&self, number: u32) -> Result<(), TargetError> {
        let name = self.label.name(number);
        delete(&self.runs(), "TestRun", &name).await?;
        delete(&self.of::<ConfigMap>(), "ConfigMap", &name).await?;
        let list = ListParams::default().labels(&self.pods_of(number, false));
        let waiting = async {
            for looks in 0.. {
                let pods = call("list the runners", self.of::<Pod>().list(&list)).await?;
                if pods.items.is_empty() {
                    break;
                }
                if looks == BY_ITSELF {
                    self.without_owner(&list).await?;
                }
                tokio::time::sleep(LOOK).await;
            }
            Ok(())
        };
        match tokio::time::timeout(GONE, waiting).await {
            Ok(done) => done,
            Err(_) => Err(TargetError(format!(
                "pods of k6 are still there after {} s: kubectl delete jobs,pods -n {} -l k6_cr={name}",
                GONE.as_secs(),
                self.label.namespace
            ))),
        }
    }

    /// Jobs and pods should follow what owned them; where nobody sees to that, they are taken away one by one.
    async fn without_owner(&self, list: &ListParams) -> Result<(), TargetError> {
        let jobs: Api<Job> = self.of();
        for job in call("list the runners' jobs", jobs.list(list)).await?.items {
            if let Some(name) = job.metadata.name {
                delete(&jobs, "job", &name).await?;
            }
        }
        let pods: Api<Pod> = self.of();
        for pod in call("list the runners", pods.list(list)).await?.items {
            if let Some(name) = pod.metadata.name {
                delete(&pods, "pod", &name).await?;
            }
        }
        Ok(())
    }
}

/// Deletes an object, and what hangs on it; one that is not there is deleted.
async fn delete<K>(api: &Api<K>, kind: &str, name: &str) -> Result<(), TargetError>
where
    K: Clone + DeserializeOwned + std::fmt::Debug,
{
    let doing = format!("delete {kind} {name}");
    let gone = tokio::time::timeout(CALL, api.delete(name, &DeleteParams::background())).await;
    match gone {
        Err(_) => Err(late(&doing)),
        Ok(Err(error)) if code(&error) != Some(404) => Err(trouble(&doing, &error)),
        Ok(_) => Ok(()),
    }
}

async fn call<T>(
    doing: &str,
    work: impl Future<Output = Result<T, kube::Error>>,
) -> Result<T, TargetError> {
    match tokio::time::timeout(CALL, work).await {
        Ok(done) => done.map_err(|error| trouble(doing, &error)),
        Err(_) => Err(late(doing)),
    }
}

fn late(doing: &str) -> TargetError {
    TargetError(format!("{doing}: no answer within {} s", CALL.as_secs()))
}
