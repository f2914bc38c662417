//! Watches: the log of changes as a stream of events, with bookmarks, time-outs and 410.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until, timeout_at};

use super::call::Call;
use super::failure::{Cause, Failure};
use super::reads;
use super::select::Selector;
use super::shared::Shared;
use super::state::{Change, State};

/// Real servers send a bookmark about once a minute.
const BOOKMARK: Duration = Duration::from_secs(2);
/// How long a watch is when nobody says so; real servers take half an hour and more.
const LONG: u64 = 30 * 60;

/// A watch that has begun.
pub struct Watch {
    selector: Selector,
    resource: String,
    namespace: Option<String>,
    call: Call,
    at: u64,
    /// What is sent first.
    first: Vec<Value>,
    until: Instant,
    bookmarks: bool,
    /// Rings from its beginning, however late it runs.
    cut: watch::Receiver<()>,
}

/// Begins a watch.
pub fn begin(state: &State, call: &Call, shared: &Shared) -> Result<Watch, Failure> {
    let selector = reads::selector(call)?;
    let asked = call.query.get("sendInitialEvents");
    if asked.is_some() && !shared.streams() {
        let why =
            "sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled";
        let cause = Cause::forbidden("sendInitialEvents", why);
        return Err(Failure::invalid_thing(
            "ListOptions.meta.k8s.io",
            "ListOptions",
            "meta.k8s.io",
            "",
            &[cause],
        ));
    }
    let version = call.query.get("resourceVersion").unwrap_or_default();
    let from: u64 = if version.is_empty() {
        0
    } else {
        version.parse().map_err(|_| {
            Failure::bad_request(format!("resourceVersion: Invalid value: \"{version}\": strconv.ParseUint: parsing \"{version}\": invalid syntax"))
        })?
    };
    if from > 0 && from < state.forgotten && shared.expires_by_status() {
        return Err(Failure::expired(too_old(from, state)));
    }
    let mut watch = Watch {
        selector,
        resource: call.kind.resource(),
        namespace: reads::namespace(call).map(str::to_owned),
        at: if from == 0 { state.revision() } else { from },
        first: Vec::new(),
        until: Instant::now()
            + Duration::from_secs(
                call.query.get("timeoutSeconds").and_then(|text| text.parse().ok()).unwrap_or(LONG),
            ),
        bookmarks: call.query.is("allowWatchBookmarks"),
        call: call.clone(),
        cut: shared.cut.subscribe(),
    };
    let streamed = call.query.is("sendInitialEvents");
    if from == 0 || streamed {
        watch.at = state.revision();
        let named = call.name.clone();
        watch.first = state
            .all(&watch.resource, watch.namespace.as_deref())
            .filter(|(key, object)| {
                (named.is_empty() || key.name == named) && watch.selector.takes(object)
            })
            .map(|(_, object)| json!({"type": "ADDED", "object": **object}))
            .collect();
    }
    if streamed {
        let mut end = watch.bookmark();
        end["object"]["metadata"]["annotations"] = json!({"k8s.io/initial-events-end": "true"});
        watch.first.push(end);
    }
    Ok(watch)
}

impl Watch {
    fn bookmark(&self) -> Value {
        json!({"type": "BOOKMARK", "object": {
            "kind": self.call.kind.kind, "apiVersion": self.call.kind.api_version(),
            "metadata": {"resourceVersion": self.at.to_string(), "creationTimestamp": null},
        }})
    }

    /// What happened since the last look; an error ends the watch.
    fn look(&mut self, state: &State) -> Result<Vec<Value>, Value> {
        if self.at < state.forgotten {
            let message = too_old(self.at, state);
            return Err(json!({"type": "ERROR", "object": Failure::expired(message).status()}));
        }
        let seen = self.at;
        let from = state.log.partition_point(|change| change.revision <= seen);
        let events = state.log[from..].iter().filter_map(|change| self.event(change)).collect();
        self.at = self.at.max(state.revision());
        Ok(events)
    }

    /// A change as this watch sees it: what comes into the selection is new, what leaves it is gone.
    fn event(&self, change: &Change) -> Option<Value> {
        let key = &change.key;
        let here = key.resource == self.resource
            && self.namespace.as_ref().is_none_or(|namespace| *namespace == key.namespace)
            && (self.call.name.is_empty() || self.call.name == key.name);
        if !here {
            return None;
        }
        let was = change.before.as_ref().is_some_and(|before| self.selector.takes(before));
        let is = !change.gone && self.selector.takes(&change.object);
        let kind = match (was, is) {
            (false, true) => "ADDED",
            (true, true) => "MODIFIED",
            (true, false) => "DELETED",
            (false, false) => return None,
        };
        Some(json!({"type": kind, "object": *change.object}))
    }

    /// Sends events until the time is over, the client goes, or the server cuts it.
    pub async fn run(mut self, shared: Arc<Shared>, lines: mpsc::Sender<Bytes>) {
        let mut changed = shared.changed.subscribe();
        for event in std::mem::take(&mut self.first) {
            if lines.send(line(&event)).await.is_err() {
                return;
            }
        }
        let mut bookmark = Instant::now() + BOOKMARK;
        loop {
            let looked = self.look(&shared.state());
            let (events, over) = match looked {
                Ok(events) => (events, false),
                Err(error) => (vec![error], true),
            };
            for event in events {
                if lines.send(line(&event)).await.is_err() {
                    return;
                }
            }
            if over {
                return;
            }
            tokio::select! {
                _ = changed.changed() => {}
                _ = self.cut.changed() => return,
                () = lines.closed() => return,
                () = sleep_until(self.until) => return,
                () = sleep_until(bookmark) => {
                    bookmark = Instant::now() + BOOKMARK;
                    if self.bookmarks
                        && timeout_at(self.until, lines.send(line(&self.bookmark()))).await.is_err()
                    {
                        return;
                    }
                }
            }
        }
    }
}

fn too_old(from: u64, state: &State) -> String {
    format!("too old resource version: {from} ({})", state.forgotten)
}

fn line(event: &Value) -> Bytes {
    Bytes::from(format!("{event}\n"))
}
