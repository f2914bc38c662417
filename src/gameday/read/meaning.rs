//! What each part of a file may be only in view of the others: times that fit, names that exist, promises that can be kept.

use super::findings::Findings;
use super::objectives::Named;
use super::timeline::Laid;
use super::{expect, limits, people};
use crate::gameday::catalog::{LAB_APPS, LAB_NODES, LAB_ZONES, lab_lacks, lingers};
use crate::gameday::fault::{Experiment, Fault};
use crate::gameday::measure::InjectionFact;
use crate::gameday::measure::parse::NameKind;
use crate::gameday::metric::{Metric, Unit};
use crate::gameday::plan::{GameDay, LONGEST, Limit, PlannedInjection, SHORTEST_PHASE, Target};
use crate::gameday::problem::{Place, suggestion};
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// Two faults that begin closer together cannot be told apart in the figures: there is no time to recover between them.
const APART: Span = Span::from_secs(30);

/// Where things stand that are checked here.
#[derive(Default)]
pub(super) struct Places {
    pub(super) root: Place,
    pub(super) slos: Vec<Place>,
    pub(super) steady: Vec<Place>,
    pub(super) names: Vec<Named>,
    /// The time that the file sets aside for the exercise.
    pub(super) set_aside: Option<(Span, Place)>,
}

/// Adds everything that does not fit together.
pub(super) fn check(plan: &GameDay, laid: &[Laid], places: &Places, findings: &mut Findings) {
    times(plan, laid, places, findings);
    faults(plan, laid, findings);
    cards(plan, laid, findings);
    names(plan, &places.names, findings);
    expectations(plan, laid, findings);
    if let Target::Kubernetes(cluster) = &plan.target
        && plan.traffic.tls
        && cluster.url.as_ref().is_some_and(|url| url.starts_with("http://"))
    {
        let what =
            "customers are to come over HTTPS, and the url of the target begins with http://";
        findings.warning(places.root, what, "nobody speaks TLS", "name the https:// address");
    }
    for (slo, place) in plan.slos.iter().zip(&places.slos) {
        promise(plan, &slo.limit, *place, findings);
    }
    for (limit, place) in plan.steady_state.iter().zip(&places.steady) {
        promise(plan, limit, *place, findings);
    }
}

fn times(plan: &GameDay, laid: &[Laid], places: &Places, findings: &mut Findings) {
    for (index, each) in laid.iter().enumerate() {
        let same = |other: &&Laid| other.phase.name == each.phase.name;
        if let Some(first) = laid.iter().take(index).find(same) {
            let what = format!("a second phase is named \"{}\"", printable(&each.phase.name, 60));
            let why = format!(
                "the first stands in line {}; measures could not tell them apart",
                first.place.line
            );
            findings.error(each.place, what, why, "give it another name");
        }
        if each.phase.duration < SHORTEST_PHASE {
            let what = format!("a phase of {} is too short", each.phase.duration);
            findings.error(each.place, what, "samples come once a second", "write at least 1s");
        }
    }
    let whole = plan.duration();
    if whole > LONGEST {
        let what = format!("the exercise lasts {whole}, longer than {LONGEST}");
        findings.error(places.root, what, "", "make the phases shorter");
    }
    if let Some((aside, place)) = places.set_aside
        && whole > aside
    {
        let what = format!("{aside} are set aside, but the exercise lasts {whole}");
        findings.error(
            place,
            what,
            "",
            format!("write {whole} or more, or make the phases shorter"),
        );
    }
}

/// An injection with its time from the start of the exercise.
struct Timed<'a> {
    at: Span,
    end: Span,
    injection: &'a PlannedInjection,
}

fn faults(plan: &GameDay, laid: &[Laid], findings: &mut Findings) {
    let whole = plan.duration();
    let mut begin = Span::ZERO;
    let mut earlier: Vec<Timed<'_>> = Vec::new();
    for each in laid {
        let end = begin + each.phase.duration;
        for (injection, places) in each.phase.injections.iter().zip(&each.injections) {
            let name = printable(&injection.name, 60);
            if matches!(plan.target, Target::Url { .. }) {
                let what = format!("{name} cannot be injected into a URL");
                let why = "behind an address there are no pods that this program could reach";
                findings.error(places.kind, what, why, "use target: lab, or remove the fault");
            }
            if plan.target == Target::Lab {
                in_the_lab(&injection.experiment, &name, places.kind, findings);
            }
            if injection.offset >= each.phase.duration {
                let what = format!(
                    "{name} begins at +{}, but its phase lasts {}",
                    injection.offset, each.phase.duration
                );
                findings.error(
                    places.time,
                    what,
                    "it would never start",
                    "begin earlier, or make the phase longer",
                );
                continue;
            }
            let at = begin + injection.offset;
            let lasts = injection.experiment.duration.map_or(end, |duration| at + duration);
            if lasts > whole {
                let what = format!("{name} ends at {lasts}, after the exercise ({whole})");
                findings.error(
                    places.lasting,
                    what,
                    "its end would not be seen",
                    "make it shorter, or begin earlier",
                );
            }
            let now = Timed { at, end: lasts, injection };
            closeness(&now, &earlier, &name, places.time, places.kind, findings);
            earlier.push(now);
        }
        begin = end;
    }
}

/// What the lab cannot have is known before it starts.
fn in_the_lab(experiment: &Experiment, name: &str, place: Place, findings: &mut Findings) {
    if let Some(why) = lab_lacks(experiment.fault.kind()) {
        let what = format!("{name} cannot be placed in the lab");
        findings.error(place, what, why, "write target: kubernetes");
        return;
    }
    if let Fault::Scale { replicas } = experiment.fault
        && replicas.only_grows()
    {
        let what = format!("{name} would take no pod away");
        let why = "the lab has no more pods for a fault; people scale it up with the lever scale";
        findings.error(place, what, why, "write fewer, such as -50%, or target: kubernetes");
        return;
    }
    known_places(experiment, place, findings);
}

/// The lab's zones and nodes are known; elsewhere nobody can tell before the target is looked at.
fn known_places(experiment: &Experiment, place: Place, findings: &mut Findings) {
    let sides = [Some(&experiment.selector), experiment.destination.as_ref()];
    for selector in sides.into_iter().flatten() {
        for (label, known) in [("zone", &LAB_ZONES), ("node", &LAB_NODES)] {
            let Some(value) = selector.get(label).filter(|value| !known.contains(&value.as_str()))
            else {
                continue;
            };
            let what = format!("the lab has no {label} \"{}\"", printable(value, 60));
            findings.error(place, what, "", suggestion(value, known));
        }
    }
}

fn closeness(
    now: &Timed<'_>,
    earlier: &[Timed<'_>],
    name: &str,
    time: Place,
    kind: Place,
    findings: &mut Findings,
) {
    let twin = earlier.iter().find(|other| {
        other.end > now.at && same_fault(&other.injection.experiment, &now.injection.experiment)
    });
    if let Some(twin) = twin
        && (lingers(&twin.injection.experiment) || twin.at == now.at)
    {
        let what = format!(
            "{name} begins while {}, the same fault on the same pods, is still active",
            printable(&twin.injection.name, 60)
        );
        let why = "undoing one would undo both";
        findings.error(kind, what, why, "begin it later, or give the first a shorter duration");
        return;
    }
    let near = earlier.iter().rev().find(|other| now.at - other.at < APART && now.at >= other.at);
    if let Some(near) = near {
        let what = format!(
            "{name} begins {} after {}",
            now.at - near.at,
            printable(&near.injection.name, 60)
        );
        let why = format!("closer than {APART}: what each of them did cannot be told apart");
        findings.warning(time, what, why, "leave time to recover between them");
    }
}

fn same_fault(one: &Experiment, other: &Experiment) -> bool {
    let alike = match (&one.fault, &other.fault) {
        // Each has objects of its own.
        (Fault::Manifest { .. }, Fault::Manifest { .. }) => one.fault == other.fault,
        (one, other) => one.kind() == other.kind(),
    };
    alike && one.selector == other.selector && one.destination == other.destination
}

fn cards(plan: &GameDay, laid: &[Laid], findings: &mut Findings) {
    for each in laid {
        for (card, places) in each.phase.cards.iter().zip(&each.cards) {
            if card.offset >= each.phase.duration {
                let what = format!(
                    "the card comes at +{}, but its phase lasts {}",
                    card.offset, each.phase.duration
                );
                findings.error(places.time, what, "nobody would get it", "deal it earlier");
            }
            if let Some(team) = &card.to {
                people::known_team(team, places.to, &plan.teams, findings);
            }
            if let Some(name) = &card.away {
                people::known_person(name, places.away, &plan.people.persons, findings);
            }
        }
    }
}

fn expectations(plan: &GameDay, laid: &[Laid], findings: &mut Findings) {
    for each in laid {
        for (injection, places) in each.phase.injections.iter().zip(&each.injections) {
            expect::check(plan, &injection.expected, &places.expect, findings);
            names(plan, &places.expect.names, findings);
        }
    }
}

fn names(plan: &GameDay, used: &[Named], findings: &mut Findings) {
    let phases: Vec<&str> = plan.phases.iter().map(|phase| phase.name.as_str()).collect();
    let injections: Vec<&str> = plan.injections().map(|(_, one)| one.name.as_str()).collect();
    let teams: Vec<&str> = plan.teams.iter().map(String::as_str).collect();
    let apps = LAB_APPS.to_vec();
    for Named { used, place } in used {
        let (known, noun) = match used.kind {
            NameKind::Phase => (&phases, "phase"),
            NameKind::Injection => (&injections, "injection"),
            NameKind::Team => (&teams, "team"),
            NameKind::App if plan.target == Target::Lab => (&apps, "app"),
            // Which apps another target has, nobody knows before it is looked at.
            NameKind::App => continue,
        };
        if known.contains(&used.name.as_str()) {
            let recovery = used.fact == Some(InjectionFact::RecoveryTime);
            if recovery {
                limits::recoverable(plan, *place, findings);
            }
            continue;
        }
        let what = format!("there is no {noun} \"{}\"", printable(&used.name, 60));
        let mend = if known.is_empty() {
            format!("the game day has no {noun}")
        } else {
            suggestion(&used.name, known)
        };
        findings.error(*place, what, "", mend);
    }
}

/// Whether a limit can be kept at all, and whether it can be missed at all.
fn promise(plan: &GameDay, limit: &Limit, place: Place, findings: &mut Findings) {
    let name = limit.metric;
    if limit.metric.unit() == Unit::Millis && !limit.metric.is_inside() {
        let timeout = plan.traffic.timeout.as_millis() as f64;
        if limit.max == Some(0.0) {
            findings.error(
                place,
                format!("{name} cannot be 0ms"),
                "nothing is that fast",
                "write 200ms",
            );
        } else if limit.max.is_some_and(|max| max > timeout) {
            let what = format!("{name} can never go beyond this limit");
            let why = format!("requests time out after {}", plan.traffic.timeout);
            findings.warning(place, what, why, "lower the limit, or raise traffic.timeout");
        }
    }
    if limit.metric == Metric::Throughput
        && let Some(min) = limit.min
    {
        let loads = plan.phases.iter().filter_map(|phase| phase.load);
        let peak = loads.map(|load| load.peak()).fold(0.0, f64::max);
        if min > peak {
            let what = format!("throughput can never reach {min}");
            let why = format!("the load peaks at {peak} requests per second");
            findings.error(place, what, why, "lower the limit, or raise the load");
        }
    }
    let whole = (limit.metric == Metric::Availability && limit.min == Some(1.0))
        || (limit.metric == Metric::ErrorRate && limit.max == Some(0.0));
    if whole {
        let what = format!("{name} leaves no room for a single failure");
        let why = "with a fault in the plan, 100% cannot be reached";
        if plan.injections().next().is_some() {
            findings.warning(place, what, why, "write what customers really need, such as 99.9%");
        }
    }
}
