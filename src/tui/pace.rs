//! Whether and when the screen is drawn again. Not the drawing, and no clock of its own.

use std::time::Duration;

use super::manners::CALM;

/// At most thirty draws a second for what nobody pressed a key for.
pub const LEAST_GAP: Duration = Duration::from_millis(33);
/// The even pace of draws that follow each other without a pause, and how far one may run ahead of it: a key is drawn
/// at once, and yet no second has more than thirty draws.
const EVEN: Duration = Duration::from_millis(37);
const AHEAD: Duration = Duration::from_millis(2 * 37);

/// What happened since the last draw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Someone pressed a key, pasted, resized, or came back: draw at once.
    pub by_hand: bool,
    /// Something happened.
    pub arrived: bool,
    /// Something was measured, as every second.
    pub measured: bool,
}

/// The last draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// When, on the clock.
    pub at: Duration,
    /// The pulse of the clocks it showed.
    pub pulse: u64,
    /// When the next is due at the even pace.
    due: Duration,
}

impl Drawn {
    /// A draw at `at`, after `last`.
    pub fn after(last: Option<Self>, at: Duration, pulse: u64) -> Self {
        let due = last.map_or(Duration::ZERO, |last| last.due).max(at) + EVEN;
        Self { at, pulse, due }
    }
}

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Draw.
    Now,
    /// Draw after so long.
    In(Duration),
    /// Nothing has changed.
    No,
}

/// Whether to draw at `now`, when the clocks' text is that of `pulse`; `calm`: with reduced motion.
pub fn needs_draw(
    changes: Changes,
    last: Option<Drawn>,
    pulse: u64,
    now: Duration,
    calm: bool,
) -> Decision {
    let Some(last) = last else { return Decision::Now };
    let gap = if changes.by_hand {
        Duration::ZERO
    } else if changes.arrived {
        LEAST_GAP
    } else if !changes.measured && pulse == last.pulse {
        return Decision::No;
    } else if calm {
        CALM
    } else {
        LEAST_GAP
    };
    let earliest = (last.at + gap).max(last.due.saturating_sub(AHEAD));
    if now >= earliest { Decision::Now } else { Decision::In(earliest - now) }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Changes = Changes { by_hand: false, arrived: false, measured: false };
    const KEY: Changes = Changes { by_hand: true, ..NONE };
    const NEWS: Changes = Changes { arrived: true, ..NONE };
    const SAMPLE: Changes = Changes { measured: true, ..NONE };

    const fn ms(millis: u64) -> Duration {
        Duration::from_millis(millis)
    }

    #[test]
    fn keys_draw_at_once_and_nothing_draws_nothing() {
        let last = Some(Drawn::after(None, ms(1_000), 1));
        for (changes, last, pulse, now, calm, want) in [
            (NONE, None, 0, 0, false, Decision::Now),
            (NONE, last, 1, 900_000, false, Decision::No),
            (NONE, last, 2, 2_000, false, Decision::Now),
            (NONE, last, 2, 1_010, false, Decision::In(ms(23))),
            (NEWS, last, 1, 1_010, false, Decision::In(ms(23))),
            (NEWS, last, 1, 1_033, false, Decision::Now),
            (SAMPLE, last, 1, 1_033, false, Decision::Now),
            (KEY, last, 1, 1_000, false, Decision::Now),
            // With reduced motion only what is measured, and clocks, wait.
            (SAMPLE, last, 2, 2_000, true, Decision::In(ms(4_000))),
            (SAMPLE, last, 2, 6_000, true, Decision::Now),
            (NEWS, last, 2, 1_033, true, Decision::Now),
            (KEY, last, 2, 1_000, true, Decision::Now),
        ] {
            assert_eq!(needs_draw(changes, last, pulse, ms(now), calm), want, "{changes:?} {now}");
        }
    }

    #[test]
    fn no_second_has_more_than_thirty_draws_whatever_is_done_by_hand() {
        let (mut last, mut draws) = (None, Vec::new());
        for now in 0..5_000 {
            // Something by hand each millisecond, as a window that is dragged or a wheel gives it.
            if needs_draw(KEY, last, 0, ms(now), false) == Decision::Now {
                last = Some(Drawn::after(last, ms(now), 0));
                draws.push(now);
            }
        }
        let most = |from: u64| draws.iter().filter(|at| (from..from + 1_000).contains(*at)).count();
        let most = (0..4_000).map(most).max();
        assert!(most <= Some(30) && most >= Some(27), "{most:?}");
        // Two keys one after the other, after a pause, are both drawn at once.
        let first = Drawn::after(last, ms(10_000), 0);
        assert_eq!(needs_draw(KEY, Some(first), 0, ms(10_001), false), Decision::Now);
    }
}
