//! Objects of Chaos Mesh to let go of, as journals know them, as they were seen, or both.

use std::collections::BTreeMap;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream;
use tokio::time::{sleep, timeout};

use super::super::chaos::carry::{self, Consent};
use super::super::chaos::placed::Placed;
use super::super::connect::Connection;
use super::super::journal::RunFound;
use super::super::kinds::{CHAOS, Part as Kind, part};
use super::super::ours::Object;
use super::super::patience::patiently;
use super::super::reach::Reach;
use super::super::trouble::trouble;
use super::super::undo::Part;
use super::order::{Order, at};
use super::outcome::{Line, Outcome};

/// So long the server may be away.
const PATIENCE: Duration = Duration::from_secs(30);
/// So many things are let go at the same time.
const AT_ONCE: usize = 16;
/// So often one is tried.
const ATTEMPTS: usize = 3;
/// How long one may take whose finalizers may be taken away.
const FORCED: Duration = Duration::from_secs(130);
/// How often it is looked whether something is gone.
const LOOK: Duration = Duration::from_millis(250);

/// Waits until it is gone.
pub(super) async fn gone(
    connection: &Connection,
    object: &Object,
    bound: Duration,
) -> Result<(), String> {
    let look = async {
        loop {
            match is_there(connection, object).await {
                Ok(false) => return Ok(()),
                Ok(true) => sleep(LOOK).await,
                Err(why) => return Err(why),
            }
        }
    };
    let bound_text = || Err(format!("it is deleted and still there after {} s", bound.as_secs()));
    timeout(bound, look).await.unwrap_or_else(|_| bound_text())
}

async fn is_there(connection: &Connection, object: &Object) -> Result<bool, String> {
    let api = Reach::Namespace(object.namespace.clone()).of(&connection.client, &object.api);
    let found = patiently(PATIENCE, || api.get_metadata_opt(&object.name)).await;
    let found = found.map_err(|error| trouble("look whether it is gone", &error).0)?;
    Ok(found.is_some_and(|one| one.metadata.uid.as_deref() == Some(&object.uid)))
}

/// One object of Chaos Mesh to let go of: as the journal knows it, as it was seen, or both.
struct Goal {
    run: String,
    placed: Placed,
    seen: Option<Object>,
}

/// Whether a kind makes experiments: what does goes first.
pub(super) fn makes_others(kind: &str) -> bool {
    matches!(part(CHAOS, kind), Kind::Schedule | Kind::Workflow)
}

/// Lets go of all of them, those that only journals know, too, if they are of a kind that is meant.
pub(super) async fn let_go_of(
    connection: &Connection,
    objects: Vec<Object>,
    (runs, is_meant): (&[RunFound], fn(&str) -> bool),
    order: &Order,
) -> Vec<Line> {
    let mut goals: BTreeMap<(String, String, String), Goal> = BTreeMap::new();
    let place =
        |placed: &Placed| (placed.kind.clone(), placed.namespace.clone(), placed.name.clone());
    for (run, placed) in journalled(runs).filter(|(_, placed)| is_meant(&placed.kind)) {
        let goal = Goal { run: run.to_owned(), placed: placed.clone(), seen: None };
        goals.insert(place(placed), goal);
    }
    for object in objects {
        let placed = object.placed();
        let run = object.run.clone().unwrap_or_default();
        let goal = goals.entry(place(&placed)).or_insert(Goal { run, placed, seen: None });
        goal.seen = Some(object);
    }
    let all = goals.into_values().map(|goal| one(connection, goal, order));
    stream::iter(all).buffer_unordered(AT_ONCE).collect().await
}

fn journalled(runs: &[RunFound]) -> impl Iterator<Item = (&str, &Placed)> {
    runs.iter().flat_map(|run| {
        let entries = run.page.iter().flat_map(|page| &page.entries);
        let parts = entries.flat_map(|entry| &entry.undo.parts);
        parts.filter_map(move |part| match part {
            Part::Chaos(placed) => Some((run.run.as_str(), placed)),
            Part::Native(_) => None,
        })
    })
}

async fn one(connection: &Connection, goal: Goal, order: &Order) -> Line {
    let Goal { run, placed, seen } = goal;
    let there = at(connection, &placed.namespace);
    let mut done = tried(&there, &run, &placed, Consent::No, order.bound).await;
    if done.is_err() && order.force.is_some() {
        done = tried(&there, &run, &placed, Consent::ForceFinalizers, FORCED).await;
    }
    let shown = format!("{} {}/{}", placed.kind, placed.namespace, placed.name);
    let Some(object) = seen else {
        let by_hand = || {
            let kind = format!("{}.{}", placed.plural, CHAOS);
            format!("kubectl -n {} delete {kind} {}", placed.namespace, placed.name)
        };
        return match done {
            Ok(said) => Line::recovered(shown, said),
            Err(why) => Line::left(Outcome::Failed, &shown, &why, &by_hand()),
        };
    };
    match (done, is_there(connection, &object).await) {
        (Ok(said), Ok(false)) => Line::recovered(shown, said),
        (Ok(said), Ok(true)) => Line::left(
            Outcome::Failed,
            &shown,
            &format!("{said}; it is still there"),
            &object.by_hand(),
        ),
        (Err(why), Ok(false)) => Line::left(
            Outcome::Unknown,
            &shown,
            &format!("it is gone, but {why}"),
            &object.by_hand(),
        ),
        (Err(why), Ok(true)) => Line::left(Outcome::Failed, &shown, &why, &object.by_hand()),
        (Ok(why) | Err(why), Err(unseen)) => {
            let why = format!("{why}; {unseen}");
            Line::left(Outcome::Unknown, &shown, &why, &object.by_hand())
        }
    }
}

/// Tries to let go of one object again and again: each attempt goes on where the last one ended.
async fn tried(
    connection: &Connection,
    run: &str,
    placed: &Placed,
    consent: Consent,
    bound: Duration,
) -> Result<String, String> {
    let mut last = format!("it does not let go within {} s", bound.as_secs());
    let work = async {
        let list = std::slice::from_ref(placed);
        for _ in 0..ATTEMPTS {
            match carry::let_go(connection, run, list, consent).await {
                Ok(said) => return Some(said.to_string()),
                Err(error) => last = error.0,
            }
        }
        None
    };
    let done = timeout(bound, work).await;
    done.ok().flatten().ok_or(last)
}
