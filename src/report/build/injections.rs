//! What the report says of each injection. Not of what customers felt.

use super::crew::expectation;
use crate::exercise::reach;
use crate::exercise::said::{Said, said};
use crate::exercise::sign::{Shown, first_sign};
use crate::exercise::state::{InjectionRun, State};
use crate::exercise::times::{
    Detection, Mitigation, Recovery, cause, detection, mitigation, recovery,
};
use crate::gameday::catalog::how;
use crate::gameday::fault::Experiment;
use crate::lang::Lang;
use crate::report::model::{FirstSign, Injection, Left};
use crate::report::time::{length, moment};

/// Every injection of the plan.
pub(super) fn injections(state: &State, lang: &Lang) -> Vec<Injection> {
    state.injections.iter().filter_map(|run| injection(state, run, lang)).collect()
}

/// Every injection of which something may still be in the target.
pub(super) fn left(state: &State, lang: &Lang) -> Vec<Left> {
    state
        .live_injections()
        .map(|run| Left {
            name: state.name_of(run.id),
            status: run.status.word(),
            ways_back: run.undos.iter().map(|undo| lang.said(&undo.what).into_owned()).collect(),
            problem: run.problem.as_ref().map(|why| lang.said(why).into_owned()),
        })
        .collect()
}

fn injection(state: &State, run: &InjectionRun, lang: &Lang) -> Option<Injection> {
    let planned = state.planned(run.id)?;
    let found = detection(state, run);
    let (detection, detected_by, incident, time_to_detect) = match found {
        Detection::NotInEffect => ("not in effect", None, None, None),
        Detection::NotDetected => ("not detected", None, None, None),
        Detection::Detected { incident, team, taken } => {
            ("detected", Some(team), Some(incident.0), Some(length(taken)))
        }
    };
    let (mitigation, time_to_mitigate) = match mitigation(state, run) {
        Mitigation::NotInEffect => ("not in effect", None),
        Mitigation::NothingBroken => ("no SLO was violated", None),
        Mitigation::NotMitigated => ("not mitigated", None),
        Mitigation::Mitigated(taken) => ("mitigated", Some(length(taken))),
    };
    let (recovery, recovery_ms) = match recovery(state, run) {
        Recovery::NotInEffect => ("not in effect", None),
        Recovery::NoSteadyState => ("no steady state is named", None),
        Recovery::NoData => ("no data", None),
        Recovery::NeverLeft => ("never left the steady state", None),
        Recovery::NotRecovered { .. } => ("not recovered", None),
        Recovery::Recovered { took, .. } => ("recovered", Some(took.as_millis())),
    };
    let say = |said: &Said| lang.said(said).into_owned();
    let belongs = state.incidents.iter().filter(|one| cause(state, one) == Some(run.id));
    Some(Injection {
        id: run.id.to_string(),
        name: planned.name.clone(),
        phase: state.plan().phases.get(run.phase).map_or_else(String::new, |it| it.name.clone()),
        what: what(&planned.experiment),
        status: run.status.word(),
        by: run.by.clone(),
        rounds: if run.armed.is_some() { run.round.saturating_add(1) } else { 0 },
        t0: run.t0.map(|at| moment(state, at)),
        evidence: say(&run.evidence),
        victims: run.victims.clone(),
        blast: run.blast.as_ref().map(|blast| say(&reach::words(blast))),
        undo: run.ways_back.iter().map(say).collect(),
        reverted: run.reverted.map(|at| moment(state, at)),
        revert_evidence: say(&run.revert_evidence),
        revert_attempts: run.attempts,
        problem: run.problem.as_ref().map(say),
        expectation: expectation(state, run, lang),
        expected: planned.expect.clone(),
        detection,
        detected_by,
        incident,
        time_to_detect,
        first_sign: sign(state, run, lang),
        mitigation,
        time_to_mitigate,
        recovery,
        recovery_ms,
        incidents: belongs.map(|incident| incident.id.0).collect(),
    })
}

fn sign(state: &State, run: &InjectionRun, lang: &Lang) -> Option<FirstSign> {
    let sign = first_sign(state, run)?;
    let what = match sign.shown {
        Shown::Incident(id) => said!("sign-incident", "incident {id}", id = id),
        Shown::Slo(name) => format!("SLO {name}").into(),
        Shown::SteadyState => said!("sign-steady", "the steady state"),
    };
    let what = lang.said(&what).into_owned();
    Some(FirstSign { what, at: moment(state, sign.at), after: length(sign.taken) })
}

/// `network-chaos: delay 100ms ± 10ms, to app=database; on app=web-app`.
fn what(experiment: &Experiment) -> String {
    let how = how(&experiment.fault);
    let labels = |selector: &std::collections::BTreeMap<String, String>| {
        selector.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(",")
    };
    let mut words = experiment.fault.kind().to_owned();
    if !how.is_empty() {
        words += &format!(": {how}");
    }
    if !experiment.selector.is_empty() {
        words += &format!(", on {}", labels(&experiment.selector));
    }
    if let Some(destination) = &experiment.destination {
        words += &format!(", other side {}", labels(destination));
    }
    match experiment.duration {
        Some(duration) => words + &format!(", for {duration}"),
        None => words + ", to the end of the phase",
    }
}
