//! What was gathered as a game day: a quiet beginning, one phase for each experiment with time to recover, and a quiet end; the steady
//! state before and after.

use super::gathered::{Asked, Gathered, Part, Planned, Wishes};
use super::names::Names;
use crate::gameday::cluster::Cluster;
use crate::gameday::defence::Defences;
use crate::gameday::load::LoadPattern;
use crate::gameday::metric::Metric;
use crate::gameday::people::{Expected, People};
use crate::gameday::plan::{
    AskedFor, GameDay, Limit, Phase, PlannedInjection, Route, Target, Traffic,
};
use crate::gameday::query::Query;
use crate::gameday::span::Span;
use crate::gameday::unit::Unit;
use crate::gameday::write::{PhaseRemarks, Remark, Remarks};

/// Without faults, before and after.
const QUIET: Span = Span::from_secs(30);
/// Requests per second where customers can be sent.
const RATE: f64 = 10.0;
/// What must hold before and again after, where customers can be sent: the least that a script of this kind asks.
const AVAILABLE: f64 = 0.99;
/// The same, asked of a Prometheus.
const UP: &str = "avg(up{job=\"kubernetes-pods\"})";

/// The game day with what is said of it.
pub(super) fn plan(all: Gathered, wishes: &Wishes) -> (GameDay, Remarks) {
    let url = wishes.url.clone().or_else(|| all.url.clone());
    let mut head = vec![
        "Made by gameday import. What is otherwise than it was stands as a comment.".to_owned(),
    ];
    head.extend(all.notes.iter().cloned());
    let load = url.is_some().then_some(LoadPattern::Constant { rps: RATE });
    if load.is_none() {
        head.push("Nobody knows where customers go: add url: to the target, load: to the phases and a steady_state:, or import again with --url.".to_owned());
    }
    let mut queries = asked(&all.queries);
    let mut steady_state = limits(&all.queries);
    if wishes.prometheus.is_some()
        && queries.is_empty()
        && let Ok(query) = Query::new("pods_up", Unit::Share)
    {
        queries.push(AskedFor { query, promql: UP.to_owned() });
        steady_state.push(Limit { metric: Metric::Asked(query), min: Some(AVAILABLE), max: None });
    }
    if load.is_some() {
        steady_state.push(Limit { metric: Metric::Availability, min: Some(AVAILABLE), max: None });
    }
    if steady_state.is_empty() {
        head.push("Nothing says what must hold before and after: write steady_state:.".to_owned());
    }
    let title = wishes.title.clone().or_else(|| all.title.clone());
    let title = title.unwrap_or_else(|| titled(&all.parts));
    let (phases, remarks) = phases(&all.parts, wishes.recovery, load);
    let cluster = Cluster {
        namespace: wishes.namespace.clone().or(all.namespace),
        url,
        ..Cluster::default()
    };
    let plan = GameDay {
        name: "imported".to_owned(),
        title,
        hypothesis: all.hypothesis,
        teams: vec!["team".to_owned()],
        target: Target::Kubernetes(cluster),
        objectives: Vec::new(),
        slos: Vec::new(),
        steady_state,
        guardrails: Vec::new(),
        phases,
        traffic: traffic(&all.paths),
        defences: Defences::default(),
        people: People::default(),
        rollback: None,
        generator: None,
        prometheus: wishes.prometheus.clone().filter(|_| !queries.is_empty()),
        queries,
    };
    (plan, Remarks { head, phases: remarks, deck: Vec::new() })
}

fn titled(parts: &[Part]) -> String {
    match parts {
        [one] => one.name.replace('-', " "),
        several => format!("{} experiments, one after the other", several.len()),
    }
}

fn phases(
    parts: &[Part],
    recovery: Span,
    load: Option<LoadPattern>,
) -> (Vec<Phase>, Vec<PhaseRemarks>) {
    let quiet = |name: &str, duration| Phase {
        name: name.to_owned(),
        duration,
        load,
        injections: Vec::new(),
        cards: Vec::new(),
    };
    let mut phases = vec![quiet("baseline", QUIET)];
    let mut remarks = vec![PhaseRemarks::default()];
    let (mut names, mut injections) = (Names::default(), Names::default());
    for part in parts {
        let ends = |one: &Planned| one.offset + one.experiment.duration.unwrap_or(Span::ZERO);
        let length = part.faults.iter().map(ends).fold(part.length, Span::max);
        let mut phase = quiet(&names.unused(&part.name), length + recovery);
        let mut said = PhaseRemarks::default();
        let from = part.from.iter().map(|file| format!("of {file}"));
        said.itself.notes = from.chain(part.notes.iter().cloned()).collect();
        let mut faults: Vec<&Planned> = part.faults.iter().collect();
        faults.sort_by_key(|one| one.offset);
        for one in faults {
            phase.injections.push(PlannedInjection {
                name: injections.unused(&one.name),
                offset: one.offset,
                experiment: one.experiment.clone(),
                expect: None,
                expected: Expected::default(),
                hints: Vec::new(),
            });
            said.injections.push(Remark { notes: one.notes.clone(), out: false });
        }
        phases.push(phase);
        remarks.push(said);
    }
    phases.push(quiet("recovery", QUIET));
    (phases, remarks)
}

fn asked(queries: &[Asked]) -> Vec<AskedFor> {
    let each = queries.iter().filter_map(|one| {
        let query = Query::new(&one.name, Unit::Count).ok()?;
        Some(AskedFor { query, promql: one.query.clone() })
    });
    each.collect()
}

fn limits(queries: &[Asked]) -> Vec<Limit> {
    let bound = |one: &&Asked| one.min.is_some() || one.max.is_some();
    let each = queries.iter().filter(bound).filter_map(|one| {
        let query = Query::new(&one.name, Unit::Count).ok()?;
        Some(Limit { metric: Metric::Asked(query), min: one.min, max: one.max })
    });
    each.collect()
}

fn traffic(paths: &[String]) -> Traffic {
    let route = |path: &String| Route {
        name: format!("GET {path}"),
        method: "GET".to_owned(),
        path: path.clone(),
        weight: 1,
        spread: 1,
        headers: Vec::new(),
        body: None,
    };
    Traffic {
        routes: paths.iter().map(route).collect(),
        timeout: Span::from_secs(5),
        max_in_flight: 4_096,
        tls: false,
    }
}
