//! Places objects and waits until their records say that they are injected.

use std::time::Duration;

use futures::future::join_all;
use k8s_openapi::api::core::v1::Event;
use kube::Client;
use kube::api::{Api, DynamicObject, ListParams, PostParams};
use serde_json::Value;
use tokio::time::{Instant, Interval};

use super::super::kinds;
use super::super::object::Manifest;
use super::super::placed::Placed;
use super::super::verdict::{Verdict, injected, verdict};
use super::ask::{self, Why};
use super::effect;
use super::pulse::pulse;
use crate::exercise::said::{Between, Said, said};
use crate::gameday::span::Span;
use crate::gameday::text::printable;
use crate::kubernetes::name::{self, FIELD_MANAGER};
use crate::port::target::TargetError;

/// For one question.
const QUESTION: Duration = Duration::from_secs(6);

/// Places all of them, one after the other, and waits for all together.
pub(super) async fn all(
    client: &Client,
    manifests: &[Manifest],
    within: Duration,
) -> Result<Said, TargetError> {
    let mut pulse = pulse();
    let start = pulse.tick().await;
    for manifest in manifests {
        make(client, manifest, within).await?;
    }
    let mut said = Vec::new();
    for manifest in manifests {
        let until = Until { pulse: &mut pulse, start, within };
        said.push(awaited(client, &manifest.placed, until).await?);
    }
    let effects = manifests.iter().map(|manifest| effect::seen(client, &manifest.placed));
    said.extend(join_all(effects).await.into_iter().flatten());
    Ok(Said::all(said, Between::Then))
}

/// Makes one. That it is there already means that an answer was lost on the way, if it is just this one.
async fn make(client: &Client, manifest: &Manifest, within: Duration) -> Result<(), TargetError> {
    let placed = &manifest.placed;
    let api = ask::api(client, placed);
    let object: DynamicObject = serde_json::from_value(manifest.body.clone())
        .map_err(|error| TargetError(format!("make {}: {error}", placed.called())))?;
    let how = PostParams { field_manager: Some(FIELD_MANAGER.to_owned()), ..PostParams::default() };
    let doing = format!("make {}", placed.called());
    let made = ask::patiently(&doing, within / 2, || api.create(&how, &object)).await;
    let asked = match made {
        Ok(_) => return Ok(()),
        Err(asked) if asked.why == Why::Conflict => asked,
        Err(asked) if asked.why == Why::Mute => {
            return Err(TargetError(format!(
                "{}; is chaos-controller-manager ready? gameday doctor looks",
                asked.said
            )));
        }
        Err(asked) => return Err(asked.said),
    };
    let there = ask::look(&api, placed, QUESTION).await.map_err(|asked| asked.said)?;
    let mark = |object: &Value| {
        let labels = &object["metadata"]["labels"];
        (labels[name::RUN].clone(), labels[name::STEP].clone())
    };
    let same = there.is_some_and(|there| {
        mark(&there) == mark(&manifest.body) && there["metadata"]["deletionTimestamp"].is_null()
    });
    if same { Ok(()) } else { Err(asked.said) }
}

/// How long is still waited.
struct Until<'a> {
    pulse: &'a mut Interval,
    start: Instant,
    within: Duration,
}

/// Waits until the records say that it is injected.
async fn awaited(client: &Client, placed: &Placed, until: Until<'_>) -> Result<Said, TargetError> {
    let api = ask::api(client, placed);
    let Until { pulse, start, within } = until;
    loop {
        let waited = pulse.tick().await - start;
        let object = ask::look(&api, placed, ask::left(within, waited)).await;
        let Some(object) = object.map_err(|asked| asked.said)? else {
            return Err(TargetError(format!("{} is gone: somebody deleted it", placed.called())));
        };
        if kinds::of(&placed.kind).is_some_and(|kind| !kind.is_experiment()) {
            return Ok(said!(
                "chaos-started",
                "{what} is there; what it starts shows by itself",
                what = placed.called()
            ));
        }
        let events = match object["status"]["experiment"]["containerRecords"].is_array() {
            true => Vec::new(),
            false => events(client, placed).await,
        };
        let verdict = verdict(&object, &events, Span::from(waited));
        if let Some(done) = concluded(&object, placed, &verdict) {
            return done;
        }
        if waited >= within {
            return Err(TargetError(late(&object, placed, &verdict, within)));
        }
    }
}

/// Whether there is nothing more to wait for.
fn concluded(
    object: &Value,
    placed: &Placed,
    verdict: &Verdict,
) -> Option<Result<Said, TargetError>> {
    let (count, all) = injected(object);
    let what = placed.called();
    Some(match verdict {
        Verdict::Injected => Ok(said!(
            "chaos-injected",
            "{what}: injected by its records ({count} of {all})",
            what = what,
            count = count,
            all = all
        )),
        Verdict::FinishedOneShot => Ok(said!(
            "chaos-struck",
            "{what}: struck by its records ({count} of {all})",
            what = what,
            count = count,
            all = all
        )),
        Verdict::NoTarget(why) => Err(TargetError(format!("{what} hits nobody: {why}"))),
        Verdict::Recovering | Verdict::Recovered | Verdict::RecoverStuck(_) => Err(TargetError(
            format!("{what} was stopped before it was injected everywhere; look who pauses it"),
        )),
        _ => return None,
    })
}

/// Why it is given up.
fn late(object: &Value, placed: &Placed, verdict: &Verdict, within: Duration) -> String {
    let (count, all) = injected(object);
    let what = placed.called();
    let within = Span::from(within);
    match verdict {
        Verdict::InjectFailing(why) => {
            format!("{what} is injected on {count} of {all} after {within}; Chaos Mesh says: {why}")
        }
        Verdict::Pending => format!(
            "Chaos Mesh has not looked at {what} within {within}; is chaos-controller-manager ready? gameday doctor looks"
        ),
        _ => format!(
            "{what} is injected on {count} of {all} after {within}, and Chaos Mesh does not say why; is chaos-daemon ready on the \
             nodes of the pods? gameday doctor looks"
        ),
    }
}

/// What the cluster says about an object; nothing where it may not be read.
async fn events(client: &Client, placed: &Placed) -> Vec<Value> {
    let api: Api<Event> = Api::namespaced(client.clone(), &placed.namespace);
    let fields = format!("involvedObject.name={},involvedObject.kind={}", placed.name, placed.kind);
    let how = ListParams::default().fields(&fields);
    let found = ask::patiently("list events", QUESTION, || api.list(&how)).await;
    let found = found.map(|list| list.items).unwrap_or_default();
    let told = found.into_iter().map(|event| {
        let message = printable(&event.message.unwrap_or_default(), 400);
        serde_json::json!({"type": event.type_, "reason": event.reason, "message": message})
    });
    told.collect()
}
