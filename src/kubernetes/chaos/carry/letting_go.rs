//! Lets go of objects: each is looked at, the ladder says what comes next, and it is done, until the object is gone; then it is
//! looked whether anything is left.

use std::time::Duration;

use futures::FutureExt;
use futures::future::{BoxFuture, join_all};
use kube::Client;
use kube::api::ListParams;
use serde_json::Value;
use tokio::time::Instant;

use super::super::kinds::KINDS;
use super::super::ladder::{Consent, Next, Rung, Standing, next};
use super::super::placed::Placed;
use super::super::pod;
use super::super::verdict::{Verdict, is_deleting, is_paused, progress, verdict};
use super::ask::{self, Asked, Why};
use super::leftover::children;
use super::pulse::pulse;
use super::residue;
use super::rungs::{Held, climb};
use crate::exercise::said::{Between, Said, said};
use crate::gameday::span::Span;
use crate::kubernetes::name;
use crate::port::target::TargetError;

const QUESTION: Duration = Duration::from_secs(6);

/// How an object is told to be ours.
#[derive(Clone, Copy)]
enum Ours<'a> {
    /// By the label of its run.
    Run(&'a str),
    /// By what made it: it was found as a child of ours.
    Child,
}

/// How one went.
#[derive(Default)]
struct Gone {
    /// Whether it was there at all.
    was_there: bool,
    /// Whether its records said that it recovered.
    recovered: bool,
    /// Whether its finalizer was taken away.
    forced: bool,
    /// Pods that were replaced on the way.
    replaced: Vec<String>,
}

/// Lets go of all of them, each for itself: none waits for another.
pub(super) async fn all(
    client: &Client,
    run: Option<&str>,
    placed: &[Placed],
    consent: Consent,
    within: Duration,
) -> Result<Said, TargetError> {
    let ours = run.map_or(Ours::Child, Ours::Run);
    let each = placed.iter().map(|one| whole(client, ours, one, consent, within));
    let (mut said, mut wrong) = (Vec::new(), Vec::new());
    for outcome in join_all(each).await {
        match outcome {
            Ok(told) => said.extend(told),
            Err(error) => wrong.push(error.0),
        }
    }
    match wrong.is_empty() {
        true => {
            let mut once: Vec<Said> = Vec::new();
            for one in said {
                if !once.contains(&one) {
                    once.push(one);
                }
            }
            Ok(Said::all(once, Between::Then))
        }
        false => Err(TargetError(wrong.join("; "))),
    }
}

/// One object, what it made, and what is left of it.
fn whole<'a>(
    client: &'a Client,
    ours: Ours<'a>,
    placed: &'a Placed,
    consent: Consent,
    within: Duration,
) -> BoxFuture<'a, Result<Vec<Said>, TargetError>> {
    async move {
        let mut pulse = pulse();
        let start = pulse.tick().await;
        let gone = one(client, ours, placed, consent, within).await?;
        let mut said = vec![told(placed, &gone)];
        said.extend(made_by(client, placed, consent, within).await?);
        let mut cleaned = false;
        loop {
            let late = pulse.tick().await - start >= within;
            let found = residue::look(client, placed, late).await.map_err(|asked| asked.said)?;
            if found.wrong.is_empty() {
                said.extend(found.said);
                return Ok(said);
            }
            if late {
                let wrong = found.wrong.join(", ");
                return Err(TargetError(format!("{} is gone, but {wrong}", placed.called())));
            }
            if !found.left_on.is_empty() && !cleaned {
                cleaned = true;
                clean(client, placed, &found.left_on).await?;
            }
        }
    }
    .boxed()
}

/// Takes away what an object left that is gone.
async fn clean(client: &Client, placed: &Placed, pods: &[String]) -> Result<(), TargetError> {
    for name in pods {
        super::child::unlist(client, placed, name).await.map_err(|asked| asked.said)?;
    }
    Ok(())
}

/// What a Schedule or a Workflow made: it carries none of our labels.
async fn made_by(
    client: &Client,
    placed: &Placed,
    consent: Consent,
    within: Duration,
) -> Result<Vec<Said>, TargetError> {
    let label = match placed.kind.as_str() {
        "Schedule" => format!("managed-by={}", placed.name),
        "Workflow" => format!("chaos-mesh.org/workflow={}", placed.name),
        _ => return Ok(Vec::new()),
    };
    let how = ListParams::default().labels(&label);
    let mut children = Vec::new();
    for kind in KINDS.iter().filter(|kind| kind.is_experiment()) {
        let api = ask::of_kind(client, kind.name, kind.plural, &placed.namespace);
        let doing = format!("list {}", kind.plural);
        match ask::patiently(&doing, QUESTION, || api.list(&how)).await {
            Ok(list) => {
                let objects = list.items.into_iter();
                let objects = objects.filter_map(|one| {
                    let mut object = serde_json::to_value(one).ok()?;
                    object["kind"] = kind.name.into();
                    Placed::found(&object)
                });
                children.extend(objects);
            }
            Err(Asked { why: Why::Gone, .. }) => {}
            // A kind that may not even be listed was not placed by way of this one either.
            Err(Asked { why: Why::Forbidden, .. }) => {}
            Err(asked) => return Err(asked.said),
        }
    }
    let each = children.iter().map(|child| whole(client, Ours::Child, child, consent, within));
    let mut said = Vec::new();
    for outcome in join_all(each).await {
        said.extend(outcome?);
    }
    Ok(said)
}

/// Climbs until the object is gone.
async fn one(
    client: &Client,
    ours: Ours<'_>,
    placed: &Placed,
    consent: Consent,
    within: Duration,
) -> Result<Gone, TargetError> {
    let api = ask::api(client, placed);
    let mut pulse = pulse();
    let start = pulse.tick().await;
    let mut way = Way::new(start, consent);
    let (mut absent, mut now) = (false, start);
    loop {
        let object = match ask::look(&api, placed, ask::left(within, now - start)).await {
            Ok(object) => object,
            // Where the kind itself is gone, so is everything of it.
            Err(Asked { why: Why::Gone, .. }) => None,
            Err(asked) => return Err(asked.said),
        };
        let Some(object) = object else {
            // A request to make it may still be on its way when its sender is stopped.
            if way.gone.was_there || absent {
                return Ok(way.gone);
            }
            absent = true;
            now = pulse.tick().await;
            continue;
        };
        is_ours(&object, ours, placed)?;
        now = pulse.tick().await;
        let standing = way.standing(&object, placed, now);
        let held = Held { client, api: &api, placed, object: &object };
        match next(&standing) {
            Next::Wait if now - start < within => {}
            Next::Wait | Next::Stuck => {
                return Err(TargetError(stuck(placed, &standing, &way)));
            }
            Next::Climb(rung) => {
                let outcome = climb(&held, rung).await;
                way.climbed(rung, outcome, now)?;
            }
        }
    }
}

fn is_ours(object: &Value, ours: Ours<'_>, placed: &Placed) -> Result<(), TargetError> {
    let labels = &object["metadata"]["labels"];
    let right = match ours {
        Ours::Child => true,
        Ours::Run(run) => {
            labels[name::RUN] == run && labels[name::MANAGED_BY.0] == name::MANAGED_BY.1
        }
    };
    match right {
        true => Ok(()),
        false => Err(TargetError(format!(
            "{} does not carry the labels of this run, and is left alone; delete it by hand if it is yours",
            placed.called()
        ))),
    }
}

/// The way of one object up the ladder.
struct Way {
    gone: Gone,
    climbed: Vec<Rung>,
    /// When the last rung was climbed, or something moved last.
    since: Instant,
    progress: Vec<String>,
    /// Why annotations cannot be written.
    mute: Option<String>,
    /// Why another rung came to nothing.
    hindered: Option<String>,
    earlier: bool,
    consent: Consent,
}

impl Way {
    fn new(start: Instant, consent: Consent) -> Self {
        let (gone, climbed, progress) = (Gone::default(), Vec::new(), Vec::new());
        Self {
            gone,
            climbed,
            since: start,
            progress,
            mute: None,
            hindered: None,
            earlier: false,
            consent,
        }
    }

    fn standing(&mut self, object: &Value, placed: &Placed, now: Instant) -> Standing {
        if !self.gone.was_there {
            self.earlier = is_paused(object) || is_deleting(object);
            self.gone.was_there = true;
        }
        let moved = progress(object);
        if moved != self.progress {
            self.progress = moved;
            self.since = now;
        }
        let since = Span::from(now - self.since);
        let experiment = KINDS.iter().any(|kind| kind.name == placed.kind && kind.is_experiment());
        let verdict = experiment.then(|| verdict(object, &[], since));
        self.gone.recovered |= verdict == Some(Verdict::Recovered);
        Standing {
            verdict,
            one_shot: placed.one_shot,
            deleting: is_deleting(object),
            earlier: self.earlier,
            mute: self.mute.is_some(),
            children: children(&placed.kind).is_some(),
            climbed: self.climbed.clone(),
            since,
            consent: self.consent,
        }
    }

    fn climbed(
        &mut self,
        rung: Rung,
        outcome: Result<Vec<String>, Asked>,
        now: Instant,
    ) -> Result<(), TargetError> {
        match outcome {
            Ok(replaced) => self.gone.replaced.extend(replaced),
            // Gone meanwhile, or changed meanwhile: it is looked at again.
            Err(Asked { why: Why::Gone, .. }) => return Ok(()),
            Err(Asked { why: Why::Conflict, .. }) if rung != Rung::Unlist => return Ok(()),
            // Annotations need the webhooks of Chaos Mesh, and a right of their own; deleting does not.
            Err(asked) if matches!(rung, Rung::Pause | Rung::Kick | Rung::Force) => {
                self.mute = Some(asked.said.0);
                return Ok(());
            }
            Err(asked) if matches!(rung, Rung::ReplacePods | Rung::Unlist) => {
                // Annotations may be written all the same: Chaos Mesh is asked to give it up before its finalizer is taken.
                self.hindered.get_or_insert(asked.said.0);
            }
            Err(asked) if rung == Rung::Strip && asked.why == Why::Mute => {
                return Err(TargetError(format!(
                    "{}; Chaos Mesh does not run, and its webhooks stand in the way: bring it back, or remove chaos-mesh-mutation, \
                     chaos-mesh-validation and chaos-mesh-validation-auth, then ask again",
                    asked.said
                )));
            }
            Err(asked) => return Err(asked.said),
        }
        self.gone.forced |= rung == Rung::Strip;
        self.climbed.push(rung);
        self.since = now;
        Ok(())
    }
}

/// Why it is not gone, and what would take it away.
fn stuck(placed: &Placed, standing: &Standing, way: &Way) -> String {
    let what = placed.called();
    let mut text = match &standing.verdict {
        Some(Verdict::RecoverStuck(why)) => {
            format!("{what} does not recover; Chaos Mesh says: {why}")
        }
        Some(Verdict::Recovered) | None => format!("{what} is not deleted yet"),
        Some(_) => format!("{what} is still being recovered"),
    };
    for why in way.mute.iter().chain(&way.hindered) {
        text.push_str(&format!("; {why}"));
    }
    if !way.gone.replaced.is_empty() {
        text.push_str(&format!("; pods were replaced: {}", pod::list(&way.gone.replaced)));
    }
    if standing.climbed.contains(&Rung::ReplacePods) && standing.consent == Consent::No {
        text.push_str(
            "; look at chaos-controller-manager and at chaos-daemon on the nodes of its pods. If nothing helps, \
             gameday halt --force-finalizers takes its finalizer away, and looks what it left",
        );
    }
    text
}

fn told(placed: &Placed, gone: &Gone) -> Said {
    let what = placed.called();
    let mut said = match gone {
        Gone { was_there: false, .. } => said!("chaos-none", "{what}: there is none", what = what),
        Gone { forced: true, .. } => {
            said!("chaos-forced", "{what}: its finalizer was taken away by consent", what = what)
        }
        Gone { recovered: true, .. } => {
            said!("chaos-recovered", "{what}: recovered by its records, and deleted", what = what)
        }
        _ => said!("chaos-deleted", "{what}: deleted", what = what),
    };
    if !gone.replaced.is_empty() {
        let pods = pod::list(&gone.replaced);
        let replaced = said!("chaos-replaced", "pods were replaced: {pods}", pods = pods);
        said = Said::all([said, replaced], Between::Comma);
    }
    said
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn a_pod_that_may_not_be_replaced_is_no_reason_to_skip_the_softer_rung() {
        let now = pulse().tick().await;
        let mut way = Way::new(now, Consent::ForceFinalizers);
        for rung in [Rung::Pause, Rung::Kick, Rung::Delete, Rung::Unlist] {
            way.climbed(rung, Ok(Vec::new()), now).unwrap();
        }
        let refused =
            Asked { said: TargetError("may not delete pods".into()), why: Why::Forbidden };
        way.climbed(Rung::ReplacePods, Err(refused), now).unwrap();
        let placed = Placed { kind: "NetworkChaos".into(), ..Placed::default() };
        let object = json!({"metadata": {"deletionTimestamp": "2026-01-01T00:00:00Z"}});
        let standing = way.standing(&object, &placed, now + Duration::from_secs(30));
        assert_eq!(
            next(&Standing { since: Span::from_secs(30), ..standing }),
            Next::Climb(Rung::Force)
        );
        // Where annotations cannot be written there is no softer one.
        let mute = Asked { said: TargetError("no webhook".into()), why: Why::Mute };
        way.climbed(Rung::Force, Err(mute), now).unwrap();
        let standing = way.standing(&object, &placed, now);
        assert_eq!(
            next(&Standing { since: Span::from_secs(30), ..standing }),
            Next::Climb(Rung::Strip)
        );
    }
}
