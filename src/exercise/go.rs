//! Whether the exercise may go from its briefing to the first phase, and when it goes by itself. Not the going.

use super::event::{Event, When};
use super::schedule::{CHECK, WARM_UP};
use super::stamp::Stamp;
use super::state::{Stage, State};
use super::steady::{self, Finding};
use crate::gameday::span::Span;

/// The name under which the countdown says go.
pub const COUNTDOWN: &str = "countdown";

/// Whether the exercise is in a briefing now.
pub fn is_open(state: &State) -> bool {
    state.stage == Stage::Preflight
        && state.header.briefing.is_some()
        && !state.header.headless
        && state.briefing.go.is_none()
}

/// When the first checks can be told from chance: connections are open, and there is enough to measure.
pub fn ready_at(state: &State) -> Span {
    match state.plan().steady_state.is_empty() {
        true => state.stage_since.elapsed,
        false => state.stage_since.elapsed + WARM_UP + CHECK,
    }
}

/// Each limit of the steady state against the last seconds before `now`; `None`: it is too early to tell.
pub fn findings(state: &State, now: Stamp) -> Option<Vec<Finding>> {
    if now.elapsed < ready_at(state) {
        return None;
    }
    let from = (state.stage_since.elapsed + WARM_UP).max(now.elapsed - CHECK);
    Some(steady::check(&state.plan().steady_state, &state.figures().between(from, now.elapsed)))
}

/// Whether all of them hold.
pub fn hold(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.holds)
}

/// The elapsed time at which the briefing ends by itself, as it stands; `None`: it waits for someone.
pub fn goes_at(state: &State) -> Option<Span> {
    let open = is_open(state) && state.briefing.held.is_none();
    let countdown = state.header.briefing.filter(|_| open)?;
    Some(state.briefing.holding?.elapsed + countdown)
}

/// Why the exercise may not simply go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotYet {
    /// It is too early to tell.
    Measuring,
    /// The steady state does not hold.
    NoGo,
}

/// Go by `by`, with what was seen at that instant.
///
/// # Errors
/// When it may not go.
pub fn given(state: &State, by: &str, now: Stamp) -> Result<Vec<Event>, NotYet> {
    let findings = findings(state, now).ok_or(NotYet::Measuring)?;
    if !hold(&findings) {
        return Err(NotYet::NoGo);
    }
    Ok(vec![seen(findings), Event::GoGiven { by: by.to_owned() }])
}

/// What was seen before the first phase, as the event that says so.
pub fn seen(findings: Vec<Finding>) -> Event {
    let holds = hold(&findings);
    Event::SteadyStateChecked { when: When::Before, findings, holds }
}
