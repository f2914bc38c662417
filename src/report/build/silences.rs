//! What the report says of alerts that were silenced. Not of alerts that fired.

use crate::exercise::silencing::{Silencing, SilencingStatus};
use crate::exercise::state::State;
use crate::gameday::silence::Silence;
use crate::lang::Lang;
use crate::report::model::{Silenced, SilencedTime};
use crate::report::time::moment;

/// Every silence that was offered, in the plan's order.
pub(in crate::report) fn silences(state: &State, lang: &Lang) -> Vec<Silenced> {
    let server = state.header.alertmanager.as_deref().unwrap_or_default();
    let all = state.plan().silences.iter().zip(&state.silencings);
    all.map(|(silence, run)| one(state, (silence, run), server, lang)).collect()
}

fn one(
    state: &State,
    (silence, run): (&Silence, &Silencing),
    server: &str,
    lang: &Lang,
) -> Silenced {
    let times = run.times.iter().map(|(from, to)| SilencedTime {
        from: moment(state, *from),
        to: to.map(|to| moment(state, to)),
    });
    let seen = match run.status {
        SilencingStatus::Lifted => Some(&run.lift_evidence),
        SilencingStatus::Failed | SilencingStatus::NotLifted => run.problem.as_ref(),
        _ => None,
    };
    Silenced {
        alerts: silence.to_string(),
        server: server.to_owned(),
        agreed_by: run.agreed.as_ref().map(|(_, by)| by.clone()),
        status: status(run.status),
        times: times.collect(),
        seen: seen.map(|said| lang.said(said).into_owned()).unwrap_or_default(),
    }
}

const fn status(status: SilencingStatus) -> &'static str {
    match status {
        SilencingStatus::Offered => "offered",
        SilencingStatus::Agreed => "agreed",
        SilencingStatus::Making => "being made",
        SilencingStatus::Active => "active",
        SilencingStatus::Lifting => "being lifted",
        SilencingStatus::Lifted => "lifted",
        SilencingStatus::Failed => "failed",
        SilencingStatus::NotLifted => "not lifted",
    }
}
