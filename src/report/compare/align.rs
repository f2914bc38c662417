//! Several exercises over one time: the first one's, counted from the beginning of its first phase. Not the drawing.

use super::matched::Places;
use super::model::{Align, Line, Lines, Mark, Point};
use super::side::{Side, letter};
use crate::report::model::Report;

/// How the time of one exercise becomes that of the chart.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Warp {
    /// Own time, time of the chart: both rise.
    anchors: Vec<(i64, i64)>,
}

impl Warp {
    /// Through as many of `pairs` as rise in both times, the first one in any case.
    fn through(pairs: impl IntoIterator<Item = (i64, i64)>) -> Self {
        let mut pairs: Vec<(i64, i64)> = pairs.into_iter().collect();
        if let Some(rest) = pairs.get_mut(1..) {
            rest.sort_unstable();
        }
        let mut anchors: Vec<(i64, i64)> = Vec::new();
        for pair in pairs {
            if anchors.last().is_none_or(|last| pair.0 > last.0 && pair.1 > last.1) {
                anchors.push(pair);
            }
        }
        Self { anchors }
    }

    /// Straight between two anchors; unstretched before the first and after the last.
    fn at(&self, own: i64) -> i64 {
        let after = self.anchors.partition_point(|(from, _)| *from <= own);
        let next = self.anchors.get(after);
        let last = after.checked_sub(1).and_then(|before| self.anchors.get(before));
        match (last, next) {
            (Some((own_a, a)), Some((own_b, b))) => {
                let part = (own - own_a) as f64 / (own_b - own_a) as f64;
                a + (part * (b - a) as f64).round() as i64
            }
            (Some((from, to)), None) | (None, Some((from, to))) => {
                own.saturating_sub(*from).saturating_add(*to)
            }
            (None, None) => own,
        }
    }
}

fn whole(millis: u64) -> i64 {
    i64::try_from(millis).unwrap_or(i64::MAX)
}

/// When the first phase began, since the recording did.
fn start(report: &Report) -> i64 {
    let started = report.phases.iter().find_map(|phase| phase.started);
    started.map_or(0, |at| whole(at.elapsed_ms))
}

fn t0(report: &Report, place: Option<usize>) -> Option<i64> {
    Some(whole(report.injections.get(place?)?.t0?.elapsed_ms))
}

fn began(report: &Report, place: Option<usize>) -> Option<i64> {
    Some(whole(report.phases.get(place?)?.started?.elapsed_ms))
}

fn ended(report: &Report, place: Option<usize>) -> Option<i64> {
    Some(whole(report.phases.get(place?)?.ended?.elapsed_ms))
}

/// What all sides measured, over one time.
pub(super) fn lines(sides: &[Side], align: Align, injections: &Places, phases: &Places) -> Lines {
    let warps: Vec<Warp> = sides
        .iter()
        .enumerate()
        .map(|(nth, _)| warp(sides, nth, align, injections, phases))
        .collect();
    let each = sides.iter().zip(&warps);
    let lines: Vec<Line> = each
        .enumerate()
        .map(|(nth, (side, warp))| Line { letter: letter(nth), points: points(side, warp) })
        .collect();
    let mark = |kind, places: &Places, when: fn(&Report, Option<usize>) -> Option<i64>| {
        let marks = places.iter().filter_map(|row| {
            let at_ms: Vec<Option<i64>> = sides
                .iter()
                .zip(&warps)
                .zip(row)
                .map(|((side, warp), place)| when(&side.report, *place).map(|at| warp.at(at)))
                .collect();
            let name =
                sides.iter().zip(row).find_map(|(side, place)| name(side, kind, (*place)?))?;
            at_ms.iter().any(Option::is_some).then_some(Mark { kind, name, at_ms })
        });
        marks.collect::<Vec<_>>()
    };
    let mut marks = mark("phase", phases, began);
    marks.extend(mark("injection", injections, t0));
    let last = lines.iter().filter_map(|line| line.points.last()).map(|point| point.to_ms).max();
    Lines {
        align,
        to_ms: last.and_then(|at| u64::try_from(at).ok()).unwrap_or(1_000).max(1_000),
        marks,
        lines,
    }
}

fn name(side: &Side, kind: &str, place: usize) -> Option<String> {
    if kind == "phase" {
        return side.report.phases.get(place).map(|phase| phase.name.clone());
    }
    side.report.injections.get(place).map(|one| one.name.clone())
}

fn warp(sides: &[Side], nth: usize, align: Align, injections: &Places, phases: &Places) -> Warp {
    let (Some(first), Some(this)) = (sides.first(), sides.get(nth)) else {
        return Warp::through([]);
    };
    let (first, this) = (&first.report, &this.report);
    let begin = start(first);
    let both = |places: &Places, when: fn(&Report, Option<usize>) -> Option<i64>| {
        let pairs = places.iter().filter_map(|row| {
            let own = when(this, row.get(nth).copied()?)?;
            Some((own, when(first, row.first().copied()?)? - begin))
        });
        pairs.collect::<Vec<_>>()
    };
    let pairs = match align {
        Align::Wall => Vec::new(),
        Align::Injections => both(injections, t0),
        Align::Phases => {
            let mut pairs = both(phases, began);
            // Where the last phase ended that both have.
            pairs.extend(both(phases, ended).into_iter().max());
            pairs
        }
    };
    Warp::through(std::iter::once((start(this), 0)).chain(pairs))
}

/// What was measured from the first phase on.
fn points(side: &Side, warp: &Warp) -> Vec<Point> {
    let from = start(&side.report);
    let later = side.report.series.iter().filter(|one| whole(one.to_ms) > from);
    later
        .map(|one| Point {
            from_ms: warp.at(whole(one.from_ms)).max(0),
            to_ms: warp.at(whole(one.to_ms)),
            own_ms: one.from_ms,
            sent_rps: one.sent_rps,
            availability: one.availability,
            latency_p99: one.latency_p99,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::Warp;

    #[test]
    fn time_is_stretched_between_anchors_and_nowhere_else() {
        // Began at 10, injections at 20 and 60; those of the first at 20 and 40 of its own.
        let warp = Warp::through([(10, 0), (20, 20), (60, 40)]);
        for (own, shared) in [(0, -10), (10, 0), (15, 10), (20, 20), (40, 30), (60, 40), (90, 70)] {
            assert_eq!(warp.at(own), shared, "{own}");
        }
        assert_eq!(Warp::through([]).at(7), 7);
    }

    #[test]
    fn what_came_in_another_order_is_no_anchor() {
        let warp = Warp::through([(0, 0), (50, 10), (40, 60)]);
        assert_eq!(warp.anchors, [(0, 0), (40, 60)]);
        assert_eq!(warp.at(50), 70);
    }
}
