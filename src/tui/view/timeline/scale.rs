//! Exercise time to columns and back, for the stretch in sight. Not what stands there.

use crate::gameday::span::Span;

/// So many columns apart are times written, at least.
const APART: u64 = 14;

/// Lengths between two written times, in seconds.
const STEPS: [u64; 15] = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400];

/// A stretch of exercise time over a width in cells.
pub(super) struct Scale {
    pub(super) from: Span,
    pub(super) to: Span,
    pub(super) width: u16,
}

impl Scale {
    fn length(&self) -> u64 {
        (self.to - self.from).as_millis().max(1)
    }

    /// The column of a moment; `None`: it is out of sight.
    pub(super) fn column(&self, at: Span) -> Option<u16> {
        (self.from..=self.to).contains(&at).then(|| self.edge(at).min(self.width.saturating_sub(1)))
    }

    /// The columns of a stretch, from its first to behind its last; `None`: it is out of sight.
    pub(super) fn stretch(&self, from: Span, to: Span) -> Option<(u16, u16)> {
        if from > self.to || to < self.from {
            return None;
        }
        let begin = self.edge(from).min(self.width.saturating_sub(1));
        Some((begin, self.edge(to).max(begin)))
    }

    /// The nearest edge of a column in sight.
    fn edge(&self, at: Span) -> u16 {
        let into = (at - self.from).as_millis().min(self.length());
        u16::try_from(into * u64::from(self.width) / self.length()).unwrap_or(u16::MAX)
    }

    /// The moment at which a column begins.
    pub(super) fn time(&self, column: u16) -> Span {
        let into = u64::from(column) * self.length() / u64::from(self.width.max(1));
        self.from + Span::from_millis(into)
    }

    /// The moments to write down: round ones, so far apart that they can be read.
    pub(super) fn ticks(&self) -> impl Iterator<Item = Span> + use<> {
        let least = self.length() * APART / u64::from(self.width.max(1));
        let last = STEPS.last().copied().unwrap_or(1);
        let step = STEPS.into_iter().find(|step| step * 1_000 >= least).unwrap_or(last) * 1_000;
        let first = self.from.as_millis().div_ceil(step);
        let end = self.to.as_millis();
        (first..)
            .map(move |count| count * step)
            .take_while(move |at| *at < end)
            .map(Span::from_millis)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_columns_and_what_is_out_of_sight_has_none() {
        let secs = Span::from_secs;
        let scale = Scale { from: secs(60), to: secs(160), width: 50 };
        assert_eq!(scale.column(secs(60)), Some(0));
        assert_eq!(scale.column(secs(110)), Some(25));
        assert_eq!(scale.column(secs(160)), Some(49));
        assert_eq!((scale.column(secs(59)), scale.column(secs(161))), (None, None));
        assert_eq!(scale.stretch(secs(0), secs(80)), Some((0, 10)));
        assert_eq!(scale.stretch(secs(80), secs(900)), Some((10, 50)));
        assert_eq!(scale.stretch(secs(0), secs(59)), None);
        assert_eq!(scale.time(25), secs(110));
        let ticks: Vec<_> = scale.ticks().collect();
        assert_eq!(ticks, [secs(60), secs(90), secs(120), secs(150)]);
    }
}
