//! What keys and clicks do in a list that is picked from. Not the list.

use super::{Choice, Picking, Picks, choices, find};
use crate::exercise::command::Command;
use crate::exercise::id::ImprovementId;
use crate::exercise::improvement::Proposal;
use crate::exercise::incident::{Cause, IncidentStatus};
use crate::exercise::log::FACILITATOR;
use crate::exercise::state::State;
use crate::gameday::span::Span;
use crate::tui::action::ActionId;
use crate::tui::answer::Outcome;
use crate::tui::debrief::act::improve;
use crate::tui::overlay::moved;
use crate::tui::typing;
use crate::tui::ui::Ui;

/// How many lines a page is.
const PAGE: isize = 10;

/// Does it; `None`: nothing is picked now, or this is not about it.
pub fn act(id: ActionId, state: &State, ui: &mut Ui) -> Option<Vec<Outcome>> {
    let picking = ui.picking.as_mut()?;
    match id {
        ActionId::OverlayDown => go(1, state, picking),
        ActionId::OverlayUp => go(-1, state, picking),
        ActionId::OverlayPageDown => go(PAGE, state, picking),
        ActionId::OverlayPageUp => go(-PAGE, state, picking),
        ActionId::Mark => {
            mark(state, picking);
            go(1, state, picking);
        }
        ActionId::ClosePicking => ui.picking = None,
        ActionId::Pick => return Some(pick(state, ui)),
        _ => return None,
    }
    Some(Vec::new())
}

/// What a click on a line does: marks it where several can be, else takes it.
pub fn click(index: usize, state: &State, ui: &mut Ui) -> Vec<Outcome> {
    let Some(picking) = &mut ui.picking else { return Vec::new() };
    picking.at = index;
    if picking.is_several() {
        mark(state, picking);
        return Vec::new();
    }
    pick(state, ui)
}

fn go(by: isize, state: &State, picking: &mut Picking) {
    picking.at = moved(picking.at, by, choices(picking.picks, state).len());
}

fn mark(state: &State, picking: &mut Picking) {
    let chosen = choices(picking.picks, state).get(picking.at).copied();
    let Some(Choice::Entry(_, seq)) = chosen else { return };
    match picking.marked.iter().position(|one| *one == seq) {
        Some(at) => drop(picking.marked.remove(at)),
        None => picking.marked.push(seq),
    }
}

fn pick(state: &State, ui: &mut Ui) -> Vec<Outcome> {
    let Some(picking) = ui.picking.take() else { return Vec::new() };
    let chosen = choices(picking.picks, state).get(picking.at).copied();
    let author = ui.by.clone();
    let note = |id: ImprovementId, says: Proposal| {
        let team = typing::team(state, ui).to_owned();
        Command::NoteImprovement { id: Some(id), says, team, author: author.clone() }
    };
    let command = match (picking.picks, chosen) {
        (Picks::Category(Some(id)), Some(Choice::Category(category))) => find(state, id)
            .filter(|one| one.says.category != category)
            .map(|one| note(id, Proposal { category, ..one.says.clone() })),
        (Picks::Category(None), Some(Choice::Category(category))) => {
            improve(category, state, ui);
            None
        }
        (Picks::Evidence(id), _) => {
            let mut evidence = picking.marked;
            evidence.sort_unstable();
            evidence.dedup();
            find(state, id)
                .filter(|one| one.says.evidence != evidence)
                .map(|one| note(id, Proposal { evidence, ..one.says.clone() }))
        }
        (Picks::Cause(id), Some(Choice::FalseAlarm)) => Some(Command::MoveIncident {
            id,
            to: IncidentStatus::FalseAlarm,
            team: FACILITATOR.to_owned(),
            author,
            ago: Span::ZERO,
            of: None,
        }),
        (Picks::Cause(id), Some(chosen)) => {
            let cause = match chosen {
                Choice::Injection(injection) => Cause::Injection(injection),
                Choice::Discovery => Cause::Discovery,
                _ => Cause::Unknown,
            };
            Some(Command::LinkIncident { id, cause, team: FACILITATOR.to_owned(), author })
        }
        _ => None,
    };
    command.map(|command| vec![Outcome::Send(Box::new(command))]).unwrap_or_default()
}
