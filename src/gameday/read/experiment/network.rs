//! The parameters of faults between pods, and between customers and pods: network, latency, HTTP, flood.

use super::super::fields::Fields;
use super::super::findings::Findings;
use super::super::{size, value};
use crate::gameday::fault::{Direction, Fault, HttpAction, NetworkAction};
use crate::gameday::node::Node;
use crate::gameday::span::Span;

/// The longest latency that makes sense.
const LONGEST_LATENCY: Span = Span::from_secs(10);
/// The heaviest flood, in requests per second: beyond it the generator would starve what it measures.
const HEAVIEST_FLOOD: f64 = 5_000.0;

/// `latency`, needed.
pub(super) fn latency(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Span> {
    let node = fields.need("latency", "200ms", findings)?;
    let latency = value::latency(node, findings)?;
    bounded(node, latency, findings).then_some(latency)
}

fn bounded(node: &Node, latency: Span, findings: &mut Findings) -> bool {
    let fits = !latency.is_zero() && latency <= LONGEST_LATENCY;
    if !fits {
        let what = format!("a latency of {latency} is not between 1ms and {LONGEST_LATENCY}");
        findings.error(node.place, what, "", "write 200ms");
    }
    fits
}

/// Latency and jitter; the jitter may not be larger.
pub(super) fn late(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<(Span, Span)> {
    let node = fields.need("latency", "200ms", findings);
    let latency = node.and_then(|node| value::latency(node, findings));
    let jitter_node = fields.take("jitter", findings);
    let jitter = match jitter_node {
        Some(node) => value::latency(node, findings)?,
        None => Span::ZERO,
    };
    let (node, latency) = (node?, latency?);
    if !bounded(node, latency, findings) {
        return None;
    }
    if let Some(node) = jitter_node
        && jitter > latency
    {
        let what = format!("the jitter ({jitter}) is larger than the latency ({latency})");
        findings.error(node.place, what, "nothing can be early", "make it smaller");
        return None;
    }
    Some((latency, jitter))
}

/// `share`: of operations that are hit, above nothing; all where none is given.
pub(super) fn share(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<f64> {
    let Some(node) = fields.take("share", findings) else { return Some(1.0) };
    let share = value::share(node, findings)?;
    if share == 0.0 {
        findings.error(node.place, "a share of nothing is no fault", "", "write 30%");
        return None;
    }
    Some(share)
}

#[derive(Clone, Copy)]
enum NetworkWord {
    Partition,
    Delay,
    Loss,
    Bandwidth,
}

pub(super) fn network(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Fault> {
    const ACTIONS: [(&str, NetworkWord); 4] = [
        ("partition", NetworkWord::Partition),
        ("delay", NetworkWord::Delay),
        ("loss", NetworkWord::Loss),
        ("bandwidth", NetworkWord::Bandwidth),
    ];
    const DIRECTIONS: [(&str, Direction); 3] =
        [("to", Direction::To), ("from", Direction::From), ("both", Direction::Both)];
    let direction = match fields.take("direction", findings) {
        Some(node) => value::word(node, &DIRECTIONS, findings),
        None => Some(Direction::default()),
    };
    let action = fields.need("action", "partition", findings)?;
    let network = match value::word(action, &ACTIONS, findings)? {
        NetworkWord::Partition => NetworkAction::Partition,
        NetworkWord::Delay => {
            let (latency, jitter) = late(fields, findings)?;
            NetworkAction::Delay { latency, jitter }
        }
        NetworkWord::Loss => {
            let node = fields.need("loss", "10%", findings)?;
            let share = value::share(node, findings)?;
            if share == 0.0 {
                findings.error(node.place, "a loss of nothing is no fault", "", "write 10%");
                return None;
            }
            NetworkAction::Loss { share }
        }
        NetworkWord::Bandwidth => {
            let node = fields.need("bandwidth", "100KiB", findings)?;
            let bytes_per_second = size::between(node, 1 << 10, 1 << 30, "100KiB", findings)?;
            NetworkAction::Bandwidth { bytes_per_second }
        }
    };
    Some(Fault::NetworkChaos { network, direction: direction? })
}

#[derive(Clone, Copy)]
enum HttpWord {
    Abort,
    Delay,
    Status,
    Body,
}

pub(super) fn http(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Fault> {
    const ACTIONS: [(&str, HttpWord); 4] = [
        ("abort", HttpWord::Abort),
        ("delay", HttpWord::Delay),
        ("status", HttpWord::Status),
        ("body", HttpWord::Body),
    ];
    let share = share(fields, findings);
    let action = fields.need("action", "abort", findings)?;
    let http = match value::word(action, &ACTIONS, findings)? {
        HttpWord::Abort => HttpAction::Abort,
        HttpWord::Delay => HttpAction::Delay { latency: latency(fields, findings)? },
        HttpWord::Status => {
            let node = fields.need("code", "503", findings)?;
            let code = value::whole(node, 400, 599, findings)?;
            HttpAction::Status { code: u16::try_from(code).ok()? }
        }
        HttpWord::Body => HttpAction::Body,
    };
    Some(Fault::HttpChaos { http, share: share? })
}

pub(super) fn flood(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Fault> {
    let node = fields.need("rps", "1000", findings)?;
    let rps = value::rate(node, findings)?;
    if rps > HEAVIEST_FLOOD {
        let what = format!("a flood of {rps} requests per second is more than {HEAVIEST_FLOOD}");
        let why = "it would take the processor time that measuring needs";
        findings.error(node.place, what, why, "write 1000");
        return None;
    }
    Some(Fault::TrafficFlood { rps })
}
