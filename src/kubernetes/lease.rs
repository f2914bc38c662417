//! A lease that says that the program which runs an exercise lives. When nobody renews it, others may let go of what the
//! run broke. Not the letting go.

use std::sync::Arc;
use std::time::Duration;

use k8s_openapi::api::coordination::v1::{Lease, LeaseSpec};
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::{DeleteParams, ListParams, Patch, PatchParams, PostParams};
use kube::{Api, Client, ResourceExt};
use serde_json::json;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::connect::Connection;
use super::moment::micro;
use super::name;
use super::name::HALTED;
use super::patience::patiently;
use super::reach::Reach;
use super::trouble::{code, trouble};
use crate::port::clock::Clock;
use crate::port::target::TargetError;

/// How often a lease is renewed.
pub const EVERY: Duration = Duration::from_secs(10);
/// A lease that nobody renewed for so long is stale.
pub const STALE: Duration = Duration::from_secs(60);

/// The kind of a lease, as its label says.
const KIND: &str = "lease";
/// After a failure it is tried again so soon.
const AGAIN: Duration = Duration::from_secs(2);
/// One renewal may take so long.
const CALL: Duration = Duration::from_secs(5);
/// So long the server may be away when a lease is taken, found or given back.
const PATIENCE: Duration = Duration::from_secs(8);

/// What a lease says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub run: String,
    pub namespace: String,
    pub holder: String,
    /// Milliseconds since 1970-01-01 UTC, by the clock of who renewed it.
    pub renewed: Option<i64>,
}

/// What the lease of a run is called.
pub fn name_of(run: &str) -> String {
    format!("gd-{run}")
}

/// What a lease says.
pub fn read(lease: &Lease) -> Seen {
    let spec = lease.spec.clone().unwrap_or_default();
    Seen {
        run: lease.labels().get(name::RUN).cloned().unwrap_or_default(),
        namespace: lease.namespace().unwrap_or_default(),
        holder: spec.holder_identity.unwrap_or_default(),
        renewed: spec.renew_time.map(|at| at.0.as_millisecond()),
    }
}

/// Whether nobody renews it any more. One from the future is as wrong as one from the past.
pub fn is_stale(lease: &Seen, now: i64) -> bool {
    let stale = u64::try_from(STALE.as_millis()).unwrap_or(u64::MAX);
    lease.renewed.is_none_or(|renewed| renewed.abs_diff(now) > stale)
}

/// Every lease of a run there.
///
/// # Errors
/// When they may not be listed, or the server cannot be reached.
pub async fn all(client: &Client, reach: &Reach) -> Result<Vec<Seen>, TargetError> {
    let api: Api<Lease> = reach.api(client);
    let list = ListParams::default().labels(&name::selector(None));
    let found = patiently(PATIENCE, || api.list(&list)).await;
    let found = found.map_err(|error| trouble(&format!("list leases in {reach}"), &error))?;
    Ok(found.items.iter().map(read).filter(|seen| !seen.run.is_empty()).collect())
}

/// Takes the lease of a run away.
///
/// # Errors
/// When it cannot be deleted.
pub async fn end(connection: &Connection, run: &str) -> Result<(), TargetError> {
    let api: Api<Lease> = Api::namespaced(connection.client.clone(), &connection.namespace);
    let name = name_of(run);
    let params = DeleteParams::default();
    match patiently(PATIENCE, || api.delete(&name, &params)).await {
        Ok(_) => Ok(()),
        Err(error) if code(&error) == Some(404) => Ok(()),
        Err(error) => Err(trouble(&format!("delete the lease {name}"), &error)),
    }
}

/// Says on the lease of a run that somebody halts it, so that who holds it gets to know; there may be none.
///
/// # Errors
/// When it cannot be written.
pub async fn mark_halted(
    connection: &Connection,
    run: &str,
    text: &str,
) -> Result<(), TargetError> {
    let api: Api<Lease> = Api::namespaced(connection.client.clone(), &connection.namespace);
    let name = name_of(run);
    let patch = Patch::Merge(json!({"metadata": {"annotations": {HALTED: text}}}));
    let params = PatchParams::default();
    match patiently(PATIENCE, || api.patch(&name, &params, &patch)).await {
        Ok(_) => Ok(()),
        Err(error) if code(&error) == Some(404) => Ok(()),
        Err(error) => Err(trouble(&format!("mark the lease {name}"), &error)),
    }
}

/// Renews a lease for as long as it is not dropped, whatever the server does meanwhile.
pub struct Keeper {
    holding: Holding,
    halted: watch::Receiver<Option<String>>,
    task: JoinHandle<()>,
}

#[derive(Clone)]
struct Holding {
    connection: Connection,
    run: String,
    holder: String,
    clock: Arc<dyn Clock>,
}

impl Keeper {
    /// Takes the lease of `run`; `holder` says who lives.
    ///
    /// # Errors
    /// When it cannot be written: then nobody in the cluster would know that we live.
    pub async fn start(
        connection: &Connection,
        run: &str,
        holder: &str,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, TargetError> {
        let holding = Holding {
            connection: connection.clone(),
            run: run.to_owned(),
            holder: holder.to_owned(),
            clock,
        };
        let first = patiently(PATIENCE, || holding.renew()).await;
        let first = first.map_err(|error| trouble(&format!("take the lease of {run}"), &error))?;
        let (tell, halted) = watch::channel(is_halted(&first));
        let renewing = holding.clone();
        let task = tokio::spawn(async move {
            let mut wait = EVERY;
            loop {
                sleep(wait).await;
                wait = match timeout(CALL, renewing.renew()).await {
                    Ok(Ok(lease)) => {
                        let said = is_halted(&lease);
                        tell.send_if_modified(|known| {
                            let is_new = *known != said;
                            *known = said;
                            is_new
                        });
                        EVERY
                    }
                    _ => AGAIN,
                };
            }
        });
        Ok(Self { holding, halted, task })
    }

    /// Tells when somebody halts the run from elsewhere, and who.
    pub fn halted(&self) -> watch::Receiver<Option<String>> {
        self.halted.clone()
    }

    /// Ends it, and takes the lease away.
    ///
    /// # Errors
    /// When it cannot be deleted; it is stale a minute later.
    pub async fn end(self) -> Result<(), TargetError> {
        self.task.abort();
        end(&self.holding.connection, &self.holding.run).await
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Holding {
    async fn renew(&self) -> kube::Result<Lease> {
        let client = self.connection.client.clone();
        let api: Api<Lease> = Api::namespaced(client, &self.connection.namespace);
        let now = micro(self.clock.wall_millis());
        let patch = Patch::Merge(json!({
            "spec": {"renewTime": now, "holderIdentity": self.holder, "leaseDurationSeconds": STALE.as_secs()}
        }));
        let name = name_of(&self.run);
        match api.patch(&name, &PatchParams::default(), &patch).await {
            Err(error) if code(&error) == Some(404) => {
                let lease = Lease {
                    metadata: ObjectMeta {
                        name: Some(name),
                        namespace: Some(self.connection.namespace.clone()),
                        labels: Some(name::labels(&self.run, KIND, None)),
                        ..ObjectMeta::default()
                    },
                    spec: Some(LeaseSpec {
                        acquire_time: Some(now.clone()),
                        renew_time: Some(now),
                        holder_identity: Some(self.holder.clone()),
                        lease_duration_seconds: i32::try_from(STALE.as_secs()).ok(),
                        ..LeaseSpec::default()
                    }),
                };
                api.create(&PostParams::default(), &lease).await
            }
            done => done,
        }
    }
}

fn is_halted(lease: &Lease) -> Option<String> {
    lease.annotations().get(HALTED).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_is_stale_when_nobody_renewed_it_for_a_minute() {
        let seen = |renewed| Seen { renewed, ..Seen::default() };
        let now = 1_000_000_000;
        assert!(!is_stale(&seen(Some(now - 60_000)), now));
        assert!(is_stale(&seen(Some(now - 60_001)), now));
        assert!(!is_stale(&seen(Some(now + 5_000)), now));
        assert!(is_stale(&seen(Some(now + 3_600_000)), now));
        assert!(is_stale(&seen(None), now));
    }
}
