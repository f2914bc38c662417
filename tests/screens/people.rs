//! People at the live screen: suggestions, incidents, the score board, cards and hints, roles, a real incident.

use std::sync::Arc;

use gameday::exercise::command::Command;
use gameday::exercise::decide::decide;
use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::id::{IncidentId, InjectionId};
use gameday::exercise::incident::{Cause, Severity};
use gameday::exercise::people::ShownStandings;
use gameday::exercise::signal::Signal;
use gameday::exercise::standings::standings;
use gameday::exercise::state::State;
use gameday::gameday::people::{Person, Role};
use gameday::gameday::span::Span;
use gameday::lang::{Lang, Language};
use gameday::port::feed::FeedItem;
use gameday::tui::action::ActionId;
use gameday::tui::answer::Outcome;
use gameday::tui::intake::take;
use gameday::tui::key::{Code, Key};
use gameday::tui::mouse::{Did, Mouse, Target};
use gameday::tui::pane::Pane;
use gameday::tui::place::Place;
use gameday::tui::scene::Scene;
use gameday::tui::theme::{Depth, Theme};
use gameday::tui::ui::{Overlay, Ui};
use gameday::tui::update::{mouse, press};
use gameday::tui::view::hits::hits;
use ratatui::layout::Rect;

use super::scenes;
use super::whole::{SIZES, buffer, facilitator, screen, screen_in, with_modifiers};

fn by() -> String {
    "facilitator".into()
}

fn key(word: &str) -> Key {
    match word {
        "enter" => Key::plain(Code::Enter),
        "esc" => Key::plain(Code::Esc),
        "tab" => Key::plain(Code::Tab),
        "space" => Key::char(' '),
        "right" => Key::plain(Code::Right),
        "left" => Key::plain(Code::Left),
        one => Key::char(one.chars().next().unwrap()),
    }
}

/// Keys with blanks between them.
fn play(state: &State, ui: &mut Ui, keys: &str) -> Vec<Command> {
    play_in(Language::English, state, ui, keys)
}

/// The same at a screen in some language.
fn play_in(language: Language, state: &State, ui: &mut Ui, keys: &str) -> Vec<Command> {
    let lang = Lang::new(language);
    let outcomes = keys.split_whitespace().flat_map(|word| press(key(word), state, ui));
    outcomes
        .map(|outcome| match outcome.in_language(&lang) {
            Outcome::Send(command) => *command,
            other => panic!("{other:?}"),
        })
        .collect()
}

fn after(state: &State, keys: &str) -> Ui {
    let mut ui = facilitator();
    assert_eq!(play(state, &mut ui, keys), [], "{keys}");
    ui
}

fn participant() -> Ui {
    let mut ui = Ui::new("ada");
    ui.for_participants();
    ui.turned = true;
    ui
}

/// The teams are shown how they stand.
fn shown() -> State {
    let mut state = scenes::people_later();
    let (teams, by) = (standings(&state), "facilitator".into());
    state.people.standings = Some(ShownStandings { teams, by, changed: false });
    state
}

fn cases() -> Vec<(&'static str, State, Ui)> {
    let (now, later) = (scenes::people(), scenes::people_later());
    let mut pane = facilitator();
    pane.panes.show(Pane::Incidents);
    let own = |keys: &str| after(&scenes::people(), keys);
    let then = |keys: &str| after(&scenes::people_later(), keys);
    let joined = scenes::joined(&scenes::people());
    let mut standing_there = participant();
    assert_eq!(play(&scenes::joined(&shown()), &mut standing_there, "b"), []);
    vec![
        ("people", now.clone(), facilitator()),
        ("people-pane", now.clone(), pane),
        ("people-suggestion", now.clone(), own("I")),
        ("people-incident", now.clone(), own("I j j")),
        ("people-nothing-behind", later.clone(), then("I j j j")),
        ("people-cause", now.clone(), own("I j j l")),
        ("people-board", later.clone(), then("b")),
        ("people-board-counts", later, then("b tab tab tab tab")),
        ("people-deck", now.clone(), own("C")),
        ("people-hints", now.clone(), own("C j j j")),
        ("people-hint", now.clone(), own("C j j j enter")),
        ("people-hint-sure", now.clone(), own("C j j j enter j j enter")),
        ("people-crew", now.clone(), own("w j")),
        ("people-role", now.clone(), own("w j enter")),
        ("people-real-asks", now, own("!")),
        ("people-real", scenes::real(), facilitator()),
        ("people-standings", scenes::joined(&shown()), standing_there),
        ("people-card", joined, participant()),
        ("people-real-joined", scenes::joined(&scenes::real()), participant()),
    ]
}

#[test]
fn every_scene_of_people_at_every_size() {
    for (name, state, ui) in cases() {
        for size in SIZES {
            let name = format!("{name}-{}x{}", size.0, size.1);
            insta::assert_snapshot!(name, screen(&state, &ui, size));
        }
        let text = screen_in(Language::Japanese, &state, &ui, (80, 24));
        insta::assert_snapshot!(format!("{name}-ja-80x24"), text);
    }
}

#[test]
fn what_of_people_remains_without_colour() {
    for (name, state, ui) in cases() {
        if ["people", "people-board", "people-real", "people-card", "people-standings"]
            .contains(&name)
        {
            let buffer = buffer(&state, &ui, (80, 24), Depth::Mono);
            insta::assert_snapshot!(format!("{name}-mono-80x24"), with_modifiers(&buffer));
        }
    }
}

#[test]
fn every_key_about_people_asks_for_its_command() {
    let open = |signal, title: &str, severity| Command::OpenIncident {
        team: "sre".into(),
        author: by(),
        title: title.into(),
        severity,
        ago: Span::ZERO,
        people: Vec::new(),
        tags: Vec::new(),
        signal: Some(signal),
    };
    let pods = Signal::Pods { nth: 0 };
    let rule = Signal::Guardrail { rule: 0, nth: 0 };
    let dead = || open(pods.clone(), "2 pods of web-app are dead", Severity::Sev3);
    let fires = || open(rule.clone(), "availability is 42%", Severity::Sev1);
    let aside = |signal: &Signal| Command::SetAside { signal: signal.clone(), by: by() };
    let link =
        |id, cause| Command::LinkIncident { id: IncidentId(id), cause, team: by(), author: by() };
    let draw =
        |card, to: Option<&str>| Command::DrawCard { card, to: to.map(Into::into), by: by() };
    let hint = |hint, to: Option<&str>| Command::GiveHint {
        injection: InjectionId(0),
        hint,
        to: to.map(Into::into),
        by: by(),
    };
    let take = |role, person: &str| Command::TakeRole { role, person: person.into(), by: by() };
    let join = |name: &str, team: Option<&str>| Command::Join {
        person: Person { name: name.into(), team: team.map(Into::into), role: None },
        by: by(),
    };
    let commander = Role::IncidentCommander;
    let table: Vec<(&str, Vec<Command>)> = vec![
        ("s", vec![dead()]),
        ("S", vec![aside(&pods)]),
        ("I s", vec![dead()]),
        ("I enter", vec![dead()]),
        ("I j s", vec![fires()]),
        ("I j S", vec![aside(&rule)]),
        ("I j j s", vec![]),
        ("I j j l enter", vec![link(2, Cause::Injection(InjectionId(0)))]),
        ("I j j l j enter", vec![link(2, Cause::Discovery)]),
        ("I j j j l j j enter", vec![link(1, Cause::Unknown)]),
        ("I j j l esc", vec![]),
        ("I l", vec![]),
        ("C enter enter", vec![draw(0, None)]),
        ("C enter j j enter", vec![draw(0, Some("development"))]),
        ("C j enter", vec![]),
        ("C j j enter enter", vec![draw(2, None)]),
        ("C j j enter j enter", vec![draw(2, Some("sre"))]),
        // The first hint is free, and new to all but one team; the second costs.
        ("C j j j enter enter", vec![hint(0, None)]),
        ("C j j j enter j enter", vec![hint(0, Some("sre"))]),
        ("C j j j enter j j enter", vec![]),
        ("C j j j enter j j enter enter enter", vec![]),
        ("C j j j enter j j enter j enter", vec![hint(1, Some("development"))]),
        ("w j enter enter", vec![take(commander, "bob")]),
        ("w j enter j j j enter c y enter", vec![take(commander, "cy")]),
        ("w j enter j j j enter enter", vec![]),
        ("w j j j j j j enter enter", vec![join("bob", Some("sre"))]),
        ("w n c y enter", vec![join("cy", None)]),
        ("w t d b a enter", vec![Command::AddTeam { team: "dba".into(), by: by() }]),
        ("! !", vec![Command::DeclareReal { by: by(), reason: String::new() }]),
        ("! enter", vec![Command::DeclareReal { by: by(), reason: String::new() }]),
        ("! esc !", vec![]),
        ("! x", vec![]),
        ("a", vec![Command::AcknowledgeCard { card: 0, team: "sre".into(), author: by() }]),
    ];
    let state = scenes::people();
    for (keys, want) in table {
        let got = play(&state, &mut facilitator(), keys);
        assert_eq!(got, want, "{keys}");
        // What the screen asks for is not refused.
        for command in got {
            let taken = decide(&state, command.clone(), state.now);
            assert!(taken.is_ok(), "{keys}: {taken:?}");
        }
    }
}

#[test]
fn what_asks_for_an_incident_is_said_in_the_language_of_the_screen() {
    let state = scenes::people();
    for (language, title, other) in [
        (Language::English, "2 pods of web-app are dead", "停止"),
        (Language::Japanese, "web-app の Pod 2 個が停止", "are dead"),
    ] {
        let mut ui = facilitator();
        play_in(language, &state, &mut ui, "I");
        let text = screen_in(language, &state, &ui, (120, 40)).replace(' ', "");
        assert!(text.contains(&title.replace(' ', "")), "{text}");
        assert!(!text.contains(&other.replace(' ', "")), "{text}");
        // So is the incident that is made of it.
        let opened = play_in(language, &state, &mut ui, "s");
        let [Command::OpenIncident { title: open, .. }] = &opened[..] else { panic!("{opened:?}") };
        assert_eq!(open, title);
    }
}

#[test]
fn after_something_real_nothing_of_an_exercise_can_be_done() {
    let state = scenes::real();
    for keys in ["x", "n", "+", "d", "c", "]", "[", "=", "R", "space", "! !"] {
        let mut ui = facilitator();
        assert_eq!(play(&state, &mut ui, keys), [], "{keys}");
        assert!(ui.notice.as_ref().is_some_and(|notice| notice.bad), "{keys} says why");
    }
    for (language, word) in [
        (Language::English, "THIS IS NO EXERCISE ANY MORE"),
        (Language::Japanese, "もう演習ではない"),
    ] {
        for size in SIZES {
            for state in [&state, &scenes::joined(&state)] {
                let text = screen_in(language, state, &facilitator(), size);
                assert!(text.replace(' ', "").contains(&word.replace(' ', "")), "{text}");
            }
        }
    }
    // Undoing what is left, writing and ending go on.
    assert_eq!(play(&state, &mut facilitator(), "q enter").len(), 1);
    assert_eq!(play(&state, &mut facilitator(), "i h enter").len(), 1);
    assert_eq!(play(&state, &mut facilitator(), "r enter").len(), 1);
}

#[test]
fn participants_open_and_acknowledge_but_decide_nothing_of_the_facilitator() {
    let state = scenes::joined(&scenes::people());
    let opened = play(&state, &mut participant(), "s");
    assert!(matches!(&opened[..], [Command::OpenIncident { signal: Some(_), .. }]), "{opened:?}");
    let seen = play(&state, &mut participant(), "a");
    assert!(matches!(&seen[..], [Command::AcknowledgeCard { card: 0, .. }]), "{seen:?}");
    for keys in ["S", "b", "C", "! !", "I l", "w enter enter", "w n", "w t"] {
        let mut ui = participant();
        assert_eq!(play(&state, &mut ui, keys), [], "{keys}");
        assert!(ui.dialog.is_none() && ui.chooser.is_none(), "{keys}");
        assert!(
            !matches!(ui.overlay, Some(Overlay::Board { .. } | Overlay::Deck { .. })),
            "{keys}"
        );
    }
    // The same at a screen that joined.
    let mut guest = Ui { turned: false, ..participant() };
    assert_eq!(play(&state, &mut guest, "a").len(), 1);
}

#[test]
fn the_board_shows_every_team_in_turn_and_its_place_is_kept() {
    let mut state = scenes::people_later();
    let mut header = (*state.header).clone();
    header.plan.teams.extend((1..=9).map(|number| format!("team-{number}")));
    state.header = header.into();
    let mut ui = facilitator();
    play(&state, &mut ui, "b");
    let first = screen(&state, &ui, (80, 24));
    assert!(first.contains("sre") && !first.contains("team-9"), "{first}");
    for _ in 0..12 {
        play(&state, &mut ui, "right");
    }
    let last = screen(&state, &ui, (80, 24));
    let heads = last.lines().find(|line| line.contains("TTD")).unwrap();
    assert!(heads.contains("team-9") && !heads.contains("sre"), "{last}");
    play(&state, &mut ui, "left");
    assert!(screen(&state, &ui, (80, 24)).contains("team-8"));
    for size in SIZES {
        let text = screen(&state, &ui, size);
        assert!(text.contains("TTD detect"), "{text}");
    }
}

#[test]
fn teams_see_how_they_stand_only_while_the_facilitator_shows_it() {
    let mut state = scenes::people_later();
    let mut ui = facilitator();
    let sent = play(&state, &mut ui, "b t");
    assert!(matches!(&sent[..], [Command::ShowBoard { show: true, .. }]), "{sent:?}");
    assert!(screen(&state, &ui, (120, 40)).contains("the teams are not shown this"));
    state = shown();
    assert!(screen(&state, &ui, (120, 40)).contains("the teams are shown how they stand"));
    let sent = play(&state, &mut ui, "t");
    assert!(matches!(&sent[..], [Command::ShowBoard { show: false, .. }]), "{sent:?}");
    let joined = scenes::joined(&state);
    let mut theirs = participant();
    assert_eq!(play(&joined, &mut theirs, "b t"), [], "it is not theirs to show");
    assert!(screen(&joined, &theirs, (80, 24)).contains("how the teams stand"));
}

#[test]
fn at_the_briefing_a_word_about_people_stops_the_countdown() {
    let state = scenes::briefing(20, 0);
    let mut ui = Ui { place: Place::Briefing, ..facilitator() };
    let sent = play(&state, &mut ui, "w t d b a enter");
    let holds = sent.iter().any(|one| matches!(one, Command::HoldBriefing { .. }));
    let adds = sent.iter().any(|one| matches!(one, Command::AddTeam { .. }));
    assert!(holds && adds && ui.stopped, "{sent:?}");
}

/// Names from outside are shown harmless, wherever people are.
#[test]
fn hostile_names_of_people_do_nothing_to_the_screen() {
    let mut state = scenes::people_later();
    let mut header = (*state.header).clone();
    let evil = "e\u{1b}[2J\u{202e}vil";
    header.plan.teams.push(evil.into());
    header.plan.people.deck[0].name = evil.into();
    header.plan.people.deck[0].text = evil.into();
    for planned in header.plan.phases.iter_mut().flat_map(|phase| &mut phase.injections) {
        planned.name = evil.into();
        for hint in &mut planned.hints {
            hint.text = evil.into();
        }
    }
    state.header = header.into();
    for person in &mut state.people.persons {
        person.name = evil.into();
        person.team = Some(evil.into());
    }
    for held in &mut state.people.holdings {
        (held.person, held.by) = (evil.into(), evil.into());
    }
    for incident in &mut state.incidents {
        incident.author = evil.into();
        incident.people = vec![evil.into()];
        incident.tags = vec![evil.into()];
        for edit in &mut incident.edits {
            (edit.title, edit.author) = (evil.into(), evil.into());
        }
    }
    for card in &mut state.cards {
        (card.text, card.name, card.away) = (evil.into(), evil.into(), Some(evil.into()));
        card.seen_by = vec![(state.now, evil.into(), evil.into())];
    }
    for keys in [
        "",
        "I",
        "I j j",
        "I j j l",
        "b",
        "C",
        "C enter",
        "C j j j enter",
        "C j j j j j",
        "w",
        "w j enter",
        "w j j j j j j j enter",
    ] {
        let mut ui = facilitator();
        play(&state, &mut ui, keys);
        for size in SIZES {
            let text = screen(&state, &ui, size);
            assert!(!text.contains('\u{1b}') && !text.contains('\u{202e}'), "{keys}: {text}");
        }
    }
}

#[test]
fn the_board_follows_what_happens_while_it_is_shown() {
    let mut state = scenes::people_later();
    let mut ui = facilitator();
    play(&state, &mut ui, "b");
    let row = |state: &State, ui: &Ui| {
        let text = screen(state, ui, (80, 24));
        text.lines().find(|line| line.contains("› pod-failure")).unwrap().to_owned()
    };
    assert!(!row(&state, &ui).contains('✗') && row(&state, &ui).matches('★').count() == 1);
    // The facilitator says that the first incident was about it after all: another team was first.
    let event = Event::IncidentLinked {
        id: IncidentId(1),
        cause: Cause::Injection(InjectionId(0)),
        by: by(),
    };
    let before = row(&state, &ui);
    let envelope = Envelope { seq: state.seq + 1, stamp: state.now, event };
    let now = envelope.stamp.elapsed;
    take(FeedItem::Event(Arc::new(envelope)), now, &mut state, &mut ui);
    let after = row(&state, &ui);
    assert_ne!(before, after);
    assert_eq!(
        after,
        row(&state, &Ui { board: None, ..ui }),
        "what is kept is what would be reckoned"
    );
}

#[test]
fn the_mouse_chooses_in_the_pane_in_the_lists_and_over_them() {
    let (theme, lang) = (Theme::named("dark", Depth::True).unwrap(), Lang::new(Language::English));
    let state = scenes::people();
    let size = Rect::new(0, 0, 120, 40);
    let click = |ui: &mut Ui, target: Target| {
        let scene = Scene { state: &state, ui, theme: &theme, lang: &lang, now: state.now };
        let hits = hits(&scene, size);
        let found = hits.iter().find(|hit| hit.target == target);
        let at = found.unwrap_or_else(|| panic!("{target:?} is not there")).area.as_position();
        mouse(Mouse { did: Did::Press, at }, &state, ui, &hits)
    };
    let mut ui = facilitator();
    // In the pane the first suggestion leaves room for the first incident.
    assert_eq!(click(&mut ui, Target::Incident(2)), []);
    assert_eq!(ui.overlay, Some(Overlay::Incidents { selected: 2 }));
    assert_eq!(click(&mut ui, Target::Item(1)), []);
    assert_eq!(ui.overlay, Some(Overlay::Incidents { selected: 1 }));
    let opened = click(&mut ui, Target::Action(ActionId::OpenSuggested));
    assert_eq!(opened.len(), 1, "{opened:?}");
    click(&mut ui, Target::Item(3));
    click(&mut ui, Target::Action(ActionId::Link));
    assert_eq!(click(&mut ui, Target::Item(1)), []);
    let linked = click(&mut ui, Target::Action(ActionId::Take));
    let [Outcome::Send(command)] = &linked[..] else { panic!("{linked:?}") };
    assert!(matches!(
        **command,
        Command::LinkIncident { id: IncidentId(1), cause: Cause::Discovery, .. }
    ));
    assert!(ui.chooser.is_none() && ui.overlay.is_some());
    // A card is clicked away where it stands.
    let joined = scenes::joined(&state);
    let mut ui = participant();
    let scene = Scene { state: &joined, ui: &ui, theme: &theme, lang: &lang, now: joined.now };
    let hits = hits(&scene, size);
    let card = hits.iter().find(|hit| hit.target == Target::Action(ActionId::SeenCard)).unwrap();
    let (at, hits) = (card.area.as_position(), hits.clone());
    let seen = mouse(Mouse { did: Did::Press, at }, &joined, &mut ui, &hits);
    assert_eq!(seen.len(), 1, "{seen:?}");
}
