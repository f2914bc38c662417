//! What the debrief proposes: only what the recording shows, each with what it rests on.

use gameday::exercise::event::Event;
use gameday::exercise::log::EntryKind;
use gameday::exercise::state::State;
use gameday::gameday::defence::Defence;
use gameday::gameday::people::Noticed;
use gameday::lang::{Lang, Language};
use gameday::report::model::Report;
use gameday::report::proposal::{improvements, lines};

use super::folded;
use crate::recording::story;

fn said(state: &State, kind: EntryKind) -> Vec<String> {
    let lang = Lang::new(Language::English);
    let of_kind = lines(state).into_iter().filter(|line| line.kind == kind);
    of_kind.map(|line| lang.message(&line.says).into_owned()).collect()
}

fn has(state: &State, kind: EntryKind, words: &str) -> bool {
    said(state, kind).iter().any(|line| line.contains(words))
}

#[test]
fn the_story_is_told_as_it_was() {
    let state = folded(story::header(), &story::envelopes());
    let (well, badly) = (EntryKind::WentWell, EntryKind::WentBadly);
    assert!(has(&state, well, "sre noticed"), "{:?}", said(&state, well));
    assert!(
        has(&state, badly, "SLO availability was outside for 18.0s"),
        "{:?}",
        said(&state, badly)
    );
    assert!(has(&state, badly, "nobody noticed"), "{:?}", said(&state, badly));
    // Every one rests on something: lines of the log, or an instant.
    for line in lines(&state) {
        for seq in &line.evidence {
            assert!(state.log.iter().any(|entry| entry.seq == *seq), "{line:?}");
        }
        assert!(line.at.elapsed <= state.now.elapsed, "{line:?}");
    }
    assert!(!improvements(&Report::from_state(&state), &Lang::new(Language::Japanese)).is_empty());
}

#[test]
fn nothing_is_proposed_of_what_did_not_happen() {
    let nothing = folded(story::header(), &[]);
    assert_eq!(lines(&nothing).iter().filter(|one| one.kind != EntryKind::WentBadly).count(), 0);
    assert!(improvements(&Report::from_state(&nothing), &Lang::new(Language::English)).is_empty());
}

#[test]
fn luck_needs_that_it_could_have_gone_wrong() {
    let lucky = EntryKind::Lucky;
    let without_slos = |header: &mut gameday::exercise::header::Header| {
        header.plan.defences.set(Defence::RateLimit, false);
    };
    // With a promise broken, a defence that was off was no luck.
    let mut header = story::header();
    without_slos(&mut header);
    assert!(!has(&folded(header.clone(), &story::envelopes()), lucky, "was off"));
    let mut kept = story::envelopes();
    kept.retain(|one| !matches!(one.event, Event::SloBreached { .. } | Event::SloRecovered { .. }));
    for (index, one) in kept.iter_mut().enumerate() {
        one.seq = index as u64 + 1;
    }
    assert!(has(&folded(header, &kept), lucky, "was off"));
    assert!(!has(&folded(story::header(), &kept), lucky, "was off"));
    // A fault that nobody noticed and nobody felt is luck, unless it was meant to be so.
    let quiet: Vec<_> = {
        let mut all = story::envelopes();
        all.retain(|one| {
            !matches!(one.event, Event::IncidentOpened { .. } | Event::IncidentMoved { .. })
        });
        all
    };
    let unnoticed = "nobody noticed and no customer felt";
    assert!(has(&folded(story::header(), &quiet), lucky, unnoticed));
    let mut meant = story::header();
    for phase in &mut meant.plan.phases {
        for one in &mut phase.injections {
            one.expected.noticed = Some(Noticed::Nobody);
        }
    }
    assert!(!has(&folded(meant, &quiet), lucky, unnoticed));
}
