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
        // The present second is not measured yet.
        let end = end.min(scene.now.elapsed);
        let mut put = |row: u16, stood: Stood| {
            let (symbol, role) = match stood {
                Stood::Kept => ("─", Role::Good),
                Stood::NoData => ("?", Role::Warn),
                Stood::Breached => ("█", Role::Bad),
            };
            buf[(area.x + column, area.y + row)].set_symbol(symbol).set_style(scene.style(role));
        };
        if area.height == 1 {
            let worst = all.iter().map(|(slo, run)| stood(scene, slo, run, begin, end)).max();
            if let Some(worst) = worst {
                put(0, worst);
            }
            continue;
        }
        for ((slo, run), row) in all.iter().zip(0..area.height) {
            put(row, stood(scene, slo, run, begin, end));
        }
    }
}

fn stood(scene: &Scene<'_>, slo: &Slo, run: &SloRun, from: Span, to: Span) -> Stood {
    let outside = run.violations.iter().any(|violation| {
        violation.from.elapsed < to.max(from + Span::from_millis(1))
            && violation.to.is_none_or(|end| end.elapsed > from)
    });
    if outside {
        return Stood::Breached;
    }
    // What is measured comes in whole seconds, a second late.
    let late = Span::from_secs(2);
    let to = to.max(from + Span::from_millis(1));
    if scene.now.elapsed - late <= from {
        return Stood::Kept.max(if run.value.is_none() { Stood::NoData } else { Stood::Kept });
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
