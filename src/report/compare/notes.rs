//! What of plans and runs differs, and why figures may therefore not be compared. Not the figures.

use serde_json::Value;

use super::model::{Difference, Warning};
use super::rows::apart;
use super::side::{Side, digest, letter};
use crate::gameday::metric::Unit;
use crate::report::words;

/// Parts of the plan that are compared as they are, by the names they have in its JSON and in ours.
const PARTS: [(&str, &str); 10] = [
    ("hypothesis", "hypothesis"),
    ("teams", "teams"),
    ("objectives", "objectives"),
    ("slos", "SLOs"),
    ("steady_state", "steady state"),
    ("guardrails", "guardrails"),
    ("traffic", "traffic"),
    ("people", "cards and targets"),
    ("rollback", "rollback"),
    ("queries", "queries"),
];
/// A load generator later than this makes latencies longer: they count from the intended send time.
const LATE_US: u64 = 50_000;
/// Lengths of time in a plan: a plan run at another length is the same plan.
const LENGTHS: [&str; 3] = ["duration", "offset", "interval"];

/// Every difference of plans and runs.
pub(in crate::report) fn differences(sides: &[Side]) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut add = |what, values: Vec<String>| {
        if values.iter().any(|one| Some(one) != values.first()) {
            found.push(Difference { what, values });
        }
    };
    let each = |of: fn(&Side) -> String| sides.iter().map(of).collect::<Vec<_>>();
    add("game day", each(|side| side.report.name.clone()));
    add("title", each(|side| side.report.title.clone()));
    add("plan", each(|side| digest(&side.plan)));
    add("length", each(|side| words::length(side.report.planned_ms)));
    add("target", each(|side| side.report.target.clone()));
    add("defences", each(defences));
    add("seed", each(|side| side.report.seed.to_string()));
    add("ceiling", each(|side| side.report.ceiling.clone()));
    add("drill", each(|side| yes(side.report.drill)));
    add("attended", each(|side| yes(!side.report.headless)));
    add("program", each(|side| side.report.program.clone()));
    add("phases and injections", each(|side| digest(&without_lengths(side.part("phases")))));
    for (key, what) in PARTS {
        let part = |side: &Side| {
            if side.part(key).is_null() { "none".into() } else { digest(side.part(key)) }
        };
        add(what, sides.iter().map(part).collect());
    }
    found
}

fn defences(side: &Side) -> String {
    side.report.defences.clone().unwrap_or_else(|| "resilient".to_owned())
}

fn yes(yes: bool) -> String {
    if yes { "yes" } else { "no" }.to_owned()
}

/// The same without lengths of time.
pub(in crate::report) fn without_lengths(json: &Value) -> Value {
    match json {
        Value::Array(all) => all.iter().map(without_lengths).collect(),
        Value::Object(all) => {
            let kept = all.iter().filter(|(key, _)| !LENGTHS.contains(&key.as_str()));
            Value::Object(kept.map(|(key, one)| (key.clone(), without_lengths(one))).collect())
        }
        other => other.clone(),
    }
}

/// Every reason to be careful, for each exercise but the first.
pub(super) fn warnings(sides: &[Side]) -> Vec<Warning> {
    let Some(first) = sides.first() else { return Vec::new() };
    let mut found = Vec::new();
    for (nth, side) in sides.iter().enumerate() {
        let mut add = |what, first: String, this: String| {
            found.push(Warning { what, exercise: letter(nth), first, this });
        };
        for warning in &side.report.warnings {
            add("recording", String::new(), warning.clone());
        }
        let ended = |side: &Side| side.report.ending.as_ref().map_or("no end", |it| it.outcome);
        if ended(side) != "completed" {
            add("ending", String::new(), ended(side).to_owned());
        }
        let felt = &side.report.felt;
        if felt.dropped as f64 > felt.attempted as f64 * 0.01 {
            let lost = felt.dropped as f64 / felt.attempted.max(1) as f64;
            add("dropped", String::new(), Unit::Share.show(lost));
        }
        let lag = felt.worst_lag_p99_us.filter(|lag| *lag > LATE_US);
        if let Some(lag) = lag {
            add("lag", String::new(), Unit::Millis.show(lag as f64 / 1_000.0));
        }
        if nth == 0 {
            continue;
        }
        let differ = [
            ("game day", first.report.name.clone(), side.report.name.clone()),
            ("target", first.report.target.clone(), side.report.target.clone()),
            ("drill", yes(first.report.drill), yes(side.report.drill)),
            ("attended", yes(!first.report.headless), yes(!side.report.headless)),
        ];
        for (what, a, b) in differ {
            if a != b {
                add(what, a, b);
            }
        }
        let length = |side: &Side| side.report.planned_ms;
        if apart((length(first) as f64, length(side) as f64)) {
            add("length", words::length(length(first)), words::length(length(side)));
        }
        let sent = |side: &Side| side.report.felt.sent_rps;
        if let Some((a, b)) = sent(first).zip(sent(side)).filter(|pair| apart(*pair)) {
            add("load", Unit::PerSecond.show(a), Unit::PerSecond.show(b));
        }
    }
    found
}
