//! The cluster as a target that can be broken: chooses between Chaos Mesh and native actions, writes the way back into the
//! cluster before it does anything, and undoes in the right order. Not the doing itself, which is `chaos`'s and `native`'s.

mod back;
pub mod run;
pub mod safety;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use self::back::{ask_back, of, way};
use self::run::Run;
use self::safety::Safety;
use super::chaos::manifest::Manifest;
use super::chaos::{self, rules};
use super::connect::Connection;
use super::name;
use super::native;
use super::native::change::Change;
use super::reaper::away::Hit;
use super::scene::Scene;
use super::step::{MARGIN, Step};
use super::survey::{storage, survey};
use super::undo::{Part, UndoData};
use crate::exercise::said::{Between, Said};
use crate::exercise::undo::Undo;
use crate::gameday::fault::Fault;
use crate::gameday::text::printable;
use crate::port::clock::Clock;
use crate::port::target::{Answer, FaultInjector, FaultOrder, TargetError};

/// Breaks a part of a cluster and mends it.
pub struct ClusterInjector {
    connection: Connection,
    run: Run,
    safety: Safety,
    clock: Arc<dyn Clock>,
    /// What was prepared and not yet undone.
    ready: Mutex<HashMap<String, Ready>>,
}

/// Everything that is needed to inject.
#[derive(Clone)]
struct Ready {
    step: Step,
    manifests: Vec<Manifest>,
    data: UndoData,
}

impl ClusterInjector {
    /// Breaks what `connection` leads to.
    pub fn new(connection: Connection, run: Run, safety: Safety, clock: Arc<dyn Clock>) -> Self {
        Self { connection, run, safety, clock, ready: Mutex::default() }
    }

    /// What keeps watch when this program dies.
    pub const fn safety(&self) -> &Safety {
        &self.safety
    }

    /// Begins what lets go if this program dies, before anything is broken; `native`: whom the exercise hits, where changes are
    /// planned that nothing ends by itself.
    ///
    /// # Errors
    /// When it cannot be begun.
    pub async fn begin(&self, native: Option<&[Hit]>) -> Result<(), TargetError> {
        self.safety.begin(&self.connection, &self.run, native, Arc::clone(&self.clock)).await
    }

    /// What its objects in the cluster are labelled with.
    pub fn run_id(&self) -> String {
        name::run_id(&self.run.exercise)
    }

    /// Takes away what the run itself keeps in the cluster, once nothing is left to undo.
    ///
    /// # Errors
    /// When something is left, or cannot be taken away.
    pub async fn close(&self) -> Result<(), TargetError> {
        self.safety.end(&self.connection, &self.run_id()).await
    }

    /// What is to be known of a prepared fault before it is done: who may fight it, what comes late.
    pub fn warnings(&self, key: &str) -> Vec<Said> {
        let ready = self.ready();
        let changes = ready.get(key).map(|ready| of(&ready.data).1).unwrap_or_default();
        changes.into_iter().flat_map(|change| change.warnings).collect()
    }

    fn ready(&self) -> MutexGuard<'_, HashMap<String, Ready>> {
        self.ready.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn step(&self, order: &FaultOrder) -> Step {
        let lasts = order.lasts;
        let latest = i64::try_from((lasts + MARGIN).as_millis()).unwrap_or(i64::MAX);
        let short = order.key.strip_prefix(&format!("{}-", self.run.exercise));
        Step {
            run: self.run_id(),
            game_day: self.run.game_day.clone(),
            name: short.unwrap_or(&order.key).to_owned(),
            key: order.key.clone(),
            lasts,
            deadline: self.clock.wall_millis().saturating_add(latest),
        }
    }

    async fn prepared(&self, order: &FaultOrder) -> Result<Undo, TargetError> {
        if order.lasts > self.run.longest {
            return Err(TargetError(format!(
                "it would last {}, and no fault on a cluster may last longer than {} here; shorten it, or raise kubernetes.longest in config.yaml",
                order.lasts, self.run.longest
            )));
        }
        supported(&order.experiment.fault)?;
        let mut scene = survey(&self.connection).await?;
        if native::action::is_of_storage(&order.experiment.fault) {
            storage(&self.connection, &mut scene, &order.victims).await?;
        }
        still_there(order, &scene)?;
        let step = self.step(order);
        let manifests = chaos::manifest::manifests(order, &scene, &step)?;
        let actions = native::action::actions(order, &scene, &step)?;
        if manifests.is_empty() && actions.is_empty() {
            let kind = order.experiment.fault.kind();
            return Err(TargetError(format!("{kind}: nothing in this cluster would come of it")));
        }
        let wrong: Vec<String> =
            manifests.iter().flat_map(|manifest| rules::check(manifest, &scene)).collect();
        if !wrong.is_empty() {
            return Err(TargetError(wrong.join("; ")));
        }
        chaos::carry::rehearse(&self.connection, &manifests).await?;
        let changes = native::carry::prepare(&self.connection, &scene, &actions, &step).await?;
        if changes.iter().any(Change::stays) {
            self.safety.allows_native()?;
        }
        let placed = manifests.iter().map(|manifest| Part::Chaos(manifest.placed.clone()));
        let data = UndoData {
            run: step.run.clone(),
            context: self.connection.context.clone(),
            server: self.connection.server.clone(),
            namespace: self.connection.namespace.clone(),
            parts: placed.chain(changes.into_iter().map(Part::Native)).collect(),
        };
        let undo = Undo {
            key: order.key.clone(),
            what: way(&data),
            data: serde_json::to_value(&data).map_err(|error| TargetError(error.to_string()))?,
        };
        self.ready().insert(order.key.clone(), Ready { step, manifests, data });
        Ok(undo)
    }

    async fn injected(&self, order: &FaultOrder) -> Result<Said, TargetError> {
        let ready = self.ready().get(&order.key).cloned();
        let Some(Ready { step, manifests, data }) = ready else {
            return Err(TargetError(format!("{} was not prepared", printable(&order.key, 120))));
        };
        let (_, changes) = of(&data);
        // In the cluster, too, the way back is written down before anything is done.
        super::journal::note(&self.connection, &step, &data).await?;
        let mut seen = Vec::new();
        if !manifests.is_empty() {
            seen.push(chaos::carry::place(&self.connection, &manifests).await?);
        }
        if !changes.is_empty() {
            seen.push(native::carry::apply(&self.connection, &changes).await?);
        }
        Ok(Said::all(seen, Between::Then))
    }
}

impl FaultInjector for ClusterInjector {
    fn supports(&self, fault: &Fault) -> Result<(), TargetError> {
        supported(fault)
    }

    fn prepare<'a>(&'a self, order: &'a FaultOrder) -> Answer<'a, Result<Undo, TargetError>> {
        Box::pin(self.prepared(order))
    }

    fn inject<'a>(&'a self, order: &'a FaultOrder) -> Answer<'a, Result<Said, TargetError>> {
        Box::pin(self.injected(order))
    }

    fn revert<'a>(&'a self, undo: &'a Undo) -> Answer<'a, Result<Said, TargetError>> {
        Box::pin(async {
            let evidence = back::revert(&self.connection, undo).await?;
            self.ready().remove(&undo.key);
            Ok(evidence)
        })
    }
}

/// Whether Chaos Mesh and the cluster itself can do all of a fault. What one of them cannot do of it (a zone that loses its
/// storage and keeps its pods) is refused before anything starts, and not when its time comes.
///
/// # Errors
/// What cannot be done; for people.
pub fn supported(fault: &Fault) -> Result<(), TargetError> {
    match (chaos::manifest::supports(fault), native::action::supports(fault)) {
        // Half of a fault is another one.
        (Some(Err(why)), _) | (_, Some(Err(why))) => Err(TargetError(why)),
        (Some(Ok(())), _) | (_, Some(Ok(()))) => Ok(()),
        (None, None) => {
            let kind = fault.kind();
            Err(TargetError(format!("{kind}: there is no way to do this to a cluster")))
        }
    }
}

/// Whoever was chosen must still be there, and be none of ours.
fn still_there(order: &FaultOrder, scene: &Scene) -> Result<(), TargetError> {
    let chosen = order.victims.iter().chain(&order.peers);
    let gone: Vec<String> = chosen
        .filter(|name| {
            scene.pod(name).is_none_or(|pod| super::excluded::is_ours(pod.metadata.labels.as_ref()))
        })
        .map(|name| printable(name, 80))
        .collect();
    if gone.is_empty() {
        return Ok(());
    }
    Err(TargetError(format!("gone meanwhile: {}", gone.join(", "))))
}

/// Undoes the faults of exercises that died, each where it was done. Does no new ones.
#[derive(Default)]
pub struct Leftovers {
    /// Where something was undone, and of which run.
    visited: Mutex<Vec<(Connection, String)>>,
}

impl Leftovers {
    /// Takes away what runs kept in the cluster, once everything of them is undone.
    ///
    /// # Errors
    /// When something cannot be taken away.
    pub async fn tidy(&self) -> Result<(), TargetError> {
        let visited = self.visited.lock().unwrap_or_else(PoisonError::into_inner).clone();
        for (connection, run) in visited {
            safety::tidy(&connection, &run).await?;
        }
        Ok(())
    }

    async fn back(&self, undo: &Undo) -> Result<Said, TargetError> {
        let (connection, run) = ask_back(undo).await?;
        let evidence = back::revert(&connection, undo).await?;
        let mut visited = self.visited.lock().unwrap_or_else(PoisonError::into_inner);
        if visited.iter().all(|(_, known)| *known != run) {
            visited.push((connection, run));
        }
        Ok(evidence)
    }
}

impl FaultInjector for Leftovers {
    fn supports(&self, _: &Fault) -> Result<(), TargetError> {
        Err(only_undoes())
    }

    fn prepare<'a>(&'a self, _: &'a FaultOrder) -> Answer<'a, Result<Undo, TargetError>> {
        Box::pin(async { Err(only_undoes()) })
    }

    fn inject<'a>(&'a self, _: &'a FaultOrder) -> Answer<'a, Result<Said, TargetError>> {
        Box::pin(async { Err(only_undoes()) })
    }

    fn revert<'a>(&'a self, undo: &'a Undo) -> Answer<'a, Result<Said, TargetError>> {
        Box::pin(self.back(undo))
    }
}

fn only_undoes() -> TargetError {
    TargetError("only what an exercise left is undone here".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::fault::ZoneResource::{Compute, Network, Storage};

    #[test]
    fn what_can_be_done_by_halves_is_refused_before_anything_starts() {
        let zone = |resources: &[_]| supported(&Fault::ZoneFailure { resources: resources.into() });
        for fine in [&[Compute][..], &[Network], &[Compute, Network], &[Compute, Storage, Network]]
        {
            zone(fine).unwrap();
        }
        for not in [&[Storage][..], &[Network, Storage]] {
            let why = zone(not).unwrap_err();
            assert!(why.0.contains("write resources: [compute, storage]"), "{why}");
        }
    }
}
