//! What the instruments say of one injection or one app: failover, interruption, lost time of data, circuit breakers. Not
//! the judging of it.

use super::figure::Figures;
use super::reading::{BreakerReading, Reading};
use super::stamp::Stamp;
use super::state::{InjectionRun, State};
use super::times::AFTERMATH;
use crate::gameday::instrument::Instrument;
use crate::gameday::metric::Metric;
use crate::gameday::span::Span;

/// Everything from T0 until the injection was undone, or until now: the seconds that touch it. `None`: it never took
/// effect.
pub fn during<'a>(state: &'a State, run: &InjectionRun) -> Option<Figures<'a>> {
    let (t0, end) = stretch(state, run)?;
    // A fault that is undone at once is still felt in the second in which it struck.
    let end = end.max(t0 + Span::from_millis(1));
    Some(state.figures().touching(t0, end))
}

/// T0 and the end of an injection, since the recording began.
pub fn stretch(state: &State, run: &InjectionRun) -> Option<(Span, Span)> {
    let t0 = run.t0?.elapsed;
    Some((t0, run.reverted.map_or(state.now.elapsed, |end| end.elapsed).max(t0)))
}

/// What is known of a failover.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailoverTime {
    /// The injection never took effect.
    NotInEffect,
    /// Nobody read whether a stand-in answered.
    NoData,
    /// Nothing stood in.
    Never,
    /// From T0 to the end of the first second in which a stand-in answered or took over.
    After(Span),
}

/// T0 to the end of the first second in which a stand-in answered or took over.
pub fn failover_time(state: &State, run: &InjectionRun) -> FailoverTime {
    let (Some(figures), Some(t0)) = (during(state, run), run.t0) else {
        return FailoverTime::NotInEffect;
    };
    let ways = [Instrument::StandIns, Instrument::Failovers];
    let stood_in = |one: &&Reading| {
        ways.iter().any(|way| one.values.get(way).is_some_and(|count| *count > 0.0))
    };
    if let Some(first) = figures.readings.iter().find(stood_in) {
        return FailoverTime::After(first.end() - t0.elapsed);
    }
    // Promotions are counted by the target itself, and read also where no pod said whether anything stood in.
    let asked = figures.readings.iter().any(|one| one.values.contains_key(&Instrument::StandIns));
    if asked { FailoverTime::Never } else { FailoverTime::NoData }
}

/// The longest interruption after T0, in time for its aftermath; `None`: nothing was measured. A second counts in which
/// more failed than the steady state allows (without one: anything), or nothing was answered.
pub fn longest_interruption(state: &State, run: &InjectionRun) -> Option<Span> {
    let (t0, _) = stretch(state, run)?;
    let end = run.reverted.map_or(Span::from_millis(u64::MAX), |end| end.elapsed + AFTERMATH);
    let allowed = allowed_errors(state);
    let figures = state.figures().touching(t0, end);
    let mut longest = None::<Span>;
    let mut open: Option<(Span, Span)> = None;
    for point in figures.points {
        let Some(errors) = point.value(Metric::ErrorRate) else { continue };
        longest.get_or_insert(Span::ZERO);
        let broken = errors > allowed || point.sample.ok == 0;
        open = match (broken, open) {
            (false, _) => None,
            (true, Some((from, to))) if point.sample.start <= to => Some((from, point.end())),
            (true, _) => Some((point.sample.start, point.end())),
        };
        if let Some((from, to)) = open {
            longest = longest.max(Some(to - from));
        }
    }
    longest
}

/// The error rate that the steady state allows; without one: none.
pub fn allowed_errors(state: &State) -> f64 {
    let limits = &state.plan().steady_state;
    let limit = |metric| limits.iter().find(|limit| limit.metric == metric);
    limit(Metric::ErrorRate)
        .and_then(|limit| limit.max)
        .or_else(|| Some(1.0 - limit(Metric::Availability)?.min?))
        // What floating point makes of 1 - 0.999 allows no more than 0.001.
        .map_or(0.0, |allowed| allowed + 1e-12)
}

/// How much time of commits did not outlive the primary, at worst. Without a failover it is zero where the data was
/// compared afterwards and nothing acknowledged is lost. `None`: it never took effect, or nobody can say.
pub fn lost_time(state: &State, run: &InjectionRun) -> Option<Span> {
    let (t0, end) = stretch(state, run)?;
    let kept = matches!(&state.integrity, Some(Ok(check)) if check.lost == 0);
    let belongs = |at: &Stamp| (t0..=end + AFTERMATH).contains(&at.elapsed);
    let failovers = state.failovers.iter().filter(|(at, _)| belongs(at));
    let worst = failovers.map(|(_, failover)| failover.behind).max();
    worst.or(kept.then_some(Span::ZERO))
}

/// Circuit breakers over a stretch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BreakerFigures {
    /// How often one opened.
    pub opened: u64,
    /// How long at least one was open.
    pub open_for: Span,
}

/// The breakers in the pods of `app` and those that guard calls to it; `None`: nobody read any.
pub fn breakers(readings: &[Reading], app: &str) -> Option<BreakerFigures> {
    of_breakers(readings, |one| one.owner == app || guarded(one) == app)
}

/// The app that a breaker guards calls to, without the route.
fn guarded(one: &BreakerReading) -> &str {
    one.guards.split(' ').next().unwrap_or_default()
}

/// The breakers that `which` chooses; `None`: nobody read any.
pub fn of_breakers(
    readings: &[Reading],
    which: impl Fn(&BreakerReading) -> bool,
) -> Option<BreakerFigures> {
    let mut found = None::<BreakerFigures>;
    for reading in readings {
        let mut longest = None;
        for one in reading.breakers.iter().filter(|one| which(one)) {
            found.get_or_insert_default().opened += u64::from(one.opened);
            longest = longest.max(Some(one.open_for));
        }
        if let (Some(sum), Some(longest)) = (&mut found, longest) {
            sum.open_for += longest;
        }
    }
    found
}
