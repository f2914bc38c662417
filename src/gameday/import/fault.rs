//! A spec of Chaos Mesh as an experiment: in the words of game days where nothing is lost by it, else the object as it is. What would do
//! something else than whoever wrote it meant is refused.

use serde_json::{Map, Value, json};

use super::values::{bytes, mode, number, offset, only, plain_labels, rate, span, text};
use crate::gameday::fault::{Direction, Experiment, Fault, Mode, NetworkAction, Selector, Stress};
use crate::gameday::manifest::{API, refused, whom};
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// Where nothing says how long a fault stays.
pub(super) const USUAL: Span = Span::from_secs(300);

/// An experiment, and what is otherwise than it was written.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) experiment: Experiment,
    pub(super) notes: Vec<String>,
}

/// What an object of `kind` with this spec does; `lasts` stands for a duration that is said elsewhere.
///
/// # Errors
/// Why it is left out.
pub(super) fn told(kind: &str, spec: &Value, lasts: Option<Span>) -> Result<Told, String> {
    if let Some((why, _)) = refused(kind) {
        return Err(format!("{kind}: {why}"));
    }
    let mut notes = Vec::new();
    let (spec, interval) = mended(kind, spec, &mut notes)?;
    let own = text(&spec, "duration");
    let duration = lasts.or_else(|| own.and_then(span));
    if own.is_some() && duration.is_none() {
        notes.push(format!("\"{}\" is no length of time", printable(own.unwrap_or_default(), 40)));
    }
    if duration.is_none() {
        notes.push(format!("nothing says how long it stays: {USUAL} here"));
    }
    let duration = Some(duration.unwrap_or(USUAL));
    let mut experiment = match known(kind, &spec) {
        Some((fault, selector, destination)) => Experiment {
            fault,
            selector,
            destination,
            mode: mode(&spec).unwrap_or(Mode::All),
            duration,
            interval: None,
        },
        None => as_it_is(kind, spec, duration, &mut notes),
    };
    match interval {
        Some(interval) if experiment.fault == Fault::PodFailure => {
            experiment.interval = Some(interval);
            notes.push(format!("it strikes again every {interval}, as its scheduler asked for"));
        }
        Some(_) => notes.push("its scheduler is left out: it begins once and stays".to_owned()),
        None => {}
    }
    Ok(Told { experiment, notes })
}

/// Keys that Chaos Mesh 2 drops silently, as they were meant; and how often the fault is to strike.
fn mended(
    kind: &str,
    spec: &Value,
    notes: &mut Vec<String>,
) -> Result<(Value, Option<Span>), String> {
    let mut spec = spec.as_object().cloned().ok_or_else(|| format!("{kind}: it has no spec"))?;
    let mut interval = None;
    if let Some(scheduler) = spec.remove("scheduler") {
        let cron = text(&scheduler, "cron").unwrap_or_default();
        interval = cron.strip_prefix("@every ").and_then(span);
        let cron = printable(cron, 60);
        notes.push(format!(
            "scheduler: {{ cron: \"{cron}\" }} is of Chaos Mesh 1; version 2 drops it silently, and the fault would begin at once and stay"
        ));
        if interval.is_none() {
            notes.push(format!("\"{cron}\" is no pause that a game day knows: it strikes once"));
        }
    }
    if kind == "NetworkChaos" {
        if let Some(partition) = spec.remove("partition") {
            notes.push(
                "partition: { direction } is dropped silently by Chaos Mesh; it is meant as direction beside action".to_owned(),
            );
            if let Some(direction) = partition.get("direction") {
                spec.entry("direction").or_insert_with(|| direction.clone());
            }
        }
        let aims = spec.contains_key("target") || spec.contains_key("externalTargets");
        if text_of(&spec, "action") == Some("partition") && !aims {
            return Err(
                "NetworkChaos: a partition without target or externalTargets cuts all traffic of the pods; write the other side under target".to_owned(),
            );
        }
    }
    if kind == "StressChaos" {
        let stressors = spec.get("stressors").and_then(Value::as_object);
        if stressors.is_some_and(|map| !only(map, &["cpu", "memory"])) {
            return Err(
                "StressChaos: stressors are cpu and memory; there is none of disks in Chaos Mesh: write resource-chaos with action: io-stress for the lab, or IOChaos".to_owned(),
            );
        }
        if spec.contains_key("stressngStressors") {
            return Err(
                "StressChaos: stressngStressors can leave load behind that nothing takes away"
                    .to_owned(),
            );
        }
    }
    Ok((Value::Object(spec), interval))
}

fn text_of<'v>(map: &'v Map<String, Value>, key: &str) -> Option<&'v str> {
    map.get(key).and_then(Value::as_str)
}

type Known = (Fault, Selector, Option<Selector>);

/// In the words of game days, where those say everything.
fn known(kind: &str, spec: &Value) -> Option<Known> {
    mode(spec)?;
    let selector = plain_labels(spec.get("selector")?)?;
    let map = spec.as_object()?;
    let plain = |more: &[&str]| {
        let usual = ["action", "mode", "value", "selector", "duration"];
        only(map, &[&usual, more].concat())
    };
    match (kind, text(spec, "action")) {
        ("PodChaos", Some("pod-kill")) if plain(&["gracePeriod"]) => {
            let grace = spec.get("gracePeriod").and_then(number).unwrap_or(0.0);
            (grace == 0.0).then_some((Fault::PodFailure, selector, None))
        }
        ("PodChaos", Some("pod-failure")) if plain(&[]) => {
            Some((Fault::DependencyFailure, selector, None))
        }
        ("NetworkChaos", Some(action)) if plain(&["direction", "target", action]) => {
            let target = spec.get("target")?;
            let all = only(target.as_object()?, &["mode", "selector", "value"]);
            if !all || text(target, "mode").is_some_and(|mode| mode != "all") {
                return None;
            }
            let destination = plain_labels(target.get("selector")?)?;
            let direction = match text(spec, "direction").unwrap_or("to") {
                "to" => Direction::To,
                "from" => Direction::From,
                "both" => Direction::Both,
                _ => return None,
            };
            let network = network(action, spec.get(action))?;
            Some((Fault::NetworkChaos { network, direction }, selector, Some(destination)))
        }
        ("StressChaos", None) if plain(&["stressors"]) => {
            Some((Fault::ResourceChaos { stress: stress(spec.get("stressors")?)? }, selector, None))
        }
        ("TimeChaos", None) if plain(&["timeOffset"]) => {
            let offset_millis = offset(text(spec, "timeOffset")?)?;
            Some((Fault::TimeChaos { offset_millis, drift: 0.0 }, selector, None))
        }
        _ => None,
    }
}

fn network(action: &str, block: Option<&Value>) -> Option<NetworkAction> {
    if action == "partition" {
        return block.is_none().then_some(NetworkAction::Partition);
    }
    let block = block?.as_object()?;
    let uncorrelated =
        block.get("correlation").is_none_or(|it| number(it).is_some_and(|it| it == 0.0));
    if !uncorrelated {
        return None;
    }
    match action {
        "delay" if only(block, &["latency", "jitter", "correlation"]) => {
            let latency = span(text_of(block, "latency")?)?;
            let jitter = text_of(block, "jitter").and_then(span).unwrap_or(Span::ZERO);
            let fits = latency <= Span::from_secs(10) && jitter <= latency;
            fits.then_some(NetworkAction::Delay { latency, jitter })
        }
        "loss" if only(block, &["loss", "correlation"]) => {
            let share = number(block.get("loss")?)? / 100.0;
            (share > 0.0 && share <= 1.0).then_some(NetworkAction::Loss { share })
        }
        "bandwidth" if only(block, &["rate"]) => {
            let bytes_per_second = rate(text_of(block, "rate")?)?;
            (bytes_per_second > 0).then_some(NetworkAction::Bandwidth { bytes_per_second })
        }
        _ => None,
    }
}

fn stress(stressors: &Value) -> Option<Stress> {
    let map = stressors.as_object().filter(|map| map.len() == 1)?;
    let whole =
        |value: Option<&Value>| value.and_then(number).filter(|it| it.fract() == 0.0 && *it >= 0.0);
    if let Some(cpu) = map.get("cpu") {
        if !only(cpu.as_object()?, &["workers", "load"]) {
            return None;
        }
        let cores = whole(cpu.get("workers")).filter(|it| (1.0..=256.0).contains(it))? as u32;
        let load = whole(cpu.get("load")).unwrap_or(100.0);
        return (1.0..=100.0)
            .contains(&load)
            .then_some(Stress::CpuStress { cores, load: load as u8 });
    }
    let memory = map.get("memory")?;
    let alone = only(memory.as_object()?, &["workers", "size"]);
    let one = whole(memory.get("workers")).is_none_or(|it| it <= 1.0);
    let bytes = bytes(text(memory, "size")?)?;
    (alone && one && bytes > 0).then_some(Stress::MemoryStress { bytes })
}

/// The object as somebody wrote it.
fn as_it_is(
    kind: &str,
    spec: Value,
    duration: Option<Span>,
    notes: &mut Vec<String>,
) -> Experiment {
    let document = json!({ "apiVersion": API, "kind": kind, "spec": spec });
    let documents = vec![document];
    let said = whom(&documents);
    if said.selector.is_none() {
        notes.push(
            "its pods are not named by labels: add target: { selector: … } to the experiment, so that the blast radius can be worked out".to_owned(),
        );
    }
    Experiment {
        fault: Fault::Manifest { file: String::new(), documents },
        selector: said.selector.unwrap_or_default(),
        destination: said.destination,
        mode: said.mode,
        duration,
        interval: None,
    }
}
