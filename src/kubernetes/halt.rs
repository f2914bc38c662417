//! The emergency stop: lets go of everything that runs of ours have in a cluster, from any machine and with nothing but the
//! cluster. May be given again and again, goes on after errors, and says of each thing what became of it.
//!
//! `collect` finds · `native` takes changes back, `over` also what others changed since · `goal` is one object of Chaos Mesh to let
//! go of · `outcome` is what is told.

pub mod collect;
mod goal;
pub mod native;
mod order;
pub mod outcome;
pub mod over;

use std::collections::BTreeSet;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream;
use k8s_openapi::api::batch::v1::Job;
use k8s_openapi::api::core::v1::ConfigMap;
use kube::Api;
use kube::api::{DeleteParams, Preconditions};

use super::connect::Connection;
use super::journal::page::{Entry, FORCED};
use super::journal::{self, RunFound};
use super::kinds::Part as Kind;
use super::lease;
use super::moment::rfc3339;
use super::name;
use super::native::carry::Over;
use super::ours::{Object, Theirs};
use super::patience::patiently;
use super::reach::Reach;
use super::trouble::{code, trouble};
use super::undo::Part;
use crate::port::clock::Clock;
use collect::{Found, Reaper, collect};
use goal::{gone, let_go_of, makes_others};
pub use order::Order;
use order::at;
use outcome::{Line, Outcome, Report};

/// So long the server may be away.
const PATIENCE: Duration = Duration::from_secs(30);
/// So many things are let go at the same time.
const AT_ONCE: usize = 16;

/// Stops it.
pub async fn halt(connection: &Connection, order: &Order, clock: &dyn Clock) -> Report {
    let found = collect(connection, &order.reach, order.run.as_deref()).await;
    let mut report = Report { runs: found.names(), ..Report::default() };
    forbid_more(connection, order, &found, clock, &mut report).await;
    report.lines.extend(found.unseen.iter().cloned());
    // Load first, then what makes experiments, then the experiments and what they were beside.
    report.lines.extend(stop_load(connection, &found.objects, order.bound).await);
    let theirs = found.theirs();
    let sources = |one: &&Object| matches!(one.part(), Kind::Schedule | Kind::Workflow);
    let sources = found.objects.iter().filter(sources).cloned().collect();
    let makers: (&[RunFound], fn(&str) -> bool) = (&found.runs, makes_others);
    report.lines.extend(let_go_of(connection, sources, makers, order).await);
    // They may have made more until then.
    let (later, unseen) =
        collect::objects(connection, &order.reach, order.run.as_deref(), &theirs).await;
    add_unseen(&mut report, unseen);
    let experiments = both(&found.objects, later)
        .into_iter()
        .filter(|one| one.part() == Kind::Experiment)
        .collect();
    let (experiments, natives) = futures::join!(
        let_go_of(connection, experiments, (&found.runs, |kind| !makes_others(kind)), order),
        take_back(connection, &found.runs, Over::Nothing, order.bound)
    );
    report.lines.extend(experiments);
    report.lines.extend(natives);
    verify(connection, order, &theirs, &mut report).await;
    tidy(connection, &found, order.keeps, clock, &mut report).await;
    if !order.keeps && report.is_clean() {
        dismiss_strays(connection, &found, &mut report).await;
    }
    report
}

/// Undoes single entries of a run's journal, and strikes out those that are undone.
pub async fn undo(
    connection: &Connection,
    run: &str,
    entries: &[Entry],
    over: Over,
    bound: Duration,
) -> Vec<Line> {
    let order =
        Order { bound, ..Order::of(Some(run), Reach::Namespace(connection.namespace.clone()), "") };
    let page = journal::page::Page {
        run: run.to_owned(),
        namespace: connection.namespace.clone(),
        entries: entries.to_vec(),
        ..journal::page::Page::default()
    };
    let (run, namespace) = (page.run.clone(), page.namespace.clone());
    let runs = [RunFound { run, namespace, page: Some(page), lease: None }];
    let natives = take_back(connection, &runs, over, bound).await;
    let chaos = let_go_of(connection, Vec::new(), (&runs, |_| true), &order).await;
    let mut lines: Vec<Line> = natives.into_iter().chain(chaos).collect();
    let failed = failed(&lines);
    for entry in entries.iter().filter(|entry| is_undone(entry, &failed)) {
        if let Err(error) = journal::strike(connection, &runs[0].run, &entry.key).await {
            let what = format!("entry {} of the journal", entry.key);
            lines.push(Line::left(Outcome::Unknown, &what, &error.0, "gameday halt"));
        }
    }
    lines
}

/// What is not as before, or not known to be.
fn failed(lines: &[Line]) -> BTreeSet<String> {
    let left = lines.iter().filter(|line| line.outcome != Outcome::Recovered);
    left.map(|line| line.what.clone()).collect()
}

/// What was seen first, and what was there later.
fn both(first: &[Object], later: Vec<Object>) -> Vec<Object> {
    let mut all = later;
    for one in first {
        if all.iter().all(|known| known.uid != one.uid) {
            all.push(one.clone());
        }
    }
    all
}

/// What could not be looked at is told once.
fn add_unseen(report: &mut Report, unseen: Vec<Line>) {
    for line in unseen {
        if report.lines.iter().all(|known| known.what != line.what) {
            report.lines.push(line);
        }
    }
}

/// Says on journals and leases that the run is halted: who holds it breaks nothing more.
async fn forbid_more(
    connection: &Connection,
    order: &Order,
    found: &Found,
    clock: &dyn Clock,
    report: &mut Report,
) {
    let text = format!("{} by {}", rfc3339(clock.wall_millis()), order.who);
    for run in &found.runs {
        let there = at(connection, &run.namespace);
        let marked = [
            journal::mark(&there, &run.run, name::HALTED, &text).await,
            lease::mark_halted(&there, &run.run, &text).await,
        ];
        for error in marked.into_iter().filter_map(Result::err) {
            report.notes.push(format!("run {}: cannot say that it is halted: {error}", run.run));
        }
        if let Some(reason) = &order.force {
            let text = format!("{text}: {reason}");
            if let Err(error) = journal::mark(&there, &run.run, FORCED, &text).await {
                report.notes.push(format!("run {}: the reason is not written: {error}", run.run));
            }
        }
    }
}

async fn stop_load(connection: &Connection, objects: &[Object], bound: Duration) -> Vec<Line> {
    let loads = objects.iter().filter(|one| one.part() == Kind::Load);
    let stopped = loads.map(|load| async move {
        let deleted = deleted(connection, load).await;
        let is_gone = match deleted {
            Ok(()) => gone(connection, load, bound).await,
            Err(error) => Err(error),
        };
        match is_gone {
            Ok(()) => Line::recovered(load.shown(), sends_nothing(connection, load).await),
            Err(why) => Line::left(Outcome::Failed, &load.shown(), &why, &load.by_hand()),
        }
    });
    stream::iter(stopped).buffer_unordered(AT_ONCE).collect().await
}

/// Takes the script of load away that is gone, too. What is left of it sends nothing.
async fn sends_nothing(connection: &Connection, load: &Object) -> String {
    let api: Api<ConfigMap> = Api::namespaced(connection.client.clone(), &load.namespace);
    let delete = DeleteParams::background();
    match patiently(PATIENCE, || api.delete(&load.name, &delete)).await {
        Err(error) if code(&error) != Some(404) => format!(
            "deleted; it sends nothing more. {}",
            trouble("delete the ConfigMap of its script", &error)
        ),
        _ => "deleted; it sends nothing more".to_owned(),
    }
}

async fn deleted(connection: &Connection, object: &Object) -> Result<(), String> {
    let api = Reach::Namespace(object.namespace.clone()).of(&connection.client, &object.api);
    let conditions = Preconditions { uid: Some(object.uid.clone()), resource_version: None };
    let delete = DeleteParams::background().preconditions(conditions);
    match patiently(PATIENCE, || api.delete(&object.name, &delete)).await {
        Ok(_) => Ok(()),
        // Gone, or another one of the same name.
        Err(error) if matches!(code(&error), Some(404 | 409)) => Ok(()),
        Err(error) => Err(trouble("delete it", &error).0),
    }
}

/// Takes native changes back by the journals.
async fn take_back(
    connection: &Connection,
    runs: &[RunFound],
    over: Over,
    bound: Duration,
) -> Vec<Line> {
    let mut lines = Vec::new();
    for run in runs {
        let Some(page) = &run.page else { continue };
        let there = at(connection, &run.namespace);
        let undone = native::take_back(&there, &run.run, &page.entries, over, bound).await;
        lines.extend(undone.into_iter().map(|(_, line)| line));
        for slot in &page.unreadable {
            let what = format!("entry {slot} of the journal of {}", run.run);
            let why = "this version of gameday cannot read it; use the one that wrote it";
            let name = journal::page::name_of(&run.run);
            let look = format!("kubectl -n {} get configmap {name} -o yaml", run.namespace);
            lines.push(Line::left(Outcome::Unknown, &what, why, &look));
        }
    }
    lines
}

/// Looks once more whether something of it is there.
async fn verify(connection: &Connection, order: &Order, theirs: &Theirs, report: &mut Report) {
    let (left, _) = collect::objects(connection, &order.reach, order.run.as_deref(), theirs).await;
    let matters = |one: &&Object| {
        matches!(one.part(), Kind::Experiment | Kind::Schedule | Kind::Workflow | Kind::Load)
    };
    for object in left.iter().filter(matters) {
        let shown = object.shown();
        let is_told = |line: &Line| line.what == shown && line.outcome != Outcome::Recovered;
        if !report.lines.iter().any(is_told) {
            report.lines.retain(|line| line.what != shown);
            let why = "it is still there, or there again";
            report.lines.push(Line::left(Outcome::Failed, &shown, why, &object.by_hand()));
        }
    }
}

/// Strikes out what is undone, and takes reapers, leases and journals of runs away that are over.
async fn tidy(
    connection: &Connection,
    found: &Found,
    keeps: bool,
    clock: &dyn Clock,
    report: &mut Report,
) {
    let failed = failed(&report.lines);
    let now = clock.wall_millis();
    for run in &found.runs {
        let there = at(connection, &run.namespace);
        let entries = run.page.iter().flat_map(|page| &page.entries);
        let undone = entries.filter(|entry| is_undone(entry, &failed));
        let mut clean = run.page.as_ref().is_none_or(|page| page.unreadable.is_empty());
        clean &= run.page.iter().flat_map(|page| &page.entries).all(|one| is_undone(one, &failed));
        for entry in undone {
            if let Err(error) = journal::strike(&there, &run.run, &entry.key).await {
                clean = false;
                report.notes.push(format!("run {}: {error}", run.run));
            }
        }
        if !keeps && run.lease.as_ref().is_some_and(|lease| !lease::is_stale(lease, now)) {
            report.notes.push(format!(
                "run {}: the program that runs it lives, or died less than a minute ago; it is told to break nothing more",
                run.run
            ));
            continue;
        }
        if keeps || !clean || !report.is_clean() {
            continue;
        }
        let theirs = found.reapers.iter().filter(|one| one.run == run.run);
        dismiss(connection, theirs, report).await;
        for closed in [lease::end(&there, &run.run).await, journal::close(&there, &run.run).await] {
            if let Err(error) = closed {
                report.notes.push(format!("run {}: {error}", run.run));
            }
        }
    }
}

/// Takes away reapers of runs of which there is nothing else.
async fn dismiss_strays(connection: &Connection, found: &Found, report: &mut Report) {
    let known = |reaper: &&Reaper| found.runs.iter().all(|run| run.run != reaper.run);
    let strays = found.reapers.iter().filter(known);
    dismiss(connection, strays, report).await;
}

async fn dismiss<'a>(
    connection: &Connection,
    reapers: impl Iterator<Item = &'a Reaper>,
    report: &mut Report,
) {
    for reaper in reapers {
        if let Err(why) = dismissed(connection, reaper).await {
            report.notes.push(format!("reaper {}: {why}", reaper.name));
        }
    }
}

fn is_undone(entry: &Entry, failed: &BTreeSet<String>) -> bool {
    entry.undo.parts.iter().all(|part| match part {
        Part::Chaos(placed) => {
            !failed.contains(&format!("{} {}/{}", placed.kind, placed.namespace, placed.name))
        }
        Part::Native(change) => !failed.contains(&change.what.to_string()),
    })
}

/// Takes a reaper's Job away, and with it its pods.
async fn dismissed(connection: &Connection, reaper: &Reaper) -> Result<(), String> {
    let api: Api<Job> = Api::namespaced(connection.client.clone(), &reaper.namespace);
    let delete = DeleteParams::background();
    match patiently(PATIENCE, || api.delete(&reaper.name, &delete)).await {
        Ok(_) => Ok(()),
        Err(error) if code(&error) == Some(404) => Ok(()),
        Err(error) => Err(trouble("delete it", &error).0),
    }
}
