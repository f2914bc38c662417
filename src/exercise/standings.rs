//! What the teams may be shown of the score board while they play: how each does on what is over, and nothing of what an
//! injection was, nor of one that still is in effect or that nobody has noticed. The facilitator's own is `board`.

use super::board::{Cell, KINDS, Row, board};
use super::event::Event;
use super::people::TeamStanding;
use super::state::State;
use super::times::Times;

/// Every team in the plan's order, as it stands.
pub fn standings(state: &State) -> Vec<TeamStanding> {
    let board = board(state);
    let is_over = |row: &&Row| {
        state.injections.get(row.injection.0).is_some_and(|run| run.reverted.is_some())
    };
    let over: Vec<&Row> = board.rows.iter().filter(is_over).collect();
    let teams = board.teams.into_iter().enumerate();
    teams
        .map(|(place, line)| {
            let cells: Vec<&Cell> = over.iter().filter_map(|row| row.cells.get(place)).collect();
            let means = KINDS.map(|kind| {
                let values = cells.iter().filter_map(|cell| cell.time(kind)).collect();
                Times { values, missing: 0 }.mean().map(|mean| mean.running)
            });
            TeamStanding {
                team: line.team.unwrap_or_default(),
                detected: cells.iter().filter(|cell| cell.incident.is_some()).count(),
                means,
                false_alarms: line.false_alarms,
                cost: line.cost,
            }
        })
        .collect()
}

/// Whether an event may change them.
pub(super) const fn changes(event: &Event) -> bool {
    matches!(
        event,
        Event::IncidentOpened { .. }
            | Event::IncidentMoved { .. }
            | Event::IncidentLinked { .. }
            | Event::Reverted { .. }
            | Event::SloRecovered { .. }
            | Event::HintGiven { .. }
            | Event::TeamAdded { .. }
    )
}

/// Those that are shown and have changed since, anew.
pub(super) fn due(state: &State) -> Option<Event> {
    let shown = state.people.standings.as_ref().filter(|shown| shown.changed)?;
    Some(Event::BoardShown { standings: standings(state), by: shown.by.clone() })
}
