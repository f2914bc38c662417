//! The fold's part for what is measured: load, samples, SLOs, guardrails, the target's looks.

use super::say::{rate, say};
use super::watch::outside_since;
use crate::exercise::event::{Envelope, Event};
use crate::exercise::figure::Figures;
use crate::exercise::go;
use crate::exercise::log::Audience;
use crate::exercise::said::said;
use crate::exercise::sample::Sample;
use crate::exercise::signal::Outage;
use crate::exercise::slo;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::{State, Violation};
use crate::exercise::target::{Pod, PodHealth, Topology};
use crate::exercise::who::who;
use crate::gameday::metric::Metric;

/// Takes one event about load or measurements in.
pub(super) fn apply(state: &mut State, envelope: &Envelope) {
    let now = envelope.stamp;
    match &envelope.event {
        Event::LoadFollowed { curve } => {
            state.load.curve = Some((*curve, now));
            state.load.curve_seq = envelope.seq;
            state.load.problem = None;
        }
        Event::LoadOverridden { rps, by } => {
            state.load.by_hand = *rps;
            let text = match rps {
                None => said!("log-load-back", "{by} gave the load back to the plan", by = who(by)),
                Some(rps) => {
                    said!(
                        "log-load-set",
                        "{by} set the load to {rate}",
                        by = who(by),
                        rate = rate(*rps)
                    )
                }
            };
            say(state, envelope, text, Audience::Facilitator);
        }
        Event::LoadStopped => {
            state.load.curve = None;
            state.load.stopped = Some(now);
        }
        Event::LoadFailed { error } => {
            state.load.curve = None;
            state.load.problem = Some(error.clone());
            say(
                state,
                envelope,
                said!("log-no-load", "No load: {why}", why = error),
                Audience::All,
            );
        }
        Event::Sampled(sample) => sampled(state, sample, now),
        Event::TargetSeen(topology) => {
            outages(state, topology, now);
            state.topology = topology.clone();
        }
        Event::SloBreached { slo, value } => breached(state, envelope, *slo, *value),
        Event::SloRecovered { slo, value } => recovered(state, envelope, *slo, *value),
        Event::GuardrailFired { rule, value } => {
            if let Some(run) = state.guardrails.get_mut(*rule) {
                run.firing = true;
                run.fired.push((now, *value));
            }
            if let Some(rule) = state.plan().guardrails.get(*rule) {
                let text = said!(
                    "log-guardrail",
                    "Guardrail: {rule} (now {value})",
                    rule = &rule.when.source,
                    value = rule.when.metric.unit().show(*value)
                );
                say(state, envelope, text, Audience::All);
            }
        }
        Event::GuardrailCleared { rule } => {
            if let Some(run) = state.guardrails.get_mut(*rule) {
                run.firing = false;
            }
        }
        _ => {}
    }
}

/// Begins, goes on with and ends the times when pods of an app are dead.
fn outages(state: &mut State, topology: &Topology, now: Stamp) {
    let dead = |pod: &&Pod| pod.health == PodHealth::Dead;
    for outage in state.outages.iter_mut().filter(|one| one.to.is_none()) {
        let still = topology.pods.iter().filter(dead).any(|pod| pod.app() == outage.app);
        outage.to = (!still).then_some(now);
    }
    for pod in topology.pods.iter().filter(dead) {
        let open = state.outages.iter_mut().rfind(|one| one.to.is_none() && one.app == pod.app());
        match open {
            Some(open) if open.pods.contains(&pod.name) => {}
            Some(open) => open.pods.push(pod.name.clone()),
            None => state.outages.push(Outage {
                app: pod.app().to_owned(),
                pods: vec![pod.name.clone()],
                from: now,
                to: None,
            }),
        }
    }
}

fn sampled(state: &mut State, sample: &Sample, now: Stamp) {
    state.series.take(sample);
    if go::is_open(state) {
        let holds = go::findings(state, now).is_some_and(|findings| go::hold(&findings));
        state.briefing.holding = holds.then(|| state.briefing.holding.unwrap_or(now));
    }
    watched(state, now, |metric| !metric.is_inside());
}

/// Compares what was measured last with SLOs and guardrails over the metrics that `which` chooses.
pub(super) fn watched(state: &mut State, now: Stamp, which: fn(Metric) -> bool) {
    let header = state.header.clone();
    for (run, slo) in state.slos.iter_mut().zip(&header.plan.slos) {
        if !which(slo.limit.metric) {
            continue;
        }
        run.value = slo::value(slo, &state.series, &state.readings);
        let (Some(value), Some(open)) = (run.value, run.violations.last_mut()) else { continue };
        let worse = slo.limit.max.map_or(value < open.worst, |_| value > open.worst);
        if open.to.is_none() && worse && !slo.limit.holds(value) {
            open.worst = value;
        }
    }
    for (run, rule) in state.guardrails.iter_mut().zip(&header.plan.guardrails) {
        let metric = rule.when.metric;
        if !which(metric) {
            continue;
        }
        let Some((start, _, value)) =
            Figures::all(&state.series, &state.readings).last_second(metric)
        else {
            continue;
        };
        if value.is_some_and(|value| rule.when.op.holds(value, rule.when.bound)) {
            run.since.get_or_insert_with(|| Stamp {
                elapsed: start,
                wall: now.wall - millis(now, start),
            });
        } else {
            run.since = None;
        }
    }
}

fn millis(now: Stamp, start: crate::gameday::span::Span) -> i64 {
    i64::try_from((now.elapsed - start).as_millis()).unwrap_or(i64::MAX)
}

fn breached(state: &mut State, envelope: &Envelope, slo: usize, value: f64) {
    let from = began(state, slo, envelope.stamp);
    if let Some(run) = state.slos.get_mut(slo) {
        run.violations.push(Violation { from, to: None, worst: value });
    }
    if let Some((name, limit, value)) = slo_words(state, slo, value) {
        let text = said!(
            "log-breached",
            "SLO {name} outside {limit}: {value}",
            name = name,
            limit = limit,
            value = value
        );
        say(state, envelope, text, Audience::All);
    }
}

/// Since when an SLO that is seen outside its limit has been so: now, or earlier where somebody came to look only now.
fn began(state: &State, slo: usize, now: Stamp) -> Stamp {
    let since = state.plan().slos.get(slo).and_then(|slo| outside_since(state, slo));
    since.map_or(now, |start| Stamp { elapsed: start, wall: now.wall - millis(now, start) })
}

fn recovered(state: &mut State, envelope: &Envelope, slo: usize, value: f64) {
    let open = state.slos.get_mut(slo).and_then(|run| run.violations.last_mut());
    if let Some(open) = open {
        open.to.get_or_insert(envelope.stamp);
    }
    if let Some((name, limit, value)) = slo_words(state, slo, value) {
        let text = said!(
            "log-recovered",
            "SLO {name} back inside {limit}: {value}",
            name = name,
            limit = limit,
            value = value
        );
        say(state, envelope, text, Audience::All);
    }
}

/// An SLO's name, its limit, and a value of it.
fn slo_words(state: &State, slo: usize, value: f64) -> Option<(String, String, String)> {
    let slo = state.plan().slos.get(slo)?;
    let shown = slo.limit.metric.unit().show(value);
    Some((slo.name.clone(), slo.limit.to_string(), shown))
}
