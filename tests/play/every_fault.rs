//! Every type of fault there is, done by the real program: each takes effect, ends when its time is over, ends within two
//! seconds of a halt, and is in the report with when it took effect, was noticed and was got over.

use std::path::Path;
use std::sync::Mutex;

use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::id::InjectionId;
use gameday::exercise::stamp::Stamp;
use gameday::gameday::span::Span;
use gameday::recording::read::read;
use serde_json::Value;

use super::faults::{Group, each_group};
use super::program::{lab_folders, lab_processes, recording};
use super::terminal::Terminal;

/// A halt ends everything within so long.
const HALT_LIMIT: Span = Span::from_secs(2);

/// The halt key.
const HALT: &str = "\u{18}";

#[test]
fn every_type_takes_effect_ends_by_itself_or_by_a_halt_and_is_reported() {
    let late = Mutex::new(Vec::new());
    each_group(|group| {
        let why = exercise(group);
        if !why.is_empty() {
            late.lock().unwrap().push((group, why));
        }
    });
    // Two labs beside other tests can be more than a shared machine has: who was late is late alone, too, or was not.
    for (group, why) in late.into_inner().unwrap() {
        eprintln!("LOUD: {} was late beside others, and is tried alone: {why:#?}", group.name);
        assert_eq!(exercise(group), Vec::<String>::new(), "{}, alone", group.name);
    }
}

/// What was late.
fn exercise(group: &Group) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path();
    let steady = "steady_state: { availability: { min: 1% } }";
    let day = group.day(data, steady, &[("itself", "9s", Some("2s")), ("halted", "60s", None)]);
    let arguments = ["run", day.to_str().unwrap(), "--blast-radius", "wide", "--seed", "7"];
    let mut terminal = Terminal::start(&arguments, data, 120, 40);
    let all = group.faults.len() * 2;
    if let Err(why) = terminal.try_wait("all in effect again", |_| in_effect(data) == all) {
        return vec![why, of_injections(data)];
    }
    terminal.press("i");
    terminal.press("!2 nothing works\r");
    terminal.see("#1");
    terminal.press(HALT);
    terminal.press("\r");
    terminal.see("HALTED");
    // Out of the input, and nothing after it until it has worked: Escape and a key would be Alt and the key.
    terminal.press("\u{1b}");
    terminal.see("write log");
    terminal.press("q");
    terminal.press("\r");
    terminal.see("ENDED");
    terminal.press("q");
    assert_eq!(terminal.end(), 2, "{}: halted", group.name);
    terminal.assert_restored();
    assert_eq!(lab_processes(data), Vec::<String>::new());
    assert_eq!(lab_folders(data), Vec::<String>::new());

    let path = recording(data);
    let events = read(&path).unwrap().envelopes;
    let halted = events.iter().find(|one| matches!(one.event, Event::Halted { .. })).unwrap().stamp;
    let names = [group.names("itself"), group.names("halted")].concat();
    let mut late = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let (t0, back) = recorded(&events, InjectionId(index), name);
        if index < group.faults.len() {
            if back >= halted {
                late.push(format!("{name} did not end by itself"));
            }
            continue;
        }
        assert!(t0 < halted && halted <= back, "{name}");
        let took = back.since(halted);
        if took > HALT_LIMIT {
            late.push(format!("{name} took {took}"));
        }
    }

    let text = |ending: &str| std::fs::read_to_string(path.with_extension(ending)).unwrap();
    let report: Value = serde_json::from_str(&text("json")).unwrap();
    let markdown = text("md");
    let reported = report["injections"].as_array().unwrap();
    assert_eq!(reported.len(), names.len());
    for (reported, name) in reported.iter().zip(&names) {
        assert_eq!(reported["name"], name.as_str());
        told(reported, &markdown);
    }
    // Of what took effect at once, the last one is taken to be behind the incident.
    let detected: Vec<_> = reported.iter().filter(|one| one["detection"] == "detected").collect();
    let [detected] = &detected[..] else { panic!("{detected:#?}") };
    assert!(detected["name"].as_str().unwrap().ends_with("-halted"), "{detected}");
    assert_eq!(detected["detected_by"], "sre");
    assert_eq!(report["left"], serde_json::json!([]), "{}", group.name);
    let objective = &report["objectives"][0];
    assert_eq!(objective["answer"], "met", "{}: {objective}", group.name);
    late
}

/// How many injections have taken effect so far.
fn in_effect(data: &Path) -> usize {
    let first =
        |line: &&str| line.contains("\"injection-active\"") && line.contains("\"round\":0,");
    so_far(data).lines().filter(first).count()
}

/// What befell each injection so far, for whoever has to find out why.
fn of_injections(data: &Path) -> String {
    let text = so_far(data);
    let told = |line: &&str| line.contains("\"injection-") || line.contains("\"revert");
    text.lines().filter(told).collect::<Vec<_>>().join("\n")
}

/// What is recorded on disk while it runs.
fn so_far(data: &Path) -> String {
    let Ok(entries) = std::fs::read_dir(data.join("recordings")) else { return String::new() };
    entries.filter_map(|entry| std::fs::read_to_string(entry.ok()?.path()).ok()).collect()
}

/// It took effect and was undone, each seen and once; when.
fn recorded(events: &[Envelope], id: InjectionId, what: &str) -> (Stamp, Stamp) {
    let of = |find: &dyn Fn(&Event) -> Option<(InjectionId, String)>| -> Vec<(Stamp, String)> {
        let found = events.iter().filter_map(|one| Some((one.stamp, find(&one.event)?)));
        found.filter(|(_, (other, _))| *other == id).map(|(at, (_, said))| (at, said)).collect()
    };
    let active = of(&|event| match event {
        Event::InjectionActive { id, evidence, round: 0, .. } => Some((*id, evidence.to_string())),
        _ => None,
    });
    let reverted = of(&|event| match event {
        Event::Reverted { id, evidence } => Some((*id, evidence.to_string())),
        _ => None,
    });
    let trouble = of(&|event| match event {
        Event::InjectionFailed { id, error, .. } => Some((*id, error.to_string())),
        Event::InjectionSkipped { id, why } => Some((*id, why.to_string())),
        Event::RevertFailed { id, error, .. } => Some((*id, error.to_string())),
        _ => None,
    });
    assert!(trouble.is_empty(), "{trouble:?} of {what}");
    let ([(t0, seen)], [(back, undone)]) = (&active[..], &reverted[..]) else {
        panic!("in effect {active:?}, undone {reverted:?}: {what}")
    };
    assert!(!seen.is_empty() && !undone.is_empty(), "no evidence of {what}");
    assert!(t0 < back, "{what}");
    (*t0, *back)
}

/// The report names it, with when it took effect, what noticed it, and recovery; in both forms.
fn told(reported: &Value, markdown: &str) {
    for field in ["t0", "reverted"] {
        assert!(reported[field]["elapsed_ms"].is_u64(), "no {field} in {reported}");
    }
    for field in ["evidence", "revert_evidence", "detection", "mitigation", "recovery"] {
        assert!(
            !reported[field].as_str().unwrap_or_default().is_empty(),
            "no {field} in {reported}"
        );
    }
    let sign = &reported["first_sign"];
    assert!(sign.is_null() || sign["after"]["total_ms"].is_u64(), "{sign} in {reported}");
    assert!(reported["problem"].is_null(), "{reported}");
    let name = reported["name"].as_str().unwrap();
    let section = markdown.split(&format!("### {name}\n")).nth(1);
    let section = section.and_then(|rest| rest.split("\n#").next());
    let section = section.unwrap_or_else(|| panic!("{name} is not in {markdown}"));
    for row in
        ["T0", "Undone", "Detected by a team", "First sign", "Recovery (of the steady state)"]
    {
        let cell = section.split(&format!("| {row} | ")).nth(1);
        let cell = cell.and_then(|rest| rest.split(" |").next());
        assert!(cell.is_some_and(|cell| cell.len() > 1), "no {row} in {section}");
    }
}
