//! Sees what the doctor judges: asks, and understands nothing. What cannot be had is said so, and keeps nothing else from being
//! seen.

mod bound;
mod cluster;
mod grants;
mod mesh;

use super::super::connect::Connection;
use super::super::halt::collect::everybodys;
use super::super::journal;
use super::super::kinds::{CHAOS, Part};
use super::super::reach::Reach;
use super::super::sweep;
use super::facts::{Asked, Facts, Foreign, Wants};
use crate::port::clock::Clock;

/// Looks at everything.
pub async fn gather(
    connection: &Connection,
    wants: Wants,
    fence: Option<String>,
    clock: &dyn Clock,
) -> Facts {
    let version = cluster::version(connection).await;
    let is_there = version.is_ok();
    let here = Reach::Namespace(connection.namespace.clone());
    let account = wants.game_day.as_deref().map(super::super::reaper::post::account_of);
    let (who, place, pods, reaper) = futures::join!(
        cluster::who(connection),
        cluster::place(connection),
        cluster::pods(connection),
        cluster::account(connection, account.as_deref()),
    );
    let (mesh, load, prometheus, alertmanager) = match is_there {
        true => futures::join!(
            mesh::mesh(connection),
            cluster::operator(connection),
            cluster::services(connection, "prometheus", 9_090),
            cluster::services(connection, "alertmanager", 9_093),
        ),
        // Nobody waits a dozen times for a server that is not there.
        false => (
            mesh::unseen(),
            cluster::no_operator(),
            Err("the server does not answer".to_owned()),
            Err("the server does not answer".to_owned()),
        ),
    };
    let permissions = match is_there {
        true => grants::permissions(connection, &wants.needs).await,
        false => Vec::new(),
    };
    let (foreign, runs, orphans) = match is_there {
        true => futures::join!(
            foreign(connection, &here),
            async { journal::runs(connection, &here).await.map_err(|error| error.0) },
            sweep::find(connection, &here, clock),
        ),
        false => {
            let unseen = || "the server does not answer".to_owned();
            (Err(unseen()), Err(unseen()), sweep::Orphans::default())
        }
    };
    Facts {
        context: connection.context.clone(),
        server: connection.server.clone(),
        namespace: connection.namespace.clone(),
        now: clock.wall_millis(),
        wants,
        fence,
        version,
        who,
        place,
        mesh,
        load,
        prometheus,
        alertmanager,
        permissions,
        pods,
        foreign,
        reaper,
        runs,
        orphans,
    }
}

/// What others have of Chaos Mesh: anywhere, for it may reach into the namespace; where that may not be listed, there.
async fn foreign(connection: &Connection, here: &Reach) -> Asked<Vec<Foreign>> {
    let (mut all, unseen) = everybodys(connection, &Reach::Everywhere).await;
    if all.is_empty() && !unseen.is_empty() {
        let (some, unseen) = everybodys(connection, here).await;
        if let (true, Some(first)) = (some.is_empty(), unseen.first()) {
            return Err(first.said.clone());
        }
        all = some;
    }
    let theirs = all.iter().filter(|one| one.run.is_none() && one.api.group == CHAOS);
    // What ours made has no label of ours, and is no matter of others.
    let ours = super::super::ours::belonging(all.clone(), None, &Default::default());
    let theirs = theirs.filter(|one| !ours.iter().any(|mine| mine.uid == one.uid));
    let matters = theirs
        .filter(|one| matches!(one.part(), Part::Experiment | Part::Schedule | Part::Workflow));
    let foreign = matters.map(|one| Foreign {
        what: one.shown(),
        namespace: one.namespace.clone(),
        pods: one.pods.clone(),
        over: one.recovered,
        makes: one.part() != Part::Experiment,
    });
    Ok(foreign.collect())
}
