//! The whole interface in Japanese: no scene, place, overlay, question or answer shows a word of English.
//!
//! What comes from files, people and the target is veiled first, so that every Latin word left is the program's own.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock};

use gameday::exercise::header::Header;
use gameday::exercise::judge::judge_all;
use gameday::exercise::lever::LEVERS;
use gameday::exercise::note::Note;
use gameday::exercise::said::Said;
use gameday::exercise::state::{InjectionStatus, State};
use gameday::gameday::defence::Defence;
use gameday::lang::{Lang, Language};
use gameday::report::compare::model::Align;
use gameday::tui::action::ActionId;
use gameday::tui::compare::section::SECTIONS;
use gameday::tui::compare::{Compare, Compared};
use gameday::tui::key::{Code, Key};
use gameday::tui::palette;
use gameday::tui::pane::PANES;
use gameday::tui::place::Place;
use gameday::tui::replay::Replay;
use gameday::tui::suspend;
use gameday::tui::ui::{Mode, Ui};
use gameday::tui::update::{paste, press};

use super::whole::{SIZES, screen_in, texts};
use super::{compare, scenes};

/// Latin words that Japanese engineers write in Latin letters.
const TERMS: &[&str] = &[
    "gameday",
    "UTC",
    "SLO",
    "SLOs",
    "SEV",
    "Pod",
    "HTTP",
    "SQL",
    "CPU",
    "TLS",
    "GET",
    // Times of incidents, as the field has them.
    "TTD",
    "TTA",
    "TTM",
    "TTR",
    // As in `--blast-radius controlled`, and the seed beside it.
    "controlled",
    "seed",
];

/// Metrics, as files and objectives have them.
const METRICS: &[&str] = &["availability", "latency", "cache", "hit", "rate", "degraded"];

/// Keys, as they are labelled.
const KEYS: &[&str] = &[
    "Ctrl",
    "Enter",
    "Esc",
    "Tab",
    "Shift",
    "PgUp",
    "PgDn",
    "Home",
    "End",
    "Del",
    "Backspace",
    "space",
];

/// What is typed into the log's line, in the help.
const GRAMMAR: &[&str] = &[
    "title",
    "ack",
    "investigate",
    "mitigate",
    "resolve",
    "text",
    "false",
    "dup",
    "lesson",
    "action",
    "decision",
    "fix",
    "deploy",
    "config",
    "update",
    "pin",
    "well",
    "badly",
    "lucky",
    "improve",
    "sev",
    "edit",
    "link",
    "discovery",
    "none",
    "role",
    "join",
    "team",
    "got",
    "due",
    "detection",
    "runbook",
    // The examples behind them.
    "aiko",
    "ben",
    "shop",
    "sre",
    "payments",
];

/// Names that are typed and compared, not said: the facilitator's in place of a team.
const NAMES: &[&str] = &["facilitator"];

/// Letters of as many cells that are no Latin ones.
fn veil(text: &mut String) {
    let veiled = |one: char| match one {
        'a'..='z' => char::from_u32(0xff71 + u32::from(one) - u32::from('a')),
        'A'..='Z' => char::from_u32(0xff71 + u32::from(one) - u32::from('A')),
        other => Some(other),
    };
    *text = text.chars().filter_map(veiled).collect();
}

/// The same for what stands in the places of a sentence, and for one that is a text from elsewhere.
fn veil_said(said: &mut Said) {
    fn places(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::String(text) => veil(text),
            serde_json::Value::Object(said) => {
                let with = said.get_mut("with").and_then(serde_json::Value::as_array_mut);
                with.into_iter().flatten().for_each(|pair| places(&mut pair[1]));
            }
            _ => {}
        }
    }
    let mut value = serde_json::to_value(&*said).unwrap();
    places(&mut value);
    *said = serde_json::from_value(value).unwrap();
}

fn veil_map(labels: &mut BTreeMap<String, String>) {
    labels.values_mut().for_each(veil);
}

/// The state with everything veiled that is not the program's own word.
fn veiled(mut state: State) -> State {
    let mut header = Header::clone(&state.header);
    let plan = &mut header.plan;
    [&mut plan.title, &mut plan.name].into_iter().for_each(veil);
    plan.hypothesis.iter_mut().chain(&mut plan.rollback).chain(&mut plan.teams).for_each(veil);
    for objective in &mut plan.objectives {
        veil(&mut objective.title);
        objective.measure.iter_mut().for_each(|measure| veil(&mut measure.source));
    }
    plan.slos.iter_mut().for_each(|slo| veil(&mut slo.name));
    plan.guardrails.iter_mut().for_each(|rule| veil(&mut rule.when.source));
    for phase in &mut plan.phases {
        veil(&mut phase.name);
        for injection in &mut phase.injections {
            veil(&mut injection.name);
            injection.expect.iter_mut().for_each(veil);
            let selector = std::mem::take(&mut injection.experiment.selector);
            injection.experiment.selector = selector
                .into_iter()
                .map(|(mut key, mut value)| {
                    [&mut key, &mut value].into_iter().for_each(veil);
                    (key, value)
                })
                .collect();
        }
        phase.cards.iter_mut().for_each(|card| {
            veil(&mut card.text);
            card.to.iter_mut().for_each(veil);
        });
    }
    veil(&mut header.exercise);
    state.header = Arc::new(header);
    for run in &mut state.injections {
        veil(&mut run.by);
        run.victims.iter_mut().for_each(veil);
        [&mut run.evidence, &mut run.revert_evidence].into_iter().for_each(veil_said);
        run.problem.iter_mut().for_each(veil_said);
    }
    for stop in state.held.iter_mut().chain(&mut state.halted) {
        veil(&mut stop.by);
        veil_said(&mut stop.reason);
    }
    state.outcome.iter_mut().for_each(|(_, why)| veil_said(why));
    for pod in &mut state.topology.pods {
        veil(&mut pod.name);
        veil_said(&mut pod.note);
        veil_map(&mut pod.labels);
    }
    let mut readings = state.readings.to_vec();
    for breaker in readings.iter_mut().flat_map(|reading| &mut reading.breakers) {
        [&mut breaker.owner, &mut breaker.guards].into_iter().for_each(veil);
    }
    state.readings = readings.into();
    for (_, failover) in &mut state.failovers {
        [&mut failover.from, &mut failover.to].into_iter().for_each(veil);
        veil_said(&mut failover.by);
    }
    for entry in &mut state.log {
        veil_said(&mut entry.text);
        veil(&mut entry.author);
        entry.team.iter_mut().for_each(veil);
    }
    for incident in &mut state.incidents {
        [&mut incident.team, &mut incident.title].into_iter().for_each(veil);
        incident.moves.iter_mut().for_each(|(_, _, by)| veil(by));
    }
    state.briefing.held.iter_mut().chain(&mut state.briefing.go).for_each(|(_, by)| veil(by));
    if let Some((by, reason)) = &mut state.overridden {
        [by, reason].into_iter().for_each(veil);
    }
    state
}

fn scenes() -> Vec<(&'static str, State)> {
    let mut fragile = scenes::inside();
    let mut header = Header::clone(&fragile.header);
    Defence::ALL.into_iter().for_each(|one| header.plan.defences.set(one, false));
    fragile.header = Arc::new(header);
    let mut armed = scenes::running(100);
    armed.injections[0].status = InjectionStatus::Armed;
    armed.injections[1].status = InjectionStatus::Skipped;
    let all = vec![
        ("preparing", scenes::preparing()),
        ("preflight", scenes::preflight()),
        ("no-go", scenes::no_go()),
        ("running", scenes::running(100)),
        ("armed", armed),
        ("last phase", scenes::running(400)),
        ("fault-active", scenes::fault_active()),
        ("inside", scenes::inside()),
        ("fragile", fragile),
        ("promises-inside", scenes::promises_inside()),
        ("held", scenes::held()),
        ("halted", scenes::halted()),
        ("closing", scenes::closing()),
        ("ended", scenes::with_briefing(scenes::ended())),
        ("hostile", scenes::hostile()),
        ("spike", scenes::spike()),
        ("gap", scenes::gap()),
        ("spent", scenes::spent()),
        ("briefing-measuring", scenes::briefing(4, 0)),
        ("briefing-counts", scenes::briefing(11, 0)),
        ("briefing-no-go", scenes::briefing(20, 50)),
    ];
    all.into_iter().map(|(name, state)| (name, veiled(state))).collect()
}

/// The names of all actions, for finding them.
static LABELS: LazyLock<Vec<(ActionId, String)>> =
    LazyLock::new(|| palette::labels(&Lang::new(Language::Japanese)));

/// A screen at a place, with everything it may show, veiled where it is not the program's own.
fn at(state: &State, place: Place) -> Ui {
    let mut by = "facilitator".to_owned();
    veil(&mut by);
    let mut ui = Ui { place, ..Ui::new(by) };
    ui.verdicts = judge_all(state);
    ui.verdicts.iter_mut().for_each(|verdict| veil_said(&mut verdict.evidence));
    if place == Place::Debrief {
        ui.learnt.learn(state, texts(Language::Japanese));
        // Computed as it stands in the report, like that of objectives.
        let evidence = ui.learnt.expected.iter_mut().flatten();
        evidence.for_each(|verdict| veil_said(&mut verdict.evidence));
    }
    ui.labels.clone_from(&LABELS);
    ui.tongue.language = Language::Japanese;
    if place == Place::Replay {
        ui.replay = Some(replayed(state));
    }
    if place == Place::Compare {
        ui.compare = Some(Compare::new(Arc::clone(&COMPARED), Align::Injections));
    }
    ui
}

/// Three exercises beside each other, veiled where the words are not the program's own.
static COMPARED: LazyLock<Arc<Compared>> = LazyLock::new(|| {
    let mut comparison = compare::THREE.comparison.clone();
    for one in &mut comparison.exercises {
        let texts = [&mut one.file, &mut one.exercise, &mut one.name, &mut one.title];
        texts.into_iter().chain([&mut one.target]).for_each(veil);
    }
    comparison.differences.iter_mut().flat_map(|one| &mut one.values).for_each(veil);
    for row in comparison.groups.iter_mut().flat_map(|group| &mut group.rows) {
        row.of.iter_mut().chain(&mut row.team).for_each(veil);
        row.cells.iter_mut().filter_map(|cell| cell.evidence.as_mut()).for_each(veil);
    }
    let mut lines = compare::THREE.lines.clone();
    lines.iter_mut().flat_map(|one| &mut one.marks).for_each(|mark| veil(&mut mark.name));
    Arc::new(Compared { comparison, lines })
});

/// A recording that is shown at this state, with a note at it and something looked for.
fn replayed(state: &State) -> Replay {
    let (seq, at) = (state.seq, state.now.elapsed);
    let mut replay = Replay::new(seq + 1, at + at, [].into());
    (replay.at, replay.seq, replay.found, replay.playing) = (at, seq, [seq].into(), true);
    veil(&mut replay.sought);
    replay.notes = [(at, Note { seq, text: "ｱｱ".into() })].into();
    replay
}

/// The words of three letters or more that nothing excuses.
fn english(says: &str) -> BTreeSet<String> {
    // Levers are typed as they stand, in every language; defences stand so in files.
    let typed = LEVERS.iter().flat_map(|lever| lever.form.split(' '));
    let names = typed.chain(Defence::ALL.into_iter().map(Defence::name));
    let parts = names.flat_map(|name| name.split(|one: char| !one.is_ascii_alphabetic()));
    let allowed: Vec<&str> =
        [TERMS, KEYS, METRICS, GRAMMAR, NAMES].concat().into_iter().chain(parts).collect();
    // A box over it may hide the end or the beginning of a word.
    let excused =
        |word: &str| allowed.iter().any(|one| one.starts_with(word) || one.ends_with(word));
    says.split(|one: char| !one.is_ascii_alphabetic())
        .filter(|word| word.len() >= 3 && !excused(word))
        // Letters of exercises in a chart.
        .filter(|word| !word.chars().all(|one| matches!(one, 'A'..='D')))
        .map(str::to_owned)
        .collect()
}

/// Draws it and finds words of English.
fn look(name: &str, state: &State, ui: &Ui, size: (u16, u16), found: &mut Vec<String>) {
    let says = screen_in(Language::Japanese, state, ui, size);
    let words = english(&says);
    if !words.is_empty() {
        let lines = says.lines().filter(|line| !english(line).is_empty());
        let lines = lines.map(str::trim).collect::<Vec<_>>().join("\n  ");
        found.push(format!("{name}: {words:?}\n  {lines}"));
    }
}

fn none(found: &[String]) {
    let first = found.get(..found.len().min(12)).unwrap_or_default().join("\n");
    assert!(found.is_empty(), "{} screens show English:\n{first}", found.len());
}

#[test]
fn no_scene_at_any_place_shows_english() {
    let mut found = Vec::new();
    for (name, state) in scenes() {
        for size in SIZES {
            for place in [Place::Briefing, Place::Live, Place::Debrief, Place::Replay] {
                let name = format!("{name}, {place:?}, {size:?}");
                look(&name, &state, &at(&state, place), size, &mut found);
            }
        }
        for pane in PANES {
            let mut ui = at(&state, Place::Live);
            ui.panes.show(pane);
            look(&format!("{name}, {pane:?}"), &state, &ui, (120, 40), &mut found);
        }
        let mut shared = state.clone();
        shared.participants = true;
        let mut ui = at(&shared, Place::Live);
        ui.for_participants();
        look(&format!("{name}, participants"), &shared, &ui, (120, 40), &mut found);
        let mut ui = at(&state, Place::Debrief);
        for part in 0..4 {
            ui.learnt.part = part;
            look(&format!("{name}, part {part}"), &state, &ui, (80, 24), &mut found);
        }
    }
    none(&found);
}

#[test]
fn no_section_of_a_comparison_shows_english() {
    let (mut found, state) = (Vec::new(), veiled(scenes::preparing()));
    for size in SIZES {
        for section in SECTIONS {
            let mut ui = at(&state, Place::Compare);
            ui.compare.as_mut().unwrap().section = section;
            for top in [0, 15, 40] {
                ui.compare.as_mut().unwrap().tops = [top; SECTIONS.len()];
                look(&format!("{section:?}, {top}, {size:?}"), &state, &ui, size, &mut found);
            }
        }
    }
    none(&found);
}

/// So tall that no overlay has to be scrolled.
const TALL: (u16, u16) = (120, 150);

#[test]
fn no_key_leads_to_english() {
    let printable = (' '..='~').map(Key::char);
    let held = "xzcrpu".chars().map(Key::ctrl);
    let named = [Code::Enter, Code::Esc, Code::Tab, Code::Up, Code::F(1), Code::F(2), Code::F(3)];
    let keys: Vec<Key> = printable.chain(held).chain(named.map(Key::plain)).collect();
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut dialogs = 0;
    for (name, state) in scenes() {
        for place in [Place::Briefing, Place::Live, Place::Debrief, Place::Replay, Place::Compare] {
            for key in &keys {
                let mut ui = at(&state, place);
                press(*key, &state, &mut ui);
                // Who writes the log is told by its own grammar.
                if ui.mode == Mode::Typing || ui.place == Place::Report {
                    continue;
                }
                // What shows the same as before need not be drawn again.
                let shown =
                    (&ui.dialog, &ui.overlay, &ui.notice, ui.palette, ui.halting, ui.suspending);
                let told = format!("{shown:?} {}", if ui.palette { name } else { "" });
                if !seen.insert(told) {
                    continue;
                }
                let name = format!("{name}, {place:?}, {key}");
                look(&name, &state, &ui, TALL, &mut found);
                let asks = ui.dialog.as_ref().is_some_and(|dialog| dialog.answer.is_some());
                dialogs += usize::from(ui.dialog.is_some());
                for wrong in ["", "ア"].into_iter().filter(|_| asks) {
                    paste(wrong, &mut ui);
                    press(Key::plain(Code::Enter), &state, &mut ui);
                    look(&format!("{name}, {wrong:?}"), &state, &ui, TALL, &mut found);
                }
            }
        }
    }
    none(&found);
    assert!(dialogs >= 12, "only {dialogs} questions were asked");
}

#[test]
fn what_is_typed_into_the_palette_is_answered_in_japanese() {
    let state = veiled(scenes::inside());
    let mut found = Vec::new();
    for typed in [
        "",
        "ｱｱ",
        "restart ",
        "restart ア",
        "restarｱ ア",
        "scale",
        "scale ｳｱｱ ",
        "scale ア 0",
        "shed",
        "shed ア",
        "promote ア",
        "log ",
        "curl ",
        "restore-permission ",
        "roll-back ア",
        "flush-cache",
    ] {
        for team in [0, state.plan().teams.len()] {
            let mut ui = at(&state, Place::Live);
            press(Key::char(':'), &state, &mut ui);
            paste(typed, &mut ui);
            ui.team = team;
            look(typed, &state, &ui, TALL, &mut found);
            press(Key::plain(Code::Enter), &state, &mut ui);
            // Who writes the log is told by its own grammar.
            if ui.mode == Mode::Acting {
                look(&format!("{typed}, chosen"), &state, &ui, TALL, &mut found);
            }
        }
    }
    none(&found);
}

#[test]
fn the_shell_is_told_in_japanese() {
    let lang = Lang::new(Language::Japanese);
    for state in [scenes::halted(), scenes::running(100), scenes::fault_active()] {
        let told = suspend::farewell(&veiled(state), &lang).join("\n");
        assert!(!told.is_empty() && english(&told).is_empty(), "{told}");
    }
}
