//! What people type: log lines, incidents, scores.

use gameday::exercise::command::Command;
use gameday::exercise::id::IncidentId;
use gameday::exercise::incident::{IncidentStatus, Severity};
use gameday::exercise::log::EntryKind;
use gameday::exercise::state::Stage;

use super::stage::{Play, assert_near, mins};

fn open(play: &mut Play, title: &str) -> Result<(), String> {
    play.ask(Command::OpenIncident {
        team: "sre".into(),
        author: String::new(),
        title: title.into(),
        severity: Severity::Sev2,
        ago: gameday::gameday::span::Span::ZERO,
        people: Vec::new(),
        tags: Vec::new(),
        signal: None,
    })
}

fn step(play: &mut Play, to: IncidentStatus) -> Result<(), String> {
    play.ask(Command::MoveIncident {
        id: IncidentId(1),
        to,
        team: "sre".into(),
        author: String::new(),
        ago: gameday::gameday::span::Span::ZERO,
        of: None,
    })
}

fn say(play: &mut Play, team: &str, text: &str) -> Result<(), String> {
    play.ask(Command::Log {
        team: team.into(),
        author: String::new(),
        text: text.into(),
        kind: EntryKind::Note,
        incident: None,
        evidence: Vec::new(),
        ago: gameday::gameday::span::Span::ZERO,
    })
}

#[test]
fn an_incident_goes_forward_only() {
    let mut play = Play::begun();
    open(&mut play, "決済が遅い 🐢").unwrap();
    play.pass(mins(1));
    step(&mut play, IncidentStatus::Acknowledged).unwrap();
    assert_eq!(
        step(&mut play, IncidentStatus::Acknowledged).unwrap_err(),
        "#1 is acknowledged already"
    );
    play.pass(mins(1));
    step(&mut play, IncidentStatus::Resolved).unwrap();
    assert!(step(&mut play, IncidentStatus::Mitigated).is_err());
    let incident = &play.state.incidents[0];
    assert_eq!(incident.title, "決済が遅い 🐢");
    let resolved = incident.reached(IncidentStatus::Resolved).unwrap();
    assert_near(resolved.since(incident.opened), mins(2));
}

#[test]
fn unknown_teams_empty_and_endless_lines_are_refused_and_change_nothing() {
    let mut play = Play::begun();
    let before = play.state.clone();
    assert!(say(&mut play, "nobody", "hello").unwrap_err().contains("sre, support"));
    assert!(say(&mut play, "sre", "  \n ").is_err());
    assert!(say(&mut play, "sre", &"x".repeat(4_001)).is_err());
    assert!(open(&mut play, "").is_err());
    assert!(play.state == before);
}

#[test]
fn lessons_can_be_typed_after_the_end_but_nothing_is_conducted() {
    let mut play = Play::begun();
    play.until(|state| state.stage == Stage::Ended);
    say(&mut play, "facilitator", "lesson").unwrap();
    let score = Command::ScoreObjective {
        objective: 0,
        met: true,
        by: "facilitator".into(),
        reason: "we did".into(),
    };
    play.tell(score);
    assert!(play.state.scores[0].as_ref().unwrap().met);
    play.ask(Command::Halt { by: "facilitator".into(), reason: "x".into() }).unwrap_err();
}

#[test]
fn cards_come_at_their_time_and_once() {
    let mut play = Play::begun();
    play.pass(mins(17) - gameday::gameday::span::Span::from_secs(1));
    assert!(play.state.cards.is_empty());
    play.pass(mins(2));
    assert_eq!(play.state.cards.len(), 1);
    assert!(
        play.state.log.iter().any(|entry| entry.text == "Card 1 to everyone: A newspaper asks.")
    );
}
