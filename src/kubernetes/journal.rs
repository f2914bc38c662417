//! The undo ledger in the cluster itself, for whoever has only the cluster: one ConfigMap for each run and namespace. It also
//! owns what belongs to the run, so that deleting it ends that, too. Not the undoing.

pub mod page;

use std::collections::BTreeSet;
use std::time::Duration;

use k8s_openapi::api::core::v1::ConfigMap;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::OwnerReference;
use kube::Api;
use kube::api::{DeleteParams, ListParams, Patch, PatchParams, PostParams, Preconditions};
use serde_json::json;

use super::connect::Connection;
use super::lease;
use super::name;
use super::patience::patiently;
use super::reach::Reach;
use super::step::Step;
use super::trouble::{code, trouble};
use super::undo::UndoData;
use crate::port::target::TargetError;
use page::{Page, add, blank, name_of, owner, read, remove};

/// So long the server may be away while the journal is written.
const PATIENCE: Duration = Duration::from_secs(8);
/// So often others may write in between.
const ATTEMPTS: usize = 20;

/// A run of which there is a journal or a lease.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunFound {
    pub run: String,
    pub namespace: String,
    /// Its journal.
    pub page: Option<Page>,
    /// What its lease says.
    pub lease: Option<lease::Seen>,
}

/// Writes the way back down, before the fault.
///
/// # Errors
/// When it cannot be written, or the run was halted; then nothing may be broken.
pub async fn note(
    connection: &Connection,
    step: &Step,
    undo: &UndoData,
) -> Result<(), TargetError> {
    change(connection, &step.run, Some(&step.game_day), &|map| {
        add(map, step, undo).map(|()| true).map_err(TargetError)
    })
    .await
    .map(drop)
}

/// Strikes out what is undone. That there is no such entry, or no journal, is no error.
///
/// # Errors
/// When it cannot be written.
pub async fn strike(connection: &Connection, run: &str, key: &str) -> Result<(), TargetError> {
    change(connection, run, None, &|map| Ok(remove(map, key))).await.map(drop)
}

/// Makes the journal if there is none, and says how it owns what belongs to the run.
///
/// # Errors
/// When it cannot be made.
pub async fn anchor(
    connection: &Connection,
    run: &str,
    game_day: &str,
) -> Result<OwnerReference, TargetError> {
    let map = change(connection, run, Some(game_day), &|_| Ok(false)).await?;
    map.as_ref().and_then(owner).ok_or_else(|| TargetError("the journal has no uid".to_owned()))
}

/// The journal of a run.
///
/// # Errors
/// When it cannot be read.
pub async fn open(connection: &Connection, run: &str) -> Result<Option<Page>, TargetError> {
    let api: Api<ConfigMap> = Api::namespaced(connection.client.clone(), &connection.namespace);
    let name = name_of(run);
    let map = patiently(PATIENCE, || api.get_opt(&name)).await;
    map.map(|map| map.as_ref().map(read))
        .map_err(|error| trouble(&format!("read the journal {name}"), &error))
}

/// Notes on the journal that something happened to the run; there may be none.
///
/// # Errors
/// When it cannot be written.
pub async fn mark(
    connection: &Connection,
    run: &str,
    annotation: &str,
    text: &str,
) -> Result<(), TargetError> {
    let api: Api<ConfigMap> = Api::namespaced(connection.client.clone(), &connection.namespace);
    let name = name_of(run);
    let patch = Patch::Merge(json!({"metadata": {"annotations": {annotation: text}}}));
    let params = PatchParams::default();
    match patiently(PATIENCE, || api.patch(&name, &params, &patch)).await {
        Ok(_) => Ok(()),
        Err(error) if code(&error) == Some(404) => Ok(()),
        Err(error) => Err(trouble(&format!("mark the journal {name}"), &error)),
    }
}

/// Takes the journal of a run away, and with it what it owns; never while something stands in it.
///
/// # Errors
/// When something stands in it, or it cannot be deleted.
pub async fn close(connection: &Connection, run: &str) -> Result<(), TargetError> {
    let api: Api<ConfigMap> = Api::namespaced(connection.client.clone(), &connection.namespace);
    let name = name_of(run);
    let doing = || format!("delete the journal {name}");
    let map = patiently(PATIENCE, || api.get_opt(&name)).await;
    let Some(map) = map.map_err(|error| trouble(&doing(), &error))? else { return Ok(()) };
    let page = read(&map);
    let left = page.entries.len() + page.unreadable.len();
    if left > 0 {
        return Err(TargetError(format!("{}: {left} entries are not undone", doing())));
    }
    // Not one that somebody wrote into since.
    let conditions = Preconditions {
        uid: map.metadata.uid.clone(),
        resource_version: map.metadata.resource_version.clone(),
    };
    let delete = DeleteParams::background().preconditions(conditions);
    match patiently(PATIENCE, || api.delete(&name, &delete)).await {
        Ok(_) => Ok(()),
        Err(error) if code(&error) == Some(404) => Ok(()),
        Err(error) => Err(trouble(&doing(), &error)),
    }
}

/// Every run that has a journal or a lease there.
///
/// # Errors
/// When they may not be listed, or the server cannot be reached.
pub async fn runs(connection: &Connection, reach: &Reach) -> Result<Vec<RunFound>, TargetError> {
    let pages = pages(connection, reach).await?;
    Ok(with_leases(pages, lease::all(&connection.client, reach).await?))
}

/// Every journal there.
///
/// # Errors
/// When they may not be listed, or the server cannot be reached.
pub async fn pages(connection: &Connection, reach: &Reach) -> Result<Vec<Page>, TargetError> {
    let api: Api<ConfigMap> = reach.api(&connection.client);
    let selector = format!("{},{}={}", name::selector(None), name::KIND, page::KIND);
    let list = ListParams::default().labels(&selector);
    let maps = patiently(PATIENCE, || api.list(&list)).await;
    let maps = maps.map_err(|error| trouble(&format!("list journals in {reach}"), &error))?;
    Ok(maps.items.iter().map(read).collect())
}

/// Journals and leases, put together by run and namespace.
pub fn with_leases(pages: Vec<Page>, leases: Vec<lease::Seen>) -> Vec<RunFound> {
    let names: BTreeSet<(String, String)> = pages
        .iter()
        .map(|page| (page.run.clone(), page.namespace.clone()))
        .chain(leases.iter().map(|lease| (lease.run.clone(), lease.namespace.clone())))
        .collect();
    let found = names.into_iter().map(|(run, namespace)| RunFound {
        page: pages.iter().find(|one| one.run == run && one.namespace == namespace).cloned(),
        lease: leases.iter().find(|one| one.run == run && one.namespace == namespace).cloned(),
        run,
        namespace,
    });
    found.collect()
}

/// Changes the journal, whoever else writes at the same time; makes one for `game_day` if there is none.
async fn change(
    connection: &Connection,
    run: &str,
    game_day: Option<&str>,
    edit: &(dyn Fn(&mut ConfigMap) -> Result<bool, TargetError> + Sync),
) -> Result<Option<ConfigMap>, TargetError> {
    let api: Api<ConfigMap> = Api::namespaced(connection.client.clone(), &connection.namespace);
    let name = name_of(run);
    let doing = || format!("write the journal {} in {}", name, connection.namespace);
    let post = PostParams { field_manager: Some(name::FIELD_MANAGER.to_owned()), dry_run: false };
    for _ in 0..ATTEMPTS {
        let found = patiently(PATIENCE, || api.get_opt(&name)).await;
        let (mut map, is_new) = match (found, game_day) {
            (Ok(Some(map)), _) => (map, false),
            (Ok(None), Some(game_day)) => (blank(run, game_day, &connection.namespace), true),
            (Ok(None), None) => return Ok(None),
            (Err(error), _) => return Err(trouble(&doing(), &error)),
        };
        if !edit(&mut map)? && !is_new {
            return Ok(Some(map));
        }
        let written = match is_new {
            true => patiently(PATIENCE, || api.create(&post, &map)).await,
            false => patiently(PATIENCE, || api.replace(&name, &post, &map)).await,
        };
        match written {
            Ok(map) => return Ok(Some(map)),
            // Somebody else wrote, or we did and the answer was lost: looked at again.
            Err(error) if matches!(code(&error), Some(409 | 404)) => {}
            Err(error) => return Err(trouble(&doing(), &error)),
        }
    }
    Err(TargetError(format!("{}: others write all the time", doing())))
}
