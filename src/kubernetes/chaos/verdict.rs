//! How an experiment is, read from its records and not from its conditions alone: those say "all recovered" also in the moment
//! before anything is injected. Pure; who waits says for how long.

use serde_json::Value;

use super::kinds;
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// So long an experiment may be without records.
const SELECTS_WITHIN: Span = Span::from_secs(10);
/// So much of what Chaos Mesh says is told.
const SHOWN: usize = 400;

/// How it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Chaos Mesh has not looked at it yet.
    Pending,
    /// It means nobody, and stays so: Chaos Mesh does not look again.
    NoTarget(String),
    /// Being injected.
    Injecting,
    /// Injected everywhere.
    Injected,
    /// At least one record fails. Chaos Mesh tries for ever; what is injected already is live.
    InjectFailing(String),
    /// Being recovered.
    Recovering,
    /// Recovered everywhere.
    Recovered,
    /// At least one record does not recover. Chaos Mesh tries for ever, with pauses of up to a quarter of an hour.
    RecoverStuck(String),
    /// It struck once, and there is nothing to recover.
    FinishedOneShot,
}

/// How `object` is. `events` are those of the cluster about it; `waited` is how long it has been so without any progress.
pub fn verdict(object: &Value, events: &[Value], waited: Span) -> Verdict {
    let records = records(object);
    if is_stopping(object) {
        return stopping(object, &records, waited);
    }
    let conditions = &object["status"]["conditions"];
    if records.is_empty() {
        if let Some(why) = no_target(events) {
            return Verdict::NoTarget(why);
        }
        return match (waited >= SELECTS_WITHIN, condition(conditions, "Selected")) {
            (true, Some(false)) => {
                Verdict::NoTarget("it has chosen nobody, and says nothing about it".to_owned())
            }
            _ => Verdict::Pending,
        };
    }
    let failing = records.iter().find_map(|record| failed(record, "Apply"));
    let everywhere = records.iter().all(|record| {
        record["phase"].as_str() == Some("Injected")
            && record["injectedCount"].as_i64().unwrap_or_default() >= 1
    });
    match (failing, everywhere && condition(conditions, "AllInjected") == Some(true)) {
        (Some(why), _) => Verdict::InjectFailing(why),
        (None, false) => Verdict::Injecting,
        (None, true) if is_one_shot(object) => Verdict::FinishedOneShot,
        (None, true) => Verdict::Injected,
    }
}

/// It is told to stop, and does, or does not.
fn stopping(object: &Value, records: &[&Value], waited: Span) -> Verdict {
    // Without records nothing was ever injected.
    let over = records.iter().all(|record| {
        let count = |key: &str| record[key].as_i64().unwrap_or_default();
        record["phase"].as_str() == Some("Not Injected")
            && count("recoveredCount") == count("injectedCount")
    });
    if over || is_one_shot(object) {
        return Verdict::Recovered;
    }
    if let Some(why) = records.iter().find_map(|record| failed(record, "Recover")) {
        return Verdict::RecoverStuck(why);
    }
    // What was half injected must be injected before it is recovered; failing at that holds it up as well.
    let waiting = records.iter().filter(|record| record["phase"] == "Not Injected/Wait");
    if let Some(why) = waiting.into_iter().find_map(|record| failed(record, "Apply")) {
        return Verdict::RecoverStuck(why);
    }
    match waited >= STUCK_AFTER {
        true => Verdict::RecoverStuck(format!("nothing has moved for {waited}")),
        false => Verdict::Recovering,
    }
}

/// Without any progress for so long, a recovery is stuck.
const STUCK_AFTER: Span = Span::from_secs(60);

/// Whether it is told to stop: Chaos Mesh says so.
fn is_stopping(object: &Value) -> bool {
    object["status"]["experiment"]["desiredPhase"] == "Stop"
}

/// Whether somebody asked for it to be deleted.
pub fn is_deleting(object: &Value) -> bool {
    object["metadata"]["deletionTimestamp"].is_string()
}

/// Whether it was told to pause.
pub fn is_paused(object: &Value) -> bool {
    object["metadata"]["annotations"][kinds::PAUSE] == "true"
}

fn is_one_shot(object: &Value) -> bool {
    let kind = object["kind"].as_str().and_then(kinds::of);
    kind.is_some_and(|kind| kind.is_one_shot(&object["spec"]))
}

/// Its records.
pub fn records(object: &Value) -> Vec<&Value> {
    let records = object["status"]["experiment"]["containerRecords"].as_array();
    records.into_iter().flatten().collect()
}

/// How far its records are, to see whether anything moves.
pub fn progress(object: &Value) -> Vec<String> {
    let of = |record: &&Value| {
        format!(
            "{} {} {} {}",
            record["id"], record["phase"], record["injectedCount"], record["recoveredCount"]
        )
    };
    records(object).iter().map(of).collect()
}

/// How many of its records are injected, and how many there are.
pub fn injected(object: &Value) -> (usize, usize) {
    let records = records(object);
    let injected = records.iter().filter(|record| record["phase"] == "Injected").count();
    (injected, records.len())
}

/// What Chaos Mesh said where the last thing that it did to a record was `operation`, and failed.
fn failed(record: &Value, operation: &str) -> Option<String> {
    let last = record["events"].as_array().and_then(|events| events.last())?;
    if last["type"] != "Failed" || last["operation"] != operation {
        return None;
    }
    let message = last["message"].as_str().unwrap_or("it does not say why");
    let id = record["id"].as_str().unwrap_or_default();
    Some(format!("{}: {}", printable(id, 120), printable(message, SHOWN)))
}

/// What a warning says about nobody being chosen.
fn no_target(events: &[Value]) -> Option<String> {
    let failed = events.iter().filter(|event| event["type"] == "Warning");
    let mut messages = failed.filter_map(|event| event["message"].as_str());
    messages
        .find(|message| message.starts_with("Failed to select targets:"))
        .map(|message| printable(message, SHOWN))
}

fn condition(conditions: &Value, kind: &str) -> Option<bool> {
    let conditions = conditions.as_array()?;
    conditions.iter().find(|one| one["type"] == kind).map(|one| one["status"] == "True")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn object(desired: &str, conditions: &[(&str, bool)], records: Value) -> Value {
        let conditions: Vec<Value> = conditions
            .iter()
            .map(|(kind, yes)| json!({"type": kind, "status": if *yes { "True" } else { "False" }}))
            .collect();
        json!({
            "kind": "NetworkChaos", "metadata": {"name": "x"}, "spec": {"action": "delay"},
            "status": {"conditions": conditions,
                       "experiment": {"desiredPhase": desired, "containerRecords": records}},
        })
    }

    fn record(phase: &str, injected: i64, recovered: i64, last: Option<(&str, &str)>) -> Value {
        let events: Vec<Value> = last
            .map(
                |(kind, operation)| json!({"type": kind, "operation": operation, "message": "why"}),
            )
            .into_iter()
            .collect();
        json!({"id": "shop/a", "phase": phase, "injectedCount": injected, "recoveredCount": recovered, "events": events})
    }

    const SHORT: Span = Span::from_secs(1);
    const LONG: Span = Span::from_secs(100);

    #[test]
    fn before_it_is_injected() {
        let none = |conditions: &[(&str, bool)]| object("Run", conditions, Value::Null);
        assert_eq!(verdict(&json!({"kind": "PodChaos"}), &[], LONG), Verdict::Pending);
        assert_eq!(verdict(&none(&[("Selected", false)]), &[], SHORT), Verdict::Pending);
        let late = verdict(&none(&[("Selected", false)]), &[], LONG);
        assert!(matches!(late, Verdict::NoTarget(_)), "{late:?}");
        let warned = json!({"type": "Warning", "reason": "Failed",
            "message": "Failed to select targets: no pod is selected"});
        let told = verdict(&none(&[]), &[warned], SHORT);
        assert!(matches!(told, Verdict::NoTarget(why) if why.contains("no pod is selected")));
        // Between choosing and injecting everything seems recovered.
        let between = object(
            "Run",
            &[("Selected", true), ("AllRecovered", true), ("AllInjected", false)],
            json!([record("Not Injected", 0, 0, None)]),
        );
        assert_eq!(verdict(&between, &[], SHORT), Verdict::Injecting);
        let waits = object("Run", &[], json!([record("Not Injected/Wait", 0, 0, None)]));
        assert_eq!(verdict(&waits, &[], LONG), Verdict::Injecting);
    }

    #[test]
    fn injected_is_what_records_and_conditions_say_together() {
        let good = record("Injected", 1, 0, Some(("Succeeded", "Apply")));
        let all = [("AllInjected", true)];
        let whole = object("Run", &all, json!([good, good]));
        assert_eq!(verdict(&whole, &[], SHORT), Verdict::Injected);
        assert_eq!(injected(&whole), (2, 2));
        let no_condition = object("Run", &[("AllInjected", false)], json!([good]));
        assert_eq!(verdict(&no_condition, &[], SHORT), Verdict::Injecting);
        let half = object("Run", &all, json!([good, record("Not Injected", 0, 0, None)]));
        assert_eq!(verdict(&half, &[], SHORT), Verdict::Injecting);
        let failing = record("Not Injected", 0, 0, Some(("Failed", "Apply")));
        let failing = verdict(&object("Run", &[], json!([good, failing])), &[], SHORT);
        assert_eq!(failing, Verdict::InjectFailing("shop/a: why".into()));
        let mut kill = object("Run", &all, json!([good]));
        kill["kind"] = "PodChaos".into();
        kill["spec"]["action"] = "pod-kill".into();
        assert_eq!(verdict(&kill, &[], SHORT), Verdict::FinishedOneShot);
    }

    #[test]
    fn recovered_or_stuck() {
        let stop = |records: Value| object("Stop", &[("AllRecovered", true)], records);
        let over = record("Not Injected", 1, 1, Some(("Succeeded", "Recover")));
        assert_eq!(verdict(&stop(json!([over])), &[], SHORT), Verdict::Recovered);
        assert_eq!(verdict(&stop(json!([])), &[], SHORT), Verdict::Recovered);
        // Never counted back: not over yet, whatever the condition says.
        let uncounted = record("Not Injected", 2, 1, None);
        assert_eq!(verdict(&stop(json!([uncounted])), &[], SHORT), Verdict::Recovering);
        for phase in ["Injected", "Injected/Wait", "Not Injected/Wait"] {
            let one = record(phase, 1, 0, Some(("Succeeded", "Apply")));
            assert_eq!(verdict(&stop(json!([over, one])), &[], SHORT), Verdict::Recovering);
            let late = verdict(&stop(json!([one])), &[], LONG);
            assert!(matches!(late, Verdict::RecoverStuck(_)));
        }
        let stuck = record("Injected", 1, 0, Some(("Failed", "Recover")));
        let stuck = verdict(&stop(json!([over, stuck])), &[], SHORT);
        assert_eq!(stuck, Verdict::RecoverStuck("shop/a: why".into()));
        let half = record("Not Injected/Wait", 0, 0, Some(("Failed", "Apply")));
        let half = verdict(&stop(json!([half])), &[], SHORT);
        assert!(matches!(half, Verdict::RecoverStuck(_)));
    }
}
