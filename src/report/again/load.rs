//! The load of a phase: as planned, or as it was where none was planned. Not what came of it.

use super::phases::Ran;
use super::went::Went;
use crate::exercise::event::Event;
use crate::exercise::stamp::Stamp;
use crate::gameday::load::LoadPattern;
use crate::gameday::plan::Phase;
use crate::gameday::text::printable;
use crate::gameday::unit::grouped;

/// So many changes by hand are told one by one.
const MOST_TOLD: usize = 10;

/// Gives `phase`, which is as long as it was, its load; says what is to be known of it.
pub(super) fn take(went: &Went<'_>, phase: &mut Phase, ran: &Ran) -> Vec<String> {
    let mut notes = by_hand(went, ran);
    match phase.load {
        None => match achieved(went, ran) {
            Some(Achieved { mean, least, most }) => {
                phase.load = Some(LoadPattern::Constant { rps: mean });
                let (least, most) = (grouped(least), grouped(most));
                notes.push(format!(
                    "no load was planned: this is what there was on average, from {least}/s to {most}/s"
                ));
            }
            None => notes.push(
                "no load was planned and none was measured: add load: { rps: … } if customers are to come"
                    .to_owned(),
            ),
        },
        Some(LoadPattern::Spike { base, at, width, .. }) if at + width > ran.length => {
            phase.load = Some(LoadPattern::Constant { rps: base });
            notes.push("its load had a spike, which it was too short for".to_owned());
        }
        Some(_) => {}
    }
    notes
}

/// Requests per second: all in all, and in the second with the fewest and the most.
struct Achieved {
    mean: f64,
    least: f64,
    most: f64,
}

/// What customers asked for while the phase ran and did not stand still; `None`: nothing.
fn achieved(went: &Went<'_>, ran: &Ran) -> Option<Achieved> {
    let runs = |from, to| {
        let at = |elapsed| Stamp::new(elapsed, 0);
        went.state.stopped_between(at(from), at(to)).is_zero()
    };
    let (mut requests, mut seconds) = (0.0, 0.0);
    let (mut least, mut most) = (f64::INFINITY, 0.0_f64);
    for point in went.state.series.within(ran.began.elapsed, ran.ended.elapsed) {
        let sample = &point.sample;
        let length = sample.length.as_secs_f64();
        if length > 0.0 && runs(sample.start, point.end()) {
            let count = sample.attempted as f64;
            requests += count;
            seconds += length;
            least = least.min(count / length);
            most = most.max(count / length);
        }
    }
    let mean = if seconds > 0.0 { (requests / seconds * 10.0).round() / 10.0 } else { 0.0 };
    (mean > 0.0).then_some(Achieved { mean, least, most })
}

/// When people set the load.
fn by_hand(went: &Went<'_>, ran: &Ran) -> Vec<String> {
    let within = ran.began.elapsed..ran.ended.elapsed;
    let mut notes = Vec::new();
    let mut more = 0_usize;
    for envelope in went.events.iter().filter(|one| within.contains(&one.stamp.elapsed)) {
        let Event::LoadOverridden { rps, by } = &envelope.event else { continue };
        if notes.len() == MOST_TOLD {
            more += 1;
            continue;
        }
        let stood = went.state.stopped_between(ran.began, envelope.stamp);
        let at = went.shown(envelope.stamp.since(ran.began) - stood);
        let by = printable(by, 60);
        notes.push(match rps {
            Some(rps) => format!("+{at}: {by} set the load to {}/s by hand", grouped(*rps)),
            None => format!("+{at}: {by} gave the load back to the plan"),
        });
    }
    if more > 0 {
        notes.push(format!("and {more} times more"));
    }
    notes
}
