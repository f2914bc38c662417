//! How the teams stand, as the facilitator shows it to them. Not the score board itself.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Piece};

use super::board::kind_key;
use crate::exercise::board::KINDS;
use crate::exercise::people::TeamStanding;
use crate::tui::scene::Scene;
use crate::tui::theme::Role;
use crate::tui::view::sheet::{Sheet, room};
use crate::tui::{text, words};

const WIDE: u16 = 110;
/// Cells of the columns of figures, and those of the names at most.
const COLUMNS: [usize; 7] = [9, 8, 8, 8, 8, 13, 13];
const NAMES: usize = 30;

/// The standings as a list.
pub(super) fn sheet<'a>(scene: &Scene<'a>, screen: Rect) -> Sheet<'a> {
    let names = room(WIDE, screen).saturating_sub(COLUMNS.iter().sum()).clamp(8, NAMES);
    let title = scene.title_of("standings-title", String::new());
    let legend = Line::from(scene.piece(Role::Dim, scene.say("standings-legend")));
    let Some(shown) = &scene.state.people.standings else {
        let none = Line::from(scene.piece(Role::Dim, scene.say("standings-none")));
        return Sheet {
            title,
            width: WIDE,
            head: vec![none],
            rows: Vec::new(),
            selected: 0,
            details: Vec::new(),
        };
    };
    let mut rows = vec![(None, head(scene, names))];
    rows.extend(shown.teams.iter().map(|one| (None, row(scene, one, names))));
    Sheet { title, width: WIDE, head: vec![legend], rows, selected: 0, details: Vec::new() }
}

fn head<'a>(scene: &Scene<'a>, names: usize) -> Line<'a> {
    let mut keys = vec!["standings-noticed"];
    keys.extend(KINDS.map(kind_key));
    keys.extend(["board-false-alarms", "standings-cost"]);
    let mut pieces = vec![title(scene, &scene.say("standings-team"), names)];
    pieces.extend(keys.into_iter().zip(COLUMNS).map(|(key, width)| {
        let says = scene.say(key);
        // Of a time, the short form before its word.
        let short = says.split(' ').next().filter(|word| word.starts_with("TT"));
        title(scene, short.unwrap_or(&says), width)
    }));
    Line::from(pieces)
}

fn title<'a>(scene: &Scene<'a>, says: &str, width: usize) -> Piece<'a> {
    scene.piece(Role::Title, cell(says, width))
}

fn row<'a>(scene: &Scene<'a>, one: &TeamStanding, names: usize) -> Line<'a> {
    let none = || "–".to_owned();
    let mut figures = vec![one.detected.to_string()];
    figures.extend(one.means.map(|mean| mean.map_or_else(none, words::span)));
    figures.extend([one.false_alarms.to_string(), one.cost.to_string()]);
    let mut pieces = vec![scene.piece(Role::Team, cell(&text::clean(&one.team), names))];
    pieces.extend(figures.iter().zip(COLUMNS).map(|(says, width)| {
        let role = if says == "0" || says == "–" { Role::Dim } else { Role::Text };
        scene.piece(role, cell(says, width))
    }));
    Line::from(pieces)
}

/// In a column, with a gap behind it.
fn cell(says: &str, width: usize) -> String {
    format!("{} ", text::pad(says, width.saturating_sub(1)))
}
