//! SLOs and guardrails as they go: times outside a limit, and rules that fired. Not the judging of a value.

use super::stamp::Stamp;

/// A time outside an SLO.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Violation {
    /// From when.
    pub from: Stamp,
    /// Until when; `None`: still.
    pub to: Option<Stamp>,
    /// The worst value.
    pub worst: f64,
}

/// One SLO as it goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SloRun {
    /// The value over the last [`super::slo::WINDOW`]; `None`: no data.
    pub value: Option<f64>,
    /// Every time outside, in order.
    pub violations: Vec<Violation>,
}

impl SloRun {
    /// Outside now.
    pub fn breached(&self) -> Option<&Violation> {
        self.violations.last().filter(|last| last.to.is_none())
    }
}

/// One guardrail as it goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct GuardrailRun {
    /// The condition holds without a break since this instant.
    pub since: Option<Stamp>,
    /// It fired, and its condition is not over yet.
    pub firing: bool,
    /// When it fired, and at what value.
    pub fired: Vec<(Stamp, f64)>,
}
