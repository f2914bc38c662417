//! Rehearsals in virtual time: how simulated teams react, and what is found.

use gameday::exercise::header::Header;
use gameday::exercise::incident::{Incident, IncidentStatus};
use gameday::exercise::on_call::OnCall;
use gameday::exercise::rehearsal::{Crew, Rehearsal, SIMULATED};
use gameday::exercise::state::Stage;
use gameday::exercise::suggestion::suggestions;
use gameday::gameday::people::Noticed;
use gameday::gameday::plan::GameDay;
use gameday::gameday::span::Span;
use gameday::report::rehearsal::{Weight, findings};

use super::stage::{Play, header, plan, secs};

const SPEED: f64 = 4.0;

fn rehearsal(crew: Crew) -> Rehearsal {
    Rehearsal { speed: SPEED, crew }
}

fn begun(crew: Crew, plan: &GameDay) -> (Play, OnCall) {
    let rehearsal = rehearsal(crew);
    let header = Header { rehearsal: Some(rehearsal), ..header(plan.rehearsed(SPEED)) };
    (Play::begun_with(header), OnCall::new(rehearsal))
}

/// Lets the exercise and its teams go on, by second, and customers fail for 20 s from the first fault's effect.
fn go(play: &mut Play, teams: &mut OnCall, span: Span) {
    for _ in 0..span.as_millis() / 1_000 {
        let hit = play.state.injections[0].t0;
        let fails = hit.is_some_and(|t0| play.now().since(t0) < secs(20));
        play.availability = if fails { 0.9 } else { 1.0 };
        play.pass(secs(1));
        for command in teams.acts(&play.state) {
            play.tell(command);
        }
    }
}

fn whole(crew: Crew, plan: &GameDay) -> Play {
    let (mut play, mut teams) = begun(crew, plan);
    while play.state.stage != Stage::Ended {
        go(&mut play, &mut teams, secs(1));
    }
    play
}

fn lines(play: &Play, crew: Crew) -> Vec<String> {
    let found = findings(&play.state, rehearsal(crew));
    found.iter().map(|one| format!("{} {}", one.weight.sign(), one.said)).collect()
}

fn has(lines: &[String], wanted: &str) {
    assert!(lines.iter().any(|line| line.contains(wanted)), "{wanted:?} in {lines:#?}");
}

fn reached(incident: &Incident, status: IncidentStatus) -> gameday::exercise::stamp::Stamp {
    incident.reached(status).unwrap_or_else(|| panic!("{status} in {incident:?}"))
}

/// At its time, and by the step in which these tests look: a second.
fn assert_took(what: &str, took: Span, wanted: Span) {
    assert!(took >= wanted && took <= wanted + secs(2), "{what} took {took}, not {wanted}");
}

#[test]
fn a_simulated_team_takes_its_times_divided_by_the_speed() {
    let play = whole(Crew::Usual, &plan());
    let [incident] = &play.state.incidents[..] else { panic!("{:?}", play.state.incidents) };
    assert_eq!((incident.team.as_str(), incident.author.as_str()), ("sre", SIMULATED));
    let violated = play.state.slos[0].violations[0].from;
    let pace = Crew::Usual.pace().unwrap();
    let short = |span: Span| span.scaled(1.0 / SPEED);
    let acknowledged = reached(incident, IncidentStatus::Acknowledged);
    let mitigated = reached(incident, IncidentStatus::Mitigated);
    let resolved = reached(incident, IncidentStatus::Resolved);
    assert_took("notice", incident.opened.since(violated), short(pace.notice));
    assert_took("ack", acknowledged.since(incident.opened), short(pace.acknowledge));
    assert_took("mitigate", mitigated.since(acknowledged), short(pace.mitigate));
    assert_took("resolve", resolved.since(mitigated), short(pace.resolve));
    assert!(resolved > play.state.injections[0].reverted.unwrap());
    let seen = &play.state.cards[0].seen_by;
    let teams: Vec<_> = seen.iter().map(|(_, team, _)| team.as_str()).collect();
    assert_eq!(teams, ["sre", "support"]);
}

#[test]
fn the_team_that_is_expected_to_notice_does() {
    let mut plan = plan();
    plan.phases[1].injections[0].expected.noticed = Some(Noticed::Team("support".into()));
    let play = whole(Crew::Quick, &plan);
    assert_eq!(play.state.incidents[0].team, "support");
}

#[test]
fn while_the_exercise_stands_still_teams_do_too() {
    let (mut play, mut teams) = begun(Crew::Usual, &plan());
    while suggestions(&play.state, play.now()).is_empty() {
        go(&mut play, &mut teams, secs(1));
    }
    play.hold();
    go(&mut play, &mut teams, secs(40));
    assert!(play.state.incidents.is_empty(), "{:?}", play.state.incidents);
    play.resume();
    go(&mut play, &mut teams, secs(20));
    assert_eq!(play.state.incidents.len(), 1);
}

#[test]
fn findings_say_what_is_to_be_looked_at_before_people_come() {
    let lines = lines(&whole(Crew::Usual, &plan()), Crew::Usual);
    has(&lines, "✓ ran to its end in 5m");
    has(&lines, "✓ 100% of the planned requests were sent");
    has(&lines, "✓ slow would be noticed by sre after 1m");
    has(&lines, "! kill shows nowhere");
    has(&lines, "✓ guardrail availability < 50% for 3s did not fire");
    has(&lines, "✓ 1 of 1 cards came");
    has(&lines, "✓ objective Learn: left to the facilitator");
    assert!(!lines.iter().any(|line| line.starts_with('✗')), "{lines:#?}");
}

#[test]
fn absent_teams_leave_what_shows_unanswered() {
    let play = whole(Crew::Absent, &plan());
    assert!(play.state.incidents.is_empty());
    has(&lines(&play, Crew::Absent), "! slow shows after");
}

#[test]
fn what_keeps_a_game_day_from_working_is_wrong() {
    let (mut play, mut teams) = begun(Crew::Usual, &plan());
    go(&mut play, &mut teams, secs(80));
    play.availability = 0.1;
    play.until(|state| state.halted.is_some());
    play.tell(gameday::exercise::command::Command::End {
        by: "facilitator".into(),
        reason: "enough".into(),
    });
    play.until(|state| state.stage == Stage::Ended);
    let found = findings(&play.state, rehearsal(Crew::Usual));
    let wrong: Vec<_> = found.iter().filter(|one| one.weight == Weight::Wrong).collect();
    let lines: Vec<_> = wrong.iter().map(|one| one.said.to_string()).collect();
    has(&lines, "did not run to its end");
    has(&lines, "guardrail availability < 50% for 3s fired 1 times, first at 10%");
    has(&lines, "kill took no effect");
    has(&lines, "0 of 1 cards came");
}
