//! What the debrief goes through, part by part: what happened, what is proposed, what people decided. What can be done with
//! the selected of it, and why not. Not the doing, and not its drawing.

pub mod act;
pub mod asked;
pub mod learnt;

use super::picking::Picking;
use super::ui::Ui;
use crate::exercise::expectation::judge;
use crate::exercise::id::{ImprovementId, IncidentId, InjectionId};
use crate::exercise::improvement::Improvement;
use crate::exercise::incident::Incident;
use crate::exercise::judge::Answer;
use crate::exercise::log::EntryKind;
use crate::exercise::state::State;
use crate::exercise::times::{cause, is_real};

/// How many parts there are.
pub const PARTS: usize = learnt::PARTS;

/// A part of the debrief.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What the exercise wanted to show.
    Objectives,
    /// What was expected of each fault, and what happened.
    Expectations,
    /// Every incident, and what is behind it.
    Incidents,
    /// What went well.
    Well,
    /// What went badly.
    Badly,
    /// Where we were lucky.
    Lucky,
    /// What was learned.
    Lessons,
    /// What should become better.
    Improvements,
    /// What earlier exercises taught.
    Earlier,
}

/// Every part, in the order in which one goes through them.
pub const ALL: [Part; PARTS] = [
    Part::Objectives,
    Part::Expectations,
    Part::Incidents,
    Part::Well,
    Part::Badly,
    Part::Lucky,
    Part::Lessons,
    Part::Improvements,
    Part::Earlier,
];

impl Part {
    /// The part that keys act on.
    pub fn chosen(ui: &Ui) -> Self {
        ALL.get(ui.learnt.part).copied().unwrap_or(Self::Objectives)
    }

    /// Its name in the catalogues.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Objectives => "debrief-objectives",
            Self::Expectations => "debrief-expectations",
            Self::Incidents => "debrief-incidents",
            Self::Well => "debrief-well",
            Self::Badly => "debrief-badly",
            Self::Lucky => "debrief-lucky",
            Self::Lessons => "debrief-lessons",
            Self::Improvements => "debrief-improvements",
            Self::Earlier => "debrief-earlier",
        }
    }

    /// What lines that are written in it are.
    pub const fn kind(self) -> Option<EntryKind> {
        match self {
            Self::Well => Some(EntryKind::WentWell),
            Self::Badly => Some(EntryKind::WentBadly),
            Self::Lucky => Some(EntryKind::Lucky),
            Self::Lessons => Some(EntryKind::Lesson),
            _ => None,
        }
    }
}

/// Something in a part that can be selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// An objective, by its place in the plan.
    Objective(usize),
    /// A fault.
    Injection(InjectionId),
    /// An incident.
    Incident(IncidentId),
    /// A line of the log, by its event.
    Written(u64),
    /// A line that is proposed, by its place.
    Line(usize),
    /// An improvement.
    Improvement(ImprovementId),
    /// One that is proposed, by its place.
    Proposed(usize),
    /// Something that an earlier exercise taught, by its place.
    Earlier(usize),
}

/// Everything in a part, in its order: what people wrote comes before what is proposed.
pub fn items(state: &State, ui: &Ui, part: Part) -> Vec<Item> {
    let learnt = &ui.learnt;
    match part {
        Part::Objectives => (0..state.plan().objectives.len()).map(Item::Objective).collect(),
        Part::Expectations => state.injections.iter().map(|run| Item::Injection(run.id)).collect(),
        Part::Incidents => state.incidents.iter().map(|one| Item::Incident(one.id)).collect(),
        Part::Well | Part::Badly | Part::Lucky | Part::Lessons => {
            let kind = part.kind().unwrap_or_default();
            let written = state.log.iter().filter(|entry| entry.kind == kind);
            let taken = |text: &str| written.clone().any(|entry| entry.text == text);
            let lines = learnt.lines.iter().enumerate();
            let lines = lines.filter(|(_, line)| {
                line.kind == kind && !learnt.is_aside(&line.text) && !taken(&line.text)
            });
            let lines: Vec<Item> = lines.map(|(index, _)| Item::Line(index)).collect();
            written.clone().map(|entry| Item::Written(entry.seq)).chain(lines).collect()
        }
        Part::Improvements => {
            let known = &state.people.improvements;
            let taken = |text: &str| known.iter().any(|one| one.says.text == text);
            let proposed = learnt.improvements.iter().enumerate();
            let proposed =
                proposed.filter(|(_, one)| !learnt.is_aside(&one.text) && !taken(&one.text));
            let proposed = proposed.map(|(index, _)| Item::Proposed(index));
            known.iter().map(|one| Item::Improvement(one.id)).chain(proposed).collect()
        }
        Part::Earlier => (0..learnt.known.len()).map(Item::Earlier).collect(),
    }
}

/// The place of the selected one in its part.
pub fn place(state: &State, ui: &Ui, part: Part) -> usize {
    let last = items(state, ui, part).len().saturating_sub(1);
    ui.learnt.at.get(part as usize).map_or(0, |at| (*at).min(last))
}

/// What keys act on.
pub fn selected(state: &State, ui: &Ui) -> Option<Item> {
    let part = Part::chosen(ui);
    items(state, ui, part).get(place(state, ui, part)).copied()
}

/// The selected improvement, unless it was dropped.
pub(super) fn improvement<'a>(state: &'a State, ui: &Ui) -> Option<&'a Improvement> {
    let Some(Item::Improvement(id)) = selected(state, ui) else { return None };
    state.people.improvements.iter().find(|one| one.id == id && one.dropped.is_none())
}

type Possible = Result<(), &'static str>;

fn when(so: bool, why: &'static str) -> Possible {
    if so { Ok(()) } else { Err(why) }
}

pub(super) fn may_score(state: &State, ui: &Ui) -> Possible {
    match selected(state, ui) {
        Some(Item::Objective(index)) => {
            let measured =
                state.plan().objectives.get(index).is_some_and(|one| one.measure.is_some());
            when(!measured, "says-measured")
        }
        Some(Item::Injection(_)) => Ok(()),
        _ if state.plan().objectives.is_empty() => Err("why-no-objectives"),
        _ => Err("why-nothing-to-score"),
    }
}

pub(super) fn may_adopt(state: &State, ui: &Ui) -> Possible {
    let proposed = matches!(selected(state, ui), Some(Item::Line(_) | Item::Proposed(_)));
    when(proposed, "why-no-proposal")
}

pub(super) fn may_amend(state: &State, ui: &Ui) -> Possible {
    may_adopt(state, ui).or_else(|_| may_change(state, ui)).map_err(|_| "why-nothing-to-amend")
}

pub(super) fn may_set_aside(state: &State, ui: &Ui) -> Possible {
    may_adopt(state, ui).or_else(|_| may_change(state, ui)).map_err(|_| "why-nothing-to-drop")
}

/// Changing or dropping an improvement.
pub(super) fn may_change(state: &State, ui: &Ui) -> Possible {
    when(improvement(state, ui).is_some(), "why-no-improvement")
}

pub(super) fn may_explain(state: &State, ui: &Ui) -> Possible {
    when(matches!(selected(state, ui), Some(Item::Incident(_))), "why-no-incident")
}

pub(super) fn may_classify(state: &State, ui: &Ui) -> Possible {
    may_explain(state, ui).or_else(|_| may_change(state, ui)).map_err(|_| "why-nothing-to-classify")
}

pub(super) fn may_add(_: &State, ui: &Ui) -> Possible {
    let part = Part::chosen(ui);
    when(part.kind().is_some() || part == Part::Improvements, "why-nothing-to-add")
}

pub(super) fn may_settle(state: &State, ui: &Ui) -> Possible {
    when(matches!(selected(state, ui), Some(Item::Earlier(_))), "why-nothing-to-settle")
}

pub(super) fn may_mark(_: &State, ui: &Ui) -> Possible {
    when(ui.picking.as_ref().is_some_and(Picking::is_several), "why-only-one")
}

/// Whether what would be settled is done already, and would be opened again.
pub(super) fn is_settled(state: &State, ui: &Ui) -> Possible {
    let Some(Item::Earlier(index)) = selected(state, ui) else {
        return Err("why-nothing-to-settle");
    };
    let done = ui.learnt.known.get(index).is_some_and(|known| known.done.is_some());
    when(done, "why-nothing-to-settle")
}

/// Whether something waits for a person: to be scored, explained, taken over or set aside, done.
pub fn waits(item: Item, state: &State, ui: &Ui) -> bool {
    match item {
        Item::Objective(index) => {
            let by_hand =
                state.plan().objectives.get(index).is_some_and(|one| one.measure.is_none());
            by_hand && !matches!(state.scores.get(index), Some(Some(_)))
        }
        Item::Injection(id) => {
            let verdict = state.injections.get(id.0).and_then(|run| judge(state, run));
            verdict.is_some_and(|one| one.answer == Answer::NotScored)
        }
        Item::Incident(id) => state.incident(id).is_some_and(|one| is_unexplained(state, one)),
        Item::Line(_) | Item::Proposed(_) => true,
        Item::Earlier(index) => ui.learnt.known.get(index).is_some_and(|one| one.done.is_none()),
        Item::Written(_) | Item::Improvement(_) => false,
    }
}

/// Whether nobody has said yet what is behind an incident, and nothing that was injected can be.
pub fn is_unexplained(state: &State, incident: &Incident) -> bool {
    is_real(incident) && incident.cause.is_none() && cause(state, incident).is_none()
}
