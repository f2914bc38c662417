//! What is told beside the plan: of what exercise it is, what a person has to write, incidents without a fault, cards that were
//! drawn. Not what is said of one phase or fault.

use super::phases::Ran;
use super::went::Went;
use crate::exercise::incident::{Incident, IncidentStatus};
use crate::exercise::rehearsal::Rehearsal;
use crate::exercise::times::{cause, clock_at, real_incidents};
use crate::gameday::people::DeckCard;
use crate::gameday::plan::GameDay;
use crate::gameday::text::printable;
use crate::gameday::write::{Remark, Remarks};

/// So many incidents, warnings and draws are told one by one.
const MOST_TOLD: usize = 30;

/// Lines above the plan.
pub(super) fn head(
    went: &Went<'_>,
    plan: &GameDay,
    remarks: &Remarks,
    ran: bool,
    warnings: &[String],
) -> Vec<String> {
    let header = &went.state.header;
    let what = match (&header.rehearsal, header.drill, &went.state.real) {
        (Some(Rehearsal { speed, .. }), ..) => {
            format!("a rehearsal, at {speed}× the speed of these times")
        }
        (None, true, None) => "an exercise".to_owned(),
        (None, true, Some(_)) => "an exercise that a real incident ended".to_owned(),
        (None, false, _) => "a real incident".to_owned(),
    };
    let began = chrono::DateTime::from_timestamp_millis(header.began);
    let began = began.map_or_else(String::new, |at| at.format(", %Y-%m-%d %H:%M UTC").to_string());
    let mut lines = vec![format!(
        "Made from the recording of {what}: {}{began}.",
        printable(&header.exercise, 120)
    )];
    if ran {
        lines.extend(
            [
                "Phases are as long as they were, without the time the exercise stood still. Faults come when they",
                "came and stay as long as they stayed. What is left out is a comment, with the reason.",
            ]
            .map(str::to_owned),
        );
    } else {
        lines.push("No phase ever began: everything is as it was planned.".to_owned());
    }
    lines.extend(
        warnings
            .iter()
            .take(MOST_TOLD)
            .map(|one| format!("The recording: {}", printable(one, 200))),
    );
    // Incidents before the first phase and after the last.
    lines.extend(remarks.head.iter().cloned());
    let open = to_write(went, plan, remarks);
    if !open.is_empty() {
        lines.push("To be written by a person:".to_owned());
        lines.extend(open.into_iter().map(|one| format!("- {one}")));
    }
    lines
}

/// What no recording says.
fn to_write(went: &Went<'_>, plan: &GameDay, remarks: &Remarks) -> Vec<String> {
    let mut open = Vec::new();
    let real = went.state.real.is_some() || !went.state.header.drill;
    if real {
        let reason = went.state.real.as_ref().map(|stop| printable(&stop.reason, 200));
        let reason = reason.map_or_else(String::new, |why| format!(" ({why})"));
        open.push(format!(
            "what really happened{reason}: as faults, in chaos:, where the incidents are told"
        ));
    } else if went.state.incidents.iter().any(|one| untold(went, one)) {
        open.push(
            "faults for the incidents that no fault was behind, if they are to come again".into(),
        );
    }
    if plan.hypothesis.is_none() {
        open.push("hypothesis: what you believe will happen".into());
    }
    if plan.objectives.is_empty() {
        open.push("objectives: what the exercise is to show".into());
    }
    let kept = plan.phases.iter().zip(&remarks.phases).filter(|(_, remarks)| !remarks.itself.out);
    let faults = kept.flat_map(|(phase, remarks)| phase.injections.iter().zip(&remarks.injections));
    let unexpected = faults.filter(|(one, remark)| !remark.out && one.expect.is_none()).count();
    if unexpected > 0 {
        open.push(format!("expect: what should come of {unexpected} of the faults"));
    }
    open
}

/// Whether an incident has no fault that would bring it again.
fn untold(went: &Went<'_>, incident: &Incident) -> bool {
    let real = went.state.real.as_ref().is_some_and(|stop| incident.opened >= stop.since);
    real || cause(went.state, incident).is_none()
}

/// Tells every incident without a fault in its phase, or at the top.
pub(super) fn incidents(went: &Went<'_>, ran: &[Ran], remarks: &mut Remarks) {
    let mut more = 0_usize;
    let untold = real_incidents(went.state).filter(|one| untold(went, one));
    for (nth, incident) in untold.enumerate() {
        if nth >= MOST_TOLD {
            more += 1;
            continue;
        }
        let clock = clock_at(went.state, incident.opened);
        let here = clock.and_then(|clock| {
            ran.iter().find(|one| (one.from..one.from + one.length).contains(&clock))
        });
        let place = here.and_then(|here| remarks.phases.get_mut(here.index).zip(Some(here)));
        match (place, clock) {
            (Some((phase, here)), Some(clock)) => {
                let at = went.shown(clock - here.from);
                phase.itself.notes.push(format!("+{at}: {}", told(went, incident)));
            }
            _ => remarks.head.push(format!("Outside of the phases: {}", told(went, incident))),
        }
    }
    if more > 0 {
        remarks.head.push(format!("And {more} incidents more that no fault was behind."));
    }
}

fn told(went: &Went<'_>, incident: &Incident) -> String {
    let Incident { id, severity, opened, .. } = incident;
    let over = match (incident.reached(IncidentStatus::Resolved), incident.status) {
        (Some(at), IncidentStatus::Resolved) => {
            let stood = went.state.stopped_between(*opened, at);
            format!("resolved after {}", went.shown(at.since(*opened) - stood))
        }
        (_, status) => status.to_string(),
    };
    let (team, title) = (printable(&incident.team, 60), printable(&incident.title, 160));
    format!("incident {id} of {team}, {severity}, {over}, no fault was behind it: {title}")
}

/// For every card of the deck when it was drawn.
pub(super) fn drawn(went: &Went<'_>, deck: &[DeckCard]) -> Vec<Remark> {
    let each = deck.iter().map(|card| {
        let cards = went.state.cards.iter();
        let drawn = cards.filter(|one| one.planned.is_none() && one.name == card.name);
        let notes = drawn.take(MOST_TOLD).map(|one| {
            let clock = clock_at(went.state, one.at);
            let at = clock.map_or_else(
                || "before the first phase".into(),
                |at| format!("{} after the beginning of the first phase", went.shown(at)),
            );
            format!("drawn {at}")
        });
        Remark { notes: notes.collect(), out: false }
    });
    each.collect()
}
