//! `load:` of a phase. Patterns: constant, linear, step, spike, sine.

use super::fields::Fields;
use super::findings::Findings;
use super::value;
use crate::gameday::load::LoadPattern;
use crate::gameday::node::{Kind, Node};
use crate::gameday::problem::Place;
use crate::gameday::span::Span;

#[derive(Clone, Copy, PartialEq)]
enum Pattern {
    Constant,
    Linear,
    Step,
    Spike,
    Sine,
}

const PATTERNS: [(&str, Pattern); 5] = [
    ("constant", Pattern::Constant),
    ("linear", Pattern::Linear),
    ("step", Pattern::Step),
    ("spike", Pattern::Spike),
    ("sine", Pattern::Sine),
];

/// Reads a load; `duration` is that of its phase, where it is known.
pub(super) fn read(
    node: &Node,
    duration: Option<Span>,
    findings: &mut Findings,
) -> Option<LoadPattern> {
    let mut fields = Fields::of(node, "a load", findings)?;
    let read = from_fields(&mut fields, node.place, duration, findings);
    fields.finish(findings);
    read
}

/// Reads the keys of a load out of `fields`, which may hold others.
pub(super) fn from_fields(
    fields: &mut Fields<'_>,
    place: Place,
    duration: Option<Span>,
    findings: &mut Findings,
) -> Option<LoadPattern> {
    let rps = fields.need("rps", "1000", findings);
    let named = fields.take("pattern", findings);
    let named_place = named.map_or(place, |node| node.place);
    let pattern = match named {
        Some(node) => Some(value::word(node, &PATTERNS, findings)?),
        None => None,
    };
    let rps = rps?;
    match &rps.kind {
        Kind::Map(_) => shaped(rps, pattern, duration, findings),
        _ => {
            let rate = value::rate(rps, findings);
            if pattern.is_some_and(|pattern| pattern != Pattern::Constant) {
                let what = "this pattern needs more than one rate";
                let mend = "write rps: { start: 1000, end: 5000 } (spike: base, peak, at, width; sine: mean, amplitude, period)";
                findings.error(named_place, what, "", mend);
                return None;
            }
            rate.map(|rps| LoadPattern::Constant { rps })
        }
    }
}

fn shaped(
    node: &Node,
    pattern: Option<Pattern>,
    duration: Option<Span>,
    findings: &mut Findings,
) -> Option<LoadPattern> {
    let mut fields = Fields::of(node, "a rate", findings)?;
    let pattern = pattern.unwrap_or_else(|| {
        if fields.has("peak") {
            Pattern::Spike
        } else if fields.has("mean") {
            Pattern::Sine
        } else {
            Pattern::Linear
        }
    });
    let read = match pattern {
        Pattern::Constant => {
            let mend = "write rps: 1000, or pattern: linear";
            findings.error(node.place, "a constant load has one rate", "", mend);
            return None;
        }
        Pattern::Linear | Pattern::Step => ramp(&mut fields, pattern, findings),
        Pattern::Spike => spike(&mut fields, duration, findings),
        Pattern::Sine => sine(&mut fields, findings),
    };
    fields.finish(findings);
    read
}

fn ramp(fields: &mut Fields<'_>, pattern: Pattern, findings: &mut Findings) -> Option<LoadPattern> {
    let start = fields.need("start", "1000", findings).and_then(|node| value::rate(node, findings));
    let end = fields.need("end", "5000", findings).and_then(|node| value::rate(node, findings));
    if pattern == Pattern::Linear {
        return Some(LoadPattern::Linear { start: start?, end: end? });
    }
    let steps = fields.need("steps", "5", findings);
    let steps = steps.and_then(|node| value::whole(node, 2, 1_000, findings));
    Some(LoadPattern::Step { start: start?, end: end?, steps: steps? })
}

fn spike(
    fields: &mut Fields<'_>,
    duration: Option<Span>,
    findings: &mut Findings,
) -> Option<LoadPattern> {
    let base = fields.need("base", "1000", findings).and_then(|node| value::rate(node, findings));
    let peak = fields.need("peak", "5000", findings).and_then(|node| value::rate(node, findings));
    let at_node = fields.need("at", "1m", findings);
    let at = at_node.and_then(|node| value::offset(node, findings));
    let width = fields.need("width", "30s", findings);
    let width = width.and_then(|node| value::duration(node, findings));
    if let (Some(node), Some(at), Some(width), Some(duration)) = (at_node, at, width, duration)
        && at + width > duration
    {
        let what = format!("the spike ends at {}, after its phase ({duration})", at + width);
        findings.error(node.place, what, "", "begin earlier, or make it shorter");
    }
    Some(LoadPattern::Spike { base: base?, peak: peak?, at: at?, width: width? })
}

fn sine(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<LoadPattern> {
    let mean = fields.need("mean", "3000", findings).and_then(|node| value::rate(node, findings));
    let node = fields.need("amplitude", "1000", findings);
    let amplitude = node.and_then(|node| value::rate(node, findings));
    let period = fields.need("period", "5m", findings);
    let period = period.and_then(|node| value::duration(node, findings));
    if let (Some(node), Some(mean), Some(amplitude)) = (node, mean, amplitude)
        && mean + amplitude > value::HIGHEST_RATE
    {
        let what = format!("the wave peaks at {} requests per second", mean + amplitude);
        findings.error(
            node.place,
            what,
            format!("the most is {}", value::HIGHEST_RATE),
            "ask for less",
        );
    }
    Some(LoadPattern::Sine { mean: mean?, amplitude: amplitude?, period: period? })
}
