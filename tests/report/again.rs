//! `gameday from-recording`: what it writes can always be run, plans what was planned where all went as planned, and else goes
//! as the exercise went.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gameday::cli::from_recording::run;
use gameday::exercise::command::{Command, LoadChange};
use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::header::Header;
use gameday::exercise::rehearsal::{Crew, Rehearsal};
use gameday::exercise::state::Stage;
use gameday::gameday::load::LoadPattern;
use gameday::gameday::people::{DeckCard, Hint, Noticed, Person, Role};
use gameday::gameday::plan::{Card, GameDay, Objective, Target};
use gameday::gameday::problem::Severity;
use gameday::gameday::read::{inspect, read};
use gameday::gameday::span::Span;
use gameday::gameday::text::is_plain;
use gameday::gameday::write::write;
use gameday::report::again::again;
use proptest::collection::vec;
use proptest::prelude::*;

use super::folded;
use super::hostile::typed;
use crate::exercise::stage::{Play, header, mins, phase, plan as staged, secs};
use crate::recording::{arbitrary, story, written};

fn recording(folder: &Path, header: &Header, envelopes: &[Envelope]) -> PathBuf {
    let path = folder.join("story.jsonl");
    drop(std::fs::remove_file(&path));
    written(&path, header, envelopes);
    path
}

/// What is written of a recording.
fn again_of(header: &Header, envelopes: &[Envelope]) -> String {
    let scratch = tempfile::tempdir().unwrap();
    let said = run(&recording(scratch.path(), header, envelopes), None, false);
    assert!(said.success && said.notes.is_empty(), "{said:?}");
    said.text
}

fn after(play: &Play) -> String {
    again_of(&play.state.header, &play.events)
}

/// The plan of a written file, which has no errors.
fn plan(text: &str) -> GameDay {
    let (plan, problems) = inspect(text, "again.yaml");
    assert_eq!(problems.count(Severity::Error), 0, "{problems:?}\n{text}");
    plan.unwrap()
}

/// Name, phase, seconds after its beginning, and how many seconds it stays.
fn faults(plan: &GameDay) -> Vec<(&str, &str, f64, Option<f64>)> {
    let each = plan.injections().map(|(phase, one)| {
        let stays = one.experiment.duration.map(Span::as_secs_f64);
        let phase = plan.phases[phase].name.as_str();
        (one.name.as_str(), phase, one.offset.as_secs_f64(), stays)
    });
    each.collect()
}

fn lengths(plan: &GameDay) -> Vec<(&str, f64)> {
    plan.phases.iter().map(|one| (one.name.as_str(), one.duration.as_secs_f64())).collect()
}

#[track_caller]
fn says(text: &str, lines: &[&str]) {
    for line in lines {
        assert!(text.lines().any(|one| one.trim_start() == *line), "{line}\n{text}");
    }
}

/// To its end; whoever is asked goes on.
fn to_the_end(play: &mut Play) {
    play.until(|state| matches!(state.stage, Stage::Ended));
}

fn by() -> String {
    "facilitator".to_owned()
}

/// Every game day of the program, played as planned.
#[test]
fn what_went_as_planned_is_the_plan() {
    let mut count = 0;
    for entry in std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/gamedays")).unwrap() {
        let path = entry.unwrap().path();
        let original = read(&std::fs::read_to_string(&path).unwrap(), "x.yaml").unwrap();
        let mut play = Play::new(header(original.clone()));
        play.tell(Command::TargetIsReady {
            base_url: "http://127.0.0.1:1".into(),
            what: "x".into(),
        });
        play.until(|state| matches!(state.stage, Stage::NoGo | Stage::Running));
        if play.state.stage == Stage::NoGo {
            // On this stage nobody looks inside the target.
            let reason = "no instruments here".to_owned();
            play.tell(Command::OverrideNoGo { by: by(), reason });
        }
        to_the_end(&mut play);
        assert!(play.state.pauses.is_empty(), "{}: {:?}", path.display(), play.state.pauses);
        let text = after(&play);
        let again = GameDay { name: original.name.clone(), ..plan(&text) };
        assert_eq!(again, original, "{}\n{text}", path.display());
        assert!(!text.to_lowercase().contains("# left out: "), "{text}");
        count += 1;
    }
    assert!(count > 10);
}

/// Two holds are not in it: ten seconds of the first phase, twenty of the second, all before the last fault.
#[test]
fn it_goes_as_it_went() {
    let mut header = story::header();
    header.plan.target = Target::Lab;
    let network = &mut header.plan.phases[1].injections[2].experiment;
    network.destination = Some(BTreeMap::from([("app".to_owned(), "database".to_owned())]));
    let text = again_of(&header, &story::envelopes());
    let again = plan(&text);
    assert_eq!(lengths(&again), [("normal", 60.0), ("peak", 120.0)]);
    assert_eq!(again.phases[1].load, Some(LoadPattern::Constant { rps: 1_000.0 }));
    assert_eq!(
        faults(&again),
        [
            ("pod-failure", "peak", 10.0, Some(15.0)),
            ("database-slowdown", "peak", 50.0, Some(15.0)),
            ("network-chaos", "peak", 95.0, Some(15.0)),
        ]
    );
    says(
        &text,
        &[
            "# Made from the recording of an exercise: 20261122T160500Z-story-1a2b, 2026-11-22 16:05 UTC.",
            "# the exercise stood still for 20s in it, which is not counted",
            "# - expect: what should come of 2 of the faults",
            "# +40s: incident #1 of sre, SEV2, resolved after 20s, no fault was behind it: A dashboard is stale",
        ],
    );
    assert!(!text.contains("Kim"), "{text}");
}

/// By hand, moved, cancelled, failed, undone early; a phase that was given more time and one that was cut.
#[test]
fn what_went_otherwise_is_told() {
    let mut play = Play::begun();
    play.pass(mins(5) + secs(30));
    play.tell(Command::ExtendPhase { amount: mins(3), by: by() });
    play.tell(Command::InjectNow { id: play.id("slow"), by: "Mika\u{1b}[2J\n- x".into() });
    play.pass(secs(20));
    play.tell(Command::ChangeLoad { change: LoadChange::Set(50.0), by: by() });
    play.tell(Command::Revert { id: play.id("slow"), by: by() });
    play.tell(Command::DelayInjection { id: play.id("kill"), amount: secs(90), by: by() });
    play.tell(Command::CancelInjection { id: play.id("slow-2"), by: by() });
    play.until(|state| state.phases[2].started.is_some());
    play.pass(secs(60));
    play.tell(Command::End { by: by(), reason: "enough".into() });
    to_the_end(&mut play);
    let text = after(&play);
    let again = plan(&text);
    assert_eq!(lengths(&again), [("calm", 300.0), ("ramp", 780.0), ("end", 60.0)]);
    assert_eq!(faults(&again), [("slow", "ramp", 30.0, Some(20.0)), ("kill", "ramp", 450.0, None)]);
    assert_eq!(again.phases[1].load, staged().phases[1].load);
    assert!(again.phases[2].cards.is_empty());
    says(
        &text,
        &[
            "# started by hand, by Mika\u{fffd}[2J\u{fffd}- x; planned for +2m of ramp",
            "# undone after 20s, planned for 3m: facilitator asked for it",
            "# moved by 1m30s",
            "# planned for 10m; it was given 3m more",
            "# its load was planned for that time, and is spread over this one",
            "# +50s: facilitator set the load to 50/s by hand",
            "# planned for 5m; the exercise ended in it",
            "# left out: it was skipped: cancelled by facilitator",
            "# left out: its phase was over before",
            "#   name: slow-2",
        ],
    );
}

#[test]
fn a_fault_that_failed_and_phases_that_did_not_run_are_left_out() {
    let mut play = Play::begun();
    play.risk = gameday::exercise::blast::Risk::High;
    play.pass(mins(8));
    play.tell(Command::SkipPhase { by: by() });
    play.tell(Command::End { by: by(), reason: "enough".into() });
    to_the_end(&mut play);
    let text = after(&play);
    let again = plan(&text);
    assert_eq!(lengths(&again), [("calm", 300.0), ("ramp", 180.0)]);
    assert_eq!(faults(&again), []);
    says(
        &text,
        &[
            "# left out: it was over at once, or the game day would last longer than 24h",
            "# - name: end",
            "# planned for 10m; the rest was skipped",
            "# left out: it was skipped: facilitator skipped the rest of its phase",
        ],
    );
    assert!(text.contains("# left out: it failed: blast radius: risk high (1 pods"), "{text}");
}

/// Where no load was planned it is what there was; what a person has to write is said; a password stays where it is.
#[test]
fn a_real_incident_leaves_much_to_be_written() {
    let mut header = story::header();
    header.drill = false;
    header.plan.phases.iter_mut().for_each(|phase| {
        phase.load = None;
        phase.injections.clear();
    });
    header.plan.hypothesis = None;
    header.plan.objectives.clear();
    let calm = |event: &Event| {
        !matches!(
            event,
            Event::InjectionArmed { .. }
                | Event::InjectionStarted { .. }
                | Event::InjectionActive { .. }
                | Event::RevertStarted { .. }
                | Event::Reverted { .. }
        )
    };
    let envelopes: Vec<Envelope> =
        story::envelopes().into_iter().filter(|one| calm(&one.event)).collect();
    let state = folded(header, &envelopes);
    let again = again(&state, &envelopes, &["its end is torn".to_owned()]);
    let text = write(&again.plan, &again.remarks);
    let plan = plan(&text);
    assert_eq!(plan.target, Target::Url { url: "http://shop.test:8080/".to_owned() });
    assert!(!text.contains("secret"), "{text}");
    let loads: Vec<_> = plan.phases.iter().map(|one| one.load.unwrap()).collect();
    assert_eq!(
        loads,
        [LoadPattern::Constant { rps: 100.0 }, LoadPattern::Constant { rps: 1_000.0 }]
    );
    says(
        &text,
        &[
            "# Made from the recording of a real incident: 20261122T160500Z-story-1a2b, 2026-11-22 16:05 UTC.",
            "# The recording: its end is torn",
            "# - what really happened: as faults, in chaos:, where the incidents are told",
            "# - hypothesis: what you believe will happen",
            "# - objectives: what the exercise is to show",
            "# no load was planned: this is what there was on average, from 100/s to 100/s",
            "# +21s: incident #2 of sre, SEV2, resolved after 20s, no fault was behind it: 店が落ちた | `rm -rf` <script>",
        ],
    );
}

#[test]
fn faults_behind_an_address_are_left_out_with_the_reason() {
    let text = again_of(&story::header(), &story::envelopes());
    assert_eq!(plan(&text).injections().count(), 0);
    assert!(text.contains("# left out: pod-failure cannot be injected into a URL: "), "{text}");
    // What speaks of one that is not there is left to the facilitator.
    let measure = "# left out: there is no injection \"database-slowdown\"\n    # measure: ";
    assert!(text.contains(measure), "{text}");
}

/// People who came later and teams that were added are there, and when a card was drawn.
#[test]
fn who_came_later_is_there_too() {
    let mut header = header(staged());
    let person = |name: &str, team: &str, role| Person {
        name: name.to_owned(),
        team: Some(team.to_owned()),
        role,
    };
    header.plan.people.persons.push(person("aiko", "sre", Some(Role::IncidentCommander)));
    let press = DeckCard {
        name: "press".to_owned(),
        to: None,
        text: "A newspaper asks.".to_owned(),
        away: None,
    };
    header.plan.people.deck.push(press);
    let mut play = Play::begun_with(header);
    play.pass(secs(90));
    play.tell(Command::AddTeam { team: "legal".to_owned(), by: by() });
    let person = person("ben", "legal", Some(Role::Scribe));
    play.tell(Command::Join { person: person.clone(), by: by() });
    play.tell(Command::DrawCard { card: 0, to: None, by: by() });
    to_the_end(&mut play);
    let text = after(&play);
    let again = plan(&text);
    assert_eq!(again.teams, ["sre", "support", "legal"]);
    assert_eq!(again.people.persons.len(), 2);
    assert_eq!(again.people.persons[1], person);
    says(&text, &["# drawn 1m30s after the beginning of the first phase"]);
}

/// A rehearsal ran faster than it was planned: what is written has the times of the plan.
#[test]
fn a_rehearsal_has_the_times_of_its_plan() {
    let mut original = staged();
    original.people.response.detect = Some(mins(2));
    let rehearsal = Rehearsal { speed: 20.0, crew: Crew::Absent };
    let header = Header { rehearsal: Some(rehearsal), ..header(original.rehearsed(20.0)) };
    let mut play = Play::begun_with(header);
    to_the_end(&mut play);
    let text = after(&play);
    let again = plan(&text);
    assert_eq!(lengths(&again), [("calm", 300.0), ("ramp", 600.0), ("end", 300.0)]);
    assert_eq!(faults(&again), faults(&original));
    assert_eq!(again.people.response, original.people.response);
    assert!(
        text.starts_with("# Made from the recording of a rehearsal, at 20× the speed"),
        "{text}"
    );
}

#[test]
fn where_no_phase_ever_began_all_is_as_planned() {
    let text = again_of(&header(staged()), &[]);
    assert_eq!(GameDay { name: "play".to_owned(), ..plan(&text) }, staged());
    says(&text, &["# No phase ever began: everything is as it was planned."]);
}

/// A recording that ends in the middle of it.
#[test]
fn a_recording_that_ends_early_has_what_ran() {
    let mut play = Play::begun();
    play.pass(mins(8));
    let text = after(&play);
    let again = plan(&text);
    assert_eq!(lengths(&again), [("calm", 300.0), ("ramp", 180.0)]);
    assert_eq!(faults(&again), [("slow", "ramp", 120.0, Some(60.0))]);
    says(
        &text,
        &[
            "# it was still there when the recording ends",
            "# left out: it had not begun when the exercise ended",
            "# left out: it did not run",
        ],
    );
}

#[test]
fn nothing_is_overwritten() {
    let scratch = tempfile::tempdir().unwrap();
    let path = recording(scratch.path(), &story::header(), &story::envelopes());
    let out = scratch.path().join("again.yaml");
    let said = run(&path, Some(&out), false);
    assert!(said.success && said.text.starts_with("wrote "), "{said:?}");
    let text = std::fs::read_to_string(&out).unwrap();
    assert_eq!(text, run(&path, None, false).text);
    std::fs::write(&out, "mine").unwrap();
    let said = run(&path, Some(&out), false);
    assert!(!said.success && said.notes.contains("is there already"), "{said:?}");
    assert_eq!(std::fs::read_to_string(&out).unwrap(), "mine");
}

#[test]
fn a_changed_recording_is_only_taken_where_that_is_asked_for() {
    let scratch = tempfile::tempdir().unwrap();
    let path = recording(scratch.path(), &story::header(), &story::envelopes());
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replacen("dashboard", "keyboard", 1)).unwrap();
    let said = run(&path, None, false);
    assert!(!said.success && said.notes.contains("--anyway"), "{said:?}");
    assert!(run(&path, None, true).success);
}

/// A plan with `raw` wherever words or names stand, and `spans` for its times.
fn spoiled(raw: &[String], spans: &[u64]) -> GameDay {
    let mut words = raw.iter().cycle().cloned();
    let mut word = || words.next().unwrap();
    let mut spans = spans.iter().cycle().map(|millis| Span::from_millis(*millis));
    let mut plan = staged();
    plan.title = word();
    plan.hypothesis = Some(word());
    plan.rollback = Some(word());
    plan.teams.push(word());
    plan.target = Target::Url { url: format!("http://shop.test/{}", word()) };
    plan.objectives.push(Objective { title: word(), measure: None });
    plan.slos[0].name = word();
    plan.guardrails[0].when.source = word();
    plan.people.persons.push(Person { name: word(), team: Some(word()), role: Some(Role::Scribe) });
    plan.people.deck.push(DeckCard { name: word(), to: Some(word()), text: word(), away: None });
    let mut extra = phase(&word(), mins(1), LoadPattern::Constant { rps: 5.0 }, Vec::new());
    extra.cards.push(Card { offset: secs(1), to: Some(word()), text: word(), away: Some(word()) });
    plan.phases.push(extra);
    for phase in &mut plan.phases {
        phase.duration = spans.next().unwrap();
        for one in &mut phase.injections {
            one.name = word();
            one.offset = spans.next().unwrap();
            one.expect = Some(word());
            one.expected.noticed = Some(Noticed::Team(word()));
            one.hints.push(Hint { text: word(), cost: 3 });
            one.experiment.selector = BTreeMap::from([(word(), word())]);
        }
    }
    plan
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(150) })]

    /// Whatever stands in a recording, the file is a game day, and nothing in it can harm a terminal.
    #[test]
    fn whatever_was_recorded_what_is_written_can_be_run(
        raw in vec(prop_oneof![typed(), any::<String>()], 1..8),
        spans in vec(prop_oneof![0..3_000_u64, 1_000..9_000_000_u64, any::<u64>()], 1..8),
        on_the_lab in any::<bool>(),
        speed in proptest::option::of(any::<f64>()),
        envelopes in arbitrary::envelopes(30),
    ) {
        let mut header = header(spoiled(&raw, &spans));
        if on_the_lab {
            header.plan.target = Target::Lab;
        }
        header.rehearsal = speed.map(|speed| Rehearsal { speed, crew: Crew::Usual });
        let state = folded(header, &envelopes);
        let again = again(&state, &envelopes, &raw);
        let text = write(&again.plan, &again.remarks);
        plan(&text);
        prop_assert!(text.chars().all(|c| c == '\n' || is_plain(c)), "{text}");
    }

    /// Words stand in the file as they are, whatever they are: what is no control character is read back.
    #[test]
    fn words_are_read_back(raw in typed()) {
        let mut header = header(staged());
        header.plan.title = format!("a{raw}b");
        let again = plan(&write(&header.plan, &Default::default()));
        let wanted = gameday::gameday::text::plain_lines(&header.plan.title);
        prop_assert_eq!(again.title, wanted);
        prop_assert_eq!(again.phases, header.plan.phases);
    }
}

#[test]
fn what_is_no_game_day_at_all_keeps_its_length() {
    let mut header = header(staged());
    header.plan.phases.iter_mut().for_each(|phase| phase.name = "no name".to_owned());
    let text = again_of(&header, &[]);
    assert_eq!(plan(&text).duration(), staged().duration());
    says(
        &text,
        &["# Too much of what was recorded is no game day: only its length could be kept."],
    );
}
