//! `gameday schema`: the JSON Schema of game day files, for editors. The reader itself is stricter and does not use it.

mod form;
mod people;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::gameday::catalog::{LAB_TABLES, TYPES};
use crate::gameday::defence::Defence;
use crate::gameday::generator::MOST_RUNNERS;
use crate::gameday::metric::Metric;
use crate::gameday::query::LONGEST_NAME;
use form::{list, merged, object, reference, text};

/// The name of a query.
const QUERY: &str = "^[a-z][a-z0-9_]*(-[a-z0-9][a-z0-9_]*)*$";

/// The schema as text.
pub fn schema() -> String {
    let mut text = format!("{:#}", schema_value());
    text.push('\n');
    text
}

/// The schema as JSON.
pub fn schema_value() -> Value {
    let root = object(root_keys());
    merged(
        root,
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "Game day",
            "anyOf": [
                { "required": ["phases"] },
                { "required": ["stages"] },
                { "required": ["experiments"] },
                { "required": ["type"] },
                { "required": ["scenario"] },
            ],
            "$defs": definitions(),
        }),
    )
}

/// The keys of a timeline, which stand at the top or within `scenario`.
fn timeline_keys() -> Value {
    json!({
        "name": reference("name"),
        "load": { "anyOf": [reference("load"), reference("generator")] },
        "phases": list("phase"),
        "stages": list("stage"),
        "experiments": list("listed"),
    })
}

fn root_keys() -> Value {
    merged(
        merged(merged(timeline_keys(), listed_keys()), people::root_keys()),
        json!({
            "gameday": { "const": "v1", "description": "The version of the format." },
            "title": text("What people call it."),
            "hypothesis": text("What is believed to happen."),
            "scenario": { "anyOf": [reference("name"), reference("scenario")] },
            "teams": { "type": "array", "minItems": 1, "items": reference("name") },
            "target": { "anyOf": [
                { "enum": ["lab", "kubernetes"] },
                object(json!({ "url": { "type": "string" } })),
                object(json!({ "kubernetes": reference("cluster") })),
                reference("target"),
            ] },
            "objectives": { "type": "array", "items": { "anyOf": [
                { "type": "string" },
                reference("objective"),
            ] } },
            "slos": { "type": "object", "additionalProperties": reference("slo") },
            "steady_state": { "anyOf": [
                reference("limits"),
                object(json!({ "metrics": reference("limits") })),
            ] },
            "guardrails": { "type": "array", "items": reference("guardrail") },
            "traffic": reference("traffic"),
            "lab": lab(),
            "prometheus": { "type": "string", "pattern": "^http", "description": "The server that queries are asked of." },
            "silence": {
                "description": "Alerts that may be silenced while the exercise runs, once somebody agrees.",
                "anyOf": [reference("silence"), { "type": "array", "minItems": 1, "items": reference("silence") }],
            },
            "queries": {
                "type": "object",
                "description": "What a Prometheus is asked for, by names that limits, measures and guardrails may use.",
                "propertyNames": { "pattern": QUERY, "maxLength": LONGEST_NAME },
                "additionalProperties": reference("query"),
            },
            "rollback": text("How everything is put back if the program cannot, for people."),
            "config": { "type": "object", "description": "Settings of the orchestrator; given on the command line instead." },
        }),
    )
}

/// Which defences of the lab are on.
fn lab() -> Value {
    let whole = json!({ "enum": ["resilient", "fragile"] });
    let names = Defence::ALL.map(Defence::name);
    let each = json!({
        "type": "object",
        "propertyNames": { "enum": names },
        "additionalProperties": { "enum": ["on", "off", true, false] },
    });
    json!({ "anyOf": [whole, object(json!({ "shop": whole, "defences": each }))] })
}

fn experiment_keys() -> Value {
    let types: Vec<&str> = TYPES.iter().map(|one| one.name).collect();
    let about: Vec<String> =
        TYPES.iter().map(|one| format!("{}: {}", one.name, one.about)).collect();
    let mut keys = json!({
        "name": reference("name"),
        "type": { "enum": types, "description": about.join("; ") },
        "target": reference("target"),
        "mode": { "enum": ["one", "all", "fixed", "fixed-percent", "random-max-percent"] },
        "value": { "type": ["integer", "string"] },
        "duration": reference("duration"),
    });
    if let Value::Object(keys) = &mut keys {
        for (name, used) in parameters() {
            let described = json!({ "description": used.join("; ") });
            keys.insert(name.to_owned(), merged(parameter_shape(name), described));
        }
    }
    keys
}

/// An experiment that stands for a whole stage.
fn listed_keys() -> Value {
    merged(experiment_keys(), people::expectation_keys())
}

/// Every parameter with what it means for each type that takes it.
fn parameters() -> BTreeMap<&'static str, Vec<String>> {
    let mut found: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    for one in TYPES {
        for parameter in one.parameters {
            let words = format!("{}: {}", one.name, parameter.about);
            found.entry(parameter.name).or_default().push(words);
        }
    }
    found
}

/// The form of a parameter, whichever type it stands in.
fn parameter_shape(name: &str) -> Value {
    match name {
        "direction" => json!({ "enum": ["to", "from", "both"] }),
        "source" => json!({ "enum": ["file", "environment"] }),
        "resources" => json!({ "type": "array", "minItems": 1,
            "items": { "enum": ["compute", "storage", "network"] } }),
        "permissions" => json!({ "type": "array", "minItems": 1, "items": { "type": "string" } }),
        "set" => json!({ "type": "object", "minProperties": 1 }),
        "stress" => object(json!({
            "cores": { "type": "integer", "minimum": 1, "maximum": 256 },
            "load": { "type": ["integer", "string"] },
            "size": { "type": "string", "description": "256MiB" },
            "workers": { "type": "integer", "minimum": 1, "maximum": 16 },
        })),
        "latency" | "jitter" | "loss" | "share" | "drift" => {
            json!({ "type": ["number", "string"] })
        }
        "rps" => json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 5_000 }),
        "code" => json!({ "type": "integer", "minimum": 400, "maximum": 599 }),
        "manifest" => json!({ "anyOf": [
            { "type": "string" },
            { "type": "object" },
            { "type": "array", "minItems": 1, "items": { "type": "object" } },
        ] }),
        "replicas" => json!({ "type": ["integer", "string"], "minimum": 0, "maximum": 500 }),
        "rows" => json!({ "type": "integer", "minimum": 1, "maximum": 10_000 }),
        "table" => json!({ "enum": LAB_TABLES }),
        _ => json!({ "type": "string" }),
    }
}

fn definitions() -> Value {
    let metrics: Vec<String> = Metric::all().map(|one| one.to_string()).collect();
    let value = json!({ "type": ["number", "string"] });
    let limit = json!({ "min": value, "max": value });
    let labels = json!({ "type": "object", "minProperties": 1 });
    let label = json!({ "type": "string" });
    let side =
        object(json!({ "selector": labels, "service": label, "zone": label, "node": label }));
    // Which queries a file has, no schema can say.
    let metrics =
        json!({ "anyOf": [{ "enum": metrics }, { "pattern": QUERY, "maxLength": LONGEST_NAME }] });
    let parts = json!({
        "name": { "type": "string", "minLength": 1, "maxLength": 63 },
        "duration": { "type": "string", "description": "90s, 10m, 1h30m, 500ms" },
        "offset": { "type": "string", "description": "+5m" },
        "latency": { "type": ["number", "string"], "description": "200ms, or a bare number of milliseconds" },
        "share": { "type": ["number", "string"], "description": "99.9% or 0.999" },
        "experiment": object(experiment_keys()),
        "listed": object(listed_keys()),
        "scenario": object(merged(timeline_keys(), listed_keys())),
        "cluster": object(json!({
            "context": text("A context of the kubeconfig, instead of the current one."),
            "namespace": text("Where the pods are, instead of the namespace of the context."),
            "url": text("Where customers go, as seen from this machine."),
            "shop": { "type": "boolean", "description": "It is the shop of deploy/shop: with the customers, services and instruments of the lab's." },
            "services": { "type": "object", "additionalProperties": object(json!({
                "depends_on": { "type": "array", "items": { "type": "string" } },
                "critical": { "type": "boolean" },
            })) },
        })),
        "target": object(json!({
            "selector": labels,
            "source": side,
            "destination": side,
            "service": label,
            "zone": label,
            "node": label,
            "resources": parameter_shape("resources"),
            "serviceAccount": label,
            "namespace": label,
            "mode": { "enum": ["one", "all", "fixed", "fixed-percent", "random-max-percent"] },
            "value": { "type": ["integer", "string"] },
        })),
        "limits": {
            "type": "object",
            "propertyNames": metrics,
            "additionalProperties": object(limit.clone()),
        },
        "slo": object(merged(limit, json!({ "objective": value, "metric": metrics }))),
        "query": merged(object(json!({
            "query": text("PromQL; one series is expected."),
            "unit": { "enum": ["share", "ms", "per_second", "count", "s", "seconds"] },
        })), json!({ "required": ["query"] })),
        "silence": { "anyOf": [
            text("service=\"shop\", severity=~\"warning|critical\""),
            merged(object(json!({
                "matchers": { "description": "Which alerts: all of these must fit.", "anyOf": [
                    { "type": "object", "minProperties": 1 },
                    { "type": "string" },
                    { "type": "array", "minItems": 1, "items": { "type": "string" } },
                ] },
                "why": text("For those who see the silence elsewhere."),
            })), json!({ "required": ["matchers"] })),
        ] },
        "objective": object(json!({
            "title": text("As people say it."),
            "measure": text("For example: availability >= 99.9%"),
        })),
        "guardrail": object(json!({
            "when": text("For example: availability < 50% for 30s"),
            "then": { "enum": ["warn", "hold", "halt"] },
        })),
    });
    [timeline_definitions(), traffic_definitions(), people::definitions()]
        .into_iter()
        .fold(parts, merged)
}

fn timeline_definitions() -> Value {
    let rate = json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 200_000 });
    let load = load(&rate);
    json!({
        "generator": merged(
            object(merged(load.clone(), generator())),
            json!({ "required": ["engine"] }),
        ),
        "phase": object(json!({
            "name": reference("name"),
            "duration": reference("duration"),
            "load": reference("load"),
            "chaos": { "type": "array", "items": reference("injection") },
            "cards": { "type": "array", "items": reference("card") },
        })),
        "stage": object(merged(people::expectation_keys(), json!({
            "name": reference("name"),
            "duration": reference("duration"),
            "delay": { "type": "string", "description": "After the end of the stage before." },
            "load": reference("load"),
            "experiment": reference("experiment"),
        }))),
        "injection": object(merged(people::expectation_keys(), json!({
            "time": reference("offset"),
            "name": reference("name"),
            "experiment": reference("experiment"),
        }))),
        "card": object(merged(people::card_keys(), json!({ "time": reference("offset") }))),
        "load": object(load),
    })
}

fn load(rate: &Value) -> Value {
    json!({
        "pattern": { "enum": ["constant", "linear", "step", "spike", "sine"] },
        "rps": { "anyOf": [rate, object(json!({
            "start": rate,
            "end": rate,
            "steps": { "type": "integer", "minimum": 2 },
            "base": rate,
            "peak": rate,
            "at": reference("offset"),
            "width": reference("duration"),
            "mean": rate,
            "amplitude": rate,
            "period": reference("duration"),
        }))] },
    })
}

/// Who makes the load, where it is not this machine.
fn generator() -> Value {
    json!({
        "engine": { "enum": ["k6"], "description": "Runners of k6 in the cluster make the load." },
        "parallelism": { "type": "integer", "minimum": 1, "maximum": MOST_RUNNERS },
        "url": text("Where customers go, as seen from inside the cluster."),
        "image": text("The image of the runners, with a fixed tag."),
        "namespace": text("Where they run, instead of the namespace of the target."),
        "prometheus_rw": text("Where they write what they measured (remote write)."),
        "native_histograms": { "enum": [true, false], "description": "Write latencies as native histograms." },
    })
}

fn traffic_definitions() -> Value {
    json!({
        "traffic": object(json!({
            "timeout": reference("duration"),
            "tls": { "enum": [true, false], "description": "Customers come over HTTPS (lab)." },
            "max_in_flight": { "type": "integer", "minimum": 1 },
            "routes": { "type": "array", "items": reference("route") },
        })),
        "route": object(json!({
            "name": text("What it is called in the report."),
            "method": { "enum": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] },
            "path": { "type": "string", "pattern": "^/" },
            "weight": { "type": "integer", "minimum": 1 },
            "spread": { "type": "integer", "minimum": 1 },
            "headers": { "type": "object" },
            "body": { "type": "string" },
        })),
    })
}
