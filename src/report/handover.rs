//! A handover: what the next people on duty need to know of the last hour, or of so long, as Markdown. Made of whatever the
//! state holds: what participants know gives theirs. Not the report of the whole exercise.

mod done;
mod look;
mod stands;

use look::Look;

use super::markdown::page::{Page, said, text, told};
use super::words;
use crate::exercise::stamp::Stamp;
use crate::exercise::state::{Stage, State};
use crate::gameday::span::Span;
use crate::lang::Lang;

/// How long it looks back where nothing else is asked for.
pub const HOUR: Span = Span::from_secs(3_600);

/// The handover as things stand after the last event, looking back so far. All text from outside is neutralised.
pub fn render(state: &State, last: Span, lang: &Lang) -> String {
    let look = Look { state, lang, from: state.now.elapsed - last };
    let mut page = Page::new(lang);
    page.heading(1, &told(lang, "handover-title", &[("title", &text(&state.plan().title))]));
    page.list(facts(look));
    stands::incidents(&mut page, look);
    stands::promises(&mut page, look);
    if !state.participants {
        stands::faults(&mut page, look);
    }
    stands::roles(&mut page, look);
    done::done(&mut page, look);
    done::updates(&mut page, look);
    done::pins(&mut page, look);
    if !state.participants {
        stands::next(&mut page, look);
    }
    page.finish()
}

fn facts(look: Look<'_>) -> Vec<String> {
    let Look { state, lang, from } = look;
    let fact = |key: &str, says: String| format!("{}: {says}", said(lang, key));
    let now = format!("{}, {}", words::date(state.now.wall), look.moment(state.now));
    let covers = if from.is_zero() {
        said(lang, "handover-covers-all")
    } else {
        let began = i64::try_from(from.as_millis()).unwrap_or(i64::MAX);
        let at = Stamp::new(from, state.header.began.saturating_add(began));
        let span = words::length((state.now.elapsed - from).as_millis());
        told(lang, "handover-covers", &[("span", &span), ("when", &look.moment(at))])
    };
    let drill = said(lang, if state.header.drill { "report-yes" } else { "report-no" });
    let mut facts = vec![
        fact("report-fact-exercise", text(&state.header.exercise)),
        fact("report-fact-drill", drill),
        fact("handover-now", now),
        fact("handover-looks-back", covers),
        fact("handover-stage", stage(look)),
    ];
    if let Some(real) = &state.real {
        let reason =
            if real.reason.is_empty() { "—".into() } else { text(&lang.said(&real.reason)) };
        let places =
            [("when", &*look.moment(real.since)), ("by", &*text(&real.by)), ("reason", &*reason)];
        facts.push(fact("report-real", told(lang, "report-real-says", &places)));
    }
    facts
}

/// Where it is, and what stops it.
fn stage(look: Look<'_>) -> String {
    let Look { state, lang, .. } = look;
    let stopped = state.halted.as_ref().map(|stop| ("handover-halted", stop));
    let stopped = stopped.or_else(|| state.held.as_ref().map(|stop| ("handover-held", stop)));
    let phase = state.current_phase().map(|(_, phase, _)| text(&phase.name));
    let course = match (state.stage, phase) {
        (Stage::Running, Some(phase)) => told(lang, "handover-phase", &[("phase", &phase)]),
        (Stage::Running, None) => said(lang, "handover-running"),
        (Stage::Preparing | Stage::Preflight | Stage::NoGo, _) => said(lang, "handover-before"),
        (Stage::Closing, _) => said(lang, "handover-closing"),
        (Stage::Ended, _) => said(lang, "handover-ended"),
    };
    let Some((key, stop)) = stopped.filter(|_| state.stage == Stage::Running) else {
        return course;
    };
    let by = text(&stop.by);
    let stop = told(lang, key, &[("when", &*look.since(stop.since)), ("by", &*by)]);
    format!("{course}; **{stop}**")
}
