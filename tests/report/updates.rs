//! Status updates: what they say, and that nothing stands in them which participants do not know.

use std::sync::Arc;

use gameday::exercise::event::{Envelope, Event};
use gameday::exercise::fold::apply;
use gameday::exercise::header::Header;
use gameday::exercise::participant::{Teller, begin, reveal};
use gameday::exercise::state::State;
use gameday::lang::{Lang, Language};
use gameday::report::update::{facts, text};
use proptest::prelude::*;

use super::english;
use crate::exercise::stage;
use crate::recording::arbitrary::envelopes;
use crate::recording::story;

/// Both sides of an exercise, event by event.
fn both(header: Header, events: &[Envelope], mut look: impl FnMut(&State, &State)) {
    let header = Arc::new(header);
    let mut whole = State::new(Arc::clone(&header));
    let mut teller = Teller::new(header);
    let mut told = begin(teller.header());
    for event in events {
        apply(&mut whole, event);
        if let Some(one) = teller.tell(event) {
            if let Some(plan) = &one.plan {
                reveal(&mut told, plan);
            }
            apply(&mut told, &one.envelope);
        }
        // What nobody is told may be what happened last.
        told.now = whole.now;
        look(&whole, &told);
    }
}

#[test]
fn the_facilitators_update_says_what_that_of_participants_says() {
    let mut header = story::header();
    header.plan.slos[0].name = "no database slowdown".into();
    let lang = english();
    let mut said = 0;
    both(header, &story::envelopes(), |whole, told| {
        let text = text(whole, &lang, None).unwrap();
        assert_eq!(text, gameday::report::update::text(told, &lang, None).unwrap());
        assert!(!text.contains("slowdown"), "{text}");
        said += usize::from(text.contains("promised")) + usize::from(text.contains("SEV"));
    });
    assert!(said > 20, "{said}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

    #[test]
    fn whatever_happens_an_update_knows_no_more_than_participants(events in envelopes(60)) {
        let lang = english();
        both(stage::header(stage::plan()), &events, |whole, told| {
            assert_eq!(facts(whole, &lang), facts(told, &lang));
        });
    }
}

/// The story after the last event before this second.
fn at(secs: u64) -> State {
    let mut state = State::new(Arc::new(story::header()));
    for event in story::envelopes() {
        if event.stamp.elapsed.as_millis() <= secs * 1_000 {
            apply(&mut state, &event);
        }
    }
    state
}

#[test]
fn it_says_what_is_broken_and_what_is_open_in_both_languages() {
    for (secs, language, wants) in [
        (
            5,
            Language::English,
            &["[EXERCISE] Status update, 2026-11-22 16:05 UTC", "No incident is open."][..],
        ),
        (
            5,
            Language::Japanese,
            &["[訓練] 状況報告 2026-11-22 16:05 UTC", "対応中のインシデントはありません。"],
        ),
        (
            132,
            Language::English,
            &["- latency_p99: ", "promised ≤ 200", "at worst", "Next update: "],
        ),
        (132, Language::Japanese, &["- latency_p99: 現在 ", "最悪値", "次回の報告: "]),
    ] {
        let says = text(&at(secs), &Lang::new(language), None).unwrap();
        for want in wants {
            assert!(says.contains(want), "{want} at {secs}:\n{says}");
        }
    }
}

#[test]
fn what_is_not_measured_is_not_called_kept() {
    let lang = english();
    let mut state = at(132);
    for run in &mut state.slos {
        (run.value, run.violations) = (None, Vec::new());
    }
    let says = text(&state, &lang, None).unwrap();
    assert!(says.contains("We cannot measure how we are doing at the moment."), "{says}");
    assert!(says.contains("Not measured at the moment: availability"), "{says}");
    state.slos[0].value = Some(1.0);
    let says = text(&state, &lang, None).unwrap();
    assert!(says.contains("Everything that we promise and measure is kept"), "{says}");
}

#[test]
fn something_real_is_no_exercise() {
    let mut events = story::envelopes();
    let last = events.last().unwrap().clone();
    let event = Event::RealIncidentDeclared { by: "ada".into(), reason: String::new() };
    events.push(Envelope { seq: last.seq + 1, event, ..last });
    let mut state = State::new(Arc::new(story::header()));
    events.iter().for_each(|event| apply(&mut state, event));
    assert!(text(&state, &english(), None).unwrap().starts_with("Status update"));
}

#[test]
fn a_template_of_the_user_gets_the_same_facts_and_its_text_does_nothing() {
    let lang = english();
    let state = at(132);
    let own = "{{ lang }}: {% for one in broken %}{{ one.name }} {{ one.lasts }}{% endfor %}\n\n\u{1b}[2Jnext: ";
    let says = text(&state, &lang, Some(own)).unwrap();
    let one = &facts(&state, &lang).broken[0];
    assert_eq!(says, format!("en: {} {}\n␛[2Jnext: ", one.name, one.lasts));
    for (wrong, wants) in [
        ("{% for one in broken %}", "updates.md.j2:1"),
        ("{{ faults[0].name }}", "updates.md.j2:1"),
        ("{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}", "fuel"),
    ] {
        let why = text(&state, &lang, Some(wrong)).unwrap_err();
        assert!(why.contains(wants), "{why}");
    }
}
