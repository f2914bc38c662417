//! The parameters of faults of whole workloads: how many pods they have, and which image these run.

use super::super::fields::Fields;
use super::super::findings::Findings;
use super::super::value;
use crate::gameday::fault::Fault;
use crate::gameday::node::Node;
use crate::gameday::replicas::Replicas;
use crate::gameday::text::printable;

/// No workload is scaled to more.
const MOST: u32 = 500;
/// Nothing less than all pods can go, and no more are added at once.
const PERCENT: std::ops::RangeInclusive<i16> = -100..=400;
/// The longest name of an image, and of a container.
const LONGEST_IMAGE: usize = 255;
const LONGEST_CONTAINER: usize = 63;

pub(super) fn scale(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Fault> {
    let node = fields.need("replicas", "0", findings)?;
    replicas(node, findings).map(|replicas| Fault::Scale { replicas })
}

/// `0`, `3`, `-50%`, `+50%`
fn replicas(node: &Node, findings: &mut Findings) -> Option<Replicas> {
    let text = value::raw(node, findings)?;
    let signed = text.starts_with(['-', '+']);
    let shown = printable(text, 60);
    let mut wrong = |what: String, why: String, mend: &str| {
        findings.error(node.place, what, why, mend);
        None
    };
    let Some(percent) = text.strip_suffix('%') else {
        return match text.parse::<u32>() {
            Ok(count) if !signed && count <= MOST => Some(Replicas::Count(count)),
            _ => wrong(
                format!("\"{shown}\" is no number of pods"),
                format!("a workload has 0 to {MOST}, or so many percent more or fewer than now"),
                "write 0, or -50%",
            ),
        };
    };
    if !signed {
        return wrong(
            format!("\"{shown}\" does not say whether pods come or go"),
            "it could be what is left or what is taken".to_owned(),
            "write -50% for half fewer, or +50% for half more",
        );
    }
    match percent.parse::<i16>() {
        Ok(percent) if percent != 0 && PERCENT.contains(&percent) => {
            Some(Replicas::Change(percent))
        }
        _ => wrong(
            format!("\"{shown}\" is no change of a number of pods"),
            format!("it goes from {}% to +{}%, and is not 0", PERCENT.start(), PERCENT.end()),
            "write -50%",
        ),
    }
}

pub(super) fn image(fields: &mut Fields<'_>, findings: &mut Findings) -> Option<Fault> {
    let image = fields.need("image", "registry.example/web-app:broken", findings);
    let image = image.and_then(|node| {
        let right = |c: char| c.is_ascii_alphanumeric() || "-_./:@".contains(c);
        let what = "no name of an image";
        let mend = "write registry.example/web-app:broken";
        name(node, LONGEST_IMAGE, right, (what, mend), findings)
    });
    let container = match fields.take("container", findings) {
        None => Some(None),
        Some(node) => {
            let right = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            let what = "no name of a container";
            let mend = "use lowercase letters, digits and -, at most 63";
            name(node, LONGEST_CONTAINER, right, (what, mend), findings).map(Some)
        }
    };
    Some(Fault::ImageChange { image: image?, container: container? })
}

/// A name that begins and ends with a letter or digit.
fn name(
    node: &Node,
    longest: usize,
    right: impl Fn(char) -> bool,
    (what, mend): (&str, &str),
    findings: &mut Findings,
) -> Option<String> {
    let text = value::text(node, findings)?;
    let edge = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    let (mut all, length) = (text.chars(), text.len());
    let edges = edge(all.next()) && edge(text.chars().next_back());
    if edges && length <= longest && text.chars().all(right) {
        return Some(text);
    }
    findings.error(node.place, format!("\"{}\" is {what}", printable(&text, 60)), "", mend);
    None
}
