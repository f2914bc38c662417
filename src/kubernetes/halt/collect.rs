//! Finds everything that belongs to runs of ours, with nothing but the cluster. Changes nothing.

use std::time::Duration;

use futures::future::join_all;
use k8s_openapi::api::batch::v1::Job;
use kube::ResourceExt;
use kube::api::ListParams;
use kube::core::ApiResource;

use super::super::connect::Connection;
use super::super::journal::{self, RunFound};
use super::super::kinds::{self, CHAOS, LOAD, Part};
use super::super::lease;
use super::super::name;
use super::super::ours::{Object, Theirs, belonging};
use super::super::patience::patiently;
use super::super::reach::Reach;
use super::super::trouble::{code, trouble};
use super::outcome::{Line, Outcome};

/// So long the server may be away.
const PATIENCE: Duration = Duration::from_secs(30);

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Objects of Chaos Mesh and of the k6 operator.
    pub objects: Vec<Object>,
    /// Runs with a journal or a lease.
    pub runs: Vec<RunFound>,
    /// Reapers: namespace, name and run of their Jobs.
    pub reapers: Vec<Reaper>,
    /// What could not be looked at.
    pub unseen: Vec<Line>,
    /// Of it journals and leases: without them runs may be there that are not found.
    pub blind: Vec<Line>,
}

/// The Job of a reaper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reaper {
    pub namespace: String,
    pub name: String,
    pub run: String,
}

impl Found {
    /// Every run that anything belongs to.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = self
            .runs
            .iter()
            .map(|run| run.run.clone())
            .chain(self.objects.iter().filter_map(|object| object.run.clone()))
            .chain(self.reapers.iter().map(|reaper| reaper.run.clone()))
            .collect();
        names.sort();
        names.dedup();
        names
    }

    /// Whether a run has something there that is only in its own namespace, where its lease is: all but load.
    pub fn is_home(&self, run: &str) -> bool {
        let its = |object: &&Object| object.run.as_deref() == Some(run);
        let mut objects = self.objects.iter().filter(its);
        objects.any(|object| object.part() != Part::Load)
            || self.runs.iter().any(|one| one.run == run)
            || self.reapers.iter().any(|one| one.run == run)
    }

    /// Runs by the uids of what is theirs.
    pub fn theirs(&self) -> Theirs {
        let run = |object: &Object| Some((object.uid.clone(), object.run.clone()?));
        self.objects.iter().filter_map(run).collect()
    }
}

/// Everything there; of one run, or of all.
pub async fn collect(connection: &Connection, reach: &Reach, run: Option<&str>) -> Found {
    let before = Theirs::new();
    let objects = objects(connection, reach, run, &before);
    let (objects, pages, leases, reapers) = futures::join!(
        objects,
        journal::pages(connection, reach),
        lease::all(&connection.client, reach),
        reapers(connection, reach)
    );
    let (objects, mut unseen) = objects;
    let mut found = Found { objects, ..Found::default() };
    // One without the other is better than nothing: a journal says what to take back.
    let pages = pages.unwrap_or_else(|error| {
        found.blind.push(hidden("journals", &error.0, reach));
        Vec::new()
    });
    let leases = leases.unwrap_or_else(|error| {
        found.blind.push(hidden("leases", &error.0, reach));
        Vec::new()
    });
    found.runs = journal::with_leases(pages, leases);
    unseen.extend(found.blind.iter().cloned());
    match reapers {
        Ok(reapers) => found.reapers = reapers,
        Err(error) if code(&error) == Some(403) => {}
        Err(error) => unseen.push(hidden("reapers", &trouble("list jobs", &error).0, reach)),
    }
    if let Some(run) = run {
        found.runs.retain(|one| one.run == run);
        found.reapers.retain(|one| one.run == run);
    }
    found.unseen = unseen;
    found
}

/// Objects of Chaos Mesh and of the k6 operator, of every kind that the cluster has, and what could not be looked at.
pub async fn objects(
    connection: &Connection,
    reach: &Reach,
    run: Option<&str>,
    before: &Theirs,
) -> (Vec<Object>, Vec<Line>) {
    let (all, unseen) = everybodys(connection, reach).await;
    (belonging(all, run, before), unseen)
}

/// The same of everybody.
pub async fn everybodys(connection: &Connection, reach: &Reach) -> (Vec<Object>, Vec<Line>) {
    let (mut all, mut unseen) = (Vec::new(), Vec::new());
    let mut served: Vec<ApiResource> = Vec::new();
    for group in [CHAOS, LOAD] {
        match patiently(PATIENCE, || kinds::served(&connection.client, group)).await {
            Ok(kinds) => {
                served.extend(kinds.into_iter().filter(|kind| kinds::matters(group, &kind.kind)));
            }
            Err(error) => {
                let why = trouble(&format!("find the kinds of {group}"), &error).0;
                unseen.push(hidden(&format!("objects of {group}"), &why, reach));
            }
        }
    }
    let lists = served.iter().map(|kind| async move {
        let api = reach.of(&connection.client, kind);
        let list = ListParams::default();
        (kind, patiently(PATIENCE, || api.list(&list)).await)
    });
    for (kind, listed) in join_all(lists).await {
        match listed {
            Ok(list) => all.extend(list.items.iter().map(|one| Object::of(kind, one))),
            Err(error) => {
                let why = trouble(&format!("list {}", kind.plural), &error).0;
                unseen.push(hidden(&format!("every {}", kind.kind), &why, reach));
            }
        }
    }
    (all, unseen)
}

async fn reapers(connection: &Connection, reach: &Reach) -> kube::Result<Vec<Reaper>> {
    let api: kube::Api<Job> = reach.api(&connection.client);
    let selector = format!("{},{}=reaper", name::selector(None), name::KIND);
    let list = ListParams::default().labels(&selector);
    let jobs = patiently(PATIENCE, || api.list(&list)).await?;
    let reaper = |job: &Job| {
        let run = job.labels().get(name::RUN)?.clone();
        Some(Reaper { namespace: job.namespace()?, name: job.name_any(), run })
    };
    Ok(jobs.items.iter().filter_map(reaper).collect())
}

/// What nobody could look at is not known to be let go.
fn hidden(what: &str, why: &str, reach: &Reach) -> Line {
    let reach = match reach {
        Reach::Namespace(namespace) => format!("-n {namespace}"),
        Reach::Everywhere => "-A".to_owned(),
    };
    let look = format!("kubectl get {reach} -l {} all,configmaps,leases", name::selector(None));
    Line::left(Outcome::Unknown, what, why, &look)
}
