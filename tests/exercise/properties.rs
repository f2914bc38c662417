//! Whatever happens, the exercise neither panics nor forgets a fault, and any prefix of it folds to the same state.

use gameday::exercise::command::{Command, LoadChange};
use gameday::exercise::event::Event;
use gameday::exercise::fold::apply;
use gameday::exercise::id::{IncidentId, InjectionId};
use gameday::exercise::incident::{Cause, IncidentStatus, Severity};
use gameday::exercise::state::{Stage, State};
use gameday::gameday::people::Role;
use gameday::gameday::span::Span;
use proptest::prelude::*;

use super::stage::{Play, mins};

#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "a few of them, in a test")]
enum Deed {
    Wait(u64),
    Ask(Command),
    Availability(f64),
    Fail(usize),
    Mend,
}

fn deeds() -> impl Strategy<Value = Deed> {
    let by = || "facilitator".to_owned();
    let id = || (0_usize..4).prop_map(InjectionId);
    let ask = prop_oneof![
        Just(Command::Hold { by: by(), reason: "r".into() }),
        Just(Command::Resume { by: by() }),
        Just(Command::SkipPhase { by: by() }),
        Just(Command::Halt { by: by(), reason: "r".into() }),
        Just(Command::Release { by: by(), reason: "r".into() }),
        Just(Command::End { by: by(), reason: "r".into() }),
        (0_u64..200_000)
            .prop_map(move |ms| Command::ExtendPhase { amount: Span::from_millis(ms), by: by() }),
        id().prop_map(move |id| Command::InjectNow { id, by: by() }),
        id().prop_map(move |id| Command::CancelInjection { id, by: by() }),
        id().prop_map(move |id| Command::Revert { id, by: by() }),
        (id(), 0_u64..300_000).prop_map(move |(id, ms)| Command::DelayInjection {
            id,
            amount: Span::from_millis(ms),
            by: by()
        }),
        prop_oneof![
            Just(LoadChange::Up),
            Just(LoadChange::Down),
            Just(LoadChange::BackToPlan),
            any::<f64>().prop_map(LoadChange::Set)
        ]
        .prop_map(move |change| Command::ChangeLoad { change, by: by() }),
        "\\PC{0,20}".prop_map(|title| Command::OpenIncident {
            team: "sre".into(),
            author: String::new(),
            title,
            severity: Severity::Sev3,
            ago: gameday::gameday::span::Span::ZERO,
            people: Vec::new(),
            tags: Vec::new(),
            signal: None
        }),
        (0_u32..3).prop_map(|id| Command::MoveIncident {
            id: IncidentId(id),
            to: IncidentStatus::Resolved,
            team: "sre".into(),
            author: String::new(),
            ago: gameday::gameday::span::Span::ZERO,
            of: None
        }),
        (0_u32..3, 0_usize..4).prop_map(|(id, injection)| Command::LinkIncident {
            id: IncidentId(id),
            cause: Cause::Injection(InjectionId(injection)),
            team: "facilitator".into(),
            author: String::new(),
        }),
        Just(Command::DeclareReal { by: by(), reason: String::new() }),
        "\\PC{0,5}".prop_map(move |team| Command::AddTeam { team, by: by() }),
        "\\PC{0,5}".prop_map(move |person| Command::TakeRole {
            role: Role::Scribe,
            person,
            by: by()
        }),
        "\\PC{0,9}".prop_map(|text| Command::EditLast {
            team: "sre".into(),
            author: String::new(),
            text
        }),
        Just(Command::LoadHasFailed { error: "e".into() }),
        Just(Command::TargetHasFailed { error: "e".into() }),
        (id(), 0_u32..3).prop_map(|(id, attempt)| Command::FaultReverted {
            id,
            attempt,
            evidence: "e".into()
        }),
        (id(), 0_u32..3).prop_map(|(id, round)| Command::FaultHasFailed {
            id,
            round,
            error: "e".into()
        }),
    ];
    prop_oneof![
        4 => (0_u64..120_000).prop_map(Deed::Wait),
        6 => ask.prop_map(Deed::Ask),
        1 => (0.0..=1.0).prop_map(Deed::Availability),
        1 => (0_usize..3).prop_map(Deed::Fail),
        1 => Just(Deed::Mend),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_course_ends_with_every_fault_undone(deeds in prop::collection::vec(deeds(), 0..40)) {
        let mut play = Play::begun();
        // What could not be undone when the exercise ended, in spite of all patience.
        let mut given_up = None;
        for deed in deeds {
            match deed {
                Deed::Wait(ms) => play.pass(Span::from_millis(ms)),
                Deed::Ask(command) => drop(play.ask(command)),
                Deed::Availability(share) => play.availability = share,
                Deed::Fail(index) => play.failing.push(InjectionId(index)),
                Deed::Mend => play.failing.clear(),
            }
            if play.state.stage == Stage::Ended {
                given_up.get_or_insert_with(|| play.failing.clone());
            }
        }
        play.failing.clear();
        drop(play.ask(Command::End { by: "facilitator".into(), reason: "over".into() }));
        play.pass(mins(3));
        prop_assert_eq!(play.state.stage, Stage::Ended);
        let given_up = given_up.unwrap_or_default();
        let (_, why) = play.state.outcome.clone().unwrap();
        for run in &play.state.injections {
            if given_up.contains(&run.id) && run.status.is_live() {
                let name = &play.state.planned(run.id).unwrap().name;
                prop_assert!(why.contains("NOT undone") && why.contains(name), "{why}");
            } else {
                prop_assert!(!run.status.is_live() && run.undos.is_empty(), "{run:?}");
            }
        }
        let end = play.events.iter().position(|one| matches!(one.event, Event::Ended { .. }));
        let after = play.events.iter().skip(end.unwrap_or_default() + 1);
        let begun = after.clone().find(|one| matches!(one.event, Event::RevertStarted { .. }));
        prop_assert!(begun.is_none(), "after the end: {begun:?}");
        let dense = play.events.iter().enumerate().all(|(at, one)| one.seq == at as u64 + 1);
        prop_assert!(dense);
        let mut again = State::new(play.state.header.clone());
        for envelope in &play.events {
            apply(&mut again, envelope);
        }
        prop_assert!(again == play.state, "the fold of the events is not the state");
    }

    #[test]
    fn any_order_of_events_folds(order in prop::collection::vec(any::<prop::sample::Index>(), 1..300)) {
        let mut play = Play::begun();
        play.pass(mins(25));
        let mut state = State::new(play.state.header.clone());
        for index in order {
            let mut envelope = index.get(&play.events).clone();
            if let Event::InjectionActive { id, .. } | Event::Reverted { id, .. } = &mut envelope.event {
                id.0 += usize::from(envelope.seq % 3 == 0) * 1_000;
            }
            apply(&mut state, &envelope);
        }
        prop_assert!(state.seq > 0);
    }
}
