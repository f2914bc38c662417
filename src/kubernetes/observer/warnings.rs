//! Warnings among the events of the namespace, each told once. Not the rest of the events.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use k8s_openapi::api::core::v1::Event as Raw;
use kube::Api;
use kube::runtime::watcher::{Config, Event};

use super::eye::{At, Held, follow};
use crate::exercise::cluster::Warning;
use crate::gameday::text::printable;
use crate::kubernetes::connect::Connection;

/// At most so many wait to be told; of more the oldest are not.
const WAITING: usize = 20;

/// So many are remembered, so that none is told twice.
const REMEMBERED: usize = 5_000;

/// Words by which an experiment gives itself away.
const GIVES_AWAY: [&str; 4] = ["chaos", "/pause:", "gd-", "gameday"];

/// Those not told yet.
pub(super) struct Warnings {
    waiting: Arc<Mutex<Vec<Warning>>>,
    _task: Held,
}

impl Warnings {
    /// Begins to watch; what happened before `since` (milliseconds since 1970-01-01 UTC) is no news.
    pub(super) fn open(connection: &Connection, since: i64, (changed, standing): At<'_>) -> Self {
        let waiting = Arc::new(Mutex::new(Vec::new()));
        let place = Arc::clone(&waiting);
        let mut known = Known { since, counts: HashMap::new() };
        let take = move |event: Event<Raw>| {
            let (Event::Apply(raw) | Event::InitApply(raw)) = event else { return };
            if let Some(warning) = known.news(&raw) {
                let mut waiting = locked(&place);
                waiting.push(warning);
                let over = waiting.len().saturating_sub(WAITING);
                waiting.drain(..over);
            }
        };
        let api = Api::<Raw>::namespaced(connection.client.clone(), &connection.namespace);
        let config = Config::default().fields("type=Warning");
        let task = follow("events", api, config, Arc::clone(standing), take, Arc::clone(changed));
        Self { waiting, _task: Held(tokio::spawn(task)) }
    }

    /// Those since the last time.
    pub(super) fn take(&self) -> Vec<Warning> {
        std::mem::take(&mut *locked(&self.waiting))
    }
}

fn locked(place: &Mutex<Vec<Warning>>) -> MutexGuard<'_, Vec<Warning>> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What was heard already. A list that is begun anew brings everything once more.
struct Known {
    since: i64,
    counts: HashMap<String, i32>,
}

impl Known {
    /// `None`: it was told, or is old, or is no warning.
    fn news(&mut self, raw: &Raw) -> Option<Warning> {
        let uid = raw.metadata.uid.clone()?;
        let series = raw.series.as_ref().and_then(|series| series.count);
        let count = raw.count.or(series).unwrap_or(1);
        if self.counts.get(&uid).is_some_and(|known| *known >= count) {
            return None;
        }
        if self.counts.len() >= REMEMBERED {
            self.counts.clear();
        }
        self.counts.insert(uid, count);
        let warning = warning(raw);
        (raw.type_.as_deref() == Some("Warning") && warning.at >= self.since).then_some(warning)
    }
}

fn warning(raw: &Raw) -> Warning {
    let of = &raw.involved_object;
    let (kind, name) = (of.kind.as_deref().unwrap_or("?"), of.name.as_deref().unwrap_or("?"));
    let about = format!("{}/{}", printable(kind, 40), printable(name, 80));
    let reason = printable(raw.reason.as_deref().unwrap_or_default(), 60);
    let text = printable(raw.message.as_deref().unwrap_or_default(), 240);
    let from = raw.source.as_ref().and_then(|source| source.component.as_deref());
    let said = [&about, &reason, &text, from.unwrap_or_default()].map(str::to_lowercase);
    let of_chaos = of.api_version.as_deref().is_some_and(|version| version.contains("chaos-mesh"));
    let reveals =
        of_chaos || said.iter().any(|text| GIVES_AWAY.iter().any(|word| text.contains(word)));
    Warning { at: at(raw), about, reason, text, reveals }
}

/// When it happened last, in milliseconds since 1970-01-01 UTC.
fn at(raw: &Raw) -> i64 {
    let series = raw.series.as_ref().and_then(|series| series.last_observed_time.as_ref());
    let precise = series.or(raw.event_time.as_ref()).map(|time| time.0.as_millisecond());
    let rough = raw.last_timestamp.as_ref().or(raw.metadata.creation_timestamp.as_ref());
    // Whole seconds: it may have been up to one later.
    let rough = rough.map(|time| time.0.as_millisecond() + 999);
    raw.last_timestamp.as_ref().and(rough).or(precise).or(rough).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(uid: &str, count: i32, at: &str, text: &str) -> Raw {
        serde_json::from_value(serde_json::json!({
            "metadata": { "name": "x", "uid": uid },
            "involvedObject": { "kind": "Pod", "name": "web-1", "apiVersion": "v1" },
            "type": "Warning", "reason": "BackOff", "message": text,
            "count": count, "lastTimestamp": at,
        }))
        .unwrap()
    }

    #[test]
    fn each_is_told_once_again_when_it_happens_again_and_old_ones_never() {
        let mut known = Known { since: 1_000_000_000_000, counts: HashMap::new() };
        let (old, new) = ("2001-01-01T00:00:00Z", "2026-01-01T00:00:00Z");
        assert!(known.news(&event("a", 1, old, "old")).is_none());
        let told = known.news(&event("b", 1, new, "back-off \u{1b}[31m")).unwrap();
        assert_eq!((told.about.as_str(), told.reveals), ("Pod/web-1", false));
        assert!(!told.text.contains('\u{1b}'));
        assert!(known.news(&event("b", 1, new, "back-off")).is_none(), "listed anew");
        assert!(known.news(&event("b", 2, new, "back-off")).is_some());
        let chaos = known.news(&event("c", 1, new, "Failed to apply PodChaos")).unwrap();
        assert!(chaos.reveals);
    }
}
