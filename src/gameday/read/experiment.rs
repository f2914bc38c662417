//! One experiment: type, target, parameters. Which types there are stands in `gameday::catalog`.

use super::fields::Fields;
use super::findings::Findings;
use super::value;
use crate::gameday::catalog::{self, TYPES};
use crate::gameday::fault::{Direction, Experiment, Fault, Mode, NetworkAction, Selector, Stress};
use crate::gameday::node::{Kind, Node};
use crate::gameday::problem::{Place, nearest, suggestion};
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// The longest latency that makes sense.
const LONGEST_LATENCY: Span = Span::from_secs(10);
/// Pods cannot be killed more often.
const SHORTEST_INTERVAL: Span = Span::from_secs(1);

/// An experiment with what is needed to talk about it.
pub(super) struct Found {
    pub(super) name: Option<(String, Place)>,
    pub(super) experiment: Experiment,
    /// Where its type stands.
    pub(super) place: Place,
    /// Where its duration stands.
    pub(super) lasting: Option<Place>,
}

/// Reads an experiment that stands on its own.
pub(super) fn read(node: &Node, findings: &mut Findings) -> Option<Found> {
    let mut fields = Fields::of(node, "an experiment", findings)?;
    let found = from_fields(&mut fields, findings);
    fields.finish(findings);
    found
}

/// Reads the keys of an experiment out of `fields`, which may hold others.
pub(super) fn from_fields(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Found> {
    let found = fields.need("type", "pod-failure", findings);
    let found = found.and_then(|node| Some((node, known_type(node, findings)?)));
    let Some((kind_node, kind)) = found else {
        fields.forgive();
        return None;
    };
    let name_node = fields.take("name", findings);
    let name = name_node.and_then(|node| Some((value::name(node, findings)?, node.place)));
    let lasting = fields.take("duration", findings);
    let duration = lasting.and_then(|node| value::duration(node, findings));
    let target = fields.take("target", findings).map(|node| sides(node, findings));
    let mut sides = target.unwrap_or_default();
    if let Some(mode) = mode(fields, findings) {
        if sides.mode.is_some() {
            let place = fields.place_of("mode").unwrap_or(fields.place);
            findings.error(
                place,
                "\"mode\" stands here and in the target",
                "",
                "remove one of them",
            );
        }
        sides.mode = Some(mode);
    }
    let fault = match kind {
        "pod-failure" => pod_failure(fields, findings),
        "network-chaos" => network(fields, findings),
        "latency-injection" => late(fields, findings)
            .map(|(latency, jitter)| Fault::LatencyInjection { latency, jitter }),
        "database-slowdown" => late(fields, findings)
            .map(|(latency, jitter)| Fault::DatabaseSlowdown { latency, jitter }),
        _ => stress(fields, findings),
    };
    let interval = if kind == "pod-failure" { interval(fields, findings) } else { None };
    if fault.is_none() {
        fields.know(catalog::find(kind).map_or(&[], |kind| kind.parameters));
    }
    let two_sided = matches!(kind, "network-chaos" | "latency-injection");
    if kind == "database-slowdown" && sides.selector.is_none() && !sides.broken {
        // The one that takes the writes: a slow replica is a fault of its own.
        sides.selector = Some(Selector::from([
            ("app".to_owned(), "database".to_owned()),
            ("role".to_owned(), "primary".to_owned()),
        ]));
    }
    complete(kind, &sides, two_sided, kind_node.place, findings)?;
    let experiment = Experiment {
        fault: fault?,
        selector: sides.selector?,
        destination: sides.destination,
        mode: sides.mode.unwrap_or_default(),
        duration,
        interval,
    };
    Some(Found {
        name,
        experiment,
        place: kind_node.place,
        lasting: lasting.map(|node| node.place),
    })
}

/// The type, if it is one that can be run.
fn known_type(node: &Node, findings: &mut Findings) -> Option<&'static str> {
    let text = value::raw(node, findings)?;
    let shown = printable(text, 60);
    let runnable: Vec<&str> = TYPES.iter().filter(|one| one.runs).map(|one| one.name).collect();
    match catalog::find(text) {
        Some(found) if found.runs => return Some(found.name),
        Some(found) => findings.error(
            node.place,
            format!("\"{shown}\" is known but cannot be run yet"),
            format!("it {}, and no target of this version does that", found.about),
            format!("use one of: {}", runnable.join(", ")),
        ),
        None => {
            let near = nearest(text, TYPES.iter().map(|one| one.name));
            let mend = match near {
                Some(near) => format!("did you mean \"{near}\"?"),
                None => suggestion(text, &runnable),
            };
            findings.error(node.place, format!("\"{shown}\" is no type of experiment"), "", mend);
        }
    }
    None
}

/// Whether every side that the type needs is there.
fn complete(
    kind: &str,
    sides: &Sides,
    two_sided: bool,
    place: Place,
    findings: &mut Findings,
) -> Option<()> {
    if sides.broken {
        return None;
    }
    let example = "add target: { source: { selector: { app: web-app } }, destination: { selector: { app: database } } }";
    if two_sided && (sides.selector.is_none() || sides.destination.is_none()) {
        let what = format!("{kind} needs a target with a source and a destination");
        findings.error(place, what, "it works between two apps", example);
        return None;
    }
    if !two_sided && sides.destination.is_some() {
        let what = format!("{kind} has no destination");
        let mend = "write target: { selector: { app: web-app } }";
        findings.error(place, what, "it works on pods, not between two apps", mend);
        return None;
    }
    if sides.selector.is_none() {
        let what = format!("{kind} needs a target");
        let mend = "add target: { selector: { app: web-app } }";
        findings.error(place, what, "nothing says which pods are hit", mend);
        return None;
    }
    Some(())
}

/// Whom an experiment hits.
#[derive(Default)]
struct Sides {
    selector: Option<Selector>,
    destination: Option<Selector>,
    mode: Option<Mode>,
    /// Something was there and wrong; saying that it is missing would be no help.
    broken: bool,
}

fn sides(node: &Node, findings: &mut Findings) -> Sides {
    let mut sides = Sides { broken: true, ..Sides::default() };
    let Some(mut fields) = Fields::of(node, "a target", findings) else { return sides };
    let single = fields.take("selector", findings).map(|node| selector(node, findings));
    let source = fields.take("source", findings).map(|node| side(node, findings));
    let destination = fields.take("destination", findings).map(|node| side(node, findings));
    sides.mode = mode(&mut fields, findings);
    let place = fields.place;
    fields.finish(findings);
    if single.is_some() && source.is_some() {
        let what = "a target has a selector or a source, not both";
        findings.error(place, what, "", "put the selector into the source");
        return sides;
    }
    sides.broken = [&single, &source, &destination].iter().any(|one| matches!(one, Some(None)));
    sides.selector = single.or(source).flatten();
    sides.destination = destination.flatten();
    sides
}

fn side(node: &Node, findings: &mut Findings) -> Option<Selector> {
    let mut fields = Fields::of(node, "a side", findings)?;
    let found = fields.need("selector", "{ app: web-app }", findings);
    fields.finish(findings);
    selector(found?, findings)
}

fn selector(node: &Node, findings: &mut Findings) -> Option<Selector> {
    let Kind::Map(entries) = &node.kind else {
        let what = format!("labels are expected here, and this is {}", node.noun());
        findings.error(node.place, what, "", "write { app: web-app }");
        return None;
    };
    if entries.is_empty() {
        let why = "it would hit every pod of the target";
        findings.error(
            node.place,
            "the selector is empty",
            why,
            "name a label, for example { app: web-app }",
        );
        return None;
    }
    let mut labels = Selector::new();
    for (key, node) in entries {
        let text = value::text(node, findings)?;
        if labels.insert(printable(&key.text, 200), text).is_some() {
            let what = format!("the label \"{}\" stands here twice", printable(&key.text, 60));
            findings.error(key.place, what, "", "remove one of them");
            return None;
        }
    }
    Some(labels)
}

#[derive(Clone, Copy)]
enum ModeWord {
    One,
    All,
    Fixed,
    FixedPercent,
    RandomMaxPercent,
}

const MODES: [(&str, ModeWord); 5] = [
    ("one", ModeWord::One),
    ("all", ModeWord::All),
    ("fixed", ModeWord::Fixed),
    ("fixed-percent", ModeWord::FixedPercent),
    ("random-max-percent", ModeWord::RandomMaxPercent),
];

fn mode(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Mode> {
    let node = fields.take("mode", findings);
    let value = fields.take("value", findings);
    let Some(node) = node else {
        if let Some(value) = value {
            let what = "a value without a mode";
            findings.error(value.place, what, "", "add mode: fixed, or mode: fixed-percent");
        }
        return None;
    };
    let word = value::word(node, &MODES, findings)?;
    match (word, value) {
        (ModeWord::One | ModeWord::All, Some(value)) => {
            let what = "this mode has no value";
            findings.error(value.place, what, "", "remove the value, or write mode: fixed");
            None
        }
        (ModeWord::One, None) => Some(Mode::One),
        (ModeWord::All, None) => Some(Mode::All),
        (_, None) => {
            findings.error(node.place, "this mode needs a value", "", "add value: 2");
            None
        }
        (ModeWord::Fixed, Some(value)) => value::whole(value, 1, 10_000, findings).map(Mode::Fixed),
        (ModeWord::FixedPercent, Some(value)) => {
            value::percent(value, findings).map(Mode::FixedPercent)
        }
        (ModeWord::RandomMaxPercent, Some(value)) => {
            value::percent(value, findings).map(Mode::RandomMaxPercent)
        }
    }
}

fn pod_failure(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Fault> {
    if let Some(node) = fields.take("action", findings) {
        value::word(node, &[("pod-kill", ())], findings)?;
    }
    Some(Fault::PodFailure)
}

fn interval(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Span> {
    let node = fields.take("interval", findings)?;
    let span = value::duration(node, findings)?;
    if span < SHORTEST_INTERVAL {
        let what = format!("an interval of {span} is too short");
        findings.error(node.place, what, "pods need time to come back", "write 30s");
        return None;
    }
    Some(span)
}

/// Latency and jitter; the jitter may not be larger.
fn late(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<(Span, Span)> {
    let node = fields.need("latency", "200ms", findings);
    let latency = node.and_then(|node| value::latency(node, findings));
    let jitter_node = fields.take("jitter", findings);
    let jitter = match jitter_node {
        Some(node) => value::latency(node, findings)?,
        None => Span::ZERO,
    };
    let (node, latency) = (node?, latency?);
    if latency.is_zero() || latency > LONGEST_LATENCY {
        let what = format!("a latency of {latency} is not between 1ms and {LONGEST_LATENCY}");
        findings.error(node.place, what, "", "write 200ms");
        return None;
    }
    if let Some(node) = jitter_node
        && jitter > latency
    {
        let what = format!("the jitter ({jitter}) is larger than the latency ({latency})");
        findings.error(node.place, what, "nothing can be early", "make it smaller");
        return None;
    }
    Some((latency, jitter))
}

#[derive(Clone, Copy)]
enum NetworkWord {
    Partition,
    Delay,
    Loss,
}

fn network(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Fault> {
    const ACTIONS: [(&str, NetworkWord); 3] = [
        ("partition", NetworkWord::Partition),
        ("delay", NetworkWord::Delay),
        ("loss", NetworkWord::Loss),
    ];
    const DIRECTIONS: [(&str, Direction); 3] =
        [("to", Direction::To), ("from", Direction::From), ("both", Direction::Both)];
    let direction = match fields.take("direction", findings) {
        Some(node) => value::word(node, &DIRECTIONS, findings),
        None => Some(Direction::default()),
    };
    let action = fields.need("action", "partition", findings)?;
    let network = match value::word(action, &ACTIONS, findings)? {
        NetworkWord::Partition => NetworkAction::Partition,
        NetworkWord::Delay => {
            let (latency, jitter) = late(fields, findings)?;
            NetworkAction::Delay { latency, jitter }
        }
        NetworkWord::Loss => {
            let node = fields.need("loss", "10%", findings)?;
            let share = value::share(node, findings)?;
            if share == 0.0 {
                findings.error(node.place, "a loss of nothing is no fault", "", "write 10%");
                return None;
            }
            NetworkAction::Loss { share }
        }
    };
    Some(Fault::NetworkChaos { network, direction: direction? })
}

fn stress(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Fault> {
    let action = fields.need("action", "cpu-stress", findings);
    let stress = fields.need("stress", "{ cores: 2, load: 90 }", findings);
    if let Some(action) = action {
        let text = value::raw(action, findings)?;
        if matches!(text, "memory-stress" | "io-stress") {
            let what = format!("\"{text}\" is known but cannot be run yet");
            findings.error(action.place, what, "", "use cpu-stress");
            return None;
        }
        value::word(action, &[("cpu-stress", ())], findings)?;
    }
    let mut fields = Fields::of(stress?, "stress", findings)?;
    let cores = fields.need("cores", "2", findings);
    let cores = cores.and_then(|node| value::whole(node, 1, 256, findings));
    let load = fields.need("load", "90", findings);
    let load = load.and_then(|node| value::percent(node, findings));
    fields.finish(findings);
    action?;
    Some(Fault::ResourceChaos { stress: Stress::CpuStress { cores: cores?, load: load? } })
}
