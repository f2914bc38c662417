//! The collection of garbage: what has owners, none of which is there any more, goes; owners that wait for that are let go.

use std::collections::BTreeSet;

use kube::ResourceExt as _;
use kube::api::DynamicObject;
use serde_json::json;

use super::cluster::*;

/// Kinds that own or are owned, and are no matter of any other part.
pub const OTHERS: &[Kind] = &[CONFIG_MAP, SECRET, LEASE, ROLE, BINDING, ACCOUNT];

/// One pass over these kinds.
pub async fn pass(cluster: &Cluster, kinds: &[Kind]) -> kube::Result<()> {
    let mut all: Vec<(Kind, DynamicObject)> = Vec::new();
    for kind in kinds {
        all.extend(cluster.list(*kind).await?.into_iter().map(|one| (*kind, one)));
    }
    let there: BTreeSet<String> = all.iter().filter_map(|(_, one)| one.uid()).collect();
    let waiting: BTreeSet<String> =
        all.iter().filter(|(_, one)| waits(one)).filter_map(|(_, one)| one.uid()).collect();
    for (kind, object) in &all {
        let owners = object.owner_references();
        let known = |uid: &String| there.contains(uid) && !waiting.contains(uid);
        let orphan = !owners.is_empty() && !owners.iter().any(|owner| known(&owner.uid));
        if !orphan || deleting(object) {
            continue;
        }
        // An owner of a kind that is not looked at here may be there.
        if !owners.iter().all(|owner| kinds.iter().any(|kind| kind.kind == owner.kind)) {
            continue;
        }
        cluster.delete(*kind, object, false).await?;
    }
    for (kind, object) in all.iter().filter(|(_, one)| waits(one)) {
        let uid = object.uid();
        let owns = |other: &DynamicObject| {
            other.owner_references().iter().any(|owner| Some(&owner.uid) == uid.as_ref())
        };
        if !all.iter().any(|(_, other)| owns(other)) {
            let left: Vec<_> =
                object.finalizers().iter().filter(|one| *one != FOREGROUND).cloned().collect();
            let patch = json!({"metadata": {"finalizers": left}});
            cluster.patch(*kind, &object.name_any(), &patch).await?;
        }
    }
    Ok(())
}

const FOREGROUND: &str = "foregroundDeletion";

fn waits(object: &DynamicObject) -> bool {
    deleting(object) && object.finalizers().iter().any(|one| one == FOREGROUND)
}
