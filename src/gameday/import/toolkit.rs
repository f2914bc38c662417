//! An experiment of Chaos Toolkit: its hypothesis as steady state, its method as injections one after the other. What its Python
//! functions and commands do can be said only where this program has a word for it; everything else is named and left out.

use serde_json::Value;

use super::gathered::{Asked, Gathered, Part, Planned};
use super::names::{name, stem};
use super::values::{line_of_labels, number, span, text};
use crate::gameday::fault::{Experiment, Fault, Mode, Selector};
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// A pod that was deleted is back after so long, or it is not.
const KILLED: Span = Span::from_secs(60);
/// How long a node stays empty where nothing says it.
const DRAINED: Span = Span::from_secs(300);
/// Where a drain says nothing of it.
const GRACE: Span = Span::from_secs(30);

/// Adds what one experiment says.
pub(super) fn read(document: &Value, file: &str, all: &mut Gathered) {
    let title = text(document, "title").unwrap_or(stem(file));
    all.title.get_or_insert_with(|| title.to_owned());
    let hypothesis = document.get("steady-state-hypothesis");
    let said = hypothesis.and_then(|it| text(it, "title")).or(text(document, "description"));
    if let Some(said) = said {
        all.hypothesis.get_or_insert_with(|| said.to_owned());
    }
    let probes = hypothesis.and_then(|it| it.get("probes")).and_then(Value::as_array);
    for one in probes.map(Vec::as_slice).unwrap_or_default() {
        if let Err(why) = probe(one, file, all) {
            all.note(file, format!("probe {}: {why}", called(one)));
        }
    }
    let mut part = Part { name: name(title), ..Part::default() };
    let method = document.get("method").and_then(Value::as_array);
    for step in method.map(Vec::as_slice).unwrap_or_default() {
        taken(step, &mut part, all);
    }
    let rollbacks = document.get("rollbacks").and_then(Value::as_array);
    for one in rollbacks.map(Vec::as_slice).unwrap_or_default() {
        part.notes.push(format!(
            "rollback {} is not needed: each fault knows its own way back; what else it does is left out",
            called(one)
        ));
    }
    for key in ["controls", "extensions"] {
        if document.get(key).is_some() {
            all.note(file, format!("{key} are left out: they are programs of Chaos Toolkit"));
        }
    }
    if part.faults.is_empty() {
        for note in part.notes {
            all.note(file, note);
        }
        return;
    }
    all.parts.push(part);
}

fn called(step: &Value) -> String {
    printable(text(step, "name").unwrap_or("without a name"), 80)
}

/// One step of the method, behind those before it.
fn taken(step: &Value, part: &mut Part, all: &mut Gathered) {
    let pause = |when: &str| {
        let pause = step.pointer(&format!("/pauses/{when}"));
        match pause {
            Some(Value::String(text)) => span(text).or_else(|| seconds(pause?)),
            Some(other) => seconds(other),
            None => None,
        }
        .unwrap_or(Span::ZERO)
    };
    let at = part.length + pause("before");
    part.length = at;
    let shown = called(step);
    if text(step, "type") == Some("probe") {
        let file = part.name.clone();
        let done = probe(step, &file, all);
        let why = done.err().unwrap_or_else(|| "it is looked at all the time instead".to_owned());
        part.notes.push(format!("probe {shown}: {why}"));
    } else {
        match action(step, all) {
            Ok(experiment) => {
                let lasts = experiment.duration.unwrap_or(Span::ZERO);
                let planned =
                    Planned { offset: at, name: name(&shown), experiment, notes: Vec::new() };
                part.faults.push(planned);
                let beside = step.get("background").and_then(Value::as_bool).unwrap_or(false);
                if !beside {
                    part.length = at + lasts.max(pause("after"));
                    return;
                }
            }
            Err(why) => part.notes.push(format!("left out: {shown}: {why}")),
        }
    }
    part.length += pause("after");
}

fn seconds(value: &Value) -> Option<Span> {
    let seconds = number(value).filter(|seconds| (0.0..=86_400.0).contains(seconds))?;
    Some(Span::from_millis((seconds * 1_000.0) as u64))
}

/// Something that is looked at.
fn probe(step: &Value, file: &str, all: &mut Gathered) -> Result<(), String> {
    let provider = step.get("provider").unwrap_or(&Value::Null);
    match (text(provider, "type"), text(provider, "module")) {
        (Some("http"), _) => page(provider, file, all),
        (Some("python"), Some("chaosprometheus.probes")) => {
            let query = provider.pointer("/arguments/query").and_then(Value::as_str);
            let query = query.ok_or("it asks nothing")?;
            if query.contains("${") {
                return Err("its query holds variables of Chaos Toolkit: fill them in".to_owned());
            }
            let (min, max) = tolerance(step.get("tolerance"));
            let name = name(text(step, "name").unwrap_or("query"));
            all.ask(Asked { name, query: query.to_owned(), min, max });
            Ok(())
        }
        (Some("python"), Some(module)) if module.starts_with("chaosk8s") => {
            Err("a game day sees pods and their readiness itself".to_owned())
        }
        _ => {
            Err("a game day looks at customers' requests and at Prometheus; this is neither"
                .to_owned())
        }
    }
}

/// A page that customers ask for: they go on asking for it.
fn page(provider: &Value, file: &str, all: &mut Gathered) -> Result<(), String> {
    let url = text(provider, "url").ok_or("it has no address")?;
    if text(provider, "method").is_some_and(|method| !method.eq_ignore_ascii_case("get")) {
        return Err("only what is asked for with GET can be asked for again and again".to_owned());
    }
    let (scheme, rest) = url.split_once("://").ok_or("its address is no URL")?;
    if url.contains("${") || rest.contains('@') {
        return Err("its address holds variables or a password: fill it in".to_owned());
    }
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let base = format!("{scheme}://{host}");
    match &all.url {
        Some(known) if *known != base => {
            let known = known.clone();
            all.note(file, format!("{base} is left out: the load goes to {known} only"));
            return Err("a game day has one address".to_owned());
        }
        _ => all.url = Some(base),
    }
    let path = format!("/{path}");
    if !all.paths.contains(&path) {
        all.paths.push(path);
    }
    Ok(())
}

/// Where a figure must stay.
fn tolerance(value: Option<&Value>) -> (Option<f64>, Option<f64>) {
    let pair = |items: &Vec<Value>| match items.as_slice() {
        [least, most] => (number(least), number(most)),
        _ => (None, None),
    };
    match value {
        Some(Value::Array(items)) => pair(items),
        Some(Value::Object(map)) => {
            map.get("range").and_then(Value::as_array).map(pair).unwrap_or_default()
        }
        Some(exact @ Value::Number(_)) => (number(exact), number(exact)),
        _ => (None, None),
    }
}

/// Something that is done.
fn action(step: &Value, all: &mut Gathered) -> Result<Experiment, String> {
    let provider = step.get("provider").unwrap_or(&Value::Null);
    let word = |key: &str| text(provider, key).unwrap_or_default();
    let empty = Value::Null;
    let arguments = provider.get("arguments").unwrap_or(&empty);
    match (word("type"), word("module"), word("func")) {
        ("python", "chaosk8s.pod.actions", "terminate_pods") => {
            namespace(arguments, all);
            Ok(Experiment {
                fault: Fault::PodFailure,
                selector: labels(arguments)?,
                destination: None,
                mode: how_many(arguments),
                duration: Some(KILLED),
                interval: None,
            })
        }
        ("python", "chaosk8s.node.actions", "drain_nodes") => {
            let node = text(arguments, "name")
                .ok_or("it names no node; write node-drain with target: { node: NAME }")?;
            let grace = arguments.get("timeout").and_then(seconds).unwrap_or(GRACE);
            Ok(Experiment {
                fault: Fault::NodeDrain { grace: grace.min(Span::from_secs(600)) },
                selector: Selector::from([("node".to_owned(), node.to_owned())]),
                destination: None,
                mode: Mode::All,
                duration: Some(DRAINED),
                interval: None,
            })
        }
        ("python", module, func) => {
            let shown = printable(&format!("{module}.{func}"), 120);
            Err(format!("{shown} is Python; gameday catalog lists the faults there are"))
        }
        ("process", ..) => Err("it runs a command, which nobody could take back".to_owned()),
        ("http", ..) => Err("it calls an address, which nobody could take back".to_owned()),
        _ => Err("its provider is not known".to_owned()),
    }
}

fn namespace(arguments: &Value, all: &mut Gathered) {
    if let Some(found) = text(arguments, "ns").filter(|_| all.namespace.is_none()) {
        all.namespace = Some(found.to_owned());
    }
}

fn labels(arguments: &Value) -> Result<Selector, String> {
    let line = text(arguments, "label_selector").ok_or("it names its pods not by labels")?;
    line_of_labels(line)
        .ok_or_else(|| format!("\"{}\" is more than labels with values", printable(line, 80)))
}

fn how_many(arguments: &Value) -> Mode {
    let whole = arguments.get("qty").and_then(number).filter(|it| it.fract() == 0.0 && *it >= 1.0);
    let all = arguments.get("all").and_then(Value::as_bool).unwrap_or(false);
    match (text(arguments, "mode"), whole) {
        _ if all => Mode::All,
        (Some("percentage"), Some(percent)) => Mode::FixedPercent(percent.min(100.0) as u8),
        (_, Some(count)) if count > 1.0 => Mode::Fixed(count.min(1e4) as u32),
        _ => Mode::One,
    }
}
