//! Whom objects of Chaos Mesh hit, as far as labels say it; and for how long. The blast radius and the undo rest on it.

use serde_json::Value;

use super::kinds::EXPERIMENTS;
use crate::gameday::fault::{Mode, Selector};
use crate::gameday::go_duration;
use crate::gameday::span::Span;

/// Whom an object hits.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Whom {
    /// Labels of the pods, perhaps of more than are hit; `None`: labels do not say it.
    pub selector: Option<Selector>,
    /// Labels of the other side.
    pub destination: Option<Selector>,
    /// How many of them.
    pub mode: Mode,
    /// How long it stays by itself.
    pub duration: Option<Span>,
}

/// Whom all of the objects hit together; labels say it only where they agree.
pub fn whom(objects: &[Value]) -> Whom {
    let mut all = objects.iter().map(of);
    let Some(mut first) = all.next() else { return Whom::default() };
    for other in all {
        if other.selector != first.selector {
            first.selector = None;
        }
        if other.destination != first.destination {
            first.destination = None;
        }
        if other.mode != first.mode {
            first.mode = Mode::All;
        }
        first.duration = first.duration.max(other.duration);
    }
    first
}

fn of(object: &Value) -> Whom {
    let Some(spec) = object.get("spec") else { return Whom::default() };
    // A schedule holds the spec of what it makes; a workflow several, with times of their own.
    let spec = match object.get("kind").and_then(Value::as_str) {
        Some("Schedule") => EXPERIMENTS.iter().find_map(|(_, key)| spec.get(key)).unwrap_or(spec),
        Some("Workflow") => return Whom::default(),
        _ => spec,
    };
    let side = |spec: &Value| labels(spec.pointer("/selector/labelSelectors")?);
    let text = |key: &str| spec.get(key).and_then(Value::as_str);
    Whom {
        selector: side(spec),
        destination: spec.get("target").and_then(side),
        mode: mode(text("mode"), spec.get("value")),
        duration: text("duration").and_then(|text| go_duration::length(text).ok()),
    }
}

fn labels(value: &Value) -> Option<Selector> {
    let map = value.as_object().filter(|map| !map.is_empty())?;
    map.iter().map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

fn mode(word: Option<&str>, value: Option<&Value>) -> Mode {
    let number = match value {
        Some(Value::String(text)) => text.trim_end_matches('%').parse::<u32>().ok(),
        Some(Value::Number(number)) => number.as_u64().and_then(|it| u32::try_from(it).ok()),
        _ => None,
    };
    let percent = || number.and_then(|number| u8::try_from(number).ok());
    match (word, number) {
        (Some("one"), _) => Mode::One,
        (Some("fixed"), Some(number)) => Mode::Fixed(number),
        (Some("fixed-percent"), Some(_)) => percent().map_or(Mode::All, Mode::FixedPercent),
        (Some("random-max-percent"), Some(_)) => {
            percent().map_or(Mode::All, Mode::RandomMaxPercent)
        }
        _ => Mode::All,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn labels_mode_and_duration_are_found_where_they_stand() {
        let web = json!({ "labelSelectors": { "app": "web-app" } });
        let pods = json!({ "kind": "PodChaos", "spec": {
            "mode": "fixed-percent", "value": "30", "selector": web, "duration": "5m" } });
        let found = whom(std::slice::from_ref(&pods));
        assert_eq!(found.selector.as_ref().unwrap()["app"], "web-app");
        assert_eq!(found.mode, Mode::FixedPercent(30));
        assert_eq!(found.duration, Some(Span::from_secs(300)));
        let again = json!({ "kind": "Schedule", "spec": { "type": "PodChaos",
            "podChaos": { "mode": "one", "selector": web } } });
        assert_eq!(whom(&[again]).mode, Mode::One);
        let other = json!({ "kind": "PodChaos", "spec": {
            "mode": "one", "selector": { "labelSelectors": { "app": "cart" } }, "duration": "9m" } });
        let both = whom(&[pods, other]);
        assert_eq!((both.selector, both.mode), (None, Mode::All));
        assert_eq!(both.duration, Some(Span::from_secs(540)));
        assert_eq!(whom(&[json!({ "kind": "AWSChaos", "spec": {} })]).selector, None);
    }
}
