//! The exercise that is taken over, and its times as the file has them. Not what is taken over of it.

use crate::exercise::event::Envelope;
use crate::exercise::state::State;
use crate::gameday::span::Span;

/// The exercise that is taken over. A rehearsal ran faster than it was planned: what is written has the times of its plan.
pub(super) struct Went<'a> {
    pub(super) state: &'a State,
    pub(super) events: &'a [Envelope],
    pub(super) speed: f64,
}

impl<'a> Went<'a> {
    pub(super) fn new(state: &'a State, events: &'a [Envelope]) -> Self {
        let speed = state.header.rehearsal.map_or(1.0, |it| it.speed);
        Self { state, events, speed: if speed.is_finite() { speed.max(1.0) } else { 1.0 } }
    }

    /// The time in which a second of the file went by. Times of what people did are rounded to it.
    pub(super) fn grain(&self) -> Span {
        Span::from_secs(1).scaled(1.0 / self.speed).max(Span::from_millis(1))
    }

    pub(super) fn down(&self, span: Span) -> Span {
        let grain = self.grain().as_millis();
        Span::from_millis(span.as_millis() / grain * grain)
    }

    pub(super) fn up(&self, span: Span) -> Span {
        let down = self.down(span);
        if down == span { span } else { down + self.grain() }
    }

    pub(super) fn nearest(&self, span: Span) -> Span {
        self.down(span + self.grain().scaled(0.5))
    }

    /// A length of time as the file has it, for people.
    pub(super) fn shown(&self, span: Span) -> String {
        let millis = self.nearest(span).scaled(self.speed).as_millis();
        Span::from_secs((millis + 500) / 1_000).to_string()
    }
}
