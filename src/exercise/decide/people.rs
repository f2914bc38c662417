//! People: log lines, incidents, scores.

use crate::exercise::command::{Command, Refusal, refuse};
use crate::exercise::event::Event;
use crate::exercise::id::IncidentId;
use crate::exercise::incident::IncidentStatus;
use crate::exercise::state::State;

/// The longest line, in characters: a page, not a book.
const LONGEST_TEXT: usize = 4_000;

/// The name under which the facilitator writes.
const FACILITATOR: &str = "facilitator";

pub(super) fn decide(state: &State, command: Command) -> Result<Vec<Event>, Refusal> {
    match command {
        Command::Log { team, author, text, kind, incident } => {
            known_team(state, &team)?;
            let text = checked(&text)?;
            if let Some(id) = incident {
                known_incident(state, id)?;
            }
            Ok(vec![Event::Logged { team, author, text, kind, incident }])
        }
        Command::OpenIncident { team, author, title, severity } => {
            known_team(state, &team)?;
            let title = checked(&title)?;
            let last = state.incidents.iter().map(|incident| incident.id.0).max().unwrap_or(0);
            let id = IncidentId(last + 1);
            Ok(vec![Event::IncidentOpened { id, team, author, title, severity }])
        }
        Command::MoveIncident { id, to, team, author } => {
            known_team(state, &team)?;
            let status = known_incident(state, id)?;
            if status.is_closed() {
                return refuse(format!("{id} is {status}: open a new incident"));
            }
            if to <= status {
                return refuse(format!("{id} is {status} already"));
            }
            Ok(vec![Event::IncidentMoved { id, to, team, author }])
        }
        Command::ScoreObjective { objective, met, by, reason } => {
            if objective >= state.plan().objectives.len() {
                return refuse(format!("there is no objective {}", objective + 1));
            }
            let reason = checked(&reason)?;
            Ok(vec![Event::ObjectiveScored { objective, met, by, reason }])
        }
        _ => Ok(Vec::new()),
    }
}

fn known_team(state: &State, team: &str) -> Result<(), Refusal> {
    if team == FACILITATOR || state.plan().teams.iter().any(|known| known == team) {
        return Ok(());
    }
    refuse(format!("there is no team \"{team}\"; teams: {}", state.plan().teams.join(", ")))
}

fn known_incident(state: &State, id: IncidentId) -> Result<IncidentStatus, Refusal> {
    state
        .incident(id)
        .map_or_else(|| refuse(format!("there is no incident {id}")), |known| Ok(known.status))
}

fn checked(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() {
        return refuse("nothing was written");
    }
    if text.chars().count() > LONGEST_TEXT {
        return refuse("a line may have up to 4,000 characters");
    }
    Ok(text.to_owned())
}
