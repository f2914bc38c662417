//! Every type of fault there is, done by the real program: each takes effect, is undone and is reported.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use gameday::exercise::event::{Envelope, Event, Outcome};
use gameday::exercise::id::InjectionId;
use gameday::exercise::stamp::Stamp;
use gameday::gameday::catalog::TYPES;
use gameday::recording::read::read;
use serde_json::Value;

use super::program::{gameday, lab_processes, recording};

/// One experiment: its fields in a file, and how long it lasts and how long until the next one, in milliseconds.
type Turn = (&'static str, u32, u32);

/// Those that take pods away: they take longest to be made good.
const PODS: &[Turn] = &[
    ("type: pod-failure, target: { selector: { app: web-app } }, mode: one", 1_500, 3_500),
    ("type: pod-hang, target: { selector: { app: web-app } }, mode: one", 1_500, 2_500),
    (
        "type: dependency-failure, target: { selector: { app: backend-service } }, mode: one",
        1_500,
        3_500,
    ),
    ("type: node-drain, target: { node: node-2 }, grace: 500ms", 3_000, 5_000),
    ("type: node-restart, target: { node: node-1 }", 2_000, 4_000),
    ("type: node-failure, target: { node: node-2 }", 2_000, 5_000),
    ("type: zone-failure, target: { zone: zone-a }", 2_000, 5_000),
];

/// Those that harm pods and the ways between them.
const WAYS: &[Turn] = &[
    (
        "type: network-chaos, action: partition, target: { source: { selector: { app: web-app } }, destination: { selector: { app: backend-service } } }",
        1_500,
        2_500,
    ),
    (
        "type: resource-chaos, action: cpu-stress, stress: { cores: 1, load: 50 }, target: { selector: { app: web-app } }, mode: one",
        1_500,
        2_500,
    ),
    (
        "type: resource-chaos, action: memory-stress, stress: { size: 32MiB }, target: { selector: { app: web-app } }, mode: one",
        1_500,
        2_500,
    ),
    (
        "type: resource-chaos, action: io-stress, target: { selector: { app: database, role: primary } }",
        1_500,
        2_500,
    ),
    ("type: disk-full, target: { selector: { app: database, role: primary } }", 1_500, 2_500),
    (
        "type: time-chaos, offset: +10m, target: { selector: { app: backend-service } }, mode: one",
        1_500,
        2_500,
    ),
    (
        "type: latency-injection, latency: 300ms, jitter: 50ms, target: { source: { selector: { app: api-gateway } }, destination: { selector: { app: backend-service } } }",
        1_500,
        2_500,
    ),
    (
        "type: http-chaos, action: status, code: 503, share: 50%, target: { selector: { app: web-app } }, mode: one",
        1_500,
        2_500,
    ),
    (
        "type: dns-chaos, target: { source: { selector: { app: web-app } }, destination: { selector: { app: backend-service } } }",
        1_500,
        2_500,
    ),
    (
        "type: configuration-change, set: { maintenance: \"on\" }, target: { selector: { app: web-app } }, mode: one",
        1_500,
        2_500,
    ),
    ("type: traffic-flood, rps: 400", 1_500, 2_500),
];

/// Those of data and of identity.
const DATA: &[Turn] = &[
    ("type: data-corruption, rows: 5", 1_500, 2_500),
    ("type: database-slowdown, latency: 100ms", 1_500, 2_500),
    ("type: replica-lag, lag: 500ms", 2_000, 3_000),
    ("type: io-chaos, action: latency, latency: 20ms, share: 50%", 1_500, 2_500),
    ("type: cache-failure, action: outage", 1_500, 3_000),
    ("type: queue-failure", 1_500, 3_000),
    ("type: certificate-expiry", 2_000, 3_000),
    ("type: auth-service-failure", 1_500, 3_000),
    ("type: rbac-mutation", 1_500, 2_500),
    ("type: database-failure", 2_500, 5_000),
];

/// A game day that injects them one after another.
fn day(name: &str, turns: &[Turn]) -> String {
    let whole: u32 = turns.iter().map(|(_, _, next)| next).sum::<u32>() + 1_500;
    let mut text = format!(
        "gameday: v1\nname: {name}\ntarget: lab\ntraffic: {{ tls: true }}\n\
         objectives:\n  - {{ title: Nothing is lost, measure: lost_writes == 0 and integrity.discrepancies == 0 }}\n\
         phases:\n  - name: all\n    duration: {whole}ms\n    load: {{ rps: 50 }}\n    chaos:\n"
    );
    let mut at = 1_000;
    for (index, (fields, duration, next)) in turns.iter().enumerate() {
        writeln!(text, "      - time: +{at}ms\n        name: fault-{index}").unwrap();
        writeln!(text, "        experiment: {{ {fields}, duration: {duration}ms }}").unwrap();
        at += next;
    }
    text
}

fn kind(fields: &str) -> &str {
    fields.strip_prefix("type: ").unwrap().split(',').next().unwrap()
}

#[test]
fn every_type_takes_effect_is_undone_and_is_reported() {
    let kinds: BTreeSet<&str> =
        [PODS, WAYS, DATA].concat().iter().map(|(fields, _, _)| kind(fields)).collect();
    let types: BTreeSet<&str> = TYPES.iter().map(|one| one.name).collect();
    assert_eq!(kinds, types, "every type of the catalogue is tried");
    std::thread::scope(|scope| {
        for (name, turns) in [("pods", PODS), ("ways", WAYS), ("data", DATA)] {
            scope.spawn(move || exercise(name, turns));
        }
    });
}

fn exercise(name: &str, turns: &[Turn]) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let file = data.join(format!("{name}.yaml"));
    std::fs::write(&file, day(name, turns)).unwrap();
    let output = gameday(data)
        .arg("run")
        .arg(&file)
        .args(["--headless", "--blast-radius", "wide", "--seed", "7"])
        .output()
        .unwrap();
    // What is said on the other stream are warnings: the faults are far too close to each other.
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(matches!(output.status.code(), Some(0 | 1)), "{name}: {said}");
    assert_eq!(lab_processes(data), Vec::<String>::new());
    assert_eq!(lab_folders(data), Vec::<String>::new());

    let path = recording(data);
    let events = read(&path).unwrap().envelopes;
    let ended = events
        .iter()
        .any(|one| matches!(&one.event, Event::Ended { outcome: Outcome::Completed, .. }));
    assert!(ended, "{name}: {said}");
    let report: Value =
        serde_json::from_slice(&std::fs::read(path.with_extension("json")).unwrap()).unwrap();
    let markdown = std::fs::read_to_string(path.with_extension("md")).unwrap();
    let reported = report["injections"].as_array().unwrap();
    assert_eq!(reported.len(), turns.len());
    for (index, (fields, _, _)) in turns.iter().enumerate() {
        let what = format!("{name}: {}\n{said}", kind(fields));
        let id = InjectionId(index);
        recorded(&events, id, &what);
        told(&reported[index], &markdown, &what);
    }
    assert_eq!(report["left"], serde_json::json!([]), "{name}: {said}");
    assert_eq!(report["objectives"][0]["answer"], "met", "{name}: {said}");
}

/// It took effect and was undone, each seen.
fn recorded(events: &[Envelope], id: InjectionId, what: &str) {
    let of = |find: &dyn Fn(&Event) -> Option<(InjectionId, String)>| -> Vec<(Stamp, String)> {
        let found = events.iter().filter_map(|one| Some((one.stamp, find(&one.event)?)));
        found.filter(|(_, (other, _))| *other == id).map(|(at, (_, said))| (at, said)).collect()
    };
    let active = of(&|event| match event {
        Event::InjectionActive { id, evidence, .. } => Some((*id, evidence.clone())),
        _ => None,
    });
    let reverted = of(&|event| match event {
        Event::Reverted { id, evidence } => Some((*id, evidence.clone())),
        _ => None,
    });
    let trouble = of(&|event| match event {
        Event::InjectionFailed { id, error, .. } => Some((*id, error.clone())),
        Event::InjectionSkipped { id, why } => Some((*id, why.clone())),
        Event::RevertFailed { id, error, .. } => Some((*id, error.clone())),
        _ => None,
    });
    assert!(trouble.is_empty(), "{trouble:?} in {what}");
    let ([(t0, seen)], [(back, undone)]) = (&active[..], &reverted[..]) else {
        panic!("in effect {active:?}, undone {reverted:?} in {what}")
    };
    assert!(!seen.is_empty() && !undone.is_empty(), "no evidence in {what}");
    assert!(t0 < back, "{what}");
}

/// The report names it, with when it took effect, whether it was detected, and recovery.
fn told(reported: &Value, markdown: &str, what: &str) {
    for field in ["t0", "reverted"] {
        assert!(reported[field]["elapsed_ms"].is_u64(), "no {field} in {reported} of {what}");
    }
    for field in ["evidence", "revert_evidence", "detection", "mitigation", "recovery"] {
        let words = reported[field].as_str().unwrap_or_default();
        assert!(!words.is_empty(), "no {field} in {reported} of {what}");
    }
    assert!(reported["problem"].is_null(), "{reported} of {what}");
    let name = reported["name"].as_str().unwrap();
    assert!(markdown.contains(name), "{name} is not in the report: {what}");
}

/// Folders of labs below `data`.
fn lab_folders(data: &Path) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(data.join("labs")) else { return Vec::new() };
    entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect()
}
