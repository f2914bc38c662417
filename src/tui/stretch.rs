//! The stretch of time a history shows, in columns whose borders never move. Not what stands in them.

use super::axis::Axis;
use super::scene::Scene;
use crate::exercise::figure::Figures;
use crate::gameday::span::Span;

/// Where the whole run is not asked for, at most so many seconds are shown.
const RECENT: u64 = 600;

/// The same of a watch, which sees more in what was before it.
const RECENT_WATCHED: u64 = 3_600;

/// How many seconds a column may stand for.
const STEPS: [u64; 11] = [1, 2, 3, 5, 10, 15, 30, 60, 120, 300, 600];

/// The stretch, in seconds since the recording began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    first: u64,
    /// Seconds in a column.
    pub bin: u64,
    columns: u16,
    /// What was measured begins and ends here.
    begin: u64,
    end: u64,
}

impl Stretch {
    /// What `columns` columns show: the last ten minutes; the whole run, where the panel has the screen to itself; where
    /// the timeline is zoomed, what it shows. `None`: nothing was measured.
    pub fn of(scene: &Scene<'_>, columns: u16) -> Option<Self> {
        let Figures { points, readings } = scene.state.figures();
        let felt = points.first().zip(points.last()).map(|(a, b)| (a.sample.start, b.end()));
        let read = readings.first().zip(readings.last()).map(|(a, b)| (a.start, b.end()));
        let (begin, end) =
            felt.into_iter().chain(read).reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
        // While nobody answers, time goes on without readings.
        let asking = &scene.state.watching.asking;
        let silent = !asking.is_empty() && asking.iter().all(|one| one.silent.is_some());
        let end = if silent && scene.state.is_watch() { end.max(scene.now.elapsed) } else { end };
        let (begin, end) = (begin.as_millis() / 1_000, end.as_millis().div_ceil(1_000));
        let (from, to) = match zoomed(scene) {
            Some((from, to)) if from < end => (from.max(begin), to.clamp(from + 1, end)),
            _ if scene.ui.panes.alone().is_some() => (begin, end),
            _ if scene.state.is_watch() => {
                // As far back as fills the columns: what was before is there.
                let wide = u64::from(columns).max(1);
                let most = (end - begin).min(RECENT_WATCHED);
                let bin = STEPS.into_iter().rev().find(|bin| bin * wide <= most).unwrap_or(1);
                (begin.max(end.saturating_sub(bin * wide)), end)
            }
            _ => (begin.max(end.saturating_sub(RECENT)), end),
        };
        Some(Self::within((from, to), (begin, end), columns))
    }

    /// What `columns` columns show of a time from and to, in seconds, of all that was measured from `begin` to `end`.
    pub fn within((from, to): (u64, u64), (begin, end): (u64, u64), columns: u16) -> Self {
        let wide = u64::from(columns);
        let bin = STEPS.into_iter().find(|bin| bin * wide >= to - from).unwrap_or(600);
        let first = to.div_ceil(bin).saturating_sub(wide);
        Self { first, bin, columns, begin, end }
    }

    /// Of what time it is at all.
    pub const fn range(&self) -> (Span, Span) {
        let last = self.first + self.columns as u64;
        (Span::from_secs(self.first * self.bin), Span::from_secs(last * self.bin))
    }

    /// From when to when a column is.
    pub fn column(&self, index: usize) -> (Span, Span) {
        let at = self.first + index as u64;
        (Span::from_secs(at * self.bin), Span::from_secs((at + 1) * self.bin))
    }

    /// The column of a second that begins at `start`; `None`: none of them.
    pub fn index(&self, start: Span) -> Option<usize> {
        let at = (start.as_millis() / 1_000 / self.bin).checked_sub(self.first)?;
        usize::try_from(at).ok().filter(|at| *at < usize::from(self.columns))
    }

    /// Whether something was being measured in a column, or should have been.
    pub const fn is_measured(&self, index: usize) -> bool {
        let at = self.first + index as u64;
        (at + 1) * self.bin > self.begin && at * self.bin < self.end
    }

    /// How many columns.
    pub fn columns(&self) -> usize {
        usize::from(self.columns)
    }
}

/// What the timeline shows, in elapsed seconds, where it is zoomed in.
fn zoomed(scene: &Scene<'_>) -> Option<(u64, u64)> {
    if scene.ui.window.factor() == 1 {
        return None;
    }
    let state = scene.state;
    let (from, to) = scene.ui.window.range(state.foreseen_end(), state.exercise_time(scene.now));
    let axis = Axis::new(state, scene.now);
    let (from, to) = (axis.elapsed_at(from)?, axis.elapsed_at(to)?);
    Some((from.as_millis() / 1_000, to.as_millis().div_ceil(1_000)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stay_where_they_are_while_time_goes_on() {
        // Ten minutes in 40 columns: fifteen seconds each.
        let one = Stretch::within((6_600, 7_200), (0, 7_200), 40);
        assert_eq!(one.bin, 15);
        let next = Stretch::within((6_606, 7_206), (0, 7_206), 40);
        let last = |stretch: &Stretch| stretch.column(stretch.columns() - 1);
        assert_eq!(last(&one), (Span::from_secs(7_185), Span::from_secs(7_200)));
        assert_eq!(last(&next), (Span::from_secs(7_200), Span::from_secs(7_215)));
        for second in [6_615, 6_629, 6_630, 7_205] {
            let start = Span::from_secs(second);
            let (from, to) = next.column(next.index(start).unwrap_or(usize::MAX));
            assert!(from <= start && start < to, "{second}");
        }
        assert_eq!(next.index(Span::from_secs(7_215)), None);
        assert!(next.is_measured(0) && next.is_measured(next.columns() - 1));
        // A short time has room to the left, in which nothing was measured.
        let short = Stretch::within((5, 25), (5, 25), 40);
        assert_eq!((short.bin, short.range().1), (1, Span::from_secs(40)));
        assert!(short.is_measured(5) && !short.is_measured(4) && !short.is_measured(25));
    }
}
