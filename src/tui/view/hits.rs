//! What the mouse can reach, worked out from where everything stands. Draws nothing.

use ratatui::layout::Rect;

use super::scroll::is_wide;
use super::{
    card, compare, debrief, faults, footer, incidents, input, launcher, overlay, page, palette,
    people, picking, places, question, real, relay, replay, sheet, tabs, themes, timeline,
    toast_room, toasts,
};
use crate::tui::action::ActionId;
use crate::tui::launcher::{Desk, Launcher};
use crate::tui::layer::Layer;
use crate::tui::layout::Areas;
use crate::tui::mouse::{Hit, Hits, Target};
use crate::tui::pane::{PANES, Pane};
use crate::tui::place::Place;
use crate::tui::scene::Scene;
use crate::tui::ui::Overlay;

/// What the mouse can reach on a screen of this size.
pub fn hits(scene: &Scene<'_>, screen: Rect) -> Hits {
    let mut hits = Hits::default();
    let Some(places) = places(scene, screen) else { return hits };
    let free = matches!(scene.ui.layer(), Layer::Screen | Layer::Typing | Layer::Completing);
    let footer = match scene.ui.page() {
        Place::Live | Place::Replay => {
            if free {
                panes(scene, &places, &mut hits);
            }
            places.footer
        }
        Place::Launcher => launcher::footer_area(screen),
        Place::Compare => {
            let areas = compare::areas(scene, screen);
            if free {
                compared(scene, &areas, screen, &mut hits);
            }
            areas.footer
        }
        Place::Briefing | Place::Debrief | Place::Report => {
            let areas = page::areas(scene, screen);
            if free {
                read(scene, &areas, is_wide(screen), &mut hits);
            }
            areas.footer
        }
    };
    keys(scene, footer, &mut hits);
    if free {
        for area in toasts::areas(scene, toast_room(scene, screen)) {
            hits.click(area, Target::Action(ActionId::Dismiss));
        }
    }
    above(scene, screen, &mut hits);
    hits
}

/// What the mouse can reach in the launcher.
pub fn launcher_hits(scene: &Scene<'_>, launcher: &Launcher, desk: &Desk, screen: Rect) -> Hits {
    let mut all = Hits::default();
    if places(scene, screen).is_none() {
        return all;
    }
    if matches!(scene.ui.layer(), Layer::Screen | Layer::Filter) {
        let (area, rows) = launcher::places(scene, launcher, desk, screen);
        let wheel = Some([ActionId::Up, ActionId::Down]);
        all.push(Hit { area, target: Target::Cover, wheel });
        for (row, index) in rows {
            all.click(row, Target::Row(index));
        }
    }
    for hit in hits(scene, screen).iter() {
        all.push(*hit);
    }
    all
}

/// What lies over the places.
fn above(scene: &Scene<'_>, screen: Rect, hits: &mut Hits) {
    match scene.ui.layer() {
        Layer::Screen | Layer::Typing | Layer::Filter => {
            if let Some(area) = card::area(scene, screen) {
                hits.click(area, Target::Action(ActionId::SeenCard));
            }
        }
        Layer::Incidents | Layer::Board | Layer::Deck | Layer::Crew | Layer::Moments => {
            listed(scene, people::sheet(scene, screen), screen, hits);
        }
        Layer::Handover => {
            let (area, row) = relay::places(screen);
            let wheel = Some([ActionId::OverlayUp, ActionId::OverlayDown]);
            hits.push(Hit { area, target: Target::Cover, wheel });
            keys(scene, row, hits);
        }
        Layer::Choosing => listed(scene, people::choice(scene, screen), screen, hits),
        Layer::Declaring => boxed(scene, real::area(scene, screen), hits),
        Layer::Reading => hits.click(launcher::reading_area(screen), Target::Cover),
        Layer::Question if scene.ui.asks_reach() => {
            boxed(scene, launcher::ask_area(screen), hits);
        }
        Layer::Completing => candidates(scene, screen, hits),
        Layer::Palette => offered(scene, screen, hits),
        Layer::Help | Layer::Objectives | Layer::Themes => laid_over(scene, screen, hits),
        Layer::Picking => picked(scene, screen, hits),
        Layer::Question | Layer::Answer => {
            let area = scene.ui.dialog.as_ref().map(|dialog| question::area(scene, dialog, screen));
            boxed(scene, area.unwrap_or_default(), hits);
        }
        Layer::Halting => boxed(scene, question::halt_area(scene, screen), hits),
    }
}

/// Candidates above the line that is typed.
fn candidates(scene: &Scene<'_>, screen: Rect, hits: &mut Hits) {
    let input = match scene.ui.page() {
        Place::Live | Place::Replay => places(scene, screen).unwrap_or_default().input,
        Place::Launcher | Place::Compare => return,
        Place::Briefing | Place::Debrief | Place::Report => page::areas(scene, screen).input,
    };
    let (area, rows) = input::offers_at(scene, input, screen);
    let wheel = Some([ActionId::OfferUp, ActionId::OfferDown]);
    hits.push(Hit { area, target: Target::Cover, wheel });
    for (row, index) in rows {
        hits.click(row, Target::Offer(index));
    }
}

/// Without the last row of what stands inside a frame, where its keys are.
fn shrunk(area: Rect) -> Rect {
    Rect { height: area.height.saturating_sub(2), ..area }
}

/// A list that is picked from: its keys are in the last row.
fn picked(scene: &Scene<'_>, screen: Rect, hits: &mut Hits) {
    let Some(picking) = &scene.ui.picking else { return };
    let wheel = Some([ActionId::OverlayUp, ActionId::OverlayDown]);
    let area = picking::area(scene, picking, screen);
    boxed(scene, area, hits);
    hits.push(Hit { area: shrunk(area), target: Target::Cover, wheel });
    for (row, index) in picking::rows(scene, picking, screen) {
        hits.push(Hit { area: row, target: Target::Pick(index), wheel });
    }
}

/// A place that is read.
fn read(scene: &Scene<'_>, areas: &page::Areas, boxed: bool, hits: &mut Hits) {
    let wheel = Some([ActionId::Up, ActionId::Down]);
    hits.push(Hit { area: areas.body, target: Target::Cover, wheel });
    if scene.ui.page() == Place::Debrief {
        for (part, area) in debrief::parts(scene, areas.body, boxed).into_iter().enumerate() {
            hits.push(Hit { area, target: Target::Part(part), wheel });
        }
        for (area, index) in debrief::item_rows(scene, areas.body, boxed) {
            hits.push(Hit { area, target: Target::Learnt(index), wheel });
        }
    }
    line(scene, areas.input, areas.hint, hits);
}

/// The log's line, or the bar of a recording in its place.
fn line(scene: &Scene<'_>, input: Rect, below: Rect, hits: &mut Hits) {
    match &scene.ui.replay {
        Some(replay) => {
            let bar = replay::bar(scene, replay, input, below);
            hits.click(bar, Target::Bar { to: replay.length });
        }
        None => hits.click(input, Target::Action(ActionId::Type)),
    }
}

/// Exercises beside each other.
fn compared(scene: &Scene<'_>, areas: &compare::Areas, screen: Rect, hits: &mut Hits) {
    let wheel = Some([ActionId::Up, ActionId::Down]);
    hits.push(Hit { area: areas.body, target: Target::Cover, wheel });
    for (area, section) in compare::sections(scene, screen) {
        hits.click(area, Target::Action(ActionId::Section(section)));
    }
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
    for (row, index) in incidents::rows(scene, places.pane(Pane::Incidents), places.boxed) {
        hits.click(row, Target::Incident(index));
    }
    let area = places.pane(Pane::Timeline);
    if let Some((plot, from, to)) = timeline::plot(scene, area, places.boxed) {
        hits.click(plot, Target::Moments { from, to });
    }
    line(scene, places.input, places.hint, hits);
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

/// A list, with its keys in its last row.
fn listed(scene: &Scene<'_>, found: Option<sheet::Sheet<'_>>, screen: Rect, hits: &mut Hits) {
    let Some(found) = found else { return };
    let (area, row, lines) = sheet::reached(&found, screen);
    let wheel = Some([ActionId::OverlayUp, ActionId::OverlayDown]);
    hits.push(Hit { area, target: Target::Cover, wheel });
    for (line, index) in lines {
        hits.click(line, Target::Item(index));
    }
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
        Some(Overlay::Themes { .. }) => {
            let area = themes::area(scene, screen);
            hits.push(Hit { area, target: Target::Cover, wheel });
            for (place, id) in themes::ways_out_at(scene, screen) {
                hits.click(place, Target::Action(id));
            }
            for (row, index) in themes::rows(scene, screen) {
                hits.click(row, Target::Theme(index));
            }
        }
        _ => {}
    }
}
