//! The stretch of an exercise that a figure is about. Not the figure.

use crate::exercise::figure::Figures;
use crate::exercise::resilience::{during, stretch};
use crate::exercise::said::{Said, said};
use crate::exercise::stamp::Stamp;
use crate::exercise::state::{InjectionRun, PhaseRun, State};
use crate::gameday::metric::Metric;
use crate::gameday::span::Span;

/// A stretch of time with its samples.
pub(super) struct Window<'a> {
    /// What was measured in it.
    pub(super) figures: Figures<'a>,
    /// `over the whole exercise`, `in peak-load`.
    pub(super) words: Said,
    /// How long it is.
    length: Span,
}

impl<'a> Window<'a> {
    /// One phase, or from the start of the first phase to the end of the last: what was measured before and after
    /// belongs to no phase.
    pub(super) fn of(state: &'a State, phase: Option<&str>) -> Result<Self, Said> {
        let Some(name) = phase else { return Self::whole(state) };
        let index = state.plan().phases.iter().position(|phase| phase.name == name);
        let index = index
            .ok_or_else(|| said!("window-no-phase", "there is no phase {name}", name = name))?;
        Self::phase(state, index)
    }

    /// The phase at `index`.
    pub(super) fn phase(state: &'a State, index: usize) -> Result<Self, Said> {
        let name = state.plan().phases.get(index).map_or("?", |phase| phase.name.as_str());
        let run = state.phases.get(index).and_then(|run| Some((run.started?.1, run)));
        let (from, run) = run
            .ok_or_else(|| said!("window-not-run", "the phase {name} was not run", name = name))?;
        Ok(Self::between(
            state,
            from,
            end(state, run),
            said!("window-phase", "in {name}", name = name),
        ))
    }

    fn whole(state: &'a State) -> Result<Self, Said> {
        let mut ran = state.phases.iter().filter_map(|run| Some((run.started?.1, run)));
        let (from, first) = ran.next().ok_or_else(|| said!("window-none", "no phase was run"))?;
        let (_, last) = ran.next_back().unwrap_or((from, first));
        Ok(Self::between(
            state,
            from,
            end(state, last),
            said!("window-whole", "over the whole exercise"),
        ))
    }

    fn between(state: &'a State, from: Stamp, to: Stamp, words: Said) -> Self {
        let figures = state.figures().within(from.elapsed, to.elapsed);
        Self { figures, words, length: to.since(from) }
    }

    /// From T0 of an injection until it was undone: every second that touches that.
    pub(super) fn during(state: &'a State, name: &str) -> Result<Self, Said> {
        let run = run_of(state, name)?;
        let measured = during(state, run).zip(stretch(state, run));
        let (figures, (from, to)) = measured.ok_or_else(|| idle(name))?;
        Ok(Self {
            figures,
            words: said!("window-during", "during {name}", name = name),
            length: to - from,
        })
    }

    /// The words, and how much of the window `metric` was not measured in, where that is more than its edges.
    pub(super) fn described(&self, metric: Metric) -> Said {
        let gap = (self.length - self.figures.measured(metric)).as_millis() / 1_000;
        if gap > 2 {
            let gap = format!("{gap}s");
            said!(
                "window-gap",
                "{window}, {gap} of it without data",
                window = &self.words,
                gap = gap
            )
        } else {
            self.words.clone()
        }
    }
}

/// The injection with this name.
pub(super) fn run_of<'a>(state: &'a State, name: &str) -> Result<&'a InjectionRun, Said> {
    let place = state.plan().injections().position(|(_, planned)| planned.name == name);
    place
        .and_then(|place| state.injections.get(place))
        .ok_or_else(|| said!("window-no-injection", "there is no injection {name}", name = name))
}

/// Why an injection has no times.
pub(super) fn idle(name: &str) -> Said {
    said!("evidence-idle", "{name} never took effect", name = name)
}

fn end(state: &State, run: &PhaseRun) -> Stamp {
    run.ended.map_or(state.now, |(_, stamp, _)| stamp)
}
