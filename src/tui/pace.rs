//! Whether and when the screen is drawn again. Not the drawing, and no clock of its own.

use std::time::Duration;

/// At most thirty draws a second for what nobody pressed a key for.
pub const LEAST_GAP: Duration = Duration::from_millis(33);

/// What happened since the last draw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Someone pressed a key, pasted, resized, or came back: draw at once.
    pub by_hand: bool,
    /// Something arrived.
    pub arrived: bool,
}

/// The last draw.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// When, on the clock.
    pub at: Duration,
    /// The pulse of the clocks it showed.
    pub pulse: u64,
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

/// Whether to draw at `now`, when the clocks' text is that of `pulse`.
pub fn needs_draw(changes: Changes, last: Option<Drawn>, pulse: u64, now: Duration) -> Decision {
    let Some(last) = last else { return Decision::Now };
    if changes.by_hand {
        return Decision::Now;
    }
    if !changes.arrived && pulse == last.pulse {
        return Decision::No;
    }
    let since = now.saturating_sub(last.at);
    if since >= LEAST_GAP { Decision::Now } else { Decision::In(LEAST_GAP - since) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_draw_at_once_and_nothing_draws_nothing() {
        let ms = Duration::from_millis;
        let (none, key, news) = (
            Changes::default(),
            Changes { by_hand: true, arrived: false },
            Changes { by_hand: false, arrived: true },
        );
        let last = Some(Drawn { at: ms(1_000), pulse: 1 });
        for (changes, last, pulse, now, want) in [
            (none, None, 0, 0, Decision::Now),
            (none, last, 1, 900_000, Decision::No),
            (none, last, 2, 2_000, Decision::Now),
            (none, last, 2, 1_010, Decision::In(ms(23))),
            (news, last, 1, 1_010, Decision::In(ms(23))),
            (news, last, 1, 1_033, Decision::Now),
            (key, last, 1, 1_000, Decision::Now),
        ] {
            assert_eq!(needs_draw(changes, last, pulse, ms(now)), want, "{changes:?} {now}");
        }
    }
}
