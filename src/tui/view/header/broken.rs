//! The line that names what is broken now, or says that nothing is. Not what to do about it.

use ratatui::text::Line;

use crate::exercise::asked;
use crate::exercise::service::Urgency;
use crate::exercise::state::{InjectionRun, InjectionStatus, Stage};
use crate::exercise::target::PodHealth;
use crate::gameday::metric::Metric;
use crate::gameday::plan::PlannedInjection;
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::view::watch::budgets;
use crate::tui::view::{suggested, wrong};
use crate::tui::{text, words};

/// One thing that is broken, or not known.
struct Broken {
    role: Role,
    long: String,
    short: String,
}

impl Broken {
    fn new(role: Role, says: String) -> Self {
        Self { role, short: says.clone(), long: says }
    }
}

/// The line, in at most `room` cells if it can be said in so many.
pub(super) fn line<'a>(scene: &Scene<'a>, room: usize) -> Line<'a> {
    let all: Vec<Broken> = suggested(scene)
        .chain(guardrails(scene))
        .chain(promises(scene))
        .chain(unheard(scene))
        .chain(watched(scene))
        .chain(faults(scene))
        .chain(pods(scene))
        .chain(breakers(scene))
        .chain(incidents(scene))
        .collect();
    if all.is_empty() {
        return Line::from(fine(scene));
    }
    let bad = all.iter().any(|one| one.role == Role::Bad || one.role == Role::Incident);
    let mut pieces = Vec::with_capacity(all.len() * 2 + 1);
    if bad {
        pieces.push(scene.piece(Role::Bad, format!("{} ", scene.say("broken"))));
    }
    let used: usize = pieces.iter().map(|piece| text::width(&piece.content)).sum();
    let gaps = all.len() - 1;
    let mut wide = used + gaps + all.iter().map(|one| text::width(&one.short)).sum::<usize>();
    let gap = if wide + gaps * 2 <= room { " · " } else { " " };
    wide += gaps * (gap.chars().count() - 1);
    for (index, one) in all.into_iter().enumerate() {
        if index > 0 {
            pieces.push(scene.piece(Role::Dim, gap));
        }
        // In more words as long as there is room for everything else in few.
        let more = text::width(&one.long).saturating_sub(text::width(&one.short));
        let long = wide + more <= room;
        wide += if long { more } else { 0 };
        pieces.push(scene.piece(one.role, if long { one.long } else { one.short }));
    }
    if let Some(kept) = kept(scene).filter(|kept| wide + 3 + text::width(kept) <= room) {
        pieces.push(scene.piece(Role::Dim, " · "));
        pieces.push(scene.piece(Role::Good, kept));
    }
    Line::from(pieces)
}

/// That the SLOs hold in spite of it; `None`: not all of them do, or nobody measured them.
fn kept(scene: &Scene<'_>) -> Option<String> {
    let mut both = scene.state.plan().slos.iter().zip(&scene.state.slos);
    let all = both.all(|(slo, run)| {
        !slo.limit.is_bound() || (run.value.is_some() && !wrong::outside(slo, run))
    });
    let promised = scene.state.plan().slos.iter().filter(|slo| slo.limit.is_bound()).count();
    let args = [("count", promised.into())];
    (all && promised > 0).then(|| format!("✓ {}", scene.tell("slos-kept", &args)))
}

/// Nothing is broken: what that rests on.
fn fine<'a>(scene: &Scene<'a>) -> ratatui::text::Span<'a> {
    let state = scene.state;
    if state.is_watch() {
        let slos = state.plan().slos.iter().zip(&state.slos);
        let kept = slos.filter(|(slo, run)| slo.limit.is_bound() && run.value.is_some()).count();
        let alerts = match &state.watching.alerts.now {
            Some(_) => scene.say("watch-no-alert"),
            None => scene.say("watch-alerts-unknown"),
        };
        let args = [("slos", kept.into()), ("alerts", (&*alerts).into())];
        let says = scene.tell("watch-nothing", &args);
        return scene.piece(Role::Good, format!("✓ {says}"));
    }
    let pods = state.topology.pods.len();
    if pods == 0 || state.stage == Stage::Preparing {
        return scene.piece(Role::Dim, scene.say("broken-unknown"));
    }
    // What nobody measured is not kept.
    let kept = state.slos.iter().filter(|run| run.value.is_some()).count();
    let says = scene.tell("broken-nothing", &[("slos", kept.into()), ("pods", pods.into())]);
    scene.piece(Role::Good, format!("✓ {says}"))
}

/// What asks for an incident comes first: it asks for a key.
fn suggested(scene: &Scene<'_>) -> impl Iterator<Item = Broken> {
    let says = suggested::says(scene).into_iter();
    says.map(|(long, short)| Broken { role: Role::Warn, long, short })
}

fn guardrails(scene: &Scene<'_>) -> impl Iterator<Item = Broken> {
    let rules = scene.state.guardrails.iter().zip(&scene.state.plan().guardrails);
    rules.filter(|(run, _)| run.firing).map(|(_, rule)| {
        let source = text::clean(&rule.when.source);
        let says = scene.tell("broken-guardrail", &[("rule", (&*source).into())]);
        let short = scene.say("broken-guardrail-short");
        Broken { role: Role::Bad, long: format!("▲ {says}"), short: format!("▲ {short}") }
    })
}

/// SLOs that are outside, and those of which nothing is known although customers are there.
fn promises(scene: &Scene<'_>) -> impl Iterator<Item = Broken> {
    let measuring = scene.state.stage != Stage::Preparing;
    let all = scene.state.plan().slos.iter().zip(&scene.state.slos);
    all.filter_map(move |(slo, run)| {
        let unit = slo.limit.metric.unit();
        let name = text::clean(&slo.name);
        match (wrong::outside(slo, run), run.value) {
            (true, value) => {
                let value = value.map_or_else(
                    || scene.say("no-data").into_owned(),
                    |value| words::short(unit, rounded(value)),
                );
                let short = format!("✗ {name} {value}");
                let long = format!("{short} ({})", words::limit(&slo.limit));
                Some(Broken { role: Role::Bad, long, short })
            }
            (false, None) if measuring && slo.limit.is_bound() => {
                Some(Broken::new(Role::Warn, format!("– {name} {}", scene.say("no-data"))))
            }
            _ => None,
        }
    })
}

/// Queries of the game day without current data, where no promise says so already: a guardrail or an objective may wait for
/// them.
fn unheard(scene: &Scene<'_>) -> impl Iterator<Item = Broken> {
    let state = scene.state;
    let told = |metric: Metric| {
        let both = state.plan().slos.iter().zip(&state.slos);
        let mut both = both.filter(move |(slo, _)| slo.limit.metric == metric);
        both.any(|(slo, run)| {
            slo.limit.is_bound() && (run.value.is_none() || wrong::outside(slo, run))
        })
    };
    let silent = asked::all(state).filter(|(_, asking)| asking.silent.is_some());
    silent.filter(move |(query, _)| !state.is_watch() && !told(Metric::Asked(*query))).map(
        move |(query, _)| {
            Broken::new(Role::Warn, format!("– {} {}", query.name(), scene.say("no-data")))
        },
    )
}

/// Four digits are enough to see by.
fn rounded(value: f64) -> f64 {
    if value.abs() >= 100.0 { value.round() } else { (value * 1e4).round() / 1e4 }
}

/// Alerts that fire and budgets that burn; panels without a promise that have no data are named beside their values.
fn watched(scene: &Scene<'_>) -> impl Iterator<Item = Broken> {
    let firing = scene.state.watching.alerts.fired.iter().filter(|one| one.to.is_none());
    let names: Vec<&str> = firing.map(|one| one.alert.name.as_str()).collect();
    let alerts = (!names.is_empty()).then(|| {
        let listed = text::fit(&text::clean(&names.join(", ")), 48);
        let long = scene.tell("watch-firing", &[("alerts", (&*listed).into())]);
        let short = scene.tell("watch-firing-count", &[("count", names.len().into())]);
        Broken { role: Role::Bad, long: format!("▲ {long}"), short: format!("▲ {short}") }
    });
    let unknown = scene
        .state
        .watching
        .alerts
        .unknown
        .is_some()
        .then(|| Broken::new(Role::Warn, format!("– {}", scene.say("watch-alerts-unknown"))));
    let burning = budgets::all(scene).into_iter().filter_map(|(service, account)| {
        let pair = account.burning()?;
        let role = if pair.urgency == Urgency::Page { Role::Bad } else { Role::Warn };
        let name = text::clean(&service.name);
        let says = scene.tell("watch-burning", &[("service", (&*name).into())]);
        Some(Broken::new(role, format!("▲ {says}")))
    });
    let burning: Vec<Broken> = burning.collect();
    alerts.into_iter().chain(unknown).chain(burning)
}

fn faults(scene: &Scene<'_>) -> impl Iterator<Item = Broken> {
    wrong::faults(scene).into_iter().filter_map(|run| {
        let planned = scene.state.planned(run.id)?;
        Some(fault(scene, run, planned))
    })
}

fn fault(scene: &Scene<'_>, run: &InjectionRun, planned: &PlannedInjection) -> Broken {
    let name = text::clean(&planned.name);
    let (role, key) = match run.status {
        InjectionStatus::NotReverted => (Role::Bad, "broken-not-reverted"),
        InjectionStatus::Reverting => (Role::Warn, "broken-reverting"),
        InjectionStatus::Active => {
            let left = run
                .t0
                .zip(planned.experiment.duration)
                .map(|(t0, length)| words::remaining(length - scene.now.since(t0)));
            let Some(left) = left else { return Broken::new(Role::Bad, format!("● {name}")) };
            let args = [("fault", (&*name).into()), ("left", (&*left).into())];
            let long = format!("● {}", scene.tell("broken-fault-left", &args));
            return Broken { role: Role::Bad, long, short: format!("● {name} {left}") };
        }
        _ => (Role::Warn, "broken-injecting"),
    };
    let says = scene.tell(key, &[("fault", (&*name).into())]);
    Broken::new(role, format!("{} {says}", words::sign(run.status)))
}

/// Pods by how they are: by name where there is room, else how many.
fn pods(scene: &Scene<'_>) -> impl Iterator<Item = Broken> {
    let wrong = wrong::pods(scene);
    let kinds = [
        (PodHealth::Dead, "✗", Role::Bad, "pods-dead", "pods-dead-count"),
        (PodHealth::NotReady, "○", Role::Warn, "pods-not-ready", "pods-not-ready-count"),
        (PodHealth::Starting, "◐", Role::Warn, "pods-starting", "pods-starting-count"),
    ];
    kinds.into_iter().filter_map(move |(health, sign, role, named, counted)| {
        let names: Vec<&str> =
            wrong.iter().filter(|pod| pod.health == health).map(|pod| pod.name.as_str()).collect();
        if names.is_empty() {
            return None;
        }
        let listed = text::fit(&names.join(", "), 48);
        let long = scene.tell(named, &[("pods", (&*listed).into())]);
        let short = scene.tell(counted, &[("count", names.len().into())]);
        Some(Broken { role, long: format!("{sign} {long}"), short: format!("{sign} {short}") })
    })
}

fn breakers(scene: &Scene<'_>) -> impl Iterator<Item = Broken> {
    let last = scene.state.readings.last().into_iter().flat_map(|reading| &reading.breakers);
    let open: Vec<_> = last.filter(|breaker| breaker.open > 0).collect();
    open.first()
        .copied()
        .into_iter()
        .map(move |first| {
            let which = format!("{} → {}", text::clean(&first.owner), text::clean(&first.guards));
            let long = scene.tell("breaker-open", &[("breaker", (&*which).into())]);
            let more = if open.len() > 1 { format!(" +{}", open.len() - 1) } else { String::new() };
            let short = scene.tell("breakers-open", &[("count", open.len().into())]);
            Broken {
                role: Role::Warn,
                long: format!("○ {long}{more}"),
                short: format!("○ {short}"),
            }
        })
        .collect::<Vec<_>>()
        .into_iter()
}

fn incidents(scene: &Scene<'_>) -> impl Iterator<Item = Broken> {
    let open = scene.state.incidents.iter().filter(|incident| !incident.status.is_closed());
    open.map(|incident| {
        let short = format!("▲ {} {}", incident.id, incident.severity);
        let status = scene.lang.say(words::incident(incident.status));
        Broken { role: Role::Incident, long: format!("{short} {status}"), short }
    })
}
