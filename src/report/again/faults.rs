//! Every fault into the phase in which it was asked for, for as long as it stayed. Not what customers and teams felt of it.

use super::phases::Ran;
use super::went::Went;
use crate::exercise::event::Event;
use crate::exercise::id::InjectionId;
use crate::exercise::injection::{InjectionRun, InjectionStatus};
use crate::exercise::people::PLAN;
use crate::exercise::stamp::Stamp;
use crate::exercise::times::clock_at;
use crate::gameday::catalog::lingers;
use crate::gameday::plan::{Phase, PlannedInjection};
use crate::gameday::span::Span;
use crate::gameday::text::printable;
use crate::gameday::write::{PhaseRemarks, Remark};

/// The longest reason in a remark, in characters.
const LONGEST: usize = 160;

/// Puts every injection of the plan into `phases`, which have none where they ran, with remarks.
pub(super) fn inject(
    went: &Went<'_>,
    ran: &[Ran],
    phases: &mut [Phase],
    remarks: &mut [PhaseRemarks],
) {
    let mut parts: Vec<Vec<(PlannedInjection, Remark)>> = vec![Vec::new(); phases.len()];
    for run in &went.state.injections {
        let Some(planned) = went.state.planned(run.id) else { continue };
        let placed = place(went, ran, planned, run);
        if let Some(part) = parts.get_mut(placed.phase) {
            part.push((placed.injection, placed.remark));
        }
    }
    for ((phase, remarks), mut part) in phases.iter_mut().zip(remarks).zip(parts) {
        part.sort_by_key(|(injection, _)| injection.offset);
        (phase.injections, remarks.injections) = part.into_iter().unzip();
    }
}

struct Placed {
    /// The place of its phase in the plan.
    phase: usize,
    injection: PlannedInjection,
    remark: Remark,
}

/// Where and for how long it was, or why it was not.
fn place(went: &Went<'_>, ran: &[Ran], planned: &PlannedInjection, run: &InjectionRun) -> Placed {
    let out = |why: String| Placed {
        phase: run.phase,
        injection: planned.clone(),
        remark: Remark { notes: vec![format!("left out: {why}")], out: true },
    };
    let why = || run.problem.as_ref().map_or_else(String::new, |why| printable(why, LONGEST));
    match run.status {
        InjectionStatus::Planned => return out("it had not begun when the exercise ended".into()),
        InjectionStatus::Skipped => return out(format!("it was skipped: {}", why())),
        _ if run.t0.is_none() && run.problem.is_some() => {
            return out(format!("it failed: {}", why()));
        }
        _ if run.t0.is_none() => return out("it never took effect".into()),
        _ => {}
    }
    let Some(clock) = asked_at(went, ran, planned, run) else {
        return out("nobody knows when it was asked for".into());
    };
    let Some(here) = ran.iter().rfind(|one| one.from <= clock) else {
        return out("it took effect in no phase".into());
    };
    let offset = (clock - here.from).min(here.length - went.grain());
    let mut notes = moved(went, planned, run);
    let own = here.index == run.phase;
    let mut injection = PlannedInjection { offset, ..planned.clone() };
    injection.experiment.duration = stayed(went, planned, run, own, &mut notes);
    let before = ran.iter().take_while(|one| one.index != here.index);
    let begins = before.fold(Span::ZERO, |sum, one| sum + one.length) + offset;
    let whole = ran.iter().fold(Span::ZERO, |sum, one| sum + one.length);
    if let Some(lasts) = &mut injection.experiment.duration
        && *lasts > whole - begins
    {
        *lasts = whole - begins;
        notes.push("it is over with the last phase; then the exercise stood still".into());
    }
    Placed { phase: here.index, injection, remark: Remark { notes, out: false } }
}

/// The exercise time at which it was asked for: as it was due where the plan asked.
fn asked_at(
    went: &Went<'_>,
    ran: &[Ran],
    planned: &PlannedInjection,
    run: &InjectionRun,
) -> Option<Span> {
    let own = ran.iter().find(|one| one.index == run.phase);
    if let (PLAN, Some(own)) = (run.by.as_str(), own) {
        return Some(own.from + planned.offset + run.delay);
    }
    let first = armed(went, run.id).or(run.t0)?;
    clock_at(went.state, first).map(|clock| went.down(clock))
}

fn armed(went: &Went<'_>, id: InjectionId) -> Option<Stamp> {
    let armed = |event: &Event| matches!(event, Event::InjectionArmed { id: of, round: 0, .. } if *of == id);
    went.events.iter().find(|one| armed(&one.event)).map(|one| one.stamp)
}

/// How it came to another time than planned.
fn moved(went: &Went<'_>, planned: &PlannedInjection, run: &InjectionRun) -> Vec<String> {
    let mut notes = Vec::new();
    if run.by != PLAN {
        let phase = went.state.plan().phases.get(run.phase);
        let phase = phase.map_or_else(String::new, |one| printable(&one.name, 60));
        let (by, due) = (printable(&run.by, 60), went.shown(planned.offset));
        notes.push(format!("started by hand, by {by}; planned for +{due} of {phase}"));
    }
    if !run.delay.is_zero() {
        notes.push(format!("moved by {}", went.shown(run.delay)));
    }
    notes
}

/// How long it stayed: as planned where nothing cut it short.
fn stayed(
    went: &Went<'_>,
    planned: &PlannedInjection,
    run: &InjectionRun,
    own_phase: bool,
    notes: &mut Vec<String>,
) -> Option<Span> {
    let experiment = &planned.experiment;
    let Some((t0, over)) = run.t0.zip(run.revert_started.or(run.reverted)) else {
        notes.push("it was still there when the recording ends".into());
        return experiment.duration;
    };
    if run.reverted.is_none() {
        notes.push("it was NOT undone: see what is left of it before this is run".into());
    }
    if !lingers(experiment) {
        return experiment.duration;
    }
    let took = over.since(t0);
    let phase_over = || {
        let ended = went.state.phases.get(run.phase).and_then(|phase| phase.ended);
        ended.is_some_and(|(_, at, _)| at.elapsed <= over.elapsed)
    };
    let in_full = match experiment.duration {
        Some(duration) => took + went.grain().scaled(0.5) >= duration,
        None => own_phase && phase_over(),
    };
    if in_full {
        return experiment.duration;
    }
    let took = went.nearest(took).max(went.grain());
    let planned = match experiment.duration {
        Some(duration) => went.shown(duration),
        None => "the rest of its phase".into(),
    };
    let why = undone(went, run.id).map_or_else(String::new, |why| format!(": {why}"));
    notes.push(format!("undone after {}, planned for {planned}{why}", went.shown(took)));
    Some(took)
}

/// Why undoing began.
fn undone(went: &Went<'_>, id: InjectionId) -> Option<String> {
    went.events.iter().find_map(|one| match &one.event {
        Event::RevertStarted { id: of, why, .. } if *of == id => Some(printable(why, LONGEST)),
        _ => None,
    })
}
