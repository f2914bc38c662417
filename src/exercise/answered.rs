//! Whether an event is what became of a command that a line gave. Not whether it will be followed.

use super::command::Command;
use super::event::Event;
use super::improvement::Proposal;

/// Whether `event` came of `command`, so far as the two can tell.
pub fn answers(command: &Command, event: &Event) -> bool {
    match (command, event) {
        (
            Command::Log { team, author, text, kind, incident, .. },
            Event::Logged { team: of, author: by, text: logged, kind: as_, incident: to, .. },
        ) => (team, author, text.trim(), kind, incident) == (of, by, logged.as_str(), as_, to),
        (
            Command::EditLast { team, author, text },
            Event::EntryEdited { team: of, author: by, text: now, .. },
        ) => (team, author, text.trim()) == (of, by, now.as_str()),
        (
            Command::PinMoment { team, author, text },
            Event::MomentPinned { team: of, author: by, text: said },
        ) => (team, author, text.trim()) == (of, by, said.as_str()),
        (
            Command::OpenIncident { team, author, title, severity, .. },
            Event::IncidentOpened { team: of, author: by, title: opened, severity: at, .. },
        ) => (team, author, title.trim(), severity) == (of, by, opened.as_str(), at),
        (
            Command::MoveIncident { id, to, team, author, of: original, .. },
            Event::IncidentMoved { id: moved, to: now, team: of, author: by, of: same, .. },
        ) => (id, to, team, author, original) == (moved, now, of, by, same),
        (
            Command::EditIncident { id, title, severity, team, author },
            Event::IncidentEdited { id: edited, title: now, severity: at, team: of, author: by },
        ) => {
            let said = title.as_ref().is_none_or(|title| title.trim() == now)
                && severity.is_none_or(|severity| severity == *at);
            said && (id, team, author) == (edited, of, by)
        }
        (
            Command::LinkIncident { id, cause, author, .. },
            Event::IncidentLinked { id: linked, cause: with, by },
        ) => (id, cause, author) == (linked, with, by),
        (
            Command::NoteImprovement { id, says, team, author },
            Event::ImprovementNoted { id: noted, says: said, team: of, author: by },
        ) => id.is_none_or(|id| id == *noted) && same(says, said) && (team, author) == (of, by),
        (
            Command::TakeRole { role, person, by },
            Event::RoleTaken { role: taken, person: who, by: b },
        ) => (role, bare(person), by) == (taken, bare(who), b),
        (Command::Join { person, by }, Event::PersonJoined { person: came, by: said }) => {
            (bare(&person.name), &person.team, person.role, by)
                == (bare(&came.name), &came.team, came.role, said)
        }
        (Command::AddTeam { team, by }, Event::TeamAdded { team: added, by: said }) => {
            (bare(team), by) == (bare(added), said)
        }
        (
            Command::AcknowledgeCard { card, team, author },
            Event::CardAcknowledged { card: seen, team: of, author: by },
        ) => (card, team, author) == (seen, of, by),
        _ => false,
    }
}

/// Without its evidence, of which not everybody is told.
fn same(one: &Proposal, other: &Proposal) -> bool {
    let owner = |one: &Proposal| one.owner.as_deref().map(|owner| bare(owner).to_owned());
    (one.category, one.text.trim(), owner(one), one.due)
        == (other.category, other.text.trim(), owner(other), other.due)
}

fn bare(name: &str) -> &str {
    name.trim().trim_start_matches('@')
}
