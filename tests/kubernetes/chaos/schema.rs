//! The definitions of Chaos Mesh, where the environment names the folder that has them (`KUBE_CRDS`): objects are held against them with
//! unknown fields forbidden.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::{env, fs};

use serde_json::Value;

/// The schemas by kind; none where no folder is named.
pub struct Schemas(BTreeMap<String, Value>);

impl Schemas {
    /// Those that are there.
    pub fn given() -> Self {
        let Some(folder) = env::var_os("KUBE_CRDS").map(PathBuf::from) else {
            eprintln!("LOUD: skipped: KUBE_CRDS names no folder with schemas");
            return Self(BTreeMap::new());
        };
        let folder =
            if folder.join("chaos-mesh").is_dir() { folder.join("chaos-mesh") } else { folder };
        let mut all = BTreeMap::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // Three of them are very large, and only two of these are needed.
            if path.to_str().unwrap().contains("workflownodes") {
                continue;
            }
            let options = serde_yaml::options! { budget: None };
            let text = fs::read_to_string(&path).unwrap();
            let one: Value = serde_yaml::from_str_with_options(&text, options).unwrap();
            let kind = one["spec"]["names"]["kind"].as_str().unwrap().to_owned();
            all.insert(kind, one["spec"]["versions"][0]["schema"]["openAPIV3Schema"].clone());
        }
        Self(all)
    }

    /// Holds an object against the schema of its kind.
    pub fn check(&self, object: &Value) {
        if self.0.is_empty() {
            return;
        }
        let kind = object["kind"].as_str().unwrap();
        let schema = self.0.get(kind).unwrap_or_else(|| panic!("no schema of {kind}"));
        let mut wrong = Vec::new();
        walk(object, schema, "", &mut wrong);
        assert!(wrong.is_empty(), "{kind}: {wrong:?}\n{object:#}");
    }
}

fn walk(value: &Value, schema: &Value, place: &str, wrong: &mut Vec<String>) {
    let kind = schema["type"].as_str().unwrap_or_default();
    let right = match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        _ => true,
    };
    if !right {
        wrong.push(format!("{place} is no {kind}: {value}"));
        return;
    }
    if schema["enum"].as_array().is_some_and(|words| !words.contains(value)) {
        wrong.push(format!("{place} is none of the words: {value}"));
    }
    for (bound, beyond) in [("minimum", -1.0), ("maximum", 1.0)] {
        if let (Some(bound), Some(number)) = (schema[bound].as_f64(), value.as_f64())
            && (number - bound) * beyond > 0.0
        {
            wrong.push(format!("{place} is out of bounds: {value}"));
        }
    }
    if schema["pattern"].is_string() && !latency(value.as_str().unwrap_or_default()) {
        wrong.push(format!("{place} does not match {}: {value}", schema["pattern"]));
    }
    for item in value.as_array().into_iter().flatten() {
        walk(item, &schema["items"], &format!("{place}[]"), wrong);
    }
    // The server knows metadata itself.
    if let Some(map) = value.as_object().filter(|_| place != "/metadata") {
        fields(map, schema, place, wrong);
    }
}

fn fields(
    map: &serde_json::Map<String, Value>,
    schema: &Value,
    place: &str,
    wrong: &mut Vec<String>,
) {
    for needed in schema["required"].as_array().into_iter().flatten() {
        if !map.contains_key(needed.as_str().unwrap()) {
            wrong.push(format!("{place} lacks {needed}"));
        }
    }
    for (key, inner) in map {
        let place = format!("{place}/{key}");
        let free = schema["additionalProperties"].is_object();
        let kept = schema["x-kubernetes-preserve-unknown-fields"] == true;
        match schema["properties"].get(key) {
            Some(schema) => walk(inner, schema, &place, wrong),
            None if free => walk(inner, &schema["additionalProperties"], &place, wrong),
            None if kept => {}
            None => wrong.push(format!("{place} is unknown")),
        }
    }
}

/// The one pattern that these schemas have: a number and one unit.
fn latency(text: &str) -> bool {
    let number =
        ["ns", "us", "ms", "s", "m", "h"].iter().filter_map(|unit| text.strip_suffix(unit));
    number
        .into_iter()
        .any(|number| number.parse::<f64>().is_ok() && !number.starts_with(['-', '+']))
}
