//! The stretch of exercise time that the timeline shows: how far zoomed in, and whether it goes along with the present.
//! Not its drawing.

use crate::gameday::span::Span;

/// How often the whole can be halved.
const DEEPEST: u8 = 8;
/// No stretch is shorter, unless the whole is.
const SHORTEST: Span = Span::from_secs(20);

/// What is shown of the whole.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Window {
    level: u8,
    /// Where it begins; `None`: it goes along with the present.
    from: Option<Span>,
}

impl Window {
    /// From when to when, of a whole from zero to `end`, at `now`.
    pub fn range(self, end: Span, now: Span) -> (Span, Span) {
        let end = Span::from_millis(end.as_millis().max(1));
        let length = self.length(end);
        // Two thirds of what goes along is behind the present, one third ahead.
        let following = now - Span::from_millis(length.as_millis() * 2 / 3);
        let from = self.from.unwrap_or(following).min(end - length);
        (from, from + length)
    }

    fn length(self, end: Span) -> Span {
        let least = SHORTEST.as_millis().min(end.as_millis());
        Span::from_millis((end.as_millis() >> self.level).max(least))
    }

    /// How many times larger than the whole.
    pub const fn factor(self) -> u32 {
        1 << self.level
    }

    /// Whether it stands still while the present moves on.
    pub const fn is_pinned(self) -> bool {
        self.from.is_some()
    }

    /// Whether it can show less, larger.
    pub fn may_zoom_in(self, end: Span) -> bool {
        self.level < DEEPEST && self.length(end) > SHORTEST
    }

    /// Half as much, around the middle; one that goes along does so still.
    pub fn zoom_in(&mut self, end: Span, now: Span) {
        if self.may_zoom_in(end) {
            self.zoom(self.level + 1, end, now);
        }
    }

    /// Twice as much.
    pub fn zoom_out(&mut self, end: Span, now: Span) {
        self.zoom(self.level.saturating_sub(1), end, now);
        if self.level == 0 {
            self.from = None;
        }
    }

    fn zoom(&mut self, level: u8, end: Span, now: Span) {
        let (from, to) = self.range(end, now);
        self.level = level;
        if self.from.is_some() {
            let half = Span::from_millis(self.length(end).as_millis() / 2);
            self.from = Some(Span::from_millis(from.as_millis().midpoint(to.as_millis())) - half);
        }
    }

    /// Moves by a quarter of what is shown, later or earlier. What shows the whole stays.
    pub fn pan(&mut self, later: bool, end: Span, now: Span) {
        let (from, to) = self.range(end, now);
        let step = Span::from_millis((to - from).as_millis() / 4);
        let moved = if later { from + step } else { from - step };
        if self.level > 0 {
            self.from = Some(moved.min(end - (to - from)));
        }
    }

    /// Shows at least what is between two moments, as large as it can be.
    pub fn show(&mut self, from: Span, to: Span, end: Span) {
        let fits = |level: &u8| Self { level: *level, from: None }.length(end) >= to - from;
        self.level = (0..=DEEPEST).rev().find(fits).unwrap_or_default();
        let half = Span::from_millis(self.length(end).as_millis() / 2);
        let middle = Span::from_millis(from.as_millis().midpoint(to.as_millis()));
        self.from = (self.level > 0).then(|| (middle - half).min(end - self.length(end)));
    }

    /// Goes along with the present again.
    pub const fn follow(&mut self) {
        self.from = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn secs(secs: u64) -> Span {
        Span::from_secs(secs)
    }

    #[test]
    fn it_follows_the_present_until_it_is_moved() {
        let (end, now) = (secs(480), secs(224));
        let mut window = Window::default();
        assert_eq!(window.range(end, now), (Span::ZERO, end));
        window.pan(true, end, now);
        assert!(!window.is_pinned(), "the whole cannot be moved");
        window.zoom_in(end, now);
        window.zoom_in(end, now);
        assert_eq!(window.factor(), 4);
        assert_eq!(window.range(end, now), (secs(144), secs(264)));
        assert_eq!(window.range(end, secs(20)), (Span::ZERO, secs(120)), "never before the start");
        assert_eq!(window.range(end, secs(470)), (secs(360), end), "never behind the end");
        window.pan(false, end, now);
        assert_eq!(window.range(end, secs(400)), (secs(114), secs(234)), "it stays there");
        window.zoom_out(end, now);
        assert_eq!(window.range(end, now), (secs(54), secs(294)), "around the same middle");
        window.follow();
        assert_eq!(window.range(end, now), (secs(64), secs(304)));
        window.zoom_out(end, now);
        assert_eq!(window, Window::default());
    }

    #[test]
    fn zooming_ends_where_seconds_would_be_split() {
        let mut window = Window::default();
        for _ in 0..20 {
            window.zoom_in(secs(480), secs(100));
        }
        let (from, to) = window.range(secs(480), secs(100));
        assert_eq!(to - from, SHORTEST);
        let mut short = Window::default();
        short.zoom_in(secs(15), secs(3));
        assert_eq!(short.range(secs(15), secs(3)), (Span::ZERO, secs(15)));
        assert_eq!(Window::default().range(Span::ZERO, Span::ZERO).1, Span::from_millis(1));
    }
}
