//! The debrief: every part as a screen, and what its keys ask for.

use std::sync::Arc;

use gameday::exercise::command::Command;
use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::fold::apply;
use gameday::exercise::id::{ImprovementId, IncidentId, InjectionId};
use gameday::exercise::improvement::{Category, Proposal};
use gameday::exercise::incident::{Cause, Incident, IncidentStatus, Severity};
use gameday::exercise::judge::judge_all;
use gameday::exercise::log::{Audience, EntryKind, FACILITATOR, LogEntry};
use gameday::exercise::stamp::Stamp;
use gameday::exercise::state::State;
use gameday::gameday::span::Span;
use gameday::lang::{LANGUAGES, Lang, Language};
use gameday::report::earlier::{Exercise, Taught, Word};
use gameday::tui::answer::Outcome;
use gameday::tui::debrief::{ALL, Item, Part, items, selected};
use gameday::tui::key::{Code, Key};
use gameday::tui::layer::Layer;
use gameday::tui::mouse::{Did, Mouse, Target};
use gameday::tui::place::Place;
use gameday::tui::scene::Scene;
use gameday::tui::theme::{Depth, Theme};
use gameday::tui::ui::Ui;
use gameday::tui::update::{mouse, paste, press};
use gameday::tui::view::hits::hits;
use ratatui::layout::{Position, Rect};

use super::scenes::{self, at};
use super::whole::{buffer, rows, screen_in, texts};

const SIZES: [(u16, u16); 3] = [(80, 24), (120, 40), (200, 60)];

fn happens(state: &mut State, event: Event) -> u64 {
    let seq = state.seq + 1;
    apply(state, &Envelope { seq, stamp: state.now, event });
    seq
}

/// An ended exercise in which people have decided a few things already.
pub fn decided() -> State {
    let mut state = scenes::ended();
    let (team, author) = ("sre".to_owned(), "ada".to_owned());
    // Before anything was injected: somebody must say what it was.
    let early = Incident::new(IncidentId(2), "サポート", "検索が空になる", Severity::Sev3, at(60));
    let early = Incident {
        status: IncidentStatus::Resolved,
        moves: vec![(at(120), IncidentStatus::Resolved, "サポート".into())],
        ..early
    };
    state.incidents.push(early);
    let t0 = state.injections[1].t0.unwrap();
    state.log.push(LogEntry {
        seq: 90,
        stamp: t0,
        recorded: t0,
        exercise_time: t0.elapsed,
        team: None,
        author: String::new(),
        text: scenes::took_effect("database-slowdown", "answers take 200ms more"),
        kind: EntryKind::Note,
        incident: None,
        audience: Audience::Facilitator,
        evidence: Vec::new(),
        before: Vec::new(),
    });
    state.log.sort_by_key(|entry| entry.recorded);
    let text = "the team called early, and stayed calm".to_owned();
    let kind = EntryKind::WentWell;
    let logged = Event::Logged {
        team: team.clone(),
        author: author.clone(),
        text,
        kind,
        incident: None,
        evidence: Vec::new(),
        happened: None,
    };
    happens(&mut state, logged);
    let says = Proposal {
        category: Category::Runbook,
        text: "決済の手順書を書く: what to do when checkout is slow".into(),
        owner: Some("mei".into()),
        due: "2026-12-24".parse().ok(),
        evidence: vec![4, 5],
    };
    let id = ImprovementId(1);
    let noted =
        |id, says| Event::ImprovementNoted { id, says, team: team.clone(), author: author.clone() };
    let event = noted(id, says.clone());
    happens(&mut state, event);
    let event = noted(ImprovementId(2), Proposal { text: "buy a mainframe".into(), ..says });
    happens(&mut state, event);
    let (by, reason) = ("ada".to_owned(), "too dear".to_owned());
    happens(&mut state, Event::ImprovementDropped { id: ImprovementId(2), by, reason });
    state
}

fn taught(entry: u64, category: Option<Category>, text: &str) -> Taught {
    let owner = category.map(|_| "kim".to_owned());
    let due = category.and_then(|_| "2026-11-01".parse().ok());
    Taught { entry, at: Stamp::default(), category, text: text.into(), owner, due }
}

pub fn earlier() -> Vec<Exercise> {
    let done = Word {
        exercise: "first".into(),
        entry: 8,
        done: true,
        by: "ada".into(),
        at: Stamp::default(),
    };
    let day = 86_400_000;
    let began = 1_795_348_800_000;
    vec![
        Exercise {
            name: "first".into(),
            began: began - 14 * day,
            taught: vec![
                taught(7, None, "Warm the cache before the peak"),
                taught(8, None, "Tell support before the exercise"),
            ],
            words: Vec::new(),
        },
        Exercise {
            name: "second".into(),
            began: began - 7 * day,
            taught: vec![
                taught(5, None, "warm the cache before the peak."),
                taught(6, Some(Category::Detection), "Alert on p99, not on the mean"),
            ],
            words: vec![done],
        },
    ]
}

fn debrief(state: &State, part: Part, language: Language) -> Ui {
    let mut ui = Ui { place: Place::Debrief, ..Ui::new("facilitator") };
    ui.verdicts = judge_all(state);
    ui.learnt.learn(state, texts(language));
    ui.learnt.propose(state, texts(language));
    let problems = vec!["20261101T1200Z-black-friday-9999.jsonl: line 3 is damaged".to_owned()];
    ui.learnt.remember(earlier(), problems, state);
    ui.learnt.part = part as usize;
    ui
}

fn english(state: &State, part: Part) -> Ui {
    debrief(state, part, Language::English)
}

fn key(one: char) -> Key {
    match one {
        '\r' => Key::plain(Code::Enter),
        '\u{1b}' => Key::plain(Code::Esc),
        '\t' => Key::plain(Code::Tab),
        '⇤' => Key::plain(Code::BackTab),
        one => Key::char(one),
    }
}

/// The commands that keys give.
fn asked(keys: &str, state: &State, ui: &mut Ui) -> Vec<Command> {
    let outcomes = keys.chars().flat_map(|one| press(key(one), state, ui)).collect::<Vec<_>>();
    let command = |outcome| match outcome {
        Outcome::Send(command) => *command,
        other => panic!("{other:?}"),
    };
    outcomes.into_iter().map(command).collect()
}

#[test]
fn every_part_at_every_size() {
    let state = decided();
    for part in ALL {
        let name = format!("{part:?}").to_lowercase();
        for size in SIZES {
            let says = screen_in(Language::English, &state, &english(&state, part), size);
            insta::assert_snapshot!(format!("debrief-{name}-{}x{}", size.0, size.1), says);
        }
        let ui = debrief(&state, part, Language::Japanese);
        let says = screen_in(Language::Japanese, &state, &ui, (80, 24));
        insta::assert_snapshot!(format!("debrief-{name}-ja-80x24"), says);
    }
    for (name, part, keys) in [
        ("category", Part::Improvements, "c"),
        ("cause", Part::Incidents, "c"),
        ("evidence", Part::Improvements, "v"),
        ("due", Part::Improvements, "dx\r"),
        ("amend", Part::Badly, "e"),
    ] {
        let mut ui = english(&state, part);
        assert_eq!(asked(keys, &state, &mut ui), []);
        let says = screen_in(Language::English, &state, &ui, (80, 24));
        insta::assert_snapshot!(format!("debrief-asks-{name}-80x24"), says);
    }
    let mono = buffer(&state, &english(&state, Part::Improvements), (80, 24), Depth::Mono);
    let all = rows(&mono).join("\n");
    insta::assert_snapshot!("debrief-improvements-mono-80x24", all);
}

#[test]
fn the_briefing_says_what_is_still_open() {
    let state = scenes::briefing(11, 0);
    let mut ui = Ui { place: Place::Briefing, ..Ui::new("facilitator") };
    ui.learnt.remember(earlier(), Vec::new(), &state);
    for size in SIZES {
        let says = screen_in(Language::English, &state, &ui, size);
        insta::assert_snapshot!(format!("briefing-earlier-{}x{}", size.0, size.1), says);
    }
    let says = screen_in(Language::English, &state, &ui, (200, 60));
    assert!(says.contains("warm the cache before the peak") && says.contains("repeated: 2 times"));
    assert!(!says.contains("Tell support"), "that is done");
}

#[test]
fn a_proposal_is_taken_over_edited_or_set_aside() {
    let state = decided();
    let mut ui = english(&state, Part::Badly);
    let before = items(&state, &ui, Part::Badly);
    let Item::Line(first) = before[0] else { panic!("{before:?}") };
    let text = ui.learnt.lines[first].text.clone();
    let taken = asked("a", &state, &mut ui);
    let line = |text: &str| Command::Log {
        team: "sre".into(),
        author: "facilitator".into(),
        text: text.into(),
        kind: EntryKind::WentBadly,
        incident: None,
        evidence: Vec::new(),
        ago: Span::ZERO,
    };
    assert_eq!(taken, [line(&text)]);
    assert_eq!(items(&state, &ui, Part::Badly), before[1..], "it is proposed once");
    // In other words: the proposal stands in the line, to be changed.
    let Item::Line(second) = before[1] else { panic!("{before:?}") };
    let text = ui.learnt.lines[second].text.clone();
    assert_eq!(asked("e!\r", &state, &mut ui), [line(&format!("{text}!"))]);
    assert_eq!(items(&state, &ui, Part::Badly), before[2..]);
    // Set aside, nothing is asked of the exercise; Esc keeps the proposal.
    assert_eq!(asked("e\u{1b}", &state, &mut ui), []);
    assert_eq!(items(&state, &ui, Part::Badly), before[2..]);
    assert_eq!(asked("x", &state, &mut ui), []);
    assert_eq!(items(&state, &ui, Part::Badly), before[3..]);
    // One of its own.
    assert_eq!(asked("+slow\r", &state, &mut ui), [line("slow")]);
    assert_eq!(asked("+\r", &state, &mut ui), [], "nothing is nothing");
}

#[test]
fn what_was_written_is_not_proposed_again() {
    let mut state = decided();
    let ui = english(&state, Part::Badly);
    let before = items(&state, &ui, Part::Badly);
    let Item::Line(first) = before[0] else { panic!("{before:?}") };
    let logged = Event::Logged {
        team: "sre".into(),
        author: "ada".into(),
        text: ui.learnt.lines[first].text.clone(),
        kind: EntryKind::WentBadly,
        incident: None,
        evidence: Vec::new(),
        happened: None,
    };
    let seq = happens(&mut state, logged);
    let again = items(&state, &english(&state, Part::Badly), Part::Badly);
    assert_eq!(again[0], Item::Written(seq));
    assert_eq!(again.len(), before.len());
}

#[test]
fn an_improvement_gets_category_owner_date_and_evidence() {
    let state = decided();
    let mut ui = english(&state, Part::Improvements);
    let says = state.people.improvements[0].says.clone();
    let noted = |says: Proposal| {
        let (team, author) = ("sre".to_owned(), "facilitator".to_owned());
        vec![Command::NoteImprovement { id: Some(ImprovementId(1)), says, team, author }]
    };
    assert_eq!(selected(&state, &ui), Some(Item::Improvement(ImprovementId(1))));
    let category = Category::Process;
    assert_eq!(asked("cj\r", &state, &mut ui), noted(Proposal { category, ..says.clone() }));
    assert_eq!(asked("c\r", &state, &mut ui), [], "as it was");
    let owner = Some("mei-chan".to_owned());
    assert_eq!(asked("@-chan\r", &state, &mut ui), noted(Proposal { owner, ..says.clone() }));
    // A date that is none stays in the question, and is said.
    assert_eq!(asked("d?\r", &state, &mut ui), []);
    assert!(ui.dialog.as_ref().unwrap().problem.is_some());
    for _ in 0..11 {
        press(Key::plain(Code::Backspace), &state, &mut ui);
    }
    let due = "2027-01-31".parse().ok();
    assert_eq!(asked("2027-01-31\r", &state, &mut ui), noted(Proposal { due, ..says.clone() }));
    // Evidence: the list opens at what is marked; one mark goes, another comes.
    assert_eq!(asked("v", &state, &mut ui), []);
    assert_eq!(ui.layer(), Layer::Picking);
    assert_eq!(ui.picking.as_ref().unwrap().marked, [4, 5]);
    // A mark goes to the next line, one more is passed over.
    let place = state.log.iter().position(|entry| entry.seq == 4).unwrap();
    let evidence = vec![5, state.log[place + 2].seq];
    assert_eq!(asked(" j \r", &state, &mut ui), noted(Proposal { evidence, ..says }));
    assert_eq!(asked("v\r", &state, &mut ui), [], "as it was");
}

#[test]
fn an_incident_is_explained_and_a_fault_judged() {
    let state = decided();
    let mut ui = english(&state, Part::Incidents);
    let link = |id, cause| {
        let (team, author) = (FACILITATOR.to_owned(), "facilitator".to_owned());
        vec![Command::LinkIncident { id: IncidentId(id), cause, team, author }]
    };
    // The first is explained by time and target already; the second was before everything.
    let pod = InjectionId(0);
    assert_eq!(asked("c\r", &state, &mut ui), link(1, Cause::Injection(pod)));
    assert_eq!(asked("jc\r", &state, &mut ui), link(2, Cause::Discovery));
    assert_eq!(asked("cj\r", &state, &mut ui), link(2, Cause::Unknown));
    let mut ui = english(&state, Part::Expectations);
    let judged = asked("njust fine\r", &state, &mut ui);
    let (by, reason) = ("facilitator".to_owned(), "just fine".to_owned());
    assert_eq!(judged, [Command::JudgeExpectation { id: pod, met: false, by, reason }]);
    let mut ui = english(&state, Part::Objectives);
    let scored = asked("jjmcalm\r", &state, &mut ui);
    let (by, reason) = ("facilitator".to_owned(), "calm".to_owned());
    assert_eq!(scored, [Command::ScoreObjective { objective: 2, met: true, by, reason }]);
}

#[test]
fn new_improvements_dropped_ones_and_earlier_ones() {
    let state = decided();
    let mut ui = english(&state, Part::Improvements);
    let noted = asked("+jj\rlet it cope\r", &state, &mut ui);
    let says = Proposal {
        category: Category::Resilience,
        text: "let it cope".into(),
        owner: None,
        due: None,
        evidence: Vec::new(),
    };
    let (team, author) = ("sre".to_owned(), "facilitator".to_owned());
    assert_eq!(noted, [Command::NoteImprovement { id: None, says, team, author }]);
    let dropped = asked("xno budget\r", &state, &mut ui);
    let (id, by, reason) = (ImprovementId(1), "facilitator".to_owned(), "no budget".to_owned());
    assert_eq!(dropped, [Command::DropImprovement { id, by, reason }]);
    assert_eq!(asked("j@", &state, &mut ui), [], "a dropped one has no owner");
    assert!(ui.notice.as_ref().unwrap().bad && ui.dialog.is_none());
    // What is proposed carries its evidence along.
    let Some(at) = items(&state, &ui, Part::Improvements)
        .iter()
        .position(|item| matches!(item, Item::Proposed(_)))
    else {
        panic!("nothing is proposed")
    };
    ui.learnt.at[Part::Improvements as usize] = at;
    let taken = asked("a", &state, &mut ui);
    let [Command::NoteImprovement { id: None, says, .. }] = taken.as_slice() else {
        panic!("{taken:?}")
    };
    assert!(!says.evidence.is_empty());

    let mut ui = english(&state, Part::Earlier);
    let settle = |exercise: &str, entry, done| {
        let (exercise, by) = (exercise.to_owned(), "facilitator".to_owned());
        vec![Command::SettleEarlier { exercise, entry, done, by }]
    };
    assert_eq!(asked("t", &state, &mut ui), settle("second", 5, true));
    assert_eq!(asked("jjt", &state, &mut ui), settle("first", 8, false));
}

#[test]
fn the_mouse_goes_through_parts_and_picks() {
    let state = decided();
    let (theme, lang) = (Theme::named("dark", Depth::True).unwrap(), Lang::new(Language::English));
    for size in [Rect::new(0, 0, 80, 24), Rect::new(0, 0, 120, 40)] {
        let mut ui = english(&state, Part::Objectives);
        let click = |ui: &mut Ui, target: Target| {
            let scene = Scene { state: &state, ui, theme: &theme, lang: &lang, now: state.now };
            let reached = hits(&scene, size);
            let hit = reached.iter().find(|hit| hit.target == target);
            let area = hit.unwrap_or_else(|| panic!("{target:?} at {size:?}")).area;
            let at = Position::new(area.x, area.y);
            let reaches = reached.at(at).unwrap().target;
            assert_eq!(reaches, target, "covered");
            mouse(Mouse { did: Did::Press, at }, &state, ui, &reached)
        };
        click(&mut ui, Target::Part(Part::Incidents as usize));
        click(&mut ui, Target::Learnt(1));
        assert_eq!(selected(&state, &ui), Some(Item::Incident(IncidentId(2))));
        press(Key::char('c'), &state, &mut ui);
        assert_eq!(click(&mut ui, Target::Pick(1)).len(), 1, "one is taken at once");
        assert_eq!(ui.layer(), Layer::Screen);
        click(&mut ui, Target::Part(Part::Improvements as usize));
        press(Key::char('v'), &state, &mut ui);
        click(&mut ui, Target::Pick(0));
        assert_eq!(ui.picking.as_ref().unwrap().marked.len(), 3, "marked, and the list stays");
    }
}

#[test]
fn parts_go_round_and_text_pasted_into_a_list_goes_nowhere() {
    let state = decided();
    let mut ui = english(&state, Part::Objectives);
    asked("⇤", &state, &mut ui);
    assert_eq!(Part::chosen(&ui), Part::Earlier);
    asked("\t\t", &state, &mut ui);
    assert_eq!(Part::chosen(&ui), Part::Expectations);
    ui.learnt.part = Part::Improvements as usize;
    asked("v", &state, &mut ui);
    paste("q", &mut ui);
    assert!(ui.draft.is_empty() && ui.layer() == Layer::Picking);
    asked("\u{1b}", &state, &mut ui);
    assert_eq!(ui.layer(), Layer::Screen);
}

#[test]
fn nothing_panics_at_any_size() {
    let state = decided();
    let mut hostile = decided();
    let mut header = (*hostile.header).clone();
    header.plan.teams.push("\u{1b}[2J".into());
    hostile.header = Arc::new(header);
    for state in [&state, &hostile, &scenes::running(10)] {
        for part in ALL {
            for keys in ["", "c", "v", "jjjj"] {
                for language in LANGUAGES {
                    let mut ui = debrief(state, part, language);
                    asked(keys, state, &mut ui);
                    for size in [(1, 1), (60, 16), (80, 24), (110, 34)] {
                        screen_in(language, state, &ui, size);
                    }
                }
            }
        }
    }
}
