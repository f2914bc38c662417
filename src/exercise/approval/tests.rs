//! What is approved when, and what is refused as more than that.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::*;
use crate::exercise::blast::Ceiling;
use crate::exercise::command::Command;
use crate::exercise::decide::advance;
use crate::exercise::header::Header;
use crate::exercise::participant::Teller;
use crate::exercise::stamp::Stamp;
use crate::exercise::target::{Budget, Pod, PodHealth, Service, Topology};
use crate::exercise::undo::Undo;
use crate::gameday::read::inspect;
use crate::gameday::span::Span;

fn pod(app: &str, nth: usize) -> Pod {
    let labels = [("app", app), ("zone", ["eu-1a", "eu-1b", "eu-1c"][nth % 3])];
    Pod {
        name: format!("{app}-{nth}"),
        labels: labels.map(|(key, value)| (key.to_owned(), value.to_owned())).into(),
        health: PodHealth::Ready,
        namespace: "shop".into(),
        owner: format!("Deployment/{app}"),
        ..Pod::default()
    }
}

/// So many web apps, the cache that they need, and a database that is critical.
fn shop(web: usize) -> Topology {
    let pods: Vec<Pod> = (0..web)
        .map(|nth| pod("web-app", nth))
        .chain([pod("cache", 0), pod("database", 0)])
        .collect();
    let service = |name: &str, needs: &[&str], critical| Service {
        name: name.into(),
        backed_by: Some(
            pods.iter().filter(|pod| pod.app() == name).map(|pod| pod.name.clone()).collect(),
        ),
        depends_on: needs.iter().map(|one| (*one).to_owned()).collect(),
        critical,
    };
    let services = vec![
        service("web-app", &["cache", "database"], false),
        service("cache", &[], false),
        service("database", &[], true),
    ];
    let web = pods.iter().filter(|pod| pod.app() == "web-app").map(|pod| pod.name.clone());
    let budget = Budget { name: "web-app".into(), pods: web.collect(), allowed: 1 };
    Topology { pods, services, budgets: vec![budget] }
}

fn state(target: &str) -> State {
    let text = format!(
        "gameday: v1\nname: x\ntarget: {target}\nphases:\n  - name: one\n    duration: 5m\n    load: {{ rps: 1 }}\n    chaos:\n      - {{ time: +1m, name: all, experiment: {{ type: pod-failure, target: {{ selector: {{ app: web-app }} }} }} }}\n      - {{ time: +2m, name: one-of, experiment: {{ type: pod-failure, target: {{ selector: {{ app: web-app }} }}, mode: one }} }}\n"
    );
    let plan = inspect(&text, "x.yaml").0.unwrap();
    State::new(Arc::new(Header {
        gameday_recording: 1,
        program: "test".into(),
        exercise: "x".into(),
        began: 0,
        seed: 1,
        ceiling: Ceiling::Wide,
        headless: true,
        briefing: None,
        drill: true,
        rehearsal: None,
        watch: None,
        alertmanager: None,
        plan,
    }))
}

const CLUSTER: &str = "{ kubernetes: { namespace: shop } }";

/// Tells the exercise something, and gives what came of it.
fn tell(state: &mut State, second: u64, command: Command) -> Vec<Event> {
    let at = Stamp::new(Span::from_secs(second), 0);
    advance(state, command, at).unwrap().into_iter().map(|one| one.event).collect()
}

fn begun(target: &str, web: usize) -> (State, Vec<Event>) {
    let mut state = state(target);
    tell(&mut state, 1, Command::TargetLooks(shop(web)));
    let what = "x".into();
    let events = tell(&mut state, 2, Command::TargetIsReady { base_url: String::new(), what });
    let more = tell(&mut state, 3, Command::Tick);
    (state, events.into_iter().chain(more).collect())
}

/// What comes of victims chosen in this topology.
fn prepared(state: &mut State, second: u64, id: usize, topology: &Topology) -> Vec<Event> {
    let id = InjectionId(id);
    tell(state, second, Command::Tick);
    let planned = state.planned(id).unwrap().clone();
    let salt = blast::salt(&planned.name, 0);
    let choice = blast::choose(&planned.experiment, topology, 1, &salt).unwrap();
    let undo = Undo { key: "k".into(), what: "x".into(), data: serde_json::Value::Null };
    let Choice { victims, peers, blast } = choice;
    tell(state, second, Command::FaultPrepared { id, round: 0, victims, peers, undo, blast })
}

#[test]
fn it_is_approved_before_the_first_phase_and_only_in_a_cluster() {
    let (state, events) = begun(CLUSTER, 3);
    let approved = events.iter().position(|one| matches!(one, Event::ReachApproved { .. }));
    let phase = events.iter().position(|one| matches!(one, Event::PhaseStarted { .. }));
    assert!(approved.unwrap() < phase.unwrap(), "{events:#?}");
    let all = &state.approved[0];
    assert_eq!((all.blast.pods, all.blast.zones.len(), all.hash.len()), (3, 3, 16));
    assert_eq!(all.blast.owners, ["Deployment/web-app"]);
    assert_eq!((all.blast.ready, &*all.blast.budgets), (Some((0, 3)), &["web-app".to_owned()][..]));
    assert!(state.log.iter().any(|line| line.text.contains("Approved by facilitator: all")));

    let (state, events) = begun("lab", 3);
    assert!(!events.iter().any(|one| matches!(one, Event::ReachApproved { .. })));
    assert!(state.approved.is_empty() && told(&state, InjectionId(0)).is_none());
}

#[test]
fn what_grew_is_refused_with_the_reason_and_what_did_not_goes_on() {
    let (mut state, _) = begun(CLUSTER, 3);
    let events = prepared(&mut state, 70, 0, &shop(5));
    let Some(Event::InjectionFailed { error, .. }) = events.first() else {
        panic!("{events:#?}");
    };
    assert!(error.contains("5 pods instead of 3"), "{error}");

    // Another pod in another zone than the one shown: it was chosen among those that were.
    let events = prepared(&mut state, 130, 1, &shop(5));
    assert!(matches!(events.first(), Some(Event::InjectionStarted { .. })), "{events:#?}");
}

#[test]
fn more_services_zones_and_risk_are_more() {
    let (state, _) = begun(CLUSTER, 3);
    let approved = state.approved[0].blast.clone();
    let id = InjectionId(0);
    assert!(grown(&state, id, &approved).is_empty());
    let wider = BlastRadius {
        services: vec!["web-app".into(), "payments".into()],
        zones: [&approved.zones[..], &["eu-2a".to_owned()]].concat(),
        risk: blast::Risk::High,
        ..approved.clone()
    };
    let why = grown(&state, id, &wider);
    for part in ["more services: payments", "more zones: eu-2a", "risk high instead of low"] {
        assert!(why.contains(part), "{part}: {why}");
    }
    assert!(grown(&state, InjectionId(7), &wider).contains("nobody approved"));
    // One pod was made again, elsewhere.
    let mut moved = approved;
    *moved.zones.last_mut().unwrap() = "eu-2a".into();
    assert!(grown(&state, id, &moved).is_empty());
}

#[test]
fn whoever_calls_for_it_approves_it_as_it_is_now() {
    let (mut state, _) = begun(CLUSTER, 3);
    tell(&mut state, 10, Command::TargetLooks(shop(5)));
    assert!(told(&state, InjectionId(0)).unwrap().contains("more than was approved"));
    let by = "ada".to_owned();
    let events = tell(&mut state, 11, Command::InjectNow { id: InjectionId(0), by });
    assert!(matches!(events.first(), Some(Event::ReachApproved { .. })), "{events:#?}");
    let events = prepared(&mut state, 12, 0, &shop(5));
    assert!(matches!(events.first(), Some(Event::InjectionStarted { .. })), "{events:#?}");
}

#[test]
fn a_critical_service_without_a_ready_pod_is_high_risk() {
    let mut topology = shop(3);
    let mut sick = pod("database", 1);
    sick.health = PodHealth::NotReady;
    topology.pods.push(sick);
    topology.services[2].backed_by = Some(vec!["database-0".into(), "database-1".into()]);
    let blast = blast::reach(&["database-0".to_owned()], &topology);
    assert_eq!((blast.risk, &*blast.critical), (blast::Risk::High, &["database".to_owned()][..]));
    assert_eq!((blast.ready, &*blast.dependents), (Some((0, 1)), &["web-app".to_owned()][..]));
    assert!(blast.budgets.is_empty());
}

#[test]
fn participants_are_told_nothing_of_it() {
    let state = state(CLUSTER);
    let mut teller = Teller::new(Arc::clone(&state.header));
    let (_, events) = begun(CLUSTER, 3);
    let approved = events.into_iter().find(|one| matches!(one, Event::ReachApproved { .. }));
    let envelope = crate::exercise::event::Envelope {
        seq: 1,
        stamp: Stamp::new(Span::ZERO, 0),
        event: approved.unwrap(),
    };
    assert!(teller.tell(&envelope).is_none());
    // Only an experiment is new: that there is news would give it away.
    let news = crate::exercise::cluster::ClusterNews {
        experiments: Some(vec![Default::default()]),
        ..Default::default()
    };
    let envelope =
        crate::exercise::event::Envelope { event: Event::ClusterNoted { news }, ..envelope };
    assert!(teller.tell(&envelope).is_none());
}

#[test]
fn an_older_recording_without_any_of_it_is_read() {
    let old = r#"{"pods":[{"name":"a","labels":{},"health":"ready","restarts":0}],"services":[{"name":"a","depends_on":[],"critical":true}]}"#;
    let topology: Topology = serde_json::from_str(old).unwrap();
    assert_eq!((topology.pods[0].owner.as_str(), topology.budgets.len()), ("", 0));
    assert_eq!(topology.pods[0].labels, BTreeMap::new());
    let old = r#"{"pods":1,"services":[],"dependents":[],"critical":[],"replicas_left":0.5,"risk":"low"}"#;
    assert_eq!(serde_json::from_str::<BlastRadius>(old).unwrap().pods, 1);
}
