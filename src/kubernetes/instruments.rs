//! The instruments of pods that have some: each pod says under an address of its own what it has counted, and is asked once a
//! second by way of the API server. Judges nothing.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream;
use http::Request;
use http_body_util::{BodyExt as _, Limited};
use k8s_openapi::api::core::v1::Pod;
use kube::Client;
use kube::client::Body;
use tokio::sync::{mpsc, watch};
use tokio::time::timeout;

use super::trouble::trouble;
use crate::exercise::counted::{Counted, Inside, sum};
use crate::exercise::reading::Reading;
use crate::gameday::span::Span;
use crate::gameday::text::printable;
use crate::port::clock::Clock;
use crate::port::instruments::{Instruments, Observation, WINDOW, each_second};

/// The annotation of a pod that says where its instruments are: `8080/instruments`.
const ANNOTATION: &str = "gameday.internal/instruments";

/// A pod that does not answer within so long adds nothing now, and what it counted to a later window.
const LIMIT: Duration = Duration::from_millis(800);

/// No answer is longer.
const LONGEST: usize = 64 * 1024;

/// So many pods are asked at a time.
const TOGETHER: usize = 16;

/// Where a pod's instruments are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dial {
    pod: String,
    app: String,
    /// On the API server.
    path: String,
}

/// Those of pods that run; what makes no sense as an address is passed over.
pub fn dials(namespace: &str, pods: &[Pod]) -> Vec<Dial> {
    pods.iter().filter_map(|pod| dial(namespace, pod)).collect()
}

fn dial(namespace: &str, pod: &Pod) -> Option<Dial> {
    let place = pod.metadata.annotations.as_ref()?.get(ANNOTATION)?;
    let (port, path) = place.split_once('/')?;
    let port: u16 = port.parse().ok()?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '/');
    let runs = pod.status.as_ref().and_then(|status| status.phase.as_deref()) == Some("Running");
    if !runs || pod.metadata.deletion_timestamp.is_some() || !path.chars().all(plain) {
        return None;
    }
    let name = pod.metadata.name.clone()?;
    let app = pod.metadata.labels.as_ref().and_then(|labels| labels.get("app"));
    Some(Dial {
        app: app.unwrap_or(&name).clone(),
        path: format!("/api/v1/namespaces/{namespace}/pods/{name}:{port}/proxy/{path}"),
        pod: name,
    })
}

/// What of them cannot be read; `None`: nothing.
pub(super) type Trouble = Option<String>;

/// The instruments of a part of a cluster.
pub struct PodInstruments {
    client: Client,
    dials: watch::Receiver<Vec<Dial>>,
    trouble: watch::Sender<Trouble>,
    clock: Arc<dyn Clock>,
}

impl PodInstruments {
    pub(super) fn new(
        client: Client,
        dials: watch::Receiver<Vec<Dial>>,
        trouble: watch::Sender<Trouble>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { client, dials, trouble, clock }
    }
}

impl Instruments for PodInstruments {
    fn observe(&self, origin: Duration) -> mpsc::UnboundedReceiver<Observation> {
        let (tell, told) = mpsc::unbounded_channel();
        let listener = Listener {
            client: self.client.clone(),
            dials: self.dials.clone(),
            trouble: self.trouble.clone(),
            counted: Mutex::default(),
        };
        let clock = Arc::clone(&self.clock);
        let begun = clock.monotonic();
        tokio::spawn(async move {
            let read = |start| {
                let listening = clock.monotonic().saturating_sub(begun) + WINDOW;
                listener.read(start, listening.into())
            };
            each_second(&*clock, origin, &tell, read).await;
        });
        told
    }
}

/// Whoever hears what pods say.
struct Listener {
    client: Client,
    dials: watch::Receiver<Vec<Dial>>,
    trouble: watch::Sender<Trouble>,
    counted: Mutex<Counted>,
}

impl Listener {
    /// What is new in all of them, for the window that begins at `start`, after having listened for so long.
    async fn read(&self, start: Span, listening: Span) -> Reading {
        let all = self.dials.borrow().clone();
        let answers: Vec<_> = stream::iter(all)
            .map(|dial| heard(self.client.clone(), dial))
            .buffer_unordered(TOGETHER)
            .collect()
            .await;
        // One pod that is on its way out is nothing to talk about.
        let is_deaf = answers.iter().all(|(_, answer)| answer.is_err());
        let why = answers.iter().find_map(|(_, answer)| answer.as_ref().err().cloned());
        let why = why.filter(|_| is_deaf);
        self.trouble.send_if_modified(|known| {
            let differs = *known != why;
            *known = why;
            differs
        });
        let mut counted = self.counted.lock().unwrap_or_else(PoisonError::into_inner);
        let news = answers.iter().filter_map(|(dial, answer)| {
            let inside = counted.news(&dial.pod, answer.clone().ok()?, Some(listening));
            Some((dial.app.as_str(), inside))
        });
        sum(news, (start, Span::from(WINDOW)))
    }
}

async fn heard(client: Client, dial: Dial) -> (Dial, Result<Inside, String>) {
    let said = ask(&client, &dial).await;
    (dial, said)
}

/// What one pod says.
async fn ask(client: &Client, dial: &Dial) -> Result<Inside, String> {
    let late = || format!("{} does not say what it counted", dial.pod);
    let request = Request::get(&dial.path).body(Body::empty()).map_err(|why| why.to_string())?;
    let answer = timeout(LIMIT, async {
        let answer = client.send(request).await.map_err(|why| trouble("ask pods", &why).0)?;
        let status = answer.status();
        let body = Limited::new(answer.into_body(), LONGEST).collect().await;
        let body = body.map_err(|why| why.to_string())?.to_bytes();
        if status.is_success() {
            return serde_json::from_slice(&body)
                .map_err(|why| format!("{}: {}", dial.pod, printable(&why.to_string(), 120)));
        }
        Err(match serde_json::from_slice(&body) {
            Ok(said) => trouble("read the instruments of pods", &kube::Error::Api(said)).0,
            Err(_) => late(),
        })
    });
    answer.await.unwrap_or_else(|_| Err(late()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn pod(annotation: Value, phase: &str) -> Pod {
        let metadata = json!({
            "name": "web-1", "labels": { "app": "web" },
            "annotations": { "gameday.internal/instruments": annotation },
        });
        serde_json::from_value(json!({ "metadata": metadata, "status": { "phase": phase } }))
            .unwrap()
    }

    #[test]
    fn only_addresses_are_asked() {
        let of = |annotation: &str, phase: &str| dials("shop", &[pod(annotation.into(), phase)]);
        let path = "/api/v1/namespaces/shop/pods/web-1:8080/proxy/instruments".to_owned();
        let known = Dial { pod: "web-1".to_owned(), app: "web".to_owned(), path };
        assert_eq!(of("8080/instruments", "Running"), [known]);
        assert_eq!(of("8080/instruments", "Pending"), []);
        for odd in ["", "8080", "instruments", "80800/x", "8080/../../x", "8080/a?b", "8080/\u{1b}"]
        {
            assert_eq!(of(odd, "Running"), [], "{odd}");
        }
        assert_eq!(dials("shop", &[Pod::default()]), []);
    }
}
