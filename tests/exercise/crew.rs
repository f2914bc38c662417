//! Teams, roles, links, suggestions, cards, hints, expectations, improvements, and something real.

use gameday::exercise::command::Command;
use gameday::exercise::event::Outcome;
use gameday::exercise::expectation;
use gameday::exercise::id::{ImprovementId, IncidentId, InjectionId};
use gameday::exercise::improvement::{Category, Proposal};
use gameday::exercise::incident::{Cause, IncidentStatus, Severity};
use gameday::exercise::judge::Answer;
use gameday::exercise::log::EntryKind;
use gameday::exercise::signal::Signal;
use gameday::exercise::state::Stage;
use gameday::exercise::suggestion::{Suggestion, suggestions};
use gameday::exercise::target::{Pod, PodHealth, Topology};
use gameday::exercise::times;
use gameday::gameday::people::{DeckCard, Expected, Hint, Noticed, Person, Role};
use gameday::gameday::plan::GuardrailAction;
use gameday::gameday::span::Span;

use super::stage::{Play, header, mins, open, plan, secs};

const SRE: &str = "sre";
const FACILITATOR: &str = "facilitator";

fn step(id: u32, to: IncidentStatus, ago: Span) -> Command {
    let (id, team, author) = (IncidentId(id), SRE.into(), "aiko".into());
    Command::MoveIncident { id, to, team, author, ago, of: None }
}

fn note(team: &str, text: &str, ago: Span) -> Command {
    let (team, author, text) = (team.into(), "aiko".into(), text.into());
    let (kind, evidence) = (EntryKind::Note, Vec::new());
    Command::Log { team, author, text, kind, incident: None, ago, evidence }
}

fn by() -> String {
    FACILITATOR.into()
}

#[test]
fn what_happened_earlier_stands_at_its_own_time() {
    let mut play = Play::begun();
    play.pass(mins(3));
    let now = play.now();
    play.tell(note(SRE, "alerts were late", mins(2)));
    let entry = play.state.log.last().unwrap();
    assert_eq!((entry.recorded, now.since(entry.stamp)), (now, mins(2)));
    assert_eq!(now.wall - entry.stamp.wall, 120_000);
    assert_eq!(play.time() - entry.exercise_time, mins(2));
    assert!(play.ask(note(SRE, "x", mins(60))).unwrap_err().contains("recording began"));

    play.tell(open(SRE, "slow", mins(1), None));
    assert_eq!(now.since(play.state.incidents[0].opened), mins(1));
    let early = play.ask(step(1, IncidentStatus::Acknowledged, mins(2))).unwrap_err();
    assert!(early.contains("opened 1m ago only"), "{early}");
    play.tell(step(1, IncidentStatus::Acknowledged, secs(30)));
    let taken = times::acknowledged(&play.state, &play.state.incidents[0]).unwrap();
    assert_eq!(taken.running, secs(30));
}

#[test]
fn edits_keep_what_was_there_before() {
    let mut play = Play::begun();
    let edit = |text: &str| Command::EditLast {
        team: SRE.into(),
        author: "aiko".into(),
        text: text.into(),
    };
    assert!(play.ask(edit("x")).unwrap_err().contains("nothing"));
    play.tell(note(SRE, "restarted web-app-1", Span::ZERO));
    play.tell(note("support", "customers call", Span::ZERO));
    play.tell(edit("restarted web-app-2"));
    let entry = play.state.log.iter().find(|one| one.text == "restarted web-app-2").unwrap();
    let before: Vec<_> = entry.before.iter().map(|(_, text)| text.english()).collect();
    assert_eq!(before, ["restarted web-app-1"]);
    assert!(play.ask(edit("restarted web-app-2")).is_err());

    play.tell(open(SRE, "slow", Span::ZERO, None));
    let retitle = |title: Option<&str>, severity| Command::EditIncident {
        id: IncidentId(1),
        title: title.map(Into::into),
        severity,
        team: SRE.into(),
        author: "aiko".into(),
    };
    play.tell(retitle(None, Some(Severity::Sev1)));
    play.tell(retitle(Some("checkout is slow"), None));
    let incident = &play.state.incidents[0];
    assert_eq!((incident.title.as_str(), incident.severity), ("checkout is slow", Severity::Sev1));
    let before: Vec<_> =
        incident.edits.iter().map(|edit| (edit.title.as_str(), edit.severity)).collect();
    assert_eq!(before, [("slow", Severity::Sev2), ("slow", Severity::Sev1)]);
    assert!(play.ask(retitle(None, None)).is_err());
}

#[test]
fn only_the_facilitator_says_what_is_behind_an_incident() {
    let mut play = Play::begun();
    play.tell(open(SRE, "too early", Span::ZERO, None));
    play.until(|state| state.injections[0].t0.is_some());
    play.pass(secs(20));
    play.tell(open(SRE, "slow", Span::ZERO, None));
    let link = |id, cause, team: &str| Command::LinkIncident {
        id: IncidentId(id),
        cause,
        team: team.into(),
        author: "fran".into(),
    };
    let slow = Cause::Injection(InjectionId(0));
    assert_eq!(times::cause(&play.state, &play.state.incidents[1]), Some(InjectionId(0)));
    assert!(play.ask(link(2, slow, SRE)).unwrap_err().contains("facilitator"));
    let early = play.ask(link(1, slow, FACILITATOR)).unwrap_err();
    assert!(early.contains("before slow took effect"), "{early}");
    let idle = play.ask(link(2, Cause::Injection(InjectionId(1)), FACILITATOR)).unwrap_err();
    assert!(idle.contains("has not taken effect"), "{idle}");
    assert!(play.ask(link(2, Cause::Injection(InjectionId(9)), FACILITATOR)).is_err());
    play.tell(link(2, Cause::Discovery, FACILITATOR));
    assert_eq!(times::cause(&play.state, &play.state.incidents[1]), None);
    play.tell(link(2, slow, FACILITATOR));
    assert_eq!(times::cause(&play.state, &play.state.incidents[1]), Some(InjectionId(0)));
    let private = |entry: &&gameday::exercise::log::LogEntry| entry.text.contains("behind it is");
    let entry = play.state.log.iter().find(private).unwrap();
    assert_eq!(entry.audience, gameday::exercise::log::Audience::Facilitator);
}

fn dead(names: &[&str]) -> Topology {
    let pods = ["web-app-1", "web-app-2", "database-1"].map(|name| Pod {
        name: name.into(),
        labels: [("app".to_owned(), name.rsplit_once('-').unwrap().0.to_owned())].into(),
        health: if names.contains(&name) { PodHealth::Dead } else { PodHealth::Ready },
        ..Pod::default()
    });
    Topology { pods: pods.to_vec(), ..Topology::default() }
}

fn suggested(play: &Play) -> Vec<Suggestion> {
    suggestions(&play.state, play.now())
}

#[test]
fn an_slo_a_guardrail_and_dead_pods_ask_for_an_incident() {
    let mut day = plan();
    day.guardrails[0].then = GuardrailAction::Warn;
    let mut play = Play::begun_with(header(day));
    play.until(|state| state.injections[0].t0.is_some());
    assert!(suggested(&play).is_empty());
    play.availability = 0.4;
    play.until(|state| state.guardrails[0].firing);
    play.tell(Command::TargetLooks(dead(&["web-app-1"])));
    play.tell(Command::TargetLooks(dead(&["web-app-1", "web-app-2"])));
    let found = suggested(&play);
    let signals: Vec<_> = found.iter().map(|one| one.signal.clone()).collect();
    assert_eq!(
        signals,
        [
            Signal::Slo { slo: 0, nth: 0 },
            Signal::Guardrail { rule: 0, nth: 0 },
            Signal::Pods { nth: 0 }
        ]
    );
    assert!(found.iter().all(|one| one.injection == Some(InjectionId(0))));
    assert_eq!(found[2].title, "2 pods of web-app are dead");
    assert!(found[1].title.starts_with("availability is 40"), "{}", found[1].title);

    // Set aside, opened with one key, opened by hand: each ends what asks.
    play.tell(Command::SetAside { signal: signals[1].clone(), by: by() });
    play.tell(open(SRE, &found[2].title, Span::ZERO, Some(signals[2].clone())));
    assert!(suggested(&play).is_empty(), "what was opened after all of it is about the same fault");
    let twice = play.ask(open("support", "x", Span::ZERO, Some(signals[2].clone())));
    assert!(twice.unwrap_err().contains("#1 was opened for it already"));
    assert_eq!(play.state.incidents[0].signal, Some(signals[2].clone()));

    play.tell(step(1, IncidentStatus::FalseAlarm, Span::ZERO));
    let again: Vec<_> = suggested(&play).into_iter().map(|one| one.signal).collect();
    assert_eq!(again, [Signal::Slo { slo: 0, nth: 0 }], "a false alarm takes care of nothing");
    play.availability = 1.0;
    play.until(|state| state.slos[0].breached().is_none());
    assert_eq!(suggested(&play).len(), 1, "it is over, and nobody has said a word");
    play.pass(mins(2));
    assert!(suggested(&play).is_empty());
}

#[test]
fn pods_that_die_again_ask_again() {
    let mut play = Play::begun();
    for names in [&["web-app-1"][..], &["web-app-1"], &[], &["web-app-2"]] {
        play.tell(Command::TargetLooks(dead(names)));
        play.pass(secs(5));
    }
    let titles: Vec<_> = suggested(&play).into_iter().map(|one| one.title).collect();
    assert_eq!(titles, ["web-app-1 is dead", "web-app-2 is dead"]);
}

#[test]
fn pods_seen_dead_just_before_the_fault_took_effect_are_of_it() {
    let likely = |before: u64| {
        let mut play = Play::begun();
        let at = mins(7) - Span::from_millis(before);
        play.pass(at - play.time());
        play.tell(Command::TargetLooks(dead(&["database-1"])));
        assert!(play.state.injections[0].t0.is_none());
        assert_eq!(suggested(&play)[0].injection, None, "nobody can know yet");
        play.until(|state| state.injections[0].t0.is_some());
        let seen = suggested(&play).remove(0);
        let t0 = play.state.injections[0].t0.unwrap();
        assert_eq!(t0.since(seen.at), Span::from_millis(before), "the lab answers at once");
        seen.injection
    };
    assert_eq!(likely(400), Some(InjectionId(0)));
    assert_eq!(likely(1_000), Some(InjectionId(0)));
    assert_eq!(likely(1_001), None, "no more than that");
}

#[test]
fn something_real_stops_everything_and_the_recording_goes_on() {
    let mut play = Play::begun();
    play.until(|state| state.injections[0].t0.is_some());
    let real = || Command::DeclareReal { by: by(), reason: "payments are down".into() };
    play.tell(real());
    assert!(play.state.halted.is_some() && play.state.load.curve.is_none());
    assert_eq!(play.status("slow"), "reverted");
    assert!(play.ask(real()).is_err());
    let release = Command::Release { by: by(), reason: "all well".into() };
    assert!(play.ask(release).unwrap_err().contains("real"));
    play.tell(open(SRE, "payments are down", Span::ZERO, None));
    play.pass(mins(30));
    assert_eq!(play.state.stage, Stage::Running, "nothing ends by itself");
    assert_eq!(play.took_effect().len(), 1, "and nothing begins");
    play.tell(Command::End { by: by(), reason: "mended".into() });
    play.until(|state| state.stage == Stage::Ended);
    assert_eq!(play.state.outcome.as_ref().unwrap().0, Outcome::Halted);
    assert!(play.ask(real()).is_err());
}

#[test]
fn roles_are_handed_over_and_people_come_later() {
    let mut day = plan();
    let person = |name: &str, team: Option<&str>, role| Person {
        name: name.into(),
        team: team.map(Into::into),
        role,
    };
    day.people.persons = vec![person("aiko", Some(SRE), Some(Role::IncidentCommander))];
    let mut play = Play::begun_with(header(day));
    let holders = |play: &Play, role| {
        let held = play.state.people.holders(role);
        held.map(|one| one.person.clone()).collect::<Vec<_>>()
    };
    assert_eq!(holders(&play, Role::IncidentCommander), ["aiko"]);
    let take = |role, person: &str| Command::TakeRole { role, person: person.into(), by: by() };
    assert!(play.ask(take(Role::IncidentCommander, "aiko")).is_err());
    play.tell(take(Role::IncidentCommander, "@ben"));
    assert_eq!(holders(&play, Role::IncidentCommander), ["ben"]);
    assert!(play.state.people.holdings[0].until.is_some());
    play.tell(take(Role::Observer, "cy"));
    play.tell(take(Role::Observer, "di"));
    assert_eq!(holders(&play, Role::Observer), ["cy", "di"]);
    assert!(play.state.log.iter().any(|one| one.text.contains("taking over from aiko")));

    let join = |one| Command::Join { person: one, by: by() };
    assert!(play.ask(join(person("eve", Some("payments"), None))).is_err());
    play.tell(Command::AddTeam { team: "payments".into(), by: by() });
    assert!(play.ask(Command::AddTeam { team: "payments".into(), by: by() }).is_err());
    play.tell(join(person("eve", Some("payments"), Some(Role::Scribe))));
    assert_eq!(holders(&play, Role::Scribe), ["eve"]);
    play.tell(note("payments", "we are here", Span::ZERO));
}

#[test]
fn cards_are_drawn_once_seen_by_whom_they_are_for_and_hints_cost() {
    let mut day = plan();
    day.people.deck = vec![
        DeckCard { name: "press".into(), to: None, text: "They ask.".into(), away: None },
        DeckCard { name: "away".into(), to: None, text: "Gone.".into(), away: Some("aiko".into()) },
    ];
    day.phases[1].injections[0].hints =
        vec![Hint { text: "look at the database".into(), cost: 10 }];
    let mut play = Play::begun_with(header(day));
    let draw =
        |card, to: Option<&str>| Command::DrawCard { card, to: to.map(Into::into), by: by() };
    assert!(play.ask(draw(0, Some("nobody"))).is_err());
    play.tell(draw(0, Some("support")));
    assert!(play.ask(draw(0, None)).unwrap_err().contains("drawn already"));
    assert!(play.ask(draw(7, None)).is_err());
    let seen =
        |team: &str| Command::AcknowledgeCard { card: 0, team: team.into(), author: "aiko".into() };
    assert!(play.ask(seen(SRE)).unwrap_err().contains("for support"));
    play.tell(seen("support"));
    assert!(play.ask(seen("support")).is_err());
    play.tell(draw(1, None));
    assert_eq!(play.state.cards[1].away.as_deref(), Some("aiko"));

    let hint = |hint, to: Option<&str>| Command::GiveHint {
        injection: InjectionId(0),
        hint,
        to: to.map(Into::into),
        by: by(),
    };
    play.tell(hint(0, Some(SRE)));
    assert!(play.ask(hint(0, Some(SRE))).is_err());
    play.tell(hint(0, None));
    assert!(play.ask(hint(0, Some("support"))).is_err(), "everyone has it");
    assert!(play.ask(hint(1, None)).is_err());
    assert_eq!(play.state.people.hints.iter().map(|one| one.cost).sum::<u32>(), 20);
}

/// What is expected of `slow`, which is in effect for three minutes; what happens; the answer, and words of its evidence.
#[test]
fn expectations_are_judged_by_what_happened_or_by_the_facilitator() {
    let of = |noticed, within: Option<u64>| Expected {
        noticed,
        within: within.map(secs),
        measure: None,
    };
    let team = |name: &str| Some(Noticed::Team(name.into()));
    for (expected, opens, bad, early, late, words) in [
        (of(Some(Noticed::Anyone), Some(60)), Some(20), false, Answer::Met, Answer::Met, "20s"),
        (
            of(Some(Noticed::Anyone), Some(10)),
            Some(20),
            false,
            Answer::NotMet,
            Answer::NotMet,
            "10s",
        ),
        (of(None, Some(60)), None, false, Answer::NoData, Answer::NotMet, "not noticed"),
        (of(team("support"), None), Some(20), false, Answer::NoData, Answer::NotMet, "support"),
        (of(team(SRE), None), Some(20), false, Answer::Met, Answer::Met, "sre (#1)"),
        (of(Some(Noticed::Nobody), None), None, false, Answer::NoData, Answer::Met, "nobody"),
        (of(Some(Noticed::Nobody), None), Some(20), false, Answer::NotMet, Answer::NotMet, "#1"),
        (
            of(Some(Noticed::Nobody), Some(5)),
            None,
            false,
            Answer::NoData,
            Answer::Met,
            "never left",
        ),
        (of(Some(Noticed::Nobody), Some(60)), None, true, Answer::Met, Answer::Met, "after T0"),
        (
            of(Some(Noticed::Nobody), Some(5)),
            None,
            true,
            Answer::NotMet,
            Answer::NotMet,
            "within 5s",
        ),
        (of(None, None), None, false, Answer::NotScored, Answer::NotScored, "facilitator"),
    ] {
        let mut day = plan();
        day.phases[1].injections[0].expect = Some("it holds".into());
        day.phases[1].injections[0].expected = expected.clone();
        let mut play = Play::begun_with(header(day));
        let judged = |play: &Play| expectation::judge(&play.state, &play.state.injections[0]);
        assert_eq!(judged(&play).unwrap().answer, Answer::NoData, "before it took effect");
        play.until(|state| state.injections[0].t0.is_some());
        play.availability = if bad { 0.5 } else { 1.0 };
        play.pass(secs(20));
        play.availability = 1.0;
        if opens.is_some() {
            play.tell(open(SRE, "slow", Span::ZERO, None));
        }
        play.pass(secs(20));
        let seen = judged(&play).unwrap();
        assert_eq!(seen.answer, early, "{expected:?}: {}", seen.evidence);
        play.until(|state| state.injections[0].reverted.is_some());
        let seen = judged(&play).unwrap();
        assert_eq!(seen.answer, late, "{expected:?}: {}", seen.evidence);
        assert!(seen.evidence.contains(words), "{expected:?}: {}", seen.evidence);
        assert!(expectation::judge(&play.state, &play.state.injections[1]).is_none());

        let (id, met, reason) = (InjectionId(0), late != Answer::Met, "we saw it".to_owned());
        play.tell(Command::JudgeExpectation { id, met, by: by(), reason });
        let word = judged(&play).unwrap();
        assert_eq!(word.answer, if met { Answer::Met } else { Answer::NotMet });
        assert!(word.evidence.contains("we saw it"));
    }
}

#[test]
fn improvements_are_noted_written_anew_and_taken_back() {
    let mut play = Play::begun();
    let says = |text: &str, category| Proposal {
        category,
        text: text.into(),
        owner: Some("@aiko".into()),
        due: None,
        evidence: vec![3],
    };
    let note = |id: Option<u32>, says| Command::NoteImprovement {
        id: id.map(ImprovementId),
        says,
        team: FACILITATOR.into(),
        author: "fran".into(),
    };
    play.tell(note(None, says("page on queue length", Category::Detection)));
    assert!(play.ask(note(None, says("  ", Category::Process))).is_err());
    assert!(play.ask(note(Some(9), says("x", Category::Process))).is_err());
    play.tell(note(Some(1), says("page on queue length", Category::Automation)));
    let noted = &play.state.people.improvements[0];
    assert_eq!(noted.says.owner.as_deref(), Some("aiko"));
    assert_eq!((noted.says.category, noted.before.len()), (Category::Automation, 1));
    assert_eq!(noted.before[0].1.category, Category::Detection);
    let id = ImprovementId(1);
    play.tell(Command::DropImprovement { id, by: by(), reason: "twice".into() });
    assert!(play.state.people.improvements[0].dropped.is_some());
    play.tell(note(Some(1), says("page on queue length", Category::Automation)));
    assert!(play.state.people.improvements[0].dropped.is_none());

    let settle = |done| Command::SettleEarlier { exercise: "x0".into(), entry: 7, done, by: by() };
    play.tell(settle(true));
    assert!(play.ask(settle(true)).is_err());
    play.tell(settle(false));
    assert_eq!(play.state.people.settled.len(), 2);
}
