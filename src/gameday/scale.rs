//! A game day made shorter or longer as a whole, so that an afternoon can be rehearsed in four minutes.

use super::load::LoadPattern;
use super::plan::GameDay;
use super::span::Span;

/// A guardrail that waits longer never waits for less because of a shorter exercise: one bad second of a machine with much
/// to do is not what it is there for.
const SHORTEST_RULE: Span = Span::from_secs(10);

impl GameDay {
    /// The same plan in `total` time. Phases, offsets, fault durations and intervals, times within load patterns, cards and
    /// the `for` of guardrails (one that is longer than ten seconds to no less than these) are scaled alike; rates, latencies
    /// and limits are not, and neither are the times that people and machines take: targets of response, and by when what is
    /// expected of an injection must have come. The phases sum to `total` exactly.
    pub fn scaled_to(&self, total: Span) -> GameDay {
        let whole = self.duration();
        let mut plan = self.clone();
        if whole.is_zero() || whole == total {
            return plan;
        }
        let factor = total.as_secs_f64() / whole.as_secs_f64();
        let (mut before, mut placed) = (Span::ZERO, Span::ZERO);
        for phase in &mut plan.phases {
            before += phase.duration;
            // Rounding the ends and not the lengths keeps the sum exact.
            let end = share_of(before, whole, total);
            let was = phase.duration;
            phase.duration = end - placed;
            placed = end;
            phase.load = phase.load.map(|load| scaled_load(load, factor));
            let last = phase.duration;
            let within = |offset: Span| share_of(offset, was, last).min(last);
            for injection in &mut phase.injections {
                injection.offset = within(injection.offset);
                let experiment = &mut injection.experiment;
                experiment.duration = experiment.duration.map(|span| at_least_one(span, factor));
                experiment.interval = experiment.interval.map(|span| at_least_one(span, factor));
            }
            for card in &mut phase.cards {
                card.offset = within(card.offset);
            }
        }
        for rule in &mut plan.guardrails {
            let lasting = &mut rule.when.lasting;
            *lasting = lasting.scaled(factor).max(SHORTEST_RULE.min(*lasting));
        }
        plan
    }
}

/// `part ÷ whole × total`, exact to the millisecond.
fn share_of(part: Span, whole: Span, total: Span) -> Span {
    if whole.is_zero() {
        return Span::ZERO;
    }
    let (part, whole, total) = (
        u128::from(part.as_millis()),
        u128::from(whole.as_millis()),
        u128::from(total.as_millis()),
    );
    Span::from_millis(u64::try_from((part * total + whole / 2) / whole).unwrap_or(u64::MAX))
}

/// Scaled, but never to nothing: a fault of no length would not be one.
fn at_least_one(span: Span, factor: f64) -> Span {
    if span.is_zero() { span } else { span.scaled(factor).max(Span::from_millis(1)) }
}

fn scaled_load(load: LoadPattern, factor: f64) -> LoadPattern {
    match load {
        LoadPattern::Spike { base, peak, at, width } => LoadPattern::Spike {
            base,
            peak,
            at: at.scaled(factor),
            width: at_least_one(width, factor),
        },
        LoadPattern::Sine { mean, amplitude, period } => {
            LoadPattern::Sine { mean, amplitude, period: at_least_one(period, factor) }
        }
        other @ (LoadPattern::Constant { .. }
        | LoadPattern::Linear { .. }
        | LoadPattern::Step { .. }) => other,
    }
}
