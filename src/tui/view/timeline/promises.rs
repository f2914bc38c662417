//! How the SLOs stood over time: kept, breached, or no data, each with a shape of its own. Not their values.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::scale::Scale;
use crate::exercise::state::SloRun;
use crate::gameday::plan::Slo;
use crate::gameday::span::Span;
use crate::tui::axis::Axis;
use crate::tui::scene::Scene;
use crate::tui::theme::Role;

/// How an SLO stood in a column, the worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Stood {
    Kept,
    NoData,
    Breached,
}

/// Draws a row for each SLO, or one for the worst of all.
pub(super) fn draw(
    scene: &Scene<'_>,
    axis: &Axis<'_>,
    scale: &Scale,
    area: Rect,
    buf: &mut Buffer,
) {
    if area.is_empty() {
        return;
    }
    let state = scene.state;
    let all: Vec<(&Slo, &SloRun)> = state.plan().slos.iter().zip(&state.slos).collect();
    let now = state.exercise_time(scene.now);
    for column in 0..scale.width {
        let (from, to) = (scale.time(column), scale.time(column + 1));
        if from > now {
            break;
        }
        let (Some(begin), Some(end)) = (axis.elapsed_at(from), axis.elapsed_at(to.min(now))) else {
            break;
        };
        // What is measured comes in whole seconds, a second late: so much of the present is not known yet.
        let late = to > now - Span::from_secs(2);
        let stood = |(slo, run): &(&Slo, &SloRun)| stood(scene, slo, run, begin, end);
        let mut put = |row: u16, stood: Stood| {
            let (symbol, role) = match stood {
                Stood::NoData if late => return,
                Stood::Kept => ("─", Role::Good),
                Stood::NoData => ("?", Role::Warn),
                Stood::Breached => ("█", Role::Bad),
            };
            buf[(area.x + column, area.y + row)].set_symbol(symbol).set_style(scene.style(role));
        };
        if area.height == 1 {
            if let Some(worst) = all.iter().map(stood).max() {
                put(0, worst);
            }
            continue;
        }
        for (one, row) in all.iter().zip(0..area.height) {
            put(row, stood(one));
        }
    }
}

fn stood(scene: &Scene<'_>, slo: &Slo, run: &SloRun, from: Span, to: Span) -> Stood {
    let to = to.max(from + Span::from_millis(1));
    let outside = run.violations.iter().any(|violation| {
        violation.from.elapsed < to && violation.to.is_none_or(|end| end.elapsed > from)
    });
    if outside {
        return Stood::Breached;
    }
    let figures = scene.state.figures().touching(from, to);
    if measured(figures, slo) { Stood::Kept } else { Stood::NoData }
}

fn measured(figures: crate::exercise::figure::Figures<'_>, slo: &Slo) -> bool {
    let metric = slo.limit.metric;
    if metric.is_inside() {
        figures.readings.iter().any(|one| one.value(metric).is_some())
    } else {
        figures.points.iter().any(|one| one.value(metric).is_some())
    }
}
