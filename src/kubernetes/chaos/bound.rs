//! How long a fault may stay when nobody takes it away any more: `spec.duration`. Pure.
//!
//! Chaos Mesh counts it from the making of the object and ends the fault by itself, whatever became of us. It is longer than the
//! plan, so that an extended phase or a late revert does not end the fault unseen; and it is bounded, so that our death is.

use crate::gameday::span::Span;

/// The least that a fault may stay beyond its plan.
const MARGIN: Span = Span::from_secs(5 * 60);
/// The longest that any fault may stay.
pub const CAP: Span = Span::from_secs(60 * 60);

/// The bound of a fault that is planned to stay for `lasts`: half as long again, at least five minutes more, at most an hour.
///
/// # Errors
/// When it is planned to stay longer than the longest bound; for people.
pub fn bound(lasts: Span) -> Result<Span, String> {
    if lasts > CAP {
        return Err(format!(
            "a fault of {lasts} is longer than {CAP}, the longest that a fault may stay in a cluster when this program dies; \
             write a shorter duration, or two faults one after the other"
        ));
    }
    let margin = lasts.scaled(0.5).max(MARGIN);
    Ok((lasts + margin).min(CAP))
}

/// The bound of an experiment that somebody wrote, with a duration of its own (`own`): its own where it ends before the plan
/// does, since whoever wrote it meant that.
///
/// # Errors
/// As [`bound`].
pub fn bound_of(own: Option<Span>, lasts: Span) -> Result<Span, String> {
    match own {
        Some(own) if own < lasts || lasts.is_zero() => bound(own).map(|_| own),
        _ => bound(lasts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_outlives_its_plan_by_a_little_and_never_an_hour() {
        let minutes = |minutes: u64| Span::from_secs(minutes * 60);
        for (lasts, expected) in [(0, 5), (1, 6), (10, 15), (20, 30), (30, 45), (50, 60), (60, 60)]
        {
            assert_eq!(bound(minutes(lasts)), Ok(minutes(expected)), "{lasts}");
        }
        assert!(bound(minutes(61)).is_err());
    }

    #[test]
    fn who_wrote_a_shorter_duration_meant_it() {
        let minutes = |minutes: u64| Span::from_secs(minutes * 60);
        assert_eq!(bound_of(Some(minutes(2)), minutes(10)), Ok(minutes(2)));
        assert_eq!(bound_of(Some(minutes(10)), minutes(10)), Ok(minutes(15)));
        assert_eq!(bound_of(None, minutes(10)), Ok(minutes(15)));
        assert_eq!(bound_of(Some(minutes(3)), Span::ZERO), Ok(minutes(3)));
        assert!(bound_of(Some(minutes(90)), minutes(100)).is_err());
    }
}
