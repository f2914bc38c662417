//! What the mouse can reach, worked out from where everything stands. Draws nothing.

use ratatui::layout::Rect;

use super::{faults, footer, overlay, palette, places, question, tabs, timeline};
use crate::tui::action::ActionId;
use crate::tui::layer::Layer;
use crate::tui::layout::Areas;
use crate::tui::mouse::{Hit, Hits, Target};
use crate::tui::pane::{PANES, Pane};
use crate::tui::scene::Scene;
use crate::tui::ui::Overlay;

/// What the mouse can reach on a screen of this size.
pub fn hits(scene: &Scene<'_>, screen: Rect) -> Hits {
    let mut hits = Hits::default();
    let Some(places) = places(scene, screen) else { return hits };
    let layer = scene.ui.layer();
    if matches!(layer, Layer::Screen | Layer::Typing) {
        panes(scene, &places, &mut hits);
    }
    keys(scene, places.footer, &mut hits);
    match layer {
        Layer::Screen | Layer::Typing => {}
        Layer::Palette => offered(scene, screen, &mut hits),
        Layer::Help | Layer::Objectives => laid_over(scene, screen, &mut hits),
        Layer::Question | Layer::Answer => {
            let area = scene.ui.dialog.as_ref().map(|dialog| question::area(scene, dialog, screen));
            boxed(scene, area.unwrap_or_default(), &mut hits);
        }
        Layer::Halting => boxed(scene, question::halt_area(scene, screen), &mut hits),
    }
    hits
}

/// The keys in a row.
fn keys(scene: &Scene<'_>, row: Rect, hits: &mut Hits) {
    for item in footer::items(scene, row.width) {
        let area = Rect { x: row.x + item.from, width: item.width, height: 1, ..row };
        hits.click(area.intersection(row), Target::Action(item.id));
    }
}

/// A question in its box: its keys are in the last row.
fn boxed(scene: &Scene<'_>, area: Rect, hits: &mut Hits) {
    hits.click(area, Target::Cover);
    if area.height > 2 && area.width > 4 {
        let row = Rect { x: area.x + 2, y: area.bottom() - 2, width: area.width - 4, height: 1 };
        keys(scene, row, hits);
    }
}

fn panes(scene: &Scene<'_>, places: &Areas, hits: &mut Hits) {
    for pane in PANES {
        let area = places.pane(pane);
        let wheel = match pane {
            Pane::Timeline => Some([ActionId::TimelineIn, ActionId::TimelineOut]),
            Pane::Faults => Some([ActionId::SelectPrevious, ActionId::SelectNext]),
            Pane::Log => Some([ActionId::LogBack, ActionId::LogForward]),
            _ => None,
        };
        hits.push(Hit { area, target: Target::Pane(pane), wheel });
        // The title makes the pane larger, and small again.
        let title = Rect { height: area.height.min(1), ..area };
        hits.click(title, Target::Action(ActionId::Show(pane)));
    }
    for x in places.tabs.left()..places.tabs.right() {
        let cell = Rect { x, width: 1, ..places.tabs };
        match tabs::at(scene, places.tabs, x) {
            Some(Some(pane)) => hits.click(cell, Target::Action(ActionId::Show(pane))),
            Some(None) => hits.click(cell, Target::Action(ActionId::Together)),
            None => {}
        }
    }
    let area = places.pane(Pane::Faults);
    for (row, index) in faults::rows(scene, area, places.boxed) {
        hits.click(row, Target::Fault(index));
    }
    let area = places.pane(Pane::Timeline);
    if let Some((plot, from, to)) = timeline::plot(scene, area, places.boxed) {
        hits.click(plot, Target::Moments { from, to });
    }
    hits.click(places.input, Target::Action(ActionId::Type));
}

fn offered(scene: &Scene<'_>, screen: Rect, hits: &mut Hits) {
    let offered = palette::offered(scene, screen);
    let wheel = Some([ActionId::ChoiceUp, ActionId::ChoiceDown]);
    hits.push(Hit { area: offered.area, target: Target::Cover, wheel });
    for ((index, _), y) in offered.rows.iter().zip(offered.first_row..) {
        hits.click(Rect { y, height: 1, ..offered.inner }, Target::Choice(*index));
    }
    let row = Rect { y: offered.inner.bottom().saturating_sub(1), height: 1, ..offered.inner };
    keys(scene, row, hits);
}

fn laid_over(scene: &Scene<'_>, screen: Rect, hits: &mut Hits) {
    let wheel = Some([ActionId::OverlayUp, ActionId::OverlayDown]);
    match scene.ui.overlay {
        Some(Overlay::Help { .. }) => {
            let area = overlay::help_area(screen);
            hits.push(Hit { area, target: Target::Cover, wheel });
        }
        Some(Overlay::Objectives { selected }) => {
            let (area, rows) = overlay::objective_rows(scene, selected, screen);
            hits.push(Hit { area, target: Target::Cover, wheel });
            for (row, index) in rows {
                hits.click(row, Target::Objective(index));
            }
        }
        None => {}
    }
}
