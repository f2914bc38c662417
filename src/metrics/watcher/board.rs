//! What was heard last of every query, and what of it is current. Pure: instants are passed in.

use std::collections::BTreeSet;

use crate::exercise::found::{Dot, Found};
use crate::exercise::reading::Reading;
use crate::exercise::said::{Said, said};
use crate::exercise::service::Over;
use crate::exercise::standing::Standing;
use crate::exercise::watch::Asking;
use crate::gameday::query::Query;
use crate::gameday::span::Span;
use crate::metrics::round::Heard;
use crate::port::instruments::Observation;
use crate::port::source;

/// What is known of one panel.
#[derive(Debug, Default)]
struct Seat {
    value: Option<f64>,
    /// What was there before anybody looked, or in a gap, in steps of so much; told once.
    then: (Vec<Dot>, Span),
    answered: bool,
    note: Option<Said>,
    told: Asking,
}

/// The panels come first among the questions, and the shares of services after them.
#[derive(Debug)]
pub(super) struct Board {
    panels: Vec<(Query, Seat)>,
    shares: Vec<(usize, Over)>,
}

impl Board {
    pub(super) fn new(panels: Vec<Query>, shares: Vec<(usize, Over)>) -> Self {
        let panels = panels.into_iter().map(|query| (query, Seat::default())).collect();
        Self { panels, shares }
    }

    /// Takes in what was heard; of a share, what is to be told.
    pub(super) fn take(&mut self, heard: Heard, standing: &Standing) -> Option<Observation> {
        let Some((_, seat)) = self.panels.get_mut(heard.which) else {
            let (service, over) = *self.shares.get(heard.which - self.panels.len())?;
            let share = match heard.answer {
                Ok(found) => found.figure(),
                // As long as the last one is current, it is kept.
                Err(_) if standing.silent.is_none() => return None,
                Err(_) => None,
            };
            return Some(Observation::Share { service, over, share });
        };
        seat.answered = true;
        // What was known before is kept as long as it is current.
        let Ok(found) = heard.answer else { return None };
        seat.note = note(&found);
        seat.value = found.figure();
        if let source::Over::Range { step, .. } = heard.over
            && let [track] = found.tracks.as_slice()
        {
            seat.then = (track.dots.clone(), step);
        }
        None
    }

    /// How many panels there are.
    pub(super) const fn panels(&self) -> usize {
        self.panels.len()
    }

    /// Whether something came of every panel.
    pub(super) fn all_answered(&self) -> bool {
        self.panels.iter().all(|(_, seat)| seat.answered)
    }

    /// Every panel is to be answered anew before the past is told, but those that were with the first sign of life: before it
    /// all were silent.
    pub(super) fn await_answers(&mut self, stand: &[Standing]) {
        for ((_, seat), standing) in self.panels.iter_mut().zip(stand) {
            seat.answered = standing.is_answered();
        }
    }

    /// What was before anybody looked, or in a gap, in order of time, for a recording that began at `began` (milliseconds
    /// since 1970-01-01 UTC), from `from` up to `now` of it. Each reading stands for the step that ends with it, and what was
    /// heard last for the time since the last step. A gap is told without a hole: where nothing is known, without data.
    pub(super) fn then(
        &mut self,
        began: i64,
        (from, now): (Span, Span),
        stand: &[Standing],
    ) -> Vec<Reading> {
        let mut tracks: Vec<(Query, Vec<Known>)> = Vec::with_capacity(self.panels.len());
        for (query, seat) in &mut self.panels {
            let (dots, step) = std::mem::take(&mut seat.then);
            let known = dots.iter().filter_map(|dot| known(dot, step, began, from));
            tracks.push((*query, known.collect()));
        }
        let mut readings = merged(&tracks);
        if let Some(start) = readings.last().map(Reading::end).filter(|end| *end < now) {
            readings.push(Reading { length: now - start, ..self.reading(start, stand) });
        }
        if from.is_zero() { readings } else { without_holes(readings, from, now) }
    }

    /// The second that begins at `start`: everything that is current.
    pub(super) fn reading(&self, start: Span, stand: &[Standing]) -> Reading {
        let seats = self.panels.iter().zip(stand);
        let current = seats.filter(|(_, standing)| standing.silent.is_none());
        let asked = current.filter_map(|((query, seat), _)| Some((*query, seat.value?)));
        Reading { start, length: Span::from_secs(1), asked: asked.collect(), ..Reading::default() }
    }

    /// How it stands with each panel, where that changed since it was told. `wall`: now.
    pub(super) fn standings(&mut self, wall: i64, stand: &[Standing]) -> Vec<Observation> {
        let mut news = Vec::new();
        for ((query, (_, seat)), stands) in self.panels.iter_mut().enumerate().zip(stand) {
            let since = |silent: Span| wall.saturating_sub_unsigned(silent.as_millis());
            let asking = Asking {
                // The beginning of a silence does not move.
                silent: stands.silent.map(|silent| seat.told.silent.unwrap_or(since(silent))),
                came: stands.data.is_some(),
                why: stands.why.clone(),
                empty: stands.empty,
                note: seat.note.clone(),
            };
            if asking != seat.told {
                seat.told = asking.clone();
                news.push(Observation::Asking { query, asking });
            }
        }
        news
    }
}

/// One panel's figure, from when until when.
type Known = (Span, Span, f64);

/// What a dot says, of what is after `from`: it stands for the step that ends with it.
fn known(dot: &Dot, step: Span, began: i64, from: Span) -> Option<Known> {
    let end = u64::try_from(dot.at - began).ok().map(Span::from_millis)?;
    let value = dot.value.figure().filter(|_| end >= step && end > from)?;
    Some(((end - step).max(from), end, value))
}

/// Readings that follow each other, whatever the steps of the panels: cut wherever one of them begins or ends.
fn merged(tracks: &[(Query, Vec<Known>)]) -> Vec<Reading> {
    let known = tracks.iter().flat_map(|(_, known)| known);
    let cuts: BTreeSet<Span> = known.flat_map(|(start, end, _)| [*start, *end]).collect();
    let cuts: Vec<Span> = cuts.into_iter().collect();
    let reading = |start: Span, end: Span| {
        let at = |known: &[Known]| {
            let next = known.partition_point(|(_, until, _)| *until <= start);
            known.get(next).filter(|(since, ..)| *since <= start).map(|(.., value)| *value)
        };
        let asked = tracks.iter().filter_map(|(query, known)| Some((*query, at(known)?)));
        Reading { start, length: end - start, asked: asked.collect(), ..Reading::default() }
    };
    let all = cuts.windows(2).map(|pair| reading(pair[0], pair[1]));
    all.filter(|reading| !reading.asked.is_empty()).collect()
}

/// The same with readings without data where there is none.
fn without_holes(readings: Vec<Reading>, from: Span, now: Span) -> Vec<Reading> {
    let mut whole = Vec::with_capacity(readings.len());
    let mut until = from;
    let hole = |start, end: Span| Reading { start, length: end - start, ..Reading::default() };
    for reading in readings {
        if reading.start > until {
            whole.push(hole(until, reading.start));
        }
        until = until.max(reading.end());
        whole.push(reading);
    }
    if until < now {
        whole.push(hole(until, now));
    }
    whole
}

/// What is odd about an answer.
fn note(found: &Found) -> Option<Said> {
    let series = found.tracks.len() + found.left_off;
    if series > 1 {
        return Some(said!(
            "asking-several",
            "it finds {count} series where one is expected: add them up, as with sum(…), or narrow it",
            count = series
        ));
    }
    let first = found.warnings.first().map(String::as_str);
    match (found.partial, first) {
        (true, _) => Some(said!("asking-partial", "the server says that a part is missing")),
        (false, Some(warning)) => {
            Some(said!("asking-warned", "the server warns: {warning}", warning = warning))
        }
        (false, None) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gameday::unit::Unit;

    #[test]
    fn panels_of_different_steps_lose_nothing() {
        let query = |name: &str| Query::new(name, Unit::Share).unwrap();
        let secs = Span::from_secs;
        let fine = (0..4).map(|n| (secs(15 * n), secs(15 * (n + 1)), n as f64)).collect();
        let coarse = vec![(secs(0), secs(30), 10.0), (secs(45), secs(75), 11.0)];
        let readings = merged(&[(query("fine"), fine), (query("coarse"), coarse)]);
        let told: Vec<_> = readings
            .iter()
            .map(|one| {
                let value = |name| one.asked.get(&query(name)).copied();
                (one.start, one.end(), value("fine"), value("coarse"))
            })
            .collect();
        assert_eq!(
            told,
            [
                (secs(0), secs(15), Some(0.0), Some(10.0)),
                (secs(15), secs(30), Some(1.0), Some(10.0)),
                (secs(30), secs(45), Some(2.0), None),
                (secs(45), secs(60), Some(3.0), Some(11.0)),
                (secs(60), secs(75), None, Some(11.0)),
            ]
        );
    }
}
