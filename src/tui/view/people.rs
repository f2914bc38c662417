//! What lies over the screen about people: the lists by name. Not how each is made.

mod board;
mod chooser;
mod crew;
mod deck;
mod incidents;
pub mod lines;
mod moments;
mod standings;

use ratatui::layout::Rect;

use super::sheet::Sheet;
use crate::tui::scene::Scene;
use crate::tui::ui::Overlay;

/// The list that lies over the screen below what is to be chosen; `None`: it is none of these.
pub fn sheet<'a>(scene: &Scene<'a>, screen: Rect) -> Option<Sheet<'a>> {
    match scene.ui.overlay? {
        Overlay::Incidents { selected } => Some(incidents::sheet(scene, selected, screen)),
        Overlay::Board { .. } if scene.state.participants => Some(standings::sheet(scene, screen)),
        Overlay::Board { page, selected, from } => {
            Some(board::sheet(scene, board::At { page, selected, from }, screen))
        }
        Overlay::Deck { selected } => Some(deck::sheet(scene, selected, screen)),
        Overlay::Crew { selected } => Some(crew::sheet(scene, selected, screen)),
        Overlay::Moments { selected } => Some(moments::sheet(scene, selected, screen)),
        _ => None,
    }
}

/// What is to be chosen.
pub fn choice<'a>(scene: &Scene<'a>, screen: Rect) -> Option<Sheet<'a>> {
    scene.ui.chooser.as_ref().map(|open| chooser::sheet(scene, open, screen))
}
