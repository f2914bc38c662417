//! Finds what dead runs left in a cluster, and ends it. Never touches what a living run has, nor what may be of one.

mod lives;
mod marks;

use std::collections::BTreeSet;

use super::connect::Connection;
use super::halt::collect::{Found, collect, everybodys};
use super::halt::outcome::{Line, Outcome, Report};
use super::halt::{Order, halt};
use super::kinds::Part;
use super::name;
use super::ours::Object;
use super::reach::Reach;
use crate::port::clock::Clock;
use lives::{Life, Lives};
use marks::{Mark, marks};

/// What is there of runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Orphans {
    /// Runs whose program is dead, with what is there of each.
    pub dead: Vec<Left>,
    /// Runs whose program lives.
    pub alive: Vec<String>,
    /// Runs of which nobody can say whether their program lives: the lease may be where nobody may look.
    pub unknown: Vec<Left>,
    /// Why nobody can.
    pub why: Option<String>,
    /// Objects of somebody else that carry our mark of a run that is dead: `Deployment shop/cart` and the run's step.
    pub marked: Vec<(String, String)>,
    /// The same of runs of which nobody knows whether they live.
    pub doubtful: Vec<(String, String)>,
    /// Records of pods with entries of experiments of ours that are gone: the record, and the experiment.
    pub residue: Vec<(String, String)>,
    /// Journals or leases, where they could not be listed: more may be left than is told here.
    pub blind: Vec<Line>,
}

/// A run that does not live, as far as is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    pub run: String,
    /// What is there of it, for people.
    pub left: Vec<String>,
    /// The reaper has been there.
    pub reaped: bool,
}

impl Orphans {
    /// Whether nothing is left behind.
    pub fn is_empty(&self) -> bool {
        let Self { dead, alive: _, unknown, why: _, marked, doubtful, residue, blind } = self;
        blind.is_empty()
            && [dead, unknown].iter().all(|all| all.is_empty())
            && [marked, doubtful, residue].iter().all(|all| all.is_empty())
    }

    /// Why nobody can say whether a run lives.
    pub fn unknown_why(&self) -> &str {
        self.why.as_deref().unwrap_or("its lease may be in a namespace that was not looked at")
    }
}

/// Finds them; changes nothing.
pub async fn find(connection: &Connection, reach: &Reach, clock: &dyn Clock) -> Orphans {
    let found = collect(connection, reach, None).await;
    let marks = marks(&connection.client, reach).await;
    let runs = found.names().into_iter().chain(marks.iter().map(|mark| mark.run().to_owned()));
    let lives = lives::look(connection, reach, &runs.collect(), clock).await;
    let mut orphans = judged(&found, &marks, lives);
    let (all, unseen) = everybodys(connection, reach).await;
    // What could not be listed is not therefore gone.
    if unseen.is_empty() {
        orphans.residue = residue(&all, reach);
    }
    orphans
}

/// Ends what is dead, and says what became of each, and what was left alone because nobody knows.
pub async fn sweep(connection: &Connection, reach: &Reach, who: &str, clock: &dyn Clock) -> Report {
    let orphans = find(connection, reach, clock).await;
    let mut report = Report::default();
    for dead in &orphans.dead {
        let one = halt(connection, &Order::of(Some(&dead.run), reach.clone(), who), clock).await;
        report.runs.push(dead.run.clone());
        report.lines.extend(one.lines);
        report.notes.extend(one.notes);
    }
    if !orphans.alive.is_empty() {
        report.notes.push(format!("left alone, for they run: {}", orphans.alive.join(", ")));
    }
    let blind = orphans.blind.iter().filter(|line| !report.lines.contains(line));
    let blind: Vec<Line> = blind.cloned().collect();
    report.lines.extend(blind);
    report.lines.extend(not_known(&orphans, reach));
    // What is still marked now has no journal that says what was before.
    let still = marks(&connection.client, reach).await.into_iter().map(|one| (one.what, one.mark));
    for (what, mark) in still.filter(|one| orphans.marked.contains(one)) {
        let why = format!("gameday changed it ({mark}), and no journal says what was before");
        let by_hand = format!("put it right, then take its label {} away", name::FAULT);
        report.lines.push(Line::left(Outcome::Failed, &what, &why, &by_hand));
    }
    let (all, unseen) = everybodys(connection, reach).await;
    if unseen.is_empty() {
        report.lines.extend(residue(&all, reach).iter().map(stays));
    }
    report
}

/// What may be of a run that lives elsewhere.
fn not_known(orphans: &Orphans, reach: &Reach) -> Vec<Line> {
    let place = match reach {
        Reach::Namespace(namespace) => format!("-n {namespace}"),
        Reach::Everywhere => "-A".to_owned(),
    };
    let why = orphans.unknown_why();
    let runs = orphans.unknown.iter().map(|one| {
        let what = format!("run {}", one.run);
        let why = format!("it has {}, and nobody can say whether it is over: {why}", one.shown());
        let by_hand = format!("if it is over: gameday halt {place} --run {}", one.run);
        Line::left(Outcome::Unknown, &what, &why, &by_hand)
    });
    let marks = orphans.doubtful.iter().map(|(what, mark)| {
        let why = format!(
            "gameday changed it ({mark}), and nobody can say whether that run is over: {why}"
        );
        let by_hand = "look for that run where its lease is: gameday halt -A --run RUN ends it";
        Line::left(Outcome::Unknown, what, &why, by_hand)
    });
    runs.chain(marks).collect()
}

/// An entry that nothing takes out of a pod's record any more.
fn stays((record, experiment): &(String, String)) -> Line {
    let why = format!("it has entries of {experiment}, which is gone");
    let pod = record.split_once(' ').map_or("", |(_, pod)| pod);
    let (namespace, pod) = pod.split_once('/').unwrap_or(("", pod));
    let by_hand =
        format!("kubectl -n {namespace} delete pod {pod}; its controller makes a new one");
    Line::left(Outcome::Failed, record, &why, &by_hand)
}

/// Runs and marks by what is known of the runs.
fn judged(found: &Found, marks: &[Mark], lives: Lives) -> Orphans {
    let mut orphans = Orphans { blind: found.blind.clone(), ..Orphans::default() };
    let has_marks = |run: &str| marks.iter().any(|mark| mark.home && mark.run() == run);
    let life = |run: &str| lives.of(run, found.is_home(run) || has_marks(run));
    for run in found.names() {
        match life(&run) {
            Life::Alive => orphans.alive.push(run),
            Life::Dead => orphans.dead.push(left(found, run)),
            Life::Unknown => orphans.unknown.push(left(found, run)),
        }
    }
    for mark in marks {
        let one = (mark.what.clone(), mark.mark.clone());
        match life(mark.run()) {
            Life::Alive => {}
            Life::Dead => orphans.marked.push(one),
            Life::Unknown => orphans.doubtful.push(one),
        }
    }
    orphans.why = lives.why;
    orphans
}

/// What is there of a run.
fn left(found: &Found, run: String) -> Left {
    let objects = found.objects.iter().filter(|one| one.run.as_deref() == Some(&run));
    let mut left: Vec<String> = objects.map(Object::shown).collect();
    let theirs = found.runs.iter().filter(|one| one.run == run);
    let pages: Vec<_> = theirs.filter_map(|one| one.page.as_ref()).collect();
    for page in &pages {
        for entry in &page.entries {
            left.push(format!("{} in the journal", entry.step));
        }
        left.extend(page.unreadable.iter().map(|slot| format!("{slot} in the journal")));
    }
    let reaped = pages.iter().any(|page| page.reaped.is_some());
    Left { run, left, reaped }
}

impl Left {
    /// What is there of it, in words.
    pub fn shown(&self) -> String {
        if self.left.is_empty() { "a journal or a reaper".to_owned() } else { self.left.join(", ") }
    }
}

/// Entries in records of pods that are of experiments of ours that are gone.
fn residue(all: &[Object], reach: &Reach) -> Vec<(String, String)> {
    let living: BTreeSet<String> =
        all.iter().map(|one| format!("{}/{}", one.namespace, one.name)).collect();
    let was_seen = |namespace: &str| match reach {
        Reach::Namespace(here) => here == namespace,
        Reach::Everywhere => true,
    };
    let records = all.iter().filter(|one| one.part() == Part::Child);
    let lost = records.flat_map(|record| {
        let sources = record.sources.iter().filter(|source| !living.contains(*source));
        let ours = sources.filter(|source| {
            source
                .split_once('/')
                .is_some_and(|(namespace, name)| name.starts_with("gd-") && was_seen(namespace))
        });
        ours.map(|source| (record.shown(), source.clone()))
    });
    lost.collect()
}

#[cfg(test)]
mod tests {
    use kube::api::DynamicObject;
    use kube::core::ApiResource;
    use serde_json::json;

    use super::*;
    use crate::kubernetes::journal::RunFound;
    use crate::kubernetes::journal::page::Page;

    fn object(kind: &str, name: &str, run: Option<&str>, spec: serde_json::Value) -> Object {
        let api = ApiResource {
            group: "chaos-mesh.org".into(),
            version: "v1alpha1".into(),
            api_version: "chaos-mesh.org/v1alpha1".into(),
            kind: kind.into(),
            plural: kind.to_lowercase(),
        };
        let labels = run.map(|run| name::labels(run, "experiment", None));
        let object: DynamicObject = serde_json::from_value(json!({
            "apiVersion": "chaos-mesh.org/v1alpha1", "kind": kind, "spec": spec,
            "metadata": {"name": name, "namespace": "shop", "uid": name, "labels": labels}
        }))
        .unwrap();
        Object::of(&api, &object)
    }

    #[test]
    fn what_is_left_is_told_by_run_and_living_runs_are_none_of_it() {
        let page = Page { run: "r-1".into(), unreadable: vec!["x".into()], ..Page::default() };
        let found = Found {
            objects: vec![
                object("PodChaos", "gd-r-1-a", Some("r-1"), json!({})),
                object("PodChaos", "gd-r-2-a", Some("r-2"), json!({})),
            ],
            runs: vec![RunFound { run: "r-1".into(), page: Some(page), ..RunFound::default() }],
            ..Found::default()
        };
        let lives = Lives::known(&["r-2"], true, false);
        let orphans = judged(&found, &[], lives);
        assert_eq!(orphans.dead.len(), 1);
        assert_eq!(orphans.dead[0].left, ["PodChaos shop/gd-r-1-a", "x in the journal"]);
        assert_eq!(orphans.alive, ["r-2"]);
        // Where no lease could be listed nobody is known to be dead.
        let orphans = judged(&found, &[], Lives::known(&[], false, false));
        assert_eq!((orphans.dead.len(), orphans.unknown.len()), (0, 2));
        assert!(!orphans.is_empty());
    }

    #[test]
    fn load_and_marks_of_nodes_may_be_of_a_run_that_lives_elsewhere() {
        let mut load = object("TestRun", "gd-r-1-load", Some("r-1"), json!({}));
        load.api.group = "k6.io".into();
        let found = Found { objects: vec![load], ..Found::default() };
        let node = Mark { what: "Node n".into(), mark: "r-2_drain-0".into(), home: false };
        let set = Mark { what: "Deployment shop/a".into(), mark: "r-3_x-0".into(), home: true };
        let marks = [node, set];
        let orphans = judged(&found, &marks, Lives::known(&[], true, false));
        assert_eq!(orphans.unknown.len(), 1, "{orphans:?}");
        assert_eq!(orphans.doubtful, [("Node n".to_owned(), "r-2_drain-0".to_owned())]);
        assert_eq!(orphans.marked, [("Deployment shop/a".to_owned(), "r-3_x-0".to_owned())]);
        let lines = not_known(&orphans, &Reach::Namespace("shop".into()));
        assert!(lines.iter().all(|line| line.outcome == Outcome::Unknown), "{lines:?}");
        let orphans = judged(&found, &marks, Lives::known(&["r-2"], true, true));
        assert!(orphans.doubtful.is_empty() && orphans.unknown.is_empty());
        assert_eq!(orphans.dead.len(), 1);
    }

    #[test]
    fn entries_of_experiments_of_ours_that_are_gone_are_residue() {
        let spec = json!({"tcs": [
            {"source": "shop/gd-r-1-gone"}, {"source": "shop/gd-r-1-here"}, {"source": "shop/theirs"},
            {"source": "bank/gd-r-1-not-looked-for"}]});
        let all = [
            object("PodNetworkChaos", "cart-1", None, spec),
            object("NetworkChaos", "gd-r-1-here", Some("r-1"), json!({})),
        ];
        let found = residue(&all, &Reach::Namespace("shop".into()));
        assert_eq!(found, [("PodNetworkChaos shop/cart-1".into(), "shop/gd-r-1-gone".into())]);
    }
}
