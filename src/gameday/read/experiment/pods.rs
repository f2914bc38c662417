//! The parameters of faults of pods and nodes: resources, disk, clock, drain.

use super::super::fields::Fields;
use super::super::findings::Findings;
use super::super::{size, value};
use crate::gameday::fault::{Fault, Stress};
use crate::gameday::node::Node;
use crate::gameday::span::Span;
use crate::gameday::text::printable;

/// How long pods may take to finish where nothing is said.
const USUAL_GRACE: Span = Span::from_secs(30);
/// The longest grace.
const LONGEST_GRACE: Span = Span::from_secs(10 * 60);
/// The longest jump of a clock: ten years.
const LONGEST_JUMP: Span = Span::from_secs(3_650 * 24 * 3_600);

pub(super) fn drain(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Fault> {
    if let Some(node) = fields.take("action", findings) {
        value::word(node, &[("drain", ())], findings)?;
    }
    let Some(node) = fields.take("grace", findings) else {
        return Some(Fault::NodeDrain { grace: USUAL_GRACE });
    };
    let grace = value::offset(node, findings)?;
    if grace > LONGEST_GRACE {
        let what = format!("a grace of {grace} is longer than {LONGEST_GRACE}");
        findings.error(node.place, what, "", "write 30s");
        return None;
    }
    Some(Fault::NodeDrain { grace })
}

#[derive(Clone, Copy)]
enum StressWord {
    Cpu,
    Memory,
    Io,
}

pub(super) fn stress(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Fault> {
    const ACTIONS: [(&str, StressWord); 3] = [
        ("cpu-stress", StressWord::Cpu),
        ("memory-stress", StressWord::Memory),
        ("io-stress", StressWord::Io),
    ];
    let action = fields.need("action", "cpu-stress", findings)?;
    let word = value::word(action, &ACTIONS, findings)?;
    let example = match word {
        StressWord::Cpu => "{ cores: 2, load: 90 }",
        StressWord::Memory => "{ size: 256MiB }",
        StressWord::Io => "{ workers: 2 }",
    };
    if matches!(word, StressWord::Io) && !fields.has("stress") {
        fields.know(&["stress"]);
        return Some(Fault::ResourceChaos { stress: Stress::IoStress { workers: 1 } });
    }
    let node = fields.need("stress", example, findings)?;
    let mut inner = Fields::of(node, "stress", findings)?;
    let stress = match word {
        StressWord::Cpu => {
            let cores = inner.need("cores", "2", findings);
            let cores = cores.and_then(|node| value::whole(node, 1, 256, findings));
            let load = inner.need("load", "90", findings);
            let load = load.and_then(|node| value::percent(node, findings));
            cores.zip(load).map(|(cores, load)| Stress::CpuStress { cores, load })
        }
        StressWord::Memory => inner
            .need("size", "256MiB", findings)
            .and_then(|node| size::between(node, 1 << 20, 1 << 30, "256MiB", findings))
            .map(|bytes| Stress::MemoryStress { bytes }),
        StressWord::Io => match inner.take("workers", findings) {
            Some(node) => value::whole(node, 1, 16, findings),
            None => Some(1),
        }
        .map(|workers| Stress::IoStress { workers }),
    };
    inner.finish(findings);
    Some(Fault::ResourceChaos { stress: stress? })
}

pub(super) fn disk_full(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Fault> {
    let free = match fields.take("free", findings) {
        Some(node) => size::between(node, 0, 1 << 30, "1MiB", findings)?,
        None => 0,
    };
    Some(Fault::DiskFull { free })
}

pub(super) fn clock(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Fault> {
    let place = fields.place;
    let offset = fields.take("offset", findings).map(|node| jump(node, findings));
    let drift = fields.take("drift", findings).map(|node| drift(node, findings));
    if offset.is_none() && drift.is_none() {
        let what = "time-chaos needs an offset or a drift";
        findings.error(place, what, "else the clock is right", "add offset: -5m, or drift: 10%");
        return None;
    }
    let offset_millis = offset.unwrap_or(Some(0))?;
    Some(Fault::TimeChaos { offset_millis, drift: drift.unwrap_or(Some(0.0))? })
}

/// `-5m`, `+30d`, `1h`, in milliseconds.
fn jump(node: &Node, findings: &mut Findings) -> Option<i64> {
    let text = value::raw(node, findings)?;
    let (sign, length) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let span = humantime::parse_duration(length).ok().map(Span::from);
    match span.filter(|span| !span.is_zero() && *span <= LONGEST_JUMP) {
        Some(span) => Some(sign * i64::try_from(span.as_millis()).ok()?),
        None => {
            let what = format!("\"{}\" is no jump of a clock", printable(text, 60));
            let why = "it goes from 1ms to 3650d, forwards or backwards";
            findings.error(node.place, what, why, "write -5m or +30d");
            None
        }
    }
}

/// `10%`, `0.1`, `-50%`: gained per second.
fn drift(node: &Node, findings: &mut Findings) -> Option<f64> {
    let text = value::raw(node, findings)?;
    let text = text.strip_prefix('+').unwrap_or(text);
    let number = |text: &str| value::bare(text).filter(|value| value.is_finite());
    let value = match text.strip_suffix('%') {
        Some(percent) => number(percent).map(|percent| percent / 100.0),
        None => number(text),
    };
    let value = value.filter(|drift| *drift != 0.0 && (-0.9..=10.0).contains(drift));
    if value.is_none() {
        let what = format!("\"{}\" is no drift of a clock", printable(text, 60));
        findings.error(node.place, what, "it goes from -90% to 1000%, and is not 0", "write 10%");
    }
    value
}
